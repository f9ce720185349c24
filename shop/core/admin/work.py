"""Screens for work: a list in tabs with their counts, and a page on which the next step is the one primary button.

A step is an operation of the domain, reached by POST. A refusal becomes a message; a step that is impossible in the
object's state is not offered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core.admin.bases import ReadOnlyAdmin
from shop.core.admin.scoping import CLOSED, SHARED, seller_of
from shop.core.errors import Refused
from shop.core.events import timeline_of
from shop.core.http import see_other
from shop.core.states import IllegalMove


@dataclass(frozen=True)
class Step:
    """What may be done with an object now. `confirm` is asked first; `form` names the page's part that has its fields;
    `url` is where it is posted, if not to this object's own step `name`."""

    name: str
    label: str
    confirm: str = ""
    form: str = ""
    url: str = ""


@dataclass(frozen=True)
class Pile:
    """Work in some statuses, as a tab of the list. An urgent one's count stands out."""

    name: str
    label: str
    statuses: tuple[str, ...]
    urgent: bool = False


class PileFilter(admin.SimpleListFilter):
    """Without a choice, the list shows the first pile."""

    title, parameter_name = gettext_lazy("pile"), "pile"

    def lookups(self, request, model_admin):
        return [(pile.name, pile.label) for pile in model_admin.piles()]

    def choices(self, changelist):
        return [choice for choice in super().choices(changelist) if choice["display"] != _("All")]

    def queryset(self, request, queryset):
        piles = {pile.name: pile for pile in self.piles}
        return queryset.filter(status__in=piles.get(self.value(), self.piles[0]).statuses)

    def __init__(self, request, params, model, model_admin):
        self.piles = model_admin.piles()
        super().__init__(request, params, model, model_admin)


def checked(form):
    """The form, if it is valid; else its errors as one refusal."""
    if not form.is_valid():
        told = [
            f"{form.fields[name].label}: {error}"
            if name in form.fields and form.fields[name].label
            else str(error)
            for name, errors in form.errors.items()
            for error in errors
        ]
        raise Refused(" ".join(told))
    return form


def in_words(name: str) -> str:
    """ "return_request.approved" → "Return request approved"."""
    return name.replace(".", " ").replace("_", " ").capitalize()


class WorkAdmin(ReadOnlyAdmin):
    """Subclasses name their `page`, their `steps` (methods taking request and object, returning what to tell), and tell
    in `next_steps` which of these the object offers: the first one is primary."""

    page = ""
    steps: list[str] = []
    seller_steps: list[str] | None = None  # those that a seller's staff may take; None: all
    list_before_template = "admin/work/tabs.html"
    list_per_page = 50
    actions: list[str] | None = None  # none that delete many at once

    def piles(self) -> list[Pile]:
        """The first one is shown when nothing is chosen; name PileFilter in `list_filter`."""
        return []

    def next_steps(self, request, work) -> list[Step]:
        return []

    def page_context(self, request, work) -> dict:
        return {}

    def timeline(self, work):
        """The events shown on the page."""
        return timeline_of(work)

    def may_act(self, request) -> bool:
        options = self.opts
        is_open = seller_of(request) is None or self.seller_path not in (CLOSED, SHARED)
        return is_open and bool(request.user.has_perm(f"{options.app_label}.change_{options.model_name}"))

    def url_of(self, work) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[work.pk])

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"work_tabs": self._tabs(request)} | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        work = self._found(request, object_id)
        steps = self._offered(request, work)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": work,
            "title": str(work),
            "is_fullwidth": "0",
            "steps": steps,
            "primary": steps[0] if steps else None,
            "others": steps[1:],
            "timeline": [(in_words(event.name), event) for event in self.timeline(work)],
            **self.page_context(request, work),
        }
        return TemplateResponse(request, self.page, context)

    def get_urls(self):
        model = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(self._door(name)), name=f"{model}_{name}")
            for name in self.steps
        ]
        return [*own, *super().get_urls()]

    def _tabs(self, request) -> list[dict]:
        """label, count, query, current, urgent; one query for all counts."""
        piles = self.piles()
        counts = (
            dict(
                self.scoped(request, self.model.objects.order_by())
                .values_list("status")
                .annotate(Count("pk"))
            )
            if piles
            else {}
        )
        chosen = request.GET.get("pile", piles[0].name if piles else "")
        return [
            {
                "label": pile.label,
                "count": sum(counts.get(status, 0) for status in pile.statuses),
                "query": f"?pile={pile.name}",
                "current": pile.name == chosen,
                "urgent": pile.urgent,
            }
            for pile in piles
        ]

    def may_take(self, request, name: str) -> bool:
        """Whether the step is his who asks."""
        is_his = seller_of(request) is None or self.seller_steps is None or name in self.seller_steps
        return is_his and self.may_act(request)

    def _offered(self, request, work) -> list[Step]:
        steps = self.next_steps(request, work) if self.may_act(request) else []
        return [step for step in steps if step.url or self.may_take(request, step.name)]

    def _door(self, name: str) -> Callable:
        def view(request, pk):
            return self._take(request, pk, name)

        return view

    def _take(self, request, pk: int, name: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        work = self._found(request, pk)
        if not self.may_take(request, name):
            raise PermissionDenied
        try:
            told = getattr(self, name)(request, work)
        except Refused as refusal:
            messages.error(request, refusal.message)
        except IllegalMove:
            messages.error(
                request, _("Somebody was faster: this is no longer possible. See what has changed.")
            )
        else:
            if isinstance(told, HttpResponse):
                return told
            messages.success(request, told)
        return see_other(self.url_of(work))

    def _found(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not str(pk).isdecimal():
            pk = 0
        return get_object_or_404(self.get_queryset(request), pk=pk)
