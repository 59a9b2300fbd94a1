"""Words: how text and queries become the same words, and how the words of a query are found back in a text.

Both databases get words from here, so that both find the same: accents folded, capitals gone, Dutch endings off. The stems are our own few
rules, made for the nouns and adjectives that people search for. Of the 163 pairs of forms in the tests, Snowball's two Dutch stemmers miss
36 and 49 (they make "fiets" of "fietsen", but "fiet" of "fiets").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

MAX_WORDS = 5_000
MAX_WORD = 64
MAX_QUERY = 1_000
MAX_QUERY_WORDS = 12
MAX_SIMILAR_WORDS = 30
MIN_PREFIX = 2
MIN_STEM = 3
APART = "þ"
"""Before each word that stands apart in the index. Folding makes "th" of it, so that no query can ask for such a word."""

SNIPPET = 240
SNIPPET_BEFORE = 60

_WORD = re.compile(r"[^\W_]+")
_SPECIAL = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})
_POSSESSIVE = re.compile(r"(?<=\w)['’´`](?=s\b)")
_PLURAL_TREMA = re.compile(r"(ee|ie)en$")
_ENDING = re.compile(r"(?:en|e|s)$")
_VOWEL = re.compile(r"[aeiouy]")
_DOUBLE_CONSONANT = re.compile(r"([bdfgklmnprst])\1$")
_LONG_VOWEL = re.compile(r"([aeou])\1")
_VOICELESS = {"v": "f", "z": "s"}
_IRREGULAR = {
    "kinderen": "kind", "steden": "stad", "leden": "lid", "schepen": "schip", "eieren": "ei", "bladeren": "blad", "goederen": "goed",
    "liederen": "lied", "musea": "museum", "centra": "centrum",
}  # fmt: skip
# Words that stand in nearly every text: they would only slow a search down.
STOP_WORDS = frozenset(
    """
    aan als bij dan dat de den der deze die dit door een en er had heb het hij hoe hun ik in is je kan maar me met mijn naar niet nog nu of
    om ons onze ook op over te tot uit uw van veel voor waar was wat we wel wie wij worden wordt ze zij zijn zo
    """.split()  # noqa: SIM905 words on lines read better than a list
)


def fold(text: str) -> str:
    """Text without capitals and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_SPECIAL))
    return "".join(character for character in decomposed if not unicodedata.combining(character)).casefold()


def words(text: str) -> Iterator[str]:
    """The folded words of a text; a very long one is cut."""
    for match in _WORD.finditer(_POSSESSIVE.sub("", fold(text))):
        yield match[0][:MAX_WORD]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of a folded Dutch word have in common: "boom" and "bomen" are "bom". A word with a digit in it stays whole.

    It is no word of the language: long vowels are written short, since spelling writes them both ways ("straat", "straten").
    """
    if not word.isalpha():
        return word
    for plural, singular in _IRREGULAR.items():
        if word.endswith(plural):
            word = word.removesuffix(plural) + singular
    word = _PLURAL_TREMA.sub(r"\1", word)
    before = ""
    while before != word:
        before = word
        rest = _ENDING.sub("", word)
        word = rest if len(rest) >= MIN_STEM and _VOWEL.search(rest) else word
        word = _DOUBLE_CONSONANT.sub(r"\1", word)
        word = word[:-1] + _VOICELESS.get(word[-1], word[-1])
    return _LONG_VOWEL.sub(r"\1", word)


def indexed_words(text: str) -> Iterator[str]:
    """What the index holds of a text: every word, followed by its stem where that differs."""
    for count, word in enumerate(words(text)):
        if count >= MAX_WORDS:
            return
        yield word
        stemmed = stem(word)
        if stemmed != word:
            yield stemmed


def words_apart(text: str) -> Iterator[str]:
    """What the index holds of a text that stands apart."""
    return (APART + word for word in indexed_words(text))


def telling_words(text: str) -> list[str]:
    """The folded words of what somebody typed, without those that stand in nearly every text unless there are no others."""
    typed = list(words(text[:MAX_QUERY]))[:MAX_QUERY_WORDS]
    return [word for word in typed if word not in STOP_WORDS] or typed


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: the stems that must all occur, that of the last word at the end; and the last word as it was typed.

    Of the last word a beginning is enough. With ``any`` one of the stems will do, and what has most of them comes first.
    """

    stems: tuple[str, ...]
    last: str
    any: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search for."""
        return not self.stems

    def matches(self, word: str) -> bool:
        """Whether a folded word is one that this query asks for."""
        return word in self.stems or stem(word) in self.stems or (len(self.last) >= MIN_PREFIX and word.startswith(self.last))


def parse_query(text: str) -> Query:
    """The words of what somebody typed; no sign in it has a meaning of its own."""
    telling = telling_words(text)
    if not telling:
        return Query((), "")
    *others, last = telling
    stems = dict.fromkeys(stem(word) for word in others)
    stems.pop(stem(last), None)
    return Query((*stems, stem(last)), last)


def similar_query(text: str) -> Query:
    """The telling words of a text, to find what is about the same."""
    telling = (word for word in words(text) if word not in STOP_WORDS and len(word) >= MIN_STEM)
    stems = tuple(islice(dict.fromkeys(stem(word) for word in telling), MAX_SIMILAR_WORDS))
    return Query(stems, "", any=True)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; ``is_match`` where it is a word of the query, to be shown in ``<mark>``."""

    text: str
    is_match: bool


class _SameLength(dict[int, str]):
    """A table for ``str.translate`` that folds every character to exactly one, so that positions stay the same."""

    def __missing__(self, code: int) -> str:
        folded = fold(chr(code))
        self[code] = folded[0] if folded else chr(code)
        return self[code]


_SAME_LENGTH = _SameLength()


def marked(text: str, query: Query) -> tuple[Part, ...]:
    """The text in parts, with the words of the query marked."""
    parts: list[Part] = []
    end = 0
    for match in _WORD.finditer(text.translate(_SAME_LENGTH)):
        if query.matches(match[0][:MAX_WORD]):
            if match.start() > end:
                parts.append(Part(text[end : match.start()], False))
            parts.append(Part(text[match.start() : match.end()], True))
            end = match.end()
    if end < len(text):
        parts.append(Part(text[end:], False))
    return tuple(parts)


def snippet(body: str, fallback: str, query: Query) -> str:
    """The piece of ``body`` around the first word of the query, or the beginning of ``fallback`` (or of the body) when there is none."""
    begin = "|".join(re.escape(part) for part in {*query.stems, query.last} if part)
    match = re.search(rf"\b(?:{begin})", body.translate(_SAME_LENGTH)) if begin else None
    text = " ".join(body[max(0, match.start() - SNIPPET_BEFORE) :].split()) if match else " ".join((fallback or body).split())
    if match and match.start() > SNIPPET_BEFORE:
        text = "… " + text.partition(" ")[2]
    return text if len(text) <= SNIPPET else text[:SNIPPET].rpartition(" ")[0] + " …"
