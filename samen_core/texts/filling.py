"""Filling in a text: a mail as plain text, a page's text as Markdown or one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from samen_core.mail.queue import MAX_SUBJECT, Message
from samen_core.texts.declared import CITY, PLACEHOLDER, ManagedText, Value, Wording

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

_BETWEEN = re.compile(r"\n[ \t]*\n")
_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")


def managed_mail(
    uow: UnitOfWork, key: str, to: str, language: str, values: Mapping[str, Value], *, unsubscribe_url: str = "", reply_to: str = ""
) -> Message:
    """The mail ``key`` to one person, in the words of the city or the default ones, for ``queue_mail``.

    ``values`` names every placeholder that the text declares; "" is one without value this time. Raises KeyError for a text that nobody
    declared, ValueError for other names than the declared ones.
    """
    platform = uow.platform
    text = platform.texts.declared[key]
    wording, spoken = platform.texts.wording(platform, key, language)
    subject, body = fill_mail(platform, text, wording, spoken, values)
    return Message(to, subject, body, spoken, reply_to=reply_to, unsubscribe_url=unsubscribe_url)


def fill_mail(
    platform: Platform, text: ManagedText, wording: Wording, language: str, values: Mapping[str, Value]
) -> tuple[str, tuple[str, ...]]:
    """Subject and paragraphs of a mail. Raises ValueError.

    A paragraph with a placeholder that has no value is left out, unless it says what the mail must say.
    """
    known = _values(platform, text, language, values)
    needed = {item.name for item in text.placeholders if item.required and known[item.name]}
    kept = []
    for part in _BETWEEN.split(wording.body.strip()):
        names = set(PLACEHOLDER.findall(part))
        if names & needed or all(known[name] for name in names):
            kept.append(fill(part, known).strip())
    # The name of the city is longer than its placeholder.
    return fill(wording.subject, known)[:MAX_SUBJECT].strip(), tuple(kept)


def fill_page(platform: Platform, text: ManagedText, wording: Wording) -> str:
    """The text of a page with the city in it; in Markdown what is filled in has no signs that mean something."""
    city = platform.config.city.name
    return fill(wording.body, {CITY.name: city if text.line else _SIGNS.sub(r"\\\1", city)})


def fill(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern with its placeholders filled, once: what is filled in is never looked at again."""
    return PLACEHOLDER.sub(lambda found: values[found[1]], pattern)


def example_values(text: ManagedText) -> dict[str, Value]:
    """What previews and test mails fill in."""
    return {item.name: item.example for item in text.placeholders}


def _values(platform: Platform, text: ManagedText, language: str, values: Mapping[str, Value]) -> dict[str, str]:
    declared = {item.name for item in text.placeholders}
    if declared != set(values):
        raise ValueError(f"the text '{text.key}' fills in {sorted(declared)}, not {sorted(values)}")
    with platform.translations.use(language):
        return {CITY.name: platform.config.city.name} | {name: _said(value) for name, value in values.items()}


def _said(value: Value) -> str:
    parts = value if isinstance(value, tuple) else (value,)
    return "\n\n".join(said for part in parts if (said := str(part).strip()))
