"""Ideas, plans, activities and meetings as lists and cards of the overview show them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from citycontent.web.api import Atlas, when
from samen_core.api import Text, UnitOfWork, _, format_date, markdown_text, n_
from samen_core.web.api import Card, Row, page_url
from samen_doe_mee import paths
from samen_doe_mee.labels import IDEA_STATUS_LABELS
from samen_doe_mee.services.activity_types import ACTIVITY_TYPES, BY_CODE
from samen_doe_mee.services.lateness import city_day
from samen_inbreng.api import last_moment

KIND_LABELS: dict[str, Text] = {"idea": _("Idee"), "plan": _("Plan"), "activity": _("Meedoen"), "meeting": _("Bijeenkomst")}
ENTERED = tuple(type.code for type in ACTIVITY_TYPES if not type.takes_part_online)
"""Types of activities that only staff enters: nothing that one can do now."""
SHOWN = 180
"""Letters of a text in a list."""
STATUS_KINDS = {
    "received": "info",
    "in_conversation": "info",
    "supported": "success",
    "carried_out": "success",
    "passed_on": "success",
    "not_possible": "neutral",
}
Facts = list[tuple[str, Text | str]]
_SPACES = re.compile(r"\s+")


def short(source: str) -> str:
    """The first words of a text, in one line."""
    return _short(source[: 4 * SHOWN])


@lru_cache(maxsize=1_000)
def _short(source: str) -> str:
    words = _SPACES.sub(" ", markdown_text(source)).strip()
    return words if len(words) <= SHOWN else words[:SHOWN].rsplit(" ", 1)[0] + " …"


def days_left(until: datetime, now: datetime) -> Text:
    """How long something still runs: "nog 5 dagen"."""
    return still((city_day(last_moment(until)) - city_day(now)).days)


def still(days: int) -> Text:
    """So many days are left."""
    return n_("nog {n} dag", "nog {n} dagen", days) if days > 0 else _("vandaag de laatste dag")


def takes(minutes: int) -> Text:
    """How long taking part takes."""
    return n_("duurt {n} minuut", "duurt {n} minuten", max(1, minutes))


def place_of(book: Atlas, area_id: Any, *, whole_city: bool = False) -> Text | str:
    """The neighbourhood, by its name; the whole city for what is about that."""
    area = book.tree.get(area_id) if area_id else None
    if area is not None:
        return area.name
    return _("Hele stad") if whole_city else ""


def activity_card(uow: UnitOfWork, row: Any) -> Card:
    """An activity that is open, as a card: how long it takes and how long it still runs."""
    text = short(row.intro) or row.plan_title
    date = _("{left}, {takes}", left=str(days_left(row.closes_at, uow.now)).capitalize(), takes=takes(row.minutes))
    kind = BY_CODE.get(row.type)
    return Card(row.title, page_url(paths.activity(row.slug)), text, date, kind.label if kind else KIND_LABELS["activity"], "warm")


def activity_row(uow: UnitOfWork, book: Atlas, row: Any) -> Row:
    """An activity that is open, in a list."""
    facts: Facts = [("calendar-clock", days_left(row.closes_at, uow.now)), ("clock", takes(row.minutes))]
    if place := place_of(book, row.area_id):
        facts.append(("map-pin", place))
    kind = BY_CODE.get(row.type)
    badges = ((kind.label if kind else KIND_LABELS["activity"], "warm"),)
    return Row(row.title, page_url(paths.activity(row.slug)), _("Bij het plan {plan}", plan=row.plan_title), badges, meta=tuple(facts))


def idea_row(uow: UnitOfWork, book: Atlas, row: Any) -> Row:
    """An idea: how it stands, where it is about, and how many support it."""
    facts: Facts = [("heart-handshake", supported(row.all_supports, row.needed, row.reached_at))]
    if place := place_of(book, row.area_id, whole_city=row.whole_city):
        facts.append(("map-pin", place))
    if row.status == "received" and row.reached_at is None and row.ends_on is not None:
        days = (row.ends_on - city_day(uow.now)).days
        facts.append(("calendar-clock", still(days) if days >= 0 else _("termijn voorbij")))
    badges = ((IDEA_STATUS_LABELS[row.status], STATUS_KINDS[row.status]),)
    return Row(row.title, page_url(paths.idea(row.slug)), short(row.text), badges, meta=tuple(facts))


def supported(number: int, needed: int | None, reached_at: Any) -> Text:
    """How many people support an idea, and of how many that are needed."""
    if needed and reached_at is None:
        return n_("{n} van {needed} steunt dit", "{n} van {needed} steunen dit", number, needed=needed)
    return n_("{n} mens steunt dit", "{n} mensen steunen dit", number)


def plan_row(uow: UnitOfWork, book: Atlas, row: Any) -> Row:
    """A plan: whether it runs, and until when."""
    standing, fact = _period(row.state, row.opens_at, row.closes_at, uow.now)
    facts: Facts = [("calendar-clock", fact)] if fact else []
    if place := place_of(book, row.area_id):
        facts.append(("map-pin", place))
    return Row(row.title, page_url(paths.plan(row.slug)), short(row.summary), (standing,), meta=tuple(facts))


def meeting_row(book: Atlas, row: Any) -> Row:
    """A meeting that comes: when, where, and whether there is room."""
    facts: Facts = [("calendar-days", when(row.start_date, row.end_date, all_day=row.all_day))]
    if row.location:
        facts.append(("map-pin", row.location))
    elif place := place_of(book, row.area_id):
        facts.append(("map-pin", place))
    badges: tuple[tuple[Text, str], ...] = ()
    if row.registration and row.places is not None:
        left = row.places - row.taken
        badges = (
            (n_("nog {n} plaats", "nog {n} plaatsen", left) if left > 0 else _("Vol: wachtlijst"), "info" if left > 0 else "warning"),
        )
    text = _("Bij het plan {plan}", plan=row.plan_title)
    return Row(row.name, page_url(paths.meeting(row.id)), text, badges, meta=tuple(facts))


def done_row(book: Atlas, row: Any) -> Row:
    """A round of which is told what was done with what people said."""
    facts: Facts = [("calendar-days", format_date(city_day(row.closed_at)))]
    if place := place_of(book, row.area_id):
        facts.append(("map-pin", place))
    title = _("{plan}: {round}", plan=row.plan_title, round=row.title)
    return Row(title, page_url(paths.plan(row.plan_slug)) + f"#{row.slug}", short(row.done or row.heard), meta=tuple(facts))


def together_row(uow: UnitOfWork, book: Atlas, row: Any) -> Row:
    """A thing of the list of everything: its kind, how it stands, where, and until when."""
    standing, url, facts = _SHOWN_AS[row.kind](uow, row)
    if place := place_of(book, row.area_id, whole_city=row.kind == "idea"):
        facts.append(("map-pin", place))
    text = short(row.text) or (_("Bij het plan {plan}", plan=row.plan_title) if row.plan_title else "")
    return Row(row.title, page_url(url), text, ((KIND_LABELS[row.kind], "neutral"), standing), meta=tuple(facts))


def together_rows(uow: UnitOfWork, book: Atlas, rows: Iterable[Any]) -> list[Row]:
    """Things of the list of everything."""
    return [together_row(uow, book, row) for row in rows]


def together_path(row: Any) -> str:
    """The page of a thing of the list of everything."""
    return _PATHS[row.kind](row)


Shown = tuple[tuple[Text, str], str, Facts]


def _shown_idea(uow: UnitOfWork, row: Any) -> Shown:
    facts: Facts = [("heart-handshake", supported(row.number, row.needed, row.reached_at))]
    status = (IDEA_STATUS_LABELS[row.status], STATUS_KINDS[row.status])
    if row.status == "received" and row.reached_at is None and row.ends_on is not None:
        days = (row.ends_on - city_day(uow.now)).days
        if days >= 0:
            facts.append(("calendar-clock", still(days)))
        else:
            status = (_("Termijn voorbij"), "neutral")
    return status, together_path(row), facts


def _shown_plan(uow: UnitOfWork, row: Any) -> Shown:
    begins = row.at if row.at > uow.now else None
    standing, fact = _period(row.status, begins, row.until, uow.now)
    return standing, together_path(row), [("calendar-clock", fact)] if fact else []


def _shown_activity(uow: UnitOfWork, row: Any) -> Shown:
    standing, fact = _period("published", row.at, row.until, uow.now)
    kind = BY_CODE.get(row.status)
    facts: Facts = []
    if kind is None or kind.takes_part_online:
        facts = [("calendar-clock", fact), ("clock", takes(row.minutes))] if fact else [("clock", takes(row.minutes))]
    if kind is not None:
        facts.insert(0, (kind.icon, kind.label))
    return standing, together_path(row), facts


def _shown_meeting(uow: UnitOfWork, row: Any) -> Shown:
    ended = (row.until or row.at) <= uow.now
    standing = (_("Geweest"), "neutral") if ended else (_("Komt nog"), "info")
    return standing, together_path(row), [("calendar-days", when(row.at, row.until))]


def _period(state: str, opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> tuple[tuple[Text, str], Text | str]:
    """How a period stands, and the day or what is left of it."""
    if state == "finished" or (closes_at is not None and closes_at <= now):
        ended = _("tot en met {day}", day=format_date(city_day(last_moment(closes_at)))) if closes_at is not None else ""
        return (_("Afgerond"), "neutral"), ended
    if opens_at is not None and opens_at > now:
        return (_("Komt nog"), "info"), _("vanaf {day}", day=format_date(city_day(opens_at)))
    return (_("Loopt nu"), "success"), days_left(closes_at, now) if closes_at is not None else ""


_SHOWN_AS: dict[str, Callable[[UnitOfWork, Any], Shown]] = {
    "idea": _shown_idea,
    "plan": _shown_plan,
    "activity": _shown_activity,
    "meeting": _shown_meeting,
}
_PATHS: dict[str, Callable[[Any], str]] = {
    "idea": lambda row: paths.idea(row.slug),
    "plan": lambda row: paths.plan(row.slug),
    "activity": lambda row: paths.activity(row.slug),
    "meeting": lambda row: paths.meeting(row.id),
}
