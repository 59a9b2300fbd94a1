"""One's own data in words: block by block, thing by thing, for the page and for the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from samen_core.i18n import LANGUAGES, Text, _, format_date, format_moment
from samen_core.platform import Platform
from samen_core.privacy.erasure import Fate
from samen_core.privacy.export import OwnThings, Record
from samen_core.privacy.register import block_label
from samen_core.subjects import SubjectCard


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """One thing: labels with values, and the things that it is about."""

    values: tuple[tuple[str, str], ...]
    about: tuple[SubjectCard, ...]


@dataclass(frozen=True, slots=True)
class ShownThings:
    """The things of one kind, with per field why it is kept and how long; ``more`` counts what is only in the file."""

    label: Text
    records: tuple[ShownRecord, ...]
    terms: tuple[tuple[str, Text, Text], ...]
    more: int


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """What one block keeps."""

    owner: str
    label: Text
    things: tuple[ShownThings, ...]


def shown_things(platform: Platform, found: Iterable[OwnThings], account_id: UUID) -> list[ShownBlock]:
    """An export in words, core first."""
    ordered = sorted(found, key=lambda own: (own.owner != "core", own.owner))
    return [
        ShownBlock(owner, block_label(platform, owner), tuple(_things(own, account_id) for own in group))
        for owner, group in groupby(ordered, key=lambda own: own.owner)
    ]


def _things(own: OwnThings, account_id: UUID) -> ShownThings:
    declared = [field.declared for field in own.fields]
    labels = [_sentence(item.label or item.purpose) for item in declared]
    names = [field.column.name for field in own.fields]
    return ShownThings(
        label=Text(own.thing or own.table),
        records=tuple(ShownRecord(_values(record, names, labels, account_id), record.about) for record in own.records),
        terms=tuple((label, Text(item.purpose), Text(item.retention)) for label, item in zip(labels, declared, strict=True)),
        more=own.total - len(own.records),
    )


def _sentence(text: str) -> str:
    said = str(Text(text))
    return said[:1].upper() + said[1:]


def _values(record: Record, names: Sequence[str], labels: Sequence[str], account_id: UUID) -> tuple[tuple[str, str], ...]:
    pairs = (
        (label, LANGUAGES[value] if name == "language" and value in LANGUAGES else _in_words(value, account_id))
        for name, label, value in zip(names, labels, record.values, strict=True)
    )
    return tuple((label, text) for label, text in pairs if text)


def _in_words(value: Any, account_id: UUID) -> str:
    if value is None or value == "":
        return ""
    if value == account_id:
        return str(_("u"))
    if isinstance(value, bool):
        return str(_("ja") if value else _("nee"))
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, dict):
        parts = ((key, _in_words(item, account_id)) for key, item in value.items())
        return "; ".join(f"{key}: {text}" for key, text in parts if text)
    if isinstance(value, list | tuple):
        return ", ".join(text for item in value if (text := _in_words(item, account_id)))
    return str(value)


@dataclass(frozen=True, slots=True)
class ShownFate:
    """What becomes of rows, as the columns of a table."""

    block: Text
    thing: Text
    what: str
    number: int


def shown_fates(platform: Platform, found: Sequence[Fate]) -> list[ShownFate]:
    """What erasure does, in words: what goes first, then what stays and why; core first."""
    order = {"delete_row": 0, "blank": 1, "keep": 2}
    ordered = sorted(found, key=lambda fate: (fate.owner != "core", fate.owner, fate.thing, order[fate.action]))
    return [ShownFate(block_label(platform, fate.owner), Text(fate.thing or fate.table), _what(fate), fate.number) for fate in ordered]


def _what(fate: Fate) -> str:
    labels = ", ".join(str(Text(label)) for label in fate.labels)
    if fate.action == "delete_row":
        return str(_("Helemaal verwijderd"))
    if fate.action == "blank":
        return str(_("Leeggemaakt: {fields}", fields=labels))
    reasons = "; ".join(str(Text(reason)) for reason in fate.reasons)
    return str(_("Blijft: {fields}. {reason}.", fields=labels, reason=reasons[:1].upper() + reasons[1:]))
