"""What happened on the policy agenda. ``thing_id`` is the thing itself; ``dossier_id`` its dossier, where it has one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaEvent(Event):
    """Something happened to a thing of the policy agenda that everybody may know of; nothing is published about confidential things."""

    thing_id: uuid.UUID
    dossier_id: uuid.UUID | None = None


class DossierPublished(AgendaEvent):
    """A dossier became public."""

    type: ClassVar[str] = "beleidsagenda.dossier.published"


class DossierUpdated(AgendaEvent):
    """A public dossier was changed."""

    type: ClassVar[str] = "beleidsagenda.dossier.updated"


class DossierMoved(AgendaEvent):
    """A dossier went to another phase."""

    type: ClassVar[str] = "beleidsagenda.dossier.moved"


class ThingRemoved(AgendaEvent):
    """Something that was public was taken away: a dossier, moment, point, document, decision, motion, commitment, question or goal."""

    type: ClassVar[str] = "beleidsagenda.thing.removed"


class GoalChanged(AgendaEvent):
    """A goal of a theme became public or was changed."""

    type: ClassVar[str] = "beleidsagenda.goal.changed"


class MomentPlanned(AgendaEvent):
    """A moment was planned in public."""

    type: ClassVar[str] = "beleidsagenda.moment.planned"


class MomentPostponed(AgendaEvent):
    """A planned moment was put off; ``thing_id`` is its successor."""

    type: ClassVar[str] = "beleidsagenda.moment.postponed"


class MomentChanged(AgendaEvent):
    """A planned moment was changed, put on an agenda, treated or dropped."""

    type: ClassVar[str] = "beleidsagenda.moment.changed"


class AgendaPublished(AgendaEvent):
    """The agenda of a meeting became public or was changed; ``thing_id`` is the event."""

    type: ClassVar[str] = "beleidsagenda.agenda.published"


class DocumentPublished(AgendaEvent):
    """A document or a new version of it became public."""

    type: ClassVar[str] = "beleidsagenda.document.published"


class DecisionMade(AgendaEvent):
    """A body decided. ``about`` names the dossier and every thing that people had their say at."""

    type: ClassVar[str] = "beleidsagenda.decision.made"


class MotionChanged(AgendaEvent):
    """A motion or amendment was put, voted on, held or withdrawn."""

    type: ClassVar[str] = "beleidsagenda.motion.changed"


class PromiseChanged(AgendaEvent):
    """A commitment was made, or what became of it or of an adopted motion changed."""

    type: ClassVar[str] = "beleidsagenda.promise.changed"


class QuestionChanged(AgendaEvent):
    """A question of council members was asked, extended or answered."""

    type: ClassVar[str] = "beleidsagenda.question.changed"


class ParticipationLinked(AgendaEvent):
    """Something at which people have their say was tied to a dossier; ``thing_id`` is that thing."""

    type: ClassVar[str] = "beleidsagenda.participation.linked"


EVENTS: tuple[type[AgendaEvent], ...] = (
    DossierPublished,
    DossierUpdated,
    DossierMoved,
    ThingRemoved,
    GoalChanged,
    MomentPlanned,
    MomentPostponed,
    MomentChanged,
    AgendaPublished,
    DocumentPublished,
    DecisionMade,
    MotionChanged,
    PromiseChanged,
    QuestionChanged,
    ParticipationLinked,
)
