"""The desk of who answers: what waits, with filters, and what can be done with a selection."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
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
    search_field,
    select_field,
    unknown_filter,
)
from samen_core.api import Invalid, SubjectCard, Text, UnitOfWork, _, load, n_
from samen_core.web.api import BoundField, crumbs, current_uow, go, page_url, render, render_status, say
from samen_inbreng import paths
from samen_inbreng.labels import CHANNEL_LABELS, OUTCOME_LABELS
from samen_inbreng.permissions import ANSWER
from samen_inbreng.queries.answers import Outcome, outcomes_of, pending_of
from samen_inbreng.queries.desk import NO_THEME, STATES, DeskFilter, desk_page, waiting_subjects
from samen_inbreng.queries.themes import themes_of, themes_of_contributions
from samen_inbreng.said import said
from samen_inbreng.schemas.themes import AddTheme, AddThemeSchema, ChooseContributions, ChooseContributionsSchema
from samen_inbreng.services.answers import minutes_left
from samen_inbreng.services.themes import add_theme, put_found_in_theme, put_in_theme, take_from_theme
from samen_inbreng.web.answering import answer_path
from samen_inbreng.web.common import pages
from samen_inbreng.web.done import shorten
from samen_inbreng.web.subjects import area_name, head, staff_subject, trail

PAGE = f"{paths.SUBJECT}/<uuid:id>/beantwoorden"
LABEL = _("Beantwoorden")
ON_PAGE = 50
SHORT = 220
STATE_LABELS: dict[str, Text] = {
    "waiting": _("Wacht op een antwoord"),
    "written": _("Antwoord staat klaar"),
    "sent": _("Antwoord is verstuurd"),
    "all": _("Alles"),
}
NAMES = ("q", "stand", "thema", "activiteit", "sector", "kanaal", "gebied")


@dataclass(frozen=True, slots=True)
class Line:
    """A contribution on the desk, ready to render."""

    row: Any
    url: str
    start: str
    full: str
    who: str
    area: str
    themes: Sequence[str]
    state: Text
    state_kind: str


@pages.route(paths.DESK, permission=ANSWER)
def desks() -> ResponseReturnValue:
    """The things on which contributions wait for an answer."""
    uow = current_uow()
    rows = [(row, page_url(paths.subject(row.id, "beantwoorden"))) for row in waiting_subjects(uow, ANSWER)]
    return render("inbreng/desks.html", rows=rows, breadcrumbs=crumbs((LABEL, None)))


@pages.route(PAGE, permission=ANSWER)
def desk(id: uuid.UUID) -> ResponseReturnValue:
    """What waits for an answer on one thing."""
    uow = current_uow()
    return _page(uow, staff_subject(uow, id))


@pages.route(PAGE, permission=ANSWER, methods=["POST"])
def desk_act(id: uuid.UUID) -> ResponseReturnValue:
    """Do something with the selection: put it in a theme, also a new one, take it out, or answer it."""
    uow = current_uow()
    card = staff_subject(uow, id)
    where = list_page(paths.subject(id, "beantwoorden"), *NAMES)
    try:
        return _act(uow, card, where)
    except Invalid as error:
        uow.rollback()
        return _page(uow, card, [text for texts in error.errors.values() for text in texts], 400)


def _act(uow: UnitOfWork, card: SubjectCard, where: ListPage) -> ResponseReturnValue:
    new = request.form.get("nieuw-thema", "").strip()
    action = request.form.get("doe") or ("thema" if new else "antwoord")
    if action == "alles":
        number = put_found_in_theme(uow, _theme_id(uow, card, new), _filter(uow, where))
    else:
        if not request.form.getlist("bijdrage"):
            raise Invalid(_("Kies eerst een of meer bijdragen."))
        chosen: ChooseContributions = load(ChooseContributionsSchema, {"contribution_ids": request.form.getlist("bijdrage")})
        if action == "antwoord":
            return go(answer_path(card.id, chosen.contribution_ids))
        if action == "uit":
            number = take_from_theme(uow, _theme_id(uow, card), chosen)
        else:
            number = put_in_theme(uow, _theme_id(uow, card, new), chosen)
    if action == "uit":
        say(n_("{n} bijdrage is uit het thema gehaald.", "{n} bijdragen zijn uit het thema gehaald.", number))
    else:
        say(n_("{n} bijdrage staat nu in het thema.", "{n} bijdragen staan nu in het thema.", number))
    query = request.query_string.decode("ascii", "ignore")
    return go(where.path + (f"?{query}" if query else ""))


def _theme_id(uow: UnitOfWork, card: SubjectCard, new: str = "") -> uuid.UUID:
    """The chosen theme, or a new one with this name. Raises Invalid."""
    chosen = request.form.get("naar-thema", "")
    if new and chosen:
        raise Invalid(_("Kies een thema, of vul een nieuw thema in. Niet allebei."))
    if new:
        command: AddTheme = load(AddThemeSchema, {"title": new})
        return add_theme(uow, card.id, command).id
    themes = themes_of(uow, card.id)
    found = next((row.id for row in themes if str(row.id) == chosen), None)
    if found is None:
        raise Invalid(_("Kies een thema.") if themes else _("Maak een thema: vul in hoe het heet."))
    return uuid.UUID(str(found))


def _page(uow: UnitOfWork, card: SubjectCard, problems: Sequence[Text] = (), status: int = 200) -> ResponseReturnValue:
    book, themes = atlas(uow), themes_of(uow, card.id)
    where = list_page(paths.subject(card.id, "beantwoorden"), *NAMES)
    page = desk_page(uow, card.id, _filter(uow, where), where.request(ON_PAGE))
    ids = [row.id for row in page.items]
    outcomes, waiting, of = outcomes_of(uow, ids), pending_of(uow, ids), themes_of_contributions(uow, ids)
    lines = [_line(uow, book, row, (outcomes.get(row.id), waiting.get(row.id)), of[row.id]) for row in page.items]
    picked = _chips(book, where, themes)
    query = request.query_string.decode("ascii", "ignore")
    everything = request.args.get("kies") == "alles"
    chosen = set(request.form.getlist("bijdrage")) or ({str(id) for id in ids} if everything else set())
    return render_status(
        status,
        "inbreng/desk.html",
        head=head(uow, card, "beantwoorden"),
        lines=lines,
        chosen=chosen,
        problems=problems,
        themes=themes,
        sectors=SECTOR_LABELS,
        channels=CHANNEL_LABELS,
        theme=request.form.get("naar-thema", ""),
        new_theme=request.form.get("nieuw-thema", ""),
        filters=filters_part(where, lambda: _fields(book, where, themes), len(picked)),
        chips=picked,
        count=in_words(page.count, _("bijdrage"), _("bijdragen")),
        number=page.count,
        action=page_url(where.path) + (f"?{query}" if query else ""),
        select_all=where.url(kies=None if everything else "alles", cursor=where.values.get("cursor")),
        all_chosen=everything,
        all_url=where.url(stand="all"),
        breadcrumbs=trail(card, (LABEL, None)),
        dense=True,
        **where.pager(page),
    )


def _filter(uow: UnitOfWork, where: ListPage) -> DeskFilter:
    """The filters in the address; without a choice what waits. Raises Invalid for one that does not exist."""
    book = atlas(uow)
    state = one_of(where.values.get("stand", "waiting"), STATE_LABELS)
    area, theme, activity = area_filter(book, where), where.values.get("thema", ""), where.values.get("activiteit", "")
    return DeskFilter(
        state=state if state in STATES else None,
        activity_id=_uuid(activity),
        theme=theme if theme in ("", NO_THEME) and theme else _uuid(theme),
        sector=one_of(where.values.get("sector", ""), SECTOR_LABELS),
        channel=one_of(where.values.get("kanaal", ""), CHANNEL_LABELS),
        area_ids=book.tree.within(area.id) if area else None,
        text=where.values.get("q", ""),
    )


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        raise unknown_filter() from None


def theme_answers(themes: Sequence[Any]) -> list[tuple[str, Text | str]]:
    """The themes as answers of a filter, with what has none first."""
    return [(NO_THEME, _("Zonder thema")), *((str(row.id), f"{row.title} ({row.contributions})") for row in themes)]


def _fields(book: Atlas, where: ListPage, themes: Sequence[Any]) -> list[BoundField]:
    waiting = STATE_LABELS["waiting"]
    states = [(code, label) for code, label in STATE_LABELS.items() if code != "waiting"]
    return [
        search_field(where, _("Zoek in bijdragen")),
        select_field(where, "stand", _("Hoe ver is het?"), states, waiting),
        select_field(where, "thema", _("Thema"), theme_answers(themes), _("Alle thema's")),
        select_field(where, "sector", _("Sector"), SECTOR_LABELS.items(), _("Alle sectoren")),
        select_field(where, "kanaal", _("Hoe kwam het binnen?"), CHANNEL_LABELS.items(), _("Alle manieren")),
        area_field(book, where),
    ]


def _chips(book: Atlas, where: ListPage, themes: Sequence[Any]) -> list[tuple[Text | str, str]]:
    values = where.values
    area = area_filter(book, where)
    titles: dict[str, Text | str] = dict(theme_answers(themes))
    return chips(
        where,
        [
            ("q", values.get("q")),
            ("stand", STATE_LABELS.get(values.get("stand", ""))),
            ("thema", titles.get(values.get("thema", ""))),
            ("activiteit", _("Eén activiteit") if values.get("activiteit") else None),
            ("sector", SECTOR_LABELS.get(values.get("sector", ""))),
            ("kanaal", CHANNEL_LABELS.get(values.get("kanaal", ""))),
            ("gebied", area.name if area else None),
        ],
    )


def _line(
    uow: UnitOfWork, book: Atlas, row: Any, became: tuple[Outcome | None, Outcome | None], themes: Sequence[tuple[uuid.UUID, str]]
) -> Line:
    text = said(row.form, row.text, row.answers)
    outcome, waiting = became
    state, kind = _("Wacht"), "warning"
    if waiting is not None:
        left = minutes_left(waiting.at, uow.now)
        state, kind = n_("Staat klaar, wordt over {n} minuut verstuurd", "Staat klaar, wordt over {n} minuten verstuurd", left), "info"
    elif outcome is not None:
        state, kind = OUTCOME_LABELS[outcome.outcome], "success"
    start = shorten(text, SHORT)
    return Line(
        row=row,
        url=page_url(paths.contribution(row.slug, row.number)),
        start=start,
        full=text if start.endswith("…") else "",
        who=row.organization or row.author_name,
        area=area_name(book, row.area_id),
        themes=[title for _id, title in themes],
        state=state,
        state_kind=kind,
    )
