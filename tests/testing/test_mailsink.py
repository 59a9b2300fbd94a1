"""The mail sink receives over real SMTP what a mailer sends."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

import pytest

from samen_core.testing.mailsink import MailSink, running_mail_sink


def send(sink: MailSink, subject: str = "Uw reactie is ontvangen") -> None:
    message = EmailMessage()
    message["From"] = "samen@example.org"
    message["To"] = "José <jose@example.org>"
    message["Subject"] = subject
    message.set_content("Dag José, er zijn 3 reacties uit één buurt.")
    message.add_alternative("<p>Dag José</p>", subtype="html")
    with smtplib.SMTP(sink.host, sink.port) as smtp:
        smtp.send_message(message)


def test_keeps_envelope_and_both_parts(mail_sink: MailSink) -> None:
    send(mail_sink)
    [mail] = mail_sink.messages
    assert (mail.sender, mail.recipients) == ("samen@example.org", ("jose@example.org",))
    assert mail.subject == "Uw reactie is ontvangen"
    assert "3 reacties uit één buurt" in mail.text
    assert "<p>Dag José</p>" in mail.html


def test_starts_each_test_empty(mail_sink: MailSink) -> None:
    assert mail_sink.messages == []
    assert mail_sink.refusal is None


def test_refuses_when_told(mail_sink: MailSink) -> None:
    mail_sink.refusal = "451 try again later"
    with pytest.raises(smtplib.SMTPDataError) as caught:
        send(mail_sink)
    assert caught.value.smtp_code == 451
    assert mail_sink.messages == []
    mail_sink.clear()
    send(mail_sink)
    assert len(mail_sink.messages) == 1


def test_wait_says_how_many_came(mail_sink: MailSink) -> None:
    send(mail_sink)
    assert [mail.subject for mail in mail_sink.wait_for(1)] == ["Uw reactie is ontvangen"]
    with pytest.raises(TimeoutError, match="1 of 2"):
        mail_sink.wait_for(2, seconds=0.05)


def test_stops_with_a_session_open() -> None:
    with running_mail_sink() as sink:
        smtp = smtplib.SMTP(sink.host, sink.port)
        smtp.ehlo()
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP(sink.host, sink.port)
    smtp.close()
