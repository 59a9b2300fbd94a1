"""Rounds of the search for solutions: planning, changing and closing them (DOMAIN.md, step 2)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from samen_core.api import Gone, Invalid, NotFound, SubjectData, SubjectRef, UnitOfWork, _, n_, register, update_card, uuid7
from samen_inbreng.api import CloseActivity, close_activity, subject_path
from samen_samenspreker.events import RoundCancelled, RoundClosed, RoundOpened
from samen_samenspreker.models import Question, Round
from samen_samenspreker.paths import table
from samen_samenspreker.queries.rounds import activities_of, next_number, tallies, unanswered_of
from samen_samenspreker.schemas.rounds import CancelRound, CloseRound, PlanRound, UpdateRound
from samen_samenspreker.services.acts import log_act, record_act
from samen_samenspreker.services.common import (
    check_version,
    get_question,
    locked_part,
    locked_question,
    require_active,
    require_facilitator,
    today,
)
from samen_samenspreker.services.gates import Missing
from samen_samenspreker.solve_log import ROUND_UPDATED

TYPE = "round"
FIELDS = ("kind", "title", "purpose", "opens_on", "ends_on")
CONCLUSIONS = ("agreed", "disagreed", "minority")


def round_path(question: Question, number: int, part: str = "") -> str:
    """The page of a round, or a part of it."""
    return table(question.slug, f"rondes/{number}" + (f"/{part}" if part else ""))


def round_state(found: Any, on: date) -> str:
    """``planned``, ``open``, ``closed`` or ``cancelled``, for a round or a row of one."""
    if is_cancelled(found):
        return "cancelled"
    if found.closed_at is not None:
        return "closed"
    return "planned" if found.opens_on > on else "open"


def is_cancelled(found: Any) -> bool:
    """Whether a round was called off: it is over, and has no conclusions."""
    return found.closed_at is not None and not found.agreed


def get_round(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Round]:
    """A round with its table. Raises NotFound, also when the actor may not see the table."""
    found = uow.session.get(Round, id)
    if found is None:
        raise NotFound
    return get_question(uow, found.question_id), found


def open_round(uow: UnitOfWork, question_id: uuid.UUID, command: PlanRound) -> Round:
    """Plan a round; it opens by itself on its first day. Raises NotFound, NotAllowed, Gone, Invalid outside step 2."""
    question = locked_question(uow, question_id)
    require_facilitator(uow, question)
    require_active(question, "solve")
    number = next_number(uow, question.id)
    made = Round(id=uuid7(), question_id=question.id, cycle=question.cycle, number=number)
    for name in FIELDS:
        setattr(made, name, getattr(command, name))
    register(uow, SubjectRef(TYPE, made.id), _card(question, made))
    uow.session.add(made)
    uow.session.flush()
    after = {"number": number, "title": made.title, "kind": made.kind, "opens_on": made.opens_on.isoformat()}
    log_act(uow, RoundOpened, question, SubjectRef(TYPE, made.id), after)
    return made


def update_round(uow: UnitOfWork, id: uuid.UUID, command: UpdateRound) -> Round:
    """Change what is planned. Raises NotFound, NotAllowed, Gone for a closed one, Conflict with the values of now."""
    question, found = locked_round(uow, id)
    check_version(found, command.version, round_values(found))
    before = {name: str(getattr(found, name)) for name in FIELDS}
    for name in FIELDS:
        setattr(found, name, getattr(command, name))
    after = {name: str(getattr(found, name)) for name in FIELDS}
    changed = [name for name in FIELDS if before[name] != after[name]]
    if changed:
        update_card(uow, SubjectRef(TYPE, id), _card(question, found))
        uow.session.flush()
        told = {"number": found.number, **{name: after[name] for name in changed}}
        record_act(uow, ROUND_UPDATED, question, told, before={name: before[name] for name in changed})
    return found


def close_round(uow: UnitOfWork, id: uuid.UUID, command: CloseRound) -> Round:
    """Close a round with its conclusions, and the online activities in it.

    Raises NotFound, NotAllowed, Gone for a closed one, Conflict, and Invalid with everything that is missing.
    """
    question, found = locked_round(uow, id)
    check_version(found, command.version, round_values(found))
    if found.opens_on > today(uow):
        raise Invalid(_("Deze ronde is nog niet begonnen."))
    _close_online(uow, activities_of(uow, [id])[id])
    if lacking := missing_to_close(uow, found):
        raise Invalid({"": [item.text for item in lacking]})
    for name in CONCLUSIONS:
        setattr(found, name, getattr(command, name))
    found.closed_at = uow.now
    update_card(uow, SubjectRef(TYPE, id), _card(question, found))
    uow.session.flush()
    after = {"number": found.number, "title": found.title}
    log_act(uow, RoundClosed, question, SubjectRef(TYPE, id), after)
    return found


def cancel_round(uow: UnitOfWork, id: uuid.UUID, command: CancelRound) -> Round:
    """Call off a round that has not begun, and the online activities planned in it. Its page stays; the reason is in the logbook.

    Raises NotFound, NotAllowed, Gone for a closed one, Conflict, and Invalid when it has begun or somebody contributed to it.
    """
    question, found = locked_round(uow, id)
    check_version(found, command.version, round_values(found))
    if found.opens_on <= today(uow):
        raise Invalid(_("Deze ronde is al begonnen. Rond de ronde af met wat die opleverde."))
    activities = activities_of(uow, [id])[id]
    if any(tallies(uow, [row.activity_id for row in activities]).values()):
        raise Invalid(_("Bij deze ronde staan al bijdragen. Vervroeg de eerste dag en rond de ronde daarna af."))
    _close_online(uow, activities)
    found.closed_at = uow.now
    update_card(uow, SubjectRef(TYPE, id), _card(question, found))
    uow.session.flush()
    after: dict[str, object] = {"number": found.number, "title": found.title}
    log_act(uow, RoundCancelled, question, SubjectRef(TYPE, id), after, reason=command.reason)
    return found


def missing_to_close(uow: UnitOfWork, round_: Round) -> list[Missing]:
    """What still stops the closing of a round: activities with contributions without a sent outcome (DOMAIN.md). Two statements."""
    activities = [row for row in activities_of(uow, [round_.id])[round_.id] if row.activity_id]
    numbers = unanswered_of(uow, [row.activity_id for row in activities])
    found: list[Missing] = []
    for row in activities:
        written, open_ = numbers.get(row.activity_id, (0, 0))
        if open_:
            found.append(_unanswered(round_.question_id, row, open_))
        if written:
            found.append(_waiting(round_.question_id, row, written))
    return found


def _unanswered(question_id: uuid.UUID, row: Any, number: int) -> Missing:
    text = n_(
        "“{title}”: beantwoord nog {n} bijdrage.",
        "“{title}”: beantwoord nog {n} bijdragen.",
        number,
        title=row.title,
    )
    return Missing("answers", text, f"{subject_path(question_id, 'beantwoorden')}?activiteit={row.activity_id}")


def _waiting(question_id: uuid.UUID, row: Any, number: int) -> Missing:
    """What is written is sent some minutes later, and until then it can be withdrawn."""
    text = n_(
        "“{title}”: wacht tot het antwoord op {n} bijdrage is verstuurd. Dat gebeurt vanzelf.",
        "“{title}”: wacht tot de antwoorden op {n} bijdragen zijn verstuurd. Dat gebeurt vanzelf.",
        number,
        title=row.title,
    )
    return Missing("answers_waiting", text, subject_path(question_id, "klaar"))


def locked_round(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Round]:
    """A round that may still be changed, with its table, locked. Raises NotFound, NotAllowed, Gone for a closed one."""
    question, found = locked_part(uow, Round, id)
    require_facilitator(uow, question)
    require_active(question)
    if found.closed_at is not None:
        raise Gone(_("Deze ronde is afgerond of gaat niet door. Wat er staat, verandert niet meer."))
    return question, found


def round_values(found: Round) -> dict[str, object]:
    """What the forms of a round show."""
    return {name: getattr(found, name) for name in (*FIELDS, *CONCLUSIONS, "version")}


def _close_online(uow: UnitOfWork, activities: Iterable[Any]) -> None:
    for row in activities:
        if row.mode == "online" and row.activity_id and not _is_over(uow, row):
            close_activity(uow, row.activity_id, CloseActivity(version=row.activity_version))


def _is_over(uow: UnitOfWork, row: Any) -> bool:
    return row.closed_at is not None or (row.closes_at is not None and row.closes_at <= uow.now)


def _card(question: Question, found: Round) -> SubjectData:
    return SubjectData(
        title=f"Ronde {found.number}: {found.title}",
        url=round_path(question, found.number),
        summary=found.purpose[:300],
        area_ref=question.area_id,
        public=True,
    )
