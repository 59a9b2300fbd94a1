"""How mail leaves: over SMTP, or as one file per mail for a demonstration."""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Protocol
from uuid import UUID

from samen_core.config import Config, Mail

TIMEOUT = 30
"""Seconds that a mail server gets to answer."""


class MailRefused(Exception):
    """The server refuses this mail for good (an address that does not exist); sending it again is no use."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail as it leaves. ``id`` becomes the Message-ID: a mail that is sent twice after a crash is recognised as one."""

    id: UUID
    to: str
    subject: str
    body: str
    language: str
    at: datetime
    reply_to: str = ""
    unsubscribe_url: str = ""


class Mailer(Protocol):
    """Sends one mail. Raises MailRefused when it can never arrive; any other exception means: try again later."""

    def send(self, mail: Outgoing) -> None:
        """Send this mail now."""


def compose(mail: Outgoing, *, sender: str, sender_name: str) -> EmailMessage:
    """The message with its headers (RFC 5322; RFC 3834 for automatic mail, RFC 8058 for unsubscribing).

    Raises ValueError for a header with a line break, so that nobody adds headers of his own.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((sender_name, sender)) if sender_name else sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.reply_to:
        message["Reply-To"] = mail.reply_to
    if mail.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body)
    # Not before: setting the content takes other Content headers away.
    message["Content-Language"] = mail.language
    return message


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends over SMTP, with STARTTLS or TLS and a log-in as configured; the server's certificate is checked."""

    config: Mail
    sender_name: str = ""

    def send(self, mail: Outgoing) -> None:
        """Send one mail on a connection of its own. Raises MailRefused, smtplib.SMTPException or OSError."""
        message = compose(mail, sender=self.config.sender, sender_name=self.sender_name)
        with self._connect() as server:
            try:
                server.send_message(message)
            except smtplib.SMTPRecipientsRefused as error:
                codes = [code for code, _reply in error.recipients.values()]
                if all(500 <= code < 600 for code in codes):
                    raise MailRefused(f"the mail server answered {codes[0]}") from None
                raise

    def check(self, seconds: float) -> None:
        """Connect and log in within this time, and send nothing. Raises smtplib.SMTPException or OSError."""
        with self._connect(seconds) as server:
            server.noop()

    def _connect(self, seconds: float = TIMEOUT) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.config.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.config.host, self.config.port, timeout=seconds, context=context)
        else:
            server = smtplib.SMTP(self.config.host, self.config.port, timeout=seconds)
        try:
            if self.config.security == "starttls":
                server.starttls(context=context)
            if self.config.username:
                server.login(self.config.username, self.config.password)
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True, slots=True)
class FileMailer:
    """Puts every mail as an ``.eml`` file in a folder, for a demonstration: nothing leaves the machine."""

    folder: Path
    sender: str
    sender_name: str = ""

    def send(self, mail: Outgoing) -> None:
        """Write one file, readable by its owner only; the same mail again replaces it."""
        message = compose(mail, sender=self.sender, sender_name=self.sender_name)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The stamp sorts the folder by time; the id keeps a repeated delivery in one file.
        path = self.folder / f"{mail.at:%Y%m%dT%H%M%S}-{mail.id}.eml"
        temporary = path.with_suffix(".part")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
            stream.write(message.as_bytes())
        temporary.replace(path)


def make_mailer(config: Config) -> Mailer:
    """The mailer that the configuration asks for."""
    if config.mail.transport == "smtp":
        return SmtpMailer(config.mail, config.city.name)
    return FileMailer(config.path(config.mail.folder), config.mail.sender, config.city.name)
