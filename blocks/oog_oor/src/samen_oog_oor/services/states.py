"""The state of a case, and all that follows when it changes: the clock, the message, the log and the events."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from samen_core.api import Invalid, Text, UnitOfWork, _
from samen_oog_oor.events import CaseClosed, CaseMoved, CaseReopened
from samen_oog_oor.labels import RESOLUTION_LABELS, STATE_LABELS
from samen_oog_oor.managed_texts import steps
from samen_oog_oor.models import Case, Inquiry, Signal
from samen_oog_oor.models.base import CLOSED, STATES, WAITING, targets
from samen_oog_oor.queries.numbers import CLOSED_CASES
from samen_oog_oor.services.common import keep_case, lock_case, log, tell
from samen_oog_oor.services.counting import count_again
from samen_oog_oor.services.deadlines import give_promise, last_day_to_ask, note_closed, start_waiting, stop_waiting
from samen_oog_oor.services.mistakes import as_it_was
from samen_oog_oor.services.updates import AnyText, in_dutch, tell_reporters

QUIET = frozenset({"triaged", "awaiting_reporter", "reopening_requested"})
"""States about which reporters get no mail unless somebody wrote a text: nothing changes for them, or the question itself is mailed."""
COUNTS = (Signal.withdrawn_at.is_(None), Signal.confirmed_at.is_not(None))
"""Signals of somebody who can be answered, and wants to be."""


def enter_state(
    uow: UnitOfWork,
    case: Case,
    state: str,
    *,
    text: AnyText = "",
    resolution: str | None = None,
    planned_on: date | None = None,
    public: bool = True,
    mail: bool = True,
    mistake: bool = False,
    sentence: Text | None = None,
) -> Case:
    """Bring a locked case to a state that it may go to, with all that follows: the clock, the message, the log and the events.

    For the services of the block, which checked who acts and what the step needs. ``mail=False`` tells the reporters nothing; ``mistake``:
    it opens again as if it had not been closed.
    """
    before = case.state
    if before not in STATES or state not in targets(before, case.came_from, case.ended_as):
        raise Invalid({"state": [cannot(case)]})
    reopened = state == "in_progress" and (before in CLOSED or before == "reopening_requested")
    _pass_on_clock(uow, case, before, state)
    case.ended_as = before if state == "reopening_requested" else None
    case.state = state
    if state == "planned":
        case.planned_on = planned_on
    if state in CLOSED and before != "reopening_requested":
        case.resolution, case.answer = resolution, in_dutch(uow, text) if public else ""
        note_closed(uow, case)
    elif reopened:
        _open_again(uow, case, mistake=mistake)
    if state in CLOSED:
        _end_questions(uow, case)
    _say(uow, case, before, text, public=public, mail=mail)
    keep_case(uow, case)
    _record(uow, case, before, text if public else "", sentence=sentence)
    tell(uow, CaseMoved, case)
    if state in CLOSED:
        tell(uow, CaseClosed, case)
    elif reopened:
        tell(uow, CaseReopened, case)
    return case


def go_back(uow: UnitOfWork, case_id: uuid.UUID, sentence: Text | None = None) -> bool:
    """Waiting is over: the case goes back to where it came from. False when it did not wait (any more).

    For an answer that came in, or a term that is over; whoever calls this checked the key or is the system.
    """
    case = lock_case(uow, case_id)
    if case.state not in WAITING or case.merged_into_id is not None:
        return False
    enter_state(uow, case, case.came_from or "in_progress", mail=False, sentence=sentence)
    return True


def cannot(case: Case) -> Text:
    """Why a step is not taken, in words."""
    return _("Dit kan nu niet: de zaak is “{state}”.", state=STATE_LABELS[case.state])


def ending(uow: UnitOfWork, case: Case) -> dict[str, Any]:
    """How a case ended, for the message about it."""
    return {"resolution": RESOLUTION_LABELS.get(case.resolution or "", ""), "until": last_day_to_ask(uow, case)}


def _pass_on_clock(uow: UnitOfWork, case: Case, before: str, state: str) -> None:
    """While a case waits for somebody else, its clock stands still."""
    if before in WAITING:
        stop_waiting(uow, case)
    if state in WAITING:
        start_waiting(uow, case)


def _open_again(uow: UnitOfWork, case: Case, *, mistake: bool) -> None:
    if mistake:
        as_it_was(uow, case)
    else:
        case.planned_on = None
        give_promise(uow, case)
    if case.closed_at is not None:
        count_again(uow, CLOSED_CASES, case.closed_at)
    case.closed_at, case.close_days, case.resolution, case.answer = None, None, None, ""
    _hear_again(uow, case)


def _say(uow: UnitOfWork, case: Case, before: str, text: AnyText, *, public: bool, mail: bool) -> None:
    if case.state in QUIET and not text:
        return
    if case.state in CLOSED and before != "reopening_requested":
        tell_reporters(uow, case, text, public, mail=steps.CLOSED if mail else None, more=ending(uow, case))
    else:
        tell_reporters(uow, case, text, public, mail=steps.STEP if mail else None)


def _record(uow: UnitOfWork, case: Case, before: str, text: AnyText, *, sentence: Text | None) -> None:
    said = sentence or _("De zaak is nu: {state}.", state=STATE_LABELS[case.state])
    after: dict[str, Any] = {"state": case.state}
    if case.resolution is not None and case.state in CLOSED:
        after["resolution"] = case.resolution
    log(uow, "moved", case, said, before={"state": before}, after=after, reason=in_dutch(uow, text))


def _end_questions(uow: UnitOfWork, case: Case) -> None:
    """Nobody needs to answer a question about a case that is closed."""
    open_ones = update(Inquiry).where(Inquiry.case_id == case.id, Inquiry.closed_at.is_(None))
    uow.session.execute(
        open_ones.values(closed_at=uow.now, version=Inquiry.version + 1), execution_options={"synchronize_session": "fetch"}
    )


def _hear_again(uow: UnitOfWork, case: Case) -> None:
    """A case that opens again has somebody to answer to: when all had taken their signals back, they all count again."""
    mine = Signal.case_id == case.id
    left = select(func.count()).select_from(Signal).where(mine, *COUNTS)
    if not uow.session.execute(left).scalar_one():
        again = update(Signal).where(mine).values(withdrawn_at=None, version=Signal.version + 1)
        uow.session.execute(again, execution_options={"synchronize_session": "fetch"})
