"""Where a manager edits the extra questions of a category."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormSpec, Section, delete_page, form_page
from samen_core.api import NotFound, Text, UnitOfWork, _
from samen_core.web.api import current_uow, go, say
from samen_oog_oor import paths
from samen_oog_oor.permissions import DEFINE
from samen_oog_oor.queries.categories import CategoryView
from samen_oog_oor.schemas.categories import SaveQuestion, SaveQuestionSchema
from samen_oog_oor.services.category_questions import (
    move_question,
    question_values,
    remove_question,
    save_question,
    stored_question,
)
from samen_oog_oor.web.categories import found_category, page_of
from samen_oog_oor.web.common import pages

SECTIONS = (Section(_("De vraag"), ("label", "kind", "options", "help", "required", "minimum", "maximum")),)


@pages.route(f"{paths.CATEGORIES}/<code>/vraag", permission=DEFINE, methods=["GET", "POST"])
def question_new(code: str) -> ResponseReturnValue:
    """Ask something more."""
    uow = current_uow()
    category = _asking(uow, code)
    values = {"version": category.version}
    return _form(uow, category, "", _("Extra vraag bij {name}", name=category.name), values)


@pages.route(f"{paths.CATEGORIES}/<code>/vraag/<name>", permission=DEFINE, methods=["GET", "POST"])
def question_edit(code: str, name: str) -> ResponseReturnValue:
    """Change a question."""
    uow = current_uow()
    category = _asking(uow, code)
    values = question_values(stored_question(category, name), category.version)
    return _form(uow, category, name, _("Vraag bij {name} wijzigen", name=category.name), values)


@pages.route(f"{paths.CATEGORIES}/<code>/vraag/<name>/weghalen", permission=DEFINE, methods=["GET", "POST"])
def question_remove(code: str, name: str) -> ResponseReturnValue:
    """Ask a question no longer."""
    uow = current_uow()
    category = _asking(uow, code)
    question = stored_question(category, name)
    title = _("Vraag weghalen: {question}", question=question["label"])
    lead = _("Wat melders al antwoordden, blijft bij hun melding staan.")
    page = page_of(category, f"vraag/{name}/weghalen", title, submit=_("Haal de vraag weg"), done=_("De vraag is weg."), lead=lead)

    def write(command: Any) -> None:
        remove_question(uow, category, name, command.version)

    return delete_page(uow, page, category.version, write, paths.category(code))


@pages.route(f"{paths.CATEGORIES}/<code>/vraag/<name>/verplaatsen", permission=DEFINE, methods=["POST"])
def question_move(code: str, name: str) -> ResponseReturnValue:
    """Ask a question earlier or later."""
    uow = current_uow()
    category = _asking(uow, code)
    move_question(uow, category, name, -1 if request.form.get("richting") == "omhoog" else 1)
    say(_("De volgorde is bewaard."))
    return go(f"{paths.category(code)}#vragen")


def _asking(uow: UnitOfWork, code: str) -> CategoryView:
    _tree, category = found_category(uow, code)
    if category.parent_id is None:
        raise NotFound
    return category


def _form(uow: UnitOfWork, category: CategoryView, name: str, title: Text, values: dict[str, Any]) -> ResponseReturnValue:
    lead = _("Vraag alleen wat nodig is om het op te lossen. Om een plek, een foto en contactgegevens vraagt het formulier al.")
    page = page_of(
        category, f"vraag/{name}" if name else "vraag", title, submit=_("Bewaar de vraag"), done=_("De vraag is bewaard."), lead=lead
    )

    def write(command: SaveQuestion) -> str:
        save_question(uow, category, name, command)
        return f"{paths.category(category.code)}#vragen"

    return form_page(uow, page, FormSpec(SaveQuestionSchema), SECTIONS, write, values=values)
