"""The parts of the page of an idea that people act in, each also as it was typed when something was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app, g
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from samen_core.api import Invalid, NotFound, Text, UnitOfWork
from samen_core.web.api import current_uow
from samen_doe_mee.models import Idea
from samen_doe_mee.services.idea_common import may_see
from samen_doe_mee.web.idea_codes import code_for

_REFUSED = "doe_mee_refused"


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent in one of the parts and could not be done: ``typed`` as it came, and what is wrong with it by field."""

    part: str
    typed: Any
    errors: Mapping[str, list[Text]]


def refused(part: str) -> Refused | None:
    """What was refused of this part in this request."""
    found: Refused | None = g.get(_REFUSED)
    return found if found is not None and found.part == part else None


def show_again(slug: str, part: str, typed: Any, error: Invalid) -> ResponseReturnValue:
    """The page of the idea with what was typed and what is wrong with it (400); the caller rolled back."""
    setattr(g, _REFUSED, Refused(part, typed, error.errors))
    page: Any = current_app.view_functions["doe_mee.idea_page"](slug=slug)
    answer = current_app.make_response(page)
    answer.status_code = 400 if answer.status_code == 200 else answer.status_code
    return answer


def idea_here(slug: str, uow: UnitOfWork | None = None) -> tuple[Idea, str]:
    """The idea at an address that the visitor may see, with the receipt code of its author when they have it. Raises NotFound."""
    unit = uow or current_uow()
    idea = unit.session.execute(select(Idea).where(Idea.slug == slug)).scalar_one_or_none()
    if idea is None:
        raise NotFound
    code = code_for(unit, idea)
    if not may_see(unit, idea, code):
        raise NotFound
    return idea, code
