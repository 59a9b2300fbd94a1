"""The work list of answers: what waits, of whom and by when; who answers it, and one answer for many."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.web.api import ListPage, chips, filters_part, in_words, list_page, one_of, search_field, select_field, unknown_filter
from samen_core.api import LOGGED_IN, Conflict, Invalid, NotAllowed, Text, UnitOfWork, _, format_date, n_
from samen_core.web.api import BoundField, crumbs, current_uow, go, page_url, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, Colleague, Plan
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.queries.answering import (
    ANSWERERS,
    NOBODY,
    WorkFilter,
    due_day,
    work_activities,
    work_page,
    work_paragraphs,
    work_plans,
)
from samen_doe_mee.schemas.answering import AssignDuties
from samen_doe_mee.services.answering import assign_duties, possible_owners, withdraw
from samen_doe_mee.services.lateness import city_day
from samen_doe_mee.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_inbreng.api import CHANNEL_LABELS, OUTCOME_LABELS, contribution_path, pending_of, said, themes_of

TITLE = _("Antwoorden")
NAMES = ("q", "plan", "activiteit", "alinea", "thema", "wie", "te-laat", "stand")
ON_PAGE = 50
SHORT = 280
WRITTEN = "geschreven"
IDEAS = "van_ideeen"
"""Stands where the slug of a plan does, for what was said on ideas: no slug has an underscore."""
MINE, NO_ONE = "ik", "niemand"


@dataclass(frozen=True, slots=True)
class WorkView:
    """A contribution on the list."""

    id: str
    number: int
    url: str
    start: str
    full: str
    title: str
    plan: str
    part: str
    who: str
    channel: Text
    day: str
    owner: str
    due: str
    late: bool
    answer: tuple[Text, str, str] | None
    """Outcome, reason and the address that takes the answer back, of one that waits to be sent."""


def require_answerer(uow: UnitOfWork) -> None:
    """Raise NotAllowed for who may answer nowhere: no right, and no role at any plan."""
    if ANSWER.somewhere(uow.actor):
        return
    mine = select(Colleague.id).where(Colleague.account_id == uow.actor.account_id, Colleague.role.in_(ANSWERERS)).limit(1)
    if uow.actor.account_id is None or uow.session.execute(mine).first() is None:
        raise NotAllowed(_("U werkt niet aan plannen. Vraag het aan wie een plan trekt."), log_in=uow.actor.is_anonymous)


@pages.route(paths.DESK_ANSWERS, permission=LOGGED_IN)
def answer_list() -> ResponseReturnValue:
    """What waits for an answer."""
    uow = current_uow()
    require_answerer(uow)
    return _page(uow)


@pages.route(f"{paths.DESK_ANSWERS}/wie", permission=LOGGED_IN, methods=["POST"])
def answer_assign() -> ResponseReturnValue:
    """Say who answers the chosen contributions, and by when; or go and write one answer for them."""
    uow = current_uow()
    require_answerer(uow)
    chosen = request.form.getlist("bijdrage")
    back = request.form.get("terug", "")[:1_000]
    try:
        ids = tuple(dict.fromkeys(uuid.UUID(text) for text in chosen))
    except ValueError:
        raise Invalid(_("Deze keuze klopt niet meer. Begin opnieuw bij de lijst.")) from None
    action = request.form.get("doe", "antwoord")
    if action == "alles":
        return go(f"{paths.DESK_ANSWERS}/antwoord?alles=ja" + (f"&{back}" if back else ""))
    try:
        if not ids:
            raise Invalid(_("Kies eerst een of meer bijdragen."))
        if action == "antwoord":
            return go(f"{paths.DESK_ANSWERS}/antwoord?" + "&".join(f"bijdrage={id}" for id in ids))
        number = assign_duties(uow, _duties(ids))
    except Invalid as error:
        uow.rollback()
        return _page(uow, [text for texts in error.errors.values() for text in texts], 400)
    say(n_("{n} bijdrage is verdeeld.", "{n} bijdragen zijn verdeeld.", number))
    return go(paths.DESK_ANSWERS + (f"?{back}" if back else ""))


@pages.route(f"{paths.DESK_ANSWERS}/<uuid:answer_id>/intrekken", permission=LOGGED_IN, methods=["POST"])
def answer_take_back(answer_id: uuid.UUID) -> ResponseReturnValue:
    """Take an answer back before it is sent."""
    uow = current_uow()
    require_answerer(uow)
    try:
        withdraw(uow, answer_id)
    except Conflict as error:
        uow.rollback()
        return _page(uow, [error.message], error.status)
    say(_("Het antwoord is ingetrokken. Niemand heeft het gezien. De bijdragen wachten weer op een antwoord."))
    return go(paths.DESK_ANSWERS)


def work_filter(uow: UnitOfWork, where: ListPage) -> WorkFilter:
    """The filters in the address. Raises Invalid for one that does not exist."""
    values = where.values
    ideas = values.get("plan", "") == IDEAS
    plan_id = None if ideas else _id_of(uow, Plan, values.get("plan", ""))
    activity_id = _id_of(uow, Activity, values.get("activiteit", ""))
    who = values.get("wie", "")
    owner = {"": None, MINE: uow.actor.account_id, NO_ONE: NOBODY}.get(who) if who in ("", MINE, NO_ONE) else _uuid(who)
    return WorkFilter(
        plan_id=plan_id,
        activity_id=activity_id,
        paragraph_id=_uuid(values.get("alinea", "")),
        theme_id=_uuid(values.get("thema", "")),
        owner=owner,
        late=one_of(values.get("te-laat", ""), ("ja",)) is not None,
        text=values.get("q", ""),
        written=one_of(values.get("stand", ""), (WRITTEN,)) is not None,
        ideas=ideas,
    )


def work_list_page() -> ListPage:
    """Where the list is, with its filters."""
    return list_page(paths.DESK_ANSWERS, *NAMES)


def _page(uow: UnitOfWork, problems: Sequence[Text] = (), status: int = 200) -> ResponseReturnValue:
    where = work_list_page()
    filter = work_filter(uow, where)
    page = work_page(uow, filter, where.request(ON_PAGE))
    pending = pending_of(uow, [row.id for row in page.items]) if filter.written else {}
    plans = work_plans(uow)
    chosen_plan = {filter.plan_id} if filter.plan_id else {row.plan_id for row in page.items if row.plan_id}
    owners = possible_owners(uow, chosen_plan)
    fields = _fields(uow, where, filter, plans, owners)
    picked = _chips(where, fields)
    query = request.query_string.decode("ascii", "ignore") if request.method == "GET" else request.form.get("terug", "")[:1_000]
    export = where.url(cursor=None).partition("?")[2]
    return render_status(
        status,
        "doe_mee/desk_answers.html",
        tabs=tabs(uow.actor, paths.DESK_ANSWERS),
        desk_tabs=desk_tabs(uow.actor, paths.DESK_ANSWERS),
        rows=[_view(uow, row, pending.get(row.id)) for row in page.items],
        written=filter.written,
        problems=problems,
        chosen=set(request.form.getlist("bijdrage")),
        owners=[(str(id), name) for id, name in owners.items()],
        owner=request.form.get("wie", ""),
        due=request.form.get("uiterlijk", ""),
        filters=filters_part(where, lambda: fields, len(picked)),
        chips=picked,
        count=in_words(page.count, _("reactie"), _("reacties")),
        number=page.count,
        back=query,
        action=page_url(f"{paths.DESK_ANSWERS}/wie"),
        list_url=page_url(where.path),
        exports=[(name.upper(), page_url(f"{paths.DESK_ANSWERS}.{name}") + (f"?{export}" if export else "")) for name in ("xlsx", "csv")],
        import_url=page_url(f"{paths.DESK_ANSWERS}/inlezen"),
        texts_url=page_url(paths.DESK_TEXTS),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK_ANSWERS), (TITLE, None)),
        dense=True,
        **where.pager(page),
    )


def _view(uow: UnitOfWork, row: Any, pending: Any) -> WorkView:
    text = said(row.form, row.text, row.answers)
    start = shorten(text)
    due = due_day(uow, row)
    answer = None
    if pending is not None:
        url = page_url(f"{paths.DESK_ANSWERS}/{pending.answer_id}/intrekken")
        answer = (OUTCOME_LABELS[pending.outcome], shorten(pending.reason), url)
    part = row.paragraph or (str(_("Alinea {n}", n=row.paragraph_position + 1)) if row.paragraph_position is not None else "")
    return WorkView(
        str(row.id),
        row.number,
        page_url(contribution_path(row.talk_slug, row.number)),
        start,
        text if start.endswith("…") else "",
        row.title or "",
        row.plan_title or "",
        part,
        row.organization or row.author_name,
        CHANNEL_LABELS[row.channel],
        format_date(city_day(row.at)),
        row.owner_name or "",
        format_date(due) if due else "",
        not row.answered and due is not None and due < city_day(uow.now),
        answer,
    )


def shorten(text: str, longest: int = SHORT) -> str:
    """The beginning of a text on one line, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rsplit(" ", 1)[0] + "…"


def _fields(uow: UnitOfWork, where: ListPage, filter: WorkFilter, plans: Sequence[Any], owners: dict[uuid.UUID, str]) -> list[BoundField]:
    people: list[tuple[str, Text | str]] = [(MINE, _("Ik")), (NO_ONE, _("Nog niemand")), *((str(id), name) for id, name in owners.items())]
    choices: list[tuple[str, Text | str]] = [*((row.slug, row.title) for row in plans), (IDEAS, _("Reacties op ideeën"))]
    found = [
        search_field(where, _("Zoek in bijdragen")),
        select_field(where, "plan", _("Plan"), choices, _("Alle plannen")),
    ]
    plan_id = filter.plan_id
    if filter.activity_id is not None and plan_id is None:
        plan_id = uow.session.get_one(Activity, filter.activity_id).plan_id
    if plan_id is not None:
        activities = work_activities(uow, plan_id)
        found.append(
            select_field(where, "activiteit", _("Activiteit"), [(row.slug, row.title) for row in activities], _("Alle activiteiten"))
        )
    if filter.activity_id is not None:
        paragraphs = work_paragraphs(uow, filter.activity_id)
        if paragraphs:
            named = [(str(row.id), row.heading or _("Alinea {n}", n=row.position + 1)) for row in paragraphs]
            found.append(select_field(where, "alinea", _("Alinea"), named, _("Alle alinea's")))
        if themes := themes_of(uow, filter.activity_id):
            found.append(select_field(where, "thema", _("Thema"), [(str(row.id), row.title) for row in themes], _("Alle thema's")))
    found.append(select_field(where, "wie", _("Wie antwoordt?"), people, _("Iedereen")))
    found.append(select_field(where, "te-laat", _("Op tijd?"), [("ja", _("Alleen wat te laat is"))], _("Alles")))
    found.append(select_field(where, "stand", _("Hoe ver is het?"), [(WRITTEN, _("Heeft een antwoord"))], _("Wacht op een antwoord")))
    return found


def _chips(where: ListPage, fields: Sequence[BoundField]) -> list[tuple[Text | str, str]]:
    chosen: list[tuple[str, Text | str | None]] = []
    for item in fields:
        value = where.values.get(item.name)
        if value:
            chosen.append((item.name, next((option.label for option in item.options if option.selected), value)))
    return chips(where, chosen)


def _duties(ids: tuple[uuid.UUID, ...]) -> AssignDuties:
    who, day = request.form.get("wie", ""), request.form.get("uiterlijk", "").strip()
    try:
        due = date.fromisoformat(day) if day else None
    except ValueError:
        raise Invalid({"due_on": [_("Vul een dag in, zoals 2026-12-31.")]}) from None
    try:
        owner = uuid.UUID(who) if who not in ("", NO_ONE) else None
    except ValueError:
        raise Invalid({"owner_id": [_("Kies wie antwoordt.")]}) from None
    return AssignDuties(contribution_ids=ids, owner_id=owner, due_on=due, clear_owner=who == NO_ONE)


def _id_of(uow: UnitOfWork, table: Any, slug: str) -> uuid.UUID | None:
    if not slug:
        return None
    found: uuid.UUID | None = uow.session.execute(select(table.id).where(table.slug == slug)).scalar_one_or_none()
    if found is None:
        raise unknown_filter()
    return found


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        raise unknown_filter() from None
