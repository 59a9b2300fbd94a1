"""The whole public logbook of a thing; its page shows the newest lines."""

from __future__ import annotations

import uuid

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.errors import NotFound
from samen_core.i18n import _
from samen_core.logbook import log_page
from samen_core.pagination import PageRequest
from samen_core.subjects import cards
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_uow
from samen_core.web.layout import crumbs, page_url, render

pages = BlockBlueprint("logbook", __name__)


@pages.route("/logboek/<uuid:id>", public=True)
def index(id: uuid.UUID) -> ResponseReturnValue:
    """Everything public that happened with one thing, newest first."""
    uow = current_uow()
    card = cards(uow, [id]).get(id)
    if card is None:
        raise NotFound
    page = log_page(uow, id, PageRequest(limit=50, cursor=request.args.get("cursor", "")))
    here = page_url(f"/logboek/{id}")
    return render(
        "core/logbook.html",
        subject=card,
        subject_url=page_url(card.url) if card.is_live else None,
        lines=page.items,
        previous_url=f"{here}?cursor={page.previous}" if page.previous else None,
        next_url=f"{here}?cursor={page.next}" if page.next else None,
        breadcrumbs=crumbs((card.title, card.url if card.is_live else None), (_("Logboek"), None)),
    )
