"""Keeping to the terms: what goes at the next run (the preview), letting it go in portions, and the proof that it went.

A rule is either a term that a column declares (:class:`Expiry`), which core carries out for every owner, also when its code is gone, or
a :class:`RetentionRule` that a block gives with the hook ``samen_retention``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, ColumnElement, Table, and_, delete, func, insert, or_, select, tuple_, update

from samen_core.i18n import Text, _
from samen_core.permissions import MANAGE
from samen_core.privacy.declarations import Expiry
from samen_core.privacy.holdings import emptied, tables
from samen_core.privacy.models import PersonalField, RetentionRun

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

BATCH = 500
"""How many rows go in one transaction, so that nobody waits long for it."""

PORTIONS = 200
"""How many portions of one rule go in one run: the rest goes an hour later."""


@dataclass(frozen=True, slots=True)
class Due:
    """How many rows go at the next run, and the oldest of the moments that their terms run from."""

    number: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A term that is kept. ``name`` is ``<block>.<what>``, ``label`` says what goes and ``explanation`` when.

    ``due`` counts what goes now; ``apply`` lets go of at most ``limit`` of it and says how many it was. ``terms`` are the periods that
    the rule goes by, for the check that the sentences of the columns say the same.
    """

    name: str
    label: Text
    explanation: Text
    due: Callable[[UnitOfWork], Due]
    apply: Callable[[UnitOfWork, int], int]
    terms: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """A rule with what goes at its next run (None when its block cannot tell) and when it last ran."""

    rule: RetentionRule
    owner: str
    due: Due | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ran:
    """What a rule let go of in one run; None when it failed, which is logged."""

    rule: str
    number: int | None


def count_due(uow: UnitOfWork, since: Any, which: ColumnElement[bool]) -> Due:
    """The number of rows for which ``which`` holds, and the oldest moment in the column ``since``."""
    row = uow.session.execute(select(func.count(), func.min(since)).where(which)).one()
    return Due(row[0], row[1])


def let_go(uow: UnitOfWork, change: Any, which: ColumnElement[bool], limit: int) -> int:
    """Do a delete or update of a table to at most ``limit`` rows for which ``which`` holds; how many."""
    key = tuple(change.table.primary_key)
    keys = [tuple(row) for row in uow.session.execute(select(*key).where(which).order_by(*key).limit(limit))]
    if not keys:
        return 0
    chosen = key[0].in_([item[0] for item in keys]) if len(key) == 1 else tuple_(*key).in_(keys)
    # Once more what holds: somebody may have changed a row since it was looked up.
    done: Any = uow.session.execute(change.where(chosen, which).execution_options(synchronize_session=False))
    return int(done.rowcount)


def rules(uow: UnitOfWork) -> list[RetentionRule]:
    """Every rule of this installation: those of core, of all blocks that are installed and have tables, and the terms of columns."""
    from samen_core.core_block import core_retention

    # Also of blocks that are paused or switched off: their terms run on.
    of_blocks = [rule for _block, rule in uow.platform.privacy_registry.ask("samen_retention", RetentionRule)]
    own = [*core_retention(), *of_blocks]
    return sorted([*own, *_declared(uow)], key=lambda rule: (_owner(rule) != "core", rule.name))


def _owner(rule: RetentionRule) -> str:
    return rule.name.partition(".")[0]


def preview(uow: UnitOfWork) -> list[Preview]:
    """What every rule lets go of at its next run. For managers."""
    MANAGE.require(uow.actor)
    rows = uow.session.execute(select(RetentionRun.rule, func.max(RetentionRun.last_at)).group_by(RetentionRun.rule))
    last = {row[0]: row[1] for row in rows}
    return [Preview(rule, _owner(rule), _due(uow, rule), last.get(rule.name)) for rule in rules(uow)]


def _due(uow: UnitOfWork, rule: RetentionRule) -> Due | None:
    try:
        with uow.session.begin_nested():
            return rule.due(uow)
    except Exception:
        uow.platform.log.exception("retention_rule_failed", rule=rule.name)
        return None


def proof(uow: UnitOfWork, since: date | None = None) -> Sequence[Any]:
    """The days on which rules ran, newest first, with how much went (``rule owner day runs number last_at``). For managers."""
    MANAGE.require(uow.actor)
    columns = RetentionRun.__table__.c
    statement = select(*columns).order_by(columns.day.desc(), columns.rule)
    return uow.session.execute(statement if since is None else statement.where(columns.day >= since)).all()


def run(uow: UnitOfWork) -> list[Ran]:
    """Run every rule, a portion per transaction: ``uow`` is committed after each. For the worker and the command line."""
    MANAGE.require(uow.actor)
    found = rules(uow)
    uow.commit()
    return [Ran(rule.name, _run(uow, rule)) for rule in found]


def _run(uow: UnitOfWork, rule: RetentionRule) -> int | None:
    total = 0
    try:
        for portion in range(PORTIONS):
            number = rule.apply(uow, BATCH)
            total += number
            _note(uow, rule, number, runs=int(portion == 0))
            uow.commit()
            if number < BATCH:
                break
    except Exception:
        uow.rollback()
        uow.platform.log.exception("retention_rule_failed", rule=rule.name)
        return None
    return total


def _note(uow: UnitOfWork, rule: RetentionRule, number: int, runs: int) -> None:
    """Keep down that the rule ran, in the transaction in which it did."""
    columns = RetentionRun.__table__.c
    today = uow.now.date()
    more = {"runs": columns.runs + runs, "number": columns.number + number, "last_at": uow.now}
    mine = update(RetentionRun).where(columns.rule == rule.name, columns.day == today).values(**more)
    if not uow.session.connection().execute(mine).rowcount:
        row = {"rule": rule.name, "day": today, "owner": _owner(rule), "runs": runs, "number": number, "last_at": uow.now}
        uow.session.execute(insert(RetentionRun).values(row))
    if number:
        uow.record("core.retention.applied", after={"rule": rule.name, "number": number})


def _declared(uow: UnitOfWork) -> Iterator[RetentionRule]:
    """The terms that columns declare, those of one table with the same term as one rule."""
    statement = (
        select(PersonalField).where(PersonalField.expires.is_not(None)).order_by(PersonalField.table_name, PersonalField.column_name)
    )
    groups: dict[tuple[str, Expiry], list[PersonalField]] = {}
    for row in uow.session.execute(statement).scalars():
        if row.expires:
            groups.setdefault((row.table_name, Expiry(**row.expires)), []).append(row)
    known = {table.name: table for table in tables(uow.session.connection(), [name for name, _term in groups])}
    for (name, term), rows in groups.items():
        if name in known and term.since in known[name].c:
            yield _rule(known[name], term, rows)


def _rule(table: Table, term: Expiry, rows: Sequence[PersonalField]) -> RetentionRule:
    columns = [table.c[row.column_name] for row in rows if row.column_name in table.c]
    labels = ", ".join(str(Text(row.label or row.purpose)) for row in rows)
    change = delete(table) if term.action == "delete_row" else update(table).values({column.name: emptied(column) for column in columns})
    return RetentionRule(
        name=f"{rows[0].owner}.{table.name.partition('__')[2]}.{rows[0].column_name}",
        label=_("{thing}: {fields}", thing=Text(rows[0].thing or table.name), fields=labels),
        explanation=Text(rows[0].retention),
        due=lambda uow: count_due(uow, table.c[term.since], _over(uow, table, term, columns)),
        apply=lambda uow, limit: let_go(uow, change, _over(uow, table, term, columns), limit),
        terms=(timedelta(days=term.days),),
    )


def _over(uow: UnitOfWork, table: Table, term: Expiry, columns: Sequence[Column[Any]]) -> ColumnElement[bool]:
    over = table.c[term.since] < uow.now - timedelta(days=term.days)
    if term.action == "delete_row":
        return over
    return and_(over, or_(*(column.is_not(None) if column.nullable else column != emptied(column) for column in columns)))
