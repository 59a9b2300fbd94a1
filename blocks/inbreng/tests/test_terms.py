"""Until when, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from samen_core.platform import Platform
from samen_inbreng.web.words import deadline

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def words(platform: Platform, end: datetime, now: datetime = NOW, closed: datetime | None = None) -> str:
    activity = SimpleNamespace(opens_at=NOW - timedelta(days=9), closes_at=end, closed_at=closed)
    with platform.translations.use("nl"):
        return str(deadline(activity, now))


def test_a_term_that_ends_at_midnight_ends_with_the_day_before(platform: Platform) -> None:
    midnight = datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert words(platform, midnight) == "Nog 9 dagen, tot en met dinsdag 1 december 2026"
    assert words(platform, midnight, midnight - timedelta(hours=2)) == "Vandaag de laatste dag, tot en met dinsdag 1 december 2026"
    assert words(platform, midnight, midnight) == "Gesloten op 1 december 2026"


def test_another_term_ends_at_its_moment(platform: Platform) -> None:
    evening = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
    assert words(platform, evening) == "Nog 9 dagen, tot dinsdag 1 december 2026, 19.30 uur"
    assert words(platform, evening, evening, NOW) == "Gesloten op 22 november 2026"
