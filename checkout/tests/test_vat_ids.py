"""VAT ids, against a register that speaks VIES's REST over real HTTP."""

import threading
from datetime import timedelta

import pytest
from django.urls import reverse

from catalog.tests.factories import make_variant
from checkout import quoting, showing, vat_ids, vies
from checkout.filling import set_company
from checkout.models import Checkout, VatCheck
from checkout.tests.factories import make_checkout, make_tax
from shop.core import clock
from shop.core.models import Event, Shop
from shop.dev.vies_sim.server import Server

GERMAN = "DE136695976"
State = VatCheck.State
BERLIN = {"street": "Hauptstraße 12", "postcode": "10115", "city": "Berlin", "country": "DE"}


@pytest.fixture(scope="module")
def register_server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.ending.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def register(register_server, settings):
    register_server.reset()
    settings.SHOP_VIES_URL, settings.SHOP_VIES_TIMEOUT = register_server.url, 1
    return register_server


@pytest.fixture
def shop():
    return Shop.objects.update_or_create(pk=1, defaults={"country": "AT", "vat_id": "ATU12345675"})[0]


def business(vat_id=GERMAN, **over):
    make_tax("AT", "20", is_eu=True)
    return set_company(
        make_checkout({make_variant(stock=5, price_minor=12000): 1}, address=BERLIN, **over), vat_id=vat_id
    )


def check_of(checkout):
    return VatCheck.objects.get(vat_id=checkout.vat_id)


@pytest.mark.parametrize(
    ("typed", "country", "clean"),
    [
        ("DE136695976", "", "DE136695976"),
        (" de 136.695-976 ", "", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("ATU12345675", "AT", "ATU12345675"),
        ("EL094259216", "GR", "EL094259216"),
        ("094259216", "GR", "EL094259216"),
        ("GB980780684", "GB", "GB980780684"),
        ("CHE-107.787.577 IVA", "CH", "CHE107787577IVA"),
        ("12-3456789", "US", "123456789"),
        ("", "DE", ""),
        ("  ", "DE", ""),
    ],
)
def test_understands_what_people_type(typed, country, clean):
    assert vat_ids.clean(typed, country=country) == clean


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("DE136695975", "DE"),
        ("DE13669597", "DE"),
        ("FR", "FR"),
        ("ATU12345678", "AT"),
        ("hello", "DE"),
        ("1", "US"),
        ("1" * 30, "US"),
        ("GB980780685", "GB"),
    ],
)
def test_refuses_wrong_digits_at_once(typed, country):
    with pytest.raises(vat_ids.VatIdRefused):
        vat_ids.clean(typed, country=country)


def test_the_register_tells_valid_from_invalid_and_gives_a_number_to_who_asks(register):
    register.answers["DE111111125"] = "invalid"
    assert vies.ask(GERMAN, requester="ATU12345675") == vies.Answer(True, "WAPIAAAASIM00001")
    assert vies.ask("DE111111125") == vies.Answer(False, "")
    assert register.asked[0]["requesterMemberStateCode"] == "AT"


@pytest.mark.parametrize("trouble", ["MS_UNAVAILABLE", "TIMEOUT", "MS_MAX_CONCURRENT_REQ", "silent"])
def test_an_outage_is_no_answer(register, settings, trouble):
    settings.SHOP_VIES_TIMEOUT = 0.2
    register.answers[GERMAN] = trouble
    with pytest.raises(vies.OutOfReach):
        vies.ask(GERMAN)


def test_nobody_there_is_no_answer(settings):
    settings.SHOP_VIES_URL = "http://127.0.0.1:9"
    with pytest.raises(vies.OutOfReach):
        vies.ask(GERMAN)


db = pytest.mark.django_db


@db
def test_vat_is_charged_until_the_register_confirms_then_not(register, shop):
    checkout = business()
    before = quoting.quote(checkout)
    assert (before.total_minor, before.tax_minor) == (12000, 1916)
    assert "We are checking" in showing.vat_words(checkout, before)
    assert Event.objects.filter(name="vat_check.requested").count() == 1

    checked = vat_ids.check(check_of(checkout))
    assert (checked.state, checked.reference, checked.due_at) == (State.VALID, "WAPIAAAASIM00001", None)
    after = quoting.quote(checkout)
    assert (after.goods_minor, after.tax_minor, after.total_minor) == (10000, 0, 10000)
    assert [tax.reason for tax in after.tax_totals] == ["intra_community"]
    assert "no VAT is charged" in showing.vat_words(checkout, after)
    assert before.fingerprint != after.fingerprint
    assert after.steps[0] == "to DE: intra_community, home tax taken off, no tax"


@db
def test_an_unknown_id_changes_nothing_and_the_page_says_so(register, shop):
    register.answers[GERMAN] = "invalid"
    checkout = business()
    assert vat_ids.check(check_of(checkout)).state == State.INVALID
    found = quoting.quote(checkout)
    assert found.tax_minor == 1916
    assert "does not know it" in showing.vat_words(checkout, found)


@db
def test_while_the_register_is_out_of_reach_vat_is_charged_and_it_is_asked_again(register, shop):
    register.answers[GERMAN] = "MS_UNAVAILABLE"
    checkout = business()
    checked = vat_ids.check(check_of(checkout))
    assert checked.state == State.UNANSWERED and checked.due_at > clock.now()
    assert quoting.quote(checkout).tax_minor == 1916
    assert vat_ids.check_due() == 0

    register.answers.clear()
    VatCheck.objects.update(due_at=clock.now() - timedelta(minutes=1))
    assert vat_ids.check_due() == 1
    assert quoting.quote(checkout).tax_minor == 0


@db
def test_a_shop_may_trust_while_the_register_is_out_of_reach(register, shop):
    Shop.objects.update(trusts_unchecked_vat_ids=True)
    register.answers[GERMAN] = "MS_UNAVAILABLE"
    checkout = business()
    assert quoting.quote(checkout).tax_minor == 1916  # not asked yet
    vat_ids.check(check_of(checkout))
    found = quoting.quote(checkout)
    assert found.tax_minor == 0
    assert "ask the EU’s register again" in showing.vat_words(checkout, found)


@db
@pytest.mark.parametrize(
    ("vat_id", "address"),
    [("ATU12345675", BERLIN), (GERMAN, {})],  # of the shop's own country; delivered within it
)
def test_within_one_country_vat_is_charged_whatever_the_id(register, shop, vat_id, address):
    checkout = set_company(make_checkout({make_variant(stock=5): 1}, address=address), vat_id=vat_id)
    vat_ids.check(check_of(checkout))
    found = quoting.quote(checkout)
    assert found.tax_minor > 0
    assert "charged as usual" in showing.vat_words(checkout, found)


@db
def test_is_asked_once_a_day(register, shop):
    for _time in range(3):
        checkout = business()
    vat_ids.check(check_of(checkout))
    vat_ids.ask_for(GERMAN)
    assert Event.objects.filter(name="vat_check.requested").count() == 1
    VatCheck.objects.update(answered_at=clock.now() - timedelta(days=2))
    assert vat_ids.ask_for(GERMAN).state == State.PENDING
    assert Event.objects.filter(name="vat_check.requested").count() == 2


@db
def test_the_details_page_takes_it_and_says_at_once_what_is_wrong(client, shop):
    checkout = make_checkout({make_variant(stock=5): 1})
    session = client.session
    session["checkout"] = checkout.token
    session.save()
    typed = checkout.as_dict() | {"email": checkout.email, "vat_id": "DE136695975", "po_number": "PO-7"}
    wrong = client.post(reverse("checkout:details"), typed)
    assert wrong.status_code == 422 and "not a valid VAT id" in wrong.content.decode()
    assert Checkout.objects.get().vat_id == ""

    assert client.post(reverse("checkout:details"), typed | {"vat_id": GERMAN}).status_code == 303
    kept = Checkout.objects.get()
    assert (kept.vat_id, kept.po_number) == (GERMAN, "PO-7")
    page = client.get(reverse("checkout:payment")).content.decode()
    assert GERMAN in page and "PO-7" in page
