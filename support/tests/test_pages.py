"""Contact, conversation and frequent questions, as a visitor without JavaScript meets them."""

import pytest

from shop.core import limits
from support import helping
from support.models import Ticket
from support.tests.factories import make_bare_order, make_faq, make_person, make_staff, make_ticket

pytestmark = pytest.mark.django_db
GIVEN = {
    "topic": "delivery",
    "message": "Where is it?",
    "email": "ada@example.com",
    "name": "",
    "order_number": "",
    "website": "",
}


def contact(client, **over):
    return client.post("/contact/", GIVEN | over)


def test_a_message_becomes_a_ticket_and_the_page_tells_its_number(client):
    answer = contact(client)
    assert (answer.status_code, answer["Location"]) == (303, "/contact/sent/")
    page = client.get("/contact/sent/").content.decode()
    ticket = Ticket.objects.get()
    assert ticket.number in page and "ada@example.com" in page
    assert ticket.token not in page  # whoever writes in another's name must not read the answer


def test_the_page_for_sent_messages_leads_back_without_one(client):
    assert client.get("/contact/sent/")["Location"] == "/contact/"


def test_is_never_kept_by_anybody(client):
    assert client.get("/contact/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"message": ""}, "Enter a message."),
        ({"message": "x" * 5001}, "Shorten your message"),
        ({"email": ""}, "Enter your email address."),
        ({"email": "ada"}, "with an @"),
        ({"topic": "nonsense"}, "nonsense is not one of the available choices"),
        ({"name": "x" * 151}, "Shorten your name"),
        ({"order_number": "x" * 21}, "at most 20 characters"),
        ({"message": "a\x00b"}, "Null characters"),
        ({"website": "http://spam.example"}, "Leave the field"),
    ],
)
def test_says_what_is_wrong_keeps_what_was_typed_and_stores_nothing(client, over, words):
    answer = contact(client, **over)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page and "<title>Error: " in page and 'role="alert"' in page
    assert Ticket.objects.count() == 0


def test_a_post_without_fields_is_an_error_page_not_a_fault(client):
    assert client.post("/contact/").status_code == 422


def test_knows_whoever_is_signed_in_and_the_order_he_comes_from(client):
    client.force_login(make_person())
    page = client.get("/contact/?order=k7f49qxm&topic=return").content.decode()
    assert 'value="ada@example.com"' in page and 'value="K7F4-9QXM"' in page
    assert '<option value="return" selected>' in page


def test_a_query_in_the_address_is_shown_as_text(client):
    page = client.get('/contact/?order="><script>alert(1)</script>&topic=<b>').content.decode()
    assert "<script>alert" not in page


def test_a_strangers_order_number_is_answered_like_any_other(client):
    order = make_bare_order()
    known = contact(client, email="eve@example.com", order_number=order.number)
    unknown = contact(client, email="eve@example.com", order_number="ZZZZ-ZZZZ")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Ticket.objects.filter(order__isnull=False).count() == 0


def test_nobody_floods_a_strangers_inbox(client):
    for number in range(3):
        contact(client, email=f"ada+{number}@example.com")
    answer = contact(client, email="ADA@example.com", REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 429 and "That was too often" in answer.content.decode()
    assert Ticket.objects.count() == 3


def test_one_visitor_may_not_write_without_end(client):
    for number in range(10):
        contact(client, email=f"a{number}@example.com")
    assert contact(client, email="last@example.com").status_code == 429
    assert Ticket.objects.count() == 10


def test_mistakes_do_not_count_as_tries(client):
    for _ in range(12):
        contact(client, message="")
    assert contact(client).status_code == 303


def test_the_conversation_opens_by_its_link_and_hides_notes(client):
    ticket, grace = make_ticket(), make_staff()
    helping.note(ticket, text="She is a friend of the boss.", by=grace)
    helping.reply(ticket, text="On its way.", by=grace)
    answer = client.get(f"/tickets/{ticket.token}/")
    page = answer.content.decode()
    assert "Where is my parcel?" in page and "On its way." in page
    assert "friend of the boss" not in page and "Grace" not in page
    assert answer["Referrer-Policy"] == "same-origin" and answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("token", ["x", "0", "..", "%00", "a" * 400])
def test_a_wrong_link_finds_nothing(client, token):
    make_ticket()
    assert client.get(f"/tickets/{token}/").status_code == 404
    assert client.post(f"/tickets/{token}/messages/", {"message": "hi"}).status_code == 404


def test_the_customer_answers_on_the_page(client):
    ticket = make_ticket()
    answer = client.post(f"/tickets/{ticket.token}/messages/", {"message": "And the receipt?"})
    assert (answer.status_code, answer["Location"]) == (303, f"/tickets/{ticket.token}/")
    assert ticket.messages.last().text == "And the receipt?"
    assert "And the receipt?" in client.get(answer["Location"]).content.decode()


def test_words_are_shown_as_words(client):
    ticket = make_ticket(text="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(f"/tickets/{ticket.token}/").content.decode()


def test_an_empty_answer_is_asked_for_again(client):
    ticket = make_ticket()
    answer = client.post(f"/tickets/{ticket.token}/messages/", {"message": " "})
    assert answer.status_code == 422 and "Enter a message." in answer.content.decode()
    assert ticket.messages.count() == 1


def test_a_conversation_is_throttled(client, monkeypatch):
    ticket = make_ticket()
    monkeypatch.setattr("support.views.ticket.PER_TICKET", {"limit": 1, "seconds": 3600})
    client.post(f"/tickets/{ticket.token}/messages/", {"message": "one"})
    answer = client.post(f"/tickets/{ticket.token}/messages/", {"message": "two"})
    assert answer.status_code == 429 and ticket.messages.count() == 2


def test_reading_writes_nothing(client):
    ticket = make_ticket()
    client.get(f"/tickets/{ticket.token}/messages/")
    assert client.get(f"/tickets/{ticket.token}/messages/").status_code == 405
    assert ticket.messages.count() == 1


def test_forms_want_their_token():
    from django.test import Client

    careful, ticket = Client(enforce_csrf_checks=True), make_ticket()
    assert careful.post("/contact/", GIVEN).status_code == 403
    assert careful.post(f"/tickets/{ticket.token}/messages/", {"message": "x"}).status_code == 403


def test_questions_stand_under_their_topics_in_order(client):
    make_faq("Second?", slug="second", position=2)
    make_faq("How do I pay?", slug="pay", topic="Payment", position=3)
    make_faq("First?", slug="first", position=1)
    make_faq("Hidden?", slug="hidden", is_published=False)
    page = client.get("/help/faq/").content.decode()
    assert page.index("First?") < page.index("Second?") < page.index("How do I pay?")
    assert "Hidden?" not in page and 'id="first"' in page


def test_questions_are_the_same_for_everybody(client, django_assert_max_num_queries):
    for number in range(20):
        make_faq(f"Question {number}?", slug=f"q-{number}")
    client.get("/help/faq/")
    with django_assert_max_num_queries(6):
        answer = client.get("/help/faq/")
    assert answer["Cache-Control"].startswith("public") and not answer.cookies


def test_limits_name_nobody():
    from shop.core.models import Hit

    limits.hit("contact:203.0.113.7", limit=5, seconds=60)
    from django.test import Client

    contact(Client())
    assert not Hit.objects.filter(bucket__contains="ada").exists()
