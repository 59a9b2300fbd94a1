"""Files in forms: which ones somebody may name, and tying them to the thing that they are for."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, or_, select, true

from samen_core.errors import Invalid
from samen_core.files.kinds import NOT_A_PICTURE
from samen_core.files.models import File
from samen_core.files.services import COLUMNS, MAX_ALT, NO_ALT, StoredFile, as_stored, plain_line
from samen_core.i18n import Text, _

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.forms import FileValue

EXPIRED: Text = _("Dit bestand is er niet meer. Kies het opnieuw.")


def files_for_form(uow: UnitOfWork, ids: Iterable[uuid.UUID], owner: uuid.UUID | None = None) -> dict[uuid.UUID, StoredFile]:
    """The files that a form may keep: of these ids the actor's own uploads that belong to nothing yet, and every file of ``owner``.

    The caller has checked that the actor may see ``owner``. One statement.
    """
    wanted: ColumnElement[bool] = and_(File.id.in_(list(ids)), _is_own_loose(uow))
    if owner is not None:
        wanted = or_(wanted, File.owner_id == owner)
    rows = uow.session.execute(select(*COLUMNS).where(File.state == "active", wanted)).mappings()
    return {row["id"]: as_stored(row) for row in rows}


def attach_files(
    uow: UnitOfWork, values: Sequence[FileValue], owner: uuid.UUID, field: str, *, public: bool = True, pictures: bool = False
) -> list[StoredFile]:
    """Tie these files to a subject that is in the register and set their descriptions; the calling service has checked that the actor may.

    Raises Invalid as :func:`check_files` does.
    """
    found = check_files(uow, values, field, owner=owner, pictures=pictures)
    for value in values:
        file = found[value.id]
        alt = file.alt if value.alt is None else plain_line(value.alt)
        if (file.owner_id, file.alt, file.public) != (owner, alt, public):
            file.owner_id, file.alt, file.public, file.changed_at = owner, alt, public, uow.now
            uow.record("core.file.tied", owner, after={"file": file.id})
    return [as_stored({name: getattr(found[value.id], name) for name in StoredFile.__slots__}) for value in values]


def check_files(
    uow: UnitOfWork, values: Sequence[FileValue], field: str, *, owner: uuid.UUID | None = None, pictures: bool = False
) -> dict[uuid.UUID, File]:
    """The rows of these files, without touching them, for a thing that is not in the register yet.

    Each must be an upload of the actor that belongs to nothing yet, or a file of ``owner`` already. Raises Invalid for ``field``
    otherwise, for a picture that nobody described, and with ``pictures`` for another kind.
    """
    wanted = File.id.in_([value.id for value in values])
    allowed = _is_own_loose(uow) if owner is None else or_(_is_own_loose(uow), File.owner_id == owner)
    statement = select(File).where(wanted, File.state == "active", allowed)
    found = {file.id: file for file in uow.session.scalars(statement)} if values else {}
    errors = [text for value in values for text in _problems(found.get(value.id), value, pictures)]
    if errors:
        raise Invalid({field: list(dict.fromkeys(errors))})
    return found


def _is_own_loose(uow: UnitOfWork) -> ColumnElement[bool]:
    """An upload without owner of the actor. Who has no account shows with the id, 74 random bits that only its form knew."""
    mine = true() if uow.actor.is_system else File.uploaded_by_id.is_not_distinct_from(uow.actor.account_id)
    return and_(File.owner_id.is_(None), mine)


def _problems(file: File | None, value: FileValue, pictures: bool) -> list[Text]:
    if file is None:
        return [EXPIRED]
    if file.kind != "picture":
        return [NOT_A_PICTURE] if pictures else []
    alt = file.alt if value.alt is None else plain_line(value.alt)
    if not alt:
        return [NO_ALT]
    return [_("Beschrijf de foto in hoogstens {max} tekens.", max=MAX_ALT)] if len(alt) > MAX_ALT else []
