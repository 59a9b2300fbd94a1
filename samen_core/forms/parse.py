"""From an HTML form to the input of a schema, and from there to a checked value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from marshmallow import Schema, ValidationError, fields

from samen_core.forms.fields import FileReference, Place, Upload
from samen_core.forms.messages import invalid


class MultiValues(Protocol):
    """An HTML form's values: several per name (werkzeug's ``MultiDict``)."""

    def getlist(self, key: str, /) -> list[Any]:
        """Every value under a name."""

    def keys(self) -> Any:
        """The names."""


def load(schema: Schema | type[Schema], data: Any) -> Any:
    """Check plain data (a JSON body) with a schema and give what it loads to. Raises Invalid with all errors at once."""
    made = schema() if isinstance(schema, type) else schema
    try:
        return made.load(data)
    except ValidationError as error:
        raise invalid(error) from None


def parse(schema: Schema | type[Schema], form: MultiValues, files: MultiValues | None = None) -> Any:
    """Check an HTML form with a schema and give what it loads to.

    An empty input is absent, so ``load_default`` or ``required`` decides; a group of checkboxes without a tick is an empty list; other
    names in the form (a token, the button) are left out. Raises Invalid with all errors at once, keys as in the schema.
    """
    made = schema() if isinstance(schema, type) else schema
    return load(made, form_input(made, form, files))


def form_input(schema: Schema, form: MultiValues, files: MultiValues | None = None, prefix: str = "") -> dict[str, Any]:
    """The input of ``schema`` that an HTML form holds: nested fields are named with dots, ``place.lat``."""
    found = ((name, _value(field, prefix + name, form, files)) for name, field in load_fields(schema))
    return {name: value for name, value in found if value is not None}


def load_fields(schema: Schema) -> Iterator[tuple[str, fields.Field[Any]]]:
    """The fields that a schema reads, each with its name in the input."""
    for name, field in schema.load_fields.items():
        yield field.data_key if field.data_key is not None else name, field


def _value(field: fields.Field[Any], name: str, form: MultiValues, files: MultiValues | None) -> Any:
    match field:
        case fields.List():
            values = [text for item in form.getlist(name) if (text := _clean(item)) not in ("", None)]
            return values if values or not field.required else None
        case fields.Boolean():
            return _boolean(field, form.getlist(name))
        case fields.Nested():
            return _nested(field, name, form, files)
        case Place():
            parts = {part: _last(form.getlist(key)) for part, key in (("text", name), ("lat", f"{name}.lat"), ("lon", f"{name}.lon"))}
            return {part: text if part == "text" else text.replace(",", ".") for part, text in parts.items() if text} or None
        case FileReference():
            uploads = [item for item in (files.getlist(name) if files else []) if isinstance(item, Upload) and item.filename]
            return uploads[-1] if uploads else _last(form.getlist(name)) or None
        case fields.Number():
            return (_last(form.getlist(name)) or "").replace(",", ".") or None
        case _:
            return _secret(form.getlist(name)) if field.metadata.get("widget") == "password" else _last(form.getlist(name)) or None


def _nested(field: fields.Nested, name: str, form: MultiValues, files: MultiValues | None) -> Any:
    if field.many:
        raise TypeError(f"{name}: an HTML form cannot hold a list of nested values")
    inner = form_input(field.schema, form, files, f"{name}.")
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
