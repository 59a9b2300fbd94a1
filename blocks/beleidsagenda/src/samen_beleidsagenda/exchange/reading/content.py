"""JSON of others: bounded in size, depth and number, read by type, never trusted."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, NoReturn

from samen_core.api import CITY_TIME_ZONE, Invalid, _, without_bad

MAX_BYTES = 50_000_000
"""Of a file after unpacking."""
MAX_DEPTH = 60
MAX_THINGS = 20_000
LONGEST_TEXT = 20_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

Object = Mapping[str, Any]


def load_json(content: bytes) -> Any:
    """The JSON in a file, which may be packed with gzip. Raises Invalid for what is too large, too deep or no JSON."""
    if content[:2] == b"\x1f\x8b":
        content = _unpacked(content)
    if len(content) > MAX_BYTES:
        _refuse_size()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({"file": [_("Dit bestand is geen JSON in UTF-8. Vraag de leverancier om een export in JSON.")]}) from None
    _check_depth(text)
    try:
        return json.loads(text, parse_constant=_no_constant, parse_int=_integer)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise Invalid({"file": [_("Dit bestand is geen geldige JSON (het gaat mis bij regel {line}).", line=line)]}) from None


def _unpacked(content: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        found = unpacker.decompress(content, MAX_BYTES + 1)
    except zlib.error:
        raise Invalid({"file": [_("Dit bestand is beschadigd: het kan niet worden uitgepakt.")]}) from None
    if len(found) > MAX_BYTES:
        _refuse_size()
    if not unpacker.eof:
        raise Invalid({"file": [_("Dit bestand is beschadigd: het kan niet worden uitgepakt.")]})
    return found


def _refuse_size() -> NoReturn:
    raise Invalid({"file": [_("Dit bestand is te groot: uitgepakt mag het hoogstens {n} MB zijn.", n=MAX_BYTES // 1_000_000)]})


def _check_depth(text: str) -> None:
    """Raise Invalid where brackets nest deeper than any honest file, before a parser has to follow them."""
    depth, inside, escaped = 0, False, False
    for character in text:
        if inside:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                inside = False
        elif character == '"':
            inside = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Invalid({"file": [_("Dit bestand is te diep genest om te lezen.")]})
        elif character in "]}":
            depth -= 1


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _integer(text: str) -> int:
    if len(text) > 30:
        raise ValueError(text[:30])
    return int(text)


def objects(value: Any) -> Iterator[Object]:
    """The objects in a list; a single object is a list of one, anything else none."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def one(value: Any) -> Object:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def line(value: Any, longest: int = 200) -> str:
    """A value as one line of text: numbers in digits, nothing for what is no text or number."""
    text = " ".join(prose(value).split())
    return text if len(text) <= longest else text[: longest - 2].rpartition(" ")[0] + " …" if " " in text else text[:longest]


def prose(value: Any) -> str:
    """A value as text of more lines."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return without_bad(str(value)).replace("\r\n", "\n").strip()[:LONGEST_TEXT]


def truth(value: Any) -> bool:
    """Whether a value says yes: true, 1 or a word for it."""
    if isinstance(value, str):
        return value.strip().lower() in ("1", "true", "ja", "yes", "waar")
    return value is True or (isinstance(value, int) and value == 1)


def whole(value: Any) -> int | None:
    """A whole number, also when it stands in quotes; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) < 2**53 else None
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal() and len(value.strip()) < 16:
        return int(value)
    return None


def address(value: Any) -> str:
    """A web address; empty for anything that is none."""
    text = line(value, 2000)
    return text if text.lower().startswith(("https://", "http://")) else ""


def moment(value: Any) -> datetime | None:
    """A moment in ISO 8601, or with a blank for the T. Without a zone it is the time of the city."""
    text = line(value, 40)
    if len(text) < 16:
        return None
    try:
        found = datetime.fromisoformat(text)
        local = found.astimezone(CITY_TIME_ZONE) if found.tzinfo else found.replace(tzinfo=CITY_TIME_ZONE)
    except (ValueError, OverflowError):
        return None
    return local if _FIRST_YEAR <= local.year <= _LAST_YEAR else None


def day(value: Any) -> date | None:
    """A day, also of a moment."""
    text = line(value, 40)
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def last_part(value: Any) -> str:
    """The identification in a reference: the last part of its address, of an object its ``id`` or else its address."""
    if isinstance(value, dict):
        return last_part(value.get("id") or value.get("pid") or value.get("url") or value.get("self"))
    return line(value, 500).rstrip("/").rpartition("/")[2]


def require_few(number: int) -> None:
    """Raise Invalid for more things than one import takes."""
    if number > MAX_THINGS:
        message = _("In dit bestand staat te veel: hoogstens {n} dingen per keer. Splits het bestand.", n=MAX_THINGS)
        raise Invalid({"file": [message]})


def shape_error(what: Any) -> Invalid:
    """What is raised for JSON that is something else than it was said to be."""
    return Invalid({"file": [_("In dit bestand vinden wij geen {what}. Is dit het goede bestand voor deze lijst?", what=what)]})
