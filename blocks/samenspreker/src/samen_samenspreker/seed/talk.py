"""What was said: contributions with replies, read from lines of text, and the answers to them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import update

from samen_core.api import fold
from samen_inbreng.api import (
    AddTheme,
    ChooseContributions,
    Contribution,
    CreateActivity,
    EnterContribution,
    Support,
    WriteAnswer,
    add_theme,
    create_activity,
    enter_contribution,
    outcomes_of,
    put_in_theme,
    send_due,
    unanswered,
    write_answer,
)

if TYPE_CHECKING:
    from samen_samenspreker.seed.story import Story

AGAIN = "Ook dit is aan tafel besproken. "


@dataclass(slots=True)
class Said:
    """One contribution. ``replies`` are (depth, name, sector, text)."""

    activity: str
    ago: int
    name: str
    sector: str
    channel: str
    themes: tuple[str, ...]
    supports: int
    text: str
    replies: list[tuple[int, str, str, str]] = field(default_factory=list)


def read(source: str) -> list[Said]:
    """Contributions from lines ``activity|days ago|name|sector|channel|themes|supports|text``; ``>name|sector|text`` replies to it."""
    found: list[Said] = []
    for line in source.splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith(">"):
            depth = len(line) - len(line.lstrip(">"))
            name, sector, text = line.lstrip(">").split("|", 2)
            found[-1].replies.append((depth, name, sector, text))
        else:
            activity, ago, name, sector, channel, themes, supports, text = line.split("|", 7)
            parts = tuple(theme.strip() for theme in themes.split(","))
            found.append(Said(activity, int(ago), name, sector, channel, parts, int(supports), text))
    return found


class Talk:
    """The activities of a question with what was said in them, and the themes with their answers."""

    def __init__(self, story: Story, said: list[Said]) -> None:
        self.story = story
        self.said = said
        self.activities: dict[str, uuid.UUID] = {}
        self.themes: dict[str, uuid.UUID] = {}
        self.in_theme: dict[str, list[uuid.UUID]] = {}
        self.answered: set[str] = set()

    def plan(self) -> None:
        """Own activities, themes, what was said, and the answers before each round closes."""
        data, plan = self.story.data, self.story.plan
        for known in data.get("activities", ()):
            plan.on(known["opens"], 40, partial(self._open, known))
        if self.said:
            plan.on(max(item.ago for item in self.said), 41, self._add_themes)
        for number, item in enumerate(self.said):
            plan.on(item.ago, 100 + number, partial(self._say, item))
        for known in data.get("rounds", ()):
            if "closed" in known:
                plan.on(known["closed"] + 1, 5000, self.answer_all)

    def _open(self, known: dict[str, object]) -> None:
        story = self.story
        command = CreateActivity(
            subject_id=story.id,
            title=str(known["title"]),
            intro=str(known["intro"]),
            opens_at=story.uow.now,
            closes_at=story.world.moment(int(str(known["closes"])), 23),
            area_id=story.question.area_id,
        )
        self.activities[str(known["key"])] = create_activity(story.uow, command).id

    def _add_themes(self) -> None:
        for known in self.story.data.get("themes", ()):
            command = AddTheme(title=known["title"], summary=known.get("summary", ""))
            self.themes[known["key"]] = add_theme(self.story.uow, self.story.id, command).id

    def _say(self, item: Said) -> None:
        story = self.story
        given = self._enter(item, item.name, item.sector, item.text)
        chain = [given]
        for depth, name, sector, text in item.replies:
            del chain[depth:]
            chain.append(self._enter(item, name, sector, text, parent=chain[-1]))
        accounts = story.world.crowd(item.supports)
        story.world.write(Support, [{"contribution_id": given, "account_id": id, "at": story.uow.now} for id in accounts])
        story.uow.session.execute(update(Contribution).where(Contribution.id == given).values(supports=len(accounts)))
        for theme in item.themes:
            if theme in self.themes:
                put_in_theme(story.uow, self.themes[theme], ChooseContributions(contribution_ids=(given,)))
                self.in_theme.setdefault(theme, []).append(given)

    def _enter(self, item: Said, name: str, sector: str, text: str, parent: uuid.UUID | None = None) -> uuid.UUID:
        story = self.story
        command = EnterContribution(
            text=text,
            name=name,
            channel="online" if parent else item.channel,
            received_on=story.world.day(item.ago),
            sector=sector,
            organization_id=self._organization(name),
            parent_id=parent,
        )
        return enter_contribution(story.uow, self.activities[item.activity], command).contribution.id

    def _organization(self, name: str) -> uuid.UUID | None:
        return self.story.world.by_folded_name.get(fold(name)) if name else None

    def answer_all(self) -> None:
        """Answer everything that waits, theme by theme; the mails of the ten minutes later go at once."""
        story = self.story
        for known in story.data.get("themes", ()):
            if "outcome" in known and self._waits(known["key"]):
                again = AGAIN if known["key"] in self.answered else ""
                self.answered.add(known["key"])
                command = WriteAnswer(outcome=known["outcome"], reason=again + known["reason"], theme_id=self.themes[known["key"]])
                write_answer(story.uow, story.id, command)
                with story.uow.at(story.uow.now + timedelta(minutes=11)):
                    send_due(story.uow)
        with story.uow.at(story.uow.now + timedelta(minutes=12)):
            left = unanswered(story.uow, story.id)
        if left:
            raise ValueError(f"{story.data['key']}: {left} contributions are in no theme that is answered")

    def _waits(self, theme: str) -> bool:
        ids = self.in_theme.get(theme, [])
        with self.story.uow.at(self.story.uow.now + timedelta(minutes=12)):
            return bool(set(ids) - set(outcomes_of(self.story.uow, ids)))
