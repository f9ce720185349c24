"""Rights to download: what was granted, how often it was fetched; renewed or withdrawn by staff."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from fulfillment import delivering
from fulfillment.models import DownloadGrant
from shop.core.admin.bases import site
from shop.core.admin.work import Step, WorkAdmin


@admin.register(DownloadGrant, site=site)
class DownloadGrantAdmin(WorkAdmin):
    page = "admin/fulfillment/download.html"
    seller_path = "order_line__variant__product__seller"
    steps = ["renew", "revoke"]
    list_display = ["order_line", "order", "state", "expires_at", "created_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["order_line__order__number", "order_line__order__email", "order_line__name"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_listing()

    @display(description=gettext_lazy("order"))
    def order(self, grant):
        return grant.order.number

    @display(
        description=gettext_lazy("state"),
        label={"open": "success", "ended": "warning", "withdrawn": "danger"},
    )
    def state(self, grant):
        if grant.revoked_at:
            return "withdrawn", _("withdrawn")
        return ("ended", _("ended")) if grant.is_expired else ("open", _("open"))

    def next_steps(self, request, grant):
        again = Step("renew", _("Renew"), confirm=_("The buyer may fetch everything anew."))
        gone = Step("revoke", _("Withdraw"), confirm=_("The buyer can no longer fetch it."))
        return [again] if grant.revoked_at else [again, gone]

    def page_context(self, request, grant):
        return {"files": grant.files.all()}

    def renew(self, request, grant):
        delivering.renew(grant, by=request.user)
        return _("Renewed.")

    def revoke(self, request, grant):
        delivering.revoke(grant, by=request.user)
        return _("Withdrawn.")
