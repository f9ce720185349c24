"""What somebody who asks about a product may type."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.voices.review_forms import without_addresses

LEAST_LETTERS, MOST_LETTERS = 10, 1000


class QuestionForm(forms.Form):
    """The trap is a field that people do not see: only programs fill it."""

    text = forms.CharField(
        label=gettext_lazy("Your question"),
        min_length=LEAST_LETTERS,
        max_length=MOST_LETTERS,
        help_text=gettext_lazy("About the product. For an order, write to us instead."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": gettext_lazy("Enter your question."),
            "min_length": gettext_lazy("Write %(limit_value)s characters or more."),
            "max_length": gettext_lazy("Shorten your question to %(limit_value)s characters."),
        },
    )
    asked_by = forms.CharField(
        label=gettext_lazy("Name to show"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Everybody can read it: a first name is enough."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false"}),
        error_messages={"max_length": gettext_lazy("Shorten the name to %(limit_value)s characters.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Your email address"),
        required=False,
        max_length=254,
        help_text=gettext_lazy("To get the answer by mail. We delete the address afterwards."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "invalid": gettext_lazy("Enter an email address with an @, like ada@example.com."),
            "max_length": gettext_lazy("An email address has at most %(limit_value)s characters."),
        },
    )
    website = forms.CharField(required=False, max_length=200)

    def clean_text(self) -> str:
        return without_addresses(self.cleaned_data["text"])

    def clean_asked_by(self) -> str:
        name = without_addresses(self.cleaned_data["asked_by"])
        if "@" in name:
            raise ValidationError(_("Everybody can read it: enter a name, not an email address."))
        return name

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the field “Website” empty: it is there to stop programs."))
        return ""
