"""Pages of one commitment: what was promised, by whom, to whom, and what became of it; and its forms."""

from __future__ import annotations

import uuid
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Section, form_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.models import Commitment
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries.promises import follow_up_steps
from samen_beleidsagenda.schemas.commitments import MakeCommitment, MakeCommitmentSchema, UpdateCommitment, UpdateCommitmentSchema
from samen_beleidsagenda.services.commitments import commitment_values, make_commitment, update_commitment
from samen_beleidsagenda.services.common import get_thing, may_write, require_write, today
from samen_beleidsagenda.web.approval import acts_of
from samen_beleidsagenda.web.common import pages
from samen_beleidsagenda.web.follow_up import follow_up_acts
from samen_beleidsagenda.web.motions import trail
from samen_beleidsagenda.web.promise_parts import (
    Act,
    Links,
    body_choices,
    dossier_choices,
    due_words,
    follow_up_badges,
    history,
    holder_choices,
    ids_of_steps,
    point_choices,
)
from samen_core.api import UnitOfWork, _, format_date, latest_lines
from samen_core.web.api import crumbs, current_uow, page_url, render

HOME = f"{paths.PROMISES}/toezeggingen"
ONE = f"{HOME}/<uuid:id>"
_WHAT = Section(_("Wat is er toegezegd?"), ("title", "text", "number"))
_MORE = ("agenda_item_id", "dossier_id", "confidential")


@pages.route(ONE, public=True)
def commitment_page(id: uuid.UUID) -> ResponseReturnValue:
    """One commitment."""
    uow = current_uow()
    commitment = get_thing(uow, Commitment, id)
    steps = follow_up_steps(uow, id)
    refers = (commitment.body_id, commitment.dossier_id, commitment.agenda_item_id, commitment.meeting_id, commitment.answer_document_id)
    links = Links(uow, [*refers, *ids_of_steps(steps)], [commitment.holder_id])
    lines, more_lines = latest_lines(uow, id)
    meeting = links.to(commitment.meeting_id)
    return render(
        "beleidsagenda/commitment.html",
        commitment=commitment,
        badges=follow_up_badges(commitment.follow_up, commitment.due_date, today(uow)),
        made_on=format_date(commitment.made_on),
        due=due_words(commitment.due_date),
        holder=links.to_holder(commitment.holder_id),
        body=links.to_body(commitment.body_id),
        dossier=links.to(commitment.dossier_id),
        point=links.to(commitment.agenda_item_id),
        meeting=(meeting.label, page_url(paths.meeting(commitment.meeting_id))) if meeting and commitment.meeting_id else None,
        answer=links.to(commitment.answer_document_id),
        history=history(steps, links),
        acts=_acts(uow, commitment),
        approval_acts=acts_of(uow, commitment),
        log=lines,
        more_log=more_lines,
        data_links=[(_("Vaste link"), f"/id/commitment/{id}"), (_("Gegevens als JSON"), f"/api/v1/beleidsagenda/commitments/{id}")],
        breadcrumbs=crumbs(*trail((commitment.title, None))),
    )


def _acts(uow: UnitOfWork, commitment: Commitment) -> list[Act]:
    if uow.actor.is_anonymous or not may_write(uow, commitment):
        return []
    edit = Act(_("Bewerken"), page_url(paths.commitment(commitment.id, "bewerken")), "pencil")
    return [edit, *follow_up_acts(uow, commitment)]


@pages.route(f"{HOME}/nieuw", permission=RECORD, methods=["GET", "POST"])
def commitment_new() -> ResponseReturnValue:
    """Write down a commitment afterwards."""
    uow = current_uow()
    page = FormPage(
        title=_("Leg een toezegging vast"),
        submit=_("Leg vast"),
        done=_("De toezegging is vastgelegd."),
        path=f"{HOME}/nieuw",
        back=paths.PROMISES,
        trail=trail((_("Nieuw"), None)),
    )

    def write(command: MakeCommitment) -> str:
        return paths.commitment(make_commitment(uow, command).id)

    sections = (
        _WHAT,
        Section(_("Wie, aan wie en wanneer?"), ("holder_id", "made_to", "made_on", "due_date")),
        Section(_("Waar hoort het bij?"), ("body_id", *_MORE, "publish")),
    )
    options = {**_options(uow), "body_id": body_choices(uow)}
    return form_page(uow, page, FormSpec(MakeCommitmentSchema), sections, write, values={"made_on": today(uow)}, options=options)


def _options(uow: UnitOfWork, commitment: Commitment | None = None) -> dict[str, Any]:
    now = {name: getattr(commitment, name, None) for name in ("agenda_item_id", "dossier_id", "holder_id")}
    return {
        "agenda_item_id": point_choices(uow, now["agenda_item_id"]),
        "dossier_id": dossier_choices(uow, now["dossier_id"]),
        "holder_id": holder_choices(uow, now["holder_id"]),
    }


@pages.route(f"{ONE}/bewerken", permission=RECORD, methods=["GET", "POST"])
def commitment_edit(id: uuid.UUID) -> ResponseReturnValue:
    """Change a commitment."""
    uow = current_uow()
    commitment = get_thing(uow, Commitment, id)
    require_write(uow, commitment)
    there = paths.commitment(id)
    page = FormPage(
        title=_("{name} bewerken", name=commitment.title),
        submit=_("Bewaar de wijzigingen"),
        done=_("Uw wijzigingen zijn bewaard."),
        path=f"{there}/bewerken",
        back=there,
        trail=trail((commitment.title, there), (_("Bewerken"), None)),
    )

    def write(command: UpdateCommitment) -> str:
        update_commitment(uow, id, command)
        return there

    sections = (
        _WHAT,
        Section(_("Wie, aan wie en wanneer?"), ("holder_id", "made_to", "made_on")),
        Section(_("Waar hoort het bij?"), _MORE),
    )
    values, options = commitment_values(commitment), _options(uow, commitment)
    return form_page(uow, page, FormSpec(UpdateCommitmentSchema), sections, write, values=values, options=options)
