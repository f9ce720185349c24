from django.db import models


class TaxAnswer(models.Model):
    """What a tax service said of one very purchase: amounts, place, buyer and day are digested in `key`."""

    checkout = models.ForeignKey("checkout.Checkout", models.CASCADE, related_name="tax_answers")
    key = models.CharField(max_length=64)
    taxes = models.JSONField()  # for each part: [name, per cent, taxable, tax, reason] of each of its taxes
    provider_ref = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkout", "key"], name="tax_answer_once")]
