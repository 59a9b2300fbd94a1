"""What staff do at a case themselves: who has it, how urgent it is, notes, messages; and the views that they keep of the list."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import func, select

from samen_core.api import Invalid, NotAllowed, NotFound, UnitOfWork, _, colleagues, uuid7
from samen_oog_oor.labels import PRIORITY_LABELS
from samen_oog_oor.models import Case, Note, SavedView
from samen_oog_oor.permissions import HANDLE, TRIAGE
from samen_oog_oor.schemas.work import AssignCase, SaveView, SetPriority, WriteNote, WriteUpdate
from samen_oog_oor.services.common import case_to_work_at, keep_case, log
from samen_oog_oor.services.updates import tell_reporters

MOST_VIEWS = 50


def possible_assignees(uow: UnitOfWork) -> dict[uuid.UUID, str]:
    """The colleagues who can have a case, by account, in order of their names. One statement."""
    return colleagues(uow, HANDLE.roles)


def assign_case(uow: UnitOfWork, id: uuid.UUID, command: AssignCase) -> Case:
    """Give a case to a colleague, or to nobody. Raises NotFound, NotAllowed, Conflict, and Invalid for who works at no cases."""
    case = case_to_work_at(uow, id, command.version, values=lambda case: {"assignee_id": case.assignee_id})
    if command.assignee_id == case.assignee_id:
        return case
    names = possible_assignees(uow) if command.assignee_id is not None else {}
    if command.assignee_id is not None and command.assignee_id not in names:
        raise Invalid({"assignee_id": [_("Deze collega behandelt geen meldingen.")]})
    case.assignee_id = command.assignee_id
    sentence = _("Een collega heeft de zaak gekregen.") if command.assignee_id else _("De zaak heeft geen behandelaar meer.")
    log(uow, "assigned", case, sentence, public=False)
    keep_case(uow, case)
    return case


def set_priority(uow: UnitOfWork, id: uuid.UUID, command: SetPriority) -> Case:
    """Say how urgent a case is. Raises NotFound, NotAllowed and Conflict."""
    case = case_to_work_at(uow, id, command.version, values=lambda case: {"priority": case.priority})
    if command.priority == case.priority:
        return case
    before, case.priority = case.priority, command.priority
    sentence = _("De urgentie is nu: {priority}.", priority=PRIORITY_LABELS[command.priority])
    changed: dict[str, Any] = {"before": {"priority": before}, "after": {"priority": command.priority}}
    log(uow, "priority", case, sentence, reason=command.reason, public=False, **changed)
    keep_case(uow, case)
    return case


def write_note(uow: UnitOfWork, id: uuid.UUID, command: WriteNote) -> Note:
    """Write a note that only staff read. Raises NotFound and NotAllowed."""
    case = case_to_work_at(uow, id)
    note = Note(id=uuid7(), case_id=case.id, at=uow.now, text=command.text, account_id=uow.actor.account_id)
    uow.session.add(note)
    log(uow, "noted", case, _("Een medewerker schreef een notitie."), public=False)
    uow.session.flush()
    return note


def write_update(uow: UnitOfWork, id: uuid.UUID, command: WriteUpdate) -> Case:
    """Tell the reporters something while the case stays where it is.

    Raises NotFound, NotAllowed, Conflict, and Invalid for a case that is part of another: its reporters hear about that one.
    """
    case = case_to_work_at(uow, id, command.version, values=lambda case: {"state": case.state})
    if case.merged_into_id is not None:
        raise Invalid({"text": [_("Deze zaak is samengevoegd met een andere. Stuur uw bericht daar.")]})
    tell_reporters(uow, case, command.text, command.public)
    log(uow, "told", case, _("Er is een bericht gestuurd."))
    keep_case(uow, case)
    return case


def save_view(uow: UnitOfWork, command: SaveView) -> SavedView:
    """Keep a choice of filters under a name; the same name again takes its place. Raises NotAllowed and Invalid when there are too many."""
    account_id = _account(uow)
    if not HANDLE.somewhere(uow.actor):
        HANDLE.require(uow.actor)
    query = urlencode([(name, value) for name, value in parse_qsl(command.query.lstrip("?")) if name != "cursor"])
    own = SavedView.account_id == account_id
    view = uow.session.execute(select(SavedView).where(own, SavedView.name == command.name).limit(1)).scalar_one_or_none()
    if view is None:
        if uow.session.execute(select(func.count()).select_from(SavedView).where(own)).scalar_one() >= MOST_VIEWS:
            raise Invalid({"name": [_("U hebt al {n} weergaven. Haal er eerst een weg.", n=MOST_VIEWS)]})
        view = SavedView(id=uuid7(), account_id=account_id, name=command.name)
        uow.session.add(view)
    view.query, view.shared = query[:1_000], command.shared
    uow.session.flush()
    uow.record("oog_oor.view.saved", after={"view": view.id, "shared": view.shared})
    return view


def remove_view(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Take a view away: one's own, or with the right to divide work a shared one. Raises NotFound and NotAllowed."""
    view = uow.session.get(SavedView, id)
    if view is None or (view.account_id != uow.actor.account_id and not view.shared):
        raise NotFound
    if view.account_id != uow.actor.account_id and not TRIAGE.somewhere(uow.actor):
        raise NotAllowed(_("Deze weergave is van een collega."))
    uow.session.delete(view)
    uow.record("oog_oor.view.removed", after={"view": id})


def _account(uow: UnitOfWork) -> uuid.UUID:
    if uow.actor.account_id is None:
        raise NotAllowed(_("Log in om een weergave te bewaren."), log_in=True)
    return uow.actor.account_id
