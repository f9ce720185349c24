from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.core import clock, locks
from shop.core.states import Moves
from shop.core.storage import private


class ImportRun(Moves):
    """A file of products on its way into the shop: uploaded, tried out, imported.

    Its items are the file's products. What was found out about an item is written in the transaction that writes the
    product itself: whoever goes on with a run that was interrupted goes on after the last one.
    """

    LOCK_RANK = locks.IMPORT

    class Status(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being tried out")
        CHECKED = "checked", _("Tried out")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Failed")

    MOVES = {
        Status.UPLOADED: {Status.CHECKING, Status.IMPORTING, Status.STOPPED},
        Status.CHECKING: {Status.CHECKED, Status.FAILED, Status.STOPPED},
        Status.CHECKED: {Status.CHECKING, Status.IMPORTING, Status.STOPPED},
        Status.IMPORTING: {Status.DONE, Status.FAILED, Status.STOPPED},
        Status.STOPPED: {Status.IMPORTING},
        Status.FAILED: {Status.IMPORTING},
        Status.DONE: set(),
    }

    name = models.CharField(_("file"), max_length=200)
    file = models.FileField(upload_to="imports/", storage=private, max_length=200)
    format = models.CharField(_("format"), max_length=20)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    skip = models.PositiveSmallIntegerField(default=0)  # lines before the header
    columns = models.JSONField(default=list)  # [[header, field it fills or ""]]
    location = models.ForeignKey("catalog.StockLocation", models.PROTECT, null=True, related_name="+")
    seller = models.ForeignKey("accounts.Seller", models.PROTECT, null=True, related_name="+")  # of all of it
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.UPLOADED)
    line_count = models.PositiveIntegerField(default=0)
    item_count = models.PositiveIntegerField(_("products"), default=0)
    failure = models.CharField(max_length=300, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField(_("uploaded"), default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("import"), _("imports")

    def __str__(self):
        return self.name

    @property
    def is_running(self) -> bool:
        return self.status in (self.Status.CHECKING, self.Status.IMPORTING)


class ImportItem(models.Model):
    """One product of the file: its lines, what would change, and what became of it."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Left out")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="items")
    number = models.PositiveIntegerField()
    key = models.CharField(max_length=300, blank=True)
    line = models.PositiveIntegerField()
    lines = models.JSONField()  # [[line, {field: cell}, error]]
    is_too_long = models.BooleanField(default=False)  # the rest of its lines was not kept
    planned = models.CharField(max_length=10, choices=Outcome, blank=True)  # what the dry run found
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)  # what the import did
    name = models.CharField(max_length=150, blank=True)
    changes = models.JSONField(default=list)  # [[what, before, after]]
    problems = models.JSONField(default=list)  # [[line, column, message, is_error]]
    product = models.ForeignKey("catalog.Product", models.SET_NULL, null=True, related_name="+")
    later = models.JSONField(
        default=dict
    )  # what waits until all products are here: catalog/importing/joining.py
    is_shown = models.BooleanField(default=True)  # False: lists do not show it yet

    class Meta:
        ordering = ["run", "number"]
        verbose_name, verbose_name_plural = _("product of the file"), _("products of the file")
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_item_once")]
        indexes = [
            models.Index(fields=["run", "number"], name="import_item_open", condition=Q(outcome="")),
            models.Index(fields=["run", "number"], name="import_item_unshown", condition=Q(is_shown=False)),
        ]

    def __str__(self):
        return self.name or self.key
