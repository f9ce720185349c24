"""Guests who sell here in their own name. One who no longer does keeps its page and its orders; its staff gets in no more,
and its products go off sale."""

from typing import Any

from django.db import transaction

from shop.accounts.models import Seller
from shop.core import events


@transaction.atomic
def close(seller: Seller, *, by: Any = None) -> None:
    """It sells here no longer. Harmless twice."""
    if Seller.objects.filter(pk=seller.pk, is_active=True).update(is_active=False):
        events.record("seller.closed", seller, by=by)
    seller.refresh_from_db()


@transaction.atomic
def reopen(seller: Seller, *, by: Any = None) -> None:
    """It may sell here again; what went off sale is published by hand. Harmless twice."""
    if Seller.objects.filter(pk=seller.pk, is_active=False).update(is_active=True):
        events.record("seller.reopened", seller, by=by)
    seller.refresh_from_db()
