"""Sign-up, confirmation, sign-in, reset and change of address, as a browser does them."""

import re

import pytest
from django.core import mail as outgoing

from shop.accounts.models import User
from shop.core import outbox
from shop.core.models import Event, Message
from shop.tests.people import PASSWORD, ada, eve, grace

pytestmark = pytest.mark.django_db
NEW = "a much longer passphrase"


@pytest.fixture(autouse=True)
def _fresh_limits():
    from django.core.cache import cache

    cache.clear()


def mail_to(address):
    """Deliver, and give back the newest mail to this address."""
    outbox.deliver_due()
    return next(mail for mail in reversed(outgoing.outbox) if mail.to == [address])


def link_in(mail):
    return re.search(r"http://testserver(/\S+)", mail.body)[1]


def test_signs_up_confirms_and_is_known(client):
    answer = client.post("/account/signup/", {"email": "New@Example.com", "password1": NEW})
    assert answer.status_code == 302
    path = link_in(mail_to("new@example.com"))
    assert b"new@example.com" in client.get(path).content
    client.post(path)
    person = User.objects.get()
    assert person.emailaddress_set.get().verified
    assert Event.objects.get(name="email.confirmed").subject_id == person.pk


def test_looking_at_the_link_confirms_nothing(client):
    client.post("/account/signup/", {"email": "new@example.com", "password1": NEW})
    client.get(link_in(mail_to("new@example.com")))
    assert not Event.objects.filter(name="email.confirmed").exists()


def test_signs_in_by_email_in_any_case_and_lands_in_the_account(client):
    ada()
    answer = client.post("/account/login/", {"login": "ADA@example.com", "password": PASSWORD})
    assert answer["Location"] == "/account/"
    assert b"Hello Ada" in client.get("/account/").content


def test_goes_on_to_where_one_wanted_to_be_but_never_off_the_site(client):
    ada()
    data = {"login": "ada@example.com", "password": PASSWORD}
    assert client.post("/account/login/", data | {"next": "/cart/"})["Location"] == "/cart/"
    client.logout()
    for evil in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert client.post("/account/login/", data | {"next": evil})["Location"] == "/account/"
        client.logout()


def test_a_stored_mail_never_holds_its_link(client):
    client.post("/account/signup/", {"email": "new@example.com", "password1": NEW})
    path = link_in(mail_to("new@example.com"))
    message = Message.objects.get(name="confirm_email")
    assert path not in message.text + message.html
    assert message.sealed is None


def test_resets_a_password_and_tells_its_owner(client):
    person = ada()
    client.post("/account/password/reset/", {"email": "ada@example.com"})
    path = link_in(mail_to("ada@example.com"))
    form = client.get(path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert "password was reset" in mail_to("ada@example.com").subject
    assert b"no longer works" in client.get(path, follow=True).content, "a link works once"


def test_says_the_same_to_known_and_unknown_addresses(client):
    ada()
    known = client.post("/account/password/reset/", {"email": "ada@example.com"})
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert "no account" in mail_to("nobody@example.com").subject


def test_a_second_registration_is_told_to_the_owner_alone(client):
    ada()
    taken = client.post("/account/signup/", {"email": "ada@example.com", "password1": NEW})
    client.logout()
    free = client.post("/account/signup/", {"email": "free@example.com", "password1": NEW})
    assert taken.status_code == free.status_code == 302
    assert "already" in mail_to("ada@example.com").subject
    assert User.objects.count() == 2


def test_changing_the_address_needs_the_new_inbox(client):
    person = ada()
    client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD})
    asked = client.post("/account/email/", {"email": "countess@example.com", "action_add": "1"})
    assert asked["Location"].startswith("/account/reauthenticate/"), "the password is asked once more"
    client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/email/"})
    person.refresh_from_db()
    assert person.email == "ada@example.com"
    client.post(link_in(mail_to("countess@example.com")))
    person.refresh_from_db()
    assert person.email == "countess@example.com"


def test_guessing_is_slowed_down(client):
    ada()
    answers = [
        client.post("/account/login/", {"login": "ada@example.com", "password": "guess"}) for _ in range(8)
    ]
    assert b"Too many" in answers[-1].content or answers[-1].status_code == 429
    assert (
        client.post("/account/login/", {"login": "ada@example.com", "password": PASSWORD}).status_code != 302
    )


def test_signing_out_takes_a_post(client):
    client.force_login(ada())
    client.get("/account/logout/")
    assert "_auth_user_id" in client.session
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path", ["/account/", "/account/details/", "/account/orders/", "/account/addresses/"]
)
def test_account_pages_ask_who_you_are_and_are_kept_by_nobody(client, path):
    assert client.get(path)["Location"].startswith("/account/login/")
    client.force_login(eve())
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


class TestAdmin:
    def test_is_entered_through_the_same_door(self, client):
        assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/account/login/?next=/admin/"

    def test_is_closed_to_shoppers(self, client):
        client.force_login(ada())
        assert client.get("/admin/login/?next=/admin/").status_code == 403

    def test_is_open_to_staff_under_a_policy_of_its_own(self, client):
        client.force_login(grace())
        answer = client.get("/admin/")
        assert answer.status_code == 200
        assert "'unsafe-eval'" in answer["Content-Security-Policy"]
        assert "'unsafe-eval'" not in client.get("/account/")["Content-Security-Policy"]
