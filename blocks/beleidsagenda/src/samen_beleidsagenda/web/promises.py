"""The register of promises and motions: late ones on top, with filters, to print and to download."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, atlas, chips, filters_part, in_words, list_page, one_of, search_field, select_field
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import FOLLOW_UP_LABELS, LIGHT_LABELS, MOTION_KIND_LABELS, MOTION_STATUS_LABELS
from samen_beleidsagenda.labels import STATE_LABELS as STATE_OF
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries import promise_choices as choices
from samen_beleidsagenda.queries.promises import (
    AnyRow,
    PromiseFilter,
    all_promises,
    drafts,
    list_promises,
    promise_numbers,
    submitters_of,
)
from samen_beleidsagenda.services.common import today
from samen_beleidsagenda.services.kinds import BY_NAME
from samen_beleidsagenda.web.common import LABEL, pages, register_views, tabs
from samen_beleidsagenda.web.promise_parts import follow_up_badges, uuid_of
from samen_core.api import Text, UnitOfWork, _, cards, format_date, format_number, n_
from samen_core.web.api import BoundField, Row, crumbs, csv_file, current_uow, page_url, render

TITLE = _("Toezeggingen en moties")
TYPE_LABELS: dict[str, Text] = {"commitment": _("Toezegging"), **MOTION_KIND_LABELS}
STATE_LABELS: dict[str, Text] = {
    **FOLLOW_UP_LABELS,
    **{code: MOTION_STATUS_LABELS[code] for code in ("submitted", "held", "rejected", "withdrawn")},
}
STATUS_BADGES = {"submitted": "info", "adopted": "success", "rejected": "danger", "held": "warning", "withdrawn": "neutral"}
NAMES = ("q", "soort", "staat", "licht", "portefeuille", "orgaan", "fractie", "dossier")
MOST_DOWNLOADED = 20_000
CODES: dict[str, tuple[Text, dict[str, Text]]] = {
    "soort": (_("Soort"), TYPE_LABELS),
    "licht": (_("Op tijd?"), LIGHT_LABELS),
    "staat": (_("Hoe staat het?"), STATE_LABELS),
}
OFFERED = {
    "portefeuille": (_("Portefeuille"), _("Alle portefeuilles")),
    "orgaan": (_("Orgaan"), _("Alle organen")),
    "fractie": (_("Ingediend door"), _("Alle fracties")),
}
Offered = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
"""Per filter what one can choose: pairs of id and name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the register."""

    url: str
    title: str
    kind: Text
    number: str
    holder: str
    of: str
    due: str
    badges: list[tuple[Text, str]]


@pages.route(paths.PROMISES, public=True)
def promises_page() -> ResponseReturnValue:
    """Commitments, motions and amendments."""
    uow = current_uow()
    where = list_page(paths.PROMISES, *NAMES)
    chosen = filter_of(where)
    found = list_promises(uow, chosen, where.request(25))
    numbers = promise_numbers(uow)
    book, offered = atlas(uow), _offered(uow)
    keeps = RECORD.somewhere(uow.actor)
    shown = chips(where, _chosen(uow, where, chosen, offered))
    query = urlencode({name: value for name, value in where.values.items() if name != "cursor"})
    return render(
        "beleidsagenda/promises.html",
        title=TITLE,
        tabs=tabs(uow.actor, paths.PROMISES),
        views=register_views(paths.PROMISES),
        new=new_urls() if keeps else [],
        drafts=_drafts(uow) if keeps else [],
        numbers=numbers_in_words(numbers.with_day, numbers.on_time, numbers.settled),
        late_url=where.url(licht="late") if numbers.late else "",
        late=numbers.late,
        list_url=page_url(paths.PROMISES),
        filters=filters_part(where, lambda: _fields(where, offered), len(shown), ("dossier",), book=book, key=offered),
        chips=shown,
        count=in_words(found.count, _("toezegging of motie"), _("toezeggingen en moties")),
        lines=lines(uow, found.items),
        csv_url=page_url(f"{paths.PROMISES}.csv") + (f"?{query}" if query else ""),
        breadcrumbs=crumbs((LABEL, paths.HOME), (TITLE, None)),
        **where.pager(found),
    )


def _drafts(uow: UnitOfWork) -> list[Row]:
    """What the reader keeps and is not public yet. One statement."""
    return [
        Row(
            row.title,
            page_url(BY_NAME[row.type].path(row)),
            badges=((BY_NAME[row.type].label, "neutral"), (STATE_OF[row.state], "warning")),
        )
        for row in drafts(uow)
    ]


def new_urls() -> list[tuple[Text, str]]:
    """The forms that add something to the register."""
    return [
        (_("Leg een toezegging vast"), page_url(f"{paths.PROMISES}/toezeggingen/nieuw")),
        (_("Leg een motie of amendement vast"), page_url(f"{paths.PROMISES}/moties/nieuw")),
    ]


def numbers_in_words(with_day: int, on_time: int, settled: int) -> list[Text]:
    """How the promises stand: ``27 van 30 … op tijd``."""
    found = []
    if with_day:
        found.append(
            n_(
                "{on_time} van {n} lopende toezegging of motie met een datum is op tijd.",
                "{on_time} van {n} lopende toezeggingen en moties met een datum zijn op tijd.",
                with_day,
                on_time=format_number(on_time),
            )
        )
    if settled:
        found.append(n_("{n} is afgedaan.", "{n} zijn afgedaan.", settled))
    return found


def filter_of(where: ListPage) -> PromiseFilter:
    """The filter that stands in the address. Raises Invalid for an answer that does not exist."""
    values = where.values
    return PromiseFilter(
        text=values.get("q", ""),
        type=one_of(values.get("soort", ""), TYPE_LABELS),
        state=one_of(values.get("staat", ""), STATE_LABELS),
        light=one_of(values.get("licht", ""), LIGHT_LABELS),
        holder_id=uuid_of(values, "portefeuille"),
        body_id=uuid_of(values, "orgaan"),
        party_id=uuid_of(values, "fractie"),
        dossier_id=uuid_of(values, "dossier"),
    )


def _offered(uow: UnitOfWork) -> Offered:
    """The choices of the filters that come from the database, by the name of the filter. One statement."""
    found = choices.of_register(uow)
    kinds = (("portefeuille", "holder"), ("orgaan", "body"), ("fractie", "party"))
    return tuple((name, tuple((str(row.id), row.name) for row in found[kind])) for name, kind in kinds)


def _fields(where: ListPage, offered: Offered) -> list[BoundField]:
    """The filters."""
    fields = [search_field(where, _("Zoek in titel en nummer"))]
    fields += [select_field(where, name, label, codes.items(), _("Alles")) for name, (label, codes) in CODES.items()]
    fields += [select_field(where, name, OFFERED[name][0], of, OFFERED[name][1]) for name, of in offered]
    return fields


def _chosen(uow: UnitOfWork, where: ListPage, chosen: PromiseFilter, offered: Offered) -> list[tuple[str, Text | str | None]]:
    """The chosen filters in words."""
    found: list[tuple[str, Text | str | None]] = [("q", where.values.get("q"))]
    found += [(name, codes.get(where.values.get(name, ""))) for name, (_label, codes) in CODES.items()]
    found += [(name, dict(of).get(where.values.get(name, ""))) for name, of in offered]
    if chosen.dossier_id is not None:
        card = cards(uow, [chosen.dossier_id]).get(chosen.dossier_id)
        found.append(("dossier", card.title if card is not None else _("Dossier")))
    return found


def lines(uow: UnitOfWork, rows: Sequence[AnyRow]) -> list[Line]:
    """Promises as rows of the table. At most two statements."""
    put_by = submitters_of(uow, [row.id for row in rows if row.type != "commitment"])
    names = cards(uow, [id for ids in put_by.values() for id in ids])
    day = today(uow)

    def of(row: AnyRow) -> str:
        if row.type == "commitment":
            return str(row.made_to)
        return ", ".join(names[id].title for id in put_by[row.id] if id in names)

    return [
        Line(
            page_url(path_of(row)),
            row.title,
            TYPE_LABELS[row.type],
            row.number,
            row.holder_label or "",
            of(row),
            format_date(row.due_date) if row.due_date else "",
            badges_of(row, day),
        )
        for row in rows
    ]


def path_of(row: AnyRow) -> str:
    """The page of a promise."""
    return paths.commitment(row.id) if row.type == "commitment" else paths.motion(row.id)


def badges_of(row: AnyRow, day: date) -> list[tuple[Text, str]]:
    """How a promise stands: what became of it, or what the body did with the motion."""
    if row.follow_up is not None:
        return follow_up_badges(row.follow_up, row.due_date, day)
    return [(MOTION_STATUS_LABELS[row.status], STATUS_BADGES[row.status])]


@pages.route(f"{paths.PROMISES}.csv", public=True)
def promises_csv() -> ResponseReturnValue:
    """The register with the same filters, for a spreadsheet."""
    uow = current_uow()
    rows = all_promises(uow, filter_of(list_page(paths.PROMISES, *NAMES)), MOST_DOWNLOADED)
    heads = (
        _("Soort"),
        _("Nummer"),
        _("Titel"),
        _("Datum"),
        _("Orgaan"),
        _("Portefeuille"),
        _("Klaar voor"),
        _("Hoe staat het?"),
        _("Op tijd?"),
        _("Adres"),
    )
    base, day = uow.platform.config.web.base_url.rstrip("/"), today(uow)
    return csv_file("toezeggingen-en-moties.csv", heads, ([*_cells(row, day), base + page_url(path_of(row))] for row in rows))


def _cells(row: AnyRow, day: date) -> list[object]:
    badges = badges_of(row, day)
    state, light = badges[-1][0], badges[0][0] if len(badges) > 1 else ""
    return [
        TYPE_LABELS[row.type],
        row.number,
        row.title,
        row.made_on,
        row.body_name,
        row.holder_label or "",
        row.due_date or "",
        state,
        light,
    ]
