"""Mails as their recipients read them: what came, how often, and where its links lead."""

import re
from email.header import decode_header, make_header
from email.message import Message
from urllib.parse import urlsplit

from shop.tests.faults.mailbox import Mailbox


def only_mail(inbox: Mailbox, subject: str, *, to: str = "ada@example.com") -> Message:
    """The one mail to this address whose subject has these words."""
    found = mails(inbox, subject, to=to)
    assert len(found) == 1, (
        f"{len(found)} mails “{subject}” to {to}: {[subject_of(mail) for mail in inbox.to(to)]}"
    )
    return found[0]


def mails(inbox: Mailbox, subject: str, *, to: str = "ada@example.com") -> list[Message]:
    return [mail for mail in inbox.to(to) if subject in subject_of(mail)]


def subject_of(mail: Message) -> str:
    return str(make_header(decode_header(mail["Subject"])))


def text_of(mail: Message) -> str:
    return _part(mail, "text/plain")


def html_of(mail: Message) -> str:
    return _part(mail, "text/html")


def pdf_of(mail: Message) -> tuple[str, bytes]:
    """Name and content of the paper that came with it."""
    (part,) = [part for part in mail.walk() if part.get_content_type() == "application/pdf"]
    return part.get_filename(), part.get_payload(decode=True)


def link(mail: Message, path: str) -> str:
    """The link whose path begins like this, the same in text and HTML; as a path of the shop."""
    found = {
        _path(url)
        for url in re.findall(r"https?://[^\s\"'<>]+", text_of(mail))
        if _path(url).startswith(path)
    }
    assert len(found) == 1, f"{found} in “{subject_of(mail)}”"
    (only,) = found
    assert only in html_of(mail), "text and HTML lead to different places"
    return only


def _path(url: str) -> str:
    return urlsplit(url).path


def _part(mail: Message, kind: str) -> str:
    (part,) = [part for part in mail.walk() if part.get_content_type() == kind]
    raw = part.get_payload(decode=True)
    return raw.decode(part.get_content_charset() or "utf-8")
