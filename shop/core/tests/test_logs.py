"""The log tells what happened, never what opens a door."""

import json
import logging

import pytest
import structlog

from shop.core.logs import formatter


def line(text, path="/"):
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, text, None, None)
    with structlog.contextvars.bound_contextvars(path=path):
        return formatter().format(record)


@pytest.mark.parametrize(
    "path",
    [
        "/o/SECRET/",
        "/o/SECRET/payment/",
        "/de/tickets/SECRET/messages/",
        "/account/password/reset/key/SECRET/",
        "/account/confirm-email/SECRET/",
    ],
)
def test_an_address_that_is_a_key_is_not_written_down(path):
    written = line(f"Unprocessable Entity: {path}", path)
    assert "SECRET" not in written
    assert json.loads(written)["path"] == path.replace("SECRET", "[hidden]")


def test_other_addresses_stay_whole():
    assert (
        json.loads(line("Not Found: /orders/K7F4-9QXM/", "/orders/K7F4-9QXM/"))["path"]
        == "/orders/K7F4-9QXM/"
    )
