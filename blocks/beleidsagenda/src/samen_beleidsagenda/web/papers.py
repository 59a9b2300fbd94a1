"""What the pages of meetings, papers and decisions share: finding, links, facts in words, acts that are one button."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Response

from citycontent.web.api import Link, ListPage, select_field, unknown_filter
from samen_beleidsagenda.labels import DOCUMENT_TYPE_LABELS, MEETING_STATUS_LABELS, MEETING_TYPE_LABELS, RESULT_LABELS, STATE_LABELS
from samen_beleidsagenda.models.base import Citable
from samen_beleidsagenda.paths import decision, document, dossier
from samen_beleidsagenda.queries.structure import bodies
from samen_beleidsagenda.services.common import get_thing
from samen_beleidsagenda.services.meetings import status_of
from samen_core.api import Conflict, Gone, Invalid, Permission, Text, UnitOfWork, _, format_date, format_number
from samen_core.web.api import BoundField, Row, go, page_url, say

Label = Text | str
Thing = TypeVar("Thing", bound=Citable)
STATUS_BADGES = {"planned": "info", "held": "neutral", "cancelled": "danger"}
RESULT_BADGES = {"adopted": "success", "amended": "success", "rejected": "danger", "noted": "neutral", "deferred": "warning"}
STATES = {"concept": "draft", "wacht": "submitted"}
POSTPONED = _("Uitgesteld")


def seen(uow: UnitOfWork, model: type[Thing], id: uuid.UUID) -> Thing:
    """A thing that the actor may see. Raises NotFound, and Gone for what was public once and was taken away."""
    thing = uow.session.get(model, id)
    if thing is not None and thing.state == "deleted" and thing.published_at is not None and not thing.confidential:
        raise Gone
    return get_thing(uow, model, id)


def meeting_status(row: Any, now: Any) -> tuple[Label, str]:
    """The status of a meeting in words, with its badge; that it was put off is more than that it does not go on."""
    status = status_of(row.status, row.start_date, row.end_date, now)
    return POSTPONED if row.status == "postponed" else MEETING_STATUS_LABELS[status], STATUS_BADGES[status]


def meeting_type(row: Any) -> Text:
    """What kind of meeting it is."""
    return MEETING_TYPE_LABELS[row.type]


def result_words(code: str) -> Label:
    """A result in words; what was taken over from elsewhere stays as it is."""
    return RESULT_LABELS.get(code, code)


def result_badge(code: str) -> tuple[Label, str]:
    """A result as a badge."""
    return result_words(code), RESULT_BADGES.get(code, "neutral")


def state_badges(thing: Any) -> tuple[tuple[Label, str], ...]:
    """The badges of what is not simply public."""
    found: list[tuple[Label, str]] = []
    if thing.state in ("draft", "submitted"):
        found.append((STATE_LABELS[thing.state], "warning"))
    if thing.confidential:
        found.append((_("Vertrouwelijk"), "danger"))
    return tuple(found)


def dossier_link(row: Any) -> Link:
    """The link to a dossier, of a row with its title and slug."""
    return Link(row.title, page_url(dossier(row.slug)))


def document_row(row: Any) -> Row:
    """A paper in a list."""
    meta: list[tuple[str, Label]] = [("calendar-days", format_date(row.date))]
    if row.reference:
        meta.append(("tag", row.reference))
    badges = ((DOCUMENT_TYPE_LABELS[row.type], "neutral"), *state_badges(row))
    return Row(row.title, page_url(document(row.id)), row.summary[:300], badges=badges, meta=tuple(meta))


def decision_row(row: Any, replaced: bool = False) -> Row:
    """A decision in a list."""
    badges = [result_badge(row.result), *state_badges(row)]
    if replaced:
        badges.append((_("Vervangen"), "neutral"))
    meta: tuple[tuple[str, Label], ...] = (("calendar-days", format_date(row.decided_on)), ("landmark", row.body_name))
    return Row(row.title, page_url(decision(row.id)), badges=tuple(badges), meta=meta)


def size_words(size: int | None) -> str:
    """How large a file is, in kB; empty when nobody knows."""
    return f"{format_number((size + 999) // 1000)} kB" if size else ""


def body_filter(where: ListPage, found: Sequence[Any]) -> Any:
    """The chosen body, a row of ``queries.structure.bodies``. Raises Invalid for one that there is not."""
    slug = where.values.get("orgaan", "")
    chosen = next((row for row in found if row.slug == slug), None)
    if slug and chosen is None:
        raise unknown_filter()
    return chosen


def body_field(where: ListPage, found: Sequence[Any]) -> BoundField:
    """The filter on bodies."""
    return select_field(where, "orgaan", _("Orgaan"), [(row.slug, row.name) for row in found], _("Alle organen"))


def state_filter(where: ListPage, actor: Any, write: Permission) -> str:
    """Which state is listed: what is public, and for who writes also drafts and what waits. Raises Invalid for another value."""
    asked = where.values.get("toestand", "")
    if asked and (asked not in STATES or not write.somewhere(actor)):
        raise unknown_filter()
    return STATES.get(asked, "published")


def state_field(where: ListPage) -> BoundField:
    """The filter on drafts, for who writes."""
    choices = [(name, STATE_LABELS[code]) for name, code in STATES.items()]
    return select_field(where, "toestand", _("Toestand"), choices, STATE_LABELS["published"])


def body_options(uow: UnitOfWork, permission: Permission) -> list[tuple[str, str]]:
    """The bodies that the actor has this right for, to choose from. One statement."""
    found = bodies(uow)
    return [(str(row.organization_id), row.name) for row in found if permission.allows(uow.actor, scopes=(row.organization_id,))]


def attempt(uow: UnitOfWork, act: Callable[[], Any], back: str, done: Text | None = None) -> Response:
    """Do what a button asks and go to ``back``; what cannot be done now is said there."""
    try:
        act()
        uow.session.flush()
        if done is not None:
            say(done)
    except Invalid as error:
        uow.rollback()
        say(next(text for texts in error.errors.values() for text in texts), "error")
    except Conflict as error:
        uow.rollback()
        stale = _("Iemand anders heeft dit intussen gewijzigd. Kijk hoe het er nu staat en probeer het nog eens.")
        say(stale if error.current or error.version is not None else error.message, "error")
    return go(back)
