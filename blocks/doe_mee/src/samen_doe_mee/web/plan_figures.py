"""The figures of a plan: at the desk in full with a file, and in short for everybody on the page of the plan."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import Atlas, atlas
from samen_core.api import LOGGED_IN, Text, UnitOfWork, _, format_day, format_number, n_
from samen_core.web.api import SlotFill, csv_file, current_uow, page_url, render, render_part
from samen_doe_mee import paths
from samen_doe_mee.models import Plan
from samen_doe_mee.queries.figures import LEAST, PlanFigures, PlanTotals, plan_figures, plan_totals
from samen_doe_mee.services.activity_types import BY_CODE
from samen_doe_mee.services.kinds import PLAN
from samen_doe_mee.services.plans import require_work, visible_plan
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.desk_plan_frame import desk_frame
from samen_inbreng.api import CHANNEL_LABELS, OUTCOME_LABELS

PAGE = paths.desk_plan("<slug>", "cijfers")
TITLE = _("Cijfers")
REACH_LABELS: dict[str, Text] = {
    "site": _("Via deze website"),
    "poster": _("Via een poster"),
    "flyer": _("Via een folder"),
    "mail": _("Via een mail"),
    "social": _("Via sociale media"),
}
WAITING = _("Wacht nog op een antwoord")
_WIDTH, _ROW, _LABEL = 640, 28, 220


@dataclass(frozen=True, slots=True)
class Table:
    """A table of numbers with its picture."""

    id: str
    title: Text
    column: Text
    rows: Sequence[tuple[str, int]]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The rows as texts."""
        return [(label, format_number(number)) for label, number in self.rows]

    @property
    def svg(self) -> Markup:
        """The rows as bars; the table beside it says the same, so it is hidden from who listens."""
        most = max((number for _label, number in self.rows), default=0) or 1
        height = _ROW * len(self.rows)
        bars = Markup("")
        for at, (label, number) in enumerate(self.rows):
            width = round((_WIDTH - _LABEL - 70) * number / most)
            bars += Markup(
                '<text x="{}" y="{}" text-anchor="end" font-size="14" fill="currentColor">{}</text>'
                '<rect x="{}" y="{}" width="{}" height="18" rx="3" fill="var(--samen-action)"></rect>'
                '<text x="{}" y="{}" font-size="14" fill="currentColor">{}</text>'
            ).format(
                *(_LABEL - 8, at * _ROW + 19, _short(label), _LABEL, at * _ROW + 5, max(width, 2)),
                *(_LABEL + max(width, 2) + 8, at * _ROW + 19, format_number(number)),
            )
        return Markup('<svg class="doe-chart" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>').format(
            _WIDTH, height, bars
        )


@pages.route(PAGE, permission=LOGGED_IN)
def figures_page(slug: str) -> ResponseReturnValue:
    """The figures of a plan for who works at it."""
    uow = current_uow()
    plan = visible_plan(uow, slug)
    require_work(uow, plan)
    figures = plan_figures(uow, plan.id)
    return render(
        "doe_mee/desk_figures.html",
        **desk_frame(uow, plan, "cijfers", TITLE),
        numbers=big_numbers(figures),
        tables=[table for table in _tables(atlas(uow), figures) if table.rows],
        empty=figures.is_empty,
        least=LEAST,
        csv_url=page_url(paths.desk_plan(slug, "cijfers.csv")),
        back_url=page_url(paths.desk_plan(slug)),
    )


@pages.route(f"{PAGE}.csv", permission=LOGGED_IN, cache=False)
def figures_csv(slug: str) -> ResponseReturnValue:
    """The same figures as a file."""
    uow = current_uow()
    plan = visible_plan(uow, slug)
    require_work(uow, plan)
    tables = _tables(atlas(uow), plan_figures(uow, plan.id))
    rows = ((table.title, label, number) for table in tables for label, number in table.rows)
    return csv_file(f"cijfers-{slug}.csv", (_("Wat"), _("Welke"), _("Aantal")), rows)


def figures_part(uow: UnitOfWork, plan: Plan) -> str | None:
    """The figures in short for everybody, on the page of the plan; None while nobody took part."""
    totals = plan_totals(uow, plan.id)
    if totals.is_empty:
        return None
    shown = [table for table in _of_contributions(atlas(uow), totals) if table.rows]
    return render_part("doe_mee/plan_figures.html", numbers=big_numbers(totals), tables=shown, least=LEAST)


def _in_slot(uow: UnitOfWork, *, subject_id: uuid.UUID, **_values: Any) -> str | None:
    plan = uow.session.get(Plan, subject_id)
    return figures_part(uow, plan) if plan is not None else None


FIGURES = SlotFill("subject.main", _in_slot, order=200, subject_types=(PLAN,))


def big_numbers(figures: PlanTotals) -> list[tuple[str, Text]]:
    """What everybody wants to know first, each a number with its words; who took part elsewhere apart."""
    found: list[tuple[str, Text]] = []
    if figures.visits:
        found.append((format_number(figures.visits), n_("keer bekeken", "keer bekeken", figures.visits)))
    found.append((format_number(figures.people), n_("mens deed online mee", "mensen deden online mee", figures.people)))
    if figures.outside_people:
        words = n_("mens deed ergens anders mee", "mensen deden ergens anders mee", figures.outside_people)
        found.append((format_number(figures.outside_people), words))
    if figures.contributions:
        found.append((format_number(figures.contributions), n_("bijdrage", "bijdragen", figures.contributions)))
    return found


def _of_contributions(book: Atlas, figures: PlanTotals) -> list[Table]:
    """The tables that everybody sees."""
    areas = [(area.name if (area := book.tree.get(id)) else str(_("Een gebied dat er niet meer is")), n) for id, n in figures.areas.items()]
    areas.sort(key=lambda item: (-item[1], item[0]))
    if figures.elsewhere:
        areas.append((str(_("Andere gebieden, of zonder plek")), figures.elsewhere))
    return [
        Table("sectoren", _("Van wie waren de bijdragen?"), _("Sector"), _labelled(SECTOR_LABELS, figures.sectors)),
        Table("manieren", _("Hoe kwamen ze binnen?"), _("Manier"), _labelled(CHANNEL_LABELS, figures.channels)),
        Table("gebieden", _("Over welke wijk of buurt?"), _("Wijk of buurt"), areas if figures.areas else []),
    ]


def _tables(book: Atlas, figures: PlanFigures) -> list[Table]:
    outcomes = _labelled(OUTCOME_LABELS, figures.outcomes)
    if figures.outcomes.get(""):
        outcomes.append((str(WAITING), figures.outcomes[""]))
    activities = [
        (f"{row.title} ({BY_CODE[row.type].label if row.type in BY_CODE else row.type})", row.taken_part) for row in figures.activities
    ]
    return [
        Table("bereik", _("Hoe kwamen mensen hier?"), _("Weg"), _labelled(REACH_LABELS, figures.reach)),
        Table("dagen", _("Bekeken per dag"), _("Dag"), [(format_day(day), number) for day, number in figures.days]),
        Table("activiteiten", _("Wie deed waar mee?"), _("Activiteit"), activities),
        Table("elders", _("Meegedaan op een andere plek"), _("Plek"), _labelled(CHANNEL_LABELS, figures.outside)),
        *_of_contributions(book, figures),
        Table("uitkomsten", _("Wat is ermee gedaan?"), _("Uitkomst"), outcomes),
    ]


def _labelled(labels: Mapping[str, Text], found: Mapping[str, int]) -> list[tuple[str, int]]:
    codes: Iterable[str] = [*labels, *(code for code in sorted(found) if code not in labels and code)]
    return [(str(labels.get(code, code)), found[code]) for code in codes if found.get(code)]


def _short(label: str) -> str:
    return label if len(label) <= 30 else label[:29] + "…"
