"""What a retention sentence promises is what a rule or a declared term carries out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.accounts.retention import SESSIONS
from samen_core.accounts.sessions import KEPT
from samen_core.actor import system
from samen_core.platform import Platform
from samen_core.privacy import PersonalField, stored_declaration
from samen_core.privacy.retention import rules

on_sqlite = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
NUMBERS = {"een": 1.0, "anderhalf": 1.5, "twee": 2.0, "drie": 3.0, "zes": 6.0, "zeven": 7.0}
UNITS = {"uur": 1 / 24, "dag": 1.0, "dagen": 1.0, "maand": 30.44, "maanden": 30.44, "jaar": 365.25}
TERM = re.compile(rf"\b(\d+|{'|'.join(NUMBERS)}) ({'|'.join(sorted(UNITS, key=len, reverse=True))})\b")
CLOSE = 0.02
"""Months and years are not equally long."""


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent", "inbreng", "samenspreker"]}


def said(sentence: str) -> Iterator[float]:
    """The terms in a sentence, in days."""
    for number, unit in TERM.findall(sentence):
        yield (NUMBERS[number] if number in NUMBERS else float(number)) * UNITS[unit]


def is_kept(days: float, terms: tuple[timedelta, ...]) -> bool:
    return any(abs(term / timedelta(days=1) - days) <= CLOSE * days for term in terms)


@on_sqlite
def test_every_term_is_carried_out_and_is_as_long_as_people_are_told(platform: Platform) -> None:
    with platform.read(system("test")) as uow:
        known = {rule.name: rule for rule in rules(uow)}
        rows = uow.session.execute(select(PersonalField)).scalars().all()
    problems = []
    for row in rows:
        declared, name = stored_declaration(row), f"{row.table_name}.{row.column_name}"
        terms: tuple[timedelta, ...] = (timedelta(days=declared.expires.days),) if declared.expires else ()
        if declared.rule:
            if declared.rule not in known:
                problems.append(f"{name}: there is no rule {declared.rule}")
                continue
            terms = known[declared.rule].terms
        told = list(said(declared.retention))
        if bool(told) != bool(terms):
            problems.append(f"{name}: “{declared.retention}” and the terms {terms} do not go together")
        problems += [f"{name}: {days:g} days is no term of {declared.rule or 'its expiry'}" for days in told if not is_kept(days, terms)]
    assert problems == []
    assert len(rows) > 60


@on_sqlite
def test_the_sentence_of_every_rule_tells_its_terms(platform: Platform) -> None:
    with platform.read(system("test")) as uow:
        found = [rule for rule in rules(uow) if not rule.name.startswith("inbreng.")]
    for rule in found:
        assert rule.terms, rule.name
        told = list(said(str(rule.explanation)))
        assert all(is_kept(days, rule.terms) for days in told), rule.name
        assert len(told) >= len(set(rule.terms)), rule.name


def test_a_sentence_that_promises_something_else_is_noticed() -> None:
    assert list(said("tot twee jaar na het eindverslag, of 30 dagen")) == [730.5, 30.0]
    assert not is_kept(365.25, (timedelta(days=730),))
    assert is_kept(730.5, (timedelta(days=730),))


def test_sessions_last_as_long_as_the_rule_says() -> None:
    assert KEPT.absolute == SESSIONS
