"""Bodies: which organisations of the city decide or advise."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from samen_beleidsagenda.labels import BODY_KIND_LABELS
from samen_beleidsagenda.models import Body
from samen_beleidsagenda.permissions import DEFINE
from samen_beleidsagenda.schemas.structure import DefineBody, UpdateBody
from samen_beleidsagenda.services.common import check_version
from samen_beleidsagenda.services.references import check_references
from samen_core.api import Invalid, NotFound, UnitOfWork, _

FIELDS = ("kind", "position", "source_url")


def define_body(uow: UnitOfWork, command: DefineBody) -> Body:
    """Make a body of an organisation. Raises NotAllowed, and Invalid when there is no such organisation or it is one already."""
    DEFINE.require(uow.actor, command.organization_id)
    check_references(uow, [("organization_id", "organization", command.organization_id)])
    if uow.session.get(Body, command.organization_id) is not None:
        raise Invalid({"organization_id": [_("Deze organisatie is al een orgaan.")]})
    body = Body(organization_id=command.organization_id)
    _fill(body, command)
    uow.session.add(body)
    uow.session.flush()
    sentence = _("Op de beleidsagenda is dit nu een orgaan: {kind}.", kind=BODY_KIND_LABELS[body.kind])
    uow.record("beleidsagenda.body.defined", body.organization_id, after={"kind": body.kind}, public=True, sentence=sentence)
    return body


def update_body(uow: UnitOfWork, id: uuid.UUID, command: UpdateBody) -> Body:
    """Replace what is known of a body. Raises NotFound, NotAllowed, and Conflict with the values of now."""
    body = _locked(uow, id, command.version)
    _fill(body, command)
    uow.record_change("beleidsagenda.body.updated", body, id)
    uow.session.flush()
    return body


def remove_body(uow: UnitOfWork, id: uuid.UUID, version: int) -> None:
    """Say that an organisation is no body after all. Raises NotFound, NotAllowed, Conflict, and Invalid once it planned something."""
    body = _locked(uow, id, version)
    try:
        with uow.session.begin_nested():
            uow.session.delete(body)
            uow.session.flush()
    except IntegrityError:
        raise Invalid(_("Dit orgaan staat al op de agenda. Wat het deed, blijft staan: u kunt het niet weghalen.")) from None
    uow.record("beleidsagenda.body.removed", id)


def body_values(body: Body) -> dict[str, Any]:
    """What the form of a body shows."""
    return {name: getattr(body, name) for name in (*FIELDS, "version")}


def _locked(uow: UnitOfWork, id: uuid.UUID, version: int) -> Body:
    statement = select(Body).where(Body.organization_id == id).with_for_update().execution_options(populate_existing=True)
    body = uow.session.execute(statement).scalar_one_or_none()
    if body is None:
        raise NotFound
    DEFINE.require(uow.actor, id)
    check_version(body, version, body_values(body))
    return body


def _fill(body: Body, command: DefineBody | UpdateBody) -> None:
    for name in FIELDS:
        setattr(body, name, getattr(command, name))
