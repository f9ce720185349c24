"""Django's makemessages, set to what this shop says to people: `manage.py makemessages -l de`. Needs GNU gettext.

Tests, demo data, simulators and the style guide speak to developers, so they are left out. Afterwards: `compilemessages`.
"""

from typing import Any

from django.core.management.commands import makemessages

SILENT = [
    "*/tests/*",
    "shop/demo/*",
    "shop/dev/*",
    "shop/core/samples/*",
    "templates/styleguide/*",
    "templates/dev/*",
]


class Command(makemessages.Command):
    help = __doc__
    # gettext's guesses look translated and are wrong: what is new stays empty
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        options["ignore_patterns"] = [*options["ignore_patterns"], *SILENT]
        options["add_location"] = (
            options["add_location"] or "file"
        )  # line numbers would change with every commit
        options["no_obsolete"] = True
        super().handle(*args, **options)
