"""The areas of the city as a tree. There are some dozens, so pages read them all in one statement and find their way in memory."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import func, select

from citycontent.models import Area
from samen_core.api import UnitOfWork, looked_up, stamp

_ALL = (
    select(
        Area.id,
        Area.slug,
        Area.code,
        Area.year,
        Area.name,
        Area.sort_name,
        Area.classification,
        Area.parent_id,
        Area.lat,
        Area.lon,
        Area.hectares,
        Area.valid_from,
        Area.valid_until,
    )
    .where(Area.state == "active")
    .order_by(Area.sort_name, Area.code)
)
_ANY = select(select(Area.id).where(Area.state == "active").exists())
AREA_VERSION = stamp(*looked_up(Area, func.count(), func.max(Area.updated_at), where=Area.state == "active"))
"""What :func:`area_version` gives, as a column to read along with something else."""
_VERSION = select(AREA_VERSION)


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area without its borders."""

    id: uuid.UUID
    slug: str
    code: str
    year: int
    name: str
    sort_name: str
    classification: str
    parent_id: uuid.UUID | None
    lat: float | None
    lon: float | None
    hectares: float | None
    valid_from: str | None
    valid_until: str | None

    @property
    def is_current(self) -> bool:
        """Whether it is of the division that holds now."""
        return self.valid_until is None


class AreaTree:
    """Every area of every year; what lists and maps show are the current ones."""

    def __init__(self, rows: Iterable[AreaRow]) -> None:
        self.by_id = {row.id: row for row in rows}

    def get(self, id: uuid.UUID | None) -> AreaRow | None:
        """An area by id, also of an earlier year."""
        return self.by_id.get(id) if id else None

    @cached_property
    def current(self) -> tuple[AreaRow, ...]:
        """The areas of the division that holds now, by name."""
        return tuple(row for row in self.by_id.values() if row.is_current)

    @cached_property
    def by_slug(self) -> dict[str, AreaRow]:
        """Every area by its slug."""
        return {row.slug: row for row in self.by_id.values()}

    @cached_property
    def _children(self) -> dict[uuid.UUID | None, list[AreaRow]]:
        children: dict[uuid.UUID | None, list[AreaRow]] = {}
        for row in self.by_id.values():
            children.setdefault(row.parent_id, []).append(row)
        return children

    def find(self, code: str, year: int | None = None) -> AreaRow | None:
        """The area with this CBS code: of that year, or the current one."""
        return next((row for row in self.by_id.values() if row.code == code and (row.year == year if year else row.is_current)), None)

    def of(self, classification: str) -> tuple[AreaRow, ...]:
        """The current areas of one kind: gemeente, wijk or buurt."""
        return tuple(row for row in self.current if row.classification == classification)

    def children(self, id: uuid.UUID | None) -> tuple[AreaRow, ...]:
        """The areas right below one, by name."""
        return tuple(self._children.get(id, ()))

    def trail(self, id: uuid.UUID | None) -> tuple[AreaRow, ...]:
        """The areas around one, the largest first, itself last."""
        found: list[AreaRow] = []
        row = self.get(id)
        while row is not None and row not in found:
            found.append(row)
            row = self.get(row.parent_id)
        return tuple(reversed(found))

    def within(self, id: uuid.UUID) -> tuple[uuid.UUID, ...]:
        """The ids of an area and everything below it, with the areas of other years that carry the same codes."""
        codes = {row.code for row in self._below(id)}
        return tuple(row.id for row in self.by_id.values() if row.code in codes)

    def _below(self, id: uuid.UUID) -> Iterator[AreaRow]:
        if row := self.get(id):
            yield row
            for child in self.children(id):
                yield from self._below(child.id)

    def choices(self) -> list[tuple[uuid.UUID, str]]:
        """The current areas for a select: the city, then each wijk with its buurten below it, indented."""
        tops = [row for row in self.current if self.get(row.parent_id) is None]
        return [(row.id, "\u2003" * depth + row.name) for top in tops for row, depth in self._indented(top, 0)]

    def _indented(self, row: AreaRow, depth: int) -> Iterator[tuple[AreaRow, int]]:
        yield row, depth
        for child in self.children(row.id):
            if child.is_current:
                yield from self._indented(child, depth + 1)


def area_tree(uow: UnitOfWork) -> AreaTree:
    """Every area, in one statement."""
    return AreaTree(AreaRow(**row) for row in uow.session.execute(_ALL).mappings())


def has_areas(uow: UnitOfWork) -> bool:
    """Whether the city was divided in areas."""
    return bool(uow.session.execute(_ANY).scalar_one())


def area_version(uow: UnitOfWork) -> str:
    """A text that changes whenever an area does; one statement."""
    version: str = uow.session.execute(_VERSION).scalar_one()
    return version


def common_area(uow: UnitOfWork, ids: Iterable[uuid.UUID]) -> uuid.UUID | None:
    """The smallest area that holds all of these; no statement for none or one."""
    wanted = tuple(dict.fromkeys(ids))
    if len(wanted) < 2:
        return wanted[0] if wanted else None
    tree = area_tree(uow)
    trails = [[row.id for row in tree.trail(area_id)] for area_id in wanted]
    common = None
    for level in zip(*trails, strict=False):
        if len(set(level)) > 1:
            break
        common = level[0]
    return common
