"""The REST resources."""

from __future__ import annotations

from samen_beleidsagenda.rest import (
    decisions,
    documents,
    dossiers,
    imports,
    meetings,
    motions,
    participation,
    planning,
    promises,
    questions,
    structure,
)
from samen_beleidsagenda.rest.common import rest
from samen_beleidsagenda.rest.ori import ori

__all__ = [
    "decisions",
    "documents",
    "dossiers",
    "imports",
    "meetings",
    "motions",
    "ori",
    "participation",
    "planning",
    "promises",
    "questions",
    "rest",
    "structure",
]
