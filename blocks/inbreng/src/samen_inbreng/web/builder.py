"""The questions of an activity in a form: every button sends all that was typed, changes the questions, and shows the form again.

The names of the inputs: ``v-<place>-<part>``, and of an answer to choose ``v-<place>-a-<number>-label`` with its code beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from samen_core.api import Form, Invalid, Text, _, form_from_json, form_to_json

Values = MultiDict[str, str]

KIND_LABELS: dict[str, Text] = {
    "short_text": _("Kort antwoord"),
    "long_text": _("Lang antwoord"),
    "one_choice": _("Kies er één"),
    "several_choices": _("Kies er meer"),
    "scale": _("Schaal"),
    "yes_no": _("Ja of nee"),
    "number": _("Getal"),
    "date": _("Datum"),
    "place": _("Plek"),
    "file": _("Foto of bestand"),
}
CHOICES = ("one_choice", "several_choices")
SPARE = 2
"""How many empty lines for an answer there are to fill in."""

MOST = 30
_BUTTON = re.compile(r"(add|up|down|remove|answer)-([a-z_]+|\d+)")
_PLACE = re.compile(r"v-(\d+)-kind")


@dataclass(slots=True)
class Draft:
    """A question as it is typed; ``answers`` are (code, label) pairs."""

    name: str
    kind: str
    label: str = ""
    help: str = ""
    required: bool = False
    answers: list[tuple[str, str]] = field(default_factory=list)
    minimum: str = ""
    maximum: str = ""
    errors: list[Text] = field(default_factory=list)

    @property
    def kind_label(self) -> Text:
        """What kind of question it is."""
        return KIND_LABELS.get(self.kind, Text(self.kind))

    @property
    def has_answers(self) -> bool:
        """Whether one chooses from answers."""
        return self.kind in CHOICES

    @property
    def has_bounds(self) -> bool:
        """Whether a lowest and highest number belong to it."""
        return self.kind in ("scale", "number")


def drafts_of(form: Form | Mapping[str, Any]) -> list[Draft]:
    """The stored questions, to be changed."""
    stored = form_to_json(form) if isinstance(form, Form) else form
    return [
        Draft(
            question["name"],
            question["kind"],
            question["label"],
            question.get("help", ""),
            question.get("required", False),
            [(option["value"], option["label"]) for option in question.get("options", ())],
            _text(question.get("minimum")),
            _text(question.get("maximum")),
        )
        for question in stored.get("questions", ())
    ]


def read(form: Values) -> list[Draft]:
    """The questions as they were typed, in their order."""
    places = sorted({int(match[1]) for key in form.keys() if (match := _PLACE.fullmatch(key))})[:MOST]
    return [_read_one(form, place) for place in places]


def pressed(form: Values) -> tuple[str, str] | None:
    """The button that changes the questions, as (what, which); None for the button that saves."""
    match = _BUTTON.fullmatch(_last(form, "doe"))
    return (match[1], match[2]) if match else None


def apply(drafts: list[Draft], action: tuple[str, str]) -> int:
    """Do what a button asks; the place of the question to show next."""
    what, which = action
    if what == "add":
        if which in KIND_LABELS and len(drafts) < MOST:
            drafts.append(Draft(_free_name(drafts), which))
        return len(drafts) - 1
    place = int(which) if which.isdigit() else -1
    if not 0 <= place < len(drafts):
        return 0
    if what == "remove":
        del drafts[place]
        return max(0, place - 1)
    if what == "answer":
        drafts[place].answers.append((_free_code(drafts[place]), ""))
        return place
    other = place - 1 if what == "up" else place + 1
    if 0 <= other < len(drafts):
        drafts[place], drafts[other] = drafts[other], drafts[place]
        return other
    return place


def to_form(drafts: Sequence[Draft], version: int = 1) -> Form:
    """The form of these questions. Raises Invalid with keys ``form.questions.<place>``; each draft holds its own errors too."""
    stored = {"version": version, "questions": [_stored(draft) for draft in drafts]}
    try:
        return form_from_json(stored)
    except Invalid as error:
        _spread(drafts, error.errors)
        raise Invalid({f"form.{name}": texts for name, texts in error.errors.items()}) from None


def _spread(drafts: Sequence[Draft], errors: Mapping[str, list[Text]]) -> None:
    for name, texts in errors.items():
        parts = name.split(".")
        if len(parts) > 1 and parts[0] == "questions" and parts[1].isdigit() and int(parts[1]) < len(drafts):
            known = drafts[int(parts[1])].errors
            known += [text for text in texts if text not in known]


def problems(drafts: Sequence[Draft]) -> Iterator[tuple[str, Text]]:
    """The lines of the error summary: the id of the question, and what is wrong."""
    for place, draft in enumerate(drafts):
        for text in draft.errors:
            yield f"vraag-{place}", _("Vraag {n}: {problem}", n=place + 1, problem=text)


def _stored(draft: Draft) -> dict[str, Any]:
    found: dict[str, Any] = {"name": draft.name, "kind": draft.kind, "label": draft.label, "help": draft.help, "required": draft.required}
    if draft.has_answers:
        found["options"] = [{"value": code, "label": label} for code, label in draft.answers if label]
    if draft.has_bounds:
        found |= {name: value for name in ("minimum", "maximum") if (value := getattr(draft, name)) != ""}
    return found


def _read_one(form: Values, place: int) -> Draft:
    start = f"v-{place}-"
    draft = Draft(
        _last(form, f"{start}name"),
        _last(form, f"{start}kind"),
        _last(form, f"{start}label"),
        _last(form, f"{start}help"),
        _last(form, f"{start}required") == "true",
        minimum=_last(form, f"{start}minimum"),
        maximum=_last(form, f"{start}maximum"),
    )
    number = 0
    while (code := _last(form, f"{start}a-{number}-code")) and number < 100:
        if label := _last(form, f"{start}a-{number}-label"):
            draft.answers.append((code, label))
        number += 1
    return draft


def with_spare(drafts: Sequence[Draft]) -> list[Draft]:
    """The questions with empty lines for more answers, so that one need not press a button for each."""
    for draft in drafts:
        if draft.has_answers:
            empty = sum(1 for _code, label in draft.answers if not label)
            for _number in range(max(0, SPARE - empty)):
                draft.answers.append((_free_code(draft), ""))
    return list(drafts)


def _free_name(drafts: Sequence[Draft]) -> str:
    taken = {draft.name for draft in drafts}
    return next(name for name in (f"vraag_{number}" for number in range(1, MOST + 100)) if name not in taken)


def _free_code(draft: Draft) -> str:
    taken = {code for code, _label in draft.answers}
    return next(code for code in (f"a{number}" for number in range(1, 1000)) if code not in taken)


def _last(form: Values, name: str) -> str:
    values = form.getlist(name)
    return str(values[-1]).replace("\r\n", "\n").strip() if values else ""


def _text(value: Any) -> str:
    return "" if value is None else str(value)
