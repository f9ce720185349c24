"""Between tests that commit, the tables are emptied quickly, and never less than Django would."""

import pytest
from django.contrib.auth.models import Permission

from shop.core import events
from shop.core.models import Event, Shop
from shop.dev.pytest_database import Emptying

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def emptying():
    """It has been done once; `emptying.times` says how often it was done as Django does."""
    done = Emptying(lambda case: setattr(done, "times", done.times + 1))
    done.times = 0
    done(None)
    return done


def test_deletes_even_what_may_only_be_added_to(emptying):
    events.record("shop.changed", Shop.current())
    emptying(None)
    assert not Event.objects.exists()
    assert emptying.times == 1


def test_takes_the_long_way_when_a_test_has_changed_what_stays(emptying):
    Permission.objects.first().delete()
    emptying(None)
    assert emptying.times == 2
