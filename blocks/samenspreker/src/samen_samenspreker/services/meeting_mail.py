"""The mails about meetings, sent by the worker to everybody at the table who wants mail.

What is told follows from the event itself, so a meeting that was moved in the calendar is told too, and two changes shortly after each
other are told once.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Row, select, update

from citycontent.api import Event
from samen_core.api import Delivered, Message, UnitOfWork, _, managed_mail, page_address, queue_mail
from samen_samenspreker import managed_texts
from samen_samenspreker.models import Meeting, Question
from samen_samenspreker.paths import table
from samen_samenspreker.queries.seats import mail_recipients
from samen_samenspreker.services.mails import stop_address
from samen_samenspreker.texts import When

_CHANGED = (
    select(Meeting.told_sequence, Event, Question)
    .join(Event, Event.id == Meeting.event_id)
    .join(Question, Question.id == Meeting.question_id)
    .where(Event.state == "active", Question.state == "accepted")
)


def meeting_changed(uow: UnitOfWork, event: Delivered) -> None:
    """Tell the table what it does not know yet of a meeting that is still to come. Handles events of meetings and of the calendar."""
    id = uuid.UUID(event.payload["thing_id"] if "thing_id" in event.payload else event.payload["id"])
    found = uow.session.execute(_CHANGED.where(Meeting.event_id == id).with_for_update(of=Meeting)).one_or_none()
    if found is None:
        return
    told, meeting, question = found
    if (told is not None and told >= meeting.sequence) or (meeting.end_date or meeting.start_date) < uow.now:
        return
    # Not through the loaded object: its version is what an open form was read at, and this changes nothing of that.
    uow.session.execute(update(Meeting).where(Meeting.event_id == id).values(told_sequence=meeting.sequence))
    if told is None and meeting.status in ("cancelled", "postponed"):
        return
    key = _text(meeting, first=told is None)
    for recipient in mail_recipients(uow, question.id):
        queue_mail(uow, _message(uow, question, meeting, key, recipient))


def _text(meeting: Event, *, first: bool) -> str:
    if meeting.status == "cancelled":
        return managed_texts.MEETING_CANCELLED
    if meeting.status == "postponed":
        return managed_texts.MEETING_POSTPONED
    return managed_texts.MEETING if first else managed_texts.MEETING_CHANGED


def _message(uow: UnitOfWork, question: Question, meeting: Event, key: str, to: Row[Any]) -> Message:
    planned = meeting.status not in ("cancelled", "postponed")
    stop = stop_address(uow, to.seat_id, to.language) if to.is_holder else ""
    own = page_address(uow.platform, table(question.slug, f"tafel/stoel/{to.seat_id}"), to.language)
    values = {
        "meeting": meeting.name,
        "when": _("Wanneer: {when}.", when=When(meeting.start_date)) if planned else "",
        "where": _("Waar: {place}.", place=meeting.location) if planned and meeting.location else "",
        "title": question.title,
        "link": page_address(uow.platform, table(question.slug, f"tafel/bijeenkomsten/{meeting.id}"), to.language),
        "stop": (managed_texts.STOP_ALL, stop) if stop else (managed_texts.STOP_ALTERNATE, own),
    }
    return managed_mail(uow, key, to.email, to.language, values, unsubscribe_url=stop)
