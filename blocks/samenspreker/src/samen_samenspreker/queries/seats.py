"""Seats to read. No query here gives an address, except :func:`mail_recipients`, which is for sending mail only."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, Select, and_, bindparam, func, literal, or_, select

from citycontent.api import AccountPerson, Membership, Organization, Person, valid_on
from samen_core.api import ACCOUNT_ADDRESSES, UnitOfWork
from samen_samenspreker.models import Question, Seat

AnyRow = Row[*tuple[Any, ...]]
LIVE = ("open", "offered", "accepted")
"""The states of a seat that is at the table, taken or not."""

_SHOWN_PERSON = and_(Person.id == Seat.person_id, Person.state == "active", Person.visibility != "private")
_COLUMNS = (
    Seat.id,
    Seat.version,
    Seat.question_id,
    Seat.organization_id,
    Seat.person_id,
    Seat.title,
    Seat.sector,
    Seat.role,
    Seat.responsibility,
    Seat.state,
    Seat.holder_name,
    Seat.account_id,
    Seat.alternate_id,
    Seat.alternate_name,
    Seat.alternate_token_hash.is_not(None).label("alternate_asked"),
    Seat.reason,
    Seat.offered_at,
    Seat.answered_at,
    Organization.name.label("organization_name"),
    Organization.slug.label("organization_slug"),
    Person.name.label("person_name"),
    Person.slug.label("person_slug"),
)
_SEATS = (
    select(*_COLUMNS)
    .outerjoin(Organization, and_(Organization.id == Seat.organization_id, Organization.state == "active"))
    .outerjoin(Person, _SHOWN_PERSON)
)
_OF_QUESTION = _SEATS.where(Seat.question_id == bindparam("question_id")).order_by(Seat.at, Seat.id)
_ONE = _SEATS.where(Seat.id == bindparam("id"))
_PARTICIPANTS = (
    select(Seat.id, Seat.sector, Seat.role, Seat.account_id, Seat.alternate_id)
    .where(Seat.question_id == bindparam("question_id"), Seat.state == "accepted")
    .order_by(Seat.at, Seat.id)
)
_ACCOUNT = ACCOUNT_ADDRESSES.c
_RECIPIENTS = (
    select(_ACCOUNT.email, _ACCOUNT.language, Seat.id.label("seat_id"), (Seat.account_id == _ACCOUNT.id).label("is_holder"))
    .join(Seat, or_(Seat.account_id == _ACCOUNT.id, Seat.alternate_id == _ACCOUNT.id))
    .where(Seat.question_id == bindparam("question_id"), Seat.state == "accepted", Seat.wants_mail)
    .order_by(Seat.at, Seat.id)
)
_TABLES = (
    select(Question.title, Question.slug, Question.step, Seat.role)
    .join(Seat, Seat.question_id == Question.id)
    .where(Seat.state == "accepted", Question.state == "accepted")
    .order_by(Question.at.desc(), Question.id.desc(), Seat.at)
    .limit(bindparam("limit"))
)
_OWN_ADDRESS = select(_ACCOUNT.email).where(_ACCOUNT.id == bindparam("account_id"))
_OWN_PERSON = select(AccountPerson.person_id).where(AccountPerson.account_id == bindparam("account_id"))


def seats_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """Every seat of a table in any state, in the order in which they were added. One statement.

    Rows with the columns of the seat (no address), ``organization_name`` and ``…_slug``, ``person_name`` and ``…_slug`` (of a person who
    may be shown), ``alternate_asked``. What of it everybody may see: :func:`samen_samenspreker.web.seat_views.seat_view`.
    """
    return uow.session.execute(_OF_QUESTION, {"question_id": question_id}).all()


def seat_by_id(uow: UnitOfWork, id: uuid.UUID) -> AnyRow | None:
    """One seat, with the columns of :func:`seats_of`."""
    return uow.session.execute(_ONE, {"id": id}).one_or_none()


def participants(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """Who sits at the table: rows with ``id``, ``sector``, ``role``, ``account_id`` and ``alternate_id`` of the accepted seats."""
    return uow.session.execute(_PARTICIPANTS, {"question_id": question_id}).all()


def mail_recipients(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """Holders who want mail and their alternates: rows with ``email``, ``language``, ``seat_id`` and ``is_holder``. One statement."""
    return uow.session.execute(_RECIPIENTS, {"question_id": question_id}).all()


def tables_of_organization(uow: UnitOfWork, organization_id: uuid.UUID, limit: int) -> Sequence[AnyRow]:
    """The tables at which an organisation sits, newest first: rows with ``title``, ``slug``, ``step`` and ``role``. One statement."""
    return uow.session.execute(_TABLES.where(Seat.organization_id == organization_id), {"limit": limit}).all()


def tables_of_person(uow: UnitOfWork, person_id: uuid.UUID, limit: int) -> Sequence[AnyRow]:
    """The tables at which a person sits, as :func:`tables_of_organization`."""
    return uow.session.execute(_TABLES.where(Seat.person_id == person_id), {"limit": limit}).all()


def own_address(uow: UnitOfWork) -> str:
    """The proved e-mail address of the actor's account, in lower case; empty for who has none."""
    if uow.actor.account_id is None:
        return ""
    return str(uow.session.execute(_OWN_ADDRESS, {"account_id": uow.actor.account_id}).scalar_one_or_none() or "").lower()


def own_person(uow: UnitOfWork) -> uuid.UUID | None:
    """The person of the city that the actor's account is, if it chose to be one."""
    if uow.actor.account_id is None:
        return None
    return uow.session.execute(_OWN_PERSON, {"account_id": uow.actor.account_id}).scalar_one_or_none()


def offered_to(account_id: uuid.UUID, today: str) -> Select[*tuple[Any, ...]]:
    """The seats that wait for an answer of this account: asked at its address, of the person it is, or of an organisation it speaks for.

    Columns: ``kind`` ("seat_offered"), ``question_id``, ``slug`` and ``title`` of the question, ``seat_id``, ``at``. ``today`` is
    ``YYYY-MM-DD``. A select, so that it can be one of a union.
    """
    day: BindParameter[str] = literal(today)
    address = select(func.lower(_ACCOUNT.email)).where(_ACCOUNT.id == account_id).scalar_subquery()
    person = select(AccountPerson.person_id).where(AccountPerson.account_id == account_id)
    organizations = (
        select(Membership.organization_id)
        .join(AccountPerson, AccountPerson.person_id == Membership.person_id)
        .where(
            AccountPerson.account_id == account_id,
            Membership.state == "active",
            Membership.can_represent,
            valid_on(Membership.start_date.expression, Membership.end_date.expression, day),
        )
    )
    mine = or_(Seat.email == address, Seat.person_id.in_(person), Seat.organization_id.in_(organizations))
    return (
        select(
            literal("seat_offered").label("kind"),
            Question.id.label("question_id"),
            Question.slug,
            Question.title,
            Seat.id.label("seat_id"),
            Seat.offered_at.label("at"),
        )
        .join(Question, Question.id == Seat.question_id)
        .where(Seat.state == "offered", Question.state == "accepted", mine)
    )
