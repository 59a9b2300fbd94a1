"""Loans: asking for a tool, and every step after that."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from sqlalchemy import delete, insert, select

from samen_core.api import Conflict, Gone, Invalid, NotAllowed, NotFound, SubjectRef, Text, UnitOfWork, _, format_day, n_, uuid7
from samen_gereedschap.events import LoanEvent, LoanRequested
from samen_gereedschap.models import Loan, LoanDay, Tool
from samen_gereedschap.permissions import BORROW
from samen_gereedschap.queries.loans import open_number
from samen_gereedschap.queries.projects import open_projects
from samen_gereedschap.queries.tools import taken_days
from samen_gereedschap.schemas import MoveLoan, RequestLoan
from samen_gereedschap.services.common import get_tool, locked_tool, may_lend, require_lender, today
from samen_gereedschap.services.tools import about
from samen_gereedschap.services.transitions import NOT_NOW, TRANSITIONS
from samen_gereedschap.settings import DAYS_AHEAD, MAX_DAYS, MOST_OPEN, PROJECT_DAYS, number

MOST_NAMED = 5


def request_loan(uow: UnitOfWork, tool_id: uuid.UUID, command: RequestLoan) -> Loan:
    """Ask for a tool; from then on nobody else gets it on those days.

    Raises NotAllowed, NotFound, Gone (not lent out any longer), and Invalid with everything that stands in the way.
    """
    BORROW.require(uow.actor)
    if uow.actor.account_id is None:
        raise NotAllowed
    tool = locked_tool(uow, tool_id)
    if tool.state != "offered":
        raise Gone
    if errors := _problems(uow, tool, command, uow.actor.account_id):
        raise Invalid(errors)
    loan = Loan(
        id=uuid7(),
        tool_id=tool.id,
        project_id=command.project_id,
        first_day=command.first_day,
        last_day=command.last_day,
        state="requested",
        account_id=uow.actor.account_id,
        name=command.name,
        phone=command.phone,
        note=command.note,
        requested_at=uow.now,
    )
    uow.session.add(loan)
    uow.session.flush()
    days = [{"tool_id": tool.id, "day": day, "loan_id": loan.id} for day in _days(command.first_day, command.last_day)]
    uow.session.execute(insert(LoanDay), days)
    uow.record(LoanRequested.type, tool.id, after={"loan": loan.id, "first_day": loan.first_day, "last_day": loan.last_day})
    _tell(uow, LoanRequested, tool, loan)
    return loan


def get_loan(uow: UnitOfWork, id: uuid.UUID) -> tuple[Loan, Tool]:
    """A loan and its tool, for who asked for it and who lends it. Raises NotFound, also for others: it says who borrows what."""
    loan = uow.session.get(Loan, id)
    if loan is None:
        raise NotFound
    tool = get_tool(uow, loan.tool_id)
    if not (is_mine(uow, loan) or may_lend(uow, tool.organization_id)):
        raise NotFound
    return loan, tool


def is_mine(uow: UnitOfWork, loan: Loan) -> bool:
    """Whether the actor asked for this loan."""
    return loan.account_id is not None and loan.account_id == uow.actor.account_id


def move_loan(uow: UnitOfWork, id: uuid.UUID, step: str, command: MoveLoan) -> Loan:
    """Bring a loan a step of ``TRANSITIONS`` further.

    Raises NotFound, NotAllowed, Conflict (somebody else was first), and Invalid when the step cannot be taken now.
    """
    loan, tool = get_loan(uow, id)
    tool = locked_tool(uow, tool.id)
    uow.session.refresh(loan)
    transition = TRANSITIONS[step]
    if transition.by == "lender":
        require_lender(uow, tool.organization_id)
    elif transition.by != "borrower" or not is_mine(uow, loan):
        raise NotAllowed
    if loan.version != command.version:
        raise Conflict(current={"state": loan.state, "answer": loan.answer}, version=loan.version)
    if loan.state not in transition.sources:
        raise Invalid(NOT_NOW[step])
    if step == "lend":
        _require_inside(uow, tool)
    loan.answer = command.answer or loan.answer
    take_step(uow, step, loan, tool)
    return loan


def take_step(uow: UnitOfWork, step: str, loan: Loan, tool: Tool) -> None:
    """Carry out a step that may be taken now: state, moments, free days, the log, and the event that tells it. The tool is locked."""
    transition = TRANSITIONS[step]
    if step == "lend":
        loan.lent_at = uow.now
    if transition.frees:
        loan.closed_at = uow.now
        _free_days(uow, loan, today(uow) if step == "return" else None)
    loan.state = transition.target
    uow.record_change(transition.event.type, loan, tool.id)
    _tell(uow, transition.event, tool, loan)
    uow.session.flush()


def _free_days(uow: UnitOfWork, loan: Loan, since: date | None = None) -> None:
    """Let go of the days of a loan; with ``since`` of those after that day."""
    statement = delete(LoanDay).where(LoanDay.loan_id == loan.id)
    uow.session.execute(statement if since is None else statement.where(LoanDay.day > since))


def longest(uow: UnitOfWork, tool: Tool, *, for_project: bool) -> int:
    """How many days a tool may be borrowed: what its owner says, else what the city says."""
    return tool.max_days or number(uow, PROJECT_DAYS if for_project else MAX_DAYS)


def _problems(uow: UnitOfWork, tool: Tool, command: RequestLoan, account_id: uuid.UUID) -> dict[str, list[Text]]:
    """Everything that stands in the way of a request, by field."""
    errors: dict[str, list[Text]] = {}
    now, first, last = today(uow), command.first_day, command.last_day
    ahead, most = number(uow, DAYS_AHEAD), longest(uow, tool, for_project=command.project_id is not None)
    if first < now:
        errors["first_day"] = [_("Deze dag is al voorbij.")]
    elif first > now + timedelta(days=ahead):
        errors["first_day"] = [n_("U kunt hoogstens {n} dag vooruit aanvragen.", "U kunt hoogstens {n} dagen vooruit aanvragen.", ahead)]
    if (last - first).days + 1 > most:
        errors["last_day"] = [n_("U kunt dit hoogstens {n} dag lenen.", "U kunt dit hoogstens {n} dagen lenen.", most)]
    elif taken := taken_days(uow, tool.id, first, last):
        named = ", ".join(format_day(day) for day in taken[:MOST_NAMED]) + (" …" if len(taken) > MOST_NAMED else "")
        errors.setdefault("first_day", []).append(_("Het is dan niet vrij: {days}. Kies andere dagen.", days=named))
    if command.project_id is not None and command.project_id not in {row.id for row in open_projects(uow)}:
        errors["project_id"] = [_("Voor dit project kunt u nu niet lenen.")]
    limit = number(uow, MOST_OPEN)
    if open_number(uow, account_id) >= limit:
        errors[""] = [
            n_(
                "U hebt al {n} aanvraag of lening. Breng eerst iets terug of zeg een aanvraag af.",
                "U hebt al {n} aanvragen en leningen. Breng eerst iets terug of zeg een aanvraag af.",
                limit,
            )
        ]
    return errors


def _require_inside(uow: UnitOfWork, tool: Tool) -> None:
    if uow.session.execute(select(Loan.id).where(Loan.tool_id == tool.id, Loan.state == "lent").limit(1)).first():
        raise Invalid(_("Iemand anders heeft dit gereedschap nog. Neem het eerst terug."))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _tell(uow: UnitOfWork, event: type[LoanEvent], tool: Tool, loan: Loan) -> None:
    project = (SubjectRef("project", loan.project_id),) if loan.project_id else ()
    uow.publish(event(loan_id=loan.id, tool_id=tool.id, organization_id=tool.organization_id, about=about(tool, *project)))
