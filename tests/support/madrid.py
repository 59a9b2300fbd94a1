"""Real proposals with their threads (decide-madrid, Spanish): read from the files, put in themes by words, and counted again by hand."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEEPEST = 3
"""A reply that lies deeper in the file goes under the last one that may have replies."""

NO_WORDS = "(sin texto)"
"""What stands for a comment whose words the source no longer has."""

THEMES: dict[str, tuple[str, ...]] = {
    "Bicicletas": ("bici", "carril"),
    "Limpieza": ("basura", "limpi", "colilla", "grafit", "contenedor", "recogida"),
    "Animales": ("perro", "animal", "paloma", "mascota", "veterinari"),
    "Transporte": ("metro", "autobus", "tren", "abono", "emt"),
    "Impuestos": ("impuesto", "tasa", "ibi", "plusval", "multa"),
    "Aire": ("contamina", "aire", "arbol", "arboriza", "radiofrec", "antena"),
    "Infancia": ("niño", "colegio", "infancia", "guarder"),
    "Ruido": ("ruido", "música", "discoteca", "motos"),
}
CHANNELS = ("online", "meeting", "phone", "letter", "email", "social")


@dataclass(slots=True)
class Voice:
    """A proposal or a comment. ``parent`` is what it is imported under, ``above`` what it is shown under once the depth is limited."""

    ref: str
    text: str
    sector: str
    channel: str
    day: str
    parent: str | None = None
    above: str | None = None
    depth: int = 0
    themes: list[str] = field(default_factory=list)

    def entry(self) -> dict[str, Any]:
        """What the API takes."""
        facts = {"text": self.text, "sector": self.sector, "channel": self.channel, "received_on": self.day, "external_ref": self.ref}
        return facts | ({"parent_ref": self.parent} if self.parent else {})


def read_voices(folder: Path) -> dict[str, Voice]:
    """All proposals, then all comments, by their reference, in the order of the files."""
    found: dict[str, Voice] = {}
    for row in _rows(folder / "proposals.csv.gz"):
        text = "\n\n".join(part for part in (row["title"], row["summary"], row["text"]) if part)
        sector = "civil_society" if row["isAssociation"] == "1" else "citizens"
        voice = Voice(f"p{row['id']}", text, sector, CHANNELS[int(row["userId"]) % len(CHANNELS)], row["date"])
        voice.themes = [theme for theme, words in THEMES.items() if any(word in row["title"].lower() for word in words)]
        found[voice.ref] = voice
    sectors = {"Colectivo": "civil_society", "Empleados públicos": "government"}
    for row in _rows(folder / "comments.csv.gz"):
        ref, parent = f"c{row['id']}", f"c{row['parentId']}"
        channel = CHANNELS[int(row["userId"]) % len(CHANNELS)]
        voice = Voice(ref, row["text"] or NO_WORDS, sectors.get(row["userType"], "citizens"), channel, row["date"])
        # Comments on a comment that was taken away in Madrid go under the proposal.
        voice.parent = parent if parent in found else f"p{row['proposalId']}"
        above = found[voice.parent]
        while above.depth >= DEEPEST and above.above is not None:
            above = found[above.above]
        voice.above, voice.depth = above.ref, above.depth + 1
        found[ref] = voice
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def threads(voices: Mapping[str, Voice]) -> dict[str, str]:
    """The proposal that each voice belongs to, also the proposals themselves."""
    roots: dict[str, str] = {}
    for voice in voices.values():
        roots[voice.ref] = roots[voice.above] if voice.above else voice.ref
    return roots


def count(voices: Mapping[str, Voice], names: tuple[str, ...] = ("sector", "channel")) -> dict[str, dict[str, int]]:
    """Proposals per sector and per channel."""
    top = [voice for voice in voices.values() if voice.above is None]
    return {name: dict(Counter(getattr(voice, name) for voice in top)) for name in names}
