"""The checkout over HTTP, without JavaScript: guest first, three pages, nothing skipped, nothing lost."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client

from cart import adding
from cart.models import CartLine
from catalog import stock
from catalog.models import Reservation
from catalog.tests.factories import make_variant
from checkout import starting
from checkout.models import Checkout, ShippingMethod
from checkout.tests.factories import ADA, make_checkout, make_tax, make_zone
from shop.accounts.models import Address, User
from shop.core.models import Page

pytestmark = pytest.mark.django_db
DETAILS = ADA | {"email": "ada@example.com"}


@pytest.fixture(autouse=True)
def tables(db):
    make_tax("AT", "20", is_eu=True)
    make_tax("DE", "19", is_eu=True)
    make_zone()
    Page.objects.create(slug="terms", title="Terms", body="<p>Fair.</p>", version=3)


def put(client, variant, quantity=1):
    client.post(
        "/cart/lines/",
        {"variant": variant.pk, "quantity": quantity},
        headers={"sec-fetch-site": "same-origin"},
    )


def begun(client, variant=None, quantity=1):
    put(client, variant or make_variant(stock=5, price_minor=2900), quantity)
    assert client.post("/checkout/")["Location"] == "/checkout/details/"
    return Checkout.objects.latest("pk")


def with_details(client, **over):
    return client.post("/checkout/details/", DETAILS | over)


def ready(client, **over):
    checkout = begun(client)
    with_details(client, **over)
    client.post(
        "/checkout/delivery/", {"method": ShippingMethod.objects.get(code="standard", zone__code="near").pk}
    )
    return checkout


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_guest_walks_through(client):
    begun(client)
    assert "Step 1 of 3:" in text_of(client.get("/checkout/details/"))
    assert with_details(client)["Location"] == "/checkout/delivery/"
    page = text_of(client.get("/checkout/delivery/"))
    assert "Standard" in page and "€4.90" in page and page.count("checked") == 1
    answer = client.post("/checkout/delivery/", {"method": ShippingMethod.objects.get(code="express").pk})
    assert (answer.status_code, answer["Location"]) == (303, "/checkout/payment/")

    page = text_of(client.get("/checkout/payment/"))
    assert "€43.90" in page and "includes €7.31 VAT 20 %" in page
    assert "ada@example.com" in page and "Stephansplatz 1" in page and "1010 Wien" in page
    assert 'name="terms_version" value="3"' in page and 'action="/orders/"' in page
    assert re.search(r'name="fingerprint" value="[0-9a-f]{64}"', page)
    assert 'value="cash_on_delivery"' in page


def test_each_page_is_private_and_not_indexed(client):
    ready(client)
    for path in ("/checkout/details/", "/checkout/delivery/", "/checkout/payment/"):
        page = client.get(path)
        assert page.status_code == 200 and page["Cache-Control"] == "private, no-store"
        assert '<meta name="robots" content="noindex">' in page.content.decode()


def test_few_fields_are_seen_and_each_says_what_browsers_may_fill_in(client):
    begun(client)
    page = client.get("/checkout/details/").content.decode()
    seen = re.findall(
        r"<(?:input|select)[^>]*name=\"(?!csrf|billing-|bill_|company|extra|phone|vat_id|po_number)(\w+)\"",
        page,
    )
    assert seen == ["email", "name", "country", "street", "postcode", "city"]
    for token in ("email", "shipping name", "shipping address-line1", "shipping postal-code", "billing name"):
        assert f'autocomplete="{token}"' in page


def test_steps_cannot_be_skipped(client):
    assert client.get("/checkout/payment/")["Location"] == "/cart/"
    begun(client)
    assert client.get("/checkout/delivery/")["Location"] == "/checkout/details/"
    assert client.post("/checkout/delivery/", {"method": "1"})["Location"] == "/checkout/details/"
    assert client.get("/checkout/payment/")["Location"] == "/checkout/details/"
    with_details(client)
    assert client.get("/checkout/payment/")["Location"] == "/checkout/delivery/"
    assert client.get("/checkout/")["Location"] == "/checkout/delivery/"


def test_mistakes_are_named_and_what_was_typed_is_kept(client):
    begun(client)
    answer = with_details(client, email="ada", postcode="12", name="Zoë d'Ærø", city="")
    page = text_of(answer)
    assert answer.status_code == 422 and "<title>Error: " in page
    assert "Enter an email address like name@example.com." in page
    assert "Enter a postcode like 1010." in page and "Enter a town or city." in page
    assert 'href="#id_postcode"' in page and "Zoë d&#x27;Ærø" in page
    assert 'aria-invalid="true"' in page
    assert Checkout.objects.get().email == ""


def test_another_country_shows_its_fields_and_saves_nothing(client):
    make_zone("US", code="us")
    make_tax("US", "7.25", region="CA", mode="exclusive")
    begun(client)
    answer = with_details(client, country="US", postcode="", refresh="shipping-fields")
    page = text_of(answer)
    assert answer.status_code == 200 and "There is a problem" not in page
    assert "ZIP code" in page and "California" in page and 'value="Ada Lovelace"' in page
    assert Checkout.objects.get().country == ""


def test_a_bill_may_go_elsewhere(client):
    begun(client)
    billing = {f"billing-{name}": value for name, value in ADA.items()}
    elsewhere = billing | {"billing-country": "FR", "billing-postcode": "75001", "billing-city": "Paris"}
    assert with_details(client, bill_elsewhere="on", **(elsewhere | {"billing-city": ""})).status_code == 422
    assert with_details(client, bill_elsewhere="on", **elsewhere).status_code == 303
    assert Checkout.objects.get().billing["city"] == "Paris"
    assert with_details(client, **elsewhere).status_code == 303
    assert Checkout.objects.get().billing is None


def test_a_mistyped_domain_is_hinted_at_and_stops_nobody(client):
    begun(client)
    assert with_details(client, email="ada@gmial.com").status_code == 303
    assert "Did you mean ada@gmail.com?" in text_of(client.get("/checkout/delivery/"))


def test_a_country_without_delivery_is_refused(client):
    begun(client)
    answer = with_details(client, country="FR", postcode="75001")
    assert answer.status_code == 422 and Checkout.objects.get().country == ""


@pytest.mark.parametrize("method", ["", "0", "abc", "-1", "9" * 30, "9" * 5000, "٣", "inactive", "foreign"])
def test_a_delivery_that_is_not_offered_is_refused(client, method):
    foreign = make_zone("US", code="us").methods.first()
    inactive = ShippingMethod.objects.filter(code="express", zone__code="near").first()
    ShippingMethod.objects.filter(pk=inactive.pk).update(is_active=False)
    checkout = begun(client)
    with_details(client)
    posted = {"inactive": inactive.pk, "foreign": foreign.pk}.get(method, method)

    answer = client.post("/checkout/delivery/", {"method": posted})

    assert answer.status_code == 422 and "Choose one of the deliveries" in text_of(answer)
    checkout.refresh_from_db()
    assert checkout.shipping_method is None


def test_another_country_asks_for_the_delivery_again(client):
    make_zone("US", code="us")
    ready(client)
    with_details(client, country="US", postcode="95014", region="CA")
    assert client.get("/checkout/payment/")["Location"] == "/checkout/delivery/"


def test_too_heavy_for_every_delivery_says_why(client):
    begun(client, make_variant(stock=1, weight_g=60_000))
    with_details(client)
    page = text_of(client.get("/checkout/delivery/"))
    assert "weigh 60.0 kg" in page and "Write to us" in page


def test_the_same_cart_is_one_checkout_and_what_was_filled_in_stays(client):
    first = ready(client)
    assert client.post("/checkout/")["Location"] == "/checkout/payment/"
    assert Checkout.objects.get() == first


def test_a_lost_session_finds_the_checkout_again_through_the_cart(client):
    ready(client)
    del client.cookies["sessionid"]
    assert "€33.90" in text_of(client.get("/checkout/payment/"))


def test_nobody_sees_anothers_checkout(client):
    ready(client)
    assert Client().get("/checkout/payment/")["Location"] == "/cart/"


def test_a_completed_checkout_leads_to_its_order(client):
    checkout = ready(client)
    checkout.refresh_from_db()
    checkout.move_to(Checkout.Status.COMPLETED, order_number="K7F4-9QXM")
    for path in ("/checkout/", "/checkout/details/", "/checkout/delivery/", "/checkout/payment/"):
        assert client.get(path)["Location"] == "/orders/K7F4-9QXM/"
    assert with_details(client, name="Eve")["Location"] == "/orders/K7F4-9QXM/"
    checkout.refresh_from_db()
    assert checkout.name == "Ada Lovelace"


def run_out(checkout):
    hour = timedelta(hours=1)
    Checkout.objects.filter(pk=checkout.pk).update(reserved_until=F("reserved_until") - hour)
    Reservation.objects.filter(holder=checkout.holder).update(expires_at=F("expires_at") - hour)
    starting.sweep()


def test_a_reservation_that_ran_out_is_made_again_on_the_way(client):
    last = make_variant(stock=1)
    checkout = begun(client, last)
    run_out(checkout)
    assert with_details(client).status_code == 303
    assert stock.promised(checkout.holder) == {last.pk: 1}


def test_somebody_was_faster_so_the_cart_says_what_changed_and_the_address_is_kept(client):
    teapot = make_variant(stock=3)
    checkout = begun(client, teapot, 3)
    run_out(checkout)
    make_checkout({teapot: 2})

    answer = with_details(client)

    assert answer["Location"] == "/cart/"
    page = text_of(client.get("/cart/"))
    assert "1 left." in page and "You wanted 3, only 1 is left" in page
    assert Checkout.objects.get(pk=checkout.pk).city == "Wien"
    assert client.post("/checkout/")["Location"] == "/checkout/delivery/"
    assert stock.promised(checkout.holder) == {teapot.pk: 1}


def test_the_payment_page_says_so_before_the_button_is_pressed(client):
    teapot = make_variant(stock=1)
    checkout = begun(client, teapot)
    with_details(client)
    client.post(
        "/checkout/delivery/", {"method": ShippingMethod.objects.get(code="standard", zone__code="near").pk}
    )
    run_out(checkout)
    assert "ran out" not in text_of(client.get("/checkout/payment/"))
    make_checkout({teapot: 1})
    assert "Your reservation ran out." in text_of(client.get("/checkout/payment/"))


def test_what_is_kept_for_an_unpaid_order_of_this_cart_leads_to_paying_it(client):
    last = make_variant(stock=1)
    checkout = begun(client, last)
    with_details(client)
    checkout.refresh_from_db()
    checkout.move_to(Checkout.Status.COMPLETED, order_number="K7F4-9QXM")
    stock.commit(checkout.holder, to="order:1")
    adding.note_reserved(checkout.cart, holder="order:1")

    assert "Sold out" not in text_of(client.get("/cart/"))
    assert client.post("/checkout/")["Location"] == "/orders/K7F4-9QXM/payment/"
    stock.release("order:1")
    assert client.post("/checkout/")["Location"] == "/checkout/details/"


def test_an_empty_cart_starts_nothing(client):
    assert client.post("/checkout/")["Location"] == "/cart/"
    put(client, make_variant(stock=1))
    CartLine.objects.all().delete()
    assert client.post("/checkout/")["Location"] == "/cart/"
    assert not Checkout.objects.exists()


def test_signed_in_with_a_saved_address_it_goes_straight_to_delivery(client):
    ada = User.objects.create_user("ada@example.com", name="Ada Lovelace")
    Address.objects.create(user=ada, is_default=True, **ADA)
    client.force_login(ada)
    put(client, make_variant(stock=5))
    assert client.post("/checkout/")["Location"] == "/checkout/delivery/"
    assert Checkout.objects.get().user == ada


def test_another_entry_of_the_address_book_fills_the_form_but_never_a_strangers(client):
    ada, eve = (User.objects.create_user(f"{name}@example.com") for name in ("ada", "eve"))
    Address.objects.create(user=ada, is_default=True, **ADA)
    work = Address.objects.create(user=ada, **(ADA | {"street": "Am Werk 5"}))
    strangers = Address.objects.create(user=eve, **(ADA | {"street": "Secret 9"}))
    client.force_login(ada)
    put(client, make_variant(stock=5))
    client.post("/checkout/")
    assert 'value="Am Werk 5"' in text_of(client.get(f"/checkout/details/?address={work.pk}"))
    for odd in (strangers.pk, "x", "٣", "9" * 40):
        assert "Secret 9" not in text_of(client.get(f"/checkout/details/?address={odd}"))


def test_signing_in_half_way_goes_on(client):
    checkout = ready(client)
    ada = User.objects.create_user("ada@example.com")
    client.force_login(ada)
    assert client.get("/checkout/payment/").status_code == 200
    with_details(client)
    client.get("/visitor/")
    checkout.refresh_from_db()
    assert checkout.user == ada and checkout.cart.user == ada


def test_the_country_that_was_chosen_in_the_cart_is_preset(client):
    put(client, make_variant(stock=5))
    client.post("/checkout/", {"country": "DE"})
    assert '<option value="DE" selected' in text_of(client.get("/checkout/details/"))


def test_every_post_wants_its_token(client):
    checkout = ready(client)
    guarded = Client(enforce_csrf_checks=True)
    guarded.cookies = client.cookies
    for path in ("/checkout/", "/checkout/details/", "/checkout/delivery/"):
        assert guarded.post(path, {}, headers={"sec-fetch-site": "same-origin"}).status_code == 403
    checkout.refresh_from_db()
    assert checkout.status == "open"


@pytest.mark.parametrize("many", [1, 10])
def test_asks_as_often_for_one_line_as_for_many(client, many, django_assert_max_num_queries):
    for _ in range(many):
        put(client, make_variant(stock=5, weight_g=10))
    client.post("/checkout/")
    with_details(client)
    client.post(
        "/checkout/delivery/", {"method": ShippingMethod.objects.get(code="standard", zone__code="near").pk}
    )
    for path, most in (("/checkout/details/", 18), ("/checkout/delivery/", 16), ("/checkout/payment/", 17)):
        with django_assert_max_num_queries(most):
            assert client.get(path).status_code == 200
