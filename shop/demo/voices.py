"""What customers of the demo shop have said: reviews and questions, as old as the data says."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from catalog import photographing, reviewing
from catalog.finding import refreshing
from catalog.models import HelpfulVote, Product, Question, Review
from catalog.voices import voting
from shop.demo import signins
from shop.demo.catalogue import read
from shop.demo.pictures import FOLDER


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}. What is there already keeps its age."""
    products = {product.slug: product for product in Product.objects.all()}
    for row in read("reviews")["reviews"]:
        _review(products[row["product"]], row)
    for row in read("questions")["questions"]:
        _question(products[row["product"]], row)
    _picture(products["contour-eleven"], "contour-eleven-2.webp")
    _waiting(products["contour-mug"])
    mug = products["contour-mug"].variants.earliest("position", "pk")
    reviewing.invite(mug, email=signins.SHOPPER.email, reference="the demo")
    refreshing.refresh(product.pk for product in products.values())
    return {"reviews": Review.objects.count(), "questions": Question.objects.count()}


def _review(product: Product, row: dict) -> None:
    review, is_new = Review.objects.get_or_create(
        product=product,
        author=row["author"],
        title=row["title"],
        defaults={
            "status": Review.Status.PUBLISHED,
            "stars": row["stars"],
            "text": row["text"],
            "is_verified": row["verified"],
            "helpful": row["helpful"],
            "replied_at": _ago(row["days_ago"]) if row["reply"] else None,
            "reply": row["reply"]["text"] if row["reply"] else "",
            "created_at": _ago(row["days_ago"]),
        },
    )
    if is_new:
        HelpfulVote.objects.bulk_create(
            HelpfulVote(review=review, voter=voting.draw_ballot()) for _vote in range(row["helpful"])
        )


def _picture(product: Product, name: str) -> None:
    """Beside the newest review of the product."""
    review = product.reviews.filter(status=Review.Status.PUBLISHED).latest("created_at")
    if not review.photos.exists():
        photographing.keep(_drawn(name), review=review, alt=f"Picture by {review.author}, who reviewed it")


def _waiting(product: Product) -> None:
    """One that nobody has read yet, so that there is something to do."""
    review, is_new = Review.objects.get_or_create(
        product=product,
        author="Jonas P.",
        title="Keeps its warmth",
        defaults={
            "stars": 5,
            "text": "Half an hour after pouring the tea is still warm, and the lines feel nice under the thumb.",
            "is_verified": True,
            "created_at": _ago(1),
        },
    )
    if is_new:
        photographing.keep(
            _drawn("contour-mug-2.webp"), review=review, alt="Picture by Jonas P., who reviewed it"
        )


def _drawn(name: str) -> photographing.Prepared:
    """A photo of the demo as a customer would send it."""
    return photographing.prepare_bytes((FOLDER / "photos" / name).read_bytes())


def _question(product: Product, row: dict) -> None:
    answer = row["answer"]
    Question.objects.get_or_create(
        product=product,
        text=row["question"],
        defaults={
            "asked_by": row["asked_by"],
            "created_at": _ago(row["days_ago"]),
            "answer": answer["text"],
            "answered_by": answer["author"],
            "answered_at": _ago(answer["days_ago"]),
        },
    )


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
