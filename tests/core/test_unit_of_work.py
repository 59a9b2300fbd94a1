"""The unit of work: everything of a transaction, or nothing of it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from samen_example.events import ThanksGiven
from samen_example.models import Thanks
from sqlalchemy import func, insert, select, text

from samen_core.actor import Actor, anonymous, system
from samen_core.db.changes import HIDDEN, Change
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.events.outbox import OutboxDelivery, OutboxEvent
from samen_core.i18n import _
from samen_core.platform import Platform
from samen_core.subjects import Subject, SubjectData, SubjectRef, register, update_card
from samen_core.testing.platforms import Outbox
from tests.core.samples import add_thanks, count, log_rows

ROWS = (Subject, Thanks, Change, OutboxEvent, OutboxDelivery)


def test_a_commit_writes_the_thing_the_log_and_the_outbox(platform: Platform, outbox: Outbox) -> None:
    with platform.unit_of_work(system("test")) as uow:
        thanks = add_thanks(uow)
        uow.record("example.thanks.given", thanks.id, after={"thanks": thanks.id})
        uow.publish(ThanksGiven(organization_id=thanks.organization_id))
    assert [row.action for row in log_rows(platform)] == ["example.thanks.given"]
    types = [kind for kind in _event_types(platform) if not kind.startswith("core.")]
    assert types == ["example.thanks.given"]
    assert outbox.events("example.thanks.given")[0]["organization_id"] == str(thanks.organization_id)


def test_an_exception_takes_everything_back(platform: Platform) -> None:
    before = [count(platform, model) for model in ROWS]
    with pytest.raises(ZeroDivisionError), platform.unit_of_work(system("test")) as uow:
        thanks = add_thanks(uow)
        uow.record("example.thanks.given", thanks.id)
        uow.publish(ThanksGiven(organization_id=thanks.organization_id))
        uow.session.flush()
        _ = 1 // 0
    assert [count(platform, model) for model in ROWS] == before


def test_a_failure_while_committing_leaves_nothing(platform: Platform) -> None:
    """The log and the outbox are written before the commit; a broken reference found only then takes them along."""
    before = [count(platform, model) for model in ROWS]
    with pytest.raises(Exception, match=r"(?i)foreign key|violates"), platform.unit_of_work(system("test")) as uow:
        thanks = add_thanks(uow)
        uow.record("example.thanks.given", thanks.id)
        uow.publish(ThanksGiven(organization_id=thanks.organization_id))
        uow.session.add(Thanks(id=uuid.uuid4(), organization_id=uuid.uuid4(), text="", at=uow.now))
    assert [count(platform, model) for model in ROWS] == before


def test_what_was_rolled_back_is_not_written_by_a_later_commit(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        thanks = add_thanks(uow)
        uow.record("example.thanks.given", thanks.id)
        uow.publish(ThanksGiven(organization_id=thanks.organization_id))
        uow.rollback()
        uow.record("example.thanks.other")
    assert [row.action for row in log_rows(platform)] == ["example.thanks.other"]
    assert count(platform, OutboxEvent) == 0


def test_a_second_commit_does_not_write_twice(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        uow.record("example.thanks.given")
        uow.publish(ThanksGiven(organization_id=uuid.uuid4()))
        uow.commit()
    assert count(platform, Change) == 1
    assert count(platform, OutboxEvent) == 1


def test_a_reading_unit_of_work_refuses_to_write(platform: Platform) -> None:
    with platform.read(system("test")) as uow:
        with pytest.raises(RuntimeError, match="only reads"):
            uow.record("example.thanks.given")
        with pytest.raises(RuntimeError, match="only reads"):
            uow.publish(ThanksGiven(organization_id=uuid.uuid4()))
        with pytest.raises(RuntimeError, match="only reads"):
            register(uow, SubjectRef("thanks", uuid.uuid4()), SubjectData("x", "/x"))
    assert count(platform, Subject) == 0


def test_a_reading_unit_of_work_keeps_nothing(platform: Platform) -> None:
    with platform.read(system("test")) as uow:
        uow.session.execute(
            insert(Subject).values(id=uuid.uuid4(), type="thanks", owner="example", title="x", summary="", url="", updated_at=uow.now)
        )
    assert count(platform, Subject) == 0


def test_one_moment_for_the_whole_transaction(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        thanks = add_thanks(uow)
        uow.record("example.thanks.given")
        uow.publish(ThanksGiven(organization_id=thanks.organization_id))
    with platform.engine.connect() as connection:
        moments = set(connection.execute(select(Change.at)).scalars()) | set(connection.execute(select(OutboxEvent.at)).scalars())
        moments |= set(connection.execute(select(Subject.updated_at)).scalars())
    assert moments == {uow.now}


def test_a_subject_that_changes_twice_is_told_once(platform: Platform, outbox: Outbox) -> None:
    with platform.unit_of_work(system("test")) as uow:
        thanks = add_thanks(uow)
        update_card(uow, SubjectRef("thanks", thanks.id), SubjectData("Anders", "/bedankjes/x"))
    told = [event["subject_id"] for event in outbox.events("core.subject.changed")]
    assert told.count(str(thanks.id)) == 1


@pytest.mark.parametrize("between", ["nothing", "flush", "select", "update_card"])
def test_a_change_is_logged_whatever_was_flushed_before(platform: Platform, between: str) -> None:
    """SQLAlchemy forgets what an object was when it flushes, and nearly every statement flushes."""
    with platform.unit_of_work(system("test")) as uow:
        id = add_thanks(uow).id
    with platform.unit_of_work(system("test")) as uow:
        thanks = uow.session.get_one(Thanks, id)
        thanks.hidden_because = "eerste"
        if between != "nothing":
            uow.session.flush()
        thanks.hidden_because, thanks.hidden = "reclame", True
        if between == "select":
            uow.session.execute(select(func.count()).select_from(Thanks))
        if between == "update_card":
            update_card(uow, SubjectRef("thanks", id), SubjectData("Bedankje", "/bedankjes/x", public=False))
        assert uow.record_change("example.thanks.hidden", thanks, id)
    row = log_rows(platform)[-1]
    assert row.before == {"hidden": False, "hidden_because": ""}
    assert row.after == {"hidden": True, "hidden_because": "reclame"}


def test_a_change_that_was_undone_is_no_change(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        id = add_thanks(uow).id
    with platform.unit_of_work(system("test")) as uow:
        thanks = uow.session.get_one(Thanks, id)
        thanks.hidden = True
        uow.session.flush()
        thanks.hidden = False
        assert not uow.record_change("example.thanks.hidden", thanks, id)
    assert log_rows(platform) == []


@pytest.mark.parametrize("flushed", [False, True])
def test_personal_values_are_never_stored_in_the_log(platform: Platform, flushed: bool) -> None:
    secret, other = "Dank aan mevrouw De Vries", "Dank aan meneer Jansen"
    with platform.unit_of_work(system("test")) as uow:
        about = add_thanks(uow).id
        thanks = Thanks(id=about, organization_id=about, text=secret, at=uow.now)
        uow.record_change("example.thanks.given", thanks, thanks.id)
        id = add_thanks(uow, text=secret).id
    with platform.unit_of_work(system("test")) as uow:
        thanks = uow.session.get_one(Thanks, id)
        thanks.text = other
        if flushed:
            uow.session.flush()
        assert uow.record_change("example.thanks.changed", thanks, id)
    created, changed = log_rows(platform)
    assert created.after["text"] == HIDDEN
    assert (changed.before, changed.after) == ({"text": HIDDEN}, {"text": HIDDEN})
    with platform.engine.connect() as connection:
        stored = "".join(str(row) for row in connection.execute(text("SELECT * FROM core__change")))
        stored += "".join(str(row) for row in connection.execute(text("SELECT * FROM core__outbox")))
    assert secret not in stored
    assert other not in stored


def test_each_change_is_logged_once(platform: Platform) -> None:
    with platform.unit_of_work(system("test")) as uow:
        thanks = add_thanks(uow)
        thanks.hidden_because = "eerste"
        assert uow.record_change("example.thanks.one", thanks, thanks.id)
        assert not uow.record_change("example.thanks.none", thanks, thanks.id)
        uow.session.flush()
        assert not uow.record_change("example.thanks.none", thanks, thanks.id)
        thanks.hidden_because = "tweede"
        assert uow.record_change("example.thanks.two", thanks, thanks.id)
    found = [(row.before, row.after) for row in log_rows(platform)]
    assert found == [({"hidden_because": ""}, {"hidden_because": "eerste"}), ({"hidden_because": "eerste"}, {"hidden_because": "tweede"})]


def test_a_record_names_who_acted_at_that_moment(platform: Platform) -> None:
    outer, inner = uuid.uuid4(), uuid.uuid4()
    with platform.unit_of_work(Actor(kind="account", account_id=outer, origin="web")) as uow:
        uow.record("example.one")
        with uow.acting(Actor(kind="token", account_id=inner, origin="rest", on_behalf_of=outer)):
            uow.record("example.two")
        uow.record("example.three")
    found = [(row.action, row.actor_kind, row.actor_id, row.on_behalf_of, row.origin) for row in log_rows(platform)]
    assert found == [
        ("example.one", "account", outer, None, "web"),
        ("example.two", "token", inner, outer, "rest"),
        ("example.three", "account", outer, None, "web"),
    ]


def test_the_sentence_is_stored_in_dutch(platform: Platform) -> None:
    with platform.translations.use("en"), platform.unit_of_work(system("test")) as uow:
        uow.record("example.thanks.given", sentence=_("Iemand bedankte {organization}.", organization="Zorg & Zo"))
    assert log_rows(platform)[0].sentence == "Iemand bedankte Zorg & Zo."


def test_what_has_no_json_form_is_refused_at_once(uow: UnitOfWork) -> None:
    with pytest.raises(TypeError, match="object cannot be logged"):
        uow.record("example.thanks.given", after={"x": object()})


def test_receivers_of_a_signal_are_called_inside_the_transaction(platform: Platform) -> None:
    from samen_core.events.signals import SignalReceiver

    seen: list[Any] = []
    platform.signals.connect(SignalReceiver("example.told", lambda uow, **values: seen.append((uow, values))))
    with platform.unit_of_work(anonymous("test")) as uow:
        uow.send("example.told", account_id=1)
        uow.send("example.nobody_listens")
        assert seen == [(uow, {"account_id": 1})]


def test_a_receiver_that_raises_stops_the_transaction(platform: Platform) -> None:
    from samen_core.events.signals import SignalReceiver

    def refuse(uow: UnitOfWork, **values: object) -> None:
        raise ValueError("not this one")

    platform.signals.connect(SignalReceiver("example.told", refuse))
    with pytest.raises(ValueError, match="not this one"), platform.unit_of_work(system("test")) as uow:
        uow.record("example.thanks.given")
        uow.send("example.told")
    assert count(platform, Change) == 0


def _event_types(platform: Platform) -> list[str]:
    with platform.engine.connect() as connection:
        return list(connection.execute(select(OutboxEvent.type).order_by(OutboxEvent.id)).scalars())
