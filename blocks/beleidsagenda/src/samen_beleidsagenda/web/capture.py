"""The clerk's phone: catching a commitment during a meeting, in one screen and a few seconds."""

from __future__ import annotations

import uuid
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.api import event_by_id
from citycontent.web.api import Options
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import AgendaItem, Commitment, Meeting
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries import promise_choices as choices
from samen_beleidsagenda.queries.promises import NOT_GONE, shown
from samen_beleidsagenda.schemas.commitments import CaptureCommitmentSchema
from samen_beleidsagenda.services.commitments import capture_commitment, current_point, may_publish
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.promise_parts import holder_choices
from samen_core.api import Invalid, NotFound, Text, UnitOfWork, _, format_date, parse, uuid7
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render_status, say

TITLE = _("Toezeggingen vastleggen")
MONTHS = 12


@pages.route(f"{paths.MEETINGS}/<uuid:id>/vastleggen", permission=RECORD, methods=["GET", "POST"])
def capture(id: uuid.UUID) -> ResponseReturnValue:
    """Write down a commitment at the point that is being treated; what was written down before stands below."""
    uow = current_uow()
    meeting = uow.session.get(Meeting, id)
    event = event_by_id(uow, id)
    if meeting is None or event is None or event.state != "active":
        raise NotFound
    RECORD.require(uow.actor, id, scopes=(meeting.body_id,))
    errors: dict[str, list[Text]] | None = None
    if request.method == "POST":
        try:
            command = parse(CaptureCommitmentSchema, request.form)
            capture_commitment(uow, meeting, command)
        except Invalid as error:
            uow.rollback()
            errors = dict(error.errors)
        else:
            say(_("De toezegging is vastgelegd."))
            at = f"?punt={command.agenda_item_id}" if command.agenda_item_id else ""
            return go(f"{paths.meeting(id)}/vastleggen{at}")
        meeting = uow.session.get_one(Meeting, id)
    return _page(uow, meeting, event.name, errors)


def _page(uow: UnitOfWork, meeting: Meeting, name: str, errors: dict[str, list[Text]] | None) -> ResponseReturnValue:
    points = [point for point in choices.points_of_meeting(uow, meeting) if not point.heading]
    data: Any = (
        request.form if errors is not None else {"key": uuid7(), "agenda_item_id": _now(points), "publish": may_publish(uow, meeting)}
    )
    options: Options = {
        "agenda_item_id": [(point.id, f"{point.number} {point.title}".strip()) for point in points],
        "holder_id": holder_choices(uow),
        "term": terms(today(uow)),
    }
    form = BoundForm(CaptureCommitmentSchema, data=data, errors=errors, options=options)
    noted = _noted(uow, meeting.event_id)
    there = paths.meeting(meeting.event_id)
    return render_status(
        400 if errors else 200,
        "beleidsagenda/capture.html",
        title=TITLE,
        meeting_name=name,
        form=form,
        groups=sorted({row.group_name for row in choices.voters(uow, meeting.body_id, today(uow)) if row.group_name}),
        may_publish=may_publish(uow, meeting),
        noted=[(row.title, page_url(paths.commitment(row.id)), _facts(row)) for row in noted],
        noted_ids=" ".join(str(row.id) for row in noted),
        meeting_id=meeting.event_id,
        action=page_url(f"{there}/vastleggen"),
        meeting_url=page_url(there),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Vergaderingen"), paths.MEETINGS), (name, there), (TITLE, None)),
    )


def _now(points: list[AgendaItem]) -> uuid.UUID | None:
    """The point that is chosen: that of the address, else the one that is being treated."""
    wanted = request.args.get("punt", "")
    asked = next((point for point in points if str(point.id) == wanted), None)
    point = asked or current_point(points)
    return point.id if point is not None else None


def _noted(uow: UnitOfWork, meeting_id: uuid.UUID) -> list[Commitment]:
    statement = select(Commitment).where(Commitment.meeting_id == meeting_id, shown(uow, Commitment, *NOT_GONE))
    return list(uow.session.execute(statement.order_by(Commitment.created_at.desc(), Commitment.id.desc()).limit(100)).scalars())


def _facts(row: Commitment) -> Text | str:
    if row.made_to and row.due_date:
        return _("aan {who}, klaar voor {day}", who=row.made_to, day=format_date(row.due_date))
    if row.due_date:
        return _("klaar voor {day}", day=format_date(row.due_date))
    return _("aan {who}", who=row.made_to) if row.made_to else ""


def terms(day: date) -> list[tuple[date, Text]]:
    """The days that are promised most, to choose with one tap."""
    days = [
        (_("Over 2 weken, op {day}"), day + timedelta(weeks=2)),
        (_("Over een maand, op {day}"), _months_later(day, 1)),
        (_("Over 3 maanden, op {day}"), _months_later(day, 3)),
        (_("Voor het eind van het jaar, op {day}"), date(day.year, 12, 31)),
    ]
    found: dict[date, Text] = {}
    for words, then in days:
        found.setdefault(then, _(words.id, day=format_date(then)))
    return list(found.items())


def _months_later(day: date, number: int) -> date:
    years, month = divmod(day.month - 1 + number, MONTHS)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
