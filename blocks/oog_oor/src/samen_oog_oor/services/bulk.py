"""One act on several cases, each in a transaction of its own: what one cannot do takes nothing back of what was done with another."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from samen_core.api import Actor, Conflict, Invalid, NotFound, Permission, Platform, SamenError, Text, UnitOfWork, _
from samen_oog_oor.models import Case
from samen_oog_oor.permissions import HANDLE, TRIAGE
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.work import AnyRow, chosen_cases
from samen_oog_oor.schemas.moving import MoveCase
from samen_oog_oor.schemas.routing import HandOver
from samen_oog_oor.schemas.work import MOST_AT_ONCE, AssignCase, ManyCases, SetPriority
from samen_oog_oor.services.desk import assign_case, set_priority
from samen_oog_oor.services.moving import move_case
from samen_oog_oor.services.ready_texts import fill, place_values
from samen_oog_oor.services.routing import hand_over


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with several cases; ``asks`` are the fields that it takes."""

    label: Text
    permission: Permission
    asks: tuple[str, ...]
    do: Callable[[UnitOfWork, uuid.UUID, int, ManyCases], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: ``problem`` is why nothing did."""

    id: uuid.UUID
    number: str
    title: str
    problem: Text | None


def _take(uow: UnitOfWork, id: uuid.UUID, version: int, _command: ManyCases) -> Case:
    return assign_case(uow, id, AssignCase(assignee_id=uow.actor.account_id, version=version))


def _assign(uow: UnitOfWork, id: uuid.UUID, version: int, command: ManyCases) -> Case:
    return assign_case(uow, id, AssignCase(assignee_id=command.assignee_id, version=version))


def _prioritize(uow: UnitOfWork, id: uuid.UUID, version: int, command: ManyCases) -> Case:
    return set_priority(uow, id, SetPriority(priority=command.priority or "normal", reason=command.text, version=version))


def _hand_over(uow: UnitOfWork, id: uuid.UUID, version: int, command: ManyCases) -> object:
    if command.organization_id is None:
        raise Invalid({"organization_id": [_("Kies een organisatie.")]})
    return hand_over(uow, id, HandOver(organization_id=command.organization_id, reason=command.text, version=version))


def _move(uow: UnitOfWork, id: uuid.UUID, version: int, command: ManyCases) -> Case:
    row = next(iter(chosen_cases(uow, [id])), None)
    if row is None:
        raise NotFound
    text = fill(command.text, values_of(uow, row))
    return move_case(uow, id, MoveCase(state=command.state or "", resolution=command.resolution, text=text, version=version))


ACTS: dict[str, Act] = {
    "neem": Act(_("Neem deze zaken zelf"), HANDLE, (), _take),
    "geef": Act(_("Geef aan een collega"), HANDLE, ("assignee_id",), _assign),
    "urgentie": Act(_("Verander de urgentie"), HANDLE, ("priority", "text"), _prioritize),
    "organisatie": Act(_("Stuur naar een andere organisatie"), TRIAGE, ("organization_id", "text"), _hand_over),
    "verder": Act(_("Breng naar een andere stap, met een bericht"), HANDLE, ("state", "resolution", "text"), _move),
}
"""By their names in forms."""


def values_of(uow: UnitOfWork, row: AnyRow) -> Mapping[str, str]:
    """What comes in the places of a ready text, for a row of the list."""
    category = category_tree(uow).by_id.get(row.category_id)
    return place_values(uow, row, category.name if category else "", row.organization_name or "")


def do_many(platform: Platform, actor: Actor, command: ManyCases) -> list[Outcome]:
    """Do one act with every case, each in its own transaction, and tell what became of each in the order in which they were given.

    No unit of work may be writing meanwhile. Raises Invalid for an unknown act, and for too many or no cases.
    """
    if command.act not in ACTS:
        raise Invalid(_("Kies wat u met de zaken wilt doen."))
    if not command.cases:
        raise Invalid(_("Kies eerst een of meer zaken."))
    if len(command.cases) > MOST_AT_ONCE:
        raise Invalid(_("Kies hoogstens {n} zaken tegelijk.", n=MOST_AT_ONCE))
    with platform.read(actor) as uow:
        known = {row.id: row for row in chosen_cases(uow, [id for id, _version in command.cases])}
    found = []
    for id, version in dict(command.cases).items():
        row = known.get(id)
        problem = _one(platform, actor, replace(command, cases=((id, version),))) if row else _("Deze zaak is er niet (meer).")
        found.append(Outcome(id, row.number if row else "", row.title if row else "", problem))
    return found


def _one(platform: Platform, actor: Actor, command: ManyCases) -> Text | None:
    """Do it with the one case of the command; why not, when it cannot be done."""
    ((id, version),) = command.cases
    try:
        with platform.unit_of_work(actor) as uow:
            ACTS[command.act].do(uow, id, version, command)
    except Conflict as error:
        return error.message if error.message is not error.title else _("Een collega heeft deze zaak intussen gewijzigd.")
    except Invalid as error:
        return _first(list(error.errors.values()), error)
    except SamenError as error:
        return error.message
    return None


def _first(texts: Sequence[Sequence[Text]], error: Invalid) -> Text:
    return texts[0][0] if texts and texts[0] else error.message
