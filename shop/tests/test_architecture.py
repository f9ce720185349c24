"""The laws of the house that import-linter cannot see."""

import re
from pathlib import Path

from django.urls import get_resolver

from shop.reactions import REACTIONS

HOUSE = Path(__file__).resolve().parents[2]
APPS = ["shop", "catalog", "cart", "checkout", "orders", "fulfillment", "support"]
FILES = [p for app in APPS for p in (HOUSE / app).rglob("*.py") if "migrations" not in p.parts]
PRODUCT = [p for p in FILES if not {"tests", "dev", "demo"} & set(p.parts)]
DRAWERS = {"utils", "helpers", "services", "managers", "common", "signals", "misc"}
MAY_LOCK = {"shop/core/locks.py", "shop/core/outbox.py"}
TAKES_NO_TOKEN = {  # POST without a CSRF token, each for its reason
    "catalog.views.for_you.looks",  # what a cached page saw its visitor look at: same_origin
    "cart.views.lines.add",  # a form on cached product pages: same_origin
    "cart.views.alerts.ask",  # the form on sold-out products: same_origin
    "cart.views.wishes.wish",  # the heart on the same pages: same_origin
    "cart.views.currency.choose",  # in the footer of every page: same_origin
    "catalog.views.question.ask",  # likewise
    "catalog.views.review.vote",  # likewise
    "orders.views.hooks.stripe",  # signed by Stripe
    "fulfillment.views.hooks.ups",  # carries the carrier's credential
    "fulfillment.views.hooks.fedex",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


def test_no_room_is_a_drawer():
    assert [name_of(p) for p in FILES if p.stem in DRAWERS] == []


def test_every_event_has_its_line_in_reactions():
    recorded = {
        name
        for p in PRODUCT
        for name in re.findall(r'(?:record(?:_many)?\(\s*|event=)"([a-z_]+\.[a-z_]+)"', p.read_text())
    }
    assert recorded == set(REACTIONS)


def test_rows_are_locked_in_one_place():
    """SKIP LOCKED never waits, so it cannot deadlock."""
    lockers = {
        name_of(p)
        for p in PRODUCT
        if re.search(r"select_for_update\((?!skip_locked=True)|FOR UPDATE(?! SKIP LOCKED)", p.read_text())
    }
    assert lockers <= MAY_LOCK


def test_nothing_is_sent_by_a_signal_or_saved_behind_ones_back():
    guilty = [
        name_of(p) for p in PRODUCT if re.search(r"^\s+def save\(self|@receiver\(", p.read_text(), re.M)
    ]
    assert [name for name in guilty if not name.endswith("forms.py")] == []


def test_files_hold_one_activity():
    long = {name_of(p): n for p in PRODUCT if (n := len(p.read_text().splitlines())) > 300}
    assert set(long) <= {"shop/settings.py"}, "settings are one file by design"


def views(patterns, prefix=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern.url_patterns)
        elif pattern.callback:
            yield pattern.callback


def test_only_listed_views_take_a_post_without_a_token():
    exempt = {
        f"{view.__module__}.{view.__qualname__}"
        for view in views(get_resolver().url_patterns)
        if getattr(view, "csrf_exempt", False)
        and not view.__module__.startswith(("django.", "allauth.", "unfold."))
    }
    assert exempt <= TAKES_NO_TOKEN


def test_each_advisory_lock_has_a_number_of_its_own():
    """Two operations that share one would wait for each other's rows, in either order."""
    found = [
        (int(number), str(path.relative_to(HOUSE)))
        for app in APPS
        for path in sorted((HOUSE / app).rglob("*.py"))
        for number in re.findall(r"^LOCK = (\d+)", path.read_text(), re.M)
    ]
    numbers = [number for number, _path in found]
    assert len(found) > 5
    assert [one for one in found if numbers.count(one[0]) > 1] == []
