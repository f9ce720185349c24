"""What sellers type about the catalogue: shape is checked here, rules by the operations."""

import re
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.photographing import NotAPhoto, Prepared, prepare

VALUE = re.compile(r"^(?P<name>[^#,]{1,60}?)\s*(?P<color>#[0-9a-fA-F]{6})?$")
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
