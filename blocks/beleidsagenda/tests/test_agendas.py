"""Points of an agenda: nesting, numbers, order, closed points, results."""

from __future__ import annotations

import random
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.api import Event
from samen_beleidsagenda.models import AgendaItem, Meeting, PlanningItem
from samen_beleidsagenda.schemas.agendas import AddItem, ChangeItem, MoveItem, OrderItems, RecordResult
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.meetings import PublishAgenda
from samen_beleidsagenda.services.agendas import (
    add_item,
    change_item,
    item_values,
    items_of,
    move_item,
    order_items,
    record_result,
    remove_item,
)
from samen_beleidsagenda.services.meetings import find_meeting, publish_agenda, version_of
from samen_beleidsagenda.testing import a_body, a_decision, a_dossier, a_meeting, a_moment, a_point
from samen_core.api import Conflict, Gone, Invalid, NotAllowed, NotFound, Platform, Subject, system
from samen_core.events.outbox import OutboxEvent

pytestmark = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
"""What does not differ by database is tried on one; on the other in the long run."""


@pytest.fixture
def meeting(platform: Platform) -> Meeting:
    return a_meeting(platform, points=(), agenda_published_at=None)


def _add(platform: Platform, meeting: Meeting, title: str, **values: Any) -> AgendaItem:
    with platform.unit_of_work(system("test")) as uow:
        return add_item(uow, meeting.event_id, AddItem(title=title, **values))


def _printed(platform: Platform, meeting: Meeting) -> list[str]:
    with platform.read(system("test")) as uow:
        return [f"{item.number} {item.title}" for item in items_of(uow, meeting.event_id)]


def _version(platform: Platform, meeting: Meeting) -> int:
    with platform.read(system("test")) as uow:
        return version_of(*find_meeting(uow, meeting.event_id))


def _change(platform: Platform, item: AgendaItem, actor: Any = None, **values: Any) -> AgendaItem:
    with platform.unit_of_work(actor or system("test")) as uow:
        now = item_values(uow.session.get_one(AgendaItem, item.id))
        known = {name: now[name] for name in ChangeItem.__slots__}
        return change_item(uow, item.id, ChangeItem(**{**known, **values}))


def test_points_are_numbered_by_their_place(platform: Platform, meeting: Meeting) -> None:
    _add(platform, meeting, "Opening")
    hammer = _add(platform, meeting, "Hamerstukken", heading=True)
    _add(platform, meeting, "Sluiting")
    _add(platform, meeting, "Jaarstukken", parent_id=hammer.id, hammer_item=True)
    _add(platform, meeting, "Verordening", parent_id=hammer.id)
    assert _printed(platform, meeting) == ["1 Opening", "2 Hamerstukken", "2.1 Jaarstukken", "2.2 Verordening", "3 Sluiting"]


def test_a_closed_point_leaves_no_gap_in_the_numbers(platform: Platform, meeting: Meeting) -> None:
    _add(platform, meeting, "Opening")
    closed = _add(platform, meeting, "Grondaankoop", confidential=True)
    _add(platform, meeting, "Sluiting")
    under = _add(platform, meeting, "Prijs", parent_id=closed.id)
    assert _printed(platform, meeting) == ["1 Opening", "B1 Grondaankoop", "B1.1 Prijs", "2 Sluiting"]
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(AgendaItem, under.id).confidential


def test_a_number_that_was_chosen_stays(platform: Platform, meeting: Meeting) -> None:
    first = _add(platform, meeting, "Opening")
    _add(platform, meeting, "Vragenuur", number="V")
    last = _add(platform, meeting, "Sluiting")
    with platform.unit_of_work(system("test")) as uow:
        items = [item.id for item in items_of(uow, meeting.event_id)]
        order_items(uow, meeting.event_id, OrderItems(order=(items[2], items[1], items[0]), version=_version(platform, meeting)))
    assert _printed(platform, meeting) == ["1 Sluiting", "V Vragenuur", "3 Opening"]
    _change(platform, last, number="0")
    assert _printed(platform, meeting)[0] == "0 Sluiting"
    _change(platform, last, number="")
    assert _printed(platform, meeting)[0] == "1 Sluiting"
    assert first.number == "1"


def test_points_nest_one_level(platform: Platform, meeting: Meeting) -> None:
    top = _add(platform, meeting, "Ruimte")
    under = _add(platform, meeting, "Dorpsstraat", parent_id=top.id)
    other = a_meeting(platform, a_body(platform, "committee"), points=("Elders",))
    with platform.read(system("test")) as uow:
        elsewhere = items_of(uow, other.event_id)[0].id
    for parent_id in (under.id, elsewhere, uuid.uuid4()):
        with pytest.raises(Invalid) as problem:
            _add(platform, meeting, "Dieper", parent_id=parent_id)
        assert list(problem.value.errors) == ["parent_id"]
    solo = _add(platform, meeting, "Los")
    for item, parent_id in ((top, solo.id), (solo, solo.id)):
        with pytest.raises(Invalid):
            _change(platform, item, parent_id=parent_id)
    _change(platform, solo, parent_id=top.id)
    assert _printed(platform, meeting) == ["1 Ruimte", "1.1 Dorpsstraat", "1.2 Los"]


def test_the_agenda_is_kept_by_who_keeps_those_of_the_body(platform: Platform, actor_as: Any) -> None:
    meeting = a_meeting(platform, points=("Opening",))
    dossier = a_dossier(platform)
    other = a_body(platform, "committee")
    command = AddItem(title="Erbij", dossier_id=dossier.id)
    for actor in (actor_as("resident"), actor_as("facilitator", other.organization_id), actor_as("facilitator", dossier.id)):
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            add_item(uow, meeting.event_id, command)
    with platform.unit_of_work(actor_as("facilitator", meeting.body_id)) as uow:
        item = add_item(uow, meeting.event_id, command)
        assert item.state == "draft"
        with pytest.raises(NotAllowed):
            add_item(uow, meeting.event_id, AddItem(title="Openbaar", publish=True))
    with platform.unit_of_work(actor_as("decision_maker", meeting.body_id)) as uow:
        assert add_item(uow, meeting.event_id, AddItem(title="Openbaar", publish=True)).state == "published"


def test_only_who_sees_closed_points_makes_and_changes_them(platform: Platform, actor_as: Any) -> None:
    meeting = a_meeting(platform, points=())
    clerk, officer = actor_as("decision_maker", meeting.body_id), actor_as("facilitator", meeting.body_id)
    with pytest.raises(NotAllowed), platform.unit_of_work(officer) as uow:
        add_item(uow, meeting.event_id, AddItem(title="Kluis", confidential=True))
    with platform.unit_of_work(clerk) as uow:
        closed = add_item(uow, meeting.event_id, AddItem(title="Kluis", confidential=True, publish=True))
    with platform.read(system("test")) as uow:
        assert not uow.session.get_one(Subject, closed.id).public
    with pytest.raises(NotFound):
        _change(platform, closed, officer, title="Geld")
    public = a_point(platform, meeting, title="Opening")
    with pytest.raises(NotAllowed):
        _change(platform, public, officer, confidential=True)
    # Points under a point that is closed afterwards are closed with it.
    under = _add(platform, meeting, "Welkom", parent_id=public.id)
    _change(platform, public, clerk, confidential=True)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(AgendaItem, under.id).confidential


def test_whatever_order_is_asked_the_unseen_points_stay_behind_their_neighbour(platform: Platform, actor_as: Any) -> None:
    meeting = a_meeting(platform, points=())
    titles = [_add(platform, meeting, str(at), confidential=at in (2, 3)).title for at in range(6)]
    officer = actor_as("facilitator", meeting.body_id)
    seen = [title for title in titles if title not in ("2", "3")]
    shuffled = random.Random(3)
    for _turn in range(3):
        shuffled.shuffle(seen)
        with platform.unit_of_work(officer) as uow:
            by_title = {item.title: item.id for item in items_of(uow, meeting.event_id)}
            before = [item.title for item in items_of(uow, meeting.event_id)]
            neighbour = before[before.index("2") - 1]
            version = version_of(*find_meeting(uow, meeting.event_id))
            order_items(uow, meeting.event_id, OrderItems(order=tuple(by_title[title] for title in seen), version=version))
        with platform.read(system("test")) as uow:
            after = [item.title for item in items_of(uow, meeting.event_id)]
        assert [title for title in after if title in seen] == seen
        assert after[after.index(neighbour) : after.index(neighbour) + 3] == [neighbour, "2", "3"]


def test_an_order_names_every_point_once_and_is_of_now(platform: Platform, meeting: Meeting) -> None:
    first, second = (_add(platform, meeting, title) for title in ("Een", "Twee"))
    version = _version(platform, meeting)
    for order in ((first.id,), (first.id, first.id), (first.id, second.id, uuid.uuid4())):
        with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
            order_items(uow, meeting.event_id, OrderItems(order=order, version=version))
    with platform.unit_of_work(system("test")) as uow:
        move_item(uow, second.id, MoveItem(direction="up", version=version))
    assert _printed(platform, meeting) == ["1 Twee", "2 Een"]
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        order_items(uow, meeting.event_id, OrderItems(order=(first.id, second.id), version=version))
    with platform.unit_of_work(system("test")) as uow:
        move_item(uow, second.id, MoveItem(direction="up", version=_version(platform, meeting)))
    assert _printed(platform, meeting) == ["1 Twee", "2 Een"]


def test_a_result_is_recorded_once_the_meeting_began(platform: Platform, clock: Any) -> None:
    meeting = a_meeting(platform, points=("Opening",))
    with platform.read(system("test")) as uow:
        item = items_of(uow, meeting.event_id)[0]
    command = RecordResult(version=item.version, result="adopted", resolution="De raad stemt in.")
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        record_result(uow, item.id, command)
    clock.forward(days=7, hours=1)
    with platform.unit_of_work(system("test")) as uow:
        recorded = record_result(uow, item.id, command)
        assert (recorded.result, recorded.resolution) == ("adopted", "De raad stemt in.")
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        record_result(uow, item.id, command)
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Event, meeting.event_id).status = "cancelled"
        record_result(uow, item.id, RecordResult(version=recorded.version, result="rejected"))


def test_a_point_that_goes_lets_go_of_what_was_planned(platform: Platform) -> None:
    meeting = a_meeting(platform, points=())
    top = _add(platform, meeting, "Ruimte")
    under = _add(platform, meeting, "Dorpsstraat", parent_id=top.id)
    moment = a_moment(platform, body_id=meeting.body_id, status="scheduled", agenda_item_id=under.id)
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        remove_item(uow, top.id, Approve(version=top.version, reason="Weg"))
    with platform.unit_of_work(system("test")) as uow:
        version = uow.session.get_one(AgendaItem, under.id).version
        remove_item(uow, under.id, Approve(version=version, reason="Weg"))
    with platform.read(system("test")) as uow:
        kept = uow.session.get_one(PlanningItem, moment.id)
        assert (kept.status, kept.agenda_item_id) == ("planned", None)
        assert uow.session.get_one(AgendaItem, under.id).state == "deleted"
    assert _printed(platform, meeting) == ["1 Ruimte"]


def test_a_point_on_which_was_decided_stays(platform: Platform) -> None:
    meeting = a_meeting(platform, points=("Opening",))
    with platform.read(system("test")) as uow:
        item = items_of(uow, meeting.event_id)[0]
    a_decision(platform, body_id=meeting.body_id, agenda_item_id=item.id)
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        remove_item(uow, item.id, Approve(version=item.version, reason="Weg"))


def test_a_public_point_that_was_taken_away_is_gone(platform: Platform) -> None:
    meeting = a_meeting(platform, points=("Opening",))
    with platform.unit_of_work(system("test")) as uow:
        item = items_of(uow, meeting.event_id)[0]
        item.published_at = uow.now
        uow.session.flush()
        remove_item(uow, item.id, Approve(version=item.version, reason="Dubbel"))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Gone):
        record_result(uow, item.id, RecordResult(version=1))
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Subject.state).where(Subject.id == item.id)).scalar_one() == "deleted"


def test_of_closed_points_nothing_is_told(platform: Platform) -> None:
    meeting = a_meeting(platform, points=("Opening",))

    def told() -> int:
        with platform.read(system("test")) as uow:
            statement = select(OutboxEvent.id).where(OutboxEvent.type == "beleidsagenda.agenda.published")
            return len(uow.session.execute(statement).all())

    closed = _add(platform, meeting, "Kluis", confidential=True, publish=True)
    _change(platform, closed, title="Kluis en sleutel")
    _add(platform, meeting, "Nog een kluis", confidential=True)
    with platform.unit_of_work(system("test")) as uow:
        publish_agenda(uow, meeting.event_id, PublishAgenda(version=version_of(*find_meeting(uow, meeting.event_id))))
    assert told() == 0
    opened = _add(platform, meeting, "Rondvraag", publish=True)
    assert told() == 1
    _change(platform, opened, confidential=True)
    assert told() == 2
