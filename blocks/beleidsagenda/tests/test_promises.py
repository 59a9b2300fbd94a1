"""Motions, votes, commitments, questions and their follow-up: the rules."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from citycontent.schemas import CreateMembership
from citycontent.services.memberships import create_membership
from citycontent.testing import make_organization, make_person
from samen_beleidsagenda.models import Commitment, FollowUpStep, GroupVote, Motion
from samen_beleidsagenda.queries.lights import light_of_promise
from samen_beleidsagenda.queries.promise_choices import groups, holders, recent_points, voters
from samen_beleidsagenda.queries.promise_lists import ListFilter, list_commitments, list_motions
from samen_beleidsagenda.queries.promises import (
    PromiseFilter,
    all_promises,
    drafts,
    late_things,
    list_promises,
    promise_numbers,
    proposed_settlements,
)
from samen_beleidsagenda.queries.questions import QuestionFilter, list_questions
from samen_beleidsagenda.schemas.commitments import CaptureCommitment, MakeCommitment, UpdateCommitment
from samen_beleidsagenda.schemas.council_questions import AnswerQuestion, AskCouncilQuestion, ExtendQuestion, WithdrawQuestion
from samen_beleidsagenda.schemas.follow_up import AgreeMany, MoveDueDate, MoveFollowUp
from samen_beleidsagenda.schemas.motions import MoveMotion, SubmitMotion, UpdateMotion
from samen_beleidsagenda.schemas.votes import GroupNumbers, PersonVote, RecordVotes
from samen_beleidsagenda.services.commitments import capture_commitment, in_short, make_commitment, update_commitment
from samen_beleidsagenda.services.council_questions import answer_question, ask_question, extend_question, withdraw_question
from samen_beleidsagenda.services.follow_up import STEPS, agree_many, move_due_date, move_follow_up
from samen_beleidsagenda.services.motions import MOVES, motion_values, move_motion, submit_motion, update_motion
from samen_beleidsagenda.services.votes import Totals, group_result, group_totals, record_votes, suggested_result, totals_of
from samen_beleidsagenda.testing import (
    a_body,
    a_commitment,
    a_document,
    a_dossier,
    a_meeting,
    a_motion,
    a_point,
    a_post,
    a_question,
    points_of,
)
from samen_core.api import Actor, Conflict, Grant, Invalid, NotAllowed, NotFound, PageRequest, system

DAY = date(2026, 11, 2)
ONE_DATABASE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
"""For rules that send no statement of their own."""


def someone(role, scope=None):
    """Somebody with this role, without an account in the database (which another transaction would have to make)."""
    return Actor(kind="account", account_id=uuid.uuid4(), label="Test", grants=(Grant(role, scope),), origin="test")


def steps(uow, thing):
    rows = uow.session.execute(select(FollowUpStep).where(FollowUpStep.subject_id == thing.id).order_by(FollowUpStep.at, FollowUpStep.id))
    return list(rows.scalars())


def follow(uow, thing, step, **values):
    return move_follow_up(uow, type(thing), thing.id, MoveFollowUp(step=step, version=thing.version, **values))


# Motions


@ONE_DATABASE
def test_an_amendment_says_what_it_amends(uow):
    body = a_body(uow)
    command = {"title": "Meer groen", "text": "Tekst", "submitted_on": DAY, "body_id": body.organization_id, "kind": "amendment"}
    with pytest.raises(Invalid) as error:
        submit_motion(uow, SubmitMotion(**command))
    assert "amends_id" in error.value.errors
    made = submit_motion(uow, SubmitMotion(**command, amends_id=a_document(uow).id))
    assert (made.status, made.state, made.follow_up) == ("submitted", "draft", None)


@ONE_DATABASE
def test_what_a_motion_refers_to_must_be_there_and_seen(uow):
    body, hidden = a_body(uow), a_dossier(uow, confidential=True)
    nobody = uuid.uuid4()
    command = SubmitMotion(
        title="Motie",
        text="Tekst",
        submitted_on=DAY,
        body_id=body.organization_id,
        person_ids=(nobody,),
        group_ids=(nobody,),
        holder_id=nobody,
    )
    with pytest.raises(Invalid) as error:
        submit_motion(uow, command)
    assert set(error.value.errors) == {"person_ids", "group_ids", "holder_id"}
    facilitator = someone("facilitator")
    on_hidden = SubmitMotion(title="Motie", text="Tekst", submitted_on=DAY, body_id=body.organization_id, dossier_id=hidden.id)
    with uow.acting(facilitator), pytest.raises(Invalid) as error:
        submit_motion(uow, on_hidden)
    assert set(error.value.errors) == {"dossier_id"}
    made = submit_motion(uow, on_hidden)
    assert made.confidential, "what is put on a confidential dossier is confidential too"
    turned = a_dossier(uow, title="Later geheim")
    public = submit_motion(uow, replace(on_hidden, dossier_id=turned.id, publish=True))
    turned.confidential = True
    with uow.acting(facilitator):
        values = {name: getattr(public, name) for name in ("title", "text", "submitted_on", "version")}
        update_motion(uow, public.id, UpdateMotion(**{**values, "number": "M-1"}))
    assert (public.dossier_id, public.confidential, public.number) == (turned.id, False, "M-1"), "its form cannot show that dossier"
    update_motion(uow, public.id, UpdateMotion(**{**values, "number": "M-2", "dossier_id": turned.id, "version": public.version}))
    assert (public.confidential, public.number) == (False, "M-2")


@ONE_DATABASE
def test_the_submitters_keep_their_order_and_the_text_is_fixed_once_something_was_decided(uow):
    parties = [make_organization(uow, name).id for name in ("Fractie Z", "Fractie A")]
    person = make_person(uow).id
    body = a_body(uow)
    made = submit_motion(
        uow,
        SubmitMotion(
            title="Motie",
            text="Tekst",
            submitted_on=DAY,
            body_id=body.organization_id,
            group_ids=tuple(parties),
            person_ids=(person,),
            publish=True,
        ),
    )
    values = motion_values(uow, made)
    assert values["group_ids"] == tuple(parties)
    assert values["person_ids"] == (person,)
    same = {"title": "Motie", "text": "Tekst", "submitted_on": DAY, "group_ids": tuple(parties), "person_ids": (person,)}
    update_motion(uow, made.id, UpdateMotion(**{**same, "text": "Beter"}, version=made.version))
    assert made.text == "Beter"
    move_motion(uow, made.id, MoveMotion(move="adopt", version=made.version, due_date=DAY))
    update_motion(uow, made.id, UpdateMotion(**{**same, "text": "Beter"}, number="M-1", version=made.version))
    assert made.number == "M-1"
    with pytest.raises(Invalid) as error:
        update_motion(uow, made.id, UpdateMotion(**{**same, "text": "Anders", "group_ids": ()}, version=made.version))
    assert set(error.value.errors) == {"text", "group_ids"}
    with pytest.raises(Conflict):
        update_motion(uow, made.id, UpdateMotion(**same, version=made.version - 1))


@ONE_DATABASE
def test_only_the_declared_moves_can_be_made(uow):
    body = a_body(uow)
    for status in ("submitted", "adopted", "rejected", "held", "withdrawn"):
        for name, move in MOVES.items():
            motion = a_motion(uow, body, status=status)
            command = MoveMotion(move=name, version=motion.version, reason="Daarom")
            if status in move.sources:
                assert move_motion(uow, motion.id, command).status == move.target
            else:
                with pytest.raises(Invalid):
                    move_motion(uow, motion.id, command)


@ONE_DATABASE
def test_holding_and_withdrawing_need_a_reason_and_deciding_a_right(uow):
    motion = a_motion(uow)
    for move in ("hold", "withdraw"):
        with pytest.raises(Invalid) as error:
            move_motion(uow, motion.id, MoveMotion(move=move, version=motion.version))
        assert set(error.value.errors) == {"reason"}
    with uow.acting(someone("facilitator")):
        with pytest.raises(NotAllowed):
            move_motion(uow, motion.id, MoveMotion(move="adopt", version=motion.version))
        assert move_motion(uow, motion.id, MoveMotion(move="hold", version=motion.version, reason="Eerst een brief")).status == "held"
    with uow.acting(someone("resident")), pytest.raises(NotAllowed):
        move_motion(uow, motion.id, MoveMotion(move="resume", version=motion.version))


def test_an_adopted_motion_gets_a_follow_up_and_an_amendment_none(uow):
    body, post = a_body(uow), a_post(uow)
    motion = a_motion(uow, body)
    move_motion(uow, motion.id, MoveMotion(move="adopt", version=motion.version, due_date=DAY, holder_id=post.id))
    assert (motion.follow_up, motion.due_date, motion.holder_id) == ("open", DAY, post.id)
    assert [(step.before, step.after) for step in steps(uow, motion)] == [(None, "open")]
    amendment = a_motion(uow, body, kind="amendment", amends_id=a_document(uow).id)
    move_motion(uow, amendment.id, MoveMotion(move="adopt", version=amendment.version))
    assert (amendment.status, amendment.follow_up) == ("adopted", None)


# Votes


def test_numbers_of_a_group_follow_from_its_persons(uow):
    motion = a_motion(uow)
    one, other = (make_organization(uow, name).id for name in ("Fractie Een", "Fractie Twee"))
    persons = [make_person(uow, "Lid", f"Nummer {at}").id for at in range(4)]
    votes = (
        PersonVote(person_id=persons[0], value="for", group_id=one),
        PersonVote(person_id=persons[1], value="against", group_id=one),
        PersonVote(person_id=persons[2], value="absent", group_id=one),
        PersonVote(person_id=persons[3], value="for"),
    )
    record_votes(
        uow, Motion, motion.id, RecordVotes(version=motion.version, persons=votes, groups=(GroupNumbers(group_id=other, votes_against=3),))
    )
    found = group_totals(uow, motion.id)
    assert found == {one: Totals(1, 1, 1, 0), other: Totals(0, 3, 0, 0)}
    assert group_result(found[one]) == "divided"
    assert group_result(found[other]) == "rejected"
    assert totals_of(uow, motion.id) == Totals(2, 4, 1, 0)
    assert suggested_result(totals_of(uow, motion.id)) == "rejected"
    record_votes(uow, Motion, motion.id, RecordVotes(version=motion.version, groups=(GroupNumbers(group_id=other, votes_for=3),)))
    assert uow.session.execute(select(GroupVote.group_id)).scalars().all() == [other], "recorded again, the old votes are gone"
    record_votes(uow, Motion, motion.id, RecordVotes(version=motion.version))
    assert totals_of(uow, motion.id) == Totals(), "votes that were a mistake can be taken back"


@ONE_DATABASE
def test_an_outcome_that_differs_from_the_votes_needs_a_reason(uow):
    motion, group = a_motion(uow), make_organization(uow, "Fractie").id
    record_votes(
        uow, Motion, motion.id, RecordVotes(version=motion.version, groups=(GroupNumbers(group_id=group, votes_against=5, votes_for=1),))
    )
    with pytest.raises(Invalid) as error:
        move_motion(uow, motion.id, MoveMotion(move="adopt", version=motion.version))
    assert set(error.value.errors) == {"reason"}
    assert move_motion(uow, motion.id, MoveMotion(move="reject", version=motion.version)).status == "rejected"


def test_equal_votes_suggest_nothing_and_who_was_away_does_not_count():
    assert suggested_result(Totals(3, 3, 9, 1)) is None
    assert suggested_result(Totals(3, 2, 9, 9)) == "adopted"
    assert suggested_result(Totals()) is None
    assert group_result(Totals(0, 0, 4, 2)) is None
    assert group_result(Totals(2, 0, 4, 2)) == "adopted"


@ONE_DATABASE
def test_votes_of_unknown_people_or_without_right_are_refused(uow):
    motion = a_motion(uow)
    wrong = RecordVotes(
        version=motion.version,
        persons=(PersonVote(person_id=uuid.uuid4(), value="for"),),
        groups=(GroupNumbers(group_id=uuid.uuid4(), votes_for=1),),
    )
    with pytest.raises(Invalid) as error:
        record_votes(uow, Motion, motion.id, wrong)
    assert set(error.value.errors) == {"persons", "groups"}
    with pytest.raises(Invalid):
        record_votes(uow, Motion, motion.id, RecordVotes(version=motion.version))
    with uow.acting(someone("facilitator")), pytest.raises(NotAllowed):
        record_votes(uow, Motion, motion.id, RecordVotes(version=motion.version))


# Commitments


@ONE_DATABASE
def test_a_commitment_takes_body_meeting_and_dossier_from_its_point(uow):
    dossier = a_dossier(uow)
    meeting = a_meeting(uow, points=())
    point = a_point(uow, meeting, dossier_id=dossier.id)
    made = make_commitment(uow, MakeCommitment(title="Een brief", made_on=DAY, agenda_item_id=point.id, due_date=DAY, publish=True))
    assert (made.body_id, made.meeting_id, made.dossier_id) == (meeting.body_id, meeting.event_id, dossier.id)
    assert (made.follow_up, made.state) == ("open", "published")
    with pytest.raises(Invalid) as error:
        make_commitment(uow, MakeCommitment(title="Een brief", made_on=DAY))
    assert set(error.value.errors) == {"body_id"}
    other = a_meeting(uow, points=())
    with pytest.raises(Invalid) as error:
        make_commitment(uow, MakeCommitment(title="Een brief", made_on=DAY, meeting_id=other.event_id, agenda_item_id=point.id))
    assert set(error.value.errors) == {"agenda_item_id"}


@ONE_DATABASE
def test_what_is_promised_at_a_closed_point_is_confidential(uow):
    meeting = a_meeting(uow, points=())
    point = a_point(uow, meeting, confidential=True)
    made = make_commitment(uow, MakeCommitment(title="Geheim", made_on=DAY, agenda_item_id=point.id, publish=True))
    assert made.confidential
    update_commitment(uow, made.id, UpdateCommitment(title="Geheim", made_on=DAY, agenda_item_id=point.id, version=made.version))
    assert made.confidential, "saying otherwise in the form does not open it"


def test_a_form_that_is_sent_twice_is_one_commitment(uow):
    meeting = a_meeting(uow)
    command = CaptureCommitment(said="Ik stuur een brief", key=uuid.uuid4(), agenda_item_id=points_of(uow, meeting)[1].id)
    first = capture_commitment(uow, meeting, command)
    assert capture_commitment(uow, meeting, command) is first
    assert len(uow.session.execute(select(Commitment.id)).all()) == 1
    assert first.made_on <= uow.now.date()


def test_a_long_promise_gets_a_short_title_and_loses_no_word():
    said = "De wethouder stuurt een brief over de verlichting. " * 8
    title, text = in_short(said)
    assert len(title) <= 200
    assert title.endswith(" …")
    assert text == said.strip()
    assert in_short("Kort\nen krachtig") == ("Kort en krachtig", "Kort\nen krachtig")
    assert len(in_short("x" * 500)[0]) <= 200


@ONE_DATABASE
def test_public_at_once_needs_the_right_to_make_public(uow):
    meeting = a_meeting(uow)
    with uow.acting(someone("facilitator")):
        with pytest.raises(NotAllowed):
            make_commitment(uow, MakeCommitment(title="Een brief", made_on=DAY, meeting_id=meeting.event_id, publish=True))
        made = make_commitment(uow, MakeCommitment(title="Een brief", made_on=DAY, meeting_id=meeting.event_id))
    assert made.state == "draft"
    with uow.acting(someone("resident")), pytest.raises(NotAllowed):
        make_commitment(uow, MakeCommitment(title="Een brief", made_on=DAY, meeting_id=meeting.event_id))


# Follow-up


@ONE_DATABASE
def test_only_the_declared_steps_can_be_taken_and_each_is_kept(uow):
    body, point = a_body(uow), a_point(uow)
    for state in ("open", "in_progress", "settlement_proposed", "settled", "not_carried_out", "lapsed"):
        for name, step in STEPS.items():
            thing = a_commitment(uow, body, follow_up=state)
            given_all = {"reason": "Daarom", "note": "Zo", "agenda_item_id": point.id}
            if state in step.sources:
                follow(uow, thing, name, **given_all)
                assert thing.follow_up == step.target
                kept = steps(uow, thing)
                assert [(one.before, one.after, one.reason) for one in kept] == [(state, step.target, "Daarom")]
            else:
                with pytest.raises(Invalid):
                    follow(uow, thing, name, **given_all)
    assert "settled" not in {step.target for name, step in STEPS.items() if name != "agree"}, "only the council's agreement settles"


@ONE_DATABASE
def test_steps_need_their_reason_note_or_point(uow):
    thing = a_commitment(uow, follow_up="in_progress")
    with pytest.raises(Invalid) as error:
        follow(uow, thing, "propose")
    assert set(error.value.errors) == {"note"}
    follow(uow, thing, "propose", document_id=a_document(uow).id)
    with pytest.raises(Invalid) as error:
        follow(uow, thing, "agree")
    assert set(error.value.errors) == {"agenda_item_id"}
    for step in ("send_back", "not_carried_out", "lapse"):
        with pytest.raises(Invalid) as error:
            follow(uow, thing, step, reason="  ")
        assert set(error.value.errors) == {"reason"}
    point = a_point(uow)
    with uow.acting(someone("facilitator")), pytest.raises(NotAllowed):
        follow(uow, thing, "agree", agenda_item_id=point.id)
    with uow.acting(someone("decision_maker")):
        assert follow(uow, thing, "agree", agenda_item_id=point.id).follow_up == "settled"
    assert steps(uow, thing)[-1].agenda_item_id == point.id


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=st.lists(st.integers(1, 900), min_size=1, max_size=6))
@ONE_DATABASE
def test_no_due_date_ever_gets_lost(uow, days):
    first = DAY
    thing = a_commitment(uow, a_body(uow), due_date=first)
    held = [first]
    for number in days:
        day = DAY + timedelta(days=number)
        command = MoveDueDate(due_date=day, reason=f"Omdat {number}", version=thing.version)
        if day == thing.due_date:
            with pytest.raises(Invalid):
                move_due_date(uow, Commitment, thing.id, command)
        else:
            move_due_date(uow, Commitment, thing.id, command)
            held.append(day)
    kept = [step.due_date for step in steps(uow, thing) if step.reason]
    assert [*kept, thing.due_date] == held


@ONE_DATABASE
def test_a_due_date_moves_only_with_a_reason_and_while_it_is_open(uow):
    thing = a_commitment(uow, due_date=DAY)
    with pytest.raises(Invalid) as error:
        move_due_date(uow, Commitment, thing.id, MoveDueDate(due_date=DAY + timedelta(days=9), reason=" ", version=thing.version))
    assert set(error.value.errors) == {"reason"}
    follow(uow, thing, "lapse", reason="Niet meer nodig")
    with pytest.raises(Invalid):
        move_due_date(uow, Commitment, thing.id, MoveDueDate(due_date=DAY + timedelta(days=9), reason="Later", version=thing.version))


def test_the_council_agrees_with_many_or_with_none(platform):
    body, point = a_body(platform), a_point(platform)
    promises = [a_commitment(platform, body, follow_up="settlement_proposed") for _ in range(2)]
    motion = a_motion(platform, body, status="adopted", follow_up="settlement_proposed")
    items = [f"commitment:{thing.id}:{thing.version}" for thing in promises]
    with pytest.raises(Invalid) as error, platform.unit_of_work(system("test")) as uow:
        agree_many(uow, AgreeMany(agenda_item_id=point.id, items=(*items, f"motion:{motion.id}:{motion.version + 5}")))
    assert set(error.value.errors) == {"items"}
    with platform.unit_of_work(system("test")) as uow:
        assert agree_many(uow, AgreeMany(agenda_item_id=point.id, items=(*items, f"motion:{motion.id}:{motion.version}"))) == 3
    with platform.read(system("test")) as uow:
        assert {uow.session.get(Commitment, thing.id).follow_up for thing in promises} == {"settled"}
        assert uow.session.get(Motion, motion.id).follow_up == "settled"


# Questions


@ONE_DATABASE
def test_a_question_is_due_in_thirty_days_and_keeps_its_first_day(uow):
    question = ask_question(uow, AskCouncilQuestion(title="Bankjes", text="Wanneer?", asked_on=DAY, publish=True))
    assert question.due_date == question.original_due == DAY + timedelta(days=30)
    with pytest.raises(Invalid) as error:
        extend_question(uow, question.id, ExtendQuestion(due_date=question.due_date, reason="Druk", version=question.version))
    assert set(error.value.errors) == {"due_date"}
    later = DAY + timedelta(days=60)
    with pytest.raises(Invalid):
        extend_question(uow, question.id, ExtendQuestion(due_date=later, reason="", version=question.version))
    extend_question(uow, question.id, ExtendQuestion(due_date=later, reason="Onderzoek loopt", version=question.version))
    assert (question.due_date, question.original_due, question.extension_reason) == (later, DAY + timedelta(days=30), "Onderzoek loopt")


@ONE_DATABASE
def test_a_question_is_answered_once_in_words_or_by_a_document(uow):
    today = uow.now.date()
    question = a_question(uow, asked_on=today - timedelta(days=3))
    with pytest.raises(Invalid) as error:
        answer_question(uow, question.id, AnswerQuestion(answered_on=today, answer=" ", version=question.version))
    assert set(error.value.errors) == {"answer"}
    for day in (today + timedelta(days=2), today - timedelta(days=9)):
        with pytest.raises(Invalid) as error:
            answer_question(uow, question.id, AnswerQuestion(answered_on=day, answer="Ja", version=question.version))
        assert set(error.value.errors) == {"answered_on"}
    document = a_document(uow, type="answer")
    answer_question(uow, question.id, AnswerQuestion(answered_on=today, answer_document_id=document.id, version=question.version))
    assert question.answered_on == today
    with pytest.raises(Invalid):
        withdraw_question(uow, question.id, WithdrawQuestion(withdrawn_on=today, version=question.version))
    other = a_question(uow)
    withdraw_question(uow, other.id, WithdrawQuestion(withdrawn_on=today, version=other.version))
    with pytest.raises(Invalid):
        answer_question(uow, other.id, AnswerQuestion(answered_on=today, answer="Ja", version=other.version))


# The register


def test_late_ones_stand_on_top_and_lights_agree_with_their_definition(uow):
    body, today = a_body(uow), uow.now.date()
    for at, (state, days) in enumerate(
        [("open", 3), ("in_progress", -5), ("open", None), ("settled", -9), ("settlement_proposed", -1), ("open", 40), ("lapsed", 2)]
    ):
        due = today + timedelta(days=days) if days is not None else None
        a_commitment(uow, body, follow_up=state, due_date=due, title=f"Zaak {at}")
    a_motion(uow, body, title="Nog niet gestemd")
    rows = all_promises(uow, PromiseFilter(), 100)
    lights = [light_of_promise(row.follow_up, row.due_date, today) for row in rows if row.follow_up]
    assert lights == ["late", "late", "attention", "on_schedule", "on_schedule", "done", "done"]
    assert [row.title for row in rows[:2]] == ["Zaak 1", "Zaak 4"]
    assert rows[5].title == "Nog niet gestemd"
    for light in ("late", "attention", "on_schedule", "done"):
        found = {row.id for row in all_promises(uow, PromiseFilter(light=light), 100)}
        assert found == {row.id for row in rows if row.follow_up and light_of_promise(row.follow_up, row.due_date, today) == light}
    numbers = promise_numbers(uow)
    assert (numbers.with_day, numbers.on_time, numbers.late, numbers.settled) == (4, 2, 2, 1)


def test_the_list_pages_without_losing_or_doubling(uow):
    body, today = a_body(uow), uow.now.date()
    for at in range(7):
        a_commitment(uow, body, title=f"T{at}", due_date=today + timedelta(days=at - 3) if at % 3 else None)
        a_motion(uow, body, title=f"M{at}", status="adopted" if at % 2 else "rejected")
    whole = [row.id for row in all_promises(uow, PromiseFilter(), 100)]
    seen, cursor = [], ""
    while True:
        page = list_promises(uow, PromiseFilter(), PageRequest(limit=4, cursor=cursor))
        seen += [row.id for row in page.items]
        assert page.count.number == 14
        if not page.next:
            break
        cursor = page.next
    assert seen == whole


def test_filters_find_what_they_say(uow):
    body, other = a_body(uow), a_body(uow, "committee")
    post, dossier = a_post(uow), a_dossier(uow)
    party = make_organization(uow, "Fractie Groen").id
    wanted = a_commitment(uow, body, title="Brief over 100%_bankjes", number="T-7", holder_id=post.id, dossier_id=dossier.id)
    motion = submit_motion(
        uow, SubmitMotion(title="Bomen", text="x", submitted_on=DAY, body_id=other.organization_id, group_ids=(party,), publish=True)
    )

    def ids(**values):
        return {row.id for row in all_promises(uow, PromiseFilter(**values), 50)}

    assert ids(holder_id=post.id) == ids(dossier_id=dossier.id) == ids(text="t-7") == ids(text="100%_B") == {wanted.id}
    assert ids(party_id=party) == ids(body_id=other.organization_id) == ids(type="motion") == ids(state="submitted") == {motion.id}
    assert ids(text="geen van beide") == ids(type="amendment") == set()


@pytest.mark.parametrize("make", [a_commitment, a_motion])
def test_what_is_confidential_or_a_draft_is_in_no_list_of_who_may_not_see_it(uow, make):
    body = a_body(uow)
    public = make(uow, body)
    secret, draft = make(uow, body, confidential=True), make(uow, body, state="draft")
    on_body = someone("decision_maker", scope=body.organization_id)
    for actor, seen in ((someone("resident"), {public.id}), (someone("facilitator"), {public.id}), (on_body, {public.id, secret.id})):
        with uow.acting(actor):
            assert {row.id for row in all_promises(uow, PromiseFilter(), 50)} == seen
            assert list_promises(uow, PromiseFilter(), PageRequest()).count.number == len(seen)
    assert draft.id not in {row.id for row in all_promises(uow, PromiseFilter(), 50)}
    with uow.acting(someone("resident")), pytest.raises((NotFound, NotAllowed)):
        model = type(secret)
        move_due_date(uow, model, secret.id, MoveDueDate(due_date=DAY, reason="x", version=secret.version))


@ONE_DATABASE
def test_nothing_is_told_of_what_is_confidential(platform, outbox):
    body = a_body(platform)
    secret = a_commitment(platform, body, confidential=True)
    public = a_commitment(platform, body)
    with platform.unit_of_work(system("test")) as uow:
        for thing in (secret, public):
            follow(uow, uow.session.get(Commitment, thing.id), "start")
    told = [event["thing_id"] for event in outbox.events("beleidsagenda.promise.changed")]
    assert told == [str(public.id)]


def test_what_waits_and_what_can_be_chosen_reads_the_same_from_every_database(uow):
    body, holder, today = a_body(uow), a_post(uow), uow.now.date()
    child = make_organization(uow, "Fractie Groen", parent_id=body.organization_id, classification="Fractie")
    member, alone = make_person(uow, "Ada", "Lid"), make_person(uow, "Bob", "Lid")
    for person, place in ((member, body.organization_id), (member, child.id), (alone, body.organization_id)):
        create_membership(uow, CreateMembership(person_id=person.id, organization_id=place))
    point = a_point(uow, a_meeting(uow, body, start=uow.now))
    late = a_commitment(uow, body, due_date=today - timedelta(days=4), holder_id=holder.id)
    asked = a_question(uow, asked_on=today - timedelta(days=60))
    proposed = a_motion(uow, body, status="adopted", follow_up="settlement_proposed")
    draft = a_commitment(uow, body, state="draft")
    uow.session.flush()
    assert [(row.id, row.holder_label) for row in late_things(uow)] == [(asked.id, None), (late.id, "Wethouder verkeer")]
    assert [row.id for row in proposed_settlements(uow)] == [proposed.id]
    assert [row.id for row in drafts(uow)] == [draft.id]
    assert [row.id for row in list_questions(uow, QuestionFilter(state="late"), PageRequest()).items] == [asked.id]
    assert {(row.person_id, row.group_id) for row in voters(uow, body.organization_id, today)} == {(member.id, child.id), (alone.id, None)}
    assert [row.id for row in groups(uow, body.organization_id)] == [child.id]
    assert point.id in {row.id for row in recent_points(uow)}
    assert holder.id in {row.id for row in holders(uow)}
    assert list_motions(uow, ListFilter(state="settlement_proposed"), PageRequest()).items[0].id == proposed.id
    assert [row.id for row in list_commitments(uow, ListFilter(light="late"), PageRequest()).items] == [late.id]
    with uow.acting(someone("facilitator", body.organization_id)):
        assert [row.id for row in late_things(uow)] == [late.id], "a clerk of one body keeps what belongs to it"
