"""Identifiers of other registers: which schemes there are and what each looks like (citycontent.md §4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from citycontent.schemas.fields import text_object
from samen_core.api import _

SCHEMES: dict[str, str] = {
    "kvk": r"\d{8}",
    "rsin": r"\d{9}",
    "oin": r"\d{20}",
    "tooi": r"[a-z]{2,4}\d{4}",
    "cbs-gm": r"GM\d{4}",
    "cbs-wk": r"WK\d{4}[0-9A-Z]{2}",
    "cbs-bu": r"BU\d{4}[0-9A-Z]{4}",
    "bag-num": r"\d{4}20\d{10}",
    "bag-vbo": r"\d{4}01\d{10}",
    "wikidata": r"Q[1-9]\d*",
    "ori": r"[!-~]{1,200}",
    "oparl": r"[!-~]{1,200}",
    "ical-uid": r"[!-~]{1,200}",
}
"""A pattern per scheme. A person's number (BSN) is no scheme on purpose: it may not be kept here."""

_OWN_SOURCE = re.compile(r"bron:[a-z0-9-]{1,40}")


IDENTIFIER = text_object("scheme", "identifier", required=("scheme", "identifier"))


def parse_identifier(item: Any) -> tuple[str, str]:
    """``{"scheme": …, "identifier": …}`` or the line ``kvk 12345678``. Raises ValidationError for an unknown scheme or a wrong number."""
    if isinstance(item, str):
        scheme, _space, identifier = item.strip().partition(" ")
        item = {"scheme": scheme.rstrip(":"), "identifier": identifier}
    if not isinstance(item, Mapping) or not all(isinstance(item.get(name), str) for name in ("scheme", "identifier")):
        raise ValidationError([_("Geef per nummer het register en het nummer, bijvoorbeeld: kvk 12345678.")])
    scheme, identifier = item["scheme"].strip().lower(), item["identifier"].strip()
    pattern = r"[!-~]{1,200}" if _OWN_SOURCE.fullmatch(scheme) else SCHEMES.get(scheme)
    if pattern is None:
        raise ValidationError([_("Register “{scheme}” is onbekend. Kies uit: {known}.", scheme=scheme[:40], known=", ".join(SCHEMES))])
    if not re.fullmatch(pattern, identifier, re.ASCII) or (scheme == "rsin" and not _is_rsin(identifier)):
        raise ValidationError([_("“{identifier}” is geen geldig nummer in register {scheme}.", identifier=identifier[:40], scheme=scheme)])
    return scheme, identifier


def _is_rsin(number: str) -> bool:
    """An RSIN passes the same eleven test as a BSN."""
    from stdnum.nl import bsn

    return bool(bsn.is_valid(number))
