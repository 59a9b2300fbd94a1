"""One idea that was proposed twice becomes one, and two again when that was a mistake: exactly as they were.

A voice for the double goes along, unless the same person supports the other already: then it stays where it was given and counts once.
``Voice.came_from_id`` says where it was given, so that it goes back and nothing else does. What was said and done later stays where it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.orm import aliased

from samen_core.api import Invalid, NotFound, Text, UnitOfWork, _
from samen_doe_mee.events.ideas import IdeaMerged
from samen_doe_mee.models import ENDED_STATUSES, Idea, Voice
from samen_doe_mee.schemas.idea_handling import MergeIdea, UnmergeIdea
from samen_doe_mee.services.counting import recount
from samen_doe_mee.services.idea_common import add_step, check_version, idea_to_handle, keep_card, log
from samen_doe_mee.services.reaching import reach

MOST_STEPS = 50
"""Ideas in ideas in ideas: so deep nobody merges."""


def merge_idea(uow: UnitOfWork, id: uuid.UUID, command: MergeIdea) -> Idea:
    """Make an idea part of another; the other. Its page then leads there, and lists leave it out.

    Raises NotFound, NotAllowed, Conflict, and Invalid (``into``) for a number of no idea, of itself, or of one with which it cannot be now.
    """
    into_id = uow.session.execute(select(Idea.id).where(Idea.number == command.into)).scalar_one_or_none()
    _lock(uow, [id, *([into_id] if into_id is not None else [])])
    idea = idea_to_handle(uow, id)
    into = _other(uow, into_id)
    if problem := _why_not(idea, into):
        raise Invalid({"into": [problem]})
    check_version(idea, command.version)
    idea.state, idea.merged_into_id, idea.ended_at = "merged", into.id, uow.now
    uow.session.flush()
    _move_voices(uow, idea, into)
    _finish(uow, idea, into, ("merged", "joined"), command.reason)
    log(uow, IdeaMerged, idea, _("Het idee hoort nu bij een ander idee."), after={"into": into.number}, reason=command.reason)
    log(uow, IdeaMerged, into, _("Een ander idee over hetzelfde hoort nu hierbij."), after={"from": idea.number}, reason=command.reason)
    reach(uow, into)
    return into


def unmerge_idea(uow: UnitOfWork, id: uuid.UUID, command: UnmergeIdea) -> Idea:
    """Make an idea that was merged its own again, with the voices that it brought; the idea.

    Raises NotFound, NotAllowed, Conflict, and Invalid when it is not merged, or what it was merged into is itself part of another.
    """
    into_id = uow.session.execute(select(Idea.merged_into_id).where(Idea.id == id)).scalar_one_or_none()
    _lock(uow, [id, *([into_id] if into_id is not None else [])])
    idea = idea_to_handle(uow, id)
    if idea.state != "merged" or idea.merged_into_id is None:
        raise Invalid(_("Dit idee is niet samengevoegd."))
    into = idea_to_handle(uow, idea.merged_into_id)
    check_version(idea, command.version)
    if into.state == "merged":
        raise Invalid(_("Idee {number} hoort zelf bij een ander idee. Maak dat eerst ongedaan.", number=into.number))
    idea.state, idea.merged_into_id, idea.ended_at = "published", None, None
    uow.session.flush()
    _return_voices(uow, idea, into)
    _finish(uow, idea, into, ("unmerged", "unmerged"), command.reason)
    log(uow, IdeaMerged, idea, _("Het idee staat weer op zichzelf."), after={"from": into.number}, reason=command.reason)
    log(uow, IdeaMerged, into, _("Een ander idee hoort hier niet meer bij."), after={"to": idea.number}, reason=command.reason)
    reach(uow, idea)
    return idea


def _lock(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> None:
    """Lock ideas in one order, so that two who merge them both ways do not wait for each other."""
    for id in sorted(set(ids)):
        uow.session.execute(select(Idea.id).where(Idea.id == id).with_for_update())


def _other(uow: UnitOfWork, id: uuid.UUID | None) -> Idea:
    unknown = Invalid({"into": [_("Er is geen idee met dit nummer waaraan u mag werken.")]})
    if id is None:
        raise unknown
    try:
        return idea_to_handle(uow, id)
    except NotFound:
        raise unknown from None


def _why_not(idea: Idea, into: Idea) -> Text | None:
    if idea.id == into.id:
        return _("Dit is hetzelfde idee. Vul het nummer van een ander idee in.")
    for one in (idea, into):
        if one.state != "published":
            return _("Idee {number} staat niet (meer) op de website.", number=one.number)
        if one.status in ENDED_STATUSES:
            return _("Over idee {number} is al besloten. Samenvoegen kan dan niet meer.", number=one.number)
    if idea.kind != into.kind:
        return _("Een idee en een uitdaging kunnen niet samen: een uitdaging heeft een eigen termijn.")
    return None


def _move_voices(uow: UnitOfWork, idea: Idea, into: Idea) -> None:
    """Bring voices along, but for those of who supports the other already. What was only asked for by mail gives way to what counts."""
    theirs, same = aliased(Voice), aliased(Voice)
    counted = exists().where(same.idea_id == idea.id, same.who == Voice.who, same.confirmed_at.is_not(None))
    waiting = delete(Voice).where(Voice.idea_id == into.id, Voice.confirmed_at.is_(None), counted)
    uow.session.execute(waiting.execution_options(synchronize_session=False))
    known = exists().where(theirs.idea_id == into.id, theirs.who == Voice.who)
    along = update(Voice).where(Voice.idea_id == idea.id, ~known)
    # One that came from a further double keeps its origin.
    uow.session.execute(along.where(Voice.came_from_id.is_(None)).values(came_from_id=idea.id).execution_options(synchronize_session=False))
    uow.session.execute(along.values(idea_id=into.id).execution_options(synchronize_session=False))
    uow.session.expire_all()


def _return_voices(uow: UnitOfWork, idea: Idea, into: Idea) -> None:
    """Bring back what came along, also from doubles that this idea had when it went."""
    origins = [idea.id, *doubles_of(uow, idea.id)]
    theirs = aliased(Voice)
    known = exists().where(theirs.idea_id == idea.id, theirs.who == Voice.who)
    back = update(Voice).where(Voice.idea_id == into.id, Voice.came_from_id.in_(origins), ~known)
    uow.session.execute(back.values(idea_id=idea.id).execution_options(synchronize_session=False))
    own = update(Voice).where(and_(Voice.idea_id == idea.id, Voice.came_from_id == idea.id))
    uow.session.execute(own.values(came_from_id=None).execution_options(synchronize_session=False))
    uow.session.expire_all()


def doubles_of(uow: UnitOfWork, id: uuid.UUID) -> list[uuid.UUID]:
    """Everything that became part of an idea, and part of that."""
    found: list[uuid.UUID] = []
    level = [id]
    for _step in range(MOST_STEPS):
        level = list(uow.session.execute(select(Idea.id).where(Idea.merged_into_id.in_(level))).scalars())
        if not level:
            break
        found += level
    return found


def _finish(uow: UnitOfWork, idea: Idea, into: Idea, kinds: tuple[str, str], reason: str) -> None:
    """Count both again, and say in the course of both what happened."""
    for one in sorted((idea, into), key=lambda each: each.id):
        recount(uow, one.id)
    add_step(uow, idea, kinds[0], reason, before=idea.status, subject_id=into.id)
    add_step(uow, into, kinds[1], reason, before=into.status, subject_id=idea.id)
    keep_card(uow, idea)
    keep_card(uow, into)
