"""Where a manager sets up what people can report: the list in its order, a category with its preview, and switching off."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import Organization
from citycontent.web.api import FormPage, FormSpec, Named, Section, delete_page, form_page
from samen_core.api import NotFound, Text, UnitOfWork, _, current_language
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render, say
from samen_oog_oor import paths
from samen_oog_oor.labels import PUBLICATION_LABELS, QUESTION_LABELS, STOP_BADGES
from samen_oog_oor.permissions import DEFINE
from samen_oog_oor.queries.categories import CategoryTree, CategoryView, category_tree, switched_off
from samen_oog_oor.queries.suggest import LONGEST, MEASURED, suggest
from samen_oog_oor.schemas.categories import (
    CreateMainSchema,
    CreateSubSchema,
    SaveCategory,
    SwitchOffSchema,
    UpdateMainSchema,
    UpdateSubSchema,
)
from samen_oog_oor.services.categories import (
    category_values,
    create_category,
    delivered,
    move_category,
    remove_category,
    seed_categories,
    switch_off,
    switch_on,
    update_category,
)
from samen_oog_oor.web.common import DESK, LABEL, desk_tabs, pages, tabs

TITLE = _("Categorieën")
NEW, DELIVERED = f"{paths.CATEGORIES}/nieuw", f"{paths.CATEGORIES}/meegeleverd"
NAMED = {"organization_id": Named("organization")}
MAIN = (Section(_("De hoofdcategorie"), ("name", "name_en", "description", "icon")),)
SUB = (
    Section(_("De categorie"), ("parent_id", "name", "name_en", "description", "words")),
    Section(_("Wat er met een melding gebeurt"), ("term_days", "promise", "organization_id", "radius")),
    Section(_("Wie wat ziet"), ("publication", "confidential", "confirm_by_mail")),
    Section(_("Tegenhouden"), ("stop", "stop_text", "stop_text_en", "stop_phone", "stop_url")),
)
ASKED = ("term_days", "radius", "stop")
"""Shown as what has to be chosen: they always have a value."""
CODE = Section(_("Voor andere systemen"), ("code",), folded=True)


def found_category(uow: UnitOfWork, code: str) -> tuple[CategoryTree, CategoryView]:
    """The categories, and the one with this code, for who may set them up. Raises NotFound and NotAllowed."""
    DEFINE.require(uow.actor)
    tree = category_tree(uow)
    category = tree.by_code.get(code)
    if category is None:
        raise NotFound
    return tree, category


def trail(*more: tuple[Text | str, str | None]) -> tuple[tuple[Text | str, str | None], ...]:
    """The way here, from the home page of the block."""
    return (LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, paths.CATEGORIES), *more


@pages.route(paths.CATEGORIES, permission=DEFINE)
def category_list() -> ResponseReturnValue:
    """Every category in the order in which people see it, folded by main category; those with a word; what a sentence would suggest."""
    uow = current_uow()
    DEFINE.require(uow.actor)
    tree = category_tree(uow)
    sentence = request.args.get("zin", "").strip()[:LONGEST]
    sought = request.args.get("q", "").strip()[:LONGEST]
    opened = request.args.get("hoofd", "")
    found = _with_words(tree, sought.casefold().split())
    missing = sum(command.code not in tree.by_code for command, _parent in delivered())
    return render(
        "oog_oor/categories.html",
        title=TITLE,
        tabs=tabs(uow.actor, paths.CATEGORIES),
        desk_tabs=desk_tabs(uow.actor, paths.CATEGORIES),
        groups=[(main, subs, bool(sought) or main.code == opened) for main, subs in found],
        sought=sought,
        number=sum(len(subs) for _main, subs in found),
        is_empty=not tree.main,
        address=lambda row, part="": page_url(paths.category(row.code, part)),
        stops=STOP_BADGES,
        sentence=sentence,
        suggestions=suggest(uow, sentence, confidential=True) if sentence else [],
        measured=MEASURED,
        list_url=page_url(paths.CATEGORIES),
        new_url=page_url(NEW),
        missing=missing,
        delivered_url=page_url(DELIVERED),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (TITLE, None)),
    )


def _with_words(tree: CategoryTree, words: list[str]) -> list[tuple[CategoryView, list[CategoryView]]]:
    """The categories in whose names, code or synonyms every word occurs; all under a main one when it is the main one that has them."""

    def has(row: CategoryView) -> bool:
        text = f"{row.name} {row.name_en} {row.code} {row.words}".casefold()
        return all(word in text for word in words)

    found = ((main, [row for row in tree.subs(main) if has(main) or has(row)]) for main in tree.main)
    return [(main, subs) for main, subs in found if subs or has(main)]


@pages.route(DELIVERED, permission=DEFINE, methods=["POST"])
def categories_delivered() -> ResponseReturnValue:
    """Add the categories that come with the block and are not there yet."""
    made = seed_categories(current_uow())
    say(_("Er zijn {n} categorieën bij gekomen.", n=made) if made else _("Alle meegeleverde categorieën waren er al."))
    return go(paths.CATEGORIES)


@pages.route(NEW, permission=DEFINE, methods=["GET", "POST"])
def category_new() -> ResponseReturnValue:
    """A new main category, or with ``onder`` one under a main category."""
    uow = current_uow()
    DEFINE.require(uow.actor)
    tree = category_tree(uow)
    parent = tree.by_code.get(request.args.get("onder", ""))
    if "onder" in request.args and (parent is None or parent.parent_id is not None):
        raise NotFound
    page = FormPage(
        title=_("Nieuwe categorie") if parent else _("Nieuwe hoofdcategorie"),
        submit=_("Voeg de categorie toe"),
        done=_("De categorie is toegevoegd."),
        path=f"{NEW}?onder={parent.code}" if parent else NEW,
        back=paths.CATEGORIES,
        trail=trail((_("Nieuw"), None)),
    )

    def write(command: SaveCategory) -> str:
        return paths.category(create_category(uow, command).code)

    if parent is None:
        return form_page(uow, page, FormSpec(CreateMainSchema), (*MAIN, CODE), write, values={})
    return form_page(
        uow,
        page,
        FormSpec(CreateSubSchema, NAMED, required=ASKED),
        (*SUB, CODE),
        write,
        values={"parent_id": parent.id},
        options=_mains(tree),
    )


@pages.route(f"{paths.CATEGORIES}/<code>", permission=DEFINE)
def category_page(code: str) -> ResponseReturnValue:
    """A category as it is set up, with what a reporter gets to see."""
    uow = current_uow()
    tree, category = found_category(uow, code)
    parent = tree.parent(category)
    organization = uow.session.get(Organization, category.organization_id) if category.organization_id else None
    schema = category.answers_schema if category.questions.questions else None
    return render(
        "oog_oor/category.html",
        category=category,
        parent=parent,
        subs=tree.subs(category),
        organization=organization,
        off=switched_off(uow, category.id) if not category.active else None,
        publication=PUBLICATION_LABELS[category.publication],
        questions=[(question, QUESTION_LABELS[question.kind]) for question in category.questions.questions],
        preview=BoundForm(schema) if schema is not None else None,
        tabs=tabs(uow.actor, paths.CATEGORIES),
        desk_tabs=desk_tabs(uow.actor, paths.CATEGORIES),
        address=lambda part="": page_url(paths.category(code, part)),
        sub_url=lambda row: page_url(paths.category(row.code)),
        new_url=page_url(f"{NEW}?onder={code}"),
        breadcrumbs=crumbs(*trail((category.called(current_language()), None))),
    )


@pages.route(f"{paths.CATEGORIES}/<code>/bewerken", permission=DEFINE, methods=["GET", "POST"])
def category_edit(code: str) -> ResponseReturnValue:
    """Change a category."""
    uow = current_uow()
    tree, category = found_category(uow, code)
    page = page_of(
        category,
        "bewerken",
        _("{name} bewerken", name=category.name),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
    )

    def write(command: SaveCategory) -> str:
        update_category(uow, category.id, command)
        return paths.category(code)

    values = category_values(category)
    if category.parent_id is None:
        return form_page(uow, page, FormSpec(UpdateMainSchema), MAIN, write, values=values)
    return form_page(uow, page, FormSpec(UpdateSubSchema, NAMED, required=ASKED), SUB, write, values=values, options=_mains(tree))


@pages.route(f"{paths.CATEGORIES}/<code>/verplaatsen", permission=DEFINE, methods=["POST"])
def category_move(code: str) -> ResponseReturnValue:
    """Put a category one place up or down."""
    uow = current_uow()
    tree, category = found_category(uow, code)
    move_category(uow, category.id, -1 if request.form.get("richting") == "omhoog" else 1)
    say(_("De volgorde is bewaard."))
    return go(f"{paths.CATEGORIES}?hoofd={(tree.parent(category) or category).code}#{code}")


@pages.route(f"{paths.CATEGORIES}/<code>/uitzetten", permission=DEFINE, methods=["GET", "POST"])
def category_off(code: str) -> ResponseReturnValue:
    """Offer a category no longer."""
    uow = current_uow()
    _tree, category = found_category(uow, code)
    lead = _("Niemand kan hier dan nog iets nieuws melden. Zaken die er al zijn, blijven staan en gaan gewoon door.")
    page = page_of(
        category,
        "uitzetten",
        _("{name} uitzetten", name=category.name),
        submit=_("Zet de categorie uit"),
        done=_("De categorie staat uit."),
        lead=lead,
    )

    def write(command: Any) -> None:
        switch_off(uow, category.id, command.version, command.reason)

    return delete_page(uow, page, category.version, write, paths.category(code), schema=SwitchOffSchema)


@pages.route(f"{paths.CATEGORIES}/<code>/aanzetten", permission=DEFINE, methods=["POST"])
def category_on(code: str) -> ResponseReturnValue:
    """Offer a category again."""
    uow = current_uow()
    _tree, category = found_category(uow, code)
    switch_on(uow, category.id, request.form.get("version", category.version, type=int))
    say(_("De categorie staat weer aan."))
    return go(paths.category(code))


@pages.route(f"{paths.CATEGORIES}/<code>/weghalen", permission=DEFINE, methods=["GET", "POST"])
def category_remove(code: str) -> ResponseReturnValue:
    """Take away a category that was never used."""
    uow = current_uow()
    _tree, category = found_category(uow, code)
    lead = _("Dit kan alleen als er nog niets in is gemeld en er niets onder valt. Anders kunt u de categorie uitzetten.")
    page = page_of(
        category,
        "weghalen",
        _("{name} weghalen", name=category.name),
        submit=_("Haal de categorie weg"),
        done=_("De categorie is weg."),
        lead=lead,
    )

    def write(command: Any) -> None:
        remove_category(uow, category.id, command.version, command.reason)

    return delete_page(uow, page, category.version, write, paths.CATEGORIES)


def page_of(category: CategoryView, part: str, title: Text, *, submit: Text, done: Text, lead: Text | str = "") -> FormPage:
    """The page of a form about a category, at this part of its address."""
    there = paths.category(category.code)
    return FormPage(
        title=title,
        submit=submit,
        done=done,
        path=f"{there}/{part}",
        back=there,
        trail=trail((category.name, there), (title, None)),
        lead=lead,
    )


def _mains(tree: CategoryTree) -> dict[str, list[tuple[uuid.UUID, str]]]:
    return {"parent_id": [(main.id, main.called(current_language())) for main in tree.main]}
