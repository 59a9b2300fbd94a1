"""Writers of one process take turns at the one write lock of SQLite."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from samen_core.db import engine as module
from samen_core.db.engine import make_engine, writing

TURN = module._TURN
COUNT = text("UPDATE counter SET number = number + 1")


@pytest.fixture
def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """An engine whose SQLite does not wait for a writer at all."""
    monkeypatch.setattr(module, "BUSY_TIMEOUT", 0)
    engine = writing(make_engine(f"sqlite:///{tmp_path / 'turns.db'}"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (number INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    return engine


def test_who_finds_another_writing_waits_for_the_turn(impatient: Engine) -> None:
    failed: list[Exception] = []

    def count() -> None:
        try:
            with impatient.begin() as connection:
                connection.execute(COUNT)
        except OperationalError as error:
            failed.append(error)

    threads = [threading.Thread(target=count) for _nth in range(3)]
    with impatient.begin() as connection:
        for thread in threads:
            thread.start()
        threads[0].join(0.2)
        connection.execute(COUNT)
    for thread in threads:
        thread.join()
    assert failed == []
    with impatient.begin() as connection:
        assert connection.execute(text("SELECT number FROM counter")).scalar_one() == 4


def test_the_turn_ends_with_the_transaction_however_that_ends(impatient: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TURN_TIMEOUT", 0.0)
    with pytest.raises(ZeroDivisionError), impatient.begin():
        raise ZeroDivisionError
    with impatient.connect() as connection:
        connection.execute(COUNT)
    with impatient.connect() as connection:
        connection.execute(COUNT)
        connection.commit()
        connection.execute(COUNT)
        connection.rollback()
    left = impatient.connect()
    left.execute(COUNT)
    left.invalidate()
    left.close()
    with impatient.begin() as connection:
        assert connection.info[TURN], "somebody still has it"


def test_another_process_that_writes_is_waited_for_as_long_as_was_set(impatient: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    other = writing(make_engine(str(impatient.url)))
    with other.begin() as connection:
        connection.execute(COUNT)
        with pytest.raises(OperationalError, match="locked"), impatient.begin():
            pass
    monkeypatch.setattr(module, "BUSY_TIMEOUT", 5_000)
    held = other.connect()
    held.execute(COUNT)
    release = threading.Timer(0.1, held.close)
    release.start()
    with impatient.begin() as connection:
        connection.execute(COUNT)
        assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == 5_000
    release.join()
    with impatient.begin() as connection:
        assert connection.execute(text("SELECT number FROM counter")).scalar_one() == 2


def test_what_cannot_be_written_says_so_at_once(tmp_path: Path, impatient: Engine) -> None:
    sealed = writing(make_engine(f"sqlite:///file:{tmp_path / 'turns.db'}?mode=ro&uri=true"))
    with pytest.raises(OperationalError, match="readonly"), sealed.begin() as connection:
        connection.execute(COUNT)
