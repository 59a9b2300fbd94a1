"""The steps of a case: who may take which, what each needs, and what it brings about (oog_oor.md §1.5)."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, n_, uuid7
from samen_oog_oor.events import CaseClosed, CaseMoved, CaseReopened
from samen_oog_oor.labels import RESOLUTION_LABELS, STATE_LABELS
from samen_oog_oor.managed_texts import steps
from samen_oog_oor.models import Case, CaseTask, Inquiry, Note, Signal, Update, Verdict
from samen_oog_oor.models.base import CLOSED, RESOLUTIONS, STATES, WAITING, targets
from samen_oog_oor.schemas.moving import WHY_WITHDRAWN, AskReopening, DecideReopening, MoveCase, Withdraw
from samen_oog_oor.services.common import case_to_work_at, keep_case, log, tell
from samen_oog_oor.services.deadlines import city_day, give_promise, note_closed, start_waiting, stop_waiting
from samen_oog_oor.services.mistakes import as_it_was
from samen_oog_oor.services.updates import AnyText, in_dutch, send_mails, tell_reporters
from samen_oog_oor.settings import REOPENING_DAYS, number

QUIET = frozenset({"triaged", "awaiting_reporter", "reopening_requested"})
"""States about which reporters get no mail unless somebody wrote a text: nothing changes for them, or the question itself is mailed."""
BEFORE_WORK = frozenset({"new", "triaged", "assigned", "in_progress"}) | WAITING
"""Where a reporter may take a signal back, as long as no day for the work was set."""
_COUNTS = (Signal.withdrawn_at.is_(None), Signal.confirmed_at.is_not(None))
"""Signals of somebody who can be answered, and wants to be."""
_HONEST = ("repaired", "already_resolved")
_BROKEN = frozenset({"problem", "safety_concern"})
_MERGED = _("Deze zaak is samengevoegd met een andere. Werk daar verder, of maak het samenvoegen ongedaan.")


def case_values(case: Case) -> dict[str, Any]:
    """What the forms of a case show of it, for who was second."""
    names = ("state", "resolution", "planned_on", "priority", "organization_id", "assignee_id", "version")
    return {name: getattr(case, name) for name in names}


def move_case(uow: UnitOfWork, id: uuid.UUID, command: MoveCase) -> Case:
    """Bring a case to another state, as MOVES allows.

    To close it takes a resolution and a text, which reaches every reporter; to plan it a day; to reopen it, or to decide about a request to
    do so, a text. Raises NotFound, NotAllowed, Conflict when it changed since ``version``, and Invalid with everything that is wrong.
    """
    case = case_to_work_at(uow, id, command.version, values=case_values)
    if errors := what_is_wrong(uow, case, command):
        raise Invalid(errors)
    if case.state == "reopening_requested":
        return _decide(uow, case, command.state == "in_progress", command.text.strip(), command.public, mistake=command.mistake)
    _drop_tasks(uow, case, command.state, command.text.strip())
    return enter_state(
        uow,
        case,
        command.state,
        text=command.text.strip(),
        resolution=command.resolution,
        planned_on=command.planned_on,
        public=command.public,
        mistake=command.mistake,
        sentence=_("Het afsluiten was een vergissing. De zaak is weer open.") if command.mistake else None,
    )


def what_is_wrong(uow: UnitOfWork, case: Case, command: MoveCase) -> dict[str, list[Text]]:
    """Why a case cannot make this step, by field; empty when it can. A page can ask before it does."""
    if case.merged_into_id is not None:
        return {"state": [_MERGED]}
    if command.state not in possible_states(case):
        return {"state": [_cannot(case)]}
    errors: dict[str, list[Text]] = {}
    back_to_end = case.state == "reopening_requested" and command.state in CLOSED
    if command.state in CLOSED and not back_to_end:
        errors |= _what_closing_lacks(uow, case, command)
    elif (case.state in CLOSED or case.state == "reopening_requested") and not command.text.strip():
        errors["text"] = [_("Schrijf waarom. Elke melder krijgt dit.")]
    if command.state == "planned" and (command.planned_on is None or command.planned_on < city_day(uow.now)):
        errors["planned_on"] = [_("Kies de dag waarop het werk gebeurt, vandaag of later.")]
    if command.mistake and not (command.state == "in_progress" and (case.state in CLOSED or case.state == "reopening_requested")):
        errors["mistake"] = [_("Dit kan alleen als u een afgesloten zaak weer in behandeling neemt.")]
    if command.state == "assigned" and case.organization_id is None:
        errors["state"] = [_("Kies eerst welke organisatie dit oppakt.")]
    return errors


def possible_states(case: Case) -> frozenset[str]:
    """Where staff may bring a case now; asking to reopen it is for its reporters."""
    if case.merged_into_id is not None:
        return frozenset()
    return targets(case.state, case.came_from, case.ended_as) - {"reopening_requested"}


def _what_closing_lacks(uow: UnitOfWork, case: Case, command: MoveCase) -> dict[str, list[Text]]:
    errors: dict[str, list[Text]] = {}
    if not command.text.strip():
        errors["text"] = [_("Schrijf wat er is gedaan, of waarom niet. Elke melder krijgt dit.")]
    if command.resolution is None:
        errors["resolution"] = [_("Kies hoe het is afgelopen.")]
    elif command.resolution not in RESOLUTIONS or command.resolution == "merged" or not _is_honest(case, command.state, command.resolution):
        errors["resolution"] = [
            _("“{resolution}” past niet bij “{state}”.", resolution=_said(command.resolution), state=STATE_LABELS[command.state])
        ]
    left = open_tasks(uow, case.id)
    if left and not command.drop_tasks:
        errors["drop_tasks"] = [
            n_(
                "Er staat nog {n} taak open. Rond die af, of laat hem vervallen.",
                "Er staan nog {n} taken open. Rond ze af, of laat ze vervallen.",
                left,
            )
        ]
    return errors


def _is_honest(case: Case, state: str, resolution: str) -> bool:
    """What is called resolved is gone; what is called otherwise was not mended. A compliment or an idea can be answered in any way."""
    if state == "resolved":
        return resolution in _HONEST or case.type not in _BROKEN
    return resolution != "repaired"


def _cannot(case: Case) -> Text:
    return _("Dit kan nu niet: de zaak is “{state}”.", state=STATE_LABELS[case.state])


def _said(resolution: str) -> Text | str:
    return RESOLUTION_LABELS.get(resolution, resolution)


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
        raise Invalid({"state": [_cannot(case)]})
    reopened = state == "in_progress" and (before in CLOSED or before == "reopening_requested")
    if before in WAITING:
        stop_waiting(uow, case)
    if state in WAITING:
        start_waiting(uow, case)
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


def _open_again(uow: UnitOfWork, case: Case, *, mistake: bool) -> None:
    if mistake:
        as_it_was(uow, case)
    else:
        case.planned_on = None
        give_promise(uow, case)
    case.closed_at, case.close_days, case.resolution, case.answer = None, None, None, ""
    _hear_again(uow, case)


def _say(uow: UnitOfWork, case: Case, before: str, text: AnyText, *, public: bool, mail: bool) -> None:
    if case.state in QUIET and not text:
        return
    if case.state in CLOSED and before != "reopening_requested":
        tell_reporters(uow, case, text, public, mail=steps.CLOSED if mail else None, more=_ending(uow, case))
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
    left = select(func.count()).select_from(Signal).where(mine, *_COUNTS)
    if not uow.session.execute(left).scalar_one():
        again = update(Signal).where(mine).values(withdrawn_at=None, version=Signal.version + 1)
        uow.session.execute(again, execution_options={"synchronize_session": "fetch"})


def open_tasks(uow: UnitOfWork, case_id: uuid.UUID) -> int:
    """How many tasks of a case are open."""
    statement = select(func.count()).select_from(CaseTask).where(CaseTask.case_id == case_id, CaseTask.state == "open")
    return uow.session.execute(statement).scalar_one()


def _drop_tasks(uow: UnitOfWork, case: Case, state: str, reason: str) -> None:
    """A case that ends drops the tasks that are still open, with the reason."""
    if state not in CLOSED:
        return
    for task in uow.session.execute(select(CaseTask).where(CaseTask.case_id == case.id, CaseTask.state == "open")).scalars():
        task.state, task.note, task.done_at = "dropped", task.note or reason, uow.now


def go_back(uow: UnitOfWork, case_id: uuid.UUID, sentence: Text | None = None) -> bool:
    """Waiting is over: the case goes back to where it came from. False when it did not wait (any more).

    For an answer that came in, or a term that is over; whoever calls this checked the key or is the system.
    """
    case = lock_case(uow, case_id)
    if case.state not in WAITING or case.merged_into_id is not None:
        return False
    enter_state(uow, case, case.came_from or "in_progress", mail=False, sentence=sentence)
    return True


def lock_case(uow: UnitOfWork, case_id: uuid.UUID) -> Case:
    """A case, locked, without a check of who acts: for reporters, who prove themselves with a key, and for jobs. Raises NotFound."""
    statement = select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    case = uow.session.execute(statement).scalar_one_or_none()
    if case is None:
        raise NotFound
    return case


def withdraw(uow: UnitOfWork, signal_id: uuid.UUID, command: Withdraw) -> Case:
    """Take a signal back, for its reporter, until work is planned; the case. Once all of its signals are taken back, the case ends too.

    The caller made sure that it is their signal. A second time changes nothing. Raises NotFound, and Invalid when it is too late.
    """
    signal, case = own_locked(uow, signal_id)
    if signal.withdrawn_at is not None:
        return case
    if command.resolution not in WHY_WITHDRAWN:
        raise Invalid({"resolution": [_("Kies waarom u de melding intrekt.")]})
    if case.state in CLOSED:
        raise Invalid(_("Uw melding is al afgesloten."))
    if case.state == "reopening_requested":
        raise Invalid(_("Er is gevraagd om hier weer naar te kijken. Wacht op het besluit daarover."))
    if not can_withdraw(case):
        raise Invalid(_("Het werk is al ingepland. Intrekken kan daarom niet meer. Wilt u iets doorgeven? Neem dan contact op."))
    signal.withdrawn_at = uow.now
    if command.text.strip():
        uow.session.add(Note(id=uuid7(), case_id=case.id, at=uow.now, text=command.text.strip(), account_id=None))
    uow.session.flush()
    if not end_if_all_withdrawn(uow, case, command.resolution):
        _ask_no_more(uow, case, signal)
        keep_case(uow, case)
        log(
            uow, "signal_withdrawn", case, _("Een melder trok een melding in. Anderen melden dit ook, dus de zaak gaat door."), public=False
        )
    return case


def _ask_no_more(uow: UnitOfWork, case: Case, signal: Signal) -> None:
    """Questions to who took the signal back need no answer; when the case waited for those alone, it goes on."""
    uow.session.flush()
    open_ones = select(Inquiry).where(Inquiry.case_id == case.id, Inquiry.to == "reporter", Inquiry.closed_at.is_(None))
    found = list(uow.session.execute(open_ones).scalars())
    own = [inquiry for inquiry in found if inquiry.signal_id == signal.id]
    for inquiry in own:
        inquiry.closed_at = uow.now
    if own and len(own) == len(found) and case.state == "awaiting_reporter":
        go_back(uow, case.id, _("De vraag is niet meer nodig: de melding is ingetrokken."))


def can_withdraw(case: Case) -> bool:
    """Whether its reporters may still take their signals back."""
    return case.state in BEFORE_WORK and case.planned_on is None and case.came_from != "planned"


def end_if_all_withdrawn(uow: UnitOfWork, case: Case, resolution: str) -> bool:
    """End an open case of which no signal is left that was not taken back; whether that was so."""
    left = select(func.count()).select_from(Signal).where(Signal.case_id == case.id, *_COUNTS)
    if case.state in CLOSED or uow.session.execute(left).scalar_one():
        return False
    if "withdrawn" not in targets(case.state, case.came_from, case.ended_as):
        return False
    said = _("De melding is ingetrokken door de melder.")
    _drop_tasks(uow, case, "withdrawn", in_dutch(uow, said))
    enter_state(uow, case, "withdrawn", text=said, resolution=resolution, mail=False)
    return True


def ask_reopening(uow: UnitOfWork, signal_id: uuid.UUID, command: AskReopening) -> Verdict:
    """Ask to look at a closed case again, for a reporter of it, within the days that the city set; the verdict that holds the request.

    The caller made sure that it is their signal. Staff decide with :func:`decide_reopening`. Raises NotFound, and Invalid without a reason,
    when it is not closed, or too late.
    """
    signal, case = own_locked(uow, signal_id)
    require_confirmed(signal)
    reason = command.text.strip()
    if not reason:
        raise Invalid({"text": [_("Schrijf waarom wij er weer naar moeten kijken.")]})
    if case.closed_at is None or (case.state not in CLOSED and case.state != "reopening_requested"):
        raise Invalid(_("Uw melding is niet afgesloten. U hoeft niet te vragen om er weer naar te kijken."))
    if not may_ask_reopening(uow, case):
        raise Invalid(_("De tijd om dit te vragen is voorbij. Ziet u het weer? Doe dan een nieuwe melding."))
    verdict = _verdict_on(uow, signal, case)
    verdict.content, verdict.asks_reopening, verdict.reason, verdict.at = False, True, reason, uow.now
    verdict.decided, verdict.decision, verdict.decided_at = None, "", None
    signal.withdrawn_at = None
    if case.state in CLOSED:
        enter_state(uow, case, "reopening_requested", sentence=_("Een melder vroeg om er weer naar te kijken."))
    return verdict


def require_confirmed(signal: Signal) -> None:
    """Raise Invalid for a signal that still has to be confirmed: until then it counts for nothing."""
    if signal.confirmed_at is None:
        raise Invalid(_("Uw melding telt pas mee als u hem bevestigt. U kreeg daarvoor een mail."))


def last_day_to_ask(uow: UnitOfWork, case: Case) -> date | None:
    """The last day on which reporters may ask to look at a closed case again."""
    return None if case.closed_at is None else city_day(case.closed_at) + timedelta(days=number(uow, REOPENING_DAYS))


def may_ask_reopening(uow: UnitOfWork, case: Case) -> bool:
    """Whether reporters may still ask to look at it again."""
    last = last_day_to_ask(uow, case)
    return last is not None and city_day(uow.now) <= last


def decide_reopening(uow: UnitOfWork, id: uuid.UUID, command: DecideReopening) -> Case:
    """Decide about the requests to reopen a case, with a motivation that goes to who asked (and to all reporters when it opens again).

    Raises NotFound, NotAllowed, Conflict, and Invalid without a motivation or without a request.
    """
    case = case_to_work_at(uow, id, command.version, values=case_values)
    if case.state != "reopening_requested":
        raise Invalid({"reopen": [_("Niemand vroeg om deze zaak weer te openen, of dat is al beslist.")]})
    if not command.text.strip():
        raise Invalid({"text": [_("Schrijf waarom. Wie erom vroeg, krijgt dit.")]})
    return _decide(uow, case, command.reopen, command.text.strip(), command.public)


def _decide(uow: UnitOfWork, case: Case, reopen: bool, text: str, public: bool, *, mistake: bool = False) -> Case:
    waiting = select(Verdict).where(Verdict.case_id == case.id, Verdict.asks_reopening, Verdict.decided.is_(None))
    asked = list(uow.session.execute(waiting).scalars())
    for verdict in asked:
        verdict.decided, verdict.decision, verdict.decided_at = reopen, text, uow.now
    if reopen:
        return enter_state(uow, case, "in_progress", text=text, public=public, mistake=mistake, sentence=_("De zaak is weer geopend."))
    askers = {verdict.signal_id for verdict in asked}
    others = _came_since(uow, case) - askers
    enter_state(uow, case, case.ended_as or "resolved", text=text, mail=False, public=public, sentence=_("De zaak gaat niet weer open."))
    send_mails(uow, case, steps.NOT_REOPENED, {"text": text}, askers)
    if others:
        answer = "\n\n".join(part for part in (case.answer, text) if part)
        send_mails(uow, case, steps.CLOSED, {"text": answer, **_ending(uow, case)}, others)
    return case


def _came_since(uow: UnitOfWork, case: Case) -> set[uuid.UUID]:
    """The signals that came in since reporters were last told that the case is closed: of those nobody heard how it ended."""
    told = select(func.max(Update.at, type_=Update.at.type)).where(Update.case_id == case.id, Update.state.in_(CLOSED))
    last: datetime | None = uow.session.execute(told).scalar_one_or_none()
    since = case.closed_at if last is None else last
    return set(uow.session.execute(select(Signal.id).where(Signal.case_id == case.id, Signal.confirmed_at > since)).scalars())


def _ending(uow: UnitOfWork, case: Case) -> dict[str, Any]:
    return {"resolution": RESOLUTION_LABELS.get(case.resolution or "", ""), "until": last_day_to_ask(uow, case)}


def own_locked(uow: UnitOfWork, signal_id: uuid.UUID) -> tuple[Signal, Case]:
    """A signal with its case, the case locked first: merging locks cases before it moves their signals."""
    for _time in range(5):
        case_id = uow.session.execute(select(Signal.case_id).where(Signal.id == signal_id)).scalar_one_or_none()
        if case_id is None:
            raise NotFound
        case = lock_case(uow, case_id)
        signal = uow.session.get_one(Signal, signal_id, populate_existing=True)
        if signal.case_id == case.id:
            return signal, case
    raise Conflict(current={"number": case.number})


def _verdict_on(uow: UnitOfWork, signal: Signal, case: Case) -> Verdict:
    """What this reporter thinks of how the case was closed this time; made when nothing was said yet."""
    mine = select(Verdict).where(Verdict.signal_id == signal.id, Verdict.closed_at == case.closed_at)
    verdict = uow.session.execute(mine).scalar_one_or_none()
    if verdict is None:
        verdict = Verdict(id=uuid7(), case_id=case.id, signal_id=signal.id, closed_at=case.closed_at, content=False, at=uow.now)
        uow.session.add(verdict)
    return verdict
