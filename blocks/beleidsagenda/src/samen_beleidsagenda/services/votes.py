"""Votes on motions and decisions: per person, per group, and what follows from them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from citycontent.api import Organization, Person
from samen_beleidsagenda.events import MotionChanged
from samen_beleidsagenda.models import Decision, GroupVote, Motion, Vote
from samen_beleidsagenda.models.base import Citable
from samen_beleidsagenda.permissions import DECIDE
from samen_beleidsagenda.schemas.votes import GroupNumbers, RecordVotes
from samen_beleidsagenda.services.common import keep_card, log, require_write, tell, to_change
from samen_beleidsagenda.services.kinds import kind_of
from samen_core.api import Invalid, Text, UnitOfWork, _, n_, uuid7

COLUMNS = {"for": "votes_for", "against": "votes_against", "absent": "absent", "abstain": "abstained"}
"""The number of a group for each vote."""
RECORDED = _("De stemmen zijn vastgelegd.")


@dataclass(frozen=True, slots=True)
class Totals:
    """How many voted how."""

    votes_for: int = 0
    votes_against: int = 0
    absent: int = 0
    abstained: int = 0

    def __add__(self, other: Totals) -> Totals:
        return Totals(*(getattr(self, name) + getattr(other, name) for name in COLUMNS.values()))

    @property
    def present(self) -> int:
        """How many voted."""
        return self.votes_for + self.votes_against

    @property
    def everybody(self) -> int:
        """How many are written down, also who was away or abstained."""
        return self.present + self.absent + self.abstained


def group_result(totals: Totals) -> str | None:
    """How a group voted as a whole: ``adopted`` (all for), ``rejected`` (all against) or ``divided``; None when nobody voted (§3.2)."""
    if not totals.present:
        return None
    if totals.votes_for and totals.votes_against:
        return "divided"
    return "adopted" if totals.votes_for else "rejected"


def suggested_result(totals: Totals) -> str | None:
    """The result that follows from the votes; None without votes and when the votes are equal (Gemeentewet art. 30 and 32)."""
    if totals.votes_for == totals.votes_against:
        return None
    return "adopted" if totals.votes_for > totals.votes_against else "rejected"


def record_votes(uow: UnitOfWork, model: type[Motion] | type[Decision], id: uuid.UUID, command: RecordVotes) -> Citable:
    """Replace the votes on a motion or a decision. The numbers of a group whose persons are named follow from their votes.

    Raises NotFound, NotAllowed, Conflict, and Invalid for persons or groups that do not exist, or a motion that was withdrawn,
    and when nobody voted and no votes were there to take back.
    """
    found: Any = to_change(uow, model, id, command.version)
    require_write(uow, found, DECIDE)
    if isinstance(found, Motion) and found.status in ("withdrawn", "held"):
        raise Invalid(_("Over een motie die is ingetrokken of aangehouden, wordt niet gestemd."))
    _check(uow, command)
    numbers = numbers_of(command)
    if not command.persons and not numbers and not totals_of(uow, id).everybody:
        raise Invalid(_("Vul eerst in hoe er is gestemd. Begin bij één fractie."))
    uow.session.execute(delete(Vote).where(Vote.subject_id == id))
    uow.session.execute(delete(GroupVote).where(GroupVote.subject_id == id))
    uow.session.add_all(
        Vote(id=uuid7(), subject_id=id, person_id=vote.person_id, group_id=vote.group_id, value=vote.value) for vote in command.persons
    )
    uow.session.add_all(
        GroupVote(id=uuid7(), subject_id=id, group_id=group_id, **{name: getattr(of, name) for name in COLUMNS.values()})
        for group_id, of in numbers.items()
    )
    keep_card(uow, found)
    log(uow, f"beleidsagenda.{kind_of(found).name}.votes_recorded", found, RECORDED)
    if isinstance(found, Motion):
        tell(uow, MotionChanged, found)
    return found  # type: ignore[no-any-return]


def numbers_of(command: RecordVotes) -> dict[uuid.UUID, Totals]:
    """The numbers of each group: as they were given, or counted from its persons."""
    found = {group.group_id: _totals(group) for group in command.groups}
    for vote in command.persons:
        if vote.group_id is not None:
            found[vote.group_id] = found.get(vote.group_id, Totals()) + one_vote(vote.value)
    return {group_id: totals for group_id, totals in found.items() if totals.everybody}


def one_vote(value: str) -> Totals:
    """The totals of one vote."""
    return Totals(**{COLUMNS[value]: 1})


def _totals(numbers: GroupNumbers | Any) -> Totals:
    return Totals(*(int(getattr(numbers, name) or 0) for name in COLUMNS.values()))


def _check(uow: UnitOfWork, command: RecordVotes) -> None:
    errors: dict[str, list[Text]] = {}
    persons = {vote.person_id for vote in command.persons}
    groups = {group.group_id for group in command.groups} | {vote.group_id for vote in command.persons if vote.group_id}
    if missing := len(persons) - _number(uow, Person, persons):
        errors["persons"] = [n_("{n} persoon kennen wij niet.", "{n} personen kennen wij niet.", missing)]
    if missing := len(groups) - _number(uow, Organization, groups):
        errors["groups"] = [n_("{n} fractie kennen wij niet.", "{n} fracties kennen wij niet.", missing)]
    if errors:
        raise Invalid(errors)


def _number(uow: UnitOfWork, model: type[Any], ids: Iterable[uuid.UUID]) -> int:
    return uow.session.execute(select(func.count()).select_from(model).where(model.id.in_(list(ids)))).scalar_one()


def group_totals(uow: UnitOfWork, subject_id: uuid.UUID) -> dict[uuid.UUID, Totals]:
    """The numbers of each group on a thing. One statement."""
    rows = uow.session.execute(select(GroupVote).where(GroupVote.subject_id == subject_id)).scalars()
    return {row.group_id: _totals(row) for row in rows}


def totals_of(uow: UnitOfWork, subject_id: uuid.UUID) -> Totals:
    """All votes on a thing: of the groups, and of persons without one. Two statements."""
    found = Totals()
    for totals in group_totals(uow, subject_id).values():
        found += totals
    alone = select(Vote.value, func.count()).where(Vote.subject_id == subject_id, Vote.group_id.is_(None)).group_by(Vote.value)
    for value, number in uow.session.execute(alone):
        found += Totals(**{COLUMNS[value]: number})
    return found
