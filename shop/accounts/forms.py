from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import User


class DetailsForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language of our mails"), choices=settings.LANGUAGES)

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Full name")}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"})}


class WithoutPlaceholders:
    """Labels say what a field is; a placeholder that repeats them vanishes when it would be needed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class LoginForm(WithoutPlaceholders, allauth_forms.LoginForm):
    """allauth's."""


class SignupForm(WithoutPlaceholders, allauth_forms.SignupForm):
    """allauth's."""


class AddEmailForm(WithoutPlaceholders, allauth_forms.AddEmailForm):
    """allauth's."""


class ChangePasswordForm(WithoutPlaceholders, allauth_forms.ChangePasswordForm):
    """allauth's."""


class ResetPasswordForm(WithoutPlaceholders, allauth_forms.ResetPasswordForm):
    """allauth's."""


class ResetPasswordKeyForm(WithoutPlaceholders, allauth_forms.ResetPasswordKeyForm):
    """allauth's."""


class ReauthenticateForm(WithoutPlaceholders, allauth_forms.ReauthenticateForm):
    """allauth's."""
