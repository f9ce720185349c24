"""Where carriers tell us that a parcel moved. Answered before anything is done about it.

200: kept (or kept before). 400: not from the carrier, or unreadable. 5xx: could not be kept; the parcel is polled anyway.
"""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from checkout.carriers import WebhookRefused, carrier
from fulfillment import noticing
from shop.core.http import UnreadableBody, body_of, private

log = logging.getLogger(__name__)


@csrf_exempt
@private
@require_POST
def ups(request: HttpRequest) -> HttpResponse:
    return _heard(request, "ups")


@csrf_exempt
@private
@require_POST
def fedex(request: HttpRequest) -> HttpResponse:
    return _heard(request, "fedex")


def _heard(request: HttpRequest, code: str) -> HttpResponse:
    try:
        reports = carrier(code).parse_webhook(body_of(request), request.headers)
    except (WebhookRefused, UnreadableBody) as refusal:
        log.warning("a push of %s was refused: %s", code, refusal)
        return HttpResponse("refused\n", status=400, content_type="text/plain")
    noticing.keep(code, [report for report in reports if "\x00" not in report.tracking_number])
    return HttpResponse("kept\n", content_type="text/plain")
