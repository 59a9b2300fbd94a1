"""Themes and answers: who may, what counts, the ten minutes, and that no sequence of acts loses an outcome or a count."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text, update

from citycontent.models import Organization, Project
from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, PageRequest, anonymous, latest_lines, system, uuid7
from samen_core.jobs import run_due_jobs
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock, Outbox
from samen_inbreng.api import (
    AddTheme,
    ChooseContributions,
    MergeTheme,
    OrderThemes,
    UpdateTheme,
    WriteAnswer,
    add_theme,
    counts,
    merge_theme,
    order_themes,
    outcomes_by_activity,
    outcomes_of,
    put_in_theme,
    report_rows,
    take_from_theme,
    themes_of,
    unanswered,
    update_theme,
    withdraw_answer,
    write_answer,
)
from samen_inbreng.models import Activity, Answer, AnswerTarget, Contribution, Theme, ThemedContribution
from samen_inbreng.permissions import ANSWER
from samen_inbreng.queries.answers import activities_of, pending_of
from samen_inbreng.queries.desk import DeskFilter, desk_page, waiting_number
from samen_inbreng.queries.report import ReportFilter, report_page
from samen_inbreng.schemas.contribution import HideContribution, ShowContribution
from samen_inbreng.schemas.themes import DeleteTheme
from samen_inbreng.services.answers import minutes_left
from samen_inbreng.services.moderating import hide_contribution, show_contribution
from samen_inbreng.services.themes import delete_theme, move_theme, put_found_in_theme, set_themes
from samen_inbreng.testing import a_contribution, an_activity, an_entry

As = Callable[..., Actor]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)
STAFF = system("test")


def several(platform: Platform, activity: Activity, number: int) -> list[uuid.UUID]:
    return [a_contribution(platform, activity, f"Idee {place}").contribution.id for place in range(number)]


def choose(*ids: uuid.UUID) -> ChooseContributions:
    return ChooseContributions(contribution_ids=ids)


def a_theme(platform: Platform, subject_id: uuid.UUID, title: str, *ids: uuid.UUID) -> Theme:
    with platform.unit_of_work(STAFF) as uow:
        theme = add_theme(uow, subject_id, AddTheme(title=title))
        if ids:
            put_in_theme(uow, theme.id, choose(*ids))
        return theme


def an_answer(platform: Platform, subject_id: uuid.UUID, *ids: uuid.UUID, outcome: str = "adopted", **values: Any) -> Answer:
    with platform.unit_of_work(STAFF) as uow:
        return write_answer(uow, subject_id, WriteAnswer(outcome=outcome, reason="Daarom.", contribution_ids=ids, **values)).answer


def kept(platform: Platform, subject_id: uuid.UUID) -> dict[str, int]:
    with platform.read(STAFF) as uow:
        return {row.title: row.contributions for row in themes_of(uow, subject_id)}


def test_an_answer_is_read_after_ten_minutes_and_can_be_withdrawn_before(platform: Platform, project: Project, clock: Clock) -> None:
    first, second = several(platform, an_activity(platform, project.id), 2)
    answer = an_answer(platform, project.id, first)
    with platform.read(anonymous()) as uow:
        assert outcomes_of(uow, [first, second]) == {}
        assert list(pending_of(uow, [first])) == [first]
        assert unanswered(uow, project.id) == 2
        assert minutes_left(answer.send_at, uow.now) == 10
    clock.forward(minutes=9, seconds=30)
    with platform.read(anonymous()) as uow:
        assert outcomes_of(uow, [first]) == {}
        assert minutes_left(answer.send_at, uow.now) == 1
    clock.forward(minutes=1)
    with platform.read(anonymous()) as uow:
        found = outcomes_of(uow, [first, second])
        assert (list(found), found[first].outcome, found[first].reason) == ([first], "adopted", "Daarom.")
        assert unanswered(uow, project.id) == 1
    with pytest.raises(Conflict, match="al verstuurd"), platform.unit_of_work(STAFF) as uow:
        withdraw_answer(uow, answer.id)
    other = an_answer(platform, project.id, second)
    with platform.unit_of_work(STAFF) as uow:
        withdraw_answer(uow, other.id)
    clock.forward(minutes=20)
    with platform.read(anonymous()) as uow:
        assert list(outcomes_of(uow, [first, second])) == [first]
        assert unanswered(uow, project.id) == 1
    with pytest.raises(Conflict, match="al ingetrokken"), platform.unit_of_work(STAFF) as uow:
        withdraw_answer(uow, other.id)


def test_a_new_answer_takes_the_place_of_one_that_was_sent(platform: Platform, project: Project, clock: Clock) -> None:
    (id,) = several(platform, an_activity(platform, project.id), 1)
    an_answer(platform, project.id, id, outcome="not_adopted")
    with pytest.raises(Invalid) as pending:
        an_answer(platform, project.id, id, replace=True)
    assert list(pending.value.errors) == ["contribution_ids"]
    clock.forward(minutes=11)
    with pytest.raises(Invalid) as already:
        an_answer(platform, project.id, id)
    assert list(already.value.errors) == ["replace"]
    better = an_answer(platform, project.id, id, outcome="partly", replace=True)
    with platform.read(anonymous()) as uow:
        assert outcomes_of(uow, [id])[id].outcome == "not_adopted"
    clock.forward(minutes=11)
    with platform.read(anonymous()) as uow:
        assert outcomes_of(uow, [id])[id].answer_id == better.id
        assert counts(uow, activities_of(uow, project.id))["outcome"] == {"partly": 1}


def test_what_cannot_be_answered(platform: Platform, project: Project, organization: Organization, actor_as: As) -> None:
    activity = an_activity(platform, project.id)
    first, hidden = several(platform, activity, 2)
    reply = a_contribution(platform, activity, "Eens!", parent_id=first).contribution.id
    with platform.unit_of_work(STAFF) as uow:
        hide_contribution(uow, hidden, HideContribution(code="other", reason="Reclame", version=1))
    for ids in ((hidden,), (reply,), (uuid.uuid4(),), (first, reply)):
        with pytest.raises(Invalid) as wrong:
            an_answer(platform, project.id, *ids)
        assert list(wrong.value.errors) == ["contribution_ids"]
    with pytest.raises(NotFound):
        an_answer(platform, uuid.uuid4(), first)
    for actor in (anonymous(), actor_as("resident"), actor_as("facilitator", organization.id)):
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="x", contribution_ids=(first,)))
        with pytest.raises(NotAllowed), platform.unit_of_work(actor) as uow:
            add_theme(uow, project.id, AddTheme(title="x"))
    with platform.unit_of_work(actor_as("facilitator", project.id)) as uow:
        assert write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="x", contribution_ids=(first,))).number == 1


def test_all_of_a_theme_is_answered_except_what_was_answered(platform: Platform, project: Project, clock: Clock) -> None:
    ids = several(platform, an_activity(platform, project.id), 4)
    theme = a_theme(platform, project.id, "Groen", *ids[:3])
    an_answer(platform, project.id, ids[0], outcome="answered")
    clock.forward(minutes=11)
    with platform.unit_of_work(STAFF) as uow:
        written = write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="Ja.", theme_id=theme.id))
        assert (written.number, written.left_out) == (2, 1)
    with pytest.raises(Invalid), platform.unit_of_work(STAFF) as uow:
        write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="Ja.", theme_id=theme.id))
    clock.forward(minutes=11)
    with platform.read(anonymous()) as uow:
        assert {id: found.outcome for id, found in outcomes_of(uow, ids).items()} == {
            ids[0]: "answered",
            ids[1]: "adopted",
            ids[2]: "adopted",
        }
        assert unanswered(uow, project.id) == 1
    with platform.unit_of_work(STAFF) as uow:
        assert write_answer(uow, project.id, WriteAnswer(outcome="partly", reason="Toch.", theme_id=theme.id, replace=True)).number == 3


def test_themes_are_added_renamed_ordered_merged_and_taken_away(platform: Platform, project: Project) -> None:
    ids = several(platform, an_activity(platform, project.id), 3)
    green, parking, empty = (
        a_theme(platform, project.id, "Groen", *ids[:2]),
        a_theme(platform, project.id, "Parkeren", *ids[1:]),
        a_theme(platform, project.id, "Leeg"),
    )
    with pytest.raises(Invalid), platform.unit_of_work(STAFF) as uow:
        add_theme(uow, project.id, AddTheme(title="groen"))
    with platform.unit_of_work(STAFF) as uow:
        update_theme(uow, green.id, UpdateTheme(title="Bomen", summary="Meer bomen.", version=green.version))
    with pytest.raises(Conflict), platform.unit_of_work(STAFF) as uow:
        update_theme(uow, green.id, UpdateTheme(title="Struiken", version=green.version))
    with platform.unit_of_work(STAFF) as uow:
        order_themes(uow, project.id, OrderThemes(theme_ids=(empty.id, green.id, parking.id)))
        move_theme(uow, empty.id, 1)
    assert list(kept(platform, project.id).items()) == [("Bomen", 2), ("Leeg", 0), ("Parkeren", 2)]
    with pytest.raises(Conflict), platform.unit_of_work(STAFF) as uow:
        order_themes(uow, project.id, OrderThemes(theme_ids=(empty.id,)))
    with pytest.raises(Invalid), platform.unit_of_work(STAFF) as uow:
        delete_theme(uow, parking.id, DeleteTheme(version=parking.version))
    with platform.unit_of_work(STAFF) as uow:
        delete_theme(uow, empty.id, DeleteTheme(version=uow.session.get_one(Theme, empty.id).version))
        merge_theme(uow, parking.id, MergeTheme(into_id=green.id, version=uow.session.get_one(Theme, parking.id).version))
    assert kept(platform, project.id) == {"Bomen": 3}
    with pytest.raises(NotFound), platform.unit_of_work(STAFF) as uow:
        put_in_theme(uow, parking.id, choose(ids[0]))
    with platform.unit_of_work(STAFF) as uow:
        assert take_from_theme(uow, green.id, choose(*ids[:2])) == 2
        assert put_found_in_theme(uow, green.id, DeskFilter(text="idee 1")) == 1
        set_themes(uow, ids[2], ())
    assert kept(platform, project.id) == {"Bomen": 1}


def test_a_theme_of_another_subject_is_refused(platform: Platform, project: Project, organization: Organization) -> None:
    ids = several(platform, an_activity(platform, project.id), 1)
    elsewhere = a_theme(platform, organization.id, "Elders")
    with pytest.raises(Invalid), platform.unit_of_work(STAFF) as uow:
        put_in_theme(uow, elsewhere.id, choose(*ids))
    with pytest.raises(Invalid), platform.unit_of_work(STAFF) as uow:
        set_themes(uow, ids[0], (elsewhere.id,))
    with pytest.raises(NotFound), platform.unit_of_work(STAFF) as uow:
        write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="x", theme_id=elsewhere.id))


def test_the_job_tells_once_of_what_was_sent(platform: Platform, project: Project, clock: Clock, outbox: Outbox) -> None:
    ids = several(platform, an_activity(platform, project.id), 3)
    sent, gone = an_answer(platform, project.id, *ids[:2]), an_answer(platform, project.id, ids[2])
    with platform.unit_of_work(STAFF) as uow:
        withdraw_answer(uow, gone.id)
    run_due_jobs(platform, uuid.uuid4())
    assert outbox.events("inbreng.answer.sent") == []
    for _time in range(3):
        clock.forward(minutes=11)
        run_due_jobs(platform, uuid.uuid4())
    assert [event["answer_id"] for event in outbox.events("inbreng.answer.sent")] == [str(sent.id)]
    with platform.read(anonymous()) as uow:
        lines, _more = latest_lines(uow, project.id, 20)
        assert [line.sentence for line in lines if "antwoord" in line.sentence] == ["2 bijdragen kregen antwoord: Overgenomen."]
        with platform.translations.use("en"):
            assert "Adopted" in latest_lines(uow, project.id, 1)[0][0].sentence


def recount(uow: Any, subject_id: uuid.UUID) -> tuple[dict[uuid.UUID, int], dict[uuid.UUID, str], set[uuid.UUID]]:
    """Theme counts, outcomes and what has an answer, from the rows themselves."""
    session = uow.session
    published = {
        row.id
        for row in session.execute(select(Contribution.id).where(Contribution.state == "published", Contribution.parent_id.is_(None)))
    }
    memberships = session.execute(select(ThemedContribution.theme_id, ThemedContribution.contribution_id)).all()
    themes = Counter(row.theme_id for row in memberships if row.contribution_id in published)
    outcomes: dict[uuid.UUID, str] = {}
    written: set[uuid.UUID] = set()
    rows = session.execute(
        select(Answer, AnswerTarget.contribution_id).join(AnswerTarget).where(Answer.withdrawn_at.is_(None)).order_by(Answer.at, Answer.id)
    )
    for answer, contribution_id in rows:
        written.add(contribution_id)
        if answer.send_at <= uow.now:
            outcomes[contribution_id] = answer.outcome
    return dict(themes), {id: outcome for id, outcome in outcomes.items() if id in published}, written


@pytest.mark.parametrize("seed", range(3))
def test_no_sequence_of_acts_loses_an_outcome_or_a_count(platform: Platform, project: Project, clock: Clock, seed: int) -> None:
    chance = random.Random(seed)
    activity = an_activity(platform, project.id, closes_at=None)
    ids = several(platform, activity, 8)
    themes = [a_theme(platform, project.id, f"Thema {number}").id for number in range(3)]
    answers: list[uuid.UUID] = []
    seen: dict[uuid.UUID, set[str]] = {}

    def act(uow: Any, some: tuple[uuid.UUID, ...], theme: uuid.UUID) -> None:
        version = uow.session.get_one(Contribution, some[0]).version
        chosen = chance.choice(
            [
                lambda: put_in_theme(uow, theme, choose(*some)),
                lambda: take_from_theme(uow, theme, choose(*some)),
                lambda: merge(uow, theme, chance.choice(themes)),
                lambda: answer(uow, contribution_ids=some, replace=chance.random() < 0.5),
                lambda: answer(uow, theme_id=theme),
                lambda: withdraw_answer(uow, chance.choice(answers or [uuid.uuid4()])),
                lambda: hide_contribution(uow, some[0], HideContribution(code="other", reason="x", version=version)),
                lambda: show_contribution(uow, some[0], ShowContribution(reason="x", version=version)),
                lambda: put_found_in_theme(uow, theme, DeskFilter(state="waiting")),
            ]
        )
        chosen()

    def merge(uow: Any, theme: uuid.UUID, other: uuid.UUID) -> None:
        merge_theme(uow, theme, MergeTheme(into_id=other, version=uow.session.get_one(Theme, theme).version))
        themes.remove(theme)
        themes.append(add_theme(uow, project.id, AddTheme(title=f"Thema {uuid.uuid4()}")).id)

    def answer(uow: Any, **which: Any) -> None:
        outcome = chance.choice(["adopted", "partly", "answered"])
        answers.append(write_answer(uow, project.id, WriteAnswer(outcome=outcome, reason="x", **which)).answer.id)

    for _step in range(60):
        try:
            with platform.unit_of_work(STAFF) as uow:
                act(uow, tuple(chance.sample(ids, chance.randint(1, 4))), chance.choice(themes))
        except (Invalid, Conflict, NotFound):
            pass
        if chance.random() < 0.3:
            clock.forward(minutes=chance.randint(1, 12))
        with platform.read(STAFF) as uow:
            in_themes, outcomes, written = recount(uow, project.id)
            assert {row.id: row.contributions for row in themes_of(uow, project.id) if row.contributions} == in_themes
            published = set(uow.session.execute(select(Contribution.id).where(Contribution.state == "published")).scalars())
            found = {id: outcome.outcome for id, outcome in outcomes_of(uow, ids).items()}
            assert {id: outcome for id, outcome in found.items() if id in published} == outcomes
            assert set(uow.session.execute(select(Contribution.id).where(Contribution.answered)).scalars()) == written
            assert unanswered(uow, project.id) == len(published - set(outcomes))
            numbers = counts(uow, [activity.id])
            assert numbers["outcome"] == dict(Counter(outcomes.get(id, "") for id in published))
            assert sum(numbers["total"].values()) == len(published)
            # What somebody read as an outcome stays one, or is replaced by a later one; it never goes.
            for id, outcome in found.items():
                seen.setdefault(id, set()).add(outcome)
            assert all(id in found for id in seen)


def test_the_report_has_every_contribution_once_in_the_order_of_themes(platform: Platform, project: Project, clock: Clock) -> None:
    activity = an_activity(platform, project.id)
    ids = [a_contribution(platform, activity, f"Idee {place}", name="Jan").contribution.id for place in range(5)]
    ids.append(an_entry(platform, activity, "=SOM(A1)", sector="business", name="Winkel").id)
    a_contribution(platform, activity, "Een antwoord", parent_id=ids[0])
    second, first = a_theme(platform, project.id, "B", ids[1], ids[2]), a_theme(platform, project.id, "A", ids[2], ids[5])
    with platform.unit_of_work(STAFF) as uow:
        order_themes(uow, project.id, OrderThemes(theme_ids=(first.id, second.id)))
    an_answer(platform, project.id, ids[2])
    clock.forward(minutes=11)
    with platform.read(anonymous()) as uow:
        rows = list(report_rows(uow, project.id))
        assert [row.id for row in rows] == [ids[2], ids[5], ids[1], ids[0], ids[3], ids[4]]
        assert [title for _id, title in rows[0].themes] == ["A", "B"]
        assert rows[0].outcome is not None
        assert rows[0].outcome.outcome == "adopted"
        assert [row.id for row in report_rows(uow, project.id, ReportFilter(outcome=""))] == [ids[5], ids[1], ids[0], ids[3], ids[4]]
        assert [row.id for row in report_rows(uow, project.id, ReportFilter(theme=second.id, outcome="adopted"))] == [ids[2]]
        assert [row.id for row in report_rows(uow, project.id, ReportFilter(theme="none", sector="citizens"))] == [ids[0], ids[3], ids[4]]
        paged: list[uuid.UUID] = []
        request = PageRequest(limit=2)
        while True:
            page = report_page(uow, project.id, ReportFilter(), request)
            paged += [row.id for row in page.items]
            if page.next is None:
                break
            request = PageRequest(limit=2, cursor=page.next)
        assert paged == [row.id for row in rows]


class Statements:
    """How many statements a platform's databases get."""

    def __init__(self, platform: Platform) -> None:
        self.number = 0
        event.listen(platform.engine, "before_cursor_execute", self._count)

    def _count(self, *_arguments: Any) -> None:
        self.number += 1


def fill(platform: Platform, activity: Activity, number: int) -> None:
    """Many contributions at once, as rows: as an import leaves them."""
    from samen_core.subjects import Subject

    with platform.unit_of_work(STAFF) as uow:
        ids = [uuid7() for _place in range(number)]
        subject = {
            "type": "contribution",
            "owner": "inbreng",
            "title": "Bijdrage",
            "summary": "",
            "url": "",
            "state": "active",
            "public": True,
            "updated_at": uow.now,
        }
        row = {
            "version": 1,
            "activity_id": activity.id,
            "subject_id": activity.subject_id,
            "state": "published",
            "text": "Meer bomen",
            "answers": {},
            "sector": "citizens",
            "channel": "online",
            "received_on": uow.now.date(),
        }
        uow.session.execute(Subject.__table__.insert(), [{"id": id, **subject} for id in ids])
        uow.session.execute(
            Contribution.__table__.insert(),
            [{"id": id, "number": 1000 + place, "at": uow.now - timedelta(seconds=number - place), **row} for place, id in enumerate(ids)],
        )


@SQLITE
def test_the_desk_of_10000_costs_what_that_of_10_does(platform: Platform, project: Project, clock: Clock) -> None:
    activity = an_activity(platform, project.id)
    used = []
    for number in (10, 10_000):
        fill(platform, activity, number) if number == 10 else fill_more(platform, activity)
        statements = Statements(platform)
        with platform.read(STAFF) as uow:
            page = desk_page(uow, project.id, DeskFilter(state="waiting"), PageRequest(limit=10))
            assert len(page.items) == 10
            outcomes_of(uow, [row.id for row in page.items])
            assert waiting_number(uow, ANSWER) == (10 if number == 10 else 10_010)
            assert unanswered(uow, project.id) == (10 if number == 10 else 10_010)
        used.append(statements.number)
    assert used[0] >= used[1] - 1
    theme = a_theme(platform, project.id, "Alles")
    with platform.unit_of_work(STAFF) as uow:
        assert put_found_in_theme(uow, theme.id, DeskFilter(state="waiting")) == 10_010
        assert write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="Ja.", theme_id=theme.id)).number == 10_010
    clock.forward(minutes=11)
    with platform.read(STAFF) as uow:
        assert unanswered(uow, project.id) == 0
        assert sum(1 for _row in report_rows(uow, project.id)) == 10_010


def fill_more(platform: Platform, activity: Activity) -> None:
    with platform.unit_of_work(STAFF) as uow:
        uow.session.execute(update(Contribution).values(number=Contribution.number + 100_000))
        assert uow.session.execute(select(func.count()).select_from(Contribution)).scalar_one() == 10
    fill(platform, activity, 10_000)


@POSTGRESQL
def test_two_who_answer_the_same_at_once_write_one_answer(platform: Platform, project: Project) -> None:
    (id,) = several(platform, an_activity(platform, project.id), 1)
    command = WriteAnswer(outcome="adopted", reason="Wij doen het.", contribution_ids=(id,))

    def second() -> None:
        with platform.unit_of_work(STAFF) as uow:
            write_answer(uow, project.id, command)

    with ThreadPoolExecutor(1) as pool:
        with platform.unit_of_work(STAFF) as uow:
            write_answer(uow, project.id, command)
            later = pool.submit(second)
            waiting = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
            with platform.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                while not later.done() and not connection.execute(waiting).scalar_one():
                    pass
        with pytest.raises(Invalid) as error:
            later.result()
    assert list(error.value.errors) == ["contribution_ids"]


def test_what_was_taken_back_is_not_told_to_have_an_answer(platform: Platform, project: Project, clock: Clock) -> None:
    first, second, third = several(platform, an_activity(platform, project.id), 3)
    theme = a_theme(platform, project.id, "Bomen", first, second, third)
    an_answer(platform, project.id, first)
    clock.forward(minutes=11)
    with platform.unit_of_work(system("test")) as uow:
        hide_contribution(uow, second, HideContribution(code="insult", reason="Scheldt.", version=1))
    with platform.unit_of_work(STAFF) as uow:
        written = write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="Daarom.", theme_id=theme.id))
    assert (written.number, written.left_out) == (1, 1)


def test_what_became_of_each_activity_is_told_apart(platform: Platform, project: Project, clock: Clock) -> None:
    first, second = an_activity(platform, project.id), an_activity(platform, project.id, title="Nog een")
    ids = several(platform, first, 3)
    several(platform, second, 2)
    an_answer(platform, project.id, ids[0])
    an_answer(platform, project.id, ids[1], outcome="partly")
    clock.forward(minutes=11)
    with platform.read(STAFF) as uow:
        assert outcomes_by_activity(uow, [first.id, second.id]) == {first.id: {"adopted": 1, "partly": 1, "": 1}, second.id: {"": 2}}
        assert outcomes_by_activity(uow, []) == {}
