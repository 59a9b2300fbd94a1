"""The themes of reactions on a thing: adding, renaming, ordering, merging, taking away."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_core.api import Conflict, Invalid, NotFound, SubjectCard, Text, UnitOfWork, _, parse
from samen_core.web.api import BoundForm, current_uow, go, page_url, render_status, say
from samen_inbreng import paths
from samen_inbreng.models import Theme
from samen_inbreng.permissions import ANSWER
from samen_inbreng.queries.themes import themes_of
from samen_inbreng.schemas.themes import (
    AddThemeSchema,
    DeleteTheme,
    MergeTheme,
    MergeThemeSchema,
    UpdateTheme,
    UpdateThemeSchema,
)
from samen_inbreng.services.themes import add_theme, delete_theme, merge_theme, move_theme, update_theme
from samen_inbreng.web.common import pages
from samen_inbreng.web.subjects import head, staff_subject, trail

PAGE = f"{paths.SUBJECT}/<uuid:id>/themas"
ONE = f"{PAGE}/<uuid:theme_id>"
LABEL = _("Thema's")


@pages.route(PAGE, permission=ANSWER, methods=["GET", "POST"])
def theme_list(id: uuid.UUID) -> ResponseReturnValue:
    """The themes in order, with a form to add one."""
    uow = current_uow()
    card = staff_subject(uow, id)
    if request.method == "GET":
        return _list(uow, card, BoundForm(AddThemeSchema))
    try:
        theme = add_theme(uow, id, parse(AddThemeSchema, request.form))
    except Invalid as error:
        uow.rollback()
        return _list(uow, card, BoundForm(AddThemeSchema, data=request.form, errors=error.errors), 400)
    say(_("Thema “{title}” staat erbij.", title=theme.title))
    return go(paths.subject(id, "themas"))


@pages.route(f"{ONE}/verplaatsen", permission=ANSWER, methods=["POST"])
def theme_move(id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    """Move a theme one place up or down."""
    uow = current_uow()
    _theme(uow, staff_subject(uow, id), theme_id)
    move_theme(uow, theme_id, -1 if request.form.get("naar") == "boven" else 1)
    return go(f"{paths.subject(id, 'themas')}#thema-{theme_id}")


@pages.route(f"{ONE}/bewerken", permission=ANSWER, methods=["GET", "POST"])
def theme_edit(id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    """Change the name or the summary of a theme."""
    uow = current_uow()
    card = staff_subject(uow, id)
    theme = _theme(uow, card, theme_id)
    back = paths.subject(id, "themas")
    page = FormPage(
        title=_("Thema “{title}” aanpassen", title=theme.title),
        submit=_("Bewaar het thema"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{back}/{theme_id}/bewerken",
        back=back,
        trail=((card.title, card.url if card.is_live else None), (LABEL, back), (_("Aanpassen"), None)),
    )

    def write(command: UpdateTheme) -> str:
        update_theme(uow, theme_id, command)
        return back

    values = {"title": theme.title, "summary": theme.summary, "version": theme.version}
    sections = (Section(Text(""), ("title", "summary")),)
    return form_page(uow, page, FormSpec(UpdateThemeSchema), sections, write, values=values)


@pages.route(f"{ONE}/samenvoegen", permission=ANSWER, methods=["GET", "POST"])
def theme_merge(id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    """Merge a theme into another one."""
    uow = current_uow()
    card = staff_subject(uow, id)
    theme = _theme(uow, card, theme_id)
    back = paths.subject(id, "themas")
    page = FormPage(
        title=_("Thema “{title}” samenvoegen", title=theme.title),
        lead=_("Alle bijdragen en antwoorden gaan naar het andere thema. Dit thema verdwijnt. Dat kunt u niet terugdraaien."),
        submit=_("Voeg de thema's samen"),
        done=_("De thema's zijn samengevoegd."),
        path=f"{back}/{theme_id}/samenvoegen",
        back=back,
        trail=((card.title, card.url if card.is_live else None), (LABEL, back), (_("Samenvoegen"), None)),
    )

    def write(command: MergeTheme) -> str:
        merge_theme(uow, theme_id, command)
        return back

    others: list[tuple[Any, Text | str]] = [(row.id, row.title) for row in themes_of(uow, id) if row.id != theme_id]
    sections = (Section(Text(""), ("into_id",)),)
    values = {"version": theme.version}
    return form_page(uow, page, FormSpec(MergeThemeSchema), sections, write, values=values, options={"into_id": others})


@pages.route(f"{ONE}/weghalen", permission=ANSWER, methods=["POST"])
def theme_delete(id: uuid.UUID, theme_id: uuid.UUID) -> ResponseReturnValue:
    """Take an empty theme away."""
    uow = current_uow()
    card = staff_subject(uow, id)
    title = _theme(uow, card, theme_id).title
    try:
        delete_theme(uow, theme_id, DeleteTheme(version=request.form.get("version", 0, type=int)))
    except (Invalid, Conflict) as error:
        uow.rollback()
        texts = [text for found in error.errors.values() for text in found] if isinstance(error, Invalid) else [error.message]
        return _list(uow, card, BoundForm(AddThemeSchema), error.status, texts)
    say(_("Thema “{title}” is weg.", title=title))
    return go(paths.subject(id, "themas"))


def _theme(uow: UnitOfWork, card: SubjectCard, theme_id: uuid.UUID) -> Theme:
    theme = uow.session.get(Theme, theme_id)
    if theme is None or theme.subject_id != card.id:
        raise NotFound
    return theme


def _list(uow: UnitOfWork, card: SubjectCard, form: BoundForm, status: int = 200, problems: Sequence[Text] = ()) -> ResponseReturnValue:
    return render_status(
        status,
        "inbreng/themes.html",
        problems=problems,
        head=head(uow, card, "themas"),
        themes=themes_of(uow, card.id),
        form=form,
        base=page_url(paths.subject(card.id, "themas")),
        desk_url=page_url(paths.subject(card.id, "beantwoorden")),
        answer_url=page_url(paths.subject(card.id, "antwoord")),
        breadcrumbs=trail(card, (LABEL, None)),
    )
