"""The demonstration city: Zoetermeer's real areas, with invented organisations, persons, projects and events in them."""

from __future__ import annotations

import json
import uuid
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from citycontent.exchange.addresses import import_address_book, import_postcode_areas
from citycontent.exchange.areas import import_areas
from citycontent.models import PartialDate
from citycontent.queries.areas import area_tree
from citycontent.schemas import (
    AddressValue,
    CreateEvent,
    CreateMembership,
    CreateOrganization,
    CreatePerson,
    CreatePost,
    CreateProject,
    CreateTheme,
    LinkAccount,
)
from citycontent.services.events import create_event
from citycontent.services.memberships import create_membership, create_post
from citycontent.services.organizations import create_organization
from citycontent.services.persons import create_person, link_account
from citycontent.services.projects import create_project
from citycontent.services.themes import create_theme
from samen_core.api import CITY_TIME_ZONE, UnitOfWork, account_by_email

DATA = Path(__file__).parent / "data"
SOURCES = ({"url": "https://www.zoetermeer.example/demonstratie", "note": "Bedacht voor de demonstratie"},)
Record = dict[str, Any]


def seed(uow: UnitOfWork) -> None:
    """Fill an empty city. Days of events count from today, then forward to the next day of the week that the record names."""
    for name in ("gemeente", "wijken", "buurten"):
        import_areas(uow, DATA / f"zoetermeer_{name}_2022.geojson")
    import_address_book(uow, DATA / "pc6hnr_synthetisch.csv", municipality="GM0637")
    import_postcode_areas(uow, DATA / "zoetermeer_pc4.csv")
    _Seeder(uow).run()


class _Seeder:
    """What was made, by its key in the files."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.made: dict[tuple[str, str], uuid.UUID] = {}
        self.areas = {area.code: area.id for area in area_tree(uow).current}
        self.addresses = {record["key"]: _address(record) for record in _records("addresses")}

    def run(self) -> None:
        self._themes()
        self._organizations()
        self._persons()
        self._projects()
        self._events()
        self._accounts()

    def id(self, kind: str, key: str | None) -> uuid.UUID | None:
        """The id of what was made for a key."""
        return self.made[kind, key] if key else None

    def ids(self, kind: str, keys: list[str]) -> tuple[uuid.UUID, ...]:
        """The ids of what was made for these keys."""
        return tuple(self.made[kind, key] for key in keys)

    def _themes(self) -> None:
        for record in _parents_first(_records("themes")):
            command = CreateTheme(
                name=record["name"], parent_id=self.id("theme", record["parent"]), alternative_names=tuple(record["alt_names"])
            )
            self.made["theme", record["key"]] = create_theme(self.uow, command).id

    def _organizations(self) -> None:
        for record in _parents_first(_records("organizations")):
            contact = {detail["type"]: detail["value"] for detail in record["contact_details"]}
            command = CreateOrganization(
                name=record["name"],
                other_names=tuple(record["other_names"]),
                sector=record["sector"],
                classification=record["classification"],
                abstract=record["abstract"],
                description=record["description"],
                founding_date=_partial(record["founding_date"]),
                parent_id=self.id("organization", record["parent"]),
                area_id=self.areas[record["area"]],
                address=self.addresses.get(record["address"]),
                theme_ids=self.ids("theme", record["themes"]),
                email=contact.get("email", ""),
                phone=contact.get("voice", ""),
                homepage=contact.get("url", ""),
                sources=SOURCES,
            )
            self.made["organization", record["key"]] = create_organization(self.uow, command).id
        for record in _records("posts"):
            post = CreatePost(
                organization_id=self.made["organization", record["organization"]],
                label=record["label"],
                role=record["role"] or "",
                portfolio=record["portfolio"] or "",
                area_id=self.areas[record["area"]] if record["area"] else None,
            )
            self.made["post", record["key"]] = create_post(self.uow, post).id

    def _persons(self) -> None:
        for record in _records("persons"):
            command = CreatePerson(
                name=record["name"],
                given_name=record["given_name"],
                family_name_prefix=record["tussenvoegsel"] or "",
                family_name=record["family_name"],
                summary=record["summary"],
                visibility=record["visibility"],
                sources=SOURCES,
            )
            self.made["person", record["key"]] = create_person(self.uow, command).id
        for record in _records("memberships"):
            membership = CreateMembership(
                person_id=self.made["person", record["person"]],
                organization_id=self.made["organization", record["organization"]],
                post_id=self.id("post", record["post"]),
                role=record["role"] or "",
                label=record["label"] or "",
                start_date=_partial(record["start_date"]),
                end_date=_partial(record["end_date"]),
            )
            create_membership(self.uow, membership)

    def _projects(self) -> None:
        for record in _records("projects"):
            command = CreateProject(
                name=record["name"],
                status=record["status"],
                summary=record["summary"],
                description=record["description"],
                start_date=_partial(record["start_date"]),
                end_date=_partial(record["end_date"]),
                budget=record["budget"],
                lead_organization_id=self.id("organization", record["lead_organization"]),
                partner_organization_ids=self.ids("organization", record["partner_organizations"]),
                area_ids=tuple(self.areas[code] for code in record["areas"]),
                theme_ids=self.ids("theme", record["themes"]),
                sources=SOURCES,
            )
            self.made["project", record["key"]] = create_project(self.uow, command).id

    def _events(self) -> None:
        today = self.uow.now.astimezone(CITY_TIME_ZONE).date()
        for record in _records("events"):
            day = event_day(today, record["day_offset"], record["weekday"])
            command = CreateEvent(
                name=record["name"],
                summary=record["summary"],
                description=record["description"],
                classification=record["classification_code"],
                status=record["status"],
                start_date=_moment(day, record["start_time"]),
                end_date=_moment(day, record["end_time"]) if record["end_time"] else None,
                location=record["location"],
                address=self.addresses.get(record["address"]),
                area_id=self.areas[record["area"]],
                organization_id=self.id("organization", record["organization"]),
                project_id=self.id("project", record["project"]),
                accessibility=record["accessibility"] or "",
                online_url=record["online_url"] or "",
                capacity=record["capacity"],
            )
            create_event(self.uow, command)

    def _accounts(self) -> None:
        """The demonstration accounts are persons of the city, so that they may speak for its organisations."""
        for record in _records("users"):
            if record["person"] and account_by_email(self.uow, record["email"]):
                link_account(self.uow, self.made["person", record["person"]], LinkAccount(email=record["email"]))


def event_day(today: date, offset: int, weekday: int) -> date:
    """``offset`` days from today, then forward to the first such day of the week (ISO, 1 is Monday)."""
    start = today + timedelta(days=offset)
    return start + timedelta(days=(weekday - start.isoweekday()) % 7)


def _records(name: str) -> list[Record]:
    found: list[Record] = json.loads((DATA / "demo" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _parents_first(records: list[Record]) -> list[Record]:
    """The records in an order in which every parent comes before its parts."""
    placed: dict[str, Record] = {}
    waiting = list(records)
    while waiting:
        ready = [record for record in waiting if record["parent"] is None or record["parent"] in placed]
        placed |= {record["key"]: record for record in ready}
        waiting = [record for record in waiting if record["key"] not in placed]
    return list(placed.values())


def _address(record: Record) -> AddressValue:
    names = ("street", "house_number", "house_letter", "house_number_addition", "postcode", "locality", "lat", "lon")
    return AddressValue(**{name: record[name] for name in names})


def _partial(value: str | None) -> PartialDate | None:
    return PartialDate(value) if value else None


def _moment(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=CITY_TIME_ZONE)
