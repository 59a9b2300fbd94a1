"""The clock of a case: the day that was promised, which moves on by the working days that it waits, and how long things took."""

from __future__ import annotations

from datetime import date, timedelta

from samen_core.api import UnitOfWork
from samen_oog_oor.models import Case, Category
from samen_oog_oor.models.base import WAITING
from samen_oog_oor.settings import REOPENING_DAYS, free_days, number
from samen_oog_oor.working_days import city_day, day_before, is_working_day, promised_day, read_days, working_days_between

__all__ = [
    "change_term",
    "city_day",
    "days_off",
    "give_promise",
    "is_working_day",
    "latest_promise",
    "note_answer",
    "note_closed",
    "promised_day",
    "start_waiting",
    "stop_waiting",
    "working_days_between",
    "working_days_taken",
]


def days_off(uow: UnitOfWork) -> frozenset[date]:
    """The days on which the city does not work, beside weekends and public holidays; a stored line that is no day counts for nothing."""
    try:
        return read_days(free_days(uow))
    except ValueError:
        return frozenset()


def give_promise(uow: UnitOfWork, case: Case, term_days: int | None = None) -> date:
    """Promise the day on which ``term_days`` working days from now are over (default those of its category), and start reminding anew."""
    if term_days is None:
        term_days = uow.session.get_one(Category, case.category_id).term_days
    case.promised_on, case.term_days = promised_day(city_day(uow.now), term_days, days_off(uow)), term_days
    case.late_told = 0
    return case.promised_on


def change_term(uow: UnitOfWork, case: Case, former_days: int, term_days: int) -> bool:
    """Promise the day that another term gives, counted from when this one began and with what it waited; whether that is another day.

    ``former_days`` is the term for a case of which is not known what it was. Nobody is promised a day that is over: at the earliest the
    next working day, or the day that was promised when that comes sooner.
    """
    if case.promised_on is None:
        return False
    former, free, today = case.promised_on, days_off(uow), city_day(uow.now)
    more = term_days - (former_days if case.term_days is None else case.term_days)
    case.term_days = term_days
    if more >= 0:
        case.promised_on = promised_day(former, more, free) if more else former
    else:
        earliest = min(former, promised_day(today, 1, free))
        case.promised_on = max(day_before(former, -more, free), earliest)
    if case.promised_on > today and case.promised_on != former:
        case.late_told = 0
    return case.promised_on != former


def start_waiting(uow: UnitOfWork, case: Case) -> None:
    """The clock stands still from now on; the case remembers where it came from."""
    case.came_from, case.waiting_since = case.state, uow.now


def stop_waiting(uow: UnitOfWork, case: Case) -> int:
    """The clock runs again; the promised day moves on by the working days that it waited. Gives how many those were."""
    if case.waiting_since is None:
        return 0
    free = days_off(uow)
    waited = working_days_between(city_day(case.waiting_since), city_day(uow.now), free)
    case.waited_days += waited
    if case.promised_on is not None and waited:
        case.promised_on = promised_day(case.promised_on, waited, free)
        if case.promised_on > city_day(uow.now):
            case.late_told = 0
    case.came_from, case.waiting_since = None, None
    return waited


def latest_promise(uow: UnitOfWork, case: Case) -> date | None:
    """The day to tell a reporter now: while it waits, the promised day moved on by what it waited so far."""
    if case.promised_on is None or case.state not in WAITING or case.waiting_since is None:
        return case.promised_on
    free = days_off(uow)
    waited = working_days_between(city_day(case.waiting_since), city_day(uow.now), free)
    return promised_day(case.promised_on, waited, free) if waited else case.promised_on


def working_days_taken(uow: UnitOfWork, case: Case) -> int:
    """The working days since it was reported, without those that it waited."""
    free, today = days_off(uow), city_day(uow.now)
    waited = case.waited_days
    if case.waiting_since is not None:
        waited += working_days_between(city_day(case.waiting_since), today, free)
    return max(0, working_days_between(city_day(case.reported_at), today, free) - waited)


def note_answer(uow: UnitOfWork, case: Case) -> None:
    """Keep when reporters first got words that somebody wrote to them."""
    if case.answered_at is None:
        case.answered_at, case.answer_days = uow.now, working_days_taken(uow, case)


def note_closed(uow: UnitOfWork, case: Case) -> None:
    """Keep when it was closed, and after how long."""
    case.closed_at, case.close_days = uow.now, working_days_taken(uow, case)


def last_day_to_ask(uow: UnitOfWork, case: Case) -> date | None:
    """The last day on which reporters may ask to look at a closed case again."""
    return None if case.closed_at is None else city_day(case.closed_at) + timedelta(days=number(uow, REOPENING_DAYS))


def may_ask_reopening(uow: UnitOfWork, case: Case) -> bool:
    """Whether reporters may still ask to look at it again."""
    last = last_day_to_ask(uow, case)
    return last is not None and city_day(uow.now) <= last
