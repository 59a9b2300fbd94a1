"""The pages, and what the block adds to pages of others. A view parses, calls a service and renders; it decides nothing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from citycontent.web.api import FormPage, FormSpec, Named, Section, form_page, list_page
from flask import request
from flask.typing import ResponseReturnValue
from samen_core.api import MODERATE, Text, UnitOfWork, _, cards, fetch_page, format_date, hidden_reasons
from samen_core.web.api import BlockBlueprint, Row, SlotFill, crumbs, current_uow, limit_visitor, page_url, render, render_part

from samen_voorbeeld_blok import paths
from samen_voorbeeld_blok.block import block
from samen_voorbeeld_blok.models import Proposal
from samen_voorbeeld_blok.permissions import PROPOSE
from samen_voorbeeld_blok.queries import NEWEST, VISIBLE, latest
from samen_voorbeeld_blok.schemas import HideProposalSchema, MakeProposalSchema, ShowProposalSchema
from samen_voorbeeld_blok.services import get_proposal, hide_proposal, make_proposal, show_proposal

pages = BlockBlueprint("voorbeeld_blok", __name__)

A_DAY, MOST = 24 * 60 * 60, 20
"""So many proposals may one account make in so many seconds."""


@pages.route(paths.HOME, public=True)
def index() -> ResponseReturnValue:
    """All proposals, newest first."""
    uow = current_uow()
    where = list_page(paths.HOME)
    page = fetch_page(uow.session, VISIBLE, NEWEST, where.request(), keep=True)
    projects = cards(uow, (row.project_id for row in page.items if row.project_id))
    rows = [_row(row, projects[row.project_id].title if row.project_id in projects else "") for row in page.items]
    trail = crumbs((block.label, None))
    context = {"label": block.label, "new_url": page_url(paths.NEW), "breadcrumbs": trail, **where.pager(page)}
    return render("voorbeeld_blok/index.html", rows=rows, **context)


@pages.route(paths.NEW, permission=PROPOSE, methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Make a proposal."""
    if request.method == "POST":
        limit_visitor("voorbeeld_blok.propose", MOST, A_DAY)
    uow = current_uow()
    page = FormPage(
        title=_("Doe een voorstel"),
        lead=_("Iedereen kan uw voorstel lezen. Uw naam staat er niet bij. Uw telefoonnummer ziet alleen de gemeente."),
        submit=_("Plaats uw voorstel"),
        done=_("Uw voorstel staat op de website. Bedankt!"),
        path=paths.NEW,
        back=paths.HOME,
        trail=((block.label, paths.HOME), (_("Doe een voorstel"), None)),
    )
    spec = FormSpec(MakeProposalSchema, named={"project_id": Named("project")})
    sections = (Section(Text(""), ("title", "text", "project_id", "phone")),)
    values = {"project_id": request.args.get("project", type=uuid.UUID)}
    return form_page(uow, page, spec, sections, lambda command: paths.proposal(make_proposal(uow, command).id), values=values)


@pages.route(f"{paths.HOME}/<uuid:id>", public=True)
def show(id: uuid.UUID) -> ResponseReturnValue:
    """One proposal; who may moderate sees the phone number and the way to hide it."""
    uow = current_uow()
    found = get_proposal(uow, id)
    project = cards(uow, [found.project_id]).get(found.project_id) if found.project_id else None
    why = hidden_reasons(uow, [id]).get(id) if found.hidden else None
    what = "tonen" if found.hidden else "verbergen"
    moderate_url = page_url(paths.proposal(id, what)) if MODERATE.allows(uow.actor, id) else None
    trail = crumbs((block.label, paths.HOME), (found.title, None))
    context = {"project": project, "why": why, "moderate_url": moderate_url, "breadcrumbs": trail}
    return render("voorbeeld_blok/proposal.html", proposal=found, **context)


@pages.route(f"{paths.HOME}/<uuid:id>/verbergen", permission=MODERATE, methods=["GET", "POST"])
def hide_page(id: uuid.UUID) -> ResponseReturnValue:
    """Hide a proposal, for a reason."""
    texts = (_("Voorstel verbergen"), _("Verberg het voorstel"), _("Het voorstel is verborgen."))
    return _moderate(id, texts, "verbergen", HideProposalSchema, ("code", "reason"), hide_proposal)


@pages.route(f"{paths.HOME}/<uuid:id>/tonen", permission=MODERATE, methods=["GET", "POST"])
def show_again_page(id: uuid.UUID) -> ResponseReturnValue:
    """Show a hidden proposal again, for a reason."""
    texts = (_("Voorstel weer laten zien"), _("Laat het voorstel weer zien"), _("Het voorstel staat er weer."))
    return _moderate(id, texts, "tonen", ShowProposalSchema, ("reason",), show_proposal)


def _moderate(
    id: uuid.UUID, texts: tuple[Text, Text, Text], what: str, schema: type[Any], names: tuple[str, ...], service: Callable[..., Proposal]
) -> ResponseReturnValue:
    uow = current_uow()
    found = get_proposal(uow, id)
    title, submit, done = texts
    back = paths.proposal(id)
    trail = ((block.label, paths.HOME), (found.title, back), (title, None))
    page = FormPage(
        title=title, lead=found.title, submit=submit, done=done, path=paths.proposal(id, what), back=back, trail=trail
    )  # fmt: skip

    def write(command: Any) -> str:
        service(uow, id, command)
        return back

    return form_page(uow, page, FormSpec(schema), (Section(Text(""), names),), write, values={"version": found.version})


def beside_project(uow: UnitOfWork, subject_id: uuid.UUID, **_values: object) -> str:
    """The newest proposals on the page of a project. One statement."""
    rows = [_row(row) for row in latest(uow, subject_id)]
    new_url = page_url(f"{paths.NEW}?project={subject_id}")
    return render_part("voorbeeld_blok/beside.html", label=block.label, rows=rows, new_url=new_url)


SLOTS = (SlotFill("subject.aside", beside_project, subject_types=("project",)),)


def _row(row: Any, project: str = "") -> Row:
    meta: tuple[tuple[str, Text | str], ...] = (("calendar", format_date(row.at)),)
    if project:
        meta = (*meta, ("folder", project))
    return Row(row.title, page_url(paths.proposal(row.id)), meta=meta)
