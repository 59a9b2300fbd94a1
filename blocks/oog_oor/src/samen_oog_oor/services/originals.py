"""Pictures as reporters sent them: for who may see those, each time written down; everybody else at the desk gets the copy with boxes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from samen_core.api import StoredFile, UnitOfWork, stored_files
from samen_oog_oor.models import Case, ShownPicture
from samen_oog_oor.permissions import SEE_ORIGINALS
from samen_oog_oor.services.common import may_work
from samen_oog_oor.services.viewings import note_viewing


@dataclass(frozen=True, slots=True)
class DeskPictures:
    """The pictures of one signal that the actor may see; of ``unseen`` there is no copy yet."""

    shown: list[StoredFile]
    unseen: int


def desk_pictures(uow: UnitOfWork, case: Case, signal_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, DeskPictures]:
    """The pictures of signals of a case at which the actor may work. Two statements at most, and what is written down."""
    files = {id: [file for file in found if file.kind == "picture"] for id, found in stored_files(uow, [case.id, *signal_ids]).items()}
    copies = {file.id: file for file in files.pop(case.id)}
    if not any(files.values()):
        return {id: DeskPictures([], 0) for id in files}
    if may_work(uow, case, SEE_ORIGINALS):
        note_viewing(uow, case.id, "picture")
        return {id: DeskPictures(found, 0) for id, found in files.items()}
    rows = uow.session.execute(select(ShownPicture.original_id, ShownPicture.file_id).where(ShownPicture.case_id == case.id))
    copy_of = {row.original_id: copies[row.file_id] for row in rows if row.file_id in copies}
    made = {}
    for id, found in files.items():
        shown = [copy_of[file.id] for file in found if file.id in copy_of]
        made[id] = DeskPictures(shown, len(found) - len(shown))
    return made
