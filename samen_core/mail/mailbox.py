"""The file mailbox of a demonstration, read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MailboxMessage:
    """One mail in the folder; ``name`` is its file name without ``.eml``."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str


def read_mailbox(folder: Path, *, limit: int = 50) -> list[MailboxMessage]:
    """The newest mails in the folder, newest first; empty when there is no folder."""
    paths = sorted(folder.glob("*.eml"), reverse=True)[:limit]
    return [_read(path) for path in paths]


def _read(path: Path) -> MailboxMessage:
    message = message_from_bytes(path.read_bytes(), policy=default)
    return MailboxMessage(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=str(message.get_content()).replace("\r\n", "\n"),
    )
