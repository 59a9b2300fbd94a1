"""One answer for many contributions: with a text that is ready, and a look at what people get."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from samen_core.api import LOGGED_IN, Conflict, Invalid, NotFound, UnitOfWork, _, n_, parse
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.queries.answering import found_ids, work_by_id
from samen_doe_mee.schemas.answering import MOST_AT_ONCE, GiveAnswers, GiveAnswersSchema
from samen_doe_mee.services.answering import give_answers
from samen_doe_mee.services.ready_texts import PLACES, fill, find_ready_text, place_values, ready_texts, what_stays_unfilled
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_doe_mee.web.desk_answers import TITLE as LIST_TITLE
from samen_doe_mee.web.desk_answers import require_answerer, shorten, work_filter, work_list_page
from samen_inbreng.api import OUTCOME_LABELS, contribution_path, outcomes_of, said

PAGE = f"{paths.DESK_ANSWERS}/antwoord"
TITLE = _("Antwoord schrijven")
SHOWN = 10
PREVIEWED = 3


@pages.route(PAGE, permission=LOGGED_IN, methods=["GET", "POST"])
def answer_write() -> ResponseReturnValue:
    """Write an answer for the contributions in the address, or for all that a filter finds."""
    uow = current_uow()
    require_answerer(uow)
    ids = _ids(uow)
    if not ids:
        say(_("Kies eerst een of meer bijdragen om te beantwoorden."), "warning")
        return go(paths.DESK_ANSWERS)
    if request.method == "GET":
        return _page(uow, ids, BoundForm(GiveAnswersSchema, data=_begin(uow)))
    form: MultiDict[str, str] = MultiDict(request.form)
    form.setlist("contribution_ids", [str(id) for id in ids])
    try:
        command: GiveAnswers = parse(GiveAnswersSchema, form)
        if request.form.get("doe") == "voorbeeld":
            if wrong := what_stays_unfilled(command.reason):
                raise Invalid({"reason": wrong})
            return _page(uow, ids, BoundForm(GiveAnswersSchema, data=form), preview=command)
        if request.form.get("aantal", type=int) != len(ids):
            raise Invalid({"": [_("Intussen is de lijst veranderd: het gaat nu om {n} bijdragen. Kijk nog eens en ga door.", n=len(ids))]})
        given = give_answers(uow, command)
    except Invalid as error:
        uow.rollback()
        return _page(uow, ids, BoundForm(GiveAnswersSchema, data=form, errors=error.errors), status=400)
    except Conflict as error:
        uow.rollback()
        return _page(uow, ids, BoundForm(GiveAnswersSchema, data=form, errors={"": [error.message]}), status=409)
    say(
        n_(
            "Het antwoord op {n} bijdrage staat klaar. Tot het verstuurd is, kunt u het intrekken.",
            "De antwoorden op {n} bijdragen staan klaar. Tot ze verstuurd zijn, kunt u ze intrekken.",
            given.number,
        )
    )
    return go(f"{paths.DESK_ANSWERS}?stand=geschreven")


def _ids(uow: UnitOfWork) -> tuple[uuid.UUID, ...]:
    if request.args.get("alles") == "ja":
        return tuple(found_ids(uow, work_filter(uow, work_list_page()), MOST_AT_ONCE))
    try:
        return tuple(dict.fromkeys(uuid.UUID(text) for text in request.args.getlist("bijdrage")))[:MOST_AT_ONCE]
    except ValueError:
        raise NotFound from None


def _begin(uow: UnitOfWork) -> dict[str, Any]:
    """The form as it opens: with the text that was chosen."""
    chosen = request.args.get("tekst", "")
    if not chosen:
        return {}
    try:
        text = find_ready_text(uow, uuid.UUID(chosen))
    except ValueError:
        raise NotFound from None
    return {"reason": text.text, "outcome": text.outcome}


def _page(
    uow: UnitOfWork, ids: tuple[uuid.UUID, ...], form: BoundForm, *, preview: GiveAnswers | None = None, status: int = 200
) -> ResponseReturnValue:
    rows = work_by_id(uow, ids[:SHOWN])
    earlier = outcomes_of(uow, [row.id for row in rows])
    texts = ready_texts(uow, sorted({row.plan_id for row in rows if row.plan_id}))
    query = request.query_string.decode("ascii", "ignore")
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "tekst"]
    previews = [fill(preview.reason, place_values(uow, row)) for row in rows[:PREVIEWED]] if preview else []
    return render_status(
        status,
        "doe_mee/desk_answer.html",
        tabs=tabs(uow.actor, paths.DESK_ANSWERS),
        desk_tabs=desk_tabs(uow.actor, paths.DESK_ANSWERS),
        form=form,
        number=len(ids),
        previews=list(dict.fromkeys(previews)),
        outcome=OUTCOME_LABELS[preview.outcome] if preview else None,
        rows=[_shown(row, earlier.get(row.id)) for row in rows],
        more=max(0, len(ids) - len(rows)),
        replaces=bool(earlier) or bool(form["replace"].errors) or bool(form["replace"].value),
        texts=[(str(text.id), text.name) for text in texts],
        text=request.args.get("tekst", ""),
        kept=kept,
        places=[(f"{{{name}}}", label) for name, label in PLACES.items()],
        action=page_url(PAGE) + (f"?{query}" if query else ""),
        page_path=page_url(PAGE),
        back_url=page_url(paths.DESK_ANSWERS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK_ANSWERS), (LIST_TITLE, paths.DESK_ANSWERS), (TITLE, None)),
    )


def _shown(row: Any, earlier: Any) -> tuple[str, int, str, str, Any]:
    text = shorten(said(row.form, row.text, row.answers), 400)
    url = page_url(contribution_path(row.talk_slug, row.number))
    return url, row.number, row.title or "", text, OUTCOME_LABELS[earlier.outcome] if earlier else None
