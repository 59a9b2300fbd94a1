"""What one can borrow, on pages of others: organisations, projects, the own account."""

from __future__ import annotations

import uuid
from typing import Any

from samen_core.api import UnitOfWork, _
from samen_core.web.api import SlotFill, page_url, render_part
from samen_gereedschap import paths
from samen_gereedschap.labels import KIND_LABELS
from samen_gereedschap.queries.loans import borrowed_for
from samen_gereedschap.queries.projects import tool_list
from samen_gereedschap.queries.tools import tools_of
from samen_gereedschap.services.common import may_lend
from samen_gereedschap.services.projects import may_plan
from samen_gereedschap.web.overview import tool_rows

MOST = 5


def of_organization(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """What an organisation lends out. Two statements, and those of the capacities of who is logged in."""
    found = tools_of(uow, subject_id, MOST + 1)
    lends = may_lend(uow, subject_id)
    if not found and not lends:
        return None
    return render_part(
        "gereedschap/of_organization.html",
        rows=tool_rows(uow, found[:MOST], with_owner=False),
        all_url=page_url(f"{paths.HOME}?organisatie={subject_id}") if len(found) > MOST else None,
        new_url=page_url(f"{paths.NEW}?organisatie={subject_id}") if lends else None,
    )


def of_project(uow: UnitOfWork, subject_id: uuid.UUID, **_values: Any) -> str | None:
    """What a project needs, how much of it is promised, and where to borrow it. Two statements."""
    found = tool_list(uow, subject_id)
    if found is None:
        return None
    plans = may_plan(uow, found)
    if not plans and not (found.open or found.needs):
        return None
    got = borrowed_for(uow, subject_id) if found.version else {}
    kinds = [kind for kind in KIND_LABELS if kind in found.needs or kind in got]
    return render_part(
        "gereedschap/of_project.html",
        found=found,
        rows=[
            (KIND_LABELS[kind], found.needs.get(kind, 0), got.get(kind, 0), page_url(f"{paths.HOME}?soort={kind}") if found.open else None)
            for kind in kinds
        ],
        columns=[(_("Soort"), ""), (_("Nodig"), "number"), (_("Toegezegd"), "number")],
        borrow_url=page_url(paths.HOME) if found.open else None,
        plan_url=page_url(paths.project(subject_id)) if plans else None,
    )


def of_account(uow: UnitOfWork) -> str | None:
    """The way to one's own loans. No SQL."""
    return render_part("gereedschap/of_account.html", mine_url=page_url(paths.MINE)) if uow.actor.account_id else None


SLOTS = (
    SlotFill("account.overview", of_account, order=60),
    SlotFill("subject.main", of_organization, order=60, subject_types=("organization",)),
    SlotFill("subject.main", of_project, order=60, subject_types=("project",)),
)
