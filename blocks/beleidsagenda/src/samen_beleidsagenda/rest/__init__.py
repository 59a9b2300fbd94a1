"""The REST resources."""

from __future__ import annotations

from samen_beleidsagenda.rest import decisions, documents, dossiers, meetings, motions, planning, promises, questions, structure
from samen_beleidsagenda.rest.common import rest
from samen_beleidsagenda.rest.ori import ori

__all__ = ["decisions", "documents", "dossiers", "meetings", "motions", "ori", "planning", "promises", "questions", "rest", "structure"]
