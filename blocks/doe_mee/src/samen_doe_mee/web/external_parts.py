"""Results from other channels as pages show them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from samen_core.api import Text, UnitOfWork, _, format_date
from samen_core.web.api import page_url
from samen_doe_mee import paths
from samen_doe_mee.models import ExternalResult
from samen_doe_mee.schemas.external import CHANNELS
from samen_doe_mee.services.activities import Placed
from samen_doe_mee.services.activity_types import Part


@dataclass(frozen=True, slots=True)
class ExternalView:
    """A result from elsewhere: where, when, how many people, by whom it is told, and what came out."""

    id: uuid.UUID
    channel: Text
    day: str
    people: int
    source: str
    url: str
    text: str
    counts: Sequence[Part]


def external_views(rows: Sequence[ExternalResult]) -> list[ExternalView]:
    """These results, for a template."""
    return [_view(row) for row in rows]


def _view(row: ExternalResult) -> ExternalView:
    counts = [Part(count["text"], count["number"], count["number"] / row.people if row.people else None) for count in row.counts]
    channel = CHANNELS.get(row.channel, CHANNELS["other"])
    return ExternalView(row.id, channel, format_date(row.held_on), row.people, row.source, row.url, row.text, counts)


def links_to_results(_uow: UnitOfWork, placed: Placed) -> list[tuple[str, Text, str]]:
    """Where staff enter results from elsewhere."""
    return [("megaphone", _("Uitslagen van andere plekken"), page_url(paths.desk_activity(placed.activity.slug, "uitslagen")))]
