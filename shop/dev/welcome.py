"""What the demo says when the shop is open: where it is, who can sign in, which card does what."""

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from shop.demo import signins
from shop.dev.place import Place
from shop.dev.stripe_sim.cards import BY_NUMBER

CARDS = (
    "4242424242424242",
    "4000000000000002",
    "4000000000009995",
    "4000002760003184",
    "4000008400001629",
    "4000000000000259",
)


def text(own: Mapping[str, str], *, place: Place, seconds: float) -> Panel:
    """The notice on the terminal; `own` is the environment of the shop's programs."""
    url = own["SHOP_URL"]
    parts: list[RenderableType] = [
        _table(
            [
                ("The shop", f"{url}/"),
                ("The seller's side", f"{url}/admin/"),
                ("Every mail sent", f"{url}/dev/mail/"),
            ]
        ),
        Text("\nSign in (the password is always " + signins.PASSWORD + ")", style="bold"),
        _table(
            [(person.email, person.does) for person in [signins.SHOPPER, signins.TRADER, *signins.SELLERS]]
        ),
        Text("\nPay by card (any future date, any security code)", style="bold"),
        _table([(_spaced(number), BY_NUMBER[number].does) for number in CARDS]),
        Text("\nPay by gift card", style="bold"),
        _table([(signins.GIFT_CARD, "€100.00 to spend; the rest is due by another means")]),
        Text("\nCodes for the cart", style="bold"),
        _table([(signins.CODE, "10 % off a first order; three notebooks for two need no code")]),
        Text("\nLogs and data: ", style="dim").append(str(place.folder)),
        Text(
            f"Commands against this shop: set -a; . .data/{place.folder.name}/env; set +a; .venv/bin/python manage.py …",
            style="dim",
        ),
        Text(f"\nOpen after {seconds:.1f} s. Ctrl-C stops everything.", style="bold"),
    ]
    return Panel(Padding(Group(*parts), (0, 1)), title="Isoline is open", border_style="green", expand=False)


def _table(rows: list[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 3))
    for left, right in rows:
        table.add_row(Text(left), Text(right))
    return table


def _spaced(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
