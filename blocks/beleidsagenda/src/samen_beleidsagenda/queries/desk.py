"""What waits on the desk of who plans: for approval, as a draft, for a place on an agenda; and what its forms choose from."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, literal, or_, select, union_all

from citycontent.api import Event, Organization
from samen_beleidsagenda.models import COMING_STATUSES, AgendaItem, Dossier, Meeting, PlanningItem
from samen_beleidsagenda.permissions import APPROVE, RECORD, SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.visibility import granted, shown_dossiers
from samen_core.api import UnitOfWork

MOST_DOSSIERS = 500
MOST_POINTS = 200
MOST = 100


def dossier_choices(uow: UnitOfWork) -> Sequence[Any]:
    """The dossiers that a moment may be about, by title: id, slug, title. One statement."""
    statement = select(Dossier.id, Dossier.slug, Dossier.title).where(shown_dossiers(uow, "draft", "submitted", "published"))
    return uow.session.execute(statement.order_by(Dossier.sort_title, Dossier.id).limit(MOST_DOSSIERS)).all()


def coming_points(uow: UnitOfWork, body_id: uuid.UUID | None = None) -> Sequence[Any]:
    """The points of the agendas of coming meetings (of a body), with their meeting; closed ones for who may see them. One statement."""
    statement = (
        select(
            AgendaItem.id,
            AgendaItem.title,
            AgendaItem.number,
            AgendaItem.dossier_id,
            Event.name.label("meeting_name"),
            Event.start_date.label("meeting_start"),
        )
        .join(Meeting, Meeting.event_id == AgendaItem.meeting_id)
        .join(Event, Event.id == Meeting.event_id)
        .where(
            AgendaItem.state != "deleted",
            AgendaItem.heading.is_(False),
            Event.state == "active",
            Event.status.not_in(("cancelled", "postponed")),
            Event.start_date >= uow.now,
            or_(AgendaItem.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, AgendaItem.id, Meeting.body_id)),
            or_(AgendaItem.state == "published", granted(uow.actor, RECORD, Meeting.body_id), granted(uow.actor, WRITE, Meeting.body_id)),
        )
    )
    if body_id is not None:
        statement = statement.where(Meeting.body_id == body_id)
    return uow.session.execute(statement.order_by(Event.start_date, AgendaItem.position, AgendaItem.id).limit(MOST_POINTS)).all()


def waiting(uow: UnitOfWork, models: Mapping[str, Any]) -> Sequence[Any]:
    """What waits for the approval of the actor, longest first, of these models by the name of their kind. One statement.

    Rows have kind, id, title, slug (of a dossier) and changed_at.
    """
    pieces = [_waiting_of(uow, name, model) for name, model in models.items()]
    together = union_all(*pieces).subquery()
    return uow.session.execute(select(together).order_by(together.c.changed_at, together.c.id).limit(MOST)).all()


def _waiting_of(uow: UnitOfWork, name: str, model: Any) -> Select[Any]:
    scopes = [getattr(model, column) for column in ("id", "body_id", "organization_id", "dossier_id") if hasattr(model, column)]
    slug = model.slug if model is Dossier else literal("")
    statement = select(literal(name).label("kind"), model.id, model.title, slug.label("slug"), model.changed_at).where(
        model.state == "submitted",
        granted(uow.actor, APPROVE, *scopes),
        or_(model.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, *scopes)),
    )
    if model is PlanningItem:
        statement = statement.join(Dossier, Dossier.id == PlanningItem.dossier_id).where(
            shown_dossiers(uow, "draft", "submitted", "published")
        )
    return statement


def drafts(uow: UnitOfWork) -> Sequence[Any]:
    """The moments that are being written and the actor may write, the soonest first. One statement."""
    return uow.session.execute(_unpublished(uow, "draft").limit(MOST)).all()


def unpublished_between(uow: UnitOfWork, start: date, end: date, body_id: uuid.UUID | None = None) -> Sequence[Any]:
    """Coming moments (of a body) in these days that are a draft or wait for approval and the actor may write. One statement."""
    statement = _unpublished(uow, "draft", "submitted").where(
        PlanningItem.status.in_(COMING_STATUSES), PlanningItem.end_date >= start, PlanningItem.start_date <= end
    )
    if body_id is not None:
        statement = statement.where(PlanningItem.body_id == body_id)
    return uow.session.execute(statement.limit(MOST)).all()


def unpublished_of(uow: UnitOfWork, dossier_id: uuid.UUID) -> Sequence[Any]:
    """The moments of a dossier that are a draft or wait for approval and the actor may write. One statement."""
    statement = _unpublished(uow, "draft", "submitted").where(PlanningItem.dossier_id == dossier_id)
    return uow.session.execute(statement.limit(MOST)).all()


def _unpublished(uow: UnitOfWork, *states: str) -> Any:
    scopes = (PlanningItem.id, PlanningItem.body_id, PlanningItem.dossier_id, Dossier.organization_id)
    return (
        select(
            PlanningItem.id,
            PlanningItem.title,
            PlanningItem.status,
            PlanningItem.state,
            PlanningItem.start_date,
            PlanningItem.end_date,
            PlanningItem.version,
            Dossier.title.label("dossier_title"),
            func.coalesce(Organization.name, literal("")).label("body_name"),
        )
        .join(Dossier, Dossier.id == PlanningItem.dossier_id)
        .outerjoin(Organization, Organization.id == PlanningItem.body_id)
        .where(
            PlanningItem.state.in_(states),
            granted(uow.actor, WRITE, *scopes),
            shown_dossiers(uow, "draft", "submitted", "published"),
            or_(PlanningItem.confidential.is_(False), granted(uow.actor, SEE_CONFIDENTIAL, *scopes)),
        )
        .order_by(PlanningItem.start_date, PlanningItem.id)
    )
