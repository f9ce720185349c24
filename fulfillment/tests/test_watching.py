"""A parcel that leaves is watched: UPS then tells of every step by itself."""

import pytest

from fulfillment import watching
from fulfillment.tests.factories import make_order, send


@pytest.mark.django_db(transaction=True)
def test_ups_is_asked_to_tell_us_and_does(carriers, deliver, live_server, settings):
    settings.SHOP_URL = live_server.url
    parcel = send(make_order(at="packed"), carrier="ups")
    deliver()

    assert carriers.stage(parcel.tracking_number, "out_for_delivery")["pushed"] == [200]
    deliver()

    parcel.refresh_from_db()
    assert parcel.status == "out_for_delivery"


@pytest.mark.django_db
@pytest.mark.parametrize("house", ["fedex", "manual"])
def test_others_are_not_asked(carriers, house):
    watching.watch(send(make_order(at="packed"), carrier=house))
    assert carriers.requests("ups.subscribe") == []


@pytest.mark.django_db
def test_nobody_is_asked_without_a_secret_of_ours(carriers, settings):
    settings.SHOP_UPS_WEBHOOK_CREDENTIAL = ""
    watching.watch(send(make_order(at="packed"), carrier="ups"))
    assert carriers.requests("ups.subscribe") == []


@pytest.mark.django_db
def test_a_refusal_leaves_the_polling(carriers):
    parcel = send(make_order(at="packed"), carrier="ups")
    carriers.fail("ups.subscribe", "error", status=400)
    watching.watch(parcel)
    parcel.refresh_from_db()
    assert parcel.next_poll_at is not None
