"""What reporters and everybody hear about a case: one message reaches every reporter of it, each with the link to their own signal."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from samen_core.api import Text, UnitOfWork, format_date, uuid7
from samen_oog_oor.events import CaseUpdated
from samen_oog_oor.labels import STATE_LABELS, STATE_MEANING
from samen_oog_oor.managed_texts import steps
from samen_oog_oor.models import Case, Category, Signal, Update
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.services.common import tell
from samen_oog_oor.services.deadlines import latest_promise, note_answer
from samen_oog_oor.services.mailing import mail_signals

AnyText = str | Text


def tell_reporters(
    uow: UnitOfWork,
    case: Case,
    text: AnyText = "",
    public: bool = True,
    *,
    mail: str | None = steps.STEP,
    to: Collection[uuid.UUID] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Update:
    """Keep a message about a case as it is now, and mail it to its reporters; the message.

    ``text`` is what somebody wrote (a Text is what the platform says by itself, in the language of each reporter); without one the mail
    says the state. ``public``: everybody may read it where the case is public, never when that is confidential. ``mail`` is the managed
    text, None sends nothing. ``to`` are the signals whose reporters get it, by default all; ``more`` fills in what that text has besides.
    Who may do so was checked by whoever calls this.
    """
    shown = public and not case.confidential
    update = Update(id=uuid7(), case_id=case.id, at=uow.now, state=case.state, text=in_dutch(uow, text), public=shown)
    uow.session.add(update)
    if isinstance(text, str) and text:
        note_answer(uow, case)
    if mail is not None:
        send_mails(uow, case, mail, {"text": text, **(more or {})}, to)
        case.told_at = uow.now
    if update.public:
        tell(uow, CaseUpdated, case)
    return update


def send_mails(uow: UnitOfWork, case: Case, mail: str, more: Mapping[str, Any], to: Collection[uuid.UUID] | None = None) -> None:
    """Mail the reporters of a case as it is now, each address once. ``more`` fills in what the managed text has beside the usual."""
    usual = _usual(uow, case)

    def filled(language: str) -> dict[str, str]:
        return {name: _said(uow, value, language) for name, value in {**usual, "what": what_of(uow, case, language), **more}.items()}

    mail_signals(uow, mail, _signals(uow, case, to), filled)


def what_of(uow: UnitOfWork, case: Case, language: str) -> str:
    """What a case is about, for a mail that others may see on a screen: its category; of what is confidential nothing."""
    if case.confidential:
        return ""
    category = uow.session.get_one(Category, case.category_id)
    return category.name_en if language == "en" and category.name_en else category.name


def in_dutch(uow: UnitOfWork, text: AnyText) -> str:
    """A text as it is stored."""
    with uow.platform.translations.use("nl"):
        return str(text)


def _said(uow: UnitOfWork, value: Any, language: str) -> str:
    """What is filled in, in the language of the mail: a day in words, or a text."""
    with uow.platform.translations.use(language):
        return format_date(value) if isinstance(value, date) else str(value)


def _signals(uow: UnitOfWork, case: Case, to: Collection[uuid.UUID] | None) -> list[uuid.UUID]:
    """The signals of a case, the first first; of ``to`` alone when given."""
    found = uow.session.execute(select(Signal.id).where(Signal.case_id == case.id).order_by(Signal.at, Signal.id)).scalars()
    return list(found) if to is None else [id for id in found if id in to]


def _usual(uow: UnitOfWork, case: Case) -> dict[str, Any]:
    day = None if case.state in CLOSED or case.state == "reopening_requested" else latest_promise(uow, case)
    return {
        "number": case.number,
        "state": STATE_LABELS[case.state],
        "meaning": STATE_MEANING[case.state],
        "day": day or "",
        "planned": case.planned_on if case.state == "planned" and case.planned_on is not None else "",
    }
