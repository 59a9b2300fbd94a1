"""Making an agenda, and the page of one point of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page, when
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import AgendaItem
from samen_beleidsagenda.permissions import APPROVE, DECIDE, RECORD, SEE_CONFIDENTIAL
from samen_beleidsagenda.queries import meetings as queries
from samen_beleidsagenda.queries.documents import document_choices, dossier_choices
from samen_beleidsagenda.schemas.agendas import AddItemSchema, ChangeItemSchema, MoveItemSchema, OrderItemsSchema, RecordResultSchema
from samen_beleidsagenda.schemas.approval import Approve, ApproveWithReasonSchema
from samen_beleidsagenda.schemas.documents import ChangeTreatmentSchema, TreatDocumentSchema
from samen_beleidsagenda.services.agendas import (
    add_item,
    change_item,
    in_order,
    item_values,
    move_item,
    order_items,
    record_result,
    remove_item,
)
from samen_beleidsagenda.services.common import may_see
from samen_beleidsagenda.services.meetings import OFF, find_meeting, live_item, may_record, require_record
from samen_beleidsagenda.services.treatments import change_treatment, treat_document, treatment_at, treatment_values, untreat_document
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.meetings import ONE, TITLE, existing, point_view, point_views
from samen_beleidsagenda.web.papers import attempt, meeting_status
from samen_core.api import Text, UnitOfWork, _, latest_lines, parse
from samen_core.web.api import crumbs, current_uow, page_url, render

POINT = f"{paths.MEETINGS}/punten/<uuid:id>"
AGENDA = _("Agenda maken")
FACTS = Section(_("Waar gaat het over?"), ("title", "text", "dossier_id", "hammer_item"))
PLACE = Section(_("Plaats en tijd"), ("parent_id", "number", "heading", "planned_start", "planned_end"), folded=True)
CLOSED = Section(_("Openbaar of niet"), ("confidential",))


@pages.route(f"{ONE}/agenda", permission=RECORD)
def agenda_make(id: uuid.UUID) -> ResponseReturnValue:
    """The agenda as its clerk makes it: adding, ordering, making public."""
    uow = current_uow()
    row = existing(uow, id)
    require_record(uow, row)
    items = in_order(queries.shown_items(uow, id, row.body_id))
    return render(
        "beleidsagenda/agenda.html",
        meeting=row,
        path=paths.meeting(id),
        when=when(row.start_date, row.end_date, all_day=row.all_day),
        points=_with_ends(point_views(uow, items)),
        waiting=sum(item.state != "published" for item in items),
        may_publish=APPROVE.allows(uow.actor, id, scopes=(row.body_id,)),
        status_badge=meeting_status(row, uow.now),
        off=row.status in OFF,
        begun=row.start_date <= uow.now,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.MEETINGS), (row.name, paths.meeting(id)), (AGENDA, None)),
    )


def _with_ends(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The points with whether each is the first or the last of those beside it."""
    beside: dict[uuid.UUID | None, list[dict[str, Any]]] = {}
    for point in points:
        beside.setdefault(point["item"].parent_id, []).append(point)
    return [{**point, "first": (near := beside[point["item"].parent_id])[0] is point, "last": near[-1] is point} for point in points]


@pages.route(f"{ONE}/agenda/volgorde", permission=RECORD, methods=["POST"])
def agenda_order(id: uuid.UUID) -> ResponseReturnValue:
    """Put the points in another order, as they were dragged."""
    uow = current_uow()
    command = parse(OrderItemsSchema, request.form)
    return attempt(uow, lambda: order_items(uow, id, command), paths.meeting(id, "agenda"), _("De volgorde is bewaard."))


@pages.route(f"{POINT}/verplaatsen", permission=RECORD, methods=["POST"])
def item_move(id: uuid.UUID) -> ResponseReturnValue:
    """One place up or down."""
    uow = current_uow()
    item = live_item(uow, id)
    command = parse(MoveItemSchema, request.form)
    return attempt(uow, lambda: move_item(uow, id, command), f"{paths.meeting(item.meeting_id, 'agenda')}#punt-{id}")


@pages.route(f"{ONE}/agenda/nieuw", permission=RECORD, methods=["GET", "POST"])
def item_new(id: uuid.UUID) -> ResponseReturnValue:
    """Put a point on the agenda."""
    uow = current_uow()
    meeting, event = find_meeting(uow, id)
    require_record(uow, meeting)
    back = paths.meeting(id, "agenda")
    page = FormPage(
        title=_("Een punt op de agenda zetten"),
        submit=_("Zet het op de agenda"),
        done=_("Het punt staat op de agenda."),
        path=f"{back}/nieuw",
        back=back,
        trail=(
            (LABEL, paths.HOME),
            (TITLE, paths.MEETINGS),
            (event.name, paths.meeting(id)),
            (AGENDA, back),
            (_("Nieuw agendapunt"), None),
        ),
    )
    sections = (FACTS, PLACE, CLOSED) if _sees_closed(uow, meeting) else (FACTS, PLACE)

    def write(command: Any) -> str:
        add_item(uow, id, command)
        return back

    return form_page(uow, page, FormSpec(AddItemSchema), sections, write, values={}, options=_options(uow, meeting, None))


@pages.route(f"{POINT}/bewerken", permission=RECORD, methods=["GET", "POST"])
def item_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a point."""
    uow = current_uow()
    item, meeting, page = _form(
        uow, id, "bewerken", _("Agendapunt bewerken"), _("Bewaar de wijzigingen"), _("Uw wijzigingen zijn bewaard.")
    )
    sections = (FACTS, PLACE, CLOSED) if _sees_closed(uow, meeting) else (FACTS, PLACE)

    def write(command: Any) -> str:
        return paths.agenda_item(change_item(uow, id, command).id)

    options = _options(uow, meeting, item)
    return form_page(uow, page, FormSpec(ChangeItemSchema), sections, write, values=item_values(item), options=options)


@pages.route(f"{POINT}/uitkomst", permission=RECORD, methods=["GET", "POST"])
def item_result(id: uuid.UUID) -> ResponseReturnValue:
    """Write down what came of a point."""
    uow = current_uow()
    item, _meeting, page = _form(
        uow, id, "uitkomst", _("De uitkomst vastleggen"), _("Leg de uitkomst vast"), _("De uitkomst is vastgelegd.")
    )
    sections = (Section(_("Wat kwam eruit?"), ("result", "resolution")), Section(_("Wanneer?"), ("started_at", "ended_at"), folded=True))

    def write(command: Any) -> str:
        return paths.agenda_item(record_result(uow, id, command).id)

    return form_page(uow, page, FormSpec(RecordResultSchema), sections, write, values=item_values(item))


@pages.route(f"{POINT}/weghalen", permission=RECORD, methods=["GET", "POST"])
def item_remove(id: uuid.UUID) -> ResponseReturnValue:
    """Take a point off the agenda."""
    uow = current_uow()
    lead = _("Wat voor dit punt gepland stond, moet daarna een andere plek krijgen.")
    item, meeting, page = _form(
        uow, id, "weghalen", _("Agendapunt weghalen"), _("Haal het punt weg"), _("Het punt is van de agenda gehaald."), lead=lead
    )
    after = paths.meeting(meeting.event_id, "agenda")

    def write(command: Approve) -> str:
        remove_item(uow, id, command)
        return after

    sections = (Section(_("Laat weten waarom"), ("reason",)),)
    return form_page(uow, page, FormSpec(ApproveWithReasonSchema), sections, write, values={"version": item.version})


@pages.route(f"{POINT}/stukken", permission=RECORD, methods=["GET", "POST"])
def item_treat(id: uuid.UUID) -> ResponseReturnValue:
    """Put a paper at a point."""
    uow = current_uow()
    _item, _meeting, page = _form(uow, id, "stukken", _("Een stuk toevoegen"), _("Voeg het stuk toe"), _("Het stuk ligt bij dit punt."))
    there = paths.agenda_item(id)

    def write(command: Any) -> str:
        treat_document(uow, id, command)
        return there

    options = {"document_id": document_choices(uow)}
    sections = (Section(_("Welk stuk?"), ("document_id", "role", "authoritative", "outcome")),)
    values = {"role": "information", "document_id": request.args.get("stuk", "")}
    return form_page(uow, page, FormSpec(TreatDocumentSchema), sections, write, values=values, options=options)


@pages.route(f"{POINT}/stukken/<uuid:treatment_id>", permission=RECORD, methods=["GET", "POST"])
def item_treatment(id: uuid.UUID, treatment_id: uuid.UUID) -> ResponseReturnValue:
    """Say what a paper does at a point."""
    uow = current_uow()
    treatment = treatment_at(uow, id, treatment_id)
    part, title = f"stukken/{treatment_id}", _("Stuk bij dit punt")
    _item, _meeting, page = _form(uow, id, part, title, _("Bewaar de wijzigingen"), _("Uw wijzigingen zijn bewaard."))
    there = paths.agenda_item(id)

    def write(command: Any) -> str:
        change_treatment(uow, treatment_id, command)
        return there

    sections = (Section(_("Waarom ligt het stuk hier?"), ("role", "authoritative", "outcome")),)
    return form_page(uow, page, FormSpec(ChangeTreatmentSchema), sections, write, values=treatment_values(treatment))


@pages.route(f"{POINT}/stukken/<uuid:treatment_id>/weg", permission=RECORD, methods=["POST"])
def item_untreat(id: uuid.UUID, treatment_id: uuid.UUID) -> ResponseReturnValue:
    """Take a paper away from a point."""
    uow = current_uow()
    done = _("Het stuk ligt niet meer bij dit punt.")
    return attempt(uow, lambda: untreat_document(uow, treatment_at(uow, id, treatment_id).id), paths.agenda_item(id), done)


@pages.route(POINT, public=True)
def item_page(id: uuid.UUID) -> ResponseReturnValue:
    """One point: what it is about, its papers, and what came of it."""
    uow = current_uow()
    item = live_item(uow, id)
    row = existing(uow, item.meeting_id)
    every = in_order(queries.shown_items(uow, row.id, row.body_id))
    at = next((index for index, other in enumerate(every) if other.id == id), 0)
    clerk = may_record(uow, row)
    lines, more_lines = latest_lines(uow, id)
    return render(
        "beleidsagenda/agenda_item.html",
        point=point_view(queries.points(uow, [item])[id]),
        item=item,
        meeting=row,
        when=when(row.start_date, row.end_date, all_day=row.all_day),
        meeting_url=page_url(paths.meeting(row.id)),
        status_badge=meeting_status(row, uow.now),
        off=row.status in OFF,
        parent=next((_link(other) for other in every if other.id == item.parent_id), None),
        under=[_link(other) for other in every if other.parent_id == id],
        previous=_link(every[at - 1]) if at > 0 else None,
        following=_link(every[at + 1]) if at + 1 < len(every) else None,
        clerk=clerk,
        begun=row.start_date <= uow.now,
        may_decide=clerk and DECIDE.allows(uow.actor, id, scopes=(row.body_id,)),
        path=paths.agenda_item(id),
        log=lines,
        more_log=more_lines,
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, paths.MEETINGS), (row.name, paths.meeting(row.id)), (item.title, None)),
    )


def _link(item: AgendaItem) -> dict[str, str]:
    return {"title": f"{item.number} {item.title}".strip(), "url": page_url(paths.agenda_item(item.id))}


def _form(uow: UnitOfWork, id: uuid.UUID, part: str, *said: Text, lead: Text | str = "") -> tuple[AgendaItem, Any, FormPage]:
    """A point that the actor keeps, its meeting, and the page of a form about it; ``said`` are its title, button and what is said after."""
    title, submit, done = said
    item = live_item(uow, id)
    meeting, event = find_meeting(uow, item.meeting_id)
    require_record(uow, meeting)
    path = paths.agenda_item(id)
    trail = ((LABEL, paths.HOME), (TITLE, paths.MEETINGS), (event.name, paths.meeting(event.id)), (item.title, path), (title, None))
    about = lead or _("Het gaat over “{title}”.", title=item.title)
    return item, meeting, FormPage(title=title, lead=about, submit=submit, done=done, path=f"{path}/{part}", back=path, trail=trail)


def _sees_closed(uow: UnitOfWork, meeting: Any) -> bool:
    return SEE_CONFIDENTIAL.allows(uow.actor, meeting.event_id, scopes=(meeting.body_id,))


def _options(uow: UnitOfWork, meeting: Any, item: AgendaItem | None) -> dict[str, Any]:
    """The points that this one can stand under, and dossiers."""
    others = in_order(queries.shown_items(uow, meeting.event_id, meeting.body_id))
    tops = [other for other in others if other.parent_id is None and (item is None or other.id != item.id)]
    already = (item.dossier_id,) if item is not None and item.dossier_id else ()
    return {
        "parent_id": [(str(other.id), f"{other.number} {other.title}") for other in tops if may_see(uow, other)],
        "dossier_id": dossier_choices(uow, already),
    }
