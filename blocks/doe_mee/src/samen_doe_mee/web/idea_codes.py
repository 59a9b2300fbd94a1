"""The receipt codes that a visitor typed or just got, kept in the session so that they do not have to be typed at every step."""

from __future__ import annotations

from flask import request, session

from samen_core.api import UnitOfWork, clean_code
from samen_doe_mee.models import Idea
from samen_doe_mee.services.idea_common import code_hash

_KEY = "doe_mee_idea_codes"
MOST = 5


def known_codes() -> list[str]:
    """The codes of this visitor; none for who sends no cookie, so that pages for everybody stay the same for all."""
    return [str(code) for code in session.get(_KEY, [])][:MOST] if request.cookies else []


def keep_code(code: str) -> None:
    """Keep a code until the visit ends."""
    cleaned = clean_code(code[:40])
    if cleaned:
        session[_KEY] = list(dict.fromkeys([cleaned, *known_codes()]))[:MOST]


def code_for(uow: UnitOfWork, idea: Idea) -> str:
    """The code of this visitor that is the receipt of this idea; "" when they have none."""
    if idea.key_hash is None:
        return ""
    return next((code for code in known_codes() if code_hash(uow, code) == idea.key_hash), "")
