"""What a new shop needs before it can sell: a list that ticks itself off and then disappears."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Product
from checkout.gateways.base import Purchase
from checkout.gateways.registry import offered
from checkout.models import ShippingRate, TaxRate
from orders.models import Order
from shop.core.models import Shop
from shop.core.money import Money


@dataclass(frozen=True)
class Step:
    text: str
    url: str
    is_done: bool


def steps_to_take() -> list[Step]:
    """All steps while one is open; empty once everything is done."""
    steps = all_steps()
    return [] if all(step.is_done for step in steps) else steps


def all_steps() -> list[Step]:
    shop = Shop.objects.filter(pk=1).first()
    return [
        Step(
            _("Name the shop and its company"), _to("core_shop"), bool(shop and shop.company and shop.email)
        ),
        Step(_("Set the taxes"), _to("checkout_taxzone"), TaxRate.objects.exists()),
        Step(_("Set the prices of delivery"), _to("checkout_shippingzone"), ShippingRate.objects.exists()),
        Step(
            _("Choose how customers pay"),
            _to("core_shop"),
            bool(shop and offered(Purchase(Money(50_00, shop.currency), shop.country))),
        ),
        Step(
            _("Put the first product on sale"), _to("catalog_product"), Product.objects.published().exists()
        ),
        Step(_("Place a test order"), reverse("catalog:home"), Order.objects.exists()),
    ]


def _to(model: str) -> str:
    return reverse(f"admin:{model}_changelist")
