"""Meetings at the desk: planning, tying, changing and calling off; who comes, who came, and the report."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.api import Event
from citycontent.web.api import FormPage, FormSpec, Options, Section, form_page
from samen_core.api import LOGGED_IN, Conflict, Invalid, Text, UnitOfWork, _, format_moment, parse
from samen_core.web.api import BoundForm, current_uow, go, page_url, render, render_status, say
from samen_doe_mee import paths
from samen_doe_mee.models import Meeting, Plan
from samen_doe_mee.schemas.meetings import (
    REMIND_HOURS,
    CancelMeetingSchema,
    PlanMeetingSchema,
    RecordAttendance,
    RecordAttendanceSchema,
    ReportMeetingSchema,
    TieMeetingSchema,
    UpdateMeetingSchema,
)
from samen_doe_mee.services import meetings
from samen_doe_mee.services.meeting_common import Held, meetings_of, visible_meeting
from samen_doe_mee.services.meeting_desk import comers
from samen_doe_mee.services.plans import EDITORS, may_work, require_work
from samen_doe_mee.services.rounds import rounds_of
from samen_doe_mee.web.common import DESK, LABEL, pages
from samen_doe_mee.web.desk_plan_frame import desk_frame, plan_at_desk
from samen_doe_mee.web.meeting_parts import meeting_line
from samen_doe_mee.web.meetings import facts

METHODS = ["GET", "POST"]
PART = "bijeenkomsten"
OF_PLAN = paths.desk_plan("<slug>", PART)
HERE = f"{paths.DESK}/bijeenkomsten/<uuid:id>"
TITLE = _("Bijeenkomsten")
WHAT = ("name", "description", "start_date", "end_date")
WHERE = ("location", "address", "online_url", "accessibility")
TERMS = ("registration", "places", "register_until", "remind_hours", "round_id")
AHEAD = timedelta(days=400)
SECTIONS = (
    Section(_("Wat en wanneer"), WHAT),
    Section(_("Waar"), WHERE),
    Section(_("Aanmelden"), TERMS),
)


@pages.route(OF_PLAN, permission=LOGGED_IN)
def desk_meetings(slug: str) -> ResponseReturnValue:
    """The meetings of a plan."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug)
    found = meetings_of(uow, plan.id)
    return render(
        "doe_mee/desk_meetings.html",
        **desk_frame(uow, plan, PART, TITLE),
        lines=[(meeting_line(held, uow.now), page_url(paths.desk_meeting(held.meeting.id)), held) for held in found],
        new_url=page_url(paths.desk_plan(slug, f"{PART}/nieuw")),
        tie_url=page_url(paths.desk_plan(slug, f"{PART}/koppelen")),
        now=uow.now,
    )


@pages.route(f"{OF_PLAN}/nieuw", permission=LOGGED_IN, methods=METHODS)
def desk_meeting_new(slug: str) -> ResponseReturnValue:
    """Plan a meeting; it also stands on the city's calendar."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, *EDITORS)
    lead = _("De bijeenkomst komt ook in de agenda van de stad te staan.")
    return _make(
        uow,
        plan,
        Said(_("Bijeenkomst plannen"), _("Plan de bijeenkomst"), _("De bijeenkomst staat in de agenda."), lead),
        f"{PART}/nieuw",
        spec=FormSpec(PlanMeetingSchema),
        sections=SECTIONS,
        write=lambda command: meetings.plan_meeting(uow, plan.id, command),
        options={"round_id": _rounds(uow, plan)},
    )


@pages.route(f"{OF_PLAN}/koppelen", permission=LOGGED_IN, methods=METHODS)
def desk_meeting_tie(slug: str) -> ResponseReturnValue:
    """Choose one that stands on the calendar already."""
    uow = current_uow()
    plan = plan_at_desk(uow, slug, *EDITORS)
    return _make(
        uow,
        plan,
        Said(_("Bijeenkomst uit de agenda kiezen"), _("Voeg deze bijeenkomst toe"), _("De bijeenkomst hoort nu bij dit plan.")),
        f"{PART}/koppelen",
        spec=FormSpec(TieMeetingSchema),
        sections=(Section(_("Welke"), ("event_id",)), Section(_("Aanmelden"), TERMS)),
        write=lambda command: meetings.tie_meeting(uow, plan.id, command),
        options={"event_id": _events(uow, plan), "round_id": _rounds(uow, plan)},
    )


@pages.route(HERE, permission=LOGGED_IN)
def desk_meeting(id: uuid.UUID) -> ResponseReturnValue:
    """How a meeting stands, and who comes."""
    uow = current_uow()
    held, who = comers(uow, id)
    return render(
        "doe_mee/desk_meeting.html",
        **desk_frame(uow, held.plan, PART, held.event.name),
        **_of(facts(uow, held)),
        who=who,
        may_change=may_work(uow, held.plan, *EDITORS),
        began=held.event.start_date <= uow.now,
        urls={part: page_url(paths.desk_meeting(id, part)) for part in ("wijzigen", "afgelasten", "aanwezigen", "verslag")},
        misses_report=held.misses_report(uow.now),
        is_late=held.is_late(uow.now),
        report_by=held.report_by,
    )


@pages.route(f"{HERE}/wijzigen", permission=LOGGED_IN, methods=METHODS)
def desk_meeting_change(id: uuid.UUID) -> ResponseReturnValue:
    """Change it; who registered hears of another moment or place."""
    uow = current_uow()
    held = _at_desk(uow, id, *EDITORS)
    lead = _("Verandert de tijd of de plek? Wie zich aanmeldde krijgt daar een mail over.")
    return _act(
        uow,
        held,
        Said(_("Bijeenkomst wijzigen"), _("Bewaar de bijeenkomst"), _("De bijeenkomst is bewaard."), lead),
        "wijzigen",
        spec=FormSpec(UpdateMeetingSchema),
        sections=SECTIONS,
        write=lambda command: meetings.update_meeting(uow, id, command),
        values=meetings.meeting_values(uow, held),
        options={"round_id": _rounds(uow, held.plan)},
    )


@pages.route(f"{HERE}/afgelasten", permission=LOGGED_IN, methods=METHODS)
def desk_meeting_cancel(id: uuid.UUID) -> ResponseReturnValue:
    """Call it off; who registered gets mail."""
    uow = current_uow()
    held = _at_desk(uow, id, *EDITORS)
    lead = _("Wie zich aanmeldde krijgt meteen een mail.")
    return _act(
        uow,
        held,
        Said(_("Bijeenkomst afgelasten"), _("Gelast de bijeenkomst af"), _("De bijeenkomst is afgelast."), lead),
        "afgelasten",
        spec=FormSpec(CancelMeetingSchema),
        sections=(Section(Text(""), ("reason", "postpone")),),
        write=lambda command: meetings.cancel_meeting(uow, id, command),
        values={"version": meetings.version_of(held)},
    )


@pages.route(f"{HERE}/aanwezigen", permission=LOGGED_IN, methods=METHODS)
def desk_attendance(id: uuid.UUID) -> ResponseReturnValue:
    """Tick who came, and how many came without registering; the page prints as a list for the door."""
    uow = current_uow()
    held, who = comers(uow, id)
    problem: Text | None = None
    status, form = 200, BoundForm(RecordAttendanceSchema, data={"walk_ins": held.meeting.walk_ins}, version=meetings.version_of(held))
    ticked = {str(row.id) for row in who.listed if row.state == "attended"}
    if request.method == "POST":
        try:
            command: RecordAttendance = parse(RecordAttendanceSchema, request.form)
            meetings.record_attendance(uow, id, command)
        except (Invalid, Conflict) as error:
            uow.rollback()
            held, who = comers(uow, id)
            errors = error.errors if isinstance(error, Invalid) else None
            status, problem = error.status, error.message if isinstance(error, Conflict) else None
            ticked = set(request.form.getlist("came"))
            form = BoundForm(RecordAttendanceSchema, data=request.form, errors=errors, version=meetings.version_of(held))
        else:
            say(_("Bewaard wie er waren."))
            return go(paths.desk_meeting(id))
    return render_status(
        status,
        "doe_mee/desk_attendance.html",
        **desk_frame(uow, held.plan, PART, _("Aanwezigen")),
        **_of(facts(uow, held)),
        who=who,
        form=form,
        ticked=ticked,
        problem=problem,
        began=held.event.start_date <= uow.now and not held.is_off,
        action=page_url(paths.desk_meeting(id, "aanwezigen")),
        cancel_url=page_url(paths.desk_meeting(id)),
    )


@pages.route(f"{HERE}/verslag", permission=LOGGED_IN, methods=METHODS)
def desk_report(id: uuid.UUID) -> ResponseReturnValue:
    """Write the report; the first time it goes to who came and wants it."""
    uow = current_uow()
    held = _at_desk(uow, id, *meetings.AT_MEETINGS)
    meeting = held.meeting
    came = meeting.came if meeting.came is not None else meetings.people_who_came(uow, meeting) or None
    values = {"report": meeting.report, "came": came, "organizations": meeting.organizations, "version": meetings.version_of(held)}
    lead = _("Iedereen kan het verslag lezen. Wie er was en het verslag wilde, krijgt de eerste keer een mail.")
    done = _("Het verslag staat op de pagina van de bijeenkomst.")
    return _act(
        uow,
        held,
        Said(_("Verslag schrijven"), _("Maak het verslag openbaar"), done, lead),
        "verslag",
        spec=FormSpec(ReportMeetingSchema),
        sections=(Section(Text(""), ("report", "came", "organizations")),),
        write=lambda command: meetings.report_meeting(uow, id, command),
        values=values,
    )


@dataclass(frozen=True, slots=True)
class Said:
    """What a form says: its title, its button, what is said when it worked, and a line above it."""

    title: Text
    submit: Text
    done: Text
    lead: Text | str = ""


def _at_desk(uow: UnitOfWork, id: uuid.UUID, *roles: str) -> Held:
    held = visible_meeting(uow, id)
    require_work(uow, held.plan, *roles)
    return held


def _of(found: dict[str, Any]) -> dict[str, Any]:
    """The facts of a meeting without those that the frame of the plan tells."""
    return {name: value for name, value in found.items() if name != "plan"}


def _page(said: Said, plan: Plan, path: str, back: tuple[Text | str, str]) -> FormPage:
    trail = ((LABEL, paths.HOME), (DESK, paths.DESK_PLANS), (plan.title, paths.desk_plan(plan.slug)), back, (said.title, None))
    return FormPage(title=said.title, submit=said.submit, done=said.done, path=path, back=back[1], trail=trail, lead=said.lead)


def _make(
    uow: UnitOfWork,
    plan: Plan,
    said: Said,
    part: str,
    *,
    spec: FormSpec,
    sections: Sequence[Section],
    write: Callable[[Any], Meeting],
    options: Options,
) -> ResponseReturnValue:
    """A form that makes a meeting of a plan and leads to it."""
    page = _page(said, plan, paths.desk_plan(plan.slug, part), (TITLE, paths.desk_plan(plan.slug, PART)))
    values = {"registration": True, "remind_hours": REMIND_HOURS}
    return form_page(uow, page, spec, sections, lambda command: paths.desk_meeting(write(command).id), values=values, options=options)


def _act(
    uow: UnitOfWork,
    held: Held,
    said: Said,
    part: str,
    *,
    spec: FormSpec,
    sections: Sequence[Section],
    write: Callable[[Any], object],
    values: Mapping[str, Any],
    options: Options | None = None,
) -> ResponseReturnValue:
    """A form of a meeting that leads back to it."""
    back = paths.desk_meeting(held.meeting.id)
    page = _page(said, held.plan, paths.desk_meeting(held.meeting.id, part), (held.event.name, back))

    def do(command: Any) -> str:
        write(command)
        return back

    return form_page(uow, page, spec, sections, do, values=values, options=options)


def _rounds(uow: UnitOfWork, plan: Plan) -> list[tuple[uuid.UUID, str]]:
    return [(found.id, found.title) for found in rounds_of(uow, plan.id)]


def _events(uow: UnitOfWork, plan: Plan) -> list[tuple[uuid.UUID, str]]:
    """What is to come on the calendar and is of no plan yet: of the project of this plan first."""
    free = select(Event.id, Event.name, Event.start_date).where(
        Event.state == "active",
        Event.start_date > uow.now,
        Event.start_date < uow.now + AHEAD,
        Event.id.notin_(select(Meeting.id)),
    )
    rows = uow.session.execute(free.order_by(Event.project_id != plan.project_id, Event.start_date, Event.id).limit(200))
    return [(row.id, f"{row.name}, {format_moment(row.start_date)}") for row in rows]
