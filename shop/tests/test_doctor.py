"""The doctor tries everything for real, and says what to do about what fails."""

import pytest
from django.core.management import CommandError, call_command

from shop.core.models import Delivery, Event

pytestmark = pytest.mark.django_db


def examine(capsys) -> str:
    with pytest.raises(CommandError, match="does not work"):
        call_command("doctor")  # no worker runs here: that alone is fatal
    return capsys.readouterr().out


def test_finds_what_is_well_and_what_to_do_about_the_rest(capsys, stripe, tmp_path, settings):
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", tmp_path / "static"
    told = examine(capsys)
    assert "PostgreSQL: version" in told
    assert "Migrations: all applied" in told
    assert f"Stripe: answers at {stripe.url}" in told
    assert "run_outbox --loop" in told


def test_names_a_server_that_is_away(capsys, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.SHOP_STRIPE_SECRET_KEY = "sk_test_x"  # noqa: S105
    settings.SHOP_STRIPE_API_BASE = "http://127.0.0.1:1"
    settings.SHOP_STRIPE_MAX_NETWORK_RETRIES = 0
    told = examine(capsys)
    assert "Check REDIS_URL" in told
    assert "Check SHOP_STRIPE_SECRET_KEY" in told


def test_warns_of_work_that_was_given_up(capsys):
    event = Event.objects.create(name="page.read", subject_type="core.page", subject_id=1)
    Delivery.objects.create(event=event, reaction="gone", parked_at=event.created_at)
    assert "1 parked" in examine(capsys)
