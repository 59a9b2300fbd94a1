"""Mail to everybody who takes part in a table and agreed to it: one recipient a mail, each address once, in the recipient's language.

Who gets one: holders of a seat, who put the question, and who contributed. Mails are queued in portions, each in the transaction of its own
event: 5,600 of them hold no lock for long, none is lost and none is sent twice when a worker ends halfway.
"""

from __future__ import annotations

import hmac
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from samen_core.api import Delivered, Gone, Message, Text, UnitOfWork, _, keyed_hash, managed_mail, page_address, queue_mail
from samen_inbreng.api import Activity, activity_path, mail_recipients
from samen_samenspreker import managed_texts
from samen_samenspreker.events import CouncilDecided, DecisionPublished, MailsDue, ReportPublished, StepChanged
from samen_samenspreker.models import STEPS, Decision, FinalReport, Move, Question, Seat
from samen_samenspreker.paths import MAIL, table
from samen_samenspreker.queries.mails import seat_addresses
from samen_samenspreker.services import asker_mail
from samen_samenspreker.services.common import refs
from samen_samenspreker.services.council import decided_facts, public_card
from samen_samenspreker.settings import step_name
from samen_samenspreker.texts import Day

PORTION = 200
KIND_OF = {StepChanged.type: "step", DecisionPublished.type: "decision", ReportPublished.type: "report", CouncilDecided.type: "council"}
"""The events after which participants get mail. MailsDue names its kind itself."""

_LENGTH = 32


@dataclass(frozen=True, slots=True)
class News:
    """What a mail tells: its text, the page behind its link, and what is filled in besides."""

    key: str
    path: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a mail goes and the address that stops it ("" when the page of the table has it)."""

    email: str
    language: str
    stop: str


def mail_participants(uow: UnitOfWork, question: Question, kind: str, thing_id: uuid.UUID) -> None:
    """Mail everybody who agreed, once this transaction is committed; ``kind`` is one of :data:`KINDS` and ``thing_id`` what it is about.

    For what is no event by itself, such as the invitation to a survey; step changes, decisions and reports mail by themselves.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of mail: {kind}")
    _due(uow, question, kind, thing_id, None)


def mail_portion(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: queue the first or the next portion of the mails of an event, and publish what is left to do."""
    question = uow.session.get(Question, uuid.UUID(event.payload["question_id"]))
    kind = KIND_OF.get(event.type) or event.payload["kind"]
    thing_id, after = uuid.UUID(event.payload["thing_id"]), event.payload.get("after")
    if question is None or question.state != "accepted":
        return
    news = KINDS[kind](uow, question, thing_id)
    if news is None:
        return
    known = _at_table(uow, question)
    done = {recipient.email.lower() for recipient in known}
    rest = next(mail_recipients(uow, question.id, PORTION, uuid.UUID(after) if after else None), [])
    others = [Recipient(row.email, row.language, row.unsubscribe_url) for row in rest if row.email.lower() not in done]
    for recipient in others if after else [*known, *others]:
        queue_mail(uow, _message(uow, question, news, recipient))
    if len(rest) == PORTION:
        _due(uow, question, kind, thing_id, rest[-1].contribution_id)


def stop_seat_mail(uow: UnitOfWork, seat_id: uuid.UUID, token: str) -> Seat:
    """No more mail to the holder of this seat. Raises Gone for a link that is made up."""
    seat = seat_of_link(uow, seat_id, token)
    if seat.wants_mail:
        seat.wants_mail = False
        uow.record("samenspreker.seat.mail_stopped", seat.question_id, after={"seat": seat.id})
        uow.session.flush()
    return seat


def stop_address(uow: UnitOfWork, seat_id: uuid.UUID, language: str) -> str:
    """The link in a mail to the holder of this seat that stops all mail to it."""
    return page_address(uow.platform, f"{MAIL}/stoel/{seat_id}/{_signature(uow, seat_id)}", language)


def seat_of_link(uow: UnitOfWork, seat_id: uuid.UUID, token: str) -> Seat:
    """The seat of a link in a mail. Raises Gone for a link that is made up."""
    seat = uow.session.get(Seat, seat_id)
    if seat is None or not hmac.compare_digest(token.encode(), _signature(uow, seat_id).encode()):
        raise Gone(_("Deze link werkt niet (meer)."))
    return seat


def _due(uow: UnitOfWork, question: Question, kind: str, thing_id: uuid.UUID, after: uuid.UUID | None) -> None:
    due = MailsDue(
        question_id=question.id, thing_id=thing_id, kind=kind, after=after, step=question.step, cycle=question.cycle, about=refs(question)
    )
    uow.publish(due)


def _at_table(uow: UnitOfWork, question: Question) -> list[Recipient]:
    """Holders of seats and who put the question, each address once."""
    found: dict[str, Recipient] = {}
    for row in seat_addresses(uow, question.id):
        found.setdefault(row.email.lower(), Recipient(row.email, row.language, stop_address(uow, row.id, row.language)))
    asker = asker_mail.recipient(uow, question)
    if asker is not None:
        stop = page_address(uow.platform, asker.stop, asker.language) if asker.stop else ""
        found.setdefault(asker.address.lower(), Recipient(asker.address, asker.language, stop))
    return list(found.values())


def _message(uow: UnitOfWork, question: Question, news: News, to: Recipient) -> Message:
    values = {
        "title": question.title,
        "link": page_address(uow.platform, news.path, to.language),
        "stop": (managed_texts.STOP_ALL, to.stop) if to.stop else "",
        **news.values,
    }
    return managed_mail(uow, news.key, to.email, to.language, values, unsubscribe_url=to.stop)


def _step_news(uow: UnitOfWork, question: Question, thing_id: uuid.UUID) -> News | None:
    move = uow.session.get(Move, thing_id)
    if move is None:
        return None
    before, after = step_name(uow, move.from_step), step_name(uow, move.to_step)
    if move.to_step == "closed":
        return News(managed_texts.CLOSED, table(question.slug))
    if STEPS.index(move.to_step) < STEPS.index(move.from_step):
        return News(managed_texts.STEP_BACK, table(question.slug), {"before": before, "after": after, "reason": move.reason})
    return News(managed_texts.STEP, table(question.slug), {"before": before, "after": after})


def _decision_news(uow: UnitOfWork, question: Question, thing_id: uuid.UUID) -> News | None:
    decision = uow.session.get(Decision, thing_id)
    if decision is None or decision.state != "published":
        return None
    decided: Text | str = ""
    if decision.decided_by and decision.decided_on:
        decided = _("Wie besloot: {body}. Wanneer: {day}.", body=decision.decided_by, day=Day(decision.decided_on))
    return News(managed_texts.DECISION, table(question.slug, "besluit"), {"decided": decided})


def _report_news(uow: UnitOfWork, question: Question, thing_id: uuid.UUID) -> News | None:
    report = uow.session.get(FinalReport, thing_id)
    if report is None:
        return None
    return News(managed_texts.REPORT, table(question.slug, "eindverslag"))


def _council_news(uow: UnitOfWork, question: Question, thing_id: uuid.UUID) -> News | None:
    facts = decided_facts(uow, question.id, thing_id)
    # It may have been taken away since it was noted.
    if facts is None or public_card(uow, thing_id) is None:
        return None
    body, day, done = (str(facts.get(name) or "") for name in ("body", "day", "done"))
    values = {
        "decided": _("Wie besloot: {body}. Wanneer: {day}.", body=body, day=Day(date.fromisoformat(day))) if body else "",
        "decision": _("Het besluit: {title}", title=facts["title"]),
        "text": facts.get("text") or "",
        "done": (_("Wat er met de inbreng is gedaan:"), done) if done else "",
    }
    return News(managed_texts.COUNCIL, facts.get("path") or table(question.slug), values)


def _survey_news(uow: UnitOfWork, _question: Question, thing_id: uuid.UUID) -> News | None:
    activity = uow.session.get(Activity, thing_id)
    if activity is None:
        return None
    return News(managed_texts.SURVEY, activity_path(activity.slug))


def _signature(uow: UnitOfWork, seat_id: uuid.UUID) -> str:
    return keyed_hash(uow.platform, "samenspreker.seat_mail", seat_id.hex)[:_LENGTH]


KINDS: dict[str, Callable[[UnitOfWork, Question, uuid.UUID], News | None]] = {
    "step": _step_news,
    "decision": _decision_news,
    "report": _report_news,
    "survey": _survey_news,
    "council": _council_news,
}
"""What a mail can be about."""
