"""What the table puts on pages of others: where an organisation or person sits, and of which table an event is a meeting."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from samen_core.api import UnitOfWork
from samen_core.web.api import Row, SlotFill, page_url, render_part
from samen_samenspreker.labels import ROLE_LABELS
from samen_samenspreker.paths import table
from samen_samenspreker.queries.meetings import table_of_event
from samen_samenspreker.queries.seats import tables_of_organization, tables_of_person
from samen_samenspreker.settings import step_name
from samen_samenspreker.web.meeting_views import meeting_path

MOST = 6


def sits_at(uow: UnitOfWork, subject_id: uuid.UUID, subject_type: str) -> str | None:
    """The tables at which this organisation or person sits."""
    found = (tables_of_organization if subject_type == "organization" else tables_of_person)(uow, subject_id, MOST + 1)
    return render_part("samenspreker/sits_at.html", rows=_rows(uow, found[:MOST]), more=len(found) > MOST) if found else None


def meeting_of(uow: UnitOfWork, subject_id: uuid.UUID, **_values: object) -> str | None:
    """The table of which this event is a meeting."""
    row = table_of_event(uow, subject_id)
    if row is None:
        return None
    return render_part(
        "samenspreker/meeting_of.html",
        row=row,
        url=page_url(table(row.slug)),
        meeting_url=page_url(meeting_path(row.slug, row.event_id)),
    )


def _rows(uow: UnitOfWork, found: Sequence[Any]) -> list[Row]:
    return [
        Row(row.title, page_url(table(row.slug)), badges=((step_name(uow, row.step), "info"),), meta=(("armchair", ROLE_LABELS[row.role]),))
        for row in found
    ]


SEAT_SLOTS = (
    SlotFill("subject.aside", sits_at, subject_types=("organization", "person")),
    SlotFill("subject.aside", meeting_of, order=50, subject_types=("event",)),
)
