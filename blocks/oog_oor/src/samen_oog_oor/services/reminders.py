"""What the clock does by itself: it reminds those who handle cases, tells reporters when nothing was heard, and ends waiting."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select, update

from citycontent.api import Organization
from samen_core.api import (
    CITY_TIME_ZONE,
    StaffMail,
    Text,
    UnitOfWork,
    _,
    format_date,
    managed_mail,
    page_address,
    queue_mail,
    staff_to_mail,
)
from samen_oog_oor import paths
from samen_oog_oor.managed_texts import steps
from samen_oog_oor.models import Case, Category, Inquiry
from samen_oog_oor.models.base import OPEN, VERY_LATE, WAITING
from samen_oog_oor.permissions import HANDLE, SEE_CONFIDENTIAL
from samen_oog_oor.services.deadlines import city_day, days_off, is_working_day, promised_day, working_days_between
from samen_oog_oor.services.states import go_back
from samen_oog_oor.services.updates import send_mails
from samen_oog_oor.settings import REMIND_DAYS, SILENCE_DAYS, WAITING_DAYS, number

AT_ONCE = 500
"""How many cases a job takes in one transaction; the next time it takes the next."""
MOST_LATE = 5_000
"""How many late cases are looked at: those that were told about and are not three times late yet are among them."""
SHOWN = 25
"""How many cases a mail names; of the others it says how many there are."""
FIRST_HOUR = 7
SOON, LATE = 1, 2
"""The first reminders about a case, as ``Case.late_told`` counts them; the last is VERY_LATE."""
_CASE: Any = Case.__table__
_C = Case.__table__.c
_RUNNING = tuple(sorted(OPEN - WAITING - {"reopening_requested"}))
_GOES_ON: ColumnElement[bool] = _C.state.in_(_RUNNING) & _C.merged_into_id.is_(None)


@dataclass(slots=True)
class _ToTell:
    """What one mailbox is told: cases by reminder."""

    email: str
    language: str
    by_level: dict[int, list[Row[Any]]] = field(default_factory=lambda: defaultdict(list))


def remind_handlers(uow: UnitOfWork) -> int:
    """Mail those who handle cases about what is nearly late, late, or three times late; each once. Gives how many cases.

    To the colleague who has a case; without one, and when it is three times late, to everybody who handles cases of its organisation;
    when nobody does, to the address of the organisation, else to those who handle cases of the whole city. About a confidential case only
    to who may see it, by number. On working days, from seven o'clock.
    """
    today, free = city_day(uow.now), days_off(uow)
    if not _at_work(uow, today, free):
        return 0
    rows = uow.session.execute(_due(promised_day(today, number(uow, REMIND_DAYS), free))).all()
    found = [(row, level) for row in rows if (level := reminder(row, today, free)) > row.late_told]
    if not found:
        return 0
    scopes = {id for row, _level in found for id in (row.organization_id, row.area_id) if id is not None}
    staff = staff_to_mail(uow, HANDLE.roles | SEE_CONFIDENTIAL.roles, scopes)
    boxes: dict[str, _ToTell] = {}
    for row, level in found:
        for email, language in _who(row, level, staff):
            boxes.setdefault(email.lower(), _ToTell(email, language)).by_level[level].append(row)
    for box in boxes.values():
        _mail(uow, box)
    for level in (SOON, LATE, VERY_LATE):
        ids = [row.id for row, of in found if of == level]
        if ids:
            # Past the version: who is writing an answer need not look again because a reminder was sent.
            uow.session.execute(update(_CASE).where(_C.id.in_(ids)).values(late_told=level))
            uow.record("oog_oor.case.reminded", after={"level": level, "cases": len(ids)})
    return len(found)


def _at_work(uow: UnitOfWork, today: date, free: frozenset[date]) -> bool:
    return is_working_day(today, free) and uow.now.astimezone(CITY_TIME_ZONE).hour >= FIRST_HOUR


def reminder(row: Any, today: date, free: Iterable[date]) -> int:
    """Which reminder is due: 1 before the promised day, 2 on it and after, 3 once three times its term is over."""
    if today < row.promised_on:
        return SOON
    off = frozenset(free)
    return VERY_LATE if today > promised_day(row.promised_on, 2 * max(1, row.term_days), off) else LATE


def _due(last: date) -> Any:
    columns = (_C.id, _C.number, _C.title, _C.confidential, _C.promised_on, _C.late_told, _C.organization_id, _C.area_id, _C.assignee_id)
    return (
        select(*columns, func.coalesce(_C.term_days, Category.term_days).label("term_days"), Organization.email.label("organization_email"))
        .join(Category, Category.id == _C.category_id)
        .outerjoin(Organization, Organization.id == _C.organization_id)
        .where(_GOES_ON, _C.signals > 0, _C.promised_on <= last, _C.late_told < VERY_LATE)
        .order_by(_C.late_told, _C.promised_on, _C.id)
        .limit(MOST_LATE)
    )


def _who(row: Any, level: int, staff: dict[uuid.UUID, StaffMail]) -> list[tuple[str, str]]:
    """The mailboxes, with their languages, to which a reminder about a case goes."""
    scopes = [id for id in (row.organization_id, row.area_id) if id is not None]
    able = {id: one for id, one in staff.items() if _may(one, row, scopes)}
    own = able.get(row.assignee_id)
    if own is not None and level < VERY_LATE:
        return [(own.email, own.language)]
    desk = [
        one for one in able.values() if any(grant.scope is not None and grant.scope == row.organization_id for grant in one.actor.grants)
    ]
    found = [(one.email, one.language) for one in [*([own] if own is not None else []), *desk]]
    if not desk and row.organization_email and not row.confidential:
        found.append((row.organization_email, "nl"))
    return list(dict.fromkeys(found)) or [(one.email, one.language) for one in able.values()]


def _may(one: StaffMail, row: Any, scopes: Sequence[uuid.UUID]) -> bool:
    if row.confidential and not SEE_CONFIDENTIAL.allows(one.actor, row.id, scopes=scopes):
        return False
    return HANDLE.allows(one.actor, row.id, scopes=scopes)


def _mail(uow: UnitOfWork, box: _ToTell) -> None:
    with uow.platform.translations.use(box.language):
        values = {
            name: tuple(_lines(uow, box.by_level[level], box.language))
            for name, level in (("soon", SOON), ("late", LATE), ("very_late", VERY_LATE))
        }
    queue_mail(uow, managed_mail(uow, steps.DEADLINES, box.email, box.language, values))


def _lines(uow: UnitOfWork, rows: Sequence[Any], language: str) -> Iterable[str]:
    for row in rows[:SHOWN]:
        what = _("een vertrouwelijke zaak") if row.confidential else row.title
        yield str(_("{number}, {what}: {day}", number=row.number, what=what, day=format_date(row.promised_on)))
        yield page_address(uow.platform, paths.work(row.number), language)
    if len(rows) > SHOWN:
        yield str(_("En nog {n}. U vindt ze op uw werkplek.", n=len(rows) - SHOWN))


def tell_silence(uow: UnitOfWork) -> int:
    """Tell reporters of cases about which nothing was heard for the working days that the city set how it stands. Gives how many cases.

    That is no news: how long it was silent is counted on. On working days, from seven o'clock.
    """
    today, free = city_day(uow.now), days_off(uow)
    if not _at_work(uow, today, free):
        return 0
    before = _start_after(_working_days_ago(today, number(uow, SILENCE_DAYS), free))
    told = or_(_C.silence_told_at.is_(None), _C.silence_told_at < before)
    silent = (_GOES_ON, _C.signals > 0, func.coalesce(_C.told_at, _C.reported_at) < before, told)
    cases = list(uow.session.execute(select(Case).where(*silent).order_by(_C.reported_at, _C.id).limit(AT_ONCE)).scalars())
    for case in cases:
        late = case.promised_on is not None and case.promised_on < today
        more = {"late": case.promised_on if late else "", **({"day": ""} if late else {})}
        send_mails(uow, case, steps.SILENCE, more)
    if cases:
        ids = [case.id for case in cases]
        uow.session.execute(update(_CASE).where(_C.id.in_(ids)).values(silence_told_at=uow.now))
        uow.record("oog_oor.case.silence_told", after={"cases": len(ids)})
    return len(cases)


def _working_days_ago(today: date, days: int, free: frozenset[date]) -> date:
    """The last day since which so many working days went by."""
    day = today - timedelta(days=days)
    while working_days_between(day, today, free) < days:
        day -= timedelta(days=1)
    return day


def _start_after(day: date) -> datetime:
    """The moment on which a day is over in the city."""
    return datetime.combine(day + timedelta(days=1), time(), CITY_TIME_ZONE)


def end_waiting(uow: UnitOfWork) -> int:
    """Bring cases back that wait while no question is open any more, after the days that the city set. Gives how many."""
    asked = select(Inquiry.id).where(Inquiry.case_id == _C.id, Inquiry.closed_at.is_(None), Inquiry.due_at > uow.now).exists()
    since = uow.now - timedelta(days=number(uow, WAITING_DAYS))
    waiting = select(_C.id).where(_C.state.in_(sorted(WAITING)), _C.merged_into_id.is_(None), _C.waiting_since <= since, ~asked)
    ids = list(uow.session.execute(waiting.order_by(_C.waiting_since).limit(AT_ONCE)).scalars())
    sentence: Text = _("Het wachten is voorbij: de zaak gaat verder.")
    return sum(go_back(uow, id, sentence) for id in ids)
