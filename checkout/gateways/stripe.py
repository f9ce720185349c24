"""Cards and what else Stripe offers, by PaymentIntents and the Payment Element; by hosted Checkout where no script runs.

The intent is made only when the customer presses Pay, so its amount is always the order's. One attempt is one
PaymentIntent, under the key pi:{attempt}: asked again after a time-out, Stripe answers with the same one. A second card
after a decline is a second try on the same intent.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from stripe import RequestOptions
from stripe.params import PaymentIntentConfirmParams

from checkout.gateways import stripe_notices, stripe_reading
from checkout.gateways.base import (
    Asked,
    GatewayRefused,
    Handle,
    Payment,
    ProviderNotice,
    Purchase,
    RefundAnswer,
    RefundAsked,
    Words,
)
from checkout.gateways.stripe_client import answers, client
from checkout.gateways.stripe_money import can_charge, to_stripe
from checkout.gateways.stripe_naming import shop_name
from shop.core.faultpoints import faultpoint
from shop.core.money import Money

EXPAND = ["latest_charge"]


class StripeGateway:
    code = "stripe"
    is_online = True
    is_promise = False
    days_to_pay = 0

    @property
    def is_live(self) -> bool:
        return stripe_notices.is_live_key(settings.SHOP_STRIPE_SECRET_KEY)

    def words(self, *, is_pickup: bool) -> Words:
        return Words(_("Card"), _("Visa, Mastercard, American Express and more."), icon="card")

    def is_offered(self, purchase: Purchase) -> bool:
        amount = purchase.amount
        return bool(settings.SHOP_STRIPE_SECRET_KEY) and amount.minor > 0 and can_charge(amount)

    def create_attempt(self, asked: Asked, *, hosted: bool = False) -> Payment:
        """The attempt's intent (with client_secret) or hosted session (with redirect_url), made or found again."""
        faultpoint("stripe.before")
        with answers():
            made = self._session(asked) if hosted else self._intent(asked)
        faultpoint("stripe.after")
        return made

    def confirm(
        self, handle: Handle, *, card: str, key: str, return_url: str = "", off_session: bool = False
    ) -> Payment:
        wanted: PaymentIntentConfirmParams = {"payment_method": card, "expand": EXPAND}
        if off_session:
            wanted |= {"off_session": True}
        wanted |= {"return_url": return_url}
        with answers():
            made = client().v1.payment_intents.confirm(
                handle.provider_ref, wanted, {"idempotency_key": f"confirm:{handle.reference}:{key}"}
            )
        return stripe_reading.payment(made.to_dict())

    def fetch(self, handle: Handle, *, currency: str) -> Payment | None:
        try:
            with answers():
                if handle.provider_ref:
                    return self._retrieve(handle.provider_ref, session_ref=handle.session_ref)
                if handle.session_ref:
                    session = client().v1.checkout.sessions.retrieve(
                        handle.session_ref, {"expand": ["payment_intent.latest_charge"]}
                    )
                    return stripe_reading.session_payment(session.to_dict())
                return self._look_for(handle)
        except GatewayRefused as refusal:
            if refusal.code == "resource_missing":
                return None
            raise

    def cancel(self, handle: Handle) -> None:
        """A session can be ended only while it is open; what was authorised on it is let go by its intent."""
        if handle.session_ref:
            options: RequestOptions = {"idempotency_key": f"cancel:{handle.reference}"}
            try:
                with answers():
                    client().v1.checkout.sessions.expire(handle.session_ref, {}, options)
            except GatewayRefused:
                if not handle.provider_ref:
                    raise
                self._cancel_intent(handle, key=f"release:{handle.reference}")
        elif handle.provider_ref:
            self._cancel_intent(handle, key=f"cancel:{handle.reference}")

    def capture(self, handle: Handle) -> None:
        with answers():
            client().v1.payment_intents.capture(
                handle.provider_ref, {}, {"idempotency_key": f"capture:{handle.reference}"}
            )

    def refund(self, asked: RefundAsked) -> RefundAnswer:
        with answers():
            made = client().v1.refunds.create(
                {
                    "payment_intent": asked.provider_ref,
                    "amount": to_stripe(asked.amount),
                    "reason": "duplicate" if asked.is_duplicate else "requested_by_customer",
                    "metadata": {"refund": asked.reference, "order": asked.order_number, "shop": shop_name()},
                },
                {"idempotency_key": f"refund:{asked.reference}"},
            )
        faultpoint("refund.after_call")
        return stripe_reading.refund(made.to_dict())

    def fetch_refunds(self, provider_ref: str) -> list[RefundAnswer]:
        with answers():
            found = client().v1.refunds.list({"payment_intent": provider_ref, "limit": 100})
            return [stripe_reading.refund(one.to_dict()) for one in found.auto_paging_iter()]

    def parse_event(self, body: bytes, signature: str) -> ProviderNotice:
        return stripe_notices.parse(body, signature)

    def events_since(self, moment: datetime) -> Iterator[ProviderNotice]:
        """What Stripe wanted to tell us since then (it keeps events for 30 days), newest first."""
        with answers():
            found = client().v1.events.list(
                {
                    "types": stripe_notices.KINDS,
                    "created": {"gte": int(moment.timestamp())},
                    "limit": 100,
                }
            )
            for event in found.auto_paging_iter():
                yield stripe_notices.notice(event.to_dict())

    def _cancel_intent(self, handle: Handle, *, key: str) -> None:
        with answers():
            client().v1.payment_intents.cancel(
                handle.provider_ref, {"cancellation_reason": "abandoned"}, {"idempotency_key": key}
            )

    def _intent(self, asked: Asked) -> Payment:
        made = client().v1.payment_intents.create(
            {
                "amount": to_stripe(asked.amount),
                "currency": asked.amount.currency.lower(),
                "capture_method": settings.SHOP_STRIPE_CAPTURE,
                "description": f"Order {asked.order_number}",
                "metadata": _metadata(asked),
                **_customer(asked),
                **_keeping(asked),
                **_methods(),
                **_statement(),
            },
            {"idempotency_key": f"pi:{asked.reference}"},
        )
        return stripe_reading.payment(made.to_dict())

    def _session(self, asked: Asked) -> Payment:
        made = client().v1.checkout.sessions.create(
            {
                "mode": "payment",
                "line_items": [
                    {
                        "quantity": 1,
                        "price_data": {
                            "currency": asked.amount.currency.lower(),
                            "unit_amount": to_stripe(asked.amount),
                            "product_data": {"name": f"Order {asked.order_number}"},
                        },
                    }
                ],
                "success_url": asked.return_url,
                "cancel_url": asked.cancel_url,
                "client_reference_id": asked.reference,
                **(_customer(asked) or {"customer_email": asked.email}),
                "locale": asked.language if asked.language in ("de", "en") else "auto",
                "metadata": _metadata(asked),
                "payment_intent_data": {
                    "capture_method": settings.SHOP_STRIPE_CAPTURE,
                    "description": f"Order {asked.order_number}",
                    "metadata": _metadata(asked),
                    **_keeping(asked),
                    **_statement(),
                },
                **({"allowed_payment_method_types": _named_methods()} if _named_methods() else {}),
            },
            {"idempotency_key": f"cs:{asked.reference}"},
        )
        return stripe_reading.session_payment(made.to_dict())

    def _retrieve(self, provider_ref: str, *, session_ref: str) -> Payment:
        intent = client().v1.payment_intents.retrieve(provider_ref, {"expand": EXPAND})
        return stripe_reading.payment(intent.to_dict(), session_ref=session_ref)

    def _look_for(self, handle: Handle) -> Payment | None:
        """The answer to its making never came: it is found by what we wrote on it. Lists are exact, search lags behind."""
        since = int((handle.created_at - timedelta(minutes=5)).timestamp())
        found = client().v1.payment_intents.list(
            {"created": {"gte": since, "lte": since + 26 * 3600}, "limit": 100}
        )
        every = (one.to_dict() for one in found.auto_paging_iter())
        mine = [one for one in every if (one.get("metadata") or {}).get("attempt") == handle.reference]
        live = [one for one in mine if one["status"] != "canceled"] or mine
        return self._retrieve(live[0]["id"], session_ref="") if live else None


def element(amount: Money, *, language: str) -> dict:
    """What the page needs to mount the Payment Element before there is an intent (deferred)."""
    return {
        "publishable_key": settings.SHOP_STRIPE_PUBLISHABLE_KEY,
        "js_url": settings.SHOP_STRIPE_JS_URL,
        "amount": to_stripe(amount),
        "currency": amount.currency.lower(),
        "capture": settings.SHOP_STRIPE_CAPTURE,
        "methods": ",".join(_named_methods()),
        "language": language,
    }


def _metadata(asked: Asked) -> dict[str, str]:
    return {"attempt": asked.reference, "order": asked.order_number, "shop": shop_name()}


def _customer(asked: Asked) -> dict:
    return {"customer": asked.customer} if asked.customer else {}


def _keeping(asked: Asked) -> dict:
    return {"setup_future_usage": "off_session"} if asked.keeps_card else {}


def _named_methods() -> list[str]:
    return [] if settings.SHOP_STRIPE_METHODS == ["auto"] else list(settings.SHOP_STRIPE_METHODS)


def _methods() -> dict:
    named = _named_methods()
    return (
        {"allowed_payment_method_types": named} if named else {"automatic_payment_methods": {"enabled": True}}
    )


def _statement() -> dict:
    suffix = settings.SHOP_STRIPE_STATEMENT_SUFFIX
    return {"statement_descriptor_suffix": suffix} if suffix else {}
