import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from checkout import addresses, hinting
from checkout.addresses import AddressRefused, clean, fields_for, format_lines
from checkout.shipping_rates import countries
from checkout.tests.factories import ADA, make_tax, make_zone

pytestmark = pytest.mark.django_db


def cleaned(country="AT", **over):
    return clean(country, ADA | {"country": country} | over)


@pytest.mark.parametrize(
    ("country", "typed", "spelling"),
    [
        ("AT", "A-1010", "1010"),
        ("AT", " 10 10 ", "1010"),
        ("DE", "D-10115", "10115"),
        ("GB", "sw1a1aa", "SW1A 1AA"),
        ("GB", "M25BQ", "M2 5BQ"),
        ("NL", "1234ab", "1234 AB"),
        ("SE", "SE-114 55", "11455"),
        ("PT", "2725 079", "2725-079"),
        ("PL", "00950", "00-950"),
        ("CZ", "10000", "100 00"),
        ("JP", "1540023", "154-0023"),
        ("CA", "h3z2y7", "H3Z 2Y7"),
        ("LU", "L-4750", "4750"),
        ("LI", "FL-9490", "9490"),
        ("CH", "CH-8001", "8001"),
        ("FR", "F-75001", "75001"),
        ("US", "950141234", "95014-1234"),
        ("US", "95014", "95014"),
        ("IE", "a65f4e2", "A65 F4E2"),
    ],
)
def test_postcodes_are_taken_as_people_type_them(country, typed, spelling):
    region = {"US": "CA", "CA": "QC", "JP": "Tokyo"}.get(country, "")
    assert cleaned(country, postcode=typed, region=region)["postcode"] == spelling


@pytest.mark.parametrize(
    ("country", "typed"), [("AT", "123"), ("DE", "1234"), ("GB", "12345"), ("LI", "1010")]
)
def test_a_postcode_that_cannot_be_one_is_refused_with_an_example(country, typed):
    with pytest.raises(AddressRefused) as refusal:
        cleaned(country, postcode=typed)
    assert "like" in refusal.value.errors["postcode"]


def test_says_what_to_enter_and_for_which_field():
    with pytest.raises(AddressRefused) as refusal:
        clean("AT", {"country": "AT"})
    assert refusal.value.errors == {
        "name": "Enter your full name.",
        "street": "Enter a street and house number.",
        "postcode": "Enter a postcode.",
        "city": "Enter a town or city.",
    }


def test_names_keep_apostrophes_and_accents_and_lose_line_breaks():
    assert cleaned(name="Zoë d'Ærø\r\nBcc: x")["name"] == "Zoë d'Ærø Bcc: x"
    assert cleaned(name="O'Neil-Łoś\0")["name"] == "O'Neil-Łoś"


def test_a_region_is_asked_for_only_where_it_is_needed():
    assert [field.name for field in fields_for("AT")] == ["street", "postcode", "city"]
    states = next(field for field in fields_for("US") if field.name == "region")
    assert states.required and ("CA", "California") in states.choices
    assert cleaned("US", postcode="95014", region="california")["region"] == "CA"
    assert cleaned("AT", region="Tirol")["region"] == ""


def test_where_tax_depends_on_the_region_only_those_that_are_taxed_are_served():
    make_tax("US", "7.25", region="CA")
    states = next(field for field in fields_for("US") if field.name == "region")
    assert states.choices == (("CA", "California"),)
    with pytest.raises(AddressRefused) as refusal:
        cleaned("US", postcode="84101", region="UT")
    assert "region" in refusal.value.errors


@pytest.mark.parametrize(
    ("country", "typed", "stored"),
    [("AT", "0664 123 45 67", "+436641234567"), ("GB", "+44 20 7946 0018", "+442079460018"), ("AT", "", "")],
)
def test_phones_are_stored_in_one_spelling(country, typed, stored):
    assert (
        cleaned(country, postcode="1010" if country == "AT" else "SW1A 1AA", phone=typed)["phone"] == stored
    )


def test_a_phone_that_cannot_be_one_is_refused():
    with pytest.raises(AddressRefused) as refusal:
        cleaned(phone="call me")
    assert "+43" in refusal.value.errors["phone"]


def test_too_long_is_refused():
    with pytest.raises(AddressRefused) as refusal:
        cleaned(street="x" * 201)
    assert refusal.value.errors == {"street": "Use 200 characters at most."}


def test_an_unknown_country_is_refused():
    for country in ("XX", "", "ZZ", "../etc"):
        with pytest.raises(AddressRefused) as refusal:
            clean(country, ADA | {"country": country})
        assert "country" in refusal.value.errors


def test_a_label_reads_as_its_country_writes_it():
    ada = cleaned(company="Engines Ltd", extra="Top 3")
    assert format_lines(ada) == [
        "Engines Ltd",
        "Ada Lovelace",
        "Stephansplatz 1",
        "Top 3",
        "1010 Wien",
        "Austria",
    ]
    grace = clean("US", ADA | {"country": "US", "postcode": "95014", "city": "Cupertino", "region": "CA"})
    assert format_lines(grace)[-2:] == ["Cupertino, CA 95014", "United States"]
    with translation.override("de"):
        assert format_lines(ada)[-1] == "Österreich"


def test_what_somebody_typed_is_never_taken_for_a_pattern():
    assert "100%C %n" in format_lines(cleaned(name="100%C %n"))
    assert format_lines({"name": "Ada", "street": "Here 1", "city": "Town"}) == ["Ada", "Here 1", "Town"]


def test_countries_are_sorted_by_their_names_in_the_language_of_the_page():
    with translation.override("de"):
        names = [name for _code, name in addresses.country_choices(["AT", "NO", "PL"])]
    assert names == ["Norwegen", "Österreich", "Polen"]


def test_every_country_of_the_world_has_a_form_and_a_label():
    make_zone("AT", "SG", "AE", "IE", "BR", "KR", "ZA")
    for country in countries():
        assert fields_for(country)
        assert format_lines(ADA | {"country": country})


texts = st.text(max_size=60)


@given(st.sampled_from(["AT", "GB", "IE", "SG"]), st.dictionaries(st.sampled_from(list(ADA)), texts))
def test_whatever_is_typed_is_understood_or_refused_and_cleaning_again_changes_nothing(country, data):
    try:
        once = clean(country, data | {"country": country})
    except AddressRefused as refusal:
        assert all(refusal.errors.values())
    else:
        assert clean(country, once) == once
        assert not any("\n" in value or "\0" in value for value in once.values())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ada@gmial.com", "ada@gmail.com"),
        ("ada@gmai.com", "ada@gmail.com"),
        ("ada@hotmial.com", "ada@hotmail.com"),
        ("ada@gmx.att", "ada@gmx.at"),
        ("ada@mail.com", ""),
        ("ada@gmx.de", ""),
        ("ada@lovelace.example", ""),
        ("ada", ""),
    ],
)
def test_mistyped_domains_are_hinted_at(typed, meant):
    assert hinting.suggestion(typed) == meant
