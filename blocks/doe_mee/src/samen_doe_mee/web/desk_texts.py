"""The texts that are ready for answers: of the city and of each plan, and their form."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from citycontent.api import Delete
from citycontent.web.api import FormPage, FormSpec, Section, delete_page, form_page
from samen_core.api import LOGGED_IN, Text, UnitOfWork, _
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.queries.answering import work_plans
from samen_doe_mee.schemas.answering import SaveReadyText, SaveReadyTextSchema
from samen_doe_mee.services.ready_texts import (
    PLACES,
    example_values,
    fill,
    find_ready_text,
    ready_texts,
    remove_ready_text,
    save_ready_text,
    text_values,
)
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_doe_mee.web.desk_answers import require_answerer
from samen_inbreng.api import OUTCOME_LABELS

NEW = f"{paths.DESK_TEXTS}/nieuw"
TITLE = _("Teksten")
FIELDS = ("name", "plan_id", "outcome", "text")


@pages.route(paths.DESK_TEXTS, permission=LOGGED_IN)
def text_list() -> ResponseReturnValue:
    """Every text to start from: of the whole city first, then per plan; each as it looks when filled in."""
    uow = current_uow()
    require_answerer(uow)
    plans = {row.id: row.title for row in work_plans(uow)}
    groups: dict[str, list[Any]] = {}
    for text in ready_texts(uow, list(plans)):
        url = page_url(f"{paths.DESK_TEXTS}/{text.id}")
        label = OUTCOME_LABELS.get(text.outcome)
        name = plans.get(text.plan_id, "") if text.plan_id else ""
        groups.setdefault(name, []).append((text.name, fill(text.text, example_values()), label, url, f"{url}/weg"))
    return render(
        "doe_mee/desk_texts.html",
        tabs=tabs(uow.actor, paths.DESK_TEXTS),
        desk_tabs=desk_tabs(uow.actor, paths.DESK_TEXTS),
        groups=sorted(groups.items()),
        new_url=page_url(NEW),
        places=[(_as_typed(name), label) for name, label in PLACES.items()],
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK_ANSWERS), (TITLE, None)),
        dense=True,
    )


@pages.route(NEW, permission=LOGGED_IN, methods=["GET", "POST"])
def text_new() -> ResponseReturnValue:
    """A new text."""
    uow = current_uow()
    require_answerer(uow)
    return _form(uow, None, {})


@pages.route(f"{paths.DESK_TEXTS}/<uuid:id>", permission=LOGGED_IN, methods=["GET", "POST"])
def text_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a text."""
    uow = current_uow()
    return _form(uow, id, text_values(find_ready_text(uow, id)))


@pages.route(f"{paths.DESK_TEXTS}/<uuid:id>/weg", permission=LOGGED_IN, methods=["GET", "POST"])
def text_remove(id: uuid.UUID) -> ResponseReturnValue:
    """Take a text away."""
    uow = current_uow()
    text = find_ready_text(uow, id)
    page = _page(
        _("Haal “{name}” weg", name=text.name),
        _("Haal de tekst weg"),
        _("De tekst is weg."),
        f"{paths.DESK_TEXTS}/{id}/weg",
        _("Niemand kan deze tekst dan nog kiezen. Wat ermee geschreven is, blijft staan."),
    )

    def write(command: Delete) -> None:
        remove_ready_text(uow, id, command.version)

    return delete_page(uow, page, text.version, write, paths.DESK_TEXTS)


def _form(uow: UnitOfWork, id: uuid.UUID | None, values: Mapping[str, Any]) -> ResponseReturnValue:
    title = _("Tekst wijzigen") if id else _("Nieuwe tekst")
    lead = (
        escape(str(_("Dit kunt u in de tekst zetten, en wordt per bijdrage ingevuld:"))) + " " + Markup(", ").join(map(_as_typed, PLACES))
    )
    page = _page(title, _("Bewaar de tekst"), _("De tekst is bewaard."), f"{paths.DESK_TEXTS}/{id}" if id else NEW, lead)
    plans: list[tuple[str, Text | str]] = [("", _("Alle plannen en ideeën")), *((str(row.id), row.title) for row in work_plans(uow))]

    def write(command: SaveReadyText) -> str:
        save_ready_text(uow, id, command)
        return paths.DESK_TEXTS

    section = Section(_("De tekst"), FIELDS)
    return form_page(uow, page, FormSpec(SaveReadyTextSchema), (section,), write, values=values, options={"plan_id": plans})


def _as_typed(name: str) -> Markup:
    """A place in a text, as it is typed there."""
    return Markup("<code>{}</code>").format(f"{{{name}}}")


def _page(title: Text, submit: Text, done: Text, path: str, lead: Text | str = "") -> FormPage:
    trail = ((LABEL, paths.HOME), (DESK, paths.DESK_ANSWERS), (TITLE, paths.DESK_TEXTS), (title, None))
    return FormPage(title=title, submit=submit, done=done, path=path, back=paths.DESK_TEXTS, trail=trail, lead=lead)
