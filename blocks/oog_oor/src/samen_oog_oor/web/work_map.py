"""The map of cases for staff: the areas as the city draws them, with cases that lie close together as one circle; a table beside it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask.typing import ResponseReturnValue

from citycontent.api import AreaMap, Shape
from citycontent.web.api import filters_part, in_words
from samen_core.api import Count, PageRequest, Text, _, n_
from samen_core.web.api import crumbs, current_uow, page_url, render
from samen_oog_oor import paths
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.work import AnyRow, Box, count_cases, list_cases, placed_cases
from samen_oog_oor.web.common import DESK, LABEL, pages
from samen_oog_oor.web.work_filters import Chosen, box_text, chosen
from samen_oog_oor.web.work_list import WORK_MAP, case_view, frame
from samen_oog_oor.working_days import today

MOST = 2_000
"""How many cases a map shows: the newest."""
CELLS = 16
"""Into how many cells the width of a map is divided; the cases in one cell are one circle."""
BESIDE = 25
NARROWEST = 0.0015
"""The least number of degrees that a part of the map is wide: about a hundred metres."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A circle on the map: one case, or several that lie close together. ``x``, ``y`` and ``size`` are in the map's coordinates."""

    x: float
    y: float
    size: float
    number: int
    label: Text | str
    url: str


@pages.route(WORK_MAP, permission=HANDLE)
def work_map() -> ResponseReturnValue:
    """Where the cases are."""
    uow = current_uow()
    asked = chosen(uow, WORK_MAP)
    rows = placed_cases(uow, asked.filter, MOST)
    beside = list_cases(uow, asked.filter, PageRequest(limit=BESIDE), with_count=False)
    number = count_cases(uow, asked.filter)
    drawn = asked.book.map
    view_box = _view_box(drawn, asked)
    shapes = [shape for shape in drawn.of("buurt") if drawn.in_view(shape, view_box)]
    day = today(uow)
    to_list = urlencode({name: value for name, value in asked.where.values.items() if name != "cursor"})
    return render(
        "oog_oor/work_map.html",
        **frame(uow, asked, WORK_MAP),
        filters=filters_part(asked.where, asked.fields, len(asked.chips), ("vak",)),
        count=in_words(number, _("zaak"), _("zaken")),
        unplaced=_unplaced(number, rows),
        shapes=shapes,
        labels=_labels(shapes),
        box=view_box,
        label_size=round(float(view_box.split()[2]) / 45, 1),
        spots=spots(drawn, asked, rows, view_box),
        rows=[case_view(row, asked, day) for row in beside.items],
        more_url=page_url(paths.DESK) + (f"?{to_list}" if to_list else "") if beside.next else None,
        whole_url=asked.where.url(vak=None) if asked.filter.box else None,
        dense=True,
        breadcrumbs=crumbs((LABEL, paths.HOME), (DESK, paths.DESK), (_("Kaart"), None)),
    )


def spots(drawn: AreaMap, asked: Chosen, rows: Sequence[AnyRow], view_box: str) -> list[Spot]:
    """The circles: cases in one cell of a grid over the view are one, which leads to that part of the map."""
    left, top, width, height = map(float, view_box.split())
    side = width / CELLS
    cells: dict[tuple[int, int], list[tuple[AnyRow, float, float]]] = defaultdict(list)
    for row in rows:
        x, y = drawn.project(row.lat, row.lon)
        if not (left <= x <= left + width and top <= y <= top + height):
            # Out of sight it would still get the focus of a keyboard; it stands in the table.
            continue
        cells[math.floor((x - left) / side), math.floor((y - top) / side)].append((row, x, y))
    found = []
    for inside in cells.values():
        x = round(sum(at for _row, at, _y in inside) / len(inside), 1)
        y = round(sum(at for _row, _x, at in inside) / len(inside), 1)
        size = round(side * min(0.48, 0.2 + 0.07 * math.log2(len(inside))), 1)
        if len(inside) == 1:
            row = inside[0][0]
            found.append(Spot(x, y, size, 1, f"{row.number}: {row.title}", page_url(paths.work(row.number))))
        else:
            found.append(Spot(x, y, size, len(inside), _several(asked, inside), _closer(asked, [item[0] for item in inside])))
    # The small ones are drawn last, so that a large one never hides them.
    return sorted(found, key=lambda spot: -spot.number)


def _several(asked: Chosen, inside: Sequence[tuple[AnyRow, float, float]]) -> Text:
    (id, _number), *_others = Counter(item[0].area_id for item in inside).most_common(1)
    area = asked.book.tree.get(id)
    number = len(inside)
    if area is None:
        return n_("{n} zaak dicht bij elkaar", "{n} zaken dicht bij elkaar", number)
    return n_("{n} zaak in {area}", "{n} zaken in {area}", number, area=area.name)


def _closer(asked: Chosen, rows: Sequence[AnyRow]) -> str:
    """The address of the part of the map around these cases; of the list when they cannot be told apart on a map."""
    south, north = min(row.lat for row in rows), max(row.lat for row in rows)
    west, east = min(row.lon for row in rows), max(row.lon for row in rows)
    margin = max(NARROWEST / 2, 0.15 * max(north - south, east - west))
    box: Box = (south - margin, west - margin, north + margin, east + margin)
    if max(north - south, east - west) < NARROWEST / CELLS or (asked.filter.box and _as_small(box, asked.filter.box)):
        values = {**asked.where.values, "vak": box_text((south - 1e-5, west - 1e-5, north + 1e-5, east + 1e-5))}
        return page_url(paths.DESK) + "?" + urlencode(values)
    return asked.where.url(vak=box_text(box))


def _as_small(box: Box, shown: Box) -> bool:
    return box[2] - box[0] >= 0.9 * (shown[2] - shown[0]) and box[3] - box[1] >= 0.9 * (shown[3] - shown[1])


def _view_box(drawn: AreaMap, asked: Chosen) -> str:
    """What part is shown: the asked one, the chosen area, or the city."""
    if asked.filter.box is not None:
        south, west, north, east = asked.filter.box
        left, top = drawn.project(north, west)
        right, bottom = drawn.project(south, east)
        side = max(right - left, bottom - top, 1)
        return f"{(left + right - side) / 2:g} {(top + bottom - side) / 2:g} {side:g} {side:g}"
    if asked.filter.area_ids is not None:
        return drawn.box(asked.filter.area_ids, margin=20)
    return drawn.view_box


def _labels(shapes: Sequence[Shape]) -> Sequence[Shape]:
    """Names are readable on a map of some neighbourhoods; on one of the whole city they would lie over each other."""
    return shapes if len(shapes) <= 14 else ()


def _unplaced(number: Count, rows: Sequence[AnyRow]) -> Text | None:
    if len(rows) == MOST:
        return _("De kaart toont de nieuwste {n} zaken met een plek.", n=MOST)
    without = number.number - len(rows)
    if number.more or without <= 0:
        return None
    return n_("Van {n} zaak is de plek niet bekend.", "Van {n} zaken is de plek niet bekend.", without)
