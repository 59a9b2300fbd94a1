"""What a column declares about the personal data in it: purpose, basis, whose it is, who gets it, how long, and what erasure does.

Convention: in every table a column named ``user_id`` or ``account_id`` that refers to ``core__user`` says whose row it is. Any other
declared column that refers to an account is about that account, by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import Column, ColumnElement, MetaData, Table

PERSONAL = "personal"
NOT_PERSONAL = "not_personal"
THING = "thing"
ACCOUNTS = "core__user"
OWNER_COLUMNS = ("user_id", "account_id")

Basis = Literal["public_task", "consent", "legal_obligation", "agreement", "legitimate_interest"]
Erase = Literal["blank", "delete_row", "keep"]
People = Literal["account", "participant", "known", "invited", "staff"]
"""Whose data it is: of who has an account, takes part (with or without one), has a role in the city, is invited, or works here."""

Receiver = Literal["public", "table", "staff", "mail", "nobody"]
"""Who gets to see it: everybody, the others at the table, who works on it, the mail server of the city, or nobody besides oneself."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """When core lets go of a field by itself: ``days`` after the moment in the column ``since`` of the same row.

    The field is emptied (``blank``) or its row goes (``delete_row``).
    """

    days: int
    since: str
    action: Literal["blank", "delete_row"] = "blank"


@dataclass(frozen=True, slots=True)
class Personal:
    """The declaration of one personal field.

    ``basis`` is the lawful basis of AVG art. 6; ``retention`` a sentence in plain Dutch; ``erase`` what an erasure request does:
    empty the field, delete the row, or keep it (with the reason in ``keep_reason``; own names, addresses and numbers are taken out of a
    text that is kept). The rest:

    - ``label``: the field in a few words, for the register and for whoever looks at own data;
    - ``people`` and ``receivers``: whose data it is, and who gets to see it;
    - ``of``: the column that says whose it is, where that is not the one of the convention. ``id=table.column`` goes by a table in
      between: the rows whose ``id`` is the ``column`` in a row of ``table`` that is somebody's;
    - ``address``: an e-mail address. Rows that are nobody's are those of the account with this confirmed address;
    - ``identifies``: says who somebody is, so that it is looked for in what is kept;
    - ``sealed``: the purpose for which the text in the column is sealed (:mod:`samen_core.sealing`): the export of own data opens it;
    - ``keep_when``: a column and a value; rows that have it are kept by erasure, for the reason in ``keep_reason``;
    - ``expires`` or ``rule``: what makes the term in ``retention`` come true: core itself, or the rule of that name
      (:class:`samen_core.privacy.retention.RetentionRule`). Neither where there is no term but an end, such as that of the account.
    """

    purpose: str
    basis: Basis
    retention: str
    export: bool = True
    erase: Erase = "blank"
    keep_reason: str = ""
    label: str = ""
    people: People = "account"
    receivers: tuple[Receiver, ...] = ("staff",)
    of: str = ""
    address: bool = False
    identifies: bool = False
    keep_when: tuple[str, str] | None = None
    expires: Expiry | None = None
    rule: str = ""
    sealed: str = ""


class _More(TypedDict, total=False):
    label: str
    people: People
    receivers: tuple[Receiver, ...]
    of: str
    address: bool
    identifies: bool
    keep_when: tuple[str, str] | None
    expires: Expiry | None
    rule: str
    sealed: str


def personal(
    purpose: str,
    basis: Basis,
    retention: str,
    *,
    export: bool = True,
    erase: Erase = "blank",
    keep_reason: str = "",
    **more: Unpack[_More],
) -> dict[str, Any]:
    """The ``info`` of a column with personal data: ``mapped_column(info=personal(...))``; see :class:`Personal`."""
    return {PERSONAL: Personal(purpose, basis, retention, export, erase, keep_reason, **more)}


def not_personal(why: str) -> dict[str, Any]:
    """The ``info`` of a text column in a table about people that holds no personal data, with the reason."""
    return {NOT_PERSONAL: why}


def thing(label: str) -> dict[str, Any]:
    """What a row of a table is, in a word or two for people: the last item of ``__table_args__``."""
    return {"info": {THING: label}}


def thing_of(table: Table) -> str:
    """What a row of this table is; empty where the table does not say so."""
    return str(table.info.get(THING, ""))


def declaration(column: ColumnElement[Any]) -> Personal | None:
    """The declaration of a column, or None when it holds no personal data."""
    found = column.info.get(PERSONAL) if isinstance(column, Column) else None
    return found if isinstance(found, Personal) else None


def declared_columns(metadata: MetaData) -> Iterator[tuple[Column[Any], Personal]]:
    """Every declared personal column of the tables in ``metadata``, in order of table name."""
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        for column in table.columns:
            found = declaration(column)
            if found:
                yield column, found


def owner_column(table: Table) -> Column[Any] | None:
    """The column that says to which account a row belongs, by the convention."""
    if table.name == ACCOUNTS:
        return table.c.id
    found = [table.c.get(name) for name in OWNER_COLUMNS]
    return next((column for column in found if column is not None and refers_to_account(column)), None)


def refers_to_account(column: Column[Any]) -> bool:
    """Whether a column is a key to accounts."""
    return any(key.target_fullname == f"{ACCOUNTS}.id" for key in column.foreign_keys)


def whose(column: Column[Any], declared: Personal) -> str:
    """How the rows of an account are found for this field (see ``Personal.of``); empty when only an address leads to it."""
    if declared.of:
        return declared.of
    if refers_to_account(column):
        return column.name
    owner = owner_column(column.table)
    return "" if owner is None else owner.name
