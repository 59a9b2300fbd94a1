"""What the list pages share: filters that stay in the address, chips, sorts, the pager and the count in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from markupsafe import Markup

from citycontent.queries.areas import AreaRow
from citycontent.web.atlas import Atlas, ThemeView
from samen_core.api import Count, Invalid, Page, PageRequest, Text, _, without_bad
from samen_core.web.api import BoundField, Option, page_url, render_part

Label = Text | str
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class ListPage:
    """Where a list is: its path and what stands in its address, without empty values."""

    path: str
    values: Mapping[str, str]

    def url(self, **changes: str | None) -> str:
        """The address with these values changed; None takes one away. It always starts at the first page."""
        values = {**{name: value for name, value in self.values.items() if name != "cursor"}, **changes}
        query = urlencode({name: value for name, value in values.items() if value})
        return page_url(self.path) + (f"?{query}" if query else "")

    def pager(self, page: Page[Any]) -> dict[str, str | None]:
        """``previous_url`` and ``next_url`` for the template."""
        return {
            "previous_url": self.url(cursor=page.previous) if page.previous else None,
            "next_url": self.url(cursor=page.next) if page.next else None,
        }

    def hidden(self, *names: str) -> list[tuple[str, str]]:
        """What stays in the address when the filters are sent but is no filter itself, such as the order."""
        return [(name, self.values[name]) for name in names if name in self.values]

    def request(self, limit: int = 20) -> PageRequest:
        """The asked page of the list."""
        return PageRequest(limit=limit, cursor=self.values.get("cursor", ""))

    def sorts(self, name: str, options: Iterable[tuple[str, Label]]) -> list[tuple[Label, str, bool]]:
        """The orders for ``lists.head``; the first is the usual one and does not stand in the address."""
        found = []
        for position, (value, label) in enumerate(options):
            usual = position == 0
            found.append((label, self.url(**{name: None if usual else value}), self.values.get(name, "") == ("" if usual else value)))
        return found


def list_page(path: str, *names: str) -> ListPage:
    """The list that was asked for; ``names`` are what its address may hold besides ``cursor``."""
    values = {}
    for name in (*names, "cursor"):
        value = " ".join(without_bad(request.args.get(name, ""), " ").split())
        if value:
            values[name] = value[:LONGEST_SEARCH] if name == "q" else value
    return ListPage(path, values)


def unknown_filter() -> Invalid:
    """What is raised for a filter value that does not exist."""
    return Invalid(_("Dit filter bestaat niet (meer). Begin opnieuw bij de hele lijst."))


def one_of(value: str, known: Iterable[str]) -> str | None:
    """The value of a filter with fixed answers; None when it is empty. Raises Invalid for another one."""
    if value and value not in known:
        raise unknown_filter()
    return value or None


def area_filter(book: Atlas, where: ListPage) -> AreaRow | None:
    """The chosen area. Raises Invalid for one that does not exist."""
    slug = where.values.get("gebied", "")
    if slug and slug not in book.tree.by_slug:
        raise unknown_filter()
    return book.tree.by_slug[slug] if slug else None


def theme_filter(book: Atlas, where: ListPage) -> ThemeView | None:
    """The chosen theme. Raises Invalid for one that does not exist."""
    slug = where.values.get("thema", "")
    if slug and slug not in book.theme_by_slug:
        raise unknown_filter()
    return book.theme_by_slug[slug] if slug else None


def search_field(where: ListPage, label: Label) -> BoundField:
    """The field of words to search for."""
    return BoundField("q", "filter-q", label, "", "search", where.values.get("q", ""), maxlength=LONGEST_SEARCH)


def select_field(where: ListPage, name: str, label: Label, choices: Iterable[tuple[str, Label]], everything: Label) -> BoundField:
    """A filter with answers to choose from; ``everything`` is the answer that filters nothing."""
    chosen = where.values.get(name, "")
    options = (Option("", everything, "", not chosen), *(Option(value, text, "", value == chosen) for value, text in choices))
    return BoundField(name, f"filter-{name}", label, "", "select", chosen, options=options)


def area_field(book: Atlas, where: ListPage) -> BoundField:
    """The filter on areas: every wijk with its buurten under it."""
    return select_field(where, "gebied", _("Wijk of buurt"), book.keep("areas", lambda: area_choices(book, by_slug=True)), _("Hele stad"))


def theme_field(book: Atlas, where: ListPage) -> BoundField:
    """The filter on themes."""
    return select_field(where, "thema", _("Thema"), book.keep("themes", lambda: theme_choices(book, by_slug=True)), _("Alle thema's"))


def area_choices(book: Atlas, *, by_slug: bool = False) -> list[tuple[str, Label]]:
    """All areas as answers, the small ones under the large ones; filters go by slug and have no use for the whole city."""
    areas = [] if by_slug or book.city is None else [book.city]
    for wijk in book.wijken:
        areas += [wijk, *book.inside(wijk)]
    return [(area.slug if by_slug else str(area.id), _indented(area.name, area.classification == "buurt")) for area in areas]


def theme_choices(book: Atlas, *, by_slug: bool = False) -> list[tuple[str, Label]]:
    """All themes as answers, the narrow ones under the wide ones."""
    themes: list[tuple[ThemeView, int]] = [(theme, 0) for theme in reversed(book.themes.values()) if theme.parent_id not in book.themes]
    found: list[tuple[str, Label]] = []
    while themes:
        theme, depth = themes.pop()
        found.append((theme.slug if by_slug else str(theme.id), _indented(theme.name, depth > 0)))
        themes += [(other, depth + 1) for other in reversed(book.subthemes(theme))]
    return found


def filters_part(
    where: ListPage,
    fields: Callable[[], list[BoundField]],
    chosen: int,
    hidden: tuple[str, ...] = (),
    *,
    book: Atlas | None = None,
    key: Any = (),
) -> Markup:
    """The form with the filters. Without a choice it is the same for all, and kept in the atlas, whatever the page of the list.

    ``hidden`` names what stays in the address beside the filters, such as the order; ``key`` is what else the form shows.
    """
    kept_along = where.hidden(*hidden)

    def make() -> Markup:
        return render_part("citycontent/filters.html", list_url=page_url(where.path), fields=fields(), chosen=chosen, hidden=kept_along)

    if book is None or where.values.keys() - {"cursor", *hidden}:
        return make()
    kept: Markup = book.keep(("filters", page_url(where.path), key, chosen, tuple(kept_along)), make)
    return kept


def _indented(name: str, inner: bool) -> str:
    return f"\u2003{name}" if inner else name


def counted(label: Label, number: int) -> str:
    """The text of an answer with how many there are: ``Overheid (12)``."""
    return f"{label} ({number})"


def in_words(count: Count | None, one: Text, several: Text) -> Text:
    """The head of a list: ``1 organisatie``, ``38 organisaties``, ``meer dan 1.000 organisaties``."""
    if count is None:
        raise ValueError("the list was read without its count")
    return _("{count} {things}", count=str(count), things=one if count.number == 1 and not count.more else several)


def chips(where: ListPage, chosen: Iterable[tuple[str, Label | None]]) -> list[tuple[Label, str]]:
    """The chosen filters, each with the address without it: pairs of name in the address and label (None is not chosen)."""
    return [(label, where.url(**{name: None})) for name, label in chosen if label]
