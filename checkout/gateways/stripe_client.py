"""One client per process, with time limits of ours, and errors sorted into the two kinds that the shop knows.

The library's own time limit is 80 s and its own idempotency keys die with the process: both are always given here.
"""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe
from django.conf import settings

from checkout.gateways.base import GatewayRefused, GatewayUnavailable

log = logging.getLogger(__name__)
SECRET_FIELDS = ("client_secret",)


def client() -> stripe.StripeClient:
    return _client(
        settings.SHOP_STRIPE_SECRET_KEY,
        settings.SHOP_STRIPE_API_BASE,
        tuple(settings.SHOP_STRIPE_TIMEOUT),
        settings.SHOP_STRIPE_MAX_NETWORK_RETRIES,
        str(settings.SHOP_STRIPE_RECORD),
    )


def tax_client() -> stripe.StripeClient:
    """Somebody waits for a page meanwhile: less patience, no second try."""
    return _client(
        settings.SHOP_STRIPE_SECRET_KEY,
        settings.SHOP_STRIPE_API_BASE,
        tuple(settings.SHOP_TAX_TIMEOUT),
        0,
        str(settings.SHOP_STRIPE_RECORD),
    )


@lru_cache(maxsize=8)
def _client(key: str, base: str, timeout: tuple, retries: int, record: str) -> stripe.StripeClient:
    http = RecordingClient(record, timeout=timeout) if record else stripe.RequestsClient(timeout=timeout)
    return stripe.StripeClient(
        key, base_addresses={"api": base}, http_client=http, max_network_retries=retries
    )


@contextmanager
def answers() -> Iterator[None]:
    """Turns the library's errors into ours. Whatever leaves the outcome open is GatewayUnavailable."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise GatewayRefused(error.user_message or str(error), code=error.code or "") from error
    except stripe.IdempotencyError as error:
        raise GatewayRefused(str(error), code="idempotency_error") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("Stripe does not accept our key: %s", error)
        raise GatewayUnavailable(str(error)) from error
    except stripe.StripeError as error:
        raise GatewayUnavailable(str(error), will_repeat=(error.http_status or 0) >= 500) from error


class RecordingClient(stripe.RequestsClient):
    """Writes each exchange as one line of JSON, so that it can be checked against Stripe's own description of its API."""

    _writing = threading.Lock()

    def __init__(self, path: str, **options: Any):
        super().__init__(**options)
        self.path = path

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **more: Any) -> Any:
        content, status, answered = super().request(method, url, headers, post_data, **more)
        query = urlsplit(url).query if method == "get" else (post_data or "")
        line = {
            "method": method.upper(),
            "path": urlsplit(url).path,
            "params": parse_qsl(query, keep_blank_values=True),
            "idempotency_key": (headers or {}).get("Idempotency-Key"),
            "status": status,
            "body": _without_secrets(content),
        }
        with self._writing, open(self.path, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=True) + "\n")
        return content, status, answered


def _without_secrets(content: Any) -> Any:
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
    try:
        return _walk(json.loads(text), lambda name: name in SECRET_FIELDS)
    except ValueError:
        return text


def _walk(value: Any, hide: Callable[[str], bool]) -> Any:
    if isinstance(value, dict):
        return {name: "[hidden]" if hide(name) else _walk(part, hide) for name, part in value.items()}
    return [_walk(part, hide) for part in value] if isinstance(value, list) else value
