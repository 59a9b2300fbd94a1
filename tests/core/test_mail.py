"""Mail: queued with a transaction, sent by the worker, forgotten after."""

from __future__ import annotations

import os
import stat
import uuid
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select

from samen_core import mail
from samen_core.actor import system
from samen_core.config import Mail
from samen_core.errors import Invalid
from samen_core.events.outbox import OutboxDelivery, OutboxEvent, counts
from samen_core.i18n import _
from samen_core.mail.mailers import compose
from samen_core.testing.privacy import keep_to_terms

LINK = "https://samen.example/inloggen/" + "a1" * 40


@pytest.fixture
def smtp(platform, mail_sink):
    """The platform sends to the real SMTP server of the test."""
    platform.__dict__["mailer"] = mail.SmtpMailer(
        Mail(host=mail_sink.host, port=mail_sink.port, sender="samen@samen.example"), "Gemeente Zoetermeer"
    )
    return mail_sink


def a_message(**changes) -> mail.Message:
    values = {
        "to": "noor@voorbeeld.example",
        "subject": _("Uw link om in te loggen"),
        "body": (_("Beste {name},", name="Noor Ümlaut"), LINK),
    }
    return mail.Message(**{**values, **changes})


def stored(platform, mail_id) -> mail.QueuedMail | None:
    with platform.read(system("test")) as uow:
        row = uow.session.get(mail.QueuedMail, mail_id)
        uow.session.expunge_all()
        return row


def queue(platform, message) -> uuid.UUID:
    with platform.unit_of_work(system("test")) as uow:
        return mail.queue(uow, message)


def test_a_mail_leaves_after_the_transaction_and_is_forgotten(platform, outbox, smtp):
    with platform.unit_of_work(system("test")) as uow:
        mail_id = mail.queue(uow, a_message(reply_to="balie@zoetermeer.example", unsubscribe_url="https://samen.example/afmelden"))
        assert smtp.messages == []
    assert stored(platform, mail_id).recipient == "noor@voorbeeld.example"
    outbox.drain()
    [received] = smtp.messages
    assert (received.recipients, received.sender) == (("noor@voorbeeld.example",), "samen@samen.example")
    assert received.subject == "Uw link om in te loggen"
    assert received.text.splitlines() == ["Beste Noor Ümlaut,", "", LINK], "a long link stays whole"
    message = received.message
    assert message["From"] == "Gemeente Zoetermeer <samen@samen.example>"
    assert (message["Reply-To"], message["Auto-Submitted"]) == ("balie@zoetermeer.example", "auto-generated")
    assert message["List-Unsubscribe"] == "<https://samen.example/afmelden>"
    with platform.engine.connect() as connection:
        [delivery] = connection.execute(select(OutboxDelivery.id).where(OutboxDelivery.handler == "core.mail")).scalars()
    assert message["Message-ID"] == f"<{delivery}@samen.example>"
    assert message["Date"].datetime.tzinfo is not None
    row = stored(platform, mail_id)
    assert (row.state, row.recipient, row.body, row.reply_to, row.unsubscribe_url) == ("sent", "", "", "", "")
    assert row.sent_at is not None


def test_the_outbox_knows_no_address_and_no_text(platform, smtp):
    mail_id = queue(platform, a_message())
    with platform.engine.connect() as connection:
        payload = connection.execute(select(OutboxEvent.payload).where(OutboxEvent.type == "core.mail.queued")).scalar_one()
    assert payload == {"mail_id": str(mail_id), "about": []}


def test_nothing_is_sent_when_the_transaction_is_undone(platform, outbox, smtp):
    uow = platform.unit_of_work(system("test"))
    mail.queue(uow, a_message())
    uow.rollback()
    uow.close()
    outbox.drain()
    assert smtp.messages == []


def test_a_busy_server_gets_the_mail_later_with_the_same_id(platform, outbox, smtp, clock):
    mail_id = queue(platform, a_message())
    smtp.refusal = "451 try again later"
    outbox.drain()
    assert stored(platform, mail_id).state == "queued"
    smtp.clear()
    outbox.drain()
    assert smtp.messages == [], "not at once"
    clock.forward(minutes=5)
    outbox.drain()
    assert len(smtp.messages) == 1
    assert stored(platform, mail_id).state == "sent"


def test_an_address_that_the_server_does_not_know_is_not_tried_again(platform, outbox, smtp, monkeypatch):
    async def refuse(_server, _session, _envelope, _address, _options):
        return "550 no such user"

    monkeypatch.setattr(type(smtp), "handle_RCPT", refuse, raising=False)
    mail_id = queue(platform, a_message())
    outbox.drain()
    assert stored(platform, mail_id).state == "refused"
    assert stored(platform, mail_id).recipient == ""
    with platform.read(system("test")) as uow:
        assert counts(uow.session) == {"done": 1}


def test_a_mail_that_was_sent_before_is_not_sent_again(platform, outbox, smtp):
    queue(platform, a_message())
    outbox.drain()
    with platform.write_engine.begin() as connection:
        connection.execute(OutboxDelivery.__table__.update().values(state="pending", done_at=None))
    outbox.drain()
    assert len(smtp.messages) == 1


@pytest.mark.parametrize(
    "address",
    ["", "noor", "noor@", "noor@localhost", "a@b.example\r\nBcc: c@d.example", "a@b.example, c@d.example", "x" * 300 + "@b.example"],
)
def test_an_impossible_address_is_refused(uow, address):
    for field in ("to", "reply_to"):
        if not address and field == "reply_to":
            continue
        with pytest.raises(Invalid):
            mail.queue(uow, a_message(**{field: address}))


@pytest.mark.parametrize("subject", ["", "Hallo\r\nBcc: x@y.example", "Hallo\nX", "Voor noor@voorbeeld.example", "x" * 201, "met \0"])
def test_a_subject_is_one_short_line_without_an_address(uow, subject):
    with pytest.raises(ValueError, match="subject"):
        mail.queue(uow, a_message(subject=_("{text}", text=subject)))


def test_no_header_can_be_added():
    values = {"id": uuid.uuid4(), "to": "a@b.example", "subject": "x", "body": "x", "language": "nl", "at": datetime.now(UTC)}
    for field in ("to", "subject", "reply_to", "unsubscribe_url"):
        with pytest.raises(ValueError, match=r"[Hh]eader|linefeed"):
            compose(mail.Outgoing(**{**values, field: "a@b.example\r\nBcc: c@d.example"}), sender="s@s.example", sender_name="")


def test_the_reader_s_language_is_used(platform, outbox, smtp):
    platform.translations._translators["en"] = type(platform.translations.translator("nl"))("en", {"Uw link om in te loggen": "Your link"})
    queue(platform, a_message(language="en"))
    outbox.drain()
    assert smtp.messages[0].subject == "Your link"
    assert smtp.messages[0].message["Content-Language"] == "en"


def test_what_could_not_be_sent_in_a_week_is_emptied(platform, clock):
    mail_id = queue(platform, a_message())
    clock.forward(days=8)
    keep_to_terms(platform)
    row = stored(platform, mail_id)
    assert (row.state, row.recipient, row.body) == ("expired", "", "")
    clock.forward(days=31)
    keep_to_terms(platform)
    assert stored(platform, mail_id) is None


def test_a_demonstration_keeps_its_mail_in_a_folder(platform, outbox, clock):
    assert isinstance(platform.mailer, mail.FileMailer), "what the test configuration asks for"
    folder = platform.config.path(platform.config.mail.folder)
    assert mail.read_mailbox(folder) == []
    queue(platform, a_message())
    outbox.drain()
    clock.forward(minutes=1)
    queue(platform, a_message(subject=_("Tweede")))
    outbox.drain()
    newest, oldest = mail.read_mailbox(folder)
    assert (newest.subject, oldest.subject, oldest.to) == ("Tweede", "Uw link om in te loggen", "noor@voorbeeld.example")
    assert LINK in oldest.text.split("\n")
    assert newest.at > oldest.at
    files = sorted(folder.iterdir())
    assert all(stat.S_IMODE(os.stat(path).st_mode) == 0o600 for path in files)
    assert message_from_bytes(files[0].read_bytes(), policy=default)["Message-ID"]
