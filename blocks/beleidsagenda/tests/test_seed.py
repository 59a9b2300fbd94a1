"""The demonstration of the policy agenda: everything of ``data/demo`` happened, in the past and on its own day."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from citycontent.seed import seed as seed_city
from samen_beleidsagenda.models import (
    COMING_STATUSES,
    AgendaItem,
    Commitment,
    Decision,
    Dossier,
    Entry,
    Motion,
    PlanningItem,
    ThemeProfile,
)
from samen_beleidsagenda.queries.promise_choices import council_id, voters
from samen_beleidsagenda.seed import seed
from samen_core.actor import system
from samen_core.platform import Platform


@pytest.fixture(scope="module")
def seeded(tmp_path_factory):
    """A demonstration city with its agenda."""
    from samen_core.db import migrate
    from samen_core.testing.platforms import make_config

    folder = tmp_path_factory.mktemp("agenda")
    platform = Platform(make_config(folder, f"sqlite:///{folder / 'samen.db'}", blocks=["citycontent", "beleidsagenda"]))
    migrate.upgrade(platform)
    with platform.unit_of_work(system("test")) as uow:
        seed_city(uow)
    with platform.unit_of_work(system("test")) as uow:
        seed(uow)
    yield platform
    platform.close()


@pytest.fixture
def count(seeded):
    """``count(model, *where)``: how many there are."""

    def of(model, *where):
        with seeded.read(system("test")) as uow:
            return uow.session.execute(select(func.count()).select_from(model).where(*where)).scalar_one()

    return of


def test_the_issue_s_numbers(count):
    assert count(ThemeProfile) == 12
    assert count(Dossier, Dossier.state == "published", Dossier.confidential.is_(False)) == 40
    assert count(PlanningItem, PlanningItem.status != "postponed") >= 120
    assert count(Motion) == 25
    assert count(Commitment) == 30


def test_moments_slipped_and_kept_their_first_period(seeded, count):
    assert count(PlanningItem, PlanningItem.status == "postponed") >= 20
    assert count(PlanningItem, PlanningItem.status == "lapsed") == 1
    with seeded.read(system("test")) as uow:
        reasons = uow.session.execute(select(PlanningItem.slip_reason).where(PlanningItem.status == "postponed")).scalars().all()
        assert all(reasons)
        spread = uow.session.execute(select(func.min(PlanningItem.original_start), func.max(PlanningItem.end_date))).one()
    assert (spread[1] - spread[0]).days > 600


def test_what_is_over_was_treated_but_for_what_is_late(seeded, count):
    with seeded.read(system("test")) as uow:
        today = uow.now.date()
    assert 1 <= count(PlanningItem, PlanningItem.status.in_(COMING_STATUSES), PlanningItem.end_date < today) <= 3
    assert count(Decision, Decision.state == "published") >= 15


def test_nothing_happens_in_the_future(seeded):
    from samen_core.db.changes import Change

    with seeded.read(system("test")) as uow:
        assert uow.session.execute(select(func.max(Change.at))).scalar_one() <= uow.now


def test_what_is_closed_is_in_no_calendar(seeded, count):
    assert count(AgendaItem, AgendaItem.confidential.is_(True)) >= 1
    with seeded.read(system("test")) as uow:
        hidden = select(Dossier.id).where(Dossier.confidential.is_(True))
        assert uow.session.execute(select(func.count()).where(Entry.dossier_id.in_(hidden), Entry.visible)).scalar_one() == 0


def test_every_council_member_is_in_a_group(seeded):
    with seeded.read(system("test")) as uow:
        found = voters(uow, council_id(uow), uow.now.date())
    assert found
    assert all(row.group_name.startswith("Fractie") for row in found)


def test_without_the_city_nothing_is_made(platform):
    with platform.unit_of_work(system("test")) as uow:
        seed(uow)
        assert uow.session.execute(select(func.count()).select_from(Dossier)).scalar_one() == 0
