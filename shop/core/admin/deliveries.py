"""What must still happen, and what failed too often: staff look at the reason and try again."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from shop.core import outbox
from shop.core.admin.bases import site
from shop.core.admin.work import Step, WorkAdmin
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
class DeliveryAdmin(WorkAdmin):
    page = "admin/core/delivery.html"
    steps = ["retry"]
    list_display = ["event_name", "reaction", "queue", "state", "attempts", "due_at", "last_error"]
    list_filter = [StateFilter, "queue"]
    search_fields = ["reaction", "event__name"]
    list_select_related = ["event"]
    ordering = ["-pk"]
    actions = ["retry_chosen"]

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

    def has_retry_permission(self, request):
        return self.may_act(request)

    @admin.action(description=gettext_lazy("Try again"), permissions=["retry"])
    def retry_chosen(self, request, queryset):
        parked = list(queryset.parked())
        for delivery in parked:
            outbox.retry(delivery, by=request.user)
        messages.success(request, _("%(count)s put back in the queue.") % {"count": len(parked)})

    def next_steps(self, request, delivery):
        return [Step("retry", _("Try again"))] if delivery.parked_at else []

    def page_context(self, request, delivery):
        return {"state": self.state(delivery)[1]}

    def retry(self, request, delivery):
        if delivery.parked_at:
            outbox.retry(delivery, by=request.user)
        return _("It is back in the queue.")
