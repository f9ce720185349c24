"""A picture as a page shows it: the original, and beside it the smaller renditions that a worker has made so far.

Until a rendition exists nobody is pointed at it, so a page never names a file that is not there.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.templatetags.static import static


@dataclass(frozen=True)
class Picture:
    """`path` is the original's name in the media storage; sizes are the original's, in pixels."""

    path: str
    width: int
    height: int
    color: str = "#dddddd"
    alt: str = ""
    widths: tuple[int, ...] = ()

    @classmethod
    def of(cls, photo) -> "Picture":
        return cls(photo.file.name, photo.width, photo.height, photo.color, photo.alt, tuple(photo.widths))

    @classmethod
    def from_json(cls, data: dict | None) -> "Picture | None":
        """What `as_json` made; more keys do no harm."""
        if not data:
            return None
        known = {name: data[name] for name in ("path", "width", "height", "color", "alt")}
        return cls(**known, widths=tuple(data["widths"]))

    def as_json(self) -> dict:
        return {
            "path": self.path,
            "width": self.width,
            "height": self.height,
            "color": self.color,
            "alt": self.alt,
            "widths": list(self.widths),
        }

    @property
    def src(self) -> str:
        return default_storage.url(self.path)

    large = src

    @property
    def srcset(self) -> str:
        """Every rendition and the original; empty while there are none."""
        if not self.widths:
            return ""
        made = [f"{self._rendition(width)} {width}w" for width in self.widths]
        return ", ".join([*made, f"{self.src} {self.width}w"])

    @property
    def thumb(self) -> str:
        """The smallest file, for thumbnails and mails."""
        return self._rendition(min(self.widths)) if self.widths else self.src

    @property
    def colour(self) -> str:
        return self.color

    def _rendition(self, width: int) -> str:
        return default_storage.url(rendition_path(self.path, width))


@dataclass(frozen=True)
class NoPicture:
    """Stands in lists where a product has no photo yet."""

    width: int = 600
    height: int = 600
    alt: str = ""
    srcset: str = ""
    colour: str = ""

    @property
    def src(self) -> str:
        return static("img/no-photo.svg")

    thumb = large = src


def rendition_path(path: str, width: int) -> str:
    """Where the rendition of `path` that is `width` pixels wide lies in the media storage."""
    original = PurePosixPath(path)
    return str(original.with_name(f"{original.stem}-{width}w.webp"))
