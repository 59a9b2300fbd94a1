"""For staff: the queue of questions that wait, judging one, merging; and for everybody logged in: supporting."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormSpec, atlas, in_words, list_page, send, show
from samen_core.api import Text, UnitOfWork, _, n_
from samen_core.web.api import crumbs, current_uow, go, page_url, render, render_status, say
from samen_samenspreker.models import Question
from samen_samenspreker.paths import HOME, QUEUE, table
from samen_samenspreker.permissions import JUDGE, SUPPORT_QUESTION
from samen_samenspreker.queries.questions import queue, running_titles
from samen_samenspreker.queries.similar import similar_questions
from samen_samenspreker.schemas.questions import Judgment, JudgmentSchema, MergeQuestionSchema, UndoMergeSchema
from samen_samenspreker.services.common import city_day, find_question
from samen_samenspreker.services.judging import accept, refuse
from samen_samenspreker.services.merging import merge, undo_merge
from samen_samenspreker.services.question_support import support, take_back
from samen_samenspreker.web.frame import LABEL, pages, trail
from samen_samenspreker.web.question_parts import question_row, question_view, supports_in_words

TITLE = _("Vragen om te beoordelen")
JUDGMENT = FormSpec(JudgmentSchema)


@pages.route(QUEUE, permission=JUDGE)
def question_queue() -> ResponseReturnValue:
    """What waits to be judged, oldest first."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(QUEUE)
    found = queue(uow, where.request())
    return render(
        "samenspreker/queue.html",
        title=TITLE,
        count=in_words(found.count, _("vraag"), _("vragen")),
        rows=[question_row(uow, book, row, lead=_waits(uow, row)) for row in found.items],
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
        **where.pager(found),
    )


@pages.route(f"{HOME}/<slug>/beoordelen", permission=JUDGE, methods=["GET", "POST"])
def question_judge(slug: str) -> ResponseReturnValue:
    """Accept a question or refuse it, with a reason."""
    uow = current_uow()
    question = find_question(uow, slug)
    JUDGE.require(uow.actor, question.id)
    id, version = question.id, question.version
    if question.state != "submitted":
        say(_("Over deze vraag is al besloten."), "info")
        return go(table(slug))

    def write(command: Judgment) -> Question:
        return (refuse if command.decision == "refuse" else accept)(uow, id, command)

    answer = show(uow, JUDGMENT, {"version": version}) if request.method == "GET" else send(uow, JUDGMENT, write)
    if isinstance(answer, Question):
        accepted = answer.state == "accepted"
        say(_("De vraag staat op de agenda.") if accepted else _("De vraag is afgewezen. Iedereen kan de reden lezen."))
        return go(table(slug))
    question = find_question(uow, slug)
    found = similar_questions(uow, question.title, question.description, area_id=question.area_id, theme_id=question.theme_id)
    return render_status(
        answer.status,
        "samenspreker/judge.html",
        title=_("Vraag beoordelen"),
        question=question,
        view=question_view(uow, question),
        form=answer.form,
        fields=[answer.form[name] for name in ("decision", "reason")],
        waits=_waits(uow, question),
        similar=[(row.title, page_url(table(row.slug)), supports_in_words(row.supports)) for row in found],
        merge_url=page_url(table(slug, "samenvoegen")),
        action=page_url(table(slug, "beoordelen")),
        cancel_url=page_url(QUEUE),
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, QUEUE), (question.title, None)),
    )


@pages.route(f"{HOME}/<slug>/samenvoegen", permission=JUDGE, methods=["GET", "POST"])
def question_merge(slug: str) -> ResponseReturnValue:
    """Merge a question into another."""
    uow = current_uow()
    question = find_question(uow, slug)
    JUDGE.require(uow.actor, question.id)
    id = question.id
    spec = FormSpec(MergeQuestionSchema)
    options = {"into_id": _others(uow, question)}
    values = {"version": question.version}

    def write(command: Any) -> Question:
        return merge(uow, id, command)

    answer = show(uow, spec, values, options) if request.method == "GET" else send(uow, spec, write, options)
    if isinstance(answer, Question):
        say(_("De vragen zijn samengevoegd. Wie een vraag stelde en mail wil, krijgt bericht."))
        return go(table(answer.slug))
    return render_status(
        answer.status,
        "samenspreker/merge.html",
        title=_("Samenvoegen met een andere vraag"),
        question=find_question(uow, slug),
        form=answer.form,
        action=page_url(table(slug, "samenvoegen")),
        cancel_url=page_url(table(slug)),
        breadcrumbs=trail(question, (_("Samenvoegen"), None)),
    )


@pages.route(f"{HOME}/<slug>/losmaken", permission=JUDGE, methods=["GET", "POST"])
def question_unmerge(slug: str) -> ResponseReturnValue:
    """Take a merge back."""
    uow = current_uow()
    question = find_question(uow, slug)
    JUDGE.require(uow.actor, question.id)
    id = question.id
    spec = FormSpec(UndoMergeSchema)

    def write(command: Any) -> Question:
        return undo_merge(uow, id, command)

    answer = show(uow, spec, {"version": question.version}) if request.method == "GET" else send(uow, spec, write)
    if isinstance(answer, Question):
        say(_("De vragen gaan weer apart verder."))
        return go(table(slug))
    return render_status(
        answer.status,
        "samenspreker/merge.html",
        title=_("Vragen weer uit elkaar halen"),
        question=find_question(uow, slug),
        form=answer.form,
        action=page_url(table(slug, "losmaken")),
        cancel_url=page_url(table(slug, "samengevoegd")),
        breadcrumbs=trail(question, (_("Uit elkaar halen"), None)),
    )


@pages.route(f"{HOME}/<slug>/steun", permission=SUPPORT_QUESTION)
def support_page(slug: str) -> ResponseReturnValue:
    """Where who had to log in first can support the question after all."""
    uow = current_uow()
    question = find_question(uow, slug)
    return render(
        "samenspreker/support.html",
        title=_("Steun deze vraag"),
        question=question,
        view=question_view(uow, question),
        back=page_url(table(slug)),
        breadcrumbs=trail(question, (_("Steun"), None)),
    )


@pages.route(f"{HOME}/<slug>/steun", permission=SUPPORT_QUESTION, methods=["POST"])
def support_give(slug: str) -> ResponseReturnValue:
    """Support a question."""
    uow = current_uow()
    support(uow, find_question(uow, slug).id)
    say(_("Dank u. U steunt deze vraag nu."))
    return go(table(slug))


@pages.route(f"{HOME}/<slug>/steun-intrekken", permission=SUPPORT_QUESTION, methods=["POST"])
def support_stop(slug: str) -> ResponseReturnValue:
    """Take one's support back."""
    uow = current_uow()
    take_back(uow, find_question(uow, slug).id)
    say(_("Uw steun is ingetrokken."))
    return go(table(slug))


def _waits(uow: UnitOfWork, question: Any) -> Text:
    """How many days a question waits for a decision."""
    days = (city_day(uow.now) - city_day(question.at)).days
    return n_("wacht {n} dag", "wacht {n} dagen", days) if days else _("vandaag gesteld")


def _others(uow: UnitOfWork, question: Question) -> list[tuple[str, Text | str]]:
    """The questions that this one can go into: what looks like it first, then the others by title."""
    alike = similar_questions(uow, question.title, question.description, leave_out=[question.id])
    first = {row.id: row.title for row in alike if row.step != "closed"}
    rest = {row.id: row.title for row in running_titles(uow) if row.id != question.id and row.id not in first}
    return [(str(id), title) for id, title in (*first.items(), *rest.items())]
