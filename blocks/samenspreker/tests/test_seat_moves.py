"""No sequence of acts brings a seat where it may not come: what happens to it follows the declared moves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samen_core.actor import Actor, anonymous
from samen_core.api import SamenError, system
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock
from samen_samenspreker.models import SEAT_STATES, Question, Seat
from samen_samenspreker.queries.seats import participants
from samen_samenspreker.schemas.seats import AddSeat, DeclineSeat, EndSeat, HandOver, OfferSeat, SeatVersion, TakeSeat, UpdateSeat
from samen_samenspreker.services import invitations, seats
from samen_samenspreker.testing import an_accepted_question, queued_mail, token_of

ADDRESSES = ("anna", "bram", "noor")
WHO = ("facilitator", *ADDRESSES, "anonymous")
ACTS = ("offer", "remind", "withdraw", "accept", "decline", "accept_by_link", "decline_by_link", "hand_over", "take_back", "end", "update")


def test_every_state_is_reached_and_only_ended_is_final() -> None:
    reached = {"open", *(then for _states, then in seats.MOVES.values())}
    assert reached == set(SEAT_STATES)
    assert {state for states, _then in seats.MOVES.values() for state in states} == set(SEAT_STATES) - {"ended"}


class Table:
    """A table with two seats, and everybody who tries something there."""

    def __init__(self, platform: Platform, question: Question, people: dict[str, Actor], clock: Clock) -> None:
        self.platform, self.question, self.people, self.clock = platform, question, people, clock
        with platform.unit_of_work(system("test")) as uow:
            made = [seats.add_seat(uow, question.id, AddSeat(role="participant", title=f"Stoel {n}", sector="citizens")) for n in (1, 2)]
        self.ids = [seat.id for seat in made]
        self.tokens: list[str] = []

    def seat(self, number: int) -> Seat:
        with self.platform.read(system("test")) as uow:
            return uow.session.get_one(Seat, self.ids[number])

    def act(self, act: str, who: str, number: int, target: str) -> None:
        """Try one act; a refusal is an answer too."""
        id, version = self.ids[number], self.seat(number).version
        token = self.tokens[-1 - number] if len(self.tokens) > number else "onbekend"
        email = f"{target}@samen.example"
        acts: dict[str, Callable[[Any], object]] = {
            "offer": lambda uow: invitations.offer_seat(uow, id, OfferSeat(email=email, version=version)),
            "remind": lambda uow: invitations.remind(uow, id, SeatVersion(version=version)),
            "withdraw": lambda uow: invitations.withdraw_offer(uow, id, SeatVersion(version=version)),
            "accept": lambda uow: invitations.accept(uow, id, TakeSeat(name="Naam")),
            "decline": lambda uow: invitations.decline(uow, id, DeclineSeat(reason="Nee")),
            "accept_by_link": lambda uow: invitations.accept_by_link(uow, token, TakeSeat(name="Naam")),
            "decline_by_link": lambda uow: invitations.decline_by_link(uow, token, DeclineSeat()),
            "hand_over": lambda uow: invitations.hand_over(uow, id, HandOver(email=email, version=version)),
            "take_back": lambda uow: invitations.take_back(uow, id, SeatVersion(version=version)),
            "end": lambda uow: seats.end_seat(uow, id, EndSeat(reason="Klaar", version=version)),
            "update": lambda uow: seats.update_seat(
                uow, id, UpdateSeat(role="expert", title=f"Stoel {number + 1}", sector="citizens", version=version)
            ),
        }
        before = len(queued_mail(self.platform))
        try:
            with self.platform.unit_of_work(self.people[who]) as uow:
                acts[act](uow)
        except SamenError:
            return
        self.tokens += [token_of(mail.body) for mail in queued_mail(self.platform)[before:] if "/uitnodiging/" in mail.body]


OF_STAFF = ("offer", "remind", "withdraw", "update")
STEP = st.tuples(
    st.sampled_from(ACTS), st.sampled_from(("right", "right", "right", *WHO)), st.integers(0, 1), st.sampled_from(ADDRESSES), st.booleans()
)


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_seats_only_follow_the_declared_moves(platform: Platform, people: dict[str, Actor], clock: Clock) -> None:
    allowed = {(state, then) for states, then in seats.MOVES.values() for state in states}
    seen: set[tuple[str, str]] = set()

    @settings(max_examples=25, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, min_size=6, max_size=20))
    def follow(steps: list[tuple[str, str, int, str, bool]]) -> None:
        table = Table(platform, an_accepted_question(platform), people, clock)
        for act, who, number, target, wait in steps:
            if wait:
                clock.forward(days=1, hours=1)
            before = [table.seat(index).state for index in (0, 1)]
            table.act(act, who if who != "right" else "facilitator" if act in OF_STAFF else target, number, target)
            after = [table.seat(index) for index in (0, 1)]
            for was, now in zip(before, after, strict=True):
                assert was == now.state or (was, now.state) in allowed
                seen.add((was, now.state))
                check(now)
            check_table(platform, table.question)

    follow()
    assert {then for _was, then in seen} == set(SEAT_STATES), "the sequences did not get everywhere"


def check_table(platform: Platform, question: Question) -> None:
    """Nobody sits at a table twice."""
    with platform.read(system("test")) as uow:
        at_table = [id for row in participants(uow, question.id) for id in (row.account_id, row.alternate_id) if id is not None]
    assert len(at_table) == len(set(at_table))


def check(seat: Seat) -> None:
    """What always holds of a seat."""
    assert (seat.state == "offered") == (seat.token_hash is not None) == bool(seat.email)
    assert (seat.state == "accepted") <= (seat.account_id is not None)
    if seat.state != "accepted":
        assert (seat.alternate_id, seat.alternate_email, seat.alternate_token_hash) == (None, "", None)
        assert seat.state == "offered" or seat.holder_name == ""
    assert (seat.alternate_token_hash is not None) == bool(seat.alternate_email)
    assert not (seat.alternate_id and seat.alternate_email)


@pytest.fixture
def people(platform: Platform, actor_as: Callable[..., Actor]) -> dict[str, Actor]:
    """A facilitator, three residents whose address is their name, and nobody."""
    from samen_core.accounts.services.accounts import CreateAccount, create_account

    found = {"facilitator": actor_as("facilitator"), "anonymous": anonymous()}
    with platform.unit_of_work(system("test")) as uow:
        for name in ADDRESSES:
            account = create_account(uow, CreateAccount(f"{name}@samen.example", name.capitalize()))
            found[name] = Actor(kind="account", account_id=account.id, label=name.capitalize(), origin="test")
    return found
