"""The REST resources."""

from __future__ import annotations

from samen_doe_mee.rest import (
    activities,
    answers,
    external,
    figures,
    idea_news,
    idea_team,
    idea_trail,
    ideas,
    meetings,
    overview,
    paragraphs,
    plan_parts,
    plans,
    polls,
    ready_texts,
    registrations,
    results,
    rounds,
    support,
)
from samen_doe_mee.rest.common import rest

__all__ = [
    "activities",
    "answers",
    "external",
    "figures",
    "idea_news",
    "idea_team",
    "idea_trail",
    "ideas",
    "meetings",
    "overview",
    "paragraphs",
    "plan_parts",
    "plans",
    "polls",
    "ready_texts",
    "registrations",
    "rest",
    "results",
    "rounds",
    "support",
]
