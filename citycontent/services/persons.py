"""Persons: adding, changing, taking away, and the account that is theirs."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update

from citycontent.events import PersonCreated, PersonDeleted, PersonUpdated
from citycontent.models import AccountPerson, Identifier, Membership, Person, Slug
from citycontent.paths import page
from citycontent.permissions import EDIT_PERSON
from citycontent.queries import lookups
from citycontent.schemas import CreatePerson, Delete, LinkAccount, UnlinkPerson, UpdatePerson
from citycontent.services.acting import account_left
from citycontent.services.counters import count, shift
from citycontent.services.entities import add, assign, change, check_version, locked
from citycontent.services.memberships import delete_of_person
from citycontent.services.references import links_before, set_identifiers
from citycontent.services.slugs import take_slug
from citycontent.services.texts import identifier_lines, link_lines
from samen_core.api import (
    Invalid,
    NotAllowed,
    NotFound,
    Subject,
    SubjectData,
    SubjectRef,
    UnitOfWork,
    _,
    account_by_email,
    declaration,
    fold,
    uuid7,
)

TYPE = "person"
VISIBILITY = "person.visibility"
FIELDS = (
    "given_name",
    "family_name_prefix",
    "family_name",
    "honorific_prefix",
    "honorific_suffix",
    "visibility",
    "summary",
    "biography",
    "email",
    "phone",
    "homepage",
    "links",
    "sources",
)


def create_person(uow: UnitOfWork, command: CreatePerson) -> Person:
    """Add a person. Raises NotAllowed, and Invalid for an identifier that is another's."""
    EDIT_PERSON.require(uow.actor)
    new_id = uuid7()
    if command.identifiers:
        links_before(uow, TYPE, new_id, command.identifiers)
    person = Person(id=new_id, created_at=uow.now, updated_at=uow.now)
    _fill(person, command)
    person.slug = take_slug(uow, TYPE, _slug_name(person), new_id)
    public = person.visibility != "private"
    add(uow, person, TYPE, _card(person), PersonCreated, public=public)
    set_identifiers(uow, TYPE, new_id, (), command.identifiers)
    count(uow, {(VISIBILITY, person.visibility): 1})
    return person


def update_person(uow: UnitOfWork, id: uuid.UUID, command: UpdatePerson) -> Person:
    """Replace what is known of a person. Raises NotFound, Gone, NotAllowed, Invalid, and Conflict with the values of now."""
    EDIT_PERSON.require(uow.actor, id)
    person = locked(uow, Person, id)
    check_version(person, command.version, lambda: person_values(uow, person))
    before = links_before(uow, TYPE, id, command.identifiers)
    card, visibility, sort_name = _card(person), person.visibility, person.sort_name
    with uow.session.no_autoflush:
        _fill(person, command)
        if person.visibility == "private" or visibility == "private" or person.sort_name != sort_name:
            person.slug = take_slug(uow, TYPE, _slug_name(person), id)
        changed = change(
            uow,
            person,
            TYPE,
            (card, _card(person)),
            PersonUpdated,
            links=({"identifiers": before.identifiers}, {"identifiers": command.identifiers}),
            hide_links=True,
            public=person.visibility != "private",
        )
    if changed:
        set_identifiers(uow, TYPE, id, before.identifiers, command.identifiers)
        count(uow, shift(VISIBILITY, visibility, person.visibility))
        if (visibility == "private") != (person.visibility == "private"):
            _show_memberships(uow, id, public=person.visibility != "private")
    return person


def delete_person(uow: UnitOfWork, id: uuid.UUID, command: Delete) -> None:
    """Take a person away, with every membership and the link to an account."""
    EDIT_PERSON.require(uow.actor, id)
    person = locked(uow, Person, id)
    check_version(person, command.version, lambda: person_values(uow, person))
    _take_away(uow, person, command.reason)


def erase_person(uow: UnitOfWork, id: uuid.UUID, command: Delete) -> None:
    """Empty everything personal that is known of somebody who asks for it (AVG art. 17), also when taken away before.

    The row stays, without a name, so that what refers to it still holds. Raises NotFound, NotAllowed and Conflict.
    """
    EDIT_PERSON.require(uow.actor, id)
    person = uow.session.execute(select(Person).where(Person.id == id).with_for_update()).scalar_one_or_none()
    if person is None:
        raise NotFound
    check_version(person, command.version, lambda: person_values(uow, person))
    _take_away(uow, person, command.reason, erase=True)


def link_account(uow: UnitOfWork, id: uuid.UUID, command: LinkAccount) -> None:
    """Say that an account is this person, so that it may speak for the organisations of the person.

    The manager does this when the holder of the account has asked for it. Raises NotFound and Gone for the person, Invalid when there is no
    such account or either is linked already.
    """
    EDIT_PERSON.require(uow.actor, id)
    locked(uow, Person, id)
    account_id = account_by_email(uow, command.email)
    if account_id is None:
        raise Invalid({"email": [_("Er is geen account met dit e-mailadres.")]})
    taken = (AccountPerson.account_id == account_id) | (AccountPerson.person_id == id)
    if uow.session.execute(select(AccountPerson.account_id).where(taken)).first() is not None:
        raise Invalid({"email": [_("Dit account of deze persoon is al gekoppeld. Maak die koppeling eerst los.")]})
    uow.session.execute(insert(AccountPerson).values(account_id=account_id, person_id=id, linked_at=uow.now))
    uow.record("citycontent.account.linked", id)


def unlink_person(uow: UnitOfWork, id: uuid.UUID, command: UnlinkPerson) -> None:
    """Let a person go from whatever account it is linked with; nothing happens when there is none."""
    EDIT_PERSON.require(uow.actor, id)
    if _unlink(uow, AccountPerson.person_id == id):
        uow.record("citycontent.account.unlinked", id, reason=command.reason)


def unlink_own_account(uow: UnitOfWork) -> None:
    """Undo :func:`link_account` for the account that acts; nothing happens when there is no link."""
    if uow.actor.account_id is None:
        raise NotAllowed(log_in=True)
    for person_id in _unlink(uow, AccountPerson.account_id == uow.actor.account_id):
        uow.record("citycontent.account.unlinked", person_id)


def forget_account(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    """Erase the person of an account that is being erased. Who holds a public office stays known: only the link goes."""
    for person_id in _unlink(uow, AccountPerson.account_id == account_id):
        uow.record("citycontent.account.unlinked", person_id)
        person = uow.session.execute(select(Person).where(Person.id == person_id).with_for_update()).scalar_one()
        if person.visibility != "public_officer":
            _take_away(uow, person, "the account was erased", erase=True)


def person_values(uow: UnitOfWork, person: Person) -> dict[str, Any]:
    """What the edit form shows: the fields of :class:`UpdatePerson` with lists as lines."""
    return {
        **{name: getattr(person, name) for name in ("name", *FIELDS, "version")},
        "identifiers": identifier_lines(lookups.links(uow, TYPE, person.id).identifiers),
        "links": link_lines(person.links),
        "sources": link_lines(person.sources),
    }


def _take_away(uow: UnitOfWork, person: Person, reason: str, *, erase: bool = False) -> None:
    card, was_active = _card(person), person.state == "active"
    person.state = "deleted"
    if erase:
        for column in Person.__table__.columns:
            if declaration(column):
                setattr(person, column.key, type(getattr(person, column.key))())
        person.slug = person.id.hex
    public = person.visibility != "private" and not erase
    change(uow, person, TYPE, (card, _card(person)), PersonDeleted, reason=reason, public=public)
    if was_active:
        count(uow, {(VISIBILITY, person.visibility): -1})
    if erase:
        _erase_beside(uow, person.id)
    _unlink(uow, AccountPerson.person_id == person.id)
    delete_of_person(uow, person.id)


def _erase_beside(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Erase what may lead to a person besides the personal columns: earlier page addresses and numbers in registers."""
    connection = uow.session.connection()
    connection.execute(delete(Slug).where(Slug.type == TYPE, Slug.entity_id == id))
    connection.execute(delete(Identifier).where(Identifier.type == TYPE, Identifier.subject_id == id))


def _unlink(uow: UnitOfWork, which: ColumnElement[bool]) -> list[uuid.UUID]:
    """Undo links of accounts with persons, and what their sessions did for organisations; the persons."""
    gone = uow.session.execute(delete(AccountPerson).where(which).returning(AccountPerson.account_id, AccountPerson.person_id)).all()
    for account_id, person_id in gone:
        account_left(uow, account_id, person_id)
    return [person_id for _account_id, person_id in gone]


def _fill(person: Person, command: CreatePerson) -> None:
    assign(person, command, FIELDS)
    full = " ".join(part for part in (command.given_name, command.family_name_prefix, command.family_name) if part)
    person.name = command.name or full
    behind = " ".join(part for part in (command.given_name, command.family_name_prefix) if part)
    person.sort_name = fold(f"{command.family_name} {behind}" if command.family_name else person.name)


def _slug_name(person: Person) -> str:
    """The name in the page address; of a private person nothing, since addresses are kept and passed on."""
    return "" if person.visibility == "private" else person.name


def _card(person: Person) -> SubjectData:
    deleted = person.state == "deleted"
    public = person.visibility != "private" and not deleted
    return SubjectData(
        title=person.name,
        url=page(TYPE, person.slug),
        summary=person.summary if public else "",
        state="deleted" if deleted else "active",
        public=public,
    )


def _show_memberships(uow: UnitOfWork, person_id: uuid.UUID, *, public: bool) -> None:
    ids = uow.session.execute(select(Membership.id).where(Membership.person_id == person_id)).scalars().all()
    if ids:
        uow.session.execute(update(Subject).where(Subject.id.in_(ids)).values(public=public, updated_at=uow.now))
        for membership_id in ids:
            uow.subject_changed(SubjectRef("membership", membership_id))
