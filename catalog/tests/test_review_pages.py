import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from catalog import photographing, reviewing
from catalog.finding import refreshing
from catalog.models import HelpfulVote, Photo, Review
from catalog.tests.factories import make_variant
from shop.core.models import Event, Shop
from shop.core.outbox import deliver_due
from shop.tests.people import ada, eve, grace

pytestmark = pytest.mark.django_db
SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.SHOP_PAGE_CACHE_SECONDS = 0


@pytest.fixture
def mug():
    product = make_variant(stock=5, title="Blue").product
    refreshing.refresh([product.pk])
    return product


def published(mug, number=1, **over):
    for n in range(number):
        words = {"title": f"Title {n}", "text": "It holds tea.", "author": f"Buyer {n}", "stars": 5} | over
        review = Review.objects.create(product=mug, status="published", **words)
    refreshing.refresh([mug.pk])
    return review


def invitation_path(mug, email="ada@example.com"):
    row = reviewing.invite(mug.variants.get(), email=email, reference="K7F4-9QXM")
    return "/" + reviewing.link_of(row).split("/", 3)[3]


def form(**over):
    return {
        "stars": "4",
        "title": "Lovely",
        "text": "It holds more tea than I thought.",
        "author": "Ada",
    } | over


def picture(name="me.png", size=(500, 400)):
    out = io.BytesIO()
    Image.new("RGB", size, "#3366cc").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def shown(page):
    return re.findall(r'class="review-title">([^<]+)', page.text)


def test_the_link_in_a_mail_opens_the_form_and_writes_a_review_with_a_picture(client, mug):
    path = invitation_path(mug)
    page = client.get(path)
    assert page.status_code == 200 and "no-store" in page["Cache-Control"] and "noindex" in page.text
    answer = client.post(path, form(photos=[picture(), picture("two.png", (400, 500))]))
    assert (answer.status_code, answer["Location"]) == (303, reverse("catalog:review_sent", args=[mug.slug]))
    assert "Thank you for your review" in client.get(answer["Location"]).text
    review = Review.objects.get()
    assert (review.stars, review.is_verified, review.status) == (4, True, "pending")
    assert review.photos.count() == 2
    again = client.get(path)
    assert again.status_code == 403 and "was used" in again.text and "Sign in" in again.text
    assert client.post(path, form()).status_code == 403 and Review.objects.count() == 1


def test_a_published_review_is_shown_with_its_picture_and_the_answer(client, mug):
    client.post(invitation_path(mug), form(photos=[picture()]))
    review = Review.objects.get()
    assert "Lovely" not in client.get(mug.get_absolute_url()).text
    seller = Client()
    seller.force_login(grace())
    seller.post(reverse("admin:catalog_review_publish", args=[review.pk]))
    seller.post(reverse("admin:catalog_review_answer", args=[review.pk]), {"text": "Thank you, Ada."})
    deliver_due()
    page = client.get(mug.get_absolute_url())
    photo = Photo.objects.get()
    assert shown(page) == ["Lovely"] and "Verified purchase" in page.text and "Thank you, Ada." in page.text
    assert f"/media/{photo.file.name.removesuffix('.jpg')}-320w.webp" in page.text
    assert "Picture by Ada" in page.text and photo.file.name not in str(page.context["page"].images)
    assert "How we check reviews" in page.text and "Only buyers can write" in page.text


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"stars": ""}, "Choose one to five stars."),
        ({"stars": "6"}, "Choose one to five stars."),
        ({"text": "Short."}, "Write 20 characters or more."),
        ({"text": "x" * 3001}, "Shorten your review to 3000"),
        ({"text": "Look at https://spam.example/ for more of it"}, "Leave web addresses out."),
        ({"author": ""}, "Enter a name to show"),
        ({"author": "ada@example.com"}, "not an email address"),
        ({"website": "x"}, "it is there to stop programs"),
        ({"title": "a\x00b"}, "Null characters are not allowed."),
        ({"photos": [SimpleUploadedFile("a.gif", b"GIF89a")]}, "a.gif: This is a GIF file"),
        ({"photos": [SimpleUploadedFile("a.svg", b"<svg/>")]}, "a.svg: SVG files"),
        ({"photos": [SimpleUploadedFile(f"{n}.png", b"x") for n in range(4)]}, "Choose 3 pictures at most."),
        ({"photos": [SimpleUploadedFile("big.png", b"x" * (5 * 1024 * 1024 + 1))]}, "larger than 5 MB"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_the_link_stays_good(client, mug, over, words):
    path = invitation_path(mug)
    page = client.post(path, form(**over))
    assert page.status_code == 422 and words in page.text and "<title>Error:" in page.text
    assert not Review.objects.exists() and not Photo.objects.exists()
    assert client.post(path, form()).status_code == 303


def test_markup_in_words_is_shown_as_text(client, mug):
    published(mug, title="<script>alert(1)</script>", text="<img src=x onerror=alert(2)>", author="<b>Ada")
    page = client.get(mug.get_absolute_url()).text
    assert "&lt;script&gt;alert(1)" in page and "&lt;img src=x" in page and "<b>Ada" not in page


def test_a_buyer_who_signs_in_sees_what_became_of_his_review_and_changes_it(client, mug):
    client.post(invitation_path(mug), form(photos=[picture()]))
    client.force_login(ada())
    path = reverse("catalog:review", args=[mug.slug])
    page = client.get(path)
    assert "waits to be read" in page.text and 'value="Lovely"' in page.text
    Review.objects.update(status="refused", refusal="personal", refusal_note="Line two.")
    assert "It names a person or an address. Line two." in client.get(path).text
    client.post(path, form(stars="2", without=[Photo.objects.get().pk]))
    review = Review.objects.get()
    assert (review.stars, review.status) == (2, "pending") and not Photo.objects.exists()


def test_strangers_are_told_why_they_cannot_write(client, mug):
    path = reverse("catalog:review", args=[mug.slug])
    page = client.get(path)
    assert page.status_code == 403 and f"?next={path}" in page.text
    client.force_login(eve())
    assert "Only buyers can review" in client.post(path, form()).text and not Review.objects.exists()
    Shop(pk=1, reviews_from_everybody=True).save()
    assert "marked as not verified" in client.get(path).text
    assert client.post(path, form()).status_code == 303 and not Review.objects.get().is_verified
    assert "Everybody with an account may write" in client.get(mug.get_absolute_url()).text


def test_who_sends_form_after_form_is_stopped(client, mug):
    path = invitation_path(mug)
    answers = [client.post(path, form(text="Short.")).status_code for _try in range(31)]
    assert set(answers[:30]) == {422} and answers[30] == 429 and not Review.objects.exists()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client, mug, settings):
    settings.SHOP_BODY_MAX_MB = 1
    page = client.post(invitation_path(mug), form(photos=[SimpleUploadedFile("a.png", b"x" * 1100_000)]))
    assert page.status_code == 413 and "too large" in page.text


def test_stars_filter_order_sorts_and_pages_turn_without_a_script(client, mug):
    published(mug, 9)
    published(mug, stars=1, title="Poor thing", helpful=4)
    Review.objects.create(product=mug, stars=5, author="Eve", title="Hidden words")
    url = mug.get_absolute_url()
    first = client.get(url)
    assert len(shown(first)) == 8 and "Hidden words" not in first.text
    assert 'href="?page=2#reviews"' in first.text and 'href="?stars=5#reviews"' in first.text
    assert len(shown(client.get(f"{url}?page=2"))) == 2
    assert shown(client.get(f"{url}?stars=1")) == ["Poor thing"]
    assert shown(client.get(f"{url}?order=helpful"))[0] == "Poor thing"
    assert shown(client.get(f"{url}?order=worst"))[0] == "Poor thing"
    chosen = client.get(f"{url}?stars=5&order=helpful&page=2").text
    assert 'href="?stars=5&amp;order=helpful#reviews"' in chosen and 'aria-current="true"' in chosen
    assert "No review has this number" in client.get(f"{url}?stars=3").text
    odd = "?stars=9&order=x&page=999999999999999999&thanked=٣&variant=%00"
    assert client.get(url + odd).status_code == 200


def test_reviews_cost_one_query_however_many_and_with_pictures(client, mug):
    url = mug.get_absolute_url()

    def queries():
        with CaptureQueriesContext(connection) as caught:
            client.get(url)
        return len(caught)

    review = published(mug)
    queries()  # the menu and the like are kept from now on
    one = queries()
    published(mug, 7)
    for review in Review.objects.all():
        photographing.keep(photographing.prepare(picture()), review=review)
    assert queries() == one


def test_a_visitor_finds_a_review_helpful_once_and_is_thanked(client, mug):
    review = published(mug)
    url = reverse("catalog:helpful", args=[mug.slug, review.pk])
    answer = client.post(f"{url}?stars=5&order=helpful", **SAME)
    assert answer["Location"] == (
        f"{mug.get_absolute_url()}?stars=5&order=helpful&thanked={review.pk}#review-{review.pk}"
    )
    page = client.get(answer["Location"].partition("#")[0])
    assert "Thank you, your vote counts" in page.text and "1 person found this helpful" in page.text
    client.post(url, **SAME)
    assert HelpfulVote.objects.count() == 1
    for _other in range(3):
        Client().post(url, **SAME)
    assert HelpfulVote.objects.count() == 2  # three a day from one place
    assert Client().post(url, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert Client().get(url).status_code == 405


def test_a_vote_leads_to_no_other_shop_and_no_other_product(client, mug):
    review, other = published(mug), make_variant().product
    assert client.post(reverse("catalog:helpful", args=[other.slug, review.pk]), **SAME).status_code == 404
    answer = client.post(
        reverse("catalog:helpful", args=[mug.slug, review.pk]) + "?order=//evil.example", **SAME
    )
    assert answer["Location"].startswith(mug.get_absolute_url())


def test_sellers_read_in_piles_and_work_through_many_at_once(mug):
    seller = Client()
    seller.force_login(grace())
    good, spam = (Review.objects.create(product=mug, stars=n, author="A", title=f"T{n}") for n in (4, 5))
    url = reverse("admin:catalog_review_changelist")
    assert "To read" in seller.get(url).text
    seller.post(url, {"action": "publish_chosen", "_selected_action": [good.pk]})
    seller.post(url, {"action": "refuse_spam", "_selected_action": [spam.pk, good.pk]} | {"pile": "all"})
    good.refresh_from_db(), spam.refresh_from_db()
    assert (good.status, spam.status, spam.refusal) == ("published", "refused", "spam")
    detail = seller.get(reverse("admin:catalog_review_change", args=[spam.pk]))
    assert "It advertises something." in detail.text
    seller.post(reverse("admin:catalog_review_refuse", args=[good.pk]), {"reason": "made_up"})
    good.refresh_from_db()
    assert good.status == "published"
    seller.post(reverse("admin:catalog_review_remove", args=[good.pk]))
    assert not Review.objects.filter(pk=good.pk).exists()


def test_who_may_not_change_reviews_cannot_moderate(client, mug):
    review = Review.objects.create(product=mug, stars=5, author="A")
    client.force_login(ada(is_staff=True))
    for step in ("publish", "refuse", "answer", "remove"):
        assert client.post(reverse(f"admin:catalog_review_{step}", args=[review.pk])).status_code == 403
    assert Review.objects.get().status == "pending"


def test_a_seller_who_looks_at_a_link_is_written_down(mug):
    row = reviewing.invite(mug.variants.get(), email="ada@example.com", reference="K7F4-9QXM")
    seller = Client()
    seller.force_login(grace())
    page = seller.get(reverse("admin:catalog_reviewinvitation_change", args=[row.pk]))
    assert "K7F4-9QXM" in page.text and "?invitation=" not in page.text
    page = seller.post(reverse("admin:catalog_reviewinvitation_show_link", args=[row.pk]), follow=True)
    assert reviewing.link_of(row) in page.text.replace("&amp;", "&")
    assert Event.objects.filter(name="review_invitation.shown", actor=grace()).exists()
