"""The public logbook in the language of its reader: its lines are stored in Dutch, and every one is a text of this block."""

from __future__ import annotations

import re
import string
from functools import lru_cache

from samen_beleidsagenda.periods import parse_period
from samen_core.api import Text, _, current_language

PATTERNS: tuple[Text, ...] = (
    _("Dit moment is gepland: {period}."),
    _("Dit moment is bijgewerkt. Wanneer: {period}."),
    _("Dit staat op de agenda van {day}."),
    _("De periode is aangepast: {period}."),
    _("Dit moment is verplaatst van {was} naar {now}."),
    _("Versie {number} van dit stuk is toegevoegd."),
    _("Het dossier ging van {before} naar {after}."),
    _("Niveau van samenspraak: {level}."),
    _("Hoe het doel ervoor staat: {progress}."),
    _("Op de beleidsagenda is dit nu een orgaan: {kind}."),
    _("Portefeuillehouder: {post}."),
    _("Er is samenspraak aan dit dossier gekoppeld: “{title}”."),
    _("De uitleg bij samenspraak is gewijzigd: “{title}”."),
    _("De gemeente legt uit wat zij deed met samenspraak: “{title}”."),
    _("De koppeling met samenspraak is weggehaald: “{title}”."),
)
"""The sentences that something is filled in in; all others are whole texts."""


def rendered(action: str, sentence: str) -> str | None:
    """The stored sentence of an act of this block in the language of now; None when it stays as it is stored."""
    if not sentence or current_language() == "nl" or not action.startswith("beleidsagenda."):
        return None
    for text, form in _forms():
        if found := form.fullmatch(sentence):
            return str(_(text.id, **{name: _value(value) for name, value in found.groupdict().items()}))
    return str(_(sentence))


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[Text, re.Pattern[str]], ...]:
    def form(text: Text) -> re.Pattern[str]:
        parts = string.Formatter().parse(text.id)
        return re.compile("".join(re.escape(before) + (f"(?P<{name}>.+)" if name else "") for before, name, _spec, _kind in parts))

    return tuple((text, form(text)) for text in PATTERNS)


def _value(said: str) -> str:
    """A period or a word of ours in this language; a title, a name or a number as it is."""
    try:
        return str(parse_period(said))
    except ValueError:
        word = str(_(said[:1].upper() + said[1:]))
        return word if said[:1].isupper() else word[:1].lower() + word[1:]
