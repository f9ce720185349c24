"""I01, I14, I16: what is whose, what each role may do, and that looking changes nothing. Over the whole list of addresses."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection

from shop.accounts import roles
from shop.accounts.models import User
from shop.core.http import SAME_ORIGIN_VIEWS
from shop.tests.faults import access, world
from shop.tests.faults.access import ROLES, SCREENS, STOREFRONT, Who, doors, rights, screen_of, step_of
from shop.tests.people import PASSWORD
from shop.tests.test_architecture import TAKES_NO_TOKEN

DOORS = {door.pattern: door for door in doors()}
CHANGES_NOTHING_OF_OURS = {"django_session"}  # what a visitor may open, and what he is told next


def test_every_address_is_classified():
    """A new address? Say in access.py whose it is; this file then tries it."""
    assert sorted(pattern for pattern, door in DOORS.items() if access.who(door) is None) == []
    assert sorted(set(STOREFRONT) - set(DOORS)) == [], "classified, but not there"
    assert sorted(set(SCREENS) - {screen_of(door) for door in DOORS.values()}) == []


def test_only_the_listed_views_do_without_a_token():
    ours = {door.view for door in DOORS.values() if door.is_exempt and not door.view.startswith("allauth.")}
    assert ours <= TAKES_NO_TOKEN
    hooks = {DOORS[pattern].view for pattern, who in STOREFRONT.items() if who is Who.SIGNED}
    assert ours - hooks == {view for view in SAME_ORIGIN_VIEWS if not view.startswith("shop.core.tests.")}


@pytest.fixture
def place(floor):
    """The world, and a door to each of the people in it."""
    there = world.build()
    people = {"nobody": floor.visitor()}
    for name in ("ada", "eve", "grace"):
        people[name] = floor.visitor()
        people[name].sign_in(f"{name}@example.com", PASSWORD)
    return there, people


def token_of(visitor) -> dict[str, str]:
    return {
        "csrfmiddlewaretoken": visitor.get("/orders/track/")
        .form("/orders/track/")
        .fields["csrfmiddlewaretoken"]
    }


@pytest.mark.django_db(transaction=True)
def test_i01_what_is_adas_does_not_exist_for_others(place):
    there, people = place
    before = fingerprints()
    wrong = []
    for pattern in [pattern for pattern, who in STOREFRONT.items() if who is Who.OWNER]:
        path = there.path(pattern)
        for name in ("nobody", "eve", "grace"):
            for method in ("GET", "POST"):
                visitor = people[name]
                answer = visitor.get(path) if method == "GET" else visitor.post(path, token_of(visitor))
                away = answer.status == 302 and answer.leads_to == "/account/login/" and name == "nobody"
                if not (answer.status in (404, 405) or away) or world.SECRET in answer.text:
                    wrong.append(f"{method} {path} by {name}: {answer.status}")
    assert wrong == []
    assert fingerprints() == before


@pytest.mark.django_db(transaction=True)
def test_i01_the_owner_sees_what_is_his(place):
    """So that the refusals of the test above mean something."""
    there, people = place
    posted_only = {
        "account/cards/<pk>/default/",
        "cart/lines/<pk>/",
        "cart/lines/<pk>/removal/",
        "cart/lines/<pk>/saving/",
        "wishlists/<pk>/removal/",
        "wishlists/<pk>/sharing/",
        "wishlists/<pk>/cart/",
        "wishlists/<pk>/news/",
        "wishlists/entries/<pk>/removal/",
        "wishlists/entries/<pk>/moving/",
        "wishlists/entries/<pk>/cart/",
        "orders/<number>/cancellation/",
        "orders/<number>/downloads/<pk>/",
        "orders/<number>/returns/<rma>/withdrawal/",
    }
    onwards = {"orders/<number>/payment/", "orders/<number>/confirming/"}  # settled: to the order
    seen = {}
    for pattern in [pattern for pattern, who in STOREFRONT.items() if who is Who.OWNER]:
        seen[pattern] = people["ada"].get(there.path(pattern)).status
    expected = {p: 405 if p in posted_only else 303 if p in onwards else 200 for p in seen}
    assert seen == expected
    assert world.SECRET in people["ada"].get(there.path("orders/<number>/")).text
    assert world.SECRET in people["ada"].get(there.path("account/addresses/")).text


@pytest.mark.django_db(transaction=True)
def test_i01_secrets_open_what_they_name_and_nothing_else(place, floor):
    there, people = place
    for pattern in [p for p, who in STOREFRONT.items() if who is Who.HOLDER and "account" not in p]:
        for wrong in (
            "",
            "x",
            "None",
            "null",
            "[]",
            "0" * 32,
            there.order.token[:-1],
            there.order.token + "A",
        ):
            path = there.path(pattern, token=wrong)
            answer = people["eve"].get(path)
            assert answer.status in (404, 405) and world.SECRET not in answer.text, path
    guest = floor.visitor()
    assert guest.get(there.path("orders/<number>/")).status == 404
    led = guest.get(there.path("o/<token>/"))
    assert (led.status, led.leads_to) == (303, there.path("orders/<number>/"))
    assert led.headers["Referrer-Policy"] == "no-referrer"
    assert guest.follow(led).status == 200
    assert world.SECRET in guest.get(there.path("tickets/<token>/")).text


def tables() -> list[str]:
    return sorted(set(connection.introspection.table_names()) - CHANGES_NOTHING_OF_OURS)


def fingerprints() -> dict[str, str]:
    """{table: what is in it}, in one number each."""
    parts = [
        f"SELECT '{table}', count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)), 0) FROM \"{table}\" t"
        for table in tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def admin_path(door) -> str | None:
    """With an object that exists; None where there is none."""
    screen = screen_of(door)
    if screen is None:
        return None
    model = apps.get_model(screen)
    found = model._default_manager.order_by("pk").first()
    if "<" in door.pattern and found is None:
        return None
    pk = getattr(found, "pk", "")
    return "/" + door.pattern.replace("<object_id>", str(pk)).replace("<pk>", str(pk))


@pytest.mark.django_db(transaction=True)
def test_i16_looking_at_every_page_changes_nothing_and_none_fails(place):
    there, people = place
    before, failed, leaked = fingerprints(), [], []
    for pattern in STOREFRONT:
        for name in ("nobody", "eve", "ada"):
            answer = people[name].get(there.path(pattern))
            if answer.status >= 500:
                failed.append(f"{answer.url} by {name}: {answer.status}")
            is_secret = STOREFRONT[pattern] in (Who.HOLDER, Who.DEVELOPERS)
            if world.SECRET in answer.text and name != "ada" and not is_secret:
                leaked.append(f"{answer.url} tells {name} where Ada lives")
    for door in DOORS.values():
        path = admin_path(door)
        if path and people["grace"].get(path).status >= 500:
            failed.append(path)
    assert failed == [] and leaked == []
    after = fingerprints()
    assert [table for table in after if after[table] != before[table]] == []


def posted(there):
    """Every address that exists, with its door; hooks take no cookie, and files are served by the test's own server."""
    for pattern, door in DOORS.items():
        if STOREFRONT.get(pattern) is Who.SIGNED or pattern in ("media/<path>", "admin/<url>"):
            continue
        path = there.path(pattern) if pattern in STOREFRONT else admin_path(door)
        if path:
            yield path, door


@pytest.mark.django_db(transaction=True)
def test_i16_other_sites_may_post_nowhere(place):
    """A form on another site, sent by the browser of somebody who is signed in, and even with his token."""
    there, people = place
    before, let_in = fingerprints(), []
    token = token_of(people["grace"])
    for path, _door in posted(there):
        for origin in (
            ["https://evil.example"] if path.startswith("/admin/") else ["https://evil.example", "null"]
        ):
            answer = people["grace"].post(path, token, Origin=origin, Sec_Fetch_Site="cross-site")
            if answer.status != 403:
                let_in.append(f"{path} from {origin}: {answer.status}")
    assert let_in == []
    assert fingerprints() == before


@pytest.mark.django_db(transaction=True)
def test_i16_without_a_token_only_the_listed_views_listen(place):
    there, people = place
    let_in = []
    for path, door in posted(there):
        if door.view not in SAME_ORIGIN_VIEWS and (status := people["grace"].post(path).status) != 403:
            let_in.append(f"{path}: {status}")
    assert let_in == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hook", ["stripe", "ups", "fedex"])
def test_i16_hooks_without_their_signature_keep_nothing(floor, stripe, carriers, hook):
    before = fingerprints()
    for body in ({}, {"id": "evt_1", "type": "payment_intent.succeeded"}):
        assert 400 <= floor.visitor().post(f"/hooks/{hook}/", body).status < 500
    assert fingerprints() == before


@pytest.fixture
def staff(floor):
    """One person of each role, and one who is staff without any."""
    roles.set_up()
    people = {}
    for role in [*ROLES, ""]:
        person = User.objects.create_user(
            f"{role or 'new'}@example.com", PASSWORD, is_staff=True
        ).vouch_for_email()
        if role:
            person.groups.add(Group.objects.get(name=role))
        people[role] = floor.visitor()
        people[role].sign_in(person.email, PASSWORD)
    return people


def tried(visitor, screen: str, one, *, wholly: bool) -> str:
    """The letters of what is possible on the screen; only whether it is seen at all unless `wholly`."""
    here = f"/admin/{screen.replace('.', '/')}/"
    letters = "v" if visitor.get(here).status in (200, 303) else ""
    if not wholly:
        return letters
    letters += "a" if visitor.get(f"{here}add/").status == 200 else ""
    if one is None:
        return letters
    page = visitor.get(f"{here}{one.pk}/change/")
    letters += "c" if page.status == 200 and 'name="_save"' in page.text else ""
    return letters + ("d" if visitor.get(f"{here}{one.pk}/delete/").status == 200 else "")


@pytest.mark.django_db(transaction=True)
def test_i14_each_role_does_what_is_written_down_and_no_more(place, staff):
    """The owner's pages are opened by the test that looks at every page; of him, and of staff without a role, only whether
    they see the screen is asked here."""
    wrong = {}
    stepped = {
        screen_of(door) for door in DOORS.values() if "WorkAdmin._door" in door.view
    }  # instead of a form
    for screen in SCREENS:
        one = apps.get_model(screen)._default_manager.order_by("pk").first()
        for role in [*ROLES, ""]:
            wholly = role not in ("owner", "")
            found = tried(staff[role], screen, one, wholly=wholly)
            possible = "va" if one is None else "vad" if screen in stepped else "vacd"
            wanted = set(rights(screen, role) if role else "") & set(possible if wholly else "v")
            if set(found) != wanted:
                wrong[screen, role] = f"may {found}, should {''.join(sorted(wanted))}"
    assert wrong == {}


@pytest.mark.django_db(transaction=True)
def test_i14_papers_are_shown_to_whom_the_screen_is_shown(place, staff):
    shown = []
    for door in DOORS.values():
        if not door.pattern.endswith(tuple(f"<pk>/{paper}/" for paper in access.PAPERS)):
            continue
        for role in [*ROLES, ""]:
            status = staff[role].get(admin_path(door)).status
            if (status == 403) == (bool(role) and "v" in rights(screen_of(door), role)):
                shown.append(f"{door.pattern} to {role or 'nobody in particular'}: {status}")
    assert shown == []


@pytest.mark.django_db(transaction=True)
def test_i14_steps_are_refused_to_roles_that_may_not_change(place, staff):
    before, taken = fingerprints(), []
    tokens = {role: token_of(visitor) for role, visitor in staff.items()}
    for door in DOORS.values():
        if step_of(door) is None or (path := admin_path(door)) is None:
            continue
        for role in [*ROLES, ""]:
            if role and "c" in rights(screen_of(door), role):
                continue
            status = staff[role].post(path, tokens[role]).status
            if status not in (403, 404, 405):
                taken.append(f"{path} by {role or 'nobody in particular'}: {status}")
    assert taken == []
    assert fingerprints() == before
