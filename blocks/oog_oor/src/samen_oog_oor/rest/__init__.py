"""The REST resources."""

from __future__ import annotations

from samen_oog_oor.rest import (
    cases,
    categories,
    category_acts,
    connections,
    conversation,
    desk,
    routing,
    signals,
    statistics,
    taking_part,
)
from samen_oog_oor.rest.common import rest

__all__ = [
    "cases",
    "categories",
    "category_acts",
    "connections",
    "conversation",
    "desk",
    "rest",
    "routing",
    "signals",
    "statistics",
    "taking_part",
]
