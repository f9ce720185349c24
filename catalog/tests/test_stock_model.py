"""Whatever buyers, sweeper and staff do in whatever order: the books agree with a simple model of the shelf."""

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from catalog import stock
from catalog.models import Movement, Reservation, StockItem
from catalog.stock import OutOfStock
from catalog.tests.factories import make_location, make_variant

HOLDERS = st.sampled_from(["checkout:1", "checkout:2", "order:1", "order:2"])
PIECES = st.integers(1, 6)
SHELF = st.sampled_from([0, 1])


class Shelf(RuleBasedStateMachine):
    """`on_hand` and `held` are the model: plain numbers, changed by the rule of business alone."""

    def __init__(self):
        super().__init__()
        self.variants = [make_variant(stock=8) for _ in range(2)]
        self.on_hand = [8, 8]
        self.held = {}

    def free(self, n):
        return self.on_hand[n] - sum(row[n] for row in self.held.values())

    def tries(self, expected, call):
        """The call must succeed exactly when the model says so."""
        try:
            call()
        except OutOfStock:
            assert not expected
        else:
            assert expected
        return expected

    @rule(holder=HOLDERS, first=st.integers(0, 6), second=st.integers(0, 6))
    def reserve(self, holder, first, second):
        wanted, own = [first, second], self.held.get(holder, [0, 0])
        possible = all(wanted[n] <= self.free(n) + own[n] for n in (0, 1))
        quantities = {variant.pk: wanted[n] for n, variant in enumerate(self.variants) if wanted[n]}
        if self.tries(possible, lambda: stock.reserve(quantities, holder=holder, minutes=15)):
            self.held[holder] = wanted

    @rule(holder=HOLDERS)
    def release(self, holder):
        assert stock.release(holder) == sum(self.held.pop(holder, [0, 0]))

    @rule(holder=HOLDERS, n=SHELF, pieces=PIECES)
    def release_some(self, holder, n, pieces):
        possible = self.held.get(holder, [0, 0])[n] >= pieces
        give = lambda: stock.release_some(holder, variant=self.variants[n].pk, quantity=pieces)  # noqa: E731
        if self.tries(possible, give):
            self.held[holder][n] -= pieces

    @rule(holder=HOLDERS, n=SHELF, pieces=PIECES)
    def ship(self, holder, n, pieces):
        possible = self.held.get(holder, [0, 0])[n] >= pieces
        go = lambda: stock.ship(holder, variant=self.variants[n].pk, quantity=pieces)  # noqa: E731
        if self.tries(possible, go):
            self.held[holder][n] -= pieces
            self.on_hand[n] -= pieces

    @rule(n=SHELF, pieces=PIECES)
    def receive(self, n, pieces):
        stock.receive(self.variants[n], location=make_location(), quantity=pieces)
        self.on_hand[n] += pieces

    @rule(n=SHELF, delta=st.integers(-6, 6))
    def adjust(self, n, delta):
        item = StockItem.objects.get(variant=self.variants[n])
        possible = self.free(n) + delta >= 0 or delta >= 0
        if self.tries(possible, lambda: stock.adjust(item, delta=delta, reason="model")):
            self.on_hand[n] += delta

    @rule(n=SHELF, counted=st.integers(0, 12))
    def count(self, n, counted):
        item = StockItem.objects.get(variant=self.variants[n])
        possible = counted >= self.on_hand[n] - self.free(n)
        if self.tries(possible, lambda: stock.count(item, counted=counted)):
            self.on_hand[n] = counted

    @rule()
    def everything_unfinished_runs_out(self):
        Reservation.objects.filter(holder__startswith="checkout").update(expires_at="2000-01-01T00:00Z")
        stock.release_expired()
        self.held = {holder: row for holder, row in self.held.items() if not holder.startswith("checkout")}

    @rule(pair=st.sampled_from([("checkout:1", "order:1"), ("checkout:2", "order:2")]))
    def commit(self, pair):
        checkout, order = pair
        if any(self.held.get(order, [])):
            return  # an order is committed to once
        stock.commit(checkout, to=order)
        if checkout in self.held:
            self.held[order] = self.held.pop(checkout)

    @invariant()
    def the_books_agree(self):
        for n, variant in enumerate(self.variants):
            item = StockItem.objects.get(variant=variant)
            moves = Movement.objects.filter(stock_item=item)
            held = sum(row.quantity for row in Reservation.objects.filter(stock_item=item))
            assert item.on_hand == self.on_hand[n] == sum(m.on_hand_delta for m in moves)
            assert item.available == self.free(n) == stock.available([variant.pk])[variant.pk]
            assert item.reserved == held == sum(m.reserved_delta for m in moves)


class TestShelf(TestCase):
    def test_the_books_agree_whatever_happens(self):
        run_state_machine_as_test(
            self._machine(),
            settings=settings(
                max_examples=15,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )

    def _machine(self):
        class InItsOwnTransaction(Shelf):
            """Every example starts from an empty shop."""

            def __init__(self):
                self.around = transaction.atomic()
                self.around.__enter__()
                super().__init__()

            def teardown(self):
                transaction.set_rollback(True)
                self.around.__exit__(None, None, None)

        return InItsOwnTransaction
