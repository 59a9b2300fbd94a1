"""Forms of meetings: planning, changing, calling off."""

from __future__ import annotations

import uuid
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import Event
from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries.documents import document_choices
from samen_beleidsagenda.queries.structure import bodies
from samen_beleidsagenda.schemas.meetings import (
    CancelMeetingSchema,
    ChangeMeetingSchema,
    PlanMeetingSchema,
    PublishAgenda,
    PublishAgendaSchema,
)
from samen_beleidsagenda.services.meetings import (
    cancel_meeting,
    change_meeting,
    find_meeting,
    meeting_values,
    plan_meeting,
    publish_agenda,
    require_record,
    version_of,
)
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.meetings import ONE, TITLE
from samen_beleidsagenda.web.papers import attempt, body_options
from samen_core.api import Text, _, parse
from samen_core.web.api import current_uow

NEW = f"{paths.MEETINGS}/nieuw"
WHEN = Section(_("Wanneer?"), ("start_date", "end_date"))
WHERE = Section(_("Waar?"), ("location", "address", "online_url", "accessibility"))
USUAL_TYPE = {"council": "council_meeting", "committee": "committee_meeting", "college": "college_meeting"}


@pages.route(NEW, permission=RECORD, methods=["GET", "POST"])
def meeting_new() -> ResponseReturnValue:
    """Plan a meeting; ``orgaan`` in the address chooses the body."""
    uow = current_uow()
    chosen = next((row for row in bodies(uow) if row.slug == request.args.get("orgaan", "")), None)
    page = FormPage(
        title=_("Een vergadering plannen"),
        lead=_("De vergadering komt ook in de agenda van de stad te staan."),
        submit=_("Plan de vergadering"),
        done=_("De vergadering is gepland. Maak nu de agenda."),
        path=NEW,
        back=paths.MEETINGS,
        trail=((LABEL, paths.HOME), (TITLE, paths.MEETINGS), (_("Plannen"), None)),
    )
    sections = (
        Section(_("Wie vergadert?"), ("body_id", "type", "name", "closed")),
        WHEN,
        WHERE,
        Section(_("Meekijken"), ("livestream_url", "recording_url"), folded=True),
    )
    values: dict[str, Any] = {}
    if chosen is not None:
        values = {"body_id": chosen.organization_id, "type": USUAL_TYPE.get(chosen.kind, "other")}
    options = {"body_id": body_options(uow, RECORD)}

    def write(command: Any) -> str:
        return paths.meeting(plan_meeting(uow, command).event_id, "agenda")

    return form_page(uow, page, FormSpec(PlanMeetingSchema), sections, write, values=values, options=options)


@pages.route(f"{ONE}/bewerken", permission=RECORD, methods=["GET", "POST"])
def meeting_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a meeting."""
    uow = current_uow()
    meeting, event = find_meeting(uow, id)
    require_record(uow, meeting)
    page = _page(
        event,
        "bewerken",
        _("Vergadering bewerken"),
        _("Bewaar de wijzigingen"),
        _("Uw wijzigingen zijn bewaard."),
        lead=_("Verandert u de dag of de tijd? Wie de agenda volgt, krijgt dat vanzelf. De oude datum blijft erbij staan."),
    )
    sections = (
        Section(_("Wat is het?"), ("type", "name", "closed")),
        WHEN,
        WHERE,
        Section(_("Meekijken en teruglezen"), ("livestream_url", "recording_url", "minutes_id")),
    )
    options = {"minutes_id": document_choices(uow, "minutes", already=meeting.minutes_id)}
    values = meeting_values(uow, meeting, event)

    def write(command: Any) -> str:
        return paths.meeting(change_meeting(uow, id, command).event_id)

    return form_page(uow, page, FormSpec(ChangeMeetingSchema), sections, write, values=values, options=options)


@pages.route(f"{ONE}/afgelasten", permission=RECORD, methods=["GET", "POST"])
def meeting_cancel(id: uuid.UUID) -> ResponseReturnValue:
    """Call a meeting off, or put it off."""
    uow = current_uow()
    meeting, event = find_meeting(uow, id)
    require_record(uow, meeting)
    page = _page(
        event,
        "afgelasten",
        _("Vergadering afgelasten"),
        _("Gelast de vergadering af"),
        _("De vergadering gaat niet door. Iedereen ziet dat nu."),
        lead=_("De pagina blijft staan, met de reden. Wat op deze agenda stond, moet een andere plek krijgen."),
    )
    sections = (Section(_("Laat weten waarom"), ("reason", "postpone")),)

    def write(command: Any) -> str:
        return paths.meeting(cancel_meeting(uow, id, command).event_id)

    return form_page(
        uow, page, FormSpec(CancelMeetingSchema, required=("reason",)), sections, write, values={"version": version_of(meeting, event)}
    )


@pages.route(f"{ONE}/agenda/openbaar", permission=RECORD, methods=["POST"])
def agenda_publish(id: uuid.UUID) -> ResponseReturnValue:
    """Make the agenda public."""
    uow = current_uow()
    command: PublishAgenda = parse(PublishAgendaSchema, request.form)
    return attempt(uow, lambda: publish_agenda(uow, id, command), paths.meeting(id, "agenda"), _("De agenda is openbaar."))


def _page(event: Event, part: str, *said: Text, lead: Text) -> FormPage:
    title, submit, done = said
    path = paths.meeting(event.id)
    return FormPage(
        title=title,
        lead=lead,
        submit=submit,
        done=done,
        path=f"{path}/{part}",
        back=path,
        trail=((LABEL, paths.HOME), (TITLE, paths.MEETINGS), (event.name, path), (title, None)),
    )
