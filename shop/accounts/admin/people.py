"""Shoppers and staff. Passwords are never typed here: people choose their own. Roles are given by shop.accounts.staffing."""

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from shop.accounts import staffing
from shop.accounts.models import Address, User
from shop.accounts.roles import ROLES
from shop.core.admin.bases import ShopAdmin, StackedInline, site
from shop.core.admin.work import in_words
from shop.core.errors import Refused
from shop.core.events import timeline_of
from shop.core.http import see_other


class StaffForm(forms.ModelForm):
    """For who decides about staff."""

    roles = forms.ModelMultipleChoiceField(
        label=_("Roles"),
        queryset=Group.objects.order_by("name"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Who has a role is staff. Without one, nobody enters the administration."),
    )

    def clean(self):
        data = super().clean() or self.cleaned_data
        try:
            staffing.check_side({group.name for group in data.get("roles", ())}, data.get("seller"))
        except Refused as refusal:
            self.add_error("seller", refusal.message)
        return data

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = list(self.instance.groups.values_list("pk", flat=True))


class AddressInline(StackedInline):
    model = Address
    extra = 0
    tab = True


@admin.register(User, site=site)
class UserAdmin(ShopAdmin):
    list_display = ["email", "name", "role_names", "is_staff", "is_active", "date_joined", "last_login"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "name"]
    ordering = ["-date_joined"]
    inlines = [AddressInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    @display(description=_("roles"))
    def role_names(self, person):
        return ", ".join(sorted(group.name for group in person.groups.all())) or "–"

    @display(description=_("history"))
    def history(self, person):
        """Who made him what, and when."""
        rows = [
            (
                in_words(event.name),
                event.data.get("role") or ", ".join(event.data.get("fields", [])),
                date_format(localtime(event.created_at), "SHORT_DATETIME_FORMAT"),
                event.actor or "",
            )
            for event in timeline_of(person)
        ]
        return format_html_join("", "<p>{}: {} · {} · {}</p>", rows) or "–"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Mails are written in the languages that there are."""
        if db_field.name != "language":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        choices = [("", _("the shop's own")), *settings.LANGUAGES]
        return forms.ChoiceField(
            label=db_field.verbose_name, choices=choices, required=False, widget=UnfoldAdminSelectWidget
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        decides = staffing.rules(request.user) and (obj is None or self.has_change_permission(request, obj))
        return super().get_form(
            request, obj, change, form=StaffForm if decides else forms.ModelForm, **kwargs
        )

    def get_fieldsets(self, request, obj=None):
        person = ["email", "name", "language"]
        if obj is None:
            return [(None, {"fields": [*person, "roles", "seller"]})]
        decides = staffing.rules(request.user) and self.has_change_permission(request, obj)
        return [
            (None, {"fields": [*person, "is_active", "date_joined", "last_login"]}),
            (
                _("Staff"),
                {
                    "fields": [
                        ("roles" if decides else "role_names", "seller"),
                        "is_staff",
                        "is_superuser",
                        "history",
                    ],
                    "classes": ["tab"],
                },
            ),
        ]

    def get_inlines(self, request, obj):
        return super().get_inlines(request, obj) if obj else []

    def get_readonly_fields(self, request, obj=None):
        """Operators are made by operators, and an e-mail address changes by its owner's confirmation alone."""
        if obj is None:
            return []
        operators = [] if request.user.is_superuser else ["is_superuser"]
        decides = staffing.rules(request.user) and self.has_change_permission(request, obj)
        told = [] if decides else ["seller"]
        return ["email", "is_staff", "role_names", "date_joined", "last_login", "history", *operators, *told]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and staffing.rules(request.user)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj)
        return may and (obj is None or staffing.may_change(obj, by=request.user))

    def has_delete_permission(self, request, obj=None):
        may = super().has_delete_permission(request, obj)
        return may and (
            obj is None or (staffing.may_change(obj, by=request.user) and not staffing.is_last_owner(obj))
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return see_other(request.path)

    def save_model(self, request, obj, form, change):
        roles = form.cleaned_data.get("roles")
        if not change:
            staffing.invite(obj, roles=list(roles or []), by=request.user)
            return
        if fields := [name for name in form.changed_data if name not in ("roles", "seller")]:
            staffing.note_change(obj, fields=fields, by=request.user)
        if roles is not None:
            placed = staffing.set_roles(obj, roles=list(roles), seller=obj.seller, by=request.user)
            obj.is_staff, obj.seller = placed.is_staff, placed.seller
        obj.is_staff = obj.is_staff or obj.is_superuser
        super().save_model(request, obj, form, change)


@admin.register(Group, site=site)
class RoleAdmin(ShopAdmin):
    """The rights of each role, and who has it. The owner's stay what they are, or nobody could put them right again."""

    list_display = ["name", "people"]
    search_fields = ["name"]
    filter_horizontal = ["permissions"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("user_set")

    @display(description=_("people"))
    def people(self, role):
        return ", ".join(sorted(str(person) for person in role.user_set.all())) or "–"

    def get_readonly_fields(self, request, obj=None):
        return ["name"] if obj and obj.name in ROLES else []

    def has_add_permission(self, request):
        return super().has_add_permission(request) and staffing.rules(request.user)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj) and staffing.rules(request.user)
        return may and (obj is None or obj.name != staffing.OWNER)

    def has_delete_permission(self, request, obj=None):
        """A role that somebody has is taken from him first, where he sees it."""
        may = super().has_delete_permission(request, obj) and staffing.rules(request.user)
        return may and (obj is None or (obj.name not in ROLES and not obj.user_set.exists()))
