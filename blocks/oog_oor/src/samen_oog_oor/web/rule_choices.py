"""The many answers in the form of a rule: folded by what they are under, with what is gone but still in the rule."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from samen_core.api import Text, _, current_language
from samen_core.web.api import Option
from samen_oog_oor.queries.routing import Desk
from samen_oog_oor.web.rule_words import area_name, category_name

INDENT = "\u2003"
"""What stands before the name of an answer once for each level that it is under."""
Choice = tuple[uuid.UUID, Text | str]


@dataclass(slots=True)
class Fold:
    """An answer with those under it (their options and names), and the names of all that were picked."""

    head: Option
    label: str
    under: list[tuple[Option, str]] = field(default_factory=list)
    picked: list[Text | str] = field(default_factory=list)


def categories_of(desk: Desk, chosen: Iterable[str]) -> list[Choice]:
    """The categories in use, each after its main one, and those of the rule that are not."""
    language = current_language()
    found: list[Choice] = [
        (row.id, row.called(language) if row.parent_id is None else INDENT + row.called(language))
        for main in desk.categories.main
        for row in (main, *desk.categories.subs(main))
        if row.active
    ]
    return found + [(one, _off(desk, one)) for one in _gone(found, chosen)]


def areas_of(desk: Desk, chosen: Iterable[str]) -> list[Choice]:
    """The areas of now, each after the one that it is in, and those of the rule that ended."""
    found: list[Choice] = [*desk.areas.choices()]
    return found + [(one, area_name(desk, one)) for one in _gone(found, chosen)]


def assignees_of(people: Mapping[uuid.UUID, str], chosen: uuid.UUID | None) -> list[Choice]:
    """The colleagues, and the one of the rule who left."""
    found: list[Choice] = [*people.items()]
    return found if chosen is None or chosen in people else [*found, (chosen, _("een collega die geen meldingen meer behandelt"))]


def _off(desk: Desk, id: uuid.UUID) -> Text | str:
    name = category_name(desk, id)
    return _("{name} (staat uit)", name=name) if id in desk.categories.by_id else name


def _gone(found: list[Choice], chosen: Iterable[str]) -> list[uuid.UUID]:
    """What the rule names that nobody can choose any more: without its box it would silently fall out of the rule when that is saved."""
    there = {id for id, _name in found}
    return [one for one in map(uuid.UUID, chosen) if one not in there]


def folds_of(options: Sequence[Option]) -> list[Fold]:
    """The answers by what they are under; the last level folds under the one above it."""
    depths = [_depth(option) for option in options]
    last = max(depths, default=0) or 1
    folds: list[Fold] = []
    for option, depth in zip(options, depths, strict=True):
        name = str(option.label).lstrip(INDENT)
        if depth < last or not folds:
            folds.append(Fold(option, name))
            if option.selected:
                folds[-1].picked.append(_("alles"))
        else:
            folds[-1].under.append((option, name))
            if option.selected:
                folds[-1].picked.append(name)
    return folds


def _depth(option: Option) -> int:
    label = str(option.label)
    return len(label) - len(label.lstrip(INDENT))
