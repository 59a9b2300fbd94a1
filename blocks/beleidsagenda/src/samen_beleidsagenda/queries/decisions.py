"""Decisions of bodies: lists, and the chain of what replaced what."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import aliased

from citycontent.api import Event, Organization
from samen_beleidsagenda.models import COMING_STATUSES, AgendaItem, Decision, Dossier, Meeting, PlanningItem
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries.documents import matching
from samen_beleidsagenda.queries.visibility import shown, shown_dossiers
from samen_core.api import Count, Order, Page, PageRequest, SortKey, UnitOfWork, count_up_to, fetch_page

AnyRow = Row[*tuple[Any, ...]]
ORDERS = {
    "newest": Order("decision.newest", SortKey(Decision.decided_on, descending=True), SortKey(Decision.id, descending=True)),
    "oldest": Order("decision.oldest", SortKey(Decision.decided_on), SortKey(Decision.id)),
}
_NEXT = aliased(Decision)
CARD: tuple[Any, ...] = (
    *(column for column in Decision.__table__.c if column.key not in ("text", "reasons", "participation")),
    Organization.name.label("body_name"),
    Organization.slug.label("body_slug"),
)
LONGEST_CHAIN = 20
MOST_CHOICES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFilter:
    """Which decisions. ``year`` is that in which was decided; ``state`` other than published only shows what one may write."""

    text: str = ""
    body_id: uuid.UUID | None = None
    result: str | None = None
    year: int | None = None
    dossier_id: uuid.UUID | None = None
    state: str = "published"


def shown_decisions(uow: UnitOfWork, *, drafts: bool = False) -> ColumnElement[bool]:
    """Decisions that the actor may see; with ``drafts`` also what one may write."""
    return shown(uow, Decision, RECORD, Decision.body_id, Decision.dossier_id, drafts=drafts)


def list_decisions(
    uow: UnitOfWork, chosen: DecisionFilter, request: PageRequest, *, order: str = "newest", with_count: bool = True, whole: bool = False
) -> Page[Row[Any]]:
    """A page of decisions that the actor may see, with their body; ``whole`` with their texts. At most three statements.

    Raises Invalid for a wrong cursor.
    """
    texts = (Decision.text, Decision.reasons, Decision.participation) if whole else ()
    statement: Select[Any] = select(*CARD, *texts).join(Organization, Organization.id == Decision.body_id)
    statement = statement.where(shown_decisions(uow, drafts=chosen.state != "published"), Decision.state == chosen.state)
    if chosen.body_id is not None:
        statement = statement.where(Decision.body_id == chosen.body_id)
    if chosen.result is not None:
        statement = statement.where(Decision.result == chosen.result)
    if chosen.dossier_id is not None:
        statement = statement.where(Decision.dossier_id == chosen.dossier_id)
    if chosen.year is not None:
        statement = statement.where(Decision.decided_on >= date(chosen.year, 1, 1), Decision.decided_on <= date(chosen.year, 12, 31))
    if chosen.text:
        statement = statement.where(matching(uow, Decision, "body_decision", chosen.text))
    page = fetch_page(uow.session, statement, ORDERS[order], request)
    if not with_count:
        return page
    complete = not request.cursor and page.next is None
    return replace(page, count=Count(len(page.items)) if complete else count_up_to(uow.session, statement))


def replaced(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Of these decisions, those in the place of which came one that the actor may see, with that one. One statement."""
    if not ids:
        return {}
    statement = select(Decision.replaces_id, Decision.id).where(Decision.replaces_id.in_(ids), shown_decisions(uow))
    return {before: after for before, after in uow.session.execute(statement) if before is not None}


def chain(uow: UnitOfWork, decision: Decision) -> Sequence[AnyRow]:
    """The decisions of one chain that the actor may see, oldest first, this one among them. Two statements, however long."""
    up = select(Decision.id, Decision.replaces_id).where(Decision.id == decision.id).cte("earlier", recursive=True)
    up = up.union(select(Decision.id, Decision.replaces_id).join(up, Decision.id == up.c.replaces_id))
    down = select(_NEXT.id).where(_NEXT.id == decision.id).cte("later", recursive=True)
    down = down.union(select(Decision.id).join(down, Decision.replaces_id == down.c.id))
    statement = (
        select(Decision.id, Decision.title, Decision.decided_on, Decision.result, Decision.state, Organization.name.label("body_name"))
        .join(Organization, Organization.id == Decision.body_id)
        .where(Decision.id.in_(select(up.c.id).union(select(down.c.id))), shown_decisions(uow, drafts=True))
        .order_by(Decision.id)
        .limit(LONGEST_CHAIN)
    )
    return uow.session.execute(statement).all()


@dataclass(frozen=True, slots=True)
class Around:
    """What a decision belongs to, as far as the actor may see it: rows with what their links need."""

    body: AnyRow
    dossier: AnyRow | None
    item: AnyRow | None


def around(uow: UnitOfWork, decision: Decision) -> Around:
    """What a decision belongs to. At most three statements."""
    body = uow.session.execute(select(Organization.name, Organization.slug).where(Organization.id == decision.body_id)).one()
    dossier = item = None
    if decision.dossier_id is not None:
        known = select(Dossier.id, Dossier.title, Dossier.slug).where(Dossier.id == decision.dossier_id)
        dossier = uow.session.execute(known.where(shown_dossiers(uow, "published", "draft", "submitted"))).one_or_none()
    if decision.agenda_item_id is not None:
        at = (
            select(AgendaItem.id, AgendaItem.title, AgendaItem.number, Event.id.label("event_id"), Event.name, Event.start_date)
            .join(Meeting, Meeting.event_id == AgendaItem.meeting_id)
            .join(Event, Event.id == Meeting.event_id)
            .where(AgendaItem.id == decision.agenda_item_id, Event.state == "active")
            .where(shown(uow, AgendaItem, RECORD, Meeting.body_id, drafts=True))
        )
        item = uow.session.execute(at).one_or_none()
    return Around(body, dossier, item)


def moment_choices(
    uow: UnitOfWork, body_id: uuid.UUID | None, *, already: uuid.UUID | None = None, at_item: uuid.UUID | None = None
) -> list[tuple[uuid.UUID, str]]:
    """Decisions that are planned for a body (any without one) and are still to come, soonest first; ``at_item`` those at that point.

    One statement.
    """
    coming = PlanningItem.status.in_(COMING_STATUSES) & (PlanningItem.kind == "decision")
    if body_id is not None:
        coming &= PlanningItem.body_id == body_id
    if at_item is not None:
        coming &= PlanningItem.agenda_item_id == at_item
    if already is not None:
        coming |= PlanningItem.id == already
    statement = select(PlanningItem.id, PlanningItem.title).join(Dossier, Dossier.id == PlanningItem.dossier_id)
    statement = statement.where(coming, shown_dossiers(uow, "published"), shown(uow, PlanningItem, RECORD, PlanningItem.body_id))
    rows = uow.session.execute(statement.order_by(PlanningItem.start_date, PlanningItem.id).limit(MOST_CHOICES))
    return [(id, title) for id, title in rows]
