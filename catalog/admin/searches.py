"""What customers search for, and which words the shop takes for the same."""

from datetime import timedelta
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet, Sum
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import SearchedTerm, Synonym
from shop.core import keeping
from shop.core.admin.bases import ReadOnlyAdmin, ShopAdmin, site

DAYS = (7, 30, 90)
ROWS = 50


class SynonymForm(forms.ModelForm):
    def _get_validation_exclusions(self):
        """Words are compared as the model cleans them, so also with what is there already."""
        return super()._get_validation_exclusions() - {"word"}


@admin.register(Synonym, site=site)
class SynonymAdmin(ShopAdmin):
    form = SynonymForm
    list_display = ["word", "also_finds", "is_two_way"]
    search_fields = ["word"]
    fields = ["word", "others", "is_two_way"]

    @admin.display(description=gettext_lazy("also finds"))
    def also_finds(self, synonym):
        return ", ".join(synonym.others)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        keeping.forget("lists")


@admin.register(SearchedTerm, site=site)
class SearchedTermAdmin(ReadOnlyAdmin):
    """A report, not a list: what was searched for most, and what found nothing."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        days = next((number for number in DAYS if str(number) == request.GET.get("days")), 30)
        since = timezone.localdate() - timedelta(days=days - 1)
        terms = SearchedTerm.objects.filter(day__gte=since).values("term", "language").order_by()
        sums = terms.annotate(times=Sum("searches"), found=Max("hits"), last=Max("day"))
        may_add = request.user.has_perm("catalog.add_synonym")
        context = site.each_context(request) | {
            "title": _("Searches"),
            "opts": SearchedTerm._meta,
            "choices": [(number, number == days) for number in DAYS],
            "most": _rows(sums.filter(found__gt=0), may_add=False),
            "nothing": _rows(sums.exclude(found__gt=0), may_add=may_add),
        }
        return TemplateResponse(request, "admin/catalog/searches.html", context)


def _rows(sums: QuerySet, *, may_add: bool) -> list[dict]:
    rows = list(sums.order_by("-times", "term")[:ROWS])
    for row in rows:
        row["url"] = f"{reverse('catalog:search')}?{urlencode({'q': row['term']})}"
        if may_add:
            row["mend_url"] = f"{reverse('admin:catalog_synonym_add')}?{urlencode({'word': row['term']})}"
    return rows
