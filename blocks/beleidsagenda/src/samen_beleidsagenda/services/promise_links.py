"""What motions, commitments and questions refer to: checked before it is written, with every error at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select

from citycontent.api import Organization, Person, Post
from samen_beleidsagenda.models import AgendaItem, Body, Document, Dossier, Meeting, Submitter
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.services.common import may_see, scopes_of
from samen_core.api import Invalid, Text, UnitOfWork, _, uuid7

_GONE = _("Dit bestaat niet (meer), of u mag het niet zien.")


@dataclass(frozen=True, slots=True)
class Tied:
    """What a new thing is tied to, once a point brought its meeting and dossier along, and a meeting its body.

    ``confidential``: the point or the dossier is, and so is what was said there.
    """

    body_id: uuid.UUID | None
    meeting_id: uuid.UUID | None
    agenda_item_id: uuid.UUID | None
    dossier_id: uuid.UUID | None
    confidential: bool


def tie(uow: UnitOfWork, command: Any, thing: Any = None, **errors: list[Text]) -> Tied:
    """Check what a command refers to; what ``thing`` refers to already may stay, also when it was taken away since.

    A point or dossier that became confidential stays where its form could not show it, and does not take along what is public.
    Raises Invalid with everything that does not exist or may not be seen, and ``errors``.
    """
    found: dict[str, list[Text]] = dict(errors)

    def seen(model: type[Any], name: str) -> Any:
        return _seen(uow, model, name, (getattr(command, name, None), getattr(thing, name, None)), found)

    item = seen(AgendaItem, "agenda_item_id")
    meeting_id = getattr(command, "meeting_id", None) or (item.meeting_id if item else None)
    meeting = uow.session.get(Meeting, meeting_id) if meeting_id else None
    if meeting_id and meeting is None:
        found["meeting_id"] = [_GONE]
    elif meeting and item and item.meeting_id != meeting.event_id:
        found["agenda_item_id"] = [_("Dit punt hoort bij een andere vergadering.")]
    dossier = seen(Dossier, "dossier_id")
    if dossier is None and item is not None and item.dossier_id and "dossier_id" not in found:
        dossier = uow.session.get(Dossier, item.dossier_id)
    for name in ("amends_id", "answer_document_id", "document_id"):
        seen(Document, name)
    body_id = getattr(command, "body_id", None) or (meeting.body_id if meeting else None)
    if body_id and uow.session.get(Body, body_id) is None:
        found["body_id"] = [_GONE]
    holder_id = getattr(command, "holder_id", None)
    if holder_id and uow.session.get(Post, holder_id) is None:
        found["holder_id"] = [_GONE]
    _require_all(uow, Person, command, "person_ids", found)
    _require_all(uow, Organization, command, "group_ids", found)
    if found:
        raise Invalid(found)
    return Tied(body_id, meeting_id, item.id if item else None, dossier.id if dossier else None, _is_hidden_by(thing, item, dossier))


def _is_hidden_by(thing: Any, *tied: Any) -> bool:
    """Whether a thing is confidential by what it is tied to; what was public before that became so stays public."""
    public = {thing.agenda_item_id, thing.dossier_id} if thing is not None and not thing.confidential else set()
    return any(about is not None and about.confidential and about.id not in public for about in tied)


def _seen(uow: UnitOfWork, model: type[Any], name: str, ids: tuple[Any, Any], errors: dict[str, list[Text]]) -> Any:
    """What a command ties to under this name, of ``ids`` the one that is asked; an error when it cannot. Of none that is asked the one
    that is there now, where that became confidential and the actor may not see it.
    """
    wanted, now = ids
    id = wanted or now
    known = uow.session.get(model, id) if id is not None else None
    if wanted is None:
        return known if known is not None and known.confidential and not may_see(uow, known) else None
    if known is not None and (wanted == now or may_see(uow, known)):
        return known
    errors[name] = [_GONE]
    return None


def _require_all(uow: UnitOfWork, model: type[Any], command: Any, name: str, errors: dict[str, list[Text]]) -> None:
    wanted = set(getattr(command, name, ()))
    if wanted and len(uow.session.execute(select(model.id).where(model.id.in_(wanted))).all()) < len(wanted):
        errors[name] = [_GONE]


def first_state(uow: UnitOfWork, thing: Any, *, publish: bool) -> str:
    """The state of a new thing: public at once needs the right to make public. Raises NotAllowed."""
    if publish:
        APPROVE.require(uow.actor, thing.id, scopes=scopes_of(uow, thing))
    return "published" if publish else "draft"


def set_submitters(uow: UnitOfWork, subject_id: uuid.UUID, groups: Sequence[uuid.UUID], persons: Sequence[uuid.UUID]) -> None:
    """Replace who put a thing: the groups in their order, then the persons in theirs."""
    uow.session.execute(delete(Submitter).where(Submitter.subject_id == subject_id))
    rows = [{"organization_id": id} for id in dict.fromkeys(groups)] + [{"person_id": id} for id in dict.fromkeys(persons)]
    uow.session.add_all(Submitter(id=uuid7(), subject_id=subject_id, position=at, **row) for at, row in enumerate(rows))


def submitters(uow: UnitOfWork, subject_id: uuid.UUID) -> tuple[tuple[uuid.UUID, ...], tuple[uuid.UUID, ...]]:
    """The groups and the persons who put a thing, each in their order. One statement."""
    statement = select(Submitter.organization_id, Submitter.person_id).where(Submitter.subject_id == subject_id)
    rows = uow.session.execute(statement.order_by(Submitter.position, Submitter.id)).all()
    groups = tuple(row.organization_id for row in rows if row.organization_id)
    return groups, tuple(row.person_id for row in rows if row.person_id)
