"""The pages of the types of activities: one module each, with the same shape, found by the code of the type."""

from __future__ import annotations

from samen_doe_mee.web.activity_types import external, map_points, poll, questionnaire, reactions, text
from samen_doe_mee.web.activity_types.shape import Refused, TypePage

TYPE_PAGES: tuple[TypePage, ...] = (reactions.PAGE, text.PAGE, map_points.PAGE, questionnaire.PAGE, poll.PAGE, external.PAGE)
BY_CODE = {page.code: page for page in TYPE_PAGES}


def page_of(code: str) -> TypePage:
    """The page of the type with this code. Raises KeyError."""
    return BY_CODE[code]


__all__ = ["BY_CODE", "TYPE_PAGES", "Refused", "TypePage", "page_of"]
