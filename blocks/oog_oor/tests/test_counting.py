"""Numbers that are counted ahead say what a count over all cases says, whatever happened since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from citycontent.testing import make_area
from samen_core.api import Platform, UnitOfWork, system
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Numbers, Signal, Verdict
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.queries.figures import BY, count_figures, figures_by
from samen_oog_oor.queries.numbers import AGAIN, CASES, CLOSED_CASES, MOST_SPANS, VERDICTS, numbers_by_area, stretches
from samen_oog_oor.queries.public import PublicFilter
from samen_oog_oor.queries.statistics import Period, closed, judged, reported
from samen_oog_oor.schemas.own_signals import Judge
from samen_oog_oor.services.common import keep_case
from samen_oog_oor.services.counting import COUNTERS, MARGIN, count_again, count_days, keep_figures, keep_numbers, write_days
from samen_oog_oor.services.own_signals import judge
from samen_oog_oor.services.states import enter_state
from samen_oog_oor.testing import a_case, a_category, a_signal, a_verdict, an_organization
from samen_oog_oor.working_days import city_day

ACTS: dict[str, Callable[[UnitOfWork, Case, int], Any]] = {
    "confide": lambda _uow, case, _n: setattr(case, "confidential", not case.confidential),
    "lower": lambda _uow, case, n: setattr(case, "publication", PUBLICATION[n % len(PUBLICATION)]),
    "move": lambda _uow, case, n: setattr(case, "state", ("new", "planned", "in_progress")[n % 3]),
    "merge": lambda uow, case, _n: setattr(case, "merged_into_id", None if case.merged_into_id else _first(uow, case)),
    "signal": lambda uow, case, n: a_signal(uow, case, email="", at=uow.now - timedelta(days=n % 4), channel=("web", "staff")[n % 2]),
    "withdraw": lambda uow, case, _n: [setattr(one, "withdrawn_at", uow.now) for one in _signals(uow, case)],
    "close": lambda uow, case, n: _close(uow, case, uow.now - timedelta(days=n % 4)),
    "open": lambda uow, case, _n: _open(uow, case),
    "judge": lambda uow, case, n: [_judge(uow, one, n) for one in _signals(uow, case)],
    "nothing": lambda _uow, _case, _n: None,
}


def _close(uow: UnitOfWork, case: Case, at: datetime) -> None:
    _open(uow, case)
    case.state, case.closed_at = "resolved", at


def _open(uow: UnitOfWork, case: Case) -> None:
    if case.closed_at is not None:
        count_again(uow, CLOSED_CASES, case.closed_at)
    case.state, case.closed_at = "in_progress", None


def _judge(uow: UnitOfWork, signal: Signal, number: int) -> None:
    said = uow.session.execute(select(Verdict).where(Verdict.signal_id == signal.id).limit(1)).scalar_one_or_none()
    if said is None:
        a_verdict(uow, signal, content=bool(number % 2), at=uow.now)
    else:
        count_again(uow, VERDICTS, said.at)
        said.at, said.content = uow.now, bool(number % 2)


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
    period = Period(first, uow.now.date())
    return [numbers_by_area(uow, filter) for filter in filters], reported(uow, period), closed(uow, period), judged(uow, period)


def told_by(uow: UnitOfWork) -> dict[str, Any]:
    """The figures that everybody reads."""
    return {by: figures for by, (figures, _at) in figures_by(uow, *BY).items()}


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
        at = uow.now - timedelta(days=2)
        case, other = (a_case(uow, state="resolved", closed_at=at, reported_at=at, changed_at=at) for _case in range(2))
        for one in (case, other):
            a_verdict(uow, a_signal(uow, one, at=at), at=at)
    with platform.unit_of_work(system("worker")) as uow:
        keep_numbers(uow), keep_figures(uow)
    with platform.unit_of_work(system("test")) as uow:
        hidden = uow.session.get_one(Case, case.id)
        hidden.confidential = True
        keep_case(uow, hidden)
    for path, number in (("signals", "signals"), ("closed", "cases"), ("verdicts", "content")):
        assert [row[number] for row in client.get(f"/api/v1/oog-oor/statistics/{path}").get_json()] == [1], path
    assert "1 zaak" in client.get(paths.MAP).text
    assert "Bijgewerkt op" in client.get(paths.FIGURES).text
    assert "Bijgewerkt op" in client.get(paths.HOME).text


def test_what_leaves_a_day_is_not_counted_there_any_more(platform: Platform) -> None:
    """A case that opens again, and a verdict that is given again: neither says on which day it was."""
    with platform.unit_of_work(system("test")) as uow:
        at, period = uow.now - timedelta(days=3), Period(uow.now.date() - timedelta(days=9), uow.now.date())
        case = a_case(uow, state="resolved", resolution="repaired", answer="Klaar.", closed_at=at, reported_at=at, changed_at=at)
        signal = a_signal(uow, case, at=at)
        a_verdict(uow, signal, at=at, closed_at=at)
    with platform.unit_of_work(system("worker")) as uow:
        keep_numbers(uow)
    with platform.unit_of_work(system("test")) as uow:
        assert [row.day for row in (*closed(uow, period), *judged(uow, period))] == [city_day(at)] * 2
        judge(uow, signal.id, Judge(content="no", reason="Het is er nog."))
        assert [(row.day, row.not_content) for row in judged(uow, period)] == [(city_day(uow.now), 1)]
        enter_state(uow, uow.session.get_one(Case, case.id), "in_progress", text="Wij kijken weer.")
    for later, marked in ((timedelta(), 2), (2 * MARGIN, 0)):
        with platform.unit_of_work(system("worker")) as uow:
            uow.now += later
            count(uow)
            assert closed(uow, period) == []
            assert [row.not_content for row in judged(uow, period)] == [1]
            # Who acted may still be busy, and be seen by nobody yet: shortly after it the days stay marked.
            marks = select(func.count()).select_from(Numbers).where(Numbers.kind.in_(AGAIN.values()))
            assert uow.session.execute(marks).scalar_one() == marked


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
        assert told_by(uow) == before
        a_case(uow)
    with platform.read(system("test")) as uow:
        assert told_by(uow)["organization_id"] == before["organization_id"]
    with platform.unit_of_work(system("worker")) as uow:
        keep_figures(uow)
    with platform.read(system("test")) as uow:
        assert told_by(uow) == {by: count_figures(uow, by) for by in BY}
        assert sum(figures.reported for figures in told_by(uow)["organization_id"].values()) == 3


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
