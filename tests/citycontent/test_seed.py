"""The demonstration city as a whole, as linked data and in the search index."""

from __future__ import annotations

import json
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citycontent import hooks
from citycontent.exchange.jsonld import LinkedData
from citycontent.models import Event, Membership, Organization, Person, Post, Project, Theme
from citycontent.queries import documents, events, memberships, organizations, persons, projects, themes
from citycontent.queries.areas import area_tree
from citycontent.queries.counters import facet
from citycontent.queries.memberships import capacities_of
from citycontent.queries.organizations import OrganizationFilter
from citycontent.seed import event_day
from citycontent.services.counters import count, recount
from samen_core.actor import anonymous, system
from samen_core.api import PageRequest, account_by_email
from samen_core.db.changes import Change, verify
from samen_core.i18n import CITY_TIME_ZONE
from samen_core.platform import Platform
from samen_core.seed import seed_demo
from samen_core.subjects import Subject
from tests.citycontent.conftest import DATA


def records(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DATA / "demo" / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def seeded(platform: Platform, outbox: Any) -> Platform:
    """The demonstration city, with everything told."""
    with platform.unit_of_work(system("import")) as uow:
        hooks.samen_seed(uow)
    return platform


def test_the_demonstration_city_is_whole(seeded: Platform) -> None:
    with seeded.read(anonymous()) as reader:
        for model, name in (
            (Organization, "organizations"),
            (Person, "persons"),
            (Post, "posts"),
            (Membership, "memberships"),
            (Project, "projects"),
            (Event, "events"),
            (Theme, "themes"),
        ):
            assert reader.session.execute(select(func.count()).select_from(model)).scalar_one() == len(records(name)), name
        assert recount_is_right(seeded)
        with Session(seeded.engine) as session:
            rows, problem = verify(session)
        assert rows > 200
        assert problem is None
        soon = reader.session.execute(select(func.count()).select_from(Event).where(Event.start_date > reader.now)).scalar_one()
        assert soon >= 10, "there is something to go to"
        missing = reader.session.execute(select(Subject.title).where(Subject.type == "event", Subject.area_ref.is_(None))).all()
        assert missing == []


def recount_is_right(platform: Platform) -> bool:
    with platform.unit_of_work(system("test")) as uow:
        return recount(uow) == {}


def test_demonstration_accounts_speak_for_organizations(platform: Platform) -> None:
    seed_demo(platform)
    with platform.read(system("test")) as reader:
        found = {record["email"]: account_by_email(reader, record["email"]) for record in records("users")}
        speaks = {email: [item.title for item in capacities_of(reader, account)] for email, account in found.items() if account}
    assert len(speaks) == 5
    assert speaks["facilitator@samen.example"]
    assert speaks["decision-maker@samen.example"]
    assert speaks["resident@samen.example"] == []


def test_days_of_events_fall_on_their_weekday() -> None:
    today = date(2026, 11, 21)
    for offset in (-117, 0, 9):
        for weekday in range(1, 8):
            day = event_day(today, offset, weekday)
            assert day.isoweekday() == weekday
            assert timedelta(0) <= day - (today + timedelta(days=offset)) < timedelta(days=7)


def test_events_are_at_their_hour_in_the_city(seeded: Platform) -> None:
    expected = {record["name"]: record["start_time"] for record in records("events")}
    with seeded.read(anonymous()) as reader:
        found = reader.session.execute(select(Event.name, Event.start_date)).all()
    assert {name: f"{start.astimezone(CITY_TIME_ZONE):%H:%M}" for name, start in found} == expected


def test_everything_can_be_found(seeded: Platform, outbox: Any) -> None:
    from samen_core.search.services import search

    outbox.drain()
    with seeded.read(anonymous()) as reader:
        for text, type, title in (
            ("burgemeester", "person", "Hanneke Zwartendijk"),
            ("Palenstein", "area", "Palenstein"),
            ("huisvesting", "theme", "Wonen"),
            ("veilige klinkerstraten", "project", "Een veilige Oude Klinkerstraat"),
        ):
            found = search(reader, text, subject_type=type)
            assert title in ["".join(part.text for part in result.title) for result in found.results], text


def test_what_is_found_is_plain_text(seeded: Platform) -> None:
    with seeded.read(anonymous()) as reader:
        for source in hooks.samen_search_sources():
            ids = list(reader.session.execute(select(Subject.id).where(Subject.type == source.subject_type)).scalars())
            for document in source.load(reader, ids):
                assert "**" not in document.body, document.title
                assert "](" not in document.body, document.title


def test_linked_data_of_everything(seeded: Platform) -> None:
    data = LinkedData("https://samen.example")
    with seeded.read(anonymous()) as reader:
        tree = area_tree(reader)
        nodes = []
        for row in organizations.list_organizations(reader, OrganizationFilter(), PageRequest(100)).items:
            detail = organizations.organization_by_slug(reader, row.slug)
            nodes.append(data.organization(detail, area=tree.get(row.area_id)))
        for slug in reader.session.execute(select(Person.slug)).scalars():
            values = persons.person_by_slug(reader, slug)
            assert values is not None
            nodes.append(data.person(values, memberships.memberships_of(reader, values["id"])))
        for slug in reader.session.execute(select(Project.slug)).scalars():
            project = projects.project_by_slug(reader, slug)
            assert project is not None
            about = themes.themes_of(reader, [project.id])[project.id]
            inside = [tree.get(area_id) for area_id in projects.areas_of(reader, [project.id])[project.id]]
            nodes.append(data.project(project, inside, about))
        for slug in reader.session.execute(select(Event.slug)).scalars():
            nodes.append(data.event(events.event_by_slug(reader, slug)))
        nodes += [data.area(area, tree.get(area.parent_id)) for area in tree.current]
        nodes += [data.theme(theme) for theme in themes.list_themes(reader, "", PageRequest(100)).items]
    assert len(nodes) > 150
    for node in nodes:
        assert node["@context"] == "https://schema.org"
        assert node["@id"].startswith("https://samen.example/id/")
        assert node["url"].startswith("https://samen.example/")
        assert node["name"]
        assert "" not in node.values()
        assert json.loads(json.dumps(node)) == node
    for node in (node for node in nodes if node["@type"] == "Event"):
        assert {"startDate", "location", "eventStatus", "organizer"} <= set(node), "what schema.org asks of an Event"
    buurt = next(node for node in nodes if node["@type"] == "AdministrativeArea" and node["name"] == "Palenstein")
    assert buurt["identifier"] == {"@type": "PropertyValue", "propertyID": "cbs-bu", "value": "BU06370003"}
    assert buurt["containedInPlace"]["name"] == "Centrum"


def test_loading_search_documents_costs_constant_statements(seeded: Platform, statements: Any) -> None:
    with seeded.read(anonymous()) as reader:
        by_type: dict[str, list[uuid.UUID]] = {}
        for kind, subject_id in reader.session.execute(select(Subject.type, Subject.id)):
            by_type.setdefault(kind, []).append(subject_id)
        for source in hooks.samen_search_sources():
            with statements() as sent:
                found = list(source.load(reader, by_type[source.subject_type]))
            assert len(found) == len(by_type[source.subject_type])
            assert len(sent) <= 2
        assert documents.organization_documents(reader, []) == []


def test_the_daily_recount_mends_what_is_off(seeded: Platform) -> None:
    job = next(job for job in seeded.jobs if job.name == "citycontent.recount")
    with seeded.unit_of_work(system("test")) as uow:
        right = facet(uow, "organization.sector")
        count(uow, {("organization.sector", "business"): 5, ("organization.sector", "nergens"): 1})
        assert facet(uow, "organization.sector") != right
        job.function(uow)
        assert facet(uow, "organization.sector") == right


def test_the_logbook_speaks_the_language_of_its_reader(seeded: Platform) -> None:
    change = Change(action="citycontent.project.updated", after={"status": "x", "name": "y", "slug": "z", "founding_date": "2020"})
    assert hooks.samen_render_log(change) == "Gewijzigd: status, naam, andere gegevens."
    with seeded.translations.use("en"):
        assert hooks.samen_render_log(change) == "Changed: status, name, other details."
    assert hooks.samen_render_log(Change(action="core.setting.changed", after=None)) is None
    with seeded.read(anonymous()) as reader:
        public = reader.session.execute(select(Change.action, Change.sentence).where(Change.public)).all()
    assert public
    assert all(sentence for _action, sentence in public)
