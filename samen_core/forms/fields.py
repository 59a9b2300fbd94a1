"""Fields that marshmallow lacks: a moment in the city's time, a place, an uploaded file."""

# ruff: noqa: ARG002 the signatures are marshmallow's

from __future__ import annotations

import datetime as dt
import math
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError, fields

from samen_core.i18n import CITY_TIME_ZONE, Text, _

_NO_PLACE: Text = _("Beschrijf de plek of wijs een punt aan.")
_NO_FILE: Text = _("Kies een bestand.")
_POSTCODE = re.compile(r"[1-9][0-9]{3}[A-Z]{2}")
_HOUSE_NUMBER = re.compile(r"[1-9][0-9]{0,4}[ -]?[0-9A-Za-z -]{0,6}")


class Moment(fields.Field[dt.datetime]):
    """A moment: ISO 8601; without offset it is the city's clock time. Loads to a datetime in UTC, dumps with offset.

    A clock time that the change to summer time skips is moved an hour ahead; one that occurs twice is the first (RFC 5545 §3.3.5).
    """

    openapi: ClassVar[dict[str, Any]] = {"type": "string", "format": "date-time"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> dt.datetime:
        try:
            moment = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(value)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=CITY_TIME_ZONE)
            return moment.astimezone(dt.UTC)
        except (TypeError, ValueError, OverflowError):
            raise ValidationError([_("Vul een datum en een tijd in, bijvoorbeeld 31-12-2026 19:30.")]) from None

    def _serialize(self, value: dt.datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.astimezone(CITY_TIME_ZONE).isoformat()


class WholeNumber(fields.Integer):
    """An integer, as a number or as typed; refuses 3.7 instead of cutting it off."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and not value.is_integer():
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


@dataclass(frozen=True, slots=True)
class PlaceValue:
    """Where something is: words, a Dutch address by postcode (``2712AB``) and house number (``12a``), a point in degrees (WGS 84)."""

    text: str = ""
    lat: float | None = None
    lon: float | None = None
    postcode: str = ""
    house_number: str = ""


class Place(fields.Field[PlaceValue]):
    """A place: ``{"text": …, "postcode": …, "house_number": …, "lat": …, "lon": …}``, each optional. Loads to a :class:`PlaceValue`.

    Core knows no addresses: whether one exists and in which area it lies is for the block that asks.
    """

    MAX_TEXT = 200
    openapi: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "maxLength": MAX_TEXT},
            "postcode": {"type": "string", "example": "2712 AB"},
            "house_number": {"type": "string", "example": "12a"},
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
        },
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> PlaceValue:
        if isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, Mapping) or not isinstance(value.get("text", ""), str | None):
            raise ValidationError([_NO_PLACE])
        text, wrong = (value.get("text") or "").strip(), list[Text]()
        if len(text) > self.MAX_TEXT:
            wrong.append(_("Beschrijf de plek in hoogstens {max} tekens.", max=self.MAX_TEXT))
        postcode, house_number = _address(value.get("postcode"), value.get("house_number"), wrong)
        lat, lon = _point(value.get("lat"), value.get("lon"), wrong)
        if wrong:
            raise ValidationError(list(wrong))
        if self.required and not text and not postcode and lat is None:
            raise ValidationError([_NO_PLACE])
        return PlaceValue(text, lat, lon, postcode, house_number)

    def _serialize(self, value: PlaceValue | None, attr: str | None, obj: Any, **kwargs: Any) -> dict[str, Any] | None:
        return None if value is None else asdict(value)


def _address(postcode: Any, house_number: Any, wrong: list[Text]) -> tuple[str, str]:
    """A postcode and house number as they are kept, both empty without address; what is wrong is added."""
    postcode, house_number = ("" if value is None else value for value in (postcode, house_number))
    if isinstance(house_number, int) and not isinstance(house_number, bool):
        house_number = str(house_number)
    if postcode == "" and house_number == "":
        return "", ""
    code = "".join(postcode.split()).upper() if isinstance(postcode, str) else ""
    if not _POSTCODE.fullmatch(code):
        wrong.append(_("Vul een postcode in van vier cijfers en twee letters, bijvoorbeeld 2712 AB."))
    number = house_number.strip() if isinstance(house_number, str) else ""
    if not _HOUSE_NUMBER.fullmatch(number):
        wrong.append(_("Vul een huisnummer in, bijvoorbeeld 12."))
    return code, number


def _point(lat: Any, lon: Any, wrong: list[Text]) -> tuple[float | None, float | None]:
    """Degrees as numbers, both None without point; what is wrong is added."""
    found = _degrees(lat, 90), _degrees(lon, 180)
    if any(number is not None and math.isnan(number) for number in found):
        wrong.append(_("Dit punt ligt niet op de kaart."))
    elif (found[0] is None) != (found[1] is None):
        wrong.append(_("Geef van de plek de breedte én de lengte, of geen van beide."))
    return found


def _degrees(value: Any, limit: int) -> float | None:
    """The number; None for nothing, not a number for what is no degree on the map."""
    if value in (None, ""):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return math.nan
    return math.nan if isinstance(value, bool) or not abs(number) <= limit else number


@dataclass(frozen=True, slots=True)
class FileValue:
    """A stored file as an answer: its id, and what is to be seen on a picture. ``alt`` None leaves the description as it is."""

    id: uuid.UUID
    alt: str | None = None


class FileReference(fields.Field["FileValue | list[FileValue] | None"]):
    """A file that was stored before: its id, or ``{"id": …, "alt": …}``. Loads to a :class:`FileValue`, with ``maximum`` to a list.

    An HTML form sends the file itself: :func:`samen_core.web.uploads.receive_files` stores it and puts its id in the form. Whether the
    file is there and the sender's own is for :func:`samen_core.files.attach_files`. ``pictures`` refuses everything but pictures.
    """

    MAX_ALT = 300
    MOST = 5
    """The largest ``maximum``: a form with more and larger files would not fit in a request."""

    def __init__(self, *, maximum: int | None = None, pictures: bool = False, **kwargs: Any) -> None:
        if maximum is not None and not 1 <= maximum <= self.MOST:
            raise ValueError(f"maximum must be 1 to {self.MOST}")
        super().__init__(**kwargs)
        self.maximum = maximum
        self.pictures = pictures
        properties = {"id": {"type": "string", "format": "uuid"}, "alt": {"type": "string", "maxLength": self.MAX_ALT, "nullable": True}}
        one = {"type": "object", "properties": properties, "required": ["id"]}
        self.openapi = one if maximum is None else {"type": "array", "items": one, "maxItems": maximum}

    def slots(self, name: str) -> list[str]:
        """The names of the file inputs in an HTML form: ``photo``, ``photo.2``. Beside each ``….alt`` and ``….remove``."""
        return [name, *(f"{name}.{number}" for number in range(2, (self.maximum or 1) + 1))]

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> FileValue | list[FileValue] | None:
        if self.maximum is None:
            return self._one(value)
        if not isinstance(value, list):
            raise ValidationError([_NO_FILE])
        if len(value) > self.maximum:
            raise ValidationError([_("Kies hoogstens {max} bestanden.", max=self.maximum)])
        found = [self._one(item) for item in value]
        if self.required and not found:
            raise ValidationError([_NO_FILE])
        if len({item.id for item in found}) != len(found):
            raise ValidationError([_("Kies elk bestand hoogstens één keer.")])
        return found

    def _one(self, value: Any) -> FileValue:
        given = value if isinstance(value, Mapping) else {"id": value}
        alt = given.get("alt")
        if alt is not None and not isinstance(alt, str):
            raise ValidationError([_NO_FILE])
        if alt is not None and len(alt) > self.MAX_ALT:
            raise ValidationError([_("Beschrijf de foto in hoogstens {max} tekens.", max=self.MAX_ALT)])
        try:
            return FileValue(uuid.UUID(given.get("id")), alt)
        except (AttributeError, TypeError, ValueError):
            raise ValidationError([_NO_FILE]) from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._serialize(item, attr, obj) for item in value]
        return {"id": str(value.id), "alt": value.alt} if isinstance(value, FileValue) else None
