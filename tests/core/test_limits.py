"""Rate limits in the database."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from samen_core.actor import system
from samen_core.config import build_config
from samen_core.errors import TooMany
from samen_core.limits import RateWindow, clean_windows, hit, who_hash


@pytest.fixture
def at_noon(clock):
    """The clock at the start of a minute, so that a window does not end during the test."""
    now = clock()
    clock.shift += now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1) - now
    return clock


def test_the_limit_holds_per_window_per_bucket_and_per_person(platform, at_noon):
    somebody, other = who_hash(platform, "203.0.113.7"), who_hash(platform, "203.0.113.8")
    assert [hit(platform, "post", somebody, 3, 60) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(TooMany) as caught:
        hit(platform, "post", somebody, 3, 60)
    assert 50 <= caught.value.retry_after <= 60
    assert hit(platform, "post", other, 3, 60) == 1
    assert hit(platform, "log-in", somebody, 3, 60) == 1
    at_noon.forward(seconds=60)
    assert hit(platform, "post", somebody, 3, 60) == 1


@pytest.mark.parametrize(
    ("window", "text"), [(30, "30 seconden opnieuw"), (60, "1 minuut opnieuw"), (900, "15 minuten opnieuw"), (3600, "60 minuten opnieuw")]
)
def test_the_refusal_says_how_long_to_wait(platform, at_noon, window, text):
    with pytest.raises(TooMany) as caught:
        hit(platform, "post", who_hash(platform, "x"), 0, window)
    assert text in str(caught.value)


def test_a_refused_request_counts_even_though_its_own_transaction_is_undone(platform, at_noon):
    who = who_hash(platform, "x")
    uow = platform.unit_of_work(system("test"))
    hit(platform, "post", who, 5, 60)
    uow.rollback()
    uow.close()
    assert hit(platform, "post", who, 5, 60) == 2


def test_requests_at_the_same_moment_are_all_counted(platform, at_noon):
    who = who_hash(platform, "x")
    counts: list[int] = []

    def visit():
        for _ in range(10):
            counts.append(hit(platform, "post", who, 100, 60))

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == list(range(1, 41))


def test_nobody_can_be_recognised_in_the_table(platform, at_noon):
    hit(platform, "post", who_hash(platform, "203.0.113.7"), 5, 60)
    with platform.engine.connect() as connection:
        [row] = connection.execute(select(RateWindow.key_hash, RateWindow.window_start, RateWindow.expires_at)).all()
    assert (row.window_start, row.expires_at) == (
        platform.clock().replace(second=0, microsecond=0),
        row.window_start + timedelta(seconds=60),
    )
    plain = {hashlib.sha256(text.encode()).hexdigest() for text in ("203.0.113.7", "post:60:203.0.113.7")}
    assert row.key_hash not in plain


def test_the_hash_depends_on_the_secret_of_the_installation(platform, tmp_path):
    other = build_config({"environment": "test"}, folder=tmp_path, environ={"SAMEN_SECRET_KEY": "another secret of more than 32 signs"})
    before = who_hash(platform, "203.0.113.7")
    platform.config = other
    assert who_hash(platform, "203.0.113.7") != before


def test_windows_that_are_over_are_removed(platform, at_noon):
    hit(platform, "post", who_hash(platform, "x"), 5, 60)
    at_noon.forward(seconds=30)
    hit(platform, "log-in", who_hash(platform, "x"), 5, 900)
    at_noon.forward(seconds=60)
    with platform.unit_of_work(system("test")) as uow:
        clean_windows(uow)
    with platform.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(RateWindow)).scalar() == 1
