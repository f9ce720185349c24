"""The cast of the tests: each is the same person wherever he appears."""

from shop.accounts.models import User

PASSWORD = "correct horse battery staple"  # noqa: S105


def ada(**over) -> User:
    """A shopper."""
    return _person("ada@example.com", name="Ada Lovelace", **over)


def eve(**over) -> User:
    """A stranger: signed in, but nothing here is hers."""
    return _person("eve@example.com", name="Eve Moneypenny", **over)


def grace(**over) -> User:
    """The owner of the shop: may do everything in the admin."""
    return _person("grace@example.com", name="Grace Hopper", is_staff=True, is_superuser=True, **over)


def _person(email: str, **fields) -> User:
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(email, PASSWORD, **fields).vouch_for_email()
