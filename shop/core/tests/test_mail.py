import pytest
from django.core import mail as outgoing
from django.template import engines

from shop.core import mail, outbox
from shop.core.models import Message
from shop.tests import people

SECRET = "https://shop.example/o/abc?x=1&y=2"


@pytest.fixture(autouse=True)
def _template(db, settings, tmp_path):
    folder = tmp_path / "mails" / "greeting"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Hello {{ name }}\n")
    (folder / "body.txt").write_text("Hello {{ name }}, open {{ url }}")
    (folder / "body.html").write_text(
        '<html><body><p style="color:red">Hello {{ name }}</p><a href="{{ url }}">open</a></body></html>'
    )
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    engines._engines = {}
    if "templates" in engines.__dict__:
        del engines.__dict__["templates"]


def send(**over):
    return mail.send(
        "greeting",
        **{"to": "ada@example.com", "key": "1", "context": {"name": "Ada & Co"}, "secrets": {"url": SECRET}}
        | over,
    )


def test_arrives_with_its_secret_and_is_stored_without():
    message = send()
    assert SECRET not in message.text + message.html
    outbox.deliver_due()
    (sent,) = outgoing.outbox
    assert SECRET in sent.body
    assert "y=2" in sent.alternatives[0].content
    assert sent.subject == "Hello Ada & Co"
    message.refresh_from_db()
    assert (message.status, message.sealed) == (Message.Status.SENT, None)
    assert "[hidden]" in mail.shown(message.text)


def test_is_sent_once_however_often_it_is_asked_for():
    for _ in range(3):
        send()
    outbox.deliver_due()
    mail.deliver(Message.objects.get())
    assert len(outgoing.outbox) == 1


def test_keeps_its_message_id_when_the_worker_dies_after_the_server_took_it(monkeypatch):
    message = send()

    def die(name):
        raise SystemExit

    monkeypatch.setattr(mail, "faultpoint", die)
    with pytest.raises(SystemExit):
        mail.deliver(message)
    monkeypatch.undo()
    message.refresh_from_db()
    mail.deliver(message)
    first, second = (sent.extra_headers["Message-ID"] for sent in outgoing.outbox)
    assert first == second


def test_no_header_can_be_smuggled_in():
    message = send(context={"name": "Ada\r\nBcc: eve@evil.example"})
    assert "\n" not in message.subject


def test_survives_a_change_of_the_secret_key(settings):
    send()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 10
    outbox.deliver_due()
    assert SECRET in outgoing.outbox[0].body


def test_staff_see_a_stored_mail_in_a_frame_that_runs_nothing(client):
    message = send()
    client.force_login(people.grace())
    answer = client.get(f"/admin/core/message/{message.pk}/body/")
    assert "Ada &amp; Co" in answer.text and SECRET not in answer.text
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert "sandbox;" in policy, "without allow-scripts"
    assert "X-Frame-Options" not in answer
