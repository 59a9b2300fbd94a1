"""``samen import``: areas and address book of a city, later or at its start, from files."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from citycontent.seed import DATA
from tests.support.installation import Installation

AREAS = tuple(str(DATA / f"zoetermeer_{level}_2022.geojson") for level in ("gemeente", "wijken", "buurten"))
BOOK = DATA / "pc6hnr_synthetisch.csv"
BASE = ("init", "--name", "Gemeente Zoetermeer", "--short-name", "Samen", "--code", "GM0637")


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An empty folder."""
    folder = tmp_path / "stad"
    folder.mkdir()
    return Installation(folder)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a city without areas or addresses, to copy."""
    folder = tmp_path_factory.mktemp("bare")
    Installation(folder).do(*BASE)
    return folder


@pytest.fixture(scope="module")
def divided(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with areas."""
    folder = tmp_path_factory.mktemp("divided") / "stad"
    shutil.copytree(bare, folder)
    _with_key(folder).do("import", "areas", *AREAS)
    return folder


@pytest.fixture
def city(bare: Path, tmp_path: Path) -> Installation:
    """A city without areas or addresses."""
    return _with_key(Path(shutil.copytree(bare, tmp_path / "stad")))


@pytest.fixture
def city_with_areas(divided: Path, tmp_path: Path) -> Installation:
    """A city without addresses."""
    return _with_key(Path(shutil.copytree(divided, tmp_path / "stad-met-gebieden")))


def _with_key(folder: Path) -> Installation:
    made = Installation(folder)
    made.variables["SAMEN_SECRET_KEY_FILE"] = "secret-key"
    return made


def addresses(installation: Installation) -> int:
    with sqlite3.connect(installation.folder / "samen.db") as database:
        number: int = database.execute("SELECT count(*) FROM citycontent__address_book").fetchone()[0]
        return number


def test_areas_and_addresses_come_later(city: Installation) -> None:
    assert "areas from zoetermeer_buurten_2022.geojson" in city.do("import", "areas", *AREAS)
    assert "1224 addresses from pc6hnr_synthetisch.csv" in city.do("import", "addresses", str(BOOK))
    assert addresses(city) == 1224
    city.do("import", "addresses", str(BOOK))
    assert addresses(city) == 1224, "the same file again gives the same book"


def test_a_new_city_gets_them_at_once(installation: Installation) -> None:
    given = [word for path in AREAS for word in ("--areas", path)]
    assert "1224 addresses" in installation.do(*BASE, *given, "--addresses", str(BOOK))
    assert addresses(installation) == 1224


def test_every_problem_is_a_line_and_nothing_changes(city_with_areas: Installation, tmp_path: Path) -> None:
    city = city_with_areas
    city.do("import", "addresses", str(BOOK))
    wrong = tmp_path / "fout.csv"
    wrong.write_text("PC6;Huisnummer;Buurt2022\n2711AA;1;6370002\n0711AA;1;6370002\n2711AA;x;6370002\n", encoding="utf-8")
    done = city.samen("import", "addresses", str(wrong))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "samen: fout.csv, regel 3: “0711AA” is geen postcode",
        "samen: fout.csv, regel 4: “x” is geen heel getal",
    ]
    assert addresses(city) == 1224


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("PC6;Huisnummer;Buurt2022;Gemeente2022\n1011AB;1;3630000;363\n", "geen adres van GM0637"),
        ("PC6;Huisnummer;Buurt2022\n2711AA;1;6370002\n", "Lees eerst de gebieden van dat jaar in"),
        ("", "is leeg"),
    ],
)
def test_a_file_that_is_of_no_use_is_told_in_one_line(
    city: Installation, city_with_areas: Installation, tmp_path: Path, content: str, told: str
) -> None:
    city = city_with_areas if "Gemeente" in content else city
    path = tmp_path / "adressen.csv"
    path.write_text(content, encoding="utf-8")
    done = city.samen("import", "addresses", str(path))
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_long_file_tells_how_far_it_is(city_with_areas: Installation, tmp_path: Path) -> None:
    city = city_with_areas
    path = tmp_path / "nederland.csv"
    elsewhere = "1011AB;1;3630000;36300;363\n"
    path.write_text(BOOK.read_text(encoding="utf-8") + elsewhere * 200_000, encoding="utf-8")
    done = city.samen("import", "addresses", str(path))
    assert done.returncode == 0, done.stderr
    assert "1224 addresses" in done.stdout
    assert [line.strip() for line in done.stderr.splitlines()] == ["100000 lines read ...", "200000 lines read ..."]


def test_without_a_block_for_it_the_command_says_so(city: Installation) -> None:
    for block in ("doe_mee", "oog_oor", "beleidsagenda", "samenspreker", "inbreng", "citycontent"):
        city.do("blocks", "disable", block)
    done = city.samen("import", "addresses", str(BOOK))
    assert done.returncode == 1
    assert "no enabled block keeps addresses" in done.stderr
