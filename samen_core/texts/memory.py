"""The declared texts of a platform with what the city made of them, from memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from samen_core.i18n import SOURCE_LANGUAGE
from samen_core.remembered import Remembered
from samen_core.texts.declared import ManagedText, Wording, wrong_placeholders

if TYPE_CHECKING:
    from samen_core.platform import Platform

# Past the events of SQLAlchemy, so that what a page costs in statements does not depend on when this was read last.
_CURRENT = """
SELECT version.key, version.language, version.subject, version.body
FROM core__text_version version
JOIN (SELECT key, language, max(version) AS version FROM core__text_version GROUP BY key, language) last
ON last.key = version.key AND last.language = version.language AND last.version = version.version
WHERE version.body IS NOT NULL
"""

Wordings = Mapping[tuple[str, str], Wording]


class ManagedTexts(Remembered[Wordings]):
    """The declared texts, each in the words of the city or by default, re-read at most every two seconds."""

    def __init__(self, declared: Iterable[ManagedText]) -> None:
        super().__init__()
        self.declared = {text.key: text for text in declared}
        self._known: Wordings = {}

    def load(self, platform: Platform) -> Wordings:
        """The city's own words that still fit what is declared; when the database does not answer, those that were known.

        The page that says so has texts too.
        """
        try:
            connection = platform.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute(_CURRENT)
                rows = cursor.fetchall()
                cursor.close()
            finally:
                connection.close()
        except Exception:
            platform.log.exception("texts_not_read")
        else:
            found = {(key, language): Wording(subject, body) for key, language, subject, body in rows}
            self._known = {place: wording for place, wording in found.items() if self._fits(platform, *place, wording)}
        return self._known

    def _fits(self, platform: Platform, key: str, language: str, wording: Wording) -> bool:
        """Whether a stored text can be filled in: a newer version of its block may fill in other things."""
        text = self.declared.get(key)
        if text is None:
            return False
        fits = not any(wrong_placeholders(text, wording))
        if not fits:
            platform.log.warning("text_does_not_fit", key=key, language=language)
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
