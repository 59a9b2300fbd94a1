"""The picture of a thing over REST."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response
from marshmallow import fields, validate

from citycontent.rest.answers import PictureSchema
from citycontent.rest.common import Json, base_url
from citycontent.schemas.common import SetPicture, version_field
from samen_core.api import File, FileValue, FormSchema, Invalid, Permission, UnitOfWork, _, store_upload
from samen_core.rest.api import RestBlueprint, current_uow, no_content, reply, required_version


class PictureUploadSchema(FormSchema):
    """A picture with what is to be seen on it, as ``multipart/form-data``."""

    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary", "description": "JPEG, PNG, WebP or GIF."})
    alt = fields.String(
        required=True, validate=validate.Length(1, 300), metadata={"description": "What is to be seen, for who cannot see it."}
    )
    version = version_field()


def row_picture(row: Any) -> Json | None:
    """The picture of a row with the columns of :data:`citycontent.queries.pictures.PICTURE_COLUMNS`."""
    return _json(row.picture_id, row.picture_alt, row.picture_media_type, row.picture_width, row.picture_height) if row.picture_id else None


def entity_picture(uow: UnitOfWork, entity: Any) -> Json | None:
    """The picture of a thing that was just written; it is at hand already."""
    file = uow.session.get(File, entity.picture_id) if entity.picture_id else None
    return _json(file.id, file.alt, file.media_type, file.width, file.height) if file else None


def _json(id: uuid.UUID, alt: str, media_type: str, width: int | None, height: int | None) -> Json:
    return {"id": id, "url": f"{base_url()}/files/{id}", "alt": alt, "media_type": media_type, "width": width, "height": height}


def add_picture(
    resource: RestBlueprint, noun: str, path: str, permission: Permission, service: Callable[[UnitOfWork, uuid.UUID, SetPicture], Any]
) -> None:
    """Give a resource PUT and DELETE of the picture of one thing."""
    word = noun.rsplit(maxsplit=1)[-1]

    def replace(upload: dict[str, Any], id: uuid.UUID) -> Response:
        uow = current_uow()
        if not hasattr(upload["file"], "stream"):
            raise Invalid({"file": [_("Kies een bestand.")]})
        stored = store_upload(uow, upload["file"].stream, upload["file"].filename or "", alt=upload["alt"], pictures=True)
        changed = service(uow, id, SetPicture(picture=FileValue(stored.id), version=upload["version"]))
        return reply(entity_picture(uow, changed), version=changed.version)

    def delete(id: uuid.UUID) -> Response:
        service(current_uow(), id, SetPicture(picture=None, version=required_version()))
        return no_content()

    replace.__name__, replace.__doc__ = f"replace_{word}_picture", f"Give {noun} another picture; it is encoded anew, without its metadata."
    delete.__name__, delete.__doc__ = f"delete_{word}_picture", f"Take the picture of {noun} away."
    replaced = resource.arguments(PictureUploadSchema, location="files")(resource.response(200, PictureSchema)(replace))
    resource.route(f"{path}/<uuid:id>/picture", methods=["PUT"], permission=permission)(replaced)
    resource.route(f"{path}/<uuid:id>/picture", methods=["DELETE"], permission=permission)(resource.response(204)(delete))
