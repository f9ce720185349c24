"""A real mail server that keeps what it accepts: the proof of what was sent, and how often."""

from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message

from aiosmtpd.controller import Controller

from shop.dev import ports


class Mailbox:
    """Speaks SMTP on a port of its own."""

    def __init__(self):
        self.accepted: list[Message] = []
        self.port = ports.any_free()

    async def handle_DATA(self, server, session, envelope):
        self.accepted.append(message_from_bytes(envelope.content))
        return "250 kept"

    @property
    def url(self) -> str:
        return f"smtp://{ports.HOST}:{self.port}"

    def to(self, address: str) -> list[Message]:
        return [mail for mail in self.accepted if mail["To"] == address]

    def ids(self) -> list[str]:
        """The Message-ID of each that was accepted, in order; the same one twice is the same mail sent twice."""
        return [mail["Message-ID"] for mail in self.accepted]


@contextmanager
def open_mailbox():
    box = Mailbox()
    controller = Controller(box, hostname=ports.HOST, port=box.port)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
