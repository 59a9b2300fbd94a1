"""What the pages of one thing share: finding it by its address, and the addresses of its data."""

from __future__ import annotations

import uuid
from typing import Any, TypeVar

from flask import redirect
from werkzeug.exceptions import HTTPException

from citycontent.models import PageEntity
from citycontent.queries.pages import entity_by_slug, whereabouts
from samen_core.api import Gone, NotFound, UnitOfWork, _
from samen_core.web.api import BlockBlueprint, page_url

Model = TypeVar("Model", bound=PageEntity)

pages = BlockBlueprint("citycontent", __name__)
"""Every page of the city database."""

DELETED = _("Dit is verwijderd. Het adres blijft bestaan, zodat niets anders deze naam krijgt.")


def lost(uow: UnitOfWork, type: str, slug: str) -> Exception:
    """What to raise for a page address at which there is no active thing.

    An earlier address and that of a merged thing lead to the page of now (301); what was taken away is Gone, what never was NotFound.
    """
    found = whereabouts(uow, type, slug)
    if found is None or not (found.public or found.state == "deleted"):
        return NotFound()
    if found.state in ("active", "merged") and found.url and not found.url.endswith(f"/{slug}"):
        return HTTPException(response=redirect(page_url(found.url), 301))
    return Gone(DELETED)


def to_edit(uow: UnitOfWork, model: type[Model], type: str, slug: str) -> Model:
    """The thing of an edit page; otherwise as :func:`lost` tells."""
    found = entity_by_slug(uow, model, slug)
    if found is None or found.state != "active":
        raise lost(uow, type, slug)
    return found


def data_links(type: str, id: uuid.UUID) -> list[tuple[Any, str]]:
    """The addresses of the thing itself, for the foot of its page: lasting link, JSON, linked data."""
    base = f"/id/{type}/{id}"
    return [(_("Vaste link"), base), (_("Gegevens als JSON"), f"{base}.json"), (_("Linked data (JSON-LD)"), f"{base}.jsonld")]
