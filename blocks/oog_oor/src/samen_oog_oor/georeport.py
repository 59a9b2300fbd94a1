"""GeoReport v2 as it goes over the line: the two formats, moments, errors, and the parameters of a list (open311.md §2.1, §2.7)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from typing import Any
from xml.sax.saxutils import escape

from marshmallow import ValidationError, validate

from samen_core.api import CITY_TIME_ZONE, Invalid, Text, _, without_bad

MEDIA_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
WINDOW = timedelta(days=90)
MOST = 1_000
"""Requests in one answer; so many too for who does not know of pages, as the standard says."""
LAST_PAGE = 10_000
LONGEST_LINK = 500
_SECOND = timedelta(seconds=1)
_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
}
"""What one element of a list is called; JSON leaves it out."""
_PLAIN = {str, type(None)}
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(Z|z|[+ -]?\d\d:?\d\d)?)?")

Body = Mapping[str, Any] | list[dict[str, Any]]


def write(format: str, root: str, body: Body) -> str:
    """An answer in ``json`` or ``xml``; ``root`` is its outermost element, which JSON leaves out."""
    if format == "json":
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, body)}'


def _element(name: str, value: Any) -> str:
    # Lists of requests are mostly texts, nothings and numbers, so those are asked for first, by the cheapest question.
    kind = type(value)
    if kind is str:
        return f"<{name}>{_text(value)}</{name}>" if value else f"<{name}/>"
    if kind is float or kind is int:
        return f"<{name}>{value}</{name}>"
    if value is None or value in ("", [], {}):
        return f"<{name}/>"
    if kind is dict or isinstance(value, Mapping):
        inner = "".join([_element(child, inside) for child, inside in value.items()])
    elif kind is list:
        inner = "".join(_elements(_ITEMS.get(name, "value"), value))
    else:
        inner = str(value).lower() if kind is bool else _text(str(value))
    return f"<{name}>{inner}</{name}>"


def _text(value: str) -> str:
    return escape(value if value.isprintable() else without_bad(value))


def _elements(name: str, values: list[Any]) -> list[str]:
    """Elements of a list. Things that all hold the same are written by column: what many of them say is written once."""
    names = list(values[0]) if type(values[0]) is dict else []
    if not names or not all(type(value) is dict and list(value) == names for value in values):
        return [_element(name, value) for value in values]
    columns = [_column(child, inside) for child, inside in zip(names, zip(*map(dict.values, values), strict=True), strict=True)]
    return [f"<{name}>{inner}</{name}>" for inner in map("".join, zip(*columns, strict=True))]


def _column(name: str, values: tuple[Any, ...]) -> list[str]:
    if not {type(value) for value in values} <= _PLAIN:
        return [_element(name, value) for value in values]
    made = {value: _element(name, value) for value in set(values)}
    return [made[value] for value in values]


def write_moment(value: datetime | None) -> str | None:
    """A moment in UTC, in whole seconds."""
    if value is None:
        return None
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat()[:19] + "Z"


def write_stored(value: datetime | str) -> str:
    """A moment as the database gives it: SQLite the text that it keeps, which is in UTC."""
    if isinstance(value, str):
        return f"{value[:10]}T{value[11:19]}Z"
    return value.astimezone(UTC).isoformat()[:19] + "Z"


@lru_cache(maxsize=512)
def write_day_end(day: date) -> str:
    """The last second of a day of the city."""
    return datetime.combine(day, time(23, 59, 59), CITY_TIME_ZONE).isoformat()


def read_moment(text: str, field: str) -> datetime:
    """A moment as somebody sent it: with a zone, in city time without one, or a whole day. Raises Invalid by ``field``."""
    wrong = Invalid({field: [_("{field} is geen tijdstip. Schrijf bijvoorbeeld 2026-05-01T00:00:00Z.", field=field)]})
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise wrong
    day, clock, zone = found.groups()
    zone = "" if zone is None else "+00:00" if zone in "Zz" else f"+{zone.strip().lstrip('+')}" if zone[0] != "-" else zone
    try:
        # Nanoseconds are more than a moment here can hold.
        moment = datetime.fromisoformat(f"{day}T{(clock or '00:00')[:15]}{zone}")
        return (moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise wrong from None


def read_number(text: str, field: str, low: float, high: float) -> float:
    """A number between two bounds. Raises Invalid by ``field``."""
    try:
        value = float(text.strip())
    except ValueError:
        value = float("nan")
    if not isfinite(value) or not low <= value <= high:
        raise Invalid(
            {field: [_("{field} moet een getal zijn van {low} tot en met {high}.", field=field, low=f"{low:g}", high=f"{high:g}")]}
        )
    return value


def read_link(text: str, field: str) -> str:
    """The address of something on the web. Raises Invalid by ``field``."""
    if len(text) > LONGEST_LINK:
        raise Invalid({field: [_("Schrijf hoogstens {max} tekens.", max=LONGEST_LINK)]})
    try:
        validate.URL(schemes={"http", "https"})(text)
    except ValidationError:
        raise Invalid({field: [_("Dit is geen webadres.")]}) from None
    return text


def error_body(errors: Iterable[tuple[int, Text | str]]) -> list[dict[str, Any]]:
    """What went wrong, one by one."""
    return [{"code": code, "description": str(said)} for code, said in errors]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which requests somebody asks for. ``until`` and ``updated_until`` are the first moments that count no more.

    ``box`` is west, south, east, north; ``around`` latitude, longitude and metres. ``statuses`` None is both.
    """

    numbers: tuple[str, ...] = ()
    codes: tuple[str, ...] | None = None
    statuses: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    box: tuple[float, float, float, float] | None = None
    around: tuple[float, float, float] | None = None
    page: int = 1
    page_size: int = MOST
    extensions: bool = False


def read_asked(query: Mapping[str, str], now: datetime) -> Asked:
    """The parameters of a list. Unknown ones count for nothing, empty ones neither. Raises Invalid with all that is wrong."""
    given = {name: value for name, value in query.items() if value.strip()}
    errors: dict[str, list[Text]] = {}
    found: dict[str, Any] = {}

    def take(read: Any) -> None:
        try:
            found.update(read())
        except Invalid as error:
            errors.update(error.errors)

    if "service_request_id" in given:
        found["numbers"] = tuple(_split(given["service_request_id"]))[:MOST]
    else:
        take(lambda: _statuses(given))
        take(lambda: _window(given, now))
        take(lambda: _updated(given))
        take(lambda: _where(given))
        if "service_code" in given:
            found["codes"] = tuple(_split(given["service_code"]))
    take(lambda: {"page": _whole(given, "page", 1, LAST_PAGE)})
    take(lambda: {"page_size": _whole(given, "page_size", MOST, MOST)})
    if errors:
        raise Invalid(errors)
    return Asked(**found, extensions=given.get("extensions", "").strip().lower() in ("true", "1", "yes"))


def _split(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())


def _statuses(given: Mapping[str, str]) -> dict[str, Any]:
    if "status" not in given:
        return {}
    asked = frozenset(part.lower() for part in _split(given["status"]))
    if not asked <= {"open", "closed"}:
        raise Invalid({"status": [_("status moet open of closed zijn.")]})
    return {"statuses": asked}


def _window(given: Mapping[str, str], now: datetime) -> dict[str, datetime]:
    """The period in which requests were made: the last 90 days, or 90 days from or to the one moment that was given."""
    start = read_moment(given["start_date"], "start_date") if "start_date" in given else None
    end = _after(read_moment(given["end_date"], "end_date")) if "end_date" in given else None
    if start is None and end is None:
        # Who asks what changed wants it of old requests too.
        return {} if "updated_after" in given or "updated_before" in given else {"since": now - WINDOW}
    try:
        start = start or (end - WINDOW if end else now - WINDOW)
        end = end or start + WINDOW
    except OverflowError:
        raise Invalid({"start_date": [_("Deze periode ligt te ver weg.")]}) from None
    if end < start:
        raise Invalid({"end_date": [_("end_date ligt voor start_date.")]})
    if end - start > WINDOW + _SECOND:
        raise Invalid({"end_date": [_("Vraag hoogstens 90 dagen tegelijk op.")]})
    return {"since": start, "until": end}


def _after(moment: datetime) -> datetime:
    """The first moment after one that is included: answers are in whole seconds, so what was seen there is found again."""
    try:
        return moment + (_SECOND if not moment.microsecond else timedelta(microseconds=1))
    except OverflowError:
        return moment


def _updated(given: Mapping[str, str]) -> dict[str, datetime]:
    found = {}
    if "updated_after" in given:
        found["updated_since"] = read_moment(given["updated_after"], "updated_after")
    if "updated_before" in given:
        found["updated_until"] = _after(read_moment(given["updated_before"], "updated_before"))
    return found


def _where(given: Mapping[str, str]) -> dict[str, Any]:
    if "bbox" in given:
        parts = list(_split(given["bbox"]))
        if len(parts) != 4:
            raise Invalid({"bbox": [_("bbox moet vier getallen zijn: west, zuid, oost, noord.")]})
        west, east = (read_number(parts[at], "bbox", -180, 180) for at in (0, 2))
        south, north = (read_number(parts[at], "bbox", -90, 90) for at in (1, 3))
        return {"box": (west, south, east, north)}
    if "radius" in given and "lat" in given and "long" in given:
        around = (read_number(given["lat"], "lat", -90, 90), read_number(given["long"], "long", -180, 180))
        return {"around": (*around, read_number(given["radius"], "radius", 0, 100_000))}
    return {}


def _whole(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or not 1 <= int(text) <= most:
        raise Invalid({name: [_("{field} moet een heel getal zijn van {low} tot en met {high}.", field=name, low=1, high=most)]})
    return int(text)
