"""Traffic lights equal an independent recount, whatever the dates."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from citycontent.api import PartialDate
from samen_beleidsagenda import testing
from samen_beleidsagenda.models import FOLLOW_UP_STATES, ITEM_STATUSES, PHASES, SIDE_PHASES
from samen_beleidsagenda.queries.dossiers import DossierFilter, list_dossiers
from samen_beleidsagenda.queries.lights import LIGHTS, light_of_promise, lights_of_dossiers
from samen_beleidsagenda.services.common import today
from samen_core.api import PageRequest, Platform, UnitOfWork, system

NEAR = st.integers(-40, 40)
MOMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "begin": NEAR,
            "days": st.integers(0, 40),
            "status": st.sampled_from(ITEM_STATUSES),
            "slips": st.integers(0, 1),
            "state": st.sampled_from(("published", "published", "draft", "deleted")),
            "confidential": st.sampled_from((False, False, True)),
            "body": st.booleans(),
        }
    ),
    max_size=4,
)
ENDS = st.one_of(st.none(), st.tuples(st.integers(-400, 400), st.sampled_from((4, 7, 10))))


def recount(phase: str, end: str | None, moments: list[dict[str, Any]], day: date) -> str:
    """The rules of the issue again, from the drawn values and in another way than the query."""
    if phase in ("completed", "withdrawn"):
        return "done"
    lights = ["on_schedule"]
    if end is not None:
        parts = [int(part) for part in end.split("-")]
        month = parts[1] if len(parts) > 1 else 12
        last = parts[2] if len(parts) > 2 else calendar.monthrange(parts[0], month)[1]
        if date(parts[0], month, last) < day:
            lights.append("late")
    if phase == "on_hold":
        lights.append("attention")
    for moment in moments:
        counts = moment["state"] == "published" and not moment["confidential"] and moment["status"] in ("intended", "planned", "scheduled")
        if counts and moment["begin"] + moment["days"] < 0:
            lights.append("late")
        if counts and (moment["slips"] or (moment["body"] and moment["begin"] <= 14 and moment["status"] != "scheduled")):
            lights.append("attention")
    return next(light for light in ("late", "attention", "on_schedule") if light in lights)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(st.sampled_from((*PHASES, *SIDE_PHASES)), ENDS, MOMENTS), min_size=1, max_size=3))
def test_the_light_of_a_dossier_equals_a_recount(platform: Platform, drawn: list[Any]) -> None:
    with platform.unit_of_work(system("test")) as uow:
        day, expected, body = today(uow), {}, testing.a_body(uow)
        for phase, ends, moments in drawn:
            end = (day + timedelta(days=ends[0])).isoformat()[: ends[1]] if ends else None
            dossier = testing.a_dossier(uow, phase=phase, expected_end=PartialDate(end) if end else None)
            for moment in moments:
                first = day + timedelta(days=moment["begin"])
                period = {"start_date": first, "end_date": first + timedelta(days=moment["days"])}
                period["body_id"] = body.organization_id if moment["body"] else None
                testing.a_moment(uow, dossier, **period, **{name: moment[name] for name in ("status", "slips", "state", "confidential")})
            expected[dossier.id] = recount(phase, end, moments, day)
        assert lights_of_dossiers(uow, expected) == expected
        listed = {light: list_dossiers(uow, DossierFilter(light=light), PageRequest(limit=100)).items for light in LIGHTS}
        assert {row.id: row.light for rows in listed.values() for row in rows} == expected
        assert all(row.light == light for light, rows in listed.items() for row in rows)
        uow.rollback()


def test_the_light_tells_the_same_on_both_databases(uow: UnitOfWork) -> None:
    day = today(uow)
    ended = testing.a_dossier(uow, expected_end=PartialDate(str(day.year - 1)))
    this_year = testing.a_dossier(uow, expected_end=PartialDate(str(day.year)))
    slipped = testing.a_dossier(uow)
    testing.a_moment(uow, slipped, start=day + timedelta(days=90), slips=1)
    found = lights_of_dossiers(uow, [ended.id, this_year.id, slipped.id])
    assert found == {ended.id: "late", this_year.id: "on_schedule", slipped.id: "attention"}
    assert lights_of_dossiers(uow, []) == {}


@given(
    st.sampled_from((None, *FOLLOW_UP_STATES)),
    st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2026, 12, 31))),
    st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_the_light_of_a_promise_equals_a_recount(follow_up: str | None, due: date | None, day: date) -> None:
    if follow_up not in ("open", "in_progress", "settlement_proposed"):
        expected = "done"
    elif due is None or (due - day).days > 14:
        expected = "on_schedule"
    else:
        expected = "late" if (due - day).days < 0 else "attention"
    assert light_of_promise(follow_up, due, day) == expected
