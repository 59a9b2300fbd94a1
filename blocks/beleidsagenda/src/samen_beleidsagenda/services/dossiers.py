"""Dossiers: adding and changing them, their phases and how much residents have to say."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from samen_beleidsagenda.events import DossierMoved, DossierPublished, DossierUpdated
from samen_beleidsagenda.labels import LEVEL_LABELS, PHASE_LABELS
from samen_beleidsagenda.models import DocumentDossier, Dossier, DossierArea, DossierProject, DossierTheme, PhaseChange, PlanningItem
from samen_beleidsagenda.paths import RESERVED_DOSSIERS
from samen_beleidsagenda.permissions import WRITE
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.dossiers import ChooseLevel, CreateDossier, DossierFacts, MoveDossier, UpdateDossier
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.common import (
    check_version,
    enter,
    is_public,
    keep_card,
    locked_thing,
    log,
    require_reason,
    require_write,
    set_confidential,
    tell,
)
from samen_beleidsagenda.services.entries import keep_entries_of_dossier
from samen_beleidsagenda.services.kinds import DOCUMENT
from samen_beleidsagenda.services.phases import moves_from
from samen_beleidsagenda.services.planning import lapse_with, resume_with
from samen_beleidsagenda.services.references import Reference, check_references, linked, many, set_links
from samen_core.api import Invalid, Text, UnitOfWork, _, difference, fold, free_slug, uuid7

FIELDS = ("title", "summary", "why", "question", "holder_id", "organization_id", "contact", "start_date", "expected_end")
LINKS: dict[str, tuple[Any, Any]] = {
    "theme_ids": (DossierTheme.theme_id, DossierTheme.dossier_id),
    "area_ids": (DossierArea.area_id, DossierArea.dossier_id),
    "project_ids": (DossierProject.project_id, DossierProject.dossier_id),
}
"""What a dossier is linked to: the column of the ids and that of the dossier."""

NO_SUMMARY = _("Schrijf eerst een samenvatting in gewone taal: die staat bovenaan het dossier.")
CREATED = _("Het dossier is aangelegd.")
CHANGED = _("Het dossier is bijgewerkt.")


def create_dossier(uow: UnitOfWork, command: CreateDossier) -> Dossier:
    """Add a dossier as a draft. Raises NotAllowed, and Invalid for what it refers to."""
    check_references(uow, _references(command))
    dossier = Dossier(
        id=uuid7(),
        slug=free_slug(uow, Dossier.slug, command.title, "dossier", RESERVED_DOSSIERS),
        phase=command.phase,
        phase_since=uow.now,
        confidential=command.confidential,
    )
    _fill(dossier, command)
    enter(uow, dossier)
    uow.session.flush()
    _link(uow, dossier, command)
    uow.session.add(PhaseChange(id=uuid7(), dossier_id=dossier.id, before=None, after=dossier.phase, at=uow.now))
    log(uow, "beleidsagenda.dossier.created", dossier, CREATED, after={"title": dossier.title, "phase": dossier.phase})
    keep_card(uow, dossier)
    return dossier


def update_dossier(uow: UnitOfWork, id: uuid.UUID, command: UpdateDossier) -> Dossier:
    """Replace what is known of a dossier; its address stays. Raises NotFound, NotAllowed, Invalid, and Conflict with the values of now."""
    dossier = _to_change(uow, id, command.version)
    if dossier.state == "published" and not command.summary:
        raise Invalid({"summary": [NO_SUMMARY]})
    linked_now = _links(uow, id)
    already = (dossier.holder_id, dossier.organization_id, *(one for ids in linked_now.values() for one in ids))
    check_references(uow, _references(command), already)
    if command.organization_id and command.organization_id != dossier.organization_id:
        WRITE.require(uow.actor, id, scopes=(command.organization_id,))
    visible = is_public(uow, dossier)
    set_confidential(uow, dossier, command.confidential)
    _fill(dossier, command)
    before, after = difference(dossier)
    for name, ids in linked_now.items():
        if set(ids) != set(getattr(command, name)):
            before[name], after[name] = ids, getattr(command, name)
    before.pop("sort_title", None), after.pop("sort_title", None)
    if not after:
        return dossier
    _link(uow, dossier, command)
    # What changed may stand in another table; also then, and at the same moment, this is another version.
    flag_modified(dossier, "changed_at")
    keep_card(uow, dossier)
    log(uow, "beleidsagenda.dossier.updated", dossier, CHANGED, before=before, after=after)
    tell(uow, DossierUpdated, dossier)
    if visible != is_public(uow, dossier) or after.keys() & {"title", "theme_ids", "area_ids"}:
        follow_dossier(uow, dossier)
    return dossier


def move_phase(uow: UnitOfWork, id: uuid.UUID, command: MoveDossier) -> Dossier:
    """Bring a dossier to another phase; what is planned for one that is withdrawn lapses, until that turns out to be a mistake.

    Raises NotFound, NotAllowed, Conflict, and Invalid for an impossible or unexplained move.
    """
    dossier = _to_change(uow, id, command.version)
    move = next((move for move in moves_from(dossier.phase, dossier.phase_before) if move.phase == command.phase), None)
    if move is None:
        raise Invalid({"phase": [_("Van {now} kan een dossier niet naar {other}.", now=_word(dossier.phase), other=_word(command.phase))]})
    reason = require_reason(command.reason) if move.needs_reason else command.reason.strip()
    before, now = dossier.phase, command.phase
    if now in ("on_hold", "withdrawn"):
        dossier.phase_before = dossier.phase_before if before == "on_hold" else before
    else:
        dossier.phase_before = None
    dossier.phase, dossier.phase_since = now, uow.now
    uow.session.add(PhaseChange(id=uuid7(), dossier_id=id, before=before, after=now, reason=reason, at=uow.now))
    keep_card(uow, dossier)
    sentence = _("Het dossier ging van {before} naar {after}.", before=_word(before), after=_word(now))
    log(uow, "beleidsagenda.dossier.moved", dossier, sentence, before={"phase": before}, after={"phase": now}, reason=reason)
    if now == "withdrawn":
        lapse_with(uow, dossier, reason)
    elif before == "withdrawn":
        resume_with(uow, dossier)
    tell(uow, DossierMoved, dossier)
    return dossier


def choose_level(uow: UnitOfWork, id: uuid.UUID, command: ChooseLevel) -> Dossier:
    """Choose how much residents have to say; that they have nothing to say needs a motivation. Raises as :func:`move_phase`."""
    dossier = _to_change(uow, id, command.version)
    reason = require_reason(command.reason) if command.level == "none" else command.reason.strip()
    if (command.level, reason) == (dossier.level, dossier.level_reason):
        return dossier
    before = {"level": dossier.level, "level_reason": dossier.level_reason}
    dossier.level, dossier.level_reason = command.level, reason
    keep_card(uow, dossier)
    sentence = _("Niveau van samenspraak: {level}.", level=LEVEL_LABELS[command.level])
    after = {"level": dossier.level, "level_reason": reason}
    log(uow, "beleidsagenda.dossier.level", dossier, sentence, before=before, after=after, reason=reason)
    tell(uow, DossierUpdated, dossier)
    return dossier


def publish_dossier(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> Dossier:
    """Make a dossier public, with its planned moments that are. Raises as :func:`approval.publish`, and Invalid without a summary."""
    dossier = locked_thing(uow, Dossier, id)
    if not dossier.summary:
        raise Invalid(NO_SUMMARY)
    dossier = approval.publish(uow, Dossier, id, command, DossierPublished)
    follow_dossier(uow, dossier)
    return dossier


def remove_dossier(uow: UnitOfWork, id: uuid.UUID, command: Approve) -> Dossier:
    """Take a dossier away; its planned moments are not shown any longer. Raises as :func:`approval.remove`."""
    dossier = approval.remove(uow, Dossier, id, command)
    follow_dossier(uow, dossier)
    return dossier


def follow_dossier(uow: UnitOfWork, dossier: Dossier) -> None:
    """Let what hangs on a dossier follow it when its title changed or other people may see it: its moments, and what calendars read."""
    for moment in uow.session.execute(
        select(PlanningItem).where(PlanningItem.dossier_id == dossier.id).order_by(PlanningItem.id)
    ).scalars():
        keep_card(uow, moment)
    keep_entries_of_dossier(uow, dossier)
    # Papers are found by the titles of their dossiers that everybody may see.
    for id in uow.session.execute(select(DocumentDossier.document_id).where(DocumentDossier.dossier_id == dossier.id)).scalars():
        uow.subject_changed(DOCUMENT.ref(id))


def dossier_values(uow: UnitOfWork, dossier: Dossier) -> dict[str, Any]:
    """What the form of a dossier shows: the fields of :class:`UpdateDossier`."""
    names = (*FIELDS, "confidential", "version")
    return {**{name: getattr(dossier, name) for name in names}, "tags": "\n".join(dossier.tags or ()), **_links(uow, dossier.id)}


def _to_change(uow: UnitOfWork, id: uuid.UUID, version: int) -> Dossier:
    dossier = locked_thing(uow, Dossier, id)
    require_write(uow, dossier)
    if dossier.version != version:
        check_version(dossier, version, dossier_values(uow, dossier))
    return dossier


def _fill(dossier: Dossier, command: DossierFacts) -> None:
    for name in FIELDS:
        setattr(dossier, name, getattr(command, name))
    dossier.sort_title = fold(command.title)
    if list(command.tags) != (dossier.tags or []):
        dossier.tags = list(command.tags)


def _links(uow: UnitOfWork, id: uuid.UUID) -> dict[str, tuple[uuid.UUID, ...]]:
    return {name: linked(uow, column, owner, id) for name, (column, owner) in LINKS.items()}


def _link(uow: UnitOfWork, dossier: Dossier, command: DossierFacts) -> None:
    for name, (column, owner) in LINKS.items():
        set_links(uow, column, owner, dossier.id, getattr(command, name))


def _references(command: DossierFacts) -> list[Reference]:
    return [
        ("holder_id", "post", command.holder_id),
        ("organization_id", "organization", command.organization_id),
        *many("theme_ids", "theme", command.theme_ids),
        *many("area_ids", "area", command.area_ids),
        *many("project_ids", "project", command.project_ids),
    ]


def _word(phase: str) -> Text:
    return PHASE_LABELS[phase]
