"""Rights to download in the words that buyers read, as plain values for templates. Nothing is decided here."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.products.filing import in_words
from fulfillment.models import DownloadGrant, GrantedFile
from orders.models import Order

SHOWN = 100  # in the account, the latest first


def of_order(order: Order) -> list[dict]:
    return _groups(DownloadGrant.objects.filter(order_line__order=order).for_listing().order_by("pk"))


def of_person(user: Any) -> list[dict]:
    rows = DownloadGrant.objects.filter(order_line__order__user=user).for_listing()
    return _groups(rows.order_by("-pk")[:SHOWN])


def _groups(grants: Iterable[DownloadGrant]) -> list[dict]:
    """One for each line that was bought: its name, what may still be done, its files."""
    return [
        {
            "name": grant.order_line.name,
            "choices": grant.order_line.choices,
            "order": grant.order,
            "order_url": reverse("orders:detail", args=[grant.order.number]),
            "standing": _standing(grant),
            "files": [_file(grant, granted) for granted in grant.files.all()],
        }
        for grant in grants
    ]


def _file(grant: DownloadGrant, granted: GrantedFile) -> dict:
    version = granted.file.latest
    left = max(0, grant.most - granted.used)
    is_open = not grant.revoked_at and not grant.is_expired and left and version
    return {
        "title": granted.file.title,
        "about": in_words(version) if version else "",
        "left": ngettext("%(n)s download left", "%(n)s downloads left", left) % {"n": left},
        "url": reverse("fulfillment:download", args=[grant.order.number, granted.pk]) if is_open else "",
    }


def _standing(grant: DownloadGrant) -> str:
    if grant.revoked_at:
        return _("No longer yours to download.")
    if grant.expires_at is None:
        return _("Yours to download whenever you like.")
    day = date_format(localtime(grant.expires_at), "DATE_FORMAT")
    return (_("Ended on %(day)s.") if grant.is_expired else _("Until %(day)s.")) % {"day": day}
