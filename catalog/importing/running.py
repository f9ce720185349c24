"""A run goes through the file's products chunk by chunk: once without writing (the dry run), once in earnest.

What became of an item is stored in the transaction that writes its product. A process that is killed leaves whole products
and nothing else; whoever comes next, here or in another process, takes the items that have no outcome yet. The run's own
row is locked while a chunk is under way, so that two processes share a run instead of doing it twice, and one lock of the
shop lets a single chunk write at a time: two runs never interleave on a product.

Lists are brought up to date in bulk after each chunk, not by one event a product; what a killed process had written but
not shown yet is marked on the items and shown first by the next one.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.finding import refreshing
from catalog.importing import joining, planning
from catalog.importing.plans import Plan
from catalog.importing.staging import lay_out
from catalog.importing.writing import write
from catalog.models import ImportItem, ImportRun
from shop.core import events, many
from shop.core.errors import Refused
from shop.core.faultpoints import faultpoint
from shop.core.locks import lock
from shop.core.states import IllegalMove

CHUNK = 500  # products in one transaction
LOCK = 7310  # of the advisory locks: one chunk of all imports writes at a time
TAKE_TURNS = "SELECT pg_advisory_xact_lock(%s)"
TRIES = 5
SHARE = 60.0  # seconds; the outbox leases work for 120
Status, Outcome = ImportRun.Status, ImportItem.Outcome
Told = Callable[[int], None]

log = logging.getLogger(__name__)


class NotNow(Refused):
    """The run is not in a state in which this can be done."""


@transaction.atomic
def check(run: ImportRun, *, by: Any = None) -> None:
    """Have the dry run done. Raises NotNow."""
    _begin(run, Status.CHECKING, by)


@transaction.atomic
def start(run: ImportRun, *, by: Any = None) -> None:
    """Have the file imported, or go on with a run that was stopped or failed. Raises NotNow."""
    _begin(run, Status.IMPORTING, by)


@transaction.atomic
def stop(run: ImportRun, *, by: Any = None) -> None:
    """What is written stays written; the rest waits until somebody goes on. Raises NotNow."""
    _move(run, Status.STOPPED)
    events.record("import_run.stopped", run, by=by)


def work(run: ImportRun, *, seconds: float = 0, told: Told = lambda done: None) -> bool:
    """Go on with what the run has to do, for `seconds` at most (0: to its end); True when nothing is left.

    `told` hears how many products are done. Safe to run twice and at the same time.
    """
    until = time.monotonic() + seconds if seconds else None
    run.refresh_from_db()
    if not run.is_running:
        return True
    if not lay_out_now(run):
        return True
    _show(run)
    while _chunk(run, told):
        faultpoint("import.written")
        _show(run)
        if until and time.monotonic() > until:
            return False
    while joining.join_some(run):
        _show(run)
        if until and time.monotonic() > until:
            return False
    _finish(run)
    return True


def go_on(run: ImportRun) -> None:
    """A worker's share: as much as fits into its lease; the next share is asked for where something is left."""
    if not work(run, seconds=SHARE):
        with transaction.atomic():
            events.record("import_run.continued", run)


def unfinished(run: ImportRun) -> int:
    """Products that the present pass has not come to yet."""
    return run.items.filter(**{_column(run): ""}).count()


def _begin(run: ImportRun, status: str, by: Any) -> None:
    _move(run, status)
    if status == Status.CHECKING:
        run.items.update(planned="", changes=[], problems=[])
    events.record("import_run.started", run, by=by)


def _move(run: ImportRun, status: str, **changes: Any) -> None:
    try:
        run.move_to(status, **changes)
    except IllegalMove as error:
        run.refresh_from_db()
        words = {"name": run, "status": run.get_status_display()}
        raise NotNow(_("%(name)s: %(status)s. This cannot be done now.") % words) from error


def lay_out_now(run: ImportRun) -> bool:
    """The lines are laid out once, by whoever comes first; False if there are none, and the run has failed."""
    try:
        with transaction.atomic():
            held = lock(ImportRun.objects.filter(pk=run.pk)).get()
            if not held.item_count:
                lay_out(held)
            run.line_count, run.item_count = held.line_count, held.item_count
    except Refused as refusal:
        _fail(run, refusal.message)
        return False
    if not run.item_count:
        _fail(run, _("The file has a header and nothing below it."))
    return bool(run.item_count)


def _fail(run: ImportRun, message: str) -> None:
    run.move_to(Status.FAILED, failure=message[:300], finished_at=timezone.now())


def _chunk(run: ImportRun, told: Told) -> int:
    """Do the next products; how many there were. A lock that does not come is waited for a few times."""
    for attempt in range(TRIES):
        try:
            done = _do(run)
        except OperationalError:
            if attempt == TRIES - 1:
                raise
            log.warning("a chunk of an import could not be written, trying again", exc_info=True)
            time.sleep(0.2 * 2**attempt)
        else:
            told(done)
            return done
    return 0


@transaction.atomic
def _do(run: ImportRun) -> int:
    run = _locked(run)
    if not run.is_running:
        return 0
    items = list(run.items.filter(**{_column(run): ""}).order_by("number")[:CHUNK])
    if run.status == Status.CHECKING:
        _note(run, planning.plan(run, items))
    else:
        _import(run, items)
    faultpoint("import.chunk")
    return len(items)


def _locked(run: ImportRun) -> ImportRun:
    with connection.cursor() as cursor:
        if run.status == Status.IMPORTING:
            cursor.execute(TAKE_TURNS, [LOCK])
        return lock(ImportRun.objects.select_related("location", "started_by").filter(pk=run.pk)).get()


def _import(run: ImportRun, items: list[ImportItem]) -> None:
    """All at once; if the database refuses that, one by one, so that a single product cannot stop the others."""
    try:
        with transaction.atomic():
            _note(run, _write(run, items))
    except OperationalError:
        raise
    except (DatabaseError, Refused):
        for item in items:
            _import_one(run, item)


def _import_one(run: ImportRun, item: ImportItem) -> None:
    try:
        with transaction.atomic():
            plans = _write(run, [item])
    except OperationalError:
        raise
    except (DatabaseError, Refused) as error:
        log.warning("a product of an import was refused by the database", exc_info=True)
        (plan,) = plans = planning.plan(run, [item])
        plan.record.refuse(
            getattr(error, "message", "")
            or _("The database refused this product: %(error)s") % {"error": str(error).splitlines()[0][:200]}
        )
    _note(run, plans)


def _write(run: ImportRun, items: list[ImportItem]) -> list[Plan]:
    plans = planning.plan(run, items, is_locking=True)
    write(plans, run=run, by=run.started_by)
    return plans


def _note(run: ImportRun, plans: list[Plan]) -> None:
    """What was found out or done, on the items."""
    is_import = run.status == Status.IMPORTING
    for plan in plans:
        item, outcome = plan.item, plan.outcome
        if is_import:
            item.outcome, item.lines = outcome, [] if outcome != Outcome.REFUSED else item.lines
            item.later = {} if outcome == Outcome.REFUSED else plan.later
            item.is_shown = outcome in (Outcome.UNCHANGED, Outcome.REFUSED)
        else:
            item.planned = outcome
        item.product_id = plan.product.pk
        item.name = (plan.record.values.get("name") or plan.product.name)[:150]
        item.changes = plan.changes
        item.problems = [problem.as_json() for problem in plan.record.problems]
    columns = ["outcome", "lines", "later", "is_shown"] if is_import else ["planned"]
    many.update([plan.item for plan in plans], [*columns, "product", "name", "changes", "problems"])


def _show(run: ImportRun) -> None:
    """Bring lists up to date for what is written and not shown yet."""
    while waiting := list(run.items.filter(is_shown=False).values_list("pk", "product_id")[:CHUNK]):
        refreshing.refresh(product for _item, product in waiting if product)
        ImportItem.objects.filter(pk__in=[item for item, _product in waiting]).update(is_shown=True)


@transaction.atomic
def _finish(run: ImportRun) -> None:
    run = lock(ImportRun.objects.filter(pk=run.pk)).get()
    if not run.is_running or unfinished(run) or joining.waiting(run).exists():
        return
    if run.status == Status.CHECKING:
        run.move_to(Status.CHECKED)
        events.record("import_run.checked", run)
    else:
        run.move_to(Status.DONE, finished_at=timezone.now())
        events.record("import_run.finished", run)


def _column(run: ImportRun) -> str:
    """Where an item says that this pass has been at it."""
    return "outcome" if run.status == Status.IMPORTING else "planned"
