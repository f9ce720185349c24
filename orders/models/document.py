from django.db import models

from shop.core import clock
from shop.core.storage import private


class Document(models.Model):
    """A paper of an order as it was issued: its figures are kept, the PDF is made from them."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt"

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=Kind)
    figures = models.JSONField()
    file = models.FileField(storage=private, upload_to="documents/", blank=True)
    issued_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "kind"], name="document_once")]

    @property
    def name(self) -> str:
        """For the file: "receipt-K7F4-9QXM"."""
        return f"{self.kind}-{self.figures.get('number', self.pk)}"
