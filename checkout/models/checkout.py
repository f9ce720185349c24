from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cart.models.gift import Presented
from catalog.products.taking import pieces_of
from shop.accounts.models.address import PostalAddress
from shop.core import locks, tokens
from shop.core.states import Moves


class Checkout(Moves, PostalAddress, Presented):
    """A purchase being prepared: a copy of the cart with its stock reserved, and what the customer has filled in.

    The inherited address is where the goods go; billing_* is filled only where the bill goes elsewhere.
    """

    LOCK_RANK = locks.CHECKOUT

    class Status(models.TextChoices):
        OPEN = "open"
        COMPLETED = "completed"  # an order was placed
        ABANDONED = "abandoned"  # given up, replaced or expired

    MOVES = {Status.OPEN: {Status.COMPLETED, Status.ABANDONED}}

    token = models.CharField(max_length=40, unique=True, default=tokens.secret_token)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    cart = models.ForeignKey("cart.Cart", models.SET_NULL, null=True, related_name="checkouts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="checkouts")
    currency = models.CharField(max_length=3, default="EUR")
    language = models.CharField(max_length=10, default="en")
    email = models.EmailField(_("email address"), max_length=254, blank=True)
    name = models.CharField(_("full name"), max_length=150, blank=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    billing = models.JSONField(null=True)  # PostalAddress.as_dict(); None: the same as delivery
    vat_id = models.CharField(
        _("VAT id"), max_length=20, blank=True
    )  # well-formed; whether it counts: VatCheck
    po_number = models.CharField(_("your order number"), max_length=40, blank=True)
    shipping_method = models.ForeignKey(
        "checkout.ShippingMethod", models.SET_NULL, null=True, related_name="+"
    )
    uses_credit = models.BooleanField(default=False)  # pay with store credit first
    terms_version = models.PositiveIntegerField(null=True)
    order_number = models.CharField(max_length=12, blank=True)  # told by the order that was placed from it
    reserved_until = models.DateTimeField(null=True)
    was_renewed = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cart"], condition=Q(status="open"), name="checkout_one_open_per_cart"
            )
        ]

    def pieces(self) -> dict[int, int]:
        """{variant id: pieces} that are to be reserved for it."""
        return pieces_of((line.pieces, line.quantity) for line in self.lines.all())

    @property
    def holder(self) -> str:
        """The name under which its stock is reserved."""
        return f"checkout:{self.pk}"


class CheckoutLine(models.Model):
    checkout = models.ForeignKey(Checkout, models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    custom = models.JSONField(default=list)  # the buyer's answers, as in the cart
    custom_key = models.CharField(max_length=32, blank=True)
    takes = models.JSONField(
        default=dict
    )  # {variant id: pieces} off the shelves for one piece, when it was copied

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["checkout", "variant", "custom_key"], name="checkout_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="checkout_line_quantity"),
        ]

    @property
    def pieces(self) -> dict[int, int]:
        """{variant id: pieces} off the shelves for one piece of it."""
        return {int(pk): pieces for pk, pieces in self.takes.items()}
