"""Files of products, in and out: what a file holds, what it would change, how far it is, what was left out and why."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from catalog.exporting import TABLES, export
from catalog.importing import reporting, running
from catalog.importing.formats import FORMATS
from catalog.importing.forms import UploadForm
from catalog.models import ImportItem, ImportRun, PhotoImport
from shop.core.admin.bases import site
from shop.core.admin.scoping import seller_of
from shop.core.admin.work import Step, WorkAdmin
from shop.core.http import see_other

Status = ImportRun.Status
PER_PAGE = 50
PROBLEMS = 100
COLORS = {Status.DONE: "success", Status.FAILED: "danger", Status.CHECKING: "info", Status.IMPORTING: "info"}


@admin.register(ImportRun, site=site)
class ImportRunAdmin(WorkAdmin):
    seller_path = "seller"
    page = "admin/catalog/import.html"
    steps = ["try_out", "start", "stop"]
    list_before_template = "admin/catalog/import_list.html"
    list_display = ["name", "state", "shown_format", "item_count", "created_at"]
    search_fields = ["name"]
    exclude = ["started_by"]

    def has_add_permission(self, request):
        return request.user.has_perm("catalog.add_importrun")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("export/<slug:format>/", wrap(self.export_view), name="catalog_importrun_export"),
            path("<int:pk>/problems.csv", wrap(self.problems_view), name="catalog_importrun_problems"),
        ]
        return [*own, *super().get_urls()]

    @display(description=gettext_lazy("status"), ordering="status", label=COLORS)
    def state(self, run):
        return run.status, run.get_status_display()

    @display(description=gettext_lazy("format"), ordering="format")
    def shown_format(self, run):
        return FORMATS[run.format].label

    def changelist_view(self, request, extra_context=None):
        formats = [(code, FORMATS[code].label) for code in TABLES] if self.has_add_permission(request) else []
        return super().changelist_view(request, {"export_formats": formats} | (extra_context or {}))

    def add_view(self, request, form_url="", extra_context=None):
        """The file comes in; nothing happens with it yet."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, seller=seller_of(request))
        if request.method == "POST" and form.is_valid():
            run = form.keep(by=request.user)
            if run:
                return see_other(self.url_of(run))
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Import products")}
        return TemplateResponse(request, "admin/catalog/import_upload.html", context | {"form": form})

    def export_view(self, request, format):
        """All products, written while they are sent."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        pieces = export(format if format in TABLES else "till", seller=seller_of(request))
        return _download(pieces, f"products-{format}-{localdate():%Y-%m-%d}.csv")

    def problems_view(self, request, pk):
        run = self._found(request, pk)
        return _download(reporting.problems_csv(run), f"import-{run.pk}-problems.csv")

    def next_steps(self, request, run) -> list[Step]:
        match run.status:
            case Status.UPLOADED:
                return [Step("try_out", _("Try it out")), Step("start", _("Import at once"))]
            case Status.CHECKED:
                return [Step("start", _("Import")), Step("try_out", _("Try it out again"))]
            case Status.CHECKING | Status.IMPORTING:
                return [Step("stop", _("Stop"), confirm=_("What is written stays. You can go on later."))]
            case Status.STOPPED | Status.FAILED:
                return [Step("start", _("Go on"))]
        return []

    def page_context(self, request, run):
        chosen = request.GET.get("outcome", "")
        counts = reporting.counts(run)
        done = sum(counts.values())
        found = list(reporting.problems(run, limit=PROBLEMS + 1))
        return {
            "format_label": FORMATS[run.format].label,
            "used": [(header, field) for header, field in run.columns if field],
            "ignored": [header for header, field in run.columns if header and not field],
            "counts": [(outcome, outcome.label, number) for outcome, number in counts.items()],
            "chosen": chosen,
            "done": done,
            "percent": 100 * done // run.item_count if run.item_count else 0,
            "is_dry": reporting.last_pass(run) == "planned",
            "problems": found[:PROBLEMS],
            "has_more_problems": len(found) > PROBLEMS,
            "page": Paginator(_Counted(reporting.items(run, chosen), counts, chosen), PER_PAGE).get_page(
                request.GET.get("page")
            ),
            "photos_waiting": _photos_waiting(run),
        }

    def try_out(self, request, run):
        running.check(run, by=request.user)
        return _("It is being tried out. Nothing is written.")

    def start(self, request, run):
        running.start(run, by=request.user)
        return _("The import has begun. You may leave this page.")

    def stop(self, request, run):
        running.stop(run, by=request.user)
        return _("Stopped.")


class _Counted:
    """Items whose number is known already, for a page of them."""

    def __init__(self, items, counts: dict, chosen: str) -> None:
        self._items = items
        numbers = {outcome.value: number for outcome, number in counts.items()}
        self._number = numbers.get(chosen, sum(numbers.values()))

    def __len__(self) -> int:
        return self._number

    def __getitem__(self, part):
        return list(self._items[part])


def _photos_waiting(run: ImportRun) -> int:
    """How many pictures of its products are still to be fetched."""
    if run.status != Status.DONE:
        return 0
    products = ImportItem.objects.filter(run=run, product__isnull=False).values("product")
    return PhotoImport.objects.filter(status=PhotoImport.Status.WAITING, product__in=products).count()


def _download(pieces, name: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        pieces,
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
