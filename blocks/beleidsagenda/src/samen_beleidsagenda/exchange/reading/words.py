"""The words of municipalities for our codes, as far as they are the same everywhere; a list adds its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from samen_beleidsagenda.exchange.reading.content import line
from samen_core.api import fold

KINDS: dict[str, str] = {
    "besluit": "decision",
    "besluitvorming": "decision",
    "besluitvormend": "decision",
    "ter besluitvorming": "decision",
    "kaderstellend": "decision",
    "vaststellen": "decision",
    "vaststelling": "decision",
    "hamerstuk": "decision",
    "bespreking": "discussion",
    "bespreken": "discussion",
    "oordeelsvorming": "discussion",
    "oordeelsvormend": "discussion",
    "opinierend": "discussion",
    "meningsvormend": "discussion",
    "debat": "discussion",
    "ter kennisname": "information",
    "ter kennisneming": "information",
    "kennisname": "information",
    "tkn": "information",
    "informerend": "information",
    "raadsinformatiebrief": "information",
    "rib": "information",
    "wensen en bedenkingen": "views",
    "w b": "views",
    "beeldvorming": "information_meeting",
    "beeldvormend": "information_meeting",
    "informatiebijeenkomst": "information_meeting",
    "informatieavond": "information_meeting",
    "participatie": "participation",
    "inspraak": "participation",
    "samenspraak": "participation",
}
STATUSES: dict[str, str] = {
    "vervallen": "lapsed",
    "ingetrokken": "lapsed",
    "geannuleerd": "lapsed",
    "gaat niet door": "lapsed",
    "afgerond": "treated",
    "behandeld": "treated",
    "besloten": "treated",
    "vastgesteld": "treated",
    "gereed": "treated",
    "klaar": "treated",
    "afgedaan": "treated",
    "geagendeerd": "planned",
    "gepland": "planned",
    "voorgenomen": "intended",
    "concept": "intended",
}
CONFIDENCES: dict[str, str] = {
    "zeker": "certain",
    "definitief": "certain",
    "vast": "certain",
    "hard": "certain",
    "waarschijnlijk": "likely",
    "streven": "likely",
    "onzeker": "uncertain",
    "indicatief": "uncertain",
    "onder voorbehoud": "uncertain",
}
_DOCUMENTS = (
    ("beantwoording", "answer"),
    ("antwoord", "answer"),
    ("amendement", "amendment"),
    ("motie", "motion"),
    ("toezegging", "commitment"),
    ("raadsinformatiebrief", "information_letter"),
    ("raadsbrief", "information_letter"),
    ("collegebrief", "information_letter"),
    ("startnotitie", "start_note"),
    ("participatieverslag", "participation_report"),
    ("inspraakverslag", "participation_report"),
    ("uitslagenlijst", "minutes"),
    ("besluitenlijst", "minutes"),
    ("notulen", "minutes"),
    ("verslag", "minutes"),
    ("schriftelijke vragen", "question"),
    ("raadsvraag", "question"),
    ("ingekomen", "incoming"),
    ("mededeling", "announcement"),
    ("raadsvoorstel", "proposal"),
    ("raadsbesluit", "decision_paper"),
    ("voorstel", "proposal"),
    ("agenda", "agenda"),
)
"""The first word that a document's kind or title has, decides."""
_MEETINGS = (
    ("presidium", "presidium"),
    ("college", "college_meeting"),
    ("b w", "college_meeting"),
    ("commissie", "committee_meeting"),
    ("informatie", "information_meeting"),
    ("beeldvorm", "information_meeting"),
    ("raad", "council_meeting"),
)


def document_type(text: str) -> str:
    """The type of a document, from what it is called."""
    plain = fold(text)
    return next((code for word, code in _DOCUMENTS if word in plain), "other")


def meeting_type(text: str) -> str:
    """The type of a meeting, from what it and its body are called."""
    plain = fold(text)
    return next((code for word, code in _MEETINGS if word in plain), "other")


def code_for(words: Mapping[str, str], names: Iterable[Any]) -> str | None:
    """What the first of these names means that is known."""
    for name in names:
        if found := words.get(fold(line(name))):
            return found
    return None
