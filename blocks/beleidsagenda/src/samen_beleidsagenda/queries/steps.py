"""What stands on the line of a dossier."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from samen_beleidsagenda.periods import Period
from samen_core.api import Text

Label = Text | str


@dataclass(frozen=True, slots=True)
class Slip:
    """A period that a moment had before it was put off, and why it was."""

    period: Period
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something on the line. ``day`` is its place; ``period`` when it is, as precisely as is known.

    ``kind``: phase, moment, point, document, decision, motion, commitment, question, due or participation. ``body`` is who decides,
    ``what`` what that body does, ``status`` how it stands. ``slips`` are the earlier periods of a moment, the first one first.
    ``has_say`` with ``say_how`` and ``say_url``: how residents can take part at it. ``state`` is that of the thing.
    """

    kind: str
    day: date
    title: Label
    period: Period
    coming: bool = False
    late: bool = False
    id: uuid.UUID | None = None
    path: str = ""
    text: Label = ""
    body: str = ""
    what: Label = ""
    status: Label = ""
    has_say: bool = False
    say_how: str = ""
    say_url: str = ""
    slips: tuple[Slip, ...] = ()
    state: str = "published"
    confidential: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """The line: ``past`` and ``coming``, each from the earliest to the latest."""

    past: tuple[Step, ...]
    coming: tuple[Step, ...]

    @property
    def next_moment(self) -> Step | None:
        """The first moment to come at which a body does something."""
        return next((step for step in self.coming if step.kind in ("moment", "point")), None)
