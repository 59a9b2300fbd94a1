"""What the pages of motions, commitments and questions share: links, history, and what their forms offer to choose from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from citycontent.api import Post
from citycontent.web.api import Link, unknown_filter
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import FOLLOW_UP_LABELS, LIGHT_BADGES, LIGHT_LABELS
from samen_beleidsagenda.models import FollowUpStep
from samen_beleidsagenda.queries import promise_choices as choices
from samen_beleidsagenda.queries.lights import light_of_promise
from samen_core.api import Text, UnitOfWork, _, cards, format_date, format_day
from samen_core.web.api import page_url

Choices = list[tuple[Any, Text | str]]
FOLLOW_UP_BADGES = {
    "open": "info",
    "in_progress": "info",
    "settlement_proposed": "warning",
    "settled": "success",
    "not_carried_out": "danger",
    "lapsed": "neutral",
}


@dataclass(frozen=True, slots=True)
class Act:
    """Something that who keeps this can do: a link to its form."""

    label: Text
    url: str
    icon: str


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """A step of a follow-up: when, what, the day that held until then, why, and where the council or a document said so."""

    day: str
    words: Text | str
    old_day: Text | str
    reason: str
    links: tuple[Link, ...]


def follow_up_badges(follow_up: str | None, due_date: date | None, today: date) -> list[tuple[Text, str]]:
    """How far a promise is, and its light while it is open."""
    if follow_up is None:
        return []
    found = [(FOLLOW_UP_LABELS[follow_up], FOLLOW_UP_BADGES[follow_up])]
    light = light_of_promise(follow_up, due_date, today)
    if light in ("late", "attention"):
        found.insert(0, (LIGHT_LABELS[light], LIGHT_BADGES[light]))
    return found


class Links:
    """Links to what a thing refers to, as far as the reader may see it. One statement for all of them."""

    def __init__(self, uow: UnitOfWork, ids: Iterable[uuid.UUID | None], post_ids: Iterable[uuid.UUID | None] = ()) -> None:
        self._cards = cards(uow, [id for id in ids if id is not None])
        wanted = [id for id in post_ids if id is not None]
        rows = uow.session.execute(select(Post.id, Post.label).where(Post.id.in_(wanted))) if wanted else ()
        self._posts = {row.id: row.label for row in rows}

    def to(self, id: uuid.UUID | None) -> Link | None:
        """The link to a thing; None for nothing, and for what the reader may not see."""
        card = self._cards.get(id) if id is not None else None
        if card is None or card.state in ("deleted", "gone"):
            return None
        return Link(card.title, page_url(card.url) if card.url else "")

    def to_body(self, id: uuid.UUID | None) -> Link | None:
        """The link to the page of a body."""
        card = self._cards.get(id) if id is not None else None
        return Link(card.title, page_url(f"{paths.BODIES}/{card.url.rpartition('/')[2]}")) if card is not None else None

    def to_holder(self, id: uuid.UUID | None) -> Link | None:
        """The link to the page of a post that holds a portfolio."""
        return Link(self._posts[id], page_url(f"{paths.HOLDERS}/{id}")) if id in self._posts else None

    def several(self, ids: Iterable[uuid.UUID]) -> list[Link]:
        """The links to several things, in their order."""
        return [link for id in ids if (link := self.to(id)) is not None]


def history(steps: Iterable[FollowUpStep], links: Links) -> list[HistoryStep]:
    """The steps in words, the newest on top."""
    found = []
    for step in steps:
        moved = step.before == step.after
        old = _("Eerst: {day}", day=format_date(step.due_date)) if moved and step.due_date else ""
        words = _("Andere dag") if moved else FOLLOW_UP_LABELS[step.after]
        about = tuple(link for id in (step.agenda_item_id, step.document_id) if (link := links.to(id)) is not None)
        found.append(HistoryStep(format_date(step.at), words, old, step.reason, about))
    return found[::-1]


def ids_of_steps(steps: Iterable[FollowUpStep]) -> list[uuid.UUID | None]:
    """What the steps refer to."""
    return [id for step in steps for id in (step.agenda_item_id, step.document_id)]


def holder_choices(uow: UnitOfWork, now: uuid.UUID | None = None) -> Choices:
    """The posts that can owe something, and the one that does ``now``."""
    return _with(uow, [(row.id, row.label) for row in choices.holders(uow)], now)


def body_choices(uow: UnitOfWork) -> Choices:
    """The bodies."""
    return [(row.id, row.name) for row in choices.bodies(uow)]


def dossier_choices(uow: UnitOfWork, now: uuid.UUID | None = None) -> Choices:
    """The dossiers, and the one that is chosen ``now``."""
    return _with(uow, [(row.id, row.title) for row in choices.dossiers(uow)], now)


def document_choices(uow: UnitOfWork, now: uuid.UUID | None = None, types: tuple[str, ...] = ()) -> Choices:
    """The newest documents, and the one that is chosen ``now``."""
    found: Choices = [(row.id, f"{row.title} ({format_date(row.date)})") for row in choices.documents(uow, *types)]
    return _with(uow, found, now)


def point_choices(uow: UnitOfWork, now: uuid.UUID | None = None) -> Choices:
    """The points of recent meetings with their day, and the one that is chosen ``now``."""
    found: Choices = [
        (row.id, f"{format_date(row.start_date)}, {row.name}: {f'{row.number} '.lstrip()}{row.title}") for row in choices.recent_points(uow)
    ]
    return _with(uow, found, now)


def _with(uow: UnitOfWork, found: Choices, now: uuid.UUID | None) -> Choices:
    """The choices, with what is chosen ``now`` in front where the list has it no longer."""
    if now is None or any(id == now for id, _label in found):
        return found
    card = cards(uow, [now]).get(now)
    return [(now, card.title if card is not None else "…"), *found]


def uuid_of(values: Mapping[str, str], name: str) -> uuid.UUID | None:
    """The id in a filter. Raises Invalid for what is none."""
    text = values.get(name, "")
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        raise unknown_filter() from None


def due_words(due_date: date | None) -> str:
    """A day written out; empty for None."""
    return format_day(due_date) if due_date is not None else ""
