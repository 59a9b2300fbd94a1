"""The interface parts of others are the files that THIRD_PARTY.md names, and nothing in them breaks our own rules."""

from __future__ import annotations

import hashlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "samen_core" / "web"
VENDOR = WEB / "static" / "core" / "vendor"
ICONS = sorted((WEB / "icons").glob("*.svg"))
NAMES = (Path(__file__).resolve().parents[2] / "tools" / "icons.txt").read_text().split()


def listed_files() -> dict[str, str]:
    return dict(re.findall(r"^\| (\S+) \| ([0-9a-f]{64}) \|$", (VENDOR / "THIRD_PARTY.md").read_text(), flags=re.MULTILINE))


def test_every_file_is_listed_with_its_sum() -> None:
    there = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "THIRD_PARTY.md"
    }
    assert there == listed_files()


def test_every_package_names_a_licence_that_is_there() -> None:
    rows = re.findall(r"^\| (\S+) \| ([\d.]+) \| \[([^\]]+)\]\((\S+)\) \|$", (VENDOR / "THIRD_PARTY.md").read_text(), flags=re.MULTILINE)
    assert len(rows) > 30
    assert {licence for _package, _version, licence, _path in rows} == {"EUPL-1.2", "OFL-1.1", "ISC", "0BSD"}
    assert all((VENDOR / path).is_file() for _package, _version, _licence, path in rows)


@pytest.mark.parametrize("path", sorted(WEB.glob("static/core/**/*.css")), ids=lambda path: path.name)
def test_stylesheets_load_only_files_beside_them(path: Path) -> None:
    addresses = [address.strip("\"'") for address in re.findall(r"url\(([^)]+)\)", path.read_text())]
    assert "@import" not in path.read_text()
    for address in addresses:
        name, digest, ending = re.fullmatch(r"([\w-]+)\.([0-9a-f]{12})\.(\w+)", address).groups()
        assert hashlib.sha256((path.parent / f"{name}.{ending}").read_bytes()).hexdigest().startswith(digest)


def test_the_icons_are_those_of_the_list() -> None:
    assert sorted(path.stem for path in ICONS) == sorted(NAMES)


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_can_be_put_inline(path: Path) -> None:
    text = path.read_text()
    root = ET.fromstring(text)
    assert root.attrib["aria-hidden"] == "true"
    assert root.attrib["stroke-width"] == "1.5"
    assert {element.tag for element in root.iter()} <= {"svg", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}
    assert not any({"style", "id", "onload", "href"} & element.attrib.keys() for element in root.iter())
