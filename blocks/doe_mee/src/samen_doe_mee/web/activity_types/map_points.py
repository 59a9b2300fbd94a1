"""Points on the map: choose a place by tapping, by address or by neighbourhood; what others said on a map with a list beside it."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from citycontent.web.api import Atlas, atlas
from samen_core.api import Invalid, NotFound, PlaceValue, Text, UnitOfWork, _, load
from samen_core.web.api import BoundField, Received, current_uow, page_url, render_part
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed, visible_activity
from samen_doe_mee.services.map_places import located, points_of
from samen_doe_mee.services.talks import talk_of
from samen_doe_mee.web.activity_types.shape import Refused, TypePage
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.desk_links import links_of_talk
from samen_doe_mee.web.point_map import Frame, frame_of, names_in, shapes_in
from samen_doe_mee.web.talk_page import contribute_here, open_talk, receipt, receive_reaction, the_form, what_was_said
from samen_inbreng.api import ContributeSchema, contribution_path
from samen_inbreng.web.api import GiveForm, give_schema

POINT, PLACE, AREA = "punt", "place", "area_id"


@dataclass(frozen=True, slots=True)
class Pin:
    """A reaction on the map that one reads: where, and its address."""

    x: float
    y: float
    url: str
    words: Text
    exact: bool


def show_map(uow: UnitOfWork, placed: Placed, refused: Refused | None) -> dict[str, Any]:
    """The form with its map, the points of others, and the list beside it."""
    talk = talk_of(uow, placed.activity)
    book = atlas(uow)
    frame = frame_of(book, placed.plan.area_id)
    give = the_form(uow, placed, talk, refused)
    chosen = _chosen(refused.received.form) if refused else None
    found = points_of(uow, talk)
    pins = [_pin(book, talk.slug, point) for point in found] if talk is not None else []
    return {
        "give": give,
        "area_field": _area_field(give, book, placed.plan.area_id) if give else None,
        "names": [name for name in (item.name for item in give.main) if name not in (PLACE, AREA)] if give else [],
        "picture": _picture(placed, frame, chosen) if frame else None,
        "chosen": chosen,
        "pins": pins,
        "shapes": shapes_in(book, frame) if frame else [],
        "box": frame.box if frame else "",
        "pin_size": round(6 / frame.scale, 2) if frame else 1,
        "place_area": book.tree.get(placed.plan.area_id) if placed.plan.area_id else None,
        **what_was_said(uow, placed, talk),
    }


def send_point(uow: UnitOfWork, placed: Placed, received: Received) -> ResponseReturnValue | Refused:
    """Show the form again with the point that was tapped; or contribute at the place that was chosen."""
    form = received.form
    if f"{POINT}.x" in form:
        tapped = _tapped(uow, placed, form)
        if tapped is None:
            return Refused(received, {PLACE: [_("Tik op de kaart, of kies hieronder een adres of een buurt.")]})
        again = MultiDict(form)
        again.setlist(f"{PLACE}.lat", [str(tapped[0])])
        again.setlist(f"{PLACE}.lon", [str(tapped[1])])
        return Refused(replace(received, form=again), {"": []}, 200)
    errors: dict[str, list[Text]] = {}
    where = MultiDict(form)
    try:
        place, area_id = _asked(form)
        _put(where, located(uow, placed.activity, place, area_id))
    except Invalid as error:
        errors = dict(error.errors)
    if errors:
        try:
            received.parse(give_schema(uow, open_talk(uow, placed)))
        except Invalid as error:
            errors = {**error.errors, **errors}
        raise Invalid(errors)
    return receipt(uow, placed, contribute_here(uow, placed, replace(received, form=where)))


@pages.route(f"{paths.ACTIVITIES}/<slug>/kaart.svg", public=True, cache=False)
def activity_map(slug: str) -> ResponseReturnValue:
    """The picture to tap on: the neighbourhoods, what others pointed at, and what was chosen now."""
    uow = current_uow()
    placed = visible_activity(uow, slug)
    book = atlas(uow)
    frame = frame_of(book, placed.plan.area_id)
    if frame is None:
        raise NotFound
    shapes = shapes_in(book, frame)
    chosen = _chosen(request.args)
    picture = render_part(
        "doe_mee/point_map.svg",
        box=frame.box,
        width=frame.width,
        height=frame.height,
        shapes=shapes,
        named=names_in(frame, shapes),
        inside=set(book.tree.within(placed.plan.area_id)) if placed.plan.area_id else set(),
        points=[book.map.project(point.lat, point.lon) for point in points_of(uow, talk_of(uow, placed.activity))],
        chosen=book.map.project(*chosen) if chosen else None,
        unit=1 / frame.scale,
    )
    return Response(picture, mimetype="image/svg+xml")


def _area_field(give: GiveForm, book: Atlas, area_id: uuid.UUID | None) -> BoundField:
    """The neighbourhoods to choose from: those of the plan."""
    item = give.form[AREA]
    if area_id is None:
        return item
    inside = {str(id) for id in book.tree.within(area_id)}
    return replace(item, options=tuple(option for option in item.options if option.value in inside or not option.value))


def _picture(placed: Placed, frame: Frame, chosen: tuple[float, float] | None) -> tuple[str, int, int]:
    url = page_url(paths.activity(placed.activity.slug, "kaart.svg"))
    if chosen:
        url += f"?{PLACE}.lat={chosen[0]}&{PLACE}.lon={chosen[1]}"
    return url, frame.width, frame.height


def _pin(book: Atlas, slug: str, point: Any) -> Pin:
    x, y = book.map.project(point.lat, point.lon)
    words = _("Bijdrage {n}: {text}", n=point.number, text=point.text[:80])
    return Pin(x, y, page_url(contribution_path(slug, point.number)), words, point.exact)


def _tapped(uow: UnitOfWork, placed: Placed, form: MultiDict[str, str]) -> tuple[float, float] | None:
    x, y = form.get(f"{POINT}.x", type=int), form.get(f"{POINT}.y", type=int)
    book = atlas(uow)
    frame = frame_of(book, placed.plan.area_id)
    if frame is None or x is None or y is None or (x, y) == (0, 0):
        return None
    return frame.place(book.map, x, y)


def _chosen(values: Any) -> tuple[float, float] | None:
    lat, lon = values.get(f"{PLACE}.lat", type=float), values.get(f"{PLACE}.lon", type=float)
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon)) or abs(lat) > 90 or abs(lon) > 180:
        return None
    return lat, lon


def _asked(form: MultiDict[str, str]) -> tuple[PlaceValue | None, uuid.UUID | None]:
    """What was filled in of the place. Raises Invalid for what is no place."""
    names = {"text": PLACE, **{name: f"{PLACE}.{name}" for name in ("postcode", "house_number", "lat", "lon")}}
    place = {name: value for name, key in names.items() if (value := form.get(key, "").strip())}
    data: dict[str, Any] = {PLACE: place} if place else {}
    if area := form.get(AREA, "").strip():
        data[AREA] = area
    found = load(ContributeSchema(only=(PLACE, AREA)), data)
    return found.place, found.area_id


def _put(form: MultiDict[str, str], found: Any) -> None:
    """Put the place that was found in the form, without the address: who lives there need not be known."""
    values = {PLACE: found.place, f"{PLACE}.postcode": "", f"{PLACE}.house_number": "", AREA: str(found.area_id or "")}
    values |= {f"{PLACE}.lat": "" if found.lat is None else str(found.lat), f"{PLACE}.lon": "" if found.lon is None else str(found.lon)}
    for name, value in values.items():
        form.setlist(name, [value] if value else [])


PAGE = TypePage(
    code="map_points",
    template="doe_mee/activity_map_points.html",
    show=show_map,
    receive=receive_reaction,
    send=send_point,
    desk_links=links_of_talk,
)
