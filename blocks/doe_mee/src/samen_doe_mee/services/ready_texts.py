"""Texts that are ready for answers, of one plan or of the city, with places that are filled in for each contribution."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, format_date, uuid7
from samen_doe_mee.models import Plan, ReadyText
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.queries.answering import ANSWERERS
from samen_doe_mee.schemas.answering import SaveReadyText
from samen_doe_mee.services.lateness import city_day
from samen_doe_mee.services.plans import may_work, require_work

PLACES: dict[str, Text] = {
    "nummer": _("het nummer van de bijdrage"),
    "naam": _("de naam die erbij staat, of “inwoner”"),
    "onderwerp": _("de vraag of het idee waarop iemand reageerde"),
    "plan": _("de titel van het plan"),
    "dag": _("de dag waarop de bijdrage kwam"),
}
"""What can stand between braces in a text, and what comes there."""
LANGUAGE = "nl"
MOST = 200
_PLACE = re.compile(r"\{([^{}]*)\}")


def ready_texts(uow: UnitOfWork, plan_ids: Sequence[uuid.UUID] = ()) -> list[ReadyText]:
    """The texts of the city and those of these plans, by name. One statement."""
    mine = or_(ReadyText.plan_id.is_(None), ReadyText.plan_id.in_(list(plan_ids)))
    return list(uow.session.execute(select(ReadyText).where(mine).order_by(ReadyText.name, ReadyText.id).limit(MOST)).scalars())


def find_ready_text(uow: UnitOfWork, id: uuid.UUID) -> ReadyText:
    """A text that the actor may use. Raises NotFound."""
    text = uow.session.get(ReadyText, id)
    if text is None or not _may(uow, text.plan_id):
        raise NotFound
    return text


def save_ready_text(uow: UnitOfWork, id: uuid.UUID | None, command: SaveReadyText) -> ReadyText:
    """Make or change a text. Raises NotFound, NotAllowed, Conflict with the text of now, and Invalid for a place that does not exist."""
    _require(uow, command.plan_id)
    if wrong := what_stays_unfilled(command.text):
        raise Invalid({"text": wrong})
    if id is None:
        text = ReadyText(id=uuid7())
        uow.session.add(text)
    else:
        text = _to_change(uow, id, command.version)
    text.name, text.text, text.outcome, text.plan_id = command.name, command.text, command.outcome, command.plan_id
    uow.session.flush()
    uow.record("doe_mee.ready_text.saved", command.plan_id, after={"id": text.id, "name": text.name, "outcome": text.outcome})
    return text


def remove_ready_text(uow: UnitOfWork, id: uuid.UUID, version: int) -> None:
    """Take a text away; answers that were written with it stay. Raises NotFound, NotAllowed and Conflict."""
    text = _to_change(uow, id, version)
    uow.session.delete(text)
    uow.record("doe_mee.ready_text.removed", text.plan_id, before={"id": id, "name": text.name})


def text_values(text: ReadyText) -> dict[str, Any]:
    """What the form of a text shows."""
    return {name: getattr(text, name) for name in ("name", "plan_id", "outcome", "text", "version")}


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


def place_values(uow: UnitOfWork, row: Any) -> dict[str, str]:
    """What comes in the places, for a row of the work list. In Dutch, whoever writes: that is what people get."""
    with uow.platform.translations.use(LANGUAGE):
        return {
            "nummer": str(row.number),
            "naam": row.author_name or row.organization or str(_("inwoner")),
            "onderwerp": row.title or "",
            "plan": row.plan_title or row.title or "",
            "dag": format_date(city_day(row.at)),
        }


def example_values() -> dict[str, str]:
    """What the places are filled with to show how a text looks."""
    return {
        "nummer": "12",
        "naam": "Noor de Wit",
        "onderwerp": "Wat moet er in het park komen?",
        "plan": "Het nieuwe park",
        "dag": "9 oktober 2026",
    }


def _may(uow: UnitOfWork, plan_id: uuid.UUID | None) -> bool:
    if plan_id is None:
        return ANSWER.somewhere(uow.actor)
    plan = uow.session.get(Plan, plan_id)
    return plan is not None and may_work(uow, plan, *ANSWERERS, permission=ANSWER)


def _require(uow: UnitOfWork, plan_id: uuid.UUID | None) -> None:
    """Texts of the whole city are for who holds the right somewhere; those of a plan also for its colleagues."""
    if plan_id is None:
        if not ANSWER.somewhere(uow.actor):
            ANSWER.require(uow.actor)
        return
    plan = uow.session.get(Plan, plan_id)
    if plan is None:
        raise Invalid({"plan_id": [_("Dit plan bestaat niet (meer).")]})
    require_work(uow, plan, *ANSWERERS, permission=ANSWER)


def _to_change(uow: UnitOfWork, id: uuid.UUID, version: int | None) -> ReadyText:
    text = uow.session.get(ReadyText, id, with_for_update=True, populate_existing=True)
    if text is None:
        raise NotFound
    _require(uow, text.plan_id)
    if text.version != version:
        raise Conflict(current=text_values(text), version=text.version)
    return text
