"""Back-ups: what was kept comes back, row for row and byte for byte; what is not right is refused before anything changes."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import tarfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import MetaData, create_engine, inspect, select

from citycontent.models import Organization
from samen_core.accounts.models import User
from samen_core.actor import Actor, system
from samen_core.backup import making, restoring
from samen_core.backup.archive import CHECKSUMS, MANIFEST
from samen_core.backup.databases import MEMBERS
from samen_core.backup.making import make_backup
from samen_core.backup.manifest import Manifest
from samen_core.config import Config
from samen_core.errors import StartupError
from samen_core.files import store_upload
from samen_core.files.store import HeldFolder, LocalFolder
from samen_core.i18n import _
from samen_core.mail import Message, queue
from samen_core.platform import Platform
from samen_core.testing.platforms import PASSWORD
from samen_core.testing.postgres import PostgresServer
from samen_core.testing.settings import SECRET, make_config
from tests.operators.conftest import Samen

on_sqlite = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
"""For what does not depend on the database."""
on_postgresql = pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in an order of their own."""
    engine = create_engine(url)
    metadata = MetaData()
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if not name.startswith("sqlite_")]
        metadata.reflect(connection, only=names, resolve_fks=False)
        found = {
            name: sorted((tuple(map(repr, row)) for row in connection.execute(select(*metadata.tables[name].columns))), key=repr)
            for name in names
        }
    engine.dispose()
    return found


def contents(config: Config) -> dict[str, bytes]:
    """Every stored content by key."""
    store = LocalFolder(config.path(config.files))
    return {key: store.open(key).read() for key in store.every_key()}


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city only."""
    return {"blocks": ["citycontent"]}


@pytest.fixture
def city(platform: Platform, organization: Organization) -> Platform:
    """A city with an organisation, a picture, a document, a mail that waits and a theme."""
    picture = io.BytesIO()
    Image.new("RGB", (1000, 600), "teal").save(picture, "PNG")
    with platform.unit_of_work(system("test")) as uow:
        store_upload(uow, io.BytesIO(picture.getvalue()), "plein.png", alt="Het plein", owner=organization.id)
        store_upload(uow, io.BytesIO(b"naam;aantal\nplein;3\n"), "tellen.csv", owner=organization.id)
        queue(uow, Message("lezer@samen.example", _("Bericht"), ("Dag.",)))
    theme = platform.config.folder / "theme" / "fonts"
    theme.mkdir(parents=True)
    (theme / "letter.woff2").write_bytes(b"\0font")
    return platform


@pytest.fixture
def elsewhere(city: Platform, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Config]:
    """Another installation with an empty database of the same kind."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    if city.engine.dialect.name == "sqlite":
        yield make_config(folder, f"sqlite:///{folder / 'samen.db'}", blocks=["citycontent"])
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"elsewhere_{uuid.uuid4().hex[:12]}"
    yield make_config(folder, server.create_database(name), blocks=["citycontent"])
    server.drop_database(name)


def kept(city: Platform, folder: Path) -> Path:
    """A back-up of the city."""
    (folder / "samen.toml").write_text("# hier\n", encoding="utf-8")
    return make_backup(city.config, folder / "samen.toml", folder / "city.tar").path


def test_all_of_it_comes_back(city: Platform, elsewhere: Config, tmp_path: Path) -> None:
    before = rows(city.config.database_url)
    path = kept(city, tmp_path)
    manifest = restoring.checked_manifest(path)
    restoring.require_fitting(manifest, elsewhere)
    done = restoring.restore(path, manifest, elsewhere)
    assert rows(elsewhere.database_url) == before
    assert contents(elsewhere) == contents(city.config)
    assert len(contents(elsewhere)) >= 3
    assert done.files == manifest.files["number"] == len(contents(elsewhere))
    assert done.waiting >= 1
    assert done.log_rows == manifest.log["rows"] > 0
    assert manifest.tables["core__file"] == 2
    assert manifest.blocks.keys() == {"citycontent"}
    assert manifest.revisions["core"].startswith("core_")
    with Platform(elsewhere).read(system("test")) as uow:
        assert uow.session.execute(select(Organization.name)).scalar_one()


@on_sqlite
def test_it_is_a_tar_that_the_tools_of_the_system_can_check_and_holds_no_secret(city: Platform, tmp_path: Path) -> None:
    path = kept(city, tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not list(tmp_path.glob(".samen-backup-*"))
    assert not list(city.config.path(city.config.files).glob(".held-*"))
    out = tmp_path / "out"
    out.mkdir()
    subprocess.run(["tar", "-xf", path, "-C", out], check=True)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", CHECKSUMS], cwd=out, check=True)
    assert (out / "theme" / "fonts" / "letter.woff2").read_bytes() == b"\0font"
    assert (out / "samen.toml").read_text(encoding="utf-8") == "# hier\n"
    told = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
    assert any("secret key" in line for line in told["not_included"])
    plain = path.read_bytes()
    for secret in (SECRET, PASSWORD):
        assert secret.encode() not in plain


def test_when_it_was_made_is_known_and_in_the_log(city: Platform, tmp_path: Path) -> None:
    with city.engine.connect() as connection:
        assert making.last_backup(connection) is None
    for number in range(2):
        make_backup(city.config, tmp_path / "samen.toml", tmp_path / f"{number}.tar")
    with city.engine.connect() as connection:
        at = making.last_backup(connection)
    assert at is not None
    assert abs((datetime.now(UTC) - at).total_seconds()) < 60
    assert [row for row in rows(city.config.database_url)["core__change"] if "'core.backup.made'" in row] != []


def test_what_is_deleted_meanwhile_is_there_and_what_is_added_too(city: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst moments: content comes between holding and the moment of the database, and all goes before that is copied."""
    before = contents(city.config)
    real = HeldFolder.add_new
    calls: list[int] = []

    def add_new(self: HeldFolder) -> None:
        real(self)
        calls.append(1)
        if len(calls) == 1:
            with city.unit_of_work(system("test")) as uow:
                store_upload(uow, io.BytesIO(b"a;b\n1;2\n"), "laat.csv")
        elif len(calls) == 3:
            for key in list(city.files.every_key()):
                city.files.delete(key)

    monkeypatch.setattr(HeldFolder, "add_new", add_new)
    made = make_backup(city.config, tmp_path / "samen.toml", tmp_path / "city.tar")
    assert made.manifest.missing == []
    assert made.manifest.tables["core__file"] == 3
    assert made.manifest.files["number"] == len(before) + 1
    with tarfile.open(made.path) as tar:
        kept_files = {name.removeprefix("files/") for name in tar.getnames() if name.startswith("files/")}
    assert kept_files > before.keys()


@on_sqlite
def test_a_content_that_is_not_there_is_told(city: Platform, tmp_path: Path, samen: Samen) -> None:
    key = min(contents(city.config))
    city.files.delete(key)
    done = samen("backup", "city.tar", url=city.config.database_url)
    assert done.status == 0
    assert done.err == f"samen: WARNING: 1 files have no content in the folder, the first is {key}\n"
    assert "not in it: the secret key" in done.out


@on_sqlite
def test_it_works_when_the_platform_cannot_start(city: Platform, tmp_path: Path, samen: Samen) -> None:
    text = (tmp_path / "samen.toml").read_text(encoding="utf-8")
    (tmp_path / "samen.toml").write_text(text.replace('["citycontent"]', '["citycontent", "absent"]'), encoding="utf-8")
    assert samen("backup", "city.tar", url=city.config.database_url).status == 0


class TestCommand:
    """The commands, on a database that holds a city."""

    def test_replacing_asks_for_the_name(self, city: Platform, tmp_path: Path, samen: Samen) -> None:
        url = city.config.database_url
        before = rows(url)
        assert samen("backup", "city.tar", url=url).status == 0
        with city.unit_of_work(system("test")) as uow:
            uow.record("core.test.more")
        city.close()
        changed = rows(url)
        assert "the database is not empty: give --replace" in samen("restore", "city.tar").line
        assert "not the name of the city; nothing was changed" in samen("restore", "city.tar", "--replace", typed="Delft\n").line
        assert rows(url) == changed
        done = samen("restore", "city.tar", "--replace", typed="Gemeente Zoetermeer\n")
        assert (done.status, done.err) == (0, "")
        assert "the change log holds" in done.out
        assert "deliveries wait" in done.out
        assert "the database is up to date" in done.out
        assert rows(url) == before

    def test_who_was_erased_since_does_not_come_back(self, city: Platform, actor_as: Callable[..., Actor], samen: Samen) -> None:
        url = city.config.database_url
        stays, goes = (actor_as("resident").account_id for _number in range(2))
        assert samen("backup", "city.tar", url=url).status == 0
        said = samen("users", "erase", goes, "--reason", "asked", "--yes")
        assert said.out == "1 accounts erased, 0 were not there or erased already\n"
        city.close()
        done = samen("restore", "city.tar", "--replace", typed="Gemeente Zoetermeer\n")
        assert (done.status, done.err) == (0, "")
        assert "1 accounts that were erased after the back-up are erased again" in done.out
        with city.read(system("test")) as uow:
            states = {row.id: row.state for row in uow.session.execute(select(User.id, User.state))}
            address = uow.session.execute(select(User.email).where(User.id == goes)).scalar_one()
        assert (states[stays], states[goes]) == ("active", "erased")
        assert not address
        assert samen("db", "verify-log").status == 0

    def test_when_nobody_can_tell_who_was_erased_it_says_so(self, city: Platform, samen: Samen) -> None:
        """Another city's log, or that of a back-up put back before, says nothing of who asked to be erased here."""
        url = city.config.database_url
        assert samen("backup", "old.tar", url=url).status == 0
        with city.unit_of_work(system("test")) as uow:
            uow.record("core.test.more")
        assert samen("backup", "city.tar", url=url).status == 0
        city.close()
        assert samen("restore", "old.tar", "--replace", typed="Gemeente Zoetermeer\n").status == 0
        done = samen("restore", "city.tar", "--replace", typed="Gemeente Zoetermeer\n")
        assert done.status == 0
        assert done.err.startswith("samen: WARNING: who was erased after the back-up is not known:")

    @on_sqlite
    def test_who_cannot_be_erased_again_is_told(self, city: Platform, actor_as: Callable[..., Actor], samen: Samen) -> None:
        only, refusal = actor_as("manager").account_id, "This is the only platform manager. First give that role to somebody else."
        assert samen("backup", "city.tar", url=city.config.database_url).status == 0
        actor_as("manager")
        assert samen("users", "erase", only, "--reason", "asked", "--yes").status == 0
        city.close()
        done = samen("restore", "city.tar", "--replace", typed="Gemeente Zoetermeer\n")
        assert (done.status, "the back-up of" in done.out) == (0, True)
        assert done.err == f"samen: WARNING: account {only} was not erased: {refusal}\n"
        assert f"then erase again who was erased after the back-up: samen users erase --reason 'erased before' {only}" in done.out

    def test_a_database_in_use_is_left_alone(self, city: Platform, samen: Samen) -> None:
        url = city.config.database_url
        assert samen("backup", "city.tar", url=url).status == 0
        before = rows(url)
        with city.engine.connect() as connection:
            connection.execute(select(Organization.id))
            done = samen("restore", "city.tar", "--replace", typed="Gemeente Zoetermeer\n")
        assert done.line == "the database is in use: stop the server and the workers first"
        assert rows(url) == before

    @on_sqlite
    def test_into_another_folder_the_settings_come_along(
        self, city: Platform, elsewhere: Config, tmp_path: Path, samen: Samen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert samen("backup", "city.tar", url=city.config.database_url).status == 0
        target = elsewhere.folder
        monkeypatch.setenv("SAMEN_DATABASE_URL", elsewhere.database_url)
        done = samen("restore", "city.tar", "--into", target)
        assert (done.status, done.err) == (0, "")
        assert (target / "samen.toml").read_bytes() == (tmp_path / "samen.toml").read_bytes()
        assert (target / "theme" / "fonts" / "letter.woff2").exists()
        assert contents(elsewhere) == contents(city.config)

    @on_sqlite
    def test_only_the_newest_are_kept(self, city: Platform, tmp_path: Path, samen: Samen) -> None:
        folder = tmp_path / "backups"
        folder.mkdir()
        for name in ("samen-20250101-000000.tar", "samen-20250102-000000.tar", "other.tar"):
            (folder / name).write_bytes(b"")
        done = samen("backup", folder, "--keep", "2", url=city.config.database_url)
        assert done.status == 0
        left = sorted(path.name for path in folder.iterdir())
        assert left[:2] == ["other.tar", "samen-20250102-000000.tar"]
        assert len(left) == 3
        assert "removed" in done.out


class TestRefusals:
    """What cannot be made or put back."""

    @on_sqlite
    def test_where_it_cannot_be_written(self, city: Platform, tmp_path: Path, samen: Samen) -> None:
        (tmp_path / "there.tar").write_bytes(b"x")
        url = city.config.database_url
        assert "there.tar exists already" in samen("backup", "there.tar", url=url).line
        assert "is not there or cannot be written" in samen("backup", "nowhere/city.tar").line
        assert "--keep is for a folder" in samen("backup", "new.tar", "--keep", "3").line
        assert (tmp_path / "there.tar").read_bytes() == b"x"

    @on_sqlite
    def test_no_database_or_an_empty_one(self, city: Platform, tmp_path: Path, samen: Samen) -> None:
        assert "there is no database: " in samen("backup", "a.tar", url=f"sqlite:///{tmp_path / 'absent.db'}").line
        (tmp_path / "empty.db").touch()
        assert "the database has no tables yet" in samen("backup", "a.tar", url=f"sqlite:///{tmp_path / 'empty.db'}").line
        (tmp_path / "broken.db").write_bytes(b"no database at all" * 1000)
        assert (
            "the database cannot be read: file is not a database"
            in samen("backup", "a.tar", url=f"sqlite:///{tmp_path / 'broken.db'}").line
        )
        assert not list(tmp_path.glob("*.tar"))

    @on_sqlite
    def test_damage_is_found_before_anything_changes(self, city: Platform, tmp_path: Path) -> None:
        whole = kept(city, tmp_path).read_bytes()
        path = tmp_path / "damaged.tar"
        with tarfile.open(tmp_path / "city.tar") as tar:
            places = {info.name: info.offset_data for info in tar}
        key = next(name for name in places if name.startswith("files/"))
        for name in (key, MEMBERS["sqlite"], "samen.toml"):
            damaged = bytearray(whole)
            damaged[places[name]] ^= 1
            path.write_bytes(damaged)
            with pytest.raises(StartupError, match=f"'{name}' is not what was written"):
                restoring.checked_manifest(path)
        for length in (places[CHECKSUMS] - 600, places[key] + 1, 0, len(whole) // 2):
            path.write_bytes(whole[:length])
            with pytest.raises(StartupError, match=r"damaged|is not a back-up"):
                restoring.checked_manifest(path)
        path.write_bytes(whole)
        with tarfile.open(path, "a") as more:
            more.addfile(tarfile.TarInfo("files/added"))
        with pytest.raises(StartupError, match="damaged: 'files/added' was added"):
            restoring.checked_manifest(path)
        path.write_bytes(b"PK" + whole)
        with pytest.raises(StartupError, match="is not a back-up of Samen"):
            restoring.checked_manifest(path)
        with pytest.raises(StartupError, match="is no file"):
            restoring.checked_manifest(tmp_path / "absent.tar")

    @on_sqlite
    def test_what_this_software_cannot_take(self, city: Platform, elsewhere: Config, tmp_path: Path) -> None:
        manifest: Manifest = restoring.checked_manifest(kept(city, tmp_path))
        cases = {
            "is of a postgresql database": replace(manifest, database="postgresql"),
            "made with samen 99.0, which is newer": replace(manifest, samen="99.0"),
            "block 'absent' 1.0 is in this back-up and not installed: run 'pip install samen-absent'": replace(
                manifest, blocks={"absent": "1.0"}
            ),
            "made with block 'citycontent' 99.1": replace(manifest, blocks={"citycontent": "99.1"}),
        }
        for message, changed in cases.items():
            with pytest.raises(StartupError, match=message):
                restoring.require_fitting(changed, elsewhere)

    @on_sqlite
    def test_a_later_format(self, city: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(making, "Manifest", lambda **values: Manifest(**values, format=2))
        with pytest.raises(StartupError, match="has format 2, this version of samen reads 1"):
            restoring.checked_manifest(kept(city, tmp_path))


@on_postgresql
def test_without_the_programs_of_postgresql_it_says_what_to_install(
    city: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, samen: Samen
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (
        "'pg_dump' is not on this machine: install PostgreSQL's client programs"
        in samen("backup", "a.tar", url=city.config.database_url).line
    )


@on_postgresql
def test_a_load_that_fails_leaves_the_database_as_it_was(city: Platform, tmp_path: Path) -> None:
    path = kept(city, tmp_path)
    city.close()
    before = rows(city.config.database_url)
    from samen_core.backup.databases import load

    with tarfile.open(path) as tar:
        stream = tar.extractfile(MEMBERS["postgresql"])
        assert stream is not None
        dump = stream.read()
    with pytest.raises(StartupError, match="could not be put back, nothing changed"):
        load(city.config.database_url, io.BytesIO(dump[: len(dump) - 2000]), tmp_path)
    assert rows(city.config.database_url) == before
