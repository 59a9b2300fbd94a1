"""The doctor: every check can fail, says what mends it, and breaks nothing of the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, literal, select, text

from samen_core.actor import system
from samen_core.backup.making import make_backup
from samen_core.blocks import discovery
from samen_core.blocks.state import BlockState
from samen_core.config import Config, Mail, Web
from samen_core.db.base import uuid7
from samen_core.db.migrate import Migration
from samen_core.doctor import blocks, data, machine, report
from samen_core.doctor.findings import Finding
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.events.worker import Worker
from samen_core.i18n import _
from samen_core.jobs import run_due_jobs
from samen_core.mail import Message, queue
from samen_core.platform import Platform
from samen_core.testing.mailsink import MailSink
from samen_core.testing.platforms import Clock
from samen_core.testing.settings import make_config
from tests.operators.conftest import Samen

on_sqlite = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """The city only."""
    return {"blocks": ["citycontent"]}


def one(findings: Iterator[Finding]) -> Finding:
    """The only finding."""
    (found,) = findings
    return found


def states(findings: Iterator[Finding]) -> dict[str, str]:
    """The worst state of each check."""
    order = ("ok", "warning", "problem")
    found: dict[str, str] = {}
    for finding in findings:
        found[finding.check] = max(found.get(finding.check, "ok"), finding.state, key=order.index)
    return found


@pytest.fixture
def well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that find nothing wrong with themselves; a new city misses its areas."""
    monkeypatch.setattr(blocks, "health", lambda _uow: {})


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A configuration that has nothing wrong with it."""
    web = Web(base_url="https://samen.example.nl", trusted_proxies=1)
    made = make_config(tmp_path, f"sqlite:///{tmp_path / 'samen.db'}", blocks=["citycontent"])
    return replace(made, environment="production", web=web)


class TestMachine:
    """Configuration and machine."""

    @pytest.mark.parametrize(
        ("web", "state", "mend"),
        [
            (Web(base_url="https://samen.example.nl", trusted_proxies=1), "ok", ""),
            (Web(base_url="https://samen.example.nl"), "warning", "web.trusted_proxies"),
            (Web(base_url="http://samen.example.nl", trusted_proxies=1), "problem", "web.base_url"),
            (Web(base_url="https://127.0.0.1", trusted_proxies=1), "problem", "web.base_url"),
        ],
    )
    def test_the_public_address(self, config: Config, web: Web, state: str, mend: str) -> None:
        *_first, found = machine.addresses(replace(config, web=web))
        assert (found.check, found.state) == ("address", state)
        assert mend in found.mend

    def test_another_environment(self, config: Config) -> None:
        assert one(machine.addresses(replace(config, environment="demo"))).state == "warning"

    def test_a_secret_that_everybody_can_read(self, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "secret-key"
        path.write_text(config.secret_key, encoding="utf-8")
        monkeypatch.delenv("SAMEN_SECRET_KEY", raising=False)
        monkeypatch.setenv("SAMEN_SECRET_KEY_FILE", str(path))
        for mode, state in ((0o600, "ok"), (0o640, "ok"), (0o644, "warning"), (0o660, "warning")):
            path.chmod(mode)
            assert one(machine.secret(config)).state == state
        assert one(machine.secret(replace(config, secret_key=""))).state == "problem"

    def test_a_folder_without_space_or_rights(self, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        assert states(machine.folders(replace(config, files="nowhere/at/all"))) == {"files": "problem", "database folder": "ok"}
        for free, state in ((6e9, "ok"), (4e9, "warning"), (4e8, "problem")):
            monkeypatch.setattr(machine.shutil, "disk_usage", lambda _path, free=free: type("Usage", (), {"free": int(free)}))
            assert set(states(machine.folders(config)).values()) == {state}

    def test_the_mail_server(self, config: Config, mail_sink: MailSink) -> None:
        assert one(machine.mail(config)).state == "problem"
        assert one(machine.mail(replace(config, environment="demo"))).state == "ok"
        answering = replace(config, mail=Mail("smtp", mail_sink.host, mail_sink.port))
        assert one(machine.mail(answering)).state == "ok"
        assert mail_sink.messages == []
        assert one(machine.mail(replace(config, mail=Mail("smtp", mail_sink.host, 1)))).text.startswith(
            f"{mail_sink.host}:1 does not answer"
        )
        refused = one(machine.mail(replace(config, mail=replace(answering.mail, username="wim", password="x"))))
        assert refused.state == "problem"

    def test_what_a_pdf_and_the_time_need(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("samen_core.documents.pdf.can_make_pdf", lambda: False)
        assert "apt-get install" in one(machine.documents(None)).mend
        assert one(machine.time_zone(None)).state == "ok"


class TestData:
    """Database, migrations, work and back-ups."""

    def test_a_healthy_city(self, platform: Platform, well: None) -> None:
        Worker(platform).drain()
        run_due_jobs(platform, Worker(platform).holder)
        assert set(states(data.database(platform.config)).values()) == {"ok"}
        for check in (data.migrations, data.worker, blocks.start, blocks.state, blocks.left_behind):
            assert set(states(check(platform)).values()) <= {"ok"}, check

    def test_migrations_that_wait_or_are_unknown(self, platform: Platform) -> None:
        with platform.write_engine.begin() as connection:
            later = select(literal("core_9998"), Migration.owner, Migration.contract, Migration.at).where(Migration.revision == "core_0001")
            connection.execute(insert(Migration).from_select(["revision", "owner", "contract", "at"], later))
        found = one(data.migrations(platform))
        assert (found.state, "this code can live with it" in found.text) == ("warning", True)
        with platform.write_engine.begin() as connection:
            connection.execute(text("UPDATE core__migration SET contract = true WHERE revision = 'core_9998'"))
            connection.execute(text("DELETE FROM core__migration WHERE revision = 'citycontent_0001'"))
        behind, ahead = data.migrations(platform)
        assert (behind.state, behind.mend) == ("problem", "samen db upgrade")
        assert "'core_9998' is unknown here" in ahead.text

    def test_work_that_nobody_does(self, platform: Platform, clock: Clock) -> None:
        assert states(data.worker(platform))["worker"] == "warning"
        run_due_jobs(platform, Worker(platform).holder)
        with platform.unit_of_work(system("test")) as uow:
            queue(uow, Message("lezer@samen.example", _("Bericht"), ("Dag.",)))
        assert states(data.worker(platform))["worker"] == "ok"
        clock.forward(minutes=11)
        found = next(data.worker(platform))
        assert (found.state, found.mend) == ("problem", "start 'samen run' (web.worker_thread is on)")
        Worker(platform).drain()
        assert states(data.worker(platform))["worker"] == "ok"
        clock.forward(hours=2)
        assert "the last periodic work was done at" in next(data.worker(platform)).text

    def test_deliveries_that_failed_for_good_or_have_no_block(self, platform: Platform, clock: Clock) -> None:
        run_due_jobs(platform, Worker(platform).holder)
        now = platform.clock()
        with platform.unit_of_work(system("test")) as uow:
            event = OutboxEvent(id=uuid7(), type="absent.happened", version=1, payload={}, at=now)
            uow.session.add(event)
            uow.session.flush()
            uow.session.add(OutboxDelivery(id=uuid7(), event_id=event.id, handler="absent.tell", next_at=now - timedelta(days=9)))
        assert one(data.worker(platform)).state == "ok"
        assert "block absent" not in states(blocks.state(platform))
        with platform.write_engine.begin() as connection:
            connection.execute(text("UPDATE core__outbox_delivery SET state = 'dead'"))
        found = {finding.check: finding for finding in blocks.state(platform)}
        assert found["block absent"].state == "warning"
        assert "samen outbox retry" in found["block absent"].mend

    def test_a_database_that_is_away(self, tmp_path: Path, config: Config) -> None:
        away = replace(config, database_url="postgresql+psycopg://nobody@127.0.0.1:1/samen?connect_timeout=2")
        found = one(data.database(away))
        assert (found.state, found.text.startswith("it does not answer")) == ("problem", True)

    def test_no_database_is_made_by_looking(self, config: Config, tmp_path: Path) -> None:
        found = one(data.database(config))
        assert (found.state, "samen db upgrade" in found.mend) == ("problem", True)
        assert not (tmp_path / "samen.db").exists()

    @on_sqlite
    def test_behind_the_code_only_the_migrations_are_told(self, platform: Platform, samen: Samen) -> None:
        with platform.write_engine.begin() as connection:
            connection.execute(text("DROP TABLE core__block_state"))
            connection.execute(text("DELETE FROM core__migration WHERE revision = 'citycontent_0001'"))
        done = samen("doctor", url=platform.config.database_url)
        assert "> samen db upgrade" in done.out
        assert "could not be looked at" not in done.out

    @on_sqlite
    def test_the_age_of_the_back_up(self, platform: Platform, tmp_path: Path) -> None:
        assert one(data.backups(platform.config)).text.startswith("not known")
        make_backup(platform.config, tmp_path / "samen.toml", tmp_path / "city.tar")
        assert one(data.backups(platform.config)).state == "ok"
        with platform.write_engine.begin() as connection:
            connection.execute(text("UPDATE core__lease SET done_at = '2026-01-01 00:00:00' WHERE name = 'core.backup'"))
        assert one(data.backups(platform.config)).state == "warning"


class TestBlocks:
    """Building blocks."""

    def test_each_is_looked_at(self, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
        real = discovery.installed_blocks()
        broken = replace(real["citycontent"], name="broken", problem="cannot be imported: SyntaxError")
        monkeypatch.setattr(blocks, "installed_blocks", lambda: {**real, "broken": broken, "idle": replace(broken, name="idle")})
        found = {finding.check: finding for finding in blocks.installed(replace(config, blocks=("citycontent", "absent", "broken")))}
        assert found["block citycontent"].state != "problem"
        assert found["block absent"].mend == "pip install samen-absent, or samen blocks disable absent"
        assert found["block broken"].mend == "samen blocks disable broken"
        assert found["block idle"].state == "warning"

    @pytest.mark.parametrize(
        ("catalogue", "state"),
        [
            (None, "warning"),
            ('msgid "Dag"\nmsgstr ""\n', "warning"),
            ('msgid "Dag"\nmsgstr "Hello"\n', "ok"),
            ("msgid Dag\n", "problem"),
        ],
    )
    def test_texts(self, config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: str | None, state: str) -> None:
        item = replace(discovery.installed_blocks()["citycontent"], folder=tmp_path / "package")
        for folder in ("templates", "translations"):
            (tmp_path / "package" / folder).mkdir(parents=True)
        if catalogue is not None:
            (item.translations / "en.po").write_text(catalogue, encoding="utf-8")
        monkeypatch.setattr(blocks, "installed_blocks", lambda: {"citycontent": item})
        assert one(blocks.installed(config)).state == state

    @on_sqlite
    def test_one_that_is_paused(self, platform: Platform) -> None:
        with platform.unit_of_work(system("test")) as uow:
            uow.session.add(BlockState(name="citycontent", paused=True, reason="Onderhoud", changed_at=uow.now))
        platform.block_states.forget()
        assert one(blocks.state(platform)) == Finding(
            "block citycontent", "warning", "paused: Onderhoud", "samen blocks activate citycontent"
        )

    @on_sqlite
    def test_data_of_one_that_is_gone(self, platform: Platform) -> None:
        with platform.write_engine.begin() as connection:
            connection.execute(text("CREATE TABLE gone__alembic_version (version_num TEXT)"))
            connection.execute(text("CREATE TABLE gone__thing (id INTEGER)"))
            connection.execute(text("INSERT INTO gone__thing VALUES (1), (2)"))
        found = one(blocks.left_behind(platform))
        assert found.text == "1 tables with 2 rows of a block that is not installed"
        assert "samen blocks purge gone --export DIR" in found.mend


class TestCommand:
    """``samen doctor``."""

    def test_without_a_configuration(self, samen: Samen, tmp_path: Path) -> None:
        (tmp_path / "samen.toml").unlink()
        done = samen("doctor")
        assert done.status == 1
        assert done.out.startswith("PROBLEM  configuration  samen.toml does not exist: run 'samen init'")
        assert "time zone" in done.out

    @on_sqlite
    def test_a_platform_that_cannot_start(self, platform: Platform, samen: Samen, tmp_path: Path) -> None:
        text_before = (tmp_path / "samen.toml").read_text(encoding="utf-8")
        (tmp_path / "samen.toml").write_text(text_before.replace('["citycontent"]', '["citycontent", "absent"]'), encoding="utf-8")
        done = samen("blocks", "doctor", "--json", url=platform.config.database_url)
        assert done.status == 1
        found = {row["check"]: row for row in json.loads(done.out)}
        assert found["start"]["state"] == "problem"
        assert found["block absent"]["state"] == "problem"
        assert found["database"]["state"] == "ok"

    @on_sqlite
    def test_a_city_in_order(self, platform: Platform, samen: Samen, well: None) -> None:
        run_due_jobs(platform, Worker(platform).holder)
        Worker(platform).drain()
        done = samen("doctor", url=platform.config.database_url)
        assert (done.status, done.err) == (0, "")
        assert "WARNING  environment" in done.out
        assert "ok       migrations" in done.out
        assert "problems: 0" in done.out

    def test_a_check_that_breaks_stops_no_other(self, monkeypatch: pytest.MonkeyPatch, samen: Samen) -> None:
        def breaks(_config: Config) -> Iterator[Finding]:
            raise RuntimeError("kapot")
            yield

        monkeypatch.setattr(report, "OF_MACHINE", (breaks, machine.time_zone))
        done = samen("doctor")
        assert "PROBLEM  breaks" in done.out
        assert "could not be looked at: RuntimeError: kapot" in done.out
        assert "ok       time zone" in done.out
