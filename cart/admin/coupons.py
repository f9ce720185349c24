"""Codes: chosen by the seller one by one, or made in batches with their progress and their CSV."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from cart import making
from cart.models import Coupon, CouponBatch, CouponRedemption
from cart.promotion_form import BatchForm, CouponForm
from shop.core import csvio, events
from shop.core.admin.bases import ShopAdmin, TabularInline, site

AT_ONCE = 2 * making.STEP  # more is a worker's


class RedemptionInline(TabularInline):
    model = CouponRedemption
    fields = ["reference", "customer", "redeemed_at", "released_at"]
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Coupon, site=site)
class CouponAdmin(ShopAdmin):
    form = CouponForm
    list_display = ["code", "promotion", "batch", "used", "most", "most_each", "is_active", "ends_at"]
    list_select_related = ["promotion", "batch"]
    list_filter = ["is_active", ("promotion", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["code"]
    fields = [("code", "is_active"), "promotion", ("most", "most_each"), "ends_at", "used"]
    readonly_fields = ["used"]
    inlines = [RedemptionInline]

    def get_readonly_fields(self, request, obj=None):
        """What was printed and sent stays what it is."""
        return [*self.readonly_fields, *(["code", "promotion"] if obj else [])]

    def get_search_results(self, request, queryset, search_term):
        """As customers type them."""
        return super().get_search_results(request, queryset, search_term.replace(" ", "").replace("-", ""))

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        events.record("coupon.changed", obj, by=request.user, fields=sorted(form.changed_data))

    def has_delete_permission(self, request, obj=None):
        is_unused = obj is None or not (obj.batch_id or obj.redemptions.exists())
        return super().has_delete_permission(request, obj) and is_unused


@admin.register(CouponBatch, site=site)
class CouponBatchAdmin(ShopAdmin):
    form = BatchForm
    list_display = ["name", "promotion", "progress", "used", "ends_at", "created_at", "csv"]
    list_select_related = ["promotion"]
    search_fields = ["name"]
    fields = ["name", "promotion", ("wanted", "uses"), "prefix", "ends_at"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(all_used=Sum("coupons__used"))

    @display(description=gettext_lazy("made"))
    def progress(self, batch):
        return _("%(made)s of %(wanted)s") % {"made": batch.made, "wanted": batch.wanted}

    @display(description=gettext_lazy("used"), ordering="all_used")
    def used(self, batch):
        return batch.all_used or 0

    @display(description=gettext_lazy("codes"))
    def csv(self, batch):
        if batch.made < batch.wanted:
            return _("being made")
        return format_html('<a href="{}">CSV</a>', reverse("admin:cart_couponbatch_codes", args=[batch.pk]))

    def save_model(self, request, obj, form, change):
        obj.by = request.user
        super().save_model(request, obj, form, change)
        events.record("coupons.ordered", obj, by=request.user, wanted=obj.wanted)
        if obj.wanted <= AT_ONCE:
            list(making.make(obj))

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        own = path(
            "<int:pk>/codes.csv", self.admin_site.admin_view(self.codes), name="cart_couponbatch_codes"
        )
        return [own, *super().get_urls()]

    def codes(self, request, pk):
        batch = get_object_or_404(CouponBatch, pk=pk)
        if not self.has_view_permission(request, batch):
            raise PermissionDenied
        return StreamingHttpResponse(
            csvio.written(making.sheet(batch)),
            content_type="text/csv; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="codes-{batch.pk}.csv"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "private, no-store",
            },
        )
