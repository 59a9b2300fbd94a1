"""Every text has its English, and the catalogues hold nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from samen_core.testing import catalogues as translations
from tools.translations import packages


@pytest.mark.parametrize("package", packages(), ids=lambda package: package.name)
def test_every_text_is_translated_and_nothing_else(package: Path) -> None:
    assert list(translations.problems(package)) == []


def test_one_dutch_text_has_one_translation() -> None:
    """The catalogues of all blocks become one: of two translations the page of one block would show the other's."""
    found: dict[translations.Key, dict[str, tuple[str, ...]]] = {}
    for package in packages():
        for message in translations.catalogue(package):
            if message.id:
                found.setdefault(translations.key_of(message), {})[package.name] = translations.forms_of(message)
    assert {key: by for key, by in found.items() if len(set(by.values())) > 1} == {}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that says four things, of which some are translated."""
    made = tmp_path / "samen_made"
    (made / "templates" / "made").mkdir(parents=True)
    (made / "translations").mkdir()
    (made / "migrations").mkdir()
    (made / "a.py").write_text('_("Een")\nn_("{n} ding", "{n} dingen", 2)\n_("Dag {name}", name="x")\n', encoding="utf-8")
    (made / "migrations" / "b.py").write_text('_("Niet dit")\n', encoding="utf-8")
    (made / "templates" / "made" / "a.html").write_text(
        '{{ _("In een sjabloon {x}", x=1) }}{{ n_("{n} ei", "{n} eieren", n) }}', encoding="utf-8"
    )
    return made


def test_texts_are_found_in_code_and_templates(package: Path) -> None:
    found = translations.said(package)
    assert set(found) == {"Een", ("{n} ding", "{n} dingen"), "Dag {name}", "In een sjabloon {x}", ("{n} ei", "{n} eieren")}
    assert found["Een"] == ["samen_made/a.py:1"]


def test_what_is_missing_obsolete_or_wrong_is_found(package: Path) -> None:
    entries = {"Een": "One", "Dag {name}": "Bye {nam}", "In een sjabloon {x}": "", "Oud": "Old"}
    text = "".join(f'msgid "{dutch}"\nmsgstr "{english}"\n\n' for dutch, english in entries.items())
    text += 'msgid "{n} ding"\nmsgid_plural "{n} dingen"\nmsgstr[0] "one thing"\nmsgstr[1] "{n} things"\n'
    (package / "translations" / "en.po").write_text(translations.HEADER + "\n" + text, encoding="utf-8")
    found = sorted(translations.problems(package))
    assert found == [
        "samen_made/a.py:3: 'Bye {nam}' has the placeholders ['nam'], the Dutch ['name']",
        "samen_made/templates/made/a.html:1: no English for 'In een sjabloon {x}'",
        "samen_made/templates/made/a.html:1: no English for ('{n} ei', '{n} eieren')",
        "samen_made: no longer said: 'Oud'",
    ]


def test_updating_keeps_what_is_there_and_drops_what_is_obsolete(package: Path) -> None:
    path = package / "translations" / "en.po"
    path.write_text(translations.HEADER + '\nmsgid "Een"\nmsgstr "One"\n\nmsgid "Oud"\nmsgstr "Old"\n', encoding="utf-8")
    translations.update(package)
    content = path.read_text(encoding="utf-8")
    assert 'msgid "Een"\nmsgstr "One"' in content
    assert "Oud" not in content
    assert 'msgid "Dag {name}"\nmsgstr ""' in content
    first = content
    translations.update(package)
    assert path.read_text(encoding="utf-8") == first
