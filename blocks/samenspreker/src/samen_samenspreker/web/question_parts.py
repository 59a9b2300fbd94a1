"""What several pages show of a question: its row and card in a list, who asked, its support, and what was merged into it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import Atlas, Link, area_links, atlas, theme_links
from samen_core.api import Text, UnitOfWork, _, cards, n_
from samen_core.web.api import Card, Row, page_url
from samen_inbreng.api import last_moment
from samen_samenspreker.labels import KIND_LABELS, STATE_BADGES, STATE_LABELS
from samen_samenspreker.models import Question
from samen_samenspreker.paths import table
from samen_samenspreker.permissions import JUDGE
from samen_samenspreker.queries.questions import merged_into
from samen_samenspreker.queries.supports import supported_by_me
from samen_samenspreker.services.common import city_day
from samen_samenspreker.services.question_cards import summary
from samen_samenspreker.services.questions import may_edit
from samen_samenspreker.settings import step_name, support_needed


@dataclass(frozen=True, slots=True)
class Merged:
    """A question that was merged into this one: its title, its text, and the page that tells of the merge."""

    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as its page and its table show it, ready for ``samenspreker/macros/questions.html``."""

    kind: Text
    asker: Text | Link | str
    sector: tuple[str, Text]
    areas: list[Link]
    themes: list[Link]
    sectors: list[tuple[str, Text]]
    supports: Text
    needed: Text | str
    supported: bool
    support_url: str
    stop_url: str
    can_support: bool
    edit_url: str
    merge_url: str
    follows: Link | None = None
    merged: list[Merged] = field(default_factory=list)


def question_view(
    uow: UnitOfWork,
    question: Question,
    merged: Iterable[tuple[str, str, str]] | None = None,
    named: Mapping[uuid.UUID, tuple[str, str]] | None = None,
) -> QuestionView:
    """Everything about who asked, why and how many agree. At most four statements.

    ``merged`` are the questions that were merged into it (title, description, slug), ``named`` who asked and what it follows on (title and
    path by id), where they are known.
    """
    if merged is None:
        merged = ((row.title, row.description, row.slug) for row in merged_into(uow, question.id))
    if named is None:
        found = cards(uow, [id for id in (question.on_behalf_of_id, question.follows_id) if id])
        named = {id: (card.title, card.url) for id, card in found.items()}
    book = atlas(uow)
    path = table(question.slug)
    judges = JUDGE.allows(uow.actor, question.id)
    return QuestionView(
        kind=KIND_LABELS[question.kind],
        asker=_link(named, question.on_behalf_of_id) or _asker(question),
        sector=(question.sector, SECTOR_LABELS[question.sector]),
        areas=area_links(book, [question.area_id]),
        themes=theme_links(book, [question.theme_id] if question.theme_id else []),
        sectors=[(code, SECTOR_LABELS[code]) for code in SECTOR_LABELS if code in question.sectors],
        supports=supports_in_words(question.supports),
        needed=_needed(uow, question),
        supported=question.id in supported_by_me(uow, [question.id]),
        support_url=page_url(table(question.slug, "steun")),
        stop_url=page_url(table(question.slug, "steun-intrekken")),
        can_support=question.state == "accepted" and question.step != "closed",
        edit_url=page_url(f"{path}/bewerken") if may_edit(uow, question) else "",
        merge_url=page_url(f"{path}/samenvoegen") if judges and _can_merge(question) else "",
        follows=_link(named, question.follows_id),
        merged=[Merged(title, text, page_url(table(slug, "samengevoegd"))) for title, text, slug in merged],
    )


def question_row(
    uow: UnitOfWork, book: Atlas, row: Any, closes: datetime | None = None, *, joins: bool = False, lead: Text | None = None
) -> Row:
    """A question in a list. ``joins`` says that one can contribute now, ``closes`` until when; ``lead`` is a fact to begin with."""
    badge = (step_name(uow, row.step), "info") if row.state == "accepted" else (STATE_LABELS[row.state], STATE_BADGES[row.state])
    area, theme = book.tree.get(row.area_id), book.themes.get(row.theme_id)
    meta: list[tuple[str, Text | str]] = [("clock", lead)] if lead else []
    if joins:
        meta.append(("messages-square", days_left(uow, closes) if closes else _("U kunt nu meepraten")))
    if row.supports:
        meta.append(("thumbs-up", supports_in_words(row.supports)))
    if area:
        meta.append(("map-pin", area.name))
    if theme:
        meta.append(("tag", theme.name))
    badges = ((KIND_LABELS[row.kind], "neutral"), badge)
    return Row(row.title, page_url(table(row.slug)), summary(row.description), badges, (row.sector, SECTOR_LABELS[row.sector]), tuple(meta))


def join_card(uow: UnitOfWork, row: Any, closes: datetime | None, *, joins: bool) -> Card:
    """A question that one can do something for now."""
    text = _("Hier kunt u nu meedoen. Duurt 1 minuut.") if joins else _("Lees de vraag en geef uw steun.")
    return Card(
        row.title,
        page_url(table(row.slug)),
        text=text,
        date=days_left(uow, closes) if closes else "",
        status=step_name(uow, row.step),
        status_kind="warm" if joins else "info",
    )


def days_left(uow: UnitOfWork, moment: datetime) -> Text:
    """How long something is open still, in days of the city: "nog 9 dagen", "vandaag nog"."""
    days = (city_day(last_moment(moment)) - city_day(uow.now)).days
    return n_("nog {n} dag", "nog {n} dagen", days) if days > 0 else _("vandaag nog")


def supports_in_words(number: int) -> Text:
    """How many people support it."""
    return n_("{n} mens steunt dit", "{n} mensen steunen dit", number) if number else _("Nog niemand steunt dit")


def _link(named: Mapping[uuid.UUID, tuple[str, str]], id: uuid.UUID | None) -> Link | None:
    found = named.get(id) if id else None
    return Link(found[0], page_url(found[1])) if found else None


def _asker(question: Question) -> Text | str:
    return question.author_name or _("Iemand zonder naam")


def _needed(uow: UnitOfWork, question: Question) -> Text | str:
    """How much more support is hoped for, while that matters: before the search for a solution begins."""
    needed = support_needed(uow, question.supports) if question.step == "agenda" else 0
    return _("nog {n} nodig", n=needed) if needed else ""


def _can_merge(question: Question) -> bool:
    return question.state in ("submitted", "accepted") and question.step == "agenda"
