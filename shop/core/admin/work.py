"""Screens for work: a list in tabs with their counts, and a page on which the next step is the one primary button.

A step is an operation of the domain, reached by POST. A refusal becomes a message; a step that is impossible in the
object's state is not offered.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from shop.core.admin.bases import ReadOnlyAdmin
from shop.core.errors import Refused
from shop.core.events import timeline_of
from shop.core.http import see_other
from shop.core.states import IllegalMove


@dataclass(frozen=True)
class Step:
    """What may be done with an object now. `confirm` is asked first; `form` names the page's part that has its fields."""

    name: str
    label: str
    confirm: str = ""
    form: str = ""


def in_words(name: str) -> str:
    """ "return_request.approved" → "Return request approved"."""
    return name.replace(".", " ").replace("_", " ").capitalize()


class WorkAdmin(ReadOnlyAdmin):
    """Subclasses name their `page`, their `steps` (methods taking request and object, returning what to tell), and tell
    in `next_steps` which of these the object offers: the first one is primary."""

    page = ""
    steps: list[str] = []
    list_before_template = "admin/work/tabs.html"
    list_per_page = 50
    actions = None

    def tabs(self, request) -> list[dict]:
        """label, count, query ("?status=…"): the piles of work. The current one is found by its query."""
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
        return request.user.has_perm(f"{options.app_label}.change_{options.model_name}")

    def url_of(self, work) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[work.pk])

    def changelist_view(self, request, extra_context=None):
        here = request.GET.urlencode()
        tabs = [tab | {"current": tab["query"].lstrip("?") == here} for tab in self.tabs(request)]
        return super().changelist_view(request, {"work_tabs": tabs} | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        work = self._found(request, object_id)
        steps = self.next_steps(request, work) if self.may_act(request) else []
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

    def _door(self, name: str) -> Callable:
        def view(request, pk):
            return self._take(request, pk, name)

        return view

    def _take(self, request, pk: int, name: str) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        work = self._found(request, pk)
        if not self.may_act(request):
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
        if not str(pk).isdigit():
            pk = 0
        return get_object_or_404(self.get_queryset(request), pk=pk)
