"""Writing an answer with a look at what people get, and the answers that wait to be sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from citycontent.web.api import list_page
from samen_core.api import Conflict, Invalid, NotFound, SubjectCard, Text, UnitOfWork, _, n_, parse
from samen_core.web.api import BoundForm, current_uow, go, page_url, render_status, say
from samen_inbreng import paths
from samen_inbreng.labels import OUTCOME_BADGES, OUTCOME_LABELS
from samen_inbreng.models import Answer, Theme
from samen_inbreng.permissions import ANSWER
from samen_inbreng.queries.answers import answers_on, outcomes_of
from samen_inbreng.queries.desk import contributions_by_id
from samen_inbreng.said import said
from samen_inbreng.schemas.answers import OUTCOME_HELP, WriteAnswer, WriteAnswerSchema
from samen_inbreng.services.answer_mails import mails_for
from samen_inbreng.services.answers import Targets, find_targets, minutes_left, withdraw_answer, write_answer
from samen_inbreng.settings import ANSWER_MINUTES, number
from samen_inbreng.web.common import pages
from samen_inbreng.web.done import shorten
from samen_inbreng.web.subjects import head, staff_subject, trail

PAGE = f"{paths.SUBJECT}/<uuid:id>/antwoord"
QUEUE = f"{paths.SUBJECT}/<uuid:id>/klaar"
LABEL = _("Antwoord schrijven")
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """What people get: the outcome, and how many mails leave."""

    outcome: Text
    kind: str
    reason: str
    mails: int


@pages.route(PAGE, permission=ANSWER, methods=["GET", "POST"])
def answer(id: uuid.UUID) -> ResponseReturnValue:
    """Write an answer for the contributions or the theme in the address."""
    uow = current_uow()
    card = staff_subject(uow, id)
    theme, form = _theme(uow, card), _form()
    asked = WriteAnswer(
        outcome="", reason="", contribution_ids=_ids(form), theme_id=theme.id if theme else None, replace="replace" in request.form
    )
    if not asked.contribution_ids and theme is None:
        say(_("Kies eerst een of meer bijdragen om te beantwoorden."), "warning")
        return go(paths.subject(id, "beantwoorden"))
    if request.method == "GET":
        targets = find_targets(uow, id, asked)
        return _page(uow, card, theme, BoundForm(WriteAnswerSchema), asked=asked, targets=targets)
    try:
        command: WriteAnswer = parse(WriteAnswerSchema, form)
        if request.form.get("doe") == "voorbeeld":
            targets = find_targets(uow, id, command)
            if targets.problems:
                raise Invalid(targets.problems)
            shown, preview = BoundForm(WriteAnswerSchema, data=form), _preview(uow, command, targets)
            return _page(uow, card, theme, shown, asked=asked, targets=targets, preview=preview)
        written = write_answer(uow, id, command)
    except Invalid as error:
        uow.rollback()
        targets = find_targets(uow, id, asked)
        shown = BoundForm(WriteAnswerSchema, data=form, errors=error.errors)
        return _page(uow, card, theme, shown, asked=asked, targets=targets, status=400)
    _say_written(uow, written.number, written.left_out)
    return go(paths.subject(id, "klaar") if minutes_left(written.answer.send_at, uow.now) else paths.subject(id, "beantwoorden"))


@pages.route(QUEUE, permission=ANSWER)
def queue(id: uuid.UUID) -> ResponseReturnValue:
    """The answers that wait to be sent, the first to leave first, and those that were sent."""
    uow = current_uow()
    return _queue(uow, staff_subject(uow, id))


@pages.route(f"{QUEUE}/<uuid:answer_id>/intrekken", permission=ANSWER, methods=["POST"])
def answer_withdraw(id: uuid.UUID, answer_id: uuid.UUID) -> ResponseReturnValue:
    """Take an answer back before it is sent."""
    uow = current_uow()
    card = staff_subject(uow, id)
    found = uow.session.get(Answer, answer_id)
    if found is None or found.subject_id != id:
        raise NotFound
    try:
        withdraw_answer(uow, answer_id)
    except Conflict as error:
        uow.rollback()
        return _queue(uow, card, error.message, error.status)
    say(_("Het antwoord is ingetrokken. Niemand heeft het gezien. De bijdragen wachten weer op een antwoord."))
    return go(paths.subject(id, "klaar"))


def _queue(uow: UnitOfWork, card: SubjectCard, problem: Text | None = None, status: int = 200) -> ResponseReturnValue:
    where = list_page(paths.subject(card.id, "klaar"))
    waiting = answers_on(uow, card.id, where.request(), waiting=True)
    sent = answers_on(uow, card.id, where.request()) if not where.values.get("cursor") else None
    return render_status(
        status,
        "inbreng/queue.html",
        head=head(uow, card, "klaar"),
        waiting=[(row, minutes_left(row.send_at, uow.now)) for row in waiting.items],
        sent=sent.items if sent else (),
        labels=OUTCOME_LABELS,
        badges=OUTCOME_BADGES,
        base=page_url(paths.subject(card.id, "klaar")),
        problem=problem,
        breadcrumbs=trail(card, (_("Klaar om te versturen"), None)),
        **where.pager(waiting),
    )


def _form() -> MultiDict[str, str]:
    """The form with the contributions and the theme of the address in it, which so survive going back and logging in."""
    form: MultiDict[str, str] = MultiDict(request.form)
    form.setlist("contribution_ids", request.args.getlist("bijdrage"))
    form.setlist("theme_id", request.args.getlist("thema"))
    return form


def _ids(form: MultiDict[str, str]) -> tuple[uuid.UUID, ...]:
    try:
        return tuple(dict.fromkeys(uuid.UUID(text) for text in form.getlist("contribution_ids")))
    except ValueError:
        raise NotFound from None


def _theme(uow: UnitOfWork, card: SubjectCard) -> Theme | None:
    asked = request.args.get("thema", "")
    if not asked:
        return None
    try:
        theme = uow.session.get(Theme, uuid.UUID(asked))
    except ValueError:
        raise NotFound from None
    if theme is None or theme.subject_id != card.id:
        raise NotFound
    return theme


def _preview(uow: UnitOfWork, command: WriteAnswer, targets: Targets) -> Preview:
    mails = mails_for(uow, targets.ids)
    return Preview(OUTCOME_LABELS[command.outcome], OUTCOME_BADGES[command.outcome], command.reason, mails)


def _page(
    uow: UnitOfWork,
    card: SubjectCard,
    theme: Theme | None,
    form: BoundForm,
    *,
    asked: WriteAnswer,
    targets: Targets,
    preview: Preview | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    ids = targets.ids if theme is not None else asked.contribution_ids
    rows = contributions_by_id(uow, card.id, ids[:SHOWN], SHOWN)
    earlier = outcomes_of(uow, [row.id for row in rows])
    query = request.query_string.decode("ascii", "ignore")
    return render_status(
        status,
        "inbreng/answer.html",
        head=head(uow, card, "beantwoorden"),
        theme=theme,
        form=form,
        preview=preview,
        number=len(ids),
        left_out=targets.left_out,
        contributions=[_shown(row, earlier.get(row.id)) for row in rows],
        more=max(len(ids) - SHOWN, 0),
        outcome_help=OUTCOME_HELP,
        minutes=number(uow, ANSWER_MINUTES),
        action=page_url(paths.subject(card.id, "antwoord")) + (f"?{query}" if query else ""),
        cancel_url=page_url(paths.subject(card.id, "beantwoorden")),
        breadcrumbs=trail(card, (_("Beantwoorden"), paths.subject(card.id, "beantwoorden")), (LABEL, None)),
    )


def _shown(row: Any, earlier: Any) -> tuple[str, str, int, Text | None]:
    text = shorten(said(row.form, row.text, row.answers), 400)
    return page_url(paths.contribution(row.slug, row.number)), text, row.number, OUTCOME_LABELS[earlier.outcome] if earlier else None


def _say_written(uow: UnitOfWork, count: int, left_out: int) -> None:
    minutes = number(uow, ANSWER_MINUTES)
    say(
        n_(
            "Het antwoord op {n} bijdrage staat klaar. Wij versturen het over {minutes} minuten. Tot dan kunt u het intrekken.",
            "Het antwoord op {n} bijdragen staat klaar. Wij versturen het over {minutes} minuten. Tot dan kunt u het intrekken.",
            count,
            minutes=minutes,
        )
        if minutes
        else n_("{n} bijdrage heeft een antwoord.", "{n} bijdragen hebben een antwoord.", count)
    )
    if left_out:
        say(
            n_(
                "{n} bijdrage in dit thema had al een antwoord, en krijgt dit niet.",
                "{n} bijdragen in dit thema hadden al een antwoord, en krijgen dit niet.",
                left_out,
            ),
            "info",
        )


def answer_path(subject_id: uuid.UUID, contribution_ids: Sequence[uuid.UUID]) -> str:
    """The page on which these contributions are answered."""
    return f"{paths.subject(subject_id, 'antwoord')}?{urlencode([('bijdrage', str(id)) for id in contribution_ids])}"
