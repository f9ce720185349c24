"""Who has proved that an address is his finds the orders that he placed with it as a guest.

Only a confirmed address joins anything, and only orders without an owner: an order is never taken from another account.
"""

from allauth.account.models import EmailAddress
from django.db import transaction

from orders.models import Order
from shop.accounts.models import User
from shop.core import events


@transaction.atomic
def join_orders(user: User) -> int:
    """How many orders came over. `user` is only asked about the addresses that allauth has confirmed."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    joined = 0
    for email in confirmed:
        for order in Order.objects.filter(user=None, email__iexact=email):
            if Order.objects.filter(pk=order.pk, user=None).update(user=user):
                events.record("order.joined", order, by=user)
                joined += 1
    return joined
