"""What customers say: reviews to look at, invitations to write them, questions to answer."""

from django.contrib import admin, messages
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import display

from catalog import reviewing
from catalog.models import Question, Review, ReviewInvitation
from catalog.photos.pictures import Picture
from catalog.voices import asking, moderating
from catalog.voices.review_forms import AnswerForm, RefuseForm
from shop.core import events
from shop.core.admin.bases import ShopAdmin, site
from shop.core.admin.work import Pile, PileFilter, Step, WorkAdmin, checked
from shop.core.errors import Refused
from shop.core.http import see_other

STATE = {"pending": "warning", "published": "success", "refused": "danger"}
Status, Refusal = Review.Status, Review.Refusal


@admin.register(Review, site=site)
class ReviewAdmin(WorkAdmin):
    """The words are the customer's; the shop shows them or says why not, and answers."""

    seller_path = "product__seller"
    page = "admin/catalog/review.html"
    steps = ["publish", "refuse", "answer", "remove"]
    seller_steps = ["answer"]  # who is praised or blamed does not decide what is shown
    list_display = ["headline", "product", "stars", "state", "author", "is_verified", "helpful", "created_at"]
    list_filter = [PileFilter, "stars", "is_verified"]
    list_select_related = ["product"]
    search_fields = ["title", "text", "author", "product__name"]
    actions = ["publish_chosen", *(f"refuse_{reason}" for reason in Refusal.values)]

    def piles(self):
        return [
            Pile("waiting", _("To read"), (Status.PENDING,), urgent=True),
            Pile("published", _("Published"), (Status.PUBLISHED,)),
            Pile("refused", _("Refused"), (Status.REFUSED,)),
            Pile("all", _("All"), tuple(Status.values)),
        ]

    @display(description=gettext_lazy("review"))
    def headline(self, review):
        return Truncator(review.title or review.text or str(review)).chars(80)

    @display(description=gettext_lazy("status"), ordering="status", label=STATE)
    def state(self, review):
        return review.status, review.get_status_display()

    def get_actions(self, request):
        """Publish, and refuse for each of the reasons."""
        found = super().get_actions(request)
        if not self.may_take(request, "publish"):
            return {}
        found["publish_chosen"] = (_publish_all, "publish_chosen", _("Publish"))
        for reason, words in Refusal.choices:
            label = _("Refuse: %(reason)s") % {"reason": words}
            found[f"refuse_{reason}"] = (_refuse_all(reason), f"refuse_{reason}", label)
        return found

    def next_steps(self, request, review):
        steps = [Step("publish", _("Publish"))] if review.status != Status.PUBLISHED else []
        if review.status != Status.REFUSED:
            steps.append(Step("refuse", _("Refuse"), form="refuse"))
        sure = _("It goes for good, with its pictures. Do this when its writer asks for it.")
        return [
            *steps,
            Step("answer", _("Save answer"), form="answer"),
            Step("remove", _("Delete"), confirm=sure),
        ]

    def page_context(self, request, review):
        return {
            "photos": [Picture.of(photo) for photo in review.photos.all()],
            "may_act": self.may_act(request),
            "refuse_form": RefuseForm(auto_id="refuse_%s"),
            "answer_form": AnswerForm(initial={"text": review.reply}, auto_id="answer_%s"),
        }

    def publish(self, request, review):
        moderating.publish(review, by=request.user)
        return _("The review is shown.")

    def refuse(self, request, review):
        moderating.refuse(review, by=request.user, **checked(RefuseForm(request.POST)).cleaned_data)
        return _("The review is not shown. Its writer reads why.")

    def answer(self, request, review):
        moderating.answer(
            review, text=checked(AnswerForm(request.POST)).cleaned_data["text"], by=request.user
        )
        return _("Saved.")

    def remove(self, request, review):
        moderating.remove(review, by=request.user)
        messages.success(request, _("The review is deleted."))
        return see_other("admin:catalog_review_changelist")


def _publish_all(model_admin, request, queryset):
    _do_all(request, queryset, lambda review: moderating.publish(review, by=request.user))


def _refuse_all(reason: str):
    def refuse(model_admin, request, queryset):
        _do_all(request, queryset, lambda review: moderating.refuse(review, reason=reason, by=request.user))

    return refuse


def _do_all(request, queryset, step) -> None:
    """Each by itself: one that cannot be done does not keep the others."""
    done = 0
    for review in queryset:
        try:
            step(review)
            done += 1
        except Refused as refusal:
            messages.warning(request, f"{review}: {refusal.message}")
    messages.success(request, ngettext("%(n)s review done.", "%(n)s reviews done.", done) % {"n": done})


@admin.register(ReviewInvitation, site=site)
class ReviewInvitationAdmin(WorkAdmin):
    """Who may write a verified review. Its link opens that right to whoever holds it: who looks at one is written down."""

    page = "admin/catalog/invitation.html"
    steps = ["show_link"]
    list_display = ["product", "reference", "email", "created_at", "expires_at", "used_at"]
    list_select_related = ["product"]
    search_fields = ["reference", "email", "product__name"]

    def next_steps(self, request, invitation):
        sure = _("Send it to the buyer only. It is written down that you have seen it.")
        return [] if invitation.used_at else [Step("show_link", _("Show the link"), confirm=sure)]

    def show_link(self, request, invitation):
        events.record("review_invitation.shown", invitation, by=request.user)
        return _("The link for %(email)s: %(link)s") % {
            "email": invitation.email,
            "link": reviewing.link_of(invitation),
        }


@admin.register(Question, site=site)
class QuestionAdmin(ShopAdmin):
    seller_path = "product__seller"
    list_display = ["excerpt", "product", "asked_by", "is_answered", "created_at"]
    list_select_related = ["product"]
    search_fields = ["text", "product__name"]
    date_hierarchy = "created_at"
    list_filter = [("answer", admin.EmptyFieldListFilter)]
    fields = [("product", "asked_by", "created_at"), "text", "wants_mail", "answer", "answered_by"]
    readonly_fields = ["product", "asked_by", "created_at", "text", "wants_mail"]

    @display(description=gettext_lazy("question"))
    def excerpt(self, question):
        return Truncator(question.text).chars(80)

    @display(description=gettext_lazy("answered"), boolean=True)
    def is_answered(self, question):
        return bool(question.answer)

    @display(description=gettext_lazy("answer by mail"), boolean=True)
    def wants_mail(self, question):
        """Asked for, and not sent yet."""
        return bool(question.email)

    def save_model(self, request, obj, form, change):
        asking.answer(obj, text=obj.answer, answered_by=obj.answered_by, by=request.user)

    def has_add_permission(self, request):
        return False
