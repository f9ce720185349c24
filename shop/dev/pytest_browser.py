"""A pytest plugin for browser tests: which Chromium they use, and that they are skipped, told why, where there is none."""

import os

import pytest

from shop.dev import browser

# Playwright keeps an event loop in the main thread; Django would take every query of a test for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    wanting = [item for item in items if item.get_closest_marker("browser")]
    if wanting and not browser.find():
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason="there is no Chromium that starts (set CHROMIUM to one)"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Playwright's launch options, with the system's Chromium."""
    return {**browser_type_launch_args, **browser.launch_options()}
