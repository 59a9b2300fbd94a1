"""The addresses of pages, without language prefix."""

from __future__ import annotations

HOME = "/samenspreker"
NEW = f"{HOME}/nieuw"
DESK = f"{HOME}/begeleiding"
PROCESS = f"{HOME}/proces"
INVITATION = f"{HOME}/uitnodiging"
FOLLOW = f"{HOME}/volgen"
MAIL = f"{HOME}/mail"
QUEUE = f"{HOME}/te-beoordelen"
RESERVED = frozenset({"nieuw", "begeleiding", "proces", "uitnodiging", "volgen", "mail", "te-beoordelen", "api"})
"""What a question's slug can never be."""

PARTS = ("procesvoorstel", "tafel", "rondes", "opties", "besluit", "uitvoering", "evaluatie", "eindverslag", "inbreng", "stap", "bewerken")


def table(slug: str, part: str = "") -> str:
    """The page of a table, or one of its parts (one of ``PARTS``, possibly with more behind it)."""
    return f"{HOME}/{slug}/{part}" if part else f"{HOME}/{slug}"
