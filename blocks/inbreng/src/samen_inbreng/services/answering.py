"""Answers to the questions of an activity: checked against them, and stored as JSON."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samen_core.api import (
    FileValue,
    Form,
    Invalid,
    PlaceValue,
    Text,
    UnitOfWork,
    _,
    attach_files,
    check_files,
    form_from_json,
    form_schema,
    load,
)


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers that fit the questions: as they are stored, and the files among them per question."""

    stored: dict[str, Any]
    files: dict[str, list[FileValue]]
    place: PlaceValue | None
    """The first place that was answered, which tells the area when no other place does."""


def check_answers(
    uow: UnitOfWork, form: Form | Mapping[str, Any], given: Mapping[str, Any], owner: uuid.UUID | None = None
) -> tuple[Checked, dict[str, list[Text]]]:
    """The answers, and everything that is wrong with them (keys ``answers.<question>``). ``owner`` may keep its own files."""
    made = form if isinstance(form, Form) else form_from_json(form)
    if not made.questions:
        return Checked({}, {}, None), {"answers": [_unknown(name) for name in given]} if given else {}
    schema = form_schema(made)()
    errors: dict[str, list[Text]] = {}
    try:
        typed = load(schema, dict(given))
    except Invalid as error:
        return Checked({}, {}, None), {f"answers.{name}" if name else "answers": texts for name, texts in error.errors.items()}
    files = {name: found for name, value in typed.items() if (found := _files(value))}
    for name, values in files.items():
        question = made.question(name)
        try:
            check_files(uow, values, f"answers.{name}", owner=owner, pictures=bool(question and question.pictures))
        except Invalid as error:
            errors |= error.errors
    stored = {name: value for name, value in schema.dump(typed).items() if value not in (None, "", [])}
    place = next((value for value in typed.values() if isinstance(value, PlaceValue)), None)
    return Checked(stored, files, place), errors


def tie_files(uow: UnitOfWork, checked: Checked, owner: uuid.UUID, *, public: bool = True) -> None:
    """Make the files among the answers those of the contribution (or the questionnaire)."""
    for name, values in checked.files.items():
        attach_files(uow, values, owner, f"answers.{name}", public=public)


def _files(value: Any) -> list[FileValue]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, FileValue)]


def _unknown(name: str) -> Text:
    return _("De vraag “{question}” bestaat niet.", question=name[:60])
