"""Typed properties of products: what kind of value each has, and the values themselves in a column of that kind."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Attribute(models.Model):
    """A property that products have: a row of the specification table, a section of the page, a filter of lists."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        CHOICE = "choice", _("Choice")
        SWATCH = "swatch", _("Colour")
        BOOLEAN = "boolean", _("Yes or no")
        DATE = "date", _("Date")

    CHOSEN = (Kind.CHOICE, Kind.SWATCH)  # kinds whose values are choices of the attribute

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TEXT)
    unit = models.CharField(_("unit"), max_length=10, blank=True, help_text=_("Of a number: ml, cm, g/m² …"))
    is_multiple = models.BooleanField(
        _("several values"),
        default=False,
        help_text=_("A product may have more than one: colours, for example."),
    )
    is_filter = models.BooleanField(_("lists filter by it"), default=False)
    is_section = models.BooleanField(
        _("section of its own"),
        default=False,
        help_text=_("Shown below a heading, not in the table: care, for example."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name, verbose_name_plural = _("attribute"), _("attributes")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit="") | Q(kind="number"),
                name="attribute_unit_of_number",
                violation_error_message=_("Only numbers have a unit."),
            ),
            models.CheckConstraint(
                condition=Q(is_multiple=False) | Q(kind__in=["text", "choice", "swatch"]),
                name="attribute_several_values",
                violation_error_message=_("A number, a date or a yes is one value."),
            ),
        ]

    def __str__(self):
        return self.name


class AttributeChoice(models.Model):
    """One of the values that a seller may pick; a colour swatch has its colour."""

    attribute = models.ForeignKey(Attribute, models.CASCADE, related_name="choices")
    name = models.CharField(_("name"), max_length=60)
    color = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9a-f]{6}\Z", _("Enter a colour like #1f5f5b."))],
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name, verbose_name_plural = _("choice"), _("choices")
        constraints = [models.UniqueConstraint(fields=["attribute", "name"], name="attribute_choice_once")]

    def __str__(self):
        return self.name


def _exactly_one() -> Q:
    """Of the columns that hold a value one is filled."""
    empty = {"text": Q(text=""), "number": Q(number=None), "choice": Q(choice=None)}
    empty |= {"is_true": Q(is_true=None), "date": Q(date=None)}
    condition = Q()
    for filled in empty:
        one = Q()
        for name, is_empty in empty.items():
            one &= ~is_empty if name == filled else is_empty
        condition |= one
    return condition


class ProductAttribute(models.Model):
    """A value of a product, in the column of its attribute's kind. Only catalog/describing.py writes here."""

    product = models.ForeignKey("catalog.Product", models.CASCADE, related_name="attributes")
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="values")
    text = models.CharField(_("text"), max_length=250, blank=True, default="")
    number = models.DecimalField(_("number"), max_digits=15, decimal_places=4, null=True, blank=True)
    choice = models.ForeignKey(AttributeChoice, models.PROTECT, related_name="values", null=True, blank=True)
    is_true = models.BooleanField(_("yes"), null=True, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["attribute__position", "attribute_id", "position", "pk"]
        verbose_name, verbose_name_plural = _("property"), _("properties")
        constraints = [
            models.CheckConstraint(condition=_exactly_one(), name="product_attribute_one_value"),
            models.UniqueConstraint(
                fields=["product", "attribute", "text", "number", "choice", "is_true", "date"],
                name="product_attribute_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(
                fields=["attribute", "number"],
                name="product_attribute_number",
                condition=Q(number__isnull=False),
            ),
            models.Index(
                fields=["attribute", "date"], name="product_attribute_date", condition=Q(date__isnull=False)
            ),
        ]

    def __str__(self):
        return self.plain

    @property
    def plain(self) -> str:
        """The value in a form that no language changes: what `catalog.products.kinds.parse` reads back."""
        if self.choice_id is not None:
            return self.choice.name  # type: ignore[union-attr]
        if self.number is not None:
            return f"{self.number.normalize():f}"
        if self.is_true is not None:
            return "yes" if self.is_true else "no"
        return self.date.isoformat() if self.date else self.text
