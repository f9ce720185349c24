"""Changing many products: which ones, what, a look at what would come of it, doing it, and taking it back."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from catalog.bulk import running
from catalog.bulk.changes import CHANGES, Plan
from catalog.bulk.forms import ChangeForm
from catalog.models import BulkEdit, BulkEditItem
from shop.core.admin.bases import site
from shop.core.admin.work import Step, WorkAdmin, checked
from shop.core.errors import Refused

PER_PAGE = 50
COLORS = {"chosen": "warning", "running": "info", "done": "success", "undoing": "info", "undone": ""}
Status, Outcome = BulkEdit.Status, BulkEditItem.Outcome


@admin.register(BulkEdit, site=site)
class BulkEditAdmin(WorkAdmin):
    seller_path = "seller"
    page = "admin/catalog/bulk_edit.html"
    steps = ["start", "undo"]
    list_display = ["shown_what", "state", "item_count", "started_by", "created_at"]
    list_select_related = ["started_by"]

    @display(description=gettext_lazy("what changes"), ordering="what")
    def shown_what(self, bulk_edit):
        return CHANGES[bulk_edit.what].label if bulk_edit.what else _("not said yet")

    @display(description=gettext_lazy("status"), ordering="status", label=COLORS)
    def state(self, bulk_edit):
        return bulk_edit.status, bulk_edit.get_status_display()

    def next_steps(self, request, bulk_edit):
        if bulk_edit.status != Status.DONE or not bulk_edit.items.filter(outcome=Outcome.CHANGED).exists():
            return []
        sure = _("What somebody has changed since stays as it is.")
        return [Step("undo", _("Undo"), confirm=sure)]

    def page_context(self, request, bulk_edit):
        if bulk_edit.status == Status.CHOSEN:
            return self._asking(request, bulk_edit) | {"may_act": self.may_act(request)}
        return self._told(request, bulk_edit)

    def start(self, request, bulk_edit):
        what = request.POST.get("what", "")
        if what not in CHANGES:
            raise Refused(_("Say what is to change."))
        given = checked(ChangeForm(request.POST, what=what)).given()
        running.start(bulk_edit, what=what, given=given, by=request.user)
        return self._worked(bulk_edit, _("Done. You may undo it here."))

    def undo(self, request, bulk_edit):
        running.undo(bulk_edit, by=request.user)
        return self._worked(bulk_edit, _("Undone."))

    def _worked(self, bulk_edit: BulkEdit, words: str) -> str:
        """A few at once; many are a worker's."""
        if bulk_edit.item_count > running.AT_ONCE:
            return _("It has begun. You may leave this page.")
        running.work(bulk_edit)
        return words

    def _asking(self, request, bulk_edit) -> dict:
        what = request.GET.get("what", "")
        kinds = [(name, change.label, name == what) for name, change in CHANGES.items()]
        if what not in CHANGES:
            return {"kinds": kinds}
        form = ChangeForm(request.GET if "preview" in request.GET else None, what=what)
        found = {"kinds": kinds, "what": what, "what_label": CHANGES[what].label, "form": form}
        if form.is_bound and form.is_valid():
            found |= self._preview(request, bulk_edit, what, form.given())
            found["typed"] = [(name, form.data.get(name, "")) for name in form.fields]
        return found

    def _preview(self, request, bulk_edit, what: str, given: dict) -> dict:
        items = bulk_edit.items.order_by("pk")
        page = _page(request, items, bulk_edit.item_count)
        looked_at = running.preview(items[: running.AT_ONCE], what=what, given=given)
        rows = running.preview(page.object_list, what=what, given=given)
        return {
            "rows": [_row(plan, what) for plan in rows],
            "page": page,
            "looked_at": len(looked_at),
            "is_sample": bulk_edit.item_count > len(looked_at),
            "changing": sum(plan.before != plan.after for plan in looked_at),
            "wrong": sum(bool(plan.problem) for plan in looked_at),
            "query": _query_without_page(request),
        }

    def _told(self, request, bulk_edit) -> dict:
        numbers = running.counts(bulk_edit)
        chosen = request.GET.get("outcome", "")
        chosen = chosen if chosen in numbers else ""
        items = bulk_edit.items.select_related("product").order_by("pk")
        shown = items.filter(outcome=chosen) if chosen else items
        total = numbers[chosen] if chosen else bulk_edit.item_count
        page = _page(request, shown, total)
        left = numbers.get(Outcome.CHANGED if bulk_edit.status == Status.UNDOING else Outcome.OPEN, 0)
        change = CHANGES[bulk_edit.what]
        return {
            "what_label": change.label,
            "told": [
                (
                    item,
                    change.shown(item.before) if item.before is not None else "–",
                    change.shown(item.after) if item.after is not None else "–",
                )
                for item in page.object_list
            ],
            "page": page,
            "numbers": [(o.value, o.label, numbers[o.value]) for o in Outcome if numbers.get(o.value)],
            "chosen": chosen,
            "query": f"outcome={chosen}",
            "done": bulk_edit.item_count - left,
            "percent": 100 * (bulk_edit.item_count - left) // max(1, bulk_edit.item_count),
        }


def _page(request, rows, number):
    return Paginator(_Counted(rows, number), PER_PAGE).get_page(request.GET.get("page"))


class _Counted:
    """Rows whose number is known already, for a page of them."""

    def __init__(self, rows, number: int) -> None:
        self._rows, self._number = rows, number

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, part):
        return list(self._rows[part])


def _row(plan: Plan, what: str) -> dict:
    change = CHANGES[what]
    return {
        "product": plan.product,
        "before": change.shown(plan.before),
        "after": change.shown(plan.after),
        "is_changed": plan.before != plan.after,
        "problem": plan.problem,
    }


def _query_without_page(request) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
