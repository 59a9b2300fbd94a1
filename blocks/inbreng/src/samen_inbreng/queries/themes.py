"""Themes of reactions: those of a subject, and those of contributions."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, bindparam, select

from samen_core.api import UnitOfWork
from samen_inbreng.models import Theme, ThemedContribution

_THEMES = (
    select(Theme.id, Theme.version, Theme.title, Theme.summary, Theme.position, Theme.contributions)
    .where(Theme.subject_id == bindparam("subject_id"))
    .order_by(Theme.position, Theme.id)
)
_OF_CONTRIBUTIONS = (
    select(ThemedContribution.contribution_id, Theme.id, Theme.title)
    .join(Theme, Theme.id == ThemedContribution.theme_id)
    .where(ThemedContribution.contribution_id.in_(bindparam("ids", expanding=True)))
    .order_by(Theme.position, Theme.id)
)


def themes_of(uow: UnitOfWork, subject_id: uuid.UUID) -> Sequence[Row[*tuple[Any, ...]]]:
    """The themes of a subject in order: id, version, title, summary, position, contributions (a number). One statement."""
    return uow.session.execute(_THEMES, {"subject_id": subject_id}).all()


def themes_of_contributions(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[uuid.UUID, str]]]:
    """Per contribution its themes in order, as (id, title). One statement."""
    found: dict[uuid.UUID, list[tuple[uuid.UUID, str]]] = {id: [] for id in ids}
    if found:
        for row in uow.session.execute(_OF_CONTRIBUTIONS, {"ids": list(found)}):
            found[row.contribution_id].append((row.id, row.title))
    return found
