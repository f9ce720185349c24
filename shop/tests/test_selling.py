"""What it means that somebody else sells: whose goods lie where, who sends them, who works for whom, what buyers read."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from catalog import publishing, stock
from catalog.finding import refreshing
from catalog.models import Product
from catalog.products import bundling, duplicating, owning, varying
from catalog.products.bundling import NotASet
from catalog.tests.factories import (
    make_location,
    make_product,
    make_set,
    make_variant,
)
from shop.accounts import roles, selling, staffing
from shop.accounts.models import User
from shop.accounts.staffing import WrongSide
from shop.core import integrity
from shop.core.outbox import deliver_due
from shop.tests.guests import Side, make_clerk, make_seller
from shop.tests.people import grace
from shop.tests.walk import fresh, make_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return Side("Halm"), Side("Faden")


def test_a_mixed_order_is_sent_by_each_from_its_own_place(two):
    mine, theirs = two
    ours = make_variant(product=make_product("Our jug"), stock=5)
    order = make_order(at="cod", lines={mine.variant: 1, theirs.variant: 2, ours: 1})
    deliver_due()
    works = {work.seller: work for work in fresh(order).fulfillment_orders.all()}
    assert set(works) == {mine.seller, theirs.seller, None}
    for side in two:
        assert [line.order_line.variant for line in works[side.seller].lines.all()] == [side.variant]
    assert not any(integrity.run(["C08", "A01", "N0"]).values())


def test_goods_lie_where_their_seller_keeps_them():
    ours, homeless, settled = make_location(), make_seller("Ohne"), make_seller("Mit")
    own = make_location("mit", seller=settled)
    assert list(owning.places_of(None)) == [ours] == list(owning.places_of(homeless.pk))
    assert list(owning.places_of(settled.pk)) == [own]
    assert owning.places_by_seller([None, homeless.pk, settled.pk]) == {
        None: [ours], homeless.pk: [ours], settled.pk: [own],
    }  # fmt: skip
    variant = make_variant(product=make_product(seller=settled))
    varying.open_shelves(variant.product)
    assert [row.location for row in variant.stock_items.all()] == [own]
    copy = duplicating.duplicate(variant.product)
    assert copy.seller == settled


def test_a_product_with_stock_and_a_part_of_a_set_keep_their_seller():
    seller, place = make_seller(), make_location("halm")
    variant = make_variant(stock=3)
    with pytest.raises(ValidationError, match="stock"):
        owning.check_hand_over(variant.product, seller=seller.pk)
    with pytest.raises(ValidationError, match="others"):
        owning.check_place(variant.stock_items.get().location, seller=seller.pk)
    owning.check_place(place, seller=seller.pk)
    part = make_variant()
    make_set({part: 1})
    with pytest.raises(ValidationError, match="set"):
        owning.check_hand_over(part.product, seller=seller.pk)
    theirs, bundle = make_variant(product=make_product(seller=seller)), make_set({make_variant(): 1})
    with pytest.raises(NotASet, match="somebody else"):
        bundling.set_parts(bundle, parts={theirs.pk: 1})
    bundle.parts.update(component=theirs)  # behind the operation's back: the books tell
    assert any("another seller" in line for line in integrity.run(["C08"])["C08-sellers"])
    stock.receive(variant, location=place, quantity=1)
    place.seller = seller
    place.save()
    assert any("lies at" in line for line in integrity.run(["C08"])["C08-sellers"])


def test_a_closed_seller_sells_nothing_and_its_staff_stays_outside(client, two):
    mine, theirs = two
    selling.close(mine.seller)
    selling.close(mine.seller)
    deliver_due()
    assert Product.objects.get(pk=mine.product.pk).status == "draft"
    assert Product.objects.get(pk=theirs.product.pk).status == "active"
    with pytest.raises(publishing.NotReady, match="no longer sells"):
        publishing.publish(Product.objects.get(pk=mine.product.pk))
    client.force_login(mine.clerk)
    assert client.get("/admin/catalog/product/").status_code in (302, 403)
    assert client.get(mine.seller.get_absolute_url()).status_code == 200  # people bought there
    selling.reopen(mine.seller)
    publishing.publish(Product.objects.get(pk=mine.product.pk))
    assert not any(integrity.run(["C08"]).values())


def test_one_works_for_the_shop_or_for_a_seller():
    seller, person = make_seller(), make_clerk(make_seller("Faden"))
    role = {name: Group.objects.get(name=name) for name in ("owner", "seller", "catalogue")}
    for wanted, whose in (([role["owner"]], seller), ([role["seller"]], None), (list(role.values()), seller)):
        with pytest.raises(WrongSide):
            staffing.set_roles(person, roles=wanted, seller=whose, by=grace())
    person.groups.add(role["owner"])  # by a hand in the database
    assert not staffing.rules(User.objects.get(pk=person.pk))
    assert integrity.run(["A01"])["A01-seller-staff"] == [
        f"{person.email} belongs to a seller and to the shop at once"
    ]
    staffing.set_roles(person, roles=[role["seller"]], seller=seller, by=grace())
    assert User.objects.get(pk=person.pk).seller == seller
    staffing.set_roles(person, roles=[role["catalogue"]], by=grace())
    assert User.objects.get(pk=person.pk).seller is None
    with pytest.raises(ValueError, match="seller"):
        roles.give(User.objects.get(pk=person.pk), role=roles.SELLER)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=grace().pk).update(seller=seller)


def test_an_owner_invites_the_staff_of_a_seller_in_the_admin(client):
    seller = make_seller()
    roles.set_up()
    client.force_login(grace())
    data = {"email": "frieda@example.com", "name": "Frieda", "language": ""}
    role = Group.objects.get(name=roles.SELLER).pk
    refused = client.post("/admin/accounts/user/add/", data | {"roles": [role]})
    assert "Say for which seller" in refused.content.decode()
    assert (
        client.post("/admin/accounts/user/add/", data | {"roles": [role], "seller": seller.pk}).status_code
        == 302
    )
    assert User.objects.get(email="frieda@example.com").seller == seller


def test_buyers_read_who_sells(client, two):
    mine, _theirs = two
    page = client.get(mine.product.get_absolute_url()).content.decode()
    assert "Sold by" in page and mine.seller.get_absolute_url() in page
    assert '"seller": {"@type": "Organization", "name": "Halm"' in page
    own = make_variant(product=make_product("Plain mug"), stock=1)
    refreshing.refresh([own.product_id])
    plain_page = client.get(own.product.get_absolute_url()).content.decode()
    assert "Sold by" not in plain_page and '"seller"' not in plain_page
    imprint = client.get(mine.seller.get_absolute_url()).content.decode()
    assert "Halm KG, Graz" in imprint and "Halm book" in imprint and "Faden book" not in imprint
    found = client.get("/search/?q=book&f-seller=Halm").content.decode()
    assert "Halm book" in found and "Faden book" not in found
    client.post(
        "/cart/lines/", {"variant": mine.variant.pk, "quantity": 1}, headers={"sec-fetch-site": "same-origin"}
    )
    assert "Sold by Halm" in client.get("/cart/").content.decode()
