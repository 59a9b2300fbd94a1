"""The tables of the city database, one module per concept."""

from citycontent.models.address import Address, AddressBookEntry, PostcodeArea
from citycontent.models.area import Area
from citycontent.models.base import Entity, PageEntity, Slug
from citycontent.models.counter import Counter
from citycontent.models.event import Event
from citycontent.models.identifier import Identifier
from citycontent.models.membership import Membership, Post
from citycontent.models.organization import Organization
from citycontent.models.person import AccountPerson, Person
from citycontent.models.project import Project, ProjectArea
from citycontent.models.relation import Relation
from citycontent.models.theme import Theme, ThemeLink
from citycontent.models.types import PartialDate, PartialDateColumn, is_valid_on, valid_on

__all__ = [
    "AccountPerson",
    "Address",
    "AddressBookEntry",
    "Area",
    "Counter",
    "Entity",
    "Event",
    "Identifier",
    "Membership",
    "Organization",
    "PageEntity",
    "PartialDate",
    "PartialDateColumn",
    "Person",
    "Post",
    "PostcodeArea",
    "Project",
    "ProjectArea",
    "Relation",
    "Slug",
    "Theme",
    "ThemeLink",
    "is_valid_on",
    "valid_on",
]
