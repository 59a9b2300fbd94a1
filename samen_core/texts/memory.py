"""The declared texts of a platform with what the city made of them, from memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select

from samen_core.i18n import SOURCE_LANGUAGE
from samen_core.remembered import Remembered
from samen_core.texts.declared import ManagedText, Wording, wrong_placeholders
from samen_core.texts.models import TextVersion

if TYPE_CHECKING:
    from samen_core.platform import Platform

_T = TextVersion.__table__.c
_LAST = select(_T.key, _T.language, func.max(_T.version).label("version")).group_by(_T.key, _T.language).subquery("last")
CURRENT: Any = select(_T.key, _T.language, _T.version, _T.subject, _T.body, _T.at).join(
    _LAST, (_LAST.c.key == _T.key) & (_LAST.c.language == _T.language) & (_LAST.c.version == _T.version)
)
"""The version of every text that counts."""


class ManagedTexts(Remembered[Mapping[tuple[str, str], Wording]]):
    """The declared texts, each in the words of the city or by default, re-read at most every two seconds."""

    def __init__(self, declared: Iterable[ManagedText]) -> None:
        super().__init__()
        self.declared = {text.key: text for text in declared}

    def load(self, platform: Platform) -> Mapping[tuple[str, str], Wording]:
        """The city's own words that still fit what is declared."""
        with platform.engine.connect() as connection:
            rows = connection.execute(CURRENT).all()
        return {
            (row.key, row.language): Wording(row.subject, row.body) for row in rows if row.body is not None and self._fits(platform, row)
        }

    def _fits(self, platform: Platform, row: Row[Any]) -> bool:
        """Whether a stored text can be filled in: a newer version of its block may fill in other things."""
        text = self.declared.get(row.key)
        if text is None:
            return False
        fits = not any(wrong_placeholders(text, Wording(row.subject, row.body)))
        if not fits:
            platform.log.warning("text_does_not_fit", key=row.key, language=row.language)
        return fits

    def wording(self, platform: Platform, key: str, language: str) -> tuple[Wording, str]:
        """The words of a text for a reader of ``language``, and the language that they are in.

        The city's own words in that language; else the default; else, where nothing is said by default, what the city says in Dutch.
        Raises KeyError for a key that nobody declared.
        """
        text = self.declared[key]
        own = self.content(platform)
        if found := own.get((key, language)):
            return found, language
        default = text.default(platform.translations, language)
        if not default.body and (dutch := own.get((key, SOURCE_LANGUAGE))):
            return dutch, SOURCE_LANGUAGE
        return default, language
