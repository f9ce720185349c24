from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from checkout import importing_rates
from checkout.models import TaxRate, TaxZone
from checkout.taxing import taxation_for
from checkout.tests.factories import make_tax

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)


def rates(standard, *reduced, eu_member=True):
    return {
        "standard": standard,
        "reduced": list(reduced),
        "super_reduced": None,
        "parking": None,
        "eu_member": eu_member,
    }


KNOWN = {"AT": rates(20.0, 10.0, 13.0), "EE": rates(24.0, 9.0), "CH": rates(8.1, 2.6, 3.8, eu_member=False)}


def told(found):
    return [(one.country, one.action) for one in found]


def test_says_what_would_change_and_changes_nothing():
    make_tax("AT", "20")
    make_tax("EE", "22")
    before = list(TaxRate.objects.values())
    found = importing_rates.compare(KNOWN, on=NEW_YEAR)
    assert told(found) == [("AT", "same"), ("EE", "changed")]
    assert found[1].words == "standard 22 % → 24 %"
    assert list(TaxRate.objects.values()) == before


def test_a_rate_that_changes_at_midnight_ends_one_and_begins_another():
    make_tax("EE", "22", name="Käibemaks")
    importing_rates.apply(KNOWN, on=NEW_YEAR, countries=["EE"])
    rows = list(TaxRate.objects.order_by("valid_from").values_list("percent", "valid_to", "name"))
    assert rows == [(22, date(2026, 12, 31), "Käibemaks"), (24, None, "Käibemaks")]
    assert taxation_for("EE", on=date(2026, 12, 31)).there.percent("standard") == 22
    assert taxation_for("EE", on=NEW_YEAR).there.percent("standard") == 24
    assert told(importing_rates.apply(KNOWN, on=NEW_YEAR, countries=["EE"])) == [("EE", "same")]
    assert TaxRate.objects.count() == 2


def test_missing_members_get_a_zone_and_others_only_when_they_are_wanted():
    importing_rates.apply(KNOWN, on=NEW_YEAR)
    assert set(TaxZone.objects.values_list("country", "is_eu")) == {("AT", True), ("EE", True)}
    importing_rates.apply(KNOWN, on=NEW_YEAR, countries=["CH"])
    assert TaxRate.objects.get(zone__country="CH").percent == Decimal("8.1")


def test_a_reduced_rate_that_nobody_knows_is_left_to_a_person():
    make_tax("AT", "20")
    make_tax("AT", "12", tax_class="reduced")
    make_tax("AT", "10", tax_class="books")
    found = importing_rates.apply(KNOWN, on=NEW_YEAR, countries=["AT"])
    assert told(found) == [("AT", "same"), ("AT", "look")]
    assert "class reduced has 12 %" in found[1].words
    assert TaxRate.objects.get(tax_class__code="reduced").percent == 12


def test_a_rate_that_began_the_same_day_is_replaced():
    make_tax("EE", "23", valid_from=NEW_YEAR)
    importing_rates.apply(KNOWN, on=NEW_YEAR, countries=["EE"])
    assert TaxRate.objects.get().percent == 24


def test_the_installed_data_is_read_and_said(capsys):
    call_command("import_tax_rates", "--dry-run")
    said = capsys.readouterr().out
    assert "+ AT  standard 20 %" in said and "+ GR  standard" in said and "27 would be added" in said
    assert not TaxRate.objects.exists()
    call_command("import_tax_rates", "--country", "fi", "--from", "2026-01-01")
    assert TaxRate.objects.get().percent == Decimal("25.5")
    with pytest.raises(CommandError, match="XX"):
        call_command("import_tax_rates", "--country", "XX")
