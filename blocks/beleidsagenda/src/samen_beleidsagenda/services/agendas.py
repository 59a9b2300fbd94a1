"""The points of an agenda: entering, nesting one level, ordering, numbering, and what came of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import select

from samen_beleidsagenda.models import AgendaItem, Decision, Dossier, Meeting
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.schemas.agendas import MOST_POINTS, AddItem, ChangeItem, MoveItem, OrderItems, RecordResult
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.services.approval import remove
from samen_beleidsagenda.services.common import check_version, enter, get_thing, keep_card, log, may_see, set_confidential
from samen_beleidsagenda.services.meetings import (
    OFF,
    find_meeting,
    live_item,
    publish_item,
    require_record,
    tell_agenda,
    to_change_meeting,
    touch_meeting,
)
from samen_beleidsagenda.services.planning import unschedule
from samen_core.api import Gone, Invalid, NotFound, UnitOfWork, _

FACTS = ("title", "text", "parent_id", "dossier_id", "heading", "hammer_item", "planned_start", "planned_end")
RESULT = ("result", "resolution", "started_at", "ended_at")

ADDED = _("Dit punt staat op de agenda.")
CHANGED = _("Dit punt is veranderd.")
RECORDED = _("De uitkomst van dit punt is vastgelegd.")


class Point(Protocol):
    """What numbering needs to know of a point."""

    id: uuid.UUID
    parent_id: uuid.UUID | None
    position: int
    confidential: bool


def add_item(uow: UnitOfWork, meeting_id: uuid.UUID, command: AddItem) -> AgendaItem:
    """Put a point on the agenda of a meeting, as its last one. Raises NotFound, Gone, NotAllowed and Invalid."""
    meeting, _event = find_meeting(uow, meeting_id, lock=True)
    require_record(uow, meeting)
    items = items_of(uow, meeting_id)
    if len(items) >= MOST_POINTS:
        raise Invalid(_("Een agenda heeft hoogstens {max} punten.", max=MOST_POINTS))
    parent = _check_places(uow, items, None, command)
    beside = [item.position for item in items if item.parent_id == command.parent_id]
    item = AgendaItem(
        meeting_id=meeting_id,
        position=max(beside, default=-1) + 1,
        number=command.number,
        confidential=command.confidential or (parent is not None and parent.confidential),
        **{name: getattr(command, name) for name in FACTS},
    )
    enter(uow, item)
    _number([*items, item], own_numbers(items) | ({item.id} if command.number else set()))
    uow.session.flush()
    log(uow, "beleidsagenda.agenda_item.added", item, ADDED, after={"title": item.title})
    touch_meeting(uow, meeting)
    if command.publish and meeting.agenda_published_at is not None:
        APPROVE.require(uow.actor, meeting_id, scopes=(meeting.body_id,))
        publish_item(uow, item)
        _tell(uow, meeting, item)
    return item


def change_item(uow: UnitOfWork, id: uuid.UUID, command: ChangeItem) -> AgendaItem:
    """Replace what is known of a point. Points under a closed one are closed too. Raises as :func:`add_item`, and Conflict."""
    meeting, item, items = _to_change(uow, id, command.version)
    parent = _check_places(uow, items, item, command)
    own, was_public = own_numbers(items), item.is_public
    set_confidential(uow, item, command.confidential or (parent is not None and parent.confidential))
    if command.parent_id != item.parent_id:
        beside = [other.position for other in items if other.parent_id == command.parent_id]
        item.position = max(beside, default=-1) + 1
    for name in FACTS:
        setattr(item, name, getattr(command, name))
    if command.number != item.number:
        own.discard(id)
        item.number = command.number
        own |= {id} if command.number else set()
    under = [other for other in items if other.parent_id == id] if item.confidential else []
    for other in under:
        set_confidential(uow, other, confidential=True)
    _number(items, own)
    for changed in (item, *under):
        keep_card(uow, changed)
    log(uow, "beleidsagenda.agenda_item.changed", item, CHANGED, after={"title": item.title})
    touch_meeting(uow, meeting)
    _tell(uow, meeting, item, was_public=was_public)
    return item


def order_items(uow: UnitOfWork, meeting_id: uuid.UUID, command: OrderItems) -> None:
    """Put the points in another order; those beside each other are ordered among themselves. Raises as :func:`add_item`, and Conflict.

    Points that the actor may not see stay behind the one that they stood behind.
    """
    meeting, _event = to_change_meeting(uow, meeting_id, command.version)
    items = items_of(uow, meeting_id)
    seen = {item.id for item in items if may_see(uow, item)}
    if len(set(command.order)) != len(command.order) or set(command.order) != seen:
        raise Invalid({"order": [_("De agenda is intussen veranderd. Bekijk de pagina opnieuw.")]})
    place = {id: (index, 0) for index, id in enumerate(command.order)}
    for parent_id in {item.parent_id for item in items}:
        before = -1
        for offset, item in enumerate(_beside(items, parent_id)):
            before = place.setdefault(item.id, (before, offset + 1))[0]
    _reorder(uow, meeting, items, place)


def move_item(uow: UnitOfWork, id: uuid.UUID, command: MoveItem) -> None:
    """Put a point one place up or down among those beside it that the actor sees. Raises as :func:`order_items`."""
    item = live_item(uow, id)
    items = [other for other in items_of(uow, item.meeting_id) if may_see(uow, other)]
    beside = [other.id for other in _beside(items, item.parent_id)]
    index = beside.index(id)
    other = index + (-1 if command.direction == "up" else 1)
    if 0 <= other < len(beside):
        beside[index], beside[other] = beside[other], beside[index]
    rest = [other.id for other in items if other.parent_id != item.parent_id]
    order_items(uow, item.meeting_id, OrderItems(order=(*beside, *rest), version=command.version))


def record_result(uow: UnitOfWork, id: uuid.UUID, command: RecordResult) -> AgendaItem:
    """Write down what came of a point and when it was treated. Raises as :func:`change_item`.

    Invalid also before the meeting began, and when it did not go on.
    """
    meeting, item, _items = _to_change(uow, id, command.version)
    _meeting, event = find_meeting(uow, meeting.event_id)
    if event.start_date > uow.now:
        raise Invalid(_("De vergadering is nog niet begonnen."))
    if event.status in OFF:
        raise Invalid(_("Deze vergadering ging niet door."))
    for name in RESULT:
        setattr(item, name, getattr(command, name))
    keep_card(uow, item)
    log(uow, "beleidsagenda.agenda_item.recorded", item, RECORDED, after={"result": item.result})
    touch_meeting(uow, meeting)
    _tell(uow, meeting, item)
    return item


def remove_item(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> None:
    """Take a point off the agenda; what was planned for it waits for another one. Raises as :func:`change_item`.

    Invalid for a point with points under it or on which something was decided.
    """
    meeting, item, items = _to_change(uow, id, command.version)
    if any(other.parent_id == id for other in items):
        raise Invalid(_("Haal eerst de punten weg die hieronder staan."))
    decided = select(Decision.id).where(Decision.agenda_item_id == id, Decision.state != "deleted").limit(1)
    if uow.session.execute(decided).first() is not None:
        raise Invalid(_("Over dit punt is een besluit vastgelegd. Het blijft daarom staan."))
    own = own_numbers(items)
    was_public = item.is_public
    unschedule(uow, id)
    remove(uow, AgendaItem, id, command)
    _number([other for other in items if other.id != id], own)
    touch_meeting(uow, meeting)
    _tell(uow, meeting, item, was_public=was_public)


def items_of(uow: UnitOfWork, meeting_id: uuid.UUID) -> list[AgendaItem]:
    """All points of a meeting that were not taken away, those under a point behind it, in their order; also what the actor may not see."""
    statement = select(AgendaItem).where(AgendaItem.meeting_id == meeting_id, AgendaItem.state != "deleted")
    return in_order(uow.session.execute(statement.order_by(AgendaItem.position, AgendaItem.id)).scalars().all())


def in_order(items: Iterable[Any]) -> list[Any]:
    """Points as they stand on the agenda: those under a point right behind it. Whose parent is not there stands at the end."""
    found = list(items)
    known = {item.id for item in found}
    top = _beside([item for item in found if item.parent_id not in known], None, known)
    return [each for item in top for each in (item, *_beside(found, item.id))]


def numbers(items: Sequence[Point]) -> dict[uuid.UUID, str]:
    """The number that each point has by its place: 1, 2, 2.1; closed points count apart (B1), so that no gap tells that they are there."""
    found: dict[uuid.UUID, str] = {}

    def count(points: Sequence[Point], prefix: str) -> None:
        counts = {False: 0, True: 0}
        for point in points:
            counts[point.confidential] += 1
            apart = "B" if point.confidential and not prefix.startswith("B") else ""
            found[point.id] = f"{prefix}{apart}{counts[point.confidential]}"

    top = _beside(items, None)
    count(top, "")
    for point in top:
        count(_beside(items, point.id), f"{found[point.id]}.")
    return found


def own_numbers(items: Sequence[AgendaItem]) -> set[uuid.UUID]:
    """The points whose number was chosen, and does not follow from their place."""
    by_place = numbers(items)
    return {item.id for item in items if item.number and item.number != by_place.get(item.id)}


def _tell(uow: UnitOfWork, meeting: Meeting, item: AgendaItem, *, was_public: bool = False) -> None:
    """Tell that the agenda changed, when everybody can see that of this point."""
    if was_public or item.is_public:
        tell_agenda(uow, meeting)


def _number(items: Sequence[AgendaItem], own: set[uuid.UUID]) -> None:
    for id, number in numbers(items).items():
        item = next(item for item in items if item.id == id)
        if id not in own and item.number != number:
            item.number = number


def _beside(items: Sequence[Any], parent_id: uuid.UUID | None, known: set[uuid.UUID] | None = None) -> list[Any]:
    """The points directly under a parent, in order; with ``known`` those whose parent is not known."""
    beside = [item for item in items if item.parent_id == parent_id or (known is not None and item.parent_id not in known)]
    return sorted(beside, key=lambda item: (item.position, item.id))


def _reorder(uow: UnitOfWork, meeting: Meeting, items: list[AgendaItem], place: Mapping[uuid.UUID, tuple[int, int]]) -> None:
    own = own_numbers(items)
    moved: list[AgendaItem] = []
    for parent_id in {item.parent_id for item in items}:
        beside = [item for item in items if item.parent_id == parent_id]
        for position, item in enumerate(sorted(beside, key=lambda item: place[item.id])):
            if item.position != position:
                item.position = position
                moved.append(item)
    if not moved:
        return
    _number(items, own)
    for item in items:
        if uow.session.is_modified(item):
            item.changed_at = uow.now
    touch_meeting(uow, meeting)
    uow.record("beleidsagenda.meeting.ordered", meeting.event_id, after={"moved": len(moved)})
    if any(item.state == "published" and not item.confidential for item in moved):
        tell_agenda(uow, meeting)


def _to_change(uow: UnitOfWork, id: uuid.UUID, version: int) -> tuple[Meeting, AgendaItem, list[AgendaItem]]:
    """A point to change with its meeting and all its points; the meeting is locked, so that one person at a time works on an agenda."""
    item = live_item(uow, id)
    meeting, _event = find_meeting(uow, item.meeting_id, lock=True)
    require_record(uow, meeting)
    uow.session.refresh(item)
    if item.state == "deleted":
        raise Gone
    check_version(item, version, item_values(item))
    return meeting, item, items_of(uow, item.meeting_id)


def item_values(item: AgendaItem) -> dict[str, Any]:
    """What the forms of a point show."""
    return {name: getattr(item, name) for name in (*FACTS, *RESULT, "number", "confidential", "version")}


def _check_places(
    uow: UnitOfWork, items: Sequence[AgendaItem], item: AgendaItem | None, command: AddItem | ChangeItem
) -> AgendaItem | None:
    """The point that this one is to stand under, after checking that and the dossier. Raises Invalid."""
    errors = {}
    parent = next((other for other in items if other.id == command.parent_id), None)
    if command.parent_id is not None:
        if parent is None or not may_see(uow, parent):
            errors["parent_id"] = [_("Dit punt staat niet op deze agenda.")]
        elif parent.parent_id is not None or parent is item:
            errors["parent_id"] = [_("Hier kan geen punt onder staan.")]
        elif item is not None and any(other.parent_id == item.id for other in items):
            errors["parent_id"] = [_("Onder dit punt staan andere punten. Haal die eerst weg of zet ze ergens anders.")]
    if command.dossier_id is not None and (item is None or command.dossier_id != item.dossier_id):
        try:
            get_thing(uow, Dossier, command.dossier_id)
        except NotFound:
            errors["dossier_id"] = [_("Dit dossier is er niet meer.")]
    if errors:
        raise Invalid(errors)
    return parent
