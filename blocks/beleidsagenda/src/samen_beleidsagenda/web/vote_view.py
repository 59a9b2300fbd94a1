"""Votes as pages show them: a bar per group, a table with the numbers, and who voted how."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from citycontent.api import Organization, Person
from samen_beleidsagenda.labels import GROUP_RESULT_LABELS, VOTE_LABELS
from samen_beleidsagenda.models import Vote
from samen_beleidsagenda.services.votes import COLUMNS, Totals, group_result, group_totals, one_vote
from samen_core.api import Text, UnitOfWork, _

LENGTH = 400
"""Of a bar, in units of its drawing."""
ALONE = _("Zonder fractie")


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar: where it begins and how long it is, in units of :data:`LENGTH`."""

    vote: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its bar, its numbers in the order of VOTE_LABELS, and how it voted as a whole."""

    name: Text | str
    segments: tuple[Segment, ...]
    numbers: tuple[int, ...]
    result: Text | str


@dataclass(frozen=True, slots=True)
class VoteView:
    """All votes on a thing. ``persons`` are (name, group, vote)."""

    groups: list[GroupView]
    totals: Totals
    numbers: tuple[int, ...]
    persons: list[tuple[str, str, Text]]


def vote_view(uow: UnitOfWork, subject_id: uuid.UUID) -> VoteView | None:
    """The votes on a thing; None when nobody wrote any down. Three statements."""
    by_group = group_totals(uow, subject_id)
    group = Organization.__table__.alias("vote_group")
    statement = (
        select(Vote.value, Vote.group_id, Person.name, group.c.name.label("group_name"))
        .join(Person, Person.id == Vote.person_id)
        .outerjoin(group, group.c.id == Vote.group_id)
        .where(Vote.subject_id == subject_id)
        .order_by(group.c.sort_name, Person.sort_name, Vote.id)
    )
    persons = uow.session.execute(statement).all()
    if not by_group and not persons:
        return None
    statement_of_groups = select(Organization.id, Organization.name).where(Organization.id.in_(list(by_group)))
    rows = uow.session.execute(statement_of_groups.order_by(Organization.sort_name)).all()
    views = [_group(row.name, by_group[row.id]) for row in rows]
    alone = Totals()
    for person in persons:
        if person.group_id is None:
            alone += one_vote(person.value)
    if alone.everybody:
        views.append(_group(ALONE, alone))
    totals = alone
    for of in by_group.values():
        totals += of
    named = [(person.name, person.group_name or "", VOTE_LABELS[person.value]) for person in persons]
    return VoteView(views, totals, _numbers(totals), named)


def _numbers(totals: Totals) -> tuple[int, ...]:
    return tuple(getattr(totals, COLUMNS[vote]) for vote in VOTE_LABELS)


def _group(name: Text | str, totals: Totals) -> GroupView:
    segments, x = [], 0.0
    for vote, number in zip(VOTE_LABELS, _numbers(totals), strict=True):
        width = LENGTH * number / totals.everybody if totals.everybody else 0.0
        if number:
            segments.append(Segment(vote, round(x, 1), round(width, 1)))
        x += width
    result = group_result(totals)
    return GroupView(name, tuple(segments), _numbers(totals), GROUP_RESULT_LABELS[result] if result else _("Niet gestemd"))
