"""The REST resources."""

from __future__ import annotations

from samen_oog_oor.rest import categories, statistics
from samen_oog_oor.rest.common import rest

__all__ = ["categories", "rest", "statistics"]
