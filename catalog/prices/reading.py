"""Reads what prices depend on, in a constant number of queries: the lists (few, kept in the cache for half a minute and
dropped with every change), the amounts of those that apply, and which products stand in their categories.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from catalog.models import ListPrice, PriceList, Product, Variant
from catalog.prices.rules import Candidate, Decision, Own, Rule, Steps, Why, decide, given, lost
from shop.accounts.models import CustomerGroup

KEY = "price-rules:1"
SECONDS = 30
RULE = {
    "group_name": F("group__name"),
    "path": F("category__path"),
}


@dataclass(frozen=True)
class Tried:
    """A rule (None: the variant's own price), what it gives, and why that is not the price."""

    rule: Rule | None
    gives: Candidate | None
    why: Why | None


@dataclass(frozen=True)
class Book:
    """The rules that apply to one buyer at one moment, with their amounts for some variants."""

    currency: str
    rules: tuple[Rule, ...] = ()
    silent: tuple[tuple[Rule, Why], ...] = ()
    steps: Mapping[tuple[int, int], Steps] = field(default_factory=dict)  # by (rule, variant)
    members: Mapping[int, frozenset[int]] = field(default_factory=dict)  # {rule: products in its category}

    def decision(self, variant: Variant, quantity: int) -> Decision | None:
        """None if it has no price."""
        answers = self._ask(variant, quantity).values()
        return decide(own_of(variant, self.currency), [one for one in answers if isinstance(one, Candidate)])

    def starts(self, variant: Variant) -> list[int]:
        """The quantities from which on some list asks for something else."""
        return sorted({n for rule in self.rules for n, _minor in self.steps.get((rule.pk, variant.pk), ())})

    def _ask(self, variant: Variant, quantity: int) -> dict[Rule, Candidate | Why]:
        own = own_of(variant, self.currency)
        return {
            rule: given(
                rule,
                own,
                steps=self.steps.get((rule.pk, variant.pk), ()),
                is_member=not rule.category_path or variant.product_id in self.members.get(rule.pk, ()),
                quantity=quantity,
            )
            for rule in self.rules
        }

    def tried(self, variant: Variant, quantity: int) -> list[Tried]:
        """Every rule with the amount that it gives, and why it is not the price; the winner has no reason."""
        decision, answers = self.decision(variant, quantity), self._ask(variant, quantity)
        candidates: list[Candidate] = [one for one in answers.values() if isinstance(one, Candidate)]
        own = own_of(variant, self.currency)
        if own.minor is not None:
            candidates.append(Candidate(own.minor))
        told = [Tried(one.rule, one, lost(one, decision.won) if decision else None) for one in candidates]
        told += [Tried(rule, None, why) for rule, why in answers.items() if isinstance(why, Why)]
        return [*told, *(Tried(rule, None, why) for rule, why in self.silent)]


def own_of(variant: Variant, currency: str) -> Own:
    if variant.currency != currency:
        return Own(None)
    return Own(variant.price_minor, variant.compare_at_minor)


def open_book(
    variants: Iterable[Variant],
    *,
    customer: object = None,
    currency: str,
    at: datetime,
    is_fresh: bool = False,
) -> Book:
    """No query where no list applies; else three at most, one of them for the buyer's groups.

    `customer` is a user, a user's id or None. `is_fresh` reads the lists from the database: for what is written down.
    """
    known = rules(is_fresh=is_fresh)
    if not known:
        return Book(currency)
    groups = groups_of(customer) if any(rule.group_id for rule in known) else frozenset()
    said = [(rule, rule.silence(groups=groups, currency=currency, at=at)) for rule in known]
    speaking = tuple(rule for rule, why in said if why is None)
    silent = tuple((rule, why) for rule, why in said if why is not None)
    if not speaking:
        return Book(currency, silent=silent)
    variants = list(variants)
    return Book(currency, speaking, silent, _steps(speaking, variants), _members(speaking, variants))


def rules(*, is_fresh: bool = False) -> tuple[Rule, ...]:
    """Every list, the oldest first."""
    kept = None if is_fresh else cache.get(KEY)
    if kept is None:
        kept = tuple(_rule(row) for row in PriceList.objects.annotate(**RULE).order_by("pk"))
        if not is_fresh:
            cache.set(KEY, kept, SECONDS)
    return kept


def period_of(list_id: int | None) -> tuple[datetime | None, datetime | None]:
    """From when until when the prices of a list hold; (None, None) where nothing ends them, and for a variant's own."""
    found = next((rule for rule in rules() if rule.pk == list_id), None) if list_id else None
    return (found.starts_at, found.ends_at) if found else (None, None)


def forget_rules() -> None:
    """Whoever changed a list, or a name that rules bear, calls this in his transaction."""
    cache.delete(KEY)
    transaction.on_commit(lambda: cache.delete(KEY), robust=True)


def groups_of(customer: object) -> frozenset[int]:
    """The ids of the buyer's groups; remembered on the user for as long as the request has it."""
    pk = customer if isinstance(customer, int) else getattr(customer, "pk", None)
    if pk is None:
        return frozenset()
    kept: frozenset[int] | None = getattr(customer, "_customer_groups", None)
    if kept is None:
        kept = frozenset(CustomerGroup.objects.filter(members=pk).values_list("pk", flat=True))
        if not isinstance(customer, int):
            customer._customer_groups = kept  # type: ignore[attr-defined]
    return kept


def _rule(row: PriceList) -> Rule:
    return Rule(
        pk=row.pk,
        name=row.name,
        currency=row.currency,
        group_id=row.group_id,
        group=row.group_name or "",  # type: ignore[attr-defined]
        percent=row.percent,
        ending_minor=row.ending_minor,
        category_path=row.path or "",  # type: ignore[attr-defined]
        is_sale=row.is_sale,
        priority=row.priority,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        is_active=row.is_active,
    )


def _steps(rules: Iterable[Rule], variants: list[Variant]) -> dict[tuple[int, int], Steps]:
    fixed = [rule.pk for rule in rules if rule.percent is None]
    if not fixed:
        return {}
    rows = ListPrice.objects.filter(price_list__in=fixed, variant__in=[one.pk for one in variants])
    found: dict[tuple[int, int], Steps] = {}
    for rule, variant, n, minor in rows.order_by("from_quantity").values_list(
        "price_list", "variant", "from_quantity", "price_minor"
    ):
        found[rule, variant] = (*found.get((rule, variant), ()), (n, minor))
    return found


def _members(rules: Iterable[Rule], variants: list[Variant]) -> dict[int, frozenset[int]]:
    """In one query: each product's places in the tree, held against the rules' branches."""
    bound = [rule for rule in rules if rule.percent is not None and rule.category_path]
    if not bound:
        return {}
    links = Product.categories.through.objects.filter(product__in={one.product_id for one in variants})
    places = list(links.values_list("product_id", "category__path"))
    return {
        rule.pk: frozenset(product for product, path in places if path.startswith(rule.category_path))
        for rule in bound
    }
