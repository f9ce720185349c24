"""What payment providers and carriers told us, and what became of it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from shop.core.admin.bases import ReadOnlyAdmin, site
from shop.core.models import Notice


@admin.register(Notice, site=site)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["kind", "provider", "object_id", "state", "outcome", "received_at", "processed_at"]
    list_filter = ["provider", "status", "kind"]
    search_fields = ["object_id", "external_id"]

    @display(
        description=_("status"),
        label={"pending": "info", "applied": "success", "ignored": "", "unmatched": "warning"},
    )
    def state(self, notice):
        return notice.status, notice.get_status_display()
