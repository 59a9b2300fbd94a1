"""Messages about cases that another server sends, or that were fetched there: each is taken in once, told to the reporters, and may move
the case (the update extension, open311.md §2.8)."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from samen_core.api import Invalid, NotFound, Text, UnitOfWork, _
from samen_oog_oor.georeport import read_link, read_moment
from samen_oog_oor.models import Case, Update
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.schemas.moving import MoveCase
from samen_oog_oor.schemas.open311 import TakeUpdate
from samen_oog_oor.services.common import case_to_work_at, lock_case
from samen_oog_oor.services.moving import move_case, possible_states, what_is_wrong
from samen_oog_oor.services.updates import tell_reporters

LONGEST = 4_000
LONGEST_ID = 120
REQUIRED = ("service_request_id", "update_id", "updated_datetime", "status", "description")
"""What a message cannot do without."""
STATUSES: dict[str, tuple[str | None, str | None]] = {
    "OPEN": (None, None),
    "FOR_TRIAGE": (None, None),
    "INVESTIGATING": (None, None),
    "INTERNAL_REFERRAL": (None, None),
    "PLANNED": (None, None),
    "ACTION_SCHEDULED": (None, None),
    "IN_PROGRESS": ("in_progress", None),
    "REOPEN": ("in_progress", None),
    "FIXED": ("resolved", "repaired"),
    "CLOSED": (None, None),
    "DUPLICATE": ("not_resolved", "already_resolved"),
    "NO_FURTHER_ACTION": ("not_resolved", "no_action_policy"),
    "NOT_COUNCILS_RESPONSIBILITY": ("referred", "no_authority"),
    "CANCELLED": ("not_resolved", "no_action_policy"),
}
"""What a status of the extension brings a case to, and how it ended; None leaves that to staff: what is closed need not be mended."""
_CLOSED_THERE = _("De organisatie die dit uitvoerde, heeft de zaak afgesloten.")
_BACK_AT_WORK = _("De organisatie die dit uitvoert, is weer aan het werk.")


def read_update(given: Mapping[str, str], source: str) -> TakeUpdate:
    """What somebody sent by the names of the standard. Raises Invalid with everything that is wrong."""
    values = {name: given.get(name, "").strip() for name in (*REQUIRED, "media_url")}
    errors: dict[str, list[Text]] = {name: [_("{field} ontbreekt.", field=name)] for name in REQUIRED if not values[name]}
    if len(values["update_id"]) > LONGEST_ID:
        errors["update_id"] = [_("Schrijf hoogstens {max} tekens.", max=LONGEST_ID)]
    for name, read in (("updated_datetime", read_moment), ("media_url", read_link)):
        try:
            if values[name]:
                read(values[name], name)
        except Invalid as error:
            errors |= error.errors
    if values["status"] and values["status"].upper() not in STATUSES:
        errors["status"] = [_("status {status} is onbekend.", status=values["status"][:40])]
    if errors:
        raise Invalid(errors)
    return TakeUpdate(
        number=values["service_request_id"],
        source=source,
        source_id=values["update_id"],
        status=values["status"].upper(),
        text="\n\n".join(values[name] for name in ("description", "media_url") if values[name]),
    )


def take_update(uow: UnitOfWork, command: TakeUpdate) -> Update | None:
    """Take a message in; None for one that came before.

    Its text reaches the reporters. The case moves where its states allow that, else the message is all: a late one never undoes what staff
    decided. Raises NotFound for a case that the actor may not know of, NotAllowed, and Invalid with what is wrong.
    """
    if command.status not in STATUSES:
        raise Invalid({"status": [_("status {status} is onbekend.", status=command.status[:40])]})
    if len(command.text) > LONGEST:
        raise Invalid({"description": [_("Schrijf hoogstens {max} tekens.", max=LONGEST)]})
    found = uow.session.execute(select(Case.id).where(Case.number == command.number)).scalar_one_or_none()
    if found is None:
        raise NotFound(_("service_request_id {number} is onbekend.", number=command.number[:40]))
    case = case_to_work_at(uow, found)
    whole = _whole(uow, case)
    before = select(Update.id).where(Update.source == command.source, Update.source_id == command.source_id)
    if uow.session.execute(before).first() is not None:
        return None
    move = _move(case, command)
    if move is not None and not what_is_wrong(uow, case, move):
        move_case(uow, case.id, move)
        update = _newest(uow, case)
    else:
        text = command.text.strip()
        update = tell_reporters(uow, whole, text) if text else tell_reporters(uow, whole, public=False, mail=None)
    update.source, update.source_id = command.source, command.source_id
    uow.session.flush()
    return update


def _whole(uow: UnitOfWork, case: Case) -> Case:
    """The case of which this became a part, where its reporters are now; it says how that part stands, and moves nothing of the whole."""
    while case.merged_into_id is not None:
        case = lock_case(uow, case.merged_into_id)
    return case


def _move(case: Case, command: TakeUpdate) -> MoveCase | None:
    state, resolution = STATUSES[command.status]
    if state is None or state == case.state or state not in possible_states(case):
        return None
    text = command.text.strip()
    if not text and state in CLOSED:
        text = str(_CLOSED_THERE)
    elif not text and case.state in CLOSED:
        text = str(_BACK_AT_WORK)
    return MoveCase(state=state, text=text, resolution=resolution)


def _newest(uow: UnitOfWork, case: Case) -> Update:
    """The message that a move just told."""
    uow.session.flush()
    statement = select(Update).where(Update.case_id == case.id).order_by(Update.at.desc(), Update.id.desc()).limit(1)
    return uow.session.execute(statement).scalar_one()
