"""Whatever people do in whatever order, the voices of an idea and its counters are what a simple model says, and reached is reached."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import func, select

from samen_core.actor import Actor, anonymous, system
from samen_core.api import ACCOUNT_ADDRESSES, Platform, UnitOfWork, new_code
from samen_doe_mee.models import Idea, IdeaStep, Voice
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.counting import recount
from samen_doe_mee.services.support import confirm_voice, give_voice, take_back
from samen_doe_mee.services.support_claims import claim_voices
from samen_doe_mee.services.voice_keys import mail_who, voice_key
from samen_doe_mee.testing_support import an_idea

ACTS = ("account", "here", "code", "mail", "confirm", "back", "back code", "back key", "claim")
NEEDED = 5


@dataclass
class City:
    """People with an account, a browser that keeps a code, and an address: the address of half of them is that of their account."""

    platform: Platform
    people: list[Actor]
    mails: list[str]
    has_account: list[bool]
    codes: list[str] = field(default_factory=lambda: [new_code() for _n in range(4)])

    def do(self, act: str, number: int, idea: Idea) -> None:
        """One act of one of them, as themselves or as nobody."""
        with self.platform.unit_of_work(self.people[number] if act in ("account", "here", "back", "claim") else anonymous()) as uow:
            if act in ("account", "here"):
                give_voice(uow, idea.id, GiveVoice(), device=self.codes[number] if act == "here" else "")
            elif act == "code":
                give_voice(uow, idea.id, GiveVoice(), device=self.codes[number])
            elif act == "mail":
                give_voice(uow, idea.id, GiveVoice(email=self.mails[number]))
            elif act == "confirm":
                if key := self._key(uow, idea, number):
                    confirm_voice(uow, key)
            elif act == "claim":
                claim_voices(uow, self.people[number].account_id)  # type: ignore[arg-type]
            elif act == "back key":
                if key := self._key(uow, idea, number):
                    take_back(uow, idea.id, key=key)
            else:
                take_back(uow, idea.id, device=self.codes[number] if act == "back code" else "")

    def _key(self, uow: UnitOfWork, idea: Idea, number: int) -> str:
        """The key in the mail to this address."""
        mine = select(Voice.id).where(Voice.idea_id == idea.id, Voice.who == mail_who(uow, self.mails[number]))
        id = uow.session.execute(mine).scalar_one_or_none()
        return voice_key(self.platform, id) if id is not None else ""


@dataclass
class Model:
    """What there should be: of each way, whose voice; of a mail, whether it was confirmed."""

    has_account: list[bool]
    account: set[int] = field(default_factory=set)
    code: set[int] = field(default_factory=set)
    mail: dict[int, bool] = field(default_factory=dict)
    most: int = 0

    def do(self, act: str, number: int) -> None:
        """The same act."""
        if act in ("account", "here"):
            self.account.add(number)
            if self.has_account[number]:
                self.mail.pop(number, None)
        if act in ("here", "back code"):
            self.code.discard(number)
        elif act == "code":
            self.code.add(number)
        elif act == "back":
            self.account.discard(number)
        elif "account" not in act:
            self._mail(act, number)
        self.most = max(self.most, self.counted()[2])

    def _mail(self, act: str, number: int) -> None:
        """What is done with the address: what the account proves is its own voice; a claim takes only what was confirmed."""
        confirmed = self.mail.get(number)
        if act == "mail":
            self.mail.setdefault(number, False)
        elif act == "back key":
            self.mail.pop(number, None)
        elif confirmed is not None and (act == "confirm" or (confirmed and self.has_account[number])):
            if self.has_account[number]:
                self.account.add(number)
                del self.mail[number]
            else:
                self.mail[number] = True

    def counted(self) -> tuple[int, int, int]:
        """The counters: of accounts, of others, of all."""
        others = len(self.code) + sum(self.mail.values())
        return len(self.account), others, len(self.account) + others


def _found(uow: UnitOfWork, idea: Idea) -> tuple[dict[str, int], tuple[int, int, int], bool]:
    """The voices that count by way, the counters, and whether it was reached."""
    mine = select(Voice.way, func.count()).where(Voice.idea_id == idea.id, Voice.confirmed_at.is_not(None)).group_by(Voice.way)
    row = uow.session.get_one(Idea, idea.id)
    return dict(uow.session.execute(mine).all()), (row.supports, row.open_supports, row.all_supports), row.reached_at is not None


def _expected(model: Model) -> tuple[dict[str, int], tuple[int, int, int], bool]:
    ways = {"account": len(model.account), "code": len(model.code), "mail": sum(model.mail.values())}
    return {way: number for way, number in ways.items() if number}, model.counted(), model.most >= NEEDED


@pytest.fixture
def city(platform: Platform, actor_as: Callable[..., Actor]) -> City:
    """Four people."""
    people, mails = [actor_as("resident") for _n in range(4)], [f"iemand{number}@example.org" for number in range(4)]
    with platform.read(system("test")) as uow:
        for number in range(2):
            address = select(ACCOUNT_ADDRESSES.c.email).where(ACCOUNT_ADDRESSES.c.id == people[number].account_id)
            mails[number] = uow.session.execute(address).scalar_one()
    return City(platform, people, mails, [True, True, False, False])


def test_voices_and_counters_are_what_the_model_says(city: City, platform: Platform) -> None:
    for seed in range(4):
        chance, idea, model = random.Random(seed), an_idea(platform, needed=NEEDED), Model(city.has_account)
        done: list[tuple[str, int]] = []
        for _act in range(40):
            act, number = chance.choice(ACTS), chance.randrange(4)
            done.append((act, number))
            city.do(act, number, idea)
            model.do(act, number)
            with platform.read(system("test")) as uow:
                assert _found(uow, idea) == _expected(model), (seed, done)
        with platform.unit_of_work(system("test")) as uow:
            before = _found(uow, idea)
            recount(uow, idea.id)
            assert _found(uow, idea) == before
            steps = select(IdeaStep.id).where(IdeaStep.idea_id == idea.id, IdeaStep.kind == "reached")
            assert len(uow.session.execute(steps).all()) == (model.most >= NEEDED), seed
