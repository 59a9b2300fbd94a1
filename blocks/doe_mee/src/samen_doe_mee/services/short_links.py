"""Short addresses for posters, flyers and messages: each leads to one thing by one way.

How many came by it is counted per day, without persons.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from samen_core.api import CITY_TIME_ZONE, Delivered, NotAllowed, NotFound, Platform, Subject, UnitOfWork, _, system
from samen_doe_mee.models import Reach, ShortLink
from samen_doe_mee.services.sharing import CHANNELS, plan_behind, shared_by_id

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""Without those that look alike, and without most vowels, so that no words come up."""
LENGTH = 7
NO_POSTER = _("Een poster maken kan alleen wie het idee indiende of aan het plan werkt.")
_CODE = re.compile(rf"[{LETTERS}]{{{LENGTH}}}")
_BOT = re.compile(r"bot|crawl|spider|slurp|preview|facebookexternal|whatsapp|telegram|embed|curl|wget|python|monitor|scan", re.IGNORECASE)
"""Programs that look at a link before somebody does."""


def new_short_code() -> str:
    """A random code that is easy to type over from a poster."""
    return "".join(secrets.choice(LETTERS) for _place in range(LENGTH))


def ensure_links(uow: UnitOfWork, subject_id: uuid.UUID, channels: Iterable[str] = CHANNELS) -> dict[str, str]:
    """The codes by channel; what is not there yet is made. Two that make them at once get the same. At most three statements."""
    wanted = tuple(channels)
    found = links_of(uow, subject_id)
    missing = [channel for channel in wanted if channel not in found]
    if missing:
        rows = [{"code": new_short_code(), "subject_id": subject_id, "channel": channel, "made_at": uow.now} for channel in missing]
        insert = _insert(uow)(ShortLink.__table__).on_conflict_do_nothing(index_elements=["subject_id", "channel"])
        uow.session.flush()
        uow.session.connection().execute(insert, rows)
        found = links_of(uow, subject_id)
    return {channel: found[channel] for channel in wanted}


def links_to_share(uow: UnitOfWork, subject_id: uuid.UUID) -> dict[str, str]:
    """The short addresses of a thing for who may print posters of it; what is not there yet is made. Raises NotFound and NotAllowed."""
    shared = shared_by_id(uow, subject_id)
    if not shared.prints:
        raise NotAllowed(NO_POSTER, log_in=uow.actor.is_anonymous)
    return ensure_links(uow, shared.id)


def links_of(uow: UnitOfWork, subject_id: uuid.UUID) -> dict[str, str]:
    """The codes of a thing, by channel. One statement."""
    rows = uow.session.execute(select(ShortLink.channel, ShortLink.code).where(ShortLink.subject_id == subject_id))
    return {row.channel: row.code for row in rows}


def links_of_all(uow: UnitOfWork, subject_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, dict[str, str]]:
    """The codes of several things, by channel. One statement."""
    wanted = list(subject_ids)
    found: dict[uuid.UUID, dict[str, str]] = {id: {} for id in wanted}
    if wanted:
        statement = select(ShortLink.subject_id, ShortLink.channel, ShortLink.code).where(ShortLink.subject_id.in_(wanted))
        for row in uow.session.execute(statement):
            found[row.subject_id][row.channel] = row.code
    return found


def make_links(uow: UnitOfWork, event: Delivered) -> None:
    """Give what became public its short addresses, so that sharing it writes nothing."""
    id = event.payload.get("activity_id") or event.payload.get("plan_id") or event.payload.get("idea_id")
    if id:
        ensure_links(uow, uuid.UUID(id))


def follow_link(platform: Platform, code: str, *, counts: bool) -> str:
    """Where a short address leads, as a page path. Raises NotFound.

    ``counts``: one more came by this way today; only for plans and what is part of them, with nothing of who it was.
    """
    cleaned = code.strip().lower()
    if not _CODE.fullmatch(cleaned):
        raise NotFound
    with platform.read(system("web")) as uow:
        row = _found(uow, cleaned)
        plan_id = plan_behind(uow, row.subject_id) if counts else None
    if plan_id is not None:
        with platform.unit_of_work(system("web")) as uow:
            count_reach(uow, plan_id, row.channel)
    path: str = row.url
    return path


def count_reach(uow: UnitOfWork, plan_id: uuid.UUID, channel: str) -> None:
    """One more came to a plan by this way, today. One statement."""
    table = Reach.__table__
    insert = _insert(uow)(table)
    more = insert.on_conflict_do_update(index_elements=[table.c.plan_id, table.c.day, table.c.channel], set_={"number": table.c.number + 1})
    day = uow.now.astimezone(CITY_TIME_ZONE).date()
    uow.session.connection().execute(more, {"plan_id": plan_id, "day": day, "channel": channel, "number": 1})


def reach_by_channel(uow: UnitOfWork, plan_id: uuid.UUID) -> dict[str, int]:
    """How many came to a plan by each way. One statement."""
    statement = select(Reach.channel, func.sum(Reach.number).label("number")).where(Reach.plan_id == plan_id).group_by(Reach.channel)
    return {row.channel: int(row.number) for row in uow.session.execute(statement)}


def is_person(method: str, agent: str) -> bool:
    """Whether a visit is likely that of somebody who looks: a page that is really asked for, by no program that we know."""
    return method == "GET" and bool(agent) and _BOT.search(agent) is None


def _found(uow: UnitOfWork, code: str) -> Any:
    statement = select(ShortLink.subject_id, ShortLink.channel, Subject.url).join(Subject, Subject.id == ShortLink.subject_id)
    row = uow.session.execute(statement.where(ShortLink.code == code, Subject.state != "gone")).one_or_none()
    if row is None:
        raise NotFound
    return row


def _insert(uow: UnitOfWork) -> Any:
    return postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
