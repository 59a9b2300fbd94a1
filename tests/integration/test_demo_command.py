"""``samen demo`` (what ``make demo`` runs) as somebody meets it: the first start, the next ones, and what can stand in the way."""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import stat
import time
from pathlib import Path

import pytest

from tests.support.installation import Installation, Server, free_port

ORDINARY_USER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()
ROLES = ("Inwoner", "Procesbegeleider", "Beslisser", "Moderator", "Functioneel beheerder")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A demonstration city that was started and stopped once."""
    installation = Installation(tmp_path_factory.mktemp("demo"))
    with installation.serving("demo") as server:
        first_start(installation, server)
    return installation


def first_start(installation: Installation, server: Server) -> None:
    """What a first start shows and makes."""
    told = server.text()
    steps = ("Preparing the database", "Filling the demonstration city", "content of block citycontent", f"is ready: {server.url}")
    places = [told.find(step) for step in steps]
    assert -1 not in places, told
    assert places == sorted(places)
    for role, (email, password) in log_ins(installation).items():
        assert re.search(rf"{role}\s+{re.escape(email)}\s+{re.escape(password)}", told), role
    assert "Gemeente Zoetermeer" in server.visitor().get("/").text


def log_ins(installation: Installation) -> dict[str, tuple[str, str]]:
    """Per role the address and password."""
    lines = (installation.folder / "var" / "demo-logins.txt").read_text(encoding="utf-8").splitlines()
    found = (re.fullmatch(r"(.+?)\s+(\S+@\S+)\s+(\S+)", line) for line in lines)
    return {match[1]: (match[2], match[3]) for match in found if match}


def refused(installation: Installation, *arguments: str) -> str:
    """The one line of a command that must fail."""
    done = installation.samen("demo", *arguments)
    assert done.returncode != 0, done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("samen: ")
    return lines[0]


def test_secrets_are_for_the_owner_only(prepared: Installation) -> None:
    for name in ("demo-logins.txt", "secret-key"):
        assert stat.S_IMODE((prepared.folder / "var" / name).stat().st_mode) == 0o600, name


def test_the_next_start_uses_everything_again_and_every_log_in_works(prepared: Installation) -> None:
    logins = (prepared.folder / "var" / "demo-logins.txt").read_bytes()
    assert tuple(log_ins(prepared)) == ROLES
    with prepared.serving("demo") as server:
        told = server.text()
        assert "Preparing" not in told
        assert "Filling" not in told
        assert (prepared.folder / "var" / "demo-logins.txt").read_bytes() == logins
        for role, (email, password) in log_ins(prepared).items():
            visitor = server.visitor()
            visitor.log_in(email, password)
            assert email in visitor.get("/account").text
            assert visitor.get("/beheer").status == (200 if role == "Functioneel beheerder" else 403), role
        assert len(re.findall(r'href="/organisaties/[^"?]+"', server.visitor().get("/organisaties").text)) >= 20


def test_it_stops_without_an_error(prepared: Installation) -> None:
    server = prepared.serve("demo")
    assert server.stop() == 0
    assert "Traceback" not in server.text()


def test_the_port_may_come_from_the_environment(prepared: Installation) -> None:
    port = free_port()
    done = Installation(prepared.folder, {"PORT": str(port)}).samen("demo", "--prepare-only")
    assert done.returncode == 0, done.stderr
    assert f"http://127.0.0.1:{port}" in done.stdout


def test_a_taken_port_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        line = refused(Installation(tmp_path, {"PORT": str(port)}))
    assert f"127.0.0.1:{port}" in line
    assert "choose another port" in line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["0", "70000", "acht"])
def test_a_port_that_cannot_be_is_told(tmp_path: Path, port: str) -> None:
    assert "port" in refused(Installation(tmp_path, {"PORT": port})).lower()
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, *tmp_path.parents):
        if ORDINARY_USER and not stat.S_IMODE(path.stat().st_mode) & stat.S_IXOTH:
            path.chmod(path.stat().st_mode | stat.S_IXOTH)
    tmp_path.chmod(0o555)
    line = refused(Installation(tmp_path, prefix=ORDINARY_USER), "--port", str(free_port()))
    assert "cannot be written" in line
    assert str(tmp_path) in line


def test_a_prepared_folder_that_became_read_only_is_told(prepared: Installation) -> None:
    folder = prepared.folder / "var"
    for path in (folder, *folder.parents):
        if ORDINARY_USER and not stat.S_IMODE(path.stat().st_mode) & stat.S_IXOTH:
            path.chmod(path.stat().st_mode | stat.S_IXOTH)
    before = folder.stat().st_mode
    folder.chmod(0o555)
    try:
        line = refused(Installation(prepared.folder, prefix=ORDINARY_USER), "--port", str(free_port()))
    finally:
        folder.chmod(before)
    assert "cannot be written" in line


def test_a_newer_database_is_told(prepared: Installation) -> None:
    with sqlite3.connect(prepared.folder / "var" / "samen.db") as database:
        database.execute(
            "INSERT INTO core__migration (revision, owner, contract, at) VALUES ('core_9999', 'core', 1, '2026-01-01 00:00:00')"
        )
    try:
        line = refused(prepared, "--port", str(free_port()))
    finally:
        with sqlite3.connect(prepared.folder / "var" / "samen.db") as database:
            database.execute("DELETE FROM core__migration WHERE revision = 'core_9999'")
    assert "newer than the code" in line
    assert "core_9999" in line


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "samen.db").write_bytes(b"geen database" * 100)
    line = refused(Installation(tmp_path), "--port", str(free_port()))
    assert "database" in line


@pytest.mark.soak
def test_a_start_that_was_broken_off_while_filling_is_made_whole(tmp_path: Path) -> None:
    """The accounts are there but the city is not: nobody may end up with an empty demonstration for good."""
    installation = Installation(tmp_path)
    process = installation.start("demo", "--prepare-only")
    log = tmp_path / "log"
    while process.poll() is None and b"content of block citycontent" not in log.read_bytes():
        time.sleep(0.005)
    process.kill()
    process.wait(30)
    assert b"search index" not in log.read_bytes(), "the seeding was over before it could be broken off"
    with installation.serving("demo") as server:
        assert len(re.findall(r'href="/organisaties/[^"?]+"', server.visitor().get("/organisaties").text)) >= 20
        email, password = log_ins(installation)["Inwoner"]
        server.visitor().log_in(email, password)
