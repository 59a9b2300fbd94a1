"""Options: versions, criteria, judgements, and support that counts once per seat and once per account."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from samen_core.accounts.services.privacy import export_json
from samen_core.api import Actor, Conflict, Gone, Invalid, NotAllowed, NotFound, anonymous, system
from samen_core.db.changes import Change
from samen_core.platform import Platform
from samen_samenspreker.models import Option, OptionSupport, OptionVersion
from samen_samenspreker.queries.options import criteria_of, judgements_of
from samen_samenspreker.queries.support import support_of
from samen_samenspreker.schemas.options import (
    AddOption,
    CriterionItem,
    JudgementItem,
    JudgeOption,
    ReviseOption,
    SetCriteria,
    SupportOption,
    TakeBackSupport,
    WithdrawOption,
)
from samen_samenspreker.services.options import add_option, judge_option, revise_option, set_criteria, withdraw_option
from samen_samenspreker.services.support import support_option, take_back_support
from samen_samenspreker.testing import a_seat, a_table, an_option, in_step

OPTION = AddOption(title="Fietsstraat", text="Auto is te gast.", costs="€ 40.000")


def test_who_sits_at_the_table_puts_an_option_on_it(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question, member, stranger = a_table(platform), actor_as("resident"), actor_as("resident")
    a_seat(platform, question, account_id=member.account_id)
    with platform.unit_of_work(member) as uow:
        made = add_option(uow, question.id, OPTION)
    assert (made.position, made.current, made.state) == (1, 1, "active")
    with pytest.raises(NotAllowed), platform.unit_of_work(stranger) as uow:
        add_option(uow, question.id, OPTION)
    assert an_option(platform, question).position == 2


def test_an_observer_makes_no_options(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question, observer = a_table(platform), actor_as("resident")
    a_seat(platform, question, account_id=observer.account_id, role="observer")
    with pytest.raises(NotAllowed), platform.unit_of_work(observer) as uow:
        add_option(uow, question.id, OPTION)


@pytest.mark.parametrize("step", ["agenda", "decide", "execute", "evaluate", "closed"])
def test_options_are_made_in_step_2_only(platform: Platform, step: str) -> None:
    question = a_table(platform, step=step)
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        add_option(uow, question.id, OPTION)


def test_a_revision_is_a_new_version_and_the_old_one_stays(platform: Platform) -> None:
    option = an_option(platform, a_table(platform))
    new = ReviseOption(title="Fietsstraat", text="Auto is te gast, 20 km per uur.", costs="€ 45.000", note="Snelheid erbij.", version=1)
    with platform.unit_of_work(system("test")) as uow:
        assert revise_option(uow, option.id, new).current == 2
    with platform.read(system("test")) as uow:
        texts = uow.session.execute(select(OptionVersion.text).order_by(OptionVersion.number)).scalars().all()
        assert texts == [OPTION.text, new.text]
    with pytest.raises(Conflict) as conflict, platform.unit_of_work(system("test")) as uow:
        revise_option(uow, option.id, ReviseOption(title="x", text="y", note="z", version=1))
    assert conflict.value.current["text"] == new.text
    same = ReviseOption(title=new.title, text=new.text, costs=new.costs, note="Niets.", version=conflict.value.version or 0)
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        revise_option(uow, option.id, same)


def test_a_withdrawn_option_keeps_its_reason_and_takes_nothing_more(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question = a_table(platform)
    option, member = an_option(platform, question), actor_as("resident")
    a_seat(platform, question, account_id=member.account_id)
    command = WithdrawOption(reason="Te duur voor deze straat.", version=option.version)
    with pytest.raises(NotAllowed), platform.unit_of_work(member) as uow:
        withdraw_option(uow, option.id, command)
    with platform.unit_of_work(system("test")) as uow:
        assert withdraw_option(uow, option.id, command).state == "withdrawn"
    for act in (
        lambda uow: withdraw_option(uow, option.id, command),
        lambda uow: support_option(uow, option.id, SupportOption(position="for", option_version=1)),
        lambda uow: judge_option(uow, option.id, JudgeOption(judgements=(), version=2)),
    ):
        with pytest.raises(Gone), platform.unit_of_work(system("test")) as uow:
            act(uow)


def test_criteria_are_added_renamed_and_taken_away(platform: Platform) -> None:
    question = a_table(platform)
    option = an_option(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        safe, cost = set_criteria(uow, question.id, SetCriteria(criteria=(CriterionItem(title="Veilig"), CriterionItem(title="Kosten"))))
    judgements = (JudgementItem(criterion_id=safe.id, score=4, text="Minder auto's."), JudgementItem(criterion_id=cost.id, score=2))
    with platform.unit_of_work(system("test")) as uow:
        assert judge_option(uow, option.id, JudgeOption(judgements=judgements, version=option.version)).version == option.version + 1
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        judge_option(uow, option.id, JudgeOption(judgements=judgements, version=option.version))
    changed = SetCriteria(
        criteria=(CriterionItem(id=safe.id, version=1, title="Veiligheid"), CriterionItem(id=cost.id, version=1, title=""))
    )
    with platform.unit_of_work(system("test")) as uow:
        set_criteria(uow, question.id, changed)
    with platform.read(system("test")) as uow:
        assert [criterion.title for criterion in criteria_of(uow, question.id)] == ["Veiligheid"]
        assert {id: row.score for id, row in judgements_of(uow, [option.id])[option.id].items()} == {safe.id: 4}
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        set_criteria(uow, question.id, SetCriteria(criteria=(CriterionItem(id=safe.id, version=1, title="Anders"),)))
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        set_criteria(uow, question.id, SetCriteria(criteria=(CriterionItem(title="VEILIGHEID"),)))


def say(platform: Platform, actor: Actor, option: Option, position: str = "for", **values: Any) -> OptionSupport:
    command = SupportOption(**{"position": position, "reason": "Omdat." if position == "against" else "", "option_version": 1, **values})
    with platform.unit_of_work(actor) as uow:
        return support_option(uow, option.id, command)


def counted(platform: Platform, option: Option) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    with platform.read(system("test")) as uow:
        found = support_of(uow, [option.id])[option.id]
        return found.seats, found.others


def test_a_seat_speaks_once_whoever_sits_on_it(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question = a_table(platform)
    option, holder, alternate = an_option(platform, question), actor_as("resident"), actor_as("resident")
    seat = a_seat(platform, question, account_id=holder.account_id, alternate_id=alternate.account_id, sector="business")
    say(platform, holder, option)
    say(platform, alternate, option, "against")
    assert counted(platform, option) == ({("business", "against"): 1}, {})
    with platform.unit_of_work(holder) as uow:
        take_back_support(uow, option.id, TakeBackSupport(seat_id=seat.id))
    assert counted(platform, option) == ({}, {})


def test_an_account_without_a_seat_counts_apart_and_once(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    option, resident = an_option(platform, a_table(platform)), actor_as("resident")
    say(platform, resident, option)
    say(platform, resident, option, "can_live_with")
    assert counted(platform, option) == ({}, {("citizens", "can_live_with"): 1})


def test_who_gets_a_seat_later_does_not_count_twice(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question = a_table(platform)
    option, resident = an_option(platform, question), actor_as("resident")
    say(platform, resident, option)
    seat = a_seat(platform, question, account_id=resident.account_id)
    assert counted(platform, option) == ({}, {})
    say(platform, resident, option, "can_live_with")
    assert counted(platform, option) == ({("citizens", "can_live_with"): 1}, {})
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(type(seat), seat.id).state = "ended"
    assert counted(platform, option) == ({}, {})


def test_who_speaks_for_two_seats_says_which(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question = a_table(platform)
    option, member = an_option(platform, question), actor_as("resident")
    first = a_seat(platform, question, account_id=member.account_id, sector="business")
    second = a_seat(platform, question, alternate_id=member.account_id, sector="government")
    with pytest.raises(Invalid) as error:
        say(platform, member, option)
    assert "seat_id" in error.value.errors
    say(platform, member, option, seat_id=first.id)
    say(platform, member, option, "against", seat_id=second.id)
    assert counted(platform, option)[0] == {("business", "for"): 1, ("government", "against"): 1}
    with pytest.raises(NotAllowed):
        say(platform, member, option, seat_id=uuid.uuid4())


TABLES = ("samenspreker__option_support", "samenspreker__seat")


def test_an_export_holds_what_one_said_for_each_of_ones_seats(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question = a_table(platform)
    option, member = an_option(platform, question), actor_as("resident")
    own = a_seat(platform, question, account_id=member.account_id, holder_name="De Vries")
    other = a_seat(platform, question, alternate_id=member.account_id, alternate_name="Robin")
    for seat, reason in ((own, "Te duur."), (other, "Te druk.")):
        say(platform, member, option, "against", seat_id=seat.id, reason=reason)
    with platform.read(member) as uow:
        data = export_json(uow, member.account_id)["data"]
    records = {table: [one["values"] for things in data if things["table"] == table for one in things["records"]] for table in TABLES}
    said = [record["reason"] for record in records["samenspreker__option_support"]]
    assert sorted(said) == ["Te druk.", "Te duur."]
    names = {value for record in records["samenspreker__seat"] for value in record.values()}
    assert {"De Vries", "Robin"} <= names, "one seat of one's own and one as alternate are both there"


@pytest.mark.parametrize("role", ["facilitator", "observer"])
def test_neutral_seats_do_not_speak(platform: Platform, actor_as: Callable[..., Actor], role: str) -> None:
    question = a_table(platform)
    option, member = an_option(platform, question), actor_as("resident")
    a_seat(platform, question, account_id=member.account_id, role=role)
    with pytest.raises(NotAllowed):
        say(platform, member, option)


def test_support_is_for_the_version_that_was_read(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    option, resident = an_option(platform, a_table(platform)), actor_as("resident")
    say(platform, resident, option)
    with platform.unit_of_work(system("test")) as uow:
        revise_option(uow, option.id, ReviseOption(title="Fietsstraat", text="Anders.", note="Anders.", version=1))
    with platform.read(system("test")) as uow:
        assert support_of(uow, [option.id])[option.id].older_others == 1
    with pytest.raises(Conflict):
        say(platform, resident, option, option_version=1)
    with pytest.raises(Invalid):
        say(platform, resident, option, option_version=3)
    say(platform, resident, option, option_version=2)
    with platform.read(system("test")) as uow:
        assert support_of(uow, [option.id])[option.id].older_others == 0


@pytest.mark.parametrize("step", ["agenda", "execute", "evaluate", "closed"])
def test_support_is_said_in_steps_2_and_3(platform: Platform, actor_as: Callable[..., Actor], step: str) -> None:
    question = a_table(platform)
    option, resident = an_option(platform, question), actor_as("resident")
    in_step(platform, question, "decide")
    say(platform, resident, option)
    in_step(platform, question, step)
    with pytest.raises(Invalid):
        say(platform, resident, option)


def test_only_who_is_logged_in_says_something(platform: Platform) -> None:
    option = an_option(platform, a_table(platform))
    with pytest.raises(NotAllowed) as error:
        say(platform, anonymous(), option)
    assert error.value.log_in


def test_what_somebody_thinks_is_not_in_the_log(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    question = a_table(platform)
    option, resident, member = an_option(platform, question), actor_as("resident"), actor_as("resident")
    a_seat(platform, question, account_id=member.account_id)
    say(platform, resident, option, "against", reason="Te druk voor mijn deur.")
    say(platform, member, option, "against", reason="Te druk voor mijn winkel.")
    with platform.read(system("test")) as uow:
        lines = uow.session.execute(select(Change).where(Change.action == "samenspreker.option.supported").order_by(Change.seq)).scalars()
        assert [line.public for line in lines] == [False, True]
        for line in uow.session.execute(select(Change)).scalars():
            assert "against" not in str(line.after)
            assert "Te druk" not in str(line.after) + line.sentence + line.reason


def test_an_option_that_is_not_there(platform: Platform) -> None:
    with pytest.raises(NotFound), platform.unit_of_work(system("test")) as uow:
        withdraw_option(uow, uuid.uuid4(), WithdrawOption(reason="x", version=1))
