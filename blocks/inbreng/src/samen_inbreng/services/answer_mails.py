"""Mail with an answer: to whoever asked for it, one recipient a mail, each address once, in the recipient's language.

Who gets one: an account that wants mail, or a sender without account who confirmed the address. Mails are queued in portions, each in the
transaction of its own event, so that 5,600 of them hold no lock and a worker that ends goes on where it was.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select

from samen_core.api import ACCOUNT_ADDRESSES, Delivered, Invalid, Message, UnitOfWork, cards, managed_mail, n_, page_address, queue_mail
from samen_inbreng import managed_texts, paths
from samen_inbreng.events import AnswerMailed
from samen_inbreng.labels import OUTCOME_LABELS
from samen_inbreng.models import Activity, Answer, AnswerTarget, Contribution
from samen_inbreng.queries.answers import is_current
from samen_inbreng.services.mails import unsubscribe_url

PORTION = 200
MOST_LINKS = 5
MOST_COUNTED = 30_000


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who agreed to mail about a subject; ``unsubscribe_url`` ends it. ``contribution_id`` is the first one from this address."""

    email: str
    language: str
    unsubscribe_url: str
    contribution_id: uuid.UUID


def mail_recipients(uow: UnitOfWork, subject_id: uuid.UUID, batch: int = 500, after: uuid.UUID | None = None) -> Iterator[list[Recipient]]:
    """Who contributed on a subject and agreed to mail, each address once, in batches. A statement per batch.

    ``after`` is the ``contribution_id`` of the last recipient that was mailed already, for who mails in portions.
    """
    first = _first(_reachable().where(Contribution.subject_id == subject_id))
    while rows := _portion(uow, first, after, batch):
        yield [Recipient(row.email, row.language, unsubscribe_url(uow, row.id, row.language), row.id) for row in rows]
        after = rows[-1].id


def mail_recipients_by_id(uow: UnitOfWork, contribution_ids: Sequence[uuid.UUID]) -> list[Recipient]:
    """Of these contributions those whose sender still wants mail, for who mails in portions and chose them before. One statement."""
    if not contribution_ids:
        return []
    rows = uow.session.execute(_reachable().where(Contribution.id.in_(contribution_ids)).order_by(Contribution.id)).all()
    return [Recipient(row.email, row.language, unsubscribe_url(uow, row.id, row.language), row.id) for row in rows]


def mail_answer(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: queue the first portion of the mails of an answer that was sent, or the next one, and publish what is left to do."""
    answer = uow.session.get(Answer, uuid.UUID(event.payload["answer_id"]))
    if answer is None or answer.withdrawn_at is not None:
        return
    after = event.payload.get("after")
    reachable = _of_answer(answer)
    rows = _portion(uow, _first(reachable), uuid.UUID(after) if after else None, PORTION)
    if not rows:
        return
    card = cards(uow, [answer.subject_id]).get(answer.subject_id)
    links = _links(uow, answer, [row.address for row in rows])
    for row in rows:
        try:
            queue_mail(uow, answer_message(uow, answer, card.title if card else "", row, links[row.address]))
        except Invalid:
            # An address that cannot exist must not keep the others from their mail.
            uow.platform.log.warning("answer_not_mailed", contribution=str(row.id))
    if len(rows) == PORTION:
        uow.publish(AnswerMailed(answer_id=answer.id, subject_id=answer.subject_id, after=rows[-1].id, about=event.about))


def answer_message(uow: UnitOfWork, answer: Answer, subject: str, row: Any, contributions: Sequence[tuple[str, int]]) -> Message:
    """The mail with an answer to ``row`` (id, email, language) about these contributions, as (slug of the activity, number)."""
    language = row.language
    shown = [page_address(uow.platform, paths.contribution(slug, number), language) for slug, number in contributions[:MOST_LINKS]]
    more = len(contributions) - len(shown)
    stop = unsubscribe_url(uow, row.id, language)
    values = {
        "contributions": n_("een bijdrage", "{n} bijdragen", len(contributions)),
        "subject": subject,
        "outcome": OUTCOME_LABELS[answer.outcome],
        "reason": answer.reason,
        "links": tuple(shown),
        "more": n_("En nog {n} bijdrage.", "En nog {n} bijdragen.", more) if more else "",
        "stop": stop,
    }
    return managed_mail(uow, managed_texts.ANSWER, row.email, language, values, unsubscribe_url=stop)


def mails_for(uow: UnitOfWork, contribution_ids: Sequence[uuid.UUID]) -> int:
    """How many addresses would get a mail about these contributions; of more than 30,000 the first ones count. One statement."""
    entry = _reachable().where(Contribution.id.in_(contribution_ids[:MOST_COUNTED])).subquery("entry")
    return int(uow.session.execute(select(func.count(entry.c.address.distinct()))).scalar_one())


def _reachable() -> Select[Any]:
    """Every published contribution whose sender agreed to mail and can be reached: id, email, address (to compare), language."""
    account = ACCOUNT_ADDRESSES.c
    has_account = Contribution.account_id.is_not(None)
    email = case((has_account, account.email), else_=Contribution.email)
    language = case((has_account, account.language), else_=Contribution.language)
    confirmed = and_(Contribution.email != "", Contribution.email_confirmed_at.is_not(None))
    return (
        select(Contribution.id, email.label("email"), func.lower(email).label("address"), language.label("language"))
        .select_from(Contribution)
        .outerjoin(ACCOUNT_ADDRESSES, account.id == Contribution.account_id)
        .where(Contribution.wants_mail, Contribution.state == "published")
        .where(or_(and_(has_account, account.email.is_not(None)), and_(~has_account, confirmed)))
    )


def _of_answer(answer: Answer) -> Select[Any]:
    """The same, of the contributions for which this answer is the one that counts."""
    return (
        _reachable()
        .join(AnswerTarget, AnswerTarget.contribution_id == Contribution.id)
        .join(Answer, Answer.id == AnswerTarget.answer_id)
        .where(Answer.id == answer.id, is_current(Answer, AnswerTarget))
    )


def _first(statement: Select[Any]) -> Select[Any]:
    """Of every address its first contribution."""
    entry = statement.add_columns(
        func.row_number().over(partition_by=statement.selected_columns.address, order_by=statement.selected_columns.id).label("place")
    ).subquery("entry")
    return select(entry.c.id, entry.c.email, entry.c.address, entry.c.language).where(entry.c.place == 1).order_by(entry.c.id)


def _portion(uow: UnitOfWork, first: Select[Any], after: uuid.UUID | None, limit: int) -> Sequence[Row[Any]]:
    statement = first.limit(limit)
    if after is not None:
        statement = statement.where(first.selected_columns.id > after)
    return uow.session.execute(statement, {"now": uow.now}).all()


def _links(uow: UnitOfWork, answer: Answer, addresses: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Per address the contributions that this answer is for, oldest first. One statement."""
    entry = _of_answer(answer).add_columns(Contribution.number, Contribution.activity_id, Contribution.at).subquery("entry")
    statement = (
        select(entry.c.address, Activity.slug, entry.c.number)
        .join(Activity, Activity.id == entry.c.activity_id)
        .where(entry.c.address.in_(addresses))
        .order_by(entry.c.at, entry.c.id)
    )
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for row in uow.session.execute(statement, {"now": uow.now}):
        found[row.address].append((row.slug, row.number))
    return found
