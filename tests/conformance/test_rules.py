"""Every rule catches a block that breaks it, and lets pass the block that ``samen blocks new`` writes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from samen_core.db.base import Base
from samen_core.scaffold.writing import new_block, write_block
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Outcome
from samen_core.testing.conformance.rules import RULES
from samen_core.testing.conformance.running import check, check_rule, open_context

BY_CODE = {rule.code: rule for rule in RULES}
Change = tuple[str, str, str]
"""A file of the block, what stands in it ("" to add at the end), and what comes in its place (``DELETE``: the file goes)."""
DELETE = "DELETE"
PACKAGE = "src/samen_{name}"
METADATA = """Metadata-Version: 2.1
Name: samen-{name}
Version: 0.1.0
Summary: A block of a test.
Author: Test
License: EUPL-1.2
Requires-Dist: samen

What it does.
"""
RECEIVER = """
from samen_core.api import ACCOUNT_ERASED, Invalid, SignalReceiver


@hookimpl
def samen_signal_receivers():
    return [SignalReceiver(ACCOUNT_ERASED, refuse)]


def refuse(uow, account_id):
    raise Invalid(_("Dit account blijft hier."))
"""
NAMES = """
from datetime import timedelta

from samen_core.api import ManagedText, RetentionRule


@hookimpl
def samen_texts():
    return [ManagedText("iets.uitleg", _("Uitleg"), _("Staat bovenaan."), (_("Hallo"),))]


@hookimpl
def samen_retention():
    return [RetentionRule("iets.weg", _("Weg"), _("na een dag"), due=len, apply=len, terms=(timedelta(days=1),))]
"""
LINK = """
    from sqlalchemy import update

    uow.session.execute(update(Project).values(description="[alle voorstellen](/{name})"))
"""
LISTENER = """
from citycontent.api import Organization
from sqlalchemy import event

event.listen(Organization, "before_insert", lambda *_arguments: None)
"""

BROKEN: dict[str, tuple[Change, str]] = {
    "metadata": ((f"{PACKAGE}/py.typed", "", DELETE), "no py.typed"),
    "declared-imports": ((f"{PACKAGE}/services.py", "", "from samen_core.platform import Platform\n"), "no public part of the platform"),
    "layers": ((f"{PACKAGE}/services.py", "", "from flask import g\n"), "rules know no web framework"),
    "own-prefixes": ((f"{PACKAGE}/permissions.py", '"{name}.propose"', '"iets.propose"'), "the permission 'iets.propose' must start with"),
    "keys-between-owners": (
        (
            f"{PACKAGE}/models.py",
            'mapped_column(ForeignKey("core__subject.id"))',
            'mapped_column(ForeignKey("core__subject.id", ondelete="CASCADE"))',
        ),
        "ondelete='CASCADE'",
    ),
    "migrations-run": ((f"{PACKAGE}/migrations/0001_proposals.py", "", "import samen_{name}.models\n"), "holds what it needs itself"),
    "foreign-mappers": ((f"{PACKAGE}/models.py", "", LISTENER), "adds listener citycontent.models.organization.Organization.before_insert"),
    "stated-access": ((f"{PACKAGE}/web.py", "", 'pages.before_request(lambda: "hallo")\n'), "instead of refusing"),
    "starts-alone": ((f"{PACKAGE}/services.py", "", "import samen_inbreng.api\n"), "belongs to a block that is not there"),
    "translations": ((f"{PACKAGE}/paths.py", "", 'TEXT = _("Nergens vertaald")\n'), "no English for 'Nergens vertaald'"),
    "personal-data-declared": (
        (
            f"{PACKAGE}/models.py",
            "    hidden: Mapped[bool]",
            '    nickname: Mapped[str] = mapped_column(default="")\n    hidden: Mapped[bool]',
        ),
        "__proposal.nickname may hold something about a person",
    ),
    "data-round-trip": ((f"{PACKAGE}/hooks.py", "", RECEIVER), "cannot be erased: Invalid: Dit account blijft hier."),
    "data-exported": (
        (f"{PACKAGE}/models.py", "    hidden: Mapped[bool]", "    stars: Mapped[int] = mapped_column(default=0)\n    hidden: Mapped[bool]"),
        "__proposal.stars is in no answer of the REST API",
    ),
    "migrations-both-ways": (
        (f"{PACKAGE}/migrations/0001_proposals.py", '    op.drop_table("{name}__proposal")', "    pass"),
        "the downgrade leaves",
    ),
    "subjects-registered": ((f"{PACKAGE}/services.py", "SubjectData(proposal.title,", 'SubjectData("",'), "registered without a title"),
    "removal": ((f"{PACKAGE}/testing.py", "", LINK), "without the block /{name}"),
    "documents": (("docs/proces.nl.md", "", DELETE), "there is no docs/proces.nl.md"),
    "managed-mails": (
        (f"{PACKAGE}/services.py", "", 'from samen_core.api import Message\n\nWORDS = Message("a@example.org", _("Uitleg"), (), "nl")\n'),
        "makes a Message",
    ),
    "privacy-register": ((f"{PACKAGE}/models.py", '        thing("Voorstel"),\n', ""), "says in no word what a row is"),
    "constant-lists": (
        (
            f"{PACKAGE}/web.py",
            "    trail = crumbs((block.label, None))",
            "    [cards(uow, [row.id]) for row in page.items]\n    trail = crumbs((block.label, None))",
        ),
        "SQL statements with few rows and",
    ),
    "accessible-pages": (
        (PACKAGE + "/templates/{name}/index.html", "{% block content %}", '{% block content %}<p><img src="/favicon.ico"></p>'),
        "image-alt",
    ),
}
_numbers = count(1)


class Maker:
    """Writes blocks as ``samen blocks new`` does, breaks them, and lets Python find them as if pip had installed them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def __call__(self, *changes: Change) -> Context:
        """A block with these changes, under check."""
        name = f"proef{next(_numbers)}"
        self.names.append(name)
        project = self.folder / name
        write_block(new_block(name, folder=project))
        for path, old, new in changes:
            file = project / path.format(name=name)
            if new == DELETE:
                file.unlink()
                continue
            text = file.read_text(encoding="utf-8")
            before, after = (part.replace("{name}", name) for part in (old, new))
            assert before in text, f"{before!r} is not in {path}"
            file.write_text(text.replace(before, after, 1) if before else text + after, encoding="utf-8")
        self._install(project / "src", name)
        return open_context(name)

    def _install(self, source: Path, name: str) -> None:
        info = source / f"samen_{name}-0.1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(METADATA.format(name=name), encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[samen.blocks]\n{name} = samen_{name}.block:block\n", encoding="utf-8")
        sys.path.insert(0, str(source))
        importlib.invalidate_caches()

    def forget(self) -> None:
        """Take the blocks from Python's memory and path, and their tables from the shared metadata."""
        for name in self.names:
            sys.path.remove(str(self.folder / name / "src"))
            for module in [found for found in sys.modules if found.partition(".")[0] == f"samen_{name}"]:
                del sys.modules[module]
            for table in [found for found in Base.metadata.tables.values() if found.name.startswith(f"{name}__")]:
                Base.metadata.remove(table)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[..., Context]]:
    """``made(*changes)``: a fresh block, broken or whole, under check."""
    maker = Maker(tmp_path)
    yield maker
    maker.forget()


def outcome(context: Context, code: str) -> Outcome:
    """What comes of one rule."""
    with context:
        return check_rule(context, BY_CODE[code])


def test_every_rule_has_a_block_that_breaks_it() -> None:
    assert list(BROKEN) == [rule.code for rule in RULES]


@pytest.mark.parametrize("code", [code for code in BROKEN if not BY_CODE[code].heavy])
def test_a_block_that_breaks_a_rule_is_caught(made: Callable[..., Context], code: str) -> None:
    _caught(made, code)


@pytest.mark.soak
@pytest.mark.parametrize("code", [code for code in BROKEN if BY_CODE[code].heavy])
def test_a_block_that_breaks_a_heavy_rule_is_caught(made: Callable[..., Context], code: str) -> None:
    _caught(made, code)


def _caught(made: Callable[..., Context], code: str) -> None:
    change, sentence = BROKEN[code]
    context = made(change)
    found = outcome(context, code)
    assert found.state == "failed"
    assert any(sentence.format(name=context.name) in problem for problem in found.problems), found.problems


def test_texts_and_terms_start_with_the_name_of_their_block(made: Callable[..., Context]) -> None:
    context = made((f"{PACKAGE}/hooks.py", "", NAMES))
    found = " ".join(outcome(context, "own-prefixes").problems)
    assert f"the text 'iets.uitleg' must start with '{context.name}.'" in found
    assert f"the retention rule 'iets.weg' must start with '{context.name}.'" in found


def test_a_new_block_keeps_every_rule_that_is_quickly_checked(made: Callable[..., Context]) -> None:
    with made() as context:
        found = list(check(context, rules=[rule for rule in RULES if not rule.heavy]))
    assert {item.rule.code: item.problems for item in found if item.state != "ok"} == {}


@pytest.mark.soak
def test_a_new_block_keeps_every_heavy_rule(made: Callable[..., Context]) -> None:
    with made() as context:
        found = list(check(context, rules=[rule for rule in RULES if rule.heavy]))
    assert {item.rule.code: item.problems for item in found if item.state != "ok"} == {}
