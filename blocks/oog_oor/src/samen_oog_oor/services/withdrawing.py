"""Taking a signal back: its reporter may, until work is planned. A case of which nothing is left ends."""

from __future__ import annotations

import uuid

from sqlalchemy import func, select

from samen_core.api import Invalid, UnitOfWork, _, uuid7
from samen_oog_oor.models import Case, Inquiry, Note, Signal
from samen_oog_oor.models.base import CLOSED, WAITING, targets
from samen_oog_oor.schemas.moving import WHY_WITHDRAWN, Withdraw
from samen_oog_oor.services.common import keep_case, log, own_locked
from samen_oog_oor.services.states import COUNTS, enter_state, go_back
from samen_oog_oor.services.tasks import drop_tasks
from samen_oog_oor.services.updates import in_dutch

BEFORE_WORK = frozenset({"new", "triaged", "assigned", "in_progress"}) | WAITING
"""Where a reporter may take a signal back, as long as no day for the work was set."""


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


def can_withdraw(case: Case) -> bool:
    """Whether its reporters may still take their signals back."""
    return case.state in BEFORE_WORK and case.planned_on is None and case.came_from != "planned"


def end_if_all_withdrawn(uow: UnitOfWork, case: Case, resolution: str) -> bool:
    """End an open case of which no signal is left that was not taken back; whether that was so."""
    left = select(func.count()).select_from(Signal).where(Signal.case_id == case.id, *COUNTS)
    if case.state in CLOSED or uow.session.execute(left).scalar_one():
        return False
    if "withdrawn" not in targets(case.state, case.came_from, case.ended_as):
        return False
    said = _("De melding is ingetrokken door de melder.")
    drop_tasks(uow, case, "withdrawn", in_dutch(uow, said))
    enter_state(uow, case, "withdrawn", text=said, resolution=resolution, mail=False)
    return True


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
