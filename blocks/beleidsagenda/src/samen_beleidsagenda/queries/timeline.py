"""What happened with a dossier and what is still to come, on one line."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

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
from samen_beleidsagenda.models import COMING_STATUSES, OPEN_STATES, Dossier
from samen_beleidsagenda.periods import Period, whole
from samen_beleidsagenda.queries.kinds_together import AnyRow
from samen_beleidsagenda.queries.lights import city_day
from samen_beleidsagenda.queries.line_rows import line_rows
from samen_beleidsagenda.queries.participation import Linked, links_of
from samen_beleidsagenda.queries.steps import Slip, Step, Timeline
from samen_core.api import CITY_TIME_ZONE, Text, UnitOfWork, _

QUESTION_STATES: dict[str, Text] = {"open": _("Wacht op antwoord"), "answered": _("Beantwoord"), "withdrawn": _("Ingetrokken")}


def timeline(uow: UnitOfWork, dossier: Dossier, linked: Sequence[Linked] | None = None) -> Timeline:
    """The line of a dossier that the actor may see. One statement, whatever is on it, besides those of :func:`links_of`.

    Who writes the dossier also sees what is not public yet. ``linked`` is the samenspraak on it, where the caller has read that already.
    """
    today, rows = city_day(uow), line_rows(uow, dossier)
    points = {row.id: row for row in rows["point"]}
    moments = _moments(rows["moment"], today, points)
    decided = {row.planning_item_id for row in rows["decision"]}
    met = {row.agenda_item_id for row in rows["decision"]} | {item.agenda_item_id for item, _step in moments}
    slips = {item.id: step.slips for item, step in moments}
    steps = [step for item, step in moments if item.id not in decided]
    steps += [_point_step(row, today) for id, row in points.items() if id not in met]
    steps += [_decision_step(row, slips) for row in rows["decision"]]
    steps += [_phase_step(row) for row in rows["phase"]]
    steps += [_document_step(row, today) for row in rows["document"]]
    steps += _promises(rows["motion"], rows["commitment"], today)
    steps += _questions(rows["question"], today)
    steps += _samenspraak(links_of(uow, [dossier.id]).get(dossier.id, ()) if linked is None else linked)
    steps.sort(key=lambda step: (step.day, step.period.end, step.kind, str(step.title)))
    return Timeline(tuple(step for step in steps if not step.coming), tuple(step for step in steps if step.coming))


def _day(day: date) -> Period:
    return whole(day, "day")


def _city(moment: datetime) -> date:
    return moment.astimezone(CITY_TIME_ZONE).date()


def _point_step(row: Any, today: date) -> Step:
    day = _city(row.at)
    return Step(
        kind="point",
        day=day,
        title=row.title,
        period=_day(day),
        coming=day >= today and row.kind not in ("cancelled", "postponed"),
        id=row.id,
        path=paths.agenda_item(row.id),
        body=row.body,
        what=_("Staat op de agenda"),
        status=_("De vergadering gaat niet door") if row.kind in ("cancelled", "postponed") else row.status,
        state=row.state,
        confidential=row.confidential,
    )


def _moments(rows: Sequence[AnyRow], today: date, points: dict[uuid.UUID, AnyRow]) -> list[tuple[AnyRow, Step]]:
    """The planned moments with their steps; of a chain of postponements only the last, with the others as its slips."""
    by_id = {item.id: item for item in rows}
    followed = {item.previous_id for item in rows}
    found = []
    for item in rows:
        if item.id not in followed:
            point = points.get(item.agenda_item_id) if item.agenda_item_id else None
            found.append((item, _moment_step(item, _slips(item, by_id), today, point)))
    return found


def _slips(item: Any, by_id: dict[uuid.UUID, AnyRow]) -> tuple[Slip, ...]:
    found = []
    before = by_id.get(item.previous_id) if item.previous_id else None
    while before is not None:
        found.append(Slip(_period(before), before.reason))
        before = by_id.get(before.previous_id) if before.previous_id else None
    return tuple(reversed(found))


def _period(item: Any) -> Period:
    return Period(item.day, item.end, item.precision)


def _moment_step(item: Any, slips: tuple[Slip, ...], today: date, point: Any) -> Step:
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
        text=item.reason if lapsed else item.text,
        body=item.body or "",
        what=ITEM_KIND_LABELS[item.kind],
        status=ITEM_STATUS_LABELS[item.status],
        has_say=item.has_say and coming,
        say_how=item.say_how,
        say_url=item.say_url,
        slips=slips,
        state=item.state,
        confidential=item.confidential,
    )


def _decision_step(row: Any, slips: dict[uuid.UUID, tuple[Slip, ...]]) -> Step:
    return Step(
        kind="decision",
        day=row.day,
        title=row.title,
        period=_day(row.day),
        id=row.id,
        path=paths.decision(row.id),
        text=row.text,
        body=row.body,
        what=_("Besluit"),
        status=RESULT_LABELS[row.status],
        slips=slips.get(row.planning_item_id, ()),
        state=row.state,
        confidential=row.confidential,
    )


def _phase_step(row: Any) -> Step:
    day, after = _city(row.at), PHASE_LABELS[row.status]
    title = _("Van {before} naar {after}", before=PHASE_LABELS[row.kind], after=after) if row.kind else None
    title = title or _("Het dossier begint in de fase {phase}", phase=after)
    return Step(kind="phase", day=day, title=title, period=_day(day), text=row.text, id=row.id)


def _document_step(row: Any, today: date) -> Step:
    return Step(
        kind="document",
        day=min(row.day, today),
        title=row.title,
        period=_day(row.day),
        id=row.id,
        path=paths.document(row.id),
        what=DOCUMENT_TYPE_LABELS[row.kind],
        state=row.state,
        confidential=row.confidential,
    )


def _promises(motions: Iterable[AnyRow], commitments: Iterable[AnyRow], today: date) -> list[Step]:
    """Motions and commitments where they were made, and those that are open also where they are due."""
    found: list[Step] = []
    for motion in motions:
        status = FOLLOW_UP_LABELS[motion.follow_up] if motion.follow_up else MOTION_STATUS_LABELS[motion.status]
        step = Step(
            kind="motion",
            day=motion.day,
            title=motion.title,
            period=_day(motion.day),
            id=motion.id,
            path=paths.motion(motion.id),
            what=MOTION_KIND_LABELS[motion.kind],
            status=status,
            state=motion.state,
            confidential=motion.confidential,
        )
        found += [step, *_due(step, motion.follow_up, motion.due, today, _("Deze motie moet zijn uitgevoerd"))]
    for promise in commitments:
        step = Step(
            kind="commitment",
            day=promise.day,
            title=promise.title,
            period=_day(promise.day),
            id=promise.id,
            path=paths.commitment(promise.id),
            what=_("Toezegging"),
            status=FOLLOW_UP_LABELS[promise.follow_up or "open"],
            state=promise.state,
            confidential=promise.confidential,
        )
        found += [step, *_due(step, promise.follow_up or "open", promise.due, today, _("Deze toezegging moet zijn nagekomen"))]
    return found


def _questions(rows: Iterable[AnyRow], today: date) -> list[Step]:
    found: list[Step] = []
    for question in rows:
        step = Step(
            kind="question",
            day=question.day,
            title=question.title,
            period=_day(question.day),
            id=question.id,
            path=paths.question(question.id),
            what=QUESTION_KIND_LABELS[question.kind],
            status=QUESTION_STATES[question.status],
            state=question.state,
            confidential=question.confidential,
        )
        found += [
            step,
            *_due(step, question.status, question.due, today, _("Het college moet deze vraag hebben beantwoord")),
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
            is_told = card.title == link.card.title or card.title in str(happened.words)
            found.append(
                Step(
                    kind="participation",
                    day=day,
                    title=happened.words,
                    period=_day(day),
                    path=card.url if card.is_live else link.card.url if link.card.is_live else "",
                    text="" if is_told else card.title,
                    what=link.card.title,
                )
            )
    return found
