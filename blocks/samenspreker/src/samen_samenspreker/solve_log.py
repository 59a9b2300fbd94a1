"""What the public logbook says about rounds, options and decisions. Never a name or value of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from samen_core.api import Text, _
from samen_samenspreker.events import (
    DecisionPublished,
    OptionAdded,
    OptionRevised,
    OptionSupported,
    OptionWithdrawn,
    RoundCancelled,
    RoundClosed,
    RoundOpened,
)

ROUND_UPDATED = "samenspreker.round.updated"
ACTIVITY_ADDED = "samenspreker.round.activity_added"
ACTIVITY_UPDATED = "samenspreker.round.activity_updated"
CRITERIA_SET = "samenspreker.option.criteria_set"
OPTION_JUDGED = "samenspreker.option.judged"
SUPPORT_WITHDRAWN = "samenspreker.option.support_withdrawn"
DECISION_DRAFTED = "samenspreker.decision.drafted"

Facts = Mapping[str, Any]
SENTENCES: dict[str, Callable[[Facts], Text]] = {
    RoundOpened.type: lambda facts: _("Ronde {number} is gepland: “{title}”.", number=facts["number"], title=facts["title"]),
    ROUND_UPDATED: lambda facts: _("De planning van ronde {number} is gewijzigd.", number=facts["number"]),
    RoundClosed.type: lambda facts: _("Ronde {number} is afgerond: “{title}”.", number=facts["number"], title=facts["title"]),
    RoundCancelled.type: lambda facts: _("Ronde {number} gaat niet door: “{title}”.", number=facts["number"], title=facts["title"]),
    ACTIVITY_ADDED: lambda facts: _("Ronde {number} heeft een activiteit erbij: “{title}”.", number=facts["number"], title=facts["title"]),
    ACTIVITY_UPDATED: lambda facts: _("Er is nieuws over een activiteit van ronde {number}: “{title}”.", **pick(facts, "number", "title")),
    OptionAdded.type: lambda facts: _("Er ligt een oplossing op tafel: “{title}”.", title=facts["title"]),
    OptionRevised.type: lambda facts: _("Oplossing “{title}” is aangepast (versie {current}).", **pick(facts, "title", "current")),
    OptionWithdrawn.type: lambda facts: _("Oplossing “{title}” is ingetrokken.", title=facts["title"]),
    CRITERIA_SET: lambda _facts: _("De tafel paste aan waarop de oplossingen worden beoordeeld."),
    OPTION_JUDGED: lambda facts: _("Oplossing “{title}” is beoordeeld.", title=facts["title"]),
    OptionSupported.type: lambda facts: _("Een stoel van de tafel sprak zich uit over oplossing “{title}”.", title=facts["title"]),
    SUPPORT_WITHDRAWN: lambda facts: _("Een stoel van de tafel trok een mening over oplossing “{title}” terug.", title=facts["title"]),
    DecisionPublished.type: lambda facts: (
        _("Er is een nieuw besluit, in plaats van het vorige.") if facts.get("supersedes_id") else _("Het besluit is genomen.")
    ),
}


def pick(facts: Facts, *names: str) -> dict[str, Any]:
    """These facts."""
    return {name: facts[name] for name in names}


def sentence_of(action: str, facts: Facts | None) -> Text | None:
    """The sentence for a log row with these facts in ``after``; None for a row of another kind."""
    made = SENTENCES.get(action)
    if made is None:
        return None
    try:
        return made(facts or {})
    except KeyError:  # written by an older version, which stored less: the stored sentence is shown
        return None
