"""Who has bought how often (shop.accounts.models.Buyer). Orders tell it, so that nobody need know what an order is to ask."""

from django.db import connection
from django.db.models import F, Q

from shop.accounts.models import Buyer, CustomerGroup, User
from shop.core import clock


def normalise(email: str) -> str:
    """One spelling an inbox: lower case, without a "+tag"."""
    name, _, domain = email.strip().lower().rpartition("@")
    return f"{name.split('+')[0]}@{domain}"


def note_order(email: str, *, user=None) -> None:
    """Count one more order of this address."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO accounts_buyer (email, user_id, orders, first_order_at, last_order_at) VALUES (%s, %s, 1, %s, %s)
               ON CONFLICT (email) DO UPDATE SET orders = accounts_buyer.orders + 1,
               user_id = COALESCE(accounts_buyer.user_id, EXCLUDED.user_id), last_order_at = EXCLUDED.last_order_at""",
            [normalise(email), user and user.pk, clock.now(), clock.now()],
        )


def forget_order(email: str) -> None:
    """One order less: it was cancelled, or never paid."""
    Buyer.objects.filter(email=normalise(email), orders__gt=0).update(orders=F("orders") - 1)


def has_ordered(email: str = "", *, user_id: int | None = None) -> bool:
    """Whether this address or this person has ordered before."""
    mine = Q(email=normalise(email)) if email else Q()
    if user_id:
        mine |= Q(user=user_id)
    return bool(mine) and Buyer.objects.filter(mine, orders__gt=0).exists()


def groups_of(user_id: int) -> frozenset[int]:
    """The customer groups of a person."""
    return frozenset(CustomerGroup.objects.filter(members=user_id).values_list("pk", flat=True))


def email_of(user_id: int | None) -> str:
    return User.objects.filter(pk=user_id).values_list("email", flat=True).first() or "" if user_id else ""
