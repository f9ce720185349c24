"""The demo shop for the tests that look at it: loading it takes longer than any of them."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import override_settings
from django.utils import translation

from catalog.prices.reading import KEY
from shop.core import wording
from shop.core.models import Delivery
from shop.demo import catalogue, finding, house, support


@pytest.fixture(scope="module")
def isoline_in_place(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once for a module, and taken back at its end. Nobody has reviewed anything
    yet; what workers would do with it counts as done."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    around_the_tests = transaction.atomic()
    around_the_tests._from_testcase = True  # as Django marks those of its own tests
    with django_db_blocker.unblock(), media, translation.override("en"), around_the_tests:
        for part in (house, catalogue, finding):
            part.load()
        support.load_questions()
        Delivery.objects.all().delete()
        yield
        transaction.set_rollback(True)
    wording.forget()


@pytest.fixture
def isoline(isoline_in_place, nothing_kept_of_other_tests, db):
    """The demo shop; each test begins with it as it was loaded."""
    cache.delete(KEY)
    wording.forget()
