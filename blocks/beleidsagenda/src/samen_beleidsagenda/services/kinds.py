"""The kinds of citable things: what each is called in the register, where its page is, and what its card says."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from samen_beleidsagenda import paths
from samen_beleidsagenda.models import (
    AgendaItem,
    Commitment,
    CouncilQuestion,
    Decision,
    Document,
    Dossier,
    Goal,
    Motion,
    PlanningItem,
)
from samen_beleidsagenda.models.base import Citable
from samen_beleidsagenda.permissions import RECORD, WRITE
from samen_core.api import Base, Permission, SubjectData, SubjectRef, Text, _


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of citable thing. ``name`` is its type in the register, ``write`` the right to enter and change one; ``path`` gives its page,
    ``summary`` the text of its card.
    """

    name: str
    model: type[Any]
    label: Text
    plural: Text
    icon: str
    write: Permission
    path: Callable[[Any], str]
    summary: Callable[[Any], str]

    def ref(self, id: uuid.UUID) -> SubjectRef:
        """The reference to one of them."""
        return SubjectRef(self.name, id)


def _by_id(path: Callable[[uuid.UUID], str]) -> Callable[[Any], str]:
    return lambda thing: path(thing.id)


DOSSIER = Kind(
    "dossier",
    Dossier,
    _("Dossier"),
    _("Dossiers"),
    "folder",
    WRITE,
    lambda thing: paths.dossier(thing.slug),
    lambda thing: thing.summary,
)
PLANNING_ITEM = Kind(
    "planning_item",
    PlanningItem,
    _("Gepland moment"),
    _("Geplande momenten"),
    "calendar-clock",
    WRITE,
    _by_id(paths.planning_item),
    lambda thing: thing.text,
)
GOAL = Kind("goal", Goal, _("Doel"), _("Doelen"), "target", WRITE, _by_id(paths.goal), lambda thing: thing.text)
AGENDA_ITEM = Kind(
    "agenda_item",
    AgendaItem,
    _("Agendapunt"),
    _("Agendapunten"),
    "list-ordered",
    RECORD,
    _by_id(paths.agenda_item),
    lambda thing: thing.text,
)
DOCUMENT = Kind("document", Document, _("Stuk"), _("Stukken"), "file-text", WRITE, _by_id(paths.document), lambda thing: thing.summary)
DECISION = Kind(
    "body_decision",
    Decision,
    _("Besluit van een orgaan"),
    _("Besluiten van organen"),
    "gavel",
    RECORD,
    _by_id(paths.decision),
    lambda thing: thing.text,
)
MOTION = Kind(
    "motion",
    Motion,
    _("Motie of amendement"),
    _("Moties en amendementen"),
    "megaphone",
    RECORD,
    _by_id(paths.motion),
    lambda thing: thing.text,
)
COMMITMENT = Kind(
    "commitment", Commitment, _("Toezegging"), _("Toezeggingen"), "handshake", RECORD, _by_id(paths.commitment), lambda thing: thing.text
)
QUESTION = Kind(
    "council_question",
    CouncilQuestion,
    _("Raadsvraag"),
    _("Raadsvragen"),
    "circle-question-mark",
    RECORD,
    _by_id(paths.question),
    lambda thing: thing.text,
)

KINDS: tuple[Kind, ...] = (DOSSIER, PLANNING_ITEM, GOAL, AGENDA_ITEM, DOCUMENT, DECISION, MOTION, COMMITMENT, QUESTION)
BY_MODEL: dict[type[Base], Kind] = {kind.model: kind for kind in KINDS}
BY_NAME: dict[str, Kind] = {kind.name: kind for kind in KINDS}
LONGEST_SUMMARY = 300


def kind_of(thing: Citable) -> Kind:
    """The kind of a thing."""
    return BY_MODEL[type(thing)]  # type: ignore[index]


def card_of(thing: Any, *, public: bool, area_ref: uuid.UUID | None = None) -> SubjectData:
    """What the register says of a thing. ``public``: everybody may see it."""
    kind = kind_of(thing)
    line = " ".join(kind.summary(thing).split())
    if len(line) > LONGEST_SUMMARY:
        line = line[:LONGEST_SUMMARY].rpartition(" ")[0] + " …"
    return SubjectData(
        title=thing.title,
        url=kind.path(thing),
        summary=line,
        area_ref=area_ref,
        state="deleted" if thing.state == "deleted" else "active",
        public=public,
    )
