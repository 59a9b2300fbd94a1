"""The steps of a case: who may take which, and what each needs (oog_oor.md §1.5)."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

from samen_core.api import Invalid, Text, UnitOfWork, _, n_
from samen_oog_oor.labels import RESOLUTION_LABELS, STATE_LABELS
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import CLOSED, RESOLUTIONS, targets
from samen_oog_oor.schemas.moving import MoveCase
from samen_oog_oor.services.common import case_to_work_at, case_values
from samen_oog_oor.services.deadlines import city_day
from samen_oog_oor.services.reopening import decide
from samen_oog_oor.services.states import cannot, enter_state
from samen_oog_oor.services.tasks import drop_tasks, open_tasks

MOST_AHEAD = timedelta(days=20 * 366)
"""A day of work that is further away was mistyped; calendars that take the feed of planned work know no day after the year 9999."""
_HONEST = ("repaired", "already_resolved")
_BROKEN = frozenset({"problem", "safety_concern"})
_MERGED = _("Deze zaak is samengevoegd met een andere. Werk daar verder, of maak het samenvoegen ongedaan.")


def move_case(uow: UnitOfWork, id: uuid.UUID, command: MoveCase) -> Case:
    """Bring a case to another state, as MOVES allows.

    To close it takes a resolution and a text, which reaches every reporter; to plan it a day; to reopen it, or to decide about a request to
    do so, a text. Raises NotFound, NotAllowed, Conflict when it changed since ``version``, and Invalid with everything that is wrong.
    """
    case = case_to_work_at(uow, id, command.version, values=case_values)
    if errors := what_is_wrong(uow, case, command):
        raise Invalid(errors)
    if case.state == "reopening_requested":
        return decide(uow, case, command.state == "in_progress", command.text.strip(), command.public, mistake=command.mistake)
    drop_tasks(uow, case, command.state, command.text.strip())
    return enter_state(
        uow,
        case,
        command.state,
        text=command.text.strip(),
        resolution=command.resolution,
        planned_on=command.planned_on,
        public=command.public,
        mistake=command.mistake,
        sentence=_("Het afsluiten was een vergissing. De zaak is weer open.") if command.mistake else None,
    )


def what_is_wrong(uow: UnitOfWork, case: Case, command: MoveCase) -> dict[str, list[Text]]:
    """Why a case cannot make this step, by field; empty when it can. A page can ask before it does."""
    if case.merged_into_id is not None:
        return {"state": [_MERGED]}
    if command.state not in possible_states(case):
        return {"state": [cannot(case)]}
    errors: dict[str, list[Text]] = {}
    back_to_end = case.state == "reopening_requested" and command.state in CLOSED
    if command.state in CLOSED and not back_to_end:
        errors |= _what_closing_lacks(uow, case, command)
    elif (case.state in CLOSED or case.state == "reopening_requested") and not command.text.strip():
        errors["text"] = [_("Schrijf waarom. Elke melder krijgt dit.")]
    if command.state == "planned":
        errors |= _what_planning_lacks(city_day(uow.now), command.planned_on)
    if command.mistake and not (command.state == "in_progress" and (case.state in CLOSED or case.state == "reopening_requested")):
        errors["mistake"] = [_("Dit kan alleen als u een afgesloten zaak weer in behandeling neemt.")]
    if command.state == "assigned" and case.organization_id is None:
        errors["state"] = [_("Kies eerst welke organisatie dit oppakt.")]
    return errors


def possible_states(case: Case) -> frozenset[str]:
    """Where staff may bring a case now; asking to reopen it is for its reporters."""
    if case.merged_into_id is not None:
        return frozenset()
    return targets(case.state, case.came_from, case.ended_as) - {"reopening_requested"}


def _what_closing_lacks(uow: UnitOfWork, case: Case, command: MoveCase) -> dict[str, list[Text]]:
    errors: dict[str, list[Text]] = {}
    if not command.text.strip():
        errors["text"] = [_("Schrijf wat er is gedaan, of waarom niet. Elke melder krijgt dit.")]
    if command.resolution is None:
        errors["resolution"] = [_("Kies hoe het is afgelopen.")]
    elif command.resolution not in RESOLUTIONS or command.resolution == "merged" or not _is_honest(case, command.state, command.resolution):
        errors["resolution"] = [
            _("“{resolution}” past niet bij “{state}”.", resolution=_said(command.resolution), state=STATE_LABELS[command.state])
        ]
    left = open_tasks(uow, case.id)
    if left and not command.drop_tasks:
        errors["drop_tasks"] = [
            n_(
                "Er staat nog {n} taak open. Rond die af, of laat hem vervallen.",
                "Er staan nog {n} taken open. Rond ze af, of laat ze vervallen.",
                left,
            )
        ]
    return errors


def _what_planning_lacks(today: date, day: date | None) -> dict[str, list[Text]]:
    if day is None or day < today:
        return {"planned_on": [_("Kies de dag waarop het werk gebeurt, vandaag of later.")]}
    if day > today + MOST_AHEAD:
        return {"planned_on": [_("Deze dag is te ver weg. Kijk of het jaar klopt.")]}
    return {}


def _is_honest(case: Case, state: str, resolution: str) -> bool:
    """What is called resolved is gone; what is called otherwise was not mended. A compliment or an idea can be answered in any way."""
    if state == "resolved":
        return resolution in _HONEST or case.type not in _BROKEN
    return resolution != "repaired"


def _said(resolution: str) -> Text | str:
    return RESOLUTION_LABELS.get(resolution, resolution)
