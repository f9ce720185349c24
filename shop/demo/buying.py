"""How a demo customer buys: through the same cart, checkout and payment as everybody, at a moment of the past."""

import random
from dataclasses import dataclass

from cart.adding import add_line
from cart.models import Cart
from catalog.models import Variant
from checkout import filling, quoting
from checkout.gateways.stripe_client import client
from checkout.models import Checkout, ShippingMethod
from checkout.starting import start_checkout
from orders.models import Order, PaymentAttempt
from orders.paying import settle, start_payment
from orders.placing import place_order, terms_in_force
from shop.accounts.models import Seller, User
from shop.demo.people import HOME
from shop.demo.signins import SHOPPER

CARD, CASH = "stripe", "cash_on_delivery"


@dataclass(frozen=True)
class Customer:
    name: str
    email: str
    street: str
    postcode: str
    city: str
    country: str
    region: str = ""

    @property
    def address(self) -> dict[str, str]:
        words = ("name", "street", "postcode", "city", "region", "country")
        return {word: getattr(self, word) for word in words}


CUSTOMERS = [
    Customer("Lukas Gruber", "lukas@wall.example", "Neubaugasse 31", "1070", "Wien", "AT"),
    Customer("Miriam Vogel", "miriam@paper.example", "Torstraße 12", "10119", "Berlin", "DE"),
    Customer("Jonas Becker", "jonas@desk.example", "Schanzenstraße 8", "20357", "Hamburg", "DE"),
    Customer("Élodie Martin", "elodie@atelier.example", "12 rue des Martyrs", "75009", "Paris", "FR"),
    Customer("Sanne de Vries", "sanne@gracht.example", "Prinsengracht 263", "1016 GV", "Amsterdam", "NL"),
    Customer("Aoife Byrne", "aoife@harbour.example", "4 Dame Street", "D02 X285", "Dublin", "IE"),
    Customer("Giulia Conti", "giulia@studio.example", "Via Tortona 21", "20144", "Milano", "IT", "MI"),
    Customer("Reto Ammann", "reto@alpen.example", "Langstrasse 90", "8004", "Zürich", "CH"),
    Customer("Hannah Lindqvist", "hannah@skog.example", "Götgatan 40", "118 26", "Stockholm", "SE"),
    Customer("Theresa Pichler", "theresa@garten.example", "Herrengasse 5", "8010", "Graz", "AT"),
    Customer("Oliver Hughes", "oliver@terrace.example", "22 Columbia Road", "E2 7RG", "London", "GB"),
    Customer("Maya Rosen", "maya@loft.example", "210 Bleecker Street", "10012", "New York", "US", "NY"),
]


# The shopper who can sign in has things sent to the default address of her book.
AT_HOME = Customer(
    HOME["name"], SHOPPER.email, HOME["street"], HOME["postcode"], HOME["city"], HOME["country"]
)


def some_lines(chance: random.Random, *, seller: Seller | None = None) -> dict[Variant, int]:
    """One to three things that are on the shelf of one seller, mostly one of each."""
    found = (
        Variant.objects.on_sale_now()
        .filter(stock_items__on_hand__gte=12, product__seller=seller)
        .select_related("product")
        .order_by("pk")
    )
    chosen = chance.sample(list(found), chance.choice([1, 1, 2, 2, 3]))
    return {variant: chance.choice([1, 1, 1, 2]) for variant in chosen}


def fill_checkout(who: Customer, lines: dict[Variant, int], *, user: User | None = None) -> Checkout:
    cart = Cart.objects.create()
    for variant, quantity in lines.items():
        add_line(cart, variant=variant, quantity=quantity)
    checkout = start_checkout(cart, user=user, language="en")
    filling.set_contact(checkout, email=user.email if user else who.email, user=user)
    checkout = filling.set_address(checkout, address=who.address)
    method = ShippingMethod.objects.offered_in(checkout.country).get(code="standard")
    return filling.set_method(checkout, method=method)


def place(who: Customer, lines: dict[Variant, int], *, gateway: str, user: User | None = None) -> Order:
    checkout = fill_checkout(who, lines, user=user)
    agreed = quoting.quote(checkout)
    return place_order(
        checkout, gateway=gateway, fingerprint=agreed.fingerprint, terms_version=terms_in_force(), by=user
    )


def pay(order: Order, *, card: str = "pm_card_visa") -> PaymentAttempt:
    """What the customer's browser does at the payment provider, with one of its test cards; then the shop looks."""
    attempt = start_payment(order).attempt
    client().v1.payment_intents.confirm(
        str(attempt.provider_ref), {"payment_method": card, "return_url": "https://shop.example/back"}
    )
    return settle(attempt)
