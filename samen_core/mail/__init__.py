"""Mail: queued with the transaction that causes it, sent by the worker through the outbox.

``queue(uow, message)`` is all that a service calls. The outbox carries only the mail's id; address and text stand in ``core__mail`` until
the mail is sent and are then emptied.
"""

from samen_core.mail.mailbox import MailboxMessage, read_mailbox
from samen_core.mail.mailers import FileMailer, Mailer, MailRefused, Outgoing, SmtpMailer, make_mailer
from samen_core.mail.models import QueuedMail
from samen_core.mail.queue import MailQueued, Message, deliver, queue

__all__ = [
    "FileMailer",
    "MailQueued",
    "MailRefused",
    "MailboxMessage",
    "Mailer",
    "Message",
    "Outgoing",
    "QueuedMail",
    "SmtpMailer",
    "deliver",
    "make_mailer",
    "queue",
    "read_mailbox",
]
