"""What the public logbook says about steps, checks of the city and actions. Never a name or value of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from samen_core.api import Text, _
from samen_samenspreker.events import (
    ActionAdded,
    ActionUpdated,
    CouncilDecided,
    GateTicked,
    GateUnticked,
    StepChanged,
)
from samen_samenspreker.labels import ACTION_STATE_LABELS
from samen_samenspreker.models import STEPS
from samen_samenspreker.settings import STEP_NAMES
from samen_samenspreker.texts import Day

Facts = Mapping[str, Any]


def _moved(before: Facts, after: Facts) -> Text:
    names = {"before": STEP_NAMES[before["step"]], "after": STEP_NAMES[after["step"]]}
    if STEPS.index(after["step"]) < STEPS.index(before["step"]):
        return _("De vraag ging terug van stap “{before}” naar “{after}”. Keer {cycle} begint.", cycle=after["cycle"], **names)
    return _("De vraag ging van stap “{before}” naar “{after}”.", **names)


def _action_added(_before: Facts, after: Facts) -> Text:
    return _("Actie toegevoegd: “{title}”. Klaar op {day}.", title=after["title"], day=Day(date.fromisoformat(after["due_on"])))


def _action_updated(before: Facts, after: Facts) -> Text:
    if "state" not in after:
        return _("De beschrijving van actie “{title}” is gewijzigd.", title=after["title"])
    state, title = ACTION_STATE_LABELS[after["state"]], after["title"]
    if before.get("due_on") != after["due_on"]:
        day = Day(date.fromisoformat(after["due_on"]))
        return _("Actie “{title}”: {state}. De datum verschuift naar {day}.", title=title, state=state, day=day)
    if after["state"] == "in_progress":
        return _("Actie “{title}”: {state}, {percent}% klaar.", title=title, state=state, percent=after["progress"])
    return _("Actie “{title}”: {state}.", title=title, state=state)


def decided(facts: Facts) -> Text:
    """That a body of the city decided about what the table worked on."""
    if facts.get("body"):
        return _("Besluit van {body}: “{title}”.", body=facts["body"], title=facts["title"])
    return _("Er is een besluit genomen: “{title}”.", title=facts["title"])


SENTENCES: dict[str, Callable[[Facts, Facts], Text]] = {
    StepChanged.type: _moved,
    CouncilDecided.type: lambda _before, after: decided(after),
    GateTicked.type: lambda _before, after: _("Controle gedaan: “{title}”.", title=after["title"]),
    GateUnticked.type: lambda _before, after: _("Vinkje weggehaald bij “{title}”.", title=after["title"]),
    ActionAdded.type: _action_added,
    ActionUpdated.type: _action_updated,
}


def sentence_of(action: str, before: Facts | None, after: Facts | None) -> Text | None:
    """The sentence for a log row with these facts; None for one of another kind, or of an older form: then the stored sentence is shown."""
    made = SENTENCES.get(action)
    try:
        return made(before or {}, after or {}) if made else None
    except (KeyError, ValueError, TypeError):
        return None
