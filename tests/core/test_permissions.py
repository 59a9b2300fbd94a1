"""Permissions: the list and the thing itself never disagree."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Integer, MetaData, Table, Uuid, create_engine, insert, select

from samen_core.actor import Actor, Grant, anonymous, system
from samen_core.errors import NotAllowed
from samen_core.i18n import _
from samen_core.permissions import LOGGED_IN, MANAGE, PUBLIC, ROLES, Permission

THINGS = [uuid.UUID(int=number) for number in range(1, 6)]
TABLE = Table("thing", MetaData(), Column("number", Integer, primary_key=True), Column("id", Uuid), Column("open", Boolean))
NAMES = ("blok.one", "blok.two")

roles = st.sampled_from([*ROLES, "a_role_of_later"])
scopes = st.none() | st.sampled_from(THINGS) | st.just(uuid.UUID(int=99))
grants = st.lists(st.builds(Grant, roles, scopes), max_size=4).map(tuple)
actors = st.one_of(
    st.just(anonymous()),
    st.just(system()),
    st.builds(Actor, st.just("account"), account_id=st.just(uuid.UUID(int=7)), grants=grants),
    st.builds(
        Actor,
        st.just("token"),
        account_id=st.just(uuid.UUID(int=7)),
        grants=grants,
        scopes=st.frozensets(st.sampled_from(NAMES), max_size=2),
    ),
)
permissions = st.builds(
    Permission,
    st.sampled_from(NAMES),
    st.just(_("iets doen")),
    st.frozensets(st.sampled_from(list(ROLES)), max_size=3),
    st.sampled_from(["nobody", "logged_in", "everyone"]),
)


@pytest.fixture(scope="module")
def connection() -> object:
    """Five things in a database; two of them are open to everyone."""
    engine = create_engine("sqlite://")
    with engine.connect() as made:
        TABLE.create(made)
        made.execute(insert(TABLE), [{"number": index, "id": id, "open": index % 3 == 0} for index, id in enumerate(THINGS)])
        yield made


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(permission=permissions, actor=actors)
def test_the_list_holds_what_is_allowed(connection: object, permission: Permission, actor: Actor) -> None:
    found = set(connection.execute(permission.narrow(actor, select(TABLE.c.id), TABLE.c.id)).scalars())  # type: ignore[attr-defined]
    assert found == {id for id in THINGS if permission.allows(actor, id)}
    assert permission.somewhere(actor) >= bool(found)
    if permission.allows(actor):
        assert found == set(THINGS)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(permission=permissions, actor=actors)
def test_the_list_adds_what_is_public(connection: object, permission: Permission, actor: Actor) -> None:
    narrowed = permission.narrow(actor, select(TABLE.c.id), TABLE.c.id, public=TABLE.c.open.is_(True))
    found = set(connection.execute(narrowed).scalars())  # type: ignore[attr-defined]
    assert found == {id for index, id in enumerate(THINGS) if index % 3 == 0 or permission.allows(actor, id)}


@given(permission=permissions, actor=actors, target=st.none() | st.sampled_from(THINGS))
def test_require_refuses_what_is_not_allowed(permission: Permission, actor: Actor, target: uuid.UUID | None) -> None:
    if permission.allows(actor, target):
        permission.require(actor, target)
        return
    with pytest.raises(NotAllowed) as raised:
        permission.require(actor, target)
    assert raised.value.log_in is actor.is_anonymous
    assert "iets doen" in str(raised.value)


@given(permission=permissions, grants=grants, scopes=st.frozensets(st.sampled_from(NAMES)), target=st.none() | st.sampled_from(THINGS))
def test_a_token_never_gives_more_than_its_account_has(
    permission: Permission, grants: tuple[Grant, ...], scopes: frozenset[str], target: uuid.UUID | None
) -> None:
    account = Actor("account", uuid.UUID(int=7), grants=grants)
    token = Actor("token", uuid.UUID(int=7), grants=grants, scopes=scopes)
    assert permission.allows(token, target) == (
        permission.allows(account, target) and (permission.name in scopes or permission.audience == "everyone")
    )


def test_a_grant_on_the_thing_around_it_counts_when_it_is_named() -> None:
    organization, event = THINGS[:2]
    edit = Permission("blok.edit", _("bewerken"), roles=frozenset({"facilitator"}))
    actor = Actor("account", THINGS[2], grants=(Grant("facilitator", organization),))
    assert not edit.allows(actor, event)
    assert edit.allows(actor, event, scopes=[organization])
    assert edit.somewhere(actor)
    assert not edit.allows(actor)


def test_what_everybody_may_needs_no_account() -> None:
    assert PUBLIC.allows(anonymous())
    assert not LOGGED_IN.allows(anonymous())
    assert LOGGED_IN.allows(Actor("account", THINGS[0]))
    assert not MANAGE.allows(Actor("account", THINGS[0], grants=(Grant("moderator"),)))
    assert MANAGE.allows(Actor("account", THINGS[0], grants=(Grant("manager"),)))


def test_a_role_is_held_for_the_city_or_for_one_thing() -> None:
    actor = Actor("account", THINGS[0], grants=(Grant("facilitator", THINGS[1]), Grant("moderator")))
    assert actor.has_role("facilitator", THINGS[1])
    assert not actor.has_role("facilitator", THINGS[2])
    assert not actor.has_role("facilitator")
    assert actor.has_role("moderator", THINGS[2])


def test_a_role_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'example\.lend' names the unknown role 'procesbegeleider': there are resident, facilitator"):
        Permission("example.lend", _("uitlenen"), roles=frozenset({"facilitator", "procesbegeleider"}))
