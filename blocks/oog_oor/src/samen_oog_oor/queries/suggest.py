"""Which category a text is about: likeness of words and of pieces of words to names, synonyms and what handled cases said.

Plain arithmetic on words, so that everybody can see why: a word that few categories use counts more than one that many use, pieces of four
letters catch typing mistakes and compounds, and a synonym that stands in the text as it is counts extra. What it finds is only proposed.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from samen_core.api import UnitOfWork, fold
from samen_oog_oor.models import CategoryWords
from samen_oog_oor.queries.categories import CategoryTree, CategoryView, category_tree

LONGEST = 1_000
"""Characters of a text that are looked at."""
LEAST = 0.06
"""What is less alike is not proposed."""
NAME, SYNONYM, DESCRIPTION, PARENT = 3.0, 2.0, 0.7, 0.4
LEARNED = 2.0
"""How much the words of handled cases count at most, beside those that were written down."""
ENOUGH = 10
"""In how many cases a word was used when it counts for half of that: what three people said may be chance."""
WORDS, PIECES, PHRASE = 0.55, 0.45, 0.18
PIECE = 4
MEASURED = (200, 173, 196)
"""Sentences that were tried on the delivered categories, of how many the first proposal was right, and of how many one of the first three.
A test measures it anew; who sets up categories reads it."""

_EMPTY = """
    aan al alle als altijd ander anders bij daar dan dat de deze die dit doen door dus een en er erg ergens even gaan gaat gewoon goed
    graag had heb hebben heeft heel helemaal het hier hij hoe hun iemand iets ik in is ja je jij jullie kan komen komt kunnen laat maar me
    mee meer men met mij mijn moet na naar net niet niets nog nou nu of om onder ons ook op over paar s staan staat steeds t te tegen tot
    u uit uw van vanaf vandaag veel voor vooral waar wat weer we wel werd wie wij wil worden wordt ze zeer zich zij zijn zit zo zou
"""
EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words that say nothing of what it is about."""
_NOT_SPACE = re.compile(r"\S+")
_STATEMENT: Any = select(CategoryWords.category_id, CategoryWords.words)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category that a text may be about. ``score`` is from 0 to about 1; only its order means something."""

    category: CategoryView
    score: float


def suggest(uow: UnitOfWork, text: str, limit: int = 3, *, confidential: bool = False) -> list[Suggestion]:
    """The categories that the text is most alike, best first: at most ``limit``, none when nothing is alike.

    Also those that stop a signal. ``confidential``: also those for professionals. One statement, and two more after a category changed.
    """
    tree = category_tree(uow)
    index = tree.made.get("suggest")
    if index is None:
        learned = {row.category_id: row.words for row in uow.session.execute(_STATEMENT)}
        index = tree.made["suggest"] = Index(tree, learned)
    scores = index.scores(text)
    found = (
        Suggestion(index.categories[number], round(score, 3))
        for number, score in sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        if score >= LEAST and tree.is_offered(index.categories[number], confidential=confidential)
    )
    return [suggestion for suggestion, _number in zip(found, range(limit), strict=False)]


class Index:
    """The words and pieces of words of every category, weighed, by word and by piece."""

    def __init__(self, tree: CategoryTree, learned: Mapping[Any, Mapping[str, int]]) -> None:
        """``learned`` is per category id in how many handled cases a word was used."""
        self.categories = [row for row in tree.by_id.values() if row.parent_id is not None]
        self.phrases: list[tuple[str, int, float]] = []
        words, pieces = [], []
        for number, row in enumerate(self.categories):
            weights = _weights(row, tree.parent(row), learned.get(row.id, {}))
            words.append(weights)
            pieces.append(_of_pieces(weights))
            for phrase in dict.fromkeys(" ".join(words_of(line)) for line in (row.name, *row.synonyms)):
                if phrase:
                    self.phrases.append((f" {phrase} ", number, PHRASE * math.sqrt(phrase.count(" ") + 1)))
        self.words, self.pieces = _inverted(words), _inverted(pieces)

    def scores(self, text: str) -> dict[int, float]:
        """How much each category is alike, by its number; those that are not alike at all are left out."""
        said = words_of(text[:LONGEST])
        told = dict(Counter(word for word in said if word not in EMPTY_WORDS))
        scores: dict[int, float] = defaultdict(float)
        for share, index, query in ((WORDS, self.words, told), (PIECES, self.pieces, _of_pieces(told))):
            for number, score in index.likeness(query).items():
                scores[number] += share * score
        line = f" {' '.join(said)} "
        best: dict[int, float] = {}
        for phrase, number, bonus in self.phrases:
            if phrase in line:
                best[number] = max(best.get(number, 0.0), bonus)
        for number, bonus in best.items():
            scores[number] += bonus
        return dict(scores)


@dataclass(frozen=True, slots=True)
class _Inverted:
    """Per feature how rare it is and what it weighs in each document; documents have length 1."""

    rarity: Mapping[str, float]
    weights: Mapping[str, list[tuple[int, float]]]

    def likeness(self, query: Mapping[str, float]) -> dict[int, float]:
        """The cosine of the query with every document that shares something with it."""
        # What no category knows counts in the length too, or one common word among many strange ones would be sure of itself.
        strange = max(self.rarity.values(), default=1.0)
        known = {feature: (1 + math.log(count)) * self.rarity.get(feature, strange / 2) for feature, count in query.items()}
        length = math.sqrt(sum(weight * weight for weight in known.values())) or 1.0
        found: dict[int, float] = defaultdict(float)
        for feature, weight in known.items():
            for number, own in self.weights.get(feature, ()):
                found[number] += weight * own / length
        return found


def _inverted(documents: Iterable[Mapping[str, float]]) -> _Inverted:
    listed = list(documents)
    seen = Counter(feature for document in listed for feature in document)
    rarity = {feature: math.log(1 + len(listed) / count) for feature, count in seen.items()}
    weights: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, document in enumerate(listed):
        weighed = {feature: weight * rarity[feature] for feature, weight in document.items()}
        length = math.sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
        for feature, weight in weighed.items():
            weights[feature].append((number, weight / length))
    return _Inverted(rarity, dict(weights))


def _weights(row: CategoryView, parent: CategoryView | None, learned: Mapping[str, int]) -> dict[str, float]:
    """What each word says of a category."""
    found: dict[str, float] = {}
    sources = [(NAME, row.name), *((SYNONYM, line) for line in row.synonyms), (DESCRIPTION, row.description)]
    if parent is not None:
        sources.append((PARENT, parent.name))
    for weight, text in sources:
        for word in words_of(text):
            if word not in EMPTY_WORDS:
                found[word] = max(found.get(word, 0.0), weight)
    for word, count in learned.items():
        found[word] = max(found.get(word, 0.0), LEARNED * count / (count + ENOUGH))
    return found


def _of_pieces(words: Mapping[str, float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for word, weight in words.items():
        for piece in pieces_of(word):
            found[piece] = max(found.get(piece, 0.0), weight)
    return found


def words_of(text: str) -> list[str]:
    """The words of a text, without case, accents and punctuation."""
    return [word for part in _NOT_SPACE.findall(text) for word in fold(part).split()]


def pieces_of(word: str) -> Iterator[str]:
    """The pieces of a word: every :data:`PIECE` letters in a row, with a mark where the word begins and ends."""
    marked = f"<{word}>"
    if len(word) < 3:
        return
    for start in range(max(1, len(marked) - PIECE + 1)):
        yield marked[start : start + PIECE]
