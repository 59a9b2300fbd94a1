"""The desk of who plans: what waits for approval, what is late, what comes without an agenda, what is being written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, list_page, one_of
from samen_beleidsagenda import paths
from samen_beleidsagenda.periods import period_of
from samen_beleidsagenda.permissions import RECORD, WRITE
from samen_beleidsagenda.queries.desk import drafts, waiting
from samen_beleidsagenda.queries.planning import MomentFilter, list_moments
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.kinds import BY_NAME, KINDS
from samen_beleidsagenda.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_beleidsagenda.web.moments import new_moment_path
from samen_beleidsagenda.web.planning import moment_lines
from samen_core.api import PageRequest, Text, UnitOfWork, _, format_date
from samen_core.web.api import Row, crumbs, current_uow, page_url, render

AHEAD = timedelta(days=42)
"""What begins within six weeks should stand on an agenda, or soon."""
COUNTED = 100
PARTS: dict[str, Text] = {
    "": _("Wacht op akkoord"),
    "te-laat": _("Momenten te laat"),
    "zonder-agenda": _("Komt eraan zonder agenda"),
    "concepten": _("Concepten"),
}
EMPTY: dict[str, tuple[Text, Text]] = {
    "": (_("Er wacht niets op akkoord"), _("Wat collega's klaar hebben, komt hier te staan tot u het openbaar maakt of teruggeeft.")),
    "te-laat": (
        _("Er is geen moment te laat"),
        _("Een moment waarvan de periode voorbij is, komt hier te staan tot u zegt hoe het verder gaat."),
    ),
    "zonder-agenda": (
        _("Alles wat eraan komt, staat op een agenda"),
        _("Wat binnen zes weken begint en nog op geen agenda staat, komt hier te staan."),
    ),
    "concepten": (_("Er zijn geen concepten"), _("Momenten die nog niet openbaar zijn, komen hier te staan.")),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the desk: how many things it has (100 stands for more), and its rows."""

    number: int
    rows: list[Row]
    lines: list[Any]


@pages.route(paths.DESK, permission=WRITE)
def desk() -> ResponseReturnValue:
    """What is to be done, in four parts."""
    uow = current_uow()
    where = list_page(paths.DESK, "deel")
    code = one_of(where.values.get("deel", ""), PARTS) or ""
    parts = {
        "": _waiting(uow),
        "te-laat": _moments(uow, MomentFilter(light="late"), with_lines=code == "te-laat"),
        "zonder-agenda": _moments(uow, _without_agenda(uow), with_lines=code == "zonder-agenda"),
        "concepten": _drafts(uow),
    }
    return render(
        "beleidsagenda/desk.html",
        dense=True,
        tabs=tabs(uow.actor, paths.DESK),
        desk_tabs=desk_tabs(uow.actor, paths.DESK),
        parts=_heads(where, code, parts),
        title=PARTS[code],
        part=parts[code],
        empty=EMPTY[code],
        complete=parts[code].number < COUNTED,
        new_url=page_url(new_moment_path()),
        new_dossier_url=page_url(f"{paths.DOSSIERS}/nieuw"),
        new_meeting_url=page_url(f"{paths.MEETINGS}/nieuw") if RECORD.somewhere(uow.actor) else None,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, None)),
    )


def _heads(where: ListPage, code: str, parts: dict[str, Part]) -> list[tuple[Text, str, bool]]:
    return [
        (_("{label} ({n})", label=label, n=parts[name].number), where.url(deel=name or None), name == code) for name, label in PARTS.items()
    ]


def _without_agenda(uow: UnitOfWork) -> MomentFilter:
    now = today(uow)
    return MomentFilter(statuses=("intended", "planned"), start=now, end=now + AHEAD)


def _moments(uow: UnitOfWork, filter: MomentFilter, *, with_lines: bool) -> Part:
    rows = list_moments(uow, filter, PageRequest(limit=COUNTED), with_count=False).items
    return Part(len(rows), [], moment_lines(uow, rows) if with_lines else [])


def _waiting(uow: UnitOfWork) -> Part:
    rows = waiting(uow, {kind.name: kind.model for kind in KINDS})
    shown = [
        Row(
            row.title,
            page_url(BY_NAME[row.kind].path(row)),
            badges=((BY_NAME[row.kind].label, "neutral"),),
            meta=(("clock", _("sinds {day}", day=format_date(row.changed_at))),),
        )
        for row in rows
    ]
    return Part(len(rows), shown, [])


def _drafts(uow: UnitOfWork) -> Part:
    rows = drafts(uow)
    shown = []
    for row in rows:
        meta: list[tuple[str, Text | str]] = [("calendar-days", str(period_of(row.start_date, row.end_date)))]
        if row.body_name:
            meta.append(("landmark", row.body_name))
        shown.append(Row(row.title, page_url(paths.planning_item(row.id)), row.dossier_title, meta=tuple(meta)))
    return Part(len(rows), shown, [])
