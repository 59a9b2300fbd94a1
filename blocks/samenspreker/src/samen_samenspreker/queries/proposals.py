"""Process proposals to read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import bindparam, select

from samen_core.api import UnitOfWork
from samen_samenspreker.models import Proposal

_VERSIONS = select(Proposal).where(Proposal.question_id == bindparam("question_id")).order_by(Proposal.number)
_PUBLISHED = (
    select(Proposal)
    .where(Proposal.question_id == bindparam("question_id"), Proposal.published_at.is_not(None))
    .order_by(Proposal.number.desc())
    .limit(1)
)


def proposal_versions(uow: UnitOfWork, question_id: uuid.UUID) -> Sequence[Proposal]:
    """Every version, the draft too, in the order of their numbers. One statement."""
    return uow.session.execute(_VERSIONS, {"question_id": question_id}).scalars().all()


def published_proposal(uow: UnitOfWork, question_id: uuid.UUID) -> Proposal | None:
    """The newest published version: what holds now. One statement."""
    return uow.session.execute(_PUBLISHED, {"question_id": question_id}).scalar_one_or_none()


def published(versions: Sequence[Proposal]) -> list[Proposal]:
    """Those of these versions that are published."""
    return [version for version in versions if version.published_at is not None]


def draft(versions: Sequence[Proposal]) -> Proposal | None:
    """The one that is being written, among these versions."""
    return next((version for version in versions if version.published_at is None), None)
