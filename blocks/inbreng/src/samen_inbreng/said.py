"""What somebody said in words: the text and the answers to the questions of a form, as one text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from samen_core.api import _

YES_NO = {True: _("ja"), False: _("nee")}


def said(form: Mapping[str, Any], text: str, answers: Mapping[str, Any] | None) -> str:
    """The text, then "question: answer" (no colon after a question mark) for every question that was answered,
    a paragraph each. Files are left out.

    ``form`` is the stored form, read as it is: a list of a thousand contributions needs no schema.
    """
    return "\n\n".join(part for part in (text, *_answers(form, answers or {})) if part)


def in_words(question: Mapping[str, Any], value: Any) -> str:
    """One stored answer in words: the labels of choices, a place by its address; "" for a file or nothing."""
    labels = {option["value"]: option["label"] for option in question.get("options", ())}
    if question["kind"] == "file" or value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return str(YES_NO[value])
    if isinstance(value, list):
        return ", ".join(str(labels.get(item, item)) for item in value)
    if isinstance(value, Mapping):
        return _place(value)
    return str(labels.get(str(value), value))


def _answers(form: Mapping[str, Any], answers: Mapping[str, Any]) -> Iterator[str]:
    for question in form.get("questions", ()):
        if words := in_words(question, answers.get(question["name"])):
            label = question["label"]
            yield f"{label} {words}" if label.endswith("?") else f"{label}: {words}"


def _place(value: Mapping[str, Any]) -> str:
    address = " ".join(str(value[name]) for name in ("postcode", "house_number") if value.get(name))
    point = f"{value['lat']}, {value['lon']}" if value.get("lat") is not None else ""
    return ", ".join(part for part in (value.get("text"), address) if part) or point
