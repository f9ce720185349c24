"""A gift card that everybody may try, and some store credit for the shopper; the gift card among the products has its terms."""

from django.db import transaction

from catalog.models import GiftCardTerms, Product
from checkout import gift_cards, store_credit
from checkout.models import GiftCard, StoreCredit
from shop.accounts.models import User
from shop.demo.signins import GIFT_CARD, SHOPPER

MARK = "the demo"


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}."""
    for product in Product.objects.filter(kind=Product.Kind.GIFT_CARD):
        GiftCardTerms.objects.get_or_create(
            product=product, defaults={"lowest_minor": 1000, "highest_minor": 50_000}
        )
    _card()
    shopper = User.objects.filter(email=SHOPPER.email).first()
    if shopper:
        store_credit.grant(
            shopper, amount_minor=1500, currency="EUR", reason="Welcome", reference=f"grant:{MARK}", by=None
        )
    return {"gift cards": GiftCard.objects.count(), "people with credit": StoreCredit.objects.count()}


def _card() -> None:
    """With a code that the demo can tell; a real one is made by chance and told once."""
    if not GiftCard.objects.filter(issued_for=MARK).exists():
        card = gift_cards.issue(
            amount_minor=10_000, currency="EUR", issued_for=MARK, reason="For everybody to try"
        )
        GiftCard.objects.filter(pk=card.pk).update(
            code_hash=gift_cards.hash_of(GIFT_CARD), last_four=GIFT_CARD[-4:]
        )
