"""Import products from a CSV file: our own, Shopify's or WooCommerce's; the header tells which.

manage.py import_products products.csv --dry-run        what would change, and what is wrong, line by line
manage.py import_products products.csv
manage.py import_products products.csv --format shopify
manage.py import_products --resume                      go on with the last import that was interrupted
manage.py import_products --resume 12                   or with that one
"""

import time
from pathlib import Path
from typing import IO, cast

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.importing import reporting, running
from catalog.importing.formats import FORMATS
from catalog.importing.uploading import upload
from catalog.models import ImportItem, ImportRun
from shop.core.errors import Refused

SHOWN = 20


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", metavar="FILE")
        parser.add_argument("--format", choices=list(FORMATS), default="")
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing, only say what would change"
        )
        parser.add_argument(
            "--resume", nargs="?", const=0, type=int, metavar="RUN", help="go on with this import"
        )

    def handle(self, *args, file, format, dry_run, resume, **options):
        if (file is None) == (resume is None):
            raise CommandError("Name a file, or say --resume.")
        try:
            run = self._uploaded(file, format) if file else _interrupted(resume)
            began = time.monotonic()
            if file or not run.is_running:
                (running.check if dry_run else running.start)(run)
            self._work(run)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self._tell(run, time.monotonic() - began)

    def _uploaded(self, name: str, code: str) -> ImportRun:
        path = Path(name)
        if not path.is_file():
            raise CommandError(f"There is no file {name}.")
        with path.open("rb") as file:
            run = upload(File(file, name=path.name), format=code)
        used = [header for header, field in run.columns if field]
        ignored = [header for header, field in run.columns if not field and header]
        self.stdout.write(f"Import {run.pk}: {run.name}, {FORMATS[run.format].label}, {run.encoding}.")
        self.stdout.write(
            f"{len(used)} columns are used" + (f"; not used: {', '.join(ignored)}." if ignored else ".")
        )
        return run

    def _work(self, run: ImportRun) -> None:
        console = Console(file=cast(IO[str], self.stdout._out), soft_wrap=True)
        columns = [TextColumn("Products"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()]
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=None)

            def told(done: int) -> None:
                progress.update(task, total=run.item_count or None, advance=done)

            running.lay_out_now(run)
            progress.update(task, completed=run.item_count - running.unfinished(run))
            running.work(run, told=told)
        run.refresh_from_db()

    def _tell(self, run: ImportRun, seconds: float) -> None:
        if run.status == ImportRun.Status.FAILED:
            raise CommandError(run.failure)
        for problem in reporting.problems(run, limit=SHOWN):
            self.stdout.write(
                f"  line {problem.line}: {problem.message}"
                + (f" [{problem.column}]" if problem.column else "")
            )
        counts = reporting.counts(run)
        told = ", ".join(f"{counts[outcome]} {outcome.label.lower()}" for outcome in ImportItem.Outcome)
        verb = "Tried out" if run.status == ImportRun.Status.CHECKED else "Imported"
        pace = run.line_count / seconds if seconds else 0
        self.stdout.write(f"{verb}: {told}. {run.line_count} lines in {seconds:.1f} s ({pace:.0f} a second).")


def _interrupted(number: int) -> ImportRun:
    S = ImportRun.Status
    runs = ImportRun.objects.filter(status__in=[S.IMPORTING, S.CHECKING, S.STOPPED, S.FAILED])
    run = (runs.filter(pk=number) if number else runs).order_by("-pk").first()
    if run is None:
        raise CommandError("There is no import that was interrupted.")
    return run
