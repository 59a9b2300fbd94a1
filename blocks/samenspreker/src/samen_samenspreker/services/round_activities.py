"""What happens in a round: online, as activities of inbreng, and elsewhere, with the contributions entered in inbreng too."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

from samen_core.api import CITY_TIME_ZONE, Form, NotFound, SubjectRef, UnitOfWork, uuid7
from samen_inbreng.api import Activity, CreateActivity, create_activity
from samen_samenspreker.models import Question, Round, RoundActivity
from samen_samenspreker.queries.rounds import next_position
from samen_samenspreker.schemas.rounds import AddOfflineActivity, AddOnlineActivity, UpdateOfflineActivity
from samen_samenspreker.services.acts import record_act
from samen_samenspreker.services.common import check_version, require_active, today
from samen_samenspreker.services.rounds import locked_round
from samen_samenspreker.solve_log import ACTIVITY_ADDED, ACTIVITY_UPDATED

OFFLINE_FIELDS = ("title", "held_on", "place", "people", "report")


def add_online_activity(uow: UnitOfWork, round_id: uuid.UUID, command: AddOnlineActivity) -> RoundActivity:
    """Let people contribute on the website, about the question of the table.

    Raises NotFound, NotAllowed, Gone for a closed round, Invalid outside step 2 or when it would be over before it begins.
    """
    question, found = locked_round(uow, round_id)
    require_active(question, "solve")
    first, last = command.opens_on or found.opens_on, command.closes_on or found.ends_on
    made = create_activity(
        uow,
        CreateActivity(
            subject_id=question.id,
            title=command.title,
            intro=command.intro,
            kind="questionnaire" if command.form == "questionnaire" else "reactions",
            opens_at=start_of(first),
            closes_at=start_of(max(first, last) + timedelta(days=1)),
            access=command.access,
            form=Form(command.questions),
            asks_text=command.form != "questionnaire",
            area_id=question.area_id,
        ),
    )
    return _add(uow, question, found, RoundActivity(mode="online", title=command.title), made)


def add_offline_activity(uow: UnitOfWork, round_id: uuid.UUID, command: AddOfflineActivity) -> RoundActivity:
    """Tell of an activity elsewhere. Staff enters its contributions in the activity of inbreng that is made with it, closed to others.

    Raises NotFound, NotAllowed, Gone for a closed round, Invalid outside step 2.
    """
    question, found = locked_round(uow, round_id)
    require_active(question, "solve")
    begins = start_of(command.held_on or today(uow))
    activity = create_activity(
        uow,
        CreateActivity(
            subject_id=question.id,
            title=command.title,
            intro="",
            kind="reactions",
            opens_at=begins,
            closes_at=begins + timedelta(minutes=1),
            access="logged_in",
            form=Form(()),
            area_id=question.area_id,
        ),
    )
    made = RoundActivity(mode="offline")
    _tell(made, command)
    return _add(uow, question, found, made, activity)


def update_offline_activity(uow: UnitOfWork, id: uuid.UUID, command: UpdateOfflineActivity) -> RoundActivity:
    """Replace what is told of an offline activity, its report above all. Raises NotFound, NotAllowed, Gone, Conflict."""
    known = uow.session.get(RoundActivity, id)
    if known is None or known.mode != "offline":
        raise NotFound
    question, found = locked_round(uow, known.round_id)
    uow.session.refresh(known)
    check_version(known, command.version, offline_values(known))
    before = {name: str(getattr(known, name)) for name in OFFLINE_FIELDS}
    _tell(known, command)
    changed = [name for name in OFFLINE_FIELDS if before[name] != str(getattr(known, name))]
    if changed:
        uow.session.flush()
        after: dict[str, object] = {"number": found.number, "title": known.title, "changed": changed}
        record_act(uow, ACTIVITY_UPDATED, question, after)
    return known


def offline_values(known: RoundActivity) -> dict[str, object]:
    """What the form of an offline activity shows."""
    return {name: getattr(known, name) for name in (*OFFLINE_FIELDS, "version")}


def start_of(day: date) -> datetime:
    """The moment that a day begins in the city."""
    return datetime.combine(day, time.min, tzinfo=CITY_TIME_ZONE)


def _tell(known: RoundActivity, command: AddOfflineActivity) -> None:
    for name in OFFLINE_FIELDS:
        setattr(known, name, getattr(command, name))


def _add(uow: UnitOfWork, question: Question, found: Round, made: RoundActivity, activity: Activity) -> RoundActivity:
    made.id, made.round_id, made.activity_id = uuid7(), found.id, activity.id
    made.position = next_position(uow, found.id)
    uow.session.add(made)
    uow.session.flush()
    uow.subject_changed(SubjectRef("round", found.id))
    after: dict[str, object] = {"number": found.number, "title": made.title, "mode": made.mode}
    record_act(uow, ACTIVITY_ADDED, question, after)
    return made
