"""The city's things as linked data: JSON-LD with the terms of schema.org, in the shape that its validator and search engines expect."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from citycontent.paths import page
from citycontent.queries.addresses import Prefixed, street_line

MEDIA_TYPE = "application/ld+json"
CONTEXT = "https://schema.org"
_EVENT_STATUS = {
    "tentative": "EventScheduled",
    "confirmed": "EventScheduled",
    "rescheduled": "EventRescheduled",
    "postponed": "EventPostponed",
    "cancelled": "EventCancelled",
}
_ORGANIZATION_TYPE = {
    "government": "GovernmentOrganization",
    "business": "LocalBusiness",
    "civil_society": "NGO",
    "citizens": "Organization",
}

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LinkedData:
    """Makes nodes with full addresses; ``base_url`` is the public address of the platform without a slash at its end."""

    base_url: str

    def id(self, type: str, id: uuid.UUID) -> str:
        """The identity of a thing, which never changes."""
        return f"{self.base_url}/id/{type}/{id}"

    def page(self, type: str, slug: str) -> str:
        """The page of a thing."""
        return self.base_url + page(type, slug)

    def reference(self, type: str, id: uuid.UUID | None, kind: str, name: str | None) -> Node | None:
        """A thing as another points to it."""
        return _node({"@type": kind, "@id": self.id(type, id), "name": name}) if id else None

    def organization(self, row: Any, identifiers: Iterable[Any] = (), area: Any = None) -> Node:
        """An organisation from a row of ``organization_by_slug``; ``area`` is its :class:`AreaRow`."""
        address = Prefixed(row, "address_")
        return self._thing(
            "organization",
            row,
            _ORGANIZATION_TYPE[row.sector],
            {
                "alternateName": [name["name"] for name in row.other_names],
                "description": row.abstract or row.description,
                "email": row.email,
                "telephone": row.phone,
                "sameAs": [link for link in (row.homepage, *(link["url"] for link in row.links)) if link],
                "foundingDate": row.founding_date,
                "dissolutionDate": row.dissolution_date,
                "parentOrganization": self.reference("organization", row.parent_id, "Organization", row.parent_name),
                "areaServed": self.area_reference(area),
                "address": _postal_address(address),
                "location": _place(None, address),
                "identifier": _identifiers(identifiers),
            },
        )

    def person(self, values: Mapping[str, Any], memberships: Iterable[Any] = ()) -> Node:
        """A person from ``person_by_slug``, which left out what the reader may not see, with rows of ``memberships_of``."""
        roles = [
            _node(
                {
                    "@type": "OrganizationRole",
                    "roleName": row.label or row.role,
                    "startDate": row.start_date,
                    "endDate": row.end_date,
                    "memberOf": self.reference("organization", row.organization_id, "Organization", row.name),
                }
            )
            for row in memberships
        ]
        return _node(
            {
                "@context": CONTEXT,
                "@id": self.id("person", values["id"]),
                "@type": "Person",
                "url": self.page("person", values["slug"]),
                "name": values["name"],
                "givenName": values["given_name"],
                "familyName": " ".join(part for part in (values["family_name_prefix"], values["family_name"]) if part),
                "honorificPrefix": values["honorific_prefix"],
                "honorificSuffix": values["honorific_suffix"],
                "description": values["summary"],
                "email": values["email"],
                "telephone": values["phone"],
                "sameAs": [link for link in (values["homepage"], *(link["url"] for link in values["links"])) if link],
                "memberOf": roles,
            }
        )

    def project(self, row: Any, areas: Iterable[Any] = (), themes: Iterable[Any] = (), identifiers: Iterable[Any] = ()) -> Node:
        """A project from a row of ``project_by_slug``, with its areas and themes."""
        return self._thing(
            "project",
            row,
            "Project",
            {
                "description": row.summary or row.description,
                "foundingDate": row.start_date,
                "dissolutionDate": row.end_date,
                "parentOrganization": self.reference("organization", row.lead_organization_id, "Organization", row.lead_organization_name),
                "areaServed": [self.area_reference(area) for area in areas],
                "knowsAbout": [self.theme_reference(theme) for theme in themes],
                "sameAs": [link for link in (row.homepage, *(link["url"] for link in row.links)) if link],
                "identifier": _identifiers(identifiers),
            },
        )

    def event(self, row: Any, themes: Iterable[Any] = ()) -> Node:
        """An event from a row of ``event_by_slug``."""
        place = _place(row.location, Prefixed(row, "address_"))
        online = {"@type": "VirtualLocation", "url": row.online_url} if row.online_url else None
        mode = "Mixed" if place and online else "Online" if online else "Offline"
        return self._thing(
            "event",
            row,
            "Event",
            {
                "description": row.summary or row.description,
                "startDate": _moment(row.start_date, row),
                "endDate": _moment(row.end_date, row),
                "previousStartDate": _moment(row.previous_start_date, row) if row.status == "rescheduled" else None,
                "eventStatus": f"https://schema.org/{_EVENT_STATUS[row.status]}",
                "eventAttendanceMode": f"https://schema.org/{mode}EventAttendanceMode",
                "location": [part for part in (place, online) if part],
                "organizer": self.reference("organization", row.organization_id, "Organization", row.organization_name),
                "superEvent": self.reference("event", row.parent_id, "Event", None),
                "maximumAttendeeCapacity": row.capacity,
                "about": [self.theme_reference(theme) for theme in themes],
            },
        )

    def area(self, row: Any, parent: Any = None) -> Node:
        """An area from an :class:`AreaRow`; ``parent`` is the area around it."""
        point = {"@type": "GeoCoordinates", "latitude": row.lat, "longitude": row.lon} if row.lat is not None else None
        return self._thing(
            "area",
            row,
            "AdministrativeArea",
            {
                "additionalType": row.classification,
                "identifier": {"@type": "PropertyValue", "propertyID": f"cbs-{row.code[:2].lower()}", "value": row.code},
                "containedInPlace": self.area_reference(parent),
                "geo": point,
            },
        )

    def theme(self, row: Any) -> Node:
        """A theme from a row of ``theme_by_slug``."""
        parent = {"@id": self.id("theme", row.parent_id), "@type": "DefinedTerm"} if row.parent_id else None
        facts = {"description": row.description, "alternateName": row.alternative_names, "sameAs": row.exact_match, "isPartOf": parent}
        return self._thing("theme", row, "DefinedTerm", facts)

    def area_reference(self, area: Any) -> Node | None:
        """An area as another thing points to it."""
        return self.reference("area", area.id, "AdministrativeArea", area.name) if area else None

    def theme_reference(self, theme: Any) -> Node | None:
        """A theme as another thing points to it."""
        return self.reference("theme", theme.id, "DefinedTerm", theme.name)

    def _thing(self, type: str, row: Any, kind: str, facts: Node) -> Node:
        head = {"@context": CONTEXT, "@id": self.id(type, row.id), "@type": kind, "url": self.page(type, row.slug), "name": row.name}
        picture = getattr(row, "picture_id", None)
        return _node({**head, "image": f"{self.base_url}/files/{picture}" if picture else None, **facts})


def _node(facts: Node) -> Node:
    """Without what is not known."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def _moment(moment: datetime | None, row: Any) -> str | None:
    if moment is None:
        return None
    local = moment.astimezone(ZoneInfo(row.timezone))
    return local.date().isoformat() if row.all_day else local.isoformat()


def _postal_address(address: Any) -> Node | None:
    if not (address.street or address.postcode):
        return None
    postcode = f"{address.postcode[:4]} {address.postcode[4:]}" if address.postcode else None
    facts = {"streetAddress": street_line(address), "postalCode": postcode, "addressLocality": address.locality, "addressCountry": "NL"}
    return _node({"@type": "PostalAddress", **facts})


def _place(name: str | None, address: Any) -> Node | None:
    geo = {"@type": "GeoCoordinates", "latitude": address.lat, "longitude": address.lon} if address.lat is not None else None
    found = _node({"@type": "Place", "name": name, "address": _postal_address(address), "geo": geo})
    return found if len(found) > 1 else None


def _identifiers(rows: Iterable[Any]) -> list[Node]:
    return [{"@type": "PropertyValue", "propertyID": row.scheme, "value": row.identifier} for row in rows]
