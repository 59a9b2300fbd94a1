"""Purging writes down everything, checks it and drops it; restoring brings it back equal, also on the other kind of database."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from samen_core.accounts.models import RoleGrant
from samen_core.accounts.services.privacy import erase_account
from samen_core.actor import Actor, anonymous, system
from samen_core.app import create_app
from samen_core.blocks.dumps.rows import reflected
from samen_core.blocks.purge import export_block, purge_block
from samen_core.blocks.restore import restore_block
from samen_core.db import migrate
from samen_core.db.base import uuid7
from samen_core.db.changes import verify as verify_log
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import StartupError
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.events.worker import Worker
from samen_core.files import store_upload
from samen_core.moderation import hide
from samen_core.platform import Parts, Platform
from samen_core.search import search
from samen_core.settings import SettingValue
from samen_core.subjects import SubjectData, SubjectRef, cards, register
from samen_core.testing.platforms import Clock
from tests.removal.conftest import contents, count, everything, one, quiet, tables, with_blocks

As = Callable[..., Actor]


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent"]}


@pytest.fixture
def notes(city: Platform, actor_as: As) -> list[uuid.UUID]:
    """Three notes, of which the second is secret, with everything that core keeps for them."""
    writer = actor_as("resident")
    with city.unit_of_work(writer) as uow:
        ids = [_note(uow, title, public=public) for title, public in (("Eerste ë", True), ("Geheim", False), ("Derde", True))]
        with uow.acting(system("test")):
            hide(uow, SubjectRef("memo", ids[2]), "dit is reclame van een winkel", "advertising")
        _core_rows(uow, ids[0], writer)
    return ids


def _note(uow: UnitOfWork, title: str, *, public: bool) -> uuid.UUID:
    id, at = uuid7(), uow.now
    register(uow, SubjectRef("memo", id), SubjectData(title, f"/memo/{id}", summary="kort", public=public))
    uow.session.flush()
    file = store_upload(uow, BytesIO(f"%PDF-1.4 {title} %%EOF".encode()), f"{title}.pdf", owner=id)
    shape = reflected(uow.session.connection(), "memo__note")
    row = {"id": id, "parent_id": None, "account_id": uow.actor.account_id, "body": f"zebrapad {title}\n", "at": at}
    row |= {"day": date(2026, 2, 28), "hour": time(13, 5), "price": Decimal("12.50"), "weight": 0.1, "done": public}
    row |= {"facts": {"z": [1, None, "é"], "a": {"b": 1.5}} if public else None, "raw": b"\x00\xff", "file_id": file.id}
    uow.session.execute(insert(shape.source), row)
    # The first refers to a later one: no order of rows is right.
    uow.session.execute(text("UPDATE memo__note SET parent_id = :id WHERE parent_id IS NULL AND id <> :id"), {"id": _raw(uow, id)})
    likes = reflected(uow.session.connection(), "memo__like").source
    uow.session.execute(insert(likes), {"id": count_of(uow, "memo__like") + 7, "note_id": id, "account_id": uow.actor.account_id})
    return id


def _raw(uow: UnitOfWork, id: uuid.UUID) -> Any:
    return id.hex if uow.session.connection().dialect.name == "sqlite" else id


def count_of(uow: UnitOfWork, name: str) -> int:
    return int(uow.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())


def _core_rows(uow: UnitOfWork, id: uuid.UUID, writer: Actor) -> None:
    session, now = uow.session, uow.now
    session.add(SettingValue(key="memo.colour", value=["rood"], updated_at=now))
    session.add(SettingValue(key="memory.size", value=3, updated_at=now))
    session.add(RoleGrant(id=uuid7(), user_id=writer.account_id, role="facilitator", scope_id=id, granted_at=now))
    told, other = uuid7(), uuid7()
    for event, type in ((told, "memo.note.made"), (other, "core.subject.changed")):
        session.add(OutboxEvent(id=event, type=type, version=1, payload={"about": []}, at=now))
    session.flush()
    for event, handler, state in ((told, "memo.count", "done"), (other, "memo.index", "pending"), (other, "core.other", "pending")):
        session.add(OutboxDelivery(id=uuid7(), event_id=event, handler=handler, state=state, attempts=0, next_at=now, last_error=""))


def _raw_in(platform: Platform, id: uuid.UUID) -> Any:
    return id.hex if platform.engine.dialect.name == "sqlite" else id


def _nobodys(city: Platform, id: uuid.UUID) -> None:
    """Make a note the city's, as one that nobody wrote with an account."""
    with city.write_engine.begin() as connection:
        connection.execute(text("UPDATE memo__note SET account_id = NULL WHERE id = :id"), {"id": _raw_in(city, id)})


def found(platform: Platform) -> list[uuid.UUID]:
    with platform.read(anonymous()) as uow:
        return [result.id for result in search(uow, "zebrapad").results]


def purged(city: Platform, folder: Path) -> Platform:
    """The city after disabling and purging the block, without its code."""
    smaller = with_blocks(city, without=("memo",))
    purge_block(smaller, "memo", folder, quiet)
    return smaller


def test_a_purged_block_leaves_only_titles_of_what_anybody_could_see_and_is_nobodys_own(
    city: Platform, notes: list[uuid.UUID], tmp_path: Path
) -> None:
    before = everything(city)
    _nobodys(city, notes[2])
    smaller = purged(city, tmp_path / "dump")
    assert tables(smaller, "memo") == set()
    with smaller.read(anonymous()) as uow:
        known = cards(uow, notes)
        assert {id: (card.title, card.summary, card.state) for id, card in known.items()} == {
            notes[0]: ("(weggehaald)", "", "gone"),
            notes[2]: ("Derde", "", "gone"),
        }
        assert search(uow, "zebrapad").results == ()
    # What is somebody's own keeps no words: an erasure would not find them any more. An address may hold them too.
    left = "SELECT title, url, summary FROM core__subject WHERE id = :id"
    assert [tuple(one(smaller, left, id=_raw_in(smaller, id))) for id in notes[:2]] == [("(weggehaald)", "", ""), ("", "", "")]
    client = create_app(smaller).test_client()
    told = {id: client.get(f"/id/memo/{id}") for id in notes}
    assert [told[id].status_code for id in notes] == [410, 404, 410]
    assert ["Hier stond" in told[id].text for id in notes] == [False, False, True]
    assert contents(smaller) == {}
    after = everything(smaller)
    assert [json.loads(line)["key"] for line in after["core__setting"]] == ["memory.size"]
    assert after["core__grant"] == after["core__hiding"] == []
    assert [json.loads(line)["handler"] for line in after["core__outbox_delivery"] if b"memo" in line] == []
    assert b"core.other" in b"".join(after["core__outbox_delivery"])
    assert {json.loads(line)["type"] for line in after["core__outbox"]} == {"core.subject.changed", "core.subject.hidden"}
    assert not [line for name in ("core__personal_field", "core__file") for line in after[name] if b"memo" in line]
    kept = {name: lines for name, lines in before.items() if name.startswith("citycontent__")}
    assert kept == {name: lines for name, lines in after.items() if name.startswith("citycontent__")}
    with smaller.read(system("test")) as uow:
        assert verify_log(uow.session)[1] is None
    assert "core.block.purged" in [row.action for row in _log(smaller)]
    assert migrate.upgrade(smaller) == []
    smaller.close()


def _log(platform: Platform) -> list[Any]:
    with platform.engine.connect() as connection:
        return list(connection.execute(text("SELECT action, subject_id FROM core__change ORDER BY seq")))


def test_what_comes_back_is_equal(city: Platform, notes: list[uuid.UUID], tmp_path: Path) -> None:
    Worker(city).drain()
    before, files, findable = everything(city, "memo"), contents(city), found(city)
    assert sorted(findable) == [notes[0], notes[2]]
    smaller = purged(city, tmp_path / "dump")
    smaller.close()
    # Without its tables, as a new installation of the block; the second time with the empty tables that enabling it makes.
    restore_block(city, tmp_path / "dump", quiet)
    assert (everything(city, "memo"), contents(city), found(city)) == (before, files, findable)
    purged(city, tmp_path / "again").close()
    migrate.upgrade(city)
    with city.write_engine.begin() as connection:
        connection.execute(text("DELETE FROM memo__word"))
    restore_block(city, tmp_path / "again", quiet)
    assert (everything(city, "memo"), contents(city), found(city)) == (before, files, findable)
    assert [path.read_bytes() for path in sorted((tmp_path / "dump" / "tables").iterdir())] == [
        path.read_bytes() for path in sorted((tmp_path / "again" / "tables").iterdir())
    ]
    with city.write_engine.begin() as connection:
        # Numbers go on after the highest that came back.
        values = "SELECT note_id, account_id FROM memo__like LIMIT 1"
        connection.execute(text(f"INSERT INTO memo__like (note_id, account_id) {values}"))
    with pytest.raises(StartupError, match="has data here"):
        restore_block(city, tmp_path / "dump", quiet)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_dump_is_private_and_says_what_is_in_it(city: Platform, notes: list[uuid.UUID], tmp_path: Path) -> None:
    folder = tmp_path / "dump"
    dump = export_block(city, "memo", folder, quiet)
    assert tables(city, "memo") >= {"memo__note"}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["format"], manifest["block"], manifest["revisions"]) == (1, "memo", ["memo_0001"])
    shown = {item["name"]: item for item in manifest["tables"]}
    assert shown["memo__note"]["rows"] == len(notes)
    assert shown["memo__note"]["columns"] == {
        "id": "uuid",
        "parent_id": "uuid",
        "account_id": "uuid",
        "body": "text",
        "at": "datetime",
        "day": "date",
        "hour": "time",
        "price": "decimal",
        "weight": "float",
        "done": "boolean",
        "facts": "json",
        "raw": "bytes",
        "file_id": "uuid",
    }
    assert len(dump.files) == len(notes)
    assert {path.stat().st_mode & 0o77 for path in folder.rglob("*")} == {0}
    first = json.loads((folder / "tables" / "memo__note.jsonl").read_text().splitlines()[0])
    assert (first["price"], first["raw"], first["day"]) == ("12.50", "AP8=", "2026-02-28")


def test_a_failure_leaves_everything_as_it_was(
    city: Platform, notes: list[uuid.UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, files = everything(city, "memo"), contents(city)
    smaller = with_blocks(city, without=("memo",))
    full, occupied = tmp_path / "full", tmp_path / "occupied"
    occupied.mkdir()
    (occupied / "mine.txt").write_text("x")
    with pytest.raises(StartupError, match="is not empty"):
        purge_block(smaller, "memo", occupied, quiet)
    with pytest.raises(StartupError, match="cannot be written"):
        purge_block(smaller, "memo", occupied / "mine.txt" / "dump", quiet)

    def lost(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("samen_core.blocks.dumps.writing._copy", lost)
        with pytest.raises(OSError, match="No space left"):
            purge_block(smaller, "memo", full, quiet)
    assert not full.exists()
    with monkeypatch.context() as patch:
        half = lambda _dump, folder: (folder / "manifest.json").write_text("{") and lost()  # noqa: E731
        patch.setattr("samen_core.blocks.dumps.manifest.Dump.write", half)
        with pytest.raises(OSError, match="No space left"):
            purge_block(smaller, "memo", full, quiet)
    with monkeypatch.context() as patch:
        patch.setattr("samen_core.blocks.purge.drop_tables", lost)
        with pytest.raises(OSError, match="No space left"):
            purge_block(smaller, "memo", full, quiet)
    # Nothing was dropped; the dump is whole and stays, in case the answer of a commit got lost.
    assert (full / "manifest.json").exists()
    assert (everything(city, "memo"), contents(city)) == (before, files)
    assert "core.block.purged" not in [row.action for row in _log(city)]
    smaller.close()
    assert notes


def test_a_failing_restore_leaves_everything_as_it_was(
    city: Platform, notes: list[uuid.UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "dump"
    smaller = purged(city, folder)
    before = everything(smaller, "memo")
    manifest = (folder / "manifest.json").read_text()

    def refuse(because: str) -> None:
        with pytest.raises(StartupError, match=because):
            restore_block(city, folder, quiet)
        assert tables(city, "memo") == set()

    for old, new, because in (
        ('"format": 1', '"format": 2', "has format 2"),
        ('"memo_0001"', '"memo_0002"', "newer than the code: 'memo_0002'"),
        ('"memo_0001"', "", "names no migration"),
        ('"name": "memo__note"', '"name": "core__user"', "is not of block 'memo'"),
        ('"name": "memo__note"', '"name": "../../x"', "cannot be read"),
        ('"body": "text"', '"text": "text"', "other columns here"),
    ):
        (folder / "manifest.json").write_text(manifest.replace(old, new))
        refuse(because)
    (folder / "manifest.json").write_text(manifest)
    rows = folder / "tables" / "memo__note.jsonl"
    whole = rows.read_bytes()
    rows.write_bytes(whole.replace(b"zebrapad", b"zebrapaf", 1))
    refuse("damaged: .*memo__note.jsonl")
    rows.write_bytes(whole)
    file = next((folder / "files").iterdir())
    hidden = file.rename(tmp_path / "hidden")
    refuse("not whole: .*files")
    hidden.rename(file)
    with monkeypatch.context() as patch:
        patch.setattr("samen_core.blocks.dumps.loading._count_on", lambda *_all: (_ for _ in ()).throw(StartupError("halfway")))
        refuse("halfway")
    with pytest.raises(StartupError, match="is no dump"):
        restore_block(city, tmp_path, quiet)
    assert (everything(smaller, "memo"), contents(smaller)) == (before, {})
    restore_block(city, folder, quiet)
    assert len(found(city)) == 2
    smaller.close()
    assert notes


def test_who_was_erased_meanwhile_stays_erased(city: Platform, notes: list[uuid.UUID], tmp_path: Path) -> None:
    writer = uuid.UUID(str(one(city, "SELECT account_id FROM memo__like")[0]))
    purged(city, tmp_path / "dump").close()
    with city.unit_of_work(system("test")) as uow:
        erase_account(uow, writer)
    restore_block(city, tmp_path / "dump", quiet)
    assert one(city, "SELECT count(*), max(body) FROM memo__note") == (len(notes), "")
    assert one(city, "SELECT count(uploaded_by_id) FROM core__file") == (0,)
    Worker(city).drain()
    assert contents(city) == {}, "what the account uploaded for its own things goes with it"
    assert found(city) == []


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_titles_come_back_but_for_what_was_emptied_meanwhile(city: Platform, notes: list[uuid.UUID], tmp_path: Path) -> None:
    _nobodys(city, notes[2])
    shown = "SELECT title, url, public, state FROM core__subject WHERE id = :id"
    before = [one(city, shown, id=_raw_in(city, id)) for id in notes]
    purged(city, tmp_path / "dump").close()
    assert one(city, shown, id=_raw_in(city, notes[0])) == ("(weggehaald)", "", 1, "gone")
    with city.write_engine.begin() as connection:
        connection.execute(text("UPDATE core__subject SET title = '' WHERE title = 'Derde'"))
    restore_block(city, tmp_path / "dump", quiet)
    after = [one(city, shown, id=_raw_in(city, id)) for id in notes]
    assert after == [*before[:2], ("", *before[2][1:])]


def test_who_was_erased_while_it_was_written_stays_erased(city: Platform, notes: list[uuid.UUID], tmp_path: Path, clock: Clock) -> None:
    writer = [uuid.UUID(str(one(city, "SELECT account_id FROM memo__like")[0]))]

    def meanwhile(_line: str) -> None:
        if writer:
            clock.forward(minutes=1)
            with city.unit_of_work(system("test")) as uow:
                erase_account(uow, writer.pop())
            clock.forward(hours=5)

    export_block(city, "memo", tmp_path / "dump", meanwhile)
    assert "zebrapad" in (tmp_path / "dump" / "tables" / "memo__note.jsonl").read_text()
    purged(city, tmp_path / "later").close()
    restore_block(city, tmp_path / "dump", quiet)
    assert one(city, "SELECT count(*), max(body) FROM memo__note") == (len(notes), "")


def test_what_others_were_told_meanwhile_is_not_told_again(city: Platform, notes: list[uuid.UUID], tmp_path: Path) -> None:
    with city.unit_of_work(system("test")) as uow:
        told = uow.session.execute(select(OutboxEvent.id).where(OutboxEvent.type == "memo.note.made")).scalar_one()
        uow.session.add(OutboxDelivery(id=uuid7(), event_id=told, handler="core.other", attempts=0, next_at=uow.now, last_error=""))
    purged(city, tmp_path / "dump").close()
    with city.write_engine.begin() as connection:
        # It was told, and tidied up a month later.
        connection.execute(text("DELETE FROM core__outbox_delivery"))
        connection.execute(text("DELETE FROM core__outbox"))
    restore_block(city, tmp_path / "dump", quiet)
    deliveries = "SELECT handler, state FROM core__outbox_delivery WHERE handler IN ('core.other', 'memo.count', 'memo.index')"
    with city.engine.connect() as connection:
        assert sorted(map(tuple, connection.execute(text(deliveries)))) == [("memo.count", "done"), ("memo.index", "pending")]


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_rows_of_accounts_that_are_gone_come_back_without_them(city: Platform, notes: list[uuid.UUID], tmp_path: Path) -> None:
    writer = one(city, "SELECT account_id FROM memo__like")[0]
    purged(city, tmp_path / "dump").close()
    with city.write_engine.begin() as connection:
        connection.execute(text("DELETE FROM core__user WHERE id = :id"), {"id": writer})
    restore_block(city, tmp_path / "dump", quiet)
    assert one(city, "SELECT count(*), count(account_id) FROM memo__note") == (len(notes), 0)
    assert count(city, "memo__like") == count(city, "core__grant") == 0
    assert one(city, "SELECT count(uploaded_by_id) FROM core__file") == (0,)


@pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)
def test_what_the_city_writes_meanwhile_is_not_lost(city: Platform, notes: list[uuid.UUID], tmp_path: Path) -> None:
    """The purge gives up, and everything is as it was. SQLite lets nobody write meanwhile."""
    without = with_blocks(city, without=("memo",))

    def progress(line: str) -> None:
        # The contents come last: the rows of core are written by now.
        if line.startswith("files"):
            with city.write_engine.begin() as connection:
                connection.execute(insert(SettingValue).values(key="memo.late", value="x", updated_at=city.clock()))

    with pytest.raises(StartupError, match="changed core__setting of 'memo' meanwhile: purge again"):
        purge_block(without, "memo", tmp_path / "late", progress)
    assert not (tmp_path / "late").exists()
    purge_block(without, "memo", tmp_path / "dump", quiet)
    without.close()


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_dump_of_one_kind_of_database_is_read_on_the_other(
    city: Platform, notes: list[uuid.UUID], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres_server")
    folder, back = tmp_path / "dump", tmp_path / "back"
    purged(city, folder).close()
    url = server.create_database("other_kind")
    other = Platform(replace(city.config, database_url=url), Parts(clock=city.clock, installed=city.installed))
    try:
        migrate.upgrade(with_blocks(other, without=("memo",)))
        restore_block(other, folder, quiet)
        assert sorted(found(other)) == [notes[0], notes[2]]
        export_block(other, "memo", back, quiet)
        # The accounts are not there: the columns that named them are empty, and rows that were theirs alone are left out.
        lines = [json.loads(line) for line in (folder / "tables" / "memo__note.jsonl").read_text().splitlines()]
        assert [json.loads(line) for line in (back / "tables" / "memo__note.jsonl").read_text().splitlines()] == [
            line | {"account_id": None} for line in lines
        ]
        purge_block(with_blocks(other, without=("memo",)), "memo", tmp_path / "third", quiet)
        restore_block(city, tmp_path / "third", quiet)
        assert sorted(found(city)) == [notes[0], notes[2]]
    finally:
        other.close()
        server.drop_database("other_kind")
