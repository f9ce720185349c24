"""A product is on sale from the moment it is published until it goes back to draft or is retired.

What is published can be bought, so it needs at least one variant on sale. A retired product keeps its orders, reviews and
stock, and its page, which says that it is no longer sold; lists, search, feeds and the map for robots leave it out.
When both shall happen, a seller may say beforehand (catalog/products/scheduling.py).
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.products import filing, gift_asking
from shop.core import events
from shop.core.errors import Refused
from shop.core.states import IllegalMove


class NotReady(Refused):
    """Something is missing before the product can be sold."""


class WrongMoment(Refused):
    """The product is not in a state in which this can be done, or no longer."""


@transaction.atomic
def publish(product: Product, *, by=None) -> None:
    """Put it on sale. The moment of first publication stays. Raises NotReady, WrongMoment."""
    variants = product.variants.filter(is_active=True)
    if product.kind == Product.Kind.GIFT_CARD and (missing := gift_asking.check_ready(product)):
        raise NotReady(missing)
    if product.seller is not None and not product.seller.is_active:
        raise NotReady(_("%(seller)s no longer sells here.") % {"seller": product.seller})
    if not variants.exists():
        raise NotReady(_("Add a variant that is on sale before you publish %(name)s.") % {"name": product})
    if product.kind == Product.Kind.BUNDLE and variants.filter(parts=None).exists():
        raise NotReady(
            _("Say what every set of %(name)s consists of before you publish it.") % {"name": product}
        )
    if product.kind == Product.Kind.DIGITAL and (without := filing.lacking(product)):
        text = _("Add the file that buyers of %(sku)s get before you publish %(name)s.")
        raise NotReady(text % {"sku": without[0].sku, "name": product})
    _move(product, Product.Status.ACTIVE, published_at=Coalesce(F("published_at"), Now()), publish_at=None)
    events.record("product.published", product, by=by)


@transaction.atomic
def unpublish(product: Product, *, by=None) -> None:
    """Take it off sale to work on it. Raises WrongMoment."""
    _move(product, Product.Status.DRAFT, publish_at=None)
    events.record("product.unpublished", product, by=by)


@transaction.atomic
def retire(product: Product, *, by=None) -> None:
    """Take it off sale for good. Raises WrongMoment."""
    _move(product, Product.Status.RETIRED, publish_at=None, retire_at=None)
    events.record("product.retired", product, by=by)


def move_all(product_ids: Iterable[int], status: str) -> None:
    """Many at once, whatever they were: what goes on sale has something to sell, the caller saw to it. He also records
    what happened, and refreshes lists himself."""
    changes: dict[str, Any] = {"publish_at": None}
    if status == Product.Status.ACTIVE:
        changes["published_at"] = Coalesce(F("published_at"), Now())
    elif status == Product.Status.RETIRED:
        changes["retire_at"] = None
    Product.objects.filter(pk__in=list(product_ids)).update(status=status, **changes)


def _move(product: Product, status: str, **changes) -> None:
    try:
        product.move_to(status, **changes)
    except IllegalMove as error:
        raise WrongMoment(
            _("%(name)s is %(status)s; this cannot be done now.")
            % {"name": product, "status": product.get_status_display().lower()}
        ) from error
    product.refresh_from_db()
