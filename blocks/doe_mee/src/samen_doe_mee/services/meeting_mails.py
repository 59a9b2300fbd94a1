"""The mails about meetings, in the language of who registered. What must be told once follows from the calendar and the clock."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from citycontent.api import Address, Event
from samen_core.api import (
    ACCOUNT_ADDRESSES,
    CITY_TIME_ZONE,
    Delivered,
    Invalid,
    Text,
    UnitOfWork,
    _,
    format_moment,
    format_time,
    managed_mail,
    page_address,
    queue_mail,
)
from samen_doe_mee import paths
from samen_doe_mee.managed_texts import meetings as texts
from samen_doe_mee.models import Meeting, Registration
from samen_doe_mee.services.meeting_common import OFF, Held, locked_meeting, note
from samen_doe_mee.services.registration_keys import registration_key
from samen_doe_mee.services.taking_part import unsealed_email

COMING = ("registered", "waiting")
LONGEST_NOTICE = timedelta(hours=336)
"""No reminder goes earlier than this."""
AT_ONCE = 20
"""Of so many meetings the reminders go at once; the others follow at the next turn."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail about a meeting."""

    registration: Registration
    email: str
    language: str


def mail_registration(uow: UnitOfWork, held: Held, mine: Registration, *, moved_up: bool = False) -> None:
    """Tell somebody how their registration stands: to be confirmed, on the list or waiting."""
    by_state = {"unconfirmed": texts.CONFIRM, "registered": texts.REGISTERED, "waiting": texts.WAITING}
    key = texts.MOVED_UP if moved_up else by_state[mine.state]
    for recipient in _recipients(uow, [mine]):
        _send(uow, held, key, recipient)


def mail_report(uow: UnitOfWork, held: Held) -> int:
    """Mail the report to who came and wants it; where nobody was ticked, to who was on the list. Gives how many."""
    wants = select(Registration).where(Registration.meeting_id == held.meeting.id, Registration.wants_report.is_(True))
    rows = list(uow.session.execute(wants.order_by(Registration.id)).scalars())
    kept = [row for row in rows if row.state == "attended"] or [row for row in rows if row.state == "registered"]
    return _send_all(uow, held, texts.REPORT, kept)


def meeting_changed(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: tell who registered what they do not know yet of a meeting that is still to come: moved, called off, or another place.

    What is told follows from the calendar itself, so two changes shortly after each other are told once.
    """
    id = uuid.UUID(event.payload["id"])
    if uow.session.get(Meeting, id) is None:
        return
    held = locked_meeting(uow, id)
    if held.event.sequence <= held.meeting.told_sequence or held.ends_at < uow.now:
        return
    note(uow, held, told_sequence=held.event.sequence)
    if held.meeting.reminded_at is not None and held.event.start_date - timedelta(hours=held.meeting.remind_hours) > uow.now:
        note(uow, held, reminded_at=None)
    key = {"cancelled": texts.CANCELLED, "postponed": texts.POSTPONED}.get(held.event.status, texts.CHANGED)
    rows = select(Registration).where(Registration.meeting_id == id, Registration.state.in_(COMING)).order_by(Registration.id)
    _send_all(uow, held, key, uow.session.execute(rows).scalars().all())


def remind_due(uow: UnitOfWork) -> int:
    """Job: remind who is on the list of a meeting that begins soon, once. Gives how many mails go.

    Whether it is time follows from the dates: a job that ran late reminds late, but not after the beginning.
    """
    soon = (
        select(Meeting.id, Meeting.remind_hours, Event.start_date)
        .join(Event, Event.id == Meeting.id)
        .where(
            Meeting.reminded_at.is_(None),
            Event.state == "active",
            Event.status.notin_(OFF),
            Event.start_date > uow.now,
            Event.start_date <= uow.now + LONGEST_NOTICE,
        )
        .order_by(Event.start_date, Event.id)
    )
    due = [row.id for row in uow.session.execute(soon) if row.start_date - timedelta(hours=row.remind_hours) <= uow.now]
    return sum(_remind(uow, id) for id in due[:AT_ONCE])


def _remind(uow: UnitOfWork, id: uuid.UUID) -> int:
    held = locked_meeting(uow, id)
    if held.meeting.reminded_at is not None or held.is_off:
        return 0
    note(uow, held, reminded_at=uow.now)
    rows = select(Registration).where(Registration.meeting_id == id, Registration.state == "registered").order_by(Registration.id)
    return _send_all(uow, held, texts.REMINDER, uow.session.execute(rows).scalars().all())


def _send_all(uow: UnitOfWork, held: Held, key: str, rows: Iterable[Registration]) -> int:
    sent = 0
    for recipient in _recipients(uow, list(rows)):
        try:
            _send(uow, held, key, recipient)
            sent += 1
        except Invalid:
            # An address that cannot exist must not keep the others from hearing it.
            uow.platform.log.warning("doe_mee_mail_not_queued", meeting=str(held.meeting.id), mail=key)
    return sent


def _recipients(uow: UnitOfWork, rows: list[Registration]) -> Iterator[Recipient]:
    """Where mails go: to the address that was left, else to that of the account, in the language of the form. One statement at most."""
    accounts = ACCOUNT_ADDRESSES.c
    ids = sorted({row.account_id for row in rows if row.account_id is not None})
    known: dict[uuid.UUID, Any] = {}
    if ids:
        found = uow.session.execute(select(accounts.id, accounts.email, accounts.language).where(accounts.id.in_(ids)))
        known = {row.id: row for row in found}
    for row in rows:
        if row.account_id is not None:
            if row.account_id in known:
                yield Recipient(row, known[row.account_id].email, known[row.account_id].language)
        elif email := unsealed_email(uow, row.email):
            yield Recipient(row, email, row.language)


def _send(uow: UnitOfWork, held: Held, key: str, to: Recipient) -> None:
    platform = uow.platform
    own = page_address(platform, f"{paths.REGISTRATION}/{registration_key(platform, to.registration.id)}", to.language)
    links = {
        texts.CANCELLED: page_address(platform, paths.plan(held.plan.slug), to.language),
        texts.REPORT: page_address(platform, f"{paths.meeting(held.meeting.id)}#verslag", to.language),
    }
    with platform.translations.use(to.language):
        values: dict[str, Text | str] = {
            "meeting": held.event.name,
            "when": str(moment_of(held.event)),
            "where": ", ".join(place_of(uow, held.event)),
            "people": str(to.registration.people),
            "link": links.get(key, own),
        }
    names = [item.name for item in platform.texts.declared[key].placeholders]
    queue_mail(uow, managed_mail(uow, key, to.email, to.language, {name: values[name] for name in names}))


def moment_of(event: Event) -> Text | str:
    """When it is: ``donderdag 3 december 2026, 19.30 tot 21.30 uur``."""
    first, last = event.start_date.astimezone(CITY_TIME_ZONE), event.end_date and event.end_date.astimezone(CITY_TIME_ZONE)
    if event.end_date is None or last is None:
        return format_moment(event.start_date)
    if last.date() == first.date():
        return _("{start} tot {end}", start=format_moment(event.start_date).removesuffix(" uur"), end=format_time(event.end_date))
    return _("{start} tot {end}", start=format_moment(event.start_date), end=format_moment(event.end_date))


def place_of(uow: UnitOfWork, event: Event) -> list[str]:
    """Where it is: the place, then its address as far as the place does not name it already. One statement at most."""
    lines = [event.location] if event.location else []
    address = uow.session.get(Address, event.address_id) if event.address_id is not None else None
    if address is not None and address.street:
        number = f"{address.house_number or ''}{address.house_letter}{address.house_number_addition}"
        street = f"{address.street} {number}".strip()
        if street not in event.location:
            lines.append(street)
        if address.locality and address.locality not in event.location:
            lines.append(address.locality)
    return lines
