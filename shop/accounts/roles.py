"""What staff may do, by role. `manage.py setup_roles` writes these into Django's groups; rights added by hand stay."""

from django.contrib.auth.models import Group, Permission

from shop.core import events

# role → {app.model: rights}; "v" view, "a" add, "c" change, "d" delete
CATALOGUE = {
    "catalog.product": "vacd", "catalog.variant": "vacd", "catalog.category": "vacd", "catalog.photo": "vacd",
    "catalog.option": "vacd", "catalog.optionvalue": "vacd", "catalog.attribute": "vacd",
    "catalog.digitalfile": "vac", "catalog.productdocument": "vacd",
    "catalog.attributechoice": "vacd", "catalog.producttype": "vacd",
    "catalog.productattribute": "vacd", "catalog.related": "vacd", "catalog.review": "vc", "catalog.question": "vc",
    "catalog.reviewinvitation": "vc",
    "catalog.stockitem": "vc", "catalog.movement": "v", "catalog.stocklocation": "v", "catalog.hero": "vacd",
    "catalog.feed": "v", "catalog.recommendation": "v", "catalog.veto": "vad",
    "catalog.pricelist": "vacd", "accounts.customergroup": "vac",
    "catalog.importrun": "vac", "catalog.bulkedit": "vc", "core.wording": "vacd",
    "catalog.collection": "vacd", "catalog.collectionitem": "vacd", "catalog.synonym": "vacd", "catalog.searchedterm": "v",
    "cart.giftoption": "vacd", "cart.promotion": "vacd", "cart.coupon": "vacd", "cart.couponbatch": "va",
}  # fmt: skip
ORDERS = {
    "orders.order": "vc", "orders.refund": "va", "orders.paymentattempt": "v", "orders.journalentry": "v",
    "orders.document": "v", "orders.transfer": "vc", "orders.bankstatement": "va",
    "fulfillment.fulfillmentorder": "vc", "fulfillment.shipment": "vc",
    "fulfillment.return": "vc", "fulfillment.downloadgrant": "vc",
    "catalog.product": "v", "catalog.variant": "v", "catalog.stockitem": "v",
    "catalog.movement": "v", "support.ticket": "v", "core.message": "v",
}  # fmt: skip
SUPPORT = {
    "support.ticket": "vc", "support.faqentry": "vacd", "orders.order": "v", "orders.refund": "v",
    "fulfillment.fulfillmentorder": "v", "fulfillment.shipment": "v", "fulfillment.return": "vc",
    "fulfillment.downloadgrant": "vc",
    "catalog.product": "v", "catalog.variant": "v", "core.message": "v", "catalog.review": "vc", "catalog.question": "vc",
    "catalog.reviewinvitation": "vc",
}  # fmt: skip
GUESTS = {  # of its own rows only: shop/core/admin/scoping.py
    "catalog.product": "vacd", "catalog.variant": "vacd", "catalog.photo": "vacd", "catalog.option": "vacd",
    "catalog.optionvalue": "vacd", "catalog.productattribute": "vacd", "catalog.related": "vacd",
    "catalog.digitalfile": "vac", "catalog.productdocument": "vacd",
    "catalog.category": "v", "catalog.producttype": "v", "catalog.attribute": "v",
    "catalog.stockitem": "vc", "catalog.movement": "v", "catalog.stocklocation": "vc",
    "catalog.review": "vc", "catalog.question": "vc", "catalog.importrun": "vac", "catalog.bulkedit": "vc",
    "catalog.customfield": "vacd",
    "orders.orderline": "v", "fulfillment.fulfillmentorder": "vc", "fulfillment.shipment": "vc",
    "fulfillment.return": "vc", "fulfillment.downloadgrant": "v", "accounts.seller": "v",
}  # fmt: skip
SELLER = "seller"
ROLES: dict[str, dict[str, str] | None] = {
    "owner": None,
    "catalogue": CATALOGUE,
    "orders": ORDERS,
    "support": SUPPORT,
    SELLER: GUESTS,
}
WORDS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


def set_up() -> dict[str, int]:
    """{role: rights it has now}. The owner has every right there is."""
    return {role: _grant(Group.objects.get_or_create(name=role)[0], rights) for role, rights in ROLES.items()}


def _grant(group: Group, rights: dict[str, str] | None) -> int:
    every = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.select_related("content_type").iterator()
    }
    if rights is None:
        wanted = list(every.values())
    else:
        names = (
            f"{model.split('.')[0]}.{WORDS[letter]}_{model.split('.')[1]}"
            for model, letters in rights.items()
            for letter in letters
        )
        wanted = [every[name] for name in names if name in every]
    group.permissions.add(*wanted)
    return group.permissions.count()


def give(user, *, role: str) -> None:
    """`user` becomes staff with the rights of `role`, on an operator's word; owners do it by shop.accounts.staffing.

    Raises ValueError where role and person do not go together: a seller's staff has the role "seller" and no other."""
    if (role == SELLER) != (user.seller_id is not None):
        raise ValueError(
            f"{user} and the role {role}: a seller's staff has the role {SELLER}, nobody else has it"
        )
    if not user.groups.filter(name=role).exists():
        user.groups.add(Group.objects.get(name=role))
        events.record("role.given", user, role=role)
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
