"""The command line: it does what it says, and says in one line what it cannot do."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sqlalchemy import create_engine, text

from samen_core.blocks.hookspecs import hookimpl
from samen_core.cli import cli
from tests.support.cli import SECRET, Run


def commands(group: click.Group = cli, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command with its words."""
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def sql(folder: Path, statement: str) -> list[tuple[object, ...]]:
    """Look into (or tamper with) the database of the folder."""
    engine = create_engine(f"sqlite:///{folder / 'samen.db'}")
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


# --- help ------------------------------------------------------------------------------------------------------------------------


def test_every_command_explains_itself_and_its_options(samen: Run) -> None:
    found = list(commands())
    assert {words[0] for words, _command in found} == {
        "init",
        "demo",
        "run",
        "worker",
        "db",
        "seed",
        "import",
        "blocks",
        "users",
        "outbox",
        "search",
        "config",
        "backup",
        "restore",
        "doctor",
        "retention",
    }
    for words, command in found:
        assert command.help, words
        done = samen(*words, "--help")
        assert done.status == 0
        assert done.out.startswith(f"Usage: samen {' '.join(words)}")
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.help or option.name == "help", (words, option.name)


def test_version_and_help(samen: Run) -> None:
    assert re.fullmatch(r"samen, version \d+\.\d+\.\d+\n", samen("--version").out)
    assert samen("-h").out.startswith("Usage: samen")


@pytest.mark.parametrize("words", [(), ("db",), ("blocks",), ("users",), ("outbox",), ("config",)])
def test_a_group_alone_shows_its_help(samen: Run, words: tuple[str, ...]) -> None:
    done = samen(*words)
    assert done.status == 2
    assert "Commands:" in done.out + done.err
    assert (done.out + done.err).startswith("Usage:")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("nothing",), "No such command 'nothing'."),
        (("db", "--wrong"), "No such option '--wrong'"),
        (("blocks", "show"), "Missing argument 'NAME'."),
        (("users", "grant", "a@b.example", "king"), "'king' is not one of"),
        (("outbox", "list", "--limit", "0"), "0 is not in the range"),
        (("outbox", "retry", "x"), "'x' is not a valid UUID."),
    ],
)
def test_a_wrong_command_is_one_line(samen: Run, words: tuple[str, ...], message: str) -> None:
    done = samen(*words)
    assert done.status == 2
    assert message in done.line


# --- without or with a wrong configuration ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("db", "upgrade"),
        ("db", "status"),
        ("config", "show"),
        ("blocks", "list"),
        ("run",),
        ("worker",),
        ("outbox", "list"),
        ("seed", "demo"),
        ("search", "reindex"),
    ],
)
def test_without_a_configuration_every_command_names_the_mend(samen: Run, words: tuple[str, ...]) -> None:
    assert samen(*words).line == "samen.toml does not exist: run 'samen init' to make it, or set SAMEN_CONFIG"


@pytest.mark.parametrize(
    ("text_", "message"),
    [
        ("databse_url = 'x'", "did you mean 'database_url'?"),
        ("database_url = 'mysql://x/y'", "'mysql' is not supported"),
        ("database_url = 'sqlite:////absent/samen.db'", "the database cannot be opened: unable to open database file"),
        ("blocks = ['absent']", "block 'absent' is enabled but not installed: run 'pip install samen-absent'"),
        (
            "blocks = ['gereedschap']",
            "block 'gereedschap' requires 'citycontent', which is not enabled: run 'samen blocks enable citycontent'",
        ),
        ("", "the database is behind the code ('core_0001' did not run): run 'samen db upgrade'"),
    ],
)
def test_a_city_that_cannot_start_says_why(samen: Run, tmp_path: Path, text_: str, message: str) -> None:
    (tmp_path / "samen.toml").write_text(text_, encoding="utf-8")
    assert message in samen("run").line


def test_a_server_that_does_not_answer_is_one_line(samen: Run, tmp_path: Path) -> None:
    (tmp_path / "samen.toml").write_text("database_url = 'postgresql+psycopg://nobody@127.0.0.1:1/x?connect_timeout=2'", encoding="utf-8")
    for words in (("run",), ("db", "upgrade"), ("db", "status")):
        assert "127.0.0.1" in samen(*words).line


def test_no_secret_no_production(samen: Run, city: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMEN_SECRET_KEY")
    assert samen("db", "status").line.startswith("there is no secret key: set SAMEN_SECRET_KEY")
    monkeypatch.setenv("SAMEN_SECRET_KEY_FILE", "secret-key")
    assert samen("db", "status").status == 0


# --- init ------------------------------------------------------------------------------------------------------------------------


def test_init_makes_a_city(city: Run, tmp_path: Path) -> None:
    config = tomllib.loads((tmp_path / "samen.toml").read_text(encoding="utf-8"))
    assert config["city"] == {"name": "Gemeente Delft", "short_name": "SamenDelft", "code": "GM0503"}
    assert "citycontent" in config["blocks"]
    assert "gereedschap" not in config["blocks"]
    secret = tmp_path / "secret-key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_text(encoding="utf-8").strip()) == 64
    assert secret.read_text(encoding="utf-8").strip() not in (tmp_path / "samen.toml").read_text(encoding="utf-8")
    assert city("db", "status").status == 0


def test_init_asks_what_it_needs(samen: Run, tmp_path: Path) -> None:
    done = samen("init", "--folder", "delft", typed="Gemeente Delft\nSamenDelft\nGM0503\n")
    assert done.status == 0, done.err
    assert (tmp_path / "delft" / "samen.toml").is_file()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--code", "0503"), "city.code: must be GM and four digits"),
        (("--code", "GM0503", "--action-colour", "red"), "write a colour as # and six hexadecimal digits"),
        (("--code", "GM0503", "--action-colour", "#eeeeee"), "the colours are too close to read well"),
        (("--code", "GM0503", "--logo", "absent.svg"), "File 'absent.svg' does not exist."),
        (("--code", "GM0503", "--logo", "samen.txt"), "the logo must be an SVG or PNG file"),
        (("--code", "GM0503", "--database-url", "mysql://x/y"), "'mysql' is not supported"),
        (("--code", "GM0503", "--database-url", "postgresql+psycopg://a:geheim@h/x"), "'database_url' holds a password"),
        (("--code", "GM0503", "--areas", "samen.txt"), ""),
    ],
)
def test_an_init_that_fails_can_be_tried_again(samen: Run, tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    (tmp_path / "samen.txt").write_text("no geojson", encoding="utf-8")
    done = samen("init", "--folder", "delft", "--name", "Gemeente Delft", "--short-name", "SamenDelft", *options)
    assert done.status != 0
    assert message in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "delft" / "samen.toml").exists()
    done = samen("init", "--folder", "delft", "--name", "Gemeente Delft", "--short-name", "SamenDelft", "--code", "GM0503")
    assert done.status == 0, done.err


def test_init_does_not_overwrite_a_city(city: Run) -> None:
    assert "exists already" in city("init", "--name", "X", "--short-name", "X", "--code", "GM0503").line


def test_a_colour_of_the_highlight_alone_is_enough(samen: Run, tmp_path: Path) -> None:
    done = samen("init", "--name", "X", "--short-name", "X", "--code", "GM0503", "--warm-colour", "#7A3E00")
    assert done.status == 0, done.err
    assert "--samen-warm: #7a3e00" in (tmp_path / "theme" / "city.css").read_text(encoding="utf-8")


# --- db --------------------------------------------------------------------------------------------------------------------------


def test_db_upgrade_and_status(samen: Run, tmp_path: Path) -> None:
    (tmp_path / "samen.toml").write_text("", encoding="utf-8")
    waiting = samen("db", "status")
    assert waiting.status == 1
    assert "core: nothing, waiting: core_0001" in waiting.out
    done = samen("db", "upgrade")
    assert done.status == 0
    assert "core_0001\n" in done.out
    assert re.search(r"\d+ migrations ran", done.out)
    again = samen("db", "upgrade")
    assert (again.status, again.out) == (0, "the database is up to date\n")
    assert samen("db", "status").status == 0


def test_a_newer_database_is_one_clear_line(city: Run, tmp_path: Path) -> None:
    sql(tmp_path, "INSERT INTO core__migration VALUES ('core_9999', 'core', true, '2030-01-01 00:00:00')")
    for words in (("run",), ("db", "upgrade"), ("outbox", "list")):
        assert city(*words).line == "the database is newer than the code ('core_9999' is unknown here): install the newer version of 'core'"
    status = city("db", "status")
    assert (status.status, "unknown: core_9999" in status.out) == (1, True)


def test_the_log_can_be_verified(city: Run, tmp_path: Path) -> None:
    city("users", "create", "wim@delft.example", "--name", "Wim")
    assert re.fullmatch(r"the change log holds: [1-9]\d* rows\n", city("db", "verify-log").out)
    sql(tmp_path, "UPDATE core__change SET action = 'x' WHERE seq = 1")
    assert city("db", "verify-log").line == "the change log does not hold at row 1: the row was changed (0 rows before it are right)"


def test_a_file_that_is_no_database_is_one_line(city: Run, tmp_path: Path) -> None:
    for path in tmp_path.glob("samen.db*"):
        path.unlink()
    (tmp_path / "samen.db").write_text("this is not a database, but a text of some length" * 100, encoding="utf-8")
    for words in (("db", "upgrade"), ("run",), ("db", "status")):
        assert "file is not a database" in city(*words).line


def test_a_revision_needs_a_block(city: Run) -> None:
    assert city("db", "revision", "absent", "-m", "x").line == "there is no block 'absent'"
    assert city("blocks", "disable", "samenspreker").status == 0
    assert city("db", "revision", "samenspreker", "-m", "x").line == (
        "block 'samenspreker' is not enabled in this city: run 'samen blocks enable samenspreker'"
    )


# --- blocks ----------------------------------------------------------------------------------------------------------------------


def test_blocks_are_listed_shown_enabled_and_disabled(city: Run, tmp_path: Path) -> None:
    path = tmp_path / "samen.toml"
    path.write_text("# Our own words\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    path.chmod(0o640)
    before = tomllib.loads(path.read_text(encoding="utf-8"))["blocks"]
    assert {"citycontent", "inbreng", "samenspreker"} <= set(before), "a new city has the blocks of this repository"
    assert re.search(r"^gereedschap +installed +1\.0\.0 +Gereedschap$", city("blocks", "list").out, re.MULTILINE)
    shown = city("blocks", "show", "gereedschap").out
    assert re.search(r"^requires: +citycontent$", shown, re.MULTILINE)
    assert re.search(r"^state: +installed$", shown, re.MULTILINE)
    done = city("blocks", "enable", "gereedschap")
    assert (done.status, done.out) == (0, "'gereedschap' is enabled (1 migrations ran); restart the server\n"), done.err
    content = path.read_text(encoding="utf-8")
    assert content.startswith("# Our own words\n")
    assert tomllib.loads(content)["blocks"] == [*before, "gereedschap"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert city("db", "status").status == 0
    assert "state:          enabled" in city("blocks", "show", "gereedschap").out
    told = city("blocks", "disable", "inbreng").line
    assert told == "block 'doe_mee' requires 'inbreng': run 'samen blocks disable doe_mee' first"
    assert city("blocks", "disable", "gereedschap").status == 0
    assert tomllib.loads(path.read_text(encoding="utf-8"))["blocks"] == before
    assert sql(tmp_path, "SELECT count(*) FROM gereedschap__tool") == [(0,)]
    assert re.search(r"^gereedschap +disabled +1\.0\.0 +Gereedschap$", city("blocks", "list").out, re.MULTILINE)
    listed = {entry["name"]: entry for entry in json.loads(city("blocks", "list", "--json").out)}
    assert (listed["gereedschap"]["state"], listed["inbreng"]["state"]) == ("disabled", "enabled")
    assert json.loads(city("blocks", "show", "gereedschap", "--json").out) == listed["gereedschap"]
    assert city("blocks", "disable", "gereedschap").line == "block 'gereedschap' is not enabled"


def test_commands_of_a_block(city: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are there while the block is; whatever is wrong with it, they say so in one line and every other command works."""
    assert city("gereedschap", "list").line == "block 'gereedschap' is not enabled: run 'samen blocks enable gereedschap'"
    assert "gereedschap" not in city("--help").out
    assert city("blocks", "enable", "gereedschap").status == 0
    assert re.search(r"gereedschap +The commands of block 'gereedschap'\.", city("--help").out)
    assert re.search(r"list +List every tool", city("gereedschap").out)
    assert (city("gereedschap", "list").out, city("gereedschap", "list").status) == ("", 0)
    assert city("gereedschap", "leen").line == "No such command 'leen'."
    assert city("inbreng").line == "No such command 'inbreng'.", "a block without commands"
    assert city("blocks", "pause", "gereedschap", "--reason", "Telling").status == 0
    assert city("gereedschap", "list").line == "block 'gereedschap' is paused: run 'samen blocks activate gereedschap'"
    import samen_gereedschap.hooks

    def broken() -> list[click.Command]:
        raise ImportError("no module for commands")

    monkeypatch.setattr(samen_gereedschap.hooks, "samen_cli", hookimpl(broken, specname="samen_cli"))
    assert city("gereedschap", "list").line == (
        "block 'gereedschap' failed in samen_cli: ImportError: no module for commands (or run 'samen blocks disable gereedschap')"
    )
    assert "gereedschap" not in city("--help").out
    assert city("db", "status").status == 0


def test_blocks_are_added_to_a_file_that_does_not_name_any(samen: Run, tmp_path: Path) -> None:
    """The default is not in the file; the key must not land in the section that stands last."""
    path = tmp_path / "samen.toml"
    path.write_text('[city]\nname = "Gemeente Delft"\n', encoding="utf-8")
    assert samen("blocks", "enable", "gereedschap").status == 0
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    assert content == {"blocks": ["citycontent", "gereedschap"], "city": {"name": "Gemeente Delft"}}


def test_enabling_enables_what_is_required(samen: Run, tmp_path: Path) -> None:
    path = tmp_path / "samen.toml"
    path.write_text("blocks = []\n", encoding="utf-8")
    assert samen("blocks", "enable", "gereedschap").status == 0
    assert tomllib.loads(path.read_text(encoding="utf-8"))["blocks"] == ["citycontent", "gereedschap"]


def test_what_cannot_be_enabled(city: Run) -> None:
    assert city("blocks", "enable", "absent").line == "block 'absent' is not installed: run 'pip install samen-absent' first"
    assert city("blocks", "show", "absent").line == "block 'absent' is not installed"


def test_where_the_environment_chooses_the_line_to_set_is_printed(city: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMEN_BLOCKS", "citycontent")
    done = city("blocks", "enable", "gereedschap")
    assert (done.status, done.out) == (0, "SAMEN_BLOCKS=citycontent,gereedschap\n")
    assert "the environment chooses the blocks" in done.err
    monkeypatch.setenv("SAMEN_BLOCKS", "citycontent,gereedschap")
    assert city("blocks", "disable", "gereedschap").out == "SAMEN_BLOCKS=citycontent\n"


def test_a_block_whose_migration_fails_is_not_enabled(city: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(platform: object) -> list[str]:
        raise OSError(28, "No space left on device", "samen.db")

    before = tomllib.loads((tmp_path / "samen.toml").read_text(encoding="utf-8"))["blocks"]
    monkeypatch.setattr("samen_core.db.migrate.upgrade", fail)
    assert city("blocks", "enable", "gereedschap").line == "No space left on device: samen.db"
    assert tomllib.loads((tmp_path / "samen.toml").read_text(encoding="utf-8"))["blocks"] == before


def test_a_missing_block_can_be_disabled(city: Run, tmp_path: Path) -> None:
    """The message of a city that cannot start says so."""
    path = tmp_path / "samen.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"citycontent"', '"citycontent", "absent"'), encoding="utf-8")
    assert "samen blocks disable absent" in city("run").line
    assert re.search(
        r"^absent +broken +- +enabled but not installed \(samen blocks disable absent\)$", city("blocks", "list").out, re.MULTILINE
    )
    assert city("blocks", "disable", "absent").status == 0
    assert city("db", "status").status == 0


def test_blocks_are_paused_and_activated(city: Run, tmp_path: Path) -> None:
    assert city("db", "upgrade").status == 0
    assert "Missing option '--reason'" in city("blocks", "pause", "inbreng").line
    assert city("blocks", "pause", "absent", "--reason", "Weg").line == "There is no block 'absent' in use here."
    done = city("blocks", "pause", "inbreng", "--reason", "Wij zetten de gegevens over.")
    assert done.out == "'inbreng' is paused, and with it 'doe_mee', 'samenspreker', which cannot do without\n", done.err
    listed = city("blocks", "list").out
    assert re.search(r"^inbreng +paused .*Wij zetten de gegevens over\.$", listed, re.MULTILINE)
    assert re.search(r"^samenspreker +paused .*with 'inbreng': Wij zetten", listed, re.MULTILINE)
    assert re.search(r"^reason: +Wij zetten", city("blocks", "show", "inbreng").out, re.MULTILINE)
    assert city("blocks", "activate", "samenspreker").line.startswith("First activate 'Contributions'")
    assert city("blocks", "activate", "inbreng").out == "'inbreng' is active again\n"
    assert "paused" not in city("blocks", "list").out
    assert sql(tmp_path, "SELECT origin FROM core__change WHERE action = 'core.block.paused'") == [("cli",)]


# --- users, outbox, config -------------------------------------------------------------------------------------------------------


def test_users_are_made_and_get_roles(city: Run, tmp_path: Path) -> None:
    done = city("users", "create", "Wim@Delft.example", "--name", "Wim")
    assert done.status == 0, done.err
    assert re.fullmatch(r"account made, password: \S{12,}\n", done.out)
    done = city("users", "create", "joke@delft.example", "--name", "Joke", "--password-stdin", typed="een lang geheim wachtwoord\n")
    assert (done.status, done.out) == (0, "account made\n")
    assert city("users", "grant", "wim@delft.example", "manager").out == "wim@delft.example is now manager\n"
    assert sql(tmp_path, "SELECT email, role, scope_id FROM core__grant JOIN core__user ON core__user.id = user_id") == [
        ("wim@delft.example", "manager", None)
    ]
    assert "geheim wachtwoord" not in str(sql(tmp_path, "SELECT * FROM core__user"))


def test_what_is_wrong_with_a_user(city: Run) -> None:
    city("users", "create", "wim@delft.example", "--name", "Wim")
    assert city("users", "create", "wim@delft.example", "--name", "Wim").line
    assert "e-mail" in city("users", "create", "geen adres", "--name", "Wim").line.lower()
    assert city("users", "create", "joke@delft.example", "--name", "Joke", "--password-stdin", typed="kort\n").line
    assert city("users", "grant", "niemand@delft.example", "manager").line.startswith(
        "there is no account niemand@delft.example: run 'samen users create"
    )
    assert city("users", "grant", "wim@delft.example", "manager", "--subject", str(uuid.uuid4())).line


def test_the_outbox_is_listed_and_tried_again(city: Run, tmp_path: Path) -> None:
    assert city("outbox", "list").out == "nothing was delivered yet\n"
    event, delivery = uuid.uuid4(), uuid.uuid4()
    sql(tmp_path, f"INSERT INTO core__outbox VALUES ('{event.hex}', 'core.test', 1, '{{}}', '2026-01-01 00:00:00')")
    sql(
        tmp_path,
        "INSERT INTO core__outbox_delivery (id, event_id, handler, state, attempts, next_at, last_error) "
        f"VALUES ('{delivery.hex}', '{event.hex}', 'core.mail', 'dead', 10, '2026-01-01 00:00:00', 'TimeoutError')",
    )
    listed = city("outbox", "list", "--state", "dead").out
    assert listed.startswith("1 dead\n")
    assert re.search(rf"^{delivery} dead +core\.mail +core\.test +tries 10, next 2026-01-01 00:00:00 TimeoutError$", listed, re.MULTILINE)
    assert city("outbox", "retry", str(uuid.uuid4())).line.startswith("there is no dead delivery")
    assert city("outbox", "retry", str(delivery)).out == "1 put back in line\n"
    assert city("outbox", "retry").out == "0 put back in line\n"


def test_config_show(city: Run) -> None:
    shown = city("config", "show").out
    assert re.search(r"^city\.name +Gemeente Delft +samen\.toml$", shown, re.MULTILINE)
    assert re.search(r"^secret_key +set +environment$", shown, re.MULTILINE)
    assert re.search(r"^web\.port +8000 +default$", shown, re.MULTILINE)
    assert SECRET not in shown


def test_a_port_that_is_taken_is_one_line(city: Run) -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert city("run", "--port", str(port)).line.startswith(f"cannot listen on 127.0.0.1:{port}: ")


# --- the real thing --------------------------------------------------------------------------------------------------------------


def test_the_console_script_ends_with_the_status_of_its_command(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("samen")
    environ = {**{name: value for name, value in os.environ.items() if not name.startswith("SAMEN_")}, "SAMEN_SECRET_KEY": SECRET}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([script, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)

    (tmp_path / "samen.toml").write_text("", encoding="utf-8")
    assert run("db", "status").returncode == 1
    assert run("db", "upgrade").returncode == 0
    assert run("nothing").stderr == "samen: No such command 'nothing'.\n"
