"""One question of the demonstration: its acts in the order of their days."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from samen_samenspreker.models import Question, QuestionSupport
from samen_samenspreker.schemas.proposals import InformCouncil, PublishProposal, SaveProposal
from samen_samenspreker.schemas.questions import AskQuestion, JudgeQuestion
from samen_samenspreker.schemas.steps import MoveQuestion
from samen_samenspreker.seed.closing import Closing
from samen_samenspreker.seed.solving import Solving
from samen_samenspreker.seed.talk import Said, Talk, read
from samen_samenspreker.seed.world import World
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.judging import accept, refuse
from samen_samenspreker.services.proposals import inform_council, publish_proposal, save_proposal, start_proposal
from samen_samenspreker.services.questions import ask
from samen_samenspreker.services.steps import move

DATA = Path(__file__).parents[1] / "data" / "demo"
Data = dict[str, Any]


def stories() -> Iterator[tuple[Data, list[Said]]]:
    """Every question of the demonstration, the oldest first, with what was said about it."""
    found = [tomllib.loads(path.read_text(encoding="utf-8")) for path in DATA.glob("*.toml")]
    for data in sorted(found, key=lambda item: -int(item["asked"])):
        path = DATA / f"{data['key']}.txt"
        yield data, read(path.read_text(encoding="utf-8")) if path.is_file() else []


@dataclass(slots=True)
class Act:
    """Something that happens: how many days ago, in which order within the day, and what."""

    ago: int
    order: int
    do: Callable[[], object]


@dataclass(slots=True)
class Plan:
    """The acts of a question."""

    acts: list[Act] = field(default_factory=list)

    def on(self, ago: int, order: int, do: Callable[[], object]) -> None:
        """Let this happen so many days ago. Nothing of the future happens yet."""
        if ago >= 0:
            self.acts.append(Act(ago, order, do))


class Story:
    """What is known of the question while it happens."""

    def __init__(self, world: World, data: Data, said: list[Said]) -> None:
        self.world = world
        self.uow = world.uow
        self.data = data
        self.id: uuid.UUID = uuid.UUID(int=0)
        self.plan = Plan()
        self.talk = Talk(self, said)
        self.solving = Solving(self)
        self.closing = Closing(self)

    @property
    def question(self) -> Question:
        """The question as it is now."""
        return get_question(self.uow, self.id)

    def happen(self) -> None:
        """Do every act on its day, an hour or so apart."""
        self._start()
        self._proposal()
        self.solving.plan()
        self.talk.plan()
        self.closing.plan()
        for number, (step, ago, reason) in enumerate(self.data.get("steps", ())):
            self.plan.on(ago, 60 + number, partial(self._move, step, reason))
        last = -1
        minute = 0
        for act in sorted(self.plan.acts, key=lambda act: (-act.ago, act.order)):
            minute = minute + 1 if act.ago == last else 0
            last = act.ago
            with self.uow.at(self.world.moment(act.ago, 9 + minute // 60 % 12, minute % 60)):
                act.do()

    def _start(self) -> None:
        data, plan = self.data, self.plan
        plan.on(data["asked"], 0, self._ask)
        if "accepted" in data:
            plan.on(data["accepted"], 10, lambda: accept(self.uow, self.id, self._judgment()))
        if "refused" in data:
            plan.on(data["refused"], 10, lambda: refuse(self.uow, self.id, self._judgment()))
        accepted = data["accepted"] if "accepted" in data else data["asked"]
        plan.on(max(accepted - 1, 0), 15, self._support)
        if "council" in data:
            plan.on(data["council"], 30, self._inform_council)

    def _ask(self) -> None:
        data, world = self.data, self.world
        organization_id = world.organizations.get(data.get("organization", ""))
        command = AskQuestion(
            kind=data["kind"],
            title=data["title"],
            description=data["description"].strip(),
            why_now=data["why_now"],
            area_id=world.areas[data["area"]],
            theme_id=world.themes[data["theme"]],
            project_id=world.projects.get(data.get("project", "")),
            sectors=tuple(data["sectors"]),
            name=data.get("name", ""),
            sector=world.sectors[organization_id] if organization_id else "citizens",
        )
        question = ask(self.uow, command).question
        question.on_behalf_of_id = organization_id
        self.id = question.id
        self.uow.session.flush()

    def _judgment(self) -> JudgeQuestion:
        return JudgeQuestion(reason=self.data["reason"], version=self.question.version)

    def _support(self) -> None:
        accounts = self.world.crowd(self.data.get("supports", 0))
        self.world.write(QuestionSupport, [{"question_id": self.id, "account_id": id, "at": self.uow.now} for id in accounts])
        self.question.supports = len(accounts)
        self.uow.session.flush()

    def _proposal(self) -> None:
        known = self.data.get("proposal")
        if known is None:
            return
        published = known.get("published")
        self.plan.on(self.data["accepted"] - 3 if published is None else published, 20, lambda: self._write_proposal(published is not None))

    def _write_proposal(self, publish: bool) -> None:
        known = {name: value for name, value in self.data["proposal"].items() if name != "published"}
        draft = start_proposal(self.uow, self.id)
        saved = save_proposal(self.uow, draft.id, SaveProposal(version=draft.version, values=known))
        if publish:
            publish_proposal(self.uow, saved.id, PublishProposal(version=saved.version))

    def _inform_council(self) -> None:
        day = self.world.day(self.data["council"])
        inform_council(self.uow, self.id, InformCouncil(on=day, version=self.question.version))

    def _move(self, step: str, reason: str) -> None:
        move(self.uow, self.id, MoveQuestion(to_step=step, reason=reason, version=self.question.version))
