"""Numbers that are counted ahead say what a count over all cases says, whatever happened since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from citycontent.testing import make_area
from samen_core.api import Platform, UnitOfWork, system
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Numbers, Signal
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.queries.figures import BY, count_figures, figures_by
from samen_oog_oor.queries.numbers import CASES, MOST_SPANS, numbers_by_area, stretches
from samen_oog_oor.queries.public import PublicFilter
from samen_oog_oor.queries.statistics import Period, reported
from samen_oog_oor.services.common import keep_case
from samen_oog_oor.services.counting import COUNTERS, MARGIN, count_days, keep_figures, keep_numbers, write_days
from samen_oog_oor.testing import a_case, a_category, a_signal, a_verdict, an_organization

ACTS: dict[str, Callable[[UnitOfWork, Case, int], Any]] = {
    "confide": lambda _uow, case, _n: setattr(case, "confidential", not case.confidential),
    "lower": lambda _uow, case, n: setattr(case, "publication", PUBLICATION[n % len(PUBLICATION)]),
    "move": lambda _uow, case, n: setattr(case, "state", ("new", "planned", "in_progress")[n % 3]),
    "merge": lambda uow, case, _n: setattr(case, "merged_into_id", None if case.merged_into_id else _first(uow, case)),
    "signal": lambda uow, case, n: a_signal(uow, case, email="", at=uow.now - timedelta(days=n % 4), channel=("web", "staff")[n % 2]),
    "withdraw": lambda uow, case, _n: [setattr(one, "withdrawn_at", uow.now) for one in _signals(uow, case)],
    "nothing": lambda _uow, _case, _n: None,
}


def _first(uow: UnitOfWork, case: Case) -> Any:
    return uow.session.execute(select(Case.id).where(Case.id != case.id).order_by(Case.id).limit(1)).scalar_one_or_none()


def _signals(uow: UnitOfWork, case: Case) -> list[Signal]:
    return list(uow.session.execute(select(Signal).where(Signal.case_id == case.id)).scalars())


def count(uow: UnitOfWork) -> None:
    """What the job does, in the transaction of the test."""
    for kind in COUNTERS:
        write_days(uow, kind, count_days(uow, kind))


def told(uow: UnitOfWork, first: date, **narrow: Any) -> tuple[Any, ...]:
    """What everybody reads."""
    filters = [PublicFilter(), PublicFilter(since=first), *(PublicFilter(since=first, **{name: value}) for name, value in narrow.items())]
    return [numbers_by_area(uow, filter) for filter in filters], reported(uow, Period(first, uow.now.date()))


STEPS = st.lists(st.tuples(st.sampled_from([*ACTS, "report", "count", "wait"]), st.integers(0, 9)), min_size=4, max_size=25)


CHECKS = {"derandomize": True, "database": None, "phases": (Phase.generate,), "suppress_health_check": list(HealthCheck)}


@settings(max_examples=8, deadline=None, **CHECKS)
@given(steps=STEPS)
def test_whatever_happens_the_numbers_are_those_of_a_count(platform: Platform, steps: list[tuple[str, int]]) -> None:
    uow = platform.unit_of_work(system("test"))
    try:
        uow.now = datetime.fromisoformat("2026-06-10T12:00:00+00:00")
        first, areas = uow.now.date() - timedelta(days=9), [make_area(uow, "Buurt Een", "buurt").id, None]
        categories, cases = [a_category(uow, name) for name in ("Een", "Twee")], []
        for act, number in [("report", 0), ("report", 1), *steps]:
            if act == "report":
                at = uow.now - timedelta(days=number % 4, hours=number)
                cases.append(a_case(uow, categories[number % 2], area_id=areas[number // 2 % 2], reported_at=at))
                a_signal(uow, cases[-1], email="", at=at)
            elif act == "count":
                count(uow)
            elif act == "wait":
                uow.now += timedelta(minutes=number)
            else:
                ACTS[act](uow, cases[number % len(cases)], number)
                keep_case(uow, cases[number % len(cases)])
        narrow = {"category_ids": (categories[0].id,), "area_ids": (areas[0],), "states": ("new", "planned")}
        found = told(uow, first, **narrow)
        uow.session.execute(delete(Numbers))
        assert found == told(uow, first, **narrow)
    finally:
        uow.rollback()
        uow.close()


def test_what_is_hidden_is_out_of_the_numbers_at_once(platform: Platform, client: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case, other = a_case(uow), a_case(uow)
        for one in (case, other):
            a_signal(uow, one)
    with platform.unit_of_work(system("worker")) as uow:
        keep_numbers(uow), keep_figures(uow)
    with platform.unit_of_work(system("test")) as uow:
        hidden = uow.session.get_one(Case, case.id)
        hidden.confidential = True
        keep_case(uow, hidden)
    assert [row["signals"] for row in client.get("/api/v1/oog-oor/statistics/signals").get_json()] == [1]
    assert "1 zaak" in client.get(paths.MAP).text
    assert "Bijgewerkt op" in client.get(paths.FIGURES).text
    assert "Bijgewerkt op" in client.get(paths.HOME).text


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_figures_are_kept_as_they_were_counted_until_something_changes(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        office = an_organization(uow, "Team Licht")
        closed = a_case(uow, organization_id=office.id, state="resolved", answer_days=1, close_days=3)
        a_verdict(uow, a_signal(uow, closed))
        a_case(uow, organization_id=office.id, told_at=uow.now - timedelta(days=12))
    with platform.unit_of_work(system("worker")) as uow:
        keep_figures(uow)
    with platform.unit_of_work(system("test")) as uow:
        before = {by: count_figures(uow, by) for by in BY}
        assert {by: figures_by(uow, by)[0] for by in BY} == before
        a_case(uow)
    with platform.read(system("test")) as uow:
        assert figures_by(uow, "organization_id")[0] == before["organization_id"]
    with platform.unit_of_work(system("worker")) as uow:
        keep_figures(uow)
    with platform.read(system("test")) as uow:
        assert {by: figures_by(uow, by)[0] for by in BY} == {by: count_figures(uow, by) for by in BY}
        assert sum(figures.reported for figures in figures_by(uow, "organization_id")[0].values()) == 3


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_changed_without_saying_so_is_counted_again_in_the_end(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow)
    for _time in range(2):
        with platform.unit_of_work(system("worker")) as uow:
            uow.session.get_one(Case, case.id).changed_at = uow.now - 2 * MARGIN
            uow.session.get_one(Case, case.id).state = "planned"
        with platform.unit_of_work(system("worker")) as uow:
            keep_numbers(uow)
    with platform.read(system("test")) as uow:
        (row,) = uow.session.execute(select(Numbers.found).where(Numbers.kind == CASES)).scalars()
        assert [cell[2] for cell in row["rows"]] == ["planned"]


def test_days_that_follow_each_other_are_one_stretch() -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=nth) for nth in (0, 1, 3)]
    assert stretches(days) == [(days[0], days[1]), (days[2], days[2])]
    many = [first + timedelta(days=2 * nth) for nth in range(MOST_SPANS + 1)]
    assert stretches(many) == [(many[0], many[-1])]
