from collections import Counter
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Now, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.preordering import in_words as preorder_in_words
from catalog.products.customizing import in_words
from catalog.products.taking import pieces_of
from shop.accounts.models.address import PostalAddress
from shop.core import clock, locks, tokens
from shop.core.money import Money, MoneyOf
from shop.core.states import Moves


class OrderQuerySet(models.QuerySet):
    def of(self, user: Any) -> Self:
        return self.filter(user=user)

    def for_listing(self) -> Self:
        """With the name of who gets the goods."""
        names = OrderAddress.objects.filter(order=OuterRef("pk"), kind=OrderAddress.Kind.DELIVERY)
        return self.annotate(buyer=Subquery(names.values("name")[:1]))

    def unpaid(self) -> Self:
        """Waiting for their payment to be secured."""
        return self.filter(status=Order.Status.PLACED)

    def overdue(self) -> Self:
        """Their goods are wanted back, by the database's clock; the longest overdue first."""
        return self.unpaid().filter(pay_before__lt=Now()).order_by("pay_before", "pk")


class Order(Moves):
    """A promise to a customer, and what it costs. What was agreed never changes; what happens is added.

    `owed_minor`, `paid_minor`, `payment_status` and `fulfillment_status` are copies, written by orders/progress.py alone.
    """

    LOCK_RANK = locks.ORDER

    class Status(models.TextChoices):
        PLACED = "placed", _("Placed")  # waits for its payment to be secured
        CONFIRMED = "confirmed", _("Confirmed")  # goods may go
        COMPLETED = "completed", _("Completed")  # delivered and paid
        CANCELLED = "cancelled", _("Cancelled")

    MOVES = {
        Status.PLACED: {Status.CONFIRMED, Status.CANCELLED},
        Status.CONFIRMED: {Status.COMPLETED, Status.CANCELLED},
        Status.CANCELLED: {Status.CONFIRMED},  # a late payment whose goods are still there revives it
    }

    class PaymentStatus(models.TextChoices):
        UNPAID = "unpaid", _("Unpaid")
        PROCESSING = "processing", _("Payment under way")
        AUTHORIZED = "authorized", _("Authorised")
        PAID = "paid", _("Paid")
        PARTIALLY_REFUNDED = "partially_refunded", _("Partly refunded")
        REFUNDED = "refunded", _("Refunded")

    class FulfillmentStatus(models.TextChoices):
        UNFULFILLED = "unfulfilled", _("To be sent")
        PARTIAL = "partial", _("Partly sent")
        SHIPPED = "shipped", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        RETURNED = "returned", _("Returned")
        NONE = "none", _("Nothing to send")

    class CancelledBecause(models.TextChoices):
        EXPIRED = "expired", _("Not paid in time")
        CUSTOMER = "customer", _("Cancelled by the customer")
        SHOP = "shop", _("Cancelled by the shop")
        REPLACED = "replaced", _("Replaced by another order")

    number = models.CharField(max_length=12, unique=True, default=tokens.readable_number)
    token = models.CharField(
        max_length=40, unique=True, default=tokens.secret_token
    )  # opens it from a link in a mail
    checkout = models.OneToOneField("checkout.Checkout", models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="orders"
    )
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=10, default="en")
    status = models.CharField(max_length=12, choices=Status, default=Status.PLACED)
    payment_status = models.CharField(max_length=20, choices=PaymentStatus, default=PaymentStatus.UNPAID)
    fulfillment_status = models.CharField(
        max_length=12, choices=FulfillmentStatus, default=FulfillmentStatus.UNFULFILLED
    )
    needs_review = models.CharField(max_length=200, blank=True)  # why a person must look; empty: nothing
    currency = models.CharField(max_length=3)
    goods_minor = (
        models.BigIntegerField()
    )  # sum of the lines as printed (with or without tax: prices_include_tax)
    charges_minor = models.BigIntegerField(default=0)  # sum of the charges, as printed
    discount_minor = models.BigIntegerField(
        default=0
    )  # what promotions took off the goods: not in goods_minor
    shipping_minor = models.BigIntegerField(default=0)
    shipping_discount_minor = models.BigIntegerField(default=0)  # not in shipping_minor
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()  # what the customer pays, tax in it
    prices_include_tax = models.BooleanField(default=True)
    owed_minor = models.BigIntegerField(default=0)  # Σ journal.owed_minor
    paid_minor = models.BigIntegerField(default=0)  # Σ journal.paid_minor
    vat_id = models.CharField(max_length=20, blank=True)  # the buyer's
    is_vat_id_trusted = models.BooleanField(default=False)  # freed from VAT before the register confirmed it
    po_number = models.CharField(max_length=40, blank=True)  # the buyer's own number for it
    shipping_name = models.CharField(max_length=80, blank=True)
    shipping_code = models.CharField(max_length=30, blank=True)
    carrier = models.CharField(max_length=20, blank=True)
    carrier_service = models.CharField(max_length=40, blank=True)
    is_pickup = models.BooleanField(default=False)
    promised_from = models.DateField(null=True)
    promised_to = models.DateField(null=True)
    gateway = models.CharField(max_length=20)  # by which means it is to be paid
    terms_version = models.PositiveIntegerField(null=True)
    withdrawal_waived_at = models.DateTimeField(null=True)  # so that downloads begin at once
    is_out_of_cart = models.BooleanField(default=False)  # the cart gave up what was bought
    quote = models.JSONField(default=dict)  # the arithmetic, line by line, as agreed
    gift_message = models.TextField(blank=True)  # the buyer's own words; may be erased
    order_note = models.TextField(blank=True)
    placed_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=10, choices=CancelledBecause, blank=True)
    cancel_note = models.CharField(max_length=200, blank=True)  # why, in somebody's own words; may be erased
    completed_at = models.DateTimeField(null=True)
    pay_before = models.DateTimeField(null=True)  # an unpaid order gives its goods back then
    reminded_at = models.DateTimeField(null=True)  # the pay link went out by itself, once

    goods, shipping, tax, total = (MoneyOf(f"{n}_minor") for n in ("goods", "shipping", "tax", "total"))
    owed, paid = MoneyOf("owed_minor"), MoneyOf("paid_minor")
    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="order_total_not_negative"),
        ]
        indexes = [
            models.Index(fields=["-placed_at"], name="order_placed"),
            models.Index(fields=["user", "-placed_at"], name="order_of_user"),
            models.Index(Upper("email"), name="order_email_any_case"),  # what __iexact asks for
            models.Index(fields=["pay_before"], name="order_unpaid", condition=Q(status="placed")),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("orders:detail", args=[self.number])

    def quantities(self) -> dict[int, int]:
        """{variant id: pieces}, of what still is in the catalogue."""
        bought: Counter[int] = Counter()
        for line in self.lines.all():
            if line.variant_id:
                bought[line.variant_id] += line.quantity
        return dict(bought)

    def bought(self) -> dict[tuple[int, str], int]:
        """{(variant id, key of the answers): pieces}, of what still is in the catalogue."""
        return {
            (line.variant_id, line.custom_key): line.quantity for line in self.lines.all() if line.variant_id
        }

    def pieces(self) -> dict[int, int]:
        """{variant id: pieces} that it takes from the shelves, as was agreed."""
        return pieces_of((line.takes, line.quantity) for line in self.lines.all())

    @property
    def holder(self) -> str:
        """The name under which its stock is reserved."""
        return f"order:{self.pk}"

    @property
    def account_reference(self) -> str:
        """The name under which a company's account knows it."""
        return f"order:{self.number}"

    @property
    def due_minor(self) -> int:
        """What is still to be paid; below zero: what we owe the customer."""
        return self.owed_minor - self.paid_minor


class OrderAddress(PostalAddress):
    class Kind(models.TextChoices):
        DELIVERY = "delivery", _("Delivery")
        BILLING = "billing", _("Billing")

    order = models.ForeignKey(Order, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta:
        verbose_name_plural = _("addresses")
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="order_address_once")]


class OrderLine(models.Model):
    """What was bought, as it was then. Quantities say what became of it; shipped etc. are written by orders/progress.py."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", models.SET_NULL, null=True, related_name="+")
    sku = models.CharField(max_length=40)
    name = models.CharField(max_length=150)
    choices = models.CharField(max_length=150, blank=True)
    photo = models.CharField(max_length=200, blank=True)  # path in the media storage
    quantity = models.PositiveIntegerField()
    unit_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)  # Σ adjustments
    total_minor = models.BigIntegerField()  # as printed: unit × quantity − discount
    tax_minor = models.BigIntegerField(default=0)  # within or on top of total_minor: order.prices_include_tax
    cost_minor = models.BigIntegerField(null=True)  # of one piece, for the margin
    currency = models.CharField(max_length=3)
    weight_g = models.PositiveIntegerField(default=0)
    country_of_origin = models.CharField(max_length=2, blank=True)
    hs_code = models.CharField(max_length=12, blank=True)
    parts = models.JSONField(default=list)  # of a set: variant, sku, name, quantity, each of one piece
    custom = models.JSONField(default=list)  # the buyer's own words; personal data
    custom_key = models.CharField(max_length=32, blank=True)  # of the cart line that it was
    is_personal = models.BooleanField(default=False)  # made to the buyer's wishes: cannot be sent back
    kind = models.CharField(
        max_length=10, default="goods"
    )  # a code of catalog's Product.Kind, as it was then
    is_stocked = models.BooleanField(default=True)  # taken from a shelf; not what is made to order
    ships_by = models.DateField(null=True)  # of a preorder, as it was promised
    cancelled = models.PositiveIntegerField(default=0)
    picked = models.PositiveIntegerField(default=0)  # taken off the shelf, shipped ones included
    shipped = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)
    undelivered = models.PositiveIntegerField(default=0)  # of the returned ones: never reached the customer
    position = models.PositiveSmallIntegerField(default=0)

    unit, total, tax = MoneyOf("unit_minor"), MoneyOf("total_minor"), MoneyOf("tax_minor")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_quantity"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("shipped") + F("cancelled")), name="order_line_not_oversent"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("picked") + F("cancelled")), name="order_line_not_overpicked"
            ),
            models.CheckConstraint(
                condition=Q(shipped__gte=F("delivered")), name="order_line_delivered_was_shipped"
            ),
            models.CheckConstraint(
                condition=Q(shipped__gte=F("returned")), name="order_line_returned_was_shipped"
            ),
            models.CheckConstraint(
                condition=Q(returned__gte=F("undelivered")), name="order_line_undelivered_came_back"
            ),
        ]

    @property
    def is_sent(self) -> bool:
        """Whether it travels: gift cards and downloads do not."""
        return self.kind not in Product.UNSENT

    @property
    def listed(self) -> Money:
        """Before promotions."""
        return self.unit * self.quantity

    @property
    def takes(self) -> dict[int, int]:
        """{variant id: pieces} that one piece takes from the shelves."""
        if self.parts:
            return {part["variant"]: part["quantity"] for part in self.parts}
        return {self.variant_id: 1} if self.is_stocked and self.variant_id else {}

    @property
    def details(self) -> list[str]:
        """What else to say of it, wherever it is shown."""
        is_late = self.ships_by and self.open_quantity
        return [preorder_in_words(self.ships_by)] * bool(is_late) + self.contents + in_words(self.custom)

    @property
    def contents(self) -> list[str]:
        """What one piece of a set consists of."""
        return [f"{part['quantity']} × {part['name']}" for part in self.parts]

    @property
    def open_quantity(self) -> int:
        """Still to be sent."""
        return self.quantity - self.cancelled - self.shipped if self.is_sent else 0
