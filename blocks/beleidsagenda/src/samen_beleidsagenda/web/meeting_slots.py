"""What meetings put on the pages of others: the agenda on the page of the event."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_beleidsagenda import paths
from samen_beleidsagenda.models import Meeting
from samen_beleidsagenda.queries.meetings import shown_items
from samen_beleidsagenda.services.agendas import in_order
from samen_beleidsagenda.services.meetings import may_record
from samen_core.api import UnitOfWork
from samen_core.web.api import SlotFill, page_url, render_part

MOST = 8


def agenda(uow: UnitOfWork, subject_id: uuid.UUID, **_values: object) -> str | None:
    """The points of a meeting on the page of its event, with the way to its papers. At most two statements."""
    statement = select(Meeting.event_id, Meeting.body_id, Meeting.agenda_published_at).where(Meeting.event_id == subject_id)
    row = uow.session.execute(statement).one_or_none()
    if row is None:
        return None
    public = row.agenda_published_at is not None or may_record(uow, row)
    items = in_order(shown_items(uow, subject_id, row.body_id)) if public else []
    shown = [(f"{item.number} {item.title}".strip(), page_url(paths.agenda_item(item.id))) for item in items if item.parent_id is None]
    url = page_url(paths.meeting(subject_id))
    return render_part("beleidsagenda/slots/points.html", points=shown[:MOST], more=len(shown) > MOST, url=url)


MEETING_SLOTS = (SlotFill("subject.main", agenda, order=20, subject_types=("event",)),)
