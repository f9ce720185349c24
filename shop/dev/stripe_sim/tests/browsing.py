"""A Chromium on the little pay page: what a customer does there."""

import os
import shutil

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.path.exists(CHROMIUM), reason="no Chromium here: set CHROMIUM"),
]


def fill(fields, number: str, *, expiry: str = "12/34", cvc: str = "123") -> None:
    fields.get_by_label("Card number").fill(number)
    fields.get_by_label("Expiration date").fill(expiry)
    fields.get_by_label("Security code").fill(cvc)


def press(page) -> None:
    page.get_by_role("button", name="Pay").click()


def status(page, words: str) -> str:
    page.locator("#status", has_text=words).wait_for()
    return page.locator("#status").inner_text()


def bank(page):
    return page.frame_locator('iframe[title="3D Secure authentication"]')
