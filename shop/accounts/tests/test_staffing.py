"""Owners decide about staff, in the admin, as browsers post it; and what is refused to them, to staff and to everybody."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail as outgoing

from shop.accounts import roles, staffing
from shop.accounts.models import User
from shop.core import outbox
from shop.core.events import timeline_of
from shop.core.models import Event
from shop.tests.people import ada, eve, grace

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/accounts/user/"
NEW = "a much longer passphrase"


@pytest.fixture(autouse=True)
def _roles():
    roles.set_up()


@pytest.fixture
def owner(client):
    """Ada owns the shop, and is signed in."""
    roles.give(ada(), role="owner")
    client.force_login(User.objects.get(pk=ada().pk))
    return client


def page_of(person):
    return f"{PEOPLE}{person.pk}/change/"


def save(client, person, *named, **over):
    """What the page posts with these roles ticked, and nothing else touched but `over`."""
    data = {"name": person.name, "language": person.language, "is_active": "on"}
    data |= {"roles": [Group.objects.get(name=name).pk for name in named]}
    data |= {f"addresses-{name}": n for name, n in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    posted = {name: value for name, value in (data | over).items() if value is not None}
    return client.post(page_of(person), posted, follow=True)


def now(person):
    """(roles, is staff, is superuser, is active)"""
    person = User.objects.get(pk=person.pk)
    names = sorted(person.groups.values_list("name", flat=True))
    return names, person.is_staff, person.is_superuser, person.is_active


def told(person):
    return [(e.name, e.data.get("role"), e.actor and e.actor.email) for e in timeline_of(person)]


def test_an_owner_gives_and_takes_roles_and_the_timeline_keeps_it(owner):
    save(owner, eve(), "support", "catalogue")
    assert now(eve()) == (["catalogue", "support"], True, False, True)
    save(owner, eve(), "support")
    save(owner, eve())
    assert now(eve()) == ([], False, False, True)
    by = "ada@example.com"
    assert told(eve()) == [
        ("role.given", "catalogue", by),
        ("role.given", "support", by),
        ("role.taken", "catalogue", by),
        ("role.taken", "support", by),
    ]
    page = owner.get(page_of(eve())).text
    assert "Role taken: support" in page and "Ada Lovelace" in page


def test_an_owner_sees_who_has_which_role(owner, django_assert_max_num_queries):
    roles.give(eve(), role="support")
    row = re.search(r"eve@example\.com.*?</tr>", owner.get(PEOPLE).text, re.S)[0]
    assert "support" in row
    row = re.search(r">support<.*?</tr>", owner.get("/admin/auth/group/").text, re.S)[0]
    assert "Eve Moneypenny" in row
    with django_assert_max_num_queries(40) as few:
        owner.get(PEOPLE)
    for n in range(10):
        roles.give(User.objects.create_user(f"n{n}@example.com"), role="orders")
    with django_assert_max_num_queries(len(few.captured_queries)):
        owner.get(PEOPLE)


def test_an_owner_invites_who_then_chooses_a_password_and_enters(owner, client):
    orders = Group.objects.get(name="orders")
    data = {"email": "New@Example.com", "name": "Noor New", "language": "en", "roles": [orders.pk]}
    owner.post(f"{PEOPLE}add/", data | {"is_superuser": "on"})
    person = User.objects.get(email="new@example.com")
    assert now(person) == (["orders"], True, False, True) and not person.has_usable_password()
    assert [name for name, *_rest in told(person)] == ["person.invited", "role.given"]

    outbox.deliver_due()
    (mail,) = outgoing.outbox
    assert mail.to == ["new@example.com"] and "Hello Noor," in mail.body
    client.logout()
    path = re.search(r"http://testserver(/\S+)", mail.body)[1]
    client.post(path, {"email": "new@example.com"})
    outbox.deliver_due()
    form = client.get(re.search(r"http://testserver(/\S+)", outgoing.outbox[-1].body)[1], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    client.post("/account/login/", {"login": "new@example.com", "password": NEW})
    assert client.get("/admin/orders/order/").status_code == 200


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"roles": []}, "Choose at least one role"),
        ({"email": "EVE@example.com"}, "already"),
        ({"email": "nonsense"}, "valid email"),
        ({"language": "xx"}, "valid choice"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(owner, over, words):
    eve()
    support = Group.objects.get(name="support")
    data = {"email": "new@example.com", "name": "", "language": "", "roles": [support.pk]}
    assert words in owner.post(f"{PEOPLE}add/", data | over, follow=True).text
    assert not User.objects.exclude(pk__in=[ada().pk, eve().pk]).exists() and not outgoing.outbox


def test_an_owner_makes_no_superuser_neither_of_others_nor_of_himself(owner):
    save(owner, eve(), "support", is_superuser="on")
    save(owner, ada(), "owner", is_superuser="on", user_permissions=[1])
    assert now(eve())[2] is now(ada())[2] is False
    assert not User.objects.filter(user_permissions__isnull=False).exists()


def test_an_owner_changes_no_superuser(owner):
    before = now(grace())
    assert owner.get(page_of(grace())).status_code == 200
    assert 'name="_save"' not in owner.get(page_of(grace())).text
    assert save(owner, grace(), "support", is_active=None).status_code == 403
    assert owner.post(f"{PEOPLE}{grace().pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [grace().pk], "post": "yes"}
    owner.post(PEOPLE, chosen)
    assert now(grace()) == before and told(grace()) == []


def test_the_last_owner_stays_one(owner):
    before, said = now(ada()), told(ada())
    assert "This is the last owner" in save(owner, ada()).text
    assert "This is the last owner" in save(owner, ada(), "owner", is_active=None).text
    assert owner.post(f"{PEOPLE}{ada().pk}/delete/", {"post": "yes"}).status_code == 403
    assert now(ada()) == before and told(ada()) == said

    save(owner, eve(), "owner")
    save(owner, ada())
    assert now(ada())[:2] == ([], False) and now(eve())[0] == ["owner"]


def test_an_inactive_owner_does_not_count(owner):
    roles.give(eve(), role="owner")
    User.objects.filter(pk=eve().pk).update(is_active=False)
    assert "This is the last owner" in save(owner, ada()).text
    assert now(ada())[0] == ["owner"]


def test_what_else_an_owner_changes_is_told_as_well(owner):
    save(owner, eve(), is_active=None)
    event = Event.objects.get(name="person.changed", subject_id=eve().pk)
    assert event.data == {"fields": ["is_active"]} and event.actor == ada()
    assert now(eve())[3] is False


@pytest.mark.parametrize("role", ["support", ""])
def test_who_is_no_owner_decides_nothing_whatever_his_rights(client, role):
    """Not even with the right to change people and roles by hand."""
    helper = eve(is_staff=True)
    if role:
        roles.give(helper, role=role)
    helper.user_permissions.add(*Permission.objects.filter(content_type__app_label__in=["accounts", "auth"]))
    roles.give(ada(), role="catalogue")
    client.force_login(helper)
    for person in (helper, ada()):
        before = now(person)
        save(client, person, "owner", is_active=None, is_staff="on", is_superuser="on")
        assert now(person) == before
    group = Group.objects.get(name="support")
    for path in (f"{PEOPLE}add/", "/admin/auth/group/add/", f"/admin/auth/group/{group.pk}/change/"):
        assert client.post(path, {"name": "x", "email": "x@example.com"}).status_code == 403, path
    shopper = User.objects.create_user("bob@example.com")
    save(client, shopper, "owner", name="Bob")
    assert now(shopper) == ([], False, False, True)
    assert User.objects.get(pk=shopper.pk).name == "Bob"


def test_the_owners_rights_and_the_names_of_roles_stay(owner):
    role, support = Group.objects.get(name="owner"), Group.objects.get(name="support")
    count = role.permissions.count()
    change = f"/admin/auth/group/{role.pk}/change/"
    assert owner.post(change, {"name": "owner", "permissions": []}).status_code == 403
    assert role.permissions.count() == count
    owner.post(f"/admin/auth/group/{support.pk}/change/", {"name": "bosses", "permissions": []})
    assert Group.objects.filter(name="support").exists()
    for group in (role, support):
        assert owner.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403


def test_operators_still_may_all_but_take_away_the_last_owner(client):
    client.force_login(grace())
    save(client, eve(), "owner", is_superuser="on")
    assert now(eve()) == (["owner"], True, True, True)
    assert "This is the last owner" in save(client, eve(), is_superuser="on").text
    assert now(eve())[0] == ["owner"]
    with pytest.raises(staffing.NotYours):
        staffing.set_roles(eve(), roles=[], by=ada())
