"""Meetings of a table: the list, one meeting with its report, planning, calling off, who was there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import event_by_id
from citycontent.web.api import FormPage, FormSpec, Options, Section, atlas, form_page, place_lines, when
from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _
from samen_core.web.api import current_uow, go, page_url, render_status, say
from samen_samenspreker.labels import PRESENCE_LABELS
from samen_samenspreker.models import Question
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import FACILITATE
from samen_samenspreker.queries.meetings import attendance_of, meeting_by_id, meetings_of, rounds_to_choose, taken_seats
from samen_samenspreker.queries.seats import seats_of
from samen_samenspreker.schemas.meetings import (
    CancelMeeting,
    CancelMeetingSchema,
    PlanMeeting,
    PlanMeetingSchema,
    RecordAttendance,
    ReportMeeting,
    ReportMeetingSchema,
    UpdateMeeting,
    UpdateMeetingSchema,
)
from samen_samenspreker.services.common import find_question, require_facilitator, require_table
from samen_samenspreker.services.meetings import (
    OFF,
    cancel_meeting,
    find_meeting,
    meeting_values,
    plan_meeting,
    record_attendance,
    report_meeting,
    update_meeting,
)
from samen_samenspreker.services.seats import RUNNING
from samen_samenspreker.web.frame import LABEL, pages, table_page, trail
from samen_samenspreker.web.meeting_views import meeting_path, meeting_row
from samen_samenspreker.web.seat_views import SeatView, seat_view
from samen_samenspreker.web.seats import PATH as TABLE
from samen_samenspreker.web.seats import TITLE as SEATS

PATH = f"{TABLE}/bijeenkomsten"
MEETING = f"{PATH}/<uuid:id>"
TITLE = _("Bijeenkomsten van de tafel")
NEW, CHANGED = FormSpec(PlanMeetingSchema), FormSpec(UpdateMeetingSchema)
SECTIONS = (
    Section(_("Wat en wanneer?"), ("name", "start_date", "end_date")),
    Section(_("Waar?"), ("location", "address", "online_url", "accessibility")),
    Section(_("Waarover?"), ("agenda", "round_id")),
)


@dataclass(frozen=True, slots=True)
class SeatPresence:
    """A seat in the form of who was there: what is chosen, the name of its inputs, and what is wrong."""

    seat: SeatView
    name: str
    chosen: str


@pages.route(PATH, public=True)
def meetings_page(slug: str) -> ResponseReturnValue:
    """Every meeting of the table: what is to come, and what was held with its report."""
    uow = current_uow()
    question = find_question(uow, slug)
    require_table(question)
    rows = meetings_of(uow, question.id)
    book, taken = atlas(uow), taken_seats(uow, question.id) if rows else {}
    staff = FACILITATE.allows(uow.actor, question.id)
    return table_page(
        uow,
        question,
        "tafel",
        "samenspreker/meetings.html",
        title=TITLE,
        coming=[meeting_row(book, row, slug) for row in reversed(rows) if not _is_over(uow, row)],
        past=[meeting_row(book, row, slug, taken.get(row.id)) for row in rows if _is_over(uow, row)],
        new_url=page_url(table(slug, "tafel/bijeenkomsten/nieuw")) if staff and question.step in RUNNING else "",
        table_url=page_url(table(slug, "tafel")),
    )


@pages.route(MEETING, public=True)
def meeting_page(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """One meeting: when, where and about what; afterwards who was there and what was said."""
    uow = current_uow()
    question = find_question(uow, slug)
    require_table(question)
    row, event = _found(uow, question, id), event_by_id(uow, id)
    presences = attendance_of(uow, id)
    seats = [seat for seat in seats_of(uow, question.id) if seat.id in presences] if presences else []
    begun = row.start_date <= uow.now and row.status not in OFF
    return render_status(
        200,
        "samenspreker/meeting.html",
        question=question,
        meeting=row,
        off=row.status in OFF,
        over=_is_over(uow, row),
        when=when(row.start_date, row.end_date, all_day=row.all_day),
        place=place_lines(event),
        event_url=page_url(f"/agenda/{row.slug}"),
        attendance=[(seat_view(seat, question), PRESENCE_LABELS[presences[seat.id]]) for seat in seats],
        taken=sum(presences[seat.id] != "absent" for seat in seats),
        staff=FACILITATE.allows(uow.actor, question.id),
        begun=begun,
        url=page_url(meeting_path(slug, id)),
        table_url=page_url(table(slug)),
        breadcrumbs=trail(question, *_crumbs(slug), (row.name, None)),
    )


@pages.route(f"{PATH}/nieuw", permission=FACILITATE, methods=["GET", "POST"])
def meeting_new(slug: str) -> ResponseReturnValue:
    """Plan a meeting."""
    uow = current_uow()
    question = _facilitated(uow, slug)
    question_id = question.id
    page = _form(
        question,
        table(slug, "tafel/bijeenkomsten/nieuw"),
        title=_("Bijeenkomst plannen"),
        lead=_("De bijeenkomst komt op de agenda van de stad. Wie aan tafel zit en mail wil, krijgt een mail."),
        submit=_("Plan de bijeenkomst"),
        done=_("De bijeenkomst is gepland."),
        back=table(slug, "tafel/bijeenkomsten"),
    )

    def write(command: PlanMeeting) -> str:
        return meeting_path(slug, plan_meeting(uow, question_id, command).event_id)

    return form_page(uow, page, NEW, SECTIONS, write, values={}, options=_options(uow, question_id))


@pages.route(f"{MEETING}/bewerken", permission=FACILITATE, methods=["GET", "POST"])
def meeting_edit(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Change a meeting, also its moment."""
    uow = current_uow()
    question = _facilitated(uow, slug)
    meeting, event = find_meeting(uow, question, id)
    page = _form(
        question,
        meeting_path(slug, id, "bewerken"),
        title=_("Bijeenkomst bewerken"),
        lead=_("Wijzigt u de tijd of de plek? Dan krijgt de tafel daarover mail."),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        back=meeting_path(slug, id),
    )

    def write(command: UpdateMeeting) -> str:
        update_meeting(uow, id, command)
        return meeting_path(slug, id)

    values = meeting_values(uow, meeting, event)
    return form_page(uow, page, CHANGED, SECTIONS, write, values=values, options=_options(uow, question.id))


@pages.route(f"{MEETING}/afgelasten", permission=FACILITATE, methods=["GET", "POST"])
def meeting_cancel(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Call a meeting off, or put it off."""
    uow = current_uow()
    question = _facilitated(uow, slug)
    version = _found(uow, question, id).version
    page = _form(
        question,
        meeting_path(slug, id, "afgelasten"),
        title=_("Bijeenkomst afgelasten"),
        lead=_("De pagina blijft staan, met de melding dat het niet doorgaat. De tafel krijgt een mail."),
        submit=_("Gelast deze bijeenkomst af"),
        done=_("De bijeenkomst is afgelast."),
        back=meeting_path(slug, id),
    )

    def write(command: CancelMeeting) -> str:
        cancel_meeting(uow, id, command)
        return meeting_path(slug, id)

    sections = (Section(_("Laat weten waarom"), ("reason", "postpone")),)
    return form_page(uow, page, FormSpec(CancelMeetingSchema), sections, write, values={"version": version})


@pages.route(f"{MEETING}/verslag", permission=FACILITATE, methods=["GET", "POST"])
def meeting_report(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Write the report."""
    uow = current_uow()
    question = _facilitated(uow, slug)
    row = _found(uow, question, id)
    page = _form(
        question,
        meeting_path(slug, id, "verslag"),
        title=_("Verslag van de bijeenkomst"),
        lead=_("Iedereen kan het verslag lezen. U kunt het later verbeteren."),
        submit=_("Publiceer het verslag"),
        done=_("Het verslag staat erop."),
        back=meeting_path(slug, id),
    )

    def write(command: ReportMeeting) -> str:
        report_meeting(uow, id, command)
        return meeting_path(slug, id)

    sections = (Section(_("Wat is er besproken?"), ("report", "visitors")),)
    values = {"report": row.report, "visitors": row.visitors, "version": row.version}
    return form_page(uow, page, FormSpec(ReportMeetingSchema), sections, write, values=values)


@pages.route(f"{MEETING}/aanwezigheid", permission=FACILITATE, methods=["GET", "POST"])
def meeting_attendance(slug: str, id: uuid.UUID) -> ResponseReturnValue:
    """Who was there: every seat on a line."""
    uow = current_uow()
    question = _facilitated(uow, slug)
    if request.method == "GET":
        return _attendance_page(uow, question, id, attendance_of(uow, id))
    chosen = _chosen()
    try:
        record_attendance(uow, id, RecordAttendance(presences=_checked(chosen), version=request.form.get("version", 0, type=int)))
    except (Invalid, Conflict) as error:
        uow.rollback()
        return _attendance_page(uow, find_question(uow, slug), id, chosen, error)
    say(_("De aanwezigheid is bewaard."))
    return go(meeting_path(slug, id))


def _chosen() -> dict[uuid.UUID, str]:
    """What was chosen for each seat; what is no seat is left out, since no form of ours sends it."""
    found = {}
    for name, value in request.form.items():
        kind, _dot, hex_id = name.partition(".")
        if kind == "seat" and value and len(hex_id) == 32:
            try:
                found[uuid.UUID(hex=hex_id)] = value
            except ValueError:
                continue
    return found


def _checked(chosen: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, str]:
    """The choices. Raises Invalid for one that does not exist."""
    if any(value not in PRESENCE_LABELS for value in chosen.values()):
        raise Invalid(_("Kies bij elke stoel een van de antwoorden."))
    return dict(chosen)


def _attendance_page(
    uow: UnitOfWork, question: Question, id: uuid.UUID, chosen: Mapping[uuid.UUID, str], error: Invalid | Conflict | None = None
) -> ResponseReturnValue:
    row = _found(uow, question, id)
    seats = [seat for seat in seats_of(uow, question.id) if seat.state == "accepted" or seat.id in chosen]
    lines = [SeatPresence(seat_view(seat, question), f"seat.{seat.id.hex}", chosen.get(seat.id, "")) for seat in seats]
    messages = [] if error is None else [text for texts in error.errors.values() for text in texts] if isinstance(error, Invalid) else []
    return render_status(
        error.status if error else 200,
        "samenspreker/attendance.html",
        question=question,
        meeting=row,
        lines=lines,
        choices=[*PRESENCE_LABELS.items(), ("", _("Weet ik niet"))],
        errors=messages,
        conflict=isinstance(error, Conflict),
        stored=attendance_of(uow, id) if isinstance(error, Conflict) else {},
        labels=PRESENCE_LABELS,
        action=page_url(meeting_path(question.slug, id, "aanwezigheid")),
        cancel_url=page_url(meeting_path(question.slug, id)),
        breadcrumbs=trail(question, *_crumbs(question.slug), (row.name, meeting_path(question.slug, id)), (_("Wie was er"), None)),
    )


def _found(uow: UnitOfWork, question: Question, id: uuid.UUID) -> Any:
    row = meeting_by_id(uow, id)
    if row is None or row.question_id != question.id:
        raise NotFound
    return row


def _is_over(uow: UnitOfWork, row: Any) -> bool:
    return bool((row.end_date or row.start_date) < uow.now)


def _options(uow: UnitOfWork, question_id: uuid.UUID) -> Options:
    rounds = rounds_to_choose(uow, question_id)
    return {"round_id": [(row.id, _("Ronde {number}: {title}", number=row.number, title=row.title)) for row in rounds]}


def _facilitated(uow: UnitOfWork, slug: str) -> Question:
    question = find_question(uow, slug)
    require_table(question)
    require_facilitator(uow, question)
    return question


def _crumbs(slug: str) -> tuple[tuple[Text, str], tuple[Text, str]]:
    return (SEATS, table(slug, "tafel")), (TITLE, table(slug, "tafel/bijeenkomsten"))


def _form(question: Question, path: str, *, title: Text, submit: Text, done: Text, back: str, lead: Text) -> FormPage:
    return FormPage(
        title=title,
        lead=lead,
        submit=submit,
        done=done,
        path=path,
        back=back,
        trail=((LABEL, HOME), (question.title, table(question.slug)), *_crumbs(question.slug), (title, None)),
    )
