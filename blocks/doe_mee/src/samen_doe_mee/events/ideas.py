"""What happened to ideas."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaEvent(Event):
    """Something happened to an idea. ``status`` is what it is now."""

    idea_id: uuid.UUID
    status: str


class IdeaPublished(IdeaEvent):
    """An idea is there for everybody."""

    type: ClassVar[str] = "doe_mee.idea.published"


class IdeaUpdated(IdeaEvent):
    """What everybody may read of it changed, or there is news of it."""

    type: ClassVar[str] = "doe_mee.idea.updated"


class IdeaSupported(IdeaEvent):
    """A voice for it was confirmed, or taken back."""

    type: ClassVar[str] = "doe_mee.idea.supported"


class IdeaReached(IdeaEvent):
    """It has the support that the city asks for."""

    type: ClassVar[str] = "doe_mee.idea.reached"


class IdeaMoved(IdeaEvent):
    """It got another status, with a text for everybody."""

    type: ClassVar[str] = "doe_mee.idea.moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaPassedOn(IdeaEvent):
    """It is proposed as a question for the table: whoever makes questions may take it up. Title and question are public already.

    ``about`` names the idea, and its area and theme where it has them.
    """

    type: ClassVar[str] = "doe_mee.idea.passed_on"

    title: str
    question: str


class IdeaBecameProject(IdeaEvent):
    """A project of the city was made of it, or it was tied to one; ``about`` names the project."""

    type: ClassVar[str] = "doe_mee.idea.became_project"


class IdeaMerged(IdeaEvent):
    """It became part of another idea, or of itself again."""

    type: ClassVar[str] = "doe_mee.idea.merged"


class IdeaWithdrawn(IdeaEvent):
    """Its author took it back, or it was hidden."""

    type: ClassVar[str] = "doe_mee.idea.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaMailsDue(Event):
    """Mails to who supports an idea wait for the worker: about a step (``step_id``), or its news since ``since``.

    The portion starts after voice ``after``. It is about nothing, so nobody outside is told of it.
    """

    type: ClassVar[str] = "doe_mee.idea.mails_due"

    idea_id: uuid.UUID
    step_id: uuid.UUID | None = None
    since: str = ""
    until: str = ""
    after: uuid.UUID | None = None


IDEA_EVENTS: tuple[type[Event], ...] = (
    IdeaPublished,
    IdeaUpdated,
    IdeaSupported,
    IdeaReached,
    IdeaMoved,
    IdeaPassedOn,
    IdeaBecameProject,
    IdeaMerged,
    IdeaWithdrawn,
    IdeaMailsDue,
)
