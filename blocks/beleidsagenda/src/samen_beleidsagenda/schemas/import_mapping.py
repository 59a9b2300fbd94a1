"""Which column of a list is what: stored with the list, so that the next file is read the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from samen_core.api import Text, _

FIELD_LABELS: dict[str, Text] = {
    "title": _("Onderwerp"),
    "dossier": _("Dossier of programma waar het bij hoort"),
    "key": _("Nummer of kenmerk van de rij"),
    "period": _("Wanneer"),
    "body": _("Orgaan"),
    "kind": _("Soort behandeling"),
    "text": _("Toelichting"),
    "holder": _("Portefeuillehouder"),
    "theme": _("Thema"),
    "status": _("Stand van zaken"),
    "confidence": _("Hoe zeker het is"),
    "reason": _("Reden van uitstel"),
}
"""What a column can be; a column that is none of these is not read."""
GONE = ("keep", "drop")
"""What happens to a coming moment that is no longer in the list: it stays, or it lapses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its name, the ``nth`` of that name. A period may be that of one body and kind: "Datum raad"."""

    name: str
    field: str = ""
    nth: int = 0
    body: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """How a list is taken over. ``header`` is the row with the names of the columns, counted from 1; ``year`` that of periods without one.

    ``gone`` is what happens to a coming moment that is no longer in the list, ``publish`` makes public what comes in.
    """

    columns: tuple[Column, ...] = ()
    header: int = 1
    sheet: str = ""
    year: int | None = None
    gone: str = "keep"
    publish: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        columns = [{"name": item.name, "field": item.field, "nth": item.nth, "body": item.body, "kind": item.kind} for item in self.columns]
        return {
            "columns": columns,
            "header": self.header,
            "sheet": self.sheet,
            "year": self.year,
            "gone": self.gone,
            "publish": self.publish,
        }


def mapping_from(stored: Mapping[str, Any]) -> TableMapping:
    """What :meth:`TableMapping.to_json` wrote; an empty one of an empty object."""
    columns = tuple(Column(**item) for item in stored.get("columns", ()))
    return TableMapping(
        columns=columns, **{name: stored[name] for name in ("header", "sheet", "year", "gone", "publish") if name in stored}
    )
