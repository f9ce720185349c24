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
