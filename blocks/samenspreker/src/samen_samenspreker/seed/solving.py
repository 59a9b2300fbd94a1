"""The table at work: seats, meetings, rounds, options and what the table thinks of them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from samen_core.api import CITY_TIME_ZONE, uuid7
from samen_samenspreker.models import Attendance, Option, OptionSupport, Seat
from samen_samenspreker.schemas.meetings import PlanMeeting, ReportMeeting
from samen_samenspreker.schemas.options import (
    AddOption,
    CriterionItem,
    JudgementItem,
    JudgeOption,
    ReviseOption,
    SetCriteria,
    WithdrawOption,
)
from samen_samenspreker.schemas.rounds import AddOnlineActivity, CloseRound, PlanRound
from samen_samenspreker.schemas.seats import AddSeat
from samen_samenspreker.services.common import locked_part
from samen_samenspreker.services.meetings import find_meeting, plan_meeting, report_meeting, version_of
from samen_samenspreker.services.options import add_option, judge_option, revise_option, set_criteria, withdraw_option
from samen_samenspreker.services.round_activities import add_online_activity
from samen_samenspreker.services.rounds import close_round, get_round, open_round
from samen_samenspreker.services.seats import add_seat

if TYPE_CHECKING:
    from samen_samenspreker.seed.story import Story

Data = dict[str, Any]
NOTICE, SHORT_NOTICE = 20, 5
"""So many days before a meeting it stands on the calendar: the first of a table, and the others."""

AGAINST = "Dit helpt mij niet genoeg."


class Solving:
    """What was made, by its key or number in the data."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.seats: dict[str, uuid.UUID] = {}
        self.rounds: list[uuid.UUID] = []
        self.options: dict[str, uuid.UUID] = {}

    def plan(self) -> None:
        """Every act of the table until the decision."""
        data, plan = self.story.data, self.story.plan
        started = data.get("proposal", {}).get("published", data.get("accepted", 0) - 4)
        for number, known in enumerate(data.get("seats", ())):
            plan.on(known.get("added", started), 21 + number, partial(self._seat, known))
        for known in data.get("rounds", ()):
            plan.on(known["opens"], 45, partial(self._open, known))
            if "closed" in known:
                plan.on(known["closed"], 50, partial(self._close, known))
        for known in data.get("meetings", ()):
            plan.on(max(known["day"] + (NOTICE if known["round"] == 1 else SHORT_NOTICE), 0), 47, partial(self._meet, known))
        self._plan_options()

    def _plan_options(self) -> None:
        data, plan = self.story.data, self.story.plan
        days = [known["day"] for known in data.get("options", ())]
        for number, known in enumerate(data.get("options", ())):
            plan.on(known["day"], 70 + number, partial(self._option, known))
            for revision in known.get("revisions", ()):
                plan.on(revision["day"], 80, partial(self._revise, known, revision))
            if "withdrawn" in known:
                plan.on(known["day"] - 5, 85, partial(self._withdraw, known))
        if data.get("criteria"):
            plan.on(days[0], 90, self._judge)
        if data.get("support"):
            latest = [revision["day"] for known in data["options"] for revision in known.get("revisions", ())]
            plan.on(min([*latest, days[0]]) - 1, 95, self._support)

    def _seat(self, known: Data) -> None:
        story, world = self.story, self.story.world
        organization_id = world.organizations.get(known.get("organization", ""))
        person_id = world.persons.get(known.get("person", ""))
        named = organization_id or person_id
        command = AddSeat(
            role=known["role"],
            organization_id=organization_id,
            person_id=person_id,
            title="" if named else known["name"],
            sector="" if organization_id else known.get("sector", ""),
            responsibility=known["responsibility"],
        )
        seat = add_seat(story.uow, story.id, command)
        # The people of the demonstration cannot be asked, so their answer is written here.
        seat.state = known["state"]
        seat.offered_at = story.uow.now
        seat.answered_at = story.uow.now if known["state"] == "accepted" else None
        seat.holder_name = known.get("name", "") if named and not person_id else ""
        seat.account_id = world.account(known.get("account", "")) if known["state"] == "accepted" else None
        seat.wants_mail = False
        story.uow.session.flush()
        self.seats[known.get("organization") or known["name"]] = seat.id

    def _open(self, known: Data) -> None:
        story, world = self.story, self.story.world
        command = PlanRound(
            kind=known["kind"],
            title=known["title"],
            purpose=known["purpose"],
            opens_on=world.day(known["opens"]),
            ends_on=world.day(known["ends"]),
        )
        made = open_round(story.uow, story.id, command)
        self.rounds.append(made.id)
        for activity in known["activities"]:
            asked = AddOnlineActivity(
                title=activity["title"],
                intro=activity["intro"],
                form="reactions",
                opens_on=world.day(activity["opens"]),
                closes_on=world.day(activity["closes"]),
            )
            added = add_online_activity(story.uow, made.id, asked)
            if added.activity_id is not None:
                story.talk.activities[activity["key"]] = added.activity_id

    def _close(self, known: Data) -> None:
        number = self.story.data["rounds"].index(known)
        _question, found = get_round(self.story.uow, self.rounds[number])
        command = CloseRound(agreed=known["agreed"], disagreed=known["disagreed"], minority=known["minority"], version=found.version)
        close_round(self.story.uow, found.id, command)

    def _meet(self, known: Data) -> None:
        story, world = self.story, self.story.world
        starts, ends = (self._at(known["day"], known[name]) for name in ("start", "end"))
        number = known["round"] - 1
        command = PlanMeeting(
            name=known["name"],
            start_date=starts,
            end_date=ends,
            location=known["location"],
            round_id=self.rounds[number] if number < len(self.rounds) else None,
            agenda=known["agenda"],
        )
        meeting = plan_meeting(story.uow, story.id, command)
        if "report" in known:
            with story.uow.at(world.moment(known["day"] - 1)):
                present, event = find_meeting(story.uow, story.question, meeting.event_id)
                version = version_of(present, event)
                report_meeting(
                    story.uow, meeting.event_id, ReportMeeting(report=known["report"], visitors=known["visitors"], version=version)
                )
            rows = [
                {
                    "event_id": meeting.event_id,
                    "seat_id": seat,
                    "presence": ("present", "present", "alternate", "present", "absent")[place % 5],
                }
                for place, seat in enumerate(self.seats.values())
            ]
            world.write(Attendance, rows)

    def _at(self, ago: int, clock: str) -> datetime:
        return datetime.combine(self.story.world.day(ago), time.fromisoformat(clock), CITY_TIME_ZONE).astimezone(UTC)

    def _option(self, known: Data) -> None:
        command = AddOption(title=known["title"], text=known["text"], costs=known["costs"])
        self.options[known["key"]] = add_option(self.story.uow, self.story.id, command).id

    def _revise(self, known: Data, revision: Data) -> None:
        id = self.options[known["key"]]
        command = ReviseOption(
            title=known["title"], text=revision["text"], costs=known["costs"], note=revision["note"], version=self._version(id)
        )
        revise_option(self.story.uow, id, command)

    def _withdraw(self, known: Data) -> None:
        id = self.options[known["key"]]
        withdraw_option(self.story.uow, id, WithdrawOption(reason=known["withdrawn"], version=self._version(id)))

    def _version(self, option_id: uuid.UUID) -> int:
        return locked_part(self.story.uow, Option, option_id)[1].version

    def _judge(self) -> None:
        story = self.story
        items = tuple(CriterionItem(title=known["title"]) for known in story.data["criteria"])
        criteria = set_criteria(story.uow, story.id, SetCriteria(criteria=items))
        for known in story.data["options"]:
            if "judgements" in known:
                id = self.options[known["key"]]
                judged = tuple(
                    JudgementItem(criterion_id=item.id, score=score) for item, score in zip(criteria, known["judgements"], strict=True)
                )
                judge_option(story.uow, id, JudgeOption(judgements=judged, version=self._version(id)))

    def _support(self) -> None:
        story = self.story
        at_table = select(Seat).where(Seat.question_id == story.id)
        seats = {seat.id: seat for seat in story.uow.session.execute(at_table).scalars()}
        others = story.world.crowd(story.data["support"]["others"])
        rows: list[Data] = []
        for number, (key, id) in enumerate(self.options.items()):
            option = story.uow.session.get_one(Option, id)
            base = {"option_id": id, "option_version": option.current, "at": story.uow.now, "given_by_id": None}
            for _kind, who, position, reason in story.data["support"].get(key, ()):
                seat = seats[self.seats[who]]
                rows.append(
                    {
                        **base,
                        "id": uuid7(),
                        "seat_id": seat.id,
                        "voter_id": None,
                        "sector": seat.sector,
                        "position": position,
                        "reason": reason,
                    }
                )
            if option.state == "active":
                rows += [self._other(base, account, place + number) for place, account in enumerate(others)]
        story.world.write(OptionSupport, rows)

    @staticmethod
    def _other(base: Data, account_id: uuid.UUID, place: int) -> Data:
        position = ("for", "for", "can_live_with", "for", "against", "can_live_with", "for")[place % 7]
        reason = AGAINST if position == "against" else ""
        return {
            **base,
            "id": uuid7(),
            "seat_id": None,
            "voter_id": account_id,
            "sector": "citizens",
            "position": position,
            "reason": reason,
        }
