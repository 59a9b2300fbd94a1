"""The register of processing (AVG art. 30), from what the blocks declare: also of those that are switched off or gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from samen_core.i18n import Text, _
from samen_core.privacy.models import PersonalField

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.platform import Platform

BASES: dict[str, Text] = {
    "public_task": _("publieke taak"),
    "consent": _("toestemming"),
    "legal_obligation": _("wettelijke plicht"),
    "agreement": _("overeenkomst"),
    "legitimate_interest": _("gerechtvaardigd belang"),
}
"""The lawful bases of AVG art. 6, by code."""

PEOPLE: dict[str, Text] = {
    "account": _("wie een account heeft"),
    "participant": _("wie meedoet, met of zonder account"),
    "known": _("wie een rol in de stad heeft"),
    "invited": _("wie is uitgenodigd"),
    "staff": _("wie voor de gemeente werkt"),
}
RECEIVERS: dict[str, Text] = {
    "public": _("iedereen"),
    "table": _("de anderen aan tafel"),
    "staff": _("medewerkers die eraan werken"),
    "mail": _("de mailserver van de gemeente"),
    "nobody": _("niemand"),
}
ERASE: dict[str, Text] = {
    "blank": _("wordt leeggemaakt"),
    "delete_row": _("wordt verwijderd"),
    "keep": _("blijft"),
}


@dataclass(frozen=True, slots=True)
class Processing:
    """One purpose of one block. Everything but ``owner`` and ``installed`` is in words; ``erase`` says what happens at a request."""

    owner: str
    block: Text
    installed: bool
    purpose: Text
    fields: tuple[Text, ...]
    people: tuple[Text, ...]
    basis: Text
    receivers: tuple[Text, ...]
    retention: Text
    erase: tuple[Text, ...]


def register_of_processing(uow: UnitOfWork) -> list[Processing]:
    """Every purpose for which something about people is kept, core first, then by block. Public, as it holds no personal data."""
    platform = uow.platform
    statement = select(PersonalField).order_by(PersonalField.owner, PersonalField.table_name, PersonalField.column_name)
    groups: dict[tuple[str, str, str, str], list[PersonalField]] = {}
    for row in uow.session.execute(statement).scalars():
        groups.setdefault((row.owner, row.purpose, row.basis, row.retention), []).append(row)
    order = ["core", *(block.name for block in platform.blocks)]
    keys = sorted(groups, key=lambda key: (order.index(key[0]) if key[0] in order else len(order), key[0]))
    return [_processing(platform, groups[key]) for key in keys]


def block_label(platform: Platform, owner: str) -> Text:
    """The name of an owner for people; of a block that is not installed the name that the database has."""
    if owner == "core":
        return _("Account en website")
    found = platform.installed.get(owner)
    return found.block.label if found and found.block else Text(owner)


def _processing(platform: Platform, rows: list[PersonalField]) -> Processing:
    first = rows[0]
    return Processing(
        owner=first.owner,
        block=block_label(platform, first.owner),
        installed=first.owner == "core" or first.owner in platform.installed,
        purpose=Text(first.purpose),
        fields=tuple(_field(row) for row in rows),
        people=_words(PEOPLE, (row.people for row in rows)),
        basis=BASES.get(first.basis, Text(first.basis)),
        receivers=_words(RECEIVERS, (code for row in rows for code in row.receivers)),
        retention=Text(first.retention),
        erase=tuple(dict.fromkeys(_erase(row) for row in rows)),
    )


def _field(row: PersonalField) -> Text:
    label = Text(row.label or row.column_name)
    return _("{field} ({thing})", field=label, thing=Text(row.thing)) if row.thing else label


def _words(labels: dict[str, Text], codes: Iterable[str]) -> tuple[Text, ...]:
    return tuple(labels.get(code, Text(code)) for code in dict.fromkeys(codes))


def _erase(row: PersonalField) -> Text:
    what = ERASE.get(row.erase, Text(row.erase))
    if row.erase == "keep":
        return _("blijft, want: {reason}", reason=Text(row.keep_reason))
    if row.keep_when:
        return _("{what}, behalve: {reason}", what=what, reason=Text(row.keep_reason))
    return what
