import io
import threading
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from PIL import Image

from catalog import reviewing
from catalog.models import HelpfulVote, Photo, ProductSearch, Review, ReviewInvitation
from catalog.photographing import prepare
from catalog.tests.factories import make_product, make_variant
from catalog.voices import moderating, voting
from shop.core import events, integrity
from shop.core.models import Event, Shop
from shop.core.outbox import deliver_due
from shop.tests.people import ada, eve, grace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mug():
    return make_variant(stock=5).product


def invited(mug, email="ada@example.com"):
    return reviewing.invite(mug.variants.get(), email=email, reference="K7F4-9QXM")


def token_of(invitation):
    return reviewing.SIGNER.sign(str(invitation.pk))


def say(mug, *, user=None, token="", stars=5, **over):
    standing = reviewing.standing_of(mug, user=user, token=token)
    words = {"text": "A very good mug, it holds tea.", "author": "Ada"} | over
    return reviewing.write(mug, standing=standing, stars=stars, **words)


def picture(color="#3366cc"):
    out = io.BytesIO()
    Image.new("RGB", (500, 400), color).save(out, "PNG")
    return prepare(SimpleUploadedFile("me.png", out.getvalue()))


def test_a_guest_writes_once_by_the_link_and_is_verified(mug):
    token = token_of(invited(mug))
    review = say(mug, token=token)
    assert (review.status, review.is_verified, review.email) == ("pending", True, "ada@example.com")
    assert review.variant == mug.variants.get()
    with pytest.raises(reviewing.LinkOver, match="was used"):
        say(mug, token=token)
    assert Review.objects.count() == 1 and Event.objects.filter(name="review.written").count() == 1


def test_a_link_that_is_old_forged_or_of_another_product_opens_nothing(mug):
    invitation = invited(mug)
    for token in (
        "1",
        token_of(invitation)[:-1],
        f"{invitation.pk + 1}:{token_of(invitation).split(':')[1]}",
    ):
        with pytest.raises(reviewing.LinkOver, match="not complete"):
            say(mug, token=token)
    with pytest.raises(reviewing.LinkOver, match="another product"):
        say(make_product(), token=token_of(invitation))
    ReviewInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(reviewing.LinkOver, match="run out"):
        say(mug, token=token_of(invitation))
    assert not Review.objects.exists()


def test_two_presses_with_one_link_write_one_review(mug):
    """Both pages were opened before either was sent."""
    token = token_of(invited(mug))
    first, second = (reviewing.standing_of(mug, token=token) for _page in range(2))
    words = {"stars": 4, "text": "Holds tea.", "author": "Ada"}
    reviewing.write(mug, standing=first, **words)
    with pytest.raises(reviewing.LinkOver):
        reviewing.write(mug, standing=second, **words | {"stars": 1})
    assert Review.objects.get().stars == 4


def test_who_signs_in_with_the_orders_address_is_the_buyer_however_it_is_spelt(mug):
    invited(mug, "ADA+mugs@Example.com")
    assert say(mug, user=ada()).is_verified
    assert ReviewInvitation.objects.get().used_at


def test_an_address_that_nobody_confirmed_proves_nothing(mug):
    invited(mug)
    person = ada()
    person.emailaddress_set.update(verified=False)
    with pytest.raises(reviewing.MayNotWrite):
        say(mug, user=person)


def test_others_may_not_write_unless_the_shop_lets_them_and_are_marked(mug):
    with pytest.raises(reviewing.MayNotWrite, match="Only buyers"):
        say(mug, user=eve())
    with pytest.raises(reviewing.MayNotWrite) as refusal:
        say(mug)
    assert refusal.value.data["sign_in"] and not Review.objects.exists()
    Shop(pk=1, reviews_from_everybody=True).save()
    assert not say(mug, user=eve()).is_verified
    with pytest.raises(reviewing.MayNotWrite):
        say(mug)


def test_there_is_one_review_a_buyer_and_changing_it_has_it_read_again(mug):
    invited(mug)
    review = say(mug, user=ada(), stars=5)
    moderating.publish(review)
    deliver_due()
    assert ProductSearch.objects.get().rating_count == 1
    changed = say(mug, user=ada(), stars=2, text="It broke after a week of tea.")
    deliver_due()
    assert changed == review and (changed.stars, changed.status) == (2, "pending")
    assert ProductSearch.objects.get().rating_count == 0
    assert Review.objects.get().edited_at


def test_who_was_not_verified_is_once_he_bought_it(mug):
    Shop(pk=1, reviews_from_everybody=True).save()
    assert not say(mug, user=ada()).is_verified
    invited(mug)
    assert say(mug, user=ada()).is_verified and Review.objects.count() == 1


def test_after_a_month_it_stays_as_it_is(mug):
    invited(mug)
    review = say(mug, user=ada(), stars=5)
    Review.objects.update(created_at=timezone.now() - timedelta(days=reviewing.EDIT_DAYS, seconds=1))
    with pytest.raises(reviewing.TooLate):
        say(mug, user=ada(), stars=1)
    review.refresh_from_db()
    assert (review.stars, review.status) == (5, "pending")


def test_pictures_come_with_it_and_go_with_it(mug):
    invited(mug)
    colors = ("#aa0000", "#00aa00", "#0000aa")
    review = say(mug, user=ada(), photos=[picture(color) for color in colors])
    assert review.photos.count() == 3 and not mug.photos.exists()
    with pytest.raises(reviewing.TooManyPhotos):
        say(mug, user=ada(), photos=[picture()])
    assert review.photos.count() == 3
    say(mug, user=ada(), photos=[picture()], without=[review.photos.first().pk])
    assert review.photos.count() == 3
    strange = Photo.objects.create(file="photos/x.jpg", width=1, height=1)
    say(mug, user=ada(), without=[strange.pk])
    assert Photo.objects.filter(pk=strange.pk).exists()
    moderating.remove(review)
    assert list(Photo.objects.all()) == [strange]


def test_refusing_needs_a_reason_and_its_writer_can_mend_it(mug):
    invited(mug)
    review = say(mug, user=ada())
    with pytest.raises(moderating.NoReason):
        moderating.refuse(review, reason="too_few_stars")
    moderating.refuse(review, reason="spam", note="The second sentence.", by=grace())
    assert (review.status, review.refusal, review.refusal_note) == ("refused", "spam", "The second sentence.")
    assert say(mug, user=ada()).status == "pending" and Review.objects.get().refusal == ""
    with pytest.raises(moderating.AlreadyDone, match="meanwhile"):
        moderating.publish(review)  # what she read was changed
    moderating.publish(Review.objects.get())
    with pytest.raises(moderating.AlreadyDone):
        moderating.publish(Review.objects.get())


def test_being_told_twice_is_one_invitation_and_an_unused_link_lives_longer(mug):
    row = invited(mug)
    ReviewInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert invited(mug) == row and say(mug, token=token_of(row))
    used = ReviewInvitation.objects.get().expires_at
    assert invited(mug).expires_at == used
    assert Event.objects.filter(name="review_invitation.made").count() == 1


def test_events_hold_nothing_personal(mug):
    invited(mug)
    review = say(mug, user=ada())
    moderating.refuse(review, reason="abusive", note="Names Eve.", by=grace())
    told = " ".join(str(data) for data in Event.objects.values_list("data", flat=True))
    assert "ada" not in told.lower() and "Eve" not in told


def test_a_vote_counts_once_and_only_what_is_shown_can_be_voted_for(mug):
    review = Review.objects.create(product=mug, stars=5, author="Ada", status="published")
    ballot = voting.draw_ballot()
    assert voting.vote(review, ballot=ballot) and not voting.vote(review, ballot=ballot)
    assert voting.vote(review, ballot=voting.draw_ballot())
    review.refresh_from_db()
    assert review.helpful == 2 == HelpfulVote.objects.count()
    hidden = Review.objects.create(product=mug, stars=5, author="Eve")
    with pytest.raises(voting.NotShown):
        voting.vote(hidden, ballot=ballot)
    assert not any(integrity.run(["C07"]).values())
    Review.objects.filter(pk=review.pk).update(helpful=7)
    assert integrity.run(["C07"])["C07-helpful"]


def test_two_votes_of_one_visitor_cannot_be_told_to_be_his(mug):
    ballot = voting.draw_ballot()
    for stars in (4, 5):
        review = Review.objects.create(product=mug, stars=stars, author="Ada", status="published")
        voting.vote(review, ballot=ballot)
    first, second = HelpfulVote.objects.values_list("voter", flat=True)
    assert first != second and ballot not in (first, second)


def vote_together(monkeypatch, *, guarded, voices=4):
    """One visitor presses several times at once; returns how many were counted, and how many are shown."""
    product = make_variant().product
    review = Review.objects.create(product=product, stars=5, author="Ada", status="published")
    ready = threading.Barrier(voices)
    if not guarded:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE catalog_helpfulvote DROP CONSTRAINT helpful_vote_once")

    def look_first(review, voter):
        known = HelpfulVote.objects.filter(review=review, voter=voter).exists()
        ready.wait(5)
        if not known or guarded:
            return (
                HelpfulVote.objects.get_or_create(review=review, voter=voter)[1]
                if guarded
                else bool(HelpfulVote.objects.create(review=review, voter=voter))
            )
        return False

    monkeypatch.setattr(voting, "_cast", look_first)

    def press():
        try:
            voting.vote(review, ballot="the same")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _voice in range(voices)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    review.refresh_from_db()
    return HelpfulVote.objects.count(), review.helpful


@pytest.mark.django_db(transaction=True)
def test_one_visitor_who_presses_four_times_at_once_counts_once(monkeypatch):
    assert vote_together(monkeypatch, guarded=True) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_unique_row_he_would_count_four_times(monkeypatch):
    try:
        assert vote_together(monkeypatch, guarded=False) == (4, 4)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE catalog_helpfulvote")
            cursor.execute(
                "ALTER TABLE catalog_helpfulvote ADD CONSTRAINT helpful_vote_once UNIQUE (review_id, voter)"
            )


def test_every_event_of_reviews_is_known_to_those_who_react():
    names = ["review.written", "review.edited", "review.published", "review.refused", "review.answered"]
    assert all(name in events._reactions for name in [*names, "review_invitation.made"])
