"""``samen init``: an empty folder becomes another municipality, with its own areas, colours and logo."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.installation import Installation

LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 56 56"><circle cx="28" cy="28" r="27" fill="#7a1f5c"/></svg>\n'
NAME = "Gemeente Verzonnen aan Zee"
BASE = ("init", "--name", NAME, "--short-name", "SamenVerzonnen", "--code", "GM9999")
ORDINARY_USER = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups") if os.geteuid() == 0 else ()


def area(code: str, name: str, column: int, row: int, **properties: Any) -> dict[str, Any]:
    """A square in the North Sea."""
    west, south, size = 3.0 + column * 0.01, 53.0 + row * 0.01, 0.01
    ring = [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]
    values = {"statcode": code, "statnaam": name, "jaar": 2026, **properties}
    return {"type": "Feature", "properties": values, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def write_areas(path: Path, *features: dict[str, Any]) -> str:
    """A GeoJSON file; its path."""
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return str(path)


def buurten(path: Path) -> str:
    """Two wijken of two buurten each; the wijken and the municipality are made from them."""
    around = {"gemeentenaam": "Verzonnen aan Zee"}
    return write_areas(
        path,
        area("BU99990001", "Havenkwartier", 0, 0, wijknaam="Oude Haven", **around),
        area("BU99990002", "Visserseind", 1, 0, wijknaam="Oude Haven", **around),
        area("BU99990101", "Duinrand", 0, 1, wijknaam="Nieuw Duin", **around),
        area("BU99990102", "Helmkwartier", 1, 1, wijknaam="Nieuw Duin", **around),
    )


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An empty folder."""
    folder = tmp_path / "stad"
    folder.mkdir()
    return Installation(folder)


@pytest.fixture
def as_ordinary_user(tmp_path: Path) -> Iterator[Installation]:
    """An empty folder of somebody without special rights."""
    folder = tmp_path / "stad"
    folder.mkdir()
    opened = [path for path in (folder, *folder.parents) if ORDINARY_USER and not stat.S_IMODE(path.stat().st_mode) & stat.S_IXOTH]
    for path in opened:
        path.chmod(path.stat().st_mode | stat.S_IXOTH)
    folder.chmod(0o777)
    yield Installation(folder, prefix=ORDINARY_USER)
    folder.chmod(0o700)


def refused(installation: Installation, *arguments: str) -> str:
    """The one line of a command that must fail."""
    done = installation.samen(*arguments)
    assert done.returncode != 0, done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("samen: ")
    return lines[0]


def test_another_municipality_starts_from_an_empty_folder(installation: Installation, tmp_path: Path) -> None:
    logo = tmp_path / "wapen.svg"
    logo.write_text(LOGO, encoding="utf-8")
    areas = buurten(tmp_path / "buurten.geojson")
    printed = installation.do(*BASE, "--logo", str(logo), "--action-colour", "#7a1f5c", "--warm-colour", "#9a3412", "--areas", areas)
    assert "7 areas from buurten.geojson" in printed
    assert f"{NAME} is ready" in printed
    secret = installation.folder / "secret-key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    installation.variables["SAMEN_SECRET_KEY_FILE"] = "secret-key"
    made = installation.do("users", "create", "beheer@verzonnen.example", "--name", "Bea Heer")
    installation.do("users", "grant", "beheer@verzonnen.example", "manager")
    password = made.split()[-1]
    with installation.serving() as server:
        visitor = server.visitor()
        pages = {path: visitor.get(path) for path in ("/", "/en/", "/wijken", "/privacy", "/toegankelijkheid", "/agenda", "/organisaties")}
        assert {answer.status for answer in pages.values()} == {200}
        for path, answer in pages.items():
            assert NAME in answer.text, path
            assert "SamenVerzonnen" in answer.text, path
            assert "oetermeer" not in answer.text, path
        names = ("Oude Haven", "Nieuw Duin", "Havenkwartier", "Visserseind", "Duinrand", "Helmkwartier")
        assert [name for name in names if name not in pages["/wijken"].text] == []
        look_at_theme(pages["/"].text, visitor)
        assert visitor.get("/wijken/havenkwartier").status == 200
        areas_of_api = visitor.call("GET", "/citycontent/areas?limit=100").json()
        assert {item["name"] for item in areas_of_api} == {"Verzonnen aan Zee", *names}
        visitor.log_in("beheer@verzonnen.example", password)
        assert visitor.get("/beheer").status == 200


def look_at_theme(home: str, visitor: Any) -> None:
    """The page uses the city's colours and logo, and they can be fetched."""
    addresses = re.findall(r'(?:href|src)="(/static/[^"]*(?:city\.\w+\.css|logo\.\w+\.svg))"', home)
    assert len(addresses) == 2, home[:3000]
    css, logo = sorted(addresses, key=lambda address: address.endswith(".svg"))
    assert "--samen-action: #7a1f5c" in visitor.get(css).text
    answer = visitor.get(logo)
    assert answer.text == LOGO
    assert answer.headers["Content-Type"].startswith("image/svg+xml")


def test_the_answers_may_be_typed(installation: Installation) -> None:
    done = installation.samen("init", stdin=f"{NAME}\nSamenVerzonnen\nGM9999\n")
    assert done.returncode == 0, done.stderr
    assert f"{NAME} is ready" in done.stdout
    config = (installation.folder / "samen.toml").read_text(encoding="utf-8")
    assert "GM9999" in config


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--action-colour", "rood"), "six hexadecimal digits"),
        (("--action-colour", "#ffee00"), "choose a darker"),
        (("--warm-colour", "#ffd0d0"), "choose a darker"),
        (("--code", "0637"), "GM and four digits"),
        (("--name", ""), "name"),
        (("--areas", "niet-hier.geojson"), "niet-hier.geojson"),
        (("--areas", "samen.txt"), "samen.txt"),
        (("--areas", "elders.geojson"), "GM9999"),
        (("--logo", "samen.txt"), "SVG or PNG"),
        (("--database-url", "mysql://samen@localhost/samen"), "not supported"),
        (("--database-url", "sqlite:////proc/geen/samen.db"), "cannot be written"),
    ],
)
def test_a_wrong_answer_is_told_and_leaves_nothing_in_the_way(
    installation: Installation, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    sources = tmp_path / "bronnen"
    sources.mkdir()
    (sources / "samen.txt").write_text("geen geojson", encoding="utf-8")
    write_areas(sources / "elders.geojson", area("BU12340001", "Elders", 0, 0))
    given = tuple(str(sources / value) if (sources / value).is_file() else value for value in arguments)
    line = refused(installation, *BASE, *given)
    assert told in line, line
    assert not (installation.folder / "samen.toml").exists(), "a second try would be refused"


def test_after_a_mistake_the_same_command_with_the_right_file_works(installation: Installation, tmp_path: Path) -> None:
    right = buurten(tmp_path / "buurten.geojson")
    wrong = write_areas(tmp_path / "fout.geojson", area("BU99990001", "Havenkwartier", 0, 0), area("X1", "Nergens", 1, 0))
    assert "fout.geojson" in refused(installation, *BASE, "--areas", right, "--areas", wrong)
    assert "7 areas from buurten.geojson" in installation.do(*BASE, "--areas", right)


def test_an_existing_city_is_left_alone(installation: Installation) -> None:
    installation.do(*BASE)
    before = contents(installation.folder)
    assert "exists already" in refused(installation, *BASE, "--name", "Gemeente Anders")
    assert contents(installation.folder) == before


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file with what is in it."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_that_cannot_be_written_is_told(as_ordinary_user: Installation) -> None:
    assert shutil.which("setpriv") or not ORDINARY_USER
    as_ordinary_user.folder.chmod(0o555)
    line = refused(as_ordinary_user, *BASE)
    assert "cannot be written" in line or "Permission denied" in line
    assert list(as_ordinary_user.folder.iterdir()) == []
