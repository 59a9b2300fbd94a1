"""Cases as pages for everybody show them: a row, its badges, how long it takes, and the choices to narrow a list by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from citycontent.web.api import Atlas, ListPage, area_filter, select_field, unknown_filter
from samen_core.api import Text, UnitOfWork, _, current_language, format_date, n_
from samen_core.web.api import BoundField, Row, page_url
from samen_oog_oor import paths
from samen_oog_oor.labels import RESOLUTION_LABELS, STATE_BADGES, STATE_LABELS
from samen_oog_oor.models.base import OPEN, STATES
from samen_oog_oor.queries.categories import CategoryTree, CategoryView, category_tree
from samen_oog_oor.queries.public import STANDING, PublicFilter
from samen_oog_oor.working_days import city_day

STANDING_LABELS: dict[str, Text] = {"open": _("Nog bezig"), "afgesloten": _("Afgesloten")}
STATE_CHOICES = {**STANDING_LABELS, **{code: STATE_LABELS[code] for code in STATES}}
"""What the filter on state offers: all that runs, all that ended, or one state."""
SHARED = frozenset({"compliment", "idea"})
"""Types with which people agree: there is nothing to see."""
SHOWN = 200
"""Characters of a text in a list."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to, with the names of what was chosen by their names in the address."""

    filter: PublicFilter
    picked: list[tuple[str, Text | str | None]]
    tree: CategoryTree


def narrowed(uow: UnitOfWork, book: Atlas, where: ListPage, organizations: Iterable[Any] = ()) -> Narrowed:
    """What the address narrows a list of cases to. Raises Invalid for what does not exist."""
    tree = category_tree(uow)
    category, area = category_filter(tree, where), area_filter(book, where)
    state = where.values.get("staat", "")
    if state and state not in STATE_CHOICES:
        raise unknown_filter()
    at = where.values.get("organisatie", "")
    organization = next((row for row in organizations if row.slug == at), None)
    if at and organization is None:
        raise unknown_filter()
    since, until = filter_day(where.values.get("van", "")), filter_day(where.values.get("tot", ""))
    filter = PublicFilter(
        category_ids=tuple(sorted(tree.with_subs(category.id))) if category else None,
        area_ids=book.tree.within(area.id) if area else None,
        states=STANDING.get(state, (state,)) if state else None,
        organization_id=organization.id if organization else None,
        since=since,
        until=until,
        text=where.values.get("q", ""),
    )
    picked: list[tuple[str, Text | str | None]] = [
        ("q", where.values.get("q")),
        ("categorie", called(category) if category else None),
        ("gebied", area.name if area else None),
        ("staat", STATE_CHOICES[state] if state else None),
        ("organisatie", organization.name if organization else None),
        ("van", _("Vanaf {day}", day=format_date(since)) if since else None),
        ("tot", _("Tot en met {day}", day=format_date(until)) if until else None),
    ]
    return Narrowed(filter, picked, tree)


def category_filter(tree: CategoryTree, where: ListPage) -> CategoryView | None:
    """The chosen category. Raises Invalid for one that does not exist or is not for everybody."""
    code = where.values.get("categorie", "")
    if not code:
        return None
    found = tree.by_code.get(code)
    if found is None or not is_for_everybody(tree, found):
        raise unknown_filter()
    return found


def is_for_everybody(tree: CategoryTree, category: CategoryView) -> bool:
    """Whether everybody may know that a category is there: neither it nor what it is under is confidential."""
    main = tree.parent(category)
    return not category.confidential and (main is None or not main.confidential)


def category_field(tree: CategoryTree, where: ListPage) -> BoundField:
    """The filter on categories: every main one with those under it."""
    choices: list[tuple[str, Text | str]] = []
    for main, subs in tree.offered():
        choices.append((main.code, called(main)))
        choices += [(sub.code, f"\u2003{called(sub)}") for sub in subs]
    return select_field(where, "categorie", _("Waarover"), choices, _("Alles"))


def called(category: CategoryView) -> str:
    """The name of a category for who reads this page."""
    return category.called(current_language())


def date_field(where: ListPage, name: str, label: Text) -> BoundField:
    """A filter on a day."""
    return BoundField(name, f"filter-{name}", label, "", "date", where.values.get(name, ""))


def case_rows(book: Atlas, tree: CategoryTree, rows: Sequence[Any], day: date) -> list[Row]:
    """Cases in a list."""
    return [case_row(book, tree, row, day) for row in rows]


def case_row(book: Atlas, tree: CategoryTree, row: Any, day: date) -> Row:
    """A case in a list: what and where, how it stands, since when, and how many people see it."""
    category, area = tree.by_id.get(row.category_id), book.tree.get(row.area_id)
    meta: list[tuple[str, Text | str]] = []
    # A title is made of both; it is said again only where it was changed, or in another language.
    if category is not None and called(category) not in row.title:
        meta.append(("tag", called(category)))
    if area is not None and area.name not in row.title:
        meta.append(("map-pin", area.name))
    meta.append(("calendar-days", _("Gemeld op {day}", day=format_date(city_day(row.reported_at)))))
    if (people := row.signals + row.supports) > 1:
        meta.append(("users-round", _how_many(row.type, people)))
    text = row.answer or row.public_text
    return Row(row.title, page_url(paths.case(row.number)), short(text), badges=tuple(badges(row, day)), meta=tuple(meta))


def _how_many(type: str, people: int) -> Text:
    if type in SHARED:
        return n_("{n} mens vindt dit", "{n} mensen vinden dit", people)
    return n_("{n} mens ziet dit", "{n} mensen zien dit", people)


def badges(row: Any, day: date) -> list[tuple[Text | str, str]]:
    """How a case stands, and whether that takes longer than was promised."""
    found: list[tuple[Text | str, str]] = [(STATE_LABELS[row.state], STATE_BADGES[row.state])]
    if row.resolution and row.state not in OPEN and row.resolution not in ("repaired",):
        found.append((RESOLUTION_LABELS[row.resolution], "neutral"))
    if is_late(row, day):
        found.append((_("Later dan beloofd"), "warning"))
    return found


def is_late(row: Any, day: date) -> bool:
    """Whether the promised day passed and it still runs."""
    return row.state in OPEN and row.promised_on is not None and row.promised_on < day


def short(text: str, longest: int = SHOWN) -> str:
    """The beginning of a text in one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest].rpartition(" ")[0] + " …"


def in_working_days(days: int | None) -> Text | None:
    """A number of working days in words; None when it is not known."""
    if days is None:
        return None
    return n_("{n} werkdag", "{n} werkdagen", days) if days else _("dezelfde dag")


def organization_field(where: ListPage, organizations: Iterable[Any]) -> BoundField:
    """The filter on who a case is at."""
    return select_field(where, "organisatie", _("Bij wie ligt het"), [(row.slug, row.name) for row in organizations], _("Iedereen"))


def state_field(where: ListPage) -> BoundField:
    """The filter on how a case stands."""
    return select_field(where, "staat", _("Hoe staat het ervoor?"), STATE_CHOICES.items(), _("Alles"))


def filter_day(text: str) -> date | None:
    """A day in an address. Raises Invalid for what is none, or lies where no city reports."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise unknown_filter() from None
    if not 1990 <= found.year <= 2200:
        raise unknown_filter()
    return found
