"""The pages of the city database."""

from __future__ import annotations

from importlib import import_module

from flask import Blueprint

MODULES = (
    "organizations",
    "people",
    "persons",
    "person_account",
    "own_person",
    "projects",
    "events",
    "calendar",
    "areas",
    "my_area",
    "themes",
)
"""Each puts its pages in the one blueprint when it is imported."""


def make_blueprint() -> Blueprint:
    """Every page of the city database."""
    for name in MODULES:
        import_module(f"citycontent.web.{name}")
    from citycontent.web.pages import pages

    return pages
