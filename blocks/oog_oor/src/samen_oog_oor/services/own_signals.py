"""One's own signal: found back by the key of a link, by its code, or by account; judged, added to, and heard of or not.

Whoever calls what changes a signal made sure that it is the reporter's: they came with its key, which only its mails and receipt hold.
"""

from __future__ import annotations

import hmac
import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from samen_core.api import (
    LOGGED_IN,
    Invalid,
    NotFound,
    Order,
    Page,
    PageRequest,
    SortKey,
    StoredFile,
    SubjectRef,
    UnitOfWork,
    _,
    attach_files,
    clean_code,
    fetch_page,
    format_date,
    stored_files,
    uuid7,
)
from samen_oog_oor.events import CaseAnswered
from samen_oog_oor.models import Case, Inquiry, Reporter, Signal, Support, Verdict
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries.numbers import VERDICTS
from samen_oog_oor.schemas.own_signals import AddToSignal, FindSignal, Judge, RewriteSignal
from samen_oog_oor.services.common import keep_case, log, own_locked, tell
from samen_oog_oor.services.contact import email_hash
from samen_oog_oor.services.counting import count_again
from samen_oog_oor.services.deadlines import city_day
from samen_oog_oor.services.inquiries import PHOTOS
from samen_oog_oor.services.kinds import SIGNAL
from samen_oog_oor.services.receipt_keys import key_hash
from samen_oog_oor.services.reopening import require_confirmed

_UNKNOWN = _("Wij kennen deze code niet, of het e-mailadres hoort er niet bij. Controleer beide.")
_S, _C, _SUPPORT = Signal.__table__.c, Case.__table__.c, Support.__table__.c
OWN_ORDER = Order("oog_oor.own", SortKey(_S.at, descending=True), SortKey(_S.id, descending=True))
MOST_JOINED = 50
MOST_OWN_PICTURES = 12
"""Of a signal, with those that its reporter added later."""
MOST_TEXT = 20_000
"""Of a signal with everything that its reporter added."""


def own_signal(uow: UnitOfWork, key: str) -> tuple[Signal, Case]:
    """The signal at this key, with the case that it is on now. Raises NotFound."""
    found = select(Signal, Case).join(Case, Case.id == Signal.case_id).where(Signal.key_hash == key_hash(uow.platform, key))
    row = uow.session.execute(found).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def find_signal(uow: UnitOfWork, command: FindSignal) -> uuid.UUID:
    """The id of the signal with this code. Raises Invalid (field ``code``) for none, or when another address was left with it.

    Without an address the code alone is enough only where none was left. Tries are limited by the caller.
    """
    code = clean_code(command.code)
    found = select(Signal.id, Signal.account_id, Reporter.email_hash).outerjoin(Reporter, Reporter.signal_id == Signal.id)
    row = uow.session.execute(found.where(Signal.code == code)).one_or_none() if code else None
    if row is not None:
        if row.account_id is not None and row.account_id == uow.actor.account_id:
            return uuid.UUID(str(row.id))
        given = email_hash(uow, command.email) if command.email else ""
        kept = row.email_hash or ""
        if (kept and hmac.compare_digest(given, kept)) or not (kept or row.account_id):
            return uuid.UUID(str(row.id))
    raise Invalid({"code": [_UNKNOWN]})


def own_pictures(uow: UnitOfWork, signal: Signal) -> list[StoredFile]:
    """The pictures that the reporter sent with a signal: without those that who does the work sent with an answer. Two statements."""
    of_cases = (Inquiry.case_id.in_({signal.case_id, signal.first_case_id}), Inquiry.to == "third_party", Inquiry.answers.is_not(None))
    answers = uow.session.execute(select(Inquiry.answers).where(*of_cases)).scalars()
    brought = {id for given in answers for id in (given or {}).get(PHOTOS) or ()}
    return [file for file in stored_files(uow, [signal.id])[signal.id] if file.kind == "picture" and str(file.id) not in brought]


def verdict_of(uow: UnitOfWork, signal: Signal, case: Case) -> Verdict | None:
    """What its reporter said of how the case was closed this time. One statement."""
    if case.closed_at is None:
        return None
    mine = select(Verdict).where(Verdict.signal_id == signal.id, Verdict.closed_at == case.closed_at)
    return uow.session.execute(mine).scalar_one_or_none()


def judge(uow: UnitOfWork, signal_id: uuid.UUID, command: Judge) -> Verdict:
    """Say whether one is content with how the case was closed; saying it again replaces it. Raises NotFound and Invalid (not closed)."""
    signal, case = own_locked(uow, signal_id)
    require_confirmed(signal)
    if case.state not in CLOSED or case.closed_at is None:
        raise Invalid(_("Uw melding is niet afgesloten. U kunt nu nog geen oordeel geven."))
    content = command.content == "yes"
    if not content and not command.reason.strip():
        raise Invalid({"reason": [_("Schrijf waarom u niet tevreden bent. Daar leren wij van.")]})
    verdict = verdict_of(uow, signal, case)
    if verdict is None:
        verdict = Verdict(id=uuid7(), case_id=case.id, signal_id=signal.id, closed_at=case.closed_at, content=content, at=uow.now)
        uow.session.add(verdict)
    elif (verdict.content, verdict.reason) == (content, command.reason.strip()):
        return verdict
    if verdict.at < uow.now:
        count_again(uow, VERDICTS, verdict.at)
    verdict.content, verdict.reason, verdict.at = content, command.reason.strip(), uow.now
    uow.session.flush()
    tell(uow, CaseAnswered, case)
    return verdict


def add_to_signal(uow: UnitOfWork, signal_id: uuid.UUID, command: AddToSignal) -> Signal:
    """Add words or pictures to one's signal; staff find them there and in the history. Raises NotFound and Invalid (closed, too long)."""
    signal, case = own_locked(uow, signal_id)
    if case.state in CLOSED:
        raise Invalid(_("Uw melding is afgesloten. Vraag om er weer naar te kijken, of doe een nieuwe melding."))
    if command.text.strip():
        added = f"{signal.text}\n\n[{format_date(city_day(uow.now))}]\n{command.text.strip()}"
        if len(added) > MOST_TEXT:
            raise Invalid({"text": [_("Er past niet meer tekst bij deze melding. Doe een nieuwe melding.")]})
        signal.text = added
        uow.subject_changed(SubjectRef(SIGNAL, signal.id))
    if len(command.files) + len(stored_files(uow, [signal.id])[signal.id] if command.files else ()) > MOST_OWN_PICTURES:
        raise Invalid({"files": [_("Bij een melding passen hoogstens {max} foto’s.", max=MOST_OWN_PICTURES)]})
    if command.files:
        described = [replace(file, alt=file.alt or str(_("Foto bij de melding"))) for file in command.files]
        attach_files(uow, described, signal.id, "files", public=False, pictures=True)
    keep_case(uow, case)
    log(uow, "signal_added", case, _("Een melder voegde iets toe aan de melding."), public=False)
    return signal


def can_rewrite(signal: Signal, case: Case) -> bool:
    """Whether its reporter may still put a signal in other words: nobody did anything with the case, and nothing of it is public."""
    return case.state == "new" and signal.withdrawn_at is None and not signal.public_text and not case.public_text


def rewrite_signal(uow: UnitOfWork, signal_id: uuid.UUID, command: RewriteSignal) -> Signal:
    """Put one's signal in other words; what was typed before is kept nowhere. Raises NotFound, and Invalid once somebody began."""
    signal, case = own_locked(uow, signal_id)
    if not can_rewrite(signal, case):
        raise Invalid(_("Iemand is al met uw melding bezig. U kunt nog wel iets toevoegen."))
    text = command.text.strip()
    if text != signal.text:
        signal.text = text
        uow.subject_changed(SubjectRef(SIGNAL, signal.id))
        keep_case(uow, case)
        log(uow, "signal_rewritten", case, _("Een melder schreef de melding anders op."), public=False)
    return signal


def hear(uow: UnitOfWork, signal_id: uuid.UUID, *, wants: bool) -> None:
    """Get mail about one's signal, or no longer. For who left no address this keeps only the choice."""
    reporter = uow.session.get(Reporter, signal_id, with_for_update=True)
    if reporter is None:
        reporter = Reporter(signal_id=signal_id)
        uow.session.add(reporter)
    reporter.wants_mail = wants
    uow.session.flush()


def hears(uow: UnitOfWork, signal: Signal) -> bool | None:
    """Whether mail about a signal goes to its reporter; None when there is no address to send it to."""
    reporter = uow.session.get(Reporter, signal.id)
    if (reporter is None or not reporter.email) and signal.account_id is None:
        return None
    return reporter is None or reporter.wants_mail


def own_signals(uow: UnitOfWork, request: PageRequest) -> Page[Any]:
    """The signals of the actor's account, newest first, with their cases. Raises NotAllowed without an account."""
    LOGGED_IN.require(uow.actor)
    columns = (_S.id, _S.at, _S.code, _S.confirmed_at, _S.withdrawn_at, *_shown())
    found = select(*columns).join(_C.id.table, _C.id == _S.case_id).where(_S.account_id == uow.actor.account_id)
    return fetch_page(uow.session, found, OWN_ORDER, request)


def joined_cases(uow: UnitOfWork) -> list[Any]:
    """The cases of which the actor said to see the same, newest first, at most fifty; only those that everybody may read."""
    mine = select(_SUPPORT.at, *_shown()).join(_C.id.table, _C.id == _SUPPORT.case_id).where(_SUPPORT.account_id == uow.actor.account_id)
    readable = (_C.publication == "full", _C.confidential.is_(False), _C.merged_into_id.is_(None))
    return list(uow.session.execute(mine.where(*readable).order_by(_SUPPORT.at.desc()).limit(MOST_JOINED)).all())


def _shown() -> tuple[Any, ...]:
    return (_C.number, _C.title, _C.state, _C.category_id, _C.area_id, _C.promised_on, _C.closed_at, _C.resolution)
