"""What happened to the city's data, for sure: told later through the outbox. Payloads hold ids and versions only."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CityEvent(Event):
    """The base of these events: the thing it happened to and the thing's version after it."""

    id: uuid.UUID
    entity_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationCreated(CityEvent):
    """An organisation was added."""

    type: ClassVar[str] = "citycontent.organization.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationUpdated(CityEvent):
    """Facts about an organisation changed."""

    type: ClassVar[str] = "citycontent.organization.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationDeleted(CityEvent):
    """An organisation was taken away; its open memberships and posts are closed after this."""

    type: ClassVar[str] = "citycontent.organization.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCreated(CityEvent):
    """A person was added."""

    type: ClassVar[str] = "citycontent.person.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonUpdated(CityEvent):
    """Facts about a person changed."""

    type: ClassVar[str] = "citycontent.person.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDeleted(CityEvent):
    """A person was taken away."""

    type: ClassVar[str] = "citycontent.person.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipCreated(CityEvent):
    """A person joined an organisation."""

    type: ClassVar[str] = "citycontent.membership.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipUpdated(CityEvent):
    """A membership changed, or ended."""

    type: ClassVar[str] = "citycontent.membership.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipDeleted(CityEvent):
    """A membership was taken away because it was wrong."""

    type: ClassVar[str] = "citycontent.membership.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostCreated(CityEvent):
    """An organisation got a post."""

    type: ClassVar[str] = "citycontent.post.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostUpdated(CityEvent):
    """A post changed, or ended."""

    type: ClassVar[str] = "citycontent.post.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDeleted(CityEvent):
    """A post was taken away because it was wrong."""

    type: ClassVar[str] = "citycontent.post.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCreated(CityEvent):
    """A project was added."""

    type: ClassVar[str] = "citycontent.project.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectUpdated(CityEvent):
    """Facts about a project changed, its status among them."""

    type: ClassVar[str] = "citycontent.project.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDeleted(CityEvent):
    """A project was taken away."""

    type: ClassVar[str] = "citycontent.project.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCreated(CityEvent):
    """Something was put on the calendar."""

    type: ClassVar[str] = "citycontent.event.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventUpdated(CityEvent):
    """Facts about a calendar event changed, but not when it is."""

    type: ClassVar[str] = "citycontent.event.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMoved(CityEvent):
    """A calendar event got another moment, or is put off without one."""

    type: ClassVar[str] = "citycontent.event.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCancelled(CityEvent):
    """A calendar event was called off."""

    type: ClassVar[str] = "citycontent.event.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDeleted(CityEvent):
    """A calendar event was taken away because it was wrong."""

    type: ClassVar[str] = "citycontent.event.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeCreated(CityEvent):
    """A theme was added."""

    type: ClassVar[str] = "citycontent.theme.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeUpdated(CityEvent):
    """A theme changed."""

    type: ClassVar[str] = "citycontent.theme.updated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeDeleted(CityEvent):
    """A theme was taken away."""

    type: ClassVar[str] = "citycontent.theme.deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreasImported(Event):
    """The division of a year was read in or brought up to date."""

    type: ClassVar[str] = "citycontent.area.imported"

    year: int
    count: int


EVENT_TYPES: tuple[type[Event], ...] = (
    OrganizationCreated,
    OrganizationUpdated,
    OrganizationDeleted,
    PersonCreated,
    PersonUpdated,
    PersonDeleted,
    MembershipCreated,
    MembershipUpdated,
    MembershipDeleted,
    PostCreated,
    PostUpdated,
    PostDeleted,
    ProjectCreated,
    ProjectUpdated,
    ProjectDeleted,
    EventCreated,
    EventUpdated,
    EventMoved,
    EventCancelled,
    EventDeleted,
    ThemeCreated,
    ThemeUpdated,
    ThemeDeleted,
    AreasImported,
)
