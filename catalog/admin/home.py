"""The wide pictures of the home page."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminImageSmallFieldWidget, UnfoldAdminTextInputWidget

from catalog import photographing
from catalog.admin.parts import thumbnail
from catalog.admin.pictured import PicturedAdmin
from catalog.forms import PictureField
from catalog.models import Hero
from shop.core import keeping
from shop.core.admin.bases import site


class HeroForm(forms.ModelForm):
    upload = PictureField(
        label=gettext_lazy("picture"),
        required=False,
        widget=UnfoldAdminImageSmallFieldWidget,
        help_text=gettext_lazy("Wide, at least 2000 pixels, with room for the headline on one side."),
    )
    alt = forms.CharField(
        label=gettext_lazy("in words"), required=False, max_length=300, widget=UnfoldAdminTextInputWidget
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["alt"] = self.instance.photo.alt

    def clean_link(self) -> str:
        link = self.cleaned_data["link"].strip()
        if not link.startswith("/") or link.startswith("//"):
            raise ValidationError(_("Enter a path of this shop that begins with /, like /c/prints/."))
        return link

    def clean(self):
        data = super().clean()
        if not self.instance.pk and not data.get("upload") and "upload" not in self.errors:
            raise ValidationError({"upload": _("Choose a picture.")})
        return data


@admin.register(Hero, site=site)
class HeroAdmin(PicturedAdmin):
    form = HeroForm
    list_display = ["heading", "shown", "link", "is_published", "position"]
    list_select_related = ["photo"]
    readonly_fields = ["shown"]
    fields = [
        ("heading", "text"),
        ("link", "link_label"),
        ("shown", "upload"),
        "alt",
        ("free_side", "position", "is_published"),
    ]

    @display(description=gettext_lazy("now"))
    def shown(self, hero):
        return thumbnail(hero.photo) if hero.pk else "–"

    def save_model(self, request, obj, form, change):
        data = form.cleaned_data
        if prepared := data.get("upload"):
            if obj.photo_id:
                obj.photo.alt = data["alt"]
                photographing.replace(obj.photo, prepared, by=request.user)
            else:
                obj.photo = photographing.keep(prepared, alt=data["alt"], by=request.user)
        elif obj.photo.alt != data["alt"]:
            obj.photo.alt = data["alt"]
            obj.photo.save(update_fields=["alt"])
        super().save_model(request, obj, form, change)
        keeping.forget(keeping.EVERYTHING)
