"""What one of several processes does at one table: everything that people can do there, in a random order of its own."""

from __future__ import annotations

import random
import traceback
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from samen_core.actor import Actor
from samen_core.api import CITY_TIME_ZONE, SamenError, UnitOfWork
from samen_core.db.engine import is_clash
from samen_core.platform import Parts, Platform, utc_now
from samen_core.testing.platforms import make_config
from samen_inbreng.api import (
    Activity,
    AddTheme,
    Answer,
    ChooseContributions,
    CloseActivity,
    Contribution,
    MergeTheme,
    Theme,
    WriteAnswer,
    add_theme,
    close_activity,
    contribute,
    enter_contribution,
    import_contributions,
    merge_theme,
    put_in_theme,
    support,
    take_back,
    take_from_theme,
    withdraw_answer,
    write_answer,
)
from samen_inbreng.schemas.contribution import Contribute, EnterContribution, HideContribution, ShowContribution, WithdrawContribution
from samen_inbreng.services.moderating import hide_contribution, show_contribution
from samen_inbreng.services.own import withdraw_contribution
from samen_samenspreker.models import Action, Decision, Option, Question, Round
from samen_samenspreker.schemas.actions import AddAction, UpdateAction
from samen_samenspreker.schemas.decisions import PublishDecision, WeighingItem, WriteDecision
from samen_samenspreker.schemas.options import AddOption, ReviseOption, SupportOption, TakeBackSupport
from samen_samenspreker.schemas.rounds import AddOnlineActivity, CloseRound, PlanRound
from samen_samenspreker.schemas.steps import MoveQuestion
from samen_samenspreker.services.actions import add_action, update_action
from samen_samenspreker.services.decisions import publish_decision, write_decision
from samen_samenspreker.services.options import add_option, revise_option
from samen_samenspreker.services.round_activities import add_online_activity
from samen_samenspreker.services.rounds import close_round, open_round
from samen_samenspreker.services.steps import move
from samen_samenspreker.services.support import support_option, take_back_support

BLOCKS = ["citycontent", "inbreng", "samenspreker"]
FASTER = 4000
"""How much faster the clock of the table goes than ours: an answer is sent a sixth of a second after it was written."""

OUTCOMES = ("adopted", "partly", "not_adopted", "passed_on", "answered")
POSITIONS = ("for", "can_live_with", "against")
REASON = "De raad wil er nog eens over praten."


@dataclass(frozen=True)
class Clock:
    """A clock that several processes share: it goes faster than ours from ``start``."""

    start: datetime

    def __call__(self) -> datetime:
        """The moment on this clock."""
        return self.start + (utc_now() - self.start) * FASTER


@dataclass(frozen=True)
class Task:
    """What a process gets to know. ``me`` holds a seat of its own."""

    number: int
    acts: int
    folder: Path
    url: str
    start: datetime
    question_id: uuid.UUID
    organization_id: uuid.UUID
    me: Actor
    facilitator: Actor
    decider: Actor
    moderator: Actor


@dataclass
class Done:
    """What a process did. ``said`` is what its seat last said of each option; ``given`` are contributions that it saw accepted."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    given: list[uuid.UUID] = field(default_factory=list)
    online: list[uuid.UUID] = field(default_factory=list)
    moderated: list[uuid.UUID] = field(default_factory=list)
    said: dict[uuid.UUID, str] = field(default_factory=dict)


def work(task: Task) -> Done:
    """Act so many times; what the rules refuse is counted, anything else is trouble."""
    platform = shared_platform(task.folder, task.url, task.start)
    person = Person(task, platform, random.Random(task.number))
    try:
        for _act in range(task.acts):
            person.act()
    finally:
        platform.close()
    return person.done


def shared_platform(folder: Path, url: str, start: datetime) -> Platform:
    """The platform of the table in this process, on the clock that all share."""
    return Platform(make_config(folder, url, blocks=BLOCKS), Parts(clock=Clock(start)))


class Person:
    """One process at the table."""

    def __init__(self, task: Task, platform: Platform, rng: random.Random) -> None:
        self.task, self.platform, self.rng = task, platform, rng
        self.done = Done()
        # How often each is tried. What ends a round seldom, or hardly anybody finds one to contribute to.
        acts: dict[Callable[[UnitOfWork], None], tuple[Actor, float]] = {
            self.contribute: (task.me, 10),
            self.reply: (task.me, 8),
            self.withdraw: (task.me, 1),
            self.support: (task.me, 12),
            self.take_back: (task.me, 3),
            self.hide: (task.moderator, 1),
            self.show: (task.moderator, 1),
            self.enter: (task.facilitator, 1),
            self.bring_in: (task.facilitator, 1),
            self.make_theme: (task.facilitator, 1),
            self.merge: (task.facilitator, 1),
            self.sort: (task.facilitator, 4),
            self.sort_out: (task.facilitator, 2),
            self.answer_theme: (task.facilitator, 3),
            self.answer_all: (task.facilitator, 5),
            self.withdraw_answer: (task.facilitator, 1),
            self.make_option: (task.me, 1),
            self.revise: (task.me, 1),
            self.speak: (task.me, 8),
            self.be_silent: (task.me, 1),
            self.plan: (task.facilitator, 3),
            self.shut: (task.facilitator, 0.2),
            self.close: (task.facilitator, 1),
            self.decide: (task.decider, 3),
            self.do: (task.facilitator, 3),
            self.go_on: (task.facilitator, 6),
            self.go_back: (task.decider, 1),
        }
        self.choices = [(act, actor) for act, (actor, _weight) in acts.items()]
        self.weights = [weight for _actor, weight in acts.values()]

    def act(self) -> None:
        """One act in a transaction of its own. What a service tells as wrong, and what the web layer tells as 409, is no trouble."""
        act, actor = self.rng.choices(self.choices, self.weights)[0]
        name = act.__name__
        done, self.notes = self.done, []
        try:
            with self.platform.unit_of_work(actor) as uow:
                act(uow)
        except SamenError as error:
            done.refused[f"{name}: {type(error).__name__}"] += 1
        except StaleDataError:
            done.refused[f"{name}: stale"] += 1
        except (IntegrityError, OperationalError) as error:
            done.refused[f"{name}: clash"] += 1
            if not is_clash(error):
                done.troubles.append(f"{name}: {traceback.format_exc(limit=-6)}")
        except Exception:  # noqa: BLE001 - whatever it is, the test tells it
            done.troubles.append(f"{name}: {traceback.format_exc(limit=-6)}")
        else:
            done.accepted[name] += 1
            for note in self.notes:
                note()

    # What there is to act on, in the transaction of the act.

    def question(self, uow: UnitOfWork) -> Question:
        """The question as it is now, not locked."""
        return uow.session.get_one(Question, self.task.question_id)

    def one_of(self, uow: UnitOfWork, statement: Any) -> Any:
        """One of the newest rows of a statement, at random. Raises Nothing."""
        rows = uow.session.execute(statement.limit(20)).all()
        if not rows:
            raise Nothing
        return self.rng.choice(rows)

    def contribution(self, uow: UnitOfWork, *where: Any) -> Any:
        """The id and version of a contribution."""
        mine = Contribution.subject_id == self.task.question_id
        return self.one_of(uow, select(Contribution.id, Contribution.version).where(mine, *where).order_by(Contribution.id.desc()))

    def activity(self, uow: UnitOfWork) -> uuid.UUID:
        """An activity of the table, mostly the newest."""
        mine = select(Activity.id).where(Activity.subject_id == self.task.question_id)
        return uuid.UUID(str(self.one_of(uow, mine.order_by(Activity.id.desc()).limit(2)).id))

    def theme(self, uow: UnitOfWork) -> Any:
        """The id and version of a theme."""
        return self.one_of(uow, select(Theme.id, Theme.version).where(Theme.subject_id == self.task.question_id))

    def option(self, uow: UnitOfWork) -> Any:
        """An option."""
        mine = select(Option.id, Option.version, Option.current).where(Option.question_id == self.task.question_id)
        return self.one_of(uow, mine)

    def note_given(self, *ids: uuid.UUID, online: bool = False) -> None:
        """Remember contributions once they are committed."""
        self.notes.append(lambda: self.done.given.extend(ids))
        if online:
            self.notes.append(lambda: self.done.online.extend(ids))

    # Contributions.

    def contribute(self, uow: UnitOfWork) -> None:
        """Say something."""
        made = contribute(uow, self.activity(uow), Contribute(text=f"Inbreng van {self.task.number}"))
        self.note_given(made.contribution.id, online=True)

    def reply(self, uow: UnitOfWork) -> None:
        """Reply to something, also to a reply."""
        parent = uow.session.get_one(Contribution, self.contribution(uow).id)
        made = contribute(uow, parent.activity_id, Contribute(text="Eens.", parent_id=parent.id))
        self.note_given(made.contribution.id)

    def withdraw(self, uow: UnitOfWork) -> None:
        """Take something of oneself back."""
        row = self.contribution(uow, Contribution.account_id == self.task.me.account_id, Contribution.state == "published")
        withdraw_contribution(uow, row.id, WithdrawContribution(version=row.version))

    def support(self, uow: UnitOfWork) -> None:
        """Support something."""
        support(uow, self.contribution(uow).id)

    def take_back(self, uow: UnitOfWork) -> None:
        """Support something no longer."""
        take_back(uow, self.contribution(uow).id)

    def hide(self, uow: UnitOfWork) -> None:
        """Hide something."""
        row = self.contribution(uow, Contribution.state == "published")
        hide_contribution(uow, row.id, HideContribution(code="other", reason="x", version=row.version))
        self.notes.append(lambda: self.done.moderated.append(row.id))

    def show(self, uow: UnitOfWork) -> None:
        """Show something again."""
        row = self.contribution(uow, Contribution.state == "hidden")
        show_contribution(uow, row.id, ShowContribution(reason="x", version=row.version))

    def entry(self, uow: UnitOfWork, **more: Any) -> EnterContribution:
        """What came on paper."""
        day = uow.now.astimezone(CITY_TIME_ZONE).date()
        return EnterContribution(text="Van papier.", channel="letter", sector="business", received_on=day, **more)

    def enter(self, uow: UnitOfWork) -> None:
        """Enter a letter."""
        self.note_given(enter_contribution(uow, self.activity(uow), self.entry(uow)).contribution.id)

    def bring_in(self, uow: UnitOfWork) -> None:
        """Import a small thread, under a thread that is there."""
        parent = uow.session.get_one(Contribution, self.contribution(uow).id)
        ref = uuid.uuid4().hex
        items = [self.entry(uow, external_ref=ref), self.entry(uow, parent_ref=ref), self.entry(uow, parent_id=parent.id)]
        found = import_contributions(uow, parent.activity_id, items)
        self.note_given(*(item.contribution.id for item in found if item.contribution is not None))

    # Themes and answers.

    def make_theme(self, uow: UnitOfWork) -> None:
        """Add a theme."""
        add_theme(uow, self.task.question_id, AddTheme(title=f"Thema {uuid.uuid4().hex[:8]}"))

    def merge(self, uow: UnitOfWork) -> None:
        """Merge a theme into another."""
        row = self.theme(uow)
        merge_theme(uow, row.id, MergeTheme(into_id=self.theme(uow).id, version=row.version))

    def chosen(self, uow: UnitOfWork) -> ChooseContributions:
        """Some contributions that may be in a theme."""
        where = (Contribution.parent_id.is_(None), Contribution.state == "published")
        ids = {self.contribution(uow, *where).id for _number in range(4)}
        return ChooseContributions(contribution_ids=tuple(self.rng.sample(sorted(ids), len(ids))))

    def sort(self, uow: UnitOfWork) -> None:
        """Put some in a theme."""
        put_in_theme(uow, self.theme(uow).id, self.chosen(uow))

    def sort_out(self, uow: UnitOfWork) -> None:
        """Take some from a theme."""
        take_from_theme(uow, self.theme(uow).id, self.chosen(uow))

    def answer_theme(self, uow: UnitOfWork) -> None:
        """Answer a theme, also what was answered before."""
        theme_id, again = self.theme(uow).id, self.rng.random() < 0.3
        command = WriteAnswer(outcome=self.rng.choice(OUTCOMES), reason="Zo doen wij het.", theme_id=theme_id, replace=again)
        write_answer(uow, self.task.question_id, command)

    def answer_all(self, uow: UnitOfWork) -> None:
        """Answer everything that waits."""
        mine = (Contribution.subject_id == self.task.question_id, Contribution.parent_id.is_(None))
        waiting = select(Contribution.id).where(*mine, Contribution.state == "published", ~Contribution.answered)
        ids = tuple(uow.session.execute(waiting.limit(1000)).scalars())
        if not ids:
            raise Nothing
        write_answer(uow, self.task.question_id, WriteAnswer(outcome="answered", reason="Dank u wel.", contribution_ids=ids))

    def withdraw_answer(self, uow: UnitOfWork) -> None:
        """Take an answer back that is not sent yet."""
        mine = select(Answer.id).where(Answer.subject_id == self.task.question_id, Answer.withdrawn_at.is_(None), Answer.send_at > uow.now)
        withdraw_answer(uow, self.one_of(uow, mine).id)

    # Options.

    def make_option(self, uow: UnitOfWork) -> None:
        """Put an option on the table; a handful is enough."""
        mine = select(Option.id).where(Option.question_id == self.task.question_id)
        if len(uow.session.execute(mine).all()) >= 2 and self.rng.random() < 0.9:
            raise Nothing
        add_option(uow, self.task.question_id, AddOption(title="Fietsstraat", text="Auto is te gast."))

    def revise(self, uow: UnitOfWork) -> None:
        """Give an option a new version."""
        if self.rng.random() < 0.7:
            raise Nothing
        row = self.option(uow)
        command = ReviseOption(title="Fietsstraat", text=uuid.uuid4().hex, note="Beter.", version=row.version)
        revise_option(uow, row.id, command)

    def speak(self, uow: UnitOfWork) -> None:
        """Say what the seat thinks of an option."""
        row, position = self.option(uow), self.rng.choice(POSITIONS)
        support_option(uow, row.id, SupportOption(position=position, reason="Omdat.", option_version=row.current))
        self.notes.append(lambda: self.done.said.__setitem__(row.id, position))

    def be_silent(self, uow: UnitOfWork) -> None:
        """Take back what the seat said."""
        row = self.option(uow)
        take_back_support(uow, row.id, TakeBackSupport())
        self.notes.append(lambda: self.done.said.pop(row.id, None))

    # Rounds, decisions, actions, steps.

    def plan(self, uow: UnitOfWork) -> None:
        """Open a round with an online activity: the first of a cycle, now and then another, seldom while one is open."""
        question = self.question(uow)
        rounds = select(Round.closed_at).where(Round.question_id == question.id, Round.cycle == question.cycle)
        closed = uow.session.execute(rounds).scalars().all()
        if closed and self.rng.random() < (0.95 if all(closed) else 0.98):
            raise Nothing
        day = uow.now.astimezone(CITY_TIME_ZONE).date()
        command = PlanRound(kind="ideas", title="Ideeën", opens_on=day, ends_on=day + timedelta(days=30))
        made = open_round(uow, self.task.question_id, command)
        add_online_activity(uow, made.id, AddOnlineActivity(title="Wat vindt u?", form="reactions"))

    def shut(self, uow: UnitOfWork) -> None:
        """Close an activity before its round is."""
        mine = select(Activity.id, Activity.version).where(Activity.subject_id == self.task.question_id, Activity.closed_at.is_(None))
        row = self.one_of(uow, mine)
        close_activity(uow, row.id, CloseActivity(version=row.version))

    def close(self, uow: UnitOfWork) -> None:
        """Close a round."""
        mine = select(Round.id, Round.version).where(Round.question_id == self.task.question_id, Round.closed_at.is_(None))
        row = self.one_of(uow, mine)
        close_round(uow, row.id, CloseRound(agreed="Ja.", disagreed="Nee.", minority="Geen.", version=row.version))

    def decide(self, uow: UnitOfWork) -> None:
        """Decide and publish, weighing everything."""
        question = self.question(uow)
        drafts = select(Decision.id).where(Decision.question_id == question.id, Decision.state == "draft")
        if uow.session.execute(drafts).first() is not None:
            raise Nothing
        options = uow.session.execute(select(Option.id).where(Option.question_id == question.id)).scalars()
        themes = uow.session.execute(select(Theme.id).where(Theme.subject_id == question.id)).scalars()
        weighings = [WeighingItem(option_id=id, text="Veilig.") for id in options]
        weighings += [WeighingItem(theme_id=id, text="Gehoord.") for id in themes]
        facts: dict[str, Any] = {"decided_by": "college", "text": "Er komt een fietsstraat.", "reasons": "Dat is veilig."}
        facts |= {"organization_id": self.task.organization_id, "decided_on": uow.now.astimezone(CITY_TIME_ZONE).date()}
        made = write_decision(uow, question.id, WriteDecision(**facts, weighings=tuple(weighings)))
        publish_decision(uow, made.id, PublishDecision(version=made.version))

    def do(self, uow: UnitOfWork) -> None:
        """Add an action and finish it."""
        day = uow.now.astimezone(CITY_TIME_ZONE).date() + timedelta(days=9)
        organization_id = self.task.organization_id
        made: Action = add_action(uow, self.task.question_id, AddAction(title="Verf", organization_id=organization_id, due_on=day))
        update_action(uow, made.id, UpdateAction(state="done", progress=100, due_on=day, version=made.version))

    def go_on(self, uow: UnitOfWork) -> None:
        """Take the next step, or go round again from the last."""
        question = self.question(uow)
        after = {"solve": "decide", "decide": "execute", "execute": "evaluate", "evaluate": "solve"}[question.step]
        move(uow, question.id, MoveQuestion(to_step=after, reason=REASON, version=question.version))

    def go_back(self, uow: UnitOfWork) -> None:
        """Give the question back to the table."""
        question = self.question(uow)
        if question.step != "decide":
            raise Nothing
        move(uow, question.id, MoveQuestion(to_step="solve", reason=REASON, version=question.version))


class Nothing(SamenError):
    """There is nothing of the kind to act on."""
