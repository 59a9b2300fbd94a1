"""One way in for every format."""

from __future__ import annotations

from samen_beleidsagenda.exchange.reading.content import load_json
from samen_beleidsagenda.exchange.reading.notubiz import read_notubiz
from samen_beleidsagenda.exchange.reading.ori import read_ori
from samen_beleidsagenda.exchange.reading.popolo import read_popolo
from samen_beleidsagenda.schemas.import_plan import Plan, Words


def read_json(format: str, content: bytes, words: Words) -> Plan:
    """What a JSON file of this format (``ori``, ``notubiz`` or ``popolo``) says. Raises Invalid, never anything else."""
    data = load_json(content)
    if format == "popolo":
        return read_popolo(data)
    return read_ori(data, words) if format == "ori" else read_notubiz(data, words)
