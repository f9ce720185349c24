"""Photos, where no reverse proxy serves them. Private papers lie elsewhere (shop/core/storage.py)."""

from csp.decorators import csp_replace
from django.conf import settings
from django.views.static import serve as serve_file


@csp_replace({"default-src": ["'none'"], "sandbox": True})
def serve(request, path):
    """File names of photos are never used twice, so browsers may keep them for good."""
    response = serve_file(request, path, document_root=settings.MEDIA_ROOT)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
