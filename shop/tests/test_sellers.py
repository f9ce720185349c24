"""Guest sellers: their staff sees its own rows and nothing else, on every screen there is."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from catalog import publishing, stock
from catalog.exporting import export
from catalog.finding import refreshing
from catalog.importing import running
from catalog.importing.uploading import upload
from catalog.models import Category, ImportRun, Product, Question, Review, StockItem
from catalog.products import bundling, duplicating, owning, varying
from catalog.products.bundling import NotASet
from catalog.tests.factories import (
    make_category,
    make_location,
    make_product,
    make_set,
    make_type,
    make_variant,
)
from fulfillment.models import FulfillmentOrder, Return
from orders.models import OrderLine
from shop.accounts import roles, selling, staffing
from shop.accounts.models import Seller, User
from shop.accounts.staffing import WrongSide
from shop.core import integrity
from shop.core.admin.bases import CLOSED, SHARED, ShopAdmin, site
from shop.core.outbox import deliver_due
from shop.tests.faults.access import doors, plain, screen_of
from shop.tests.people import PASSWORD, grace
from shop.tests.walk import fresh, make_order

pytestmark = pytest.mark.django_db

# Every screen of the admin: by which path a row leads to its seller, or why a seller's staff has no business there.
# A new screen that is not written down here fails the test below.
SCREENS = {
    "accounts.seller": "pk",
    "catalog.product": "seller",
    "catalog.stockitem": "location__seller",
    "catalog.stocklocation": "seller",
    "catalog.review": "product__seller",
    "catalog.question": "product__seller",
    "catalog.importrun": "seller",
    "catalog.bulkedit": "seller",
    "orders.orderline": "variant__product__seller",
    "fulfillment.fulfillmentorder": "seller",
    "fulfillment.shipment": "fulfillment_order__seller",
    "fulfillment.return": "lines__order_line__variant__product__seller",
    "catalog.category": SHARED,
    "catalog.attribute": SHARED,
    "catalog.producttype": SHARED,
}


PILES = {"catalog.review": "all", "fulfillment.shipment": "all", "fulfillment.fulfillmentorder": "shipped"}


def make_seller(name="Halm", **over) -> Seller:
    said = {"name": name, "slug": name.lower(), "imprint": f"{name} KG, Graz", "email": f"{name}@example.com"}
    return Seller.objects.create(**(said | over))


def make_clerk(seller: Seller) -> User:
    """The seller's one member of staff."""
    roles.set_up()
    person = User.objects.create_user(
        f"{seller.slug}@staff.example.com", PASSWORD, seller=seller
    ).vouch_for_email()
    roles.give(person, role=roles.SELLER)
    return person


class Side:
    """A seller with one of everything."""

    def __init__(self, name: str) -> None:
        self.seller = make_seller(name)
        self.clerk = make_clerk(self.seller)
        self.place = make_location(name.lower(), seller=self.seller)
        self.product = make_product(f"{name} book", seller=self.seller)
        self.variant = make_variant(product=self.product, stock=20, location=self.place, sku=f"{name}-1")
        refreshing.refresh([self.product.pk])

    def rows(self) -> dict[str, object]:
        """{screen: a row of this seller}."""
        order = make_order(at="return_asked", lines={self.variant: 2})
        work = FulfillmentOrder.objects.get(order=order)
        return {
            "accounts.seller": self.seller,
            "catalog.product": self.product,
            "catalog.stockitem": StockItem.objects.get(variant=self.variant),
            "catalog.stocklocation": self.place,
            "catalog.review": Review.objects.create(product=self.product, stars=4, author="Ada"),
            "catalog.question": Question.objects.create(
                product=self.product, text="Is it ruled?", asked_by="Ada"
            ),
            "catalog.importrun": upload(_file(self.product), by=self.clerk),
            "catalog.bulkedit": apps.get_model("catalog.BulkEdit").objects.create(seller=self.seller),
            "orders.orderline": OrderLine.objects.get(order=order),
            "fulfillment.fulfillmentorder": work,
            "fulfillment.shipment": work.shipments.first(),
            "fulfillment.return": Return.objects.get(order=order),
        }


def _file(product: Product, *, sku: str = "NEW-1", slug: str = "") -> SimpleUploadedFile:
    table = f"slug,name,sku,price\n{slug or product.slug},{product.name} anew,{sku},12.00\n"
    return SimpleUploadedFile("products.csv", table.encode())


def _screens() -> dict[str, ShopAdmin]:
    return {model._meta.label_lower: screen for model, screen in site._registry.items()}


def test_every_screen_says_whose_its_rows_are_or_is_closed_to_sellers():
    """A new screen? Give it a seller_path and write it down above, or leave it closed."""
    told = {name: screen.seller_path for name, screen in _screens().items() if screen.seller_path != CLOSED}
    assert told == SCREENS
    assert all(isinstance(screen, ShopAdmin) for screen in site._registry.values())


@pytest.fixture
def two():
    """Two guest sellers with one of everything, and the shop's own goods beside them."""
    make_category("Desk")
    make_type("Book")
    make_variant(product=make_product("Our own mug"), stock=5)
    return Side("Halm"), Side("Faden")


def _urls(rows: dict[str, object]):
    """Every page about one object, of every screen that has a row for it: (screen, address)."""
    for door in doors():
        screen = screen_of(door)
        if screen in rows and ("<pk>" in door.pattern or "<object_id>" in door.pattern):
            pk = str(rows[screen].pk)
            yield screen, "/" + plain(door.pattern).replace("<object_id>", pk).replace("<pk>", pk)


def test_staff_of_a_seller_finds_its_own_rows_and_no_others(client, two):
    mine, theirs = two
    own, foreign = mine.rows(), theirs.rows()
    assert set(own) == {name for name, way in SCREENS.items() if way != SHARED}
    client.force_login(mine.clerk)
    wrong = []
    for screen, row in own.items():
        here = reverse(f"admin:{screen.replace('.', '_')}_changelist")
        shown = client.get(here, {"pile": PILES[screen]} if screen in PILES else {})
        seen = {found.pk for found in shown.context["cl"].result_list}
        if seen != {row.pk}:
            wrong.append(f"{screen} lists {seen}, not {row.pk}")
        if (status := client.get(f"/admin/{screen.replace('.', '/')}/{row.pk}/change/").status_code) != 200:
            wrong.append(f"{screen}: its own row answers {status}")
    for _screen, path in _urls(foreign):
        for method in (client.get, client.post):
            answer = method(path)
            if answer.status_code not in (403, 404, 405) and not answer.headers.get("Location", "").endswith(
                "/change/"
            ):
                wrong.append(f"{path} of another seller answers {answer.status_code}")
        if path.endswith("/change/") and client.get(path).status_code != 404:
            wrong.append(f"{path} is there")
    assert wrong == []


def test_screens_without_a_way_to_their_seller_are_closed_to_its_staff_whatever_rights_it_has(client, two):
    """Even with every right there is: a hand that ticks too many boxes under Roles opens nothing."""
    mine, _theirs = two
    owner = Group.objects.get(name="owner")
    Group.objects.get(name=roles.SELLER).permissions.set(owner.permissions.all())
    client.force_login(mine.clerk)
    opened = []
    for name, screen in _screens().items():
        here = reverse(f"admin:{name.replace('.', '_')}_changelist")
        own = [door.pattern for door in doors() if screen_of(door) == name and "<" not in door.pattern]
        if screen.seller_path == CLOSED:
            opened += [path for path in own if client.get(f"/{path}").status_code not in (403, 404)]
        elif client.get(here).status_code != 200:
            opened.append(f"{here} is shut")
    assert opened == []
    shared = Category.objects.get()
    page = client.get(reverse("admin:catalog_category_change", args=[shared.pk]))
    assert page.status_code == 200 and b'name="_save"' not in page.content
    for url in ("/admin/", "/admin/search/?s=mug", "/admin/catalog/"):
        page = client.get(url)
        assert page.status_code == 200 and "Sales" not in page.content.decode(), url


def test_what_a_seller_adds_is_its_own_and_it_chooses_among_its_own(client, two):
    mine, theirs = two
    client.force_login(mine.clerk)
    found = client.get(
        "/admin/autocomplete/?app_label=catalog&model_name=related&field_name=other&term=book"
    ).json()
    assert [row["text"] for row in found["results"]] == ["Halm book"]
    assert (
        client.get(
            "/admin/autocomplete/?app_label=catalog&model_name=product&field_name=categories"
        ).status_code
        == 200
    )
    page = client.get("/admin/catalog/product/add/")
    assert 'name="seller"' not in page.content.decode()
    posted = client.post("/admin/catalog/product/add/", _posted(seller=theirs.seller.pk))
    made = Product.objects.filter(slug="new-book").first()
    assert made and made.seller == mine.seller, posted.context and posted.context["errors"]
    clash = _posted(slug="other-book") | {
        "related-TOTAL_FORMS": "1",
        "related-0-kind": "similar",
        "related-0-other": theirs.product.pk,
    }
    assert (
        client.post("/admin/catalog/product/add/", clash).status_code == 200
    )  # the form again, with its error
    assert not Product.objects.filter(slug="other-book").exists()


def _posted(**over) -> dict:
    """A new product's form with nothing but its name, and one variant."""
    empty = {
        f"{name}-{count}": "0"
        for name in ("variants", "options", "custom_fields", "related")
        for count in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    data = {"name": "New book", "slug": "new-book", "kind": "goods", "tax_class": "standard", "position": 0,
            "made_in_days": 0}  # fmt: skip
    return empty | data | over


def test_actions_reach_only_what_is_seen(client, two):
    mine, theirs = two
    client.force_login(mine.clerk)
    chosen = {"action": "unpublish_chosen", "_selected_action": [mine.product.pk, theirs.product.pk]}
    client.post("/admin/catalog/product/", chosen)
    assert Product.objects.get(pk=mine.product.pk).status == "draft"
    assert Product.objects.get(pk=theirs.product.pk).status == "active"


def test_steps_that_are_the_shops_are_refused_to_a_seller(client, two):
    """Whoever is praised or blamed does not decide which reviews are shown; the shop took the money and gives it back."""
    mine, _theirs = two
    rows = mine.rows()
    client.force_login(mine.clerk)
    review, back = rows["catalog.review"], rows["fulfillment.return"]
    assert client.post(f"/admin/catalog/review/{review.pk}/publish/").status_code == 403
    assert client.post(f"/admin/fulfillment/return/{back.pk}/settle/").status_code == 403
    chosen = {"action": "publish_chosen", "_selected_action": [review.pk]}
    client.post("/admin/catalog/review/?pile=all", chosen)
    assert Review.objects.get(pk=review.pk).status == "pending"
    assert (
        client.post(f"/admin/catalog/review/{review.pk}/answer/", {"text": "Thank you!"}).status_code == 303
    )
    assert client.post(f"/admin/fulfillment/return/{back.pk}/approve/").status_code == 303


def test_a_return_with_goods_of_others_in_it_is_the_shops(client, two):
    mine, theirs = two
    both = make_order(at="cod", lines={mine.variant: 1, theirs.variant: 1})
    wish = Return.objects.create(order=both)
    for line in both.lines.all():
        wish.lines.create(order_line=line, quantity=1, reason="other")
    client.force_login(mine.clerk)
    assert client.get(f"/admin/fulfillment/return/{wish.pk}/change/").status_code == 404
    client.force_login(grace())
    assert client.get(f"/admin/fulfillment/return/{wish.pk}/change/").status_code == 200


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


def test_files_hold_and_touch_only_a_sellers_own(client, two):
    mine, theirs = two
    client.force_login(mine.clerk)
    file = b"".join(client.get("/admin/catalog/importrun/export/till/").streaming_content).decode()
    assert "halm-book" in file and "faden-book" not in file and "our-own-mug" not in file
    assert "faden-book" in b"".join(export()).decode()  # the shop's team gets everything
    for given in (_file(theirs.product), _file(theirs.product, sku="Faden-1", slug="another")):
        run = upload(given, by=mine.clerk)
        running.start(run)
        running.work(run)
        assert run.items.get().outcome == "refused"
    run = upload(_file(mine.product, slug="halm-pencil", sku="HALM-9"), by=mine.clerk)
    running.start(run)
    running.work(run)
    made = Product.objects.get(slug="halm-pencil")
    assert made.seller == mine.seller
    assert {row.location for row in StockItem.objects.filter(variant__product=made)} == {mine.place}
    assert theirs.product.variants.count() == 1
    page = client.get("/admin/catalog/importrun/add/")
    assert list(page.context["form"].fields["location"].queryset) == [mine.place]
    assert ImportRun.objects.get(pk=run.pk).seller == mine.seller


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
