"""Voting in a poll: one vote each, changed or taken back while it is open."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from typing import cast

from sqlalchemy import Table, delete, insert, select, update

from samen_core.api import Gone, Invalid, NotAllowed, NotFound, UnitOfWork, _, n_, uuid7
from samen_doe_mee.models import Activity, PollChoice, PollOption, PollVote
from samen_doe_mee.permissions import TAKE_PART
from samen_doe_mee.schemas.polls import CastVote
from samen_doe_mee.services.activities import Placed, activity_state, locked_activity, visible_activity_by_id
from samen_doe_mee.services.poll_outcome import Ballot, ballots, names_of, person_of_device, vote_hash
from samen_doe_mee.services.taking_part import no_longer_takes_part, person, took_part

POLL = "poll"
_OPTION = cast("Table", PollOption.__table__)
_CHOICE = cast("Table", PollChoice.__table__)


def vote(uow: UnitOfWork, activity_id: uuid.UUID, command: CastVote, device: str = "") -> Ballot:
    """Vote, or vote otherwise than before. ``device`` is the code that the browser keeps of who has no account.

    Who votes with an account on a device that voted without one, changes that vote: everybody has one.
    Raises NotFound, Gone when it is not open, NotAllowed without account where one is needed, and Invalid.
    """
    TAKE_PART.require(uow.actor)
    activity = _open_poll(uow, activity_id)
    who = person(uow, device=device)
    if not who or (uow.actor.account_id is None and not activity.anonymous):
        raise NotAllowed(_("Log in om te stemmen: bij deze peiling telt alleen wie een account heeft."), log_in=uow.actor.is_anonymous)
    chosen = _chosen(uow, activity, command.options)
    mine = ballots(uow, activity.id, device)
    shift = Counter(chosen)
    for ballot in mine:
        shift.subtract(ballot.options)
    kept = mine[0].vote if mine else PollVote(id=uuid7(), activity_id=activity.id)
    for ballot in mine[1:]:
        _drop(uow, ballot)
    kept.who, kept.account_id, kept.at = vote_hash(uow, activity.id, who), uow.actor.account_id, uow.now
    uow.session.add(kept)
    uow.session.flush()
    if not mine or mine[0].options != chosen:
        uow.session.execute(delete(_CHOICE).where(_CHOICE.c.vote_id == kept.id))
        uow.session.execute(insert(_CHOICE), [{"vote_id": kept.id, "option_id": id} for id in sorted(chosen)])
    _count(uow, shift)
    if who != (of_device := person_of_device(device)) and of_device:
        no_longer_takes_part(uow, activity, who=of_device)
    took_part(uow, activity, who=who, account_id=uow.actor.account_id, email=command.email, wants_result=command.wants_result)
    return Ballot(kept, chosen)


def take_back(uow: UnitOfWork, activity_id: uuid.UUID, device: str = "") -> bool:
    """Take one's vote back; whether there was one. The numbers follow. Raises NotFound, and Gone when it is not open."""
    activity = _open_poll(uow, activity_id)
    mine = ballots(uow, activity.id, device)
    shift: Counter[uuid.UUID] = Counter()
    for ballot in mine:
        shift.subtract(ballot.options)
        _drop(uow, ballot)
    _count(uow, shift)
    for who in names_of(uow, device):
        no_longer_takes_part(uow, activity, who=who)
    return bool(mine)


def poll_by_id(uow: UnitOfWork, activity_id: uuid.UUID) -> Placed:
    """A poll that the actor may see, with its round and plan. Raises NotFound and Gone."""
    placed = visible_activity_by_id(uow, activity_id)
    if placed.activity.type != POLL:
        raise NotFound
    return placed


def _open_poll(uow: UnitOfWork, activity_id: uuid.UUID) -> Activity:
    """The poll, locked: votes come one after the other, so that numbers are exact. Its version stays, for who is changing its texts."""
    poll_by_id(uow, activity_id)
    placed = locked_activity(uow, activity_id)
    state = activity_state(placed.activity, uow.now)
    if state == "coming":
        raise Gone(_("Deze peiling is nog niet open."))
    if state == "closed" or placed.plan.state != "published":
        raise Gone(_("Deze peiling is gesloten. Uw stem verandert niet meer."))
    return placed.activity


def _chosen(uow: UnitOfWork, activity: Activity, ids: Iterable[uuid.UUID]) -> frozenset[uuid.UUID]:
    """What was chosen, as ids of options. Raises Invalid for another number than is asked, or what is no option."""
    chosen = frozenset(ids)
    known = set(uow.session.execute(select(_OPTION.c.id).where(_OPTION.c.activity_id == activity.id)).scalars())
    if chosen - known:
        raise Invalid({"options": [_("Dit antwoord staat niet (meer) in de peiling. Kies opnieuw.")]})
    fewest = activity.options.get("minimum") or 1
    most = activity.options.get("maximum") or len(known)
    if not chosen:
        raise Invalid({"options": [_("Kies een antwoord.")]})
    if len(chosen) < fewest:
        raise Invalid({"options": [n_("Kies minstens {n} antwoord.", "Kies minstens {n} antwoorden.", fewest)]})
    if len(chosen) > most:
        raise Invalid({"options": [n_("Kies hoogstens {n} antwoord.", "Kies hoogstens {n} antwoorden.", most)]})
    return chosen


def _drop(uow: UnitOfWork, ballot: Ballot) -> None:
    uow.session.execute(delete(_CHOICE).where(_CHOICE.c.vote_id == ballot.vote.id))
    uow.session.delete(ballot.vote)
    uow.session.flush()


def _count(uow: UnitOfWork, shift: Counter[uuid.UUID]) -> None:
    for id, number in sorted(shift.items()):
        if number:
            uow.session.execute(update(_OPTION).where(_OPTION.c.id == id).values(votes=_OPTION.c.votes + number))
