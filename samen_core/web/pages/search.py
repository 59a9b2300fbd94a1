"""Search over everything that the reader may see."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from samen_core.i18n import _
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import crumbs, render

pages = BlockBlueprint("search", __name__)


@pages.route("/zoeken", public=True, cache=False)
def results() -> ResponseReturnValue:
    """The results of a query, by kind of thing when ``soort`` is given."""
    from samen_core.search import search

    platform = current_platform()
    query = request.args.get("q", "").strip()[:200]
    kind = request.args.get("soort", "")
    kinds = [found for found in platform.subject_types if found.name in platform.search_sources]
    found = search(current_uow(), query, subject_type=kind or None, cursor=request.args.get("cursor")) if query else None
    return render("core/search.html", query=query, kind=kind, kinds=kinds, results=found, breadcrumbs=crumbs((_("Zoeken"), None)))
