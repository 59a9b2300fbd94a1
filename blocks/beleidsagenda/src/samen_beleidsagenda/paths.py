"""The addresses of pages and feeds, without language prefix."""

from __future__ import annotations

import uuid

HOME = "/beleidsagenda"
DOSSIERS = f"{HOME}/dossiers"
PLANNING = f"{HOME}/planning"
"""The long-term agenda (termijnagenda)."""
CALENDAR = f"{HOME}/kalender"
MEETINGS = f"{HOME}/vergaderingen"
BODIES = f"{HOME}/organen"
HOLDERS = f"{HOME}/portefeuilles"
THEMES = f"{HOME}/themas"
AREAS = f"{HOME}/gebieden"
PROMISES = f"{HOME}/toezeggingen-en-moties"
QUESTIONS = f"{HOME}/raadsvragen"
DOCUMENTS = f"{HOME}/stukken"
DECISIONS = f"{HOME}/besluiten"
FOLLOWING = f"{HOME}/volgen"
DESK = f"{HOME}/werk"
IMPORTS = f"{DESK}/inlezen"
LATE = f"{DESK}/te-laat"
SETTLE = f"{DESK}/afdoen"
FEEDS = f"{HOME}/feeds"
ORI = "/ori/v2"

RESERVED_DOSSIERS = frozenset({"nieuw"})
"""What a dossier's slug can never be."""


def dossier(slug: str, part: str = "") -> str:
    """The page of a dossier, or one of its parts."""
    return f"{DOSSIERS}/{slug}/{part}" if part else f"{DOSSIERS}/{slug}"


def planning_item(id: uuid.UUID, part: str = "") -> str:
    """The page of a planned moment."""
    return _of(PLANNING, id, part)


def meeting(id: uuid.UUID, part: str = "") -> str:
    """The page of a meeting, by the id of its event."""
    return _of(MEETINGS, id, part)


def agenda_item(id: uuid.UUID, part: str = "") -> str:
    """The page of a point of an agenda."""
    return _of(f"{MEETINGS}/punten", id, part)


def motion(id: uuid.UUID, part: str = "") -> str:
    """The page of a motion or amendment."""
    return _of(f"{PROMISES}/moties", id, part)


def commitment(id: uuid.UUID, part: str = "") -> str:
    """The page of a commitment."""
    return _of(f"{PROMISES}/toezeggingen", id, part)


def question(id: uuid.UUID, part: str = "") -> str:
    """The page of a question of council members."""
    return _of(QUESTIONS, id, part)


def document(id: uuid.UUID, part: str = "") -> str:
    """The page of a document."""
    return _of(DOCUMENTS, id, part)


def decision(id: uuid.UUID, part: str = "") -> str:
    """The page of a decision."""
    return _of(DECISIONS, id, part)


def goal(id: uuid.UUID, part: str = "") -> str:
    """The page of a goal."""
    return _of(f"{THEMES}/doelen", id, part)


def own_calendar(key: str) -> str:
    """The calendar of what somebody follows, at its secret address."""
    return f"{FOLLOWING}/agenda/{key}.ics"


def _of(base: str, id: uuid.UUID, part: str) -> str:
    return f"{base}/{id}/{part}" if part else f"{base}/{id}"
