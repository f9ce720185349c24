"""Which endpoint answers which request, and which params TypedDict of the pinned library says what it takes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property

from shop.dev.stripe_sim import (
    account,
    balance,
    charges,
    concluding,
    customers,
    disputes,
    elements,
    endpoints,
    events,
    intents,
    refunds,
    saved_methods,
    search,
    sessions,
    setup_confirming,
    setups,
    taxes,
)  # fmt: skip
from shop.dev.stripe_sim.shapes import TEXT, Shape, shape_of

Endpoint = Callable[..., dict]
FREE = Shape("map", inner=(Shape("any"),))  # for what only Stripe.js calls, which Stripe does not document


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    endpoint: Endpoint
    params: str  # a TypedDict of stripe.params; empty: whatever comes
    browser: bool = False  # the publishable key may call it

    @cached_property
    def pattern(self) -> re.Pattern:
        return re.compile(re.sub(r"\{\w+\}", "([^/]+)", self.path))

    def shape(self, *, browser: bool) -> Shape:
        if not self.params:
            return FREE
        return browser_shape(self.params) if browser else params_shape(self.params)


@cache
def params_shape(name: str) -> Shape:
    """`PaymentIntentCreateParams`, `checkout.SessionCreateParams`: by the library's own naming of files."""
    folder, _, plain = name.rpartition(".")
    file = re.sub(r"(?<!^)(?=[A-Z])", "_", plain).lower()
    return shape_of(f"stripe.params.{folder + '.' if folder else ''}_{file}", plain)


@cache
def browser_shape(name: str) -> Shape:
    """What Stripe.js may add: the client secret, and the card itself, which no server may send."""
    shape = params_shape(name)
    card = params_shape("PaymentMethodCreateParams").names["card"][0]
    fields = tuple(
        (name, inner.plus(card=card, type=TEXT) if name == "payment_method_data" else inner, required)
        for name, inner, required in shape.fields
    )
    return Shape("object", fields).plus(client_secret=TEXT, key=TEXT, expected_payment_method_type=TEXT)


PI, SI, PM, CS = "/v1/payment_intents", "/v1/setup_intents", "/v1/payment_methods", "/v1/checkout/sessions"
ROUTES = [
    Route("GET", f"{PI}/search", search.search_intents, "PaymentIntentSearchParams"),
    Route("POST", PI, intents.create, "PaymentIntentCreateParams"),
    Route("GET", PI, intents.listed, "PaymentIntentListParams"),
    Route("GET", f"{PI}/{{intent}}", intents.retrieve, "PaymentIntentRetrieveParams", browser=True),
    Route("POST", f"{PI}/{{intent}}", intents.update, "PaymentIntentUpdateParams"),
    Route("POST", f"{PI}/{{intent}}/confirm", intents.confirm, "PaymentIntentConfirmParams", browser=True),
    Route("POST", f"{PI}/{{intent}}/cancel", concluding.cancel, "PaymentIntentCancelParams"),
    Route("POST", f"{PI}/{{intent}}/capture", concluding.capture, "PaymentIntentCaptureParams"),
    Route("POST", f"{PI}/{{intent}}/source_cancel", elements.cancel_challenge, "", browser=True),
    Route("POST", SI, setup_confirming.create, "SetupIntentCreateParams"),
    Route("GET", SI, setups.listed, "SetupIntentListParams"),
    Route(
        "GET",
        f"{SI}/{{intent}}",
        lambda sim, params, intent: setups.get(sim, intent),
        "SetupIntentRetrieveParams",
        True,
    ),
    Route("POST", f"{SI}/{{intent}}", setups.update, "SetupIntentUpdateParams"),
    Route(
        "POST", f"{SI}/{{intent}}/confirm", setup_confirming.confirm, "SetupIntentConfirmParams", browser=True
    ),
    Route("POST", f"{SI}/{{intent}}/cancel", setups.cancel, "SetupIntentCancelParams"),
    Route("POST", f"{SI}/{{intent}}/source_cancel", elements.cancel_challenge, "", browser=True),
    Route("GET", "/v1/elements/sessions", elements.session, "", browser=True),
    Route("GET", "/v1/mandates/{mandate}", setups.retrieve_mandate, "MandateRetrieveParams"),
    Route("POST", PM, saved_methods.create, "PaymentMethodCreateParams", browser=True),
    Route("GET", PM, saved_methods.listed, "PaymentMethodListParams"),
    Route("GET", f"{PM}/{{method}}", saved_methods.retrieve, "PaymentMethodRetrieveParams"),
    Route("POST", f"{PM}/{{method}}", saved_methods.update, "PaymentMethodUpdateParams"),
    Route("POST", f"{PM}/{{method}}/attach", saved_methods.attach, "PaymentMethodAttachParams"),
    Route("POST", f"{PM}/{{method}}/detach", saved_methods.detach, "PaymentMethodDetachParams"),
    Route("POST", "/v1/customers", customers.create, "CustomerCreateParams"),
    Route("GET", "/v1/customers", customers.listed, "CustomerListParams"),
    Route("GET", "/v1/customers/{customer}", customers.retrieve, "CustomerRetrieveParams"),
    Route("POST", "/v1/customers/{customer}", customers.update, "CustomerUpdateParams"),
    Route("DELETE", "/v1/customers/{customer}", customers.delete, "CustomerDeleteParams"),
    Route(
        "GET",
        "/v1/customers/{customer}/payment_methods",
        saved_methods.listed,
        "CustomerPaymentMethodListParams",
    ),
    Route("POST", "/v1/charges", charges.create, "ChargeCreateParams"),
    Route("GET", "/v1/charges", charges.listed, "ChargeListParams"),
    Route("GET", "/v1/charges/{charge}", charges.retrieve, "ChargeRetrieveParams"),
    Route("POST", "/v1/charges/{charge}", charges.update, "ChargeUpdateParams"),
    Route("GET", "/v1/charges/{charge}/refunds", refunds.listed, "ChargeListRefundsParams"),
    Route(
        "GET", "/v1/balance_transactions", balance.listed_balance_transactions, "BalanceTransactionListParams"
    ),
    Route(
        "GET",
        "/v1/balance_transactions/{id}",
        balance.retrieve_balance_transaction,
        "BalanceTransactionRetrieveParams",
    ),
    Route("POST", "/v1/refunds", refunds.create, "RefundCreateParams"),
    Route("GET", "/v1/refunds", refunds.listed, "RefundListParams"),
    Route("GET", "/v1/refunds/{refund}", refunds.retrieve, "RefundRetrieveParams"),
    Route("POST", "/v1/refunds/{refund}", refunds.update, "RefundUpdateParams"),
    Route("POST", "/v1/refunds/{refund}/cancel", refunds.cancel, "RefundCancelParams"),
    Route("GET", "/v1/disputes", disputes.listed, "DisputeListParams"),
    Route("GET", "/v1/disputes/{dispute}", disputes.retrieve, "DisputeRetrieveParams"),
    Route("POST", "/v1/disputes/{dispute}", disputes.update, "DisputeUpdateParams"),
    Route("POST", "/v1/disputes/{dispute}/close", disputes.close, "DisputeCloseParams"),
    Route("GET", "/v1/events", events.listed, "EventListParams"),
    Route("GET", "/v1/events/{event}", events.retrieve, "EventRetrieveParams"),
    Route("POST", CS, sessions.create, "checkout.SessionCreateParams"),
    Route("GET", CS, sessions.listed, "checkout.SessionListParams"),
    Route("GET", f"{CS}/{{session}}", sessions.retrieve, "checkout.SessionRetrieveParams"),
    Route("POST", f"{CS}/{{session}}", sessions.update, "checkout.SessionUpdateParams"),
    Route("POST", f"{CS}/{{session}}/expire", sessions.expire, "checkout.SessionExpireParams"),
    Route("GET", f"{CS}/{{session}}/line_items", sessions.line_items, "checkout.SessionLineItemListParams"),
    Route("POST", "/v1/tax/calculations", taxes.create, "tax.CalculationCreateParams"),
    Route("GET", "/v1/tax/calculations/{calculation}", taxes.retrieve, "tax.CalculationRetrieveParams"),
    Route("POST", "/v1/webhook_endpoints", endpoints.create, "WebhookEndpointCreateParams"),
    Route("GET", "/v1/webhook_endpoints", endpoints.listed, "WebhookEndpointListParams"),
    Route("GET", "/v1/webhook_endpoints/{endpoint}", endpoints.retrieve, "WebhookEndpointRetrieveParams"),
    Route("POST", "/v1/webhook_endpoints/{endpoint}", endpoints.update, "WebhookEndpointUpdateParams"),
    Route("DELETE", "/v1/webhook_endpoints/{endpoint}", endpoints.delete, "WebhookEndpointDeleteParams"),
    Route("GET", "/v1/balance", account.balance, "BalanceRetrieveParams"),
    Route("GET", "/v1/account", account.current, "AccountRetrieveCurrentParams"),
]


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route and the ids in the path."""
    for route in ROUTES:
        match = route.pattern.fullmatch(path)
        if match and route.method == method:
            return route, match.groups()
    return None
