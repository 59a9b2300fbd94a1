"""Where the pages of the city's things are, without language prefix."""

from __future__ import annotations

PAGES: dict[str, str] = {
    "organization": "/organisaties",
    "person": "/personen",
    "project": "/projecten",
    "event": "/agenda",
    "area": "/wijken",
    "theme": "/themas",
}
"""The list page of each type that has pages."""

NAMELESS: dict[str, str] = {
    "organization": "organisatie",
    "person": "persoon",
    "project": "project",
    "event": "bijeenkomst",
    "area": "gebied",
    "theme": "thema",
}
"""The slug of a thing whose name has no Latin letters or digits, or may not be shown."""

RESERVED_SLUGS = frozenset({"nieuw", "kaart", "mijn-buurt", "feed", "zoeken", "archief"})
"""Words that are pages of their own beside the slugs."""


def page(type: str, slug: str) -> str:
    """The page of a thing."""
    return f"{PAGES[type]}/{slug}"
