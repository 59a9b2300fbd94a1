"""How moments are shown in lists: rows, cards, periods and lights in words."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from citycontent.web.api import (
    Atlas,
    ListPage,
    area_field,
    area_filter,
    one_of,
    search_field,
    select_field,
    theme_field,
    theme_filter,
    unknown_filter,
    when,
)
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import ITEM_KIND_LABELS
from samen_beleidsagenda.periods import Period, period_of
from samen_core.api import Text, _
from samen_core.web.api import BoundField, Card, Row, page_url

Label = Text | str
MEETING = _("Vergadering")
CAN_SAY = _("U kunt meepraten")
OFF = _("Gaat niet door")


def kind_label(code: str) -> Text:
    """What a moment is: a vergadering, or one of the kinds of planned moments."""
    return MEETING if code == "meeting" else ITEM_KIND_LABELS[code]


def period_words(row: Any) -> Label:
    """When a moment is, in words: of a meeting with its times, of a planned moment its period."""
    if row.start_at is not None:
        return when(row.start_at, row.end_at)
    if row.precision == "day" and row.end_date > row.start_date:
        return _("{start} tot en met {end}", start=period_of(row.start_date, row.start_date), end=period_of(row.end_date, row.end_date))
    return str(Period(row.start_date, row.end_date, row.precision))


def entry_row(row: Any, *, with_kind: bool = True, with_body: bool = True, with_holder: bool = True) -> Row:
    """A moment in a list: what, of which dossier, when, by whom, and whether one can have a say; without what all of the list share."""
    badges: list[tuple[Label, str]] = []
    if row.status == "cancelled":
        badges.append((OFF, "danger"))
    elif row.has_say:
        badges.append((CAN_SAY, "warm"))
    if with_kind:
        badges.append((kind_label(row.kind), "neutral"))
    meta: list[tuple[str, Label]] = [("calendar-days", period_words(row))]
    if row.body_name and with_body:
        meta.append(("landmark", row.body_name))
    if row.holder_label and with_holder:
        meta.append(("user-round", row.holder_label))
    if row.location:
        meta.append(("map-pin", row.location))
    about = row.dossier_title if row.dossier_title and row.dossier_title != row.title else ""
    return Row(row.title, page_url(row.path), about, badges=tuple(badges), meta=tuple(meta))


def say_card(row: Any) -> Card:
    """A moment at which one can have a say, as a card."""
    text = row.dossier_title if row.dossier_title and row.dossier_title != row.title else ""
    return Card(row.title, page_url(row.path), text, period_words(row), CAN_SAY, "warm")


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What a list of moments is narrowed to: by theme, area, body and holder, with what is chosen in words."""

    theme_id: uuid.UUID | None
    area_ids: tuple[uuid.UUID, ...] | None
    body_id: uuid.UUID | None
    holder_id: uuid.UUID | None
    picked: tuple[tuple[str, Label | None], ...]

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of a filter."""
        return {"theme_id": self.theme_id, "area_ids": self.area_ids, "body_id": self.body_id, "holder_id": self.holder_id}


def narrowed(book: Atlas, where: ListPage, bodies: Sequence[Any], holders: Sequence[Any] = ()) -> Narrowed:
    """The chosen theme, area, body and holder. Raises Invalid for one that does not exist."""
    area, theme = area_filter(book, where), theme_filter(book, where)
    body = _found(where.values.get("orgaan", ""), {row.slug: (row.organization_id, row.name) for row in bodies})
    holder = _found(where.values.get("portefeuille", ""), {str(row.id): (row.id, row.label) for row in holders})
    return Narrowed(
        theme.id if theme else None,
        book.tree.within(area.id) if area else None,
        body[0] if body else None,
        holder[0] if holder else None,
        (
            ("gebied", area.name if area else None),
            ("thema", theme.name if theme else None),
            ("orgaan", body[1] if body else None),
            ("portefeuille", holder[1] if holder else None),
        ),
    )


def _found(code: str, known: dict[str, tuple[uuid.UUID, str]]) -> tuple[uuid.UUID, str] | None:
    if code and code not in known:
        raise unknown_filter()
    return known.get(code)


def narrowing_fields(book: Atlas, where: ListPage, bodies: Sequence[Any], holders: Sequence[Any] = ()) -> list[BoundField]:
    """The fields of the filters on area, theme, body and holder."""
    found = [area_field(book, where), theme_field(book, where)]
    if bodies:
        found.append(select_field(where, "orgaan", _("Wie beslist"), [(row.slug, row.name) for row in bodies], _("Alle organen")))
    if holders:
        found.append(
            select_field(where, "portefeuille", _("Portefeuille"), [(str(row.id), row.label) for row in holders], _("Alle portefeuilles"))
        )
    return found


def kind_field(where: ListPage, *, meetings: bool = True) -> BoundField:
    """The filter on kinds of moments."""
    kinds: list[tuple[str, Label]] = [("meeting", MEETING)] if meetings else []
    return select_field(where, "soort", _("Wat voor moment"), [*kinds, *ITEM_KIND_LABELS.items()], _("Alles"))


def kind_filter(where: ListPage, *, meetings: bool = True) -> str | None:
    """The chosen kind. Raises Invalid for one that there is not."""
    return one_of(where.values.get("soort", ""), [*(("meeting",) if meetings else ()), *ITEM_KIND_LABELS])


def say_filter(where: ListPage) -> bool | None:
    """Whether only moments with a say are asked for."""
    return True if one_of(where.values.get("meepraten", ""), ("true",)) else None


def say_field(where: ListPage) -> BoundField:
    """The filter on moments with a say."""
    return BoundField(
        "meepraten", "filter-meepraten", _("Alleen waar ik kan meepraten"), "", "checkbox", bool(where.values.get("meepraten"))
    )


def words_field(where: ListPage) -> BoundField:
    """The field of words to search for."""
    return search_field(where, _("Zoek in de beleidsagenda"))


def new_moment_path(dossier_slug: str = "") -> str:
    """The form for a new moment, of this dossier."""
    return f"{paths.PLANNING}/nieuw" + (f"?dossier={dossier_slug}" if dossier_slug else "")
