"""Categories: what people can report, in two levels; made, changed, ordered and switched off by who sets up the city."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from citycontent.api import Organization
from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, free_slug, uuid7
from samen_oog_oor.models import STOPS, Case, Category
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.permissions import DEFINE
from samen_oog_oor.queries.categories import CHANGED
from samen_oog_oor.schemas.categories import SaveCategory
from samen_oog_oor.services.answers import changed_form
from samen_oog_oor.services.common import keep_case
from samen_oog_oor.services.patterns import end_patterns

FIELDS = (
    *("parent_id", "name", "name_en", "description", "words", "promise", "term_days", "radius", "publication"),
    *("stop", "stop_text", "stop_text_en", "stop_url", "stop_phone", "confirm_by_mail", "confidential", "organization_id"),
)

DEFAULT_ICON = "map-pin"
RESERVED = ("nieuw", "meegeleverd")
"""Codes that are an address of the pages of the manager."""


def create_category(uow: UnitOfWork, command: SaveCategory) -> Category:
    """Add a category, last under its main one. Raises NotAllowed and Invalid."""
    DEFINE.require(uow.actor)
    _check(uow, None, command)
    position = uow.session.execute(
        select(func.coalesce(func.max(Category.position), -1) + 1).where(_beside(command.parent_id))
    ).scalar_one()
    code = command.code or free_slug(uow, Category.code, command.name, "categorie", RESERVED)
    category = Category(id=uuid7(), code=code, position=position, changed_at=uow.now, form=changed_form({}, command.form or {}))
    parent = uow.session.get(Category, command.parent_id) if command.parent_id else None
    category.icon = command.icon or (parent.icon if parent is not None else DEFAULT_ICON)
    for name in FIELDS:
        setattr(category, name, getattr(command, name))
    uow.session.add(category)
    _keep(uow)
    uow.record("oog_oor.category.created", category.id, after={"name": category.name, "code": category.code})
    return category


def update_category(uow: UnitOfWork, id: uuid.UUID, command: SaveCategory) -> Category:
    """Replace what a category is. Raises NotFound, NotAllowed, Invalid, and Conflict with the values of now.

    The cases of one that becomes confidential become so too, and stay so.
    """
    category = _locked(uow, id, command.version)
    _check(uow, category, command)
    confides = command.confidential and not category.confidential
    for name in FIELDS:
        setattr(category, name, getattr(command, name))
    if confides:
        _confide(uow, category)
    if command.icon and command.icon != category.icon:
        _give_icon(uow, category, command.icon)
    if command.form is not None:
        category.form = changed_form(category.form, command.form)
    _log(uow, "updated", category)
    return category


def _confide(uow: UnitOfWork, category: Category) -> None:
    """Take the cases of a category out of sight, and its patterns. Two statements, and two for each that had a page for everybody."""
    of_category = (Case.category_id == category.id, Case.confidential.is_(False))
    for case in uow.session.execute(select(Case).where(*of_category, Case.publication == "full").order_by(Case.id)).scalars().all():
        case.confidential = True
        keep_case(uow, case)
    rest = update(Case).where(*of_category).values(confidential=True, changed_at=uow.now, version=Case.version + 1)
    uow.session.execute(rest, execution_options={"synchronize_session": False})
    end_patterns(uow, category.id)
    uow.record("oog_oor.category.confided", after={"category": category.code})


def set_questions(uow: UnitOfWork, id: uuid.UUID, form: Mapping[str, Any], version: int) -> Category:
    """Replace the extra questions of a category. Raises NotFound, NotAllowed, Invalid, and Conflict with the values of now."""
    category = _locked(uow, id, version)
    if category.parent_id is None:
        raise Invalid({"form": [_("Een hoofdcategorie stelt geen vragen: zet ze bij wat eronder valt.")]})
    category.form = changed_form(category.form, form)
    _log(uow, "updated", category)
    return category


def switch_off(uow: UnitOfWork, id: uuid.UUID, version: int, reason: str) -> Category:
    """Offer a category no longer; its cases stay. With a main one all under it go. Raises as :func:`update_category`."""
    category = _locked(uow, id, version)
    if not reason.strip():
        raise Invalid({"reason": [_("Schrijf waarom: wie later kijkt, wil dat weten.")]})
    if not category.active:
        raise Invalid(_("Deze categorie staat al uit."))
    category.active = False
    _log(uow, "switched_off", category, reason.strip())
    return category


def switch_on(uow: UnitOfWork, id: uuid.UUID, version: int) -> Category:
    """Offer a category again. Raises as :func:`update_category`."""
    category = _locked(uow, id, version)
    category.active = True
    _log(uow, "switched_on", category)
    return category


def move_category(uow: UnitOfWork, id: uuid.UUID, step: int) -> Category:
    """Put a category ``step`` places further among those beside it (-1 is up). At the end it stays. Raises NotFound and NotAllowed."""
    category = _locked(uow, id, None)
    beside = select(Category).where(_beside(category.parent_id)).order_by(Category.position, Category.name, Category.id).with_for_update()
    row = list(uow.session.execute(beside).scalars())
    place = row.index(category)
    row.insert(min(max(place + step, 0), len(row) - 1), row.pop(place))
    _number(uow, row)
    return category


def order_categories(uow: UnitOfWork, parent_id: uuid.UUID | None, ids: Sequence[uuid.UUID]) -> None:
    """Put the categories under a main one (or the main ones) in this order. Raises NotAllowed, and Invalid unless all are named once."""
    DEFINE.require(uow.actor)
    row = {one.id: one for one in uow.session.execute(select(Category).where(_beside(parent_id)).with_for_update()).scalars()}
    if len(ids) != len(row) or set(ids) != set(row):
        raise Invalid({"ids": [_("Noem alle categorieën die bij elkaar staan, elk één keer.")]})
    _number(uow, [row[id] for id in ids])


def remove_category(uow: UnitOfWork, id: uuid.UUID, version: int, reason: str = "") -> None:
    """Take away a category that was never used. Raises as :func:`update_category`, and Invalid once it has cases or others under it."""
    category = _locked(uow, id, version)
    try:
        with uow.session.begin_nested():
            uow.session.delete(category)
            uow.session.flush()
    except IntegrityError:
        raise Invalid(_("Deze categorie is al gebruikt. U kunt haar niet weghalen, wel uitzetten: wat er was, blijft dan staan.")) from None
    if parent := uow.session.get(Category, category.parent_id) if category.parent_id else None:
        # When something changed last stays known, also to who asks over Open311.
        parent.changed_at = uow.now
    _keep(uow)
    uow.record("oog_oor.category.removed", id, before={"name": category.name, "code": category.code}, reason=reason)


def seed_categories(uow: UnitOfWork) -> int:
    """Make the categories that come with the block and are not there yet, by code; the number made. What a city changed stays."""
    DEFINE.require(uow.actor)
    known: dict[str, uuid.UUID] = {row.code: row.id for row in uow.session.execute(select(Category.code, Category.id))}
    made = 0
    for position, (command, parent) in enumerate(delivered()):
        if command.code in known:
            continue
        parent_id = known[parent] if parent else None
        category = Category(id=uuid7(), code=command.code, position=position, changed_at=uow.now, icon=command.icon)
        category.form = changed_form({}, command.form or {})
        for name in FIELDS:
            setattr(category, name, getattr(replace(command, parent_id=parent_id), name))
        uow.session.add(category)
        known[command.code] = category.id
        made += 1
    if made:
        _keep(uow)
        uow.record("oog_oor.category.seeded", after={"made": made})
    return made


@cache
def delivered() -> tuple[tuple[SaveCategory, str], ...]:
    """The categories that come with the block, each with the code of its main one; main ones before what is under them."""
    from samen_oog_oor.services.ready_questions import ready_form

    data = tomllib.loads(files("samen_oog_oor").joinpath("data", "categories.toml").read_text("utf-8"))
    found: list[tuple[SaveCategory, str]] = []
    for main in data["main"]:
        subs = main.pop("sub")
        found.append((SaveCategory(**main), ""))
        for sub in subs:
            words, asked = "\n".join(sub.pop("words")), ready_form(sub.pop("questions", ()))
            found.append((SaveCategory(**{"icon": main["icon"], **sub}, words=words, form=asked), main["code"]))
    return tuple(found)


def category_values(category: Any) -> dict[str, Any]:
    """What the form of a category shows."""
    return {name: getattr(category, name) for name in (*FIELDS, "icon", "code", "form", "active", "version")}


def _locked(uow: UnitOfWork, id: uuid.UUID, version: int | None) -> Category:
    DEFINE.require(uow.actor)
    statement = select(Category).where(Category.id == id).with_for_update().execution_options(populate_existing=True)
    category = uow.session.execute(statement).scalar_one_or_none()
    if category is None:
        raise NotFound
    if version is not None and category.version != version:
        raise Conflict(current=category_values(category), version=category.version)
    return category


def _check(uow: UnitOfWork, category: Category | None, command: SaveCategory) -> None:
    errors: dict[str, list[Text]] = {}
    if problem := _code_problem(uow, category, command.code):
        errors["code"] = [problem]
    if problem := _parent_problem(uow, category, command.parent_id):
        errors["parent_id"] = [problem]
    if command.parent_id is None and command.stop:
        errors["stop"] = [_("Zet dit bij wat onder de hoofdcategorie valt.")]
    elif command.stop not in STOPS:
        errors["stop"] = [_("Deze keuze bestaat niet.")]
    elif command.stop and not command.stop_text.strip():
        errors["stop_text"] = [_("Schrijf waar iemand dan wel terechtkan.")]
    if command.publication not in PUBLICATION:
        errors["publication"] = [_("Deze keuze bestaat niet.")]
    if command.organization_id is not None and uow.session.get(Organization, command.organization_id) is None:
        errors["organization_id"] = [_("Deze organisatie kennen wij niet.")]
    if errors:
        raise Invalid(errors)


def _code_problem(uow: UnitOfWork, category: Category | None, code: str) -> Text | None:
    if category is not None:
        same = code in ("", category.code)
        return None if same else _("De code van een categorie verandert niet: andere systemen kennen de categorie daaraan.")
    if code in RESERVED:
        return _("Deze code is niet te gebruiken. Kies een andere.")
    taken = code and uow.session.execute(select(Category.id).where(Category.code == code)).first()
    return _("Er is al een categorie met deze code.") if taken else None


def _parent_problem(uow: UnitOfWork, category: Category | None, parent_id: uuid.UUID | None) -> Text | None:
    if category is not None and (category.parent_id is None) != (parent_id is None):
        return _("Een hoofdcategorie blijft een hoofdcategorie, en wat eronder valt blijft eronder.")
    if parent_id is None:
        return None
    parent = uow.session.get(Category, parent_id)
    return None if parent is not None and parent.parent_id is None else _("Kies een hoofdcategorie.")


def _beside(parent_id: uuid.UUID | None) -> Any:
    return Category.parent_id.is_(None) if parent_id is None else Category.parent_id == parent_id


def _give_icon(uow: UnitOfWork, category: Category, icon: str) -> None:
    """Change the picture; what is under a main category and had the same one goes along."""
    if category.parent_id is None:
        for one in uow.session.execute(select(Category).where(Category.parent_id == category.id, Category.icon == category.icon)).scalars():
            one.icon, one.changed_at = icon, uow.now
    category.icon = icon


def _number(uow: UnitOfWork, row: Sequence[Category]) -> None:
    for number, one in enumerate(row):
        if one.position != number:
            one.position, one.changed_at = number, uow.now
    _keep(uow)
    uow.record("oog_oor.category.ordered", row[0].parent_id if row else None, after={"codes": [one.code for one in row]})


def _log(uow: UnitOfWork, what: str, category: Category, reason: str = "") -> None:
    if uow.record_change(f"oog_oor.category.{what}", category, category.id, reason=reason):
        category.changed_at = uow.now
    _keep(uow)


def _keep(uow: UnitOfWork) -> None:
    uow.session.info[CHANGED] = True
    uow.session.flush()
