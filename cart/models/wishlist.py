from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cart.models.cart import Cart
from shop.core.money import MoneyOf


class Wishlist(models.Model):
    """Things that the owner of a cart wants to remember. It belongs to the cart, so that guests have lists, too."""

    class Kind(models.TextChoices):
        LATER = "later"  # taken out of the cart for now; one for each cart, shown below it
        LIST = "list"

    MOST = 20  # for each cart
    MOST_ENTRIES = 200

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="wishlists")
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.LIST)
    name = models.CharField(_("name"), max_length=60, blank=True)  # empty: the first one
    share_token = models.CharField(
        max_length=40, null=True, unique=True
    )  # who has it may look; None: private
    news_since = models.DateTimeField(null=True)  # when the owner asked for mails about it; None: no mails
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "kind", "name"], name="wishlist_name_once"),
            models.CheckConstraint(
                condition=Q(kind="list") | Q(share_token=None, name=""), name="wishlist_later_is_private"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return str(_("Saved for later") if self.kind == self.Kind.LATER else self.name or _("Wishlist"))


class WishlistEntry(models.Model):
    """One variant on a list, as it was then: later a lower price or new stock is marked."""

    wishlist = models.ForeignKey(Wishlist, models.CASCADE, related_name="entries")
    variant = models.ForeignKey("catalog.Variant", models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    custom = models.JSONField(default=list)  # the buyer's answers, as in the cart; never shown to others
    custom_key = models.CharField(max_length=32, blank=True)
    seen_minor = models.BigIntegerField(null=True)  # price when it was put there; None: it had none
    currency = models.CharField(max_length=3)
    was_available = models.BooleanField(default=True)
    told_minor = models.BigIntegerField(null=True)  # lowest price that its owner was written of
    was_told_back = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    seen = MoneyOf("seen_minor")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["wishlist", "variant", "custom_key"], name="wishlist_entry_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=999), name="wishlist_entry_quantity"
            ),
        ]
