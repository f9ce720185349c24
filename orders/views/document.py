from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from orders.access import order_for
from orders.documents import ensure_file
from orders.models import Document
from shop.core.http import private


@private
@require_safe
def show(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The paper as it was issued; only for who may see the order."""
    if kind not in Document.Kind.values:
        raise Http404("no such paper")
    order = order_for(request, number)
    document = ensure_file(get_object_or_404(Document, order=order, kind=kind))
    name = f"{document.name}.pdf"
    return FileResponse(
        document.file.open("rb"), as_attachment=False, filename=name, content_type="application/pdf"
    )
