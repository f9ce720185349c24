"""Whatever is sent, the answer is one of Stripe's: never a 500, never silence."""

import http.client
import json
import random
from urllib.parse import urlencode

import pytest

from shop.dev.stripe_sim.params import decode_form
from shop.dev.stripe_sim.routes import ROUTES
from shop.dev.stripe_sim.shapes import Shape

VALUES = [
    "", "0", "-1", "1", "12.5", "9" * 20, "true", "null", "x" * 600, "ünïcödé \x00", "eur", "pm_card_visa", "{}", "[]",
    "pm_card_authenticationRequired", "https://shop.test/r", "'; DROP TABLE objects; --", "2026-01-01",
]  # fmt: skip


def value_for(shape: Shape, chance: random.Random, depth: int = 0):
    """Something that mostly has the shape's form, and often has not."""
    if chance.random() < 0.1 or depth > 4:
        return chance.choice(VALUES)
    if shape.kind == "union":
        return value_for(chance.choice(shape.inner), chance, depth)
    if shape.kind == "object":
        few = [field for field in shape.fields if field[2] or chance.random() < 6 / (len(shape.fields) + 1)]
        return {name: value_for(inner, chance, depth + 1) for name, inner, _ in few}
    if shape.kind == "list":
        return [value_for(shape.inner[0], chance, depth + 1) for _ in range(chance.randrange(3))]
    if shape.kind == "map":
        return {chance.choice(["a", "0", "_b"]): chance.choice(VALUES)}
    if shape.kind == "enum":
        return chance.choice(sorted(shape.values))
    if shape.kind == "int":
        return chance.choice(["1000", "0", "-5", "1", "1893456000"])
    return chance.choice(["true", "false"] if shape.kind == "bool" else VALUES)


def flat(value, prefix=""):
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from flat(inner, f"{prefix}[{name}]" if prefix else str(name))
    elif prefix:
        yield prefix, value


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_random_parameters_are_answered(sim, api, pay, route):
    chance = random.Random(route.path)
    paid = pay(setup_future_usage=None)
    known = {
        "intent": paid.id, "charge": paid.latest_charge, "method": paid.payment_method, "customer": api.customers.create().id,
        "refund": api.refunds.create({"payment_intent": paid.id, "amount": 100}).id, "event": api.events.list().data[0].id,
    }  # fmt: skip
    ids = [
        *known.values(),
        api.payment_intents.create({"amount": 900, "currency": "eur"}).id,
        "nothing",
        "%00",
        "pm_card_visa",
    ]
    line = http.client.HTTPConnection(sim.url.removeprefix("http://"), timeout=10)
    for _ in range(15):
        path = route.path
        while "{" in path:
            name = path[path.index("{") + 1 : path.index("}")]
            path = path.replace(
                f"{{{name}}}", chance.choice([known.get(name, "nothing"), chance.choice(ids)]), 1
            )
        sent = urlencode(list(flat(value_for(route.shape(browser=False), chance))))
        key = chance.choice([sim.secret_key, sim.secret_key, sim.publishable_key])
        body, query = (sent, "") if route.method == "POST" else (None, f"?{sent}")
        line.request(route.method, path + query, body, {"Authorization": f"Bearer {key}"})
        answer = line.getresponse()
        text = answer.read()
        assert answer.status in (200, 400, 402, 403, 404), (route.method, path, sent, text)
        found = json.loads(text)
        assert answer.status == 200 or found["error"]["message"], sent
    line.close()


@pytest.mark.parametrize(
    "form, tree",
    [
        ("a[b]=1&a[c][0]=x&a[c][1]=y", {"a": {"b": "1", "c": ["x", "y"]}}),
        ("e[]=x&e[]=y", {"e": ["x", "y"]}),
        ("m[0][n]=1&m[1][n]=2", {"m": [{"n": "1"}, {"n": "2"}]}),
        ("metadata[0]=a&metadata[1]=b", {"metadata": {"0": "a", "1": "b"}}),
        ("a=&b=%26", {"a": "", "b": "&"}),
    ],
)
def test_forms_are_read_as_stripe_reads_them(form, tree):
    assert decode_form(form) == tree


@pytest.mark.parametrize("form", ["a=1&a[b]=2", "a[b]=2&a=1"])
def test_a_parameter_cannot_be_a_value_and_a_hash(sim, form):
    line = http.client.HTTPConnection(sim.url.removeprefix("http://"), timeout=5)
    line.request("POST", "/v1/customers", form, {"Authorization": f"Bearer {sim.secret_key}"})
    assert line.getresponse().status == 400
    line.close()


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/3ds/none", "/c/pay/none", "/receipts/none", "/v3/../server.py", "/v3/none.js"]
)
def test_pages_that_are_not_there(sim, path):
    line = http.client.HTTPConnection(sim.url.removeprefix("http://"), timeout=5)
    for method, body in (("GET", None), ("POST", "outcome=complete")):
        line.request(method, path, body)
        answer = line.getresponse()
        answer.read()
        assert answer.status == (200 if path == "/" else 404)
    line.close()


def test_a_body_that_is_too_long_is_not_read(sim):
    line = http.client.HTTPConnection(sim.url.removeprefix("http://"), timeout=5)
    line.putrequest("POST", "/v1/customers")
    line.putheader("Content-Length", "99999999")
    line.endheaders()
    assert line.getresponse().status == 413
    line.close()
