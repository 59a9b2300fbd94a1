"""Everything one can borrow, with filters on words, kind, place, owner and free days."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import (
    ListPage,
    area_field,
    area_filter,
    atlas,
    chips,
    filters_part,
    in_words,
    list_page,
    one_of,
    search_field,
    select_field,
    unknown_filter,
)
from samen_core.api import Invalid, Text, UnitOfWork, _, cards, format_date, n_
from samen_core.web.api import BoundField, Row, crumbs, current_uow, page_url, render
from samen_gereedschap import paths
from samen_gereedschap.labels import KIND_LABELS
from samen_gereedschap.models import KINDS
from samen_gereedschap.permissions import LEND
from samen_gereedschap.queries.tools import ToolFilter, list_tools, taken_today
from samen_gereedschap.services.common import today
from samen_gereedschap.web.common import DESK, LABEL, MINE, pages

EMPTY = (_("Er is nog niets te leen"), _("Wat organisaties in de stad uitlenen, komt hier te staan."))


@pages.route(paths.HOME, public=True)
def overview_page() -> ResponseReturnValue:
    """The tools that are lent out."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(paths.HOME, "q", "soort", "gebied", "van", "tot", "organisatie")
    kind, area, organization_id = one_of(where.values.get("soort", ""), KINDS), area_filter(book, where), _organization(where)
    first, last = _days(where)
    chosen = ToolFilter(
        text=where.values.get("q", ""),
        kind=kind,
        organization_id=organization_id,
        area_ids=book.tree.within(area.id) if area else None,
        first_day=first,
        last_day=last,
    )
    found = list_tools(uow, chosen, where.request())
    owner = cards(uow, [organization_id]).get(organization_id) if organization_id else None
    picked: list[tuple[str, Text | str | None]] = [("q", where.values.get("q")), ("soort", KIND_LABELS[kind] if kind else None)]
    picked += [("gebied", area.name if area else None), ("organisatie", owner.title if owner else None)]
    picked += [("van", _("Vrij vanaf {day}", day=format_date(first)) if first else None)]
    picked += [("tot", _("Vrij tot en met {day}", day=format_date(last)) if last and "tot" in where.values else None)]
    shown = chips(where, picked)
    return render(
        "gereedschap/overview.html",
        title=LABEL,
        lead=_("Leen een ladder, boormachine of partytent van een organisatie bij u in de buurt."),
        tabs=tabs(uow, paths.HOME),
        list_url=page_url(paths.HOME),
        new=(page_url(paths.NEW), _("Leen iets uit")) if LEND.somewhere(uow.actor) else None,
        filters=filters_part(where, lambda: _fields(where, area_field(book, where)), len(shown), ("organisatie",), book=book),
        chips=shown,
        count=in_words(found.count, _("ding te leen"), _("dingen te leen")),
        sorts=(),
        rows=tool_rows(uow, found.items),
        empty=EMPTY,
        breadcrumbs=crumbs((LABEL, None)),
        **where.pager(found),
    )


def tabs(uow: UnitOfWork, now: str) -> list[tuple[Text, str, bool]]:
    """The pages of the block beside each other, for who is logged in. No SQL."""
    if uow.actor.is_anonymous:
        return []
    found = [(_("Te leen"), paths.HOME), (MINE, paths.MINE), (DESK, paths.DESK)]
    return [(label, page_url(path), path == now) for label, path in found]


def tool_rows(uow: UnitOfWork, rows: Any, *, with_owner: bool = True) -> list[Row]:
    """Tools as rows of a list, with whose they are. One statement."""
    taken = taken_today(uow, [row.id for row in rows], today(uow)) if rows else set()
    return [_row(row, taken=row.id in taken, with_owner=with_owner) for row in rows]


def _row(row: Any, *, taken: bool, with_owner: bool) -> Row:
    meta: list[tuple[str, Text | str]] = [("tag", KIND_LABELS[row.kind])]
    if with_owner:
        meta.append(("building-2", row.organization_name))
    if row.deposit:
        meta.append(("banknote", n_("{n} euro borg", "{n} euro borg", row.deposit)))
    badge = (_("Vandaag bezet"), "neutral") if taken else (_("Vandaag vrij"), "success")
    text = row.description.partition("\n")[0]
    return Row(row.name, page_url(paths.tool(row.slug)), text, (badge,), meta=tuple(meta))


def _fields(where: ListPage, area: BoundField) -> list[BoundField]:
    return [
        search_field(where, _("Wat zoekt u?")),
        select_field(where, "soort", _("Soort"), KIND_LABELS.items(), _("Alle soorten")),
        _date_field(where, "van", _("Vrij vanaf")),
        _date_field(where, "tot", _("Vrij tot en met")),
        area,
    ]


def _date_field(where: ListPage, name: str, label: Text) -> BoundField:
    return BoundField(name, f"filter-{name}", label, "", "date", where.values.get(name, ""))


def _days(where: ListPage) -> tuple[date | None, date | None]:
    """The days on which it must be free; one alone is that day. Raises Invalid for what is no day, and for an end before the start."""
    first, last = (_day(where.values.get(name, "")) for name in ("van", "tot"))
    if first and last and last < first:
        raise Invalid(_("“Vrij tot en met” ligt voor “Vrij vanaf”. Wissel de dagen om."))
    return first or last, last or first


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid(_("Vul een dag in als 2026-12-31.")) from None


def _organization(where: ListPage) -> uuid.UUID | None:
    text = where.values.get("organisatie", "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise unknown_filter() from None
