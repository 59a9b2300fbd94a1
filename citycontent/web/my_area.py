""" "Mijn buurt": from a postcode and house number to the page of the buurt. Neither stands in an address, a log or a cookie."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.queries.neighbourhood import find_neighbourhood
from citycontent.schemas import FindNeighbourhoodSchema
from citycontent.web.areas import LABEL as AREAS
from citycontent.web.areas import PATH as AREAS_PATH
from citycontent.web.areas import link
from citycontent.web.atlas import area_path, atlas
from citycontent.web.pages import pages
from citycontent.web.parts import Link
from samen_core.api import Invalid, _, parse
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render_status

PATH = "/mijn-buurt"


@pages.route(PATH, public=True)
def my_area() -> ResponseReturnValue:
    """The form."""
    return _page(200, BoundForm(FindNeighbourhoodSchema))


@pages.route(PATH, public=True, methods=["POST"])
def find_my_area() -> ResponseReturnValue:
    """To the buurt of the address; with mistakes or an unknown address the form again, as it was typed."""
    uow = current_uow()
    try:
        command = parse(FindNeighbourhoodSchema, request.form)
        found = find_neighbourhood(uow, command, atlas(uow).tree)
    except Invalid as error:
        return _page(400, BoundForm(FindNeighbourhoodSchema, data=request.form, errors=error.errors))
    if found.exact or len(found.choices) == 1:
        return go(area_path(found.area))
    return _page(200, BoundForm(FindNeighbourhoodSchema, data=request.form), [link(area) for area in found.choices])


def _page(status: int, form: BoundForm, choices: Sequence[Link] = ()) -> ResponseReturnValue:
    return render_status(
        status,
        "citycontent/my_area.html",
        form=form,
        choices=choices,
        action=page_url(PATH),
        areas_url=page_url(AREAS_PATH),
        breadcrumbs=crumbs((AREAS, AREAS_PATH), (_("Mijn buurt"), None)),
    )
