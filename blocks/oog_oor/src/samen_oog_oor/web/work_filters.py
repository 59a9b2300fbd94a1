"""The filters of the desk, which list, map and board share: what stands in an address, as a filter of cases, as fields and as chips."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from citycontent.web.api import (
    Atlas,
    ListPage,
    area_field,
    area_filter,
    atlas,
    chips,
    list_page,
    one_of,
    search_field,
    select_field,
    unknown_filter,
)
from samen_core.api import Text, UnitOfWork, _, current_language, format_date
from samen_core.web.api import BoundField
from samen_oog_oor.labels import PRIORITY_LABELS, STATE_LABELS, TYPE_LABELS
from samen_oog_oor.models.base import CLOSED, OPEN, STATES, WAITING
from samen_oog_oor.queries.categories import CategoryTree, category_tree
from samen_oog_oor.queries.desk import organizations_lately, organizations_with_cases
from samen_oog_oor.queries.work import AnyRow, Box, CaseFilter
from samen_oog_oor.services.desk import possible_assignees
from samen_oog_oor.web.case_parts import filter_day

Label = Text | str
NAMES = ("q", "staat", "rubriek", "organisatie", "gebied", "behandelaar", "urgentie", "soort", "te-laat", "oordeel", "van", "tot", "vak")
GROUPS: dict[str, tuple[Text, frozenset[str]]] = {
    "open": (_("Alles wat open is"), OPEN),
    "wacht": (_("Alles wat wacht"), frozenset(WAITING)),
    "dicht": (_("Alles wat afgesloten is"), frozenset(CLOSED)),
}
"""Several states under one name in an address."""
LATE: dict[str, Text] = {"ja": _("Te laat"), "heel": _("Veel te laat: drie keer de termijn is voorbij")}
JUDGED: dict[str, Text] = {"ontevreden": _("Een melder is niet tevreden"), "tevreden": _("Een melder is tevreden")}
SEARCHED = _("In titel, plek, openbare tekst en wat er gemeld is. Het begin van een woord is genoeg.")
EVERYTHING = "alles"
NONE = "geen"
MINE = "ik"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked for, and what its fields and chips are made of."""

    where: ListPage
    filter: CaseFilter
    book: Atlas
    tree: CategoryTree
    organizations: Sequence[AnyRow]
    colleagues: Mapping[uuid.UUID, str]
    words: tuple[tuple[str, Label | None], ...]

    @property
    def chips(self) -> list[tuple[Label, str]]:
        """The chosen filters, each with the address without it."""
        return chips(self.where, self.words)

    @property
    def shown(self) -> Any:
        """What the form shows besides areas: while it is the same, a form without a choice is too."""
        return self.tree.stamp, tuple(self.organizations), tuple(self.colleagues.items())

    def fields(self, *, states: bool = True) -> list[BoundField]:
        """The form; the board is about states itself and has no filter on them."""
        where = self.where
        found = [replace(search_field(where, _("Woorden, nummer of code")), help=SEARCHED)]
        if states:
            found.append(_states_field(where))
        found += [
            select_field(where, "rubriek", _("Categorie"), _categories(self.tree), _("Alle categorieën")),
            area_field(self.book, where),
            select_field(where, "organisatie", _("Organisatie"), self._organizations(), _("Alle organisaties")),
            select_field(where, "behandelaar", _("Behandelaar"), self._colleagues(), _("Iedereen")),
            select_field(where, "te-laat", _("Beloofde dag"), LATE.items(), _("Op tijd en te laat")),
            select_field(where, "oordeel", _("Oordeel van melders"), JUDGED.items(), _("Met en zonder oordeel")),
            select_field(where, "urgentie", _("Urgentie"), PRIORITY_LABELS.items(), _("Elke urgentie")),
            select_field(where, "soort", _("Soort"), TYPE_LABELS.items(), _("Alle soorten")),
            BoundField("van", "filter-van", _("Gemeld vanaf"), "", "date", where.values.get("van", "")),
            BoundField("tot", "filter-tot", _("Gemeld tot en met"), "", "date", where.values.get("tot", "")),
        ]
        return found

    def _organizations(self) -> list[tuple[str, Label]]:
        return [(NONE, _("Geen organisatie")), *((row.slug, row.name) for row in self.organizations)]

    def _colleagues(self) -> list[tuple[str, Label]]:
        return [(MINE, _("Ik")), (NONE, _("Niemand")), *((id.hex, name) for id, name in self.colleagues.items())]


def chosen(uow: UnitOfWork, path: str, *names: str) -> Chosen:
    """The filters of this request. ``names`` are what else stands in its address. Raises Invalid for what does not exist."""
    where = list_page(path, *NAMES, *names)
    values, book, tree = where.values, atlas(uow), category_tree(uow)
    organizations, people = organizations_lately(uow), possible_assignees(uow)
    if "organisatie" in values and not any(row.slug == values["organisatie"] for row in organizations):
        organizations = organizations_with_cases(uow)
    # Who judged did so once a case was closed.
    states, state_word = _states(values.get("staat", "") or (EVERYTHING if values.get("oordeel") else ""))
    area = area_filter(book, where)
    category = values.get("rubriek", "")
    if category and category not in tree.by_code:
        raise unknown_filter()
    organization, organization_word = _organization(values.get("organisatie", ""), organizations)
    assignee, assignee_word = _assignee(uow, values.get("behandelaar", ""), people)
    priority, type = one_of(values.get("urgentie", ""), PRIORITY_LABELS), one_of(values.get("soort", ""), TYPE_LABELS)
    since, until = filter_day(values.get("van", "")), filter_day(values.get("tot", ""))
    late, judged = one_of(values.get("te-laat", ""), LATE), one_of(values.get("oordeel", ""), JUDGED)
    filter = CaseFilter(
        states=states,
        category_ids=tuple(tree.with_subs(tree.by_code[category].id)) if category else None,
        organization_id=organization,
        area_ids=tuple(book.tree.within(area.id)) if area else None,
        assignee_id=assignee,
        priority=priority,
        type=type,
        late=late is not None,
        very_late=late == "heel",
        content=None if judged is None else judged == "tevreden",
        since=since,
        until=until,
        text=values.get("q", ""),
        box=box_of(values.get("vak", "")),
    )
    words: tuple[tuple[str, Label | None], ...] = (
        ("q", f"“{values['q']}”" if "q" in values else None),
        ("staat", state_word if values.get("staat") else None),
        ("rubriek", tree.by_code[category].called(current_language()) if category else None),
        ("gebied", area.name if area else None),
        ("organisatie", organization_word),
        ("behandelaar", assignee_word),
        ("te-laat", LATE[late] if late else None),
        ("oordeel", JUDGED[judged] if judged else None),
        ("urgentie", _("Urgentie: {priority}", priority=PRIORITY_LABELS[priority]) if priority else None),
        ("soort", TYPE_LABELS[type] if type else None),
        ("van", _("Vanaf {day}", day=format_date(since)) if since else None),
        ("tot", _("Tot en met {day}", day=format_date(until)) if until else None),
        ("vak", _("Een deel van de kaart") if filter.box else None),
    )
    return Chosen(where, filter, book, tree, organizations, people, words)


def _states_field(where: ListPage) -> BoundField:
    """Everything is what is meant when a verdict is asked for, else what is open; the field offers the other of the two by name."""
    usual, other = (EVERYTHING, "open") if "oordeel" in where.values else ("open", EVERYTHING)
    names = {code: label for code, (label, _states) in GROUPS.items()} | {EVERYTHING: _("Open en afgesloten")}
    shown = [(code, label) for code, label in names.items() if code not in ("open", EVERYTHING)]
    options = [*shown, (other, names[other]), *((code, STATE_LABELS[code]) for code in STATES)]
    return select_field(where, "staat", _("Waar de zaak is"), options, names[usual])


def _states(value: str) -> tuple[frozenset[str] | None, Label | None]:
    if value == EVERYTHING:
        return None, _("Open en afgesloten")
    if value in STATES:
        return frozenset({value}), STATE_LABELS[value]
    if value and value not in GROUPS:
        raise unknown_filter()
    label, states = GROUPS[value or "open"]
    return states, label if value else None


def _organization(value: str, known: Sequence[AnyRow]) -> tuple[uuid.UUID | str | None, Label | None]:
    if not value:
        return None, None
    if value == NONE:
        return "none", _("Geen organisatie")
    for row in known:
        if row.slug == value:
            return row.id, row.name
    raise unknown_filter()


def _assignee(uow: UnitOfWork, value: str, people: Mapping[uuid.UUID, str]) -> tuple[uuid.UUID | str | None, Label | None]:
    if not value:
        return None, None
    if value == NONE:
        return "none", _("Zonder behandelaar")
    if value == MINE and uow.actor.account_id is not None:
        return uow.actor.account_id, _("Mijn zaken")
    for id, name in people.items():
        if id.hex == value:
            return id, name
    raise unknown_filter()


def box_of(value: str) -> Box | None:
    """A part of the map from an address: south, west, north and east. Raises Invalid for what is none."""
    if not value:
        return None
    try:
        south, west, north, east = (float(part) for part in value.split(","))
    except ValueError:
        raise unknown_filter() from None
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise unknown_filter()
    return south, west, north, east


def box_text(box: Box) -> str:
    """A part of the map as it stands in an address: about a metre precise."""
    return ",".join(f"{value:.5f}" for value in box)


def _categories(tree: CategoryTree) -> list[tuple[str, Label]]:
    language = current_language()
    found: list[tuple[str, Label]] = []
    for main in tree.main:
        found.append((main.code, main.called(language)))
        found += [(sub.code, f"\u2003{sub.called(language)}") for sub in tree.subs(main)]
    return found
