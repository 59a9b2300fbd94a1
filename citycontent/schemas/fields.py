"""Fields that the city's forms share: partial dates, web links, other names, identifiers, postcodes."""

# ruff: noqa: ARG002 the signatures are marshmallow's

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate

from citycontent.models.types import PartialDate
from samen_core.api import FormSchema, _

_SPACES = re.compile(r"[ \t\n]+")
_DUTCH_DATE = re.compile(r"(?:(\d{1,2})[-/. ])?(\d{1,2})[-/. ](\d{4})", re.ASCII)
_URL = validate.URL(schemes={"http", "https"}, error=_("Vul een webadres in dat begint met https://.").id)
_HOUSE_NUMBER = re.compile(r"\s*(\d{1,5})(?!\d)", re.ASCII)


class Line(fields.String):
    """One line of text, without spaces at its ends and with single spaces inside."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        line = _SPACES.sub(" ", super()._deserialize(value, attr, data, **kwargs)).strip()
        if self.required and not line:
            raise self.make_error("required")
        return line


class Prose(fields.String):
    """Text of several lines, without white space at its ends."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).strip()


class PartialDateField(fields.Field[PartialDate]):
    """A date, a month or a year: ``2026-05-31``, ``2026-05``, ``2026``; typed the Dutch way round is fine too: ``31-5-2026``."""

    openapi: ClassVar[dict[str, Any]] = {"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", "example": "2026-05"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> PartialDate:
        wrong = ValidationError([_("Vul een jaar, een maand of een dag in, bijvoorbeeld 2026, 12-2026 of 31-12-2026.")])
        if not isinstance(value, str):
            raise wrong
        if dutch := _DUTCH_DATE.fullmatch(value.strip()):
            day, month, year = dutch.groups()
            value = "-".join([year, month.zfill(2), *([day.zfill(2)] if day else [])])
        try:
            return PartialDate(value.strip())
        except ValueError:
            raise wrong from None

    def _serialize(self, value: PartialDate | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


class Lines(fields.Field[tuple[Any, ...]]):
    """Several items: a list in JSON, one per line in a form. ``parse`` makes an item of a line, or raises ValidationError."""

    MAX_ITEMS = 50

    def __init__(self, parse: Callable[[Any], Any], item: Mapping[str, Any], **kwargs: Any) -> None:
        """``item`` is the JSON schema of one item, for the description of the API."""
        self.parse = parse
        self.openapi = {"type": "array", "maxItems": self.MAX_ITEMS, "items": dict(item)}
        super().__init__(load_default=tuple, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> tuple[Any, ...]:
        if isinstance(value, str):
            value = [line for line in value.splitlines() if line.strip()]
        if not isinstance(value, list | tuple):
            raise ValidationError([_("Dit moet een lijst zijn.")])
        if len(value) > self.MAX_ITEMS:
            raise ValidationError([_("Geef hoogstens {max} regels.", max=self.MAX_ITEMS)])
        items: list[Any] = []
        errors: list[Any] = []
        for item in value:
            try:
                parsed = self.parse(item)
            except ValidationError as error:
                errors += [text for text in error.messages if text not in errors]
                continue
            if parsed not in items:
                items.append(parsed)
        if errors:
            raise ValidationError(errors)
        return tuple(items)


def text_object(*names: str, required: tuple[str, ...]) -> dict[str, Any]:
    """The JSON schema of an object whose fields are all texts."""
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}, "required": list(required)}


LINK = text_object("url", "note", required=("url",))
OTHER_NAME = text_object("name", "note", "start_date", "end_date", required=("name",))
PLAIN_NAME = {"type": "string", "minLength": 1, "maxLength": 200}


def parse_link(item: Any) -> dict[str, str]:
    """A web link with a note (Popolo): ``{"url": …, "note": …}``, or a line with the address and then the note."""
    if isinstance(item, str):
        url, _space, note = item.strip().partition(" ")
        item = {"url": url, "note": note.strip()}
    url, note = (_text(item, name, 500) for name in ("url", "note"))
    try:
        _URL(url)
    except ValidationError:
        raise ValidationError([_("“{url}” is geen webadres. Begin met https://.", url=url[:80])]) from None
    return {"url": url, "note": note}


def parse_name(item: Any) -> dict[str, str]:
    """Another name (Popolo ``other_names``): ``{"name": …, "note": …, "start_date": …, "end_date": …}``, or just the name."""
    if isinstance(item, str):
        item = {"name": item}
    found = {name: text for name in ("name", "note", "start_date", "end_date") if (text := _text(item, name, 200))}
    if "name" not in found:
        raise ValidationError([_("Een andere naam is leeg.")])
    for name in ("start_date", "end_date"):
        if name in found:
            found[name] = str(PartialDateField().deserialize(found[name]))
    return found


def parse_plain_name(item: Any) -> str:
    """An alternative name: one line of text."""
    if not isinstance(item, str) or not 0 < len(item.strip()) <= 200:
        raise ValidationError([_("Gebruik per naam 1 tot 200 tekens.")])
    return item.strip()


def _text(item: Any, name: str, longest: int) -> str:
    value = item.get(name) if isinstance(item, Mapping) else None
    if value is None and isinstance(item, Mapping):
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise ValidationError([_("Dit heeft niet de vorm die nodig is.")])
    return value.strip()


class Postcode(fields.Field[str]):
    """A Dutch postcode, however it is typed; loads to six characters: ``2712AB``."""

    openapi: ClassVar[dict[str, Any]] = {"type": "string", "example": "2712 AB"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        found = compact_postcode(value) if isinstance(value, str) else None
        if found is None:
            raise ValidationError([_("Vul een postcode in van vier cijfers en twee letters, bijvoorbeeld 2712 AB.")])
        return found


def compact_postcode(value: str) -> str | None:
    """A postcode as it is stored (``2712AB``), or None when it cannot be one. SA, SD and SS are not given out."""
    from stdnum.exceptions import ValidationError as NotValid
    from stdnum.nl import postcode

    try:
        return str(postcode.validate(value)).replace(" ", "")
    except NotValid:
        return None


class HouseNumber(fields.Field[int]):
    """A house number; a letter or addition behind it (``12a``, ``12-3``) is left out, since the address book knows numbers only."""

    openapi: ClassVar[dict[str, Any]] = {"oneOf": [{"type": "integer", "minimum": 1, "maximum": 99999}, {"type": "string"}]}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        found = _HOUSE_NUMBER.match(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else None
        if not found or int(found[1]) == 0:
            raise ValidationError([_("Vul een huisnummer in, bijvoorbeeld 12.")])
        return int(found[1])


class OptionalUrl(fields.Url):
    """A web address, or empty text."""

    def _validate(self, value: Any) -> None:
        if value != "":
            super()._validate(value)


class OptionalEmail(fields.Email):
    """An e-mail address, or empty text."""

    def _validate(self, value: Any) -> None:
        if value != "":
            super()._validate(value)


class CommandSchema(FormSchema):
    """A schema that loads to a frozen command: the class named ``command``. Lists become tuples."""

    command: ClassVar[type[Any]]

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Any:
        return self.command(**{name: tuple(value) if isinstance(value, list) else value for name, value in data.items()})
