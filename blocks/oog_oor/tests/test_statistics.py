"""Numbers by day, and what can be found: nothing of what is confidential."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from samen_core.api import system
from samen_oog_oor.models.base import PUBLICATION
from samen_oog_oor.queries.search import case_documents, pattern_documents
from samen_oog_oor.queries.statistics import Period, closed, judged, reported
from samen_oog_oor.testing import a_case, a_category, a_pattern, a_signal, a_verdict

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from samen_core.api import Platform

LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
"""The second of March in the city."""
DAY = date(2026, 3, 2)
API = "/api/v1/oog-oor/statistics"


def test_signals_are_counted_by_the_day_of_the_city(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        category = a_category(uow)
        case = a_case(uow, category, reported_at=LATE)
        a_signal(uow, case, at=LATE)
        a_signal(uow, case, at=LATE + timedelta(hours=1))
        a_signal(uow, case, at=LATE, channel="open311")
        a_signal(uow, case, at=LATE, confirmed_at=None)
        a_signal(uow, a_case(uow, category, reported_at=LATE, confidential=True), at=LATE)
        found = reported(uow, Period(DAY, DAY))
        assert [(row.day, row.channel, row.signals) for row in found] == [(DAY, "open311", 1), (DAY, "web", 2)]
        assert sum(row.cases for row in found) == 1
        assert reported(uow, Period(DAY - timedelta(days=5), DAY - timedelta(days=1))) == []


def test_the_days_that_cases_took_and_whether_the_promise_was_kept(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        category = a_category(uow)
        times = {"reported_at": LATE - timedelta(days=10), "closed_at": LATE}
        a_case(uow, category, state="resolved", promised_on=DAY, **times)
        a_case(uow, category, state="resolved", promised_on=DAY - timedelta(days=1), **times)
        a_case(uow, category, state="resolved", promised_on=None, **{**times, "reported_at": LATE - timedelta(days=2)})
        a_case(uow, category, state="resolved", confidential=True, **times)
        (row,) = closed(uow, Period(DAY, DAY))
        assert (row.cases, row.days, row.longest, row.in_time, row.late) == (3, 22, 10, 1, 1)


def test_verdicts_are_counted(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        category = a_category(uow)
        case = a_case(uow, category, state="resolved")
        for content in (True, True, False):
            a_verdict(uow, a_signal(uow, case), content, at=LATE, asks_reopening=not content)
        a_verdict(uow, a_signal(uow, a_case(uow, category, confidential=True)), at=LATE)
        (row,) = judged(uow, Period(DAY, DAY))
        assert (row.content, row.not_content, row.asked_reopening) == (2, 1, 1)


def test_the_numbers_over_rest(platform: Platform, client: FlaskClient) -> None:
    signal = a_signal(platform)
    (row,) = client.get(f"{API}/signals").get_json()
    assert (row["signals"], row["channel"], row["category"][:1]) == (1, "web", "c")
    assert str(signal.id) not in client.get(f"{API}/signals").text
    assert client.get(f"{API}/closed").get_json() == client.get(f"{API}/verdicts").get_json() == []


def test_a_period_has_an_order_and_an_end(client: FlaskClient) -> None:
    assert client.get(f"{API}/signals?from=2026-02-01&until=2026-01-01").status_code == 400
    assert client.get(f"{API}/signals?from=2020-01-01&until=2026-01-01").status_code == 400
    assert client.get(f"{API}/signals?from=gisteren").status_code == 400
    for path in (f"{API}/signals?from=0001-01-01", f"{API}/closed?until=9999-12-31", "/api/v1/oog-oor/cases?since=0001-01-01"):
        assert client.get(path).status_code == 400, path


def test_only_what_everybody_may_read_is_found(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        cases = {level: a_case(uow, a_category(uow, publication=level), public_text="Kapot.") for level in PUBLICATION}
        hidden = a_case(uow, confidential=True)
        merged = a_case(uow, merged_into_id=cases["full"].id)
        for case in cases.values():
            a_signal(uow, case, text="Van mevrouw De Wit.")
        documents = case_documents(uow, [*(case.id for case in cases.values()), hidden.id, merged.id])
        (document,) = (found for found in documents if found.title or found.keywords or found.body)
        assert document.subject_id == cases["full"].id
        assert len(documents) == len(cases) + 2
        assert all(found.apart for found in documents), "the desk finds all of them"
        assert "De Wit" not in f"{document.title} {document.keywords} {document.body}"
        assert cases["full"].number in document.keywords
        found, proposed = a_pattern(uow, hidden), a_pattern(uow, cases["full"], state="proposed")
        assert [found.subject_id for found in pattern_documents(uow, [found.id, proposed.id])] == [proposed.id]
