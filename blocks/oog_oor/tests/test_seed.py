"""The demonstration: 400 signals in 250 cases, of every kind that a desk has to deal with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from citycontent.seed import seed as seed_city
from samen_core.api import File, Subject, system
from samen_oog_oor.models import Case, Inquiry, Merge, Number, Pattern, Route, Rule, Signal, Verdict
from samen_oog_oor.models.base import CLOSED, TYPES
from samen_oog_oor.seed import seed
from samen_oog_oor.services.inquiries import find_inquiry, inquiry_key
from samen_oog_oor.services.numbers import next_number
from samen_oog_oor.services.routing import check_rules
from samen_oog_oor.working_days import today

if TYPE_CHECKING:
    from samen_core.api import Platform


def number(uow: Any, *conditions: Any) -> int:
    return int(uow.session.execute(select(func.count()).where(*conditions)).scalar_one())


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_year_in_the_city(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        seed_city(uow)
        uow.session.flush()
        seed(uow)
    with platform.read(system("test")) as uow:
        assert number(uow, Case.id.is_not(None)) == 250
        assert number(uow, Signal.id.is_not(None)) == 400
        states = set(uow.session.execute(select(Case.state)).scalars())
        assert {"new", "triaged", "assigned", "in_progress", "resolved", "not_resolved", "reopening_requested"} <= states
        open_late = (Case.state.not_in(CLOSED), Case.promised_on < today(uow))
        assert number(uow, *open_late) >= 5
        assert number(uow, Case.confidential.is_(True)) >= 5
        assert number(uow, Verdict.content.is_(False)) >= 5
        assert number(uow, Pattern.state == "proposed") == 2
        assert number(uow, File.public.is_(True), File.kind == "picture", File.owner_id.in_(select(Signal.id))) >= 4
        assert sum(uow.session.execute(select(Number.last)).scalars()) == 250
        assert number(uow, Case.number.not_like("ZM-20%")) == 0
        assert number(uow, Rule.active.is_(True)) == 9
        assert number(uow, Route.organization_id.is_not(None)) >= 240
        counted = uow.session.execute(select(func.sum(Case.signals))).scalar_one()
        assert counted == 400
        shown = select(Subject.id).where(Subject.public, Subject.type == "oog_oor_case")
        hidden = number(uow, Case.id.in_(shown), Case.confidential.is_(True) | (Case.publication != "full"))
        assert hidden == 0
        assert number(uow, Merge.undone_at.is_(None)) == 4
        assert number(uow, Case.merged_into_id.is_not(None), (Case.resolution != "merged") | (Case.signals > 0)) == 0
        for asked in uow.session.execute(select(Inquiry).where(Inquiry.closed_at.is_(None))).scalars():
            assert find_inquiry(uow, inquiry_key(platform, asked.id)).id == asked.id, "the link on the page of a reporter works"
        for to in ("reporter", "third_party"):
            assert number(uow, Inquiry.to == to, Inquiry.closed_at.is_(None)) >= 2, to
        assert number(uow, Inquiry.answered_at.is_not(None)) >= 2
        assert number(uow, Case.state == "planned", Case.planned_on >= today(uow)) >= 3
        assert set(uow.session.execute(select(Case.type)).scalars()) == set(TYPES)
        said = uow.session.execute(select(Signal.case_id, Signal.text)).all()
        assert len(set(said)) == len(said), "no two people write the same"
        ends = Case.state.in_(CLOSED) & Case.merged_into_id.is_(None)
        assert number(uow, ends, (Case.answer == "") | Case.resolution.is_(None) | Case.closed_at.is_(None)) == 0
        assert number(uow, Case.state.not_in(CLOSED), Case.closed_at.is_not(None), Case.state != "reopening_requested") == 0
    with platform.unit_of_work(system("test")) as uow:
        assert check_rules(uow) == 0
        last = uow.session.get_one(Number, today(uow).year).last
        assert next_number(uow) == f"ZM-{today(uow).year}-{last + 1:06}"


def test_nothing_where_there_is_no_city(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        seed(uow)
        assert number(uow, Case.id.is_not(None)) == 0
