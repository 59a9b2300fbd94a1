"""The list of cases for staff: filters, orders, views that were kept, and a tick before each case for acts on several at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from citycontent.web.api import FormPage, FormSpec, Section, filters_part, form_page, in_words, one_of
from samen_core.api import Text, UnitOfWork, _, current_language, format_date, format_day
from samen_core.web.api import crumbs, current_uow, go, page_url, render, render_part, say
from samen_oog_oor import paths
from samen_oog_oor.labels import PRIORITY_LABELS, STATE_BADGES, STATE_LABELS, TYPE_LABELS
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.desk import saved_views
from samen_oog_oor.queries.work import ORDERS, AnyRow, is_late, list_cases
from samen_oog_oor.schemas.work import SaveView, SaveViewSchema
from samen_oog_oor.services.bulk import ACTS
from samen_oog_oor.services.desk import remove_view, save_view
from samen_oog_oor.web.common import DESK, LABEL, desk_tabs, pages, tabs
from samen_oog_oor.web.work_filters import Chosen, chosen
from samen_oog_oor.working_days import today

VIEWS = f"{paths.DESK}/weergaven"
WORK_MAP = f"{paths.DESK}/kaart"
PER_PAGE = 50
MOST_DRAWN = 1_000
"""Lines of a language that are kept: about 2 kB each."""
SORTS: tuple[tuple[str, Text], ...] = (
    ("nieuwste", _("Nieuwste eerst")),
    ("oudste", _("Oudste eerst")),
    ("beloofd", _("Eerst beloofd")),
    ("gewijzigd", _("Laatst gewijzigd")),
)
Label = Text | str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a line of the list, a card on the board or a line beside the map; ``place`` and ``category`` are left out of what the title
    says already."""

    id: str
    version: int
    number: str
    title: str
    url: str
    place: str
    where: str
    category: str
    type: Label
    state: Label
    state_kind: str
    flags: tuple[tuple[Label, str], ...]
    organization: str
    assignee: str
    reported: str
    promised: str
    signals: int
    supports: int
    code: str


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view that was kept."""

    id: str
    name: str
    url: str
    shared: bool
    own: bool


def case_view(row: AnyRow, asked: Chosen, day: date) -> CaseView:
    """A row of the list as pages show it; ``day`` is today. Where no address is known the neighbourhood is its place."""
    flags: list[tuple[Label, str]] = []
    if is_late(row.state, row.promised_on, day):
        flags.append((_("Te laat"), "danger"))
    if row.priority != "normal":
        flags.append(
            (_("Urgentie: {priority}", priority=PRIORITY_LABELS[row.priority]), "warning" if row.priority == "high" else "neutral")
        )
    if row.confidential:
        flags.append((_("Vertrouwelijk"), "danger"))
    category, area = asked.tree.by_id.get(row.category_id), asked.book.tree.get(row.area_id)
    called = category.called(current_language()) if category else ""
    place = row.address or (area.name if area else "")
    return CaseView(
        id=row.id.hex,
        version=row.version,
        number=row.number,
        title=row.title,
        url=page_url(paths.work(row.number)),
        place=place if place not in row.title else "",
        where=place,
        category=called if called not in row.title else "",
        type=TYPE_LABELS[row.type],
        state=STATE_LABELS[row.state],
        state_kind=STATE_BADGES[row.state],
        flags=tuple(flags),
        organization=row.organization_name or "",
        assignee=row.assignee_name or "",
        reported=format_date(row.reported_at),
        promised=format_day(row.promised_on) if row.promised_on else "",
        signals=row.signals,
        supports=row.supports,
        code=row.state,
    )


@pages.route(paths.DESK, permission=HANDLE)
def work_list() -> ResponseReturnValue:
    """The cases that the actor works at; without a choice what is open, newest first."""
    uow = current_uow()
    asked = chosen(uow, paths.DESK, "volgorde")
    order = one_of(asked.where.values.get("volgorde", ""), ORDERS) or "nieuwste"
    page = list_cases(uow, asked.filter, asked.where.request(PER_PAGE), order)
    day = today(uow)
    return render(
        "oog_oor/work_list.html",
        **frame(uow, asked, paths.DESK),
        filters=filters_part(asked.where, asked.fields, len(asked.chips), ("volgorde",), book=asked.book, key=asked.shown),
        count=in_words(page.count, _("zaak"), _("zaken")),
        sorts=asked.where.sorts("volgorde", SORTS),
        rows=_lines(page.items, asked, day),
        acts=[(code, act.label) for code, act in ACTS.items() if act.permission.somewhere(uow.actor)],
        bulk_url=page_url(f"{paths.DESK}/samen"),
        back=query_of(asked),
        views=_views(uow),
        save_url=page_url(VIEWS) + (f"?{urlencode({'filters': query_of(asked)})}" if asked.where.values else ""),
        exports=_exports(asked),
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, None)),
        **asked.where.pager(page),
    )


def _lines(rows: Sequence[AnyRow], asked: Chosen, day: date) -> list[Markup]:
    """The lines of the list. One that did not change since it was drawn is taken from memory, whoever it was drawn for."""
    drawn: dict[Any, Markup] = asked.book.keep((__name__, current_language()), dict)
    keys = [(tuple(row), day, asked.tree.stamp) for row in rows]
    found = [drawn.get(key) for key in keys]
    new = [case_view(row, asked, day) for row, line in zip(rows, found, strict=True) if line is None]
    if not new:
        return [line for line in found if line is not None]
    parts = iter(render_part("oog_oor/work_rows.html", rows=new).split("<!---->"))
    lines = [next(parts) if line is None else line for line in found]
    if len(drawn) + len(new) > MOST_DRAWN:
        drawn.clear()
    drawn.update(zip(keys, lines, strict=True))
    return lines


def frame(uow: UnitOfWork, asked: Chosen, path: str) -> dict[str, object]:
    """What list, map and board all show: the parts of the block and the desk, chips, and the way from one to the other."""
    kept = {name: value for name, value in asked.where.values.items() if name not in ("cursor", "volgorde")}
    query = f"?{urlencode(kept)}" if kept else ""
    ways = ((_("Lijst"), paths.DESK, "list"), (_("Kaart"), WORK_MAP, "map"), (_("Bord"), paths.BOARD, "layout-grid"))
    return {
        "tabs": tabs(uow.actor, path),
        "desk_tabs": desk_tabs(uow.actor, paths.DESK),
        "ways": [(label, page_url(there) + query, name, there == path) for label, there, name in ways],
        "chips": asked.chips,
        "list_url": page_url(path),
    }


def query_of(asked: Chosen) -> str:
    """The choice as it stands in the address, without the place in the list."""
    return urlencode({name: value for name, value in asked.where.values.items() if name != "cursor"})


def _exports(asked: Chosen) -> list[tuple[Text, str]]:
    query = f"?{found}" if (found := query_of(asked)) else ""
    return [
        (_("Als tabel (CSV)"), page_url(f"{paths.DESK}/zaken.csv") + query),
        (_("Als kaartlaag (GeoJSON)"), page_url(f"{paths.DESK}/zaken.geojson") + query),
    ]


def _views(uow: UnitOfWork) -> list[ViewLink]:
    return [
        ViewLink(row.id.hex, row.name, page_url(paths.DESK) + (f"?{row.query}" if row.query else ""), row.shared, bool(row.own))
        for row in saved_views(uow)
    ]


@pages.route(VIEWS, permission=HANDLE, methods=["GET", "POST"])
def work_views() -> ResponseReturnValue:
    """Keep the filters of the list under a name."""
    uow = current_uow()
    trail = ((LABEL, paths.HOME), (DESK, paths.DESK), (_("Weergave bewaren"), None))
    query = request.args.get("filters", "")[:1_000]
    page = FormPage(
        title=_("Weergave bewaren"),
        submit=_("Bewaar de weergave"),
        done=_("De weergave is bewaard. U vindt hem boven de lijst."),
        path=VIEWS,
        back=f"{paths.DESK}?{query}" if query else paths.DESK,
        trail=trail,
        lead=_("De filters van de lijst krijgen een naam, zodat u er met één klik bent. Een naam die u al gebruikt, wordt vervangen."),
    )

    def write(command: SaveView) -> str:
        view = save_view(uow, command)
        return f"{paths.DESK}?{view.query}" if view.query else paths.DESK

    return form_page(
        uow, page, FormSpec(SaveViewSchema), (Section(_("Weergave"), ("name", "shared", "query")),), write, values={"query": query}
    )


@pages.route(f"{VIEWS}/<uuid:id>/weg", permission=HANDLE, methods=["POST"])
def work_view_remove(id: uuid.UUID) -> ResponseReturnValue:
    """Take a view away."""
    remove_view(current_uow(), id)
    say(_("De weergave is weg."))
    return go(paths.DESK)
