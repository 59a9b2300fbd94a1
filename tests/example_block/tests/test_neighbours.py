"""What the block does with things of others: projects, decisions, organisations that stop, people who leave, the search index."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest
from samen_gereedschap.hooks import samen_seed, samen_tasks
from samen_gereedschap.models import KINDS, Loan, LoanDay, ProjectTools, Tool
from samen_gereedschap.queries.loans import open_number
from samen_gereedschap.queries.projects import open_projects, tool_list
from samen_gereedschap.schemas import MoveLoan, PlanTools
from samen_gereedschap.services.lapsing import lapse
from samen_gereedschap.services.loans import move_loan
from samen_gereedschap.services.mails import remind
from samen_gereedschap.services.projects import DECIDED, plan_tools
from samen_gereedschap.services.tools import linked_data
from sqlalchemy import func, select

from citycontent.api import Organization, OrganizationDeleted, Project
from samen_core.api import ACCOUNT_ERASED, Actor, Conflict, Event, Invalid, NotAllowed, NotFound, Platform, SubjectRef, latest_lines, system
from samen_core.testing.privacy import keep_to_terms, privacy_round_trip

from .conftest import asked, day

if TYPE_CHECKING:
    from samen_core.testing.platforms import Clock, Outbox

As = Callable[..., Actor]
Lend = Callable[..., Loan]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def plan(version: int = 0, *, open: bool = True, **numbers: int) -> PlanTools:
    """A tool list with these numbers."""
    return PlanTools(version=version, open=open, note="", **{**dict.fromkeys(KINDS, 0), **numbers})


class Decided(Event):
    """The event of another block, as it is stored: this block does not know its class."""

    type: ClassVar[str] = DECIDED


def test_a_decision_on_a_project_opens_its_tool_list_once(platform: Platform, outbox: Outbox, project: Project, actor_as: As) -> None:
    about = (SubjectRef("question", uuid.uuid4()), SubjectRef("project", project.id))
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(Decided(about=about))
    outbox.drain()
    with platform.read(system("test")) as uow:
        found = tool_list(uow, project.id)
        assert found
        assert (found.open, found.version, found.needs) == (True, 1, {})
        assert "U kunt voor dit project gereedschap lenen." in [line.sentence for line in latest_lines(uow, project.id)[0]]
    assert outbox.events("gereedschap.project.opened") == [
        {"project_id": str(project.id), "about": [{"type": "project", "id": str(project.id)}]}
    ]
    with platform.unit_of_work(actor_as("manager")) as uow:
        plan_tools(uow, project.id, plan(1, open=False, ladder=2))
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(Decided(about=about))
    outbox.drain()
    with platform.read(system("test")) as uow:
        found = tool_list(uow, project.id)
    assert found
    assert (found.open, found.needs) == (False, {"ladder": 2})


def test_a_tool_list_is_kept_by_who_may_and_two_editors_notice_each_other(
    platform: Platform, project: Project, organization: Organization, tool: Tool, actor_as: As
) -> None:
    with platform.unit_of_work(actor_as("facilitator", tool.id)) as uow, pytest.raises(NotAllowed):
        plan_tools(uow, project.id, plan())
    with platform.unit_of_work(system("test")) as uow, pytest.raises(NotFound):
        plan_tools(uow, uuid.uuid4(), plan())
    leads = actor_as("facilitator", organization.id)
    with platform.unit_of_work(leads) as uow:
        made = plan_tools(uow, project.id, plan(garden=3))
    with platform.unit_of_work(leads) as uow:
        assert plan_tools(uow, project.id, plan(made.version, garden=4)).version == 2
    with platform.unit_of_work(leads) as uow, pytest.raises(Conflict) as raised:
        plan_tools(uow, project.id, plan(made.version, garden=5))
    assert raised.value.current["garden"] == 4


def test_one_borrows_longer_for_a_project_and_only_while_its_list_is_open(
    platform: Platform, project: Project, actor_as: As, tool: Tool, lend: Lend
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Tool, tool.id).max_days = None
        made = plan_tools(uow, project.id, plan(ladder=1))
    resident = actor_as("resident")
    with pytest.raises(Invalid):
        lend(resident, 1, 20)
    assert lend(resident, 1, 20, project_id=project.id).project_id == project.id
    with platform.unit_of_work(system("test")) as uow:
        plan_tools(uow, project.id, plan(made.version, open=False))
        assert open_projects(uow) == []
    with pytest.raises(Invalid) as raised:
        lend(resident, 30, 1, project_id=project.id)
    assert set(raised.value.errors) == {"project_id"}


def test_the_tools_of_an_organisation_that_stops_are_withdrawn(platform: Platform, outbox: Outbox, tool: Tool) -> None:
    with platform.unit_of_work(system("test")) as uow:
        uow.publish(OrganizationDeleted(id=tool.organization_id, entity_version=2))
    outbox.drain()
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Tool, tool.id).state == "withdrawn"


def mails(platform: Platform, outbox: Outbox) -> list[EmailMessage]:
    """What was sent so far; in tests mails are files."""
    outbox.drain()
    files = sorted(platform.config.path(platform.config.mail.folder).glob("*.eml"))
    return [cast("EmailMessage", message_from_bytes(file.read_bytes(), policy=policy.default)) for file in files]


def text(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_who_lends_who_asked_and_who_forgets_get_mail(
    platform: Platform, outbox: Outbox, actor_as: As, tool: Tool, lend: Lend, clock: Clock
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Organization, tool.organization_id).email = "balie@ster.example"
    loan = lend(actor_as("resident"), 0, 3, "agree", "lend")
    sent = mails(platform, outbox)
    assert {(mail["To"].partition("@")[0].partition("-")[0], mail["Subject"]) for mail in sent} == {
        ("balie", "Iemand wil gereedschap van u lenen"),
        ("resident", "U kunt het gereedschap lenen"),
    }
    assert all(f"/gereedschap/leningen/{loan.id}" in text(mail) for mail in sent)
    for days, number in ((0, 2), (1, 3), (0, 3), (1, 3)):
        clock.forward(days=days)
        with platform.unit_of_work(system("worker")) as uow:
            remind(uow)
        assert len(mails(platform, outbox)) == number
    last = mails(platform, outbox)[-1]
    assert last["Subject"] == "Morgen brengt u gereedschap terug"
    assert "U leent: Schuifladder." in text(last)


def test_the_days_of_an_erased_account_come_free_and_who_lends_hears_so(
    platform: Platform, outbox: Outbox, actor_as: As, tool: Tool, lend: Lend
) -> None:
    resident = actor_as("resident")
    lend(resident, 0, 1, "agree", "lend")
    loan = lend(resident, 5, 2)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Organization, tool.organization_id).email = "balie@ster.example"
    outbox.drain()
    with pytest.raises(ZeroDivisionError), platform.unit_of_work(system("test")) as uow:
        uow.send(ACCOUNT_ERASED, account_id=resident.account_id)
        raise ZeroDivisionError
    assert outbox.events("gereedschap.loan.cancelled") == [], "it is told with the erasure, or not at all"
    with platform.unit_of_work(system("test")) as uow:
        uow.send(ACCOUNT_ERASED, account_id=resident.account_id)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(LoanDay.day)).scalars().all() == [day(platform, 0)]
    (told,) = outbox.events("gereedschap.loan.cancelled")
    assert told["loan_id"] == str(loan.id)
    last = mails(platform, outbox)[-1]
    assert (last["To"], last["Subject"]) == ("balie@ster.example", "Een aanvraag voor gereedschap is afgezegd")
    assert "Sanne" not in text(last)


def test_what_nobody_deals_with_is_closed_after_its_last_day(
    platform: Platform, outbox: Outbox, actor_as: As, tool: Tool, lend: Lend, clock: Clock
) -> None:
    """A request without an answer, what was not fetched, and what is out while its organisation is gone; else it comes back late."""
    resident = actor_as("resident")
    late = lend(resident, 0, 1, "agree", "lend")
    silent, unfetched, later = lend(resident, 1), lend(resident, 2, 1, "agree"), lend(actor_as("resident"), 4)

    def closed() -> set[uuid.UUID]:
        with platform.unit_of_work(system("worker")) as uow:
            lapse(uow)
        with platform.read(system("test")) as uow:
            found = uow.session.execute(select(Loan).where(Loan.closed_at.is_not(None))).scalars().all()
            assert {loan.state for loan in found} <= {"lapsed"}
            return {loan.id for loan in found}

    clock.forward(days=2)
    assert closed() == {silent.id}
    clock.forward(days=1)
    assert closed() == {silent.id, unfetched.id}
    with platform.unit_of_work(system("test")) as uow:
        assert open_number(uow, resident.account_id) == 1
        uow.publish(OrganizationDeleted(id=tool.organization_id, entity_version=2))
    outbox.drain()
    assert closed() == {silent.id, unfetched.id, late.id}
    clock.forward(days=1)
    assert later.id not in closed(), "its last day is not over"
    sent = [mail for mail in mails(platform, outbox) if mail["Subject"] == "Uw aanvraag voor gereedschap is verlopen"]
    assert len(sent) == 3
    assert all("Dit staat niet meer open: Schuifladder" in text(mail) for mail in sent)
    clock.forward(days=184)
    closed()
    keep_to_terms(platform)
    with platform.read(system("test")) as uow:
        kept = {loan.id: loan.name + loan.phone for loan in uow.session.execute(select(Loan)).scalars()}
    assert kept.pop(later.id), "closed half a year after the others"
    assert set(kept.values()) == {""}


@SQLITE
def test_who_borrowed_is_forgotten_half_a_year_after_it_came_back(platform: Platform, actor_as: As, lend: Lend, clock: Clock) -> None:
    lend(actor_as("resident"), 0, 1, "agree", "lend", "return")
    for days, known in ((182, "Sanne de Wit"), (2, "")):
        clock.forward(days=days)
        keep_to_terms(platform)
        with platform.read(system("test")) as uow:
            assert uow.session.execute(select(Loan.name)).scalar_one() == known


@SQLITE
def test_a_tool_is_found_and_has_linked_data(platform: Platform, outbox: Outbox, client: Any, tool: Tool) -> None:
    outbox.drain()
    assert "Schuifladder" in client.get("/zoeken?q=ladder").text
    answer = client.get(f"/id/tool/{tool.id}.jsonld").get_json()
    assert (answer["@type"], answer["name"]) == ("Product", "Schuifladder")
    assert client.get(f"/id/tool/{tool.id}").headers["Location"] == "/gereedschap/schuifladder"
    with platform.read(system("test")) as uow:
        assert linked_data(uow, tool.id)["offers"]["availability"] == "https://schema.org/InStock"


def test_what_waits_is_a_task_for_who_lends(
    platform: Platform, actor_as: As, lend: Lend, organization: Organization, project: Project
) -> None:
    loan = lend(actor_as("resident"))
    lend(actor_as("resident"), 3)
    for actor, number in (
        (actor_as("manager"), 2),
        (actor_as("facilitator", organization.id), 2),
        (actor_as("facilitator", project.id), 0),
    ):
        with platform.read(actor) as uow:
            assert [task.count for task in samen_tasks(uow)] == [number]
    with platform.read(actor_as("resident")) as uow:
        assert samen_tasks(uow) == []
    with platform.unit_of_work(system("test")) as uow:
        move_loan(uow, loan.id, "refuse", MoveLoan(version=loan.version, answer="Hij is stuk."))
    with platform.read(actor_as("manager")) as uow:
        assert str(samen_tasks(uow)[0].title) == "1 aanvraag om gereedschap wacht op u"


def test_its_demonstration_stands_on_that_of_the_city(platform: Platform, organization: Organization, project: Project) -> None:
    with platform.unit_of_work(system("test")) as uow:
        samen_seed(uow)
    with platform.read(system("test")) as uow:
        states = uow.session.execute(select(Loan.state).order_by(Loan.requested_at, Loan.id)).scalars().all()
        assert set(states) == {"requested", "agreed", "lent", "returned"}
        assert uow.session.execute(select(func.count()).select_from(ProjectTools)).scalar_one() == 1
    assert asked(platform).rules


def test_what_is_kept_of_somebody_is_exported_and_erased_as_declared(platform: Platform) -> None:
    assert privacy_round_trip(platform, "gereedschap") == []
