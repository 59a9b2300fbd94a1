"""What people have their say at is tied to dossiers, and what happens there shows on them, each thing once."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import func, select

from citycontent.api import CancelEvent, CreateEvent, CreateProject, cancel_event, create_event, create_project
from samen_beleidsagenda.models import Entry, ParticipationEvent
from samen_beleidsagenda.queries.participation import links_by_subject, links_of
from samen_beleidsagenda.queries.say import last_say
from samen_beleidsagenda.schemas.decisions import RecordDecision
from samen_beleidsagenda.schemas.participation import ChangeParticipation, LinkParticipation, Unlink
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.decisions import record_decision
from samen_beleidsagenda.services.entries import keep_entries_of_dossier
from samen_beleidsagenda.services.participation import link, tell_done, unlink
from samen_beleidsagenda.testing import a_body, a_dossier, a_moment
from samen_core.actor import anonymous, system
from samen_core.api import (
    CITY_TIME_ZONE,
    Conflict,
    Event,
    Invalid,
    NotAllowed,
    NotFound,
    SubjectData,
    SubjectRef,
    latest_lines,
    update_card,
)
from samen_core.events.outbox import OutboxDelivery


@dataclass(frozen=True, slots=True, kw_only=True)
class TableEvent(Event):
    """What a block that this one knows nothing of tells of a thing."""

    thing_id: uuid.UUID


class TableDecided(TableEvent):
    type: ClassVar[str] = "tafel.decision.published"


class TableRang(TableEvent):
    type: ClassVar[str] = "tafel.bell.rung"


@pytest.fixture
def evening(platform):
    """A public thing that people go to."""
    with platform.unit_of_work(system("test")) as uow:
        return create_event(uow, CreateEvent(name="Inloopavond", start_date=uow.now + timedelta(days=3)))


def tie(platform, dossier, thing, **values):
    with platform.unit_of_work(system("test")) as uow:
        return link(uow, dossier.id, LinkParticipation(thing=str(thing.id), **values))


def tell(platform, thing, event=TableDecided, *, line="", at=None, **after):
    with platform.unit_of_work(system("test")) as uow:
        if line:
            uow.record(event.type, thing.id, after=after, public=True, sentence=line)
        uow.publish(event(thing_id=thing.id, about=(SubjectRef("event", thing.id),)))


def shown(platform, dossier, actor=None):
    with platform.read(actor or anonymous()) as uow:
        return links_of(uow, [dossier.id]).get(dossier.id, [])


def words(platform, dossier, block="tafel."):
    return [str(item.words) for linked in shown(platform, dossier) for item in linked.happened if item.type.startswith(block)]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "written",
    [
        "{id}",
        "/agenda/{slug}",
        "/en/agenda/{slug}/",
        "https://samen.example/agenda/{slug}?x=1#top",
        "/agenda/{slug}/deel/2",
        "/id/event/{id}",
    ],
)
def test_a_thing_is_found_by_its_id_or_its_address(platform, evening, written):
    dossier = a_dossier(platform)
    with platform.unit_of_work(system("test")) as uow:
        text = written.format(id=evening.id, slug=evening.slug)
        assert link(uow, dossier.id, LinkParticipation(thing=text, asked="Wat vindt u?")).subject_id == evening.id
    assert [(item.card.title, item.asked) for item in shown(platform, dossier)] == [("Inloopavond", "Wat vindt u?")]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_cannot_be_linked_is_refused_with_a_reason(platform, evening):
    dossier, other = a_dossier(platform), a_dossier(platform, title="Een ander dossier")
    tie(platform, dossier, evening)
    hidden = evening_that_is_hidden(platform)
    for text, because in (
        ("/nergens", "niets dat iedereen kan zien"),
        (str(uuid.uuid4()), "niets dat iedereen kan zien"),
        (str(hidden.id), "niets dat iedereen kan zien"),
        (str(other.id), "kunnen inwoners niet meepraten"),
        (str(evening.id), "al aan het dossier gekoppeld"),
        ("https://[", "niets dat iedereen kan zien"),
    ):
        with platform.unit_of_work(system("test")) as uow:
            with pytest.raises(Invalid) as caught:
                link(uow, dossier.id, LinkParticipation(thing=text))
            assert because in str(caught.value.errors["thing"][0])
            uow.rollback()


def evening_that_is_hidden(platform):
    with platform.unit_of_work(system("test")) as uow:
        made = create_event(uow, CreateEvent(name="Besloten", start_date=uow.now))
        update_card(uow, SubjectRef("event", made.id), SubjectData("Besloten", "/agenda/besloten", public=False))
        return made


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_only_who_writes_the_dossier_links_and_explains(platform, evening, actor_as):
    dossier = a_dossier(platform)
    made = tie(platform, dossier, evening)
    with platform.unit_of_work(actor_as("resident")) as uow:
        for act in (
            lambda: link(uow, dossier.id, LinkParticipation(thing=str(evening.id))),
            lambda: tell_done(uow, made.id, ChangeParticipation(version=1, done="Alles")),
            lambda: unlink(uow, made.id, Unlink(version=1, reason="Nee")),
        ):
            with pytest.raises(NotAllowed):
                act()
        uow.rollback()
    with platform.unit_of_work(actor_as("facilitator", dossier.id)) as uow:
        tell_done(uow, made.id, ChangeParticipation(version=1, asked="Waar?", done="Er komen drie bankjes bij."))
    (item,) = shown(platform, dossier)
    assert (item.asked, item.done, item.version) == ("Waar?", "Er komen drie bankjes bij.", 2)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_two_who_explain_at_once_both_keep_their_text(platform, evening):
    dossier = a_dossier(platform)
    made = tie(platform, dossier, evening)
    with platform.unit_of_work(system("test")) as uow:
        tell_done(uow, made.id, ChangeParticipation(version=1, done="De eerste"))
    with platform.unit_of_work(system("test")) as uow:
        with pytest.raises(Conflict) as caught:
            tell_done(uow, made.id, ChangeParticipation(version=1, done="De tweede"))
        assert (caught.value.version, caught.value.current["done"]) == (2, "De eerste")
        with pytest.raises(Conflict):
            unlink(uow, made.id, Unlink(version=1, reason="Weg"))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_public_link_goes_with_a_reason_in_the_logbook(platform, evening):
    dossier = a_dossier(platform)
    made = tie(platform, dossier, evening)
    with platform.unit_of_work(system("test")) as uow:
        with pytest.raises(Invalid):
            unlink(uow, made.id, Unlink(version=1, reason=" "))
        unlink(uow, made.id, Unlink(version=1, reason="Dit hoort bij een ander dossier."))
    assert shown(platform, dossier) == []
    with platform.read(anonymous()) as uow:
        lines, _more = latest_lines(uow, dossier.id)
        assert [(line.sentence, line.reason) for line in lines[:2]] == [
            ("De koppeling met samenspraak is weggehaald: “Inloopavond”.", "Dit hoort bij een ander dossier."),
            ("Er is samenspraak aan dit dossier gekoppeld: “Inloopavond”.", ""),
        ]
        with pytest.raises(NotFound):
            unlink(uow, made.id, Unlink(version=1, reason="Nog eens"))


def test_what_happens_at_a_linked_thing_shows_once_however_often_it_is_told(platform, evening, outbox):
    dossier = a_dossier(platform)
    tie(platform, dossier, evening)
    tell(platform, evening)
    outbox.drain()
    tell(platform, evening, line="De tafel koos voor de fietsstraat.")
    outbox.drain()
    again(platform)
    outbox.drain()
    assert words(platform, dossier) == ["De tafel heeft besloten"] * 2
    (item,) = shown(platform, dossier)
    assert item.reached["outcome"] is item.happened[0]


def again(platform):
    """As if a worker had ended right before it marked its deliveries done."""
    with platform.write_engine.begin() as connection:
        connection.execute(OutboxDelivery.__table__.update().values(state="pending", attempts=0, done_at=None))


def test_other_events_show_the_line_of_the_log_and_nothing_without_one(platform, evening, outbox):
    dossier = a_dossier(platform)
    tie(platform, dossier, evening)
    tell(platform, evening, TableRang)
    tell(platform, evening, TableRang, line="De bel ging.")
    outbox.drain()
    assert words(platform, dossier) == ["De bel ging."]


def test_a_real_block_tells_too(platform, evening, outbox):
    dossier = a_dossier(platform)
    tie(platform, dossier, evening)
    with platform.unit_of_work(system("test")) as uow:
        cancel_event(uow, evening.id, CancelEvent(version=evening.version, reason="Te weinig aanmeldingen"))
    outbox.drain()
    with platform.read(anonymous()) as uow:
        kept = uow.session.execute(select(ParticipationEvent.type)).scalars().all()
        logged, _more = latest_lines(uow, evening.id)
    assert "citycontent.event.cancelled" in kept
    assert words(platform, dossier, "citycontent.")[0] == logged[0].sentence


def test_what_happened_before_the_link_shows_with_its_own_moment(platform, evening, outbox, clock):
    tell(platform, evening, line="De tafel koos.", decision=uuid.uuid4())
    with platform.read(anonymous()) as uow:
        before = uow.now
    clock.forward(days=20)
    dossier = a_dossier(platform)
    tie(platform, dossier, evening)
    outbox.drain()
    happened = [item for item in shown(platform, dossier)[0].happened if item.type == TableDecided.type]
    assert [str(item.words) for item in happened] == ["De tafel heeft besloten"]
    assert abs(happened[0].at - before) < timedelta(minutes=5)


def test_what_happens_to_things_that_are_not_linked_is_not_kept(platform, evening, outbox):
    a_dossier(platform)
    tell(platform, evening, line="De tafel koos.")
    outbox.drain()
    with platform.read(anonymous()) as uow:
        assert uow.session.execute(select(func.count()).select_from(ParticipationEvent)).scalar_one() == 0


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_is_hidden_later_disappears_from_the_dossier(platform, evening):
    dossier = a_dossier(platform)
    tie(platform, dossier, evening)
    with platform.unit_of_work(system("test")) as uow:
        update_card(uow, SubjectRef("event", evening.id), SubjectData("Inloopavond", "/agenda/x", public=False))
    assert shown(platform, dossier) == []


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_decision_is_about_everything_that_is_linked(platform, evening, outbox):
    dossier = a_dossier(platform)
    with platform.unit_of_work(system("test")) as uow:
        project = create_project(uow, CreateProject(name="Groen in de straat", status="preparation"))
    tie(platform, dossier, evening)
    tie(platform, dossier, project)
    with platform.unit_of_work(system("test")) as uow:
        update_card(uow, SubjectRef("project", project.id), SubjectData("Groen", "/projecten/groen", public=False))
    council = a_body(platform)
    with platform.unit_of_work(system("test")) as uow:
        words = {"title": "Een fietsstraat", "result": "adopted", "decided_on": today(uow), "body_id": council.organization_id}
        record_decision(uow, RecordDecision(dossier_id=dossier.id, **words))
    (told,) = outbox.events("beleidsagenda.decision.made")
    assert {str(evening.id), str(dossier.id), str(council.organization_id)} < {ref["id"] for ref in told["about"]}
    assert str(project.id) not in str(told), "nobody may know of it any more"


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("values", [{"state": "draft"}, {"confidential": True}], ids=str)
def test_nobody_learns_of_a_dossier_that_is_not_public_from_what_is_linked_to_it(platform, evening, values, outbox):
    dossier = a_dossier(platform, title="Geheim plan", **values)
    made = tie(platform, dossier, evening)
    with platform.unit_of_work(system("test")) as uow:
        tell_done(uow, made.id, ChangeParticipation(version=1, done="Iets"))
    with platform.read(anonymous()) as uow:
        assert links_by_subject(uow, evening.id) == []
        assert latest_lines(uow, dossier.id) == ([], False)
        assert not [line for line in latest_lines(uow, evening.id)[0] if "Geheim" in line.sentence]
    assert outbox.events("beleidsagenda.participation.linked") == []
    with platform.unit_of_work(system("test")) as uow:
        unlink(uow, made.id, Unlink(version=2))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_link_is_told_with_the_thing(platform, evening, outbox):
    dossier = a_dossier(platform)
    tie(platform, dossier, evening)
    (told,) = outbox.events("beleidsagenda.participation.linked")
    assert (told["thing_id"], told["dossier_id"]) == (str(evening.id), str(dossier.id))
    assert {"type": "event", "id": str(evening.id)} in told["about"]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_an_event_costs_one_statement_where_nothing_is_linked(platform, evening, monkeypatch):
    from samen_beleidsagenda.services.participation_events import tell_event
    from samen_core.api import Delivered, uuid7

    with platform.unit_of_work(system("test")) as uow:
        done = []
        execute = uow.session.execute
        monkeypatch.setattr(uow.session, "execute", lambda *args, **options: done.append(1) or execute(*args, **options))
        for about in ((SubjectRef("event", evening.id),), ()):
            tell_event(uow, Delivered(uuid7(), TableRang.type, 1, {}, about, uuid7(), uow.now))
        assert len(done) == 1
    (handler,) = (item for item in platform.event_handlers if item.function.__name__ == "_tell_participation")
    assert [handler.wants(name) for name in ("core.mail.queued", "beleidsagenda.moment.planned", TableRang.type)] == [False, False, True]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTold(TableEvent):
    """Something that people can take part in, of a block that this one knows nothing of."""

    type: ClassVar[str] = "tafel.activity.created"


def test_calendars_tell_the_last_day_as_soon_as_something_opens_at_a_linked_thing(platform, evening, outbox):
    dossier = a_dossier(platform)
    moment = a_moment(platform, dossier, kind="discussion")
    with platform.unit_of_work(system("test")) as uow:
        keep_entries_of_dossier(uow, dossier)
        closes = uow.now + timedelta(days=9)
    facts = {"activity": str(evening.id), "opens_at": closes - timedelta(days=10), "closes_at": closes}
    other = evening_of_now(platform)
    tie(platform, dossier, other)
    tell(platform, other, ActivityTold, line="U kunt meepraten.", **facts)
    outbox.drain()
    with platform.read(anonymous()) as uow:
        assert uow.session.get_one(Entry, moment.id).last_say == closes.astimezone(CITY_TIME_ZONE).date()
        assert last_say(uow, [dossier.id])[dossier.id].title == "Inloopavond"


def evening_of_now(platform):
    with platform.unit_of_work(system("test")) as uow:
        return create_event(uow, CreateEvent(name="De tafel", start_date=uow.now))
