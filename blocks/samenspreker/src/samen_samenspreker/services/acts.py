"""Writing the acts of :mod:`samen_samenspreker.solve_log` in the public logbook."""

from __future__ import annotations

from samen_core.api import SubjectRef, UnitOfWork
from samen_samenspreker.events import TableEvent
from samen_samenspreker.models import Question
from samen_samenspreker.services.common import tell
from samen_samenspreker.solve_log import sentence_of

Values = dict[str, object]


def record_act(
    uow: UnitOfWork, action: str, question: Question, after: Values, *, before: Values | None = None, reason: str = "", public: bool = True
) -> None:
    """A line in the logbook of the table, whose sentence follows from ``after``."""
    sentence = sentence_of(action, after) or ""
    uow.record(action, question.id, before=before, after=after, reason=reason, public=public, sentence=sentence)


def log_act(
    uow: UnitOfWork,
    event: type[TableEvent],
    question: Question,
    thing: SubjectRef,
    after: Values,
    *,
    before: Values | None = None,
    reason: str = "",
    public: bool = True,
) -> None:
    """A line in the logbook, and the event of the same name about ``thing``."""
    record_act(uow, event.type, question, after, before=before, reason=reason, public=public)
    tell(uow, event, question, thing)
