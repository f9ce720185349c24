"""Whatever a shopper does in whatever order: sums agree, and nothing that was put in is ever lost."""

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from cart import adding, setting_aside, undoing
from cart.models import Cart, WishlistEntry
from cart.totals import totals
from catalog.models import StockItem, Variant
from catalog.tests.factories import make_variant
from shop.core.errors import Refused

WHICH = st.integers(0, 2)
PIECES = st.integers(1, 6)


class Shopper(RuleBasedStateMachine):
    """`inside`, `later` and `taken` are the model: pieces by variant, moved by the rule of business alone."""

    def __init__(self):
        super().__init__()
        self.cart = Cart.objects.create()
        self.variants = [make_variant(stock=0, price_minor=price) for price in (1000, 333, 7)]
        StockItem.objects.update(on_hand=9)  # the ledger has its own tests, and its locks come after a cart's
        self.shelf, self.prices = [9, 9, 9], [1000, 333, 7]
        self.inside: dict[int, int] = {}
        self.later: dict[int, int] = {}
        self.taken: dict[int, int] = {}

    def line(self, n):
        return self.cart.lines.get(variant=self.variants[n])

    def put(self, n, pieces) -> bool:
        """As adding does it: up to what there is; refused when not one piece more can be had."""
        granted = min(self.inside.get(n, 0) + pieces, self.shelf[n])
        if granted <= self.inside.get(n, 0):
            return False
        self.inside[n] = granted
        return True

    def tries(self, expected, call):
        """The call must succeed exactly when the model says so."""
        try:
            call()
        except Refused:
            assert not expected
        else:
            assert expected

    @rule(n=WHICH, pieces=PIECES)
    def add(self, n, pieces):
        expected = self.put(n, pieces)
        self.tries(expected, lambda: adding.add_line(self.cart, variant=self.variants[n], quantity=pieces))

    @rule(n=WHICH, pieces=PIECES)
    def change(self, n, pieces):
        if n in self.inside:
            expected = self.shelf[n] > 0
            line = self.line(n)
            if expected:
                self.inside[n] = min(pieces, self.shelf[n])
            self.tries(expected, lambda: adding.change_line(line, quantity=pieces))

    @rule(n=WHICH)
    def remove(self, n):
        if n in self.inside:
            line = self.line(n)
            self.taken = {n: self.inside.pop(n)}
            adding.remove_line(line)
            adding.remove_line(line)  # a second press

    @rule()
    def empty(self):
        if self.inside:
            self.taken, self.inside = self.inside, {}
        adding.clear(self.cart)

    @rule()
    def undo(self):
        self.taken = {n: pieces for n, pieces in self.taken.items() if not self.put(n, pieces)}
        done = undoing.undo(self.cart)
        assert len(done.refusals) == len(self.taken)

    @rule(n=WHICH)
    def save_for_later(self, n):
        if n in self.inside:
            line = self.line(n)
            self.later[n] = self.later.get(n, 0) + self.inside.pop(n)
            setting_aside.save_for_later(line)

    @rule(n=WHICH)
    def bring_back(self, n):
        if n in self.later:
            entry = WishlistEntry.objects.get(variant=self.variants[n])
            expected = self.put(n, self.later[n])
            if expected:
                del self.later[n]
            self.tries(expected, lambda: setting_aside.into_cart(entry))

    @rule(n=WHICH, minor=st.integers(1, 5000))
    def reprice(self, n, minor):
        self.prices[n] = minor
        Variant.objects.filter(pk=self.variants[n].pk).update(price_minor=minor)

    @rule(n=WHICH, pieces=st.integers(0, 12))
    def restock(self, n, pieces):
        self.shelf[n] = pieces
        StockItem.objects.filter(variant=self.variants[n]).update(on_hand=pieces)

    @invariant()
    def everything_is_where_it_should_be(self):
        numbers = {variant.pk: n for n, variant in enumerate(self.variants)}
        lines = self.cart.lines.values_list("variant", "quantity")
        assert {numbers[pk]: pieces for pk, pieces in lines} == self.inside
        entries = WishlistEntry.objects.values_list("variant", "quantity")
        assert {numbers[pk]: pieces for pk, pieces in entries} == self.later

    @invariant()
    def sums_agree(self):
        found = totals(self.cart)
        counted = {n: min(pieces, self.shelf[n]) for n, pieces in self.inside.items()}
        assert found.goods.minor == sum(self.prices[n] * pieces for n, pieces in counted.items())
        assert found.goods.minor == sum(line.total.minor for line in found.lines)
        assert found.count == sum(counted.values())
        for line in found.lines:
            is_whole = line.quantity == line.wanted and line.unit == line.seen
            assert bool(line.notice) != is_whole  # whatever differs is said, and nothing else


class ACart(TestCase):
    def test_nothing_is_lost_and_sums_agree_whatever_happens(self):
        run_state_machine_as_test(
            self._machine(),
            settings=settings(
                max_examples=8,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    def _machine(self):
        class InItsOwnTransaction(Shopper):
            """Every example starts from an empty shop."""

            def __init__(self):
                self.around = transaction.atomic()
                self.around.__enter__()
                super().__init__()

            def teardown(self):
                transaction.set_rollback(True)
                self.around.__exit__(None, None, None)

        return InItsOwnTransaction
