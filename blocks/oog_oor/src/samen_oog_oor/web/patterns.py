"""Patterns: neighbourhoods against their own past, places where much of the same is reported, and the question that it can become."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.web.api import (
    Atlas,
    FormSpec,
    ListPage,
    area_field,
    area_filter,
    area_path,
    atlas,
    chips,
    filters_part,
    list_page,
    one_of,
    small_map,
)
from citycontent.web.api import send as send_form
from citycontent.web.api import show as show_form
from samen_core.api import NotFound, Text, UnitOfWork, _, format_date, format_number, latest_lines, n_
from samen_core.web.api import BoundField, Row, crumbs, current_uow, go, page_url, render, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models import Pattern
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.queries import patterns as queries
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.patterns import STATES, Trend
from samen_oog_oor.schemas.patterns import DismissPatternSchema, ProposePatternSchema
from samen_oog_oor.services import patterns
from samen_oog_oor.services.pattern_events import question_of
from samen_oog_oor.web import case_parts
from samen_oog_oor.web.case_map import MapArea
from samen_oog_oor.web.common import LABEL, SMALL_MAP, pages, tabs
from samen_oog_oor.working_days import city_day

TITLE = _("Patronen")
MOST_CASES = 100
SHOWN_TRENDS = 12
PATTERN_LABELS: dict[str, Text] = {
    "found": _("Gevonden"),
    "proposed": _("Voorgelegd als vraag"),
    "asked": _("Er is een vraag van gemaakt"),
    "dismissed": _("Wordt geen vraag"),
    "over": _("Voorbij"),
}
PATTERN_BADGES = {"found": "warning", "proposed": "info", "asked": "success", "dismissed": "neutral", "over": "neutral"}
STATE_CHOICES: dict[str, Text] = {"vraag": _("Voorgelegd als vraag"), "voorbij": _("Voorbij")}
FORMS = {"voorleggen": FormSpec(ProposePatternSchema), "laten": FormSpec(DismissPatternSchema)}


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A neighbourhood in the table of trends."""

    name: str
    url: str
    now: str
    usual: str
    words: Text
    kind: str


@pages.route(paths.PATTERNS, public=True)
def pattern_list() -> ResponseReturnValue:
    """Where more happens than usual, and what became a question; who decides about patterns sees those that were found too."""
    uow = current_uow()
    book, tree = atlas(uow), category_tree(uow)
    where = list_page(paths.PATTERNS, "categorie", "gebied", "staat")
    category, area = case_parts.category_filter(tree, where), area_filter(book, where)
    decides = TRIAGE.somewhere(uow.actor)
    state = one_of(where.values.get("staat", ""), STATE_CHOICES) or ("" if decides else "vraag")
    states = STATES[state] if decides or state == "vraag" else ()
    category_ids = sorted(tree.with_subs(category.id)) if category else None
    found = queries.list_patterns(uow, where.request(), states, category_ids, book.tree.within(area.id) if area else None)
    trends = queries.trends(uow, category_ids)
    picked = chips(where, [("categorie", case_parts.called(category) if category else None), ("gebied", area.name if area else None)])

    def fields() -> list[BoundField]:
        return [case_parts.category_field(tree, where), area_field(book, where)]

    return render(
        "oog_oor/patterns.html",
        tabs=tabs(uow.actor, paths.PATTERNS),
        list_url=page_url(paths.PATTERNS),
        filters=filters_part(where, fields, len(picked), ("staat",), book=book, key=("oog_oor.patterns", tree.stamp)),
        chips=picked,
        sorts=where.sorts("staat", (("", _("Nu")), *STATE_CHOICES.items())) if decides else (),
        decides=decides,
        rows=[_row(book, row) for row in found.items],
        areas=_areas(book, where, trends),
        box=book.map.view_box,
        trends=[_line(book, where, trend) for trend in _told(book, trends, area)][:SHOWN_TRENDS],
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


@pages.route(f"{paths.PATTERNS}/<uuid:id>", public=True)
def pattern_page(id: uuid.UUID) -> ResponseReturnValue:
    """A pattern: where and since when, its cases, and the question that it became."""
    uow = current_uow()
    pattern = _seen(uow, id)
    book, tree = atlas(uow), category_tree(uow)
    cases = queries.cases_of(uow, pattern.id, MOST_CASES)
    area, category = book.tree.get(pattern.area_id), tree.by_id.get(pattern.category_id)
    decides = _decides(uow, pattern)
    lines, more = latest_lines(uow, pattern.id)
    return render(
        "oog_oor/pattern.html",
        pattern=pattern,
        badge=(PATTERN_LABELS[pattern.state], PATTERN_BADGES[pattern.state]),
        summary=_summary(pattern),
        earlier=queries.a_year_earlier(uow, pattern),
        category=case_parts.called(category) if category else "",
        area=area,
        area_url=page_url(area_path(area)) if area else "",
        map=small_map(book, [(row.lat, row.lon) for row in cases if row.lat is not None], _("Waar de zaken liggen"), SMALL_MAP),
        rows=[_case_cells(book, row, case_parts.called(category) if category else "", decides=decides) for row in cases],
        question=question_of(uow, pattern),
        log=lines,
        more_log=more,
        decides=decides and pattern.state in ("found", "over", "dismissed"),
        propose_url=page_url(paths.pattern(id, "voorleggen")),
        dismiss_url=page_url(paths.pattern(id, "laten")),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.PATTERNS), (pattern.title, None)),
    )


@pages.route(f"{paths.PATTERNS}/<uuid:id>/<any(voorleggen,laten):act>", permission=TRIAGE)
def decide_page(id: uuid.UUID, act: str) -> ResponseReturnValue:
    """The form to propose or leave it."""
    uow = current_uow()
    pattern = _seen(uow, id)
    return _form_page(pattern, act, show_form(uow, FORMS[act], _values(pattern)))


@pages.route(f"{paths.PATTERNS}/<uuid:id>/<any(voorleggen,laten):act>", permission=TRIAGE, methods=["POST"])
def decide(id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Do it."""
    uow = current_uow()
    pattern = _seen(uow, id)

    def write(command: Any) -> Pattern:
        return patterns.propose(uow, id, command) if act == "voorleggen" else patterns.dismiss(uow, id, command)

    answer = send_form(uow, FORMS[act], write, stored=_values(pattern))
    if not isinstance(answer, Pattern):
        return _form_page(pattern, act, answer)
    said = _("De vraag is voorgelegd. De melders krijgen bericht.") if act == "voorleggen" else _("Het patroon wordt geen vraag.")
    say(said)
    return go(paths.pattern(id))


def _form_page(pattern: Pattern, act: str, answer: Any) -> ResponseReturnValue:
    proposing = act == "voorleggen"
    title = _("Leg dit voor als vraag") if proposing else _("Maak hier geen vraag van")
    return render_status(
        answer.status,
        "oog_oor/pattern_form.html",
        title=title,
        pattern=pattern,
        proposing=proposing,
        form=answer.form,
        action=page_url(paths.pattern(pattern.id, act)),
        cancel_url=page_url(paths.pattern(pattern.id)),
        submit=_("Leg de vraag voor") if proposing else _("Bewaar"),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.PATTERNS), (pattern.title, paths.pattern(pattern.id)), (title, None)),
    )


def _values(pattern: Pattern) -> dict[str, Any]:
    return {
        "question": pattern.question or patterns.first_question(pattern.title),
        "reason": pattern.reason,
        "version": pattern.version,
    }


def _seen(uow: UnitOfWork, id: uuid.UUID) -> Pattern:
    pattern = uow.session.get(Pattern, id)
    if pattern is None or not (pattern.state in ("proposed", "asked") or _decides(uow, pattern)):
        raise NotFound
    return pattern


def _decides(uow: UnitOfWork, pattern: Pattern) -> bool:
    return TRIAGE.allows(uow.actor, pattern.id, scopes=tuple(scope for scope in (pattern.area_id,) if scope))


def _summary(pattern: Pattern) -> Text:
    return n_(
        "{n} zaak binnen {metres} meter, tussen {first} en {last}.",
        "{n} zaken binnen {metres} meter, tussen {first} en {last}.",
        pattern.weight,
        metres=format_number(pattern.radius),
        first=format_date(pattern.first_on),
        last=format_date(pattern.last_on),
    )


def _row(book: Atlas, row: Any) -> Row:
    area = book.tree.get(row.area_id)
    meta: list[tuple[str, Text | str]] = [("map-pin", area.name)] if area else []
    meta.append(("calendar-days", _("Laatste zaak op {day}", day=format_date(row.last_on))))
    badge = (PATTERN_LABELS[row.state], PATTERN_BADGES[row.state])
    text = n_("{n} zaak dicht bij elkaar", "{n} zaken dicht bij elkaar", row.weight)
    return Row(row.title, page_url(paths.pattern(row.id)), text, badges=(badge,), meta=tuple(meta))


def _told(book: Atlas, trends: list[Trend], area: Any) -> list[Trend]:
    """What is clearly more or less than usual, within the chosen area."""
    inside = set(book.tree.within(area.id)) if area else None
    return [trend for trend in trends if (trend.is_more or trend.is_less) and (inside is None or trend.area_id in inside)]


def _line(book: Atlas, where: ListPage, trend: Trend) -> TrendLine:
    area = book.tree.get(trend.area_id)
    words = _("Meer") if trend.is_more else _("Minder")
    name, slug = (area.name, area.slug) if area else ("", "")
    url = ListPage(paths.MAP, {k: v for k, v in where.values.items() if k == "categorie"}).url(gebied=slug)
    usual = format_number(round(trend.usual))
    return TrendLine(name, url, format_number(trend.now), usual, words, "warning" if trend.is_more else "success")


def _areas(book: Atlas, where: ListPage, trends: list[Trend]) -> list[MapArea]:
    """Every neighbourhood: darker where it is more than usual, lightest where it is as usual."""
    if not trends:
        return []
    by_area = {trend.area_id: trend for trend in trends}
    made = []
    for shape in book.map.of("buurt"):
        trend = by_area.get(shape.area_id)
        shade = 0
        words: Text = _("{name}: niets gemeld", name=shape.name)
        if trend is not None:
            words = _("{name}: {now} in dertig dagen, anders {usual}", name=shape.name, now=trend.now, usual=round(trend.usual))
            shade = 3 if trend.is_more else 1
        made.append(MapArea(shape.name, where.url(gebied=shape.slug), shape.path, shade, words))
    return made


def _case_cells(book: Atlas, row: Any, category: str, *, decides: bool) -> tuple[Any, ...]:
    """A case in the table; who decides gets to where staff work at it, everybody else to its page when it has one."""
    area = book.tree.get(row.area_id)
    shown: Any = category
    if decides:
        shown = Markup('<a class="nl-link" href="{}">{}</a>').format(page_url(paths.work(row.number)), row.number)
    elif row.publication == "full":
        shown = Markup('<a class="nl-link" href="{}">{}</a>').format(page_url(paths.case(row.number)), row.title)
    return (shown, area.name if area else "", format_date(city_day(row.reported_at)), STATE_LABELS[row.state])
