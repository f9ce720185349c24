from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.core import clock


class DownloadGrantQuerySet(models.QuerySet):
    def open(self):
        """By the database's clock."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=Now()), revoked_at=None)

    def for_listing(self):
        return self.select_related("order_line__order").prefetch_related("files__file__versions")


class DownloadGrant(models.Model):
    """The right to download what a line of a paid order is about. One for each line, made by fulfillment/delivering.py."""

    order_line = models.OneToOneField("orders.OrderLine", models.PROTECT, related_name="download_grant")
    most = models.PositiveSmallIntegerField(_("downloads of each file"))
    expires_at = models.DateTimeField(_("until"), null=True)  # None: for ever
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)
    created_at = models.DateTimeField(_("since"), default=clock.now)

    objects = DownloadGrantQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("right to download"), _("rights to download")

    def __str__(self):
        return self.order_line.name

    @property
    def order(self):
        return self.order_line.order

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()


class GrantedFile(models.Model):
    """One file of a grant, and how often it was fetched since it was granted or renewed."""

    grant = models.ForeignKey(DownloadGrant, models.CASCADE, related_name="files")
    file = models.ForeignKey("catalog.DigitalFile", models.PROTECT, related_name="+")
    used = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["grant", "file"], name="granted_file_once")]

    @property
    def left(self) -> int:
        return max(0, self.grant.most - self.used)
