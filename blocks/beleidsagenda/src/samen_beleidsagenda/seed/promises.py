"""Motions with their votes, commitments and questions of the council, and what became of them."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from samen_beleidsagenda.models import Commitment, Motion
from samen_beleidsagenda.schemas.commitments import MakeCommitment
from samen_beleidsagenda.schemas.council_questions import AnswerQuestion, AskCouncilQuestion, ExtendQuestion
from samen_beleidsagenda.schemas.follow_up import MoveFollowUp
from samen_beleidsagenda.schemas.motions import MoveMotion, SubmitMotion
from samen_beleidsagenda.schemas.votes import GroupNumbers, RecordVotes
from samen_beleidsagenda.seed.meetings import PROMISES, Agenda, Meetings
from samen_beleidsagenda.seed.world import Data, World, read
from samen_beleidsagenda.services.commitments import make_commitment
from samen_beleidsagenda.services.council_questions import answer_question, ask_question, extend_question
from samen_beleidsagenda.services.follow_up import move_follow_up
from samen_beleidsagenda.services.motions import move_motion, submit_motion
from samen_beleidsagenda.services.votes import record_votes

MOVES = {"adopted": "adopt", "rejected": "reject", "held": "hold", "withdrawn": "withdraw"}
STEPS = {
    "in_progress": "start",
    "settlement_proposed": "propose",
    "settled": "agree",
    "not_carried_out": "not_carried_out",
    "lapsed": "lapse",
}


class Promises:
    """What was asked and promised, in the order in which it happened."""

    def __init__(self, world: World, meetings: Meetings) -> None:
        self.world = world
        self.uow = world.uow
        self.meetings = meetings
        self.numbers = {"M": 0, "T": 0, "V": 0}

    def make(self) -> None:
        """Put every motion, make every commitment and ask every question of ``promises.toml``."""
        known = read("promises.toml")
        for data in sorted(known["motions"], key=lambda data: int(data["on"][1:])):
            self._motion(data)
        for data in sorted(known["commitments"], key=lambda data: int(data["on"][1:])):
            self._commitment(data)
        for data in sorted(known["questions"], key=lambda data: -int(data["ago"])):
            self._question(data)

    def _motion(self, data: Data) -> None:
        agenda = self._agenda("raad", data["on"])
        dossier = self.world.dossiers[data["dossier"]]
        point = agenda.points.get(data["dossier"]) or agenda.points[PROMISES]
        amends = agenda.papers[data["dossier"]].id if data.get("kind") == "amendment" else None
        command = SubmitMotion(
            title=data["title"],
            text=data["text"],
            submitted_on=agenda.day,
            body_id=self.world.bodies["raad"].organization_id,
            kind=data.get("kind", "motion"),
            type=data.get("type", "proposal"),
            number=self._number("M", agenda.day),
            dossier_id=dossier.id,
            agenda_item_id=point.id,
            amends_id=amends,
            holder_id=dossier.holder_id,
            group_ids=tuple(self.world.groups[name][0] for name in data["groups"]),
            publish=True,
        )
        with self.world.on(agenda.day, hour=21):
            motion = submit_motion(self.uow, command)
            if "against" in data:
                record_votes(self.uow, Motion, motion.id, RecordVotes(version=motion.version, groups=self._votes(data)))
            due = self.world.day(-data["due"]) if "due" in data else None
            move = MoveMotion(move=MOVES[data["status"]], version=motion.version, reason=data.get("reason", ""), due_date=due)
            move_motion(self.uow, motion.id, move)
        self._follow(Motion, motion, data, agenda.day)

    def _votes(self, data: Data) -> tuple[GroupNumbers, ...]:
        """Every group votes as one; of the one that is against most often somebody is ill."""
        found = []
        for name, (id, seats) in self.world.groups.items():
            absent = 1 if name == "Fractie Stadslicht" else 0
            side = "votes_against" if name in data["against"] else "votes_for"
            found.append(GroupNumbers(group_id=id, absent=absent, **{side: seats - absent}))
        return tuple(found)

    def _commitment(self, data: Data) -> None:
        agenda = self._agenda(data["body"], data["on"])
        dossier = self.world.dossiers[data["dossier"]]
        point = agenda.points.get(data["dossier"])
        command = MakeCommitment(
            title=data["title"],
            text=data.get("text", ""),
            made_on=agenda.day,
            number=self._number("T", agenda.day),
            made_to=data["to"],
            meeting_id=agenda.meeting.event_id,
            agenda_item_id=point.id if point else None,
            dossier_id=dossier.id,
            holder_id=dossier.holder_id,
            due_date=self.world.day(-data["due"]),
            publish=True,
        )
        with self.world.on(agenda.day, hour=21):
            made = make_commitment(self.uow, command)
        self._follow(Commitment, made, data, agenda.day)

    def _follow(self, model: type[Motion] | type[Commitment], thing: Any, data: Data, made: date) -> None:
        """The steps since a promise was made, each at least a day after the one before."""
        day = made
        for state, ago, told in data.get("follow", ()):
            day = min(max(self.world.day(ago), day + timedelta(days=1)), self.world.today)
            point: uuid.UUID | None = self.meetings.last_council(day).points[PROMISES].id if state == "settled" else None
            why = told if state in ("not_carried_out", "lapsed") else ""
            step = MoveFollowUp(step=STEPS[state], version=thing.version, reason=why, note="" if why else told, agenda_item_id=point)
            with self.world.on(day):
                move_follow_up(self.uow, model, thing.id, step)

    def _question(self, data: Data) -> None:
        world, asked = self.world, self.world.day(data["ago"])
        dossier = world.dossiers[data["dossier"]]
        command = AskCouncilQuestion(
            title=data["title"],
            text=data["text"],
            asked_on=asked,
            kind=data["kind"],
            number=self._number("V", asked),
            holder_id=dossier.holder_id,
            dossier_id=dossier.id,
            group_ids=tuple(world.groups[name][0] for name in data["groups"]),
            publish=True,
        )
        with world.on(asked):
            question = ask_question(self.uow, command)
        if "extended" in data:
            days, reason = data["extended"]
            longer = ExtendQuestion(due_date=question.due_date + timedelta(days=days), reason=reason, version=question.version)
            with world.on(asked + timedelta(days=25)):
                extend_question(self.uow, question.id, longer)
        if "answer" in data:
            day = world.day(data["answered"])
            answer = AnswerQuestion(answered_on=day, answer=data["answer"], version=question.version)
            with world.on(day, hour=15):
                answer_question(self.uow, question.id, answer)

    def _agenda(self, body: str, told: str) -> Agenda:
        return self.meetings.agenda_in(body, self.world.period(told))

    def _number(self, letter: str, day: date) -> str:
        self.numbers[letter] += 1
        return f"{letter}-{day.year}-{self.numbers[letter]:02}"
