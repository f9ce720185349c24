"""Which status follows which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.carriers import Status, available, carrier, follow
from checkout.carriers.base import CarrierRefused, WebhookRefused

statuses = st.sampled_from(Status.values)


@given(st.lists(statuses))
def test_delivered_is_left_by_nothing_but_a_return(reported):
    status = Status.DELIVERED
    for one in reported:
        status = follow(status, one)
        assert status == Status.DELIVERED or (status == Status.RETURNING and Status.RETURNING in reported)


@given(st.lists(statuses))
def test_what_goes_back_never_counts_as_delivered(reported):
    status = Status.RETURNING
    for one in reported:
        status = follow(status, one)
    assert status == Status.RETURNING


@given(statuses)
def test_unknown_news_change_nothing(last):
    assert follow(last, Status.UNKNOWN) == last


@given(statuses, statuses)
def test_what_follows_is_one_of_the_two(last, reported):
    assert follow(last, reported) in (last, reported)


@pytest.mark.parametrize("last", ["picked_up", "in_transit", "out_for_delivery", "delivered", "returning"])
def test_late_news_of_the_label_are_ignored(last):
    assert follow(last, "pending") == last


@pytest.mark.parametrize(
    ("last", "reported"),
    [
        ("unknown", "pending"),
        ("pending", "in_transit"),
        ("out_for_delivery", "failed_attempt"),
        ("failed_attempt", "out_for_delivery"),
        ("out_for_delivery", "in_transit"),
        ("delivered", "returning"),
        ("cancelled", "picked_up"),
    ],
)
def test_the_ordinary_moves_are_made(last, reported):
    assert follow(last, reported) == reported


def test_every_status_has_a_name_for_people():
    assert all(label and label != value for value, label in Status.choices)


def test_a_carrier_is_offered_once_it_has_credentials(settings):
    settings.SHOP_UPS_CLIENT_ID, settings.SHOP_FEDEX_CLIENT_ID = "", ""
    assert available() == ["manual"]
    settings.SHOP_FEDEX_CLIENT_ID = "key"
    assert available() == ["fedex", "manual"]


def test_a_carrier_that_nobody_knows_is_a_lookup_error():
    with pytest.raises(LookupError):
        carrier("pigeon")


def test_manual_carriers_do_by_hand_what_others_do_by_wire(box, berlin, vienna):
    manual = carrier("manual")
    assert not manual.makes_labels and carrier("ups").makes_labels
    assert manual.rates([box], sender=berlin, recipient=vienna) == []
    assert manual.track("X1").status == Status.UNKNOWN
    assert manual.tracking_url("X1") == ""
    with pytest.raises(CarrierRefused, match="by hand"):
        manual.label(box, sender=berlin, recipient=vienna, service="", reference="S-1")
    with pytest.raises(WebhookRefused):
        manual.parse_webhook(b"{}", {})
