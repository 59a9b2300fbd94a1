"""Two versions of a text beside each other, with what went and what came marked."""

from __future__ import annotations

from difflib import SequenceMatcher

from markupsafe import Markup, escape

LONGEST = 1_500
"""Words; longer texts are shown without marks, since comparing them would take too long."""


def marked_differences(before: str, after: str) -> tuple[Markup, Markup]:
    """Both texts, with ``<del>`` around words that went and ``<ins>`` around words that came. Line breaks stay."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > 2 * LONGEST:
        return escape(before), escape(after)
    left, right = Markup(), Markup()
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        left += escape(gone) if kind == "equal" else Markup("<del>{}</del>").format(gone) if gone else ""
        right += escape(come) if kind == "equal" else Markup("<ins>{}</ins>").format(come) if come else ""
    return left, right


def _words(text: str) -> list[str]:
    """Words and the white space between them."""
    found, word, blank = [], "", False
    for sign in text:
        if word and sign.isspace() != blank:
            found.append(word)
            word = ""
        word += sign
        blank = sign.isspace()
    return [*found, word] if word else found
