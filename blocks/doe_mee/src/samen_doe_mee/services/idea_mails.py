"""What author, co-initiators and followers of an idea hear by mail, each in their language, with the way to get no more of it.

A step is told once: the worker looks for steps that nobody was told of, whoever wrote them. Followers get it in portions, so that neither
a thousand of them nor a worker that dies in between makes anybody hear it twice or never.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from samen_core.api import (
    ACCOUNT_ADDRESSES,
    Delivered,
    Invalid,
    UnitOfWork,
    current_language,
    managed_mail,
    page_address,
    queue_mail,
    seal,
    unseal,
)
from samen_doe_mee import paths
from samen_doe_mee.events.ideas import IdeaMailsDue
from samen_doe_mee.labels import IDEA_STATUS_LABELS
from samen_doe_mee.managed_texts import following
from samen_doe_mee.models import CoInitiator, Idea, IdeaStep, Voice
from samen_doe_mee.services.idea_news_texts import news_text
from samen_doe_mee.services.taking_part import unsealed_email
from samen_doe_mee.services.voice_keys import voice_key

PORTION = 100
TOO_OLD = timedelta(days=7)
"""A step longer ago is no news: of a worker that stood still, or a city that was taken over from elsewhere."""
NO_MAIL = "doe_mee.no_mail"
MAILED_STEPS = {
    "status": (following.STEP_AUTHOR, following.STEP),
    "went_to": (following.STEP_AUTHOR, following.STEP),
    "merged": (following.STEP_AUTHOR, following.STEP),
    "reached": (following.REACHED_AUTHOR, following.REACHED),
}
"""The kinds of steps that people are mailed about: the text for who carries the idea, and for who follows it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who hears about an idea: where, in which language, and the path at which they say that they want no more."""

    email: str
    language: str
    stop: str


def ask_confirmation(uow: UnitOfWork, idea: Idea, voice: Voice, email: str) -> None:
    """Mail the link with which a voice is confirmed."""
    language = current_language()
    link = page_address(uow.platform, f"{paths.CONFIRM}/{voice_key(uow.platform, voice.id)}", language)
    queue_mail(uow, managed_mail(uow, following.CONFIRM_SUPPORT, email, language, {"title": idea.title, "link": link}))


def tell_steps(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: mail the steps of an idea that nobody was told of: who carries it at once, who follows it in portions."""
    idea = uow.session.get(Idea, uuid.UUID(event.payload["idea_id"]))
    if idea is None:
        return
    untold = select(IdeaStep).where(IdeaStep.idea_id == idea.id, IdeaStep.told_at.is_(None)).order_by(IdeaStep.at, IdeaStep.id)
    for step in uow.session.execute(untold.with_for_update()).scalars().all():
        step.told_at = uow.now
        if step.kind not in MAILED_STEPS or step.at < uow.now - TOO_OLD or idea.state not in ("published", "merged"):
            continue
        author_text, _follower_text = MAILED_STEPS[step.kind]
        for reader in carriers(uow, idea):
            _send(uow, author_text, idea, reader, _of_step(idea, step))
        uow.publish(IdeaMailsDue(idea_id=idea.id, step_id=step.id))
    uow.session.flush()


def mail_portion(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: mail the next followers, and publish what is left to do."""
    payload = event.payload
    idea = uow.session.get(Idea, uuid.UUID(payload["idea_id"]))
    told = _told(uow, idea, payload) if idea is not None else None
    if idea is None or told is None:
        return
    text, filled = told
    after = payload.get("after")
    found = _followers(uow, idea.id, uuid.UUID(after) if after else None)
    for _voice_id, reader in found:
        if reader is not None:
            _send(uow, text, idea, reader, filled)
    if len(found) == PORTION:
        step_id = uuid.UUID(payload["step_id"]) if payload.get("step_id") else None
        since, until = payload.get("since", ""), payload.get("until", "")
        uow.publish(IdeaMailsDue(idea_id=idea.id, step_id=step_id, since=since, until=until, after=found[-1][0]))


def carriers(uow: UnitOfWork, idea: Idea) -> list[Reader]:
    """Who proposed the idea and who carry it too, as far as they want mail. Two statements."""
    found: list[Reader] = []
    accounts: dict[uuid.UUID, str] = {}
    if idea.wants_mail and idea.account_id is not None:
        accounts[idea.account_id] = _stop(uow, "author", idea.id)
    elif idea.wants_mail and idea.email and idea.email_confirmed_at is not None:
        found.append(Reader(idea.email, idea.language, _stop(uow, "author", idea.id)))
    team = select(CoInitiator.id, CoInitiator.account_id).where(
        CoInitiator.idea_id == idea.id, CoInitiator.account_id.is_not(None), CoInitiator.wants_mail.is_(True)
    )
    for row in uow.session.execute(team):
        accounts.setdefault(row.account_id, _stop(uow, "co", row.id))
    if accounts:
        columns = ACCOUNT_ADDRESSES.c
        addresses = select(columns.id, columns.email, columns.language).where(columns.id.in_(sorted(accounts)))
        found += [Reader(row.email, row.language, accounts[row.id]) for row in uow.session.execute(addresses)]
    return found


def stop_mail(uow: UnitOfWork, sealed: str) -> Idea | None:
    """Let who proposed or carries an idea get no more mail about it, by the link in one; None for a link that does not work (any more)."""
    who = who_stops(uow, sealed)
    if isinstance(who, (Idea, CoInitiator)):
        who.wants_mail = False
        uow.session.flush()
    return uow.session.get(Idea, who.idea_id) if isinstance(who, CoInitiator) else who


def who_stops(uow: UnitOfWork, sealed: str) -> Idea | CoInitiator | None:
    """Whose link that is."""
    try:
        what, _space, id = unseal(uow.platform.config.secret_key, NO_MAIL, sealed[:400]).partition(" ")
    except ValueError:
        return None
    if what == "co":
        return uow.session.get(CoInitiator, uuid.UUID(id))
    return uow.session.get(Idea, uuid.UUID(id))


def _stop(uow: UnitOfWork, what: str, id: uuid.UUID) -> str:
    return f"{paths.NO_IDEA_MAIL}/{seal(uow.platform.config.secret_key, NO_MAIL, f'{what} {id}', uow.now)}"


def _followers(uow: UnitOfWork, idea_id: uuid.UUID, after: uuid.UUID | None) -> list[tuple[uuid.UUID, Reader | None]]:
    """The next voices that want news, with where they read it; None for who can no longer be reached. One statement."""
    columns = ACCOUNT_ADDRESSES.c
    wanting = (
        select(Voice.id, Voice.email, Voice.language, columns.email.label("address"), columns.language.label("speaks"))
        .outerjoin(ACCOUNT_ADDRESSES, columns.id == Voice.account_id)
        .where(Voice.idea_id == idea_id, Voice.wants_news.is_(True), Voice.confirmed_at.is_not(None))
    )
    if after is not None:
        wanting = wanting.where(Voice.id > after)
    return [(row.id, _follower(uow, row)) for row in uow.session.execute(wanting.order_by(Voice.id).limit(PORTION))]


def _follower(uow: UnitOfWork, row: Any) -> Reader | None:
    email = row.address or unsealed_email(uow, row.email)
    if not email:
        return None
    return Reader(email, row.speaks or row.language, f"{paths.CONFIRM}/{voice_key(uow.platform, row.id)}")


def _told(uow: UnitOfWork, idea: Idea, payload: dict[str, Any]) -> tuple[str, Callable[[], dict[str, object]]] | None:
    """The text for followers and what is filled in; None when there is nothing to tell any more."""
    if idea.state not in ("published", "merged"):
        return None
    if payload.get("step_id"):
        step = uow.session.get(IdeaStep, uuid.UUID(payload["step_id"]))
        return (MAILED_STEPS[step.kind][1], _of_step(idea, step)) if step is not None else None
    news = news_text(uow, idea.id, payload.get("since", ""), payload.get("until", ""))
    return (following.NEWS, lambda: {"text": news}) if news else None


def _of_step(idea: Idea, step: IdeaStep) -> Callable[[], dict[str, object]]:
    def filled() -> dict[str, object]:
        return {"status": IDEA_STATUS_LABELS[step.status], "text": step.text, "number": str(idea.all_supports)}

    return filled


def _send(uow: UnitOfWork, key: str, idea: Idea, reader: Reader, filled: Callable[[], dict[str, object]]) -> None:
    names = set(_names(uow, key))
    stop = page_address(uow.platform, reader.stop, reader.language)
    link = page_address(uow.platform, paths.idea(idea.slug), reader.language)
    values = {"title": idea.title, "link": link, "stop": stop, **filled()}
    try:
        mail = managed_mail(uow, key, reader.email, reader.language, {name: values.get(name, "") for name in names}, unsubscribe_url=stop)
        queue_mail(uow, mail)
    except Invalid:
        # An address that cannot exist must not keep the others from hearing it.
        uow.platform.log.warning("doe_mee_mail_not_queued", idea=str(idea.id), mail=key)


def _names(uow: UnitOfWork, key: str) -> Iterator[str]:
    return (item.name for item in uow.platform.texts.declared[key].placeholders)
