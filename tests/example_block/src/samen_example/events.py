"""What happened."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksGiven(Event):
    """Somebody thanked an organisation."""

    type: ClassVar[str] = "example.thanks.given"

    organization_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ThanksHidden(Event):
    """A note was hidden."""

    type: ClassVar[str] = "example.thanks.hidden"

    organization_id: uuid.UUID
