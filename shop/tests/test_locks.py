import pytest
from django.db import transaction

from shop.core.locks import LockOrderBroken, lock


@pytest.fixture
def models():
    from catalog.models import StockItem
    from orders.models import Order

    return Order, StockItem


@pytest.mark.django_db(transaction=True)
def test_goes_up_in_rank_but_never_down(models):
    order, stock = models
    with transaction.atomic():
        list(lock(order.objects.all()))
        list(lock(stock.objects.all()))
    with pytest.raises(LockOrderBroken), transaction.atomic():
        list(lock(stock.objects.all()))
        list(lock(order.objects.all()))


@pytest.mark.django_db(transaction=True)
def test_a_new_transaction_starts_anew(models):
    order, stock = models
    with transaction.atomic():
        list(lock(stock.objects.all()))
    with transaction.atomic():
        list(lock(order.objects.all()))


@pytest.mark.django_db
def test_inside_a_test_each_operation_counts_as_a_transaction(models):
    order, stock = models
    with transaction.atomic():
        list(lock(stock.objects.all()))
    with transaction.atomic():
        list(lock(order.objects.all()))
    with pytest.raises(LockOrderBroken), transaction.atomic():
        with transaction.atomic():
            list(lock(stock.objects.all()))
        list(lock(order.objects.all()))
