"""What customers of the demo shop have said: reviews and questions, as old as the data says."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from catalog import refreshing, voting
from catalog.models import HelpfulVote, Product, Question, Review
from shop.demo.catalogue import read


@transaction.atomic
def load() -> dict[str, int]:
    """{what: how many there are now}. What is there already keeps its age."""
    products = {product.slug: product for product in Product.objects.all()}
    for row in read("reviews")["reviews"]:
        _review(products[row["product"]], row)
    for row in read("questions")["questions"]:
        _question(products[row["product"]], row)
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
