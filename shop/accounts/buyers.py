"""Who has bought how often (shop.accounts.models.Buyer). Orders tell it, so that nobody need know what an order is to ask."""

from django.db import connection

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
