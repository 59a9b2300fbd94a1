"""The change log: its chain holds whatever is written by whoever, and shows every tampering."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from samen_core.actor import Actor, system
from samen_core.db.changes import GENESIS, plain, verify
from samen_core.platform import Platform
from tests.core.samples import log_rows

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=6,
)


def check(platform: Platform) -> tuple[int, str]:
    """How many rows are right, and what is wrong ("" for nothing)."""
    with platform.read(system("test")) as uow:
        checked, problem = verify(uow.session, batch=3)
    return checked, f"{problem.seq} {problem.what}" if problem else ""


def fill(platform: Platform, number: int) -> None:
    """Write this many rows, two in each transaction."""
    for index in range(number):
        with platform.unit_of_work(Actor(kind="account", account_id=uuid.uuid4(), origin="web")) as uow:
            uow.record(
                "gereedschap.tool.changed",
                uuid.uuid4(),
                before={"n": index},
                after={"n": index + 1},
                reason="omdat",
                public=True,
                sentence="Zo is het.",
            )
            uow.record("gereedschap.tool.other")


def execute(platform: Platform, statement: str) -> None:
    """Tamper with the database."""
    with platform.write_engine.begin() as connection:
        connection.execute(text(statement))


def test_an_empty_log_holds(platform: Platform) -> None:
    assert check(platform) == (0, "")


def test_the_log_holds_over_batches(platform: Platform) -> None:
    fill(platform, 5)
    assert check(platform) == (10, "")
    rows = log_rows(platform)
    assert [row.seq for row in rows] == list(range(1, 11))
    assert rows[0].previous_hash == GENESIS
    assert all(row.previous_hash == before.hash for before, row in pairwise(rows))


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("tamper", "checked", "problem"),
    [
        ("UPDATE core__change SET action = 'gereedschap.tool.hidden' WHERE seq = 3", 2, "3 the row was changed"),
        ("UPDATE core__change SET after = '{\"n\": 9}' WHERE seq = 3", 2, "3 the row was changed"),
        ("UPDATE core__change SET before = NULL WHERE seq = 3", 2, "3 the row was changed"),
        ("UPDATE core__change SET reason = 'daarom' WHERE seq = 3", 2, "3 the row was changed"),
        ("UPDATE core__change SET actor_id = NULL WHERE seq = 3", 2, "3 the row was changed"),
        ("UPDATE core__change SET public = false WHERE seq = 3", 2, "3 the row was changed"),
        ("UPDATE core__change SET at = '2020-01-01 00:00:00' WHERE seq = 3", 2, "3 the row was changed"),
        ("UPDATE core__change SET sentence = 'Zo was het.' WHERE seq = 3", 2, "3 the row was changed"),
        ("UPDATE core__change SET hash = previous_hash WHERE seq = 3", 2, "3 the row was changed"),
        ("DELETE FROM core__change WHERE seq = 1", 0, "1 a row is missing"),
        ("DELETE FROM core__change WHERE seq = 4", 3, "4 a row is missing"),
        ("DELETE FROM core__change WHERE seq > 4", 4, "5 rows are missing at the end"),
        ("DELETE FROM core__change", 0, "1 rows are missing at the end"),
        ("UPDATE core__log_head SET seq = 4", 6, "7 the head does not fit the last row"),
        ("UPDATE core__log_head SET hash = 'x'", 6, "7 the head does not fit the last row"),
    ],
)
def test_tampering_is_found(platform: Platform, tamper: str, checked: int, problem: str) -> None:
    fill(platform, 3)
    execute(platform, tamper)
    assert check(platform) == (checked, problem)


def test_a_row_put_in_between_is_found(platform: Platform) -> None:
    """Also when the rows after it are moved up and the chain is closed again around it, except for their own hashes."""
    fill(platform, 2)
    execute(platform, "UPDATE core__change SET seq = seq + 100 WHERE seq >= 3")
    execute(platform, "UPDATE core__change SET seq = seq - 99 WHERE seq > 100")
    assert check(platform) == (2, "3 a row is missing")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.dictionaries(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5), JSON, max_size=4))
def test_any_value_reads_back_with_the_same_hash(platform: Platform, value: dict[str, Any]) -> None:
    """Databases write numbers in their own way: 1e20 becomes an integer, -0.0 loses its sign."""
    with platform.unit_of_work(system("test")) as uow:
        uow.record("gereedschap.tool.changed", after=value)
    assert check(platform)[1] == ""


def test_numbers_read_back_with_the_same_hash(platform: Platform) -> None:
    numbers = [1e20, 1e22, -0.0, 1.5e300, 5e-324, 0.1, 2**53 + 1, 12345678901234567890123, Decimal("1.10"), 1.0]
    with platform.unit_of_work(system("test")) as uow:
        for number in numbers:
            uow.record("gereedschap.tool.changed", after={"value": number})
    assert check(platform) == (len(numbers), "")


def test_tampering_is_found_on_every_database(platform: Platform) -> None:
    fill(platform, 2)
    execute(platform, "UPDATE core__change SET reason = 'daarom' WHERE seq = 3")
    assert check(platform) == (2, "3 the row was changed")
    execute(platform, "DELETE FROM core__change WHERE seq >= 3")
    assert check(platform) == (2, "3 rows are missing at the end")


def test_what_a_database_cannot_keep_is_refused_when_it_is_recorded(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        for value in (float("nan"), float("inf")):
            with pytest.raises(ValueError, match="cannot be logged"):
                uow.record("gereedschap.tool.changed", after={"value": value})
        uow.rollback()


def test_plain_gives_json_types() -> None:
    id = uuid.uuid4()
    moment = datetime(2026, 12, 3, 19, 30, tzinfo=UTC)
    value = {"id": id, 1: (moment, moment.date(), Decimal("1.10")), "set": frozenset({"a"}), "none": None, "yes": True}
    assert plain(value) == {
        "id": str(id),
        "1": ["2026-12-03T19:30:00+00:00", "2026-12-03", "1.10"],
        "set": ["a"],
        "none": None,
        "yes": True,
    }


def test_a_set_is_logged_in_one_order() -> None:
    assert plain({"b", "a", "c"}) == ["a", "b", "c"]


def test_bytes_are_no_text() -> None:
    with pytest.raises(TypeError, match="bytes cannot be logged"):
        plain(b"abc")


def in_threads(work: Callable[[int], None], number: int) -> None:
    """Do ``work`` in this many threads at once; an error in one is raised here."""
    errors: list[BaseException] = []
    start = threading.Barrier(number)

    def run(index: int) -> None:
        try:
            start.wait()
            work(index)
        except BaseException as error:  # noqa: BLE001 - raised in the test below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def test_concurrent_writers_keep_one_chain(platform: Platform) -> None:
    def write(index: int) -> None:
        for turn in range(8):
            with platform.unit_of_work(system("test")) as uow:
                uow.record(f"gereedschap.writer.{index}", after={"turn": turn})
                uow.record(f"gereedschap.writer.{index}", after={"turn": turn})

    in_threads(write, 6)
    assert check(platform) == (6 * 8 * 2, "")


def test_a_row_that_comes_in_while_verifying_is_no_tampering(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(platform, 2)
    with platform.read(system("test")) as uow:
        execute = uow.session.execute

        def write_first(statement: Any, *arguments: Any) -> Any:
            if "core__log_head" in str(statement):
                fill(platform, 1)
            return execute(statement, *arguments)

        monkeypatch.setattr(uow.session, "execute", write_first)
        assert verify(uow.session) == (4, None)


def test_a_log_that_is_being_written_holds(platform: Platform) -> None:
    """Verifying reads one state of the database, so rows that come in meanwhile are no tampering."""
    done = threading.Event()
    found: list[str] = []

    def work(index: int) -> None:
        if index:
            try:
                fill(platform, 12)
            finally:
                done.set()
            return
        while not done.is_set():
            found.append(check(platform)[1])

    in_threads(work, 2)
    assert set(found) <= {""}
    assert check(platform) == (24, "")
