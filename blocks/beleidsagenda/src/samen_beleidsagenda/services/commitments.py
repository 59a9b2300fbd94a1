"""Commitments (toezeggingen): written down in a meeting or afterwards, and changed."""

from __future__ import annotations

import uuid
from typing import Any

from citycontent.api import event_by_id
from samen_beleidsagenda.events import PromiseChanged
from samen_beleidsagenda.models import TITLE_LENGTH, AgendaItem, Commitment, Meeting
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.schemas.commitments import CaptureCommitment, MakeCommitment, UpdateCommitment
from samen_beleidsagenda.services.common import enter, keep_card, log, may_see, set_confidential, tell, to_change, today
from samen_beleidsagenda.services.follow_up import open_follow_up
from samen_beleidsagenda.services.promise_links import first_state, tie
from samen_core.api import CITY_TIME_ZONE, Invalid, NotFound, UnitOfWork, _, uuid7

MADE = _("De toezegging is vastgelegd.")
CHANGED = _("De gegevens van de toezegging zijn bijgewerkt.")
FACTS = ("number", "title", "text", "made_on", "made_to", "holder_id")


def make_commitment(uow: UnitOfWork, command: MakeCommitment) -> Commitment:
    """Write down a commitment; with a ``key`` that is there already, nothing is made and that one is given.

    Raises NotAllowed, and Invalid for what does not exist, or when nothing tells to which body it was made.
    """
    if command.key is not None and (known := uow.session.get(Commitment, command.key)) is not None:
        if not may_see(uow, known):
            raise NotFound
        return known
    tied = tie(uow, command)
    if tied.body_id is None:
        raise Invalid({"body_id": [_("Kies een vergadering, een agendapunt of een orgaan.")]})
    commitment = Commitment(
        id=command.key or uuid7(),
        body_id=tied.body_id,
        meeting_id=tied.meeting_id,
        agenda_item_id=tied.agenda_item_id,
        dossier_id=tied.dossier_id,
        confidential=command.confidential or tied.confidential,
        **{name: getattr(command, name) for name in FACTS},
    )
    commitment.state = first_state(uow, commitment, publish=command.publish)
    enter(uow, commitment)
    open_follow_up(uow, commitment, command.due_date)
    uow.session.flush()
    log(uow, "beleidsagenda.commitment.made", commitment, MADE)
    tell(uow, PromiseChanged, commitment)
    return commitment


def update_commitment(uow: UnitOfWork, id: uuid.UUID, command: UpdateCommitment) -> Commitment:
    """Replace what is known of a commitment. Raises NotFound, NotAllowed, Conflict, and Invalid for what does not exist."""
    commitment = to_change(uow, Commitment, id, command.version, commitment_values)
    tied = tie(uow, command, commitment)
    set_confidential(uow, commitment, command.confidential or tied.confidential)
    for name in FACTS:
        setattr(commitment, name, getattr(command, name))
    commitment.dossier_id, commitment.agenda_item_id = tied.dossier_id, tied.agenda_item_id
    commitment.meeting_id = tied.meeting_id or commitment.meeting_id
    keep_card(uow, commitment)
    log(uow, "beleidsagenda.commitment.updated", commitment, CHANGED)
    tell(uow, PromiseChanged, commitment)
    return commitment


def capture_commitment(uow: UnitOfWork, meeting: Meeting, command: CaptureCommitment) -> Commitment:
    """Write down what was promised at this meeting a moment ago, in the words as they were typed. Raises like :func:`make_commitment`."""
    event = event_by_id(uow, meeting.event_id)
    began = event.start_date.astimezone(CITY_TIME_ZONE).date() if event is not None else today(uow)
    title, text = in_short(command.said)
    made = MakeCommitment(
        title=title,
        text=text,
        made_on=min(began, today(uow)),
        made_to=command.made_to,
        meeting_id=meeting.event_id,
        agenda_item_id=command.agenda_item_id,
        holder_id=command.holder_id,
        due_date=command.due_date,
        publish=command.publish,
        key=command.key,
    )
    return make_commitment(uow, made)


def in_short(said: str) -> tuple[str, str]:
    """A title of what was typed, and the whole of it where that says more."""
    line = " ".join(said.split())
    if len(line) <= TITLE_LENGTH:
        return line, "" if line == said.strip() else said.strip()
    return line[: TITLE_LENGTH - 2].rpartition(" ")[0][: TITLE_LENGTH - 2] + " …", said.strip()


def may_publish(uow: UnitOfWork, meeting: Meeting) -> bool:
    """Whether the actor may make public at once what is said at this meeting."""
    return APPROVE.allows(uow.actor, meeting.event_id, scopes=(meeting.body_id,))


def commitment_values(commitment: Commitment) -> dict[str, Any]:
    """The values of a commitment for its form."""
    names = (*FACTS, "body_id", "meeting_id", "agenda_item_id", "dossier_id", "due_date", "confidential", "version")
    return {name: getattr(commitment, name) for name in names}


def current_point(points: list[AgendaItem]) -> AgendaItem | None:
    """The point that is being treated: the last one that began and did not end; without times None."""
    running = [point for point in points if point.started_at is not None and point.ended_at is None]
    return max(running, key=lambda point: point.started_at or point.created_at) if running else None
