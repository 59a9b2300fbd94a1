"""The overview of questions, and the page of one: its table once it is accepted, before that what is known of it."""

from __future__ import annotations

from flask import redirect
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS, SECTORS
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
    theme_field,
    theme_filter,
)
from samen_core.api import Text, UnitOfWork, _, latest_lines
from samen_core.web.api import BoundField, current_uow, page_url, render
from samen_inbreng.api import FOLLOW_PATH
from samen_samenspreker.models import STEPS, Question
from samen_samenspreker.paths import HOME, NEW, PROCESS, QUEUE, table
from samen_samenspreker.permissions import DEFINE_PROCESS, JUDGE
from samen_samenspreker.queries.questions import QuestionFilter, list_questions, my_questions, open_until, to_join
from samen_samenspreker.services.common import find_question, get_question, is_mine
from samen_samenspreker.settings import step_name
from samen_samenspreker.web.frame import LABEL, pages, table_page
from samen_samenspreker.web.question_parts import join_card, question_row, question_view
from samen_samenspreker.web.table import table_overview

ORDERS = {"": "newest", "steun": "supported", "oudste": "oldest"}
ACT_CODES = {"steunen": "support", "meepraten": "contribute", "bijeenkomst": "meet"}
ACT_LABELS: dict[str, Text] = {
    "support": _("Een vraag steunen"),
    "contribute": _("Meepraten"),
    "meet": _("Naar een bijeenkomst gaan"),
}
LIST_CODES = {"lopend": "running", "afgerond": "closed", "afgewezen": "refused", "samengevoegd": "merged"}
LIST_LABELS: dict[str, Text] = {
    "running": _("Loopt nu"),
    "closed": _("Afgerond"),
    "refused": _("Niet aangenomen"),
    "merged": _("Samengevoegd"),
}


@pages.route(HOME, public=True)
def question_overview() -> ResponseReturnValue:
    """What one can join now, and every question with search and filters."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(HOME, "q", "doen", "stap", "stand", "sector", "gebied", "thema", "volgorde")
    area, theme = area_filter(book, where), theme_filter(book, where)
    act = one_of(where.values.get("doen", ""), ACT_CODES)
    listed = one_of(where.values.get("stand", ""), LIST_CODES)
    chosen = QuestionFilter(
        list=LIST_CODES[listed] if listed else "",
        step=one_of(where.values.get("stap", ""), STEPS[:5]),
        area_ids=book.tree.within(area.id) if area else None,
        theme_id=theme.id if theme else None,
        sector=one_of(where.values.get("sector", ""), SECTORS),
        act=ACT_CODES[act] if act else None,
        text=where.values.get("q", ""),
    )
    order = one_of(where.values.get("volgorde", ""), ORDERS) or ""
    found = list_questions(uow, chosen, where.request(), order=ORDERS[order])
    closes = open_until(uow, [row.id for row in found.items])
    picked = chips(where, _picked(uow, chosen, area.name if area else None, theme.name if theme else None))
    joining = [] if where.values else to_join(uow)
    return render(
        "samenspreker/overview.html",
        title=LABEL,
        lead=_("Vragen van de stad waar inwoners, bedrijven, organisaties en de gemeente samen een oplossing voor zoeken."),
        list_url=page_url(HOME),
        new=(page_url(NEW), _("Stel een vraag aan de stad")),
        process_url=page_url(PROCESS),
        follow_url=page_url(FOLLOW_PATH) if uow.actor.is_anonymous else "",
        queue_url=page_url(QUEUE) if JUDGE.somewhere(uow.actor) else "",
        define_url=page_url(f"{PROCESS}/inrichten") if DEFINE_PROCESS.allows(uow.actor) else "",
        cards=[join_card(uow, row, until, joins=hasattr(row, "closes_at")) for row, until in joining],
        mine=[question_row(uow, book, row) for row in my_questions(uow)] if not where.values else [],
        filters=filters_part(where, lambda: _fields(uow, where, book), len(picked), ("volgorde",)),
        chips=picked,
        count=in_words(found.count, _("vraag"), _("vragen")),
        sorts=where.sorts("volgorde", (("", _("Nieuwste eerst")), ("steun", _("Meeste steun eerst")), ("oudste", _("Oudste eerst")))),
        rows=[question_row(uow, book, row, closes.get(row.id), joins=row.id in closes) for row in found.items],
        empty=(_("Er zijn nog geen vragen"), _("Ziet u iets dat beter kan in de stad? Stel de eerste vraag. U hebt geen account nodig.")),
        breadcrumbs=[(_("Home"), page_url("/")), (LABEL, None)],
        **where.pager(found),
    )


@pages.route(f"{HOME}/<slug>", public=True)
def question_page(slug: str) -> ResponseReturnValue:
    """One question: its table, the page of one that is not on the table, or the way to what it was merged into."""
    uow = current_uow()
    question = find_question(uow, slug)
    if question.state == "accepted":
        return table_overview(uow, question)
    if question.state == "merged" and question.merged_into_id:
        # Not for good: a merge can be taken back.
        return redirect(page_url(table(get_question(uow, question.merged_into_id).slug)) + "#samengevoegd", 302)
    return _untabled(uow, question)


@pages.route(f"{HOME}/<slug>/samengevoegd", public=True)
def merged_page(slug: str) -> ResponseReturnValue:
    """The question that was merged, as it was, and where it went."""
    uow = current_uow()
    question = find_question(uow, slug)
    if question.state != "merged":
        return redirect(page_url(table(slug)), 302)
    return _untabled(uow, question)


def _untabled(uow: UnitOfWork, question: Question) -> ResponseReturnValue:
    lines, more = latest_lines(uow, question.id)
    judges = JUDGE.allows(uow.actor, question.id)
    into = get_question(uow, question.merged_into_id) if question.merged_into_id else None
    return table_page(
        uow,
        question,
        "",
        "samenspreker/question.html",
        view=question_view(uow, question),
        mine=is_mine(uow, question),
        into=(into.title, page_url(table(into.slug))) if into else None,
        judge_url=page_url(table(question.slug, "beoordelen")) if judges and question.state == "submitted" else "",
        undo_url=page_url(table(question.slug, "losmaken")) if judges and question.state == "merged" else "",
        withdraw_url=page_url(table(question.slug, "terugtrekken")) if is_mine(uow, question) and question.state == "submitted" else "",
        log=lines,
        more_log=more,
    )


def _fields(uow: UnitOfWork, where: ListPage, book: Atlas) -> list[BoundField]:
    steps = [(code, step_name(uow, code)) for code in STEPS[:5]]
    return [
        search_field(where, _("Zoek in vragen")),
        select_field(where, "doen", _("Wat kan ik nu doen?"), [(code, ACT_LABELS[ACT_CODES[code]]) for code in ACT_CODES], _("Alles")),
        select_field(where, "stap", _("Stap"), steps, _("Alle stappen")),
        select_field(
            where, "stand", _("Hoe staat het ervoor?"), [(c, LIST_LABELS[LIST_CODES[c]]) for c in LIST_CODES], _("Aangenomen vragen")
        ),
        select_field(where, "sector", _("Wie gaat het aan?"), [(code, SECTOR_LABELS[code]) for code in SECTORS], _("Iedereen")),
        area_field(book, where),
        theme_field(book, where),
    ]


def _picked(uow: UnitOfWork, chosen: QuestionFilter, area: str | None, theme: str | None) -> list[tuple[str, Text | str | None]]:
    return [
        ("q", chosen.text),
        ("doen", ACT_LABELS.get(chosen.act or "")),
        ("stap", step_name(uow, chosen.step) if chosen.step else None),
        ("stand", LIST_LABELS.get(chosen.list)),
        ("sector", SECTOR_LABELS.get(chosen.sector or "")),
        ("gebied", area),
        ("thema", theme),
    ]
