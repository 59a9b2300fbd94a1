"""Planned moments: planning, changing, putting off, putting on an agenda, done, dropped.

What a moment said in public is never lost. Another period makes a successor: the moment itself keeps its period and the reason. A period
that only becomes more precise stays the same moment, and what it was stays in ``narrowed_from``.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from citycontent.api import Event
from samen_beleidsagenda.events import AgendaEvent, MomentChanged, MomentPlanned, MomentPostponed
from samen_beleidsagenda.models import COMING_STATUSES, AgendaItem, Body, Dossier, Meeting, PlanningItem
from samen_beleidsagenda.periods import Period, period_of, whole
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.schemas.planning import ChangeMoment, Drop, PlanMoment, Postpone, Schedule, Treat
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.approval import Approve
from samen_beleidsagenda.services.common import (
    add,
    enter,
    get_thing,
    keep_card,
    log,
    require_reason,
    require_write,
    set_confidential,
    tell,
    to_change,
)
from samen_beleidsagenda.services.entries import keep_entries_of_dossier, keep_entry_of_item
from samen_beleidsagenda.services.kinds import PLANNING_ITEM
from samen_core.api import CITY_TIME_ZONE, Invalid, UnitOfWork, _


@dataclass(frozen=True, slots=True)
class Move:
    """A step of a planned moment: from which states, and to which."""

    sources: tuple[str, ...]
    target: str


MOVES = {
    "doubt": Move(("planned",), "intended"),
    "confirm": Move(("intended",), "planned"),
    "schedule": Move(COMING_STATUSES, "scheduled"),
    "unschedule": Move(("scheduled",), "planned"),
    "treat": Move(COMING_STATUSES, "treated"),
    "postpone": Move(COMING_STATUSES, "postponed"),
    "drop": Move(COMING_STATUSES, "lapsed"),
}
"""Every way in which a moment goes on (beleidsagenda.md §3.3)."""
FIELDS = ("kind", "title", "body_id", "text", "confidence", "has_say", "say_how", "say_url")
DROPPED = _("Dit gaat niet door.")
NOT_NOW = _("Dit kan nu niet: dit moment is al geweest, verplaatst of vervallen.")
MEETING_MOVED = _("De vergadering is verzet.").id
"""In Dutch, whoever moves it: it is kept as the reason."""


def plan_moment(uow: UnitOfWork, command: PlanMoment) -> PlanningItem:
    """Plan a moment, as a draft unless it is to be public at once. Raises NotFound (no such dossier), NotAllowed and Invalid."""
    dossier = get_thing(uow, Dossier, command.dossier_id)
    if dossier.phase == "withdrawn":
        raise Invalid({"dossier_id": [_("Dit dossier is ingetrokken: er komt geen moment meer bij.")]})
    _check_body(uow, command.body_id)
    period = command.period
    item = PlanningItem(
        dossier_id=dossier.id,
        start_date=period.start,
        end_date=period.end,
        precision=period.precision,
        original_start=period.start,
        original_end=period.end,
        narrowed_from=[],
        status=command.status,
        confidential=command.confidential,
        slip_reason="",
        slips=0,
        **{name: getattr(command, name) for name in FIELDS},
    )
    if command.publish:
        require_write(uow, item, APPROVE)
        item.state = "published"
    enter(uow, item)
    log(uow, "beleidsagenda.planning_item.planned", item, _("Dit moment is gepland: {period}.", period=period))
    _settle(uow, item, MomentPlanned)
    return item


def change_moment(uow: UnitOfWork, id: uuid.UUID, command: ChangeMoment) -> PlanningItem:
    """Replace what is known of a moment. Raises NotFound, NotAllowed, Conflict, and Invalid for a period that only putting off may give."""
    item = to_change(uow, PlanningItem, id, command.version, moment_values)
    _check_body(uow, command.body_id, item.body_id)
    _check_agenda(item, command)
    before = {"period": period_of(item.start_date, item.end_date).code, "title": item.title}
    if command.period != (now := period_of(item.start_date, item.end_date)):
        _narrow(item, now, command.period)
    if command.status != item.status and item.status in ("intended", "planned"):
        item.status = _target("confirm" if command.status == "planned" else "doubt", item)
    for name in FIELDS:
        setattr(item, name, getattr(command, name))
    hidden = item.confidential != command.confidential
    set_confidential(uow, item, command.confidential)
    sentence = _("Dit moment is bijgewerkt. Wanneer: {period}.", period=command.period)
    log(
        uow,
        "beleidsagenda.planning_item.changed",
        item,
        sentence,
        before=before,
        after={"period": command.period.code, "title": item.title},
    )
    _settle(uow, item, MomentChanged)
    if hidden and item.previous_id is not None:
        # What it took the place of tells where the new moment is, or no longer.
        keep_entry_of_item(uow, uow.session.get_one(PlanningItem, item.previous_id))
    return item


def moment_values(item: PlanningItem) -> dict[str, Any]:
    """The values of a moment for its forms."""
    return {
        **{name: getattr(item, name) for name in (*FIELDS, "confidential", "version")},
        "status": item.status if item.status in ("intended", "planned") else "planned",
        "period": period_of(item.start_date, item.end_date).typed,
    }


def postpone(uow: UnitOfWork, id: uuid.UUID, command: Postpone) -> PlanningItem:
    """Give a moment another period, later or earlier, and give the moment that takes its place.

    One that was never public has no successor: it is just changed. Raises NotFound, NotAllowed, Conflict, and Invalid without a reason,
    without another period, or when the moment is over.
    """
    item = to_change(uow, PlanningItem, id, command.version, moment_values)
    _target("postpone", item)
    reason = require_reason(command.reason)
    if command.period == period_of(item.start_date, item.end_date):
        raise Invalid({"period": [_("Dit is de periode die er al staat. Vul een andere periode in.")]})
    return _move_to(uow, item, command.period, reason)


def schedule(uow: UnitOfWork, id: uuid.UUID, command: Schedule) -> PlanningItem:
    """Put a moment on the agenda of a meeting, whose day becomes its period; gives the moment that stands on the agenda.

    A meeting outside the period that was told puts the moment off and needs the reason. Raises NotFound, NotAllowed, Conflict and Invalid.
    """
    item = to_change(uow, PlanningItem, id, command.version)
    _target("schedule", item)
    point = get_thing(uow, AgendaItem, command.agenda_item_id)
    meeting = uow.session.get_one(Meeting, point.meeting_id)
    if item.body_id is not None and item.body_id != meeting.body_id:
        raise Invalid(
            {"agenda_item_id": [_("Dit agendapunt is van een ander orgaan. Kies een vergadering van het orgaan van dit moment.")]}
        )
    event = uow.session.get_one(Event, meeting.event_id)
    if event.state != "active" or event.status in ("cancelled", "postponed"):
        raise Invalid({"agenda_item_id": [_("Deze vergadering gaat niet door. Kies een andere.")]})
    now, day = period_of(item.start_date, item.end_date), _day_of(event)
    if item.published_at is not None and not now.holds(day):
        item = _move_to(uow, item, day, require_reason(command.reason), agenda_item_id=point.id)
    elif day != now:
        _narrow(item, now, day)
    item.status, item.agenda_item_id, item.body_id = _target("schedule", item), point.id, meeting.body_id
    log(uow, "beleidsagenda.planning_item.scheduled", item, _("Dit staat op de agenda van {day}.", day=day), after={"period": day.code})
    _settle(uow, item, MomentChanged)
    return item


def treat(uow: UnitOfWork, id: uuid.UUID, command: Treat) -> PlanningItem:
    """The moment was there. Raises NotFound, NotAllowed, Conflict, and Invalid when it was over already."""
    item = to_change(uow, PlanningItem, id, command.version)
    item.status = _target("treat", item)
    log(uow, "beleidsagenda.planning_item.treated", item, _("Dit moment is geweest."))
    _settle(uow, item, MomentChanged)
    return item


def drop(uow: UnitOfWork, id: uuid.UUID, command: Drop) -> PlanningItem:
    """The moment does not go on at all. Raises NotFound, NotAllowed, Conflict, and Invalid without a reason or when it was over."""
    item = to_change(uow, PlanningItem, id, command.version)
    target, reason = _target("drop", item), require_reason(command.reason)
    item.status, item.slip_reason = target, reason
    log(uow, "beleidsagenda.planning_item.dropped", item, DROPPED, reason=reason)
    _settle(uow, item, MomentChanged)
    return item


def publish_moment(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> PlanningItem:
    """Make a moment public. Raises like :func:`samen_beleidsagenda.services.approval.publish`."""
    return approval.publish(uow, PlanningItem, id, command, MomentPlanned)


def remove_moment(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> PlanningItem:
    """Take away a moment that was never public. Raises Invalid for a public one, which can only lapse: its dates must stay readable."""
    item = to_change(uow, PlanningItem, id, command.version)
    if item.published_at is not None:
        raise Invalid(_("Dit moment was openbaar en blijft leesbaar. Laat het vervallen, met de reden."))
    return approval.remove(uow, PlanningItem, id, command)


def lapse_with(uow: UnitOfWork, dossier: Dossier, reason: str) -> None:
    """Let everything that is still to come of a dossier that was withdrawn lapse with it, drafts too, whoever may see them."""
    for item in _moments(uow, dossier, PlanningItem.status.in_(COMING_STATUSES)):
        item.lapsed_from, item.status, item.slip_reason = item.status, _target("drop", item), reason
        keep_card(uow, item)
        log(uow, "beleidsagenda.planning_item.dropped", item, DROPPED, reason=reason)
        tell(uow, MomentChanged, item)
    keep_entries_of_dossier(uow, dossier)


def resume_with(uow: UnitOfWork, dossier: Dossier) -> None:
    """Let what lapsed with a dossier be again what it was: the dossier was withdrawn by mistake.

    What stood on an agenda stands there again where that still can be, and follows its meeting.
    """
    points: set[uuid.UUID] = set()
    for item in _moments(uow, dossier, PlanningItem.lapsed_from.is_not(None)):
        item.status, item.lapsed_from, item.slip_reason = item.lapsed_from or "planned", None, ""
        keep_card(uow, item)
        log(uow, "beleidsagenda.planning_item.resumed", item, _("Dit gaat toch door."))
        tell(uow, MomentChanged, item)
        if item.status == "scheduled" and item.agenda_item_id is not None:
            points.add(item.agenda_item_id)
    keep_entries_of_dossier(uow, dossier)
    for point in uow.session.execute(select(AgendaItem).where(AgendaItem.id.in_(points))).scalars().all():
        if point.state == "deleted":
            unschedule(uow, point.id)
        else:
            follow_meeting(uow, uow.session.get_one(Meeting, point.meeting_id))


def _moments(uow: UnitOfWork, dossier: Dossier, which: ColumnElement[bool]) -> Sequence[PlanningItem]:
    statement = select(PlanningItem).where(PlanningItem.dossier_id == dossier.id, PlanningItem.state != "deleted", which)
    return uow.session.execute(statement.order_by(PlanningItem.id).with_for_update()).scalars().all()


def unschedule(uow: UnitOfWork, agenda_item_id: uuid.UUID) -> None:
    """Take the moments that stand at a point off its agenda: the point goes, or its meeting is off. Then they are planned again."""
    for item in _scheduled(uow, [agenda_item_id]):
        _off_agenda(uow, item)


def follow_meeting(uow: UnitOfWork, meeting: Meeting) -> None:
    """Bring the moments on the agenda of a meeting along: to its new day when it was moved, off the agenda when it does not go on.

    By the rules of the platform: whoever moved the meeting had the right to do so.
    """
    uow.session.flush()
    event = uow.session.get(Event, meeting.event_id)
    points = uow.session.execute(select(AgendaItem.id).where(AgendaItem.meeting_id == meeting.event_id)).scalars().all()
    on = event is not None and event.state == "active" and event.status not in ("cancelled", "postponed")
    for item in _scheduled(uow, points):
        if event is None or not on:
            _off_agenda(uow, item)
        elif (day := _day_of(event)) != period_of(item.start_date, item.end_date):
            point_id = item.agenda_item_id
            moved = _move_to(uow, item, day, MEETING_MOVED, agenda_item_id=point_id)
            moved.status, moved.agenda_item_id = "scheduled", point_id
            _settle(uow, moved, None)


def _scheduled(uow: UnitOfWork, point_ids: Iterable[uuid.UUID]) -> list[PlanningItem]:
    ids = list(point_ids)
    if not ids:
        return []
    statement = select(PlanningItem).where(PlanningItem.agenda_item_id.in_(ids), PlanningItem.status == "scheduled")
    return list(uow.session.execute(statement.with_for_update()).scalars())


def _off_agenda(uow: UnitOfWork, item: PlanningItem) -> None:
    item.status, item.agenda_item_id = _target("unschedule", item), None
    log(uow, "beleidsagenda.planning_item.unscheduled", item, _("Dit staat niet meer op een agenda."))
    _settle(uow, item, MomentChanged)


def _target(move: str, item: PlanningItem) -> str:
    """The state that a step leads to. Raises Invalid when it cannot be taken from where the moment is."""
    if item.status not in MOVES[move].sources:
        raise Invalid(NOT_NOW)
    return MOVES[move].target


def _check_agenda(item: PlanningItem, command: ChangeMoment) -> None:
    """What stands on an agenda has the day and the body of its meeting, also while it is a draft."""
    if item.status != "scheduled":
        return
    fixed, errors = _("Dit staat op een agenda en volgt de vergadering. Kies “Verplaatsen” of “Zet op een agenda”."), {}
    if command.body_id != item.body_id:
        errors["body_id"] = [fixed]
    if item.published_at is None and command.period != period_of(item.start_date, item.end_date):
        errors["period"] = [fixed]
    if errors:
        raise Invalid(errors)


def _check_body(uow: UnitOfWork, id: uuid.UUID | None, known: uuid.UUID | None = None) -> None:
    if id is not None and id != known and uow.session.get(Body, id) is None:
        raise Invalid({"body_id": [_("Dit orgaan kennen wij niet (meer).")]})


def _day_of(event: Event) -> Period:
    return whole(event.start_date.astimezone(CITY_TIME_ZONE).date(), "day")


def _set_period(item: PlanningItem, period: Period) -> None:
    item.start_date, item.end_date, item.precision = period.start, period.end, period.precision


def _narrow(item: PlanningItem, now: Period, period: Period) -> None:
    """Another period for the same moment: any while nobody knew it, later only one inside what was told. Raises Invalid otherwise."""
    if item.published_at is None:
        item.original_start, item.original_end = period.start, period.end
    elif item.status not in COMING_STATUSES:
        raise Invalid({"period": [NOT_NOW]})
    elif not now.holds(period):
        raise Invalid({"period": [_("Dit moment is openbaar. Kies “Verplaatsen”: dan blijft de oude periode leesbaar, met de reden.")]})
    else:
        item.narrowed_from = [*item.narrowed_from, now.code]
    _set_period(item, period)


def _move_to(uow: UnitOfWork, item: PlanningItem, period: Period, reason: str, *, agenda_item_id: uuid.UUID | None = None) -> PlanningItem:
    """The moment in another period: its successor, or itself when it was never public."""
    was = period_of(item.start_date, item.end_date)
    if item.published_at is None:
        _narrow(item, was, period)
        if item.status == "scheduled" and agenda_item_id is None:
            item.status, item.agenda_item_id = _target("unschedule", item), None
        log(uow, "beleidsagenda.planning_item.changed", item, _("De periode is aangepast: {period}.", period=period), reason=reason)
        _settle(uow, item, None)
        return item
    successor = PlanningItem(
        dossier_id=item.dossier_id,
        start_date=period.start,
        end_date=period.end,
        precision=period.precision,
        original_start=item.original_start,
        original_end=item.original_end,
        narrowed_from=[],
        status="intended" if item.status == "intended" else "planned",
        state=item.state,
        confidential=item.confidential,
        slip_reason="",
        slips=item.slips + (1 if period.end > was.end else 0),
        previous_id=item.id,
        agenda_item_id=agenda_item_id,
        **{name: getattr(item, name) for name in FIELDS},
    )
    item.status, item.slip_reason = _target("postpone", item), reason
    uow.session.flush()
    add(uow, successor)
    facts = {"period": was.code}, {"period": period.code, "successor_id": successor.id}
    sentence = _("Dit moment is verplaatst van {was} naar {now}.", was=was, now=period)
    for moment in (item, successor):
        log(uow, "beleidsagenda.planning_item.postponed", moment, sentence, before=facts[0], after=facts[1], reason=reason)
    keep_card(uow, item)
    _settle(uow, successor, None)
    keep_entry_of_item(uow, item)
    tell(uow, MomentPostponed, successor, PLANNING_ITEM.ref(item.id))
    return successor


def _settle(uow: UnitOfWork, item: PlanningItem, event: type[AgendaEvent] | None) -> None:
    """What follows every act: the register, the calendar, the event."""
    keep_card(uow, item)
    keep_entry_of_item(uow, item)
    if event is not None:
        tell(uow, event, item)
