"""Two kinds of files: what everybody may see (photos), and papers that a view hands out after asking who you are."""

from django.core.files.storage import Storage, storages


def private() -> Storage:
    """Receipts and labels: never below MEDIA_URL."""
    return storages["private"]
