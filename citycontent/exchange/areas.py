"""Reading areas from GeoJSON with CBS codes: any municipality's, as CBS, PDOK or this project names the properties."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from citycontent.services.areas import AreaValue, store_areas
from samen_core.api import Invalid, Text, UnitOfWork, _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MOST_ERRORS = 20
CONVERT = "ogr2ogr -t_srs EPSG:4326 nieuw.geojson oud.geojson"
_CODES = {"gemeente": re.compile(r"GM\d{4}"), "wijk": re.compile(r"WK\d{4}[0-9A-Z]{2}"), "buurt": re.compile(r"BU\d{4}[0-9A-Z]{4}")}
_NAMES = {
    "code": {
        "buurt": ("buurtcode", "bucode", "bu_code"),
        "wijk": ("wijkcode", "wkcode", "wk_code"),
        "gemeente": ("gemeentecode", "gmcode", "gm_code"),
    },
    "name": {
        "buurt": ("buurtnaam", "bunaam", "bu_naam"),
        "wijk": ("wijknaam", "wknaam", "wk_naam"),
        "gemeente": ("gemeentenaam", "gmnaam", "gm_naam"),
    },
}
_ANY_CODE, _ANY_NAME = ("statcode", "code", "identificatie"), ("statnaam", "naam", "name")
_YEAR = ("jaar", "year", "jrstatcode")
_METRES_PER_DEGREE = 111_320


class _Wrong(Exception):
    """What is wrong with one feature."""

    def __init__(self, problem: Text) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class _Found:
    """A feature that could be read."""

    code: str
    name: str
    classification: str
    parts: dict[str, str]
    """The codes of the areas around it and its own, by kind."""
    names: dict[str, str]
    geometry: BaseGeometry
    hectares: float | None
    year: int | None


def import_areas(uow: UnitOfWork, path: Path, *, year: int | None = None, municipality: str = "") -> int:
    """Store the areas in a GeoJSON file (RFC 7946, WGS84); the number of areas.

    ``year`` is that of the division; without it the file must tell (``jaar``, or ``jrstatcode``). With ``municipality`` (``GM0637``) only
    its areas count, so a national file will do. Wijken or a municipality that are neither in the file nor stored yet are made from the
    buurten in them. Raises Invalid with what is wrong, feature by feature.
    """
    found = list(_read(path, municipality))
    if not found:
        raise Invalid(_("In {file} staat geen gebied van {municipality}.", file=path.name, municipality=municipality or "een gemeente"))
    year = year or _year_of(found, path)
    return store_areas(uow, year, _with_parents(uow, found, year))


def _read(path: Path, municipality: str) -> Iterator[_Found]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Invalid(_("{file} is niet te lezen als GeoJSON: {problem}", file=path.name, problem=str(error))) from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise Invalid(_("{file} is geen GeoJSON FeatureCollection.", file=path.name))
    errors: list[Text] = []
    for number, feature in enumerate(features, 1):
        try:
            area = _feature(feature)
        except _Wrong as error:
            errors.append(_("{file}, gebied {number}: {problem}", file=path.name, number=number, problem=error.problem))
            continue
        if not municipality or area.code[2:6] == municipality[2:6]:
            yield area
    if errors:
        raise Invalid({"": errors[:MOST_ERRORS]})


def _feature(feature: Any) -> _Found:
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        raise _Wrong(_("er zijn geen eigenschappen"))
    properties = {str(name).lower(): value for name, value in feature["properties"].items()}
    kind, code = _kind_and_code(properties, feature.get("id"))
    name = str(_first(properties, (*_NAMES["name"][kind], *_ANY_NAME)) or "").strip()
    if not name:
        raise _Wrong(_("{code} heeft geen naam", code=code))
    parts = {level: str(value) for level, names in _NAMES["code"].items() if (value := _first(properties, names))}
    hectares = _first(properties, ("oppervlakteha", "oppervlakte_totaal_in_ha", "opp_tot"))
    return _Found(
        code=code,
        name=name[:200],
        classification=kind,
        parts=parts,
        names={level: str(value).strip()[:200] for level, names in _NAMES["name"].items() if (value := _first(properties, names))},
        geometry=_geometry(code, feature.get("geometry")),
        hectares=float(hectares) if isinstance(hectares, int | float) and hectares >= 0 else None,
        year=_year(properties),
    )


def _kind_and_code(properties: Mapping[str, Any], id: Any) -> tuple[str, str]:
    # A buurt also names its wijk and municipality, so its own code is looked for first.
    of_kind = {kind: _first(properties, names) for kind, names in _NAMES["code"].items()}
    candidates = (of_kind["buurt"], _first(properties, _ANY_CODE), of_kind["wijk"], of_kind["gemeente"], id)
    for candidate in candidates:
        code = str(candidate or "").strip().upper()
        for kind, pattern in _CODES.items():
            if pattern.fullmatch(code):
                return kind, code
    raise _Wrong(_("er is geen CBS-code (GM, WK of BU met cijfers)"))


def _geometry(code: str, value: Any) -> BaseGeometry:
    from shapely import GEOSException
    from shapely.geometry import shape
    from shapely.validation import make_valid

    if not isinstance(value, dict) or value.get("type") not in ("Polygon", "MultiPolygon"):
        raise _Wrong(_("{code} heeft geen vlak (Polygon of MultiPolygon)", code=code))
    try:
        geometry = shape(value)
        geometry = geometry if geometry.is_valid else make_valid(geometry)
    except (GEOSException, ValueError, TypeError, KeyError, IndexError):
        raise _Wrong(_("{code} heeft grenzen die niet te lezen zijn", code=code)) from None
    if geometry.is_empty:
        raise _Wrong(_("{code} heeft lege grenzen", code=code))
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _Wrong(_("{code} staat niet in graden (WGS84); zet het bestand om met {command}", code=code, command=CONVERT))
    return geometry


def _with_parents(uow: UnitOfWork, found: list[_Found], year: int) -> list[AreaValue]:
    from citycontent.queries.areas import area_tree

    tree = area_tree(uow)
    given = {area.code: area for area in found}
    for level, below in (("wijk", ("buurt",)), ("gemeente", ("wijk", "buurt"))):
        for code, children in _missing(given.values(), level, below).items():
            if tree.find(code, year) is None:
                given[code] = _made_from(code, level, children)
    return [_value(area) for area in given.values()]


def _missing(areas: Iterable[_Found], level: str, below: tuple[str, ...]) -> dict[str, list[_Found]]:
    """The areas of a level that others name but that are not there, each with the largest areas in it."""
    listed = list(areas)
    present = {area.code for area in listed}
    missing: dict[str, list[_Found]] = {}
    for kind in below:
        for area in listed:
            code = _above(area, level)
            if (
                area.classification == kind
                and code not in present
                and not any(child.classification != kind for child in missing.get(code, ()))
            ):
                missing.setdefault(code, []).append(area)
    return missing


def _above(area: _Found, level: str) -> str:
    """The code of the wijk or municipality around an area: as the file says, else by the digits that CBS builds codes from."""
    found = area.parts.get(level, "").upper()
    if _CODES[level].fullmatch(found):
        return found
    return f"GM{area.code[2:6]}" if level == "gemeente" else f"WK{area.code[2:8]}"


def _made_from(code: str, level: str, children: list[_Found]) -> _Found:
    from shapely import union_all

    hectares = [child.hectares for child in children]
    known = [value for value in hectares if value is not None]
    return _Found(
        code=code,
        name=children[0].names.get(level, code),
        classification=level,
        parts={"gemeente": _above(children[0], "gemeente")},
        names=children[0].names,
        geometry=union_all([child.geometry for child in children]),
        hectares=round(sum(known), 1) if len(known) == len(hectares) else None,
        year=children[0].year,
    )


def _value(area: _Found) -> AreaValue:
    from shapely import set_precision
    from shapely.geometry import mapping

    point = area.geometry.representative_point()
    parent = {"buurt": _above(area, "wijk"), "wijk": _above(area, "gemeente"), "gemeente": None}[area.classification]
    return AreaValue(
        code=area.code,
        name=area.name,
        classification=area.classification,
        parent_code=parent,
        geometry=json.loads(json.dumps(mapping(set_precision(area.geometry, 1e-6)))),
        lat=round(point.y, 6),
        lon=round(point.x, 6),
        hectares=area.hectares if area.hectares is not None else _hectares(area.geometry),
    )


def _hectares(geometry: BaseGeometry) -> float:
    """The area of a shape in degrees, by the length of a degree at its latitude: right within 1 % for a city."""
    import math

    square_metres = geometry.area * _METRES_PER_DEGREE**2 * math.cos(math.radians(geometry.centroid.y))
    return round(square_metres / 10_000, 1)


def _year_of(found: list[_Found], path: Path) -> int:
    years = {area.year for area in found if area.year}
    if len(years) != 1:
        raise Invalid(_("{file} zegt niet van welk jaar de indeling is. Geef het jaar op.", file=path.name))
    return years.pop()


def _year(properties: Mapping[str, Any]) -> int | None:
    found = re.match(r"(19|20)\d{2}", str(_first(properties, _YEAR) or ""))
    return int(found[0]) if found else None


def _first(properties: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((properties[name] for name in names if properties.get(name) not in (None, "")), None)
