"""Orders in every state, reached by the operations that reach it in life; nothing is written into tables.

`make_order(at="paid")` starts a cart, checks out, places and pays. Cards are paid at the simulator, so a test that wants
"paid" uses the fixture `stripe`.
"""

from itertools import count

from django.utils.text import slugify

from cart import adding
from cart.models import Cart
from catalog.models import Product, Variant
from catalog.tests.factories import make_product, make_variant
from checkout.gateways.stripe_client import client
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from fulfillment import compensating, picking, receiving, returning, shipping, tracking
from fulfillment.models import FulfillmentOrder, Return, ReturnLine, Shipment
from orders.models import Order, PaymentAttempt
from orders.paying import record_cash, settle, start_payment
from orders.placing import place_order, terms_in_force
from shop.core.outbox import deliver_due
from shop.tests.people import grace

CARD, COD = "stripe", "cash_on_delivery"
_numbers = count(1)


def make_order(*, at: str = "cod", lines=None, **over) -> Order:
    """An order at one of the STAGES. `lines` is {variant: quantity}; `over` goes to make_checkout."""
    return STAGES[at](lines or _two_things(), **over)


def place(lines, *, gateway: str = CARD, **over) -> Order:
    """Placed; a card is still to be paid."""
    if cart := Cart.objects.filter(user=over["user"]).first() if over.get("user") else None:
        for variant, quantity in lines.items():
            adding.add_line(cart, variant=variant, quantity=quantity)
    checkout = make_checkout(lines, cart=cart, **over)
    return place_order(
        checkout, gateway=gateway, fingerprint=quote(checkout).fingerprint, terms_version=terms_in_force()
    )


def pay(order: Order, *, method: str = "pm_card_visa") -> PaymentAttempt:
    """What the customer's browser does at Stripe, with one of its test cards; nobody tells the shop yet."""
    attempt = start_payment(order).attempt
    client().v1.payment_intents.confirm(
        attempt.provider_ref, {"payment_method": method, "return_url": "https://shop.example/back"}
    )
    return attempt


def placed(lines, **over) -> Order:
    return place(lines, **over)


def paid(lines, **over) -> Order:
    order = place(lines, **over)
    settle(pay(order))
    return fresh(order)


def cod(lines, **over) -> Order:
    """Confirmed by the promise to pay the carrier."""
    return fresh(place(lines, gateway=COD, **over))


def collected(lines, **over) -> Order:
    """Cash on delivery whose money has come."""
    return record_cash(cod(lines, **over), by=None)


def picked(lines, **over) -> Order:
    order = cod(lines, **over)
    for work in order.fulfillment_orders.all():
        picking.pick(work, by=grace())
    return fresh(order)


def packed(lines, **over) -> Order:
    order = picked(lines, **over)
    for work in order.fulfillment_orders.all():
        picking.pack(work, by=grace())
    return fresh(order)


def shipped(lines, **over) -> Order:
    """Everything left in one parcel, by hand."""
    order = packed(lines, **over)
    send(order)
    return fresh(order)


def delivered(lines, **over) -> Order:
    order = shipped(lines, **over)
    arrive(order)
    return fresh(order)


def completed(lines, **over) -> Order:
    """Delivered, and the cash has come."""
    return fresh(record_cash(delivered(lines, **over), by=grace()))


def return_asked(lines, **over) -> Order:
    """Completed, and the customer wants to send all of it back."""
    order = completed(lines, **over)
    ask_back(order)
    return fresh(order)


def returned(lines, **over) -> Order:
    """All of it came back as new and was paid back."""
    order = return_asked(lines, **over)
    take_back(order.returns.get())
    return fresh(order)


def send(
    order: Order, *, carrier: str = "manual", lines=None, tracking_number: str = "RR123", **over
) -> Shipment:
    """A parcel of the order's work (packed), made and handed over; `lines` is {order line id: pieces}."""
    work = order.fulfillment_orders.get(status=FulfillmentOrder.Status.PACKED)
    made = shipping.ship(
        work, carrier=carrier, lines=lines, tracking_number=tracking_number, by=grace(), **over
    )
    deliver_due()  # a label is bought by a worker
    return shipping.hand_over(made, by=grace())


def arrive(order: Order) -> None:
    """Staff know that every parcel of the order is there."""
    for shipment in Shipment.objects.filter(fulfillment_order__order=order, status__in=Shipment.UNDER_WAY):
        tracking.mark_delivered(shipment, by=grace())


def ask_back(order: Order, quantities=None, *, reason: str = ReturnLine.Reason.DISLIKE) -> Return:
    """The customer asks to send back {order line id: pieces}; None: everything."""
    wanted = quantities or {line.pk: line.shipped for line in order.lines.all()}
    return returning.request(
        order, lines={pk: returning.Wish(pieces, reason) for pk, pieces in wanted.items()}
    )


def take_back(wish: Return, *, condition: str = ReturnLine.Condition.SELLABLE) -> Return:
    """Approved, received, inspected and settled by the seller."""
    returning.approve(wish, by=grace())
    receiving.receive(wish, by=grace())
    receiving.inspect(
        wish, conditions={line.order_line_id: condition for line in wish.lines.all()}, by=grace()
    )
    compensating.settle(wish, by=grace())
    wish.refresh_from_db()
    return wish


def fresh(order: Order) -> Order:
    """As it is in the database now, after everything that was due."""
    deliver_due()
    return Order.objects.get(pk=order.pk)


def mug(*, stock: int = 5, **over) -> Variant:
    """A mug for 29.00, another one each time."""
    return make_variant(stock=stock, product=_product("Contour mug"), **over)


def _two_things() -> dict[Variant, int]:
    """Two mugs for 29.00 and a print for 12.50, some of each on the shelf."""
    paper = make_variant(stock=10, product=_product("Contour print"), price_minor=1250)
    return {mug(stock=10): 2, paper: 1}


def _product(name: str) -> Product:
    return make_product(name, slug=f"{slugify(name)}-{next(_numbers)}")


STAGES = {
    "placed": placed,
    "paid": paid,
    "cod": cod,
    "collected": collected,
    "picked": picked,
    "packed": packed,
    "shipped": shipped,
    "delivered": delivered,
    "completed": completed,
    "return_asked": return_asked,
    "returned": returned,
}
