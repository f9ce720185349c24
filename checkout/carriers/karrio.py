"""What UPS and FedEx have in common: rates, labels and voids through karrio's mappers and proxies.

karrio translates between its own unified models and the carrier's JSON, and fetches tokens; the wire is ours
(`transport`). Its reading of tracking answers is not used: it calls UPS parcels delivered that are only out for delivery.
"""

import base64
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from shop.core.money import Money

from . import customs, unified
from .base import MAX_REFERENCE, CarrierRefused, CarrierUnavailable, Label, Parcel, Party, Rate
from .transport import NotAuthorized, library


class KarrioCarrier:
    """Base of `ups.UPS` and `fedex.FedEx`: they say how to connect, how to find a lost label, and what a label cost."""

    code: str
    name: str
    makes_labels = True

    def __init__(self) -> None:
        self._tokens: Any = None

    # What differs

    def settings_of(self, country: str) -> Any:
        """karrio's settings of the carrier, for parcels that start in `country`."""
        raise NotImplementedError

    def recovered(self, *, reference: str, service: str) -> Label | None:
        """The label that was bought under `reference` before, if the carrier can tell and it is still good."""
        raise NotImplementedError

    def cost_of(self, raw: dict) -> Money:
        """What the label in the raw answer cost. Raises LookupError where the answer does not say."""
        raise NotImplementedError

    def adjusted(self, body: dict) -> dict:
        """karrio's request, with what it gets wrong put right."""
        return body

    # What every carrier does

    def rates(self, parcels: Sequence[Parcel], *, sender: Party, recipient: Party) -> list[Rate]:
        payload = unified.request(
            "RateRequest", parcels, sender=sender, recipient=recipient, carrier=self.name
        )
        found, _raw = self._exchange("rate", "get_rates", payload, country=sender.country)
        offers = [unified.rate(one, carrier=self.code) for one in found]
        return sorted(offers, key=lambda rate: rate.amount_minor)

    def label(
        self, parcel: Parcel, *, sender: Party, recipient: Party, service: str, reference: str
    ) -> Label:
        if not 1 <= len(reference) <= MAX_REFERENCE:
            raise ValueError(f"A reference has 1 to {MAX_REFERENCE} letters, not {len(reference)}.")
        customs.check(parcel, sender=sender, recipient=recipient, carrier=self.name)
        return self.recovered(reference=reference, service=service) or self._buy(
            parcel, sender=sender, recipient=recipient, service=service, reference=reference
        )

    def void(self, label_ref: str) -> None:
        payload = library().models.ShipmentCancelRequest(shipment_identifier=label_ref)
        self._exchange("cancel_shipment", "cancel_shipment", payload, country="")

    def watch(self, tracking_number: str, *, url: str) -> None:
        pass

    def check(self) -> None:
        self._tokens = None
        self.with_token(lambda _token: {})

    def with_token(self, call: Callable[[str], dict], *, kind: str = "shipping_auth") -> dict:
        """Our own call with the carrier's token; tried again once with a fresh one when the token was not accepted."""

        def run(connection: SimpleNamespace) -> dict:
            request = library().lib.Serializable(None, lambda _nothing: None, {"auth_type": kind})
            return call(connection.proxy.authenticate(request).deserialize())

        return self._connected("", run)

    # Steps

    def _buy(self, parcel: Parcel, *, sender: Party, recipient: Party, service: str, reference: str) -> Label:
        payload = unified.request(
            "ShipmentRequest",
            [parcel],
            sender=sender,
            recipient=recipient,
            carrier=self.name,
            service=service,
            reference=reference,
            label_type="PDF",
            payment=library().models.Payment(paid_by="sender"),
            customs=customs.declaration(parcel) if customs.crosses(sender, recipient) else None,
        )
        payload.parcels[0].reference_number = reference  # where a domestic label in America carries it
        found, raw = self._exchange("shipment", "create_shipment", payload, country=sender.country)
        try:
            cost = self.cost_of(raw)
            minor, currency = cost.minor, cost.currency
        except (LookupError, ArithmeticError, TypeError):
            minor, currency = None, ""
        pdf = base64.b64decode(found.docs.label or "")
        if not found.tracking_number or not pdf.startswith(b"%PDF"):
            raise self._unreadable()
        return Label(
            found.tracking_number, self.code, service, pdf, minor, currency, found.shipment_identifier
        )

    def _exchange(self, noun: str, verb: str, payload: Any, *, country: str) -> tuple[Any, dict]:
        """karrio's result and the raw answer. No result with messages is a refusal, without any it is no answer."""

        def run(connection: SimpleNamespace) -> tuple[Any, dict]:
            try:
                made = getattr(connection.mapper, f"create_{noun}_request")(payload)
                body = self.adjusted(made.serialize())
                request = library().lib.Serializable(body, ctx=made.ctx)
            except Exception as problem:
                message = _("%(carrier)s cannot take this: %(reason)s")
                raise CarrierRefused(message % {"carrier": self.name, "reason": problem}) from problem
            answer = getattr(connection.proxy, verb)(request)
            raw = answer.deserialize()
            result, messages = getattr(connection.mapper, f"parse_{noun}_response")(answer)
            if result:
                return result, raw
            said = "; ".join(one.message or one.code or "" for one in messages if one.level == "error")
            if not said:
                raise self._unreadable()
            raise CarrierRefused(f"{self.name}: {said}")

        return self._connected(country, run)

    def _connected(self, country: str, run: Callable[[SimpleNamespace], Any]) -> Any:
        """Run with a token that works, and put whatever goes wrong into the two words that callers know."""
        try:
            try:
                return run(self._connection(country))
            except NotAuthorized:
                self._tokens = None
                return run(self._connection(country))
        except NotAuthorized:
            message = _("%(carrier)s does not accept the shop's credentials.") % {"carrier": self.name}
            raise CarrierRefused(message) from None
        except library().ParsedMessagesError as problem:
            said = "; ".join(one.message or "" for one in problem.messages)
            raise CarrierRefused(f"{self.name}: {said}") from problem
        except CarrierRefused:
            raise
        except CarrierUnavailable as problem:
            raise CarrierUnavailable(self.code, f"{self.name}: {problem.message}") from problem
        except Exception as problem:  # an answer that neither karrio nor we can make sense of
            raise self._unreadable() from problem

    def _connection(self, country: str) -> SimpleNamespace:
        known, parts = library(), getattr(library(), self.code)
        self._tokens = self._tokens or known.lib.Cache()
        options = self.settings_of(country)
        options.cache, options.tracer = self._tokens, known.Tracer()
        return SimpleNamespace(mapper=parts.Mapper(options), proxy=parts.Proxy(options))

    def _unreadable(self) -> CarrierUnavailable:
        return CarrierUnavailable(self.code, f"{self.name}: " + _("The answer cannot be read."))


def at(name: str) -> str:
    """A setting, without the slash that addresses sometimes end with."""
    return getattr(settings, name).rstrip("/")
