"""Options with their versions, what they are judged on, and the criteria of a table."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, and_, bindparam, func, select

from samen_core.api import Order, SearchDocument, SortKey, UnitOfWork, markdown_text
from samen_samenspreker.models import Criterion, Judgement, Option, OptionVersion

AnyRow = Row[*tuple[Any, ...]]
_O = Option.__table__.c
_V = OptionVersion.__table__.c
_C = Criterion.__table__.c
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_QUESTION: BindParameter[Any] = bindparam("question_id", type_=_O.question_id.type)

ORDER = Order("samenspreker.options", SortKey(Option.position), SortKey(Option.id))
COLUMNS = (
    _O.id,
    _O.version,
    _O.question_id,
    _O.cycle,
    _O.state,
    _O.reason,
    _O.title,
    _O.current,
    _O.position,
    _O.at,
    _V.text,
    _V.costs,
)
OF_TABLE = select(*COLUMNS).join(OptionVersion, and_(_V.option_id == _O.id, _V.number == _O.current)).where(_O.question_id == _QUESTION)
_ALL = OF_TABLE.order_by(_O.position)
_BY_NUMBER = select(Option).where(Option.question_id == _QUESTION, Option.position == bindparam("number"))
_LAST = select(func.max(_O.position)).where(_O.question_id == _QUESTION)
VERSION_ORDER = Order("samenspreker.option_versions", SortKey(OptionVersion.number, descending=True))
VERSIONS = select(*OptionVersion.__table__.columns).where(_V.option_id == bindparam("option_id", type_=_V.option_id.type))
_CRITERIA = select(Criterion).where(Criterion.question_id == _QUESTION).order_by(Criterion.position, Criterion.id)
_JUDGEMENTS = select(*Judgement.__table__.columns).where(Judgement.option_id.in_(_IDS))
_DOCUMENTS = (
    select(_O.id, _O.title, _V.text, _V.costs)
    .join(OptionVersion, and_(_V.option_id == _O.id, _V.number == _O.current))
    .where(_O.id.in_(_IDS), _O.state == "active")
)


def options_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[AnyRow]:
    """The options of a table with the text of their newest version, withdrawn ones too, in order. One statement."""
    return uow.session.execute(_ALL, {"question_id": question_id}).all()


def option_by_number(uow: UnitOfWork, question_id: uuid.UUID, number: int) -> Option | None:
    """The option at an address."""
    return uow.session.execute(_BY_NUMBER, {"question_id": question_id, "number": number}).scalar_one_or_none()


def next_position(uow: UnitOfWork, question_id: uuid.UUID) -> int:
    """The number of the next option; the caller locked the table."""
    return (uow.session.execute(_LAST, {"question_id": question_id}).scalar_one() or 0) + 1


def versions_of(uow: UnitOfWork, option_id: uuid.UUID) -> Sequence[AnyRow]:
    """Every version of an option, newest first. One statement."""
    return uow.session.execute(VERSIONS.order_by(_V.number.desc()), {"option_id": option_id}).all()


def criteria_of(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[Criterion]:
    """What a table judges its options on, in order. One statement."""
    return uow.session.execute(_CRITERIA, {"question_id": question_id}).scalars().all()


def judgements_of(uow: UnitOfWork, option_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[uuid.UUID, AnyRow]]:
    """The judgements of each of these options, by criterion. One statement."""
    found: dict[uuid.UUID, dict[uuid.UUID, AnyRow]] = defaultdict(dict)
    if ids := list(option_ids):
        for row in uow.session.execute(_JUDGEMENTS, {"ids": ids}):
            found[row.option_id][row.criterion_id] = row
    return found


def option_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """The text of options for the search index. One statement."""
    rows = uow.session.execute(_DOCUMENTS, {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, body="\n".join(map(markdown_text, (row.text, row.costs)))) for row in rows]
