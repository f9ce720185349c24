"""What can be changed of many products at once: for each kind of change, what a product has now, what it would have, and
how that is written, by the same operations as on its own screen.

A state is plain data (it is stored for undoing). `planned` raises Refused with the reason why a product cannot have it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import describing, publishing
from catalog.models import Attribute, Category, Product, ProductAttribute, Variant
from catalog.prices.rules import rounded
from shop.core.errors import Refused
from shop.core.money import Money, round_half_up

Given = Mapping[str, Any]
State = Any
STEPS = {
    Product.Status.ACTIVE.value: publishing.publish,
    Product.Status.DRAFT.value: publishing.unpublish,
    Product.Status.RETIRED.value: publishing.retire,
}


class Change:
    """`needs` are the names of the form's fields that it reads (catalog/bulk/forms.py)."""

    label: Any = ""
    needs: tuple[str, ...] = ()

    def state(self, product: Product, given: Given) -> State:
        raise NotImplementedError

    def planned(self, product: Product, state: State, given: Given) -> State:
        raise NotImplementedError

    def write(self, product: Product, state: State, given: Given, *, was: State, by: Any) -> None:
        raise NotImplementedError

    def shown(self, state: State) -> str:
        return str(state) if state not in ("", None) else "–"


class StatusChange(Change):
    label, needs = gettext_lazy("on sale, or not"), ("status",)

    def state(self, product, given):
        return product.status

    def planned(self, product, state, given):
        wanted = given["status"]
        if wanted != state and not product.can_move_to(wanted):
            raise Refused(_("This cannot be done now."))
        if wanted == Product.Status.ACTIVE and not any(v.is_active for v in product.variants.all()):
            raise Refused(_("It has no variant on sale."))
        return wanted

    def write(self, product, state, given, *, was, by):
        STEPS[state](product, by=by)

    def shown(self, state):
        return str(Product.Status(state).label)


class CategoryChange(Change):
    needs = ("category",)

    def __init__(self, *, is_added: bool) -> None:
        self.is_added = is_added
        self.label = gettext_lazy("add to a category") if is_added else gettext_lazy("take from a category")

    def state(self, product, given):
        """Whether it is in the category."""
        return any(category.pk == given["category"] for category in product.categories.all())

    def planned(self, product, state, given):
        if self.is_added and not Category.objects.filter(pk=given["category"]).exists():
            raise Refused(_("The category is gone."))
        return self.is_added

    def write(self, product, state, given, *, was, by):
        if state:
            product.categories.add(given["category"])
        else:
            product.categories.remove(given["category"])

    def shown(self, state):
        return _("in it") if state else _("not in it")


class PriceChange(Change):
    """All variants of a product: by an amount or a percentage, then to an ending. A state is {id of the variant:
    [price, currency, SKU]}; a former price stands above the price or the product is refused."""

    def __init__(self, *, is_percent: bool) -> None:
        self.is_percent = is_percent
        self.label = gettext_lazy("price, by per cent") if is_percent else gettext_lazy("price, by an amount")
        self.needs = ("percent" if is_percent else "amount", "ending")

    def state(self, product, given):
        return {str(v.pk): [v.price_minor, v.currency, v.sku] for v in product.variants.all()}

    def planned(self, product, state, given):
        if not state:
            raise Refused(_("It has no variants."))
        found = {
            pk: [self._new(minor, currency, given), currency, sku]
            for pk, (minor, currency, sku) in state.items()
        }
        for variant in product.variants.all():
            minor = found[str(variant.pk)][0]
            if minor < 0:
                raise Refused(_("%(sku)s would cost less than nothing.") % {"sku": variant.sku})
            if variant.percent_off_parts is not None:
                raise Refused(_("The price of %(sku)s follows its parts.") % {"sku": variant.sku})
            if variant.compare_at_minor is not None and variant.compare_at_minor <= minor:
                raise Refused(
                    _("The former price of %(sku)s must be above the price.") % {"sku": variant.sku}
                )
        return found

    def write(self, product, state, given, *, was, by):
        for pk, (minor, _currency, _sku) in state.items():
            rows = Variant.objects.filter(pk=int(pk), product=product, price_minor=was[pk][0])
            if not rows.update(price_minor=minor):
                raise Refused(_("Somebody was faster."))

    def shown(self, state):
        prices = [Money(minor, currency) for minor, currency, _sku in state.values()]
        if not prices:
            return "–"
        low, high = min(prices, key=lambda one: one.minor), max(prices, key=lambda one: one.minor)
        return low.format() if low == high else f"{low.format()} – {high.format()}"

    def _new(self, minor: int, currency: str, given: Given) -> int:
        if self.is_percent:
            exact = round_half_up(minor * (100 + Decimal(given["percent"])) / 100)
        else:
            exact = minor + given["amount"]
        return rounded(exact, given.get("ending"), currency)


class AttributeChange(Change):
    """The value of one property; empty takes it away. A state is its plain values."""

    label, needs = gettext_lazy("a property"), ("attribute", "value")

    def state(self, product, given):
        return [row.plain for row in product.attributes.all() if row.attribute_id == given["attribute"]]

    def planned(self, product, state, given):
        attribute = _attribute(given["attribute"])
        if product.type_id and not attribute.types.filter(pk=product.type_id).exists():
            raise Refused(_("Its type does not have this property."))
        raw = [part.strip() for part in given["value"].splitlines() if part.strip()]
        choices = describing.choices_of([attribute])[attribute.pk]
        columns = describing.parsed(attribute, raw, choices=choices)
        return [ProductAttribute(**column).plain for column in columns]

    def write(self, product, state, given, *, was, by):
        describing.describe(product, values={_attribute(given["attribute"]): state}, by=by)

    def shown(self, state):
        return ", ".join(state) or "–"


class ColumnChange(Change):
    def __init__(self, column: str, label: Any) -> None:
        self.column, self.label, self.needs = column, label, (column,)

    def state(self, product, given):
        return getattr(product, self.column)

    def planned(self, product, state, given):
        return given[self.column]

    def write(self, product, state, given, *, was, by):
        if not Product.objects.filter(pk=product.pk, **{self.column: was}).update(**{self.column: state}):
            raise Refused(_("Somebody was faster."))


CHANGES: dict[str, Change] = {
    "status": StatusChange(),
    "price_percent": PriceChange(is_percent=True),
    "price_amount": PriceChange(is_percent=False),
    "category_add": CategoryChange(is_added=True),
    "category_remove": CategoryChange(is_added=False),
    "attribute": AttributeChange(),
    "brand": ColumnChange("brand", gettext_lazy("brand")),
    "tax_class": ColumnChange("tax_class", gettext_lazy("tax class")),
    "search_words": ColumnChange("search_words", gettext_lazy("other words")),
}


@dataclass(frozen=True)
class Plan:
    """What would become of a product. `problem` says why nothing would."""

    product: Product
    before: State
    after: State
    problem: str = ""


def plan(product: Product, *, what: str, given: Given) -> Plan:
    """`product` comes with its variants, categories and attributes. Writes nothing."""
    change = CHANGES[what]
    before = change.state(product, given)
    try:
        return Plan(product, before, change.planned(product, before, given))
    except Refused as refusal:
        return Plan(product, before, before, refusal.message)


def _attribute(pk: int) -> Attribute:
    found = Attribute.objects.filter(pk=pk).first()
    if found is None:
        raise Refused(_("The property is gone."))
    return found
