"""Statements that are prepared once say and keep what SQLAlchemy's own way does, on both databases."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from samen_core.actor import system
from samen_core.db.base import uuid7
from samen_core.db.prepared import Prepared, PreparedInsert
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.platform import Platform

EVENTS, DELIVERIES = PreparedInsert(OutboxEvent.__table__), PreparedInsert(OutboxDelivery.__table__)
MOMENT = datetime(2026, 3, 29, 2, 30, 0, 7, tzinfo=timezone(timedelta(hours=2)))


def an_event(**values: object) -> dict[str, object]:
    return {"id": uuid7(), "type": "test", "version": 1, "payload": {"name": "Café 100 %", "numbers": [1, None]}, "at": MOMENT} | values


def test_what_is_written_is_read_as_it_was(platform: Platform) -> None:
    row = an_event()
    with platform.unit_of_work(system("test")) as uow:
        EVENTS.write(uow.session.connection(), row)
        DELIVERIES.write(
            uow.session.connection(), *({"id": uuid7(), "event_id": row["id"], "handler": name, "next_at": MOMENT} for name in "ab")
        )
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(OutboxEvent, row["id"])
        assert (found.type, found.version, found.payload, found.at) == ("test", 1, row["payload"], MOMENT.astimezone(UTC))
        told = uow.session.execute(select(OutboxDelivery).where(OutboxDelivery.event_id == row["id"])).scalars().all()
        assert {(one.handler, one.state, one.attempts, one.last_error, one.lease_until) for one in told} == {
            ("a", "pending", 0, "", None),
            ("b", "pending", 0, "", None),
        }


def test_a_row_is_read_as_the_columns_say(platform: Platform) -> None:
    row = an_event()
    table = OutboxEvent.__table__
    asked = Prepared(
        select(table.c.id, table.c.payload, table.c.at, table.c.version).where(table.c.id == bindparam("id"), table.c.version == 1)
    )
    with platform.unit_of_work(system("test")) as uow:
        connection = uow.session.connection()
        EVENTS.write(connection, row)
        assert asked.row(connection, {"id": row["id"]}) == [row["id"], row["payload"], MOMENT.astimezone(UTC), 1]


def test_nothing_is_written_of_what_is_not_right(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        connection = uow.session.connection()
        EVENTS.write(connection)
        with pytest.raises(TypeError, match="no columns of this table: kind"):
            EVENTS.write(connection, an_event(kind="x"))
        with pytest.raises(TypeError, match="not in this statement: more"):
            Prepared(select(OutboxEvent.id).where(OutboxEvent.id == bindparam("id"))).execute(connection, {"id": uuid.uuid4(), "more": 1})
        with pytest.raises(ValueError, match="time zone"):
            EVENTS.write(connection, an_event(at=datetime(2026, 1, 1)))  # noqa: DTZ001 - it is the mistake
        uow.rollback()


def test_an_error_of_the_database_is_that_of_every_statement(platform: Platform) -> None:
    row = an_event()
    with pytest.raises(IntegrityError) as caught, platform.unit_of_work(system("test")) as uow:
        EVENTS.write(uow.session.connection(), row)
        EVENTS.write(uow.session.connection(), row)
    assert "Café" not in str(caught.value), "the values of a statement are people's data"
