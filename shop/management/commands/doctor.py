"""Try every dependency of the shop and say what to do about each that fails."""

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.markup import escape

from shop.core.probes import Trouble, all_probes


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args, **options):
        console = Console(file=self.stdout._out, soft_wrap=True, highlight=False)
        fatal = 0
        for name, probe in all_probes():
            try:
                console.print(f"[green]well[/]     {name}: {escape(probe())}")
            except Trouble as trouble:
                fatal += trouble.is_fatal
                word = "[red]fails[/]   " if trouble.is_fatal else "[yellow]warning[/] "
                console.print(f"{word} {name}: {escape(trouble.what)}\n         → {escape(trouble.remedy)}")
        if fatal:
            raise CommandError(f"{fatal} of what the shop needs does not work.")
        console.print("The shop is well.")
