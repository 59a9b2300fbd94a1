"""The JSON-LD document of one thing of the agenda, for ``/id/{type}/{uuid}.jsonld``: what its page shows, no more (schema.org)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from citycontent.api import Event, Organization
from samen_beleidsagenda.labels import FOLLOW_UP_LABELS, RESULT_LABELS
from samen_beleidsagenda.models import (
    AgendaItem,
    CouncilQuestion,
    Decision,
    Document,
    Dossier,
    Entry,
    Goal,
    PlanningItem,
)
from samen_beleidsagenda.paths import decision as decision_path
from samen_beleidsagenda.queries.about import About, about
from samen_beleidsagenda.services.common import dossier_of, get_thing
from samen_beleidsagenda.services.kinds import (
    AGENDA_ITEM,
    COMMITMENT,
    DECISION,
    DOCUMENT,
    DOSSIER,
    GOAL,
    MOTION,
    PLANNING_ITEM,
    QUESTION,
    Kind,
)
from samen_core.api import CITY_TIME_ZONE, NotFound, UnitOfWork

Node = dict[str, Any]
CONTEXT = "https://schema.org"


def decision(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A decision of a body; ``comment`` is what was done with what residents said. Raises NotFound."""
    found = get_thing(uow, Decision, id)
    base = uow.platform.config.web.base_url.rstrip("/")
    body, dossier = uow.session.get(Organization, found.body_id), dossier_of(uow, found)
    before = uow.session.get(Decision, found.replaces_id) if found.replaces_id else None
    facts: Node = {
        "@context": CONTEXT,
        "@type": "Legislation",
        "@id": f"{base}/id/{DECISION.name}/{id}",
        "url": base + decision_path(id),
        "inLanguage": "nl",
        "name": found.title,
        "text": found.text,
        "abstract": str(RESULT_LABELS[found.result]),
        "legislationDate": found.decided_on.isoformat(),
        "legislationDateVersion": found.effective_on.isoformat() if found.effective_on else None,
        "legislationChanges": f"{base}/id/{DECISION.name}/{before.id}" if before is not None and before.is_public else None,
        "comment": {"@type": "Comment", "text": found.participation} if found.participation else None,
        "isPartOf": f"{base}/id/{DOSSIER.name}/{dossier.id}" if dossier is not None and dossier.is_public else None,
    }
    if body is not None:
        identity = f"{base}/id/organization/{body.id}"
        facts["legislationPassedBy"] = {"@type": "GovernmentOrganization", "@id": identity, "name": body.name}
    return {name: value for name, value in facts.items() if value}


def dossier(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A dossier as a project of the city, with what it is about and its coming moments that everybody may know of. Raises NotFound."""
    found = get_thing(uow, Dossier, id)
    return dossier_node(uow, found, about(uow, found))


def dossier_node(uow: UnitOfWork, found: Dossier, near: About) -> Node:
    """The same of a dossier that was read already. No SQL."""
    base = _base(uow)
    return _node(
        _head(base, DOSSIER, found, "Project"),
        description=found.summary or found.why,
        foundingDate=str(found.start_date) if found.start_date else None,
        dissolutionDate=str(found.expected_end) if found.expected_end else None,
        keywords=found.tags,
        knowsAbout=[_reference(base, "theme", "DefinedTerm", row) for row in near.themes],
        areaServed=[_reference(base, "area", "AdministrativeArea", row) for row in near.areas],
        parentOrganization=_reference(base, "organization", "GovernmentOrganization", near.organization) if near.organization else None,
        event=[_moment(base, row.id, row.name, row.state, row) for row in near.coming],
    )


def moment(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A planned moment as an event; one of which the day is not known takes the whole of its period. Raises NotFound."""
    item = get_thing(uow, PlanningItem, id)
    entry = uow.session.get(Entry, id)
    about = dossier_of(uow, item)
    base = _base(uow)
    head = (
        _head(base, PLANNING_ITEM, item, "Event")
        if entry is None
        else {"@context": CONTEXT, **_moment(base, id, entry.title, entry.status, entry)}
    )
    return _node(
        head,
        description=item.text or (about.summary if about is not None else ""),
        organizer=_organization(uow, item.body_id),
        about=_card(base, DOSSIER, about, "Project") if about is not None and about.is_public else None,
    )


def agenda_item(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A point of an agenda as a part of its meeting. Raises NotFound."""
    item = get_thing(uow, AgendaItem, id)
    base, meeting = _base(uow), uow.session.get(Event, item.meeting_id)
    start = item.started_at or item.planned_start or (meeting.start_date if meeting is not None else None)
    end = item.ended_at or item.planned_end
    return _node(
        _head(base, AGENDA_ITEM, item, "Event"),
        description=item.text,
        startDate=_local(start),
        endDate=_local(end),
        superEvent=f"{base}/id/event/{item.meeting_id}",
        about=_dossier_of(uow, item),
    )


def document(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A paper. Raises NotFound."""
    found = get_thing(uow, Document, id)
    base = _base(uow)
    return _node(
        _head(base, DOCUMENT, found, "DigitalDocument"),
        description=found.summary,
        datePublished=found.date.isoformat(),
        inLanguage=found.language,
        license=found.licence,
        identifier=found.reference,
        additionalType=f"https://identifier.overheid.nl/tooi/def/thes/kern/{found.woo_category}" if found.woo_category else None,
        sameAs=found.page_url,
    )


def promise(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A motion, amendment or commitment. Raises NotFound."""
    kind, found = _one_of(uow, id, MOTION, COMMITMENT)
    day = found.submitted_on if kind is MOTION else found.made_on
    return _node(
        _head(_base(uow), kind, found, "CreativeWork"),
        text=found.text,
        dateCreated=day.isoformat(),
        expires=found.due_date.isoformat() if found.due_date else None,
        creativeWorkStatus=str(FOLLOW_UP_LABELS[found.follow_up]) if found.follow_up else None,
        identifier=found.number,
        sourceOrganization=_organization(uow, found.body_id),
        about=_dossier_of(uow, found),
    )


def question(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A question of council members with its answer. Raises NotFound."""
    found = get_thing(uow, CouncilQuestion, id)
    answer = {"@type": "Answer", "text": found.answer} if found.answer else None
    return _node(
        _head(_base(uow), QUESTION, found, "Question"),
        text=found.text,
        dateCreated=found.asked_on.isoformat(),
        expires=found.due_date.isoformat(),
        identifier=found.number,
        acceptedAnswer=answer,
        about=_dossier_of(uow, found),
    )


def goal(uow: UnitOfWork, id: uuid.UUID) -> Node:
    """A goal of a theme. Raises NotFound."""
    found = get_thing(uow, Goal, id)
    base = _base(uow)
    return _node(
        _head(base, GOAL, found, "CreativeWork"),
        text=found.text,
        expires=found.target_date.isoformat() if found.target_date else None,
        about=f"{base}/id/theme/{found.theme_id}",
    )


def _base(uow: UnitOfWork) -> str:
    return uow.platform.config.web.base_url.rstrip("/")


def _card(base: str, kind: Kind, thing: Any, type: str) -> Node:
    return {"@type": type, "@id": f"{base}/id/{kind.name}/{thing.id}", "url": base + kind.path(thing), "name": thing.title}


def _head(base: str, kind: Kind, thing: Any, type: str) -> Node:
    return {"@context": CONTEXT, **_card(base, kind, thing, type), "dateModified": _local(thing.changed_at)}


def _node(head: Node, **facts: Any) -> Node:
    """Without what is not known."""
    return head | {name: value for name, value in facts.items() if value not in (None, "", [])}


def _reference(base: str, type: str, kind: str, row: Any) -> Node:
    return {"@type": kind, "@id": f"{base}/id/{type}/{row.id}", "name": row.name}


def _organization(uow: UnitOfWork, id: uuid.UUID | None) -> Node | None:
    body = uow.session.get(Organization, id) if id is not None else None
    return _reference(_base(uow), "organization", "GovernmentOrganization", body) if body is not None else None


def _dossier_of(uow: UnitOfWork, thing: Any) -> Node | None:
    found = dossier_of(uow, thing)
    return _card(_base(uow), DOSSIER, found, "Project") if found is not None and found.is_public else None


def _moment(base: str, id: uuid.UUID, title: str, status: str, entry: Any) -> Node:
    return {
        "@type": "Event",
        "@id": f"{base}/id/{PLANNING_ITEM.name}/{id}",
        "url": base + entry.path,
        "name": title,
        "startDate": _local(entry.start_at) if entry.start_at else entry.start_date.isoformat(),
        "endDate": _local(entry.end_at) if entry.end_at else entry.end_date.isoformat(),
        "eventStatus": f"https://schema.org/{'EventCancelled' if status == 'cancelled' else 'EventScheduled'}",
    }


def _local(moment: datetime | None) -> str | None:
    return moment.astimezone(CITY_TIME_ZONE).isoformat(timespec="seconds") if moment else None


def _one_of(uow: UnitOfWork, id: uuid.UUID, *kinds: Kind) -> tuple[Kind, Any]:
    for kind in kinds:
        if uow.session.get(kind.model, id) is not None:
            return kind, get_thing(uow, kind.model, id)
    raise NotFound


DOCUMENTS: dict[str, Callable[[UnitOfWork, uuid.UUID], Node]] = {
    DECISION.name: decision,
    DOSSIER.name: dossier,
    PLANNING_ITEM.name: moment,
    AGENDA_ITEM.name: agenda_item,
    DOCUMENT.name: document,
    MOTION.name: promise,
    COMMITMENT.name: promise,
    QUESTION.name: question,
    GOAL.name: goal,
}
"""By type of the register."""
