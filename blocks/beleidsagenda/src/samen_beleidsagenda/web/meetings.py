"""Pages of meetings: what comes, what was, and one meeting with its agenda."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import Link, ListPage, chips, in_words, list_page, one_of, place_lines, search_field, select_field, when
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import MEETING_TYPE_LABELS, ROLE_LABELS
from samen_beleidsagenda.models import Document
from samen_beleidsagenda.permissions import APPROVE, RECORD
from samen_beleidsagenda.queries import meetings as queries
from samen_beleidsagenda.queries.meetings import MeetingFilter, Point
from samen_beleidsagenda.queries.structure import bodies
from samen_beleidsagenda.services.agendas import in_order
from samen_beleidsagenda.services.common import may_see
from samen_beleidsagenda.services.meetings import OFF, may_record, status_of
from samen_beleidsagenda.web.common import LABEL, pages, tabs
from samen_beleidsagenda.web.linked import event_json_ld
from samen_beleidsagenda.web.papers import body_field, body_filter, meeting_status, meeting_type, result_badge
from samen_core.api import CITY_TIME_ZONE, Gone, NotFound, Text, UnitOfWork, _, format_moment, format_month, latest_lines
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

TITLE = _("Vergaderingen")
ONE = f"{paths.MEETINGS}/<uuid:id>"
FILTERS = ("q", "orgaan", "soort")
VIEWS = {"": _("Komend"), "geweest": _("Geweest")}


@pages.route(paths.MEETINGS, public=True)
def meeting_list() -> ResponseReturnValue:
    """The meetings of all bodies, soonest first, or backwards what was."""
    uow = current_uow()
    where = list_page(paths.MEETINGS, *FILTERS, "weergave")
    view = one_of(where.values.get("weergave", ""), VIEWS) or ""
    every = bodies(uow)
    body, kind = body_filter(where, every), one_of(where.values.get("soort", ""), MEETING_TYPE_LABELS)
    text = where.values.get("q", "")
    chosen = MeetingFilter(
        period="past" if view else "coming", body_id=body.organization_id if body is not None else None, type=kind, text=text
    )
    found = queries.list_meetings(uow, chosen, where.request(), order="latest" if view else "soonest")
    picked = (("q", text), ("orgaan", body.name if body is not None else None), ("soort", MEETING_TYPE_LABELS.get(kind or "")))
    new = (page_url(f"{paths.MEETINGS}/nieuw"), _("Plan een vergadering")) if RECORD.somewhere(uow.actor) else None
    return render(
        "beleidsagenda/overview.html",
        title=TITLE,
        lead=_("Wanneer de raad, de commissies en het college vergaderen, wat er op de agenda staat en wat eruit kwam."),
        new=new,
        new_icon="calendar-plus",
        tabs=tabs(uow.actor, paths.MEETINGS),
        views=[(label, where.url(weergave=code or None), code == view) for code, label in VIEWS.items()],
        list_url=page_url(paths.MEETINGS),
        fields=_fields(where, every),
        hidden=where.hidden("weergave"),
        chips=chips(where, picked),
        count=in_words(found.count, _("vergadering"), _("vergaderingen")),
        sorts=(),
        groups=_by_month(uow, found.items),
        empty=(
            _("Er is nog geen vergadering geweest") if view else _("Er staan geen vergaderingen gepland"),
            _("Vergaderingen die voorbij zijn, blijven hier te vinden, met wat eruit kwam.")
            if view
            else _("Hier komt te staan wanneer er wordt vergaderd, met de agenda en de stukken."),
        ),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


def _fields(where: ListPage, every: Sequence[Any]) -> list[Any]:
    return [
        search_field(where, _("Zoek een vergadering")),
        body_field(where, every),
        select_field(where, "soort", _("Soort vergadering"), tuple(MEETING_TYPE_LABELS.items()), _("Alle soorten")),
    ]


def _by_month(uow: UnitOfWork, rows: Sequence[Any]) -> list[tuple[str, list[Row]]]:
    def month(row: Any) -> date:
        local: date = row.start_date.astimezone(CITY_TIME_ZONE).date()
        return local.replace(day=1)

    return [(format_month(first), [meeting_row(uow, row) for row in found]) for first, found in groupby(rows, month)]


def meeting_row(uow: UnitOfWork, row: Any) -> Row:
    """A meeting in a list."""
    badges = []
    if row.status in OFF:
        badges.append(meeting_status(row, uow.now))
    if row.closed:
        badges.append((_("Besloten vergadering"), "neutral"))
    if row.agenda_published_at is None and (row.end_date or row.start_date) >= uow.now and row.status not in OFF:
        badges.append((_("Agenda volgt"), "neutral"))
    meta = [("calendar-days", when(row.start_date, row.end_date, all_day=row.all_day)), ("landmark", row.body_name)]
    if row.location:
        meta.append(("map-pin", row.location))
    return Row(row.name, page_url(paths.meeting(row.id)), badges=tuple(badges), meta=tuple(meta))


@pages.route(ONE, public=True)
def meeting_page(id: uuid.UUID) -> ResponseReturnValue:
    """One meeting: when and where, its agenda with papers, and what came of it."""
    uow = current_uow()
    row = existing(uow, id)
    clerk = may_record(uow, row)
    items = in_order(queries.shown_items(uow, id, row.body_id))
    if row.agenda_published_at is None and not clerk:
        items = []
    status = status_of(row.status, row.start_date, row.end_date, uow.now)
    lines, more_lines = latest_lines(uow, id)
    return render(
        "beleidsagenda/meeting.html",
        meeting=row,
        json_ld=event_json_ld(uow, id),
        path=paths.meeting(id),
        type=meeting_type(row),
        status=status,
        status_badge=meeting_status(row, uow.now),
        when=when(row.start_date, row.end_date, all_day=row.all_day),
        before=format_moment(row.previous_start_date) if row.previous_start_date and row.status == "rescheduled" else "",
        place=place_lines(row),
        body=Link(row.body_name, page_url(f"{paths.MEETINGS}?orgaan={row.body_slug}")),
        event_url=page_url(f"/agenda/{row.slug}"),
        calendar_url=page_url(f"/agenda/{row.slug}.ics"),
        minutes=_minutes(uow, row),
        points=point_views(uow, items),
        clerk=clerk,
        waiting=sum(item.state != "published" for item in items),
        may_publish=clerk and APPROVE.allows(uow.actor, id, scopes=(row.body_id,)),
        begun=row.start_date <= uow.now and row.status not in OFF,
        log=lines,
        more_log=more_lines,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.MEETINGS), (row.name, None)),
    )


def existing(uow: UnitOfWork, id: uuid.UUID) -> Any:
    """The row of a meeting that there is. Raises NotFound and Gone."""
    row = queries.meeting_by_id(uow, id)
    if row is None:
        raise NotFound
    if row.state != "active":
        raise Gone
    return row


def _minutes(uow: UnitOfWork, row: Any) -> Link | None:
    found = uow.session.get(Document, row.minutes_id) if row.minutes_id else None
    return Link(found.title, page_url(paths.document(found.id))) if found is not None and may_see(uow, found) else None


def point_views(uow: UnitOfWork, items: Sequence[Any]) -> list[dict[str, Any]]:
    """The points of an agenda as ``macros/agenda.html`` shows them."""
    known = queries.points(uow, items)
    return [point_view(known[item.id]) for item in items]


def point_view(point: Point) -> dict[str, Any]:
    """A point as templates show it: links instead of rows."""
    item = point.item
    things: list[tuple[Text, str, str, Any]] = [
        *((_("Besluit"), "gavel", paths.decision(found.id), found) for found in point.decisions),
        *((_("Motie of amendement"), "megaphone", paths.motion(found.id), found) for found in point.motions),
        *((_("Toezegging"), "handshake", paths.commitment(found.id), found) for found in point.commitments),
        *((_("Raadsvraag"), "circle-question-mark", paths.question(found.id), found) for found in point.questions),
    ]
    return {
        "item": item,
        "url": page_url(paths.agenda_item(item.id)),
        "under": item.parent_id is not None,
        "dossier": Link(point.dossier[0], page_url(paths.dossier(point.dossier[1]))) if point.dossier else None,
        "papers": [
            {
                "title": paper.document.title,
                "url": page_url(paths.document(paper.document.id)),
                "role": ROLE_LABELS[paper.treatment.role],
                "decides": paper.treatment.authoritative and paper.treatment.role == "decision",
                "outcome": paper.treatment.outcome,
                "confidential": paper.document.confidential,
                "draft": paper.document.state != "published",
                "id": paper.treatment.id,
            }
            for paper in point.papers
        ],
        "things": [{"kind": kind, "icon": icon, "url": page_url(path), "title": found.title} for kind, icon, path, found in things],
        "result": result_badge(item.result) if item.result else None,
    }
