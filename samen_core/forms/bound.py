"""A schema with its values and errors, as the objects that ``core/macros/forms.html`` renders."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from marshmallow import Schema, fields, validate
from marshmallow.fields import Field

from samen_core.characters import without_bad
from samen_core.forms.fields import FileReference, Moment, Place, PlaceValue
from samen_core.forms.inputs import file_values, in_input
from samen_core.forms.parse import PLACE_PARTS, load_fields, place_names
from samen_core.i18n import Text, _

Label = Text | str

FORM_ID = "form"
"""Where the error summary points for an error of the whole form."""

_WIDGETS: tuple[tuple[type[fields.Field[Any]], str], ...] = (
    (fields.Email, "email"),
    (fields.Url, "url"),
    (fields.Boolean, "checkbox"),
    (Moment, "datetime"),
    (fields.AwareDateTime, "datetime"),
    (fields.NaiveDateTime, "datetime"),
    (fields.DateTime, "datetime"),
    (fields.Time, "time"),
    (fields.Date, "date"),
    (fields.Number, "number"),
    (fields.List, "checkboxes"),
    (fields.Nested, "group"),
    (Place, "place"),
    (FileReference, "file"),
)
"""The widget of a field that does not name one in ``metadata["widget"]``; the first that fits."""

ACCEPT_PICTURES = ".jpg,.jpeg,.png,.webp,.gif"
ACCEPT = f"{ACCEPT_PICTURES},.pdf,.odt,.ods,.odp,.docx,.xlsx,.pptx,.csv,.txt"
"""What a browser lets choose; the content decides (:mod:`samen_core.files.kinds`)."""

ATTRIBUTES = ("rows", "inputmode", "spellcheck", "accept", "step", "pattern", "autocapitalize", "list", "lang")
"""Keys of ``metadata`` that become HTML attributes."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of the possible answers. The first one's id is that of its field, so that the error summary leads to it."""

    value: str
    label: Label
    id: str
    selected: bool = False
    help: Label = ""


@dataclass(frozen=True, slots=True)
class BoundField:
    """A field as it is rendered.

    ``widget`` is one of text search textarea email tel url password number date time datetime checkbox radios checkboxes scale select place
    file hidden group. ``value`` is a string, a list of strings (checkboxes), a bool (checkbox), a :class:`PlaceParts` or a tuple
    of :class:`FileSlot`; ``fields`` holds the parts of a group.
    """

    name: str
    id: str
    label: Label
    help: Label
    widget: str
    value: Any
    errors: tuple[Text, ...] = ()
    required: bool = False
    options: tuple[Option, ...] = ()
    autocomplete: str = ""
    maxlength: int | None = None
    attrs: dict[str, str] = field(default_factory=dict)
    fields: tuple[BoundField, ...] = ()
    current: Label | None = None
    """The value that somebody else stored in the meantime, when that differs (a conflict)."""

    @property
    def describedby(self) -> str:
        """The ids of help and error, for ``aria-describedby``; empty when there are none."""
        parts = ((self.help, "help"), (self.errors, "error"), (self.current is not None, "current"))
        return " ".join(f"{self.id}-{name}" for present, name in parts if present)

    @property
    def is_group(self) -> bool:
        """Whether it is several inputs, to be put in a ``fieldset`` with a ``legend``."""
        return self.widget in ("radios", "checkboxes", "scale", "group", "place", "file")

    @property
    def in_words(self) -> Label:
        """The value as a reader sees it: the label of a choice, the parts of a place; "" for nothing."""
        return _in_words(self.value, [(option.value, option.label) for option in self.options])


@dataclass(frozen=True, slots=True)
class PlaceParts:
    """The inputs of a place, as strings: ``name``, ``name.postcode``, ``name.house_number``, ``name.lat``, ``name.lon``."""

    text: str = ""
    postcode: str = ""
    house_number: str = ""
    lat: str = ""
    lon: str = ""


class KeptFile(Protocol):
    """What a form shows of a file that it keeps (:class:`samen_core.files.StoredFile` is one)."""

    @property
    def id(self) -> uuid.UUID:
        """Its id."""

    @property
    def name(self) -> str:
        """Its name, with the ending of its kind."""

    @property
    def alt(self) -> str:
        """What is to be seen on a picture."""

    @property
    def width(self) -> int | None:
        """Of a picture that can be shown, in pixels."""

    @property
    def height(self) -> int | None:
        """As the width."""


@dataclass(frozen=True, slots=True)
class FileSlot:
    """One file input: its name and id, the description, and the file that the form keeps for it."""

    name: str
    id: str
    alt: str = ""
    kept: KeptFile | None = None


class BoundForm:
    """A schema bound to values.

    ``data`` is what to show: a mapping of values by field name, or the HTML form as it was sent (werkzeug's ``MultiDict``), so that what
    was typed stays. ``errors`` is ``Invalid.errors``. ``version`` is the version that the editor started from. ``conflict`` is
    ``Conflict.current``: what somebody else stored meanwhile, shown beside each field that differs; pass ``version=error.version`` with
    it, so that saving again overwrites knowingly. ``options`` gives the answers of a field at run time, as (value, label) pairs.
    ``files`` are the stored files that the values name, by id (``Received.files`` or ``stored_files``). ``part`` is put in the
    ids of its inputs, where another form on that page has fields of the same name.
    """

    def __init__(
        self,
        schema: Schema | type[Schema],
        *,
        data: Any = None,
        errors: Mapping[str, Iterable[Text]] | None = None,
        version: int | None = None,
        conflict: Mapping[str, Any] | None = None,
        options: Mapping[str, Iterable[tuple[Any, Label]]] | None = None,
        files: Mapping[uuid.UUID, KeptFile] | None = None,
        part: str = "",
    ) -> None:
        self._ids = f"f-{part}-" if part else "f-"
        self.schema = schema() if isinstance(schema, type) else schema
        self.version = version
        self.conflict = conflict
        self._data: Any = {} if data is None else data
        self._is_typed = hasattr(self._data, "getlist")
        self._messages = {name: tuple(texts) for name, texts in (errors or {}).items()}
        self._options = options or {}
        self._files = files or {}
        self._by_name: dict[str, BoundField] = {}
        self.fields = tuple(self._bind(self.schema, self._data, "", conflict))

    @property
    def fields(self) -> tuple[BoundField, ...]:
        """The fields in order. A page may put others in their place, or leave some out; by name they are then found as they are shown."""
        return self._fields

    @fields.setter
    def fields(self, shown: tuple[BoundField, ...]) -> None:
        self._fields = shown
        self._by_name |= {bound.name: bound for bound in self._flat(shown)}

    def __iter__(self) -> Iterator[BoundField]:
        return iter(self.fields)

    def __getitem__(self, name: str) -> BoundField:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    @property
    def errors(self) -> list[tuple[str, Text]]:
        """The error summary: (id of the input, message with the label before it), in the order of the fields."""
        order = {name: position for position, name in enumerate(self._by_name)}
        found: list[tuple[str, Text]] = []
        for name, texts in sorted(self._messages.items(), key=lambda item: order.get(_holder(item[0], order), -1)):
            bound = self._by_name.get(_holder(name, order))
            found += [(bound.id if bound else FORM_ID, _named(bound.label, text) if bound and bound.label else text) for text in texts]
        return found

    @property
    def is_multipart(self) -> bool:
        """Whether the form sends files."""
        return any(bound.widget == "file" for bound in self._by_name.values())

    def _flat(self, bound_fields: Iterable[BoundField]) -> Iterator[BoundField]:
        for bound in bound_fields:
            yield bound
            yield from self._flat(bound.fields)

    def _bind(self, schema: Schema, data: Any, prefix: str, conflict: Mapping[str, Any] | None) -> Iterator[BoundField]:
        for name, item in load_fields(schema):
            if not item.metadata.get("skip"):
                yield self._field(item, prefix + name, data, conflict)

    def _field(self, item: Field[Any], name: str, data: Any, conflict: Mapping[str, Any] | None) -> BoundField:
        metadata = item.metadata
        widget = widget_of(item)
        field_id = self._ids + name.replace(".", "-")
        value = self._shown(item, widget, name, data)
        current = None
        if conflict is not None and (key := name.rpartition(".")[2]) in conflict:
            there = self._slots(item, name, file_values(conflict[key])) if isinstance(item, FileReference) else shown(conflict[key], widget)
            current = _in_words(there, self._choices(item, name)) if there != value else None
        inner: tuple[BoundField, ...] = ()
        if isinstance(item, fields.Nested):
            part = data if self._is_typed else _get(data, name.rpartition(".")[2]) or {}
            theirs = conflict.get(name.rpartition(".")[2]) if conflict else None
            inner = tuple(self._bind(item.schema, part, f"{name}.", theirs if isinstance(theirs, Mapping) else None))
            value, current = None, None
        return BoundField(
            name=name,
            id=field_id,
            label=metadata.get("label", ""),
            help=metadata.get("help", ""),
            widget=widget,
            value=value,
            errors=self._errors_of(name, bool(inner)),
            required=item.required,
            options=tuple(_options(self._choices(item, name), field_id, value)),
            autocomplete=metadata.get("autocomplete", ""),
            maxlength=_maximum_length(item),
            attrs=_attributes(item, widget),
            fields=inner,
            current=current,
        )

    def _errors_of(self, name: str, is_group: bool) -> tuple[Text, ...]:
        """The messages on a field; those on an item of a list belong to the list."""
        found = [
            text for key, texts in self._messages.items() if key == name or (not is_group and key.startswith(f"{name}.")) for text in texts
        ]
        return tuple(dict.fromkeys(found))

    def _choices(self, item: Field[Any], name: str) -> list[tuple[str, Label]]:
        if name in self._options:
            return [(in_input(value), label) for value, label in self._options[name]]
        return choices_of(item)

    def _shown(self, item: Field[Any], widget: str, name: str, data: Any) -> Any:
        if widget == "password":
            return ""
        if isinstance(item, FileReference):
            values = self._sent_files(item, name) if self._is_typed else file_values(_get(data, name.rpartition(".")[2]))
            return self._slots(item, name, values)
        if not self._is_typed:
            value = _get(data, name.rpartition(".")[2])
            if value is None and item.load_default is not None:
                value = item.load_default() if callable(item.load_default) else item.load_default
            return shown(value, widget)
        typed = list(data.getlist(name))
        if widget == "checkboxes" or (isinstance(item, fields.List) and widget not in ("text", "textarea")):
            return [str(value) for value in typed]
        if widget == "place":
            return PlaceParts(*(self._typed(key) for key in place_names(name)))
        if widget == "checkbox":
            return bool(typed) and typed[-1] in fields.Boolean.truthy
        return without_bad(str(typed[-1])) if typed else ""

    def _typed(self, name: str) -> str:
        return without_bad(str((self._data.getlist(name) or [""])[-1]))

    def _sent_files(self, item: FileReference, name: str) -> list[tuple[str, str]]:
        return [(self._typed(slot), self._typed(f"{slot}.alt")) for slot in item.slots(name)]

    def _slots(self, item: FileReference, name: str, values: list[tuple[str, str]]) -> tuple[FileSlot, ...]:
        """The file inputs, with (id, description) of what is there; an id that is not among the files is left out."""
        kept = {str(id): file for id, file in self._files.items()}
        found, field_id = [], self._ids + name.replace(".", "-")
        for position, slot in enumerate(item.slots(name)):
            file_id, alt = values[position] if position < len(values) else ("", "")
            slot_id, file = field_id if position == 0 else f"{field_id}-{position + 1}", kept.get(file_id)
            found.append(FileSlot(slot, slot_id, alt or (file.alt if file and not self._is_typed else ""), file))
        return tuple(found)


def widget_of(item: Field[Any]) -> str:
    """The widget of a schema field."""
    if named := item.metadata.get("widget"):
        return str(named)
    if choices_of(item) and not isinstance(item, fields.List):
        return "radios" if len(choices_of(item)) <= 7 else "select"
    return next((widget for kind, widget in _WIDGETS if isinstance(item, kind)), "text")


def choices_of(item: Field[Any]) -> list[tuple[str, Label]]:
    """The possible answers that a schema field declares: ``metadata["options"]``, or a ``OneOf`` validator with its labels."""
    if declared := item.metadata.get("options"):
        return [(in_input(value), label) for value, label in (declared() if callable(declared) else declared)]
    holder = item.inner if isinstance(item, fields.List) else item
    for validator in holder.validators:
        if isinstance(validator, validate.OneOf):
            labels = list(validator.labels)
            return [(in_input(value), labels[at] if at < len(labels) else str(value)) for at, value in enumerate(validator.choices)]
    return []


def shown(value: Any, widget: str = "text") -> Any:
    """A value as an input shows it: strings, a list of strings (in a textarea: lines), a bool or :class:`PlaceParts`."""
    if widget == "checkbox":
        return value is True
    if widget == "place":
        return _place(value)
    if isinstance(value, list | tuple | set | frozenset):
        items = [in_input(item) for item in value]
        return "\n".join(items) if widget == "textarea" else items
    return [] if widget == "checkboxes" else in_input(value)


def _named(label: Label, problem: Text) -> Text:
    """A problem with the label before it; a question ends with its own mark."""
    if str(label).endswith("?"):
        return _("{field} {problem}", field=label, problem=problem)
    return _("{field}: {problem}", field=label, problem=problem)


def _place(value: Any) -> PlaceParts:
    if isinstance(value, str):
        return PlaceParts(value)
    if isinstance(value, PlaceValue):
        value = asdict(value)
    if not isinstance(value, Mapping):
        return PlaceParts()
    return PlaceParts(**{part: "" if value.get(part) is None else str(value[part]) for part in PLACE_PARTS})


def _get(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, Mapping) else getattr(data, name, None)


def _holder(name: str, known: Mapping[str, int]) -> str:
    """The field that shows the error with this key: itself, or the list or place it is in."""
    while name not in known and "." in name:
        name = name.rpartition(".")[0]
    return name


def _options(choices: list[tuple[str, Label]], id: str, value: Any) -> Iterator[Option]:
    chosen = set(value) if isinstance(value, list) else {value}
    for position, (option, label) in enumerate(choices):
        yield Option(option, label, id if position == 0 else f"{id}-{position + 1}", option in chosen)


def _in_words(value: Any, choices: list[tuple[str, Label]]) -> Label:
    labels = dict(choices)
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if isinstance(value, PlaceParts):
        return ", ".join(part for part in (value.text, f"{value.postcode} {value.house_number}".strip(), value.lat, value.lon) if part)
    if isinstance(value, tuple):
        return ", ".join(slot.alt or slot.kept.name for slot in value if slot.kept)
    if isinstance(value, list):
        return ", ".join(str(labels.get(item, item)) for item in value)
    return labels.get(str(value), str(value))


def _maximum_length(item: Field[Any]) -> int | None:
    if isinstance(item, Place | fields.List):
        return Place.MAX_TEXT if isinstance(item, Place) else None
    found = [validator.equal or validator.max for validator in item.validators if isinstance(validator, validate.Length)]
    return next((int(maximum) for maximum in found if maximum), None)


def _attributes(item: Field[Any], widget: str) -> dict[str, str]:
    attributes = {name: str(item.metadata[name]) for name in ATTRIBUTES if name in item.metadata}
    if isinstance(item, FileReference):
        attributes.setdefault("accept", ACCEPT_PICTURES if item.pictures else ACCEPT)
    if widget == "number":
        attributes.setdefault("inputmode", "numeric" if isinstance(item, fields.Integer) else "decimal")
        for validator in item.validators:
            if isinstance(validator, validate.Range):
                attributes |= {name: str(bound) for name, bound in (("min", validator.min), ("max", validator.max)) if bound is not None}
    return attributes
