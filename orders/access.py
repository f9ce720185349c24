"""Who may see an order: its owner when signed in, and whoever came by its link. Everybody else is told that there is none.

The link in a mail carries the order's token; following it opens the order for this session. Placing an order opens it for
the session in which it was placed. Staff read orders in the admin, not here.
"""

from django.http import Http404, HttpRequest

from orders.models import Order

KEY = "orders"
MOST = 20  # the latest ones that a session keeps open


def order_for(request: HttpRequest, number: str) -> Order:
    """Raises Http404."""
    order = Order.objects.filter(number=number).first() if "\x00" not in number else None
    if order is None or not may_see(request, order):
        raise Http404("no such order")
    return order


def may_see(request: HttpRequest, order: Order) -> bool:
    user = request.user
    if user.is_authenticated and order.user_id is not None and order.user_id == user.pk:
        return True
    return order.pk in _opened(request)


def grant(request: HttpRequest, order: Order) -> None:
    """Open the order for this session."""
    kept = [pk for pk in _opened(request) if pk != order.pk]
    request.session[KEY] = [*kept, order.pk][-MOST:]


def order_by_token(token: str) -> Order | None:
    return Order.objects.filter(token=token).first() if token else None


def _opened(request: HttpRequest) -> list[int]:
    opened = request.session.get(KEY, [])
    return opened if isinstance(opened, list) else []
