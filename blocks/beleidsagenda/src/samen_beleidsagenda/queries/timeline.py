"""What happened with a dossier and what is still to come, on one line."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, select, true

from citycontent.api import Event, Organization
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import (
    DOCUMENT_TYPE_LABELS,
    FOLLOW_UP_LABELS,
    ITEM_KIND_LABELS,
    ITEM_STATUS_LABELS,
    MOTION_KIND_LABELS,
    MOTION_STATUS_LABELS,
    PHASE_LABELS,
    QUESTION_KIND_LABELS,
    RESULT_LABELS,
)
from samen_beleidsagenda.models import (
    COMING_STATUSES,
    OPEN_STATES,
    AgendaItem,
    Commitment,
    CouncilQuestion,
    Decision,
    Document,
    DocumentDossier,
    Dossier,
    Meeting,
    Motion,
    PlanningItem,
)
from samen_beleidsagenda.periods import Period, whole
from samen_beleidsagenda.permissions import SEE_CONFIDENTIAL, WRITE
from samen_beleidsagenda.queries.dossiers import phase_changes
from samen_beleidsagenda.queries.lights import city_day
from samen_beleidsagenda.queries.participation import Linked, links_of
from samen_beleidsagenda.queries.steps import Slip, Step, Timeline
from samen_core.api import CITY_TIME_ZONE, Text, UnitOfWork, _

MOST = 300
"""Of each kind at most so many, the newest: no dossier has more that somebody reads on one line."""
AnyRow = Row[*tuple[Any, ...]]


def timeline(uow: UnitOfWork, dossier: Dossier, linked: Sequence[Linked] | None = None) -> Timeline:
    """The line of a dossier that the actor may see. At most ten statements, whatever is on it.

    Who writes the dossier also sees what is not public yet. ``linked`` is the samenspraak on it, where the caller has read that already.
    """
    today, shown = city_day(uow), _Shown(uow, dossier)
    points = _points(uow, dossier, shown)
    moments = _moments(uow, dossier, shown, today, points)
    decisions = _decisions(uow, dossier, shown)
    decided = {row.planning_item_id for row in decisions}
    met = {row.agenda_item_id for row in decisions} | {item.agenda_item_id for item, _step in moments}
    slips = {item.id: step.slips for item, step in moments}
    steps = [step for item, step in moments if item.id not in decided]
    steps += [_point_step(row, today) for id, row in points.items() if id not in met]
    steps += [_decision_step(row, slips) for row in decisions]
    steps += _phases(uow, dossier)
    steps += _documents(uow, dossier, shown, today)
    steps += _promises(uow, dossier, shown, today)
    steps += _questions(uow, dossier, shown, today)
    steps += _samenspraak(links_of(uow, [dossier.id]).get(dossier.id, ()) if linked is None else linked)
    steps.sort(key=lambda step: (step.day, step.period.end, step.kind, str(step.title)))
    return Timeline(tuple(step for step in steps if not step.coming), tuple(step for step in steps if step.coming))


class _Shown:
    """What of a dossier the actor may see, as conditions."""

    def __init__(self, uow: UnitOfWork, dossier: Dossier) -> None:
        scopes = (dossier.organization_id,) if dossier.organization_id else ()
        self.drafts = WRITE.allows(uow.actor, dossier.id, scopes=scopes)
        self.secrets = SEE_CONFIDENTIAL.allows(uow.actor, dossier.id, scopes=scopes)

    def __call__(self, model: Any) -> ColumnElement[bool]:
        written = model.state != "deleted" if self.drafts else model.state == "published"
        return and_(written, true() if self.secrets else model.confidential.is_(False))


def _day(day: date) -> Period:
    return whole(day, "day")


def _city(moment: datetime) -> date:
    return moment.astimezone(CITY_TIME_ZONE).date()


def _points(uow: UnitOfWork, dossier: Dossier, shown: _Shown) -> dict[uuid.UUID, AnyRow]:
    """The points of agendas about the dossier, and those that its moments are tied to, by id."""
    tied = select(PlanningItem.agenda_item_id).where(PlanningItem.dossier_id == dossier.id, PlanningItem.agenda_item_id.is_not(None))
    statement = (
        select(
            AgendaItem.id,
            AgendaItem.title,
            AgendaItem.result,
            AgendaItem.state,
            AgendaItem.confidential,
            Event.start_date.label("at"),
            Event.status.label("event_status"),
            Organization.name.label("body"),
        )
        .join(Meeting, Meeting.event_id == AgendaItem.meeting_id)
        .join(Event, Event.id == Meeting.event_id)
        .join(Organization, Organization.id == Meeting.body_id)
        .where((AgendaItem.dossier_id == dossier.id) | AgendaItem.id.in_(tied), shown(AgendaItem), Event.state == "active")
        .order_by(Event.start_date.desc())
        .limit(MOST)
    )
    return {row.id: row for row in uow.session.execute(statement)}


def _point_step(row: Any, today: date) -> Step:
    day = _city(row.at)
    return Step(
        kind="point",
        day=day,
        title=row.title,
        period=_day(day),
        coming=day >= today and row.event_status not in ("cancelled", "postponed"),
        id=row.id,
        path=paths.agenda_item(row.id),
        body=row.body,
        what=_("Staat op de agenda"),
        status=_("De vergadering gaat niet door") if row.event_status in ("cancelled", "postponed") else row.result,
        state=row.state,
        confidential=row.confidential,
    )


def _moments(
    uow: UnitOfWork, dossier: Dossier, shown: _Shown, today: date, points: dict[uuid.UUID, Any]
) -> list[tuple[PlanningItem, Step]]:
    """The planned moments with their steps; of a chain of postponements only the last, with the others as its slips."""
    statement = (
        select(PlanningItem, Organization.name)
        .outerjoin(Organization, Organization.id == PlanningItem.body_id)
        .where(PlanningItem.dossier_id == dossier.id, shown(PlanningItem))
        .order_by(PlanningItem.id.desc())
        .limit(MOST)
    )
    rows = uow.session.execute(statement).all()
    by_id = {item.id: item for item, _body in rows}
    followed = {item.previous_id for item, _body in rows}
    found = []
    for item, body in rows:
        if item.id not in followed:
            point = points.get(item.agenda_item_id) if item.agenda_item_id else None
            found.append((item, _moment_step(item, body or "", _slips(item, by_id), today, point)))
    return found


def _slips(item: PlanningItem, by_id: dict[uuid.UUID, PlanningItem]) -> tuple[Slip, ...]:
    found = []
    before = by_id.get(item.previous_id) if item.previous_id else None
    while before is not None:
        found.append(Slip(_period(before), before.slip_reason))
        before = by_id.get(before.previous_id) if before.previous_id else None
    return tuple(reversed(found))


def _period(item: PlanningItem) -> Period:
    return Period(item.start_date, item.end_date, item.precision)


def _moment_step(item: PlanningItem, body: str, slips: tuple[Slip, ...], today: date, point: Any) -> Step:
    period = _day(_city(point.at)) if point is not None else _period(item)
    still = item.status in COMING_STATUSES
    coming = still and period.end >= today
    lapsed = item.status in ("lapsed", "postponed")
    return Step(
        kind="moment",
        # What was dropped or treated before its period began stands where it happened: not after today.
        day=period.start if still else min(period.start, today),
        title=item.title,
        period=period,
        coming=coming,
        late=still and not coming,
        id=item.id,
        path=paths.planning_item(item.id),
        text=item.slip_reason if lapsed else item.text,
        body=body,
        what=ITEM_KIND_LABELS[item.kind],
        status=ITEM_STATUS_LABELS[item.status],
        has_say=item.has_say and coming,
        say_how=item.say_how,
        say_url=item.say_url,
        slips=slips,
        state=item.state,
        confidential=item.confidential,
    )


def _decisions(uow: UnitOfWork, dossier: Dossier, shown: _Shown) -> Sequence[AnyRow]:
    statement = (
        select(
            Decision.id,
            Decision.title,
            Decision.text,
            Decision.result,
            Decision.decided_on,
            Decision.planning_item_id,
            Decision.agenda_item_id,
            Decision.state,
            Decision.confidential,
            Organization.name.label("body"),
        )
        .join(Organization, Organization.id == Decision.body_id)
        .where(Decision.dossier_id == dossier.id, shown(Decision))
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
        .limit(MOST)
    )
    return uow.session.execute(statement).all()


def _decision_step(row: Any, slips: dict[uuid.UUID, tuple[Slip, ...]]) -> Step:
    return Step(
        kind="decision",
        day=row.decided_on,
        title=row.title,
        period=_day(row.decided_on),
        id=row.id,
        path=paths.decision(row.id),
        text=row.text,
        body=row.body,
        what=_("Besluit"),
        status=RESULT_LABELS[row.result],
        slips=slips.get(row.planning_item_id, ()),
        state=row.state,
        confidential=row.confidential,
    )


def _phases(uow: UnitOfWork, dossier: Dossier) -> list[Step]:
    found = []
    for change in phase_changes(uow, dossier.id):
        day, after = _city(change.at), PHASE_LABELS[change.after]
        title = _("Van {before} naar {after}", before=PHASE_LABELS[change.before], after=after) if change.before else None
        title = title or _("Het dossier begint in de fase {phase}", phase=after)
        found.append(Step(kind="phase", day=day, title=title, period=_day(day), text=change.reason, id=change.id))
    return found


def _documents(uow: UnitOfWork, dossier: Dossier, shown: _Shown, today: date) -> list[Step]:
    statement = (
        select(Document.id, Document.title, Document.type, Document.date, Document.state, Document.confidential)
        .join(DocumentDossier, DocumentDossier.document_id == Document.id)
        .where(DocumentDossier.dossier_id == dossier.id, shown(Document))
        .order_by(Document.date.desc(), Document.id.desc())
        .limit(MOST)
    )
    return [
        Step(
            kind="document",
            day=min(row.date, today),
            title=row.title,
            period=_day(row.date),
            id=row.id,
            path=paths.document(row.id),
            what=DOCUMENT_TYPE_LABELS[row.type],
            state=row.state,
            confidential=row.confidential,
        )
        for row in uow.session.execute(statement)
    ]


def _promises(uow: UnitOfWork, dossier: Dossier, shown: _Shown, today: date) -> list[Step]:
    """Motions and commitments where they were made, and those that are open also where they are due."""
    found: list[Step] = []
    motions = select(Motion).where(Motion.dossier_id == dossier.id, shown(Motion)).order_by(Motion.submitted_on.desc()).limit(MOST)
    for motion in uow.session.execute(motions).scalars():
        status = FOLLOW_UP_LABELS[motion.follow_up] if motion.follow_up else MOTION_STATUS_LABELS[motion.status]
        step = Step(
            kind="motion",
            day=motion.submitted_on,
            title=motion.title,
            period=_day(motion.submitted_on),
            id=motion.id,
            path=paths.motion(motion.id),
            what=MOTION_KIND_LABELS[motion.kind],
            status=status,
            state=motion.state,
            confidential=motion.confidential,
        )
        found += [step, *_due(step, motion.follow_up, motion.due_date, today, _("Deze motie moet zijn uitgevoerd"))]
    made = select(Commitment).where(Commitment.dossier_id == dossier.id, shown(Commitment)).order_by(Commitment.made_on.desc()).limit(MOST)
    for promise in uow.session.execute(made).scalars():
        step = Step(
            kind="commitment",
            day=promise.made_on,
            title=promise.title,
            period=_day(promise.made_on),
            id=promise.id,
            path=paths.commitment(promise.id),
            what=_("Toezegging"),
            status=FOLLOW_UP_LABELS[promise.follow_up or "open"],
            state=promise.state,
            confidential=promise.confidential,
        )
        found += [step, *_due(step, promise.follow_up or "open", promise.due_date, today, _("Deze toezegging moet zijn nagekomen"))]
    return found


def _questions(uow: UnitOfWork, dossier: Dossier, shown: _Shown, today: date) -> list[Step]:
    found: list[Step] = []
    asked = (
        select(CouncilQuestion)
        .where(CouncilQuestion.dossier_id == dossier.id, shown(CouncilQuestion))
        .order_by(CouncilQuestion.asked_on.desc(), CouncilQuestion.id.desc())
        .limit(MOST)
    )
    for question in uow.session.execute(asked).scalars():
        waits = question.answered_on is None and question.withdrawn_on is None
        step = Step(
            kind="question",
            day=question.asked_on,
            title=question.title,
            period=_day(question.asked_on),
            id=question.id,
            path=paths.question(question.id),
            what=QUESTION_KIND_LABELS[question.kind],
            status=_("Wacht op antwoord") if waits else _("Beantwoord") if question.answered_on else _("Ingetrokken"),
            state=question.state,
            confidential=question.confidential,
        )
        found += [
            step,
            *_due(step, "open" if waits else None, question.due_date, today, _("Het college moet deze vraag hebben beantwoord")),
        ]
    return found


def _due(step: Step, follow_up: str | None, due: date | None, today: date, words: Text) -> Iterable[Step]:
    """When something that is still open must be done; nothing for what is done or has no date."""
    if follow_up in OPEN_STATES and due is not None:
        yield replace(step, kind="due", day=due, period=_day(due), coming=due >= today, late=due < today, what=words, status="")


def _samenspraak(linked: Iterable[Linked]) -> list[Step]:
    found = []
    for link in linked:
        for happened in link.happened:
            day, card = _city(happened.at), happened.card or link.card
            text = card.title if card.title != link.card.title else ""
            found.append(
                Step(
                    kind="participation",
                    day=day,
                    title=happened.words,
                    period=_day(day),
                    path=card.url if card.is_live else link.card.url if link.card.is_live else "",
                    text=text,
                    what=link.card.title,
                )
            )
    return found
