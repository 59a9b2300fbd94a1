"""Files that come with an HTML form: stored before the form is checked, so that a mistake elsewhere never costs somebody an upload."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import Any

from flask import request
from marshmallow import Schema
from werkzeug.datastructures import FileStorage, MultiDict

from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Invalid
from samen_core.files import StoredFile, files_for_form, store_upload
from samen_core.files.attaching import EXPIRED
from samen_core.files.services import NO_ALT
from samen_core.forms import FileReference, parse
from samen_core.forms.parse import load_fields, made
from samen_core.i18n import Text, _


@dataclass(frozen=True, slots=True)
class Received:
    """An HTML form with ids for its files: ``form`` as it is to be checked and shown again, the ``files`` it names, and what is wrong."""

    form: MultiDict[str, str]
    files: dict[uuid.UUID, StoredFile] = field(default_factory=dict)
    errors: dict[str, list[Text]] = field(default_factory=dict)

    def parse(self, schema: Schema | type[Schema]) -> Any:
        """Check the form with its schema. Raises Invalid with all errors at once, those of the files among them."""
        try:
            loaded = parse(schema, self.form)
        except Invalid as error:
            raise Invalid({**error.errors, **self.errors}) from None
        if self.errors:
            raise Invalid(self.errors)
        return loaded


def receive_files(uow: UnitOfWork, schema: Schema | type[Schema], owner: uuid.UUID | None = None, *, usual_alt: str = "") -> Received:
    """Store the files of the form that was sent and put their ids in it.

    They belong to nothing yet and stay a day; the service that does what the form asks ties them with ``attach_files``. Call it first in
    a view, after the permission check: it commits, so that the files stay when the form is refused. ``owner`` is the thing that the form
    changes, whose own files it may keep. Fields inside a nested one hold no files. ``usual_alt`` describes a picture that nobody
    described; without it that is refused.
    """
    asked = {name: item for name, item in load_fields(made(schema)) if isinstance(item, FileReference)}
    received = Received(MultiDict(request.form))
    if not asked:
        return received
    stored = [_store(uow, received, name, item, slot) for name, item in asked.items() for slot in item.slots(name)]
    if any(stored):
        uow.commit()
        uow.session.expire_all()
    slots = [(name, slot) for name, item in asked.items() for slot in item.slots(name)]
    ids = [id for _name, slot in slots if (id := _id(received.form.get(slot, "")))]
    received.files.update(files_for_form(uow, ids, owner) if ids or owner else {})
    for name, slot in slots:
        _check(received, name, slot, usual_alt)
    if uow.actor.is_anonymous:
        # Who has no account cannot read an upload back, so the form shows its name and no picture.
        received.files.update({id: replace(file, width=None, height=None) for id, file in received.files.items()})
    return received


def _store(uow: UnitOfWork, received: Received, name: str, item: FileReference, slot: str) -> bool:
    """Store what was chosen in one input, or let go of what was in it."""
    upload = next((upload for upload in request.files.getlist(slot) if upload.filename), None)
    if upload is None:
        if received.form.get(f"{slot}.remove"):
            received.form.setlist(slot, [])
            received.form.setlist(f"{slot}.alt", [])
        received.form.poplist(f"{slot}.remove")
        return False
    received.form.poplist(f"{slot}.remove")
    try:
        file = store_upload(uow, upload.stream, upload.filename or "", decorative=True, pictures=item.pictures)
    except Invalid as error:
        texts = [text for texts in error.errors.values() for text in texts]
        _add(received, name, [_of(item, upload, text) for text in texts])
        return False
    received.form.setlist(slot, [str(file.id)])
    return True


def _check(received: Received, name: str, slot: str, usual_alt: str) -> None:
    text = received.form.get(slot, "")
    if not text:
        return
    id = _id(text)
    file = received.files.get(id) if id else None
    if file is None:
        received.form.setlist(slot, [])
        _add(received, name, [EXPIRED])
    elif file.kind == "picture" and not received.form.get(f"{slot}.alt", "").strip():
        if usual_alt:
            received.form.setlist(f"{slot}.alt", [usual_alt])
        else:
            _add(received, name, [NO_ALT])


def _of(item: FileReference, upload: FileStorage, text: Text) -> Text:
    return _("{field}: {problem}", field=(upload.filename or "")[:80], problem=text) if item.maximum else text


def _add(received: Received, name: str, texts: list[Text]) -> None:
    known = received.errors.setdefault(name, [])
    known += [text for text in texts if text not in known]


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
