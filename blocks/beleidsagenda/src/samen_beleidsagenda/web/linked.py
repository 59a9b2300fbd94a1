"""Linked data inside pages, where search engines look for it: the same document as at the lasting address."""

from __future__ import annotations

import uuid
from typing import Any

from samen_beleidsagenda.models import Dossier
from samen_beleidsagenda.queries.about import About
from samen_beleidsagenda.services.common import is_public
from samen_beleidsagenda.services.kinds import kind_of
from samen_core.api import UnitOfWork


def linked(uow: UnitOfWork, thing: Any) -> dict[str, Any] | None:
    """What a page gives to ``macros/linked.html``; None for what not everybody may see."""
    if not is_public(uow, thing):
        return None
    from samen_beleidsagenda.exchange.documents import DOCUMENTS

    return DOCUMENTS[kind_of(thing).name](uow, thing.id)


def linked_dossier(uow: UnitOfWork, dossier: Dossier, near: About) -> dict[str, Any] | None:
    """The same of a dossier that was read already with what it is about. No SQL."""
    if not dossier.is_public:
        return None
    from samen_beleidsagenda.exchange.documents import dossier_node

    return dossier_node(uow, dossier, near)


def event_json_ld(uow: UnitOfWork, id: uuid.UUID) -> dict[str, Any] | None:
    """The same for a meeting, which the calendar of the city tells of."""
    kind = uow.platform.subject_types.get("event")
    return kind.linked_data(uow, id) if kind is not None and kind.linked_data is not None else None
