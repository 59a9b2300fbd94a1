"""Entering what came out on other channels, beside an activity."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.api import Delete
from citycontent.web.api import FormPage, FormSpec, Section, delete_page, form_page
from samen_core.api import LOGGED_IN, NotFound, Text, UnitOfWork, _
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.models import ExternalResult
from samen_doe_mee.schemas.external import AddExternalResultSchema, ChangeExternalResultSchema
from samen_doe_mee.services import external
from samen_doe_mee.services.activities import Placed, visible_activity
from samen_doe_mee.services.plans import EDITORS, require_work
from samen_doe_mee.web.common import DESK, LABEL, pages
from samen_doe_mee.web.external_parts import external_views

PART = "uitslagen"
HERE = paths.desk_activity("<slug>", PART)
TITLE = _("Uitslagen van andere plekken")
FIELDS = ("channel", "held_on", "people", "counts", "text", "source", "url")
METHODS = ["GET", "POST"]


@pages.route(HERE, permission=LOGGED_IN)
def desk_externals(slug: str) -> ResponseReturnValue:
    """What was entered."""
    uow = current_uow()
    placed = _at_work(uow, slug)
    here = paths.desk_activity(slug, PART)
    return render(
        "doe_mee/desk_externals.html",
        activity=placed.activity,
        title=TITLE,
        externals=external_views(external.external_results(uow, placed.activity.id)),
        here=page_url(here),
        new_url=page_url(f"{here}/nieuw"),
        back_url=page_url(paths.desk_activity(slug)),
        breadcrumbs=crumbs(*_trail(placed, (TITLE, None))),
    )


@pages.route(f"{HERE}/nieuw", permission=LOGGED_IN, methods=METHODS)
def desk_external_new(slug: str) -> ResponseReturnValue:
    """Enter a result; the answers of the activity stand there already."""
    uow = current_uow()
    placed = _at_work(uow, slug)
    id = placed.activity.id
    lines = "\n".join(f"{text}: " for text in placed.activity.options.get("choices", ()))
    page = _page(placed, _("Uitslag invoeren"), "nieuw", _("Bewaar de uitslag"), _("De uitslag staat erbij."))
    return _form(
        uow, page, FormSpec(AddExternalResultSchema), {"counts": lines}, lambda command: external.add_external_result(uow, id, command)
    )


@pages.route(f"{HERE}/<uuid:id>", permission=LOGGED_IN, methods=METHODS)
def desk_external_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Correct a result."""
    uow = current_uow()
    placed = _at_work(uow, slug)
    row = _row(uow, placed, id)
    page = _page(placed, _("Uitslag wijzigen"), str(id), _("Bewaar de uitslag"), _("De uitslag is bewaard."))
    values = external.external_values(row)
    return _form(uow, page, FormSpec(ChangeExternalResultSchema), values, lambda command: external.change_external_result(uow, id, command))


@pages.route(f"{HERE}/<uuid:id>/weg", permission=LOGGED_IN, methods=METHODS)
def desk_external_remove(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Take a result away, with the reason in the log."""
    uow = current_uow()
    placed = _at_work(uow, slug)
    row = _row(uow, placed, id)
    page = _page(placed, _("Uitslag weghalen"), f"{id}/weg", _("Haal de uitslag weg"), _("De uitslag is weggehaald."))

    def remove(command: Delete) -> None:
        external.remove_external_result(uow, id, command.version, command.reason)

    return delete_page(uow, page, row.version, remove, page.back)


def _at_work(uow: UnitOfWork, slug: str) -> Placed:
    placed = visible_activity(uow, slug)
    require_work(uow, placed.plan, *EDITORS)
    if placed.activity.type not in external.TYPES:
        raise NotFound
    return placed


def _row(uow: UnitOfWork, placed: Placed, id: uuid.UUID) -> ExternalResult:
    row = external.external_result(uow, id)
    if row.activity_id != placed.activity.id:
        raise NotFound
    return row


def _form(uow: UnitOfWork, page: FormPage, spec: FormSpec, values: Mapping[str, Any], write: Any) -> ResponseReturnValue:
    def do(command: Any) -> str:
        write(command)
        return page.back

    return form_page(uow, page, spec, (Section(Text(""), FIELDS),), do, values=values)


def _page(placed: Placed, title: Text, part: str, submit: Text, done: Text) -> FormPage:
    here = paths.desk_activity(placed.activity.slug, PART)
    trail = _trail(placed, (TITLE, here), (title, None))
    return FormPage(title=title, submit=submit, done=done, path=f"{here}/{part}", back=here, trail=trail, lead=placed.activity.title)


def _trail(placed: Placed, *more: tuple[Text | str, str | None]) -> tuple[Any, ...]:
    activity, plan = placed.activity, placed.plan
    own = (activity.title, paths.desk_activity(activity.slug))
    return ((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(plan.slug)), own, *more)
