"""What a page asks of the database does not grow: neither with the cases of the city, nor with what stands on one case."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from citycontent.testing import make_area
from samen_core.api import PageRequest, Platform, system
from samen_core.testing.statements import sent_statements
from samen_oog_oor import paths
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import OPEN
from samen_oog_oor.queries.work import ORDERS, CaseFilter, list_cases
from samen_oog_oor.services.counting import keep_figures, keep_numbers
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.testing import (
    a_case,
    a_category,
    a_note,
    a_ready_text,
    a_signal,
    a_task,
    add_signals,
    an_inquiry,
    an_organization,
    an_update,
    make_cases,
)

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
Counts = dict[str, int]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
FEW, MANY, REPORTERS = 25, 300, 500
NO_QUESTIONS: dict[str, Any] = {"version": 1, "questions": []}
PUBLIC = {
    # The most statements that each may take, those of the frame included.
    paths.HOME: 8,
    paths.CASES: 8,
    f"{paths.CASES}?staat=open&gebied={{area}}": 8,
    f"{paths.CASES}/{{number}}": 12,
    paths.MAP: 8,
    paths.FIGURES: 6,
    f"{paths.FEEDS}/zaken.atom": 6,
    f"{paths.FEEDS}/zaken.json": 6,
    f"{paths.FEEDS}/gepland-werk.ics": 6,
    "/wijken/{area}": 16,
    "/organisaties/{organization}": 16,
    f"{paths.RECEIPT}/{{key}}": 12,
    f"{paths.OPEN311}/requests.json?page_size=100": 4,
    f"{paths.OPEN311}/requests.xml?page_size=100": 4,
    f"{paths.OPEN311}/servicerequestupdates.json": 4,
    "/api/v1/oog-oor/categories": 3,
    "/api/v1/oog-oor/cases": 4,
    "/api/v1/oog-oor/statistics/signals": 5,
    "/api/v1/oog-oor/statistics/closed": 4,
    "/api/v1/oog-oor/statistics/verdicts": 4,
}
OF_STAFF = {
    paths.DESK: 8,
    f"{paths.DESK}?staat=open&te-laat=ja&volgorde=beloofd": 8,
    f"{paths.DESK}?q=lamp": 8,
    f"{paths.DESK}/kaart": 12,
    paths.BOARD: 14,
    f"{paths.DESK}/zaken.csv": 12,
    f"{paths.DESK}/zaken/{{number}}": 30,
    paths.TEXTS: 8,
}


def test_no_page_costs_more_when_there_is_more(
    platform: Platform, client: FlaskClient, as_role: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = platform.monotonic()
    monkeypatch.setattr(platform, "monotonic", lambda: now)  # what is read again every few seconds is not meant here
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Buurt Een", "buurt")
        team, category = an_organization(uow, "Groenbeheer"), a_category(uow)
        here = {"area_id": area.id, "organization_id": team.id}
        make_cases(uow, category, FEW, **here)
        make_cases(uow, category, FEW, state="resolved", answer="Gemaakt.", closed_at=uow.now, resolution="repaired", **here)
        case = a_case(uow, category, **here)
        key = receipt_key(platform, a_signal(uow, case).id)
        stand_on(uow, case, 1)
        named = {"area": area.slug, "organization": team.slug, "number": case.number, "key": key}
    looks = {(client, path): most for path, most in PUBLIC.items()}
    desk = as_role("facilitator")
    looks |= {(desk, path): most for path, most in OF_STAFF.items()}

    def visit() -> Counts:
        counts: Counts = {}
        for browser, path in looks:
            for _time in range(2):
                with sent_statements(platform) as sent:
                    answer = browser.get(path.format(**named))
                assert answer.status_code == 200, path
            counts[path] = len(sent)
        return counts

    with platform.unit_of_work(system("worker")) as uow:
        keep_numbers(uow), keep_figures(uow)
    few = visit()
    with platform.unit_of_work(system("test")) as uow:
        make_cases(uow, category, MANY, **here)
        make_cases(uow, category, MANY, state="resolved", answer="Gemaakt.", closed_at=uow.now, resolution="repaired", **here)
        full = uow.session.get_one(Case, case.id)
        add_signals(uow, category, full, REPORTERS)
        stand_on(uow, full, 5)
    many = visit()
    assert {path: (few[path], many[path]) for path in few if many[path] != few[path]} == {}
    assert {path: (many[path], most) for (_browser, path), most in looks.items() if many[path] > most} == {}


def stand_on(uow: Any, case: Case, number: int) -> None:
    """So many of what may stand on a case, and ready texts."""
    for _nth in range(number):
        a_note(uow, case), an_update(uow, case), a_task(uow, case), an_inquiry(uow, case, form=NO_QUESTIONS)
        a_ready_text(uow)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("states", [OPEN, None, frozenset({"new"})], ids=["open", "all", "new"])
def test_the_list_of_staff_sorts_no_more_than_it_shows(platform: Platform, order: str, states: frozenset[str] | None) -> None:
    """Each index goes on in the order of the list; of several states the first of each are looked up and sorted."""
    with platform.read(system("test")) as uow, sent_statements(platform) as sent:
        list_cases(uow, CaseFilter(states=states), PageRequest(), order)
        connection = uow.session.connection()
        page = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0]}", tuple("x" * sent[0].count("?"))).all()
    plan = [row[3] for row in page]
    looked = [line for line in plan if "oog_oor__case" in line]
    assert all(" USING INDEX " in line for line in looked), plan
    assert not any("merged_into_id" in line for line in looked), plan
    assert ("USE TEMP B-TREE FOR ORDER BY" in plan) == (states == OPEN and order != "gewijzigd"), plan


def test_pages_of_several_states_go_on_and_back(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        category = a_category(uow)
        for number, state in enumerate(("new", "triaged", "planned")):
            make_cases(uow, category, 9 + number, state=state)
    asked = CaseFilter(states=OPEN)
    with platform.read(system("test")) as uow:
        whole = [row.id for row in list_cases(uow, asked, PageRequest(limit=100)).items]
        assert len(set(whole)) == 30
        pages = [list_cases(uow, asked, PageRequest(limit=7))]
        while pages[-1].next:
            pages.append(list_cases(uow, asked, PageRequest(7, pages[-1].next)))
        assert [row.id for page in pages for row in page.items] == whole
        back = list_cases(uow, asked, PageRequest(7, pages[-1].previous or ""))
        assert [row.id for row in back.items] == [row.id for row in pages[-2].items]
