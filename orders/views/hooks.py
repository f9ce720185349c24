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
from shop.core.http import UnreadableBody, body_of, private

log = logging.getLogger(__name__)


@csrf_exempt
@private
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    if not settings.SHOP_STRIPE_SECRET_KEY:
        raise Http404("cards are not taken here")
    try:
        told = gateway_named("stripe").parse_event(
            body_of(request), request.headers.get("Stripe-Signature", "")
        )
    except (NoticeRefused, UnreadableBody) as refusal:
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
