"""The shop closes for a while: visitors get "Back soon" (503), carts are kept, staff go on working.

Whether it is closed stands in a file, not in the database, because the database may be what is being worked on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from shop.core import plain_pages

OPEN_PATHS = ("/admin/", "/account/", "/health/", "/media/", "/dev/")
USUAL_SECONDS = 300


@dataclass(frozen=True)
class Closing:
    """`until` is the announced end, or None; one that has passed counts as none."""

    until: datetime | None

    def words(self) -> str:
        """The hour at which it opens, "" when nobody has said."""
        return f"{timezone.localtime(self.until):%H:%M}" if self.until and self.left() else ""

    def seconds(self) -> int:
        """How long a machine should wait before it asks again."""
        return max(60, self.left() or USUAL_SECONDS)

    def left(self) -> int:
        return max(0, int((self.until - timezone.now()).total_seconds())) if self.until else 0


def flag() -> Path:
    return Path(settings.SHOP_DATA) / "maintenance"


def close(*, until: datetime | None) -> None:
    flag().parent.mkdir(parents=True, exist_ok=True)
    flag().write_text(until.isoformat() if until else "", encoding="utf-8")


def reopen() -> None:
    flag().unlink(missing_ok=True)


def closing() -> Closing | None:
    """None while the shop is open."""
    try:
        text = flag().read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    return Closing(datetime.fromisoformat(text) if text else None)


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers 503 to everybody but staff while the shop is closed."""

    def answer(request: HttpRequest) -> HttpResponse:
        closed = closing()
        if closed is None or request.path.startswith(OPEN_PATHS) or _is_staff(request):
            return get_response(request)
        return plain_pages.back_soon(closed.words(), seconds=closed.seconds())

    return answer


def _is_staff(request: HttpRequest) -> bool:
    try:
        return bool(getattr(request.user, "is_staff", False))
    except Error:
        return False
