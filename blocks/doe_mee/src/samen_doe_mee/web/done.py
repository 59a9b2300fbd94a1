"""What was done with what people said, for the whole city."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    Atlas,
    ListPage,
    area_field,
    area_filter,
    atlas,
    chips,
    filters_part,
    in_words,
    list_page,
    one_of,
    select_field,
    theme_field,
    theme_filter,
)
from samen_core.api import Text, UnitOfWork, _, format_date, format_number, n_
from samen_core.web.api import BoundField, crumbs, current_uow, page_url, render
from samen_doe_mee import paths
from samen_doe_mee.labels import IDEA_STATUS_LABELS
from samen_doe_mee.queries.done import IDEA, ROUND, DoneFilter, Numbers, done_page, late_rounds, numbers_of
from samen_doe_mee.services.lateness import city_day, days_late, late_words
from samen_doe_mee.web.common import LABEL, pages, tabs
from samen_inbreng.api import OUTCOME_BADGES, OUTCOME_LABELS

TITLE = _("Wat is er met de inbreng gedaan?")
NAMES = ("soort", "thema", "gebied")
KINDS: dict[str, Text] = {"rondes": _("Rondes van plannen"), "ideeen": _("Ideeën van inwoners")}
_CODES = {"rondes": ROUND, "ideeen": IDEA}
_STATUS_BADGES = {"supported": "success", "carried_out": "success", "not_possible": "neutral"}


@dataclass(frozen=True, slots=True)
class DoneView:
    """A closed round or an idea with an answer. ``numbers`` are (label, kind of badge) pairs, ``sentence`` says them in words."""

    title: str
    about: str
    url: str
    badge: tuple[Text, str]
    heard: str
    done: str
    day: str
    place: str
    sentence: Text | None
    numbers: tuple[tuple[Text, str], ...]


@dataclass(frozen=True, slots=True)
class LateView:
    """A round of which it should have been told what is done with it."""

    title: str
    url: str
    late: Text


@pages.route(paths.DONE, public=True)
def done_list() -> ResponseReturnValue:
    """Closed rounds and answered ideas, newest first, and what is late."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.DONE, *NAMES)
    page = done_page(uow, asked(book, where), where.request())
    numbers = numbers_of(uow, [row.id for row in page.items if row.kind == ROUND])
    picked = _chips(book, where)
    late = [] if where.values else late_rounds(uow)
    return render(
        "doe_mee/done.html",
        tabs=tabs(uow.actor, paths.DONE),
        rows=[_view(book, row, numbers.get(row.id)) for row in page.items],
        late=[_late(uow, row) for row in late],
        filters=filters_part(where, lambda: _fields(book, where), len(picked)),
        chips=picked,
        count=in_words(page.count, _("resultaat"), _("resultaten")),
        list_url=page_url(where.path),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(page),
    )


def asked(book: Atlas, where: ListPage) -> DoneFilter:
    """The filter in the address. Raises Invalid for one that does not exist."""
    area, theme = area_filter(book, where), theme_filter(book, where)
    kind = one_of(where.values.get("soort", ""), KINDS)
    return DoneFilter(
        area_ids=tuple(book.tree.within(area.id)) if area else None,
        theme_ids=(theme.id, *(other.id for other in book.subthemes(theme))) if theme else None,
        kind=_CODES[kind] if kind else None,
    )


def outcome_words(numbers: Numbers) -> Text | None:
    """What became of the contributions in one sentence; None when there are none."""
    total = numbers.contributions
    if not total:
        return None
    used = numbers.outcomes.get("adopted", 0) + numbers.outcomes.get("partly", 0)
    return n_(
        "{used} van {total} bijdrage is helemaal of deels overgenomen.",
        "{used} van {total} bijdragen zijn helemaal of deels overgenomen.",
        total,
        used=format_number(used),
        total=format_number(total),
    )


def outcome_badges(numbers: Numbers) -> tuple[tuple[Text, str], ...]:
    """Each outcome with its number, as badges."""
    return tuple(
        (_("{n} {outcome}", n=format_number(number), outcome=str(label).lower()), OUTCOME_BADGES[code])
        for code, label in OUTCOME_LABELS.items()
        if (number := numbers.outcomes.get(code, 0))
    )


def _view(book: Atlas, row: Any, numbers: Numbers | None) -> DoneView:
    area = book.tree.get(row.area_id) if row.area_id else None
    place, day = area.name if area else "", format_date(city_day(row.at))
    if row.kind == IDEA:
        badge = (IDEA_STATUS_LABELS[row.status], _STATUS_BADGES.get(row.status, "info"))
        return DoneView(row.title, "", page_url(paths.idea(row.slug)), badge, "", row.done, day, place, None, ())
    found = numbers or Numbers()
    url = f"{page_url(paths.plan(row.plan_slug))}#{row.slug}"
    words = outcome_words(found) or (n_("{n} mens deed mee.", "{n} mensen deden mee.", found.people) if found.people else None)
    return DoneView(
        row.plan_title, row.title, url, (_("Ronde afgesloten"), "success"), row.heard, row.done, day, place, words, outcome_badges(found)
    )


def _late(uow: UnitOfWork, row: Any) -> LateView:
    title = f"{row.plan_title}: {row.title}"
    return LateView(title, f"{page_url(paths.plan(row.plan_slug))}#{row.slug}", late_words(days_late(row.result_by, uow.now)))


def _fields(book: Atlas, where: ListPage) -> list[BoundField]:
    return [
        select_field(where, "soort", _("Wat wilt u zien?"), KINDS.items(), _("Alles")),
        theme_field(book, where),
        area_field(book, where),
    ]


def _chips(book: Atlas, where: ListPage) -> list[tuple[Text | str, str]]:
    area, theme = area_filter(book, where), theme_filter(book, where)
    return chips(
        where,
        [
            ("soort", KINDS.get(where.values.get("soort", ""))),
            ("thema", theme.name if theme else None),
            ("gebied", area.name if area else None),
        ],
    )
