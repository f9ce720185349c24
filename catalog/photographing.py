"""Pictures come from outside: nothing of a file is trusted but its pixels.

A file is opened only as JPEG, PNG or WebP, and only if it is neither too large nor, unpacked, a bomb. It is then drawn
anew, upright and in sRGB, without anything else that the camera or its owner wrote into it, and named after its content.
A worker makes the smaller renditions.
"""

import hashlib
import io
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from catalog.models import Photo, Product
from catalog.models.media import WIDTHS
from catalog.pictures import rendition_path
from shop.core import events
from shop.core.errors import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 2400  # px of the kept original
MIN_SIDE = 200
FORMATS = ["JPEG", "PNG", "WEBP"]


class NotAPhoto(Refused):
    """The file cannot be used as a picture; the message says why."""


@dataclass(frozen=True)
class Prepared:
    """A picture drawn anew, ready to be stored."""

    content: bytes
    name: str
    width: int
    height: int
    color: str


def keep(
    prepared: Prepared,
    *,
    product: Product | None = None,
    alt: str = "",
    position: int = 0,
    variants=(),
    by=None,
) -> Photo:
    """The file and the row of a prepared picture; a worker is asked for its renditions."""
    photo = Photo(product=product, alt=alt, position=position)
    replace(photo, prepared, by=by)
    photo.variants.set(variants)
    return photo


def replace(photo: Photo, prepared: Prepared, *, by=None) -> None:
    """Let `photo` show something else; also how a new row gets its first picture. The file comes before the row."""
    if not default_storage.exists(prepared.name):
        default_storage.save(prepared.name, ContentFile(prepared.content))
    photo.file = prepared.name
    photo.width, photo.height, photo.color = prepared.width, prepared.height, prepared.color
    photo.widths = []
    _record(photo, by)


@transaction.atomic
def _record(photo: Photo, by) -> None:
    photo.save()
    events.record("photo.added", photo, by=by)


def prepare(upload) -> Prepared:
    """Look at the file and draw it anew. Raises NotAPhoto."""
    if upload.size > MAX_BYTES:
        raise NotAPhoto(_("The file is larger than %(mb)s MB.") % {"mb": MAX_BYTES // 1024 // 1024})
    image = _redrawn(_opened(upload))
    content, extension = _encoded(image)
    return Prepared(content, name_for(content, upload.name, extension), *image.size, average_color(image))


def name_for(content: bytes, name: str, extension: str) -> str:
    """The picture's place in the media storage: readable, and never the same for two contents."""
    stem = slugify(PurePosixPath(name).stem)[:60] or "photo"
    return f"photos/{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{extension}"


def average_color(image: Image.Image) -> str:
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{red:02x}{green:02x}{blue:02x}"


def make_renditions(photo: Photo) -> list[int]:
    """Write the missing smaller files and record their widths. No transaction is open while files are written."""
    name, wanted = str(photo.file.name), [width for width in WIDTHS if width < photo.width]
    with default_storage.open(name) as original:
        image = Image.open(original, formats=FORMATS)
        image.load()
    for width in wanted:
        path = rendition_path(name, width)
        if not default_storage.exists(path):
            default_storage.save(path, ContentFile(rendition(image, width)))
    Photo.objects.filter(pk=photo.pk, file=name).update(widths=wanted)
    return wanted


def rendition(image: Image.Image, width: int) -> bytes:
    """`image` as WebP, `width` pixels wide."""
    height = max(1, round(image.height * width / image.width))
    small = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    small.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()


def _opened(upload) -> Image.Image:
    upload.seek(0)
    try:
        image = Image.open(upload, formats=FORMATS)
        if image.width * image.height > MAX_PIXELS:
            raise NotAPhoto(
                _("The picture has more than %(mp)s million pixels.") % {"mp": MAX_PIXELS // 1_000_000}
            )
        if min(image.size) < MIN_SIDE:
            raise NotAPhoto(_("The picture is smaller than %(px)s pixels.") % {"px": MIN_SIDE})
        image.load()
    except Refused:
        raise
    except Exception as error:  # whatever a broken file makes the decoder raise
        raise NotAPhoto(_("This is not a picture we can read. Send a JPEG, PNG or WebP file.")) from error
    return image


def _redrawn(image: Image.Image) -> Image.Image:
    image = _in_srgb(ImageOps.exif_transpose(image))
    image = image.convert("RGBA" if _is_transparent(image) else "RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        drawn = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
        return drawn or image
    except (ImageCms.PyCMSError, OSError):
        return image  # an unreadable profile: the numbers are taken as they are


def _is_transparent(image: Image.Image) -> bool:
    if not image.has_transparency_data:
        return False
    opacity = image.convert("RGBA").getchannel("A").histogram()
    return any(opacity[:255])


def _encoded(image: Image.Image) -> tuple[bytes, str]:
    """JPEG, which every mail program shows; WebP where something is transparent."""
    out = io.BytesIO()
    if image.mode == "RGBA":
        image.save(out, "WEBP", quality=90, method=4)
        return out.getvalue(), "webp"
    image.save(out, "JPEG", quality=90, progressive=True, optimize=True)
    return out.getvalue(), "jpg"
