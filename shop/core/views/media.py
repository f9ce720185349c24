"""Photos, where no reverse proxy serves them. Private papers lie elsewhere (shop/core/storage.py)."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.static import serve as serve_file

from shop.core.http import content_policy


@content_policy({"default-src": ["'none'"], "sandbox": True})
def serve(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    """File names of photos are never used twice, so browsers may keep them for good."""
    response = serve_file(request, path, document_root=str(settings.MEDIA_ROOT))
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
