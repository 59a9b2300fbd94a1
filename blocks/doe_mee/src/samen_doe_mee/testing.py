"""Ideas, plans, activities and meetings for tests of lists: many at once, as rows, without what their services do beside."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import func, insert, select, update

from citycontent.api import CreateEvent, CreateProject, Project, create_event, create_project
from samen_core.api import CITY_TIME_ZONE, SubjectData, SubjectRef, UnitOfWork, register_all, system, uuid7
from samen_doe_mee import paths
from samen_doe_mee.models import (
    Activity,
    Blueprint,
    CoInitiator,
    Duty,
    ExternalResult,
    HalfFilled,
    Idea,
    IdeaNews,
    IdeaStep,
    Meeting,
    Plan,
    PollOption,
    PollVote,
    ReadyText,
    Registration,
    Round,
    TookPart,
    Trace,
    Voice,
)
from samen_doe_mee.schemas.activities import CreateActivity
from samen_doe_mee.schemas.plan_parts import AddDocument, WriteNews
from samen_doe_mee.services.activities import create_activity
from samen_doe_mee.services.kinds import ACTIVITY, IDEA, IDEA_NEWS, PLAN, ROUND, activity_card, idea_card, plan_card, round_card
from samen_doe_mee.services.plan_documents import add_document
from samen_doe_mee.services.plan_news import write_news
from samen_doe_mee.testing_pages import pages  # noqa: F401 - the check of pages asks for it here
from samen_inbreng.api import EnterContribution, import_contributions

DAY = timedelta(days=1)


def make_ideas(uow: UnitOfWork, number: int, **values: Any) -> list[uuid.UUID]:
    """So many published ideas, each a minute newer than the one before; ``values`` are columns."""
    first: int = uow.session.execute(select(func.coalesce(func.max(Idea.number), 0))).scalar_one() + 1
    day = (uow.now + 30 * DAY).date()
    made = []
    for nth in range(first, first + number):
        columns = {
            "title": f"Idee {nth}: meer bomen",
            "slug": f"idee-{nth}",
            "text": "Bomen geven schaduw en schone lucht.",
            "state": "published",
            "status": "received",
            "needed": 100,
            "ends_on": day,
            "published_at": uow.now - 10 * DAY + timedelta(seconds=nth),
            "created_at": uow.now - 10 * DAY,
            **values,
        }
        made.append(Idea(id=uuid7(), version=1, number=nth, **columns))
    _enter(uow, Idea, made, {SubjectRef(IDEA, idea.id): idea_card(idea) for idea in made})
    return [idea.id for idea in made]


def make_plan(uow: UnitOfWork, title: str = "Herinrichting Markt", **values: Any) -> Plan:
    """A plan that runs for two weeks more, with its project; ``values`` are columns."""
    project: Project = create_project(uow, CreateProject(name=f"Project {title}", status="execution"))
    return make_plans(uow, 1, project.id, title=title, **values)[0]


def make_plans(uow: UnitOfWork, number: int, project_id: uuid.UUID, **values: Any) -> list[Plan]:
    """So many published plans of one project."""
    made = []
    for _nth in range(number):
        id = uuid7()
        columns = {
            "title": "Een plan",
            "summary": "Wat er op het plein komt.",
            "slug": f"plan-{id.hex[-12:]}",
            "state": "published",
            "opens_at": uow.now - 7 * DAY,
            "closes_at": uow.now + 14 * DAY,
            "created_at": uow.now - 9 * DAY,
            "published_at": uow.now - 8 * DAY,
            "proposal": {},
            "contact": {},
            **values,
        }
        made.append(Plan(id=id, version=1, project_id=project_id, **columns))
    _enter(uow, Plan, made, {SubjectRef(PLAN, plan.id): plan_card(plan) for plan in made})
    return made


def make_round(uow: UnitOfWork, plan: Plan, **values: Any) -> Round:
    """A round of a plan that is open."""
    id = uuid7()
    columns = {
        "title": "Ronde 1",
        "slug": f"ronde-{id.hex[-12:]}",
        "opens_at": uow.now - 7 * DAY,
        "closes_at": uow.now + 14 * DAY,
        "result_by": (uow.now + 28 * DAY).date(),
        **values,
    }
    made = Round(id=id, version=1, plan_id=plan.id, **columns)
    _enter(uow, Round, [made], {SubjectRef(ROUND, id): round_card(made, plan)})
    return made


def make_activities(uow: UnitOfWork, plan: Plan, round_: Round, number: int = 1, **values: Any) -> list[Activity]:
    """So many open activities, each closing a minute later than the one before."""
    made = []
    for nth in range(number):
        id = uuid7()
        columns = {
            "title": "Wat vindt u van het plein?",
            "slug": f"activiteit-{id.hex[-12:]}",
            "type": "reactions",
            "intro": "Vertel wat beter kan.",
            "minutes": 2,
            "opens_at": uow.now - 2 * DAY,
            "closes_at": uow.now + 5 * DAY + timedelta(minutes=nth),
            "options": {},
            "created_at": uow.now - 3 * DAY,
            **values,
        }
        made.append(Activity(id=id, version=1, plan_id=plan.id, round_id=round_.id, **columns))
    _enter(uow, Activity, made, {SubjectRef(ACTIVITY, one.id): activity_card(one, plan) for one in made})
    return made


def make_meeting(uow: UnitOfWork, plan: Plan, name: str = "Inloopavond over het plein", **values: Any) -> Meeting:
    """A meeting of a plan in three days; ``values`` are columns of the event."""
    columns = {"start_date": uow.now + 3 * DAY, "status": "confirmed", "project_id": plan.project_id, **values}
    event = create_event(uow, CreateEvent(name=name, **columns))
    made = Meeting(id=event.id, plan_id=plan.id)
    uow.session.add(made)
    uow.session.flush()
    return made


def _enter(uow: UnitOfWork, model: Any, made: Sequence[Any], things: dict[SubjectRef, Any]) -> None:
    if not made:
        return
    uow.session.flush()
    register_all(uow, things)
    uow.session.execute(insert(model), [_row(one) for one in made])


def _row(thing: Any) -> dict[str, Any]:
    return {column.key: thing.__dict__[column.key] for column in thing.__table__.columns if column.key in thing.__dict__}


def react(uow: UnitOfWork, idea: Idea | Any, number: int) -> None:
    """So many reactions on an idea, entered as staff does; people can react to it from then on."""
    from samen_doe_mee.services.idea_talk import open_talk

    open_talk(uow, idea)
    uow.session.flush()
    _say(uow, cast("uuid.UUID", idea.talk_id), number)


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many more of everything that a page shows as a list: of ideas and of plans, and of all that stands on one idea and on one plan."""
    make_ideas(uow, number)
    _on_idea(uow, uow.session.get_one(Idea, make_ideas(uow, 1)[0]), number)
    plan = make_plan(uow, f"Plan met {number} van alles {uuid7().hex[-6:]}")
    make_plans(uow, number, plan.project_id)
    plan = uow.session.get_one(Plan, plan.id)
    for nth in range(number - 1):
        make_round(uow, plan, title=f"Ronde {nth + 2}", position=nth + 1)
    round_ = make_round(uow, plan)
    _on_plan(uow, plan, number)
    make_activities(uow, plan, round_, number)
    _on_activities(uow, plan, round_, number)
    for nth in range(number):
        make_meeting(uow, plan, f"Inloopavond {nth}")
    _register(uow, make_meeting(uow, plan, f"Inloopavond met {number} mensen"), number)
    uow.session.flush()


def _say(uow: UnitOfWork, talk_id: uuid.UUID, number: int) -> list[uuid.UUID]:
    """So many contributions in an activity of inbreng."""
    day = uow.now.astimezone(CITY_TIME_ZONE).date()
    said = [EnterContribution(text=f"Meer licht op plek {nth}.", name="Sam", channel="meeting", received_on=day) for nth in range(number)]
    with uow.acting(system(uow.actor.origin)):
        return [item.contribution.id for item in import_contributions(uow, talk_id, said) if item.contribution is not None]


def _on_idea(uow: UnitOfWork, idea: Idea, number: int) -> None:
    """Voices, steps, news, people who carry it, and reactions."""
    react(uow, idea, number)
    rows: dict[Any, list[dict[str, Any]]] = {}
    things = {}
    for nth in range(number):
        of = {"id": uuid7(), "idea_id": idea.id}
        moment = uow.now - timedelta(minutes=nth)
        rows.setdefault(Voice, []).append({**of, "way": "mail", "who": uuid.uuid4().hex, "at": moment, "confirmed_at": moment})
        rows.setdefault(IdeaStep, []).append({**of, "kind": "status", "status": "in_conversation", "text": f"Stap {nth}", "at": moment})
        rows.setdefault(Trace, []).append({"id": of["id"], "what": "voice", "thing_id": of["id"], "origin": uuid.uuid4().hex, "at": moment})
        member = {"name": f"Sam {nth}", "code_hash": uuid.uuid4().hex, "invited_at": moment, "accepted_at": moment}
        rows.setdefault(CoInitiator, []).append({**of, **member})
        news_id = uuid7()
        things[SubjectRef(IDEA_NEWS, news_id)] = SubjectData(idea.title, paths.idea(idea.slug))
        rows.setdefault(IdeaNews, []).append({**of, "id": news_id, "version": 1, "text": f"Nieuws {nth}", "at": moment})
    register_all(uow, things)
    _insert(uow, rows)
    columns = Idea.__table__.c
    counted = {"open_supports": columns.open_supports + number, "all_supports": columns.all_supports + number}
    uow.session.execute(update(Idea).where(columns.id == idea.id).values(counted).execution_options(synchronize_session=False))


def _on_plan(uow: UnitOfWork, plan: Plan, number: int) -> None:
    """News, documents, ready texts and blueprints."""
    with uow.acting(system(uow.actor.origin)):
        for nth in range(number):
            write_news(uow, plan.id, WriteNews(title=f"Nieuws {nth}", text="Wij zijn begonnen."))
            add_document(uow, plan.id, AddDocument(title=f"Stuk {nth}", url=f"https://example.org/stuk/{nth}"))
    rows: dict[Any, list[dict[str, Any]]] = {}
    for nth in range(number):
        text = {"id": uuid7(), "version": 1, "plan_id": plan.id if nth % 2 else None, "name": f"Tekst {nth}", "text": "Dank u wel."}
        rows.setdefault(ReadyText, []).append(text)
        example = {"id": uuid7(), "version": 1, "name": f"Voorbeeld {nth}", "content": {}, "made_at": uow.now}
        rows.setdefault(Blueprint, []).append(example)
    _insert(uow, rows)


def _on_activities(uow: UnitOfWork, plan: Plan, round_: Round, number: int) -> None:
    """An activity with contributions that somebody is to answer, and a poll with options, votes and results from elsewhere."""
    with uow.acting(system(uow.actor.origin)):
        asked = create_activity(uow, round_.id, CreateActivity(type="reactions", title="Wat moet er komen?"))
        poll = create_activity(uow, round_.id, CreateActivity(type="poll", title="Wat kiest u?", options={"choices": ["Bomen", "Water"]}))
    uow.session.flush()
    rows: dict[Any, list[dict[str, Any]]] = {}
    day = uow.now.astimezone(CITY_TIME_ZONE).date()
    for nth, id in enumerate(_say(uow, cast("uuid.UUID", asked.talk_id), number)):
        rows.setdefault(Duty, []).append({"contribution_id": id, "version": 1, "plan_id": plan.id, "due_on": day})
        of = {"id": uuid7(), "activity_id": poll.id}
        rows.setdefault(PollOption, []).append({**of, "position": nth + 2, "text": f"Keuze {nth}"})
        rows.setdefault(PollVote, []).append({**of, "who": uuid.uuid4().hex, "at": uow.now})
        rows.setdefault(TookPart, []).append({**of, "plan_id": plan.id, "who": uuid.uuid4().hex, "at": uow.now})
        rows.setdefault(HalfFilled, []).append({**of, "who": uuid.uuid4().hex, "answers": "verzegeld", "saved_at": uow.now})
        result = {"channel": "meeting", "held_on": day, "people": 10, "source": f"Avond {nth}", "entered_at": uow.now}
        rows.setdefault(ExternalResult, []).append({**of, "version": 1, **result})
    _insert(uow, rows)


def _register(uow: UnitOfWork, meeting: Meeting, number: int) -> None:
    known = {"version": 1, "meeting_id": meeting.id, "state": "registered", "name": "Sam", "at": uow.now, "confirmed_at": uow.now}
    _insert(uow, {Registration: [{"id": uuid7(), "who": uuid.uuid4().hex, **known} for _nth in range(number)]})
    meeting.taken += number


def _insert(uow: UnitOfWork, rows: dict[Any, list[dict[str, Any]]]) -> None:
    uow.session.flush()
    for table, found in rows.items():
        if found:
            uow.session.execute(insert(table), found)
