"""The parts of a product's screen: choices, variants, properties, related products."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextInputWidget

from catalog.forms import ValuesField, written
from catalog.models import Option, Photo, Related
from catalog.photos.pictures import Picture
from shop.core.admin.bases import TabularInline


class RowForm(forms.ModelForm):
    """A row among others. The theme shows only errors that belong to a field, so all others go to the first one."""

    first = ""

    def _post_clean(self):
        super()._post_clean()
        for error in self.errors.pop(NON_FIELD_ERRORS, self.error_class()).as_data():
            self.add_error(self.first, error)


class OptionForm(RowForm):
    first = "name"
    typed = ValuesField(
        label=gettext_lazy("values"),
        widget=UnfoldAdminTextInputWidget(),
        max_length=2000,
        help_text=gettext_lazy(
            "With commas between, in your order; with a colour if you like: Moss #6b7a3f, Berry"
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["typed"] = written(self.instance.values.all())


class OptionInline(TabularInline):
    model = Option
    form = OptionForm
    fields = ["name", "typed", "must_choose", "position"]
    extra = 0
    tab = True

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("values")


class RelatedForm(RowForm):
    first = "other"

    def clean_other(self):
        other = self.cleaned_data["other"]
        if other == self.instance.product:
            raise ValidationError(_("A product is not related to itself."))
        return other


class RelatedInline(TabularInline):
    model = Related
    form = RelatedForm
    fk_name = "product"
    fields = ["kind", "other", "position"]
    autocomplete_fields = ["other"]
    extra = 0
    tab = True


def thumbnail(photo: Photo | None) -> str:
    if not photo or not photo.pk:
        return "–"
    return format_html('<img src="{}" alt="{}" width="96" height="96">', Picture.of(photo).thumb, photo.alt)
