"""A whole purchase as a guest without JavaScript, paid on delivery: every page and form that a person would pass."""

import itertools
import re

from shop.dev.bench.client import Answer, Visitor
from shop.dev.bench.measuring import WentWrong

VARIANT = re.compile(rb'name="variant"[^>]*value="(\d+)"')
METHOD = re.compile(rb'name="method"[^>]*value="(\d+)"')
PERSON = {
    "email": "ada@example.com",
    "name": "Ada Example",
    "country": "AT",
    "street": "Ringstraße 1",
    "postcode": "1010",
    "city": "Wien",
}
_numbers = itertools.count(1)


def buying(paths: list[str]):
    """Buys one piece of each of the products at `paths`."""

    async def work(visitor: Visitor) -> list[float]:
        visitor.address = (
            f"10.{next(_numbers) // 65536 % 256}.{next(_numbers) // 256 % 256}.{next(_numbers) % 256}"
        )
        times = [await _add(visitor, path) for path in paths]
        return [*itertools.chain(*times), *await _check_out(visitor)]

    return work


async def _add(visitor: Visitor, path: str) -> list[float]:
    page = expect(await visitor.get(path), 200, path)
    added = expect(
        await visitor.post("/cart/lines/", variant=found(VARIANT, page), quantity="1"),
        303,
        "adding to the cart",
    )
    return [page.seconds, added.seconds]


async def _check_out(visitor: Visitor) -> list[float]:
    cart = expect(await visitor.get("/cart/"), 200, "the cart")
    started = expect(await visitor.post("/checkout/", **cart.hidden_fields()), 303, "starting the checkout")
    details = expect(await visitor.follow(started), 200, "the details page")
    told = expect(await visitor.post("/checkout/details/", **token(details), **PERSON), 303, "the details")
    delivery = expect(await visitor.follow(told), 200, "the delivery page")
    method = found(METHOD, delivery)
    chosen = expect(
        await visitor.post("/checkout/delivery/", **token(delivery), method=method), 303, "the delivery"
    )
    payment = expect(await visitor.follow(chosen), 200, "the payment page")
    hidden = payment.hidden_fields() | {"gateway": "cash_on_delivery"}
    placed = expect(await visitor.post("/orders/", **hidden), 303, "placing the order")
    order = expect(await visitor.follow(placed), 200, "the order's page")
    return [a.seconds for a in (cart, started, details, told, delivery, chosen, payment, placed, order)]


def token(page: Answer) -> dict[str, str]:
    return {name: value for name, value in page.hidden_fields().items() if name == "csrfmiddlewaretoken"}


def found(pattern: re.Pattern, page: Answer) -> str:
    match = pattern.search(page.body)
    if not match:
        raise WentWrong(f"the page does not hold {pattern.pattern!r}")
    return match[1].decode()


def expect(answer: Answer, status: int, what: str) -> Answer:
    if answer.status != status:
        raise WentWrong(
            f"{what}: answered {answer.status} instead of {status} {answer.headers.get('location', '')}"
        )
    return answer
