"""Each rule lets go of what it says when its term is over, and of nothing before; how many there were stays."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from samen_core.api import system, uuid7
from samen_core.testing.privacy import keep_to_terms
from samen_doe_mee.models import Activity, CoInitiator, HalfFilled, Idea, Meeting, PollVote, Registration, TookPart, Trace, Voice
from samen_doe_mee.testing import make_activities, make_ideas, make_meeting, make_plan, make_round

if TYPE_CHECKING:
    from samen_core.api import Platform
    from samen_core.testing.platforms import Clock

ROWS: tuple[Any, ...] = (CoInitiator, HalfFilled, PollVote, Registration, TookPart, Trace, Voice)


def everything(platform: Platform) -> None:
    """An idea and a plan that ended just now, with somebody in each way."""
    with platform.unit_of_work(system("test")) as uow:
        idea = make_ideas(uow, 1, author_name="Noor", email="noor@example.org", ended_at=uow.now, open_supports=1, all_supports=1)[0]
        plan = make_plan(uow, finished_at=uow.now)
        activity = make_activities(uow, plan, make_round(uow, plan), closes_at=uow.now + timedelta(days=60), taken_part=1)[0]
        meeting = make_meeting(uow, plan)
        meeting.taken = 1
        on: dict[str, Any] = {"plan_id": plan.id, "activity_id": activity.id}
        who: dict[str, Any] = {"who": "noor", "at": uow.now}
        uow.session.add_all(
            [
                Voice(id=uuid7(), idea_id=idea, way="mail", email="verzegeld", wants_news=True, confirmed_at=uow.now, **who),
                CoInitiator(id=uuid7(), idea_id=idea, name="Sam", invited_at=uow.now, accepted_at=uow.now),
                CoInitiator(id=uuid7(), idea_id=idea, email="sam@example.org", invited_at=uow.now),
                TookPart(id=uuid7(), email="verzegeld", email_hash="hash", wants_result=True, **on, **who),
                PollVote(id=uuid7(), activity_id=activity.id, **who),
                HalfFilled(id=uuid7(), activity_id=activity.id, who="noor", answers="verzegeld", saved_at=uow.now),
                Registration(id=uuid7(), meeting_id=meeting.id, state="registered", name="Noor", confirmed_at=uow.now, **who),
                Registration(id=uuid7(), meeting_id=meeting.id, state="unconfirmed", name="Sam", who="sam", at=uow.now),
                Trace(id=uuid7(), what="voice", thing_id=idea, origin="hash", at=uow.now),
            ]
        )


def left(platform: Platform) -> dict[str, int]:
    """How many rows there are of each, and how many say who or where mail goes."""
    with platform.read(system("test")) as uow:

        def number(model: Any, *which: Any) -> int:
            return uow.session.execute(select(func.count()).select_from(model).where(*which)).scalar_one()

        found = {model.__name__: number(model) for model in ROWS}
        mails = number(Idea, Idea.email != "") + number(Voice, Voice.email != "") + number(TookPart, TookPart.email_hash != "")
        return {**found, "mails": mails, "names": number(Idea, Idea.author_name != "")}


def test_each_rule_lets_go_at_its_term_and_counts_stay(platform: Platform, clock: Clock) -> None:
    everything(platform)
    now = {**dict.fromkeys((model.__name__ for model in ROWS), 1), "CoInitiator": 2, "Registration": 2, "mails": 3, "names": 1}
    steps: tuple[tuple[int, dict[str, int]], ...] = (
        (13, {}),
        (15, {"HalfFilled": 0, "Registration": 1}),
        (31, {"Trace": 0, "CoInitiator": 1}),
        (89, {}),
        (94, {"Registration": 0}),
        (179, {}),
        (181, {"mails": 0}),
        (729, {}),
        (731, {"names": 0, "CoInitiator": 0, "Voice": 0, "TookPart": 0, "PollVote": 0}),
    )
    passed = 0
    for day, gone in steps:
        clock.forward(days=day - passed)
        passed = day
        keep_to_terms(platform)
        now.update(gone)
        assert left(platform) == now, day
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Idea.open_supports, Idea.all_supports)).one() == (1, 1)
        assert uow.session.execute(select(Activity.taken_part)).scalar_one() == 1
        assert uow.session.execute(select(Meeting.taken)).scalar_one() == 1
        assert uow.session.execute(select(Idea.title, Idea.text)).one().title
