"""What a run found out, for the seller: counts, what would change or has changed, and what is wrong, by line."""

from collections.abc import Iterator

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from catalog.importing.records import Problem
from catalog.models import ImportItem, ImportRun
from shop.core import csvio

Outcome = ImportItem.Outcome


def counts(run: ImportRun) -> dict[Outcome, int]:
    """{outcome: products}, of the pass that was made last."""
    column = last_pass(run)
    found = dict(run.items.order_by().values_list(column).annotate(Count("pk")))
    return {outcome: found.get(outcome.value, 0) for outcome in Outcome}


def last_pass(run: ImportRun) -> str:
    """The column of the items that tells: what the import did, once it has begun; else what the dry run found."""
    S = ImportRun.Status
    if run.status in (S.UPLOADED, S.CHECKING, S.CHECKED):
        return "planned"
    return "outcome"


def items(run: ImportRun, outcome: str = "") -> QuerySet[ImportItem]:
    """In the order of the file, without their lines; of one outcome only, if named."""
    column = last_pass(run)
    found = run.items.exclude(**{column: ""}).defer("lines").order_by("number")
    return found.filter(**{column: outcome}) if outcome in Outcome.values else found


def problems(run: ImportRun, *, limit: int | None = None) -> Iterator[Problem]:
    """In the order of the file."""
    rows = run.items.exclude(problems=[]).order_by("number").values_list("problems", flat=True)
    told = 0
    for row in rows.iterator(chunk_size=500):
        for line, column, message, is_error in row:
            if limit is not None and told >= limit:
                return
            told += 1
            yield Problem(line, column, message, is_error)


def problems_csv(run: ImportRun) -> Iterator[bytes]:
    """A table to work through beside the file."""

    def rows() -> Iterator[list]:
        yield [_("line"), _("column"), _("kind"), _("message")]
        for problem in problems(run):
            kind = _("error") if problem.is_error else _("note")
            yield [problem.line, csvio.neutralise(problem.column), kind, csvio.neutralise(problem.message)]

    return csvio.written(rows())
