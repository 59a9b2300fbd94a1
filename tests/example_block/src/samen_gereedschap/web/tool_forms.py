"""Offering a tool, changing it, taking it out of the list."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Named, Section, form_page
from samen_core.api import NotAllowed, NotFound, UnitOfWork, _
from samen_core.web.api import current_uow
from samen_gereedschap import paths
from samen_gereedschap.permissions import BORROW
from samen_gereedschap.queries.tools import tool_by_slug
from samen_gereedschap.schemas import MoveLoanSchema, OfferToolSchema, UpdateToolSchema
from samen_gereedschap.services.common import get_tool, lends_for, require_lender
from samen_gereedschap.services.tools import offer_tool, tool_values, update_tool, withdraw_tool
from samen_gereedschap.web.common import LABEL, pages

_FACTS = ("name", "kind", "description", "pickup", "deposit", "max_days")
NEW = FormSpec(OfferToolSchema, {"organization_id": Named("organization")})
CHANGED = FormSpec(UpdateToolSchema)
WITHDRAW = FormSpec(MoveLoanSchema)


@pages.route(paths.NEW, permission=BORROW, methods=["GET", "POST"])
def offer() -> ResponseReturnValue:
    """Lend something out, for who lends for an organisation."""
    uow = current_uow()
    lending = lends_for(uow)
    if lending is not None and not lending:
        raise NotAllowed(_("U leent uit namens een organisatie. Vraag de gemeente u daarvoor rechten te geven."))
    page = FormPage(
        title=_("Leen iets uit"),
        submit=_("Zet het in de lijst"),
        done=_("Het staat in de lijst. Iedereen kan het nu lenen."),
        path=paths.NEW,
        back=paths.HOME,
        trail=((LABEL, paths.HOME), (_("Leen iets uit"), None)),
    )

    def write(command: Any) -> str:
        return paths.tool(offer_tool(uow, command).slug)

    values = {"organization_id": _first(lending)}
    return form_page(uow, page, NEW, (Section(_("Wat is het?"), ("organization_id", *_FACTS)),), write, values=values)


@pages.route(f"{paths.HOME}/<slug>/bewerken", permission=BORROW, methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Change what is known of a tool."""
    uow = current_uow()
    tool = _mine(uow, slug)
    path = paths.tool(slug)
    page = FormPage(
        title=_("{name} bewerken", name=tool.name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=paths.tool(slug, "bewerken"),
        back=path,
        trail=((LABEL, paths.HOME), (tool.name, path), (_("Bewerken"), None)),
    )

    def write(command: Any) -> str:
        return paths.tool(update_tool(uow, tool.id, command).slug)

    return form_page(uow, page, CHANGED, (Section(_("Wat is het?"), _FACTS),), write, values=tool_values(tool), owner=tool.id)


@pages.route(f"{paths.HOME}/<slug>/weghalen", permission=BORROW, methods=["GET", "POST"])
def remove(slug: str) -> ResponseReturnValue:
    """Ask whether a tool should go, and take it out of the list."""
    uow = current_uow()
    tool = _mine(uow, slug)
    path = paths.tool(slug)
    page = FormPage(
        title=_("{name} niet meer uitlenen", name=tool.name),
        lead=_("Niemand kan het dan nog aanvragen. Wie het eerder leende, ziet dat nog bij de eigen leningen."),
        submit=_("Haal het uit de lijst"),
        done=_("Het staat niet meer in de lijst."),
        path=paths.tool(slug, "weghalen"),
        back=path,
        trail=((LABEL, paths.HOME), (tool.name, path), (_("Niet meer uitlenen"), None)),
    )

    def write(command: Any) -> str:
        withdraw_tool(uow, tool.id, command)
        return paths.HOME

    return form_page(uow, page, WITHDRAW, (), write, values={"version": tool.version})


def _mine(uow: UnitOfWork, slug: str) -> Any:
    row = tool_by_slug(uow, slug)
    if row is None or row.state != "offered":
        raise NotFound
    require_lender(uow, row.organization_id)
    return get_tool(uow, row.id)


def _first(lending: frozenset[uuid.UUID] | None) -> uuid.UUID | None:
    """The organisation to begin with: the one whose page one came from, or the only one that one lends for."""
    try:
        return uuid.UUID(request.args.get("organisatie", ""))
    except ValueError:
        return next(iter(lending)) if lending and len(lending) == 1 else None
