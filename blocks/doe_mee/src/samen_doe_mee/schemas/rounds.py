"""Commands about rounds of plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRound:
    """Plan a round, from ``opens_at`` until ``closes_at``."""

    title: str
    text: str = ""
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateRound(CreateRound):
    """Change a round that was read at ``version``."""

    version: int
