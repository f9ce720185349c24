import pytest

from shop.accounts import address_book
from shop.accounts.models import Address
from shop.tests.people import ada, eve

pytestmark = pytest.mark.django_db
WIEN = {
    "name": "Ada Lovelace", "company": "", "street": "Ringstraße 1", "extra": "", "postcode": "1010", "city": "Wien",
    "region": "", "country": "AT", "phone": "",
}  # fmt: skip


def test_the_first_is_the_default_and_hands_over_when_it_goes():
    person = ada()
    first = address_book.keep(person, address=WIEN)
    second = address_book.keep(person, address=WIEN | {"street": "Graben 2"})
    assert (first.is_default, second.is_default) == (True, False)
    address_book.remove(first)
    second.refresh_from_db()
    assert second.is_default


def test_the_same_address_is_kept_once():
    person = ada()
    assert address_book.keep(person, address=WIEN) == address_book.keep(person, address=WIEN)


def test_a_book_is_full_at_some_point():
    person = ada()
    for number in range(Address.MOST):
        address_book.keep(person, address=WIEN | {"street": f"Gasse {number}"})
    with pytest.raises(address_book.BookFull):
        address_book.keep(person, address=WIEN)
    assert person.addresses.count() == Address.MOST


def test_pages_add_change_and_delete(client):
    person = ada()
    client.force_login(person)
    form = {k: v for k, v in WIEN.items() if v}
    assert client.post("/account/addresses/new/", form)["Location"] == "/account/addresses/"
    entry = person.addresses.get()
    client.post(f"/account/addresses/{entry.pk}/", form | {"street": "Graben 2"})
    entry.refresh_from_db()
    assert entry.street == "Graben 2"
    assert "Graben 2" in client.get("/account/addresses/").content.decode()
    assert client.get(f"/account/addresses/{entry.pk}/removal/").status_code == 200
    client.post(f"/account/addresses/{entry.pk}/removal/")
    assert not person.addresses.exists()


def test_bad_input_is_answered_beside_its_field(client):
    client.force_login(ada())
    answer = client.post("/account/addresses/new/", {"country": "AT", "name": "Ada", "postcode": "nonsense"})
    assert answer.status_code == 422
    assert "Enter" in answer.content.decode()
    assert not Address.objects.exists()


def test_nobody_reaches_anothers_address(client):
    entry = address_book.keep(ada(), address=WIEN)
    client.force_login(eve())
    for path in (f"/account/addresses/{entry.pk}/", f"/account/addresses/{entry.pk}/removal/"):
        assert client.get(path).status_code == 404
        assert client.post(path, WIEN).status_code == 404
    assert Address.objects.get().street == "Ringstraße 1"
