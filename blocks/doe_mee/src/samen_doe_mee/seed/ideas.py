"""The ideas of the demonstration: proposed, supported, talked about and given a status, each on its own day."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from samen_core.api import SubjectRef, free_slug, register_all, uuid7
from samen_doe_mee.models import ENDED_STATUSES, Idea, IdeaNews, IdeaStep, Voice
from samen_doe_mee.seed.talk import Talk, say
from samen_doe_mee.seed.world import ORGANIZATION, Data, World
from samen_doe_mee.services.idea_news import news_card
from samen_doe_mee.services.idea_talk import may_react, open_talk
from samen_doe_mee.services.kinds import IDEA, IDEA_NEWS, idea_card
from samen_doe_mee.settings import ANSWER_DAYS, CHALLENGE_WEEKS, IDEA_DAYS, SUPPORTS_NEEDED, number

FIRST_ANSWER = 9
"""So many days after it came in an idea of the demonstration gets its first answer."""


def make_ideas(world: World) -> None:
    """All of them, by bulk inserts: who supports them is nobody of the demonstration."""
    uow = world.uow
    first: int = uow.session.execute(select(func.coalesce(func.max(Idea.number), 0))).scalar_one() + 1
    told = sorted(world.ideas, key=lambda data: -data["ago"])
    made = [_idea(world, data, first + nth) for nth, data in enumerate(told)]
    register_all(uow, {SubjectRef(IDEA, idea.id): idea_card(idea) for idea in made})
    uow.session.add_all(made)
    uow.session.flush()
    steps: list[dict[str, Any]] = []
    voices: list[dict[str, Any]] = []
    news: list[tuple[Idea, IdeaNews]] = []
    for idea, data in zip(made, told, strict=True):
        steps += _steps(idea, data)
        voices += _voices(world, idea)
        news += _news(world, idea, data)
    uow.session.execute(insert(IdeaStep), steps)
    uow.session.execute(insert(Voice), voices)
    register_all(uow, {SubjectRef(IDEA_NEWS, item.id): news_card(idea, item) for idea, item in news})
    uow.session.add_all(item for _idea, item in news)
    for idea in made:
        if may_react(idea):
            _talk(world, idea)


def _talk(world: World, idea: Idea) -> None:
    """Let people react, since it was published."""
    begin = idea.published_at or world.uow.now
    with world.uow.at(begin):
        open_talk(world.uow, idea)
    ago = (world.uow.now - begin).days
    if idea.talk_id is not None:
        say(world, idea.talk_id, Talk(world.chance.randrange(9, 26), "short", max(ago - 1, 0), 0))


def _idea(world: World, data: Data, nth: int) -> Idea:
    uow = world.uow
    at = world.moment(data["ago"])
    lat, lon = world.place(data["area"]) if data["area"] else (None, None)
    needed = number(uow, SUPPORTS_NEEDED)
    answered = _answered_at(world, data)
    idea = Idea(
        id=uuid7(),
        number=nth,
        slug=free_slug(uow, Idea.slug, data["title"], "idee"),
        kind="challenge" if "challenge" in data else "idea",
        state="published",
        status=data["status"],
        title=data["title"],
        text=data["text"],
        challenge={**data["challenge"], "needs": data["challenge"]["budget"]} if "challenge" in data else None,
        decide_by=(at + timedelta(weeks=number(uow, CHALLENGE_WEEKS))).date() if "challenge" in data else None,
        whole_city=not data["area"],
        lat=lat,
        lon=lon,
        area_id=world.area_id(data["area"]),
        theme_id=world.themes.get(data["theme"]),
        author_name=data["name"],
        sector="citizens",
        owner_id=world.account("facilitator") if answered else None,
        owner_organization_id=world.organizations[ORGANIZATION] if answered else None,
        answer_by=(at + timedelta(days=number(uow, ANSWER_DAYS))).date(),
        status_text=data.get("answer", ""),
        status_at=answered,
        needed=needed,
        ends_on=(at + timedelta(days=number(uow, IDEA_DAYS))).date(),
        reached_at=(answered or uow.now) - timedelta(days=1) if data["supports"] + data["open_supports"] >= needed else None,
        supports=data["supports"],
        open_supports=data["open_supports"],
        all_supports=data["supports"] + data["open_supports"],
        created_at=at,
        published_at=at,
        ended_at=answered if data["status"] in ENDED_STATUSES else None,
    )
    if idea.challenge is not None:
        idea.challenge.pop("budget")
    return idea


def _answered_at(world: World, data: Data) -> datetime | None:
    if data["status"] == "received":
        return None
    return world.moment(max(data["ago"] - FIRST_ANSWER - world.chance.randrange(20), 1), 14)


def _steps(idea: Idea, data: Data) -> list[dict[str, Any]]:
    def step(kind: str, at: datetime | None, **values: Any) -> dict[str, Any]:
        return {"id": uuid7(), "idea_id": idea.id, "kind": kind, "status_before": None, "text": "", "at": at, "told_at": at, **values}

    found = [step("received", idea.published_at, status="received")]
    if idea.reached_at is not None:
        found.append(step("reached", idea.reached_at, status="received"))
    if idea.status_at is not None:
        found.append(step("status", idea.status_at, status=data["status"], status_before="received", text=data["answer"]))
    return sorted(found, key=lambda row: row["at"])


def _news(world: World, idea: Idea, data: Data) -> list[tuple[Idea, IdeaNews]]:
    """What the proposer told about it afterwards."""
    return [
        (idea, IdeaNews(id=uuid7(), idea_id=idea.id, text=item["text"], state="published", at=world.moment(item["ago"], 18)))
        for item in data.get("news", ())
    ]


def _voices(world: World, idea: Idea) -> list[dict[str, Any]]:
    begin = idea.published_at or world.uow.now
    span = max((world.uow.now - begin).days, 1)
    ways = ["account"] * idea.supports + ["code"] * idea.open_supports
    moments = [begin + timedelta(days=world.chance.randrange(span), minutes=world.chance.randrange(600)) for _way in ways]
    return [
        {
            "id": uuid7(),
            "idea_id": idea.id,
            "way": way,
            "who": uuid.UUID(int=world.chance.getrandbits(128)).hex,
            "at": min(at, world.uow.now),
            "confirmed_at": min(at, world.uow.now),
        }
        for way, at in zip(ways, moments, strict=True)
    ]
