"""How an import is told to people: what a row does, which field changes, and how a value is called."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from samen_beleidsagenda.labels import (
    CONFIDENCE_LABELS,
    DOCUMENT_TYPE_LABELS,
    ITEM_KIND_LABELS,
    ITEM_STATUS_LABELS,
    MEETING_TYPE_LABELS,
)
from samen_beleidsagenda.periods import parse_period
from samen_core.api import Text, UnitOfWork, _, cards, format_date, format_moment

OUTCOME_LABELS: dict[str, Text] = {
    "new": _("Nieuw"),
    "moved": _("Verplaatst"),
    "changed": _("Gewijzigd"),
    "cancelled": _("Gaat niet door"),
    "removed": _("Weg"),
    "conflict": _("Botsing"),
    "problem": _("Kan niet"),
    "note": _("Let op"),
    "same": _("Hetzelfde"),
}
OUTCOME_BADGES = {
    "new": "success",
    "moved": "warning",
    "changed": "info",
    "cancelled": "warning",
    "removed": "warning",
    "conflict": "danger",
    "problem": "danger",
    "note": "neutral",
    "same": "neutral",
}
KIND_LABELS: dict[str, Text] = {
    "organization": _("Organisatie"),
    "person": _("Persoon"),
    "membership": _("Lidmaatschap"),
    "dossier": _("Dossier"),
    "moment": _("Gepland moment"),
    "meeting": _("Vergadering"),
    "agenda_item": _("Agendapunt"),
    "document": _("Stuk"),
    "treatment": _("Stuk bij een agendapunt"),
    "minutes": _("Verslag van een vergadering"),
}
VALUE_LABELS: dict[str, Text] = {
    "name": _("Naam"),
    "title": _("Titel"),
    "start": _("Begin"),
    "end": _("Einde"),
    "body": _("Orgaan"),
    "type": _("Soort"),
    "kind": _("Soort"),
    "location": _("Plek"),
    "closed": _("Niet openbaar"),
    "confidential": _("Niet openbaar"),
    "cancelled": _("Gaat niet door"),
    "order": _("Volgorde van de agenda"),
    "number": _("Nummer"),
    "text": _("Toelichting"),
    "heading": _("Kopje"),
    "hammer_item": _("Hamerstuk"),
    "planned_start": _("Begin"),
    "planned_end": _("Einde"),
    "item_parent": _("Staat onder"),
    "date": _("Datum"),
    "reference": _("Kenmerk"),
    "summary": _("Samenvatting"),
    "url": _("Webadres"),
    "page_url": _("Webpagina"),
    "woo_category": _("Woo-categorie"),
    "language": _("Taal"),
    "edition": _("Versie"),
    "document": _("Stuk"),
    "holder": _("Portefeuillehouder"),
    "period": _("Wanneer"),
    "confidence": _("Hoe zeker het is"),
    "status": _("Stand van zaken"),
}
CODES: dict[str, dict[str, Text]] = {
    "kind": ITEM_KIND_LABELS,
    "confidence": CONFIDENCE_LABELS,
    "status": ITEM_STATUS_LABELS,
    "type": {**MEETING_TYPE_LABELS, **DOCUMENT_TYPE_LABELS},
}
REFERENCES = ("body", "holder", "document", "item_parent")
LONGEST = 120


def names_in(uow: UnitOfWork, rows: Iterable[Any]) -> dict[str, str]:
    """The titles of what these rows refer to, by id as text. One statement."""
    told = list(rows)
    ids = {_id(value) for row in told for name in REFERENCES if name in row.changes for value in row.changes[name][:2]}
    ids |= {_id(row.values.get(name)) for row in told for name in REFERENCES}
    return {str(card.id): card.title for card in cards(uow, [id for id in ids if id]).values()}


TOLD_OF_NEW: dict[str, tuple[str, ...]] = {
    "moment": ("period", "body", "kind"),
    "meeting": ("start", "body", "location"),
    "agenda_item": ("number",),
    "document": ("type", "date"),
    "dossier": ("holder",),
}
"""What is told of something new, besides its title."""


def new_lines(kind: str, values: Mapping[str, Any], names: Mapping[str, str]) -> list[Text]:
    """What something new is, a line per field."""
    told = [(name, values.get(name)) for name in TOLD_OF_NEW.get(kind, ())]
    return [_("{field}: {told}", field=VALUE_LABELS[name], told=_shown(name, value, names)) for name, value in told if value]


def change_lines(changes: Mapping[str, Any], names: Mapping[str, str]) -> list[Text]:
    """What changes, a sentence per field."""
    found = []
    for name, (ours, theirs, clash) in changes.items():
        label = VALUE_LABELS.get(name, name)
        if name == "order":
            found.append(_("{field}: zoals in het bestand", field=label))
            continue
        now, told = _shown(name, ours, names), _shown(name, theirs, names)
        if clash:
            found.append(_("{field}: hier “{now}”, in het bestand “{told}”", field=label, now=now, told=told))
        elif ours in (None, ""):
            found.append(_("{field}: “{told}”", field=label, told=told))
        else:
            found.append(_("{field}: “{now}” wordt “{told}”", field=label, now=now, told=told))
    return found


def _shown(name: str, value: Any, names: Mapping[str, str]) -> Text | str:
    """A value in words."""
    if value in (None, ""):
        return _("leeg")
    if isinstance(value, bool):
        return _("ja") if value else _("nee")
    if name == "period":
        return str(parse_period(value))
    if name == "date":
        return format_date(date.fromisoformat(value))
    if name in ("start", "end", "planned_start", "planned_end"):
        return format_moment(datetime.fromisoformat(value))
    if name in REFERENCES:
        return names.get(str(value), _("iets nieuws"))
    text = str(CODES.get(name, {}).get(value, value))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _id(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
