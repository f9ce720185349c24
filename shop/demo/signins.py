"""Who can sign in to the demo shop. Seeding makes these accounts; the start of the demo prints them."""

from dataclasses import dataclass

PASSWORD = "isoline-demo"  # nosec B105 - an invented shop on the reader's own machine
CODE = "WELCOME10"  # ten per cent off a first order
GIFT_CARD = "GAVE-FREE-CARD-MANY-TEAM"  # worth 100.00 until somebody spends it


@dataclass(frozen=True)
class SignIn:
    """An account of the demo. `role` is a seller's role, or empty for a shopper."""

    email: str
    name: str
    role: str
    does: str


SELLERS = [
    SignIn("owner@isoline.example", "Olivia Brandt", "owner", "the seller: everything"),
    SignIn("catalogue@isoline.example", "Caspar Linde", "catalogue", "products, prices and stock only"),
    SignIn("orders@isoline.example", "Ora Feld", "orders", "orders, shipments and returns only"),
    SignIn("support@isoline.example", "Sunniva Hart", "support", "tickets and mails only"),
    SignIn("bindery@isoline.example", "Frieda Halm", "seller", "a guest seller: her own notebooks only"),
]
SHOPPER = SignIn("anna@shopper.example", "Anna Maier", "", "a shopper with addresses and orders")
TRADER = SignIn("trade@shopper.example", "Bruno Keller", "", "a trade customer with prices of his own")
