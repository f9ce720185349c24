"""How allauth's doors open in this shop: its mails go through ours, and what it confirms is an event of ours."""

import uuid

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.core import events, mail
from shop.core.http import client_ip

# allauth's name of a mail → ours, below templates/mails/
MAILS = {
    "account/email/email_confirmation_signup": "confirm_email",
    "account/email/email_confirmation": "confirm_email",
    "account/email/password_reset_key": "password_reset",
    "account/email/unknown_account": "unknown_account",
    "account/email/account_already_exists": "account_exists",
}
# Everything else only tells what changed, in one mail.
CHANGES = {
    "account/email/password_changed": gettext_lazy("Your password was changed"),
    "account/email/password_set": gettext_lazy("A password was set"),
    "account/email/password_reset": gettext_lazy("Your password was reset"),
    "account/email/email_changed": gettext_lazy("Your email address was changed"),
    "account/email/email_confirm": gettext_lazy("Your email address is confirmed"),
    "account/email/email_deleted": gettext_lazy("An email address was removed"),
    "mfa/email/totp_activated": gettext_lazy("Two-step sign-in was switched on"),
    "mfa/email/totp_deactivated": gettext_lazy("Two-step sign-in was switched off"),
    "mfa/email/recovery_codes_generated": gettext_lazy("New recovery codes were made"),
    "mfa/email/webauthn_added": gettext_lazy("A security key was added"),
    "mfa/email/webauthn_removed": gettext_lazy("A security key was removed"),
}
SECRETS = ("activate_url", "password_reset_url", "code")


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix, email, context):
        """Queued like every mail; the links that let somebody in are kept as secrets."""
        name = MAILS.get(template_prefix, "account_changed")
        mail.send(
            name,
            to=email,
            key=f"{template_prefix}:{uuid.uuid4()}",
            context={
                "email": email,
                "signup_url": context.get("signup_url", ""),
                "change": CHANGES.get(template_prefix, _("Your account was changed")),
                "is_new": template_prefix.endswith("_signup"),
            },
            secrets={word: context[word] for word in SECRETS if context.get(word)},
        )

    @transaction.atomic
    def confirm_email(self, request, email_address):
        """Whoever can read the inbox is its owner: orders placed with the address may now be joined."""
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            events.record("email.confirmed", email_address.user, by=email_address.user)
        return confirmed

    def get_client_ip(self, request):
        return client_ip(request)
