"""Our blocks, the city and the block of another vendor reach what they claim; rules, their pages and the files of quality agree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from samen_core.blocks.discovery import installed_blocks
from samen_core.blocks.quality import TIERS, Quality, quality_of, read_quality
from samen_core.cli import cli
from samen_core.testing.conformance.context import Context
from samen_core.testing.conformance.model import Note, Outcome, Report, Rule, Unchecked, judged
from samen_core.testing.conformance.probe import ask
from samen_core.testing.conformance.rules import RULES
from samen_core.testing.conformance.running import check_rule, open_context
from tests.support.paths import ROOT

PAGES = ROOT / "docs" / "conformance"
BLOCKS = ("citycontent", "inbreng", "samenspreker", "beleidsagenda", "oog_oor", "doe_mee", "gereedschap")


@pytest.fixture(scope="module", params=BLOCKS)
def context(request: pytest.FixtureRequest) -> Iterator[Context]:
    """Each of the blocks under check."""
    with open_context(request.param) as opened:
        yield opened


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.heavy], ids=lambda rule: rule.code)
def test_the_block_keeps_the_rule(context: Context, rule: Rule) -> None:
    assert check_rule(context, rule).problems == ()


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.heavy], ids=lambda rule: rule.code)
def test_the_block_keeps_the_heavy_rule(context: Context, rule: Rule) -> None:
    found = check_rule(context, rule)
    assert found.problems == ()
    assert found.state == "ok", found.notes


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_claims_the_highest_tier_without_exceptions(name: str) -> None:
    claimed = quality_of(installed_blocks()[name])
    assert (claimed.tier, claimed.exceptions, claimed.problem) == ("goud", (), "")


def test_every_rule_has_its_page_and_no_page_is_left_over() -> None:
    assert sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README") == sorted(rule.code for rule in RULES)
    for rule in RULES:
        text = (PAGES / f"{rule.code}.md").read_text(encoding="utf-8")
        assert text.startswith(f"# `{rule.code}`: {rule.title}\n\nTier: {rule.tier}.\n")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE)[:4] == ["What", "Why", "How to mend", "Example"]


def test_the_list_of_rules_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| \[([a-z-]+)\]\(\1\.md\) \| (\w+) \| (.*) \|$", (PAGES / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(rule.code, rule.tier, rule.title) for rule in RULES]


def test_rules_stand_in_the_order_of_the_tiers() -> None:
    assert list(dict.fromkeys(rule.tier for rule in RULES)) == list(TIERS)
    assert len({rule.code for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ('tier = "platina"', "is none of brons, zilver, goud"),
        ('niveau = "goud"', "'niveau' is no key"),
        ('[rules]\nlayers = "misschien"', "is none of done, todo, exempt"),
        ('[rules.layers]\nstatus = "exempt"', "exempt without a reason"),
        ('[rules.layers]\nwhy = "zo"', "needs a status"),
        ('[not_exported]\nx__y = ""', "without a reason"),
        ("tier = ", "quality.toml: "),
        ("rules = 3", "quality.toml: "),
    ],
)
def test_what_is_wrong_with_a_file_of_quality_is_said(source: str, problem: str) -> None:
    assert problem in read_quality(source).problem


def rule(code: str, tier: str) -> Rule:
    return Rule(code, tier, "A rule", lambda _context: ())


def test_a_tier_needs_every_rule_of_it_and_below() -> None:
    states = {"a": "ok", "b": "exempt", "c": "unchecked", "d": "ok"}
    outcomes = tuple(
        Outcome(rule(code, tier), states[code])  # type: ignore[arg-type]
        for code, tier in (("a", "brons"), ("b", "brons"), ("c", "zilver"), ("d", "goud"))
    )
    assert Report("x", Quality(), "brons", outcomes).is_good
    assert Report("x", Quality(), "zilver", outcomes).reached == "brons"
    assert not Report("x", Quality(), "goud", outcomes).is_good


def test_findings_make_the_state() -> None:
    todo = read_quality('[rules]\na = "todo"').mark("a")
    done = Quality().mark("a")
    assert judged(done, iter([Note("by the way")])) == ("ok", (), ("by the way",))
    assert judged(done, iter([Unchecked("no browser")])) == ("unchecked", (), ("no browser",))
    assert judged(done, iter(["wrong", Unchecked("no browser")]))[0] == "failed"
    assert judged(todo, iter(["wrong"])) == ("todo", ("wrong",), ())


def test_a_look_that_takes_too_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samen_core.testing.conformance.probe.SECONDS", 0.01)
    with open_context("gereedschap") as context:
        assert list(ask(context, "alone")) == [
            "looking took longer than 0.01 seconds: a page that does not end, or a machine that is too busy"
        ]


def test_the_command_says_what_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["blocks", "check", "bestaat_niet"])
    assert done.exit_code != 0
    assert "'bestaat_niet' is not installed" in str(done.exception)


def test_the_command_gives_json_and_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    import samen_core.testing.conformance.running as running

    few = [found for found in RULES if found.code in ("metadata", "layers")]
    monkeypatch.setattr(running.check, "__kwdefaults__", {"rules": few})
    done = CliRunner().invoke(cli, ["blocks", "check", "inbreng", "--tier", "brons", "--json"], standalone_mode=False)
    answer = json.loads(done.stdout)
    assert (done.return_value, answer["good"], answer["reached"]) == (0, True, "brons")
    assert [(found["code"], found["state"]) for found in answer["rules"]] == [("metadata", "ok"), ("layers", "ok")]
    higher = CliRunner().invoke(cli, ["blocks", "check", "inbreng"], standalone_mode=False)
    assert higher.return_value == 1
    assert "'inbreng' reaches brons, not goud" in higher.stdout


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_catalogue_shows_the_tier_and_the_exceptions(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Goud" in client.get("/bouwstenen/citycontent").text
    said = read_quality('tier = "brons"\n[rules.documents]\nstatus = "exempt"\nreason = "it has no process"')
    monkeypatch.setattr("samen_core.web.pages.catalogue.quality_of", lambda _installed: said)
    page = client.get("/bouwstenen/citycontent").text
    assert "Brons" in page
    assert "<code>documents</code>: hoeft niet" in page
    assert "it has no process" in page
