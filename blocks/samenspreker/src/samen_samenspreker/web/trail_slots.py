"""What the table puts on the page of a contribution: the way to what was done with it."""

from __future__ import annotations

import uuid

from samen_core.api import UnitOfWork
from samen_core.web.api import SlotFill, page_url, render_part
from samen_samenspreker.paths import table
from samen_samenspreker.queries.trails import table_of
from samen_samenspreker.settings import step_name


def way_of(uow: UnitOfWork, subject_id: uuid.UUID, **_values: object) -> str | None:
    """Where one reads what a table did with this contribution; nothing for a contribution about something else."""
    row = table_of(uow, subject_id)
    if row is None:
        return None
    return render_part(
        "samenspreker/way_of.html",
        question=row,
        step=step_name(uow, row.step),
        table_url=page_url(table(row.slug)),
        url=page_url(table(row.slug, f"inbreng/{subject_id}")),
    )


TRAIL_SLOTS = (SlotFill("subject.main", way_of, subject_types=("contribution",)),)
