from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from orders.access import order_for
from orders.documents import issue_receipt
from orders.models import Document
from orders.showing import has_receipt
from shop.core.http import private


@private
@require_safe
def show(request: HttpRequest, number: str, kind: str) -> Any:
    """The paper as it was issued, for whoever may see the order; drawn now if the worker has not come to it yet."""
    order = order_for(request, number)
    if kind != Document.Kind.RECEIPT or not has_receipt(order):
        raise Http404("no such paper")
    document = issue_receipt(order)
    return FileResponse(
        document.file.open("rb"), filename=f"{document.name}.pdf", content_type="application/pdf"
    )
