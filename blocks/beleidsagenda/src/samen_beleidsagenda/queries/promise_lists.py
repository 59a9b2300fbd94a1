"""Commitments, and motions with amendments, each as a list of their own, newest first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select

from samen_beleidsagenda.models import FOLLOW_UP_STATES, Commitment, Motion, Submitter
from samen_beleidsagenda.queries.lights import SOON, city_day
from samen_beleidsagenda.queries.promises import AnyRow, light_is, shown
from samen_core.api import Order, Page, PageRequest, SortKey, UnitOfWork, fetch_page

FOLLOWED = ("follow_up", "due_date", "follow_up_note", "holder_id", "answer_document_id")
KEPT = ("state", "confidential", "published_at", "changed_at")
MOTION_FACTS = (
    "id",
    "version",
    "kind",
    "type",
    "number",
    "title",
    "text",
    "status",
    "submitted_on",
    "body_id",
    "dossier_id",
    "agenda_item_id",
    "amends_id",
    *FOLLOWED,
    *KEPT,
)
COMMITMENT_FACTS = (
    "id",
    "version",
    "number",
    "title",
    "text",
    "made_on",
    "made_to",
    "body_id",
    "meeting_id",
    "dossier_id",
    "agenda_item_id",
    *FOLLOWED,
    *KEPT,
)
_MOTIONS = select(*(getattr(Motion, name) for name in MOTION_FACTS))
_COMMITMENTS = select(*(getattr(Commitment, name) for name in COMMITMENT_FACTS))
MOTIONS = Order("beleidsagenda.motions", SortKey(Motion.submitted_on, descending=True), SortKey(Motion.id, descending=True))
COMMITMENTS = Order("beleidsagenda.commitments", SortKey(Commitment.made_on, descending=True), SortKey(Commitment.id, descending=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """Which motions or commitments; ``state`` is one of the follow-up or, of a motion, what the body did with it."""

    text: str = ""
    kind: str | None = None
    state: str | None = None
    light: str | None = None
    holder_id: uuid.UUID | None = None
    body_id: uuid.UUID | None = None
    dossier_id: uuid.UUID | None = None
    party_id: uuid.UUID | None = None
    changed_since: datetime | None = None


def list_motions(uow: UnitOfWork, chosen: ListFilter, request: PageRequest) -> Page[AnyRow]:
    """A page of public motions and amendments. One statement. Raises Invalid for a wrong cursor."""
    wanted = _wanted(uow, Motion, chosen)
    if chosen.kind is not None:
        wanted.append(Motion.kind == chosen.kind)
    if chosen.state is not None:
        wanted.append((Motion.follow_up if chosen.state in FOLLOW_UP_STATES else Motion.status) == chosen.state)
    if chosen.party_id is not None:
        wanted.append(exists().where(Submitter.subject_id == Motion.id, Submitter.organization_id == chosen.party_id))
    return fetch_page(uow.session, _MOTIONS.where(*wanted), MOTIONS, request)


def list_commitments(uow: UnitOfWork, chosen: ListFilter, request: PageRequest) -> Page[AnyRow]:
    """A page of public commitments. One statement. Raises Invalid for a wrong cursor."""
    wanted = _wanted(uow, Commitment, chosen)
    if chosen.state is not None:
        wanted.append(Commitment.follow_up == chosen.state)
    return fetch_page(uow.session, _COMMITMENTS.where(*wanted), COMMITMENTS, request)


def _wanted(uow: UnitOfWork, model: Any, chosen: ListFilter) -> list[ColumnElement[bool]]:
    wanted = [shown(uow, model)]
    wanted += [
        or_(model.title.icontains(word, autoescape=True), model.number.icontains(word, autoescape=True)) for word in chosen.text.split()
    ]
    if chosen.light is not None:
        day = city_day(uow)
        wanted.append(light_is(model, chosen.light, day, day + SOON))
    for name in ("holder_id", "body_id", "dossier_id"):
        if (id := getattr(chosen, name)) is not None:
            wanted.append(getattr(model, name) == id)
    if chosen.changed_since is not None:
        wanted.append(model.changed_at >= chosen.changed_since)
    return wanted
