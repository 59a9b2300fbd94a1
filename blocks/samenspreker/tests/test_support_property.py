"""Whatever is said, changed, taken back and handed over in whatever order: a seat counts once, and an account counts once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from samen_core.api import SamenError, system
from samen_samenspreker.models import OptionSupport, Seat
from samen_samenspreker.queries.support import SPEAKING, support_of
from samen_samenspreker.schemas.options import ReviseOption, SupportOption, TakeBackSupport
from samen_samenspreker.services.options import get_option, revise_option
from samen_samenspreker.services.support import support_option, take_back_support
from samen_samenspreker.testing import a_seat, a_table, an_option

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)

PEOPLE = st.integers(0, 1)
SEATS = st.integers(0, 2)
SECTORS = ("citizens", "business", "citizens")
ROLES = ("participant", "expert", "observer")


class Speaking(RuleBasedStateMachine):
    """Two people and three seats around one option. ``seats`` and ``own`` are what was said, kept apart from the database."""

    platform = None
    people = ()

    @initialize()
    def begin(self):
        """A table with three seats on which nobody sits."""
        question = a_table(self.platform, level="")
        self.option_id, self.version = an_option(self.platform, question).id, 1
        self.ids = [a_seat(self.platform, question, sector=sector, role=role).id for sector, role in zip(SECTORS, ROLES, strict=True)]
        self.sitting = [{"account": None, "alternate": None, "state": "accepted"} for _seat in self.ids]
        self.seats, self.own = {}, {}

    def seats_of(self, person):
        """The accepted seats that somebody holds or is the alternate of."""
        return [
            number
            for number, seat in enumerate(self.sitting)
            if seat["state"] == "accepted" and person in (seat["account"], seat["alternate"])
        ]

    @rule(seat=SEATS, person=PEOPLE | st.none(), place=st.sampled_from(["account", "alternate"]))
    def sit(self, seat, person, place):
        """Somebody takes a seat, becomes its alternate, or leaves."""
        self.sitting[seat][place] = person
        account = None if person is None else self.people[person].account_id
        self._store(seat, f"{place}_id", account)

    @rule(seat=SEATS, state=st.sampled_from(["accepted", "ended"]))
    def end(self, seat, state):
        """A seat ends, or comes back."""
        self.sitting[seat]["state"] = state
        self._store(seat, "state", state)

    def _store(self, seat, name, value):
        with self.platform.unit_of_work(system("test")) as uow:
            setattr(uow.session.get_one(Seat, self.ids[seat]), name, value)

    @rule(person=PEOPLE, seat=st.none() | SEATS, position=st.sampled_from(["for", "can_live_with", "against"]))
    def say(self, person, seat, position):
        """Somebody says what they think, for a seat or for themselves."""
        meant = self._meant(person, seat)
        command = SupportOption(
            position=position, reason="Omdat.", option_version=self.version, seat_id=None if seat is None else self.ids[seat]
        )
        if self._tries(person, lambda uow: support_option(uow, self.option_id, command)):
            assert meant is not False
            if meant is None:
                self.own[person] = position
            else:
                self.seats[meant] = position
                self.own.pop(person, None)
        else:
            assert meant is False

    @rule(person=PEOPLE, seat=st.none() | SEATS)
    def take_back(self, person, seat):
        """Somebody takes back what was said."""
        meant = self._meant(person, seat)
        command = TakeBackSupport(seat_id=None if seat is None else self.ids[seat])
        if self._tries(person, lambda uow: take_back_support(uow, self.option_id, command)):
            assert meant is not False
            (self.own if meant is None else self.seats).pop(person if meant is None else meant, None)
        else:
            assert meant is False

    def _meant(self, person, seat):
        """The seat that is meant, None for oneself, False for what is not allowed."""
        mine = self.seats_of(person)
        if not mine:
            return None if seat is None else False
        speaking = [number for number in mine if ROLES[number] in SPEAKING]
        if seat is None:
            return speaking[0] if len(speaking) == 1 else False
        return seat if seat in speaking else False

    def _tries(self, person, act):
        try:
            with self.platform.unit_of_work(self.people[person]) as uow:
                act(uow)
        except SamenError:
            return False
        return True

    @rule()
    def revise(self):
        """The option gets a new version; what was said stays counted."""
        with self.platform.unit_of_work(system("test")) as uow:
            _question, option = get_option(uow, self.option_id)
            revise_option(uow, option.id, ReviseOption(title="x", text=f"Versie {self.version}.", note="Anders.", version=option.version))
        self.version += 1

    @invariant()
    def everybody_counts_once(self):
        """The numbers are those of what was said last, by each seat and by each person without one."""
        seats, others = {}, {}
        for number, position in self.seats.items():
            if self.sitting[number]["state"] == "accepted":
                key = (SECTORS[number], position)
                seats[key] = seats.get(key, 0) + 1
        for person, position in self.own.items():
            if not self.seats_of(person):
                others["citizens", position] = others.get(("citizens", position), 0) + 1
        with self.platform.read(system("test")) as uow:
            found = support_of(uow, [self.option_id])[self.option_id]
            assert (found.seats, found.others) == (seats, others)
            rows = select(func.count()).select_from(OptionSupport).where(OptionSupport.option_id == self.option_id)
            assert uow.session.execute(rows).scalar_one() == len(self.seats) + len(self.own)


def test_a_seat_and_an_account_count_once(platform, actor_as):
    people = [actor_as("resident") for _person in range(2)]
    machine = type("SpeakingHere", (Speaking,), {"platform": platform, "people": people})
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None),
    )
