"""Ideas as pages show them: a row, its badges, how it stands with support, the choices to narrow a list by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from citycontent.web.api import Atlas, ListPage, area_filter, one_of, select_field, theme_filter
from samen_core.api import Text, _, format_date, format_number, n_
from samen_core.web.api import BoundField, Row, page_url
from samen_doe_mee import paths
from samen_doe_mee.labels import IDEA_KIND_LABELS, IDEA_STATUS_LABELS
from samen_doe_mee.models import IDEA_KINDS, IDEA_STATUSES
from samen_doe_mee.queries.ideas import IdeaFilter
from samen_doe_mee.services.idea_common import term_of

STATUS_KINDS = {
    "received": "neutral",
    "in_conversation": "info",
    "supported": "success",
    "carried_out": "success",
    "passed_on": "info",
    "not_possible": "danger",
}
STATUS_MEANING = {
    "received": _("Het idee is binnen. Er is nog geen antwoord van de gemeente."),
    "in_conversation": _("De gemeente praat met de indiener over het idee."),
    "supported": _("De gemeente steunt het idee en helpt mee."),
    "carried_out": _("Inwoners voeren het idee zelf uit."),
    "passed_on": _("Het idee gaat verder aan een tafel of in een project."),
    "not_possible": _("Het idee kan niet. Hieronder leest u waarom."),
}
TERM_LABELS = {"running": _("Steun wordt verzameld"), "reached": _("Genoeg steun"), "expired": _("Te weinig steun op tijd")}
TERM_CHOICES = {"lopend": "running", "gehaald": "reached", "verlopen": "expired"}
"""What an address calls them."""
SHOWN = 200
FILTERS = ("q", "thema", "gebied", "status", "soort", "steun")


@dataclass(frozen=True, slots=True)
class Progress:
    """How it stands with the support that is needed, in numbers and in words. ``percent`` is at most 100."""

    term: str
    percent: int
    count: Text
    left: Text | str


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list is narrowed to, with the names of what was chosen by their names in the address."""

    filter: IdeaFilter
    picked: list[tuple[str, Text | str | None]]


def narrowed(book: Atlas, where: ListPage) -> Narrowed:
    """What the address narrows a list of ideas to. Raises Invalid for what does not exist."""
    area, theme = area_filter(book, where), theme_filter(book, where)
    status = one_of(where.values.get("status", ""), IDEA_STATUSES)
    kind = one_of(where.values.get("soort", ""), IDEA_KINDS)
    term = one_of(where.values.get("steun", ""), TERM_CHOICES)
    themes = [theme, *book.subthemes(theme)] if theme else []
    found = IdeaFilter(
        area_ids=tuple(book.tree.within(area.id)) if area else None,
        theme_ids=tuple(each.id for each in themes) or None,
        status=status,
        kind=kind,
        term=TERM_CHOICES[term] if term else None,
        text=where.values.get("q", ""),
    )
    return Narrowed(
        found,
        [
            ("q", where.values.get("q")),
            ("thema", theme.name if theme else None),
            ("gebied", area.name if area else None),
            ("status", IDEA_STATUS_LABELS[status] if status else None),
            ("soort", IDEA_KIND_LABELS[kind] if kind else None),
            ("steun", TERM_LABELS[TERM_CHOICES[term]] if term else None),
        ],
    )


def status_field(where: ListPage) -> BoundField:
    """The filter on what is done with an idea."""
    return select_field(where, "status", _("Antwoord"), tuple(IDEA_STATUS_LABELS.items()), _("Alles"))


def kind_field(where: ListPage) -> BoundField:
    """The filter on ideas and challenges."""
    return select_field(where, "soort", _("Soort"), tuple(IDEA_KIND_LABELS.items()), _("Alles"))


def term_field(where: ListPage) -> BoundField:
    """The filter on running, expired and reached."""
    choices = [(name, TERM_LABELS[code]) for name, code in TERM_CHOICES.items()]
    return select_field(where, "steun", _("Steun"), choices, _("Alles"))


def days_left(ends_on: date, day: date) -> Text:
    """How long one can still support it."""
    left = (ends_on - day).days
    return _("vandaag de laatste dag") if left == 0 else n_("nog {n} dag", "nog {n} dagen", left)


def progress(idea: Any, day: date) -> Progress | None:
    """How it stands with the support that is needed; None for an idea that was never published."""
    if idea.needed is None or idea.ends_on is None:
        return None
    term = term_of(idea, day)
    left: Text | str = ""
    if term == "running":
        left = days_left(idea.ends_on, day)
    elif term == "expired":
        left = _("de tijd was voorbij op {day}", day=format_date(idea.ends_on))
    elif term == "reached":
        left = _("genoeg steun")
    count = _("{n} van {needed}", n=format_number(idea.all_supports), needed=format_number(idea.needed))
    return Progress(term, min(100, round(100 * idea.all_supports / max(1, idea.needed))), count, left)


def badges(idea: Any, day: date) -> tuple[tuple[Text, str], ...]:
    """The status and what else is to be known at a glance."""
    found: list[tuple[Text, str]] = [(IDEA_STATUS_LABELS[idea.status], STATUS_KINDS[idea.status])]
    term = term_of(idea, day)
    if term == "reached" and idea.status == "received":
        found.append((TERM_LABELS["reached"], "warm"))
    elif term == "expired":
        found.append((TERM_LABELS["expired"], "neutral"))
    if idea.kind == "challenge":
        found.append((IDEA_KIND_LABELS["challenge"], "info"))
        if idea.decide_by is not None and idea.decide_by < day and idea.status in ("received", "in_conversation"):
            found.append((_("Besluit is te laat"), "warning"))
    return tuple(found)


def place_words(book: Atlas, idea: Any) -> Text | str:
    """Where it is, in words; "" when nobody knows."""
    if idea.whole_city:
        return _("Hele stad")
    area = book.tree.get(idea.area_id)
    return ", ".join(part for part in (idea.place, area.name if area else "") if part)


def idea_rows(book: Atlas, items: Iterable[Any], day: date, *, path: Any = paths.idea) -> list[Row]:
    """Ideas in a list."""
    return [_row(book, idea, day, path) for idea in items]


def _row(book: Atlas, idea: Any, day: date, path: Any) -> Row:
    meta: list[tuple[str, Text | str]] = []
    if stand := progress(idea, day):
        meta.append(("thumbs-up", _("{count} steunen dit", count=stand.count)))
        if stand.term == "running":
            meta.append(("clock", stand.left))
    if where := place_words(book, idea):
        meta.append(("map-pin", where))
    if idea.theme_id in book.themes:
        meta.append(("tag", book.themes[idea.theme_id].name))
    text = " ".join(idea.text.split())
    short = text if len(text) <= SHOWN else text[:SHOWN].rpartition(" ")[0] + " …"
    return Row(idea.title, page_url(path(idea.slug)), short, badges=badges(idea, day), meta=tuple(meta))


def similar_views(book: Atlas, rows: Sequence[Any], day: date, supported: Iterable[Any] = ()) -> list[dict[str, Any]]:
    """Ideas that look like one that somebody is writing, for ``idea_similar.html``."""
    mine = set(supported)
    return [
        {
            "id": row.id,
            "number": row.number,
            "title": row.title,
            "text": row.text,
            "url": page_url(paths.idea(row.slug)),
            "support_url": page_url(paths.idea(row.slug)) + "#steun",
            "badges": badges(row, day),
            "progress": progress(row, day),
            "place": place_words(book, row),
            "supported": row.id in mine,
        }
        for row in rows
    ]
