"""``/id/{type}/{uuid}``: the address of a thing that never changes, whatever becomes of its page or its block."""

from __future__ import annotations

import json
import uuid
from typing import Any, cast

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from samen_core.errors import Gone, NotFound
from samen_core.i18n import _
from samen_core.subjects import REMOVED_TITLE, Subject, card_path
from samen_core.web.blueprint import BlockBlueprint
from samen_core.web.context import current_platform, current_uow
from samen_core.web.files import file_response
from samen_core.web.layout import crumbs, go, page_url, render

pages = BlockBlueprint("permalinks", __name__)
_SUBJECT = select(
    Subject.id,
    Subject.type,
    Subject.title,
    Subject.summary,
    Subject.url,
    Subject.state,
    Subject.public,
    Subject.owner,
    Subject.successor_id,
)
JSON, JSON_LD, HTML = "application/json", "application/ld+json", "text/html"


@pages.route("/id/<kind>/<uuid:id>", public=True, cache=False)
def thing(kind: str, id: uuid.UUID) -> ResponseReturnValue:
    """303 to the page or the data, by Accept."""
    wanted = request.accept_mimetypes.best_match([HTML, JSON_LD, JSON], HTML)
    return _answer(kind, id, wanted)


@pages.route("/id/<kind>/<uuid:id>.json", public=True, cache=False)
def thing_json(kind: str, id: uuid.UUID) -> ResponseReturnValue:
    """303 to the data."""
    return _answer(kind, id, JSON)


@pages.route("/id/<kind>/<uuid:id>.jsonld", public=True, cache=False)
def thing_linked(kind: str, id: uuid.UUID) -> ResponseReturnValue:
    """The thing as linked data."""
    return _answer(kind, id, JSON_LD)


def _answer(kind: str, id: uuid.UUID, wanted: str) -> ResponseReturnValue:
    row = _visible(id)
    if row.type != kind:
        raise NotFound
    if row.state == "merged" and row.successor_id:
        return _redirect(f"/id/{kind}/{row.successor_id}", 301)
    if row.state == "gone" and row.title not in ("", REMOVED_TITLE):
        # Its block was purged: what was public and nobody's own keeps its last title.
        raise Gone(_("Hier stond “{title}”. Het is weggehaald, maar het adres blijft bestaan.", title=row.title))
    if row.state != "active":
        raise Gone(_("Dit is weggehaald, maar het adres blijft bestaan."))
    platform = current_platform()
    subject_type = platform.subject_types.get(kind)
    if not platform.block_states.is_active(row.owner):
        if wanted != HTML:
            platform.block_states.require_active(row.owner)
            raise NotFound
        return _redirect(card_path(id), 303)
    if wanted == JSON_LD and subject_type and subject_type.linked_data:
        document = json.dumps(subject_type.linked_data(current_uow(), id), ensure_ascii=False)
        return Response(document, content_type=JSON_LD, headers={"Vary": "Accept, Cookie"})
    # A thing without a page of its own shows its data.
    if subject_type and subject_type.api_path and (wanted == JSON or not row.url):
        return _redirect(subject_type.api_path.format(id=id), 303)
    if not row.url:
        raise NotFound
    return _redirect(row.url, 303)


def _visible(id: uuid.UUID) -> Any:
    """The register row of a thing that the visitor may know of. Raises NotFound."""
    uow = current_uow()
    row = uow.session.execute(_SUBJECT.where(Subject.id == id)).one_or_none()
    if row is None or not (row.public or uow.platform.subject_types.shows(uow, row.type, row.id)):
        raise NotFound
    return row


@pages.route("/onderwerp/<uuid:id>", public=True)
def card(id: uuid.UUID) -> ResponseReturnValue:
    """What is known of a thing whose block is paused or not in use; its data waits for the block. Otherwise 303 to its address."""
    row = _visible(id)
    platform = current_platform()
    if row.state != "active" or platform.block_states.is_active(row.owner):
        return go(row.url) if row.url and row.state == "active" else _redirect(f"/id/{row.type}/{id}", 303)
    pause = platform.block_states.paused().get(row.owner)
    owner = platform.installed.get(row.owner)
    return render(
        "core/card.html",
        subject=row,
        kind=platform.subject_types.get(row.type),
        block=owner.block.label if owner and owner.block else row.owner,
        reason=pause.reason if pause else None,
        logbook_url=page_url(f"/logboek/{row.id}"),
        breadcrumbs=crumbs((row.title, None)),
    )


def _redirect(path: str, code: int) -> Response:
    response = cast("Response", redirect(path, code))
    response.headers["Vary"] = "Accept, Cookie"
    return response


@pages.route("/files/<uuid:id>", public=True, cache=False)
def file(id: uuid.UUID) -> ResponseReturnValue:
    """An uploaded file: a picture in the page, anything else as a download."""
    width = request.args.get("breedte", type=int)
    return file_response(current_uow(), id, width)
