"""The types of activities: one module each, with the same shape, found by their code. A further type is one more module in the list."""

from __future__ import annotations

from samen_doe_mee.services.activity_types import external, map_points, poll, questionnaire, reactions, text
from samen_doe_mee.services.activity_types.shape import ActivityType, Outcome, Part

ACTIVITY_TYPES: tuple[ActivityType, ...] = (
    reactions.TYPE,
    text.TYPE,
    map_points.TYPE,
    questionnaire.TYPE,
    poll.TYPE,
    external.TYPE,
)
"""In the order in which they are offered."""

BY_CODE = {kind.code: kind for kind in ACTIVITY_TYPES}


def type_of(code: str) -> ActivityType:
    """The type with this code. Raises KeyError."""
    return BY_CODE[code]


__all__ = ["ACTIVITY_TYPES", "ActivityType", "Outcome", "Part", "type_of"]
