"""Terms for the manager: what goes at the next run, and the proof of what went."""

from __future__ import annotations

from datetime import timedelta

from flask.typing import ResponseReturnValue

from samen_core.i18n import _
from samen_core.permissions import MANAGE
from samen_core.privacy.register import block_label
from samen_core.privacy.retention import preview, proof
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import crumbs, render
from samen_core.web.tables import csv_file

pages = BlockBlueprint("retention", __name__)
DAYS = timedelta(days=14)
"""How far back the page shows what went; the file holds all."""


@pages.route("/beheer/bewaartermijnen", permission=MANAGE)
def index() -> ResponseReturnValue:
    """Every term with what goes at the next run, and what went lately."""
    uow, platform = current_uow(), current_platform()
    found = preview(uow)
    labels = {item.rule.name: item.rule.label for item in found}
    went = [row for row in proof(uow, (uow.now - DAYS).date()) if row.number]
    return render(
        "core/admin/retention.html",
        found=[(item, block_label(platform, item.owner)) for item in found],
        went=[(row, labels.get(row.rule, row.rule)) for row in went],
        breadcrumbs=crumbs((_("Beheer"), "/beheer"), (_("Bewaartermijnen"), None)),
    )


@pages.route("/beheer/bewaartermijnen.csv", permission=MANAGE)
def as_csv() -> ResponseReturnValue:
    """The proof as a table: every day on which a rule ran, with how often and how much went."""
    head = [_("Dag"), _("Regel"), _("Bouwsteen"), _("Keren uitgevoerd"), _("Aantal weg"), _("Laatst uitgevoerd")]
    rows = [
        [row.day.isoformat(), row.rule, row.owner, row.runs, row.number, row.last_at.isoformat(timespec="seconds")]
        for row in proof(current_uow())
    ]
    return csv_file("bewaartermijnen.csv", head, rows)
