"""Cases that go on to another Open311 server: planned when a case opens, sent with retries, and what is told there taken back.

Nothing is sent or asked inside a transaction: what comes of each call is written in one of its own, so a worker that dies loses at most
what it did not know yet. What is sent twice after that counts once where the other side knows Idempotency-Key, as we do.
"""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from samen_core.api import Delivered, Invalid, Platform, SamenError, UnitOfWork, _, system, unseal, uuid7
from samen_oog_oor.georeport import read_moment
from samen_oog_oor.models import Case, Forward, ForwardedCategory, Server, Signal
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.open311 import shown_pictures
from samen_oog_oor.schemas.open311 import TakeUpdate
from samen_oog_oor.services.answers import answers_to_open311
from samen_oog_oor.services.common import lock_case, log
from samen_oog_oor.services.contact import share_contact
from samen_oog_oor.services.open311_client import LaterMaybe, Refused, Remote
from samen_oog_oor.services.private_words import without_private

if TYPE_CHECKING:
    from samen_oog_oor.schemas.receiving import Contact

FORWARDED = "samen-forward-"
"""What the Idempotency-Key of a case that was sent on starts with: it goes no further, so that two servers never send each other theirs."""
PURPOSE = "oog_oor.server"
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=2), timedelta(hours=6)
MOST_TRIES = 20
"""Together more than three days."""
AT_ONCE = 25
OVERLAP = timedelta(hours=1)
"""How much of what was read is asked again: clocks differ, and what came before is known by its id."""
FARTHEST = timedelta(days=89)
MOST_TOLD = 1_000
"""So many messages are in one answer of a server; when it is full, there may be more."""
WAITING, SENT, ACKNOWLEDGED, FAILED, DONE = "waiting", "sent", "acknowledged", "failed", "closed"
HELD, KEPT = "held", "kept"
"""It stays for as long as it is closed or part of another; it stays for good."""
_ENDED = frozenset({"FIXED", "CLOSED", "DUPLICATE", "NO_FURTHER_ACTION", "NOT_COUNCILS_RESPONSIBILITY", "CANCELLED"})
_ACTOR = system("worker")
_SERVER: Any = Server.__table__


def plan_forward(uow: UnitOfWork, event: Delivered) -> None:
    """A case opened, or went elsewhere: when its category goes to another server, it will be sent there, once."""
    case = uow.session.get(Case, event.about[0].id) if event.about else None
    if case is not None and not case.confidential:
        plan(uow, case, WAITING)


def take_up_forward(uow: UnitOfWork, event: Delivered) -> None:
    """A case that was closed or part of another stands open by itself again: what was held goes."""
    case = uow.session.get(Case, event.about[0].id) if event.about else None
    if case is None or _rests(case):
        return
    held = update(Forward).where(Forward.case_id == case.id, Forward.state == HELD)
    uow.session.execute(held.values(state=WAITING, next_at=uow.now), execution_options={"synchronize_session": False})


def _rests(case: Case) -> bool:
    return case.merged_into_id is not None or case.state in CLOSED


def keep_here(uow: UnitOfWork, case: Case) -> None:
    """A case that another server sent is not sent on."""
    plan(uow, case, KEPT)


def plan(uow: UnitOfWork, case: Case, state: str) -> None:
    """Write down that a case goes, or will not go, to the server of its category; nothing when that was done before or there is none."""
    of_category = select(Server.id).join(ForwardedCategory, ForwardedCategory.server_id == Server.id)
    server_id = uow.session.execute(
        of_category.where(ForwardedCategory.category_id == case.category_id, Server.active)
    ).scalar_one_or_none()
    if server_id is None:
        return
    known = select(Forward.id).where(Forward.case_id == case.id, (Forward.server_id == server_id) | (Forward.state == KEPT))
    if uow.session.execute(known).first() is None:
        next_at = uow.now if state == WAITING else None
        uow.session.add(Forward(id=uuid7(), case_id=case.id, server_id=server_id, state=state, next_at=next_at))
        uow.session.flush()


def forward_due(uow: UnitOfWork) -> None:
    """The job: send what is due, ask for the ids of tokens, and take back what other servers told."""
    platform = uow.platform
    for id in _due(platform, WAITING):
        send_one(platform, id)
    for id in _due(platform, SENT):
        resolve_one(platform, id)
    with platform.read(_ACTOR) as reading:
        servers = list(reading.session.execute(select(Server.id).where(Server.active).order_by(Server.name)).scalars())
    for server_id in servers:
        fetch_updates(platform, server_id)


def _due(platform: Platform, state: str) -> list[uuid.UUID]:
    with platform.read(_ACTOR) as uow:
        statement = select(Forward.id).join(Server, Server.id == Forward.server_id).where(Server.active, Forward.state == state)
        return list(uow.session.execute(statement.where(Forward.next_at <= uow.now).order_by(Forward.next_at).limit(AT_ONCE)).scalars())


def send_one(platform: Platform, forward_id: uuid.UUID) -> None:
    """Send one case on, and keep what came of it."""
    with platform.read(_ACTOR) as uow:
        forward = uow.session.get_one(Forward, forward_id)
        case, server = uow.session.get_one(Case, forward.case_id), uow.session.get_one(Server, forward.server_id)
        remote = remote_of(platform, server)
        fields = fields_of(uow, case, server)
        goes = not case.confidential and not _rests(case)
    if not goes:
        _hold(platform, forward_id)
        return
    if fields is None:
        _keep(platform, forward_id, state=FAILED, problem="NoService", next_at=None)
        return
    try:
        id, token = remote.send(fields, FORWARDED + forward_id.hex)
    except Refused as error:
        _keep(platform, forward_id, state=FAILED, problem=str(error)[:400], next_at=None, tried=True)
        return
    except LaterMaybe as error:
        _later(platform, forward_id, str(error))
        return
    with platform.unit_of_work(_ACTOR) as uow:
        row = _locked(uow, forward_id)
        row.tries, row.problem, row.sent_at = row.tries + 1, "", uow.now
        row.external_id, row.token = id, token
        row.state, row.next_at = (ACKNOWLEDGED, None) if id else (SENT, uow.now + FIRST_DELAY)
        case = uow.session.get_one(Case, row.case_id)
        log(
            uow,
            "forwarded",
            case,
            _("Doorgestuurd naar {server}.", server=server.name),
            after={"server": server.name, "number": id or token},
        )


def resolve_one(platform: Platform, forward_id: uuid.UUID) -> None:
    """Ask which id belongs to the token of a case that was sent."""
    with platform.read(_ACTOR) as uow:
        forward = uow.session.get_one(Forward, forward_id)
        remote, token = remote_of(platform, uow.session.get_one(Server, forward.server_id)), forward.token
    try:
        id = remote.id_of(token)
    except LaterMaybe as error:
        _later(platform, forward_id, str(error), gives_up=False)
        return
    if id:
        _keep(platform, forward_id, state=ACKNOWLEDGED, external_id=id, problem="", next_at=None)
    else:
        _later(platform, forward_id, "NoIdYet", gives_up=False)


def fetch_updates(platform: Platform, server_id: uuid.UUID) -> int:
    """Take in what a server told of the cases that were sent there; how many messages were new."""
    with platform.read(_ACTOR) as uow:
        server, now = uow.session.get_one(Server, server_id), uow.now
        sent = select(Forward.external_id, Case.number, Forward.sent_at, Forward.state).join_from(Forward, Case, Case.id == Forward.case_id)
        of_server = sent.where(Forward.server_id == server_id, Forward.external_id != "", Forward.state.in_((ACKNOWLEDGED, DONE)))
        rows = uow.session.execute(of_server).all()
        remote = remote_of(platform, server)
    if not any(row.state == ACKNOWLEDGED for row in rows):
        return 0
    numbers = {row.external_id: row.number for row in rows}
    first = min((row.sent_at for row in rows if row.sent_at), default=now)
    since = max((server.updates_until or first) - OVERLAP, now - FARTHEST)
    try:
        told = remote.updates(since, now)
        if told is None:
            told = _from_requests(remote, [row.external_id for row in rows if row.state == ACKNOWLEDGED])
    except (Refused, LaterMaybe) as error:
        _note_server(platform, server_id, str(error)[:400], None)
        return 0
    new = sum(_take(platform, server, one, numbers) for one in told)
    _note_server(platform, server_id, "", _read_until(told, now))
    return new


def _read_until(told: list[dict[str, str]], now: datetime) -> datetime:
    """How far a server was read: to now, or after as many messages as one answer holds exactly to the last of them."""
    moments = []
    for one in told if len(told) >= MOST_TOLD else ():
        with suppress(Invalid):
            moments.append(read_moment(one.get("updated_datetime", ""), "updated_datetime"))
    return max(moments) + OVERLAP if moments else now


def fields_of(uow: UnitOfWork, case: Case, server: Server) -> list[tuple[str, str]] | None:
    """What is sent of a case: the place, the first signal without what is about people, and who reported it if they agreed to that.

    Of its pictures only one that everybody may see; a signal that was taken back is nobody's any more.
    None when its category goes nowhere any more.
    """
    codes = select(ForwardedCategory.service_code).where(
        ForwardedCategory.category_id == case.category_id, ForwardedCategory.server_id == server.id
    )
    code = uow.session.execute(codes).scalar_one_or_none()
    if code is None:
        return None
    found = [("service_code", code)]
    if case.lat is not None and case.lon is not None:
        found += [("lat", f"{case.lat:.6f}"), ("long", f"{case.lon:.6f}")]
    found += [(name, value) for name, value in (("address_string", case.address), ("address_id", case.address_id)) if value]
    counts = (Signal.case_id == case.id, Signal.confirmed_at.is_not(None), Signal.withdrawn_at.is_(None))
    signal = uow.session.execute(select(Signal).where(*counts).order_by(Signal.at, Signal.id).limit(1)).scalar_one_or_none()
    text = case.public_text or (without_private(signal.text) if signal is not None else "")
    found.append(("description", f"{case.title} ({case.number})\n{text}".strip()[:4_000]))
    if case.publication == "full" and (picture := shown_pictures(uow, [case.id]).get(case.id)):
        found.append(("media_url", picture))
    if signal is not None:
        category = category_tree(uow).by_id[case.category_id]
        for name, values in answers_to_open311(category, signal.answers).items():
            found += [(f"attribute[{name}]" + ("[]" if len(values) > 1 else ""), without_private(value)) for value in values]
        found += _contact_fields(share_contact(uow, [signal.id]).get(signal.id))
    return found


def _contact_fields(contact: Contact | None) -> list[tuple[str, str]]:
    if contact is None:
        return []
    first, _space, last = contact.name.partition(" ")
    given = {"first_name": first, "last_name": last, "email": contact.email, "phone": contact.phone}
    return [(name, value) for name, value in given.items() if value]


def remote_of(platform: Platform, server: Server) -> Remote:
    """The server to ask. A key that cannot be opened (the secret of the installation was changed) is none."""
    try:
        key = unseal(platform.config.secret_key, PURPOSE, server.key) if server.key else ""
    except ValueError:
        key = ""
    return Remote(platform, server.base_url, server.jurisdiction_id, key)


def _from_requests(remote: Remote, ids: list[str]) -> list[dict[str, str]]:
    """Messages made of how requests stand, for a server without a list of messages: one when it is closed there."""
    found = []
    for start in range(0, len(ids), 50):
        for request in remote.requests(ids[start : start + 50]):
            if request.get("status") == "closed":
                id, at = request.get("service_request_id", ""), request.get("updated_datetime", "")
                text = request.get("status_notes", "")
                found.append(
                    {
                        "service_request_id": id,
                        "update_id": f"{id} closed {at}"[:120],
                        "updated_datetime": at,
                        "status": "CLOSED",
                        "description": text,
                    }
                )
    return found


def _take(platform: Platform, server: Server, told: dict[str, str], numbers: dict[str, str]) -> bool:
    """Take one message in, in a transaction of its own; whether it was new. One that makes no sense is let go, with a line in the log."""
    from samen_oog_oor.services.open311_updates import STATUSES, take_update

    external, source_id = told.get("service_request_id", ""), told.get("update_id", "")[:120]
    if external not in numbers or not source_id:
        return False
    status = told.get("status", "").upper()
    try:
        with platform.unit_of_work(_ACTOR) as uow:
            command = TakeUpdate(
                number=numbers[external],
                source=server.name,
                source_id=source_id,
                status=status if status in STATUSES else "OPEN",
                text=told.get("description", "")[:4_000],
            )
            taken = take_update(uow, command)
            if taken is not None:
                state = DONE if status in _ENDED else ACKNOWLEDGED
                moved = update(Forward).where(Forward.server_id == server.id, Forward.external_id == external)
                uow.session.execute(moved.values(state=state), execution_options={"synchronize_session": False})
            return taken is not None
    except (SamenError, IntegrityError) as error:
        platform.log.warning("open311_update_not_taken", server=str(server.id), update=source_id, reason=type(error).__name__)
        return False


def _locked(uow: UnitOfWork, id: uuid.UUID) -> Forward:
    return uow.session.execute(select(Forward).where(Forward.id == id).with_for_update()).scalar_one()


def _keep(platform: Platform, id: uuid.UUID, *, tried: bool = False, **values: Any) -> None:
    with platform.unit_of_work(_ACTOR) as uow:
        row = _locked(uow, id)
        row.tries += int(tried)
        for name, value in values.items():
            setattr(row, name, value)


def _hold(platform: Platform, id: uuid.UUID) -> None:
    """Send a case not, or not now. It is locked, so that who opens it at this moment comes before, or finds it held."""
    with platform.unit_of_work(_ACTOR) as uow:
        case = lock_case(uow, uow.session.get_one(Forward, id).case_id)
        if case.confidential or _rests(case):
            row = _locked(uow, id)
            row.state, row.next_at = (KEPT if case.confidential else HELD), None


def _later(platform: Platform, id: uuid.UUID, problem: str, *, gives_up: bool = True) -> None:
    """Try again later, each time after twice as long; after MOST_TRIES not any more."""
    with platform.unit_of_work(_ACTOR) as uow:
        row = _locked(uow, id)
        row.problem = problem[:400]
        row.tries += 1
        if gives_up and row.tries >= MOST_TRIES:
            row.state, row.next_at = FAILED, None
        else:
            row.next_at = uow.now + min(FIRST_DELAY * 2 ** min(row.tries - 1, 12), LONGEST_DELAY)


def _note_server(platform: Platform, id: uuid.UUID, problem: str, until: datetime | None) -> None:
    with platform.unit_of_work(_ACTOR) as uow:
        values = {"problem": problem, **({"updates_until": until} if until else {})}
        # The version stays: a manager who is changing the address need not look again because of this.
        row = update(_SERVER).where(_SERVER.c.id == id)
        uow.session.connection().execute(row.values(**values))
