"""Making a case part of another, which is found by words or close by, and taking that back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormSpec, send, show
from samen_core.api import NotFound, PageRequest, Text, UnitOfWork, _, format_date, without_bad
from samen_core.web.api import crumbs, current_uow, go, page_url, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models import Case
from samen_oog_oor.models.base import OPEN
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.queries import work_case as queries
from samen_oog_oor.queries.work import AnyRow, CaseFilter, list_cases, within_reach
from samen_oog_oor.schemas.merging import MergeCase, MergeCaseSchema, UnmergeCaseSchema
from samen_oog_oor.services.merging import merge_case, unmerge_case
from samen_oog_oor.web.common import DESK, LABEL, pages
from samen_oog_oor.web.work_acts import METHODS, act
from samen_oog_oor.web.work_case import case_to_show

PART = "samenvoegen"
MOST_FOUND = 10
LONGEST_SEARCH = 100
Found = tuple[str, str, Text, str, str]
"""A case to merge with: number, title, state, day, and the address of the form with it filled in."""


@pages.route(paths.work("<number>", PART), permission=TRIAGE, methods=METHODS)
def work_merge(number: str) -> ResponseReturnValue:
    """Make this case part of another: what lies close by is proposed, anything open can be searched for."""
    uow = current_uow()
    case = case_to_show(uow, number)
    spec = FormSpec(MergeCaseSchema)
    if request.method == "GET":
        values = {"version": case.version, "into": request.args.get("bij", "")[:40]}
        return _merge_page(uow, case, show(uow, spec, values))
    found = send(uow, spec, lambda command: _merge(uow, case, command), stored={"version": case.version})
    if isinstance(found, str):
        say(_("De zaken zijn samengevoegd. U kunt dat ongedaan maken."))
        return go(found)
    return _merge_page(uow, case_to_show(uow, number), found)


def _merge(uow: UnitOfWork, case: Case, command: MergeCase) -> str:
    """Merge them and lead to the case that goes on."""
    merge_case(uow, case.id, command)
    return paths.work(command.into.strip())


def _merge_page(uow: UnitOfWork, case: Case, shown: Any) -> ResponseReturnValue:
    title = _("Voeg samen met een andere zaak")
    words = without_bad(request.args.get("zoek", "")).strip()[:LONGEST_SEARCH]
    return render_status(
        shown.status,
        "oog_oor/work_merge.html",
        title=title,
        case=case,
        form=shown.form,
        words=words,
        results=_cases(case, _search(uow, case, words)) if words else None,
        near=_cases(case, queries.cases_close_by(uow, case, within_reach(uow.actor, TRIAGE))),
        action=page_url(paths.work(case.number, PART)),
        cancel_url=page_url(paths.work(case.number)),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, paths.work(case.number)), (title, None)),
    )


def _search(uow: UnitOfWork, case: Case, words: str) -> list[AnyRow]:
    """Open cases with these words, or with this number or code, without the case itself. One statement."""
    page = list_cases(uow, CaseFilter(states=OPEN, text=words), PageRequest(limit=MOST_FOUND + 1), with_count=False)
    return [row for row in page.items if row.id != case.id][:MOST_FOUND]


def _cases(case: Case, rows: Iterable[AnyRow]) -> list[Found]:
    url = page_url(paths.work(case.number, PART))
    return [(row.number, row.title, STATE_LABELS[row.state], format_date(row.reported_at), f"{url}?bij={row.number}") for row in rows]


@pages.route(paths.work("<number>", "samengevoegd/<uuid:id>/los"), permission=TRIAGE, methods=METHODS)
def work_unmerge(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """Make a case that was merged into this one its own again."""
    uow = current_uow()
    case = case_to_show(uow, number)
    merge = next((row for row in queries.merged_into(uow, case.id) if row.id == id), None)
    if merge is None:
        raise NotFound
    return act(
        uow,
        case,
        f"samengevoegd/{id}/los",
        title=_("Maak het samenvoegen ongedaan"),
        submit=_("Maak zaak {number} weer los", number=merge.number),
        done=_("De zaken staan weer los van elkaar."),
        spec=FormSpec(UnmergeCaseSchema),
        fields=("reason",),
        write=lambda command: unmerge_case(uow, merge.from_id, command),
        values={"version": merge.case_version},
        lead=_("De meldingen die bij zaak {number} binnenkwamen, gaan daarnaar terug.", number=merge.number),
    )
