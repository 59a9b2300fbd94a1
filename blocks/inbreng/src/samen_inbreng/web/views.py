"""Contributions as pages show them: everything in words, with a constant number of statements for a whole page of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import Link, area_links, atlas
from samen_core.api import HiddenReason, StoredFile, SubjectCard, Text, UnitOfWork, _, cards, hidden_reasons, stored_files
from samen_core.web.api import page_url
from samen_inbreng import paths
from samen_inbreng.labels import CHANNEL_ICONS, CHANNEL_LABELS, OUTCOME_BADGES, OUTCOME_LABELS
from samen_inbreng.permissions import MODERATE
from samen_inbreng.queries.answers import Outcome, outcomes_of
from samen_inbreng.queries.contributions import supported_by
from samen_inbreng.said import in_words
from samen_inbreng.services.activities import activity_state
from samen_inbreng.services.common import allows


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """What became of a contribution, by whom and why."""

    label: Text
    kind: str
    reason: str
    at: datetime
    by: Link | None


@dataclass(frozen=True, slots=True)
class ContributionView:
    """A contribution, ready to render. ``gone`` says why there is nothing to read; then there are no words."""

    id: uuid.UUID
    number: int
    version: int
    depth: int
    url: str
    author: Text | str
    organization: Link | None
    sector: tuple[str, Text]
    channel: tuple[str, Text] | None
    area: Link | None
    at: datetime
    received_on: date | None
    edited: bool
    gone: Text | None
    hidden_text: str
    text: str
    place: str
    answers: tuple[tuple[str, str], ...]
    files: tuple[StoredFile, ...]
    supports: int
    replies: int
    supported: bool
    mine: bool
    may_support: bool
    log_in_url: str
    """Where a visitor logs in to support; empty where that would not help."""

    may_reply: bool
    reply_to: int | None
    outcome: OutcomeView | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What was read for a whole page of contributions."""

    outcomes: Mapping[uuid.UUID, Outcome]
    organizations: Mapping[uuid.UUID, SubjectCard]
    supported: set[uuid.UUID]
    files: Mapping[uuid.UUID, list[StoredFile]]
    hidden: Mapping[uuid.UUID, HiddenReason]
    numbers: Mapping[uuid.UUID, int]
    moderates: bool
    is_open: bool


def contribution_views(uow: UnitOfWork, activity: Any, rows: Sequence[Any]) -> list[ContributionView]:
    """These rows (with the columns of ``queries.contributions.FACTS``) of one activity. At most five statements."""
    ids = [row.id for row in rows]
    outcomes = outcomes_of(uow, [row.id for row in rows if row.answered])
    named = {row.on_behalf_of_id for row in rows} | {found.by_organization_id for found in outcomes.values()}
    asks_files = any(question["kind"] == "file" for question in activity.form.get("questions", ()))
    known = _Known(
        outcomes=outcomes,
        organizations=cards(uow, [id for id in named if id is not None]),
        supported=supported_by(uow, uow.actor.account_id, ids) if activity.allows_support else set(),
        files=stored_files(uow, ids) if asks_files and ids else {},
        hidden=hidden_reasons(uow, [row.id for row in rows if row.state == "hidden"]),
        numbers={row.id: row.number for row in rows},
        moderates=allows(uow, MODERATE, activity),
        is_open=activity_state(activity, uow.now) == "open",
    )
    return [_view(uow, activity, row, known) for row in rows]


def _view(uow: UnitOfWork, activity: Any, row: Any, known: _Known) -> ContributionView:
    published = row.state == "published"
    mine = row.account_id is not None and row.account_id == uow.actor.account_id
    can_support = known.is_open and activity.allows_support and published and not mine
    log_in = can_support and uow.actor.is_anonymous
    url = page_url(paths.contribution(activity.slug, row.number))
    areas = area_links(atlas(uow), [row.area_id]) if row.area_id else []
    return ContributionView(
        id=row.id,
        number=row.number,
        version=row.version,
        depth=row.depth,
        url=url,
        author=row.author_name if published and row.author_name else _("Anoniem"),
        organization=_organization(known, row.on_behalf_of_id) if published else None,
        sector=(row.sector, SECTOR_LABELS[row.sector]),
        channel=(CHANNEL_ICONS[row.channel], CHANNEL_LABELS[row.channel]) if row.channel != "online" else None,
        area=areas[0] if areas else None,
        at=row.at,
        received_on=row.received_on if row.channel != "online" else None,
        edited=row.edited_at is not None,
        gone=None if published else _gone(row, known),
        hidden_text=row.text if row.state == "hidden" and (mine or known.moderates) else "",
        text=row.text if published else "",
        place=in_words({"kind": "place"}, row.place) if published and row.place else "",
        answers=_answers(activity.form, row.answers) if published else (),
        files=tuple(known.files.get(row.id, ())) if published else (),
        supports=row.supports,
        replies=row.replies,
        supported=row.id in known.supported,
        mine=mine,
        may_support=can_support and uow.actor.account_id is not None,
        log_in_url=f"{page_url('/inloggen')}?volgende={url}" if log_in else "",
        may_reply=known.is_open and activity.allows_replies and published and row.depth < 3,
        reply_to=known.numbers.get(row.parent_id) if row.parent_id and row.depth > 1 else None,
        outcome=_outcome(known, row.id),
    )


def _gone(row: Any, known: _Known) -> Text:
    if row.state == "withdrawn":
        return _("Wie deze bijdrage schreef, heeft de bijdrage ingetrokken.")
    why = known.hidden.get(row.id)
    if why is None:
        return _("Deze bijdrage is verborgen door een moderator.")
    return _("Deze bijdrage is verborgen door een moderator. Reden: {reason}.", reason=why.label)


def _organization(known: _Known, id: uuid.UUID | None) -> Link | None:
    card = known.organizations.get(id) if id else None
    return Link(card.title, page_url(card.url) if card.is_live else "") if card else None


def _outcome(known: _Known, id: uuid.UUID) -> OutcomeView | None:
    found = known.outcomes.get(id)
    if found is None:
        return None
    by = _organization(known, found.by_organization_id)
    return OutcomeView(OUTCOME_LABELS[found.outcome], OUTCOME_BADGES[found.outcome], found.reason, found.at, by)


def _answers(form: Mapping[str, Any], answers: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Question and answer in words, in the order of the form."""
    found = ((question["label"], in_words(question, answers.get(question["name"]))) for question in form.get("questions", ()))
    return tuple((label, words) for label, words in found if words)
