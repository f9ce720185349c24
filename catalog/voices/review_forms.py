"""What reviewers and those who read them first may type."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.forms import look_at
from catalog.models import Review
from catalog.photographing import NotAPhoto, Prepared
from catalog.reviewing import MOST_PHOTOS

LEAST_LETTERS, MOST_LETTERS = 20, 3000
MOST_BYTES = 5 * 1024 * 1024
WEB = ("http://", "https://", "www.")
WORDS = {
    1: gettext_lazy("Poor"),
    2: gettext_lazy("Fair"),
    3: gettext_lazy("Good"),
    4: gettext_lazy("Very good"),
    5: gettext_lazy("Great"),
}


class ManyFiles(forms.FileInput):
    """Takes several files at once."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several uploaded pictures, looked at and drawn anew: a list of Prepared. Each bad one is named with its reason."""

    widget = ManyFiles

    def __init__(self, *, most: int, most_bytes: int, **kwargs):
        self.most, self.most_bytes = most, most_bytes
        accept = {"accept": "image/jpeg,image/png,image/webp", "multiple": True}
        super().__init__(widget=ManyFiles(attrs=accept), **kwargs)

    def clean(self, data, initial=None) -> list[Prepared]:
        uploads = [upload for upload in (data or []) if upload]
        if self.required and not uploads:
            raise ValidationError(self.error_messages["required"])
        if len(uploads) > self.most:
            raise ValidationError(_("Choose %(count)s pictures at most.") % {"count": self.most})
        found = [(upload.name, self._looked_at(upload)) for upload in uploads]
        if bad := [f"{name}: {why.message}" for name, why in found if isinstance(why, NotAPhoto)]:
            raise ValidationError([*bad, _("Then choose the others again, too.")] if found[1:] else bad)
        return [prepared for _name, prepared in found if isinstance(prepared, Prepared)]

    def _looked_at(self, upload) -> Prepared | NotAPhoto:
        if upload.size > self.most_bytes:
            return NotAPhoto(
                _("The file is larger than %(mb)s MB.") % {"mb": self.most_bytes // 1024 // 1024}
            )
        return look_at(upload)


class ReviewForm(forms.Form):
    """The trap is a field that people do not see: only programs fill it."""

    stars = forms.TypedChoiceField(
        label=gettext_lazy("Your rating"),
        choices=list(WORDS.items()),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose one to five stars."),
            "invalid_choice": gettext_lazy("Choose one to five stars."),
        },
    )
    title = forms.CharField(
        label=gettext_lazy("In a few words"),
        required=False,
        max_length=120,
        error_messages={"max_length": gettext_lazy("Shorten the title to %(limit_value)s characters.")},
    )
    text = forms.CharField(
        label=gettext_lazy("Your review"),
        min_length=LEAST_LETTERS,
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("What is good, what is not, and for whom is it? 20 characters or more."),
        widget=forms.Textarea(attrs={"rows": 7, "data-count": ""}),
        error_messages={
            "required": gettext_lazy("Write a few sentences about the product."),
            "min_length": gettext_lazy("Write %(limit_value)s characters or more."),
            "max_length": gettext_lazy("Shorten your review to %(limit_value)s characters."),
        },
    )
    author = forms.CharField(
        label=gettext_lazy("Name to show"),
        max_length=60,
        help_text=gettext_lazy("Everybody can read it: a first name is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter a name to show beside your review."),
            "max_length": gettext_lazy("Shorten the name to %(limit_value)s characters."),
        },
    )
    photos = PicturesField(
        label=gettext_lazy("Pictures"),
        required=False,
        most=MOST_PHOTOS,
        most_bytes=MOST_BYTES,
        help_text=gettext_lazy(
            "Up to three, JPEG, PNG or WebP, at most 5 MB each. Where and when they were taken is removed."
        ),
    )
    website = forms.CharField(required=False, max_length=200)

    def clean_title(self) -> str:
        return without_addresses(self.cleaned_data["title"])

    def clean_text(self) -> str:
        return without_addresses(self.cleaned_data["text"])

    def clean_author(self) -> str:
        name = without_addresses(self.cleaned_data["author"])
        if "@" in name:
            raise ValidationError(_("Everybody can read it: enter a name, not an email address."))
        return name

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the field “Website” empty: it is there to stop programs."))
        return ""


class RefuseForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("Because"), choices=Review.Refusal)
    note = forms.CharField(label=gettext_lazy("More about it"), max_length=300, required=False)


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Everybody reads it below the review."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def without_addresses(text: str) -> str:
    if any(start in text.lower() for start in WEB):
        raise ValidationError(_("Leave web addresses out."))
    return text
