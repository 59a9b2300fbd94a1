"""Reactions on an idea: an activity of inbreng that goes with it, open as long as people may say something about the idea."""

from __future__ import annotations

import uuid

from sqlalchemy import update

from samen_core.api import Delivered, NotFound, UnitOfWork, system
from samen_doe_mee import paths
from samen_doe_mee.events.ideas import IdeaMerged, IdeaMoved, IdeaPublished, IdeaUpdated, IdeaWithdrawn
from samen_doe_mee.models import ENDED_STATUSES, Idea
from samen_doe_mee.services.idea_common import locked_idea
from samen_doe_mee.services.tracing import note_origin
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import (
    CloseActivity,
    Contribution,
    CreateActivity,
    activity_state,
    close_activity,
    create_activity,
    finish_subject,
    reopen_activity,
)

TALK_EVENTS = (IdeaPublished.type, IdeaUpdated.type, IdeaMoved.type, IdeaMerged.type, IdeaWithdrawn.type)
"""After these people may say something, or no longer."""


def open_talk(uow: UnitOfWork, idea: Idea) -> None:
    """Let people react to an idea that was published; nothing when they can already. Its version stays."""
    if idea.talk_id is not None or idea.state != "published":
        return
    command = CreateActivity(
        subject_id=idea.id,
        title=idea.title,
        opens_at=uow.now,
        area_id=idea.area_id,
        page=paths.idea(idea.slug),
        listed=False,
    )
    with uow.acting(system(uow.actor.origin)):
        talk = create_activity(uow, command)
    table = Idea.__table__.c
    uow.session.execute(update(Idea).where(table.id == idea.id).values(talk_id=talk.id).execution_options(synchronize_session=False))
    uow.session.expire(idea, ["talk_id"])


def talk_of(uow: UnitOfWork, idea: Idea) -> Talk | None:
    """The activity of inbreng in which people react to an idea. One statement."""
    return uow.session.get(Talk, idea.talk_id) if idea.talk_id else None


def may_react(idea: Idea) -> bool:
    """Whether people may say something about it: it is there, and nothing was decided that ends it."""
    return idea.state == "published" and idea.status not in ENDED_STATUSES


def is_open(uow: UnitOfWork, idea: Idea, talk: Talk | None) -> bool:
    """Whether people can react at this moment."""
    return talk is not None and may_react(idea) and activity_state(talk, uow.now) == "open"


def follow_idea(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: open or close the reactions as the idea is now. Once it ended the terms run after which names go."""
    try:
        idea = locked_idea(uow, uuid.UUID(event.payload["idea_id"]))
    except NotFound:
        return
    if may_react(idea) and idea.talk_id is None:
        open_talk(uow, idea)
        return
    talk = talk_of(uow, idea)
    if talk is None:
        return
    with uow.acting(system(uow.actor.origin)):
        if may_react(idea):
            reopen_activity(uow, talk.id)
            return
        close_activity(uow, talk.id, CloseActivity(version=talk.version))
        if idea.ended_at is not None:
            finish_subject(uow, idea.id)


def trace_contribution(uow: UnitOfWork, contribution: Contribution, address: str) -> None:
    """Receiver: keep for a while where something came from that was said without account about an idea, or in an activity of a plan."""
    from samen_doe_mee.models import Activity

    about = contribution.subject_id
    # What was read already costs no statement: most is said in activities.
    if uow.session.get(Activity, about) is not None or uow.session.get(Idea, about) is not None:
        note_origin(uow, "contribution", contribution.id, address)
