"""Changes many products at once, chunk by chunk, and undoes it.

What became of a product is stored in the transaction that changes it. A process that is killed leaves whole chunks; whoever
comes next takes the products that have no outcome yet. The run's own row is locked while a chunk is under way, so two
processes share a run instead of doing it twice. Undoing gives back what was there before, but only where nobody has changed
it since: their word is newer. Lists and the history of prices are brought up to date in bulk after each chunk.
"""

import time
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from catalog.bulk.changes import CHANGES, Plan, plan
from catalog.finding import refreshing
from catalog.models import BulkEdit, BulkEditItem, Product, Variant
from catalog.prices.noting import note_prices
from shop.core import events
from shop.core.errors import Refused
from shop.core.faultpoints import faultpoint
from shop.core.locks import lock
from shop.core.states import IllegalMove

AT_ONCE = 200  # up to here the seller waits; above, a worker does it
CHUNK = 100  # products in one transaction
LOCK = 7315  # of the advisory locks: one chunk of all such runs writes at a time
SHARE = 60.0  # seconds; the outbox leases work for 120
Status, Outcome = BulkEdit.Status, BulkEditItem.Outcome


class NotNow(Refused):
    """It is being done, or it is done already."""


@transaction.atomic
def choose(products: QuerySet[Product], *, by: Any = None) -> BulkEdit:
    """Remember which products these are now; nothing happens to them yet."""
    made = BulkEdit.objects.create(
        started_by=by if getattr(by, "pk", None) else None, seller_id=getattr(by, "seller_id", None)
    )
    ids, params = products.order_by().values("pk").distinct().query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_bulkedititem (bulk_edit_id, product_id, outcome, problem, is_shown)"  # noqa: S608  # nosec B608 - our own query
            f" SELECT %s, chosen.id, '', '', true FROM ({ids}) AS chosen(id) ORDER BY chosen.id",
            [made.pk, *params],
        )
        made.item_count = cursor.rowcount
    made.save(update_fields=["item_count"])
    return made


def preview(items: Iterable[BulkEditItem], *, what: str, given: dict) -> list[Plan]:
    """What would become of these of its products."""
    return [plan(product, what=what, given=given) for product in _products(items).values()]


@transaction.atomic
def start(bulk_edit: BulkEdit, *, what: str, given: dict, by: Any = None) -> None:
    """Have it done; many by a worker. Raises NotNow."""
    _move(bulk_edit, Status.RUNNING, what=what, given=given)
    events.record("bulk_edit.started", bulk_edit, by=by, what=what)


@transaction.atomic
def undo(bulk_edit: BulkEdit, *, by: Any = None) -> None:
    """Have it taken back. Raises NotNow."""
    _move(bulk_edit, Status.UNDOING)
    events.record("bulk_edit.undone", bulk_edit, by=by)


def work(bulk_edit: BulkEdit, *, seconds: float = 0) -> bool:
    """Go on with it, for `seconds` at most (0: to its end); True when nothing is left. Safe to run twice and at once."""
    until = time.monotonic() + seconds if seconds else None
    _show(bulk_edit)
    while _chunk(bulk_edit):
        faultpoint("bulk_edit.written")
        _show(bulk_edit)
        if until and time.monotonic() > until:
            return False
    return True


def go_on(bulk_edit: BulkEdit) -> None:
    """A worker's share; the next one is asked for where something is left."""
    if not work(bulk_edit, seconds=SHARE):
        with transaction.atomic():
            events.record("bulk_edit.continued", bulk_edit)


def counts(bulk_edit: BulkEdit) -> dict[str, int]:
    """{outcome: how many}."""
    return dict(bulk_edit.items.order_by().values_list("outcome").annotate(Count("pk")))


def _move(bulk_edit: BulkEdit, status: str, **changes: Any) -> None:
    try:
        bulk_edit.move_to(status, **changes)
    except IllegalMove as error:
        bulk_edit.refresh_from_db()
        raise NotNow(
            _("This cannot be done now: %(status)s.") % {"status": bulk_edit.get_status_display()}
        ) from error


@transaction.atomic
def _chunk(bulk_edit: BulkEdit) -> int:
    """The next products; 0 when there are none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    held = lock(BulkEdit.objects.select_related("started_by").filter(pk=bulk_edit.pk)).get()
    if not held.is_running:
        return 0
    is_undo = held.status == Status.UNDOING
    waiting = Outcome.CHANGED if is_undo else Outcome.OPEN
    items = list(held.items.filter(outcome=waiting).order_by("pk")[:CHUNK])
    if not items:
        held.move_to(Status.UNDONE if is_undo else Status.DONE)
        return 0
    products = _products(items)
    for item in items:
        product = products.get(item.product_id or 0)
        if product is None:
            item.outcome, item.problem = Outcome.KEPT if is_undo else Outcome.REFUSED, _("It is gone.")
        elif is_undo:
            _undo_one(held, item, product)
        else:
            _do_one(held, item, product)
    _record(held, items, products)
    BulkEditItem.objects.bulk_update(items, ["outcome", "before", "after", "problem", "is_shown"])
    faultpoint("bulk_edit.chunk")
    return len(items)


def _do_one(bulk_edit: BulkEdit, item: BulkEditItem, product: Product) -> None:
    found = plan(product, what=bulk_edit.what, given=bulk_edit.given)
    item.before, item.after, item.problem = found.before, found.after, found.problem[:300]
    if found.problem:
        item.outcome = Outcome.REFUSED
    elif found.before == found.after:
        item.outcome = Outcome.SAME
    else:
        _write(
            bulk_edit, item, product, found.before, found.after, done=Outcome.CHANGED, failed=Outcome.REFUSED
        )


def _undo_one(bulk_edit: BulkEdit, item: BulkEditItem, product: Product) -> None:
    if CHANGES[bulk_edit.what].state(product, bulk_edit.given) != item.after:
        item.outcome, item.problem = Outcome.KEPT, _("Somebody has changed it since.")
        return
    _write(bulk_edit, item, product, item.after, item.before, done=Outcome.UNDONE, failed=Outcome.KEPT)


def _write(bulk_edit, item, product, was, state, *, done: str, failed: str) -> None:
    """By the operations of one product; what they refuse stays as it was."""
    try:
        with transaction.atomic():
            change = CHANGES[bulk_edit.what]
            change.write(product, state, bulk_edit.given, was=was, by=bulk_edit.started_by)
    except Refused as refusal:
        item.outcome, item.problem = failed, refusal.message[:300]
    else:
        item.outcome, item.is_shown = done, False


def _record(bulk_edit: BulkEdit, items: list[BulkEditItem], products: dict[int, Product]) -> None:
    written = [item for item in items if not item.is_shown]
    data = {"bulk_edit": bulk_edit.pk, "what": bulk_edit.what}
    subjects = [(products[item.product_id], data) for item in written if item.product_id]
    events.record_many("product.bulk_edited", subjects, by=bulk_edit.started_by)
    ids = [product.pk for product, _data in subjects]
    note_prices(Variant.objects.filter(product__in=ids).values_list("pk", flat=True))


def _products(items: Iterable[BulkEditItem]) -> dict[int, Product]:
    """{id: product}, with all that changes look at."""
    ids = [item.product_id for item in items if item.product_id]
    rows = Product.objects.filter(pk__in=ids).order_by("pk")
    related = rows.prefetch_related("variants", "categories", "attributes__choice", "attributes__attribute")
    return {product.pk: product for product in related}


def _show(bulk_edit: BulkEdit) -> None:
    """Bring lists up to date for what is written and not shown yet."""
    while waiting := dict(bulk_edit.items.filter(is_shown=False).values_list("pk", "product_id")[:CHUNK]):
        refreshing.refresh(product for product in waiting.values() if product)
        BulkEditItem.objects.filter(pk__in=waiting).update(is_shown=True)
