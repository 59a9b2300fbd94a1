"""The lending desk: what waits for an answer, what is to be handed over, what is out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, list_page, one_of
from samen_core.api import Text, UnitOfWork, _, cards
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_gereedschap import paths
from samen_gereedschap.permissions import BORROW
from samen_gereedschap.queries.loans import desk_loans, desk_numbers
from samen_gereedschap.services.common import lends_for, today
from samen_gereedschap.web.common import DESK, LABEL, badge, days, pages
from samen_gereedschap.web.overview import tabs as block_tabs

LABELS: dict[str, Text] = {
    "requested": _("Wacht op antwoord"),
    "agreed": _("Klaar om mee te geven"),
    "lent": _("Uitgeleend"),
    "closed": _("Afgehandeld"),
}
EMPTY: dict[str, tuple[Text, Text]] = {
    "requested": (_("Er wacht niemand op antwoord"), _("Nieuwe aanvragen komen hier te staan.")),
    "agreed": (_("Er hoeft niets klaar te staan"), _("Wat u hebt toegezegd, komt hier te staan tot het is opgehaald.")),
    "lent": (_("Er is niets uitgeleend"), _("Wat is meegegeven, komt hier te staan tot het terug is.")),
    "closed": (_("Er is nog niets afgehandeld"), _("Wat terug is, afgezegd of afgewezen, komt hier te staan.")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    url: str
    tool: str
    owner: str
    who: Text | str
    days: Text | str
    state: tuple[Text, str]
    late: bool


CODES = {"": "requested", "klaar": "agreed", "uit": "lent", "geweest": "closed"}


@pages.route(paths.DESK, permission=BORROW)
def desk() -> ResponseReturnValue:
    """The loans of the organisations that one lends for."""
    uow = current_uow()
    lending = lends_for(uow)
    if lending is not None and not lending:
        return render("gereedschap/no_desk.html", tabs=block_tabs(uow, paths.DESK), breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, None)))
    where = list_page(paths.DESK, "staat")
    one_of(where.values.get("staat", ""), CODES)
    tab = CODES[where.values.get("staat", "")]
    found = desk_loans(uow, lending, tab, where.request(50))
    return render(
        "gereedschap/desk.html",
        tabs=block_tabs(uow, paths.DESK),
        states=_states(where, tab, desk_numbers(uow, lending)),
        caption=LABELS[tab],
        lines=_lines(uow, found.items),
        empty=EMPTY[tab],
        new_url=page_url(paths.NEW),
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, None)),
        **where.pager(found),
    )


def _states(where: ListPage, now: str, numbers: dict[str, int]) -> list[tuple[Text, str, bool]]:
    found = []
    for code, tab in CODES.items():
        label = _("{label} ({n})", label=LABELS[tab], n=numbers.get(tab, 0)) if tab != "closed" else LABELS[tab]
        found.append((label, where.url(staat=code or None), tab == now))
    return found


def _lines(uow: UnitOfWork, rows: Any) -> list[Line]:
    """The rows of the table. One statement."""
    owners = cards(uow, (row.organization_id for row in rows))
    now = today(uow)
    return [
        Line(
            page_url(paths.loan(row.id)),
            row.tool_name,
            owners[row.organization_id].title if row.organization_id in owners else "",
            row.name or _("(vergeten)"),
            days(row.first_day, row.last_day),
            badge(row.state),
            row.state == "lent" and row.last_day < now,
        )
        for row in rows
    ]
