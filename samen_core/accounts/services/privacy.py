"""One's own data: seeing it, taking it along, having it erased. All from the declarations on the columns (AVG art. 15, 17, 20)."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from samen_core.accounts import queries
from samen_core.accounts.links import page
from samen_core.accounts.models import User
from samen_core.accounts.services.accounts import require_other_manager
from samen_core.db.changes import Change, plain
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import NotFound
from samen_core.events.signals import ACCOUNT_ERASED
from samen_core.files.models import File
from samen_core.i18n import SOURCE_LANGUAGE
from samen_core.permissions import LOGGED_IN, MANAGE
from samen_core.privacy.erasure import Fate, claims, erase, fates, identifying
from samen_core.privacy.export import OwnThings, own_things
from samen_core.subjects import SubjectCard

MAX_LOG = 1000
"""The newest rows of the log that an export shows; the log keeps no personal data itself."""


@dataclass(frozen=True, slots=True)
class Done:
    """Something that the account did, according to the log."""

    at: datetime
    action: str
    result: str


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that the account uploaded."""

    id: uuid.UUID
    name: str


def export_account(uow: UnitOfWork, account_id: uuid.UUID, most: int | None = None) -> list[OwnThings]:
    """Everything that is declared personal and may be exported, thing by thing: of each table the newest ``most`` rows, or all.

    What was done without account under its confirmed e-mail address is in it too. Raises NotAllowed for somebody else's account.
    """
    _own_or_manager(uow, account_id)
    return own_things(uow, account_id, _confirmed_address(uow, account_id), most)


def export_json(uow: UnitOfWork, account_id: uuid.UUID, files: Mapping[uuid.UUID, str] | None = None) -> dict[str, Any]:
    """The export as JSON types, with what the account did according to the log.

    ``files`` says where the content of a file stands beside it, by id. Raises NotAllowed for somebody else's account.
    """
    things = export_account(uow, account_id)
    return {
        "account": str(account_id),
        "made_at": uow.now.isoformat(),
        "data": [_things_json(uow, own) for own in things],
        "files": [
            {"id": str(file.id), "name": file.name, "path": (files or {}).get(file.id)} for file in files_of_account(uow, account_id)
        ],
        "log": [{"at": done.at.isoformat(), "action": done.action, "result": done.result} for done in log_of_account(uow, account_id)],
    }


def _things_json(uow: UnitOfWork, own: OwnThings) -> dict[str, Any]:
    declared = {
        field.column.name: {"label": item.label, "purpose": item.purpose, "basis": item.basis, "retention": item.retention}
        for field in own.fields
        for item in [field.declared]
    }
    records = [
        {
            "key": [plain(value) for value in record.key],
            "about": [{"title": card.title, "url": _address(uow, card)} for card in record.about],
            "values": dict(zip(declared, map(plain, record.values), strict=True)),
        }
        for record in own.records
    ]
    return {"block": own.owner, "table": own.table, "thing": own.thing, "fields": declared, "records": records}


def _address(uow: UnitOfWork, card: SubjectCard) -> str | None:
    return page(uow.platform, card.url, SOURCE_LANGUAGE) if card.is_live else None


def log_of_account(uow: UnitOfWork, account_id: uuid.UUID) -> list[Done]:
    """What the account did, newest first, at most ``MAX_LOG`` rows. Raises NotAllowed for somebody else's account."""
    _own_or_manager(uow, account_id)
    columns = (Change.at, Change.action, Change.result)
    rows = uow.session.execute(select(*columns).where(Change.actor_id == account_id).order_by(Change.seq.desc()).limit(MAX_LOG))
    return [Done(*row) for row in rows]


def files_of_account(uow: UnitOfWork, account_id: uuid.UUID) -> list[OwnFile]:
    """The files that the account uploaded and that are still there. Raises NotAllowed for somebody else's account."""
    _own_or_manager(uow, account_id)
    mine = select(File.id, File.name).where(File.uploaded_by_id == account_id, File.state == "active").order_by(File.id)
    return [OwnFile(*row) for row in uow.session.execute(mine)]


def contents_of_account(uow: UnitOfWork, account_id: uuid.UUID) -> Iterator[tuple[OwnFile, bytes]]:
    """Those files with their content, also of a thing that was taken away since; one whose content is lost is left out and logged.

    Raises NotAllowed for somebody else's account.
    """
    for file in files_of_account(uow, account_id):
        try:
            stream = uow.platform.files.open(file.id.hex)
        except FileNotFoundError:
            uow.platform.log.error("file_content_missing", file=str(file.id))
            continue
        with stream:
            yield file, stream.read()


def erasure_preview(uow: UnitOfWork, account_id: uuid.UUID) -> list[Fate]:
    """What erasing the account deletes, empties and keeps. Raises NotAllowed for somebody else's account."""
    _own_or_manager(uow, account_id)
    return fates(claims(uow, account_id, _confirmed_address(uow, account_id)))


def erase_account(uow: UnitOfWork, account_id: uuid.UUID) -> list[Fate]:
    """Erase an account for good: each declared field as its declaration says. Its id stays, without anything that leads to a person.

    Gives what was deleted, emptied and kept. Raises NotFound, or Invalid for the only manager of the city.
    """
    _own_or_manager(uow, account_id)
    account = queries.get_account(uow, account_id)
    require_other_manager(uow, account_id)
    found = claims(uow, account_id, _confirmed_address(uow, account_id))
    done, pattern = fates(found), identifying(uow, found)
    uow.send(ACCOUNT_ERASED, account_id=account_id)
    uow.session.flush()
    erase(uow, account_id, found, pattern)
    uow.session.expire_all()
    account.active, account.state, account.fs_uniquifier = False, "erased", secrets.token_hex(32)
    uow.record("core.account.erased", account_id, after={"rows": [asdict(fate) for fate in done]})
    return done


def erasure_receipt(uow: UnitOfWork, account_id: uuid.UUID) -> list[Fate]:
    """What erasing the account did, from the log, for who holds the signed address of the receipt. Raises NotFound."""
    mine = select(Change.after).where(Change.subject_id == account_id, Change.action == "core.account.erased")
    found = uow.session.execute(mine.order_by(Change.seq.desc()).limit(1)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return [Fate(**{**row, "labels": tuple(row["labels"]), "reasons": tuple(row["reasons"])}) for row in found["rows"]]


def _confirmed_address(uow: UnitOfWork, account_id: uuid.UUID) -> str | None:
    """The address that the account proved to be its own: what bears it is the account's too."""
    mine: Any = select(User.email).where(User.id == account_id, User.confirmed_at.is_not(None))
    address: str | None = uow.session.execute(mine).scalar_one_or_none()
    return address


def _own_or_manager(uow: UnitOfWork, account_id: uuid.UUID) -> None:
    if uow.actor.account_id == account_id:
        LOGGED_IN.require(uow.actor)
    else:
        MANAGE.require(uow.actor)
