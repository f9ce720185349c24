"""Pictures come from outside: nothing of a file is trusted but its pixels.

A file is opened only as JPEG, PNG or WebP, and only if it is neither too large nor, unpacked, a bomb. It is then drawn
anew, upright and in sRGB, without anything else that the camera or its owner wrote into it, and named after its content.
A worker makes the smaller renditions.
"""

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from catalog.models import Photo, Product, Review, Variant
from catalog.models.media import WIDTHS
from catalog.photos import files
from catalog.photos.kinds import why_not
from catalog.photos.pictures import rendition_path
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
    review: Review | None = None,
    alt: str = "",
    position: int | None = None,
    variants: Iterable[Variant | int] = (),
    by=None,
) -> Photo:
    """The file and the row of a prepared picture; a worker is asked for its renditions.

    Without a `position` it stands last. A product that has this very picture keeps the one it has.
    """
    store(prepared)
    return _keep_row(prepared, product, review, alt, position, list(variants), by)


def replace(photo: Photo, prepared: Prepared, *, by=None) -> None:
    """Let `photo` show something else. The file comes before the row; the old one goes when nobody shows it any more."""
    store(prepared)
    before = str(photo.file.name or "")
    _record(photo, prepared, by)
    if before != prepared.name:
        files.drop_later([before])


def remove(photo: Photo, *, by=None) -> None:
    """Take the picture off its product or review; its files go once that is sure."""
    remove_all(Photo.objects.filter(pk=photo.pk), by=by)


@transaction.atomic
def remove_all(photos: QuerySet[Photo], *, by=None) -> int:
    """Take these pictures away; returns how many there were."""
    found = list(photos.select_related("product"))
    photos.delete()
    for product in {photo.product for photo in found if photo.product}:
        events.record("product.changed", product, by=by)
    files.drop_later([str(photo.file.name) for photo in found])
    return len(found)


def store(prepared: Prepared) -> None:
    """Write the file, if nobody has: its name says what is in it."""
    if not default_storage.exists(prepared.name):
        default_storage.save(prepared.name, ContentFile(prepared.content))


@transaction.atomic
def _keep_row(prepared, product, review, alt, position, variants, by) -> Photo:
    files.hold(prepared.name)
    photo = Photo.objects.filter(product=product, file=prepared.name).first() if product else None
    if photo is None:
        photo = Photo(product=product, review=review, alt=alt)
        photo.position = _last(product) if position is None else position
        _record(photo, prepared, by)
    elif alt and not photo.alt:
        photo.alt = alt
        photo.save(update_fields=["alt"])
    photo.variants.add(*variants)
    return photo


@transaction.atomic
def _record(photo: Photo, prepared: Prepared, by) -> None:
    """Whoever removes files waits meanwhile: what is named here is there."""
    files.hold(prepared.name)
    store(prepared)
    photo.file = prepared.name
    photo.width, photo.height, photo.color = prepared.width, prepared.height, prepared.color
    photo.widths = []
    photo.save()
    events.record("photo.added", photo, by=by)


def _last(product: Product | None) -> int:
    last: int | None = product.photos.aggregate(last=Max("position"))["last"] if product else None
    return 0 if last is None else min(last + 1, 32_000)


def prepare(upload) -> Prepared:
    """Look at the file and draw it anew. Raises NotAPhoto."""
    if upload.size > MAX_BYTES:
        raise NotAPhoto(_("The file is larger than %(mb)s MB.") % {"mb": MAX_BYTES // 1024 // 1024})
    image = _redrawn(_opened(upload))
    content, extension = _encoded(image)
    return Prepared(content, name_for(content, extension), *image.size, average_color(image))


def prepare_bytes(content: bytes) -> Prepared:
    """The same for what was fetched. Raises NotAPhoto."""
    return prepare(ContentFile(content))


def name_for(content: bytes, extension: str) -> str:
    """The picture's place in the media storage: the same for the same content, and never the same for two."""
    digest = hashlib.sha256(content).hexdigest()[:32]
    return f"photos/{digest[:2]}/{digest}.{extension}"


def average_color(image: Image.Image) -> str:
    red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).tobytes()
    return f"#{red:02x}{green:02x}{blue:02x}"


def wanted_widths(photo: Photo) -> list[int]:
    """Those that are smaller than the picture itself."""
    return [width for width in WIDTHS if width < photo.width]


def make_renditions(photo: Photo, *, again: bool = False) -> list[int]:
    """Write the missing smaller files and record their widths; `again` draws those anew that are there.

    No transaction is open while files are written.
    """
    name, wanted = str(photo.file.name), wanted_widths(photo)
    paths = {width: rendition_path(name, width) for width in wanted}
    missing = [width for width in wanted if again or not default_storage.exists(paths[width])]
    if missing:
        with default_storage.open(name) as original:
            image = Image.open(original, formats=FORMATS)
            image.load()
    for width in missing:
        default_storage.delete(paths[width])
        default_storage.save(paths[width], ContentFile(rendition(image, width)))
    if photo.widths != wanted:
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
    head = upload.read(512)
    upload.seek(0)
    try:
        image = Image.open(upload, formats=FORMATS)
        _check_size(image)
        image.draft(None, (MAX_SIDE, MAX_SIDE))  # a large JPEG is unpacked no larger than needed
        image.load()
    except Refused:
        raise
    except Image.DecompressionBombError as error:
        raise NotAPhoto(_too_many_pixels()) from error
    except Exception as error:  # whatever a broken file makes the decoder raise
        raise NotAPhoto(why_not(head)) from error
    return image


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise NotAPhoto(_too_many_pixels())
    if min(image.size) < MIN_SIDE:
        raise NotAPhoto(_("The picture is smaller than %(px)s pixels.") % {"px": MIN_SIDE})
    if getattr(image, "is_animated", False) and image.format != "MPO":  # a telephone's spare views may stay
        raise NotAPhoto(_("The picture moves. Send one that stands still."))


def _too_many_pixels() -> str:
    return _("The picture has more than %(mp)s million pixels.") % {"mp": MAX_PIXELS // 1_000_000}


def _redrawn(image: Image.Image) -> Image.Image:
    image = _in_srgb(_in_eight_bits(ImageOps.exif_transpose(image)))
    image = image.convert("RGBA" if _is_transparent(image) else "RGB")
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    return clean


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Sixteen bits a pixel are halved; Pillow would cut off all that is brighter than the darkest 256th."""
    if not image.mode.startswith("I"):
        return image
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


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
