"""The files that tell others what this is: publiccode.yml, licence, changelog, documents, package data."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

import samen_core
from tests.support.paths import ROOT

DOCUMENTS = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CODE_OF_CONDUCT.md",
    "CHANGELOG.md",
    *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md")),
]


class Description(Schema):
    """One language of publiccode.yml's description; the lengths are the standard's."""

    shortDescription = fields.String(required=True, validate=validate.Length(1, 150))
    longDescription = fields.String(required=True, validate=validate.Length(150, 10_000))
    features = fields.List(fields.String(validate=validate.Length(1, 100)), required=True, validate=validate.Length(1))


class Legal(Schema):
    """The licence, as an SPDX expression."""

    license = fields.String(required=True, validate=validate.Equal("EUPL-1.2"))


class Contact(Schema):
    """Who to ask."""

    name = fields.String(required=True)
    email = fields.Email()


class Maintenance(Schema):
    """Who keeps it up."""

    type = fields.String(required=True, validate=validate.OneOf(["internal", "contract", "community", "none"]))
    contacts = fields.List(fields.Nested(Contact), required=True, validate=validate.Length(1))


class Localisation(Schema):
    """Its languages, as IETF tags."""

    localisationReady = fields.Boolean(required=True)
    availableLanguages = fields.List(fields.String(validate=validate.Regexp(r"^[a-z]{2}(-[A-Z]{2})?$")), required=True)


class Publiccode(Schema):
    """The required keys of publiccode.yml 0.7.0, and the optional ones that we use."""

    publiccodeYmlVersion = fields.String(required=True, validate=validate.Equal("0.7.0"))
    name = fields.String(required=True)
    url = fields.Url(required=True, require_tld=False)
    softwareVersion = fields.String()
    releaseDate = fields.Date()
    platforms = fields.List(fields.String(validate=validate.OneOf(["web", "windows", "mac", "linux", "ios", "android"])), required=True)
    categories = fields.List(fields.String())
    developmentStatus = fields.String(required=True, validate=validate.OneOf(["concept", "development", "beta", "stable", "obsolete"]))
    softwareType = fields.String(
        required=True, validate=validate.Regexp(r"^(standalone/(web|mobile|desktop|backend|iot|other)|addon|library|configurationFiles)$")
    )
    intendedAudience = fields.Dict()
    description = fields.Dict(keys=fields.String(), values=fields.Nested(Description), required=True, validate=validate.Length(1))
    legal = fields.Nested(Legal, required=True)
    maintenance = fields.Nested(Maintenance, required=True)
    localisation = fields.Nested(Localisation, required=True)
    dependsOn = fields.Dict()


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


def test_publiccode_is_valid(publiccode: dict[str, Any]) -> None:
    text = {**publiccode, "releaseDate": str(publiccode["releaseDate"])}
    Publiccode().load(text)


@pytest.mark.parametrize("key", ["url", "legal", "localisation", "publiccodeYmlVersion"])
def test_publiccode_schema_misses_required_keys(publiccode: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError, match=key):
        Publiccode(unknown=EXCLUDE).load({name: value for name, value in publiccode.items() if name not in (key, "releaseDate")})


def test_version_is_the_same_everywhere(publiccode: dict[str, Any]) -> None:
    assert publiccode["softwareVersion"] == samen_core.__version__
    assert f"## [{samen_core.__version__}] - {publiccode['releaseDate']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_languages_are_those_of_the_interface(publiccode: dict[str, Any]) -> None:
    catalogues = {path.stem for path in (ROOT / "samen_core" / "translations").glob("*.po")}
    assert set(publiccode["localisation"]["availableLanguages"]) == {"nl"} | catalogues


def test_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text == (ROOT / "LICENSES" / "EUPL-1.2.txt").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert all(part in text for part in ("1.Definitions", "15.Applicable Law", "Appendix"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_between_documents_lead_somewhere(name: str) -> None:
    path = ROOT / name
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
    missing = [link for link in links if not link.startswith(("https:", "http:")) and not (path.parent / link).exists()]
    assert missing == []


def test_documents_name_only_commands_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    used = {command for name in DOCUMENTS for command in re.findall(r"\bmake ([a-z][a-z-]+)\b", "\n".join(_code(ROOT / name)))}
    assert used - targets == set()


def _code(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(r"```.*?```", text, re.DOTALL) + re.findall(r"`[^`\n]+`", text)


@pytest.mark.parametrize(
    ("folder", "packages"),
    [(".", ("samen_core", "citycontent")), *((str(path.relative_to(ROOT)), ("src", "docs")) for path in sorted(ROOT.glob("blocks/*")))],
)
def test_wheel_holds_every_file_of_the_packages(tmp_path: Path, folder: str, packages: tuple[str, ...]) -> None:
    """A template or catalogue that the package data patterns miss would be absent only in an installation, never in a checkout."""
    subprocess.run(["git", "clone", "--quiet", "--local", "--no-hardlinks", str(ROOT), str(tmp_path / "clone")], check=True)
    source = tmp_path / "clone" / folder
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        str(tmp_path),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True)
    [wheel] = tmp_path.glob("samen*.whl")
    listed = subprocess.run(["git", "ls-files", *packages], cwd=source, capture_output=True, text=True, check=True).stdout.splitlines()
    # The documents of a block stand beside its package; a wheel installs them, with quality.toml, in share/samen/<block>.
    share = f"{wheel.name.rpartition('-py3')[0]}.data/data/share/samen/{source.name}"
    inside = {f"{share}/{path.removeprefix('docs/')}" if path.startswith("docs/") else path.removeprefix("src/") for path in listed}
    wanted = inside | ({f"{share}/quality.toml"} if "docs" in packages else set())
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set()
