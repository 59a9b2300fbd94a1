"""Result texts, closing a round with everything that lacks told at once, who hears it, and who is reminded."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from samen_core.api import (
    Actor,
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    Platform,
    SubjectRef,
    anonymous,
    latest_lines,
    register,
    system,
    uuid7,
)
from samen_core.testing.platforms import Clock, Outbox
from samen_core.testing.statements import sent_statements
from samen_core.testing.visitors import send_form
from samen_doe_mee.events.plans import RoundClosed
from samen_doe_mee.models import Activity, Colleague, Plan, Round, TookPart
from samen_doe_mee.schemas.activities import CreateActivity
from samen_doe_mee.schemas.answering import GiveAnswers
from samen_doe_mee.schemas.plans import CreatePlan
from samen_doe_mee.schemas.results import ClosingTexts, PublishResult, ReopenRound
from samen_doe_mee.services import result_mails
from samen_doe_mee.services.activities import create_activity
from samen_doe_mee.services.answering import give_answers
from samen_doe_mee.services.closing import close_round, correct_closing, reopen_round, save_closing
from samen_doe_mee.services.kinds import ROUND, round_card
from samen_doe_mee.services.lateness import activity_days_late, late_words, round_days_late
from samen_doe_mee.services.plan_copies import day_start
from samen_doe_mee.services.plans import create_plan
from samen_doe_mee.services.result_mails import stop_result_mail
from samen_doe_mee.services.result_reminders import remind_organisers
from samen_doe_mee.services.results import publish_result
from samen_doe_mee.services.taking_part import took_part
from samen_inbreng.api import Contribute, Contribution, contribute

As = Callable[..., Actor]
TOLD = {"heard": "Veel mensen willen bomen.", "done": "Wij planten er veertig."}


@pytest.fixture
def round_id(platform: Platform) -> uuid.UUID:
    """An open round of a public plan with one activity that collects reactions; it ends in nine days."""
    with platform.unit_of_work(system("test")) as uow:
        plan = create_plan(uow, CreatePlan(title="Het nieuwe park"))
        plan.state, plan.published_at = "published", uow.now
        term: dict[str, Any] = {"opens_at": uow.now - timedelta(days=1), "closes_at": uow.now + timedelta(days=9)}
        made = Round(id=uuid7(), plan_id=plan.id, slug="park-ronde-1", title="Ronde 1", **term)
        made.result_by = (made.closes_at + timedelta(days=14)).date()
        register(uow, SubjectRef(ROUND, made.id), round_card(made, plan))
        uow.session.add(made)
        uow.session.flush()
        create_activity(uow, made.id, CreateActivity(type="reactions", title="Wat moet er komen?"))
        return made.id


def the_activity(uow: Any, round_id: uuid.UUID) -> Activity:
    found: Activity = uow.session.execute(select(Activity).where(Activity.round_id == round_id)).scalar_one()
    return found


def react(platform: Platform, round_id: uuid.UUID, text: str = "Meer bomen.", **values: Any) -> Contribution:
    """Somebody says something in it."""
    with platform.unit_of_work(anonymous("test")) as uow:
        talk_id = the_activity(uow, round_id).talk_id
        assert talk_id is not None
        return contribute(uow, talk_id, Contribute(text=text, **values)).contribution


def close(platform: Platform, round_id: uuid.UUID, actor: Actor | None = None, **texts: str) -> Round:
    """Close the round as it is now."""
    with platform.unit_of_work(actor or system("test")) as uow:
        found = uow.session.get_one(Round, round_id)
        return close_round(uow, round_id, ClosingTexts(version=found.version, **(texts or TOLD)))


def publish(platform: Platform, round_id: uuid.UUID, text: str = "Er komen bomen.") -> None:
    with platform.unit_of_work(system("test")) as uow:
        activity = the_activity(uow, round_id)
        publish_result(uow, activity.id, PublishResult(result=text, version=activity.version))


def answer(platform: Platform, *ids: uuid.UUID) -> None:
    with platform.unit_of_work(system("test")) as uow:
        give_answers(uow, GiveAnswers(contribution_ids=ids, outcome="adopted", reason="Dat doen wij."))


def test_a_round_closes_only_with_everything_and_all_that_lacks_is_told_at_once(
    platform: Platform, round_id: uuid.UUID, clock: Clock, outbox: Outbox
) -> None:
    said = [react(platform, round_id).id for _place in range(2)]
    with pytest.raises(Invalid) as early:
        close(platform, round_id, heard=" ")
    assert set(early.value.errors) == {"", "heard", "done"}
    clock.forward(days=10)
    with pytest.raises(Invalid) as refused:
        close(platform, round_id)
    assert [str(text) for text in refused.value.errors[""]] == [
        "“Wat moet er komen?” heeft nog geen uitslag.",
        "Bij “Wat moet er komen?” wachten nog 2 bijdragen op een antwoord.",
    ]
    answer(platform, *said)
    publish(platform, round_id)
    with pytest.raises(Invalid) as unsent:
        close(platform, round_id)
    assert "moeten nog 2 antwoorden worden verstuurd" in str(unsent.value.errors[""][0])
    clock.forward(minutes=11)
    found = close(platform, round_id)
    assert (found.heard, found.closed_at is not None) == (TOLD["heard"], True)
    assert [event["round_id"] for event in outbox.events(RoundClosed.type)] == [str(round_id)]
    with pytest.raises(Gone):
        close(platform, round_id)


def test_a_result_is_for_after_the_end_and_corrected_in_public(platform: Platform, round_id: uuid.UUID, clock: Clock, actor_as: As) -> None:
    with pytest.raises(Invalid):
        publish(platform, round_id)
    clock.forward(days=10)
    publish(platform, round_id)
    publish(platform, round_id, "Er komen veel bomen.")
    with platform.unit_of_work(system("test")) as uow:
        activity = the_activity(uow, round_id)
        assert activity.result == "Er komen veel bomen."
        assert activity.result_changed_at is not None
        with pytest.raises(Conflict) as late:
            publish_result(uow, activity.id, PublishResult(result="Geen bomen.", version=activity.version - 1))
        assert late.value.current["result"] == "Er komen veel bomen."
        lines = [str(line.sentence) for line in latest_lines(uow, activity.plan_id)[0]]
        assert any("is aangepast" in line for line in lines)
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        publish_result(uow, activity.id, PublishResult(result="Van mij.", version=activity.version))


def test_what_is_kept_for_later_is_closed_corrected_and_opened_again_with_a_reason(
    platform: Platform, round_id: uuid.UUID, clock: Clock
) -> None:
    with platform.unit_of_work(system("test")) as uow:
        kept = save_closing(uow, round_id, ClosingTexts(heard="Een begin.", version=uow.session.get_one(Round, round_id).version))
        assert (kept.heard, kept.closed_at) == ("Een begin.", None)
        with pytest.raises(Conflict) as late:
            save_closing(uow, round_id, ClosingTexts(version=kept.version - 1))
        assert late.value.current["heard"] == "Een begin."
    clock.forward(days=10)
    publish(platform, round_id)
    closed = close(platform, round_id)
    with platform.unit_of_work(system("test")) as uow:
        told = ClosingTexts(version=closed.version, **TOLD)
        with pytest.raises(Invalid):
            correct_closing(uow, round_id, replace(told, done=""))
        corrected = correct_closing(uow, round_id, replace(told, done="Wij planten er vijftig."))
        assert corrected.changed_at is not None
        opened = reopen_round(uow, round_id, ReopenRound(reason="Er was een fout geteld.", version=corrected.version))
        assert (opened.closed_at, opened.done) == (None, "Wij planten er vijftig.")
    with platform.read(anonymous("test")) as uow:
        lines = [str(line.sentence) for line in latest_lines(uow, opened.plan_id)[0]]
        assert any("heropend: Er was een fout geteld." in line for line in lines)
    assert close(platform, round_id).closed_at is not None


def test_everybody_who_took_part_and_agreed_hears_it_once(
    platform: Platform, round_id: uuid.UUID, clock: Clock, outbox: Outbox, actor_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(result_mails, "PORTION", 2)
    for email in ("a@example.org", "b@example.org", "C@example.org"):
        ids = [react(platform, round_id, email=email, wants_mail=True).id]
        with platform.unit_of_work(system("test")) as uow:
            uow.session.execute(
                update(Contribution).where(Contribution.id.in_(ids)).values(email_confirmed_at=uow.now, wants_mail=True, answered=True)
            )
    resident = actor_as("resident")
    with platform.unit_of_work(resident) as uow:
        activity = the_activity(uow, round_id)
        took_part(uow, activity, who="account", account_id=resident.account_id, wants_result=True)
        took_part(uow, activity, who="device 1", email="c@example.org", wants_result=True)
        took_part(uow, activity, who="device 2", email="d@example.org", wants_result=True)
        took_part(uow, activity, who="device 3", email="e@example.org", wants_result=False)
    clock.forward(days=10)
    publish(platform, round_id)
    monkeypatch.setattr("samen_doe_mee.services.closing.what_lacks", lambda *_args: {})
    close(platform, round_id)
    mails = [mail for mail in outbox.mails() if TOLD["done"] in mail.text]
    assert Counter(mail.to.lower() for mail in mails).most_common(1)[0][1] == 1
    assert {mail.to.lower() for mail in mails} >= {f"{name}@example.org" for name in "abcd"}
    assert len(mails) == 5
    assert not any("example.org" in mail.text.replace(mail.to, "") for mail in mails)
    with platform.unit_of_work(system("test")) as uow:
        mine = uow.session.execute(select(TookPart).where(TookPart.email != "")).scalars().first()
        assert mine is not None
        token = result_mails.stop_link(uow, mine.id, "nl").rpartition("/")[2]
        stop_result_mail(uow, token)
        assert (mine.wants_result, mine.email) == (False, "")
        with pytest.raises(Gone):
            stop_result_mail(uow, f"{mine.id.hex}.{'0' * 32}")


def test_organisers_are_reminded_once_and_everybody_sees_how_late_it_is(
    platform: Platform, round_id: uuid.UUID, clock: Clock, outbox: Outbox, actor_as: As
) -> None:
    lead = actor_as("resident")
    with platform.unit_of_work(system("test")) as uow:
        plan = uow.session.execute(select(Plan)).scalar_one()
        uow.session.add(Colleague(id=uuid7(), plan_id=plan.id, account_id=lead.account_id, role="lead", added_at=uow.now))
    for days, expected in ((10, 0), (7, 1), (1, 0)):
        clock.forward(days=days)
        with platform.unit_of_work(system("test")) as uow:
            assert remind_organisers(uow) == expected
    mails = [mail for mail in outbox.mails() if "Het nieuwe park" in mail.text]
    assert len(mails) == 1
    assert "Ronde 1" in mails[0].text
    assert "Wat moet er komen?" in mails[0].text
    clock.forward(days=8)
    with platform.read(anonymous("test")) as uow:
        found = uow.session.get_one(Round, round_id)
        assert round_days_late(found, uow.now) in (3, 4)
        assert activity_days_late(uow, the_activity(uow, round_id)) in (3, 4)
        assert str(late_words(3)) == "3 dagen te laat"


def test_the_desk_names_the_last_day_on_which_people_can_take_part(platform: Platform, round_id: uuid.UUID, as_role: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        plan = uow.session.get_one(Plan, uow.session.get_one(Round, round_id).plan_id)
        plan.decided_by = "De raad, in mei."
        ends = day_start(date(2099, 6, 13))
        for model, column in ((Round, Round.id), (Activity, Activity.round_id)):
            uow.session.execute(update(model).where(column == round_id).values(closes_at=ends))
        slug = uow.session.execute(select(Activity.slug).where(Activity.round_id == round_id)).scalar_one()
    desk = as_role("facilitator")
    assert "tot en met 12 juni 2099" in desk.get("/doe-mee/werk/plannen/het-nieuwe-park/rondes/park-ronde-1/afsluiten").text
    assert "tot en met 12 juni 2099" in desk.get(f"/doe-mee/werk/activiteiten/{slug}/uitslag").text
    assert "Wie besluit: De raad, in mei.<" in desk.get(f"/doe-mee/meedoen/{slug}").text


def test_pages_of_a_round_that_closes_and_what_everybody_reads_of_it(
    app: Any, platform: Platform, round_id: uuid.UUID, clock: Clock, as_role: Any
) -> None:
    said = react(platform, round_id)
    clock.forward(days=30)
    desk, visitor = as_role("facilitator"), app.test_client()
    late = visitor.get("/doe-mee/gedaan").text
    assert "dagen te laat" in late
    address = "/doe-mee/werk/plannen/het-nieuwe-park/rondes/park-ronde-1/afsluiten"
    assert "heeft nog geen uitslag" in desk.get(address).text
    refused = send_form(desk, address, heard="Blijft staan.", done="", doe="sluit")
    assert refused.status_code == 400
    assert "Blijft staan." in refused.text
    assert send_form(desk, address, heard="Veel.", done="", doe="bewaar").status_code == 303
    assert "<strong>Veel</strong>" in send_form(desk, address, heard="**Veel**", done="Dit.", doe="bekijk").text
    with platform.read(system("test")) as uow:
        slug = the_activity(uow, round_id).slug
    assert send_form(desk, f"/doe-mee/werk/activiteiten/{slug}/uitslag", result="Er komen bomen.").status_code == 303
    answer(platform, said.id)
    clock.forward(minutes=11)
    assert send_form(desk, address, doe="sluit", **TOLD).status_code == 303
    told = visitor.get("/doe-mee/gedaan").text
    assert TOLD["heard"] in told
    assert "1 van 1 bijdrage is helemaal of deels overgenomen" in told
    assert "dagen te laat" not in told
    assert visitor.get("/doe-mee/gedaan?soort=ideeen").status_code == 200
    assert visitor.get("/doe-mee/gedaan?soort=niets").status_code == 400
    assert desk.get("/doe-mee/werk/plannen/het-nieuwe-park/cijfers").status_code == 200
    assert "Er komen bomen." in visitor.get(f"/doe-mee/meedoen/{slug}").text
    rest = visitor.get(f"/api/v1/doe-mee/rounds/{round_id}/closing").get_json()
    assert rest["heard"] == TOLD["heard"]
    assert visitor.get("/api/v1/doe-mee/done").get_json()[0]["outcomes"] == {"adopted": 1}
    assert visitor.post(f"/api/v1/doe-mee/rounds/{round_id}/reopen", json={"reason": "x", "version": 1}).status_code == 401


def test_what_was_done_costs_few_statements_however_much_there_is(
    app: Any, platform: Platform, round_id: uuid.UUID, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.forward(days=10)
    monkeypatch.setattr("samen_doe_mee.services.closing.what_lacks", lambda *_args: {})
    close(platform, round_id)
    visitor = app.test_client()
    visitor.get("/doe-mee/gedaan")
    with sent_statements(platform) as sent:
        assert visitor.get("/doe-mee/gedaan").status_code == 200
    assert len(sent) <= 8, sent
