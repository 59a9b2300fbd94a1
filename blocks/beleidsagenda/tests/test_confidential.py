"""Nothing confidential reaches who may not see it: not on any page, list, feed, search, slot, event or line of a log.

One confidential thing of every kind is made, each tied to public things wherever that is possible, with a word of its own in all of its
texts. Then everything that can be asked for without a right is asked for, and no answer may hold a word or an id of them.

A new kind of thing gets a row in ``SECRETS``; pages that need more than an id of a public thing get one in ``ADDRESSES``. Every address
without parameters is found by itself.
"""

from __future__ import annotations

import io
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from citycontent.api import CreateTheme, Organization, create_theme
from citycontent.testing import make_area, make_project
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import AgendaItem, Dossier, Meeting, PlanningItem, ThemeHolder
from samen_beleidsagenda.periods import whole
from samen_beleidsagenda.schemas.agendas import AddItem
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.commitments import MakeCommitment
from samen_beleidsagenda.schemas.council_questions import AskCouncilQuestion
from samen_beleidsagenda.schemas.decisions import RecordDecision
from samen_beleidsagenda.schemas.documents import EnterDocument, TreatDocument
from samen_beleidsagenda.schemas.dossiers import CreateDossier
from samen_beleidsagenda.schemas.meetings import ChangeMeeting
from samen_beleidsagenda.schemas.motions import SubmitMotion
from samen_beleidsagenda.schemas.planning import PlanMoment
from samen_beleidsagenda.schemas.structure import CreateGoal
from samen_beleidsagenda.services.agendas import add_item
from samen_beleidsagenda.services.commitments import make_commitment
from samen_beleidsagenda.services.council_questions import ask_question
from samen_beleidsagenda.services.decisions import record_decision, replace_decision
from samen_beleidsagenda.services.documents import enter_document, publish_document
from samen_beleidsagenda.services.dossiers import create_dossier, publish_dossier
from samen_beleidsagenda.services.goals import create_goal, publish_goal
from samen_beleidsagenda.services.kinds import BY_MODEL, KINDS, kind_of
from samen_beleidsagenda.services.meetings import change_meeting, find_meeting, meeting_values
from samen_beleidsagenda.services.motions import submit_motion
from samen_beleidsagenda.services.planning import plan_moment
from samen_beleidsagenda.services.treatments import treat_document
from samen_beleidsagenda.testing import (
    a_body,
    a_commitment,
    a_decision,
    a_document,
    a_dossier,
    a_goal,
    a_meeting,
    a_moment,
    a_motion,
    a_post,
    a_question,
    points_of,
)
from samen_core.api import FileValue, Platform, UnitOfWork, store_upload, system, uuid7
from samen_core.db.changes import Change
from samen_core.events.outbox import OutboxEvent

NOT_ASKED = re.compile(r"uitloggen|openapi|/live$|/ready$|metrics")


@dataclass
class World:
    """The public things that the confidential ones are tied to."""

    meeting: Meeting
    point: AgendaItem
    dossier: Dossier
    theme_id: uuid.UUID
    area_id: uuid.UUID
    project_id: uuid.UUID
    post_id: uuid.UUID
    things: list[Any]
    slugs: dict[str, str]
    files: list[uuid.UUID] = field(default_factory=list)


def _world(uow: UnitOfWork) -> World:
    theme, area, project = create_theme(uow, CreateTheme(name="Verkeer")), make_area(uow), make_project(uow)
    body, post = a_body(uow), a_post(uow)
    on = {"themes": [theme.id], "areas": [area.id], "projects": [project.id], "holder_id": post.id}
    dossier = a_dossier(uow, **on)
    uow.session.add(ThemeHolder(id=uuid7(), theme_id=theme.id, post_id=post.id))
    meeting = a_meeting(uow, body)
    point = points_of(uow, meeting)[1]
    point.dossier_id = dossier.id
    tied = {"dossier_id": dossier.id, "agenda_item_id": point.id}
    things = [
        dossier,
        point,
        a_moment(uow, dossier, body_id=body.organization_id),
        a_goal(uow, theme.id),
        a_document(uow, dossier),
        a_decision(uow, body, **tied),
        a_motion(uow, body, **tied),
        a_commitment(uow, body, holder_id=post.id, **tied),
        a_question(uow, holder_id=post.id, **tied),
    ]
    slugs = {"theme": theme.slug, "area": area.slug, "project": project.slug}
    return World(meeting, point, dossier, theme.id, area.id, project.id, post.id, things, slugs)


def _dossier(uow: UnitOfWork, world: World, word: str) -> Dossier:
    facts = {"theme_ids": (world.theme_id,), "area_ids": (world.area_id,), "project_ids": (world.project_id,), "holder_id": world.post_id}
    texts = dict.fromkeys(("title", "summary", "why", "question", "contact"), f"Over {word}")
    made = create_dossier(uow, CreateDossier(confidential=True, **texts, **facts))
    return publish_dossier(uow, made.id, Approve(version=made.version))


def _moment(uow: UnitOfWork, world: World, word: str, dossier: Dossier | None = None) -> PlanningItem:
    period = whole(uow.now.date() + timedelta(days=40), "month")
    texts = {"title": f"Over {word}", "text": word, "say_how": word, "say_url": f"https://{word}.example"}
    about = dossier or world.dossier
    facts = {"kind": "decision", "period": period, "body_id": world.meeting.body_id, "has_say": True, "publish": True}
    return plan_moment(uow, PlanMoment(dossier_id=about.id, confidential=dossier is None, **texts, **facts))


def _point(uow: UnitOfWork, world: World, word: str) -> AgendaItem:
    closed = AddItem(title=f"Over {word}", text=word, dossier_id=world.dossier.id, confidential=True, publish=True)
    return add_item(uow, world.meeting.event_id, closed)


def _document(uow: UnitOfWork, world: World, word: str) -> Any:
    file = store_upload(uow, io.BytesIO(word.encode()), f"{word}.txt")
    world.files.append(file.id)
    texts = {"title": f"Over {word}", "summary": word, "reference": word, "page_url": f"https://{word}.example"}
    facts = {"type": "minutes", "date": uow.now.date(), "dossier_ids": (world.dossier.id,), "file": FileValue(file.id)}
    made = enter_document(uow, EnterDocument(confidential=True, **texts, **facts))
    made = publish_document(uow, made.id, Approve(version=made.version))
    treat_document(uow, world.point.id, TreatDocument(document_id=made.id, outcome=word))
    values = {**meeting_values(uow, *find_meeting(uow, world.meeting.event_id)), "minutes_id": made.id}
    change_meeting(uow, world.meeting.event_id, ChangeMeeting(**values))
    return made


def _decision(uow: UnitOfWork, world: World, word: str) -> Any:
    texts = dict.fromkeys(("title", "text", "reasons", "participation"), f"Over {word}")
    facts = {"result": "adopted", "decided_on": uow.now.date(), "agenda_item_id": world.point.id, "dossier_id": world.dossier.id}
    return record_decision(uow, RecordDecision(confidential=True, **texts, **facts))


def _replacement(uow: UnitOfWork, world: World, word: str) -> Any:
    texts = dict.fromkeys(("title", "text", "reasons", "participation"), f"Over {word}")
    old = next(thing for thing in world.things if kind_of(thing).name == "body_decision")
    return replace_decision(uow, old.id, RecordDecision(result="amended", decided_on=date(2026, 12, 1), confidential=True, **texts))


def _motion(uow: UnitOfWork, world: World, word: str) -> Any:
    facts = {"submitted_on": uow.now.date(), "body_id": world.meeting.body_id, "agenda_item_id": world.point.id, "holder_id": world.post_id}
    return submit_motion(uow, SubmitMotion(title=f"Over {word}", text=word, number=word, confidential=True, publish=True, **facts))


def _commitment(uow: UnitOfWork, world: World, word: str) -> Any:
    facts = {"made_on": uow.now.date(), "agenda_item_id": world.point.id, "holder_id": world.post_id, "due_date": uow.now.date()}
    texts = {"title": f"Over {word}", "text": word, "number": word, "made_to": word}
    return make_commitment(uow, MakeCommitment(confidential=True, publish=True, **texts, **facts))


def _question(uow: UnitOfWork, world: World, word: str) -> Any:
    facts = {"asked_on": uow.now.date(), "agenda_item_id": world.point.id, "dossier_id": world.dossier.id, "holder_id": world.post_id}
    return ask_question(uow, AskCouncilQuestion(title=f"Over {word}", text=word, number=word, confidential=True, publish=True, **facts))


def _goal(uow: UnitOfWork, world: World, word: str) -> Any:
    command = CreateGoal(theme_id=world.theme_id, title=f"Over {word}", text=word, target=word, confidential=True)
    made = create_goal(uow, command)
    return publish_goal(uow, made.id, Approve(version=made.version))


SECRETS: dict[str, Callable[[UnitOfWork, World, str], Any]] = {
    "dossier": _dossier,
    "planning_item": _moment,
    "moment of a confidential dossier": lambda uow, world, word: _moment(uow, world, word, _dossier(uow, world, f"{word}d")),
    "agenda_item": _point,
    "document": _document,
    "body_decision": _decision,
    "decision that replaces a public one": _replacement,
    "motion": _motion,
    "commitment": _commitment,
    "council_question": _question,
    "goal": _goal,
}
"""How one of each is made, tied to public things, with the word in every text."""


def _own_addresses(world: World) -> Iterator[str]:
    """Where the public things, and what they are tied to, are shown."""
    for thing in world.things:
        yield kind_of(thing).path(thing)
        yield f"/logboek/{thing.id}"
        yield f"/id/{kind_of(thing).name}/{thing.id}.jsonld"
    yield paths.meeting(world.meeting.event_id)
    yield f"/logboek/{world.meeting.event_id}"
    yield f"/agenda/{world.slugs['event']}"
    yield f"/thema/{world.slugs['theme']}"
    yield f"/projecten/{world.slugs['project']}"
    yield f"/wijken/{world.slugs['area']}"
    yield f"{paths.THEMES}/{world.slugs['theme']}"
    yield f"{paths.AREAS}/{world.slugs['area']}"
    yield f"{paths.BODIES}/{world.slugs['body']}"
    yield f"{paths.HOLDERS}/{world.post_id}"


def _data_addresses(world: World) -> Iterator[str]:
    for name in ("momenten", "dossiers", "toezeggingen", "moties", "besluiten", "vergaderingen", "stukken", "beloften"):
        yield from (f"{paths.FEEDS}/{name}.{kind}" for kind in ("csv", "json"))
    yield f"{paths.FEEDS}/agenda.ics?dossier={world.slugs['dossier']}"
    for name, id in (("vergaderingen", world.meeting.event_id), ("agendapunten", world.point.id)):
        yield f"{paths.ORI}/{name}/{id}"
    yield f"{paths.PLANNING}?weergave=afdrukken"
    yield f"{paths.CALENDAR}?weergave=lijst"


ADDRESSES: list[Callable[[World], Iterator[str]]] = [_own_addresses, _data_addresses]
"""Addresses with parameters that everybody may ask for."""


def _plain_addresses(app: Any) -> list[str]:
    """Every address of the platform that needs no parameter."""
    rules = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments}
    return sorted(rule for rule in rules if not NOT_ASKED.search(rule))


@pytest.fixture
def city(platform: Platform, outbox: Any) -> tuple[World, dict[str, Any]]:
    """The public things, and by word the confidential ones; everything is told."""
    with platform.unit_of_work(system("test")) as uow:
        world = _world(uow)
        event, body = find_meeting(uow, world.meeting.event_id)[1], world.meeting.body_id
        world.slugs |= {"event": event.slug, "dossier": world.dossier.slug, "body": uow.session.get_one(Organization, body).slug}
    hidden = {}
    for number, make in enumerate(SECRETS.values()):
        word = f"zwijgzaam{number:02}"
        with platform.unit_of_work(system("test")) as uow:
            hidden[word] = make(uow, world, word)
    outbox.drain()
    return world, hidden


def _walk(client: FlaskClient, addresses: list[str], hidden: dict[str, Any]) -> list[str]:
    """The addresses whose answer holds a word or an id of what is hidden; in all that were found."""
    leaks, found = [], 0
    forbidden = [*hidden, *(str(thing.id) for thing in hidden.values())]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code < 500, address
        found += answer.status_code == 200
        said = answer.get_data().decode(errors="replace").lower()
        leaks += [f"{address}: {word}" for word in forbidden if word in said]
    assert found > len(addresses) / 3
    return leaks


def test_every_kind_of_thing_has_a_secret() -> None:
    assert {kind.name for kind in KINDS} <= set(SECRETS)
    assert set(BY_MODEL.values()) == set(KINDS)


one_kind = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)


@one_kind
def test_nobody_meets_what_is_confidential(platform: Platform, app: Any, city: Any, as_role: Callable[..., FlaskClient]) -> None:
    world, hidden = city
    asked = [*_plain_addresses(app), *(address for addresses in ADDRESSES for address in addresses(world))]
    client = app.test_client()
    assert _walk(client, asked, hidden) == []
    own = {thing.id: kind_of(thing).path(thing) for thing in hidden.values()}
    for thing in hidden.values():
        for address in (own[thing.id], f"/onderwerp/{thing.id}", f"/logboek/{thing.id}", f"/id/{kind_of(thing).name}/{thing.id}"):
            assert client.get(address).status_code == 404, address
    for word in hidden:
        found = client.get(f"/zoeken?q={word}").text
        assert not any(address in found for address in own.values()), word
    for file in world.files:
        assert client.get(f"/files/{file}").status_code == 404
    _check_told(platform, hidden)
    # The walk can fail: who may see it, meets it where it is tied to public things.
    _check_seen(world, hidden, as_role("decision_maker"))


def _check_told(platform: Platform, hidden: dict[str, Any]) -> None:
    """No event and no line of a public logbook says a word or an id of what is hidden."""
    ids = {str(thing.id) for thing in hidden.values()}
    with platform.read(system("test")) as uow:
        for event in uow.session.execute(select(OutboxEvent).where(OutboxEvent.type != "core.subject.changed")).scalars():
            said = json.dumps(event.payload)
            assert not any(id in said for id in ids), (event.type, said)
        for line in uow.session.execute(select(Change).where(Change.public)).scalars():
            said = json.dumps([str(line.subject_id), line.sentence, line.reason])
            assert not any(id in said for id in (*ids, *hidden)), (line.action, said)


def _check_seen(world: World, hidden: dict[str, Any], clerk: FlaskClient) -> None:
    said = clerk.get(paths.meeting(world.meeting.event_id)).text + clerk.get(kind_of(world.dossier).path(world.dossier)).text
    words = dict(zip(SECRETS, hidden, strict=True))
    for name in ("agenda_item", "document", "body_decision", "motion", "commitment", "council_question"):
        assert words[name] in said, name


@pytest.mark.soak
@pytest.mark.parametrize("role", ["resident", "facilitator", "facilitator of another body", "decision_maker of another body"])
def test_nor_does_who_has_other_rights(platform: Platform, app: Any, city: Any, as_role: Callable[..., FlaskClient], role: str) -> None:
    world, hidden = city
    name, _of, elsewhere = role.partition(" of ")
    scope = a_body(platform, "other").organization_id if elsewhere else None
    asked = [*_plain_addresses(app), *(address for addresses in ADDRESSES for address in addresses(world))]
    client = as_role(name, scope)
    assert _walk(client, [address for address in asked if not address.startswith("/beheer")], hidden) == []
