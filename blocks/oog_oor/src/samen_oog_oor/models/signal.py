"""Signals: what one person saw; who that was stands apart, sealed; and who sees the same."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.api import Base, Code, index_where, not_personal, personal, thing
from samen_oog_oor.models.base import TITLE_LENGTH

TEXT_LENGTH = 4_000
_TERM = "twee jaar na het afsluiten van de zaak, of wat de gemeente instelde"
_CONTACT = "90 dagen na het afsluiten van de zaak, of wat de gemeente instelde"
_OF = "signal_id=oog_oor__signal.id"
_SEALED = "oog_oor.contact"
_CASE = "hoort bij de zaak; het staat er daarna zonder wie het meldde"


class Signal(Base):
    """One observation. ``text`` is what was typed, for who may see it; ``public_text`` what is left of it for everybody, once looked at.

    ``code`` is on the receipt (with it the reporter finds the signal back), ``key_hash`` the keyed hash of the key in the link of the
    mails. ``idempotency_key`` is made by the device, so that what is sent twice counts once; ``confirmed_at`` is None while a signal that
    has to be confirmed by mail was not, ``withdrawn_at`` when its reporter took it back: it stays, and gets no more messages.
    ``first_case_id`` is where it came in, before cases were merged.
    """

    __tablename__ = "oog_oor__signal"
    __table_args__ = (
        Index("ix_oog_oor__signal_case_id_at", "case_id", "at"),
        Index("ix_oog_oor__signal_at_id", "at", "id"),
        # Of those with an account alone: most have none.
        index_where("ix_oog_oor__signal_account_id", "account_id", where="account_id IS NOT NULL"),
        thing("Melding"),
    )

    id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"), primary_key=True)
    version: Mapped[int] = mapped_column()
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    first_case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    code: Mapped[str] = mapped_column(String(20), unique=True, info=not_personal("a code that was given out"))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal("what the key of a link is checked with"))
    idempotency_key: Mapped[str | None] = mapped_column(String(80), unique=True, info=not_personal("made at random by a device"))
    channel: Mapped[str] = mapped_column(Code, info=not_personal("one of CHANNELS"))
    type: Mapped[str] = mapped_column(Code, info=not_personal("one of TYPES"))
    text: Mapped[str] = mapped_column(
        info=personal(
            "oplossen wat er gemeld is", "public_task", _TERM, label="wat er gemeld is", people="participant", rule="oog_oor.signals"
        )
    )
    public_text: Mapped[str] = mapped_column(default="", info=not_personal("what is left of the text without what is about people"))
    answers: Mapped[dict[str, Any]] = mapped_column(
        default=dict,
        info=personal("oplossen wat er gemeld is", "public_task", _TERM, label="antwoorden", people="participant", rule="oog_oor.signals"),
    )
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    address: Mapped[str] = mapped_column(
        String(TITLE_LENGTH),
        default="",
        info=personal(
            "weten waar iets is",
            "public_task",
            _TERM,
            label="plek",
            people="participant",
            erase="keep",
            keep_reason=_CASE,
            rule="oog_oor.signals",
        ),
    )
    area_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("citycontent__area.id"), index=True)
    at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        info=personal("eigen meldingen volgen", "public_task", _TERM, label="wie meldde", people="participant", rule="oog_oor.signals"),
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Reporter(Base):
    """How to reach whoever sent a signal: sealed texts, which only this installation opens. Who opened them stands in :class:`Viewing`.

    ``email_hash`` is a keyed hash, to find the signals of one address. ``share`` is the consent to pass them to who carries the work out.
    """

    __tablename__ = "oog_oor__reporter"
    __table_args__ = (thing("Contactgegevens van een melder"),)

    signal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__signal.id"), primary_key=True)
    name: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "iets kunnen vragen en antwoorden",
            "consent",
            _CONTACT,
            label="naam",
            people="participant",
            of=_OF,
            sealed=_SEALED,
            rule="oog_oor.contact",
        ),
    )
    email: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "iets kunnen vragen en antwoorden",
            "consent",
            _CONTACT,
            label="e-mailadres",
            people="participant",
            of=_OF,
            sealed=_SEALED,
            rule="oog_oor.contact",
        ),
    )
    phone: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "iets kunnen vragen en antwoorden",
            "consent",
            _CONTACT,
            label="telefoonnummer",
            people="participant",
            of=_OF,
            sealed=_SEALED,
            rule="oog_oor.contact",
        ),
    )
    email_hash: Mapped[str] = mapped_column(
        String(64),
        default="",
        index=True,
        info=personal(
            "meldingen van een adres terugvinden",
            "public_task",
            _CONTACT,
            label="hash van het e-mailadres",
            people="participant",
            export=False,
            of=_OF,
            rule="oog_oor.contact",
        ),
    )
    share: Mapped[bool] = mapped_column(default=False)
    wants_mail: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(Code, default="nl", info=not_personal("the language of the page that was used"))


class Support(Base):
    """Somebody sees the same and said no more than that. ``who`` is an account or the keyed hash of a device: one voice each."""

    __tablename__ = "oog_oor__support"
    __table_args__ = (Index("uq_oog_oor__support_case_id_who", "case_id", "who", unique=True), thing("Ik zie dit ook"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    who: Mapped[str] = mapped_column(
        String(64),
        info=personal(
            "elk mens telt één keer",
            "public_task",
            _TERM,
            label="hash van account of apparaat",
            people="participant",
            export=False,
            rule="oog_oor.supports",
            erase="keep",
            keep_reason="niet te herleiden zonder het account",
        ),
    )
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal("zien wat u steunde", "public_task", _TERM, label="wie het ook ziet", people="participant", rule="oog_oor.supports"),
    )
    at: Mapped[datetime]


class Viewing(Base):
    """Somebody of the staff opened what is confidential: contact details, the original of a picture, a signal of professionals."""

    __tablename__ = "oog_oor__viewing"
    __table_args__ = (Index("ix_oog_oor__viewing_case_id_at", "case_id", "at"), thing("Inzage in wat vertrouwelijk is"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("oog_oor__case.id"))
    account_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal(
            "nagaan wie gegevens van melders bekeek",
            "legal_obligation",
            "twee jaar",
            label="wie keek",
            people="staff",
            rule="oog_oor.viewings",
        ),
    )
    what: Mapped[str] = mapped_column(Code, info=not_personal("contact, picture or confidential"))
    reason: Mapped[str] = mapped_column(Code, default="", info=not_personal("why contact details were opened, out of a list"))
    at: Mapped[datetime]
