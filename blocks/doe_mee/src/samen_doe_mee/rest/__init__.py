"""The REST resources."""

from __future__ import annotations

from samen_doe_mee.rest import (
    answers,
    figures,
    idea_news,
    idea_team,
    idea_trail,
    ideas,
    overview,
    plan_parts,
    plans,
    ready_texts,
    results,
    rounds,
    support,
)
from samen_doe_mee.rest.common import rest

__all__ = [
    "answers",
    "figures",
    "idea_news",
    "idea_team",
    "idea_trail",
    "ideas",
    "overview",
    "plan_parts",
    "plans",
    "ready_texts",
    "rest",
    "results",
    "rounds",
    "support",
]
