import re

import pytest
from django.conf import settings

from orders.tests.scenarios import SCENARIOS


@pytest.fixture(scope="module")
def names():
    files = (
        file
        for app in ("orders", "checkout", "fulfillment", "shop")
        for file in (settings.BASE_DIR / app).rglob("test_*.py")
    )
    return {name for file in files for name in re.findall(r"^def (test_\w+)", file.read_text(), re.M)}


def test_every_scenario_has_its_test(names):
    assert {what: test for what, test in SCENARIOS.items() if test not in names} == {}
