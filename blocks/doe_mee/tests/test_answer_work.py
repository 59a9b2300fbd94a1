"""The work list of answers: who sees what, owners and days, one answer for many, ready texts, and spreadsheets out and in."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, cast

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from samen_core.api import (
    ACCOUNT_ADDRESSES,
    Actor,
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    PageRequest,
    Platform,
    SubjectRef,
    anonymous,
    register,
    system,
    uuid7,
)
from samen_core.testing.platforms import Clock
from samen_core.testing.visitors import send_form, text_of
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, Colleague, Idea, Plan, Round
from samen_doe_mee.queries.answering import WorkFilter, count_work, due_day, work_page
from samen_doe_mee.schemas.activities import CreateActivity
from samen_doe_mee.schemas.answering import AssignDuties, GiveAnswers, SaveReadyText
from samen_doe_mee.schemas.plans import CreatePlan
from samen_doe_mee.services.activities import create_activity
from samen_doe_mee.services.answer_sheets import COLUMNS, apply_answers, read_answers, sheet_rows, undo_answers
from samen_doe_mee.services.answer_tasks import answer_tasks
from samen_doe_mee.services.answering import assign_duties, give_answers, withdraw
from samen_doe_mee.services.idea_talk import open_talk
from samen_doe_mee.services.kinds import ROUND, round_card
from samen_doe_mee.services.lateness import city_day
from samen_doe_mee.services.plans import create_plan
from samen_doe_mee.services.ready_texts import ready_texts, remove_ready_text, save_ready_text
from samen_doe_mee.testing_support import an_idea
from samen_doe_mee.web.desk_sheets import write_xlsx
from samen_inbreng.api import Contribute, contribute, outcomes_of, pending_of

As = Callable[..., Actor]
STAFF = system("test")


@pytest.fixture
def said(platform: Platform) -> list[uuid.UUID]:
    """Three contributions, to two activities of a public plan; one begins like a formula."""
    with platform.unit_of_work(STAFF) as uow:
        plan = create_plan(uow, CreatePlan(title="Het nieuwe park"))
        plan.state, plan.published_at = "published", uow.now
        term: dict[str, Any] = {"opens_at": uow.now - timedelta(days=1), "closes_at": uow.now + timedelta(days=9)}
        made = Round(id=uuid7(), plan_id=plan.id, slug="park-ronde-1", title="Ronde 1", result_by=uow.now.date(), **term)
        register(uow, SubjectRef(ROUND, made.id), round_card(made, plan))
        uow.session.add(made)
        uow.session.flush()
        first, second = (
            create_activity(uow, made.id, CreateActivity(type="reactions", title=title)) for title in ("Wat moet er komen?", "En wat niet?")
        )
    with platform.unit_of_work(anonymous("test")) as uow:
        assert first.talk_id is not None
        assert second.talk_id is not None
        given = [contribute(uow, first.talk_id, Contribute(text=text)) for text in ("=2+3 bomen", "Meer bankjes.")]
        given.append(contribute(uow, second.talk_id, Contribute(text="Geen parkeerplaatsen.")))
        return [one.contribution.id for one in given]


def the_plan(uow: Any) -> Plan:
    found: Plan = uow.session.execute(select(Plan)).scalar_one()
    return found


def a_colleague(platform: Platform, actor: Actor, role: str) -> Actor:
    with platform.unit_of_work(STAFF) as uow:
        uow.session.add(Colleague(id=uuid7(), plan_id=the_plan(uow).id, account_id=actor.account_id, role=role, added_at=uow.now))
    return actor


def on_list(platform: Platform, actor: Actor, **values: Any) -> list[uuid.UUID]:
    with platform.read(actor) as uow:
        return [row.id for row in work_page(uow, WorkFilter(**values), PageRequest(limit=50)).items]


def test_who_answers_sees_the_list_and_nobody_else(platform: Platform, said: list[uuid.UUID], actor_as: As) -> None:
    answerer = a_colleague(platform, actor_as("resident"), "answerer")
    assert on_list(platform, actor_as("facilitator")) == on_list(platform, answerer) == said
    with platform.unit_of_work(answerer) as uow:
        given = give_answers(uow, GiveAnswers(contribution_ids=(said[0],), outcome="adopted", reason="Dat doen wij."))
        assert given.number == 1
    assert on_list(platform, answerer) == said[1:]
    assert on_list(platform, answerer, written=True) == said[:1]
    for actor in (anonymous("test"), Actor(kind="account", account_id=uuid7(), origin="test")):
        assert on_list(platform, actor) == []
        with platform.unit_of_work(actor) as uow, pytest.raises((Invalid, NotAllowed)):
            give_answers(uow, GiveAnswers(contribution_ids=(said[1],), outcome="adopted", reason="Van mij."))
    with platform.unit_of_work(answerer) as uow:
        withdraw(uow, given.answers[0])
    assert on_list(platform, answerer) == said


def test_a_reader_of_the_plan_does_not_answer(platform: Platform, said: list[uuid.UUID], actor_as: As) -> None:
    reader = a_colleague(platform, actor_as("resident"), "reader")
    assert on_list(platform, reader) == []
    with platform.unit_of_work(reader) as uow, pytest.raises(Invalid):
        give_answers(uow, GiveAnswers(contribution_ids=(said[0],), outcome="adopted", reason="Nee."))


def test_one_answer_for_many_has_its_places_filled_in_and_happens_as_a_whole(
    platform: Platform, said: list[uuid.UUID], clock: Clock
) -> None:
    with platform.unit_of_work(STAFF) as uow, pytest.raises(Invalid) as wrong:
        give_answers(uow, GiveAnswers(contribution_ids=tuple(said), outcome="partly", reason="Beste {mens},"))
    assert set(wrong.value.errors) == {"reason"}
    with pytest.raises(Invalid), platform.unit_of_work(STAFF) as uow:
        give_answers(uow, GiveAnswers(contribution_ids=(*said, uuid7()), outcome="partly", reason="Dank."))
    assert on_list(platform, STAFF) == said
    with platform.unit_of_work(STAFF) as uow:
        given = give_answers(uow, GiveAnswers(contribution_ids=tuple(said), outcome="partly", reason="Dank voor uw reactie op {onderwerp}"))
        assert (len(given.answers), given.number) == (2, 3)
        reasons = {outcome.reason for outcome in pending_of(uow, said).values()}
        assert reasons == {"Dank voor uw reactie op Wat moet er komen?", "Dank voor uw reactie op En wat niet?"}


def test_who_answers_and_by_when(platform: Platform, said: list[uuid.UUID], clock: Clock, actor_as: As) -> None:
    answerer = a_colleague(platform, actor_as("resident"), "answerer")
    with platform.unit_of_work(STAFF) as uow:
        day = city_day(uow.now) + timedelta(days=5)
        with pytest.raises(Invalid):
            assign_duties(uow, AssignDuties(contribution_ids=tuple(said)))
        with pytest.raises(Invalid):
            assign_duties(uow, AssignDuties(contribution_ids=tuple(said), owner_id=uuid7()))
        assert assign_duties(uow, AssignDuties(contribution_ids=tuple(said[:2]), owner_id=answerer.account_id, due_on=day)) == 2
    assert on_list(platform, answerer, owner=answerer.account_id) == said[:2]
    assert on_list(platform, answerer, owner="none") == said[2:]
    with platform.read(answerer) as uow:
        rows = {row.id: due_day(uow, row) for row in work_page(uow, WorkFilter(), PageRequest(limit=50)).items}
        assert rows[said[0]] == day
        assert rows[said[2]] == city_day(uow.now) + timedelta(days=42)
        assert [task.count for task in answer_tasks(uow)] == [2]
    clock.forward(days=6)
    assert on_list(platform, answerer, late=True) == said[:2]
    clock.forward(days=40)
    with platform.read(answerer) as uow:
        assert count_work(uow, WorkFilter(late=True)).number == 3


def test_texts_are_of_the_city_or_of_a_plan(platform: Platform, said: list[uuid.UUID], actor_as: As) -> None:
    answerer = a_colleague(platform, actor_as("resident"), "answerer")
    with platform.unit_of_work(answerer) as uow:
        plan_id = the_plan(uow).id
        own = save_ready_text(uow, None, SaveReadyText(name="Dank", text="Dank, {naam}.", plan_id=plan_id, outcome="answered"))
        with pytest.raises(NotAllowed):
            save_ready_text(uow, None, SaveReadyText(name="Dank", text="Dank."))
        with pytest.raises(Invalid):
            save_ready_text(uow, None, SaveReadyText(name="Dank", text="Dank, {onbekend}.", plan_id=plan_id))
        with pytest.raises(Conflict):
            save_ready_text(uow, own.id, SaveReadyText(name="Dank", text="Anders.", plan_id=plan_id, version=99))
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        save_ready_text(uow, None, SaveReadyText(name="Bedankt", text="Bedankt."))
        assert [text.name for text in ready_texts(uow)] == ["Bedankt"]
        assert [text.name for text in ready_texts(uow, [plan_id])] == ["Bedankt", "Dank"]
        remove_ready_text(uow, own.id, own.version)
        assert [text.name for text in ready_texts(uow, [plan_id])] == ["Bedankt"]


def sheet(platform: Platform, actor: Actor = STAFF) -> list[list[str]]:
    """The work list as a file, read again as a program of a colleague would."""
    with platform.read(actor) as uow, write_xlsx(uow, WorkFilter()) as file:
        book = load_workbook(io.BytesIO(file.read()))
    cells = [list(row) for row in book["Antwoorden"].iter_rows()]
    assert not any(cell.data_type == "f" for row in cells for cell in row), "nothing runs"
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in cells]


def sent(rows: Sequence[Sequence[str]]) -> bytes:
    """Those rows as a file."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def filled(rows: list[list[str]], line: int, outcome: str, reason: str) -> None:
    rows[line][COLUMNS.index("uitkomst")], rows[line][COLUMNS.index("antwoord")] = outcome, reason


def test_a_spreadsheet_goes_out_and_comes_back_and_is_undone(platform: Platform, said: list[uuid.UUID], clock: Clock) -> None:
    rows = sheet(platform)
    assert rows[0] == list(COLUMNS)
    assert [row[COLUMNS.index("bijdrage")] for row in rows[1:]] == ["=2+3 bomen", "Meer bankjes.", "Geen parkeerplaatsen."]
    filled(rows, 1, "Overgenomen", "Er komen bomen.")
    filled(rows, 3, "not_adopted", "=Er is te weinig plek.".removeprefix("="))
    with platform.unit_of_work(STAFF) as uow:
        run = read_answers(uow, "antwoorden.xlsx", sent(rows))
        assert (len(run.rows), run.problems, run.state) == (2, [], "read")
        assert pending_of(uow, said) == {}
    with platform.unit_of_work(STAFF) as uow:
        done = apply_answers(uow, run.id, run.version)
        assert {id: found.outcome for id, found in pending_of(uow, said).items()} == {said[0]: "adopted", said[2]: "not_adopted"}
        with pytest.raises(Gone):
            apply_answers(uow, run.id, done.version)
        with pytest.raises(Conflict):
            undo_answers(uow, run.id, done.version - 1)
        assert undo_answers(uow, run.id, done.version) == (2, 0)
        assert pending_of(uow, said) == {}
    assert on_list(platform, STAFF) == said


def test_every_line_that_is_wrong_is_told_and_then_nothing_happens(platform: Platform, said: list[uuid.UUID], actor_as: As) -> None:
    rows = sheet(platform)
    filled(rows, 1, "Misschien", "Hm.")
    filled(rows, 2, "Overgenomen", "")
    filled(rows, 3, "Overgenomen", "Dat doen wij.")
    rows += [list(rows[3]), [uuid7().hex, *rows[3][1:]]]
    with platform.unit_of_work(STAFF) as uow:
        run = read_answers(uow, "fout.xlsx", sent(rows))
        assert [problem["line"] for problem in run.problems] == [2, 3, 5, 6]
        with pytest.raises(Invalid):
            apply_answers(uow, run.id, run.version)
        assert pending_of(uow, said) == {}
        with pytest.raises(Invalid):
            read_answers(uow, "leeg.csv", b"code;antwoord\n1;2\n")
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotFound):
        apply_answers(uow, run.id, run.version)


def test_what_somebody_else_answered_meanwhile_is_refused(platform: Platform, said: list[uuid.UUID], clock: Clock) -> None:
    rows = sheet(platform)
    filled(rows, 1, "Overgenomen", "Er komen bomen.")
    with platform.unit_of_work(STAFF) as uow:
        run = read_answers(uow, "antwoorden.xlsx", sent(rows))
    with platform.unit_of_work(STAFF) as uow:
        give_answers(uow, GiveAnswers(contribution_ids=(said[0],), outcome="answered", reason="Al gezegd."))
    clock.forward(minutes=11)
    with platform.unit_of_work(STAFF) as uow:
        with pytest.raises(Invalid) as refused:
            apply_answers(uow, run.id, run.version)
        assert "Regel 2" in str(refused.value.errors[""][0])
        assert outcomes_of(uow, said)[said[0]].reason == "Al gezegd."
        assert read_answers(uow, "antwoorden.xlsx", sent(rows)).problems[0]["line"] == 2
        assert len(list(sheet_rows(uow, WorkFilter()))) == 2
    assert uuid.UUID(str(the_activity_of(platform)))


def the_activity_of(platform: Platform) -> uuid.UUID:
    with platform.read(STAFF) as uow:
        return uow.session.execute(select(Activity.id).limit(1)).scalar_one()


def test_pages_of_the_desk(app: Any, said: list[uuid.UUID], as_role: Any) -> None:
    client = as_role("facilitator")
    page = client.get("/doe-mee/werk/antwoorden")
    assert page.status_code == 200
    assert "Meer bankjes." in page.text
    chosen = "&".join(f"bijdrage={id}" for id in said[:2])
    address = f"/doe-mee/werk/antwoorden/antwoord?{chosen}"
    assert client.get(address).status_code == 200
    looked = {"outcome": "adopted", "reason": "Voor {naam}", "doe": "voorbeeld", "aantal": "2"}
    shown = send_form(client, address, **looked)
    assert "Voor inwoner" in shown.text
    bad = send_form(client, address, outcome="", reason="Blijft staan {x}", aantal="2")
    assert bad.status_code == 400
    assert "Blijft staan {x}" in bad.text
    assert send_form(client, address, outcome="adopted", reason="Dat doen wij.", aantal="2").status_code == 303
    assert "Trek dit antwoord in" in client.get("/doe-mee/werk/antwoorden?stand=geschreven").text
    for path in (
        "/doe-mee/werk/antwoorden.csv",
        "/doe-mee/werk/antwoorden.xlsx",
        "/doe-mee/werk/antwoorden/inlezen",
        "/doe-mee/werk/teksten",
    ):
        assert client.get(path).status_code == 200, path
    assert app.test_client().get("/doe-mee/werk/antwoorden").status_code in (302, 303)


def test_a_colleague_without_a_role_in_the_city_finds_what_waits(platform: Platform, said: list[uuid.UUID], as_role: Any) -> None:
    client = as_role("resident")
    with platform.read(STAFF) as uow:
        here = paths.desk_plan(the_plan(uow).slug)
        account_id = uow.session.execute(select(ACCOUNT_ADDRESSES.c.id)).scalar_one()
    a_colleague(platform, Actor(kind="account", account_id=account_id, origin="test"), "answerer")
    page = client.get(here).text
    assert "3 reacties wachten op antwoord" in text_of(page)
    desk = client.get(paths.DESK_ANSWERS)
    assert desk.status_code == 200
    assert f'href="{paths.DESK_PLANS}"' in desk.text
    assert f'href="{paths.DESK_IDEAS}"' not in desk.text
    with platform.unit_of_work(STAFF) as uow:
        give_answers(uow, GiveAnswers(contribution_ids=tuple(said), outcome="adopted", reason="Dat doen wij."))
    assert "Er wacht niets op u." in text_of(client.get(here).text)


def test_what_is_said_on_an_idea_waits_only_when_somebody_is_asked(platform: Platform, said: list[uuid.UUID], clock: Clock) -> None:
    idea = an_idea(platform)
    with platform.unit_of_work(STAFF) as uow:
        open_talk(uow, uow.session.get_one(Idea, idea.id))
        talk_id = cast("uuid.UUID", uow.session.get_one(Idea, idea.id).talk_id)
    with platform.unit_of_work(anonymous("web")) as uow:
        reactions = [contribute(uow, talk_id, Contribute(text=text)).contribution.id for text in ("Leuk idee.", "Ik help mee.")]
    clock.forward(days=60)
    assert on_list(platform, STAFF) == on_list(platform, STAFF, late=True) == said
    assert on_list(platform, STAFF, ideas=True) == on_list(platform, STAFF, idea_id=idea.id) == reactions
    with platform.unit_of_work(STAFF) as uow:
        assert {due_day(uow, row) for row in work_page(uow, WorkFilter(ideas=True), PageRequest(limit=50)).items} == {None}
        assign_duties(uow, AssignDuties(contribution_ids=(reactions[0],), due_on=city_day(uow.now)))
    assert on_list(platform, STAFF) == [*said, reactions[0]]
