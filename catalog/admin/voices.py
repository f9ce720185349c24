"""What customers say: reviews to look at, questions to answer."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from catalog import reviewing
from catalog.models import Question, Review
from shop.core import events
from shop.core.admin.bases import ShopAdmin, site

STATE = {"pending": "warning", "published": "success", "refused": "danger"}


@admin.register(Review, site=site)
class ReviewAdmin(ShopAdmin):
    """Only the shop's reply is written here; the words are the customer's."""

    list_display = ["title", "product", "stars", "state", "author", "is_verified", "created_at"]
    list_filter = ["status", "stars", "is_verified"]
    list_select_related = ["product"]
    search_fields = ["title", "text", "author", "product__name"]
    date_hierarchy = "created_at"
    fields = [
        ("product", "state"),
        ("stars", "author"),
        ("is_verified", "created_at"),
        "title",
        "text",
        "reply",
    ]
    readonly_fields = [
        "product", "state", "stars", "author", "is_verified", "helpful", "created_at", "title", "text",
    ]  # fmt: skip
    actions = ["publish", "refuse"]

    @display(description=gettext_lazy("status"), ordering="status", label=STATE)
    def state(self, review):
        return review.status, review.get_status_display()

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request, queryset):
        for review in queryset.exclude(status=Review.Status.PUBLISHED):
            reviewing.publish_review(review, by=request.user)
        messages.success(request, _("The reviews are published."))

    @admin.action(description=gettext_lazy("Refuse"), permissions=["change"])
    def refuse(self, request, queryset):
        for review in queryset.exclude(status=Review.Status.REFUSED):
            reviewing.refuse_review(review, by=request.user)
        messages.success(request, _("The reviews are not shown."))

    def has_add_permission(self, request):
        return False


@admin.register(Question, site=site)
class QuestionAdmin(ShopAdmin):
    list_display = ["excerpt", "product", "asked_by", "is_answered", "created_at"]
    list_select_related = ["product"]
    search_fields = ["text", "product__name"]
    date_hierarchy = "created_at"
    fields = [("product", "asked_by", "created_at"), "text", "answer", "answered_by"]
    readonly_fields = ["product", "asked_by", "created_at", "text"]

    @display(description=gettext_lazy("question"))
    def excerpt(self, question):
        return Truncator(question.text).chars(80)

    @display(description=gettext_lazy("answered"), boolean=True)
    def is_answered(self, question):
        return bool(question.answer)

    def save_model(self, request, obj, form, change):
        if obj.answer and not obj.answered_at:
            obj.answered_at = timezone.now()
            obj.answered_by = obj.answered_by or request.user.get_full_name()[:60]
        super().save_model(request, obj, form, change)
        events.record("product.changed", obj.product, by=request.user)

    def has_add_permission(self, request):
        return False
