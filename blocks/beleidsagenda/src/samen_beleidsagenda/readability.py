"""How easily a Dutch text reads: long sentences, long words and words of offices, against level B1.

Pure functions. The bounds are those that Dutch governments work with: sentences of about ten to fifteen words, never above twenty, and no
words that people do not say to each other (Direct Duidelijk, the national programme for plain language).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from samen_core.api import Text, _

LONGEST_SENTENCE = 20
"""Words in one sentence."""
AVERAGE_SENTENCE = 14
LONGEST_WORD = 17
"""Letters in one word; long compounds are normal in Dutch, longer ones are hard to read."""
MOST_NAMED = 8

EASIER: dict[str, str] = {
    "aangaande": "over",
    "aangezien": "omdat",
    "alsmede": "en",
    "betreffende": "over",
    "conform": "volgens",
    "derhalve": "daarom",
    "desgewenst": "als u dat wilt",
    "dient te": "moet",
    "dienen te": "moeten",
    "doch": "maar",
    "echter": "maar",
    "faciliteren": "helpen",
    "frequent": "vaak",
    "implementeren": "invoeren",
    "indien": "als",
    "ingevolge": "volgens",
    "inzake": "over",
    "inzet op": "werkt aan",
    "jegens": "tegenover",
    "kaders": "grenzen",
    "mede gelet op": "ook door",
    "met betrekking tot": "over",
    "middels": "met",
    "mits": "als",
    "momenteel": "nu",
    "monitoren": "volgen",
    "nadien": "daarna",
    "omtrent": "over",
    "optimaliseren": "verbeteren",
    "participeren": "meedoen",
    "realiseren": "maken",
    "reeds": "al",
    "stakeholders": "betrokkenen",
    "teneinde": "om",
    "ten aanzien van": "over",
    "ten behoeve van": "voor",
    "tevens": "ook",
    "thans": "nu",
    "uitvoering geven aan": "uitvoeren",
    "voornemens": "van plan",
    "voorts": "ook",
    "wederom": "weer",
    "zulks": "dat",
}
"""Words of offices, with what people say instead."""

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_HARD = re.compile(r"\b(" + "|".join(re.escape(word) for word in sorted(EASIER, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in a text: the sentences that are too long, words that are, words of offices with what to say, and the average."""

    sentences: int
    average: float
    long_sentences: tuple[str, ...]
    long_words: tuple[str, ...]
    office_words: tuple[tuple[str, str], ...]


def read(text: str) -> Reading:
    """Look at a text."""
    plain = _ADDRESS.sub(" ", text)
    found = [sentence.strip() for sentence in _SENTENCE.findall(plain)]
    counted = [(sentence, len(_WORD.findall(sentence))) for sentence in found]
    counted = [(sentence, number) for sentence, number in counted if number]
    words = _WORD.findall(plain)
    total = sum(number for _sentence, number in counted)
    return Reading(
        sentences=len(counted),
        average=total / len(counted) if counted else 0.0,
        long_sentences=tuple(sentence for sentence, number in counted if number > LONGEST_SENTENCE)[:MOST_NAMED],
        long_words=_some(word for word in words if max(len(part) for part in word.split("-")) > LONGEST_WORD),
        office_words=tuple((word, EASIER[word]) for word in _some(word.casefold() for word in _HARD.findall(plain))),
    )


def hints(reading: Reading) -> list[Text]:
    """What would make a text easier, in words; nothing for a plain one."""
    found: list[Text] = []
    if reading.sentences > 1 and reading.average > AVERAGE_SENTENCE:
        found.append(_("Uw zinnen zijn gemiddeld {n} woorden lang. Probeer 10 tot 14 woorden.", n=round(reading.average)))
    found += [_("Deze zin is lang. Maak er twee van: “{sentence}”", sentence=_start(sentence)) for sentence in reading.long_sentences]
    if reading.long_words:
        found.append(_("Lange woorden: {words}. Kan het korter?", words=", ".join(reading.long_words)))
    found += [
        _("“{word}” is een woord van kantoor. Schrijf bijvoorbeeld “{easier}”.", word=word, easier=easier)
        for word, easier in reading.office_words
    ]
    return found


def _some(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))[:MOST_NAMED]


def _start(sentence: str) -> str:
    words = sentence.split()
    return " ".join(words[:8]) + " …" if len(words) > 8 else sentence
