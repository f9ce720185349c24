"""The files of what is sold as a download: several for a product or for one of its variants, each in versions.

They lie in the private storage, never below MEDIA_URL, under random names. Buyers always get the newest version. A file
that is removed is no longer sold; whoever bought it keeps it. A product on sale has a file for each of its variants.
"""

import hashlib
import re
import unicodedata
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from catalog.models import DigitalFile, FileVersion, Product, Variant
from shop.core import clock, events
from shop.core.errors import Refused
from shop.core.storage import private


class WrongFile(Refused):
    """Empty, too large, or not for this product."""


class LastFile(Refused):
    """Without it, buyers of something on sale would get nothing."""


@transaction.atomic
def add_file(
    product: Product,
    *,
    upload: File,
    title: str,
    variant: Variant | None = None,
    label: str = "",
    position: int = 0,
    by: Any = None,
) -> DigitalFile:
    """A new file with its first version. Raises WrongFile."""
    if product.kind != Product.Kind.DIGITAL:
        raise WrongFile(_("Only downloads have files for their buyers."))
    if variant is not None and variant.product_id != product.pk:
        raise WrongFile(_("That variant is another product's."))
    made = DigitalFile.objects.create(product=product, variant=variant, title=title, position=position)
    add_version(made, upload=upload, label=label, by=by)
    return made


@transaction.atomic
def add_version(file: DigitalFile, *, upload: File, label: str = "", by: Any = None) -> FileVersion:
    """From now on buyers get this content. Raises WrongFile."""
    size = upload.size or 0
    if not 0 < size <= settings.SHOP_STAFF_BODY_MAX_MB * 2**20:
        raise WrongFile(
            _("A file has from 1 byte to %(most)s MB.") % {"most": settings.SHOP_STAFF_BODY_MAX_MB}
        )
    name = safe_name(upload.name or "")
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    path = private().save(f"downloads/{uuid4()}{PurePath(name).suffix[:12]}", upload)
    made = FileVersion.objects.create(
        digital_file=file, label=label, content=path, name=name, size=size, sha256=digest.hexdigest()
    )
    events.record("product.changed", file.product, by=by, file=file.pk, version=made.pk)
    return made


@transaction.atomic
def remove(file: DigitalFile, *, by: Any = None) -> None:
    """It is no longer sold. Raises LastFile."""
    if file.product.status == Product.Status.ACTIVE:
        left = [variant for variant in _on_sale(file.product) if not set(files_of(variant)) - {file}]
        if left:
            raise LastFile(
                _("Buyers of %(sku)s would get nothing. Add another file first, or take it off sale.")
                % {"sku": left[0].sku}
            )
    DigitalFile.objects.filter(pk=file.pk, removed_at=None).update(removed_at=clock.now())
    events.record("product.changed", file.product, by=by, removed=file.pk)


def files_of(variant: Variant) -> list[DigitalFile]:
    """What its buyers get, in order."""
    mine = DigitalFile.objects.filter(
        Q(variant=None) | Q(variant=variant), product=variant.product_id, removed_at=None
    )
    return list(mine)


def lacking(product: Product) -> list[Variant]:
    """The variants on sale whose buyers would get nothing."""
    return [variant for variant in _on_sale(product) if not files_of(variant)]


def safe_name(name: str) -> str:
    """A name under which any system can save it; never a path."""
    plain = unicodedata.normalize("NFC", PurePath(name.replace("\\", "/")).name)
    plain = re.sub(r"[^\w.()\- ]", "", plain, flags=re.UNICODE).strip(" .")
    stem, suffix = PurePath(plain).stem, PurePath(plain).suffix
    return f"{stem[:120] or 'file'}{suffix[:12]}"


def kind_of(name: str) -> str:
    """ "JPEG", "PDF": what people call such a file."""
    suffix = PurePath(name).suffix.lstrip(".").upper()
    return {"JPG": "JPEG", "TIF": "TIFF"}.get(suffix, suffix) or _("File")


def in_words(version: FileVersion) -> str:
    """ "JPEG, 121 KB, version 1.2"."""
    parts = [kind_of(version.name), filesizeformat(version.size)]
    if version.label:
        parts.append(_("version %(label)s") % {"label": version.label})
    return ", ".join(parts)


def _on_sale(product: Product) -> list[Variant]:
    return list(product.variants.filter(is_active=True))
