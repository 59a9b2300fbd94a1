"""One's own loans, and the page of a loan with what its borrower and its lender can do."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Conflict, Invalid, NotFound, PageRequest, Text, UnitOfWork, _, cards, format_date, parse
from samen_core.web.api import BoundForm, Row, crumbs, current_uow, go, page_url, render, render_status, say
from samen_gereedschap import paths
from samen_gereedschap.models import Loan
from samen_gereedschap.permissions import BORROW
from samen_gereedschap.queries.loans import loans_of, project_names
from samen_gereedschap.schemas import AgreeLoanSchema, MoveLoanSchema, RefuseLoanSchema
from samen_gereedschap.services.common import may_lend, today
from samen_gereedschap.services.loans import get_loan, is_mine, move_loan
from samen_gereedschap.services.transitions import next_steps
from samen_gereedschap.web.common import DESK, LABEL, MINE, badge, days, pages
from samen_gereedschap.web.overview import tabs

SCHEMAS: dict[str, type[MoveLoanSchema]] = {"agree": AgreeLoanSchema, "refuse": RefuseLoanSchema}
BUTTONS: dict[str, Text] = {
    "agree": _("Zeg toe"),
    "refuse": _("Wijs af"),
    "lend": _("Geef mee"),
    "return": _("Neem terug"),
    "cancel": _("Zeg af"),
}
TITLES: dict[str, Text] = {
    "agree": _("Zeg dit toe"),
    "refuse": _("Gaat het niet door?"),
    "lend": _("Is het opgehaald?"),
    "return": _("Is het terug?"),
    "cancel": _("Hebt u het niet meer nodig?"),
}
DONE: dict[str, Text] = {
    "agree": _("Toegezegd. De lener krijgt een mail."),
    "refuse": _("Afgewezen. De lener krijgt een mail met de reden."),
    "lend": _("Genoteerd: het is meegegeven."),
    "return": _("Genoteerd: het is terug. Anderen kunnen het weer lenen."),
    "cancel": _("U hebt het afgezegd. Bedankt: nu kan iemand anders het lenen."),
}
PROGRESS = ("requested", "agreed", "lent", "returned")


@pages.route(paths.MINE, permission=BORROW)
def my_loans() -> ResponseReturnValue:
    """One's own loans, newest first."""
    uow = current_uow()
    if uow.actor.account_id is None:
        raise NotFound
    found = loans_of(uow, uow.actor.account_id, PageRequest(cursor=request.args.get("cursor", "")))
    there = page_url(paths.MINE)
    return render(
        "gereedschap/mine.html",
        tabs=tabs(uow, paths.MINE),
        rows=[_row(uow, row) for row in found.items],
        home_of_block=page_url(paths.HOME),
        previous_url=f"{there}?cursor={found.previous}" if found.previous else None,
        next_url=f"{there}?cursor={found.next}" if found.next else None,
        breadcrumbs=crumbs((LABEL, paths.HOME), (MINE, None)),
    )


def _row(uow: UnitOfWork, row: Any) -> Row:
    badges = [badge(row.state)]
    if row.state == "lent" and row.last_day < today(uow):
        badges.append((_("Te laat"), "danger"))
    return Row(
        row.tool_name, page_url(paths.loan(row.id)), badges=tuple(badges), meta=(("calendar-days", days(row.first_day, row.last_day)),)
    )


@pages.route(f"{paths.LOANS}/<uuid:id>", permission=BORROW)
def loan_page(id: uuid.UUID) -> ResponseReturnValue:
    """One loan, for who asked for it and who lends it."""
    return _page(current_uow(), id)


@pages.route(f"{paths.LOANS}/<uuid:id>/<step>", permission=BORROW, methods=["POST"])
def loan_step(id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Take a step of a loan."""
    if step not in BUTTONS:
        raise NotFound
    uow = current_uow()
    try:
        loan = move_loan(uow, id, step, parse(SCHEMAS.get(step, MoveLoanSchema), request.form))
    except (Invalid, Conflict) as error:
        uow.rollback()
        return _page(uow, id, step, error)
    say(DONE[step])
    return go(paths.loan(loan.id))


def _page(uow: UnitOfWork, id: uuid.UUID, step: str = "", error: Invalid | Conflict | None = None) -> ResponseReturnValue:
    loan, tool = get_loan(uow, id)
    mine, lends = is_mine(uow, loan), may_lend(uow, tool.organization_id)
    owner = cards(uow, [tool.organization_id]).get(tool.organization_id)
    possible = (*(next_steps(loan.state, "lender") if lends else ()), *(next_steps(loan.state, "borrower") if mine else ()))
    title = _("Lening: {tool}", tool=tool.name)
    back = (DESK, paths.DESK) if lends and not mine else (MINE, paths.MINE)
    return render_status(
        error.status if error else 200,
        "gereedschap/loan.html",
        title=title,
        loan=loan,
        tool=tool,
        tool_url=page_url(paths.tool(tool.slug)) if tool.state == "offered" else None,
        owner=owner,
        owner_url=page_url(owner.url) if owner and owner.is_live else None,
        days=days(loan.first_day, loan.last_day),
        state=badge(loan.state),
        late=loan.state == "lent" and loan.last_day < today(uow),
        progress=_progress(loan),
        project=project_names(uow, [loan.project_id]).get(loan.project_id) if loan.project_id else None,
        lends=lends,
        requested=format_date(loan.requested_at),
        problem=_problem(error, step, possible),
        steps=[_form(loan, name, error if name == step else None) for name in possible],
        breadcrumbs=crumbs((LABEL, paths.HOME), back, (tool.name, None)),
    )


def _problem(error: Invalid | Conflict | None, step: str, steps: tuple[str, ...]) -> Text | None:
    """What went wrong with a step that the page has no form for any longer."""
    if error is None or (step in steps and not isinstance(error, Conflict)):
        return None
    return _("Iemand anders was u voor. Dit is hoe de lening er nu voor staat.")


def _form(loan: Loan, step: str, error: Invalid | Conflict | None) -> dict[str, Any]:
    schema = SCHEMAS.get(step, MoveLoanSchema)
    errors = error.errors if isinstance(error, Invalid) else None
    form = BoundForm(schema, data=request.form if error else {}, errors=errors, version=loan.version)
    return {
        "step": step,
        "title": TITLES[step],
        "submit": BUTTONS[step],
        "form": form,
        "action": page_url(paths.loan(loan.id, step)),
        "danger": step in ("refuse", "cancel"),
    }


def _progress(loan: Loan) -> list[tuple[Text, str, Text]]:
    """The steps of a loan that goes well; none for one that was refused or cancelled."""
    if loan.state not in PROGRESS:
        return []
    now = PROGRESS.index(loan.state)
    labels = (_("Aangevraagd"), _("Toegezegd"), _("Opgehaald"), _("Teruggebracht"))
    words = {"done": _("gedaan"), "current": _("hier bent u nu"), "todo": _("komt nog")}
    found = []
    for position, label in enumerate(labels):
        state = "done" if position < now or loan.state == "returned" else "current" if position == now else "todo"
        found.append((label, state, words[state]))
    return found
