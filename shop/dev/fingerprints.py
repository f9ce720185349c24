"""Whether files have changed since last time, told by name, size and moment."""

import hashlib
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders


def of_files(paths: list[Path]) -> str:
    """One hash over the names, sizes and moments of `paths`."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def of_migrations() -> str:
    """The state of every app's migrations: while it stays, an up-to-date database stays up to date."""
    found = [path for app in apps.get_app_configs() for path in Path(app.path).glob("migrations/*.py")]
    return of_files(found)


def of_static_files() -> str:
    """The state of every static file that the installed apps and `static/` offer."""
    found = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    backend = str(settings.STORAGES["staticfiles"])
    return f"{of_files(found)} {backend}"
