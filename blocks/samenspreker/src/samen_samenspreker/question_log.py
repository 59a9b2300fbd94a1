"""What the public logbook says about questions themselves: never who put, supported or judged one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samen_core.api import Text, _
from samen_samenspreker.events import (
    QuestionAccepted,
    QuestionAsked,
    QuestionMerged,
    QuestionRefused,
    QuestionUnmerged,
    QuestionUpdated,
    QuestionWithdrawn,
)

SENTENCES: dict[str, Text] = {
    QuestionAsked.type: _("De vraag is gesteld."),
    QuestionUpdated.type: _("De tekst van de vraag is gewijzigd."),
    QuestionWithdrawn.type: _("Wie de vraag stelde, heeft hem teruggetrokken."),
    QuestionAccepted.type: _("De vraag is aangenomen en staat op de agenda van de stad."),
    QuestionRefused.type: _("De vraag is niet aangenomen."),
    QuestionMerged.type: _("De vraag is samengevoegd met een andere vraag en gaat daar verder."),
    QuestionUnmerged.type: _("De samenvoeging is teruggedraaid. De vragen gaan weer apart verder."),
}
JOINED = _("Een andere vraag is bij deze vraag gevoegd.")
"""What the table says that a question was merged into; ``after`` has ``side`` then."""


def sentence_of(action: str, after: Mapping[str, Any] | None) -> Text | None:
    """The sentence for a log row about a question; None for a row of another kind."""
    if action == QuestionMerged.type and (after or {}).get("side") == "into":
        return JOINED
    return SENTENCES.get(action)
