"""A browser, and the shop of looks/urls.py behind a real server."""

import os

import pytest

from shop.dev import browser as chromium
from shop.tests.looks import urls

# Playwright runs an event loop in this thread; the database is used beside it, not in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    options = chromium.launch_options()
    if not options["executable_path"]:
        pytest.skip("no Chromium on this machine")
    return browser_type_launch_args | options


@pytest.fixture
def shop(live_server, settings):
    settings.ROOT_URLCONF = "shop.tests.looks.urls"
    urls.posted.clear()
    urls.asked.clear()
    return live_server.url


@pytest.fixture
def opened(page, shop):
    """Opens a sample page and fails the test when the browser complains."""
    complaints: list[str] = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def go(path: str):
        page.goto(f"{shop}{path}")
        page.wait_for_load_state("networkidle")
        return page

    yield go
    assert not [words for words in complaints if "404" not in words and "422" not in words]
