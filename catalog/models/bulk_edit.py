from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.states import Moves


class BulkEdit(Moves):
    """One change of many products: chosen, looked at, done, and undone if need be.

    What became of a product is stored on its item in the transaction that changes the product: whoever goes on after an
    interruption goes on behind the last one. Only catalog/bulk/running.py writes here.
    """

    LOCK_RANK = locks.IMPORT

    class Status(models.TextChoices):
        CHOSEN = "chosen", _("Not done yet")
        RUNNING = "running", _("Being done")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    MOVES = {
        Status.CHOSEN: {Status.RUNNING},
        Status.RUNNING: {Status.DONE},
        Status.DONE: {Status.UNDOING},
        Status.UNDOING: {Status.UNDONE},
        Status.UNDONE: set(),
    }

    what = models.CharField(_("what changes"), max_length=20, blank=True)  # of catalog/bulk/changes.py
    given = models.JSONField(default=dict)  # what was typed for it
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.CHOSEN)
    item_count = models.PositiveIntegerField(_("products"), default=0)
    seller = models.ForeignKey(
        "accounts.Seller", models.PROTECT, null=True, related_name="+"
    )  # whose staff chose
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("chosen"), default=clock.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("change of many products"), _("changes of many products")

    def __str__(self):
        return str(_("%(count)s products") % {"count": self.item_count})

    @property
    def is_running(self) -> bool:
        return self.status in (self.Status.RUNNING, self.Status.UNDOING)


class BulkEditItem(models.Model):
    """One product of it: what it was before, what it is after, and why not, if not."""

    class Outcome(models.TextChoices):
        OPEN = "", _("Not done yet")
        CHANGED = "changed", _("Changed")
        SAME = "same", _("Was so already")
        REFUSED = "refused", _("Refused")
        UNDONE = "undone", _("Undone")
        KEPT = "kept", _("Not undone")

    bulk_edit = models.ForeignKey(BulkEdit, models.CASCADE, related_name="items")
    product = models.ForeignKey("catalog.Product", models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    problem = models.CharField(max_length=300, blank=True)
    is_shown = models.BooleanField(default=True)  # False: lists do not show it yet

    class Meta:
        ordering = ["bulk_edit", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["bulk_edit", "product"], name="bulk_edit_product_once")
        ]
        indexes = [
            models.Index(fields=["bulk_edit", "outcome", "id"], name="bulk_edit_by_outcome"),
            models.Index(fields=["bulk_edit"], name="bulk_edit_unshown", condition=Q(is_shown=False)),
        ]

    def __str__(self):
        return str(self.product or "–")
