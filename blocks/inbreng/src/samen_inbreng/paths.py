"""The addresses of pages, without language prefix."""

from __future__ import annotations

import uuid

HOME = "/inbreng"
NEW = f"{HOME}/nieuw"
FOLLOW = f"{HOME}/volgen"
MINE = f"{HOME}/mijn"
CONFIRM = f"{HOME}/bevestigen"
STOP = f"{HOME}/geen-mail"
DESK = f"{HOME}/beantwoorden"
ANSWERS = f"{HOME}/antwoorden"
SUBJECT = f"{HOME}/onderwerp"
RESERVED = frozenset({"beantwoorden", "antwoorden", "nieuw", "volgen", "mijn", "bevestigen", "geen-mail", "onderwerp"})
"""What an activity's slug can never be."""


def activity(slug: str, part: str = "") -> str:
    """The page of an activity, or one of its parts."""
    return f"{HOME}/{slug}/{part}" if part else f"{HOME}/{slug}"


def contribution(slug: str, number: int) -> str:
    """The page of one contribution with its replies."""
    return f"{HOME}/{slug}/bijdragen/{number}"


def subject(id: uuid.UUID, part: str) -> str:
    """A page about all contributions on a thing: ``verslag``, ``themas``, ``beantwoorden``, ``klaar``."""
    return f"{SUBJECT}/{id}/{part}"
