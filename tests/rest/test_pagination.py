"""Keyset pages: every row once, in both directions, on both databases; cursors that were tampered with are refused."""

from __future__ import annotations

import json
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column as TableColumn
from sqlalchemy import Date, Float, MetaData, Table, Uuid, create_engine, insert, select
from sqlalchemy.orm import Session

from samen_core.db.base import Code, UTCDateTime
from samen_core.errors import Invalid
from samen_core.i18n import Translations
from samen_core.pagination import COUNT_CAP, Count, Order, Page, PageRequest, SortKey, count_up_to, decode_cursor, encode_cursor, fetch_page
from samen_core.testing.postgres import PostgresServer

THING = Table(
    "thing",
    MetaData(),
    TableColumn("id", Uuid(), primary_key=True),
    TableColumn("name", Code),
    TableColumn("at", UTCDateTime()),
    TableColumn("day", Date()),
    TableColumn("weight", Float()),
)
START = datetime(2026, 11, 1, 12, 30, 15, 123456, tzinfo=UTC)
ROWS = [
    {
        "id": uuid.UUID(int=number * 7919 % 53),
        "name": f"naam {number % 4}",
        "at": START + timedelta(hours=number % 5),
        "day": date(2026, 1, 1 + number % 3),
        "weight": (number % 3) / 4,
    }
    for number in range(53)
]
ORDERS = {
    "one way": Order("up", SortKey(THING.c.name), SortKey(THING.c.id)),
    "other way": Order("down", SortKey(THING.c.at, descending=True), SortKey(THING.c.id, descending=True)),
    "mixed": Order(
        "mixed", SortKey(THING.c.weight, descending=True), SortKey(THING.c.day), SortKey(THING.c.at), SortKey(THING.c.id, descending=True)
    ),
}
ALL = select(THING.c.id, THING.c.name, THING.c.at, THING.c.day, THING.c.weight)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A table with rows that share values in every column but the key."""
    if request.param == "sqlite":
        url = "sqlite://"
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.create_database("pagination")
    engine = create_engine(url)
    THING.create(engine)
    with Session(engine) as made:
        made.execute(insert(THING), ROWS)
        yield made
    engine.dispose()
    if request.param == "postgresql":
        server.drop_database("pagination")


def walk(session: Session, order: Order, limit: int, direction: str, cursor: str = "") -> list[Page[Any]]:
    pages = [fetch_page(session, ALL, order, PageRequest(limit, cursor))]
    while (cursor := getattr(pages[-1], direction)) is not None:
        pages.append(fetch_page(session, ALL, order, PageRequest(limit, cursor)))
    return pages


@pytest.mark.parametrize("limit", [1, 7, 53, 60])
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_every_row_once_in_order_and_back(session: Session, order: Order, limit: int) -> None:
    expected = [row.id for row in session.execute(ALL.order_by(*order.forward))]
    pages = walk(session, order, limit, "next")
    assert [row.id for page in pages for row in page.items] == expected
    assert pages[0].previous is None
    back = walk(session, order, limit, "previous", pages[-1].previous or "")
    if len(pages) > 1:
        before_last = [row.id for page in reversed(back) for row in page.items]
        assert before_last == expected[: len(before_last)]
        assert len(before_last) == sum(len(page.items) for page in pages[:-1])
        assert back[-1].previous is None
        assert all(page.next for page in back)


def test_a_row_that_came_in_between_shifts_nothing(session: Session) -> None:
    order = ORDERS["one way"]
    first = fetch_page(session, ALL, order, PageRequest(10))
    with session.begin_nested() as savepoint:
        session.execute(insert(THING).values(id=uuid.UUID(int=10_000), name="a", at=START, day=date(2026, 1, 1), weight=0.0))
        second = fetch_page(session, ALL, order, PageRequest(10, first.next or ""))
        savepoint.rollback()
    expected = [row.id for row in session.execute(ALL.order_by(*order.forward).limit(20))]
    assert [row.id for page in (first, second) for row in page.items] == expected


def test_an_empty_list_has_no_other_pages(session: Session) -> None:
    page = fetch_page(session, ALL.where(THING.c.name == "geen"), ORDERS["mixed"], PageRequest())
    assert (page.items, page.next, page.previous) == ([], None, None)


def test_counting_stops_at_the_cap(session: Session) -> None:
    assert count_up_to(session, ALL) == Count(53)
    assert count_up_to(session, ALL, cap=53) == Count(53)
    assert count_up_to(session, ALL, cap=52) == Count(52, more=True)
    assert count_up_to(session, ALL.where(THING.c.name == "geen").order_by(THING.c.id)) == Count(0)


def test_a_capped_count_says_so() -> None:
    with Translations([]).use("nl"):
        assert str(Count(12)) == "12"
        assert str(Count(COUNT_CAP, more=True)) == "meer dan 1.000"


def raw(*content: Any) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


GOOD_ID = uuid.UUID(int=5).hex
WRONG = {
    "not base64": "!!!",
    "not ASCII": "é",
    "not JSON": urlsafe_b64encode(b"hallo").decode(),
    "not a list": urlsafe_b64encode(b'"hallo"').decode(),
    "a number": urlsafe_b64encode(b"5").decode(),
    "deep": urlsafe_b64encode(b"[" * 1400).decode(),
    "another order": raw("down", "n", ["naam 1", GOOD_ID]),
    "another direction": raw("up", "x", ["naam 1", GOOD_ID]),
    "too few values": raw("up", "n", ["naam 1"]),
    "a NUL that no database keeps": raw("up", "n", ["naam\x00", GOOD_ID]),
    "half a character": raw("up", "n", ["\ud800", GOOD_ID]),
    "a wrong type": raw("up", "n", [5, GOOD_ID]),
    "a list as id": raw("up", "n", ["naam", [GOOD_ID]]),
    "no id": raw("up", "n", ["naam", "geen id"]),
    "null": raw("up", "n", ["naam", None]),
    "too long": raw("up", "n", ["x" * 3000, GOOD_ID]),
}


@pytest.mark.parametrize("cursor", WRONG.values(), ids=WRONG)
def test_a_wrong_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        decode_cursor(ORDERS["one way"], cursor)
    assert list(caught.value.errors) == ["cursor"]


@pytest.mark.parametrize(
    "values", [["inf", "2026-01-01", "2026-01-01T00:00:00+00:00"], [1.0, "2026-13-01", "x"], [1.0, "2026-01-01", "2026-01-01T00:00:00"]]
)
def test_a_value_that_its_column_cannot_hold_is_refused(values: list[Any]) -> None:
    with pytest.raises(Invalid):
        decode_cursor(ORDERS["mixed"], raw("mixed", "n", [*values, GOOD_ID]))


@given(st.text(max_size=60), st.uuids())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_what_is_encoded_comes_back(name: str, id: uuid.UUID) -> None:
    name = name.replace("\x00", "")
    order = ORDERS["one way"]
    assert decode_cursor(order, encode_cursor(order, "previous", (name, id))) == ("previous", [name, id])


@given(st.text(max_size=80))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_no_text_breaks_the_decoder(cursor: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(ORDERS["mixed"], cursor)
