"""Search over everything that the reader may see."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from marshmallow import fields

from samen_core.characters import without_bad
from samen_core.forms import BoundForm, FormSchema
from samen_core.i18n import Text, _, n_
from samen_core.search import Found, Part, Result, search
from samen_core.subjects import SubjectType
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.layout import crumbs, page_url, render
from samen_core.web.parts import Row

pages = BlockBlueprint("search", __name__)
PAGE_SIZE = 20
MAX_QUERY = 200


class SearchSchema(FormSchema):
    """The search form; its names are part of the address."""

    q = fields.String(metadata={"label": _("Waar zoekt u naar?"), "widget": "search"})
    soort = fields.String(metadata={"label": _("In"), "widget": "select"})


@pages.route("/zoeken", public=True, cache=False)
def results() -> ResponseReturnValue:
    """The results of a query, of one kind of thing when ``soort`` is given."""
    kinds = _kinds()
    query = " ".join(without_bad(request.args.get("q", ""), " ").split())[:MAX_QUERY]
    kind = request.args.get("soort", "")
    kind = kind if kind in kinds else ""
    found = search(current_uow(), query, subject_type=kind or None, limit=PAGE_SIZE, cursor=request.args.get("cursor")) if query else None
    options = {"soort": [("", _("Alles")), *((name, found_kind.plural) for name, found_kind in kinds.items())]}
    form = BoundForm(SearchSchema, data={"q": query, "soort": kind}, options=options)
    return render(
        "core/search.html",
        query=query,
        field=form["q"],
        types=form["soort"] if len(kinds) > 1 else None,
        results=[_row(result, kinds) for result in found.results] if found else [],
        count=_count(found) if found else "",
        previous_url=_address(query, kind, found.previous_cursor) if found and found.previous_cursor else None,
        next_url=_address(query, kind, found.next_cursor) if found and found.next_cursor else None,
        suggestions=[(_("Zoek in alles"), _address(query, "", ""))] if kind else [],
        breadcrumbs=crumbs((_("Zoeken"), None)),
    )


def _kinds() -> dict[str, SubjectType]:
    platform = current_platform()
    offered = {name for name, source in platform.search_sources.items() if source.offered}
    return {kind.name: kind for kind in platform.subject_types if kind.name in offered}


def _count(found: Found) -> Text:
    if found.is_capped:
        return _("Meer dan {n} resultaten; de beste staan bovenaan", n=found.total)
    return n_("{n} resultaat", "{n} resultaten", found.total)


def _address(query: str, kind: str, cursor: str) -> str:
    values = {"q": query, "soort": kind, "cursor": cursor}
    return page_url("/zoeken") + "?" + urlencode({name: value for name, value in values.items() if value})


def _row(result: Result, kinds: dict[str, SubjectType]) -> Row:
    kind = kinds[result.type]
    return Row(title=_marked(result.title), url=page_url(result.url), text=_marked(result.snippet), meta=((kind.icon, kind.label),))


def _marked(parts: Iterable[Part]) -> Markup:
    """The text with what matched in ``mark``."""
    mark = Markup('<mark class="nl-mark">{}</mark>')
    return Markup("").join(mark.format(part.text) if part.is_match else part.text for part in parts)
