"""Old page addresses."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from citycontent.models import Slug
from samen_core.api import Gone, NotFound, Subject, UnitOfWork

_OWNER = (
    select(Subject.url, Subject.state, Subject.public)
    .join(Slug, Slug.entity_id == Subject.id)
    .where(Slug.type == bindparam("type"), Slug.slug == bindparam("slug"))
)


def moved_to(uow: UnitOfWork, type: str, slug: str) -> str:
    """The page (without language prefix) of the thing that once had this slug. Raises NotFound, or Gone when it was taken away.

    Of a thing that is not public nothing is told, not even where its page went.
    """
    row = uow.session.execute(_OWNER, {"type": type, "slug": slug}).one_or_none()
    if row is not None and row.state == "deleted":
        raise Gone
    if row is None or not row.public or row.state != "active" or row.url.endswith(f"/{slug}"):
        raise NotFound
    return str(row.url)
