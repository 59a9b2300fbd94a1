"""What can be found of activities and contributions."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import and_, select

from samen_core.api import SearchDocument, UnitOfWork, markdown_text
from samen_inbreng.models import Activity, Contribution
from samen_inbreng.said import said

_ACTIVITIES = select(Activity.id, Activity.title, Activity.intro).where(Activity.listed)
_CONTRIBUTIONS = select(Contribution.id, Contribution.text, Contribution.answers, Contribution.number, Activity.title, Activity.form).join(
    Activity, and_(Activity.id == Contribution.activity_id, Activity.listed)
)


def activity_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> Iterable[SearchDocument]:
    """The title and the explanation of activities."""
    rows = uow.session.execute(_ACTIVITIES.where(Activity.id.in_(ids)))
    return [SearchDocument(row.id, row.title, body=markdown_text(row.intro)) for row in rows]


def contribution_documents(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> Iterable[SearchDocument]:
    """The words of published contributions; not who wrote them."""
    rows = uow.session.execute(_CONTRIBUTIONS.where(Contribution.id.in_(ids), Contribution.state == "published"))
    return [SearchDocument(row.id, f"Bijdrage {row.number} aan: {row.title}", body=said(row.form, row.text, row.answers)) for row in rows]
