import io
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from orders.statements.importing import look, take_in
from shop.core.errors import Refused
from shop.core.remarks import in_words


class Command(BaseCommand):
    """Take in statements of the bank (CAMT.053 or CSV): what is sure is booked, what is likely is proposed.

    manage.py import_bank_statement statement.xml november.csv
    manage.py import_bank_statement --dry-run statement.xml   only says what would be booked

    The same file again changes nothing. A file that cannot be read is left out whole, and the command then fails.
    """

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="change nothing, say what would be booked")

    def handle(self, *args: Any, files: list[Path], dry_run: bool, **options: Any) -> None:
        failed = [file for file in files if not self._one(file, dry_run=dry_run)]
        if failed:
            raise CommandError(f"not taken in: {', '.join(str(file) for file in failed)}")

    def _one(self, file: Path, *, dry_run: bool) -> bool:
        try:
            content = file.read_bytes()
            counts = look(content) if dry_run else self._taken(content, file.name)
        except (Refused, OSError) as refusal:
            self.stderr.write(f"{file}: {getattr(refusal, 'message', refusal)}")
            return False
        told = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in counts.items())
        self.stdout.write(f"{file.name}: {told}")
        return True

    def _taken(self, content: bytes, name: str) -> dict[str, int]:
        outcome = take_in(content, name=name)
        table = Table("Date", "Amount", "Payer", "Order", "")
        for transfer in [*outcome.booked, *outcome.proposed, *outcome.unmatched]:
            table.add_row(
                transfer.booked_date.isoformat(),
                f"{transfer.amount.to_decimal()} {transfer.currency}",
                transfer.payer,
                transfer.order.number if transfer.order else "",
                in_words(transfer.why),
            )
        if table.rows:
            written = io.StringIO()
            Console(file=written, width=120).print(table)
            self.stdout.write(written.getvalue())
        return {
            "booked": len(outcome.booked),
            "proposed": len(outcome.proposed),
            "unmatched": len(outcome.unmatched),
            "known": outcome.known,
            "left_out": outcome.left_out,
        }
