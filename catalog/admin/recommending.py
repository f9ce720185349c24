"""What the shop recommends, and a seller's word against it."""

from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog import recommending
from catalog.models import Recommendation, Veto
from shop.core.admin.bases import ReadOnlyAdmin, ShopAdmin, site


@admin.register(Recommendation, site=site)
class RecommendationAdmin(ReadOnlyAdmin):
    list_display = ["product", "other", "kind", "position", "support"]
    list_display_links = None
    empty_words = gettext_lazy("A worker finds every night what is bought together and what is alike.")
    list_filter = ["kind"]
    list_select_related = ["product", "other"]
    search_fields = ["product__name", "other__name"]
    actions = ["never_beside", "never_at_all"]

    @admin.action(description=gettext_lazy("Never show these two beside each other"), permissions=["veto"])
    def never_beside(self, request, queryset):
        for one in queryset.select_related("product", "other"):
            recommending.veto(one.product, other=one.other, by=request.user)
        messages.success(request, _("They are no longer shown beside each other."))

    @admin.action(description=gettext_lazy("Never recommend the second one at all"), permissions=["veto"])
    def never_at_all(self, request, queryset):
        for one in queryset.select_related("other"):
            recommending.veto(one.other, by=request.user)
        messages.success(request, _("They are no longer recommended."))

    def has_veto_permission(self, request):
        return request.user.has_perm("catalog.add_veto")


@admin.register(Veto, site=site)
class VetoAdmin(ShopAdmin):
    """Taken back by deleting it: the next night may recommend again."""

    list_display = ["product", "other", "created_at"]
    list_select_related = ["product", "other"]
    search_fields = ["product__name", "other__name"]
    autocomplete_fields = ["product", "other"]
    fields = ["product", "other"]

    def has_change_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        recommending.drop_vetoed(obj, by=request.user)
