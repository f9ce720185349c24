"""What sellers type about the catalogue: shape is checked here, rules by the operations."""

import re
from uuid import uuid4

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Variant
from catalog.photographing import NotAPhoto, Prepared, prepare

VALUE = re.compile(r"^(?P<name>[^#,]{1,60}?)\s*(?P<color>#[0-9a-fA-F]{6})?$")
PART = re.compile(r"^(?:(?P<pieces>[1-9][0-9]?)\s*[x×*]\s*)?(?P<sku>\S{1,40})$")
MOST_PIECES = 1_000_000


class PictureField(forms.FileField):
    """An uploaded picture, looked at and drawn anew: `cleaned_data` holds a Prepared, or None."""

    def clean(self, data, initial=None) -> Prepared | None:
        upload = super().clean(data, initial)
        if not upload or upload is initial:
            return None
        found = getattr(upload, "looked_at", None) or look_at(upload)
        if isinstance(found, NotAPhoto):
            raise ValidationError(found.message) from found
        return found


def look_at(upload) -> Prepared | NotAPhoto:
    """Look at an uploaded picture now; its field finds what came of it on the upload. Takes seconds for a large one, so
    a screen does it before its transaction begins (catalog/admin/pictured.py)."""
    try:
        upload.looked_at = prepare(upload)
    except NotAPhoto as refusal:
        upload.looked_at = refusal
    return upload.looked_at


class PartsField(forms.CharField):
    """ "MUG-1, 2 × PRINT-A3": what a set consists of, as {variant id: pieces}."""

    def clean(self, value) -> dict[int, int]:
        wanted: dict[str, int] = {}
        for part in filter(None, (part.strip() for part in super().clean(value).split(","))):
            match = PART.match(part)
            if not match or match["sku"] in wanted:
                raise ValidationError(
                    _("“%(value)s”: write a SKU, once, with the pieces before it: 2 × MUG-1.")
                    % {"value": part}
                )
            wanted[match["sku"]] = int(match["pieces"] or 1)
        found = dict(Variant.objects.filter(sku__in=wanted).values_list("sku", "pk"))
        if missing := [sku for sku in wanted if sku not in found]:
            raise ValidationError(
                _("There is no variant with the SKU %(skus)s.") % {"skus": ", ".join(missing)}
            )
        return {found[sku]: pieces for sku, pieces in wanted.items()}

    def has_changed(self, initial, data) -> bool:
        return (initial or "") != (data or "")


class ValuesField(forms.CharField):
    """ "Moss #6b7a3f, Berry": names with an optional colour, as [(name, colour)]."""

    def clean(self, value) -> list[tuple[str, str]]:
        parts = [part.strip() for part in super().clean(value).split(",") if part.strip()]
        found = [VALUE.match(part) for part in parts]
        wrong = [part for part, match in zip(parts, found, strict=True) if not match]
        if wrong:
            raise ValidationError(
                _("“%(value)s”: write a name, and behind it a colour like #1f5f5b if you like.")
                % {"value": wrong[0]}
            )
        values = [(match["name"].strip(), (match["color"] or "").lower()) for match in found if match]
        if len({name for name, _color in values}) < len(values):
            raise ValidationError(_("One value stands here twice."))
        return values

    def has_changed(self, initial, data) -> bool:
        return (initial or "") != (data or "")


def written(values) -> str:
    """Option values as ValuesField takes them."""
    return ", ".join(f"{value.name} {value.color}".strip() for value in values)


class OnceForm(forms.Form):
    """`once` is minted with the page: sent twice, it books once."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class ReceiveForm(OnceForm):
    quantity = forms.IntegerField(label=gettext_lazy("Pieces"), min_value=1, max_value=MOST_PIECES)
    reason = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


class AdjustForm(OnceForm):
    delta = forms.IntegerField(
        label=gettext_lazy("Pieces"),
        min_value=-MOST_PIECES,
        max_value=MOST_PIECES,
        help_text=gettext_lazy("Negative to take away."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def clean_delta(self) -> int:
        if not self.cleaned_data["delta"]:
            raise ValidationError(_("Enter a number other than 0."))
        return self.cleaned_data["delta"]


class CountForm(OnceForm):
    counted = forms.IntegerField(
        label=gettext_lazy("Pieces on the shelf"), min_value=0, max_value=MOST_PIECES
    )
    reason = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)


class SheetForm(forms.Form):
    """The lines of a price list, typed, pasted or as a file; what they mean says catalog/prices/editing.py."""

    text = forms.CharField(
        label=gettext_lazy("Amounts"),
        required=False,
        strip=False,
        max_length=500_000,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
        help_text=gettext_lazy("A line each: SKU; from quantity; price. Pasted from a spreadsheet will do."),
    )
    upload = forms.FileField(
        label=gettext_lazy("or a CSV file"),
        required=False,
        help_text=gettext_lazy("It takes the place of the text."),
    )
    replaces = forms.BooleanField(label=gettext_lazy("Take out what the lines do not name"), required=False)

    def clean(self):
        data = super().clean()
        upload = data.pop("upload", None)
        if upload is not None:
            if upload.size > 1_000_000:
                raise ValidationError({"upload": _("A file of 1 MB at most.")})
            try:
                data["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise ValidationError({"upload": _("Save the file as CSV in UTF-8.")}) from error
        return data


class ExplainForm(forms.Form):
    """Whose price, of what, how many, when. The SKU becomes its variant, the address its person."""

    sku = forms.CharField(label=gettext_lazy("SKU"), max_length=40)
    customer = forms.CharField(
        label=gettext_lazy("Customer's email"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("Empty: somebody who is not signed in."),
    )
    quantity = forms.IntegerField(label=gettext_lazy("Pieces"), min_value=1, max_value=MOST_PIECES, initial=1)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    at = forms.DateTimeField(
        label=gettext_lazy("Moment"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("Empty: now."),
    )

    def __init__(self, *args, currencies, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]

    def clean_sku(self):
        variant = Variant.objects.select_related("product").filter(sku=self.cleaned_data["sku"]).first()
        if variant is None:
            raise ValidationError(_("There is no variant with this SKU."))
        return variant

    def clean_customer(self):
        email = self.cleaned_data["customer"]
        person = get_user_model().objects.filter(email__iexact=email).first() if email else None
        if email and person is None:
            raise ValidationError(_("Nobody has an account with this address."))
        return person
