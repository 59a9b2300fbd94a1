"""The news of an idea as one text, for a mail."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select

from samen_core.api import UnitOfWork
from samen_doe_mee.models import IdeaNews


def news_text(uow: UnitOfWork, idea_id: uuid.UUID, since: str, until: str) -> tuple[str, ...]:
    """What was told about an idea after one moment and up to another and is still there, oldest first, as paragraphs. One statement."""
    told = select(IdeaNews.text).where(IdeaNews.idea_id == idea_id, IdeaNews.state == "published")
    if since:
        told = told.where(IdeaNews.at > datetime.fromisoformat(since))
    if until:
        told = told.where(IdeaNews.at <= datetime.fromisoformat(until))
    return tuple(uow.session.execute(told.order_by(IdeaNews.at, IdeaNews.id)).scalars())
