"""The agenda inside pages of others: the page without the frame of the site, and the code to put it there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, make_response
from flask.typing import ResponseReturnValue

from citycontent.web.api import ListPage, atlas, list_page
from samen_beleidsagenda import paths
from samen_beleidsagenda.queries.planning import bodies
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.moments import Label, narrowed, narrowing_fields
from samen_core.api import _
from samen_core.web.api import allow_embedding, crumbs, current_platform, current_uow, page_url, render, render_part

EMBED = "ingebed"
SNIPPET = f"{paths.HOME}/insluiten"
FILTERS = ("gebied", "thema", "orgaan")


def embedded(where: ListPage, picked: Sequence[tuple[str, Label | None]], stretches: Sequence[Any]) -> Response:
    """The stretches of the agenda without header and menu, for pages of others; links open outside their frame."""
    page = render_part(
        "beleidsagenda/embed.html",
        chosen=", ".join(str(label) for _name, label in picked if label),
        stretches=[stretch for stretch in stretches if stretch.rows],
        full_url=where.url(**{EMBED: None}),
    )
    return allow_embedding(make_response(page))


@pages.route(SNIPPET, public=True)
def snippet() -> ResponseReturnValue:
    """The code with which another site shows the agenda, or the part of it that is chosen."""
    uow = current_uow()
    book = atlas(uow)
    where = list_page(SNIPPET, *FILTERS)
    known = bodies(uow)
    chosen = narrowed(book, where, known)
    inside = ListPage(paths.HOME, where.values)
    city = uow.platform.config.city
    return render(
        "beleidsagenda/snippet.html",
        fields=narrowing_fields(book, where, known),
        action=page_url(SNIPPET),
        chosen=sum(1 for _name, label in chosen.picked if label),
        address=current_platform().config.web.base_url.rstrip("/") + inside.url(**{EMBED: "ja"}),
        frame_title=str(_("Beleidsagenda van {city}", city=city.short_name or city.name)),
        example_url=inside.url(**{EMBED: "ja"}),
        breadcrumbs=crumbs((LABEL, paths.HOME), (_("Op uw eigen website"), None)),
    )
