"""What reporters and everybody hear about a case: one message reaches every reporter of it, each with the link to their own signal."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from samen_core.api import Text, UnitOfWork, format_date, managed_mail, page_address, queue_mail, uuid7
from samen_oog_oor import paths
from samen_oog_oor.events import CaseUpdated
from samen_oog_oor.labels import STATE_LABELS, STATE_MEANING
from samen_oog_oor.managed_texts import steps
from samen_oog_oor.models import Case, Signal, Update
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.services.common import tell
from samen_oog_oor.services.contact import MailAddress, mail_addresses
from samen_oog_oor.services.deadlines import latest_promise, note_answer
from samen_oog_oor.services.receipt_keys import receipt_key

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


def send_mails(uow: UnitOfWork, case: Case, mail: str, more: Mapping[str, Any], to: Collection[uuid.UUID] | None = None) -> int:
    """Mail the reporters of a case, each address once; how many. ``more`` fills in what the managed text has beside the usual."""
    signals = _signals(uow, case, to)
    sent: set[str] = set()
    for address in mail_addresses(uow, signals):
        if address.email.lower() not in sent:
            sent.add(address.email.lower())
            values = {**_usual(uow, case, address, signals[address.signal_id]), **more}
            declared = uow.platform.texts.declared[mail].placeholders
            filled = {item.name: _said(uow, values.get(item.name, ""), address.language) for item in declared}
            queue_mail(uow, managed_mail(uow, mail, address.email, address.language, filled))
    return len(sent)


def in_dutch(uow: UnitOfWork, text: AnyText) -> str:
    """A text as it is stored."""
    with uow.platform.translations.use("nl"):
        return str(text)


def _said(uow: UnitOfWork, value: Any, language: str) -> Any:
    """What is filled in: a day in words, in the language of the mail."""
    if not isinstance(value, date):
        return value
    with uow.platform.translations.use(language):
        return format_date(value)


def _signals(uow: UnitOfWork, case: Case, to: Collection[uuid.UUID] | None) -> dict[uuid.UUID, str]:
    """The signals of a case with their codes, of ``to`` alone when given."""
    statement = select(Signal.id, Signal.code).where(Signal.case_id == case.id).order_by(Signal.at, Signal.id)
    found = {row.id: row.code for row in uow.session.execute(statement)}
    return found if to is None else {id: code for id, code in found.items() if id in to}


def _usual(uow: UnitOfWork, case: Case, address: MailAddress, code: str) -> dict[str, Any]:
    link = page_address(uow.platform, paths.receipt(receipt_key(uow.platform, address.signal_id)), address.language)
    day = None if case.state in CLOSED or case.state == "reopening_requested" else latest_promise(uow, case)
    return {
        "number": case.number,
        "state": STATE_LABELS[case.state],
        "meaning": STATE_MEANING[case.state],
        "day": day or "",
        "planned": case.planned_on if case.state == "planned" and case.planned_on is not None else "",
        "code": code,
        "link": link,
    }
