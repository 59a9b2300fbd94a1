"""What the macros of cards and lists show: a card and a row, ready to render (texts in the reader's language, addresses complete).

A plain string is what the city wrote, in Dutch; a text of the interface is a Text. On English pages the macros mark the first as Dutch.
"""

from __future__ import annotations

from dataclasses import dataclass

from samen_core.i18n import Text

Label = Text | str


@dataclass(frozen=True, slots=True)
class Card:
    """A card of ``core/macros/cards.html``: one link, one status, one line of text, one date written out.

    ``status_kind`` is one of neutral, info, success, warning, danger, warm.
    """

    title: Label
    url: str
    text: Label = ""
    date: Label = ""
    status: Label = ""
    status_kind: str = "neutral"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of ``core/macros/lists.html``: a link (plain text without ``url``), a line of text, badges and small facts.

    ``badges`` are (text, kind) pairs with the kinds of a card; ``sector`` is (code, label) or None; ``meta`` are (icon name, text) pairs.
    """

    title: Label
    url: str
    text: Label = ""
    badges: tuple[tuple[Label, str], ...] = ()
    sector: tuple[str, Label] | None = None
    meta: tuple[tuple[str, Label], ...] = ()
