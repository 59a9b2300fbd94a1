"""What the pages about all contributions on a thing share: the thing itself, their menu, names of areas and organisations."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from citycontent.web.api import Atlas
from samen_core.api import NotFound, SubjectCard, Text, UnitOfWork, _, cards
from samen_core.web.api import Crumb, crumbs, page_url
from samen_inbreng import paths
from samen_inbreng.permissions import ANSWER

PARTS: tuple[tuple[str, Text], ...] = (
    ("verslag", _("Inbreng en antwoorden")),
    ("beantwoorden", _("Beantwoorden")),
    ("klaar", _("Klaar om te versturen")),
    ("themas", _("Thema's")),
)
"""The pages about a thing; all but the first are for who answers."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a page about a thing: its name, its address (none when it has no page any more), and the menu of staff."""

    card: SubjectCard
    url: str | None
    menu: Sequence[tuple[Text, str, bool]]
    answers: bool


def subject_of(uow: UnitOfWork, id: uuid.UUID) -> SubjectCard:
    """The thing, for who may see it; what was said about it outlives the thing itself. Raises NotFound."""
    card = cards(uow, [id]).get(id)
    if card is None:
        raise NotFound
    return card


def staff_subject(uow: UnitOfWork, id: uuid.UUID) -> SubjectCard:
    """The thing, for who answers contributions on it. Raises NotFound and NotAllowed."""
    card = subject_of(uow, id)
    ANSWER.require(uow.actor, id)
    return card


def head(uow: UnitOfWork, card: SubjectCard, part: str) -> Head:
    """The head of a page. No SQL."""
    answers = ANSWER.allows(uow.actor, card.id)
    menu = [(label, page_url(paths.subject(card.id, code)), code == part) for code, label in PARTS] if answers else []
    return Head(card, page_url(card.url) if card.is_live else None, menu, answers)


def trail(card: SubjectCard, *more: Crumb) -> list[Crumb]:
    """The breadcrumbs below the thing."""
    return crumbs((card.title, card.url if card.is_live else None), *more)


def area_name(book: Atlas, id: Any) -> str:
    """The name of an area; empty without one."""
    area = book.tree.get(uuid.UUID(str(id))) if id else None
    return area.name if area else ""
