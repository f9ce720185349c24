"""Every mail the shop has sent, as it was; what would let somebody in shows as hidden."""

from csp.decorators import csp_replace
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from shop.core import mail
from shop.core.admin.bases import ReadOnlyAdmin, site
from shop.core.models import Message

# A stored mail is shown in a frame of its own that may run nothing and load only the shop's own pictures.
MAIL_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "frame-ancestors": ["'self'"],
    "sandbox": True,
}


@admin.register(Message, site=site)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["subject", "to", "name", "state", "created_at", "sent_at"]
    list_filter = ["status", "name"]
    search_fields = ["to", "subject"]
    date_hierarchy = "created_at"
    fields = [
        "subject",
        "to",
        "name",
        "language",
        "status",
        "created_at",
        "sent_at",
        "shown_html",
        "shown_text",
    ]
    readonly_fields = ["shown_html", "shown_text"]

    @display(description=_("status"), label={"queued": "info", "sent": "success", "refused": "danger"})
    def state(self, message):
        return message.status, message.get_status_display()

    @display(description=_("as the customer sees it"))
    def shown_html(self, message):
        url = reverse("admin:core_message_body", args=[message.pk])
        return format_html(
            '<iframe src="{}" title="{}" class="mail-body" width="640" height="640"></iframe>',
            url,
            message.subject,
        )

    @display(description=_("as plain text"))
    def shown_text(self, message):
        return format_html("<pre>{}</pre>", mail.shown(message.text))

    def get_urls(self):
        body = csp_replace(MAIL_POLICY)(
            self.admin_site.admin_view(self.body)
        )  # outside of the site's own policy
        return [path("<int:pk>/body/", body, name="core_message_body"), *super().get_urls()]

    def body(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        message = get_object_or_404(self.get_queryset(request), pk=pk)
        response = HttpResponse(mail.shown(message.html))
        response.xframe_options_exempt = True
        return response
