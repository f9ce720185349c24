"""A browser, and the shop of looks/urls.py behind a real server."""

import pytest

from shop.tests.looks import urls


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
