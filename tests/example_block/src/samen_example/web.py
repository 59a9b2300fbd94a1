"""The pages."""

from __future__ import annotations

import uuid

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.api import Conflict, Invalid, PageRequest, UnitOfWork, _, cards, fetch_page, parse
from samen_core.web.api import (
    BlockBlueprint,
    BoundForm,
    SlotFill,
    crumbs,
    current_actor,
    current_uow,
    go,
    render,
    render_part,
    render_status,
    say,
)
from samen_example.permissions import HIDE, THANK
from samen_example.queries import NEWEST, VISIBLE, latest, tally
from samen_example.schemas import GiveThanksSchema, HideThanksSchema
from samen_example.services import get_thanks, give_thanks, hide_thanks

pages = BlockBlueprint("example", __name__)
HOME = "/bedankjes"


@pages.route(HOME, public=True)
def index() -> ResponseReturnValue:
    """All notes, newest first."""
    uow = current_uow()
    page = fetch_page(uow.session, VISIBLE, NEWEST, PageRequest(cursor=request.args.get("cursor", "")))
    found = cards(uow, (row.organization_id for row in page.items))
    return render("example/index.html", items=page.items, organizations=found, page=page, breadcrumbs=crumbs((_("Bedankjes"), None)))


@pages.route(f"{HOME}/nieuw", permission=THANK, methods=["GET", "POST"])
def give() -> ResponseReturnValue:
    """Thank an organisation."""
    trail = crumbs((_("Bedankjes"), HOME), (_("Bedank een organisatie"), None))
    if request.method == "GET":
        form = BoundForm(GiveThanksSchema, data={"organization_id": request.args.get("organisatie", "")})
        return render("example/give.html", form=form, breadcrumbs=trail)
    try:
        thanks = give_thanks(current_uow(), parse(GiveThanksSchema, request.form))
    except Invalid as error:
        form = BoundForm(GiveThanksSchema, data=request.form, errors=error.errors)
        return render_status(400, "example/give.html", form=form, breadcrumbs=trail)
    say(_("Uw bedankje staat erop. Fijn dat u dit laat weten."))
    return go(f"{HOME}/{thanks.id}")


@pages.route(f"{HOME}/<uuid:id>", public=True)
def thanks(id: uuid.UUID) -> ResponseReturnValue:
    """One note, with the form to hide it for who may."""
    return _detail(id)


@pages.route(f"{HOME}/<uuid:id>", permission=HIDE, methods=["POST"])
def hide(id: uuid.UUID) -> ResponseReturnValue:
    """Hide a note."""
    try:
        hide_thanks(current_uow(), id, parse(HideThanksSchema, request.form))
    except (Invalid, Conflict) as error:
        return _detail(id, error)
    say(_("Het bedankje is verborgen."))
    return go(HOME)


def _detail(id: uuid.UUID, error: Invalid | Conflict | None = None) -> ResponseReturnValue:
    uow = current_uow()
    found = get_thanks(uow, id)
    organization = cards(uow, [found.organization_id]).get(found.organization_id)
    form = None
    if HIDE.allows(current_actor(), found.organization_id) and not found.hidden:
        form = BoundForm(
            HideThanksSchema,
            data=request.form if error else {"version": found.version},
            errors=error.errors if isinstance(error, Invalid) else None,
            conflict=error.current if isinstance(error, Conflict) else None,
        )
    trail = crumbs((_("Bedankjes"), HOME), (_("Bedankje"), None))
    context = {"thanks": found, "organization": organization, "form": form, "breadcrumbs": trail}
    return render_status(error.status if error else 200, "example/thanks.html", **context)


def beside_organization(uow: UnitOfWork, subject_id: uuid.UUID, **_values: object) -> str:
    """The newest notes on the page of an organisation."""
    found = latest(uow, subject_id)
    return render_part("example/beside.html", items=found, number=tally(uow, subject_id), organization_id=subject_id)


SLOTS = (SlotFill("subject.aside", beside_organization, subject_types=("organization",)),)
