"""Texts that staff start from when a case goes to a state, with places in them that are filled in for each case."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, format_day, uuid7
from samen_oog_oor.models import Case, ReadyText
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.schemas.work import SaveReadyText

PLACES: dict[str, Text] = {
    "nummer": _("het nummer van de zaak"),
    "titel": _("hoe de zaak heet"),
    "plek": _("waar het is"),
    "categorie": _("de categorie"),
    "organisatie": _("wie het oppakt"),
    "beloofd": _("de beloofde dag"),
    "gepland": _("de dag waarop het werk gebeurt"),
}
"""What can stand between braces in a text, and what comes there."""
LANGUAGE = "nl"
_PLACE = re.compile(r"\{([^{}]*)\}")


def save_ready_text(uow: UnitOfWork, id: uuid.UUID | None, command: SaveReadyText) -> ReadyText:
    """Make or change a text. Raises NotAllowed, NotFound, Conflict, and Invalid for a place that does not exist."""
    if not TRIAGE.somewhere(uow.actor):
        TRIAGE.require(uow.actor)
    _check(uow, command)
    if id is None:
        text = ReadyText(id=uuid7())
        uow.session.add(text)
    else:
        text = _to_change(uow, id, command.version)
    text.state, text.name, text.text = command.state, command.name, command.text
    text.category_id, text.position, text.active = command.category_id, command.position, command.active
    uow.session.flush()
    uow.record("oog_oor.ready_text.saved", after={"id": text.id, "name": text.name, "state": text.state})
    return text


def remove_ready_text(uow: UnitOfWork, id: uuid.UUID, version: int) -> None:
    """Take a text away; what was sent with it stays. Raises NotAllowed, NotFound and Conflict."""
    if not TRIAGE.somewhere(uow.actor):
        TRIAGE.require(uow.actor)
    text = _to_change(uow, id, version)
    uow.session.delete(text)
    uow.record("oog_oor.ready_text.removed", before={"id": id, "name": text.name})


def text_values(text: ReadyText) -> dict[str, Any]:
    """A text as its form shows it."""
    return {name: getattr(text, name) for name in ("state", "category_id", "name", "text", "position", "active", "version")}


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with every place filled in."""
    return _PLACE.sub(lambda found: values.get(found[1].strip().lower(), found[0]), text)


def what_stays_unfilled(text: str) -> list[Text]:
    """What is wrong with a text in which something stands between braces that is no place; empty when nothing does."""
    wrong = next((place for place in _PLACE.findall(text) if place.strip().lower() not in PLACES), None)
    if wrong is None:
        return []
    known = ", ".join(f"{{{name}}}" for name in PLACES)
    return [_("“{place}” kan niet ingevuld worden. U kunt kiezen uit: {known}.", place=f"{{{wrong}}}", known=known)]


def place_values(uow: UnitOfWork, case: Case | Any, category: str, organization: str) -> dict[str, str]:
    """What comes in the places, for a case; what is not known yet says so. In Dutch, whoever writes: that is what reporters get."""
    with uow.platform.translations.use(LANGUAGE):
        unknown = str(_("nog niet bekend"))
        return {
            "nummer": case.number,
            "titel": case.title,
            "plek": case.public_place or str(_("de gemelde plek")),
            "categorie": category or unknown,
            "organisatie": organization or unknown,
            "beloofd": format_day(case.promised_on) if case.promised_on else unknown,
            "gepland": format_day(case.planned_on) if case.planned_on else unknown,
        }


def day_for_reporters(uow: UnitOfWork, day: date) -> str:
    """A day as it comes in a place, for one that the case does not have yet."""
    with uow.platform.translations.use(LANGUAGE):
        return format_day(day)


def _check(uow: UnitOfWork, command: SaveReadyText) -> None:
    errors: dict[str, list[Text]] = {}
    if wrong := what_stays_unfilled(command.text):
        errors["text"] = wrong
    if command.category_id is not None and command.category_id not in category_tree(uow).by_id:
        errors["category_id"] = [_("Deze categorie bestaat niet (meer).")]
    if errors:
        raise Invalid(errors)


def _to_change(uow: UnitOfWork, id: uuid.UUID, version: int | None) -> ReadyText:
    text = uow.session.get(ReadyText, id, with_for_update=True, populate_existing=True)
    if text is None:
        raise NotFound
    if text.version != version:
        raise Conflict(current=text_values(text), version=text.version)
    return text
