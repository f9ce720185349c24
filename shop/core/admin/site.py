"""The sellers' own site: Unfold on Django's admin, signed in through the same door as everybody."""

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

# Unfold's menus evaluate their attributes and style inline; nothing is ever loaded from elsewhere.
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}


class SellersAdminSite(UnfoldAdminSite):
    name = "admin"
    index_title = _("Overview")

    def admin_view(self, view, cacheable=False):
        return csp_replace(POLICY)(super().admin_view(view, cacheable))

    def has_permission(self, request):
        """The staff of a seller who no longer sells here has nothing to do here."""
        seller = getattr(request.user, "seller", None)
        return super().has_permission(request) and (seller is None or seller.is_active)

    def login(self, request, extra_context=None):
        """Sign-in is allauth's, whose limits on guessing then hold for staff too."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))


site = SellersAdminSite()
