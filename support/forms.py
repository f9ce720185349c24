from django import forms
from django.utils.translation import gettext_lazy as _

from support.models import Ticket

MOST_WORDS = 5000  # characters in one message


class MessageField(forms.CharField):
    """A few sentences. Spaces at both ends go, line breaks stay."""

    def __init__(self, *, rows: int = 7, **kwargs):
        super().__init__(
            max_length=MOST_WORDS,
            widget=forms.Textarea(attrs={"rows": rows, "maxlength": MOST_WORDS}),
            error_messages={
                "required": _("Enter a message."),
                "max_length": _("Shorten your message to %(limit_value)s characters."),
            },
            **kwargs,
        )


class ContactForm(forms.Form):
    """The trap is a field that people do not see: only programs fill it."""

    topic = forms.ChoiceField(label=_("What is it about?"), choices=Ticket.Topic)
    order_number = forms.CharField(
        label=_("Order number"),
        required=False,
        max_length=20,
        help_text=_("It is in the subject of our mails, like K7F4-9QXM."),
        error_messages={"max_length": _("An order number has at most %(limit_value)s characters.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    message = MessageField(label=_("Your message"))
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=150,
        error_messages={"max_length": _("Shorten your name to %(limit_value)s characters.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        help_text=_("We answer to this address."),
        error_messages={
            "required": _("Enter your email address."),
            "invalid": _("Enter an email address with an @, like ada@example.com."),
            "max_length": _("An email address has at most %(limit_value)s characters."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    website = forms.CharField(required=False, max_length=200)

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave the field “Website” empty: it is there to stop programs."))
        return ""


class ReplyForm(forms.Form):
    message = MessageField(label=_("Your answer"), rows=5)


class StaffReplyForm(forms.Form):
    """`seen` is the last message on the page: an answer must not cross with newer words."""

    text = MessageField(label=_("Answer to the customer"))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class NoteForm(forms.Form):
    text = MessageField(label=_("Note for staff"), rows=3)
