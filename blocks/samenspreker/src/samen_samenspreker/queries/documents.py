"""The text of rounds and actions for the search index. Only what every visitor may read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from citycontent.api import Organization
from samen_core.api import SearchDocument, UnitOfWork, markdown_text
from samen_samenspreker.models import Action, Round

_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ROUNDS = select(Round.id, Round.title, Round.purpose, Round.agreed, Round.disagreed, Round.minority).where(Round.id.in_(_IDS))
_ACTIONS = (
    select(Action.id, Action.title, Action.description, Organization.name)
    .join(Organization, Organization.id == Action.organization_id)
    .where(Action.id.in_(_IDS))
)


def round_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """Rounds with what came out. One statement."""
    rows = uow.session.execute(_ROUNDS, {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, body=_text(row.purpose, row.agreed, row.disagreed, row.minority)) for row in rows]


def action_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[SearchDocument]:
    """Actions, also found by the organisation that does them. One statement."""
    rows = uow.session.execute(_ACTIONS, {"ids": list(ids)})
    return [SearchDocument(row.id, row.title, keywords=row.name, body=_text(row.description)) for row in rows]


def _text(*parts: str) -> str:
    return "\n".join(markdown_text(part) for part in parts if part)
