"""Mails are rendered once, stored without their secrets, and delivered once by a worker.

A reset link or an order link grants access, so whoever may read stored mails must not find it there: `secrets` are
rendered as place-holders, kept encrypted beside the message until it is sent, and then forgotten. Staff see "hidden".
"""

import base64
import hashlib
import html
import json
import re
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

import css_inline
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Model
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from shop.core import events
from shop.core.faultpoints import faultpoint
from shop.core.http import absolute
from shop.core.models import Message, Shop
from shop.core.storage import private

_PLACE = re.compile(r"hidden--(\w+)--")


@transaction.atomic
def send(
    name: str,
    *,
    to: str,
    context: dict[str, Any],
    key: str,
    secrets: dict[str, str] | None = None,
    language: str = "",
    about: Model | None = None,
    thread: str = "",
    attachments: list[dict] | None = None,
) -> Message:
    """Queue the mail of templates/mails/<name>/ for `to`; the same `name` and `key` again is the same message.

    `secrets` are given to the templates under their names beside `context`. `about` is the object in whose timeline the
    mail appears; `thread` groups mails for the recipient's mail program; `attachments` name private files.
    """
    if existing := Message.objects.filter(name=name, key=key).first():
        return existing
    secrets = secrets or {}
    language = language or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        given = context | {word: f"hidden--{word}--" for word in secrets} | _house(language)
        subject = " ".join(render_to_string(f"mails/{name}/subject.txt", given).split())
        text = html.unescape(render_to_string(f"mails/{name}/body.txt", given)).strip() + "\n"
        rich = css_inline.inline(render_to_string(f"mails/{name}/body.html", given | {"subject": subject}))
    message, made = Message.objects.get_or_create(
        name=name,
        key=key,
        defaults={
            "to": to,
            "language": language,
            "subject": html.unescape(subject)[:250],
            "text": text,
            "html": rich,
            "sealed": _safe().encrypt(json.dumps(secrets).encode()) if secrets else None,
            "attachments": attachments or [],
            "thread": thread,
            "subject_type": about._meta.label_lower if about else "",
            "subject_id": about.pk if about else None,
        },
    )
    if made:
        events.record("message.queued", message)
    return message


def picture(image: dict | None) -> dict | None:
    """`image` (src, alt) as a mail shows it: with the shop's address."""
    return image and image | {"src": absolute(image["src"])}


def deliver(message: Message) -> None:
    """Hand it to the mail server, at most once as far as SMTP allows: the Message-ID never changes."""
    if message.status != Message.Status.QUEUED:
        return
    secrets = json.loads(_safe().decrypt(bytes(message.sealed))) if message.sealed else {}
    status = Message.Status.SENT
    try:
        _compose(message, secrets).send()
    except SMTPRecipientsRefused:
        status = Message.Status.REFUSED
    faultpoint("mail.after_accept")
    Message.objects.filter(pk=message.pk).update(status=status, sent_at=Now(), sealed=None)


def shown(text: str) -> str:
    """A stored body as staff see it."""
    return _PLACE.sub(lambda _match: _("[hidden]"), text)


def _compose(message: Message, secrets: dict[str, str]) -> EmailMultiAlternatives:
    domain = urlsplit(settings.SHOP_URL).hostname
    headers = {"Message-ID": f"<message-{message.pk}@{domain}>"}
    if message.thread:
        headers["References"] = f"<{message.thread}@{domain}>"
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=_reveal(message.text, secrets),
        to=[message.to],
        headers=headers,
        reply_to=[Shop.current().email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]],
    )
    mail.attach_alternative(
        _reveal(message.html, {k: html.escape(v) for k, v in secrets.items()}), "text/html"
    )
    for attachment in message.attachments:
        with private().open(attachment["path"]) as file:
            mail.attach(attachment["name"], file.read(), attachment["type"])
    return mail


def _reveal(text: str, secrets: dict[str, str]) -> str:
    return _PLACE.sub(lambda match: secrets.get(match[1], match[0]), text)


def _house(language: str) -> dict:
    return {"shop": Shop.current(), "shop_url": settings.SHOP_URL, "language": language}


def _safe() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"till.mail" + key.encode()).digest())) for key in keys
    )
