"""The REST resources."""

from __future__ import annotations

from samen_beleidsagenda.rest import planning
from samen_beleidsagenda.rest.common import rest
from samen_beleidsagenda.rest.ori import ori

__all__ = ["ori", "planning", "rest"]
