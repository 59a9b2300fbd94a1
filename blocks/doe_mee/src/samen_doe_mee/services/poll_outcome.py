"""How a poll stands, and who may see that when: fixed before it opens, the same for pages, REST, feeds and open data."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, select

from samen_core.api import Text, UnitOfWork, _, format_moment, keyed_hash, n_
from samen_doe_mee.models import Activity, ExternalResult, Plan, PollChoice, PollOption, PollVote
from samen_doe_mee.services.activity_types.shape import Outcome, Part, Row
from samen_doe_mee.services.plans import may_work
from samen_doe_mee.services.taking_part import person

_CHOICE = cast("Table", PollChoice.__table__)
COLUMNS = ("channel", "held_on", "option", "votes", "people", "source", "url")
"""Of open data: the online outcome and what was counted elsewhere, told apart by channel."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """What somebody chose in a poll."""

    vote: PollVote
    options: frozenset[uuid.UUID]


def own_ballot(uow: UnitOfWork, activity: Activity, device: str = "") -> Ballot | None:
    """What the actor, or this device, chose. Two statements at most; none for who can be neither."""
    found = ballots(uow, activity.id, device)
    return found[0] if found else None


def poll_options(uow: UnitOfWork, activity_id: uuid.UUID) -> list[PollOption]:
    """The options of a poll in order, with their numbers: only for who may see those (:func:`hidden_because`). One statement."""
    statement = select(PollOption).where(PollOption.activity_id == activity_id).order_by(PollOption.position, PollOption.id)
    return list(uow.session.execute(statement.execution_options(populate_existing=True)).scalars())


def hidden_because(uow: UnitOfWork, activity: Activity, *, voted: bool | None = None) -> Text | None:
    """Why the outcome is not there for the actor now; None when it is.

    ``voted`` tells whether they voted, where the caller knows. Until a poll that shows its outcome after closing is closed, nobody sees it:
    neither staff nor the system.
    """
    show = activity.options.get("show_results", "after_vote")
    if show == "now" or activity.closes_at <= uow.now:
        return None
    if show == "after_close":
        day = format_moment(activity.closes_at)
        return _("De uitslag staat hier zodra de peiling sluit: {day}. Tot die tijd ziet niemand hem, ook de gemeente niet.", day=day)
    if voted or (voted is None and uow.actor.account_id is not None and own_ballot(uow, activity) is not None):
        return None
    plan = uow.session.get_one(Plan, activity.plan_id)
    if may_work(uow, plan):
        return None
    return _("U ziet de uitslag zodra u zelf hebt gestemd.")


def outcome(uow: UnitOfWork, activity: Activity, *, voted: bool | None = None) -> Outcome:
    """How a poll stands, for the actor; ``voted`` as in :func:`hidden_because`."""
    unit = n_("stem", "stemmen", activity.taken_part)
    hidden = hidden_because(uow, activity, voted=voted)
    if hidden is not None:
        return Outcome(activity.taken_part, (), unit, hidden)
    people = activity.taken_part
    options = poll_options(uow, activity.id)
    return Outcome(people, tuple(Part(option.text, option.votes, option.votes / people if people else None) for option in options), unit)


def shown_to_all(uow: UnitOfWork, activity: Activity) -> bool:
    """Whether the outcome is there for everybody, also for who did not vote: in open data and feeds."""
    return activity.options.get("show_results") == "now" or activity.closes_at <= uow.now


def person_of_device(device: str) -> str:
    """How somebody without account is known in :func:`samen_doe_mee.services.taking_part.took_part`."""
    return f"device {device}" if device else ""


def names_of(uow: UnitOfWork, device: str) -> list[str]:
    """By what the actor is known here: the account first, then the device."""
    return [name for name in dict.fromkeys((person(uow), person_of_device(device))) if name]


def vote_hash(uow: UnitOfWork, activity_id: uuid.UUID, who: str) -> str:
    """At each poll another hash, so that nobody sees from the rows what one person chose in two polls."""
    return keyed_hash(uow.platform, "doe_mee.vote", f"{activity_id}:{who}")


def ballots(uow: UnitOfWork, activity_id: uuid.UUID, device: str) -> list[Ballot]:
    """The votes of the actor: of the account first, then of the device. Mostly one."""
    order = [vote_hash(uow, activity_id, name) for name in names_of(uow, device)]
    if not order:
        return []
    statement = select(PollVote).where(PollVote.activity_id == activity_id, PollVote.who.in_(order))
    votes = sorted(uow.session.execute(statement).scalars(), key=lambda row: order.index(row.who))
    if not votes:
        return []
    choices = uow.session.execute(
        select(_CHOICE.c.vote_id, _CHOICE.c.option_id).where(_CHOICE.c.vote_id.in_([row.id for row in votes]))
    ).all()
    return [Ballot(row, frozenset(option_id for vote_id, option_id in choices if vote_id == row.id)) for row in votes]


def data_rows(uow: UnitOfWork, activity: Activity) -> Iterator[Row]:
    """The lines of the file of a poll: nothing before everybody may see the outcome. Two statements."""
    if not shown_to_all(uow, activity):
        return
    for option in poll_options(uow, activity.id):
        yield _line("online", "", option.text, option.votes, activity.taken_part, "", "")
    yield from external_rows(uow, activity)


def external_rows(uow: UnitOfWork, activity: Activity) -> Iterator[Row]:
    """What was counted on other channels, a line per option; one line for a result without options. One statement."""
    mine = select(ExternalResult).where(ExternalResult.activity_id == activity.id)
    for row in uow.session.execute(mine.order_by(ExternalResult.held_on, ExternalResult.id)).scalars():
        for count in row.counts or [{"text": "", "number": ""}]:
            yield _line(row.channel, row.held_on.isoformat(), count["text"], count["number"], row.people, row.source, row.url)


def _line(*values: str | int) -> Row:
    return dict(zip(COLUMNS, values, strict=True))
