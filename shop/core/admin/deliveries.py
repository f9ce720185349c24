"""What must still happen, and what failed too often: staff look at the reason and try again."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from shop.core import outbox
from shop.core.admin.bases import ReadOnlyAdmin, site
from shop.core.http import see_other
from shop.core.models import Delivery


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("state"), "state"

    def lookups(self, request, model_admin):
        return [("open", _("Waiting")), ("parked", _("Parked")), ("done", _("Done"))]

    def queryset(self, request, queryset):
        match self.value():
            case "open":
                return queryset.open()
            case "parked":
                return queryset.parked()
            case "done":
                return queryset.filter(done_at__isnull=False)
        return queryset


@admin.register(Delivery, site=site)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["event_name", "reaction", "queue", "state", "attempts", "due_at", "last_error"]
    list_filter = [StateFilter, "queue"]
    search_fields = ["reaction", "event__name"]
    list_select_related = ["event"]
    ordering = ["-pk"]
    actions = ["retry_chosen"]
    actions_detail = ["retry_one"]

    @display(description=gettext_lazy("event"))
    def event_name(self, delivery):
        return delivery.event.name

    @display(
        description=gettext_lazy("state"),
        label={"waiting": "info", "parked": "danger", "done": "success"},
    )
    def state(self, delivery):
        word = "done" if delivery.done_at else "parked" if delivery.parked_at else "waiting"
        return word, {"done": _("done"), "parked": _("parked"), "waiting": _("waiting")}[word]

    @admin.action(description=gettext_lazy("Try again"), permissions=["view"])
    def retry_chosen(self, request, queryset):
        tried = [outbox.retry(delivery, by=request.user) for delivery in queryset.parked()]
        messages.success(request, _("%(count)s put back in the queue.") % {"count": len(tried)})

    @action(description=gettext_lazy("Try again"), permissions=["view"])
    def retry_one(self, request, object_id):
        delivery = self.get_object(request, object_id)
        if delivery.parked_at:
            outbox.retry(delivery, by=request.user)
            messages.success(request, _("It is back in the queue."))
        return see_other("admin:core_delivery_change", object_id)
