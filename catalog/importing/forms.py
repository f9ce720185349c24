"""What a seller types to bring a file in."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from catalog.importing.formats import FORMATS
from catalog.importing.uploading import MAX_BYTES, upload
from catalog.models import ImportRun, StockLocation
from catalog.products import owning
from shop.core.csvio import NotCsv


class UploadForm(forms.Form):
    """`run` is the upload, once the form is valid."""

    file = forms.FileField(
        label=_("CSV file"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
        help_text=_("As it was exported: from here, from Shopify or from WooCommerce, up to %(mb)s MB.")
        % {"mb": MAX_BYTES // 1024 // 1024},
    )
    format = forms.ChoiceField(label=_("format"), required=False, widget=UnfoldAdminSelectWidget)
    location = forms.ModelChoiceField(
        StockLocation.objects.filter(is_active=True),
        label=_("place of stock"),
        empty_label=None,
        widget=UnfoldAdminSelectWidget,
        help_text=_("What the file says of stock is counted here."),
    )

    def __init__(self, *args, seller=None, **kwargs):
        super().__init__(*args, **kwargs)
        if seller is not None:
            self.fields["location"].queryset = owning.places_of(seller)
        known = [(code, format.label) for code, format in FORMATS.items()]
        self.fields["format"].choices = [("", _("Find out by the columns")), *known]
        self.initial.setdefault("location", self.fields["location"].queryset.first())

    def keep(self, *, by) -> ImportRun | None:
        """The run; None where the file is no table that can be read, which then stands beside the field."""
        given = self.cleaned_data
        try:
            return upload(given["file"], format=given["format"], location=given["location"], by=by)
        except NotCsv as refusal:
            self.add_error("file", refusal.message)
            return None
