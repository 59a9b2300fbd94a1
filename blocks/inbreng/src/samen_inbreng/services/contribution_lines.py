"""What the public logbook says about activities and contributions, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samen_core.api import Text, _, n_
from samen_inbreng.events import (
    ActivityClosed,
    ActivityOpened,
    ActivityUpdated,
    ContributionEdited,
    ContributionGiven,
    ContributionWithdrawn,
)

IMPORTED = "inbreng.contributions.imported"
_OF_ACTIVITY: dict[str, Text] = {
    ActivityOpened.type: _("De gemeente vraagt inbreng: “{title}”.", title=""),
    ActivityUpdated.type: _("De gemeente wijzigde de vraag om inbreng “{title}”.", title=""),
    ActivityClosed.type: _("De vraag om inbreng “{title}” is gesloten.", title=""),
}
_OF_CONTRIBUTION: dict[str, Text] = {
    ContributionGiven.type: _("Bijdrage {number} kwam binnen.", number=0),
    ContributionEdited.type: _("Wie bijdrage {number} schreef, heeft de tekst aangepast.", number=0),
    ContributionWithdrawn.type: _("Wie bijdrage {number} schreef, heeft de bijdrage ingetrokken.", number=0),
}


def contributing_sentence(action: str, after: Mapping[str, Any] | None) -> Text | None:
    """The sentence for a log row about an activity or a contribution; None for another one."""
    facts = after or {}
    if action in _OF_ACTIVITY:
        return Text(_OF_ACTIVITY[action].id, {"title": facts.get("title", "")})
    if action in _OF_CONTRIBUTION:
        return Text(_OF_CONTRIBUTION[action].id, {"number": facts.get("number", "")})
    if action == IMPORTED:
        number = int(facts.get("number", 0))
        return n_("{n} bijdrage is ingelezen.", "{n} bijdragen zijn ingelezen.", number)
    return None
