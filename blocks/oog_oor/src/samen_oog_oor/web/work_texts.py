"""The texts that staff start from: a list per state, and their form."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from citycontent.api import Delete
from citycontent.web.api import FormPage, FormSpec, Section, delete_page, form_page
from samen_core.api import NotFound, Text, UnitOfWork, _, current_language
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models import ReadyText
from samen_oog_oor.models.base import STATES
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.desk import ready_texts
from samen_oog_oor.schemas.work import SaveReadyText, SaveReadyTextSchema
from samen_oog_oor.services.ready_texts import PLACES, remove_ready_text, save_ready_text, text_values
from samen_oog_oor.web.common import DESK, LABEL, desk_tabs, pages, tabs

NEW = f"{paths.TEXTS}/nieuw"
TITLE = _("Teksten")
FIELDS = ("name", "state", "category_id", "text", "position", "active")


@dataclass(frozen=True, slots=True)
class TextView:
    """A text in the list."""

    name: str
    text: str
    category: str
    active: bool
    url: str
    remove_url: str


@pages.route(paths.TEXTS, permission=TRIAGE)
def text_list() -> ResponseReturnValue:
    """Every text to start from, by the state that it is for."""
    uow = current_uow()
    found: dict[str, list[TextView]] = {}
    for row in ready_texts(uow, all=True):
        url = f"{paths.TEXTS}/{row.id}"
        view = TextView(row.name, row.text, row.category_name or "", row.active, page_url(url), page_url(f"{url}/weg"))
        found.setdefault(row.state, []).append(view)
    return render(
        "oog_oor/work_texts.html",
        tabs=tabs(uow.actor, paths.TEXTS),
        desk_tabs=desk_tabs(uow.actor, paths.TEXTS),
        groups=[(STATE_LABELS[state], found[state]) for state in STATES if state in found],
        new_url=page_url(NEW),
        places=[(_as_typed(name), label) for name, label in PLACES.items()],
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, None)),
    )


@pages.route(NEW, permission=TRIAGE, methods=["GET", "POST"])
def text_new() -> ResponseReturnValue:
    """A new text."""
    return _form(current_uow(), None, {"active": True, "position": 0})


@pages.route(f"{paths.TEXTS}/<uuid:id>", permission=TRIAGE, methods=["GET", "POST"])
def text_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a text."""
    uow = current_uow()
    return _form(uow, id, text_values(_found(uow, id)))


@pages.route(f"{paths.TEXTS}/<uuid:id>/weg", permission=TRIAGE, methods=["GET", "POST"])
def text_remove(id: uuid.UUID) -> ResponseReturnValue:
    """Take a text away."""
    uow = current_uow()
    text = _found(uow, id)
    page = _page(
        _("Haal “{name}” weg", name=text.name),
        _("Haal de tekst weg"),
        _("De tekst is weg."),
        f"{paths.TEXTS}/{id}/weg",
        _("Niemand kan deze tekst dan nog kiezen. Wat ermee geschreven is, blijft staan."),
    )

    def write(command: Delete) -> None:
        remove_ready_text(uow, id, command.version)

    return delete_page(uow, page, text.version, write, paths.TEXTS)


def _form(uow: UnitOfWork, id: uuid.UUID | None, values: Mapping[str, Any]) -> ResponseReturnValue:
    title = _("Tekst wijzigen") if id else _("Nieuwe tekst")
    lead = escape(str(_("Dit kunt u in de tekst zetten, en wordt per zaak ingevuld:"))) + " " + Markup(", ").join(map(_as_typed, PLACES))
    page = _page(title, _("Bewaar de tekst"), _("De tekst is bewaard."), f"{paths.TEXTS}/{id}" if id else NEW, lead)
    tree = category_tree(uow)
    language = current_language()
    options = [
        (row.id, row.called(language) if row.parent_id is None else f"\u2003{row.called(language)}")
        for main in tree.main
        for row in (main, *tree.subs(main))
    ]

    def write(command: SaveReadyText) -> str:
        save_ready_text(uow, id, command)
        return paths.TEXTS

    return form_page(
        uow,
        page,
        FormSpec(SaveReadyTextSchema),
        (Section(_("De tekst"), FIELDS),),
        write,
        values=values,
        options={"category_id": options},
    )


def _as_typed(name: str) -> Markup:
    """A place in a text, as it is typed there."""
    return Markup("<code>{}</code>").format(f"{{{name}}}")


def _page(title: Text, submit: Text, done: Text, path: str, lead: Text | str = "") -> FormPage:
    trail = ((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.TEXTS), (title, None))
    return FormPage(title=title, submit=submit, done=done, path=path, back=paths.TEXTS, trail=trail, lead=lead)


def _found(uow: UnitOfWork, id: uuid.UUID) -> ReadyText:
    text = uow.session.get(ReadyText, id)
    if text is None:
        raise NotFound
    return text
