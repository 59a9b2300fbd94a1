"""The steps of a question: one table of transitions, each with who may make it and what must be there first (DOMAIN.md, the five steps)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from samen_core.api import Permission, Text, UnitOfWork
from samen_samenspreker.models import Question
from samen_samenspreker.permissions import DECIDE, FACILITATE
from samen_samenspreker.queries.gates import Facts, load_facts
from samen_samenspreker.services import checks
from samen_samenspreker.services.checks import Need

Check = Callable[[Question, Facts], list[Need]]


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one step to another. ``check`` is what it asks, None for a way back, which asks a reason and starts a new cycle.

    Who has ``permission`` on the question may make it; and who has a seat with ``seat_role``.
    """

    from_step: str
    to_step: str
    permission: Permission
    check: Check | None = None
    seat_role: str = ""

    @property
    def is_back(self) -> bool:
        """Whether it leads back to step 2, into a new cycle."""
        return self.check is None


TRANSITIONS: tuple[Transition, ...] = (
    Transition("agenda", "solve", FACILITATE, checks.agenda),
    Transition("solve", "decide", FACILITATE, checks.solve),
    Transition("decide", "execute", FACILITATE, checks.decide),
    Transition("decide", "solve", DECIDE, seat_role="decision_maker"),
    Transition("execute", "evaluate", FACILITATE, checks.execute),
    Transition("evaluate", "closed", FACILITATE, checks.evaluate),
    Transition("evaluate", "solve", FACILITATE),
)
"""Every way there is; the gates of the city itself (services/ticks.py) hold for leaving a step forward."""

BY_STEPS = {(transition.from_step, transition.to_step): transition for transition in TRANSITIONS}
FORWARD = {transition.from_step: transition for transition in TRANSITIONS if not transition.is_back}
BACK = {transition.from_step: transition for transition in TRANSITIONS if transition.is_back}


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not there yet: what to do, and the page where."""

    code: str
    text: Text
    path: str


def needs(uow: UnitOfWork, question: Question) -> list[Need]:
    """Everything that the next step asks, done or not; empty when there is no next step. At most six statements."""
    return judge(question, load_facts(uow, [question])[question.id])


def missing(uow: UnitOfWork, question: Question, to_step: str) -> list[Missing]:
    """What keeps the question from going forward to ``to_step``; going back needs nothing but a reason. At most six statements."""
    transition = BY_STEPS.get((question.step, to_step))
    return lacking(needs(uow, question)) if transition and not transition.is_back else []


def lacking(found: Iterable[Need]) -> list[Missing]:
    """Those that are not done."""
    return [Missing(need.code, need.todo, need.path) for need in found if not need.done]


def judge(question: Question, facts: Facts) -> list[Need]:
    """Everything that leaving its step asks of the question. No SQL."""
    transition = FORWARD.get(question.step)
    if transition is None or transition.check is None:
        return []
    return [*transition.check(question, facts), *checks.city_gates(question, facts)]
