"""The REST resources."""

from __future__ import annotations

from samen_oog_oor.rest import cases, categories, conversation, desk, routing, signals, statistics
from samen_oog_oor.rest.common import rest

__all__ = ["cases", "categories", "conversation", "desk", "rest", "routing", "signals", "statistics"]
