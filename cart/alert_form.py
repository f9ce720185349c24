"""What somebody who waits for a product may type."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class AlertForm(forms.Form):
    """The trap is a field that people do not see: only programs fill it."""

    email = forms.EmailField(
        label=gettext_lazy("Your email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={
            "required": gettext_lazy("Enter your email address."),
            "invalid": gettext_lazy("Enter an email address with an @, like ada@example.com."),
            "max_length": gettext_lazy("An email address has at most %(limit_value)s characters."),
        },
    )
    website = forms.CharField(required=False, max_length=200)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("Leave the field “Website” empty: it is there to stop programs."))
        return ""
