"""The REST resources."""

from __future__ import annotations

from samen_beleidsagenda.rest import dossiers, planning, structure
from samen_beleidsagenda.rest.common import rest
from samen_beleidsagenda.rest.ori import ori

__all__ = ["dossiers", "ori", "planning", "rest", "structure"]
