"""A text of a page or a mail as a block declares it: where it is for, its default, and what is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from samen_core.i18n import SOURCE_LANGUAGE, Text, Translations, Translator, _

Kind = Literal["page", "mail"]
Value = object
"""What is filled in: what is a text when it is written, in the language of the mail, or a tuple of those, as paragraphs; "" is nothing."""

PLACEHOLDER = re.compile(r"\{([^{}\s]*)\}")
_KEY = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What is filled in where ``{name}`` stands. One that is ``required`` must stay in the text: without it the mail is of no use."""

    name: str
    meaning: Text
    example: Value
    required: bool = False


CITY = Placeholder("city", _("de naam van de gemeente"), "")
"""May stand in every text. Its example is the city itself."""


@dataclass(frozen=True, slots=True)
class ManagedText:
    """A text that a city may change. ``key`` is ``<block>.<name>``; ``explanation`` says where it stands or when it is sent.

    ``body`` is the default: paragraphs with ``{name}`` where a placeholder is filled in. In a mail a paragraph with a placeholder that has
    no value this time is left out, unless one that is required stands in it. The ``subject`` of a mail has no placeholder but the city:
    mail programs show it in passing.
    A page's text is Markdown, or with ``line`` one line without signs. Raises ValueError for a text that is not right in itself.
    """

    key: str
    label: Text
    explanation: Text
    body: tuple[Text | str, ...]
    subject: Text | None = None
    placeholders: tuple[Placeholder, ...] = ()
    line: bool = False

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise ValueError(f"the text '{self.key}' needs a key like <block>.<name>")
        used = [name for part in self.body for name in PLACEHOLDER.findall(part.id if isinstance(part, Text) else part)]
        if unknown := set(used) - set(self.by_name):
            raise ValueError(f"the text '{self.key}' fills in {sorted(unknown)}, which it does not declare")
        if missing := {item.name for item in self.placeholders if item.required} - set(used):
            raise ValueError(f"the default of the text '{self.key}' lacks {sorted(missing)}")

    @property
    def kind(self) -> Kind:
        """Whether it stands on a page or is mailed."""
        return "page" if self.subject is None else "mail"

    @property
    def block(self) -> str:
        """The name of the block that declares it."""
        return self.key.partition(".")[0]

    @property
    def by_name(self) -> dict[str, Placeholder]:
        """Its placeholders by name, with the one that every text has."""
        return {CITY.name: CITY} | {item.name: item for item in self.placeholders}

    def default(self, translations: Translations, language: str) -> Wording:
        """The default in a language, not filled in."""
        translator = translations.translator(language)
        subject = "" if self.subject is None else translator.render(self.subject)
        return Wording(subject, "\n\n".join(_said(translator, self.body)))


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a text: the subject (empty for a page) and the body, with placeholders in them."""

    subject: str
    body: str


def wrong_placeholders(text: ManagedText, wording: Wording) -> tuple[list[str], list[str], list[str]]:
    """The names in the body that the text does not know, those that it lacks, and those in the subject that may not stand there."""
    used = PLACEHOLDER.findall(wording.body)
    known = text.by_name
    unknown = sorted(set(used) - set(known))
    missing = [item.name for item in text.placeholders if item.required and item.name not in used]
    return unknown, missing, sorted(set(PLACEHOLDER.findall(wording.subject)) - {CITY.name})


def _said(translator: Translator, parts: Iterable[Text | str]) -> Iterable[str]:
    return (translator.render(part) if isinstance(part, Text) else part for part in parts)


def languages(given: Iterable[str]) -> tuple[str, ...]:
    """The languages of a city, the source language first."""
    return (SOURCE_LANGUAGE, *(code for code in given if code != SOURCE_LANGUAGE))
