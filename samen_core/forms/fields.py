"""Fields that marshmallow lacks: a moment in the city's time, a place, an uploaded file."""

# ruff: noqa: ARG002 the signatures are marshmallow's

from __future__ import annotations

import datetime as dt
import math
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any, ClassVar, Protocol, runtime_checkable

from marshmallow import ValidationError, fields

from samen_core.i18n import CITY_TIME_ZONE, _


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
    """Where something is: a description or address in words, and a point in degrees (WGS 84) when known."""

    text: str = ""
    lat: float | None = None
    lon: float | None = None


class Place(fields.Field[PlaceValue]):
    """A place: ``{"text": …, "lat": …, "lon": …}``; a point, words or both. Loads to a :class:`PlaceValue`."""

    MAX_TEXT = 200
    openapi: ClassVar[dict[str, Any]] = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "maxLength": MAX_TEXT},
            "lat": {"type": "number", "minimum": -90, "maximum": 90},
            "lon": {"type": "number", "minimum": -180, "maximum": 180},
        },
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> PlaceValue:
        if isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, Mapping) or not isinstance(value.get("text", ""), str | None):
            raise ValidationError([_("Beschrijf de plek of wijs een punt aan.")])
        text = (value.get("text") or "").strip()
        if len(text) > self.MAX_TEXT:
            raise ValidationError([_("Beschrijf de plek in hoogstens {max} tekens.", max=self.MAX_TEXT)])
        lat, lon = _degrees(value.get("lat"), 90), _degrees(value.get("lon"), 180)
        if (lat is None) != (lon is None):
            raise ValidationError([_("Geef van de plek de breedte én de lengte, of geen van beide.")])
        if self.required and not text and lat is None:
            raise ValidationError([_("Beschrijf de plek of wijs een punt aan.")])
        return PlaceValue(text, lat, lon)

    def _serialize(self, value: PlaceValue | None, attr: str | None, obj: Any, **kwargs: Any) -> dict[str, Any] | None:
        return None if value is None else asdict(value)


def _degrees(value: Any, limit: int) -> float | None:
    if value in (None, ""):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(value, bool) or not abs(number) <= limit:
        raise ValidationError([_("Dit punt ligt niet op de kaart.")])
    return number


@runtime_checkable
class Upload(Protocol):
    """A file as it comes with an HTML form (werkzeug's ``FileStorage`` is one)."""

    @property
    def filename(self) -> str | None:
        """The name that the sender gave it."""

    @property
    def stream(self) -> IO[bytes]:
        """Its content."""


class FileReference(fields.Field["uuid.UUID | Upload"]):
    """A file: in JSON the id of one that was uploaded before; with an HTML form also the upload itself, which the view stores."""

    openapi: ClassVar[dict[str, Any]] = {"type": "string", "format": "uuid"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> uuid.UUID | Upload:
        if isinstance(value, Upload):
            return value
        try:
            return uuid.UUID(value)
        except (AttributeError, TypeError, ValueError):
            raise ValidationError([_("Kies een bestand.")]) from None

    def _serialize(self, value: uuid.UUID | Upload | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return str(value) if isinstance(value, uuid.UUID) else None
