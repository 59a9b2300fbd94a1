"""Step 4: who does what and when, how far it is, and in public why it is late."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import select

from citycontent.api import Organization
from samen_core.api import (
    Invalid,
    NotAllowed,
    NotFound,
    SubjectData,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    capacities,
    register,
    update_card,
    uuid7,
)
from samen_samenspreker.events import ActionAdded, ActionUpdated
from samen_samenspreker.labels import ACTION_STATE_LABELS
from samen_samenspreker.models import Action, ActionUpdate, Decision, Question
from samen_samenspreker.paths import table
from samen_samenspreker.permissions import FACILITATE, UPDATE_ACTION
from samen_samenspreker.queries.actions import next_position, unfinished_parts
from samen_samenspreker.schemas.actions import AddAction, EditAction, UpdateAction
from samen_samenspreker.services.common import check_version, get_question, locked_question, log, require_active, require_facilitator, today
from samen_samenspreker.texts import Day, Listing

TYPE = "action"
FINISHED = ("done", "dropped")
EDITED = ("title", "description", "organization_id", "starts_on", "budget", "weight")


def add_action(uow: UnitOfWork, question_id: uuid.UUID, command: AddAction) -> Action:
    """Put an action on the list, or a part of one. Raises NotFound, NotAllowed, Gone, and Invalid with everything that is wrong."""
    question = locked_question(uow, question_id)
    require_facilitator(uow, question)
    require_active(question, "execute")
    errors = _organization_errors(uow, command.organization_id)
    parent = _parent(uow, question, command.parent_id, errors)
    if errors:
        raise Invalid(errors)
    action = Action(
        id=uuid7(),
        question_id=question.id,
        cycle=question.cycle,
        decision_id=_decision_id(uow, question),
        parent_id=parent.id if parent else None,
        first_due_on=command.due_on,
        due_on=command.due_on,
        state="planned",
        progress=0,
        position=next_position(uow, question.id),
    )
    for name in EDITED:
        setattr(action, name, getattr(command, name))
    ref = SubjectRef(TYPE, action.id)
    register(uow, ref, card(question, action))
    uow.session.add(action)
    uow.session.flush()
    after = {"action": action.id, "title": action.title, "organization_id": action.organization_id, "due_on": action.due_on}
    line = _("Actie toegevoegd: “{title}”. Klaar op {day}.", title=action.title, day=Day(action.due_on))
    log(uow, ActionAdded, question, line, thing=ref, after=after)
    return action


def edit_action(uow: UnitOfWork, id: uuid.UUID, command: EditAction) -> Action:
    """Change what an action is. Raises NotFound, NotAllowed, Gone, Invalid, and Conflict with the values of now."""
    question, action = _locked(uow, id)
    require_facilitator(uow, question)
    require_active(question, "execute")
    check_version(action, command.version, edit_values(action))
    errors = {} if command.organization_id == action.organization_id else _organization_errors(uow, command.organization_id)
    if command.starts_on and command.starts_on > action.due_on:
        errors["starts_on"] = [_("Deze datum ligt na de dag waarop het klaar is.")]
    if errors:
        raise Invalid(errors)
    changed = [name for name in EDITED if getattr(action, name) != getattr(command, name)]
    if not changed:
        return action
    before = {name: getattr(action, name) for name in changed}
    for name in changed:
        setattr(action, name, getattr(command, name))
    _keep(uow, question, action)
    after = {"action": action.id, "title": action.title, **{name: getattr(action, name) for name in changed}}
    line = _("De beschrijving van actie “{title}” is gewijzigd.", title=action.title)
    log(uow, ActionUpdated, question, line, thing=SubjectRef(TYPE, action.id), before=before, after=after)
    return action


def update_action(uow: UnitOfWork, id: uuid.UUID, command: UpdateAction) -> Action:
    """Tell how an action goes: by the facilitator, the manager, or who may act for the organisation that does it.

    Raises NotFound, NotAllowed, Gone, Conflict with the values of now, and Invalid with everything that is wrong: a moved date, stopping
    or starting again without a reason, done while parts are not, and an update that says nothing.
    """
    question, action = _locked(uow, id)
    if not may_update(uow, question, action.organization_id):
        raise NotAllowed(
            _("Dit doet de procesbegeleider, of wie namens de organisatie van deze actie mag handelen."), log_in=uow.actor.is_anonymous
        )
    require_active(question, "execute")
    check_version(action, command.version, update_values(action))
    _check_update(uow, action, command)
    state_before, due_before = action.state, action.due_on
    action.state, action.due_on = command.state, command.due_on
    action.progress = 100 if command.state == "done" else command.progress
    if command.state not in FINISHED:
        action.finished_on = None
    elif state_before not in FINISHED:
        action.finished_on = today(uow)
    _add_update(uow, action, command.text, due_before)
    _keep(uow, question, action)
    before = {"state": state_before, "due_on": due_before}
    after = {"action": action.id, "title": action.title, "state": action.state, "progress": action.progress, "due_on": action.due_on}
    line = _line(action, moved=due_before != action.due_on)
    log(uow, ActionUpdated, question, line, thing=SubjectRef(TYPE, action.id), before=before, after=after, reason=command.text)
    return action


def find_action(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Action]:
    """An action and its question. Raises NotFound."""
    action = uow.session.get(Action, id)
    if action is None:
        raise NotFound
    return get_question(uow, action.question_id), action


def may_update(uow: UnitOfWork, question: Question, organization_id: uuid.UUID) -> bool:
    """Whether the actor may tell how an action of this organisation goes. At most one statement."""
    if not UPDATE_ACTION.allows(uow.actor, question.id):
        return False
    return FACILITATE.allows(uow.actor, question.id) or organization_id in my_organizations(uow)


def my_organizations(uow: UnitOfWork) -> frozenset[uuid.UUID]:
    """The organisations that the actor may act for. At most one statement per block that knows any."""
    return frozenset(capacity.subject_id for capacity in capacities(uow))


def edit_values(action: Action) -> dict[str, object]:
    """What the form of an action shows."""
    return {**{name: getattr(action, name) for name in EDITED}, "version": action.version}


def update_values(action: Action) -> dict[str, object]:
    """What the form for news of an action shows."""
    return {"state": action.state, "progress": action.progress, "due_on": action.due_on, "version": action.version}


def card(question: Question, action: Action) -> SubjectData:
    """The register row of an action."""
    return SubjectData(
        title=action.title,
        url=table(question.slug, f"uitvoering/{action.id}"),
        summary=" ".join(action.description.split())[:200],
        area_ref=question.area_id,
    )


def _locked(uow: UnitOfWork, id: uuid.UUID) -> tuple[Question, Action]:
    action = uow.session.get(Action, id)
    if action is None:
        raise NotFound
    question = locked_question(uow, action.question_id)
    # Only now nobody else changes it any more.
    uow.session.refresh(action)
    return question, action


def _organization_errors(uow: UnitOfWork, id: uuid.UUID) -> dict[str, list[Text]]:
    found = uow.session.execute(select(Organization.id).where(Organization.id == id, Organization.state == "active")).first()
    return {} if found else {"organization_id": [_("Deze organisatie bestaat niet of is verwijderd.")]}


def _parent(uow: UnitOfWork, question: Question, id: uuid.UUID | None, errors: dict[str, list[Text]]) -> Action | None:
    """The action that a new one is part of; adds to ``errors`` when it cannot have parts."""
    if id is None:
        return None
    parent = uow.session.get(Action, id)
    if parent is None or (parent.question_id, parent.cycle) != (question.id, question.cycle) or parent.parent_id is not None:
        errors["parent_id"] = [_("Dit kan geen onderdeel van die actie zijn.")]
        return None
    if parent.state in FINISHED:
        errors["parent_id"] = [_("Die actie is al afgerond. Zet hem eerst weer op “Bezig”.")]
    return parent


def _decision_id(uow: UnitOfWork, question: Question) -> uuid.UUID | None:
    """The decision that is being carried out."""
    wanted = (Decision.question_id == question.id, Decision.cycle == question.cycle, Decision.state == "published")
    return uow.session.execute(select(Decision.id).where(*wanted).order_by(Decision.published_at.desc())).scalars().first()


def _check_update(uow: UnitOfWork, action: Action, command: UpdateAction) -> None:
    errors: dict[str, list[Text]] = {}
    moved = command.due_on != action.due_on
    stops = command.state == "dropped" and action.state != "dropped"
    starts_again = action.state in FINISHED and command.state not in FINISHED
    if (moved or stops or starts_again) and not command.text:
        reason = _("Schrijf waarom de datum verschuift.") if moved else _("Schrijf waarom het niet doorgaat.")
        errors["text"] = [_("Schrijf waarom dit weer begint.") if starts_again and not moved else reason]
    if moved and action.starts_on and command.due_on < action.starts_on:
        errors["due_on"] = [_("Deze datum ligt voor het begin.")]
    if command.state in FINISHED and (open_parts := unfinished_parts(uow, action.id)):
        errors["state"] = [_("Deze onderdelen zijn nog niet klaar: {titles}.", titles=Listing(open_parts))]
    if command.state not in FINISHED and action.parent_id is not None:
        parent = uow.session.get(Action, action.parent_id)
        if parent is not None and parent.state in FINISHED:
            errors["state"] = [_("De hele actie is al afgerond. Zet die eerst weer op “Bezig”.")]
    same = (command.state, command.progress, command.due_on) == (action.state, action.progress, action.due_on)
    if same and not command.text:
        errors["text"] = [_("Er is niets gewijzigd. Schrijf wat er te vertellen is.")]
    if errors:
        raise Invalid(errors)


def _add_update(uow: UnitOfWork, action: Action, text: str, due_before: date) -> None:
    moved = due_before != action.due_on
    row = ActionUpdate(
        id=uuid7(),
        action_id=action.id,
        text=text,
        state=action.state,
        progress=action.progress,
        due_before=due_before if moved else None,
        due_after=action.due_on if moved else None,
        at=uow.now,
    )
    uow.session.add(row)


def _keep(uow: UnitOfWork, question: Question, action: Action) -> None:
    uow.session.flush()
    update_card(uow, SubjectRef(TYPE, action.id), card(question, action))


def _line(action: Action, *, moved: bool) -> Text:
    state = ACTION_STATE_LABELS[action.state]
    if moved:
        return _("Actie “{title}”: {state}. De datum verschuift naar {day}.", title=action.title, state=state, day=Day(action.due_on))
    if action.state == "in_progress":
        return _("Actie “{title}”: {state}, {percent}% klaar.", title=action.title, state=state, percent=action.progress)
    return _("Actie “{title}”: {state}.", title=action.title, state=state)
