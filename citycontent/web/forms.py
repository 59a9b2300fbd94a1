"""Forms of the city's things: names instead of ids for what they refer to, and what comes of sending one.

A thing refers to others by id; people know names. In a form such a field is a line of text with suggestions, and the page of the thing may
be pasted instead; here names become ids before the schema checks the form, and ids become names before it is shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from flask import request
from marshmallow import Schema
from marshmallow.fields import Nested
from werkzeug.datastructures import MultiDict

from citycontent.queries import names
from samen_core.api import Conflict, Invalid, SubjectCard, Text, UnitOfWork, _, parse, slugify, stored_files, without_bad
from samen_core.web.api import BoundForm, receive_files

Result = TypeVar("Result")
Options = Mapping[str, Iterable[tuple[Any, Text | str]]]

COORDINATES = {"lat": _("Breedtegraad"), "lon": _("Lengtegraad")}
COORDINATES_HELP = _("Deze plek is bekend met coördinaten (WGS84). Maak beide leeg om de plek weg te halen.")

KINDS: dict[str, Text] = {
    "organization": _("organisatie"),
    "person": _("persoon"),
    "project": _("project"),
    "event": _("bijeenkomst"),
}

SHOWN = 80
"""How much of a name that nobody knows is said back."""


@dataclass(frozen=True, slots=True)
class Named:
    """A field that refers to things of ``type`` by name; with ``many`` there is a name per line."""

    type: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A schema with the fields that are filled in by name, and those that are ``fixed`` by the page itself.

    ``required`` are fields that what this page does cannot do without, though the schema of other pages can.
    """

    schema: type[Schema]
    named: Mapping[str, Named] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    def make(self, stored: Mapping[str, Any]) -> Schema:
        """The schema as its page shows it, for a thing with these values now."""
        made = self.schema()
        _show_coordinates(made, stored)
        for item in made.load_fields.values():
            # A choice that is made already cannot be left out, so its page does not call it optional.
            if item.validators and isinstance(item.load_default, str) and item.load_default:
                item.required = True
        for name in self.required:
            made.load_fields[name].required = True
        for name in self.fixed:
            made.load_fields[name].metadata = {**made.load_fields[name].metadata, "widget": "hidden"}
        for name, kind in self.named.items():
            item = made.load_fields[name]
            extra = {"widget": "textarea", "rows": 3} if kind.many else {"widget": "text", "list": f"namen-{kind.type}"}
            how = _("Zet op elke regel één naam.") if kind.many else _("Typ de naam, of plak het webadres van de pagina.")
            item.metadata = {**item.metadata, "help": item.metadata.get("help") or how, **extra}
        return made


@dataclass(frozen=True, slots=True)
class Shown:
    """A form to show, with the status of its page: 200, 400 for mistakes, 409 when somebody else was first."""

    form: BoundForm
    status: int = 200


def show(
    uow: UnitOfWork, spec: FormSpec, values: Mapping[str, Any], options: Options | None = None, owner: uuid.UUID | None = None
) -> Shown:
    """The form with these values: those of the thing as it is, or the first ones of a new thing."""
    files = {file.id: file for file in stored_files(uow, [owner])[owner]} if owner and values.get("picture") else {}
    shown = _with_names(uow, spec, values)
    return Shown(BoundForm(spec.make(values), data=shown, version=values.get("version"), options=options, files=files))


def send(
    uow: UnitOfWork,
    spec: FormSpec,
    write: Callable[[Any], Result],
    options: Options | None = None,
    stored: Mapping[str, Any] | None = None,
    *,
    owner: uuid.UUID | None = None,
) -> Result | Shown:
    """Check the form that was sent and do what it asks.

    With mistakes, or when somebody else was first, everything is taken back and the form comes back as it was typed. ``stored`` are the
    values of now: of things with one name, the one that is referred to already is meant. ``owner`` is the thing, whose files may stay.
    """
    stored = stored or {}
    received = receive_files(uow, spec.schema, owner)
    typed = received.form
    try:
        found, errors = _with_ids(uow, spec, stored, typed)
        errors |= received.errors
        try:
            command = parse(spec.schema, found)
        except Invalid as error:
            raise Invalid({**error.errors, **errors}) from None
        if errors:
            raise Invalid(errors)
        return write(command)
    except Invalid as error:
        uow.rollback()
        version = request.form.get("version", type=int)
        made = spec.make(stored)
        return Shown(BoundForm(made, data=typed, errors=error.errors, version=version, options=options, files=received.files), 400)
    except Conflict as error:
        uow.rollback()
        made = spec.make(stored)
        if error.message is not error.title and not error.current:
            # Nothing of the form differs from what is stored: what happened is all there is to tell.
            version = error.version or request.form.get("version", type=int)
            told = {"": [error.message]}
            return Shown(BoundForm(made, data=typed, errors=told, version=version, options=options, files=received.files), 409)
        current = _with_names(uow, spec, error.current)
        return Shown(BoundForm(made, data=typed, version=error.version, conflict=current, options=options, files=received.files), 409)


def _show_coordinates(made: Schema, stored: Mapping[str, Any]) -> None:
    """Show the coordinates of an address that is nothing else, or it would look empty and be taken away when the form is sent."""
    address = stored.get("address")
    if not address or address["lat"] is None or address["street"] or address["postcode"]:
        return
    nested = cast("Nested", made.load_fields["address"]).schema
    for name, label in COORDINATES.items():
        nested.load_fields[name].metadata = {"label": label, "widget": "text", "inputmode": "decimal", "help": COORDINATES_HELP}


def suggestions(uow: UnitOfWork, spec: FormSpec) -> dict[str, list[str]]:
    """The lists of names that the form's fields suggest from, by their id in the page."""
    kinds = dict.fromkeys(kind.type for kind in spec.named.values() if not kind.many)
    return {f"namen-{kind}": names.some_names(uow, kind) for kind in kinds}


def _with_ids(
    uow: UnitOfWork, spec: FormSpec, stored: Mapping[str, Any], sent: MultiDict[str, str]
) -> tuple[MultiDict[str, str], dict[str, list[Text]]]:
    """The form with ids for names, and what could not be found."""
    form: MultiDict[str, str] = MultiDict(sent)
    errors: dict[str, list[Text]] = {}
    typed = {name: _typed(name, kind.many) for name, kind in spec.named.items()}
    for kind in {kind.type for kind in spec.named.values()}:
        fields = [name for name, named in spec.named.items() if named.type == kind]
        slugs = {text: _slug(text) for name in fields for text in typed[name]}
        found = names.find_by_slug(uow, kind, {slug: "/" not in text for text, slug in slugs.items()})
        for name in fields:
            ids, problems = _choose(kind, {text: found[slugs[text]] for text in typed[name]}, _ids(stored.get(name)))
            form.setlist(name, [str(item) for item in ids])
            if problems:
                errors[name] = problems
    return form, errors


def _typed(name: str, many: bool) -> list[str]:
    text = request.form.get(name, "").replace("\x00", "")
    lines = text.splitlines()[:100] if many else [text]
    return [without_bad(line.strip()[:500]) for line in lines if line.strip()]


def _slug(text: str) -> str:
    """The slug that a typed name leads to, also when the address of the thing's page was pasted."""
    if "/" not in text:
        return slugify(text, "")
    return text.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]


def _choose(kind: str, found: Mapping[str, list[SubjectCard]], already: Iterable[uuid.UUID]) -> tuple[list[uuid.UUID], list[Text]]:
    ids: list[uuid.UUID] = []
    problems: list[Text] = []
    kept = set(already)
    for text, cards in found.items():
        name = text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
        chosen = [card for card in cards if card.id in kept] or cards
        if len(chosen) == 1:
            ids.append(chosen[0].id)
        elif chosen:
            problems.append(_("“{name}” is de naam van meer dan één {kind}. Plak het webadres van de pagina.", name=name, kind=KINDS[kind]))
        else:
            problems.append(_("Wij kennen geen {kind} met de naam “{name}”.", name=name, kind=KINDS[kind]))
    return ids, problems


def _with_names(uow: UnitOfWork, spec: FormSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with names for ids, as the form shows them."""
    shown = dict(values)
    ids = [item for name in spec.named for item in _ids(values.get(name))]
    known = names.names_of(uow, ids) if ids else {}
    for name in spec.named:
        if name in values:
            shown[name] = "\n".join(known[item] for item in _ids(values[name]) if item in known)
    return shown


def _ids(value: Any) -> list[uuid.UUID]:
    found = [value] if isinstance(value, uuid.UUID | str) else list(value or ())
    return [item if isinstance(item, uuid.UUID) else uuid.UUID(item) for item in found if item]
