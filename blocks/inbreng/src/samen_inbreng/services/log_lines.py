"""What the public logbook says about themes and answers, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samen_core.api import Text
from samen_inbreng.services.answers import SENT, sent_sentence
from samen_inbreng.services.themes import SENTENCES


def answering_sentence(action: str, after: Mapping[str, Any] | None) -> Text | None:
    """The sentence for a log row about a theme or an answer; None for another one."""
    facts = after or {}
    if action == SENT:
        return sent_sentence(str(facts.get("outcome", "")), int(facts.get("number", 0)))
    if action in SENTENCES:
        return Text(SENTENCES[action].id, {"title": facts.get("title", ""), "into": facts.get("into", "")})
    return None
