"""Activities: making, changing and closing them. Which are open follows from their dates."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import exists, or_, select, update

from samen_core.api import (
    Conflict,
    Form,
    Invalid,
    NotFound,
    Subject,
    SubjectCard,
    SubjectData,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    cards,
    form_from_json,
    form_to_json,
    free_slug,
    register,
    update_card,
    uuid7,
)
from samen_inbreng import paths
from samen_inbreng.events import ActivityClosed, ActivityEvent, ActivityOpened, ActivityUpdated
from samen_inbreng.models import Activity, Contribution, Response
from samen_inbreng.permissions import MANAGE_ACTIVITY
from samen_inbreng.schemas.activity import ActivityFields, CloseActivity, CreateActivity, UpdateActivity
from samen_inbreng.services.common import ACTIVITY, require, tell_activity
from samen_inbreng.services.contribution_lines import contributing_sentence

State = Literal["planned", "open", "closed"]
FIELDS = ("title", "intro", "opens_at", "closes_at", "access", "asks_text", "allows_replies", "allows_support", "area_id")
Errors = dict[str, list[Text]]


def activity_state(activity: Any, now: datetime) -> State:
    """Whether an activity (or a row with its dates) is planned, open or closed at this moment."""
    if activity.closed_at is not None or (activity.closes_at is not None and activity.closes_at <= now):
        return "closed"
    return "planned" if activity.opens_at > now else "open"


def create_activity(uow: UnitOfWork, command: CreateActivity) -> Activity:
    """Let people say something about a thing. Who may manage activities on that thing may. Raises NotAllowed, NotFound and Invalid."""
    MANAGE_ACTIVITY.require(uow.actor, command.subject_id)
    errors = _errors(uow, command, command.kind)
    subject = _cards(uow, command)[command.subject_id]
    if not uow.session.execute(select(Subject.public).where(Subject.id == subject.id)).scalar_one():
        errors[""] = [_("Nog niet iedereen kan dit onderwerp lezen. Maak het eerst openbaar, en vraag dan om inbreng.")]
    if errors:
        raise Invalid(errors)
    activity = Activity(id=uuid7(), subject_id=subject.id, kind=command.kind, created_at=uow.now, form=form_to_json(command.form))
    activity.slug = free_slug(uow, Activity.slug, command.title, "meepraten", paths.RESERVED)
    activity.page, activity.listed = command.page, command.listed
    activity.page_of = subject.owner if command.page else ""
    _assign(activity, command)
    register(uow, SubjectRef(ACTIVITY, activity.id), _card(activity))
    uow.session.add(activity)
    uow.session.flush()
    _record(uow, ActivityOpened, activity, after=_facts(activity))
    return activity


def update_activity(uow: UnitOfWork, id: uuid.UUID, command: UpdateActivity) -> Activity:
    """Change an activity. Once somebody answered, its questions keep their meaning. Raises NotFound, NotAllowed, Conflict and Invalid."""
    activity = locked_activity(uow, id)
    require(uow, MANAGE_ACTIVITY, activity)
    if activity.version != command.version:
        raise Conflict(current=activity_values(activity), version=activity.version)
    errors = _errors(uow, command, activity.kind)
    before_form = form_from_json(activity.form)
    after_form = Form(command.form.questions, before_form.version)
    if after_form != before_form:
        if _is_answered(uow, activity):
            errors |= _broken(before_form, after_form)
        after_form = Form(after_form.questions, before_form.version + 1)
    if errors:
        raise Invalid(errors)
    before = _facts(activity)
    _assign(activity, command)
    activity.form = form_to_json(after_form)
    if not uow.session.is_modified(activity):
        return activity
    uow.session.flush()
    update_card(uow, SubjectRef(ACTIVITY, id), _card(activity))
    _record(uow, ActivityUpdated, activity, before=before, after=_facts(activity))
    return activity


def close_activity(uow: UnitOfWork, id: uuid.UUID, command: CloseActivity) -> Activity:
    """Close an activity now; one that is closed already stays as it is. Raises NotFound, NotAllowed and Conflict."""
    activity = locked_activity(uow, id)
    require(uow, MANAGE_ACTIVITY, activity)
    if activity_state(activity, uow.now) == "closed":
        return activity
    if activity.version != command.version:
        raise Conflict(current=activity_values(activity), version=activity.version)
    activity.closed_at = uow.now
    uow.session.flush()
    _record(uow, ActivityClosed, activity)
    return activity


def reopen_activity(uow: UnitOfWork, id: uuid.UUID) -> Activity:
    """Open an activity that was closed before its date again, and let the terms of retention wait. Raises NotFound and NotAllowed."""
    activity = locked_activity(uow, id)
    require(uow, MANAGE_ACTIVITY, activity)
    if activity.closed_at is not None or activity.finished_at is not None:
        activity.closed_at = activity.finished_at = None
        uow.session.flush()
        _record(uow, ActivityUpdated, activity)
    return activity


def finish_subject(uow: UnitOfWork, subject_id: uuid.UUID) -> None:
    """The final report on this subject is there: from now the terms run after which names and e-mail addresses go."""
    mine = update(Activity).where(Activity.subject_id == subject_id, Activity.finished_at.is_(None))
    uow.session.execute(mine.values(finished_at=uow.now, version=Activity.version + 1).execution_options(synchronize_session="fetch"))


def locked_activity(uow: UnitOfWork, id: uuid.UUID) -> Activity:
    """The activity, locked until this transaction ends. Raises NotFound."""
    statement = select(Activity).where(Activity.id == id).with_for_update().execution_options(populate_existing=True)
    found = uow.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def activity_values(activity: Activity) -> dict[str, Any]:
    """What the form that changes an activity shows."""
    return {**{name: getattr(activity, name) for name in FIELDS}, "form": activity.form, "version": activity.version}


def _assign(activity: Activity, command: ActivityFields) -> None:
    for name in FIELDS:
        setattr(activity, name, getattr(command, name))


def _cards(uow: UnitOfWork, command: CreateActivity) -> dict[uuid.UUID, SubjectCard]:
    found = cards(uow, [command.subject_id])
    if command.subject_id not in found or found[command.subject_id].state != "active":
        raise NotFound
    return found


def _errors(uow: UnitOfWork, command: ActivityFields, kind: str) -> Errors:
    errors: Errors = {}
    if command.closes_at is not None and command.closes_at <= command.opens_at:
        errors["closes_at"] = [_("De einddatum ligt voor de begindatum.")]
    if kind == "questionnaire" and not command.form.questions:
        errors["form"] = [_("Een vragenlijst heeft minstens één vraag nodig.")]
    elif kind == "reactions" and not command.asks_text and not command.form.questions:
        errors["asks_text"] = [_("Vraag om een reactie in eigen woorden, of stel minstens één vraag.")]
    if command.area_id is not None:
        area = cards(uow, [command.area_id]).get(command.area_id)
        if area is None or area.type != "area" or area.state != "active":
            errors["area_id"] = [_("Dit gebied bestaat niet.")]
    return errors


def _is_answered(uow: UnitOfWork, activity: Activity) -> bool:
    given = exists().where(Contribution.activity_id == activity.id)
    filled_in = exists().where(Response.activity_id == activity.id)
    return bool(uow.session.execute(select(or_(given, filled_in))).scalar())


def _broken(before: Form, after: Form) -> Errors:
    """What would take the meaning from answers that were given."""
    problems: list[Text] = []
    for old in before.questions:
        new = after.question(old.name)
        label = old.label
        if new is None:
            problems.append(_("De vraag “{question}” kan niet meer weg: er zijn al antwoorden op gegeven.", question=label))
        elif new.kind != old.kind:
            problems.append(_("De soort van de vraag “{question}” kan niet meer anders: er zijn al antwoorden op gegeven.", question=label))
        elif {code for code, _label in old.options} - {code for code, _label in new.options}:
            problems.append(_("Van de vraag “{question}” kan geen antwoord meer weg: misschien is het al gekozen.", question=label))
    return {"form": problems} if problems else {}


def _card(activity: Activity) -> SubjectData:
    return SubjectData(activity.title, paths.activity(activity.slug), summary=activity.intro[:500], area_ref=activity.area_id)


def _facts(activity: Activity) -> dict[str, Any]:
    return {"title": activity.title, "opens_at": activity.opens_at, "closes_at": activity.closes_at, "access": activity.access}


def _record(
    uow: UnitOfWork,
    event: type[ActivityEvent],
    activity: Activity,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    after = {"activity": activity.id, "title": activity.title, **(after or {})}
    uow.record(
        event.type, activity.subject_id, before=before, after=after, public=True, sentence=contributing_sentence(event.type, after) or ""
    )
    tell_activity(uow, event, activity)
