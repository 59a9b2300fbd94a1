"""Uploaded files over HTTP: a picture in the page, anything else as a download that no browser opens by itself."""

from __future__ import annotations

import uuid

from flask import Response, request

from samen_core.db.unit_of_work import UnitOfWork
from samen_core.files import open_file


def file_response(uow: UnitOfWork, id: uuid.UUID, width: int | None) -> Response:
    """The content of a file, of a picture the copy that fits ``width`` pixels. Raises NotFound or Gone."""
    found = open_file(uow, id, width)
    response = Response(found.stream, headers=found.headers, direct_passthrough=True)
    response.call_on_close(found.stream.close)
    response.make_conditional(request)
    return response
