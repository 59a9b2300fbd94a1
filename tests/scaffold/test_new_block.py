"""``samen blocks new``: what it refuses, and that what it writes is a whole block whatever it is called."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from samen_core.errors import StartupError
from samen_core.scaffold.writing import NewBlock, new_block, require_free_path, write_block
from samen_core.testing.catalogues import problems
from tests.support.paths import ROOT
from tests.support.wheels import run

RUFF = str(Path(sys.executable).with_name("ruff"))
STATIC = ("metadata", "declared-imports", "layers", "migrations-run", "keys-between-owners", "translations", "data-exported", "documents")


def written(folder: Path, name: str, **chosen: str) -> NewBlock:
    """A block that was written in ``folder``, with its metadata as pip would find it."""
    new = new_block(name, folder=folder / name, **chosen)
    write_block(new)
    run(sys.executable, "-c", "import setuptools; setuptools.setup()", "--quiet", "egg_info", cwd=new.folder)
    return new


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Buurt", "cannot be the name"),
        ("b", "cannot be the name"),
        ("a" * 22, "cannot be the name"),
        ("buurt_", "cannot be the name"),
        ("buurt__budget", "cannot be the name"),
        ("1buurt", "cannot be the name"),
        ("buurt-budget", "cannot be the name"),
        ("class", "means something else"),
        ("core", "means something else"),
        ("en", "means something else"),
        ("citycontent", "there is a block 'citycontent' already"),
        ("inbreng", "there is a block 'inbreng' already"),
    ],
)
def test_a_name_that_cannot_be(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(StartupError, match=message) as refused:
        new_block(name, folder=tmp_path / "new")
    assert "\n" not in str(refused.value)


def test_a_name_whose_pages_are_there_already(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="there are pages at /agenda already"):
        require_free_path(new_block("agenda", folder=tmp_path / "new"))


@pytest.mark.parametrize("chosen", [{"label": "a{b}"}, {"label": "a\nb"}, {"label": "x" * 61}, {"label": " "}, {"author": "a\nb"}])
def test_words_that_cannot_be(tmp_path: Path, chosen: dict[str, str]) -> None:
    with pytest.raises(StartupError, match=r"label|author"):
        new_block("buurtbudget", folder=tmp_path / "new", **chosen)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "keep.txt").write_text("mine", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "keep.txt"):
        with pytest.raises(StartupError, match="is there already"):
            new_block("buurtbudget", folder=folder)
    assert [path.name for path in tmp_path.iterdir()] == ["keep.txt"]


@pytest.mark.parametrize(
    ("name", "label", "author"),
    [
        ("ab", 'Buurt "budget" & één\'s \\ plan: 50%', 'Jan "de" Bouwer; #1 100%'),
        ("abcdefghijklmnop_wxyz", "Voorstel", "B.V. 't Hoekje"),
    ],
)
def test_every_file_is_right_whatever_it_is_called(tmp_path: Path, name: str, label: str, author: str) -> None:
    new = written(tmp_path, name, label=label, author=author)
    files = [path for path in new.folder.rglob("*") if path.is_file()]
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert not re.findall(r"voorbeeld[_-]blok|Voorbeeldblok|Uw organisatie", text + "".join(map(str, files)))
    assert (new.folder / ".ci" / "run").stat().st_mode & 0o111
    run(RUFF, "check", "--no-cache", ".", cwd=new.folder)
    run(RUFF, "format", "--no-cache", "--check", ".", cwd=new.folder)
    run("bash", "-n", ".ci/run", cwd=new.folder)
    assert list(problems(new.folder / "src" / new.package)) == []
    facts = PathDistribution(next((new.folder / "src").glob("*.egg-info"))).metadata
    assert (facts["Name"], facts["Author"]) == (new.distribution, author)
    assert label in facts["Summary"]
    namespace = {}
    exec((new.folder / "src" / new.package / "block.py").read_text(encoding="utf-8"), namespace)
    assert (namespace["block"].name, str(namespace["block"].label)) == (name, label)


def test_its_tests_and_quick_rules_pass(tmp_path: Path) -> None:
    """On SQLite, in a Python of its own that finds the block as installed; the rules that take long are left to the soak."""
    new = written(tmp_path, "groene_straat", label="Groene straat")
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--databases=sqlite",
            "-k",
            f"not Conformance or {' or '.join(STATIC)}",
        ],
        cwd=new.folder,
        env={"PYTHONPATH": f"{new.folder / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin", "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr[-2000:]
    assert re.search(r"\b1[6-9] passed", found.stdout), found.stdout[-1000:]
    assert "samen: nothing was tested on postgresql: by --databases" in found.stdout


@pytest.mark.soak
def test_the_whole_command_in_a_clean_environment_without_a_network(vendor_environment, tmp_path: Path) -> None:
    """Only wheels, an empty folder outside the checkout, no index: write, install, test, check; then the wheel of the block itself."""
    environment = vendor_environment
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    said = run(environment.samen, "blocks", "new", "buurtbudget", "--label", "Buurtbudget", "--author", "Wij samen", cwd=folder)
    assert "  failed  " not in said, said
    assert "What to do next" in said
    checked = json.loads(run(environment.samen, "blocks", "check", "buurtbudget", "--tier", "zilver", "--json", cwd=folder))
    assert checked["reached"] in ("zilver", "goud"), checked
    block = folder / "buurtbudget"
    run(environment.python, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", ".", cwd=block)
    run(environment.python, "-m", "pip", "uninstall", "--yes", "--quiet", "samen-buurtbudget", cwd=folder)
    run(environment.python, "-m", "pip", "install", "--no-index", "--quiet", str(next((block / "dist").glob("*.whl"))), cwd=folder)
    look = "from samen_core.blocks.discovery import installed_blocks as found; print(found()['buurtbudget'].document('proces.nl.md'))"
    assert "share/samen/buurtbudget/proces.nl.md" in run(environment.python, "-c", look, cwd=folder)
    run(
        environment.python,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--databases=sqlite",
        str(block / "tests" / "test_pages.py"),
        cwd=folder,
    )
