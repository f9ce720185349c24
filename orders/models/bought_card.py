from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class BoughtCard(models.Model):
    """A gift card that somebody bought: for whom it is, what he writes, and when it is sent. One a piece of the line."""

    line = models.ForeignKey("orders.OrderLine", models.PROTECT, related_name="bought_cards")
    piece = models.PositiveIntegerField()
    card = models.OneToOneField("checkout.GiftCard", models.PROTECT, related_name="bought")
    to_name = models.CharField(_("recipient"), max_length=80, blank=True)
    to_email = models.EmailField(_("email address"), max_length=254)
    message = models.TextField(_("message"), blank=True)
    send_at = models.DateTimeField(_("to be sent"), null=True)  # empty once it is sent, or taken back
    sent_at = models.DateTimeField(_("sent"), null=True)
    sendings = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name, verbose_name_plural = _("bought gift card"), _("bought gift cards")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["line", "piece"], name="bought_card_once")]
        indexes = [models.Index(fields=["send_at"], name="card_to_send", condition=Q(send_at__isnull=False))]
