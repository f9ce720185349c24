"""Planned trouble strikes when and how it was planned, before or after the effect."""

import http.client
import time
import urllib.error

import pytest


def test_a_failure_before_the_effect_leaves_no_parcel(shopkeeper, sim):
    sim.fail("ups.ship", status=503, times=2)
    assert [shopkeeper.ups_label()[0] for _ in range(3)] == [503, 503, 200]
    assert len(sim.parcels()) == 1


def test_a_failure_after_the_effect_leaves_one(shopkeeper, sim):
    sim.fail("fedex.ship", after=True)
    status, answer = shopkeeper.fedex_label()
    assert status == 500 and answer["errors"][0]["code"] == "INTERNAL.SERVER.ERROR"
    assert len(sim.parcels()) == 1


@pytest.mark.parametrize(("after", "parcels"), [(False, 0), (True, 1)])
def test_a_line_that_drops_says_nothing(shopkeeper, sim, after, parcels):
    sim.fail("ups.ship", "drop", after=after)
    with pytest.raises((urllib.error.URLError, http.client.HTTPException, ConnectionError)):
        shopkeeper.ups_label()
    assert len(sim.parcels()) == parcels


def test_a_timeout_holds_the_line_and_then_drops_it(shopkeeper, sim):
    sim.fail("ups.ship", "timeout", after=True, seconds=0.5)
    began = time.monotonic()
    with pytest.raises((urllib.error.URLError, http.client.HTTPException, ConnectionError)):
        shopkeeper.ups_label()
    assert time.monotonic() - began >= 0.5
    assert len(sim.parcels()) == 1


def test_a_slow_answer_is_still_right(shopkeeper, sim):
    sim.fail("ups.ship", "slow", seconds=0.3)
    began = time.monotonic()
    assert shopkeeper.ups_label()[0] == 200
    assert time.monotonic() - began >= 0.3


def test_a_malformed_answer_is_no_json(shopkeeper, sim):
    sim.fail("ups.ship", "malformed")
    with pytest.raises(ValueError):
        shopkeeper.ups_label()


def test_what_strikes_after_the_effect_waits_for_one(shopkeeper, sim):
    sim.fail("ups.ship", after=True)
    assert shopkeeper.ups_label(**{"Shipment.Service.Code": "99"})[0] == 400
    assert shopkeeper.ups_label()[0] == 500
    assert len(sim.parcels()) == 1


def test_a_pattern_catches_every_operation_of_a_carrier_but_no_other(shopkeeper, sim):
    sim.fail("ups.*", times=1)
    assert shopkeeper.fedex_token()[0] == 200
    assert shopkeeper.ups_token()[0] == 500


def test_faults_can_be_forgotten(shopkeeper, sim):
    sim.fail("*", times=100)
    sim.control("fault", method="DELETE")
    assert shopkeeper.ups_label()[0] == 200


def test_requests_are_remembered_without_secrets(shopkeeper, sim):
    shopkeeper.fedex_parcel()
    [token] = sim.requests("fedex.token")
    [ship] = sim.requests("fedex.ship")
    assert (token["status"], token["body"]) == (200, "")
    assert (
        ship["path"] == "/ship/v1/shipments"
        and "Jörg" in ship["body"].encode().decode("unicode_escape") + ship["body"]
    )
