"""What happened. Events carry ids and codes, never personal data."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalMade(Event):
    """Somebody made a proposal."""

    type: ClassVar[str] = "voorbeeld_blok.proposal.made"

    proposal_id: uuid.UUID
