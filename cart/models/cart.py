from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cart.models.gift import Presented
from shop.core import locks, tokens


class Cart(Presented):
    """What somebody means to buy. A guest's is found by a signed cookie that holds its token."""

    LOCK_RANK = locks.CART

    token = models.CharField(max_length=40, unique=True, default=tokens.secret_token)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="cart")
    currency = models.CharField(max_length=3, default="EUR")
    holder = models.CharField(max_length=60, blank=True)  # under which a checkout has reserved its goods
    codes = ArrayField(models.CharField(max_length=40), default=list)  # of coupons that were entered
    taken_out = models.JSONField(default=list)  # last, for the way back: see cart/undoing.py
    recent_keys = ArrayField(models.CharField(max_length=64), default=list)  # of the latest additions
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    MOST_LINES = 100
    MOST_CODES = 5
    KEYS_KEPT = 20

    class Meta:
        indexes = [models.Index(fields=["updated_at"], name="cart_guest_age", condition=Q(user=None))]


class CartLine(models.Model):
    """One variant in a cart. `seen_minor` is the unit price that the customer saw last: a change is told."""

    MOST = 999  # pieces of one variant
    notice = ""  # what the customer should hear about the latest change; not stored

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    seen_minor = models.BigIntegerField()
    custom = models.JSONField(default=list)  # the buyer's answers: see catalog/products/customizing.py
    custom_key = models.CharField(max_length=32, blank=True)  # tells lines of one variant apart
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant", "custom_key"], name="cart_line_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=999), name="cart_line_quantity"
            ),
        ]
