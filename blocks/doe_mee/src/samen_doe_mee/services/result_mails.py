"""Telling everybody who took part in a round, and wanted to hear, what was done with it: each address once, in portions.

Who hears it is decided once, when the round is closed: who took part with the wish to hear, and who asked inbreng for mail. Each portion
is a row that goes in the transaction that queues its mails: a worker that dies leaves it to the next, so that nobody hears twice or never.
Where the mail goes is looked up when it leaves. Addresses are never kept here.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from samen_core.api import (
    ACCOUNT_ADDRESSES,
    Delivered,
    Gone,
    Invalid,
    UnitOfWork,
    _,
    keyed_hash,
    managed_mail,
    page_address,
    queue_mail,
    uuid7,
)
from samen_doe_mee import paths
from samen_doe_mee.events.plans import ResultMailsWaiting
from samen_doe_mee.managed_texts.results import RESULT
from samen_doe_mee.models import Activity, Plan, ResultMailing, Round, TookPart
from samen_doe_mee.services.taking_part import unsealed_email
from samen_inbreng.api import mail_recipients, mail_recipients_by_id

PORTION = 100
BATCH = 500
_LENGTH = 32
_BROKEN = _("Deze link werkt niet (meer).")
_ADDRESS = ACCOUNT_ADDRESSES.c


@dataclass(frozen=True, slots=True)
class _Reader:
    email: str
    language: str
    stop: str


def tell_result(uow: UnitOfWork, event: Delivered) -> None:
    """Handler of a closed round: choose who hears it, each address once, and leave portions for the worker.

    Nothing for a round that was opened again meanwhile, or told already.
    """
    found = uow.session.get(Round, uuid.UUID(event.payload["round_id"]), with_for_update=True)
    if found is None or found.closed_at is None or found.told_at is not None:
        return
    plan = uow.session.get_one(Plan, found.plan_id)
    filled = {language: _filled(uow, plan, found, language) for language in uow.platform.config.city.languages}
    portion: list[list[str]] = []
    for person in _people(uow, found.id):
        portion.append(person)
        if len(portion) == PORTION:
            _leave(uow, plan, filled, portion)
            portion = []
    if portion:
        _leave(uow, plan, filled, portion)
    found.told_at = uow.now
    uow.session.flush()


def send_portion(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: queue the mails of one portion, which is then gone."""
    mailing = uow.session.get(ResultMailing, uuid.UUID(event.payload["mailing_id"]))
    if mailing is None:
        return
    for reader in _readers(uow, mailing.people):
        said = {**mailing.filled.get(reader.language, mailing.filled["nl"]), "stop": reader.stop}
        try:
            queue_mail(uow, managed_mail(uow, RESULT, reader.email, reader.language, said, unsubscribe_url=reader.stop))
        except Invalid:
            # An address that cannot exist must not keep the others from hearing it.
            uow.platform.log.warning("doe_mee_result_not_mailed", mailing=str(mailing.id))
    uow.session.delete(mailing)


def stop_link(uow: UnitOfWork, took_part_id: uuid.UUID, language: str) -> str:
    """The whole address of the page that ends mail about a plan."""
    return page_address(uow.platform, f"{paths.NO_MAIL}/{took_part_id.hex}.{_signature(uow, took_part_id)}", language)


def read_stop_link(uow: UnitOfWork, token: str) -> TookPart:
    """Whose mail a link ends. Raises Gone for one that is made up, or when nobody is known there any more."""
    key, _dot, signature = token.partition(".")
    try:
        id = uuid.UUID(hex=key)
    except ValueError:
        raise Gone(_BROKEN) from None
    if not hmac.compare_digest(signature.encode(), _signature(uow, id).encode()):
        raise Gone(_BROKEN)
    found = uow.session.get(TookPart, id)
    if found is None:
        raise Gone(_BROKEN)
    return found


def stop_result_mail(uow: UnitOfWork, token: str) -> Plan:
    """No more mail about this plan to who followed a link; an address that was left goes. Raises Gone."""
    mine = read_stop_link(uow, token)
    ids = [mine.id]
    if mine.account_id is not None:
        same = select(TookPart.id).where(TookPart.plan_id == mine.plan_id, TookPart.account_id == mine.account_id)
        ids += uow.session.execute(same).scalars()
    elif mine.email:
        address = unsealed_email(uow, mine.email).lower()
        others = select(TookPart.id, TookPart.email).where(TookPart.plan_id == mine.plan_id, TookPart.email != "")
        ids += [row.id for row in uow.session.execute(others) if unsealed_email(uow, row.email).lower() == address]
    stop = update(TookPart).where(TookPart.id.in_(ids)).values(wants_result=False, email="")
    uow.session.execute(stop.execution_options(synchronize_session="fetch"))
    uow.record("doe_mee.result_mail_stopped", mine.plan_id)
    return uow.session.get_one(Plan, mine.plan_id)


def _people(uow: UnitOfWork, round_id: uuid.UUID) -> Iterator[list[str]]:
    """References to who hears it, one for each address."""
    seen: set[str] = set()
    for id, email in _who_took_part(uow, round_id):
        if email.lower() not in seen:
            seen.add(email.lower())
            yield ["t", str(id)]
    for activity_id in uow.session.execute(
        select(Activity.id).where(Activity.round_id == round_id, Activity.talk_id.is_not(None))
    ).scalars():
        for batch in mail_recipients(uow, activity_id, BATCH):
            for recipient in batch:
                if recipient.email.lower() not in seen:
                    seen.add(recipient.email.lower())
                    yield ["c", str(recipient.contribution_id)]


def _who_took_part(uow: UnitOfWork, round_id: uuid.UUID) -> Iterator[tuple[uuid.UUID, str]]:
    after = uuid.UUID(int=0)
    wanting = _reachable().join(Activity, Activity.id == TookPart.activity_id).where(Activity.round_id == round_id).order_by(TookPart.id)
    while rows := uow.session.execute(wanting.where(TookPart.id > after).limit(BATCH)).all():
        for row in rows:
            if email := row.address or unsealed_email(uow, row.email):
                yield row.id, email
        after = rows[-1].id


def _reachable() -> Any:
    """Who wants to hear: of an account its address, when it has one that mail may go to; else what somebody left, sealed."""
    columns = (TookPart.id, TookPart.account_id, TookPart.email, TookPart.language, _ADDRESS.email.label("address"))
    return (
        select(*columns, _ADDRESS.language.label("account_language"))
        .outerjoin(ACCOUNT_ADDRESSES, _ADDRESS.id == TookPart.account_id)
        .where(TookPart.wants_result)
    )


def _readers(uow: UnitOfWork, people: Sequence[Sequence[str]]) -> Iterator[_Reader]:
    """Who of a portion wants mail still, with the address. Two statements."""
    took = [uuid.UUID(id) for kind, id in people if kind == "t"]
    for row in uow.session.execute(_reachable().where(TookPart.id.in_(took)).order_by(TookPart.id)).all() if took else ():
        if email := row.address or unsealed_email(uow, row.email):
            language = row.account_language or row.language
            yield _Reader(email, language, stop_link(uow, row.id, language))
    for recipient in mail_recipients_by_id(uow, [uuid.UUID(id) for kind, id in people if kind == "c"]):
        yield _Reader(recipient.email, recipient.language, recipient.unsubscribe_url)


def _leave(uow: UnitOfWork, plan: Plan, filled: dict[str, dict[str, str]], people: list[list[str]]) -> None:
    mailing = ResultMailing(id=uuid7(), plan_id=plan.id, filled=filled, people=people, at=uow.now)
    uow.session.add(mailing)
    uow.publish(ResultMailsWaiting(mailing_id=mailing.id))


def _filled(uow: UnitOfWork, plan: Plan, found: Round, language: str) -> dict[str, str]:
    with uow.platform.translations.use(language):
        again = str(_("De ronde was heropend: {reason} Dit is de nieuwe tekst.", reason=found.reopened_reason)) if found.reopened_at else ""
    link = page_address(uow.platform, paths.plan(plan.slug), language)
    return {
        "plan": plan.title,
        "round": found.title,
        "again": again,
        "heard": found.heard,
        "done": found.done,
        "link": f"{link}#{found.slug}",
    }


def _signature(uow: UnitOfWork, id: uuid.UUID) -> str:
    return keyed_hash(uow.platform, "doe_mee stop", id.hex)[:_LENGTH]
