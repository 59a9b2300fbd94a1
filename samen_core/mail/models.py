"""The table of mails that wait to be sent."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, Code
from samen_core.privacy import not_personal, personal, thing

_UNTIL_SENT = "tot de mail is verstuurd, hooguit zeven dagen"


class QueuedMail(Base):
    """A mail on its way out. Address and text are emptied as soon as it is sent or given up; the row itself goes after 30 days.

    ``state`` is queued, sent, refused (the address does not exist) or expired.
    """

    __tablename__ = "core__mail"
    __table_args__ = (Index("ix_core__mail_state_at", "state", "at"), thing("Mail die klaarstaat"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(
        String(254),
        info=personal(
            "de mail bezorgen",
            "public_task",
            _UNTIL_SENT,
            label="aan",
            people="participant",
            receivers=("mail",),
            rule="core.unsent_mail",
            address=True,
            erase="delete_row",
        ),
    )
    reply_to: Mapped[str] = mapped_column(
        String(254),
        default="",
        info=personal(
            "antwoord mogelijk maken",
            "public_task",
            _UNTIL_SENT,
            label="antwoord aan",
            people="participant",
            receivers=("mail",),
            rule="core.unsent_mail",
        ),
    )
    subject: Mapped[str] = mapped_column(String(200), info=not_personal("a fixed text; queueing refuses an address in it"))
    body: Mapped[str] = mapped_column(
        info=personal(
            "de inhoud van de mail bezorgen",
            "public_task",
            _UNTIL_SENT,
            label="tekst",
            people="participant",
            receivers=("mail",),
            rule="core.unsent_mail",
            export=False,
        )
    )
    language: Mapped[str] = mapped_column(String(8), info=not_personal("the language of the text"))
    unsubscribe_url: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "afmelden mogelijk maken",
            "legal_obligation",
            _UNTIL_SENT,
            label="link om af te melden",
            people="participant",
            receivers=("mail",),
            rule="core.unsent_mail",
            export=False,
        ),
    )
    state: Mapped[str] = mapped_column(Code, default="queued", info=not_personal("how far the mail is"))
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
