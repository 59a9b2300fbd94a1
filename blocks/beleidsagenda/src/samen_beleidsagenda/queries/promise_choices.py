"""What a form of a motion, commitment or question offers to choose from; only what the actor may see."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Integer, Text, and_, func, literal, or_, select

from citycontent.api import Event, Membership, Organization, Person, Post, valid_on
from samen_beleidsagenda.models import AgendaItem, Body, Document, Dossier, Meeting, Motion, Submitter, ThemeHolder
from samen_beleidsagenda.permissions import RECORD, SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.kinds_together import by_kind, part, together
from samen_beleidsagenda.queries.promises import NOT_GONE, AnyRow, everybody, shown
from samen_beleidsagenda.queries.visibility import granted, shown_dossiers
from samen_core.api import UnitOfWork

MOST = 500
RECENT = timedelta(days=120)
AHEAD = timedelta(days=30)
GROUP_WORD = "fractie"


def bodies(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The bodies in their order, with ``name`` and ``kind``. One statement."""
    statement = select(Body.organization_id.label("id"), Organization.name, Body.kind).join(
        Organization, Organization.id == Body.organization_id
    )
    return uow.session.execute(statement.order_by(Body.position, Organization.sort_name).limit(MOST)).all()


def holders(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The posts that can owe something: those of the college, and those that hold a theme. One statement."""
    college = select(Body.organization_id).where(Body.kind == "college")
    holding = select(ThemeHolder.post_id)
    statement = select(Post.id, Post.label).where(Post.state == "active", or_(Post.organization_id.in_(college), Post.id.in_(holding)))
    return uow.session.execute(statement.order_by(Post.label, Post.id).limit(MOST)).all()


_TYPES = {"id": Body.organization_id.type, "name": Text(), "position": Integer(), "sort": Text()}


def of_register(uow: UnitOfWork) -> dict[str, list[AnyRow]]:
    """What the register is narrowed by: ``id name`` of each ``holder``, ``body`` and ``party`` that the actor may see. One statement."""
    return by_kind(uow, _public_choices() if uow.actor.is_anonymous else _register_choices(shown(uow, Motion)), {})


@lru_cache
def _public_choices() -> CompoundSelect[Any]:
    return _register_choices(everybody(Motion))


def _register_choices(motions: ColumnElement[bool]) -> CompoundSelect[Any]:
    post, body, organization = Post.__table__.c, Body.__table__.c, Organization.__table__.c
    college = select(body.organization_id).where(body.kind == "college")
    owes = or_(post.organization_id.in_(college), post.id.in_(select(ThemeHolder.post_id)))
    put = select(Submitter.organization_id).join(Motion, Motion.id == Submitter.subject_id).where(motions)
    named = {"id": organization.id, "name": organization.name, "sort": organization.sort_name}
    parts = (
        part("holder", _TYPES, id=post.id, name=post.label, sort=post.label).where(post.state == "active", owes),
        part("body", _TYPES, **named, position=body.position).join(body.position.table, body.organization_id == organization.id),
        part("party", _TYPES, **named).where(organization.id.in_(put), organization.state == "active"),
    )
    return together(*(one.order_by("position", "sort", "id").limit(MOST) for one in parts)).order_by("position", "sort", "id")


def dossiers(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The dossiers that the actor may see, also those that are not public yet, by title. One statement."""
    statement = select(Dossier.id, Dossier.title).where(shown_dossiers(uow, *NOT_GONE)).order_by(Dossier.sort_title, Dossier.id)
    return uow.session.execute(statement.limit(MOST)).all()


def documents(uow: UnitOfWork, *types: str) -> Sequence[AnyRow]:
    """The newest documents that the actor may see; with ``types`` only those. One statement."""
    statement = select(Document.id, Document.title, Document.date).where(_documents_shown(uow))
    if types:
        statement = statement.where(Document.type.in_(types))
    return uow.session.execute(statement.order_by(Document.date.desc(), Document.id.desc()).limit(MOST)).all()


def _documents_shown(uow: UnitOfWork) -> Any:
    allowed = or_(Document.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, Document.id))
    return and_(Document.state.in_(NOT_GONE), allowed, or_(Document.state == "published", granted(uow.actor, WRITE, Document.id)))


def recent_points(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The points of meetings of the last months and the coming one: ``id number title meeting_id start_date name``, newest meeting first.

    Only what the actor may see or writes. One statement.
    """
    statement = (
        select(AgendaItem.id, AgendaItem.number, AgendaItem.title, AgendaItem.meeting_id, Event.start_date, Event.name)
        .join(Meeting, Meeting.event_id == AgendaItem.meeting_id)
        .join(Event, Event.id == Meeting.event_id)
        .where(
            points_shown(uow),
            AgendaItem.heading.is_(False),
            Event.start_date.between(uow.now - RECENT, uow.now + AHEAD),
            Event.state == "active",
        )
        .order_by(Event.start_date.desc(), AgendaItem.meeting_id, AgendaItem.position, AgendaItem.id)
        .limit(MOST)
    )
    return uow.session.execute(statement).all()


def points_shown(uow: UnitOfWork) -> Any:
    """The condition for points of an agenda that the actor may see; to be joined with their meeting."""
    scopes = (AgendaItem.id, Meeting.body_id, AgendaItem.dossier_id)
    allowed = or_(AgendaItem.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, *scopes))
    written = or_(AgendaItem.state == "published", granted(uow.actor, RECORD, *scopes))
    return and_(AgendaItem.state.in_(NOT_GONE), allowed, written)


def points_of_meeting(uow: UnitOfWork, meeting: Meeting) -> list[AgendaItem]:
    """The points of a meeting that the actor may see, in their order. One statement."""
    statement = (
        select(AgendaItem)
        .join(Meeting, Meeting.event_id == AgendaItem.meeting_id)
        .where(AgendaItem.meeting_id == meeting.event_id, points_shown(uow))
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    return list(uow.session.execute(statement).scalars())


def parties(uow: UnitOfWork) -> Sequence[AnyRow]:
    """The groups that put motions that the actor may see, by name. One statement."""
    put = select(Submitter.organization_id).join(Motion, Motion.id == Submitter.subject_id).where(shown(uow, Motion))
    statement = select(Organization.id, Organization.name).where(Organization.id.in_(put), Organization.state == "active")
    return uow.session.execute(statement.order_by(Organization.sort_name).limit(MOST)).all()


def voters(uow: UnitOfWork, body_id: uuid.UUID, day: date) -> Sequence[AnyRow]:
    """Who sits in a body on a day: ``person_id name group_id group_name``, each once, by group and name; group None for who has none.

    A group is the organisation on whose behalf somebody is a member (Popolo ``on_behalf_of``), else one below the body with this person as
    a member. One statement.
    """
    group = Organization.__table__.alias("member_group")
    other = Membership.__table__.alias("group_membership")
    today = literal(day.isoformat())
    below = select(Organization.id).where(Organization.parent_id == body_id, Organization.state == "active")
    sits = and_(other.c.person_id == Membership.person_id, other.c.state == "active", other.c.organization_id.in_(below))
    statement = (
        select(Membership.person_id, Person.name, group.c.id.label("group_id"), group.c.name.label("group_name"))
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(other, and_(sits, valid_on(other.c.start_date, other.c.end_date, today)))
        .outerjoin(group, and_(group.c.id == func.coalesce(Membership.on_behalf_of_id, other.c.organization_id), group.c.state == "active"))
        .where(
            Membership.organization_id == body_id,
            Membership.state == "active",
            Person.state == "active",
            Person.visibility != "private",
            valid_on(Membership.start_date.expression, Membership.end_date.expression, today),
        )
        .order_by(group.c.sort_name, Person.sort_name, Membership.person_id)
        .limit(MOST)
    )
    once: dict[uuid.UUID, AnyRow] = {}
    for row in uow.session.execute(statement):
        if row.person_id not in once or once[row.person_id].group_id is None:
            once[row.person_id] = row
    return list(once.values())


def groups(uow: UnitOfWork, body_id: uuid.UUID) -> Sequence[AnyRow]:
    """The groups below a body, for a city that does not keep who sits in them: ``id name``. One statement."""
    statement = select(Organization.id, Organization.name).where(
        Organization.parent_id == body_id, Organization.state == "active", Organization.classification.icontains(GROUP_WORD)
    )
    return uow.session.execute(statement.order_by(Organization.sort_name).limit(MOST)).all()


def council_id(uow: UnitOfWork) -> uuid.UUID | None:
    """The council, whose groups vote in its committees too. One statement."""
    statement = select(Body.organization_id).where(Body.kind == "council").order_by(Body.position).limit(1)
    return uow.session.execute(statement).scalar_one_or_none()
