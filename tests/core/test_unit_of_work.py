"""The unit of work: everything of a transaction, or nothing of it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from samen_gereedschap.events import ProjectOpened
from samen_gereedschap.models import Loan, Tool
from sqlalchemy import func, insert, select, text

from samen_core.actor import Actor, anonymous, system
from samen_core.db.changes import HIDDEN, Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.i18n import _
from samen_core.platform import Platform
from samen_core.subjects import Subject, SubjectData, SubjectRef, register, update_card
from samen_core.testing.platforms import Outbox
from tests.core.samples import a_loan, add_tool, count, log_rows

ROWS = (Subject, Tool, Change, OutboxEvent, OutboxDelivery)


def test_a_commit_writes_the_thing_the_log_and_the_outbox(platform: Platform, outbox: Outbox) -> None:
    with platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow)
        uow.record("gereedschap.project.opened", tool.id, after={"tool": tool.id})
        uow.publish(ProjectOpened(project_id=tool.id))
    assert [row.action for row in log_rows(platform)] == ["gereedschap.project.opened"]
    types = [kind for kind in _event_types(platform) if not kind.startswith("core.")]
    assert types == ["gereedschap.project.opened"]
    assert outbox.events("gereedschap.project.opened")[0]["project_id"] == str(tool.id)


def test_an_exception_takes_everything_back(platform: Platform) -> None:
    before = [count(platform, model) for model in ROWS]
    with pytest.raises(ZeroDivisionError), platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow)
        uow.record("gereedschap.project.opened", tool.id)
        uow.publish(ProjectOpened(project_id=tool.id))
        uow.session.flush()
        _ = 1 // 0
    assert [count(platform, model) for model in ROWS] == before


def test_a_failure_while_committing_leaves_nothing(platform: Platform) -> None:
    """The log and the outbox are written before the commit; a broken reference found only then takes them along."""
    before = [count(platform, model) for model in ROWS]
    with pytest.raises(Exception, match=r"(?i)foreign key|violates"), platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow)
        uow.record("gereedschap.project.opened", tool.id)
        uow.publish(ProjectOpened(project_id=tool.id))
        uow.session.add(a_loan(uow, Tool(id=uuid.uuid4()), ""))
    assert [count(platform, model) for model in ROWS] == before


def test_what_was_rolled_back_is_not_written_by_a_later_commit(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow)
        uow.record("gereedschap.project.opened", tool.id)
        uow.publish(ProjectOpened(project_id=tool.id))
        uow.rollback()
        uow.record("gereedschap.tool.other")
    assert [row.action for row in log_rows(platform)] == ["gereedschap.tool.other"]
    assert count(platform, OutboxEvent) == 0


def test_a_second_commit_does_not_write_twice(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        uow.record("gereedschap.project.opened")
        uow.publish(ProjectOpened(project_id=uuid.uuid4()))
        uow.commit()
    assert count(platform, Change) == 1
    assert count(platform, OutboxEvent) == 1


def test_a_reading_unit_of_work_refuses_to_write(platform: Platform) -> None:
    with platform.read(system("test")) as uow:
        with pytest.raises(RuntimeError, match="only reads"):
            uow.record("gereedschap.project.opened")
        with pytest.raises(RuntimeError, match="only reads"):
            uow.publish(ProjectOpened(project_id=uuid.uuid4()))
        with pytest.raises(RuntimeError, match="only reads"):
            register(uow, SubjectRef("tool", uuid.uuid4()), SubjectData("x", "/x"))
    assert count(platform, Subject) == 0


def test_a_reading_unit_of_work_keeps_nothing(platform: Platform) -> None:
    with platform.read(system("test")) as uow:
        uow.session.execute(
            insert(Subject).values(id=uuid.uuid4(), type="tool", owner="gereedschap", title="x", summary="", url="", updated_at=uow.now)
        )
    assert count(platform, Subject) == 0


def test_one_moment_for_the_whole_transaction(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow)
        uow.record("gereedschap.project.opened")
        uow.publish(ProjectOpened(project_id=tool.id))
    with platform.engine.connect() as connection:
        moments = set(connection.execute(select(Change.at)).scalars()) | set(connection.execute(select(OutboxEvent.at)).scalars())
        moments |= set(connection.execute(select(Subject.updated_at)).scalars())
    assert moments == {uow.now}


def test_a_subject_that_changes_twice_is_told_once(platform: Platform, outbox: Outbox) -> None:
    with platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow)
        update_card(uow, SubjectRef("tool", tool.id), SubjectData("Anders", "/gereedschap/x"))
    told = [event["subject_id"] for event in outbox.events("core.subject.changed")]
    assert told.count(str(tool.id)) == 1


@pytest.mark.parametrize("between", ["nothing", "flush", "select", "update_card"])
def test_a_change_is_logged_whatever_was_flushed_before(platform: Platform, between: str) -> None:
    """SQLAlchemy forgets what an object was when it flushes, and nearly every statement flushes."""
    with platform.unit_of_work(system("test")) as uow:
        id = add_tool(uow).id
    with platform.unit_of_work(system("test")) as uow:
        tool = uow.session.get_one(Tool, id)
        tool.pickup = "eerste"
        if between != "nothing":
            uow.session.flush()
        tool.pickup, tool.deposit = "Bij de balie", 25
        if between == "select":
            uow.session.execute(select(func.count()).select_from(Tool))
        if between == "update_card":
            update_card(uow, SubjectRef("tool", id), SubjectData("Ladder", "/gereedschap/x", public=False))
        assert uow.record_change("gereedschap.tool.hidden", tool, id)
    row = log_rows(platform)[-1]
    assert row.before == {"deposit": 0, "pickup": ""}
    assert row.after == {"deposit": 25, "pickup": "Bij de balie"}


def test_a_change_that_was_undone_is_no_change(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        id = add_tool(uow).id
    with platform.unit_of_work(system("test")) as uow:
        tool = uow.session.get_one(Tool, id)
        tool.deposit = 25
        uow.session.flush()
        tool.deposit = 0
        assert not uow.record_change("gereedschap.tool.hidden", tool, id)
    assert log_rows(platform) == []


@pytest.mark.parametrize("flushed", [False, True])
def test_personal_values_are_never_stored_in_the_log(platform: Platform, flushed: bool) -> None:
    secret, other = "Voor mevrouw De Vries", "Voor meneer Jansen"
    with platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow)
        loan = a_loan(uow, tool, secret)
        uow.record_change("gereedschap.loan.requested", loan, tool.id)
        uow.session.add(loan)
        uow.session.flush()
        id = loan.id
    with platform.unit_of_work(system("test")) as uow:
        loan = uow.session.get_one(Loan, id)
        loan.note = other
        if flushed:
            uow.session.flush()
        assert uow.record_change("gereedschap.loan.changed", loan, loan.tool_id)
    created, changed = log_rows(platform)
    assert created.after["note"] == HIDDEN
    assert (changed.before, changed.after) == ({"note": HIDDEN}, {"note": HIDDEN})
    with platform.engine.connect() as connection:
        stored = "".join(str(row) for row in connection.execute(text("SELECT * FROM core__change")))
        stored += "".join(str(row) for row in connection.execute(text("SELECT * FROM core__outbox")))
    assert secret not in stored
    assert other not in stored


def test_each_change_is_logged_once(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        tool = add_tool(uow)
        tool.pickup = "eerste"
        assert uow.record_change("gereedschap.tool.one", tool, tool.id)
        assert not uow.record_change("gereedschap.tool.none", tool, tool.id)
        uow.session.flush()
        assert not uow.record_change("gereedschap.tool.none", tool, tool.id)
        tool.pickup = "tweede"
        assert uow.record_change("gereedschap.tool.two", tool, tool.id)
    found = [(row.before, row.after) for row in log_rows(platform)]
    assert found == [({"pickup": ""}, {"pickup": "eerste"}), ({"pickup": "eerste"}, {"pickup": "tweede"})]


def test_a_record_names_who_acted_at_that_moment(platform: Platform) -> None:
    outer, inner = uuid.uuid4(), uuid.uuid4()
    with platform.unit_of_work(Actor(kind="account", account_id=outer, origin="web")) as uow:
        uow.record("gereedschap.one")
        with uow.acting(Actor(kind="token", account_id=inner, origin="rest", on_behalf_of=outer)):
            uow.record("gereedschap.two")
        uow.record("gereedschap.three")
    found = [(row.action, row.actor_kind, row.actor_id, row.on_behalf_of, row.origin) for row in log_rows(platform)]
    assert found == [
        ("gereedschap.one", "account", outer, None, "web"),
        ("gereedschap.two", "token", inner, outer, "rest"),
        ("gereedschap.three", "account", outer, None, "web"),
    ]


def test_the_sentence_is_stored_in_dutch(platform: Platform) -> None:
    with platform.translations.use("en"), platform.unit_of_work(system("test")) as uow:
        uow.record("gereedschap.project.opened", sentence=_("Nieuw te leen: {tool}.", tool="Hamer & tang"))
    assert log_rows(platform)[0].sentence == "Nieuw te leen: Hamer & tang."


def test_what_has_no_json_form_is_refused_at_once(uow: UnitOfWork) -> None:
    with pytest.raises(TypeError, match="object cannot be logged"):
        uow.record("gereedschap.project.opened", after={"x": object()})


def test_receivers_of_a_signal_are_called_inside_the_transaction(platform: Platform) -> None:
    from samen_core.events.signals import SignalReceiver

    seen: list[Any] = []
    platform.signals.connect(SignalReceiver("gereedschap.told", lambda uow, **values: seen.append((uow, values))))
    with platform.unit_of_work(anonymous("test")) as uow:
        uow.send("gereedschap.told", account_id=1)
        uow.send("gereedschap.nobody_listens")
        assert seen == [(uow, {"account_id": 1})]


def test_a_receiver_that_raises_stops_the_transaction(platform: Platform) -> None:
    from samen_core.events.signals import SignalReceiver

    def refuse(uow: UnitOfWork, **values: object) -> None:
        raise ValueError("not this one")

    platform.signals.connect(SignalReceiver("gereedschap.told", refuse))
    with pytest.raises(ValueError, match="not this one"), platform.unit_of_work(system("test")) as uow:
        uow.record("gereedschap.project.opened")
        uow.send("gereedschap.told")
    assert count(platform, Change) == 0


def _event_types(platform: Platform) -> list[str]:
    with platform.engine.connect() as connection:
        return list(connection.execute(select(OutboxEvent.type).order_by(OutboxEvent.id)).scalars())
