"""Queueing a mail with a transaction, and the handler that sends it."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import insert, select, update

from samen_core.actor import system
from samen_core.db.base import uuid7
from samen_core.errors import Invalid
from samen_core.events.types import Delivered, Event
from samen_core.i18n import Text, _
from samen_core.mail.mailers import MailRefused, Outgoing
from samen_core.mail.models import QueuedMail

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

MAX_SUBJECT = 200
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
EMPTY = {"recipient": "", "reply_to": "", "body": "", "unsubscribe_url": ""}


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to one person, in ``language``.

    ``body`` is plain text: its parts are paragraphs, a link stands alone in one. The subject is a fixed text without personal data: mail
    programs and servers show it in passing.
    """

    to: str
    subject: Text | str
    body: tuple[Text | str, ...]
    language: str = "nl"
    reply_to: str = ""
    unsubscribe_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailQueued(Event):
    """A mail waits to be sent; ``mail_id`` is its row in ``core__mail``."""

    type: ClassVar[str] = "core.mail.queued"

    mail_id: uuid.UUID


def queue(uow: UnitOfWork, message: Message) -> uuid.UUID:
    """Send this mail once the transaction of ``uow`` is committed; its id.

    Raises Invalid for an address that cannot exist, ValueError for a subject that is too long, or has a line break or an address in it.
    """
    with uow.platform.translations.use(message.language):
        subject = str(message.subject)
        paragraphs = [str(part).strip() for part in message.body]
    _check_subject(subject)
    mail_id = uuid7()
    row = {
        "id": mail_id,
        "recipient": _address(message.to),
        "reply_to": _address(message.reply_to) if message.reply_to else "",
        "subject": subject,
        "body": _CONTROL.sub("", "\n\n".join(part for part in paragraphs if part)) + "\n",
        "language": message.language,
        "unsubscribe_url": message.unsubscribe_url,
        "state": "queued",
        "at": uow.now,
    }
    uow.session.execute(insert(QueuedMail).values(row))
    uow.publish(MailQueued(mail_id=mail_id))
    return mail_id


def _check_subject(subject: str) -> None:
    if not subject or len(subject) > MAX_SUBJECT or _CONTROL.search(subject) or "\n" in subject or "@" in subject:
        raise ValueError("the subject of a mail must be one short line without an e-mail address")


def _address(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        # Reserved domains such as .example are right in a demonstration; whether a domain exists is for the mail server to find out.
        return validate_email(address, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise Invalid({"email": [_("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")]}) from None


_WAITING = select(
    QueuedMail.id,
    QueuedMail.recipient,
    QueuedMail.reply_to,
    QueuedMail.subject,
    QueuedMail.body,
    QueuedMail.language,
    QueuedMail.unsubscribe_url,
)


def deliver(uow: UnitOfWork, event: Delivered) -> None:
    """Send one queued mail; the outbox handler. An exception means that the worker tries again later.

    After a crash between sending and noting it the same mail may leave twice, with the same Message-ID.
    """
    mail_id = uuid.UUID(event.payload["mail_id"])
    row = uow.session.execute(_WAITING.where(QueuedMail.id == mail_id, QueuedMail.state == "queued")).one_or_none()
    if row is None:
        return
    # The connection goes back before the mail server is asked: it may take long to answer.
    uow.rollback()
    mail = Outgoing(
        id=event.delivery_id,
        to=row.recipient,
        subject=row.subject,
        body=row.body,
        language=row.language,
        at=uow.now,
        reply_to=row.reply_to,
        unsubscribe_url=row.unsubscribe_url,
    )
    try:
        uow.platform.mailer.send(mail)
        state = "sent"
    except MailRefused as refusal:
        uow.platform.log.warning("mail_refused", mail=str(mail_id), reason=str(refusal))
        state = "refused"
    with uow.platform.unit_of_work(system()) as writing:
        sent = {"state": state, "sent_at": writing.now if state == "sent" else None}
        writing.session.execute(update(QueuedMail).where(QueuedMail.id == mail_id).values(**sent, **EMPTY))
