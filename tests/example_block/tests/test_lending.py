"""The rules of lending, on both databases."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from samen_gereedschap.models import Loan, LoanDay, Tool
from samen_gereedschap.schemas import MoveLoan, OfferTool, UpdateTool
from samen_gereedschap.services.common import lends_for
from samen_gereedschap.services.loans import get_loan, move_loan, request_loan
from samen_gereedschap.services.tools import offer_tool, update_tool, withdraw_tool
from samen_gereedschap.services.transitions import NOT_NOW, TRANSITIONS
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from citycontent.api import Organization, Project
from citycontent.testing import make_representative
from samen_core.api import Actor, Conflict, Gone, Invalid, NotAllowed, NotFound, Platform, anonymous, cards, latest_lines, system

from .conftest import asked, day

if TYPE_CHECKING:
    from samen_core.testing.platforms import Outbox

As = Callable[..., Actor]
Lend = Callable[..., Loan]


def taken(platform: Platform) -> list[Any]:
    """The days that are taken."""
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(LoanDay.day).order_by(LoanDay.day)).scalars())


def test_a_tool_is_asked_for_agreed_lent_and_brought_back(
    platform: Platform, outbox: Outbox, actor_as: As, tool: Tool, organization: Organization
) -> None:
    resident, lender = actor_as("resident"), actor_as("facilitator", organization.id)
    with platform.unit_of_work(resident) as uow:
        loan = request_loan(uow, tool.id, asked(platform, 0, 3))
    assert taken(platform) == [day(platform, number) for number in range(3)]
    for step, state in (("agree", "agreed"), ("lend", "lent"), ("return", "returned")):
        with platform.unit_of_work(lender) as uow:
            loan = move_loan(uow, loan.id, step, MoveLoan(version=loan.version))
        assert loan.state == state
    assert taken(platform) == [day(platform, 0)]
    assert loan.closed_at
    told = [item for name in ("requested", "agreed", "lent", "returned") for item in outbox.events(f"gereedschap.loan.{name}")]
    assert [item["loan_id"] for item in told] == [str(loan.id)] * 4
    assert {"type": "organization", "id": str(organization.id)} in told[0]["about"]
    assert "Sanne" not in str(told)


def test_everything_that_stands_in_the_way_is_said_at_once(platform: Platform, actor_as: As, tool: Tool, lend: Lend) -> None:
    resident = actor_as("resident")
    lend(resident, 4, 2)
    lend(resident, 8)
    lend(resident, 10)

    def problems(actor: Actor, *days: int, **values: Any) -> set[str]:
        with platform.unit_of_work(actor) as uow, pytest.raises(Invalid) as raised:
            request_loan(uow, tool.id, asked(platform, *days, **values))
        uow.rollback()
        return set(raised.value.errors)

    assert problems(resident, -1, 9, project_id=uuid.uuid4()) == {"first_day", "last_day", "project_id", ""}
    other = actor_as("resident")
    assert problems(other, 5) == {"first_day"}
    assert problems(other, 300) == {"first_day"}
    assert problems(other, 20, 6) == {"last_day"}
    with platform.unit_of_work(anonymous()) as uow, pytest.raises(NotAllowed):
        request_loan(uow, tool.id, asked(platform, 20))
    with platform.unit_of_work(other) as uow, pytest.raises(NotFound):
        request_loan(uow, uuid.uuid4(), asked(platform, 20))


def test_two_people_in_the_same_moment_do_not_get_the_same_day(platform: Platform, actor_as: As, tool: Tool) -> None:
    start, results = threading.Barrier(4), []

    def ask(actor: Actor, first: int) -> None:
        command = asked(platform, first, 2)
        start.wait()
        try:
            with platform.unit_of_work(actor) as uow:
                results.append(request_loan(uow, tool.id, command).state)
        except Invalid as error:
            results.append(",".join(error.errors))

    threads = [threading.Thread(target=ask, args=(actor_as("resident"), 3 + index % 2)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["first_day", "first_day", "first_day", "requested"]
    assert len(taken(platform)) == 2


def test_the_database_itself_refuses_a_day_that_is_taken(platform: Platform, actor_as: As, lend: Lend) -> None:
    one, other = lend(actor_as("resident"), 1), lend(actor_as("resident"), 2)
    with pytest.raises(IntegrityError), platform.unit_of_work(system("test")) as uow:
        uow.session.add(LoanDay(tool_id=one.tool_id, day=one.first_day, loan_id=other.id))
        uow.session.flush()


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_a_loan_goes_only_the_ways_of_the_table(platform: Platform, actor_as: As, tool: Tool, lend: Lend) -> None:
    ways = {
        "requested": (),
        "agreed": ("agree",),
        "returned": ("agree", "lend", "return"),
        "refused": ("refuse",),
        "lent": ("agree", "lend"),
    }
    assert set(NOT_NOW) == {name for name, step in TRANSITIONS.items() if step.by != "platform"}
    for number, (state, steps) in enumerate(ways.items()):
        loan = lend(actor_as("resident"), 2 * number, 1, *steps)
        assert loan.state == state
        for name, transition in TRANSITIONS.items():
            if state in transition.sources or transition.by != "lender":
                continue
            with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid) as raised:
                move_loan(uow, loan.id, name, MoveLoan(version=loan.version))
            uow.rollback()
            assert raised.value.message == NOT_NOW[name]


def test_who_asked_may_cancel_and_others_see_nothing(
    platform: Platform, actor_as: As, tool: Tool, lend: Lend, organization: Organization
) -> None:
    resident, stranger, lender = actor_as("resident"), actor_as("resident"), actor_as("manager", organization.id)
    loan = lend(resident, 1, 1, "agree")
    with platform.read(stranger) as uow, pytest.raises(NotFound):
        get_loan(uow, loan.id)
    with platform.unit_of_work(resident) as uow, pytest.raises(NotAllowed):
        move_loan(uow, loan.id, "lend", MoveLoan(version=loan.version))
    with platform.unit_of_work(lender) as uow, pytest.raises(NotAllowed):
        move_loan(uow, loan.id, "cancel", MoveLoan(version=loan.version))
    for actor in (resident, lender, system("test")):
        with platform.unit_of_work(actor) as uow, pytest.raises(NotAllowed):
            move_loan(uow, loan.id, "lapse", MoveLoan(version=loan.version))
    with platform.unit_of_work(lender) as uow, pytest.raises(Conflict) as raised:
        move_loan(uow, loan.id, "lend", MoveLoan(version=loan.version - 1))
    assert raised.value.current["state"] == "agreed"
    with platform.unit_of_work(resident) as uow:
        assert move_loan(uow, loan.id, "cancel", MoveLoan(version=loan.version)).state == "cancelled"
    assert taken(platform) == []


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_what_is_still_out_cannot_be_handed_over(platform: Platform, actor_as: As, lend: Lend, clock: Any) -> None:
    late = lend(actor_as("resident"), 0, 1, "agree", "lend")
    clock.forward(days=2)
    following = lend(actor_as("resident"), 0, 1, "agree")
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid, match="nog"):
        move_loan(uow, following.id, "lend", MoveLoan(version=following.version))
    with platform.unit_of_work(system("test")) as uow:
        move_loan(uow, late.id, "return", MoveLoan(version=late.version))
    with platform.unit_of_work(system("test")) as uow:
        assert move_loan(uow, following.id, "lend", MoveLoan(version=following.version)).state == "lent"


def test_who_lends_offers_changes_and_withdraws(platform: Platform, actor_as: As, organization: Organization, project: Project) -> None:
    command = OfferTool(organization_id=organization.id, name="Bakfiets", kind="transport")
    lender = actor_as("facilitator", organization.id)
    for actor, what, error in (
        (actor_as("resident"), command, NotAllowed),
        (actor_as("facilitator", project.id), command, NotAllowed),
        (lender, OfferTool(organization_id=uuid.uuid4(), name="Bakfiets", kind="transport"), Invalid),
    ):
        with platform.unit_of_work(actor) as uow, pytest.raises(error):
            offer_tool(uow, what)
    with platform.unit_of_work(lender) as uow:
        tool, second = offer_tool(uow, command), offer_tool(uow, command)
    assert (tool.slug, second.slug) == ("bakfiets", "bakfiets-2")
    with platform.unit_of_work(lender) as uow:
        changed = update_tool(uow, tool.id, UpdateTool(name="Elektrische bakfiets", kind="transport", version=tool.version))
    with platform.unit_of_work(lender) as uow, pytest.raises(Conflict) as raised:
        update_tool(uow, tool.id, UpdateTool(name="Fiets", kind="transport", version=tool.version))
    assert raised.value.current["name"] == "Elektrische bakfiets"
    with platform.unit_of_work(lender) as uow:
        withdraw_tool(uow, tool.id, MoveLoan(version=changed.version))
    with platform.unit_of_work(lender) as uow, pytest.raises(Gone):
        withdraw_tool(uow, tool.id, MoveLoan(version=changed.version + 1))
    with platform.read(anonymous()) as uow:
        assert tool.id not in cards(uow, [tool.id])
        dutch = [line.sentence for line in latest_lines(uow, organization.id)[0]]
        with platform.translations.use("en"):
            english = [line.sentence for line in latest_lines(uow, organization.id)[0]]
    assert "Niet meer te leen: Elektrische bakfiets." in dutch
    assert "No longer to borrow: Elektrische bakfiets." in english


def test_a_tool_that_is_asked_for_is_not_withdrawn(platform: Platform, actor_as: As, tool: Tool, lend: Lend) -> None:
    lend(actor_as("resident"))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid, match="1 aanvraag"):
        withdraw_tool(uow, tool.id, MoveLoan(version=tool.version))


def test_who_may_act_for_an_organisation_lends_out_its_tools(platform: Platform, actor_as: As, tool: Tool, lend: Lend) -> None:
    loan, member = lend(actor_as("resident")), actor_as("resident")
    with platform.read(member) as uow, pytest.raises(NotFound):
        get_loan(uow, loan.id)
    with platform.unit_of_work(system("test")) as uow:
        assert member.account_id
        make_representative(uow, member.account_id, tool.organization_id)
    with platform.unit_of_work(member) as uow:
        assert lends_for(uow) == {tool.organization_id}
        assert move_loan(uow, loan.id, "agree", MoveLoan(version=loan.version)).state == "agreed"
