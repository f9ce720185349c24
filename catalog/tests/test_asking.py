"""Questions about a product: asked from the cached page, answered in the admin, mailed once, the address forgotten."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.finding import refreshing
from catalog.models import Question
from catalog.tests.factories import make_product, make_variant
from catalog.views import question as views
from catalog.voices import asking
from shop.core.models import Event, Message
from shop.core.outbox import deliver_due
from shop.tests.people import grace

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}
ASKED = {"text": "Does it fit into the dishwasher?", "asked_by": "Ada", "email": "ada@example.com"}


@pytest.fixture
def mug():
    product = make_variant(product=make_product("Mug"), stock=3).product
    refreshing.refresh([product.pk])
    return product


def ask(client, prefix="", headers=OURS, **over):
    return client.post(f"{prefix}/products/mug/questions/", ASKED | over, headers=headers)


def answer(client, question, text="Yes, up to 60 °C."):
    client.force_login(grace())
    return client.post(f"/admin/catalog/question/{question.pk}/change/", {"answer": text, "answered_by": ""})


def test_a_question_is_shown_and_mailed_once_it_is_answered_and_its_address_forgotten(client, mug):
    page = client.get("/products/mug/")
    assert 'action="/products/mug/questions/"' in page.text and "csrfmiddlewaretoken" not in page.text
    answered = ask(client)
    assert (answered.status_code, answered["Location"]) == (303, "/products/mug/questions/sent/")
    assert "Thank you for your question" in client.get(answered["Location"]).text
    deliver_due()
    question = Question.objects.get()
    assert "dishwasher" not in client.get("/products/mug/").text and not Message.objects.exists()

    assert answer(client, question).status_code == 302
    deliver_due()
    message = Message.objects.get(name="question_answered")
    assert (message.to, message.language) == ("ada@example.com", "en")
    for body in (message.text, message.html):
        assert (
            "Hello Ada" in body
            and "dishwasher" in body
            and "up to 60 °C" in body
            and "/products/mug/" in body
        )
    question.refresh_from_db()
    assert question.email == "" and question.answered_by == "Grace Hopper"
    assert "dishwasher" in client.get("/products/mug/").text
    answer(client, question, "Yes, up to 70 °C.")
    deliver_due()
    assert Message.objects.count() == 1
    assert all("ada@" not in str(event.data) for event in Event.objects.all())


def test_a_german_question_is_answered_in_german(client, mug):
    ask(client, "/de")
    answer(client, Question.objects.get())
    deliver_due()
    message = Message.objects.get()
    assert message.language == "de" and "/de/products/mug/" in message.text


def test_an_empty_answer_hides_it_again(client, mug):
    ask(client, email="")
    answer(client, Question.objects.get())
    answer(client, Question.objects.get(), "  ")
    deliver_due()
    assert "dishwasher" not in client.get("/products/mug/").text and not Message.objects.exists()


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"text": ""}, "Enter your question."),
        ({"text": "Why?"}, "Write 10 characters or more."),
        ({"text": "Look at https://spam.example now"}, "Leave web addresses out."),
        ({"email": "ada"}, "Enter an email address with an @"),
        ({"asked_by": "ada@example.com"}, "enter a name, not an email address"),
        ({"website": "x"}, "Leave the field “Website” empty"),
        ({"asked_by": "a" * 61}, "Shorten the name to 60 characters."),
    ],
)
def test_what_cannot_be_asked_is_told_beside_the_field(client, mug, over, told):
    page = ask(client, **over)
    assert page.status_code == 422 and told in page.text and not Question.objects.exists()


def test_asking_too_often_is_refused(client, mug, monkeypatch):
    monkeypatch.setitem(views.PER_ADDRESS, "limit", 1)
    ask(client)
    page = ask(client, text="And into the microwave oven?")
    assert page.status_code == 429 and "That was too often." in page.text and Question.objects.count() == 1


def test_pressed_twice_it_is_one_question(client, mug):
    ask(client), ask(client)
    assert Question.objects.count() == 1


def test_other_sites_cannot_ask_and_what_is_not_on_sale_is_not_asked_about(client, mug):
    assert ask(client, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    mug.status = "retired"
    mug.save()
    assert ask(client).status_code == 404 and not Question.objects.exists()


def test_addresses_of_unanswered_questions_are_forgotten(mug):
    old = asking.ask(mug, text="Is it heavy, or not?", email="ada@example.com")
    new = asking.ask(mug, text="Is it round, or not?", email="eve@example.com")
    Question.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=91))
    assert asking.forget_addresses() == 1
    assert [q.email for q in Question.objects.order_by("pk")] == ["", new.email]
