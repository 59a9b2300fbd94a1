"""Asking to look at a closed case again, for its reporters, and what is decided about it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import func, select

from samen_core.api import Invalid, UnitOfWork, _, uuid7
from samen_oog_oor.managed_texts import steps
from samen_oog_oor.models import Case, Signal, Update, Verdict
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries.numbers import VERDICTS
from samen_oog_oor.schemas.moving import AskReopening, DecideReopening
from samen_oog_oor.services.common import case_to_work_at, case_values, own_locked
from samen_oog_oor.services.counting import count_again
from samen_oog_oor.services.deadlines import may_ask_reopening
from samen_oog_oor.services.states import ending, enter_state
from samen_oog_oor.services.updates import send_mails

NOBODY_ASKED = _("Niemand vroeg om deze zaak weer te openen, of dat is al beslist.")


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


def decide_reopening(uow: UnitOfWork, id: uuid.UUID, command: DecideReopening) -> Case:
    """Decide about the requests to reopen a case, with a motivation that goes to who asked (and to all reporters when it opens again).

    Raises NotFound, NotAllowed, Conflict, and Invalid without a motivation or without a request.
    """
    case = case_to_work_at(uow, id, command.version, values=case_values)
    if case.state != "reopening_requested":
        raise Invalid({"reopen": [NOBODY_ASKED]})
    if not command.text.strip():
        raise Invalid({"text": [_("Schrijf waarom. Wie erom vroeg, krijgt dit.")]})
    return decide(uow, case, command.reopen, command.text.strip(), command.public)


def decide(uow: UnitOfWork, case: Case, reopen: bool, text: str, public: bool, *, mistake: bool = False) -> Case:
    """Settle what reporters asked about a locked case: all who wait hear it, and who reported since."""
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
        send_mails(uow, case, steps.CLOSED, {"text": answer, **ending(uow, case)}, others)
    return case


def _came_since(uow: UnitOfWork, case: Case) -> set[uuid.UUID]:
    """The signals that came in since reporters were last told that the case is closed: of those nobody heard how it ended."""
    told = select(func.max(Update.at, type_=Update.at.type)).where(Update.case_id == case.id, Update.state.in_(CLOSED))
    last: datetime | None = uow.session.execute(told).scalar_one_or_none()
    since = case.closed_at if last is None else last
    return set(uow.session.execute(select(Signal.id).where(Signal.case_id == case.id, Signal.confirmed_at > since)).scalars())


def _verdict_on(uow: UnitOfWork, signal: Signal, case: Case) -> Verdict:
    """What this reporter thinks of how the case was closed this time; made when nothing was said yet."""
    mine = select(Verdict).where(Verdict.signal_id == signal.id, Verdict.closed_at == case.closed_at)
    verdict = uow.session.execute(mine).scalar_one_or_none()
    if verdict is None:
        verdict = Verdict(id=uuid7(), case_id=case.id, signal_id=signal.id, closed_at=case.closed_at, content=False, at=uow.now)
        uow.session.add(verdict)
    elif verdict.at < uow.now:
        count_again(uow, VERDICTS, verdict.at)
    return verdict
