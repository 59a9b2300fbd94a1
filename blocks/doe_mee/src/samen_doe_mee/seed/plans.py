"""The plans of the demonstration: made, published, talked about, answered and closed, each on its own day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from samen_core.api import Form, PlaceValue, Question, anonymous, form_to_json, new_code
from samen_doe_mee.models import Activity, Paragraph, Plan, PollOption, Remark, Round
from samen_doe_mee.schemas.activities import CreateActivity
from samen_doe_mee.schemas.answering import GiveAnswers
from samen_doe_mee.schemas.external import AddExternalResult
from samen_doe_mee.schemas.meetings import PlanMeeting
from samen_doe_mee.schemas.plan_parts import AddDocument, WriteNews
from samen_doe_mee.schemas.plans import CreatePlan, PlanVersion, UpdatePlan
from samen_doe_mee.schemas.polls import CastVote
from samen_doe_mee.schemas.results import ClosingTexts, PublishResult
from samen_doe_mee.schemas.rounds import CreateRound
from samen_doe_mee.seed.talk import Talk, say
from samen_doe_mee.seed.world import ORGANIZATION, Data, World
from samen_doe_mee.services.activities import create_activity
from samen_doe_mee.services.answering import give_answers
from samen_doe_mee.services.closing import close_round
from samen_doe_mee.services.external import add_external_result
from samen_doe_mee.services.meetings import plan_meeting
from samen_doe_mee.services.plan_documents import add_document
from samen_doe_mee.services.plan_news import write_news
from samen_doe_mee.services.plan_publishing import finish_plan, publish_plan
from samen_doe_mee.services.plan_texts import update_plan
from samen_doe_mee.services.plans import create_plan
from samen_doe_mee.services.polls import vote
from samen_doe_mee.services.results import publish_result
from samen_doe_mee.services.rounds import create_round
from samen_doe_mee.services.talk_events import count_contribution, recount
from samen_inbreng.api import Contribution, HowItCame, enter_response, send_due

BEFORE = 12
"""So many days before its first round a plan is made."""
TEXTS = ("summary", "about", "fixed", "open", "level", "form", "objection_text", "objection_url", "decided_by", "scale", "scale_note")
MORE = (
    "approach",
    "methods_online",
    "methods_offline",
    "communication",
    "costs",
    "contact_name",
    "contact_email",
    "contact_phone",
    "contact_hours",
)
QUESTIONS = Form(
    (
        Question(
            "vaak",
            "one_choice",
            "Hoe vaak speelt uw kind buiten?",
            options=(("elke_dag", "Elke dag"), ("soms", "Soms"), ("nooit", "Bijna nooit")),
        ),
        Question(
            "missen",
            "several_choices",
            "Wat mist u bij de speelplek?",
            options=(("schommel", "Een schommel"), ("bank", "Een bank"), ("schaduw", "Schaduw"), ("hek", "Een hek")),
        ),
        Question("cijfer", "scale", "Welk cijfer geeft u de speelplek nu?", minimum=1, maximum=5),
        Question("anders", "long_text", "Wat wilt u nog kwijt?"),
    )
)
ANSWERS = (
    ("adopted", "Dit nemen wij over. Het staat in het voorstel."),
    ("partly", "Een deel hiervan nemen wij over; de rest past niet binnen het geld."),
    ("not_adopted", "Dit doen wij niet. Het levert anderen meer last op dan het oplost."),
    ("answered", "Dank u wel. Wij hebben dit meegewogen en leggen bij het besluit uit hoe."),
)


def make_plan(world: World, data: Data) -> None:
    """One plan with everything that is told of it."""
    opens = max(part["opens"] for part in data["round"])
    with world.uow.at(world.moment(max(opens + BEFORE, 1), 9)):
        plan = _begin(world, data)
        rounds = [_round(world, plan, part) for part in data["round"]]
        if data["state"] != "draft":
            publish_plan(world.uow, plan.id, PlanVersion(version=plan.version))
            for meeting in data.get("meeting", ()):
                _meeting(world, plan, meeting)
        for document in data.get("document", ()):
            add_document(world.uow, plan.id, AddDocument(title=document["title"], url=document["url"]))
    for found, part in zip(rounds, data["round"], strict=True):
        _happen(world, data, found, part)
    for news in data.get("news", ()):
        with world.uow.at(world.moment(news["ago"], 11)):
            write_news(world.uow, plan.id, WriteNews(title=news["title"], text=news["text"]))
    if "finished" in data:
        with world.uow.at(world.moment(data["finished"], 15)):
            finish_plan(world.uow, plan.id, PlanVersion(version=plan.version))


def _begin(world: World, data: Data) -> Plan:
    command = CreatePlan(
        title=data["title"],
        project_id=world.projects.get(data["project"]),
        organization_id=world.organizations[ORGANIZATION],
        area_id=world.area_id(data["area"]),
        theme_id=world.themes.get(data["theme"]),
    )
    plan = create_plan(world.uow, command)
    values: dict[str, Any] = {name: data[name] for name in (*TEXTS, *MORE) if name in data}
    values["goals"] = {goal["goal"]: goal["reason"] for goal in data.get("goal", ())}
    values["participants"] = data["participants"]
    area = world.areas.get(data["area"])
    if area is not None and area.lat is not None:
        values["place"] = PlaceValue(lat=area.lat, lon=area.lon)
    return update_plan(world.uow, plan.id, UpdatePlan(version=plan.version, values=values))


def _round(world: World, plan: Plan, data: Data) -> Round:
    term = {"opens_at": world.moment(data["opens"], 9), "closes_at": world.moment(data["closes"], 23)}
    found = create_round(world.uow, plan.id, CreateRound(title=data["title"], text=data["text"], **term))
    for activity in data.get("activity", ()):
        command = CreateActivity(
            type=activity["type"],
            title=activity["title"],
            intro=activity["intro"],
            minutes=activity.get("minutes"),
            options=_options(activity),
        )
        create_activity(world.uow, found.id, command)
    return found


def _options(data: Data) -> dict[str, Any]:
    """The settings of its type."""
    if data["type"] == "poll":
        several = data["most"] > 1
        return {
            "choices": data["options"],
            "kind": "several" if several else "one",
            "maximum": data["most"] if several else None,
            "show_results": data["show"],
        }
    if data["type"] == "text":
        return {"text": "\n\n".join(f"## {heading}\n\n{text}" for heading, text in data["paragraphs"])}
    return {"form": form_to_json(QUESTIONS)} if data["type"] == "questionnaire" else {}


def _meeting(world: World, plan: Plan, data: Data) -> None:
    start = world.moment(-data["in_days"], data["hour"])
    command = PlanMeeting(
        name=data["title"], start_date=start, end_date=start + timedelta(hours=2), location=data["location"], places=data["places"]
    )
    plan_meeting(world.uow, plan.id, command)


def _happen(world: World, plan: Data, found: Round, data: Data) -> None:
    """What people said and chose in a round, and when it was closed what was done with it."""
    if data["opens"] < 0 or plan["state"] == "draft":
        return
    days = (data["opens"] - 0.5, max(data["closes"], 0))
    made = select(Activity).where(Activity.round_id == found.id).order_by(Activity.position)
    for activity, part in zip(list(world.uow.session.execute(made).scalars()), data["activity"], strict=True):
        TAKE_PART.get(activity.type, _say)(world, activity, part, days, plan["area"])
        for result in part.get("result", ()):
            _elsewhere(world, activity, part, result)
    if "closed" in data:
        _close(world, found, data)


def _say(world: World, activity: Activity, data: Data, days: tuple[float, float], area: str) -> None:
    if data.get("number") and activity.talk_id:
        points = activity.type == "map_points"
        made = say(world, activity.talk_id, Talk(data["number"], data["say"], *days, area if points else ""))
        for contribution in made:
            count_contribution(world.uow, activity, contribution)


def _remark(world: World, activity: Activity, data: Data, days: tuple[float, float], _area: str) -> None:
    """Reactions, each at one of the paragraphs: most at the first."""
    if activity.talk_id is None:
        return
    made = say(world, activity.talk_id, Talk(data["number"], data["say"], *days))
    paragraphs = list(world.uow.session.execute(select(Paragraph.id).where(Paragraph.activity_id == activity.id)).scalars())
    rows = [{"contribution_id": item.id, "paragraph_id": world.chance.choice(paragraphs)} for item in made]
    world.uow.session.execute(insert(Remark), rows)
    for contribution in made:
        count_contribution(world.uow, activity, contribution)
    for id in paragraphs:
        recount(world.uow, id)


def _fill_in(world: World, activity: Activity, data: Data, days: tuple[float, float], _area: str) -> None:
    """Questionnaires, as they were filled in on paper at school and entered."""
    if activity.talk_id is None:
        return
    for nth in range(data["number"]):
        with world.uow.at(world.moment(max(days[0] - nth / 10, 0))):
            answers: dict[str, Any] = {
                "vaak": world.chance.choice(("elke_dag", "soms", "soms", "nooit")),
                "missen": world.chance.sample(("schommel", "bank", "schaduw", "hek"), 2),
                "cijfer": world.chance.choice((2, 3, 3, 4, 4, 5)),
            }
            how = HowItCame(sector="citizens", channel="survey", on=world.uow.now.date())
            enter_response(world.uow, activity.talk_id, answers, how)


def _vote(world: World, activity: Activity, data: Data, days: tuple[float, float], _area: str) -> None:
    """Votes of people without account: earlier options are chosen more often."""
    options = list(
        world.uow.session.execute(
            select(PollOption.id).where(PollOption.activity_id == activity.id).order_by(PollOption.position)
        ).scalars()
    )
    weights = [1 / (nth + 1.5) for nth in range(len(options))]
    for nth in range(data["number"]):
        ago = days[0] - (days[0] - days[1]) * nth / data["number"]
        chosen = {world.chance.choices(options, weights)[0] for _pick in range(data["most"])}
        with world.uow.at(world.moment(max(ago, 0))), world.uow.acting(anonymous("web")):
            vote(world.uow, activity.id, CastVote(options=tuple(sorted(chosen))), device=new_code())


def _elsewhere(world: World, activity: Activity, data: Data, result: Data) -> None:
    with world.uow.at(world.moment(result["ago"], 16)):
        command = AddExternalResult(
            channel=data["channel"],
            held_on=world.uow.now.date(),
            people=result["people"],
            source=result["source"],
            text=result["text"],
            counts=tuple(result["counts"].items()),
        )
        add_external_result(world.uow, activity.id, command)


def _close(world: World, found: Round, data: Data) -> None:
    """Answer everything, tell the results, close: as the platform asks."""
    uow = world.uow
    activities = list(uow.session.execute(select(Activity).where(Activity.round_id == found.id).order_by(Activity.position)).scalars())
    with uow.at(world.moment(data["closed"] + 2, 10)):
        for activity in activities:
            _answer(world, activity)
    with uow.at(world.moment(data["closed"] + 1, 10)):
        send_due(uow)
        for activity, part in zip(activities, data["activity"], strict=True):
            publish_result(uow, activity.id, PublishResult(result=part["outcome"], version=activity.version))
    with uow.at(world.moment(data["closed"], 10)):
        texts = {name: data[name] for name in ("heard", "done", "agreed", "disagreed", "minority")}
        close_round(uow, found.id, ClosingTexts(version=found.version, **texts))


def _answer(world: World, activity: Activity) -> None:
    if activity.talk_id is None:
        return
    asked = select(Contribution.id).where(Contribution.activity_id == activity.talk_id, Contribution.parent_id.is_(None))
    ids = list(world.uow.session.execute(asked.order_by(Contribution.number)).scalars())
    for nth, (outcome, reason) in enumerate(ANSWERS):
        if mine := tuple(ids[nth :: len(ANSWERS)]):
            give_answers(world.uow, GiveAnswers(contribution_ids=mine, outcome=outcome, reason=reason))


TAKE_PART: dict[str, Callable[[World, Activity, Data, tuple[float, float], str], None]] = {
    "poll": _vote,
    "text": _remark,
    "questionnaire": _fill_in,
}
"""What happens at an activity, by its type; at the others people say something."""
