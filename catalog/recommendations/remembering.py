"""What a visitor looked at and searched for, for his own rows of recommendations and for nothing else.

It is the shop's own: kept under a signed cookie drawn by lot, or under the account once somebody is signed in, for 90 days
after the last look, and shown and forgotten on one page. Nothing is kept of whoever objects: by the switch on that page, or
by a browser that says so (Sec-GPC, DNT). An objection of an account is kept with it, a guest's as "off" in the cookie. It
goes with the account when that is erased.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from catalog.models import Looked, Profile, Searched
from shop.core import clock, tokens

SALT = "taste"
DAYS = 90
COOKIE_DAYS = 365  # longer than what it stands for: an objection must not be forgotten first
OFF = "off"
MOST = 20  # looks and searches that one message may bring
LOOKED = """
INSERT INTO catalog_looked (profile_id, product_id, looked_at)
SELECT %s, id, %s FROM catalog_product WHERE id = ANY (%s) AND status = 'active'
ON CONFLICT (profile_id, product_id) DO UPDATE SET looked_at = excluded.looked_at
"""
SEARCHED = """
INSERT INTO catalog_searched (profile_id, words, searched_at) SELECT %s, words, %s FROM unnest(%s::text[]) AS words
ON CONFLICT (profile_id, words) DO UPDATE SET searched_at = excluded.searched_at
"""
MOVES = [
    """INSERT INTO catalog_looked (profile_id, product_id, looked_at)
       SELECT %(own)s, product_id, looked_at FROM catalog_looked WHERE profile_id = %(guest)s
       ON CONFLICT (profile_id, product_id) DO UPDATE SET looked_at = greatest(catalog_looked.looked_at, excluded.looked_at)""",
    """INSERT INTO catalog_searched (profile_id, words, searched_at)
       SELECT %(own)s, words, searched_at FROM catalog_searched WHERE profile_id = %(guest)s
       ON CONFLICT (profile_id, words) DO UPDATE
       SET searched_at = greatest(catalog_searched.searched_at, excluded.searched_at)""",
]


def browser_objects(request: HttpRequest) -> bool:
    return "1" in (request.headers.get("Sec-GPC"), request.headers.get("DNT"))


def cookie_of(request: HttpRequest) -> str:
    """The guest's token, "off", or nothing."""
    name = settings.SHOP_TASTE_COOKIE_NAME
    return request.get_signed_cookie(name, default="", salt=SALT, max_age=COOKIE_DAYS * 86400) or ""


def profile_of(request: HttpRequest) -> Profile | None:
    """What is known of the visitor: the account's, else the cookie's. At most one query beside the session's."""
    token, own = cookie_of(request), None
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        own = Profile.objects.filter(user=request.user).first()
    if own is not None:
        return own
    return Profile.objects.filter(token=token).first() if token and token != OFF else None


def objects(request: HttpRequest, profile: Profile | None) -> bool:
    """Whether nothing may be remembered of this visitor."""
    return browser_objects(request) or cookie_of(request) == OFF or bool(profile and profile.is_off)


@transaction.atomic
def note(request: HttpRequest, *, products: Iterable[int], searches: Iterable[str]) -> Profile | None:
    """Remember these; None if the visitor objects. A guest's cookie is sent by `keep_cookie`."""
    if objects(request, profile_of(request)):
        return None
    profile, moment = _own_profile(request), clock.now()
    words = list(dict.fromkeys(text.replace("\0", "").strip()[:100] for text in searches))[:MOST]
    with connection.cursor() as cursor:
        cursor.execute(LOOKED, [profile.pk, moment, list(products)[:MOST]])
        cursor.execute(SEARCHED, [profile.pk, moment, [text for text in words if text]])
    return profile


def _own_profile(request: HttpRequest) -> Profile:
    """Made if there is none; what was looked at before signing in comes along."""
    token = cookie_of(request)
    guest = Profile.objects.filter(token=token).first() if token else None
    if not request.user.is_authenticated:
        return guest or Profile.objects.create(token=tokens.secret_token())
    own = Profile.objects.get_or_create(user=request.user)[0]
    if guest:
        with connection.cursor() as cursor:
            for move in MOVES:
                cursor.execute(move, {"own": own.pk, "guest": guest.pk})
        guest.delete()
    return own


def keep_cookie(response: HttpResponse, value: str | None) -> None:
    """None: of an account, which needs no cookie."""
    if value is None:
        response.delete_cookie(settings.SHOP_TASTE_COOKIE_NAME, samesite="Lax")
        return
    response.set_signed_cookie(
        settings.SHOP_TASTE_COOKIE_NAME,
        value,
        salt=SALT,
        max_age=COOKIE_DAYS * 86400,
        secure=settings.SHOP_IS_SECURE,
        httponly=True,
        samesite="Lax",
    )


def object_to_it(request: HttpRequest) -> str | None:
    """Forget everything and remember nothing more; returns the cookie to keep."""
    forget(request)
    if not request.user.is_authenticated:
        return OFF
    Profile.objects.update_or_create(user=request.user, defaults={"is_off": True})
    return None


def allow_again(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        Profile.objects.filter(user=request.user).update(is_off=False)


def forget(request: HttpRequest) -> None:
    """All looks and searches, of the account and of the cookie."""
    mine = Profile.objects.filter(token=cookie_of(request)) if cookie_of(request) else Profile.objects.none()
    mine.delete()
    if request.user.is_authenticated:
        Looked.objects.filter(profile__user=request.user).delete()
        Searched.objects.filter(profile__user=request.user).delete()


def remembered(profile: Profile | None) -> dict[str, Sequence]:
    """Everything that is kept, newest first: `looks` and `searches`."""
    if profile is None:
        return {"looks": [], "searches": []}
    looks = profile.looks.select_related("product").order_by("-looked_at", "-pk")
    return {"looks": list(looks), "searches": list(profile.searches.order_by("-searched_at", "-pk"))}


def forget_old() -> int:
    """Looks and searches older than 90 days, and guests of whom nothing is left."""
    before = clock.now() - timedelta(days=DAYS)
    gone = Looked.objects.filter(looked_at__lt=before).delete()[0]
    gone += Searched.objects.filter(searched_at__lt=before).delete()[0]
    Profile.objects.filter(user=None, created_at__lt=before, looks=None, searches=None).delete()
    return gone
