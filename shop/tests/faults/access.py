"""Who may go where: every address of the shop, classified. A new one that is not written down here fails a test.

Below, `STOREFRONT` names each pattern's class; `SCREENS` names what each role may do on each screen of the admin.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.urls import get_resolver


class Who(Enum):
    EVERYBODY = "a page that is the same for all, or that everybody has"
    VISITOR = "the visitor's own cart or checkout, found by his cookies; ids of others are unknown"
    SIGNED_IN = "one's own account; everybody else is sent to sign in"
    OWNER = "the owner's, told by an id; to everybody else it does not exist"
    HOLDER = "whoever holds the secret in the address; without it, it does not exist"
    SIGNED = "a provider with its signature or credential; carries no cookie"
    STAFF = "staff only (see SCREENS); everybody else is sent to sign in"
    DEVELOPERS = "not there in production"


@dataclass(frozen=True)
class Door:
    pattern: str
    view: str
    is_exempt: bool  # from the CSRF token

    @property
    def names(self) -> list[str]:
        return re.findall(r"<(\w+)>", self.pattern)


E, V, A, O, H, S, _STAFF, D = Who  # noqa: E741
STOREFRONT: dict[str, Who] = {
    "": E,
    "c/<slug>/": E,
    "collections/<slug>/": E,
    "sellers/<slug>/": E,
    "products/<slug>/": E,
    "products/<slug>/questions/": E,
    "products/<slug>/questions/sent/": E,
    "products/<slug>/review/": V,  # who may write: signed in, by invitation, or everybody, as the shop says
    "products/<slug>/review/sent/": E,
    "products/<slug>/reviews/<pk>/helpful/": E,
    "search/": E,
    "search/suggestions/": E,
    "favicon.ico": E,
    "robots.txt": E,
    "sitemap.xml": E,
    "sitemaps/<name>.xml": E,
    "feeds/<name>.<ending>": E,
    "for-you/": V,
    "for-you/rows/": V,
    "for-you/looks/": V,
    "for-you/forgetting/": V,
    "for-you/objection/": V,
    "health/": E,
    "media/<path>": E,
    "help/<slug>/": E,
    "help/faq/": E,
    "contact/": E,
    "contact/sent/": E,
    "visitor/": V,
    "currency/": V,
    "cart/": V,
    "cart/lines/": V,
    "cart/lines/<pk>/": O,
    "cart/lines/<pk>/removal/": O,
    "cart/emptying/": V,
    "cart/codes/": V,
    "cart/codes/removal/": V,
    "cart/gift/": V,
    "cart/lines/<pk>/saving/": O,
    "cart/restoration/": V,
    "wishlists/": V,
    "wishlists/<pk>/": O,
    "wishlists/<pk>/removal/": O,
    "wishlists/<pk>/sharing/": O,
    "wishlists/<pk>/cart/": O,
    "wishlists/<pk>/news/": O,
    "alerts/variants/<pk>/": E,
    "alerts/asked/": E,
    "alerts/<token>/": H,
    "alerts/wishlists/<token>/": H,
    "wishlists/shared/<token>/": H,
    "wishlists/entries/": V,
    "wishlists/entries/<pk>/removal/": O,
    "wishlists/entries/<pk>/moving/": O,
    "wishlists/entries/<pk>/cart/": O,
    "checkout/": V,
    "checkout/details/": V,
    "checkout/delivery/": V,
    "checkout/payment/": V,
    "checkout/gift-cards/": V,
    "checkout/gift-cards/<pk>/removal/": V,
    "checkout/credit/": V,
    "gift-cards/": E,
    "gift-cards/<token>/": H,
    "orders/": V,
    "orders/track/": E,
    "orders/track/sent/": E,
    "orders/<number>/": O,
    "orders/<number>/payment/": O,
    "orders/<number>/confirming/": O,
    "orders/<number>/cancellation/": O,
    "orders/<number>/documents/<kind>/": O,
    "orders/<number>/returns/": O,
    "orders/<number>/returns/<rma>/": O,
    "orders/<number>/returns/<rma>/withdrawal/": O,
    "o/<token>/": H,
    "o/<token>/payment/": H,
    "tickets/<token>/": H,
    "tickets/<token>/messages/": H,
    "account/": A,
    "account/details/": A,
    "account/orders/": A,
    "account/downloads/": A,
    "downloads/<sign>/": H,
    "orders/<number>/downloads/<pk>/": O,
    "account/cards/": A,
    "account/cards/<pk>/default/": O,
    "account/cards/<pk>/removal/": O,
    "account/credit/": A,
    "account/addresses/": A,
    "account/addresses/new/": A,
    "account/addresses/<pk>/": O,
    "account/addresses/<pk>/removal/": O,
    "account/login/": E,
    "account/logout/": E,
    "account/signup/": E,
    "account/inactive/": E,
    "account/reauthenticate/": A,
    "account/email/": A,
    "account/confirm-email/": E,
    "account/confirm-email/<key>/": H,
    "account/password/change/": A,
    "account/password/set/": A,
    "account/password/reset/": E,
    "account/password/reset/done/": E,
    "account/password/reset/key/<uidb36>-<key>/": H,
    "account/password/reset/key/done/": E,
    "account/login/code/confirm/": E,
    "account/2fa/": A,
    "account/2fa/authenticate/": E,
    "account/2fa/reauthenticate/": A,
    "account/2fa/totp/activate/": A,
    "account/2fa/totp/deactivate/": A,
    "account/2fa/recovery-codes/": A,
    "account/2fa/recovery-codes/generate/": A,
    "account/2fa/recovery-codes/download/": A,
    "hooks/stripe/": S,
    "hooks/ups/": S,
    "hooks/fedex/": S,
    "styleguide/": D,
    "styleguide/mail/": D,
    "styleguide/pages/<name>/": D,
    "styleguide/pictures/<name>": D,
    "dev/mail/": D,
    "dev/mail/<key>/": D,
    "dev/mail/<key>/body/": D,
    "dev/mail/<key>/<number>/": D,
}

ROLES = ["owner", "catalogue", "orders", "support"]
# v: see, a: add, c: change (also every step below an object), d: delete. One word a role, in the order of ROLES.
SCREENS: dict[str, str] = {
    "core.shop": "vc - - -",
    "core.page": "vacd - - -",
    "core.wording": "vacd vacd - -",
    "core.message": "v - v v",
    "core.notice": "v - - -",
    "core.delivery": "vc - - -",
    "auth.group": "vacd - - -",
    "accounts.user": "vacd - - -",
    "accounts.company": "vacd - - -",
    "accounts.customergroup": "vacd vac - -",
    "accounts.seller": "vac - - -",
    "catalog.product": "vacd vacd v v",
    "catalog.category": "vacd vacd - -",
    "catalog.digitalfile": "vac vac - -",
    "catalog.bulkedit": "vc vc - -",
    "catalog.pricelist": "vacd vacd - -",
    "catalog.attribute": "vacd vacd - -",
    "catalog.producttype": "vacd vacd - -",
    "catalog.collection": "vacd vacd - -",
    "catalog.synonym": "vacd vacd - -",
    "catalog.searchedterm": "v v - -",
    "catalog.feed": "v v - -",
    "catalog.recommendation": "v v - -",
    "catalog.veto": "vad vad - -",
    "catalog.importrun": "vac vac - -",
    "catalog.reviewinvitation": "vc vc - vc",
    "catalog.hero": "vacd vacd - -",
    "catalog.stockitem": "vc vc v -",
    "catalog.stocklocation": "vac v - -",
    "catalog.review": "vc vc - vc",
    "catalog.question": "vc vc - vc",
    "cart.cart": "v - - -",
    "cart.giftoption": "vacd vacd - -",
    "cart.promotion": "vacd vacd - -",
    "cart.coupon": "vacd vacd - -",
    "cart.couponbatch": "va va - -",
    "checkout.checkout": "v - - -",
    "checkout.giftcard": "vac - - -",
    "checkout.storecredit": "vac - - -",
    "checkout.shippingzone": "vacd - - -",
    "checkout.shippingmethod": "vacd - - -",
    "checkout.holiday": "vacd - - -",
    "checkout.taxclass": "vacd - - -",
    "checkout.taxzone": "vacd - - -",
    "checkout.taxexemption": "vacd - - -",
    "checkout.vatcheck": "v - - -",
    "orders.order": "vc - vc v",
    "orders.orderline": "v - - -",
    "orders.refund": "v - v v",
    "orders.paymentattempt": "v - v -",
    "orders.transfer": "vc - vc -",
    "orders.bankstatement": "va - va -",
    "fulfillment.fulfillmentorder": "vc - vc v",
    "fulfillment.shipment": "vc - vc v",
    "fulfillment.return": "vc - vc vc",
    "fulfillment.downloadgrant": "vc - vc vc",
    "support.ticket": "vc - v vc",
    "support.faqentry": "vacd - - vacd",
}
PAPERS = {"body", "label", "slip"}  # pages about one object that whoever sees it may open
DJANGOS = {"history", "delete", "change"}


def rights(screen: str, role: str) -> str:
    return SCREENS[screen].split()[ROLES.index(role)].replace("-", "")


def plain(pattern: str) -> str:
    """As a person would write it: `<int:pk>` and `(?P<key>…)` become `<pk>` and `<key>`."""
    named = re.sub(r"\(\?P<(\w+)>(?:[^()]|\\.)*\)", r"<\1>", pattern)
    return re.sub(r"<\w+:(\w+)>", r"<\1>", named).replace("^", "").replace("$", "").replace(r"\.", ".")


def doors(patterns=None, before: str = "") -> Iterator[Door]:
    """Every address that the shop answers."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        pattern = before + plain(str(one.pattern))
        if hasattr(one, "url_patterns"):
            yield from doors(one.url_patterns, pattern)
        elif one.callback:
            view = one.callback
            is_exempt = getattr(view, "csrf_exempt", False)
            yield Door(pattern, f"{view.__module__}.{getattr(view, '__qualname__', '')}", is_exempt)


def screen_of(door: Door) -> str | None:
    """ "catalog.product" for a door below admin/catalog/product/."""
    parts = door.pattern.split("/")
    is_model = parts[0] == "admin" and len(parts) > 3 and parts[1] in apps.app_configs
    return f"{parts[1]}.{parts[2]}" if is_model else None


def step_of(door: Door) -> str | None:
    """ "approve" for admin/fulfillment/return/<pk>/approve/: what is done with one object by POST."""
    parts = door.pattern.split("/")
    is_own = screen_of(door) and len(parts) == 6 and parts[4] not in DJANGOS
    return parts[4] if is_own and parts[4] not in PAPERS else None


def who(door: Door) -> Who | None:
    """None: nobody has thought about it yet."""
    if not door.pattern.startswith("admin/"):
        return STOREFRONT.get(door.pattern)
    screen = screen_of(door)
    return Who.STAFF if screen is None or screen in SCREENS else None
