"""The doctor tries carriers for real."""

import pytest

from checkout.carriers import carrier, probes
from shop.core.probes import Trouble, all_probes

TRY = {"ups": probes.ups, "fedex": probes.fedex}


def test_the_doctor_knows_both():
    assert {"UPS", "FedEx"} <= {name for name, _probe in all_probes()}


def test_good_credentials_are_said_to_be_good(each, sim):
    assert TRY[each.code]() == "credentials accepted"
    assert len(sim.requests(f"{each.code}.token")) == {"ups": 1, "fedex": 2}[each.code]


def test_a_carrier_without_credentials_is_no_trouble(each, settings):
    settings.SHOP_UPS_CLIENT_ID = settings.SHOP_FEDEX_CLIENT_ID = ""
    assert TRY[each.code]() == "not set up"


def test_wrong_credentials_are_trouble_with_a_remedy(each, settings):
    settings.SHOP_UPS_CLIENT_SECRET = settings.SHOP_FEDEX_CLIENT_SECRET = "wrong"
    with pytest.raises(Trouble) as caught:
        TRY[each.code]()
    assert f"SHOP_{each.code.upper()}_CLIENT_ID" in caught.value.remedy and not caught.value.is_fatal


def test_the_tracking_credentials_are_tried_too(sim, settings):
    settings.SHOP_FEDEX_TRACK_CLIENT_SECRET = "wrong"
    with pytest.raises(Trouble, match="FedEx does not accept"):
        probes.fedex()


def test_no_answer_is_trouble_that_does_not_stop_the_shop(each, settings):
    settings.SHOP_UPS_URL = settings.SHOP_FEDEX_URL = "http://127.0.0.1:9"
    with pytest.raises(Trouble) as caught:
        TRY[each.code]()
    assert f"SHOP_{each.code.upper()}_URL" in caught.value.remedy and not caught.value.is_fatal


def test_manual_needs_no_check():
    carrier("manual").check()
