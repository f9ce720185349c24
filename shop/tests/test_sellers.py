"""Guest sellers: their staff sees its own rows and nothing else, on every screen there is."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from catalog.exporting import export
from catalog.importing import running
from catalog.importing.uploading import upload
from catalog.models import Category, ImportRun, Product, Review, StockItem
from catalog.tests.factories import (
    make_category,
    make_product,
    make_type,
    make_variant,
)
from fulfillment.models import Return
from shop.accounts import roles
from shop.core.admin.bases import CLOSED, SHARED, ShopAdmin, site
from shop.tests.faults.access import doors, plain, screen_of
from shop.tests.guests import Side, file_of
from shop.tests.people import grace
from shop.tests.walk import make_order

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
    "catalog.digitalfile": "product__seller",
    "orders.orderline": "variant__product__seller",
    "fulfillment.downloadgrant": "order_line__variant__product__seller",
    "fulfillment.fulfillmentorder": "seller",
    "fulfillment.shipment": "fulfillment_order__seller",
    "fulfillment.return": "lines__order_line__variant__product__seller",
    "catalog.category": SHARED,
    "catalog.attribute": SHARED,
    "catalog.producttype": SHARED,
}


PILES = {"catalog.review": "all", "fulfillment.shipment": "all", "fulfillment.fulfillmentorder": "shipped"}


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
            opened += [
                (path, status)
                for path in own
                if (status := client.get(f"/{path}").status_code) not in (403, 404)
            ]
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
    assert made and made.seller == mine.seller, posted.context and posted.context["adminform"].form.errors
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
        for name in ("variants", "options", "custom_fields", "related", "documents")
        for count in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    data = {"name": "New book", "slug": "new-book", "kind": "goods", "tax_class": "standard", "position": 0,
            "made_in_days": 0, "download_limit": 3, "download_days": 30}  # fmt: skip
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


def test_files_hold_and_touch_only_a_sellers_own(client, two):
    mine, theirs = two
    client.force_login(mine.clerk)
    file = b"".join(client.get("/admin/catalog/importrun/export/till/").streaming_content).decode()
    assert "halm-book" in file and "faden-book" not in file and "our-own-mug" not in file
    assert "faden-book" in b"".join(export()).decode()  # the shop's team gets everything
    for given in (file_of(theirs.product), file_of(theirs.product, sku="Faden-1", slug="another")):
        run = upload(given, by=mine.clerk)
        running.start(run)
        running.work(run)
        assert run.items.get().outcome == "refused"
    run = upload(file_of(mine.product, slug="halm-pencil", sku="HALM-9"), by=mine.clerk)
    running.start(run)
    running.work(run)
    made = Product.objects.get(slug="halm-pencil")
    assert made.seller == mine.seller
    assert {row.location for row in StockItem.objects.filter(variant__product=made)} == {mine.place}
    assert theirs.product.variants.count() == 1
    page = client.get("/admin/catalog/importrun/add/")
    assert list(page.context["form"].fields["location"].queryset) == [mine.place]
    assert ImportRun.objects.get(pk=run.pk).seller == mine.seller
