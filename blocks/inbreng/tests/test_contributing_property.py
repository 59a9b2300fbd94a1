"""Whatever people do in whatever order: no contribution is lost, no support counts twice, and every counter equals a recount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from citycontent.models import Project
from samen_core.api import Actor, SamenError, UnitOfWork, anonymous
from samen_core.platform import Platform
from samen_inbreng.models import Contribution, Support, Tally
from samen_inbreng.schemas.contribution import (
    Contribute,
    EditContribution,
    EnterContribution,
    HideContribution,
    ShowContribution,
    UseReceipt,
    WithdrawContribution,
)
from samen_inbreng.services.contributions import contribute
from samen_inbreng.services.entry import enter_contribution, import_contributions
from samen_inbreng.services.moderating import hide_contribution, show_contribution
from samen_inbreng.services.own import edit_contribution, withdraw_contribution
from samen_inbreng.services.receipts import claim
from samen_inbreng.services.support import support, take_back
from samen_inbreng.services.tally import counted
from samen_inbreng.testing import an_activity

As = Callable[..., Actor]
ACTS = ("give", "reply", "enter", "import", "edit", "withdraw", "hide", "show", "support", "take_back", "claim")
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 3), st.integers(0, 30)), min_size=5, max_size=40)


class People:
    """Who acts, on one activity; ``codes`` are the receipts of those without an account."""

    def __init__(self, platform: Platform, activity: Any, actors: list[Actor], staff: Actor, moderator: Actor) -> None:
        self.platform, self.activity, self.actors, self.staff, self.moderator = platform, activity, actors, staff, moderator
        self.ids: list[Any] = []
        self.codes: dict[Any, str] = {}

    def act(self, act: str, who: int, which: int) -> None:
        """Do one thing; what the rules refuse changes nothing."""
        actor = {"hide": self.moderator, "show": self.moderator, "enter": self.staff, "import": self.staff}.get(act, self.actors[who])
        try:
            with self.platform.unit_of_work(actor) as uow:
                made = self._do(uow, act, which)
        except SamenError:
            return
        self.ids += made

    def _do(self, uow: UnitOfWork, act: str, which: int) -> list[Any]:
        activity_id = self.activity.id
        today = uow.now.date()
        entered = EnterContribution(text="Van papier", channel="letter", received_on=today, sector="business")
        if act == "enter":
            return [enter_contribution(uow, activity_id, entered).contribution.id]
        if act == "import":
            return [item.contribution.id for item in import_contributions(uow, activity_id, [entered] * 3) if item.contribution]
        if act == "give" or not self.ids:
            return self._given(contribute(uow, activity_id, Contribute(text="Meer bomen")))
        id = self.ids[which % len(self.ids)]
        version = uow.session.get_one(Contribution, id).version
        if act == "reply":
            return self._given(contribute(uow, activity_id, Contribute(text="Eens", parent_id=id)))
        self._change(uow, act, id, version, f"Anders {which}")
        return []

    def _change(self, uow: UnitOfWork, act: str, id: Any, version: int, text: str) -> None:
        code = self.codes.get(id, "")
        match act:
            case "edit":
                edit_contribution(uow, id, EditContribution(text=text, version=version, code=code))
            case "withdraw":
                withdraw_contribution(uow, id, WithdrawContribution(version=version, code=code))
            case "hide":
                hide_contribution(uow, id, HideContribution(code="other", reason="x", version=version))
            case "show":
                show_contribution(uow, id, ShowContribution(reason="x", version=version))
            case "support":
                support(uow, id)
            case "take_back":
                take_back(uow, id)
            case "claim":
                claim(uow, UseReceipt(code=code))

    def _given(self, given: Any) -> list[Any]:
        if given.receipt_code:
            self.codes[given.contribution.id] = given.receipt_code
        return [given.contribution.id]


def test_no_act_loses_a_contribution_or_counts_twice(platform: Platform, project: Project, actor_as: As) -> None:
    people = [anonymous("test"), *(actor_as("resident") for _number in range(3))]
    staff, moderator = actor_as("facilitator"), actor_as("moderator")

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS)
    def lived(steps: list[tuple[str, int, int]]) -> None:
        life = People(platform, an_activity(platform, project.id), people, staff, moderator)
        for step in steps:
            life.act(*step)
        check(platform, life)

    lived()


def check(platform: Platform, life: People) -> None:
    """Compare everything that is kept with a count from scratch."""
    with platform.engine.connect() as connection:
        rows = {
            row.id: row for row in connection.execute(select(*Contribution.__table__.c).where(Contribution.activity_id == life.activity.id))
        }
        kept = connection.execute(select(Tally.dimension, Tally.value, Tally.number).where(Tally.activity_id == life.activity.id))
        tallies = {(row.dimension, row.value): row.number for row in kept if row.number}
        supports = Counter(connection.execute(select(Support.contribution_id)).scalars())
    assert set(rows) == set(life.ids)
    expected: Counter[tuple[str, str]] = Counter()
    replies: Counter[Any] = Counter()
    for row in rows.values():
        assert row.supports == supports[row.id]
        assert row.state == "published" or row.state == "hidden" or row.text == ""
        if row.state != "published":
            continue
        expected.update(counted(row, 1))
        above = row.parent_id
        while above is not None:
            replies[above] += 1
            above = rows[above].parent_id
    assert all(row.replies == replies[row.id] for row in rows.values())
    assert sorted(row.number for row in rows.values()) == list(range(1, len(rows) + 1))
    assert tallies == {**expected, **({("number", ""): len(rows)} if rows else {})}
