"""Writing the acts of :mod:`samen_samenspreker.document_log` in the public logbook."""

from __future__ import annotations

import uuid

from samen_core.api import SubjectRef, UnitOfWork
from samen_samenspreker.document_log import SENTENCES
from samen_samenspreker.events import TableEvent
from samen_samenspreker.models import Question
from samen_samenspreker.services.common import log


def log_document(
    uow: UnitOfWork,
    event: type[TableEvent],
    question: Question,
    after: dict[str, object],
    thing: SubjectRef | uuid.UUID | None = None,
    *,
    reason: str = "",
) -> None:
    """A line in the logbook, whose sentence follows from ``after``, and the event of the same name about ``thing``."""
    log(uow, event, question, SENTENCES[event.type](after), thing=thing, after=after, reason=reason)
