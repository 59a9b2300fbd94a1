"""Hiding what may not stand on the platform, and showing it again: who did it, when and why.

The block that owns the thing keeps its own state, its register card and its pages; core keeps the decision, the same for every block.
Whoever wrote it is told the reason and how to object (DSA, Regulation (EU) 2022/2065, art. 17 and 20): the block mails
:func:`explanation`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ForeignKey, Index, bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column

from samen_core.db.base import Base, Code, uuid7
from samen_core.errors import Conflict, Invalid, NotFound
from samen_core.events.types import Event
from samen_core.i18n import Text, _, format_date
from samen_core.permissions import MODERATE
from samen_core.privacy import not_personal, personal, thing
from samen_core.subjects import Subject, SubjectRef

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

HIDING_LABELS: dict[str, Text] = {
    "personal_data": _("Er staan gegevens van iemand in"),
    "insult": _("Belediging of bedreiging"),
    "discrimination": _("Discriminatie"),
    "advertising": _("Reclame"),
    "unlawful": _("In strijd met de wet"),
    "doubled": _("Staat er al"),
    "other": _("Een andere reden"),
}
"""Why something is hidden, by code; the codes are stored."""

_BY_LAW = frozenset({"personal_data", "discrimination", "unlawful"})
MAX_REASON = 2_000
_ACCOUNT = "tot het account wordt verwijderd"
_WITH_SUBJECT = "zolang het onderwerp bestaat waar het over gaat"
_EXPLAINED = "de gemeente moet kunnen uitleggen wat zij verborg; namen en adressen gaan eruit"
_OPEN = text("shown_at IS NULL")


class Hiding(Base):
    """One time that a thing was hidden; ``shown_at`` is filled when it is shown again."""

    __tablename__ = "core__hiding"
    __table_args__ = (
        Index("ix_core__hiding_subject_id_at", "subject_id", "at"),
        Index("uq_core__hiding_subject_id_open", "subject_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        thing("Verborgen bijdrage"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("core__subject.id"))
    code: Mapped[str] = mapped_column(Code, info=not_personal("one of a fixed list of reasons"))
    reason: Mapped[str] = mapped_column(
        info=personal(
            "uitleggen waarom iets is verborgen; de uitleg kan over een persoon gaan",
            "legal_obligation",
            _WITH_SUBJECT,
            label="uitleg bij het verbergen",
            people="participant",
            erase="keep",
            keep_reason=_EXPLAINED,
        )
    )
    at: Mapped[datetime]
    hidden_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal("nagaan wie iets heeft verborgen", "legal_obligation", _ACCOUNT, label="wie verborg", people="staff"),
    )
    shown_at: Mapped[datetime | None]
    shown_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("core__user.id", ondelete="SET NULL"),
        index=True,
        info=personal("nagaan wie iets weer heeft laten zien", "legal_obligation", _ACCOUNT, label="wie weer liet zien", people="staff"),
    )
    shown_because: Mapped[str] = mapped_column(
        default="",
        info=personal(
            "uitleggen waarom iets weer te zien is",
            "legal_obligation",
            _WITH_SUBJECT,
            label="uitleg bij het weer laten zien",
            people="participant",
            erase="keep",
            keep_reason=_EXPLAINED,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectHidden(Event):
    """A moderator hid a thing; ``code`` is one of ``HIDING_LABELS``."""

    type: ClassVar[str] = "core.subject.hidden"

    subject_type: str
    subject_id: uuid.UUID
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectShown(Event):
    """A hidden thing can be seen again."""

    type: ClassVar[str] = "core.subject.shown"

    subject_type: str
    subject_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class HiddenReason:
    """Why a thing is hidden now. Everybody may see ``label``; ``reason`` is for who wrote the thing and for moderators."""

    code: str
    reason: str
    at: datetime

    @property
    def label(self) -> Text:
        """The reason in a few words."""
        return HIDING_LABELS[self.code]


_LOCK = select(Subject.id).where(Subject.id == bindparam("id"), Subject.type == bindparam("type")).with_for_update()
_NOW_HIDDEN = select(Hiding).where(Hiding.subject_id == bindparam("id"), Hiding.shown_at.is_(None))


def hide(uow: UnitOfWork, ref: SubjectRef, reason: str, code: str, *, scopes: Iterable[uuid.UUID] = ()) -> HiddenReason:
    """Keep down that a thing is hidden, in the transaction in which its block takes it out of sight.

    ``reason`` explains it to whoever wrote the thing; ``scopes`` are subjects that it belongs to, on which a moderator's grant counts
    too. Raises NotAllowed, Invalid (keys ``code`` and ``reason``), NotFound, and Conflict when it is hidden already.
    """
    MODERATE.require(uow.actor, ref.id, scopes=scopes)
    reason = reason.strip()
    errors = _reason_errors(reason)
    if code not in HIDING_LABELS:
        errors["code"] = [_("Kies een reden uit de lijst.")]
    if errors:
        raise Invalid(errors)
    before = _current(uow, ref)
    if before is not None:
        raise Conflict(current={"code": before.code, "reason": before.reason})
    row = Hiding(id=uuid7(), subject_id=ref.id, code=code, reason=reason, at=uow.now, hidden_by_id=uow.actor.account_id)
    uow.session.add(row)
    uow.session.flush()
    # The explanation stays out of the log and its event: it may be about a person, and a log row is kept for good.
    after = {"code": code}
    uow.record(SubjectHidden.type, ref.id, after=after, public=True, sentence=log_sentence(SubjectHidden.type, after) or "")
    uow.publish(SubjectHidden(subject_type=ref.type, subject_id=ref.id, code=code, about=(ref,)))
    return HiddenReason(code, reason, uow.now)


def show_again(uow: UnitOfWork, ref: SubjectRef, reason: str, *, scopes: Iterable[uuid.UUID] = ()) -> None:
    """Keep down that a hidden thing can be seen again. Raises NotAllowed, Invalid, NotFound, and Conflict when it is not hidden."""
    MODERATE.require(uow.actor, ref.id, scopes=scopes)
    reason = reason.strip()
    if errors := _reason_errors(reason):
        raise Invalid(errors)
    row = _current(uow, ref)
    if row is None:
        raise Conflict
    row.shown_at, row.shown_by_id, row.shown_because = uow.now, uow.actor.account_id, reason
    uow.session.flush()
    uow.record(SubjectShown.type, ref.id, before={"code": row.code}, public=True, sentence=log_sentence(SubjectShown.type, {}) or "")
    uow.publish(SubjectShown(subject_type=ref.type, subject_id=ref.id, about=(ref,)))


def log_sentence(action: str, after: Mapping[str, Any]) -> Text | None:
    """What the public logbook says of hiding and showing again; None for another act."""
    if action == SubjectHidden.type:
        return _("Een moderator heeft dit verborgen. Reden: {reason}.", reason=HIDING_LABELS[after["code"]])
    if action == SubjectShown.type:
        return _("Een moderator heeft dit weer zichtbaar gemaakt.")
    return None


def hidden_reasons(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, HiddenReason]:
    """Why these things are hidden, by id, in one statement; what is not hidden is missing."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    columns = select(Hiding.subject_id, Hiding.code, Hiding.reason, Hiding.at)
    rows = uow.session.execute(columns.where(Hiding.subject_id.in_(wanted), Hiding.shown_at.is_(None)))
    return {row.subject_id: HiddenReason(row.code, row.reason, row.at) for row in rows}


def explanation(uow: UnitOfWork, hidden: HiddenReason) -> tuple[Text | str, ...]:
    """What whoever wrote a hidden thing must be told, as paragraphs of a mail (DSA art. 17 (3)); the block says first which thing it is.

    What was done and until when, why, on what ground, that no computer decided it, and how to object.
    """
    city = uow.platform.config.city
    ground = _("Dit mag niet volgens de wet.") if hidden.code in _BY_LAW else _("Dit past niet bij de spelregels van deze website.")
    return (
        _("We hebben dit op {date} verborgen. Andere bezoekers kunnen het niet meer lezen, tot een moderator het weer laat zien.",
          date=_Day(hidden.at)),
        _("De reden: {reason}. {ground}", reason=hidden.label, ground=ground),
        hidden.reason,
        _("Een medewerker van {city} heeft dit bekeken en besloten. Dat is niet automatisch gegaan.", city=city.name),
        _("Bent u het er niet mee eens? Laat dat binnen zes maanden weten en zeg waarom. Een ander kijkt er dan opnieuw naar: {contact}",
          contact=city.contact_email or city.contact_url),
        _("Komt u er met ons niet uit? Dan kunt u naar de rechter gaan."),
    )  # fmt: skip


class _Day:
    """A day that is written in the language of the mail, not in that of whoever makes it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __str__(self) -> str:
        return format_date(self.moment)


def _reason_errors(reason: str) -> dict[str, list[Text]]:
    if not reason:
        return {"reason": [_("Leg uit waarom. Wie het schreef krijgt deze uitleg.")]}
    if len(reason) > MAX_REASON:
        return {"reason": [_("Gebruik hoogstens {max} tekens.", max=MAX_REASON)]}
    return {}


def _current(uow: UnitOfWork, ref: SubjectRef) -> Hiding | None:
    """The open row, with the thing's register row locked, so that two moderators act one after the other. Raises NotFound."""
    if uow.session.execute(_LOCK, {"id": ref.id, "type": ref.type}).first() is None:
        raise NotFound
    return uow.session.execute(_NOW_HIDDEN, {"id": ref.id}).scalar_one_or_none()
