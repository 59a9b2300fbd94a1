"""The mails about meetings, sent by the worker to everybody at the table who wants mail.

What is told follows from the event itself, so a meeting that was moved in the calendar is told too, and two changes shortly after each
other are told once.
"""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Row, select, update

from citycontent.api import Event
from samen_core.api import Delivered, Message, Text, UnitOfWork, _, page_address, queue_mail
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
    news = _news(meeting, first=told is None)
    for recipient in mail_recipients(uow, question.id):
        queue_mail(uow, _message(uow, question, meeting, news, recipient))


def _news(meeting: Event, *, first: bool) -> tuple[Text, Text]:
    if meeting.status == "cancelled":
        return _("Bijeenkomst gaat niet door"), _("Deze bijeenkomst van uw tafel gaat niet door:")
    if meeting.status == "postponed":
        return _("Bijeenkomst is uitgesteld"), _("Deze bijeenkomst van uw tafel is uitgesteld. De nieuwe datum is nog niet bekend:")
    if first:
        return _("Uitnodiging voor een bijeenkomst"), _("Er is een bijeenkomst van uw tafel gepland:")
    return _("Bijeenkomst gewijzigd"), _("Deze bijeenkomst van uw tafel heeft een andere tijd of plek:")


def _message(uow: UnitOfWork, question: Question, meeting: Event, news: tuple[Text, Text], to: Row[Any]) -> Message:
    subject, said = news
    body: list[Text | str] = [_("Hallo,"), said, meeting.name]
    if meeting.status not in ("cancelled", "postponed"):
        body.append(_("Wanneer: {when}.", when=When(meeting.start_date)))
        if meeting.location:
            body.append(_("Waar: {place}.", place=meeting.location))
    body += [
        _("De tafel werkt aan deze vraag: “{title}”.", title=question.title),
        _("Alles over de bijeenkomst staat hier:"),
        page_address(uow.platform, table(question.slug, f"tafel/bijeenkomsten/{meeting.id}"), to.language),
        uow.platform.config.city.name,
    ]
    if not to.is_holder:
        own = page_address(uow.platform, table(question.slug, f"tafel/stoel/{to.seat_id}"), to.language)
        body += [_("Wilt u geen vervanger meer zijn? Dat stelt u hier in:"), own]
        return Message(to.email, subject, tuple(body), to.language)
    stop = stop_address(uow, to.seat_id, to.language)
    body += [_("Wilt u hierover geen mail meer? Klik dan op deze link:"), stop]
    return Message(to.email, subject, tuple(body), to.language, unsubscribe_url=stop)
