"""Downloads: granted once it is paid, counted at the button, closed to everybody else, withdrawn with the money."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection
from django.urls import reverse

from catalog import publishing
from catalog.models import Product
from catalog.products import filing
from catalog.tests.factories import make_product, make_variant
from checkout.quoting import quote
from checkout.tests.factories import make_checkout
from fulfillment import delivering
from fulfillment.delivering import NoDownload
from fulfillment.eligibility import eligible
from fulfillment.models import DownloadGrant, GrantedFile
from orders.models import Order
from orders.placing import NotReady, place_order, terms_in_force
from orders.refunding import refund
from shop.core import clock, integrity
from shop.core.outbox import deliver_due
from shop.tests.people import ada, eve, grace
from shop.tests.walk import fresh, mug, pay, settle

pytestmark = pytest.mark.django_db
CONTENT = bytes(range(256)) * 4


def wallpaper(*, price_minor=0, limit=3):
    product = make_product(kind=Product.Kind.DIGITAL, published=False, download_limit=limit)
    variant = make_variant(product=product, price_minor=price_minor, weight_g=0)
    filing.add_file(product, upload=ContentFile(CONTENT, name="dusk.jpg"), title="Dusk")
    publishing.publish(product)
    return variant


def buy(lines, *, gateway="nothing_to_pay", waives=True, **over) -> Order:
    checkout = make_checkout(lines, **over)
    return place_order(
        checkout,
        gateway=gateway,
        fingerprint=quote(checkout).fingerprint,
        terms_version=terms_in_force(),
        waives_withdrawal=waives,
    )


def bought(*, user=ada, **over) -> tuple[Order, GrantedFile]:
    order = fresh(buy({wallpaper(**over): 1}, user=user()))
    return order, GrantedFile.objects.get(grant__order_line__order=order)


def button(order, granted) -> str:
    return reverse("fulfillment:download", args=[order.number, granted.pk])


def sound() -> bool:
    return not any(integrity.run(["N05", "P0", "P1"]).values())


def test_what_is_only_downloaded_skips_delivery_and_is_complete_when_it_is_paid():
    order, granted = bought()
    assert order.status == Order.Status.COMPLETED and not order.shipping_code
    assert not order.fulfillment_orders.exists() and not eligible(order)[0].quantity
    assert granted.grant.most == 3 and granted.grant.expires_at > clock.now() + timedelta(days=364)
    assert sound()


def test_goods_beside_it_are_delivered_as_ever():
    found = quote(make_checkout({wallpaper(): 1, mug(): 1}))
    assert found.needs_delivery and found.shipping is not None


def test_it_is_granted_once_however_often_it_is_asked_for_and_mailed_once(deliver):
    order, _granted = bought()
    assert delivering.deliver(order) == [] and DownloadGrant.objects.count() == 1
    deliver()
    [sent] = [one for one in mail.outbox if "download" in one.subject.lower()]
    assert f"/o/{order.token}/" in sent.body and "your right to withdraw" in sent.body


def test_without_consent_nothing_is_placed_and_the_consent_is_kept():
    variant = wallpaper()
    with pytest.raises(NotReady):
        buy({variant: 1}, waives=False)
    assert not Order.objects.exists()
    assert buy({variant: 1}).withdrawal_waived_at is not None


def test_the_button_counts_and_leads_to_the_file_which_goes_on_where_it_broke_off(client):
    order, granted = bought()
    client.force_login(ada())
    found = client.post(button(order, granted))
    assert found.status_code == 303
    whole = client.get(found.url)
    assert b"".join(whole) == CONTENT and whole["Content-Disposition"] == 'attachment; filename="dusk.jpg"'
    rest = client.get(found.url, headers={"Range": "bytes=1000-"})
    assert rest.status_code == 206 and b"".join(rest) == CONTENT[1000:]
    assert rest["Content-Range"] == "bytes 1000-1023/1024" and rest["Content-Length"] == "24"
    assert b"".join(client.get(found.url, headers={"Range": "bytes=-4"})) == CONTENT[-4:]
    assert client.get(found.url, headers={"Range": "bytes=5000-"}).status_code == 416
    other = client.get(found.url, headers={"Range": "bytes=9-", "If-Range": '"another"'})
    assert other.status_code == 200 and len(b"".join(other)) == 1024
    granted.refresh_from_db()
    assert granted.used == 1


def test_behind_a_proxy_the_proxy_sends_it(client, settings):
    settings.SHOP_ACCEL_REDIRECT = "/private/"
    order, granted = bought()
    client.force_login(ada())
    found = client.get(client.post(button(order, granted)).url)
    assert found["X-Accel-Redirect"].startswith("/private/downloads/") and not found.content


def test_after_the_last_one_it_says_so_until_staff_renew_it(client):
    order, granted = bought(limit=2)
    client.force_login(ada())
    page = reverse("orders:detail", args=[order.number])
    assert "2 downloads left" in client.get(page).text
    assert [client.post(button(order, granted)).url.startswith("/downloads/") for _ in range(3)] == [
        True,
        True,
        False,
    ]
    assert "0 downloads left" in client.get(page).text and sound()
    delivering.renew(granted.grant, by=grace())
    assert client.post(button(order, granted)).url.startswith("/downloads/")


def test_nobody_else_gets_it_and_a_guess_tells_nothing(client):
    order, granted = bought()
    sign = delivering.start(granted)
    client.force_login(eve())
    assert client.post(button(order, granted)).status_code == 404
    assert client.get("/account/downloads/").text.count("Dusk") == 0
    for guess in (sign[:-1] + ("A" if sign[-1] != "A" else "B"), "1:2:3", "x", f"{sign}x"):
        assert client.get(f"/downloads/{guess}/").status_code == 404, guess
    mine, other = order, bought(user=eve)[1]
    client.force_login(ada())
    assert client.post(button(mine, other)).status_code == 404  # somebody else's
    assert "Dusk" in client.get("/account/downloads/").text


def test_it_ends_with_its_day():
    _order, granted = bought()
    sign = delivering.start(granted)
    DownloadGrant.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert delivering.version_of(sign) is None
    with pytest.raises(NoDownload):
        delivering.start(granted)


def test_what_is_paid_back_can_no_longer_be_fetched(stripe):
    order = buy({wallpaper(price_minor=600): 1, mug(): 1}, gateway="stripe")
    assert not DownloadGrant.objects.exists()
    settle(pay(order))
    deliver_due()
    granted = GrantedFile.objects.get()
    sign = delivering.start(granted)
    line = order.lines.get(kind="digital")
    refund(fresh(order), lines={line.pk: 1}, reason="wrong one", by=grace())
    deliver_due()
    assert delivering.version_of(sign) is None and DownloadGrant.objects.get().revoked_at
    with pytest.raises(NoDownload):
        delivering.start(granted)
    assert sound()


def test_who_removes_a_file_leaves_it_to_those_who_bought_it():
    _order, granted = bought()
    file = granted.file
    filing.add_file(file.product, upload=ContentFile(b"new", name="new.jpg"), title="New")
    filing.remove(file)
    assert delivering.version_of(delivering.start(granted)) == file.latest


def press(granted, start) -> bool:
    try:
        return bool(start(granted))
    except NoDownload:
        return False
    finally:
        connection.close()


def unguarded(granted):
    """What start would be without its lock and its condition: looks first, then writes."""
    used = GrantedFile.objects.get(pk=granted.pk).used
    time.sleep(0.1)
    if used >= granted.grant.most:
        raise NoDownload("no more")
    return GrantedFile.objects.filter(pk=granted.pk).update(used=used + 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("start", "most"), [(delivering.start, 2), (unguarded, 6)])
def test_six_presses_at_once_are_no_more_downloads_than_agreed(start, most):
    _order, granted = bought(limit=2)
    with ThreadPoolExecutor(6) as pool:
        begun = sum(pool.map(lambda _n: press(granted, start), range(6)))
    assert begun == most


def test_staff_sees_and_withdraws_it_in_the_admin(client):
    _order, granted = bought()
    client.force_login(grace())
    page = reverse("admin:fulfillment_downloadgrant_change", args=[granted.grant_id])
    assert "Dusk" in client.get(page).text
    client.post(reverse("admin:fulfillment_downloadgrant_revoke", args=[granted.grant_id]))
    assert DownloadGrant.objects.get().revoked_at is not None
