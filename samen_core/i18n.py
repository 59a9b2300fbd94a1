"""Texts in the reader's language.

The source language is Dutch: a message's id is its Dutch text. Services make lazy :class:`Text` objects; only web, REST and mail
turn them into strings, in the language of the reader. The current language lives in a context variable, so the same code works in
a request, in the worker and in a test. Catalogues are read from ``translations/<language>.po`` of every package, on first use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

SOURCE_LANGUAGE = "nl"
LANGUAGES: dict[str, str] = {"nl": "Nederlands", "en": "English"}
CITY_TIME_ZONE = ZoneInfo("Europe/Amsterdam")


class Text:
    """A message that is rendered later, in the language of whoever reads it.

    ``id`` is the Dutch source text with ``{name}`` placeholders; ``plural`` and ``n`` are set for a text with a number.
    """

    __slots__ = ("id", "n", "params", "plural")

    def __init__(self, id: str, params: Mapping[str, Any] | None = None, *, plural: str | None = None, n: int | None = None) -> None:
        self.id = id
        self.params: Mapping[str, Any] = params or {}
        self.plural = plural
        self.n = n

    def __str__(self) -> str:
        return _translator.get().render(self)

    def __repr__(self) -> str:
        return f"Text({self.id!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and (self.id, self.plural, self.n, self.params) == (other.id, other.plural, other.n, other.params)

    def __hash__(self) -> int:
        return hash((self.id, self.plural, self.n))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __bool__(self) -> bool:
        return bool(self.id)


def _(id: str, **params: Any) -> Text:
    """Mark a Dutch source text for translation; ``{name}`` placeholders are filled when it is rendered."""
    return Text(id, params)


def n_(singular: str, plural: str, n: int, **params: Any) -> Text:
    """Like :func:`_` for a text with a number; both forms may use ``{n}``."""
    return Text(singular, {"n": n, **params}, plural=plural, n=n)


class Translator:
    """One language: its code and its messages (Dutch id to translation, or to a tuple of plural forms)."""

    def __init__(self, language: str, messages: Mapping[str, str | tuple[str, ...]]) -> None:
        self.language = language
        self.messages = messages

    def lookup(self, id: str) -> str:
        """The translation of a singular message, or the Dutch source when there is none."""
        found = self.messages.get(id)
        return found if isinstance(found, str) else found[0] if found else id

    def lookup_plural(self, singular: str, plural: str, n: int) -> str:
        """The form for ``n``; Dutch and English both have one singular (n = 1) and one plural."""
        found = self.messages.get(singular)
        forms = found if isinstance(found, tuple) and len(found) > 1 else (singular, plural)
        return forms[0] if n == 1 else forms[1]

    def render(self, text: Text) -> str:
        """The text in this language with its placeholders filled; a lazy text as a value is rendered too."""
        if text.plural is not None and text.n is not None:
            pattern = self.lookup_plural(text.id, text.plural, text.n)
        else:
            pattern = self.lookup(text.id)
        if not text.params:
            return pattern
        return pattern.format(**{name: self.render(value) if isinstance(value, Text) else value for name, value in text.params.items()})


_SOURCE = Translator(SOURCE_LANGUAGE, {})
_translator: ContextVar[Translator] = ContextVar("samen_translator", default=_SOURCE)


class Translations:
    """The catalogues of one platform: merged over all packages, one per language, read on first use.

    Where two packages translate the same text, the first counts, so that adding a block does not change the words of another.
    """

    def __init__(self, folders: Iterable[Path], languages: Iterable[str] = tuple(LANGUAGES)) -> None:
        self.folders = tuple(folders)
        self.languages = tuple(languages)
        self._translators: dict[str, Translator] = {}

    def translator(self, language: str) -> Translator:
        """The translator of a language; an unknown language gives the source language."""
        if language not in self.languages:
            language = SOURCE_LANGUAGE
        if language not in self._translators:
            self._translators[language] = Translator(language, self._read(language))
        return self._translators[language]

    def _read(self, language: str) -> dict[str, str | tuple[str, ...]]:
        paths = [path for folder in self.folders if (path := folder / f"{language}.po").is_file()]
        if not paths:
            return {}
        from babel.messages.pofile import read_po

        messages: dict[str, str | tuple[str, ...]] = {}
        for path in paths:
            with path.open("rb") as stream:
                for message in read_po(stream, locale=language):
                    if not message.id or message.fuzzy:
                        continue
                    if isinstance(message.id, tuple | list):
                        forms = message.string if isinstance(message.string, tuple | list) else ()
                        if forms and all(forms):
                            messages.setdefault(message.id[0], tuple(forms))
                    elif message.string:
                        messages.setdefault(message.id, str(message.string))
        return messages

    @contextmanager
    def use(self, language: str) -> Iterator[Translator]:
        """Render texts in this language inside the ``with`` block."""
        translator = self.translator(language)
        token = _translator.set(translator)
        try:
            yield translator
        finally:
            _translator.reset(token)


def current_language() -> str:
    """The code of the language that texts are rendered in now."""
    return _translator.get().language


def activate(translator: Translator) -> None:
    """Render texts in this language from here on in this context (a request has a context of its own)."""
    _translator.set(translator)


@lru_cache(maxsize=4096)
def _format(value: date | datetime, pattern: str, language: str) -> str:
    from babel.dates import format_date, format_datetime

    if isinstance(value, datetime):
        return format_datetime(value, pattern, tzinfo=CITY_TIME_ZONE, locale=language)
    return format_date(value, pattern, locale=language)


def format_day(value: date | datetime) -> str:
    """A date written out with its weekday: "donderdag 3 december 2026"."""
    return _format(value, "EEEE d MMMM y", current_language())


def format_date(value: date | datetime) -> str:
    """A date written out: "3 december 2026"."""
    return _format(value, "d MMMM y", current_language())


def format_month(value: date | datetime) -> str:
    """A month written out: "december 2026"."""
    return _format(value, "LLLL y", current_language())


def format_moment(value: datetime) -> str:
    """A moment in the city's time: "donderdag 3 december 2026, 19.30 uur"."""
    language = current_language()
    pattern = "EEEE d MMMM y, HH.mm 'uur'" if language == "nl" else "EEEE d MMMM y, HH:mm"
    return _format(value, pattern, language)


def format_time(value: datetime) -> str:
    """A clock time in the city's time zone: "19.30 uur"."""
    language = current_language()
    return _format(value, "HH.mm 'uur'" if language == "nl" else "HH:mm", language)


def format_number(value: int | float) -> str:
    """A number with the separators of the reader's language."""
    return _format_number(value, current_language())


@lru_cache(maxsize=4096)
def _format_number(value: int | float, language: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(value, locale=language)
