"""Where Stripe tells us that something happened. Answered before anything is done about it.

200: kept (or kept before). 400: not from Stripe, too old, or from the other mode. 5xx: could not be kept, so Stripe tries
again for three days; nothing is ever answered 200 that is not in the database.
"""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from checkout.gateways import gateway_named
from checkout.gateways.base import NoticeRefused
from shop.core import inbox
from shop.core.http import private

MOST_BYTES = 512 * 1024
log = logging.getLogger(__name__)


@csrf_exempt
@private
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    if not settings.SHOP_STRIPE_SECRET_KEY:
        raise Http404("cards are not taken here")
    try:
        told = gateway_named("stripe").parse_event(
            _body(request), request.headers.get("Stripe-Signature", "")
        )
    except NoticeRefused as refusal:
        log.warning("a webhook was refused: %s", refusal)
        return HttpResponse("refused\n", status=400, content_type="text/plain")
    inbox.keep(
        "stripe",
        external_id=told.external_id,
        kind=told.kind,
        object_id=told.object_id,
        payload=told.payload,
        event="payment_notice.received",
        happened_at=told.happened_at,
    )
    return HttpResponse("kept\n", content_type="text/plain")


def _body(request: HttpRequest) -> bytes:
    """Raises NoticeRefused; never reads more than it will use."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if not 0 < length <= MOST_BYTES:
        raise NoticeRefused("no body, or one that is too long")
    return request.body
