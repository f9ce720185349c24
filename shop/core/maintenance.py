"""The shop closes for a while: visitors get "Back soon" (503), carts are kept, staff go on working.

Whether it is closed stands in a file, not in the database, because the database may be what is being worked on.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.utils import timezone

from shop.core import plain_pages

OPEN_PATHS = ("/admin/", "/account/", "/health/", "/media/", "/dev/")
USUAL_SECONDS = 300


def flag() -> Path:
    return Path(settings.SHOP_DATA) / "maintenance"


def close(*, until: datetime | None) -> None:
    flag().parent.mkdir(parents=True, exist_ok=True)
    flag().write_text(until.isoformat() if until else "", encoding="utf-8")


def reopen() -> None:
    flag().unlink(missing_ok=True)


def closed_until() -> datetime | bool | None:
    """False when open; the announced end, or None when closed without one."""
    try:
        text = flag().read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return False
    return datetime.fromisoformat(text) if text else None


def middleware(get_response):
    """Answers 503 to everybody but staff while the shop is closed."""

    def answer(request):
        until = closed_until()
        if until is False or request.path.startswith(OPEN_PATHS) or _is_staff(request):
            return get_response(request)
        left = until - timezone.now() if until else timedelta(seconds=USUAL_SECONDS)
        if until and left <= timedelta():
            until, left = None, timedelta(seconds=USUAL_SECONDS)
        words = timezone.localtime(until).strftime("%H:%M") if until else ""
        return plain_pages.back_soon(words, seconds=max(60, int(left.total_seconds())))

    return answer


def _is_staff(request) -> bool:
    try:
        return request.user.is_staff
    except Error:
        return False
