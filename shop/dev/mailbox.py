"""A mailbox for development: mails go into files instead of out, and /dev/mail/ shows them as their recipients see them.

Here links still carry their secrets, as in the recipient's own inbox; the admin's list of messages shows them hidden.
"""

import email
import time
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend


def folder() -> Path:
    return Path(settings.SHOP_DATA) / "mail"


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        folder().mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{time.time_ns()}"
            draft = folder() / f".{name}"
            draft.write_bytes(message.message().as_bytes())
            draft.rename(folder() / f"{name}.eml")
        return len(email_messages)


@dataclass(frozen=True)
class Mail:
    key: str
    message: EmailMessage

    @property
    def subject(self) -> str:
        return self.message["subject"]

    @property
    def to(self) -> str:
        return self.message["to"]

    @property
    def at(self) -> datetime:
        return parsedate_to_datetime(self.message["date"])

    @property
    def text(self) -> str:
        part = self.message.get_body(["plain"])
        return part.get_content() if part else ""

    @property
    def html(self) -> str:
        part = self.message.get_body(["html"])
        return part.get_content() if part else ""

    @property
    def attachments(self) -> list[EmailMessage]:
        return list(self.message.iter_attachments())


def newest(*, to: str = "", limit: int = 200) -> list[Mail]:
    """The mails, newest first; `to` narrows them to one recipient."""
    paths = sorted(folder().glob("*.eml"), reverse=True)[:limit] if folder().exists() else []
    mails = [_read(path) for path in paths]
    return [mail for mail in mails if to.lower() in mail.to.lower()]


def one(key: str) -> Mail | None:
    path = folder() / f"{int(key)}.eml"
    return _read(path) if path.exists() else None


def _read(path: Path) -> Mail:
    return Mail(path.stem, email.message_from_bytes(path.read_bytes(), policy=policy.default))
