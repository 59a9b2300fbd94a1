"""From an HTML form to the input of a schema, and from there to a checked value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from marshmallow import Schema, ValidationError, fields

from samen_core.forms.fields import FileReference, Place
from samen_core.forms.messages import invalid

_MADE = "_samen_made"
PLACE_PARTS = ("text", "postcode", "house_number", "lat", "lon")


class MultiValues(Protocol):
    """An HTML form's values: several per name (werkzeug's ``MultiDict``)."""

    def getlist(self, key: str, /) -> list[Any]:
        """Every value under a name."""

    def keys(self) -> Any:
        """The names."""


def made(schema: Schema | type[Schema]) -> Schema:
    """The schema to check input with: that of a class is made once, for marshmallow copies all its fields each time.

    It is shared by all requests: who wants to change something about its fields makes one of their own.
    """
    if isinstance(schema, Schema):
        return schema
    # Kept with the class itself and not in a table beside it: a class that was made for one request goes with its schema.
    found: Schema | None = schema.__dict__.get(_MADE)
    if found is None:
        found = schema()
        setattr(schema, _MADE, found)
    return found


def load(schema: Schema | type[Schema], data: Any) -> Any:
    """Check plain data (a JSON body) with a schema and give what it loads to. Raises Invalid with all errors at once."""
    try:
        return made(schema).load(data)
    except ValidationError as error:
        raise invalid(error) from None


def parse(schema: Schema | type[Schema], form: MultiValues) -> Any:
    """Check an HTML form with a schema and give what it loads to.

    An empty input is absent, so ``load_default`` or ``required`` decides; a group of checkboxes without a tick is an empty list; other
    names in the form (a token, the button) are left out. A file is an id here: see ``receive_files``.
    Raises Invalid with all errors at once, keys as in the schema.
    """
    whole = made(schema)
    return load(whole, form_input(whole, form))


def form_input(schema: Schema, form: MultiValues, prefix: str = "") -> dict[str, Any]:
    """The input of ``schema`` that an HTML form holds: nested fields are named with dots, ``place.lat``."""
    found = ((name, _value(field, prefix + name, form)) for name, field in load_fields(schema))
    return {name: value for name, value in found if value is not None}


def load_fields(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    """The fields that a schema reads, each with its name in the input."""
    for name, field in schema.load_fields.items():
        yield field.data_key if field.data_key is not None else name, field


def _value(field: fields.Field[Any], name: str, form: MultiValues) -> Any:
    match field:
        case fields.List():
            values = [text for item in form.getlist(name) if (text := _clean(item)) not in ("", None)]
            return values if values or not field.required else None
        case fields.Boolean():
            return _boolean(field, form.getlist(name))
        case fields.Nested():
            return _nested(field, name, form)
        case Place():
            return _place(name, form)
        case FileReference():
            return _files(field, name, form)
        case fields.Number():
            return (_last(form.getlist(name)) or "").replace(",", ".") or None
        case _:
            return _secret(form.getlist(name)) if field.metadata.get("widget") == "password" else _last(form.getlist(name)) or None


def _place(name: str, form: MultiValues) -> dict[str, str] | None:
    parts = {part: _last(form.getlist(key)) for part, key in zip(PLACE_PARTS, place_names(name), strict=True)}
    return {part: text.replace(",", ".") if part in ("lat", "lon") else text for part, text in parts.items() if text} or None


def place_names(name: str) -> tuple[str, ...]:
    """The names of the inputs of a place, in the order of :data:`PLACE_PARTS`."""
    return tuple(name if part == "text" else f"{name}.{part}" for part in PLACE_PARTS)


def _files(field: FileReference, name: str, form: MultiValues) -> Any:
    found = [{"id": id, "alt": _last(form.getlist(f"{slot}.alt"))} for slot in field.slots(name) if (id := _last(form.getlist(slot)))]
    if field.maximum is None:
        return found[0] if found else None
    return found or None


def _nested(field: fields.Nested, name: str, form: MultiValues) -> Any:
    if field.many:
        raise TypeError(f"{name}: an HTML form cannot hold a list of nested values")
    inner = form_input(field.schema, form, f"{name}.")
    return inner if field.required or any(value not in (False, []) for value in inner.values()) else None


def _boolean(field: fields.Field[Any], values: list[Any]) -> Any:
    if chosen := _last(values):
        return chosen
    absent = field.required or field.metadata.get("widget") == "radios"
    return None if absent else False


def _secret(values: list[Any]) -> Any:
    """A password as it was typed: spaces at its ends count."""
    return values[-1] or None if values else None


def _last(values: list[Any]) -> Any:
    # The last wins: a hidden "no" may stand before its checkbox.
    return _clean(values[-1]) if values else None


def _clean(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(value, str) else value
