"""Thin doors for workers. Each takes the id of an event's subject and may run twice."""

from celery import shared_task
from django.conf import settings

from catalog import feeding, photographing, preordering, recommending
from catalog.bulk import running
from catalog.context import forget_menu
from catalog.finding import refreshing, tallying
from catalog.importing import running as importing
from catalog.models import (
    BulkEdit,
    Category,
    ImportRun,
    Photo,
    PhotoImport,
    Product,
    Question,
    Review,
    Variant,
)
from catalog.photos import collecting, files
from catalog.prices import repricing
from catalog.products import bundling, documenting, guides, owning, scheduling
from catalog.recommendations import remembering
from catalog.voices import asking
from shop.core import keeping


@shared_task
def refresh_product(product_id: int) -> None:
    refreshing.refresh([product_id])


@shared_task
def stop_overdue_preorders() -> int:
    return preordering.stop_overdue()


@shared_task
def reprice_sets_with(product_id: int) -> None:
    for product in Product.objects.filter(pk=product_id):
        refreshing.refresh(bundling.reprice_with(product))


@shared_task
def refresh_product_of_variant(variant_id: int) -> None:
    refreshing.refresh(Variant.objects.filter(pk=variant_id).values_list("product_id", flat=True))


@shared_task
def refresh_product_of_question(question_id: int) -> None:
    refreshing.refresh(Question.objects.filter(pk=question_id).values_list("product_id", flat=True))


@shared_task(lane="mail")
def send_answer(question_id: int) -> None:
    for question in Question.objects.filter(pk=question_id).select_related("product"):
        asking.send_answer(question)


@shared_task
def forget_askers() -> int:
    return asking.forget_addresses()


@shared_task
def refresh_product_of_review(review_id: int) -> None:
    refreshing.refresh(Review.objects.filter(pk=review_id).values_list("product_id", flat=True))


@shared_task
def refresh_products_of_attribute(attribute_id: int) -> None:
    """Its name, unit, kind and choices show on every product that has a value of it."""
    guides.forget()
    having = Product.objects.filter(attributes__attribute=attribute_id).values_list("pk", flat=True)
    refreshing.refresh(having)


@shared_task
def refresh_products_of_type(type_id: int) -> None:
    """Which attributes apply, shows on every product of the type."""
    refreshing.refresh(Product.objects.filter(type=type_id).values_list("pk", flat=True))


@shared_task
def refresh_products_of_seller(seller_id: int) -> None:
    """Its name shows on every product that it sells."""
    refreshing.refresh(Product.objects.filter(seller=seller_id).values_list("pk", flat=True))


@shared_task
def retract_products_of_seller(seller_id: int) -> None:
    owning.retract(seller_id)


@shared_task
def refresh_products_of_category(category_id: int) -> None:
    """Of all branches below too: names and places of a branch show on every product in it, and in every page's menu."""
    forget_menu()
    keeping.forget(keeping.EVERYTHING)
    for category in Category.objects.filter(pk=category_id):
        below = Category.objects.filter(path__startswith=category.path)
        refreshing.refresh(Product.objects.filter(categories__in=below).values_list("pk", flat=True))


@shared_task
def refresh_products_of_price_list(price_list_id: int) -> None:
    """Also of a list that is gone: rows remember which list priced them."""
    repricing.refresh_reach(price_list_id)


@shared_task
def carry_out_schedule() -> int:
    return scheduling.carry_out()


@shared_task
def turn_price_lists() -> int:
    return repricing.turn_lists()


@shared_task(lane="media")
def make_renditions(photo_id: int) -> None:
    """Of a photo that is still there; then its product's card may name them."""
    for photo in Photo.objects.filter(pk=photo_id):
        photographing.make_renditions(photo)
        if photo.product_id:
            refreshing.refresh([photo.product_id])


@shared_task(lane="media")
def fetch_photo(photo_import_id: int) -> None:
    for wanted in PhotoImport.objects.filter(pk=photo_import_id).select_related("product"):
        collecting.collect(wanted)


@shared_task(lane="media")
def sweep_photo_files() -> int:
    return files.sweep() + documenting.sweep()


@shared_task
def refresh_sold() -> int:
    return refreshing.refresh_sold()


@shared_task
def work_bulk_edit(bulk_edit_id: int) -> None:
    """For less than a lease of the outbox; what is left then is asked for again."""
    for one in BulkEdit.objects.filter(pk=bulk_edit_id):
        running.go_on(one)


@shared_task
def work_import(run_id: int) -> None:
    """For less than a lease of the outbox; what is left then is asked for again."""
    for run in ImportRun.objects.filter(pk=run_id):
        importing.go_on(run)


@shared_task(time_limit=4 * 3600)  # a million products take a while
def build_feeds() -> None:
    for code, _name in settings.LANGUAGES:
        feeding.build(code)
    feeding.drop_old()


@shared_task
def write_down_searches() -> int:
    return tallying.write_down()


@shared_task
def forget_old_searches() -> int:
    return tallying.forget_old()


@shared_task(time_limit=4 * 3600)
def recommend() -> None:
    recommending.recommend()


@shared_task
def forget_old_looks() -> int:
    return remembering.forget_old()
