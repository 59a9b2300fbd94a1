"""Questions of council members: the list, one question with its answer, and its forms."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    FormPage,
    FormSpec,
    Named,
    Options,
    Section,
    chips,
    form_page,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
)
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import QUESTION_KIND_LABELS
from samen_beleidsagenda.models import CouncilQuestion
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries import promise_choices as choices
from samen_beleidsagenda.queries.promises import AnyRow, submitters_of
from samen_beleidsagenda.queries.questions import QuestionFilter, list_questions
from samen_beleidsagenda.schemas.council_questions import (
    AnswerQuestionSchema,
    AskCouncilQuestion,
    AskCouncilQuestionSchema,
    ExtendQuestionSchema,
    UpdateCouncilQuestionSchema,
    WithdrawQuestionSchema,
)
from samen_beleidsagenda.services.common import get_thing, may_write, require_write, today
from samen_beleidsagenda.services.council_questions import (
    answer_question,
    ask_question,
    extend_question,
    is_open,
    question_values,
    update_question,
    withdraw_question,
)
from samen_beleidsagenda.services.promise_links import submitters
from samen_beleidsagenda.web.approval import acts_of
from samen_beleidsagenda.web.common import LABEL, pages, register_views, tabs
from samen_beleidsagenda.web.promise_parts import (
    Act,
    Links,
    document_choices,
    dossier_choices,
    due_words,
    holder_choices,
    point_choices,
    uuid_of,
)
from samen_core.api import NotFound, Text, UnitOfWork, _, cards, format_date, latest_lines
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

TITLE = _("Vragen van raadsleden")
ONE = f"{paths.QUESTIONS}/<uuid:id>"
STATES: dict[str, tuple[str, Text]] = {
    "open": ("open", _("Wacht op antwoord")),
    "laat": ("late", _("Te laat")),
    "beantwoord": ("answered", _("Beantwoord")),
    "ingetrokken": ("withdrawn", _("Ingetrokken")),
}
NAMED = {"group_ids": Named("organization", many=True), "person_ids": Named("person", many=True)}
NEW, CHANGED = (FormSpec(schema, NAMED, required=("text",)) for schema in (AskCouncilQuestionSchema, UpdateCouncilQuestionSchema))
_WHAT = Section(_("Wat is de vraag?"), ("kind", "number", "title", "text"))
_MORE = ("holder_id", "agenda_item_id", "dossier_id", "confidential")
_ANSWERS = ("answer", "information_letter")
Write = Callable[[UnitOfWork, uuid.UUID, Any], Any]

ACTS: dict[str, tuple[type[Any], Write, Text, Text, tuple[str, ...], str]] = {
    "beantwoorden": (
        AnswerQuestionSchema,
        answer_question,
        _("Beantwoord de vraag"),
        _("Het antwoord staat nu bij de vraag."),
        ("answer", "answer_document_id", "answered_on"),
        "reply",
    ),
    "uitstellen": (
        ExtendQuestionSchema,
        extend_question,
        _("Geef het antwoord meer tijd"),
        _("De nieuwe dag is bewaard. De eerste staat er nog bij."),
        ("due_date", "reason"),
        "calendar-days",
    ),
    "intrekken": (
        WithdrawQuestionSchema,
        withdraw_question,
        _("De vraag is ingetrokken"),
        _("De vraag staat nu als ingetrokken in de lijst."),
        ("withdrawn_on", "reason"),
        "x",
    ),
}
"""What can be done with a question that waits: schema, service, title, what is said, its fields, its icon."""


def badge_of(row: Any, day: date) -> tuple[Text, str]:
    """How a question stands."""
    if row.answered_on:
        return (_("Beantwoord"), "success") if row.answered_on <= row.due_date else (_("Te laat beantwoord"), "warning")
    if row.withdrawn_on:
        return _("Ingetrokken"), "neutral"
    return (_("Te laat"), "danger") if row.due_date < day else (_("Wacht op antwoord"), "info")


@pages.route(paths.QUESTIONS, public=True)
def questions_page() -> ResponseReturnValue:
    """Questions, what waits longest on top."""
    uow = current_uow()
    where = list_page(paths.QUESTIONS, "q", "soort", "staat", "portefeuille", "fractie", "dossier")
    values = where.values
    one_of(values.get("staat", ""), STATES)
    chosen = QuestionFilter(
        text=values.get("q", ""),
        kind=one_of(values.get("soort", ""), QUESTION_KIND_LABELS),
        state=STATES[values["staat"]][0] if "staat" in values else None,
        holder_id=uuid_of(values, "portefeuille"),
        party_id=uuid_of(values, "fractie"),
        dossier_id=uuid_of(values, "dossier"),
    )
    found = list_questions(uow, chosen, where.request(25))
    fields = [
        search_field(where, _("Zoek in onderwerp en nummer")),
        select_field(where, "soort", _("Soort vraag"), QUESTION_KIND_LABELS.items(), _("Alles")),
        select_field(where, "staat", _("Hoe staat het?"), [(code, label) for code, (_state, label) in STATES.items()], _("Alles")),
        select_field(
            where, "portefeuille", _("Portefeuille"), [(str(row.id), row.label) for row in choices.holders(uow)], _("Alle portefeuilles")
        ),
    ]
    picked: list[tuple[str, Text | str | None]] = [("q", values.get("q"))]
    for item in fields[1:]:
        picked.append((item.name, next((option.label for option in item.options if option.selected and option.value), None)))
    extra = cards(uow, [id for id in (chosen.party_id, chosen.dossier_id) if id is not None])
    picked += [
        (name, extra[id].title if id in extra else None) for name, id in (("fractie", chosen.party_id), ("dossier", chosen.dossier_id))
    ]
    return render(
        "beleidsagenda/questions.html",
        title=TITLE,
        tabs=tabs(uow.actor, paths.PROMISES),
        views=register_views(paths.QUESTIONS),
        new_url=page_url(f"{paths.QUESTIONS}/nieuw") if RECORD.somewhere(uow.actor) else None,
        list_url=page_url(paths.QUESTIONS),
        fields=fields,
        hidden=where.hidden("fractie", "dossier"),
        chips=chips(where, picked),
        count=in_words(found.count, _("vraag"), _("vragen")),
        rows=_rows(uow, found.items),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


def _rows(uow: UnitOfWork, found: Sequence[AnyRow]) -> list[Row]:
    put_by = submitters_of(uow, [row.id for row in found])
    names = cards(uow, [id for ids in put_by.values() for id in ids])
    day = today(uow)
    rows = []
    for row in found:
        who = ", ".join(names[id].title for id in put_by[row.id] if id in names)
        meta: list[tuple[str, Text | str]] = [("tag", QUESTION_KIND_LABELS[row.kind])]
        meta += [("users-round", who)] if who else []
        meta.append(("calendar-days", _("Gesteld op {day}", day=format_date(row.asked_on))))
        if not row.answered_on and not row.withdrawn_on:
            meta.append(("clock", _("Antwoord voor {day}", day=format_date(row.due_date))))
        rows.append(Row(row.title, page_url(paths.question(row.id)), badges=(badge_of(row, day),), meta=tuple(meta)))
    return rows


@pages.route(ONE, public=True)
def question_page(id: uuid.UUID) -> ResponseReturnValue:
    """One question with its answer."""
    uow = current_uow()
    question = get_thing(uow, CouncilQuestion, id)
    groups, persons = submitters(uow, id)
    refers = (question.dossier_id, question.agenda_item_id, question.answer_document_id)
    links = Links(uow, [*refers, *groups, *persons], [question.holder_id])
    lines, more_lines = latest_lines(uow, id)
    return render(
        "beleidsagenda/question.html",
        question=question,
        badges=[badge_of(question, today(uow))],
        kind=QUESTION_KIND_LABELS[question.kind],
        is_open=is_open(question),
        asked_on=format_date(question.asked_on),
        answered_on=format_date(question.answered_on) if question.answered_on else "",
        due=due_words(question.due_date),
        original_due=format_date(question.original_due) if question.original_due != question.due_date else "",
        put_by=links.several([*groups, *persons]),
        holder=links.to_holder(question.holder_id),
        dossier=links.to(question.dossier_id),
        point=links.to(question.agenda_item_id),
        answer_document=links.to(question.answer_document_id),
        acts=_acts(uow, question),
        approval_acts=acts_of(uow, question),
        log=lines,
        more_log=more_lines,
        data_links=[
            (_("Vaste link"), f"/id/council_question/{id}"),
            (_("Gegevens als JSON"), f"/api/v1/beleidsagenda/council-questions/{id}"),
        ],
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.QUESTIONS), (question.title, None)),
    )


def _acts(uow: UnitOfWork, question: CouncilQuestion) -> list[Act]:
    if uow.actor.is_anonymous or not is_open(question) or not may_write(uow, question):
        return []
    edit = Act(_("Bewerken"), page_url(paths.question(question.id, "bewerken")), "pencil")
    return [edit, *(Act(act[2], page_url(paths.question(question.id, part)), act[5]) for part, act in ACTS.items())]


@pages.route(f"{paths.QUESTIONS}/nieuw", permission=RECORD, methods=["GET", "POST"])
def question_new() -> ResponseReturnValue:
    """Write down a question."""
    uow = current_uow()
    page = FormPage(
        title=_("Leg een vraag van raadsleden vast"),
        submit=_("Leg vast"),
        done=_("De vraag is vastgelegd. Het antwoord moet er over dertig dagen zijn."),
        path=f"{paths.QUESTIONS}/nieuw",
        back=paths.QUESTIONS,
        trail=((LABEL, paths.HOME), (TITLE, paths.QUESTIONS), (_("Nieuw"), None)),
    )

    def write(command: AskCouncilQuestion) -> str:
        return paths.question(ask_question(uow, command).id)

    sections = (
        _WHAT,
        Section(_("Door wie en wanneer?"), ("group_ids", "person_ids", "asked_on")),
        Section(_("Waar hoort het bij?"), (*_MORE, "publish")),
    )
    values = {"kind": "written", "asked_on": today(uow)}
    return form_page(uow, page, NEW, sections, write, values=values, options=_options(uow))


def _options(uow: UnitOfWork, question: CouncilQuestion | None = None) -> dict[str, Any]:
    now = {name: getattr(question, name, None) for name in ("agenda_item_id", "dossier_id", "holder_id")}
    return {
        "agenda_item_id": point_choices(uow, now["agenda_item_id"]),
        "dossier_id": dossier_choices(uow, now["dossier_id"]),
        "holder_id": holder_choices(uow, now["holder_id"]),
    }


@pages.route(f"{ONE}/bewerken", permission=RECORD, methods=["GET", "POST"])
def question_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a question that waits for its answer."""
    uow = current_uow()
    question = _editable(uow, id)

    def write(command: Any) -> str:
        update_question(uow, id, command)
        return paths.question(id)

    sections = (_WHAT, Section(_("Door wie?"), ("group_ids", "person_ids")), Section(_("Waar hoort het bij?"), _MORE))
    page = _page(question, _("{name} bewerken", name=question.title), _("Uw wijzigingen zijn bewaard."), "bewerken")
    return form_page(uow, page, CHANGED, sections, write, values=question_values(uow, question), options=_options(uow, question))


@pages.route(f"{ONE}/<any(beantwoorden,uitstellen,intrekken):act>", permission=RECORD, methods=["GET", "POST"])
def question_act(id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Answer a question, give it more time, or write down that it was withdrawn."""
    uow = current_uow()
    question = _editable(uow, id)
    schema, service, title, done, names, _icon = ACTS[act]

    def write(command: Any) -> str:
        service(uow, id, command)
        return paths.question(id)

    day = today(uow)
    values = {"version": question.version, "answered_on": day, "withdrawn_on": day, "answer": question.answer}
    options: Options = {"answer_document_id": document_choices(uow, None, _ANSWERS)} if act == "beantwoorden" else {}
    sections = (Section(_("Over: {title}", title=question.title), names),)
    return form_page(uow, _page(question, title, done, act), FormSpec(schema), sections, write, values=values, options=options)


def _page(question: CouncilQuestion, title: Text, done: Text, part: str) -> FormPage:
    there = paths.question(question.id)
    return FormPage(
        title=title,
        submit=_("Bewaar"),
        done=done,
        path=f"{there}/{part}",
        back=there,
        trail=((LABEL, paths.HOME), (TITLE, paths.QUESTIONS), (question.title, there), (title, None)),
    )


def _editable(uow: UnitOfWork, id: uuid.UUID) -> CouncilQuestion:
    question = get_thing(uow, CouncilQuestion, id)
    require_write(uow, question)
    if not is_open(question):
        raise NotFound
    return question
