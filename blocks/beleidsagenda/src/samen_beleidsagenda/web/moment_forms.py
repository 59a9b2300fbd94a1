"""The forms of planned moments: planning, changing, putting off, putting on an agenda, done, dropped."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Options, Section, form_page, when
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import PlanningItem
from samen_beleidsagenda.periods import parse_period, period_of
from samen_beleidsagenda.permissions import APPROVE, WRITE
from samen_beleidsagenda.queries.desk import coming_points, dossier_choices
from samen_beleidsagenda.queries.planning import bodies
from samen_beleidsagenda.schemas.planning import (
    ChangeMomentSchema,
    DropSchema,
    PlanMomentSchema,
    PostponeSchema,
    ScheduleSchema,
    TreatSchema,
)
from samen_beleidsagenda.services import planning
from samen_beleidsagenda.services.common import get_thing, require_write
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.moment import ONE
from samen_beleidsagenda.web.moments import new_moment_path
from samen_beleidsagenda.web.planning import TITLE
from samen_core.api import Text, UnitOfWork, _
from samen_core.web.api import current_uow

NEW = f"{paths.PLANNING}/nieuw"
WHAT = Section(_("Wat gebeurt er?"), ("title", "kind", "body_id", "text"))
WHEN = Section(_("Wanneer?"), ("period", "confidence", "status"))
SAY = Section(_("Meepraten"), ("has_say", "say_how", "say_url"))


def _body_options(uow: UnitOfWork) -> Options:
    return {"body_id": [(str(row.organization_id), row.name) for row in bodies(uow)]}


@pages.route(NEW, permission=WRITE, methods=["GET", "POST"])
def moment_new() -> ResponseReturnValue:
    """Plan a moment; ``dossier`` in the address fills in whose, ``periode`` when, ``orgaan`` who."""
    uow = current_uow()
    choices = dossier_choices(uow)
    asked = {"dossier": request.args.get("dossier", ""), "period": request.args.get("periode", ""), "body": request.args.get("orgaan", "")}
    chosen = next((row for row in choices if row.slug == asked["dossier"]), None)
    body = next((row for row in bodies(uow) if row.slug == asked["body"]), None)
    back = paths.dossier(chosen.slug) if chosen is not None else paths.PLANNING
    page = FormPage(
        title=_("Een moment plannen"),
        lead=_("Wat gaat er gebeuren, wie doet het, en wanneer? Weet u de dag nog niet, vul dan de maand of het kwartaal in."),
        submit=_("Plan dit moment"),
        done=_("Het moment is gepland."),
        path=new_moment_path(chosen.slug if chosen is not None else ""),
        back=back,
        trail=((LABEL, paths.HOME), (TITLE, paths.PLANNING), (_("Plannen"), None)),
    )
    approves = APPROVE.somewhere(uow.actor)
    spec = FormSpec(PlanMomentSchema) if approves else FormSpec(PlanMomentSchema, fixed=("publish",))
    sections = (
        Section(_("Waar gaat het over?"), ("dossier_id",)),
        WHAT,
        WHEN,
        SAY,
        Section(_("Openbaar of niet"), ("publish", "confidential") if approves else ("confidential",)),
    )
    values = {
        "dossier_id": chosen.id if chosen is not None else None,
        "body_id": body.organization_id if body is not None else None,
        "period": _known_period(asked["period"]),
        "confidence": "likely",
        "status": "planned",
        "kind": "decision",
    }
    options = {**_body_options(uow), "dossier_id": [(str(row.id), row.title) for row in choices]}

    def write(command: Any) -> str:
        return paths.planning_item(planning.plan_moment(uow, command).id)

    return form_page(uow, page, spec, sections, write, values=values, options=options)


def _known_period(text: str) -> str:
    try:
        return parse_period(text).typed if text else ""
    except ValueError:
        return ""


def _item(uow: UnitOfWork, id: uuid.UUID) -> PlanningItem:
    item = get_thing(uow, PlanningItem, id)
    require_write(uow, item)
    return item


def _page(item: PlanningItem, part: str, title: Text, *, submit: Text, done: Text, lead: Text | str = "") -> FormPage:
    path = paths.planning_item(item.id)
    return FormPage(
        title=title,
        lead=lead,
        submit=submit,
        done=done,
        path=f"{path}/{part}",
        back=path,
        trail=((LABEL, paths.HOME), (TITLE, paths.PLANNING), (item.title, path), (title, None)),
    )


@pages.route(f"{ONE}/bewerken", permission=WRITE, methods=["GET", "POST"])
def moment_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a moment."""
    uow = current_uow()
    item = _item(uow, id)
    lead = (
        _("De periode kan hier alleen preciezer worden. Komt het eerder of later? Kies dan “Verplaatsen”.")
        if item.published_at is not None
        else ""
    )
    page = _page(
        item, "bewerken", _("Moment bewerken"), submit=_("Bewaar de wijzigingen"), done=_("Uw wijzigingen zijn bewaard."), lead=lead
    )
    sections = (WHAT, WHEN, SAY, Section(_("Openbaar of niet"), ("confidential",)))

    def write(command: Any) -> str:
        return paths.planning_item(planning.change_moment(uow, id, command).id)

    return form_page(
        uow, page, FormSpec(ChangeMomentSchema), sections, write, values=planning.moment_values(item), options=_body_options(uow)
    )


@pages.route(f"{ONE}/verplaatsen", permission=WRITE, methods=["GET", "POST"])
def moment_postpone(id: uuid.UUID) -> ResponseReturnValue:
    """Give a moment another period; ``periode`` in the address, which the board fills in, is what the form begins with."""
    uow = current_uow()
    item = _item(uow, id)
    page = _page(
        item,
        "verplaatsen",
        _("Moment verplaatsen"),
        submit=_("Verplaats dit moment"),
        done=_("Het moment is verplaatst. De oude periode blijft leesbaar."),
        lead=_("Nu: {period}. De oude periode blijft leesbaar, met uw reden erbij.", period=period_of(item.start_date, item.end_date)),
    )
    asked = _known_period(request.args.get("periode", ""))
    sections = (Section(_("Naar wanneer, en waarom?"), ("period", "reason")),)

    def write(command: Any) -> str:
        return paths.planning_item(planning.postpone(uow, id, command).id)

    return form_page(uow, page, FormSpec(PostponeSchema), sections, write, values={"period": asked, "version": item.version})


@pages.route(f"{ONE}/agenderen", permission=WRITE, methods=["GET", "POST"])
def moment_schedule(id: uuid.UUID) -> ResponseReturnValue:
    """Put a moment on the agenda of a coming meeting."""
    uow = current_uow()
    item = _item(uow, id)
    points = coming_points(uow, item.body_id)
    lead = (
        _("Nu: {period}. Het moment krijgt de dag van de vergadering.", period=period_of(item.start_date, item.end_date))
        if points
        else _("Er is nog geen komende vergadering met agendapunten. Maak eerst een vergadering met een agendapunt aan.")
    )
    page = _page(
        item, "agenderen", _("Op een agenda zetten"), submit=_("Zet op deze agenda"), done=_("Het moment staat op de agenda."), lead=lead
    )
    options = {"agenda_item_id": [(str(row.id), _("{meeting}, {day}: {point}", **_named(row))) for row in points]}
    # The point that is about the same dossier is most likely the one.
    likely = next((row.id for row in points if row.dossier_id == item.dossier_id), None)
    sections = (Section(_("Welke vergadering?"), ("agenda_item_id", "reason")),)

    def write(command: Any) -> str:
        return paths.planning_item(planning.schedule(uow, id, command).id)

    values = {"agenda_item_id": item.agenda_item_id or likely, "version": item.version}
    return form_page(uow, page, FormSpec(ScheduleSchema), sections, write, values=values, options=options)


def _named(row: Any) -> dict[str, Any]:
    point = f"{row.number} {row.title}".strip()
    return {"meeting": row.meeting_name, "day": when(row.meeting_start, None), "point": point}


@pages.route(f"{ONE}/behandeld", permission=WRITE, methods=["GET", "POST"])
def moment_treated(id: uuid.UUID) -> ResponseReturnValue:
    """Say that a moment was there."""
    uow = current_uow()
    item = _item(uow, id)
    lead = _("Is “{title}” geweest? Het moment staat daarna bij wat geweest is.", title=item.title)
    page = _page(
        item, "behandeld", _("Dit moment is geweest"), submit=_("Ja, het is geweest"), done=_("Het moment is behandeld."), lead=lead
    )

    def write(command: Any) -> str:
        return paths.planning_item(planning.treat(uow, id, command).id)

    return form_page(uow, page, FormSpec(TreatSchema), (), write, values={"version": item.version})


@pages.route(f"{ONE}/vervallen", permission=WRITE, methods=["GET", "POST"])
def moment_drop(id: uuid.UUID) -> ResponseReturnValue:
    """Let a moment lapse."""
    uow = current_uow()
    item = _item(uow, id)
    page = _page(
        item,
        "vervallen",
        _("Moment laten vervallen"),
        submit=_("Laat dit moment vervallen"),
        done=_("Het moment gaat niet door. Iedereen ziet waarom."),
        lead=_("Komt het later alsnog? Kies dan “Verplaatsen”. Vervallen is voor wat helemaal niet doorgaat."),
    )

    def write(command: Any) -> str:
        return paths.planning_item(planning.drop(uow, id, command).id)

    sections = (Section(_("Waarom?"), ("reason",)),)
    return form_page(uow, page, FormSpec(DropSchema), sections, write, values={"version": item.version})
