from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from catalog import feeding
from catalog.models import Feed
from shop.core.storage import private


@require_safe
def show(request, name, ending) -> HttpResponseBase:
    """The newest build, whole. Who has it already is told so (304) without its being read."""
    feed = get_object_or_404(Feed, name=f"{name}.{ending}")
    etag, changed_at = f'"{feed.etag}"', int(feed.built_at.timestamp())
    kept = get_conditional_response(request, etag=etag, last_modified=changed_at)
    response: HttpResponseBase = kept or _whole(feed)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed_at)
    response["Cache-Control"] = "public, max-age=300"
    return response


def _whole(feed: Feed) -> FileResponse:
    try:
        return FileResponse(private().open(feed.file), content_type=feeding.content_type(feed.name))
    except FileNotFoundError as error:  # a restore without the files: the next build mends it
        raise Http404 from error
