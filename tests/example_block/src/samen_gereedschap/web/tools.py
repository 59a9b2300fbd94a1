"""The page of a tool, and asking for it."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import thing_link
from samen_core.api import Gone, Invalid, NotFound, Text, UnitOfWork, _, n_, parse
from samen_core.web.api import BoundForm, crumbs, current_actor, current_uow, go, page_url, render, render_status, say
from samen_gereedschap import paths
from samen_gereedschap.labels import KIND_LABELS
from samen_gereedschap.models import Tool
from samen_gereedschap.permissions import BORROW
from samen_gereedschap.queries.projects import open_projects
from samen_gereedschap.queries.tools import taken_days, tool_by_slug
from samen_gereedschap.schemas import RequestLoanSchema
from samen_gereedschap.services.common import get_tool, may_lend, today
from samen_gereedschap.services.loans import longest, request_loan
from samen_gereedschap.web.calendar import WEEKDAYS, weeks, window
from samen_gereedschap.web.common import LABEL, pages


@pages.route(f"{paths.HOME}/<slug>", public=True)
def tool_page(slug: str) -> ResponseReturnValue:
    """One tool: what it is, where it is, when it is free."""
    uow = current_uow()
    row = _found(uow, slug)
    lends = not uow.actor.is_anonymous and may_lend(uow, row.organization_id)
    now = today(uow)
    return render(
        "gereedschap/tool.html",
        tool=row,
        kind=KIND_LABELS[row.kind],
        owner=thing_link("organization", row.organization_name, row.organization_slug),
        most=_most(uow, row),
        weekdays=WEEKDAYS,
        weeks=weeks(now, set(taken_days(uow, row.id, *window(now)))),
        borrow_url=page_url(paths.tool(slug, "lenen")),
        log_in_first=current_actor().is_anonymous,
        edit_url=page_url(paths.tool(slug, "bewerken")) if lends else None,
        remove_url=page_url(paths.tool(slug, "weghalen")) if lends else None,
        breadcrumbs=crumbs((LABEL, paths.HOME), (row.name, None)),
    )


@pages.route(f"{paths.HOME}/<slug>/lenen", permission=BORROW, methods=["GET", "POST"])
def borrow(slug: str) -> ResponseReturnValue:
    """Ask for a tool."""
    uow = current_uow()
    row = _found(uow, slug)
    tool = get_tool(uow, row.id)
    if request.method == "GET":
        first = {"name": uow.actor.label, "first_day": request.args.get("van", ""), "last_day": request.args.get("tot", "")}
        return _form(uow, row, tool, data=first)
    try:
        loan = request_loan(uow, tool.id, parse(RequestLoanSchema, request.form))
    except Invalid as error:
        uow.rollback()
        return _form(uow, row, tool, data=request.form, errors=error.errors, status=400)
    say(_("Uw aanvraag is verstuurd. U krijgt een mail zodra er een antwoord is."))
    return go(paths.loan(loan.id))


def _form(uow: UnitOfWork, row: Any, tool: Tool, *, data: Any, errors: Any = None, status: int = 200) -> ResponseReturnValue:
    options = {"project_id": [(project.id, project.name) for project in open_projects(uow)]}
    now = today(uow)
    return render_status(
        status,
        "gereedschap/borrow.html",
        tool=row,
        form=BoundForm(RequestLoanSchema, data=data, errors=errors, options=options),
        has_projects=bool(options["project_id"]),
        most=_most(uow, row),
        weekdays=WEEKDAYS,
        weeks=weeks(now, set(taken_days(uow, row.id, *window(now)))),
        action=page_url(paths.tool(row.slug, "lenen")),
        cancel_url=page_url(paths.tool(row.slug)),
        breadcrumbs=crumbs((LABEL, paths.HOME), (row.name, paths.tool(row.slug)), (_("Lenen"), None)),
    )


def _most(uow: UnitOfWork, row: Any) -> Text:
    number = longest(uow, row, for_project=False)
    return n_("Hoogstens {n} dag", "Hoogstens {n} dagen", number)


def _found(uow: UnitOfWork, slug: str) -> Any:
    """The facts of a tool. Raises NotFound, and Gone when it is not lent out any longer."""
    row = tool_by_slug(uow, slug)
    if row is None:
        raise NotFound
    if row.state != "offered":
        raise Gone
    return row
