"""The inbox: what waits for us comes first; a page shows the conversation and takes the answer."""

from django.contrib import admin
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from shop.core.admin.bases import site
from shop.core.admin.work import Pile, PileFilter, Step, WorkAdmin, checked
from shop.core.events import timeline_of
from shop.core.models import Message
from support import helping
from support.forms import NoteForm, StaffReplyForm
from support.models import Ticket

Status = Ticket.Status


@admin.register(Ticket, site=site)
class TicketAdmin(WorkAdmin):
    page = "admin/support/ticket.html"
    steps = ["reply", "note", "close", "reopen"]
    list_display = ["number", "state", "topic", "customer", "order", "excerpt", "message_count", "updated_at"]
    list_filter = [PileFilter, "topic"]
    search_fields = ["number", "email", "name", "order__number", "claimed_order"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_listing()

    def piles(self):
        return [
            Pile("open", _("Waits for us"), (Status.OPEN,), urgent=True),
            Pile("answered", _("Waits for the customer"), (Status.ANSWERED,)),
            Pile("closed", _("Closed"), (Status.CLOSED,)),
            Pile("all", _("All"), tuple(Status.values)),
        ]

    @display(
        description=gettext_lazy("status"),
        ordering="status",
        label={Status.OPEN: "warning", Status.ANSWERED: "success", Status.CLOSED: ""},
    )
    def state(self, ticket):
        return ticket.status, ticket.get_status_display()

    @display(description=gettext_lazy("customer"), ordering="email")
    def customer(self, ticket):
        return f"{ticket.name} <{ticket.email}>" if ticket.name else ticket.email

    @display(description=gettext_lazy("last words"))
    def excerpt(self, ticket):
        return Truncator(" ".join((ticket.last_words or "").split())).chars(80)

    @display(description=gettext_lazy("messages"), ordering="message_count")
    def message_count(self, ticket):
        return ticket.message_count

    def next_steps(self, request, ticket):
        steps = [Step("reply", _("Send answer"), form="reply")]
        if ticket.can_move_to(Status.CLOSED):
            steps.append(Step("close", _("Close")))
        if ticket.status == Status.CLOSED:
            steps.append(Step("reopen", _("Open again")))
        return steps

    def page_context(self, request, ticket):
        said = list(ticket.messages.select_related("author"))
        seen = max((message.pk for message in said if not message.is_internal), default=0)
        others = Ticket.objects.filter(email__iexact=ticket.email).exclude(pk=ticket.pk)[:5]
        mails = Message.objects.filter(subject_type="support.ticket", subject_id=ticket.pk)[:10]
        return {
            "said": said,
            "reply_form": StaffReplyForm(initial={"seen": seen}, auto_id="reply_%s"),
            "note_form": NoteForm(auto_id="note_%s"),
            "others_of_customer": others,
            "mails": mails,
        }

    def timeline(self, ticket):
        return timeline_of(ticket, *ticket.messages.filter(is_from_shop=True))

    def reply(self, request, ticket):
        given = checked(StaffReplyForm(request.POST)).cleaned_data
        helping.reply(ticket, text=given["text"], seen=given["seen"], by=request.user)
        return _("Sent: the customer gets it by mail.")

    def note(self, request, ticket):
        helping.note(ticket, text=checked(NoteForm(request.POST)).cleaned_data["text"], by=request.user)
        return _("Noted. Only staff see it.")

    def close(self, request, ticket):
        helping.close(ticket, by=request.user)
        return _("Closed.")

    def reopen(self, request, ticket):
        helping.reopen(ticket, by=request.user)
        return _("It is open again.")
