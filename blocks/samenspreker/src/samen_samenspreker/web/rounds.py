"""Rounds of step 2: the list, the public record of one, and the pages to plan, change and close it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import FormPage, FormSpec, Section, form_page, send, show
from samen_core.api import NotFound, Text, UnitOfWork, _, format_number, n_
from samen_core.web.api import Crumb, current_uow, go, page_url, say
from samen_inbreng.api import CHANNEL_LABELS, activity_path, activity_state, last_moment
from samen_samenspreker.labels import JOIN_LABELS, ROUND_KIND_LABELS
from samen_samenspreker.models import Question, Round
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.rounds import Counts, activities_of, round_by_number, rounds_of, tallies, together
from samen_samenspreker.schemas.rounds import CancelRoundSchema, CloseRoundSchema, PlanRoundSchema, UpdateRoundSchema
from samen_samenspreker.services.common import city_day, today
from samen_samenspreker.services.rounds import (
    cancel_round,
    close_round,
    missing_to_close,
    open_round,
    round_path,
    round_state,
    round_values,
    update_round,
)
from samen_samenspreker.web.frame import LABEL, on_table, pages, table_page

PATH = f"{HOME}/<slug>/rondes"
ONE = f"{PATH}/<int:number>"
TITLE = _("Rondes")
STATES: dict[str, tuple[Text, str]] = {
    "planned": (_("Gepland"), "neutral"),
    "open": (_("Bezig"), "warm"),
    "closed": (_("Afgerond"), "success"),
    "cancelled": (_("Gaat niet door"), "neutral"),
}
ACTIVITY_STATES: dict[str, tuple[Text, str]] = {
    "planned": (_("Nog niet open"), "neutral"),
    "open": (_("U kunt nu meedoen"), "warm"),
    "closed": (_("Gesloten"), "neutral"),
}
SECTIONS = (Section(_("Wat is het?"), ("kind", "title", "purpose")), Section(_("Wanneer?"), ("opens_on", "ends_on")))
CONCLUSIONS: tuple[tuple[str, Text], ...] = (
    ("agreed", _("Waarover is de tafel het eens?")),
    ("disagreed", _("Waarover is de tafel het niet eens?")),
    ("minority", _("Wat vindt een minderheid?")),
)


@dataclass(frozen=True, slots=True)
class ActivityView:
    """An activity as pages show it: its state in words, how many contributed, and its address ("" for one elsewhere)."""

    row: Any
    url: str
    state: tuple[Text, str] | None
    number: int
    last_day: date | None
    edit_url: str
    enter_url: str


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round in the list."""

    row: Any
    url: str
    kind: Text
    state: tuple[Text, str]
    left: Text | None
    activities: int
    number: int


def numbers(counts: Mapping[str, int], labels: Mapping[str, Text]) -> list[tuple[str, Text, int]]:
    """A dimension of the counts in the order of its labels: (code, label, number)."""
    return [(code, label, counts.get(code, 0)) for code, label in labels.items()]


def total(counts: Counts) -> int:
    """How many contributions or filled-in questionnaires there are."""
    return sum(counts.get("sector", {}).values())


def days_left(last: date, now: date) -> Text | None:
    """How long a round is planned to last; None once that day has passed."""
    days = (last - now).days
    if days < 0:
        return None
    return n_("nog {n} dag", "nog {n} dagen", days) if days else _("vandaag is de laatste dag")


@pages.route(PATH, public=True)
def round_list(slug: str) -> ResponseReturnValue:
    """The rounds of the table."""
    uow = current_uow()
    question = on_table(uow, slug)
    rows = rounds_of(uow, question.id)
    activities = activities_of(uow, [row.id for row in rows])
    counts = tallies(uow, [item.activity_id for found in activities.values() for item in found])
    may_plan = FACILITATE.allows(uow.actor, question.id) and question.step == "solve"
    views = [_round_view(uow, question, row, activities[row.id], counts) for row in rows]
    return table_page(
        uow,
        question,
        "rondes",
        "samenspreker/rounds.html",
        title=TITLE,
        rounds=list(reversed(views)),
        new_url=page_url(table(slug, "rondes/nieuw")) if may_plan else "",
    )


def _round_view(uow: UnitOfWork, question: Question, row: Any, activities: list[Any], counts: Mapping[Any, Counts]) -> RoundView:
    state = round_state(row, today(uow))
    return RoundView(
        row=row,
        url=page_url(round_path(question, row.number)),
        kind=ROUND_KIND_LABELS[row.kind],
        state=STATES[state],
        left=days_left(row.ends_on, today(uow)) if state == "open" else None,
        activities=len(activities),
        number=sum(total(counts.get(item.activity_id, {})) for item in activities),
    )


@pages.route(ONE, public=True)
def round_page(slug: str, number: int) -> ResponseReturnValue:
    """The public record of one round: activities, who contributed, and the conclusions."""
    uow = current_uow()
    question, found = _at(uow, slug, number)
    rows = activities_of(uow, [found.id])[found.id]
    counts = tallies(uow, [row.activity_id for row in rows])
    together_ = together(counts.values())
    facilitates = FACILITATE.allows(uow.actor, question.id) and found.closed_at is None
    state = round_state(found, today(uow))
    views = [activity_view(uow, question, row, counts.get(row.activity_id, {}), facilitates) for row in rows]
    return table_page(
        uow,
        question,
        "rondes",
        "samenspreker/round.html",
        title=_("Ronde {number}: {title}", number=number, title=found.title),
        above=[(TITLE, table(slug, "rondes"))],
        round=found,
        kind=ROUND_KIND_LABELS[found.kind],
        state=STATES[state],
        left=days_left(found.ends_on, today(uow)) if state == "open" else None,
        join=next(
            ((view.row.title, view.url, JOIN_LABELS[view.row.kind]) for view in views if view.state == ACTIVITY_STATES["open"]), None
        ),
        activities=views,
        total=total(together_),
        sectors=numbers(together_.get("sector", {}), SECTOR_LABELS),
        channels=[(label, format_number(many)) for _code, label, many in numbers(together_.get("channel", {}), CHANNEL_LABELS) if many],
        conclusions=[(label, getattr(found, name)) for name, label in CONCLUSIONS] if state == "closed" else [],
        is_cancelled=state == "cancelled",
        path=page_url(round_path(question, number)) if facilitates else "",
        may_add=facilitates and question.step == "solve",
        may_close=facilitates and state == "open",
        may_cancel=facilitates and state == "planned",
    )


def activity_view(uow: UnitOfWork, question: Question, row: Any, counts: Counts, facilitates: bool) -> ActivityView:
    """An activity of a round as pages show it. No SQL."""
    online = row.mode == "online"
    return ActivityView(
        row=row,
        url=page_url(activity_path(row.slug)) if row.slug else "",
        state=ACTIVITY_STATES[activity_state(row, uow.now)] if online and row.slug else None,
        number=total(counts),
        last_day=_last_day(row) if online else row.held_on,
        edit_url=_edit_url(question, row) if facilitates else "",
        enter_url=page_url(activity_path(row.slug, "invoeren")) if facilitates and row.slug and not online else "",
    )


def _last_day(row: Any) -> date | None:
    """The last day that an activity is open: the day of its date, or earlier by hand."""
    if row.closes_at is None and row.closed_at is None:
        return None
    return city_day(row.closed_at or last_moment(row.closes_at))


def _edit_url(question: Question, row: Any) -> str:
    if row.mode == "online":
        return page_url(activity_path(row.slug, "bewerken")) if row.slug else ""
    return page_url(table(question.slug, f"rondes/activiteit/{row.id}"))


@pages.route(f"{PATH}/nieuw", permission=FACILITATE, methods=["GET", "POST"])
def round_new(slug: str) -> ResponseReturnValue:
    """Plan a round."""
    uow = current_uow()
    question = on_table(uow, slug)
    FACILITATE.require(uow.actor, question.id)
    question_id = question.id
    page = FormPage(
        title=_("Ronde plannen"),
        lead=_("In een ronde werkt de tafel samen met de stad aan één stap: kijken wat er speelt, ideeën ophalen, uitwerken of toetsen."),
        submit=_("Plan de ronde"),
        done=_("De ronde staat gepland. Voeg nu activiteiten toe."),
        path=table(slug, "rondes/nieuw"),
        back=table(slug, "rondes"),
        trail=_trail(question, _("Plannen")),
    )

    def write(command: Any) -> str:
        return table(slug, f"rondes/{open_round(uow, question_id, command).number}")

    return form_page(uow, page, FormSpec(PlanRoundSchema), SECTIONS, write, values={})


@pages.route(f"{ONE}/bewerken", permission=FACILITATE, methods=["GET", "POST"])
def round_edit(slug: str, number: int) -> ResponseReturnValue:
    """Change what is planned of a round."""
    uow = current_uow()
    question, found = _at(uow, slug, number)
    FACILITATE.require(uow.actor, question.id)
    id, path = found.id, round_path(question, number)
    page = FormPage(
        title=_("Ronde {number} bewerken", number=number),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{path}/bewerken",
        back=path,
        trail=_trail(question, _("Bewerken")),
    )

    def write(command: Any) -> str:
        update_round(uow, id, command)
        return path

    return form_page(uow, page, FormSpec(UpdateRoundSchema), SECTIONS, write, values=round_values(found))


@pages.route(f"{ONE}/afronden", permission=FACILITATE, methods=["GET", "POST"])
def round_close(slug: str, number: int) -> ResponseReturnValue:
    """Close a round with its conclusions; what is still missing stands above the form."""
    uow = current_uow()
    question, found = _at(uow, slug, number)
    FACILITATE.require(uow.actor, question.id)
    id, path = found.id, round_path(question, number)
    spec = FormSpec(CloseRoundSchema)

    def write(command: Any) -> str:
        close_round(uow, id, command)
        return path

    answer = show(uow, spec, round_values(found)) if request.method == "GET" else send(uow, spec, write)
    if isinstance(answer, str):
        say(_("De ronde is afgerond. De conclusies staan op deze pagina."))
        return go(answer)
    return table_page(
        uow,
        question,
        "rondes",
        "samenspreker/round_close.html",
        title=_("Ronde {number} afronden", number=number),
        above=[(TITLE, table(slug, "rondes"))],
        status=answer.status,
        form=answer.form,
        missing=missing_to_close(uow, found),
        action=page_url(f"{path}/afronden"),
        cancel_url=page_url(path),
    )


@pages.route(f"{ONE}/afgelasten", permission=FACILITATE, methods=["GET", "POST"])
def round_cancel(slug: str, number: int) -> ResponseReturnValue:
    """Call off a round that has not begun."""
    uow = current_uow()
    question, found = _at(uow, slug, number)
    FACILITATE.require(uow.actor, question.id)
    id, path = found.id, round_path(question, number)
    page = FormPage(
        title=_("Ronde {number} gaat niet door", number=number),
        lead=_("Ook de activiteiten op deze website gaan niet door. De reden komt in het logboek. U kunt dit niet terugdraaien."),
        submit=_("Laat de ronde niet doorgaan"),
        done=_("De ronde gaat niet door. De reden staat in het logboek."),
        path=f"{path}/afgelasten",
        back=path,
        trail=_trail(question, _("Niet door laten gaan")),
    )

    def write(command: Any) -> str:
        cancel_round(uow, id, command)
        return path

    sections = (Section(_("De reden"), ("reason",)),)
    return form_page(uow, page, FormSpec(CancelRoundSchema), sections, write, values={"version": found.version})


def _at(uow: UnitOfWork, slug: str, number: int) -> tuple[Question, Round]:
    question = on_table(uow, slug)
    found = round_by_number(uow, question.id, number)
    if found is None:
        raise NotFound
    return question, found


def _trail(question: Question, last: Text) -> tuple[Crumb, ...]:
    return ((LABEL, HOME), (question.title, table(question.slug)), (TITLE, table(question.slug, "rondes")), (last, None))
