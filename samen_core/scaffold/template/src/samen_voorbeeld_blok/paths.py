"""Where the pages of the block are. Paths are Dutch and without language; ``page_url`` puts ``/en`` before them where needed."""

from __future__ import annotations

import uuid

HOME = "/voorbeeld-blok"
NEW = f"{HOME}/nieuw"


def proposal(id: uuid.UUID, what: str = "") -> str:
    """The page of a proposal, or one below it."""
    return f"{HOME}/{id}/{what}" if what else f"{HOME}/{id}"
