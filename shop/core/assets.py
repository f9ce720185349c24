"""The shop's one stylesheet and one script, joined from the files of static/css and static/js. No Node, no build step.

`css/site.css` puts each file into its cascade layer; `js/site.js` puts each file into a block of its own. Both are made on
demand by a staticfiles finder, so that `runserver`, tests, `collectstatic` and a fresh clone find them without a further
command, and hashed, compressed storage treats them as any other file.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage, Storage

SOURCE = Path(settings.BASE_DIR) / "static"
LAYERS = {
    "reset": ["reset.css"],
    "tokens": ["tokens.css"],
    "base": ["base.css"],
    "layout": ["layout.css"],
    "components": ["components/*.css"],
    "pages": ["pages/*.css"],
    "utilities": ["utilities.css", "print.css"],
}
# Loaded on its own, before the first paint. What only one page needs lies deeper (js/pages/) and is loaded by that page.
APART = {"theme.js"}


def stylesheet() -> str:
    """The text of css/site.css."""
    parts = [
        _squeeze((SOURCE / "css" / "fonts.css").read_text(encoding="utf-8")),
        f"@layer {','.join(LAYERS)};",
    ]
    for layer, files in sources().items():
        parts.append(
            f"@layer {layer}{{{''.join(_squeeze(file.read_text(encoding='utf-8')) for file in files)}}}"
        )
    return "\n".join(parts) + "\n"


def sources() -> dict[str, list[Path]]:
    """Cascade layer → the files that make it, in their order."""
    css = SOURCE / "css"
    return {
        layer: [file for pattern in patterns for file in sorted(css.glob(pattern))]
        for layer, patterns in LAYERS.items()
    }


def script() -> str:
    """The text of js/site.js: a module, so it is strict, deferred, and its blocks share nothing but the page."""
    files = [file for file in sorted((SOURCE / "js").glob("*.js")) if file.name not in APART]
    return "".join(f"{{\n{_without_comments(file.read_text(encoding='utf-8'))}}}\n" for file in files)


MADE = {"css/site.css": stylesheet, "js/site.js": script}


def make(name: str) -> Path:
    """The file `name` of MADE, written anew if what it should say has changed."""
    target = folder() / name
    text = MADE[name]()
    if not target.exists() or target.read_text(encoding="utf-8") != text:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        draft.write_text(text, encoding="utf-8")
        draft.replace(target)
    return target


def folder() -> Path:
    return Path(settings.SHOP_DATA) / "assets"


class MadeFinder(BaseFinder):
    """Offers the made files to `{% static %}`, the development server and collectstatic."""

    def check(self, **kwargs: object) -> list[CheckMessage]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: object) -> Any:
        if path not in MADE:
            return []
        return [str(make(path))] if find_all else str(make(path))

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in MADE:
            make(name)
            yield name, FileSystemStorage(location=folder())


def _squeeze(css: str) -> str:
    """Without comments and without the spaces that only people need."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}").strip()


def _without_comments(js: str) -> str:
    return re.sub(r"^\s*//[^\n]*\n|^/\*.*?\*/\n", "", js, flags=re.M | re.S)
