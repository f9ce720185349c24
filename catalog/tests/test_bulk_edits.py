"""Many products changed at once: chosen, looked at, done, undone; killed half-way; two processes at once."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.conf import settings as django_settings
from django.db import connection

from catalog.bulk import running
from catalog.models import BulkEdit, Product, ProductSearch, PublicPrice, Variant
from catalog.tests.factories import make_attribute, make_category, make_product, make_type, make_variant
from shop.accounts import roles
from shop.accounts.models import User
from shop.core.models import Event
from shop.core.outbox import deliver_due
from shop.tests.people import PASSWORD, grace

TENTH = {"percent": "10", "ending": 90}


def mugs(number, **over):
    return [
        make_variant(product=make_product(f"Mug {n:03}"), sku=f"M-{n:03}", price_minor=1000 + n, **over)
        for n in range(number)
    ]


def chosen(**where):
    return running.choose(Product.objects.filter(**where), by=grace())


def done(what, given, **where):
    run = chosen(**where)
    running.start(run, what=what, given=given, by=grace())
    assert running.work(run)
    run.refresh_from_db()
    return run


def undone(run):
    running.undo(run, by=grace())
    assert running.work(run)
    run.refresh_from_db()
    return running.counts(run)


@pytest.mark.django_db
def test_prices_rise_by_a_tenth_to_an_ending_and_come_back():
    mugs(3)
    run = done("price_percent", TENTH)
    assert set(Variant.objects.values_list("price_minor", flat=True)) == {1090}
    assert run.status == "done" and running.counts(run) == {"changed": 3}
    assert Event.objects.filter(name="product.bulk_edited").count() == 3
    assert set(ProductSearch.objects.values_list("price_minor", flat=True)) == {1090}
    assert PublicPrice.objects.filter(price_minor=1090).count() == 3
    assert undone(run) == {"undone": 3} and run.status == "undone"
    assert sorted(Variant.objects.values_list("price_minor", flat=True)) == [1000, 1001, 1002]
    assert sorted(ProductSearch.objects.values_list("price_minor", flat=True)) == [1000, 1001, 1002]


@pytest.mark.django_db
def test_what_somebody_changed_since_is_not_undone_and_named():
    _first, second = mugs(2)
    run = done("price_amount", {"amount": 500, "ending": None})
    Variant.objects.filter(pk=second.pk).update(price_minor=777)
    assert undone(run) == {"undone": 1, "kept": 1}
    item = run.items.get(outcome="kept")
    assert item.product == second.product and item.problem == "Somebody has changed it since."
    assert sorted(Variant.objects.values_list("price_minor", flat=True)) == [777, 1000]
    with pytest.raises(running.NotNow):
        running.undo(run)


@pytest.mark.django_db
def test_what_cannot_be_is_refused_with_its_reason_and_stops_nobody():
    cheap, fine = mugs(2)
    Variant.objects.filter(pk=cheap.pk).update(price_minor=100, compare_at_minor=150)
    run = done("price_amount", {"amount": 60, "ending": None})
    assert run.items.get(outcome="refused").problem == "The former price of M-000 must be above the price."
    fine.refresh_from_db()
    assert fine.price_minor == 1061
    run = done("price_amount", {"amount": -200, "ending": None})
    assert run.items.get(outcome="refused").problem == "M-000 would cost less than nothing."


@pytest.mark.django_db
def test_status_goes_through_publishing():
    draft, empty = make_product("A", published=False), make_product("B", published=False)
    make_variant(product=draft, sku="A")
    run = done("status", {"status": "active"})
    assert running.counts(run) == {"changed": 1, "refused": 1}
    assert run.items.get(product=empty).problem == "It has no variant on sale."
    draft.refresh_from_db()
    assert draft.status == "active" and Event.objects.get(name="product.published").actor == grace()
    assert undone(run) == {"undone": 1, "refused": 1}
    assert set(Product.objects.values_list("status", flat=True)) == {"draft"}


@pytest.mark.django_db
def test_categories_properties_and_words():
    cups = make_category("Cups")
    clay = make_attribute("Clay", "choice", choices=["White", "Red"])
    kind = make_type("Mugs", clay)
    inside, outside = make_product("In", type=kind, categories=[cups]), make_product("Out", type=kind)
    other = make_product("Other", type=make_type("Prints"))
    run = done("category_add", {"category": cups.pk})
    assert running.counts(run) == {"same": 1, "changed": 2}
    undone(run)
    assert list(cups.products.all()) == [inside]

    run = done("attribute", {"attribute": clay.pk, "value": "red"})
    assert running.counts(run) == {"changed": 2, "refused": 1}
    assert run.items.get(outcome="refused").product == other
    assert outside.attributes.get().plain == "Red"
    assert undone(run) == {"undone": 2, "refused": 1} and not outside.attributes.exists()

    run = done("brand", {"brand": "Isoline"})
    assert set(Product.objects.values_list("brand", flat=True)) == {"Isoline"}
    undone(run)
    assert set(Product.objects.values_list("brand", flat=True)) == {""}


@pytest.fixture
def seller(client):
    client.force_login(grace())
    return client


def pick(client, *products, everything=False, query=""):
    posted = {"action": "edit_chosen", "_selected_action": [product.pk for product in products]}
    posted |= {"select_across": "1"} if everything else {}
    answer = client.post(f"/admin/catalog/product/{query}", posted)
    assert answer.status_code in (302, 303), answer
    return answer["Location"]


@pytest.mark.django_db
def test_a_seller_chooses_looks_does_and_undoes(seller):
    first, second, _third = mugs(3)
    page = pick(seller, first.product, second.product)
    assert "What changes?" in seller.get(page).text
    asked = {"what": "price_percent", "preview": "1", "percent": "-10", "ending": ""}
    shown = seller.get(page, asked).text
    assert "2 would change, 0 cannot." in shown and "€10.00" in shown and "<ins>€9.00</ins>" in shown
    assert Variant.objects.get(pk=first.pk).price_minor == 1000

    run = BulkEdit.objects.get()
    seller.post(
        f"/admin/catalog/bulkedit/{run.pk}/start/", {k: asked[k] for k in ("what", "percent", "ending")}
    )
    assert sorted(Variant.objects.values_list("price_minor", flat=True)) == [900, 901, 1002]
    told = seller.get(page).text
    assert "Undo" in told and "€9.00" in told
    seller.post(f"/admin/catalog/bulkedit/{run.pk}/undo/")
    assert sorted(Variant.objects.values_list("price_minor", flat=True)) == [1000, 1001, 1002]
    assert "Undo" not in seller.get(page).text.replace("Undone", "")


@pytest.mark.django_db
def test_all_that_match_a_filter_are_chosen_not_only_what_the_page_shows(seller):
    found = mugs(5)
    Product.objects.filter(pk=found[0].product_id).update(status="draft")
    pick(seller, found[1].product, everything=True, query="?status__exact=active")
    assert BulkEdit.objects.get().item_count == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"what": "price_percent", "percent": "lots"}, "Enter a number."),
        ({"what": "price_percent", "percent": "-100"}, "greater than or equal to -99"),
        ({"what": "price_amount", "amount": "1", "ending": "100"}, "less than or equal to 99"),
        ({"what": "category_add", "category": "Nowhere"}, "There is no such category."),
        ({"what": "status", "status": "gone"}, "Select a valid choice"),
        ({"what": "nothing"}, "What changes?"),
    ],
)
def test_bad_input_is_answered_beside_the_field(seller, asked, words):
    (mug,) = mugs(1)
    page = pick(seller, mug.product)
    assert words in seller.get(page, asked | {"preview": "1"}).text
    run = BulkEdit.objects.get()
    assert seller.post(f"/admin/catalog/bulkedit/{run.pk}/start/", asked).status_code == 303
    run.refresh_from_db()
    assert run.status == "chosen"


@pytest.mark.django_db
def test_who_may_only_look_changes_nothing(client):
    roles.set_up()
    person = User.objects.create_user("s@example.com", PASSWORD, is_staff=True)
    roles.give(person, role="support")
    client.force_login(person)
    run = chosen()
    assert client.post(f"/admin/catalog/bulkedit/{run.pk}/start/", {"what": "brand"}).status_code == 403
    client.post("/admin/catalog/product/", {"action": "edit_chosen", "_selected_action": [1]})
    assert BulkEdit.objects.count() == 1


@pytest.mark.django_db
def test_many_are_a_workers_and_the_page_tells_how_far_it_is(seller, monkeypatch):
    monkeypatch.setattr(running, "AT_ONCE", 2)
    monkeypatch.setattr(running, "CHUNK", 2)
    mugs(3)
    run = chosen()
    seller.post(f"/admin/catalog/bulkedit/{run.pk}/start/", {"what": "brand", "brand": "Isoline"})
    page = seller.get(f"/admin/catalog/bulkedit/{run.pk}/change/").text
    assert "0 of 3 products" in page and not Product.objects.filter(brand="Isoline").exists()
    deliver_due()
    run.refresh_from_db()
    assert run.status == "done" and Product.objects.filter(brand="Isoline").count() == 3


def in_a_process(run, **environment):
    told = connection.settings_dict
    host = f"{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}"
    program = (
        "import django; django.setup(); from catalog.models import BulkEdit; from catalog.bulk import running;"
        f"running.CHUNK = 5; running.work(BulkEdit.objects.get(pk={run.pk}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=django_settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "shop.settings_test",
            "DATABASE_URL": f"postgres://{host}/{told['NAME']}",
        }
        | environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def prices():
    return list(Variant.objects.order_by("sku").values_list("price_minor", flat=True))


@pytest.mark.django_db(transaction=True)
def test_killed_half_way_and_run_again_no_product_is_changed_twice():
    mugs(12)
    wanted = [price + 100 for price in prices()]
    run = chosen()
    running.start(run, what="price_amount", given={"amount": 100, "ending": None})
    process = in_a_process(run, SHOP_FAULTS="bulk_edit.written:kill")
    assert process.wait(60) == -signal.SIGKILL, process.stderr.read()
    assert run.items.filter(outcome="changed", is_shown=False).count() == 5
    process = in_a_process(run, SHOP_FAULTS="bulk_edit.chunk:kill")
    assert process.wait(60) == -signal.SIGKILL, process.stderr.read()
    assert sum(a == b for a, b in zip(prices(), wanted, strict=True)) == 5

    assert running.work(run)
    assert prices() == wanted and ProductSearch.objects.count() == 12
    assert Event.objects.filter(name="product.bulk_edited").count() == 12


@pytest.mark.django_db(transaction=True)
def test_control_without_the_stored_outcomes_products_would_be_changed_twice():
    mugs(12)
    wanted = [price + 100 for price in prices()]
    run = chosen()
    running.start(run, what="price_amount", given={"amount": 100, "ending": None})
    process = in_a_process(run, SHOP_FAULTS="bulk_edit.written:kill")
    assert process.wait(60) == -signal.SIGKILL, process.stderr.read()
    run.items.update(outcome="")
    assert running.work(run)
    assert sum(a == b + 100 for a, b in zip(prices(), wanted, strict=True)) == 5


def both_at_once(run):
    def go():
        try:
            running.work(BulkEdit.objects.get(pk=run.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=go) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_processes_share_a_run(monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 3)
    mugs(20)
    wanted = [price + 100 for price in prices()]
    run = chosen()
    running.start(run, what="price_amount", given={"amount": 100, "ending": None})
    both_at_once(run)
    assert prices() == wanted and running.counts(run) == {"changed": 20}
