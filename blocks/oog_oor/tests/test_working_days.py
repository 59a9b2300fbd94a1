"""Working days against a recount that knows nothing of the library: Easter by the computus, the Dutch holidays by their rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from samen_oog_oor.working_days import day_before, holidays_in, is_working_day, promised_day, read_days, working_days_between

DAY = timedelta(days=1)
YEARS = range(2019, 2041)
DAYS = st.dates(date(2019, 1, 1), date(2040, 6, 1))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def free_days_of(year: int) -> Iterator[date]:
    """The public holidays: King's Day is a day earlier when 27 April is a Sunday, Liberation Day is one each fifth year."""
    yield date(year, 1, 1)
    sunday = easter(year)
    for after in (-2, 1, 39, 50):
        yield sunday + after * DAY
    king = date(year, 4, 27)
    yield king if king.weekday() != 6 else king - DAY
    if year % 5 == 0:
        yield date(year, 5, 5)
    yield date(year, 12, 25)
    yield date(year, 12, 26)


FREE = {day for year in YEARS for day in free_days_of(year)}


def works(day: date) -> bool:
    """Whether it is a working day, by the recount."""
    return day.weekday() not in (5, 6) and day not in FREE


def test_every_day_of_twenty_years_is_the_same_in_the_recount() -> None:
    """Day by day, so that a holiday too many or too few shows its date."""
    day = date(min(YEARS), 1, 1)
    while day.year in YEARS:
        assert is_working_day(day) is works(day), day
        day += DAY


@pytest.mark.parametrize(
    ("day", "free"),
    [
        (date(2026, 4, 27), True),
        (date(2025, 4, 28), False),
        (date(2025, 4, 25), False),
        (date(2031, 4, 28), False),
        (date(2026, 4, 3), True),
        (date(2026, 4, 6), True),
        (date(2027, 3, 29), True),
        (date(2025, 5, 5), True),
        (date(2026, 5, 5), False),
        (date(2030, 5, 6), False),
        (date(2026, 5, 14), True),
        (date(2026, 5, 25), True),
        (date(2026, 12, 25), True),
    ],
)
def test_the_days_that_go_wrong_easily(day: date, free: bool) -> None:
    """King's Day on a Sunday, both days around Easter, Liberation Day once in five years, Ascension Day and Whit Monday."""
    assert is_working_day(day) is not free


@settings(max_examples=60, deadline=None)
@given(start=DAYS, number=st.integers(0, 60))
def test_the_promised_day_is_that_of_the_recount(start: date, number: int) -> None:
    """Counted one day at a time."""
    day, left = start, number
    while left or (number == 0 and not works(day)):
        day += DAY
        left -= 1 if number and works(day) else 0
    assert promised_day(start, number) == day
    assert number == 0 or working_days_between(start, day) == number


@settings(max_examples=60, deadline=None)
@given(start=DAYS, length=st.integers(-30, 900), free=st.sets(st.integers(0, 900), max_size=8))
def test_the_days_between_are_those_of_the_recount(start: date, length: int, free: set[int]) -> None:
    """Over the ends of years, with extra days of the city of which some are a Sunday or a holiday already."""
    end = start + length * DAY
    extra = {start + number * DAY for number in free}
    counted = sum(1 for number in range(1, length + 1) if works(start + number * DAY) and start + number * DAY not in extra)
    if end.year in YEARS:
        assert working_days_between(start, end, extra) == counted


def test_extra_free_days_count() -> None:
    """The day before Christmas, when the city is closed."""
    assert promised_day(date(2026, 12, 23), 1) == date(2026, 12, 24)
    assert promised_day(date(2026, 12, 23), 1, {date(2026, 12, 24)}) == date(2026, 12, 28)
    assert promised_day(date(2026, 12, 24), 0, {date(2026, 12, 24)}) == date(2026, 12, 28)


def test_free_days_are_read_as_people_write_them() -> None:
    """Dutch or ISO, one on a line; the first that is none is named."""
    assert read_days(" 24-12-2026 \n\n2027-01-04\n5.1.2027") == {date(2026, 12, 24), date(2027, 1, 4), date(2027, 1, 5)}
    for wrong in ("morgen", "31-2-2026", "24-12"):
        with pytest.raises(ValueError, match=wrong):
            read_days(f"24-12-2026\n{wrong}")


def test_a_year_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library is asked for a year the first time only."""
    import holidays

    holidays_in(2033)
    monkeypatch.setattr(holidays, "country_holidays", lambda *_args, **_kwargs: pytest.fail("asked again"))
    assert date(2033, 4, 27) in holidays_in(2033)


@settings(max_examples=60, deadline=None)
@given(day=DAYS.filter(works), number=st.integers(0, 60))
def test_going_back_is_going_forward_the_other_way(day: date, number: int) -> None:
    start = day_before(day, number)
    assert works(start)
    assert promised_day(start, number) == day
