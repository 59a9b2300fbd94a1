"""The conditions of a rule, and what a case has of each, in words for staff."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from samen_core.api import Text, _, current_language, format_moment
from samen_oog_oor.deciding import Facts, listed
from samen_oog_oor.labels import CONDITION_LABELS, TYPE_LABELS, WEEKDAY_LABELS
from samen_oog_oor.queries.routing import Desk, RuleView

NOTHING = _("niets")


def wanted(desk: Desk, rule: RuleView) -> list[tuple[Text, Text | str]]:
    """The conditions: what it is called, and what would do."""
    return [(CONDITION_LABELS[kind], wanted_of(desk, kind, rule.conditions)) for kind in rule.kinds]


def wanted_of(desk: Desk, kind: str, conditions: Mapping[str, Any]) -> Text | str:
    """What a rule wants of one kind."""
    if kind == "categories":
        return _or(category_name(desk, uuid.UUID(id)) for id in conditions[kind])
    if kind == "areas":
        return _or(area_name(desk, uuid.UUID(id)) for id in conditions[kind])
    if kind == "types":
        return _or(TYPE_LABELS[code] for code in conditions[kind] if code in TYPE_LABELS)
    if kind == "answers":
        return "; ".join(f"{question} = {_or(listed(values))}" for question, values in conditions[kind].items())
    if kind == "words":
        return _or(f"“{word}”" for word in listed(conditions[kind]))
    return _time(conditions)


def given_of(desk: Desk, kind: str, facts: Facts) -> Text | str:
    """What a case has of one kind."""
    if kind == "categories":
        return category_name(desk, facts.category_id) if facts.category_id else NOTHING
    if kind == "areas":
        return area_name(desk, facts.area_id) if facts.area_id else NOTHING
    if kind == "types":
        return TYPE_LABELS.get(facts.type, facts.type)
    if kind == "answers":
        return "; ".join(f"{question} = {_shown(value)}" for question, value in facts.answers.items()) or NOTHING
    if kind == "words":
        return _("de tekst van de melding") if facts.text.strip() else NOTHING
    return format_moment(facts.at)


def category_name(desk: Desk, id: uuid.UUID) -> Text | str:
    """A category by its name."""
    found = desk.categories.by_id.get(id)
    return found.called(current_language()) if found else _("een categorie die er niet meer is")


def area_name(desk: Desk, id: uuid.UUID) -> Text | str:
    """An area by its name."""
    found = desk.areas.get(id)
    return found.name if found else _("een gebied dat er niet meer is")


def _time(conditions: Mapping[str, Any]) -> str:
    parts = []
    if days := conditions.get("weekdays"):
        parts.append(_or(WEEKDAY_LABELS[day] for day in days))
    start, end = conditions.get("from"), conditions.get("until")
    if start and end:
        parts.append(str(_("van {start} tot {end}", start=start, end=end)))
    elif start:
        parts.append(str(_("vanaf {start}", start=start)))
    elif end:
        parts.append(str(_("tot {end}", end=end)))
    return ", ".join(parts)


def _or(values: Any) -> str:
    texts = [str(value) for value in values]
    if len(texts) < 2:
        return "".join(texts)
    return str(_("{others} of {last}", others=", ".join(texts[:-1]), last=texts[-1]))


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("ja") if value else _("nee"))
    if isinstance(value, Collection) and not isinstance(value, str | Mapping):
        return ", ".join(map(str, value))
    return str(value)
