"""Statements that every write goes through, with their SQL and the conversion of their values made once.

SQLAlchemy keeps what it compiled under a key of the whole statement, and works out the hash of that key at each execution; for a table of
thirty columns that alone costs more than the database spends on the row. What is prepared here is sent as it is, over the same connection:
its transaction, its errors and the events of its cursor are those of every other statement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, Select, UpdateBase, insert
from sqlalchemy.engine import Dialect

Values = Mapping[str, Any]
Converter = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Made:
    """A statement for one kind of database: its text, and how each value is passed on, in order."""

    dialect: Dialect
    text: str
    names: frozenset[str]
    own: Values
    """What it was built with, by the names that it has there."""
    converters: tuple[tuple[str, Converter], ...]
    positional: bool
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]
    """Of the rows that it gives: the places of what has to be converted."""

    def bound(self, values: Values) -> tuple[Any, ...] | dict[str, Any]:
        """The values as the driver takes them. Raises KeyError for one that is missing and TypeError for one that is not asked."""
        if self.own:
            values = {**self.own, **values}
        if len(values) > len(self.names):
            raise TypeError(f"not in this statement: {', '.join(sorted(values.keys() - self.names))}")
        if self.positional:
            return tuple([values[name] if convert is None else convert(values[name]) for name, convert in self.converters])
        return {name: values[name] if convert is None else convert(values[name]) for name, convert in self.converters}


class Prepared:
    """A statement with named values."""

    def __init__(self, statement: Select[Any] | UpdateBase, columns: Sequence[str] = ()) -> None:
        self._statement = statement
        self._columns = list(columns) or None
        self._made: _Made | None = None

    def execute(self, connection: Connection, values: Values) -> CursorResult[Any]:
        """Execute it once, with these values. Rows that it gives are as the driver gives them."""
        made = self._for(connection.dialect)
        return connection.exec_driver_sql(made.text, made.bound(values))

    def row(self, connection: Connection, values: Values) -> list[Any]:
        """The one row that it gives with these values."""
        found = list(self.execute(connection, values).one())
        for place, read in self._for(connection.dialect).readers:
            found[place] = read(found[place])
        return found

    def execute_many(self, connection: Connection, rows: Sequence[Values]) -> None:
        """Execute it for each of these, as one statement; nothing when there are none."""
        if rows:
            made = self._for(connection.dialect)
            connection.exec_driver_sql(made.text, [made.bound(row) for row in rows])

    def _for(self, dialect: Dialect) -> _Made:
        made = self._made
        if made is None or made.dialect is not dialect:
            # A process works with one database; where a test works with two, it is made anew whenever the other comes.
            self._made = made = self._make(dialect)
        return made

    def _make(self, dialect: Dialect) -> _Made:
        compiled = self._statement.compile(dialect=dialect, column_keys=self._columns)
        binds = {name: bind for bind, name in compiled.bind_names.items()}
        converters = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in binds.items()}
        names = (compiled.positiontup or []) if compiled.positional else list(converters)
        given = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in self._statement.exported_columns]
        return _Made(
            dialect,
            compiled.string,
            frozenset(names),
            {name: bind.effective_value for name, bind in binds.items() if not bind.required},
            tuple((name, converters[name]) for name in names),
            compiled.positional,
            tuple((place, read) for place, read in enumerate(given) if read is not None),
        )


class PreparedInsert(Prepared):
    """New rows of one table, all columns of it; what a row leaves out is the column's default, else NULL."""

    def __init__(self, table: Any) -> None:
        columns: list[Any] = list(table.columns)
        self.columns = tuple(column.key for column in columns)
        self._makers = {column.key: column.default.arg for column in columns if column.default is not None and column.default.is_callable}
        self._plain = {column.key: None if column.default is None else column.default.arg for column in columns}
        super().__init__(insert(table).inline(), self.columns)

    def write(self, connection: Connection, *rows: Values) -> None:
        """Write these rows, as one statement; nothing when there are none."""
        self.execute_many(connection, [self.filled(row) for row in rows])

    def filled(self, row: Values) -> dict[str, Any]:
        """The row with every column that it leaves out. Raises TypeError for what is no column."""
        made = {**self._plain, **{name: make(None) for name, make in self._makers.items() if name not in row}, **row}
        if len(made) > len(self.columns):
            raise TypeError(f"no columns of this table: {', '.join(sorted(made.keys() - self._plain.keys()))}")
        return made
