"""Decisions: recorded from a point, never edited once public, replaced in a chain, told to everybody concerned."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.testing import make_project
from samen_beleidsagenda.models import Decision, Entry, ParticipationLink, PlanningItem
from samen_beleidsagenda.schemas.approval import Approve
from samen_beleidsagenda.schemas.decisions import ChangeDecision, RecordDecision
from samen_beleidsagenda.schemas.documents import TreatDocument
from samen_beleidsagenda.services.decisions import (
    change_decision,
    decision_values,
    publish_decision,
    record_decision,
    remove_decision,
    replace_decision,
    replaced_by,
)
from samen_beleidsagenda.services.treatments import treat_document
from samen_beleidsagenda.testing import a_body, a_decision, a_document, a_dossier, a_meeting, a_moment, points_of
from samen_core.api import Conflict, Invalid, NotAllowed, Platform, Subject, system, uuid7
from samen_core.db.changes import Change
from samen_core.events.outbox import OutboxEvent

DAY = date(2026, 12, 1)

on_one = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
"""What does not differ by database is tried on one; on the other in the long run."""


def _record(platform: Platform, actor: Any = None, **values: Any) -> Decision:
    with platform.unit_of_work(actor or system("test")) as uow:
        return record_decision(
            uow, RecordDecision(**{"title": "Het wordt een fietsstraat", "result": "adopted", "decided_on": DAY, **values})
        )


def _told(platform: Platform) -> list[Any]:
    with platform.read(system("test")) as uow:
        statement = select(OutboxEvent).where(OutboxEvent.type == "beleidsagenda.decision.made").order_by(OutboxEvent.id)
        return [event.payload for event in uow.session.execute(statement).scalars()]


@on_one
def test_a_decision_from_a_paper_at_a_point_knows_the_rest(platform: Platform) -> None:
    dossier = a_dossier(platform)
    meeting = a_meeting(platform)
    point = points_of(platform, meeting)[1]
    document = a_document(platform, dossier)
    with platform.unit_of_work(system("test")) as uow:
        treatment = treat_document(uow, point.id, TreatDocument(document_id=document.id))
    made = _record(platform, treatment_id=treatment.id)
    assert (made.body_id, made.agenda_item_id, made.dossier_id) == (meeting.body_id, point.id, dossier.id)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Subject, made.id).public


def test_what_was_planned_at_the_point_is_treated(platform: Platform) -> None:
    meeting = a_meeting(platform)
    point = points_of(platform, meeting)[1]
    on_it = {"body_id": meeting.body_id, "status": "scheduled", "agenda_item_id": point.id}
    moment = a_moment(platform, **on_it)
    talk = a_moment(platform, kind="discussion", **on_it)
    made = _record(platform, agenda_item_id=point.id)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(PlanningItem, moment.id).status == "treated"
        assert uow.session.get_one(PlanningItem, talk.id).status == "scheduled"
        assert uow.session.get_one(Decision, made.id).planning_item_id == moment.id
        assert uow.session.get_one(Entry, moment.id).status == "confirmed"


@on_one
def test_the_moment_that_the_decision_names_is_treated_without_a_meeting(platform: Platform) -> None:
    college = a_body(platform, "college")
    moment = a_moment(platform, body_id=college.organization_id)
    made = _record(platform, planning_item_id=moment.id)
    assert (made.body_id, made.dossier_id) == (college.organization_id, moment.dossier_id)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(PlanningItem, moment.id).status == "treated"
    again = _record(platform, planning_item_id=moment.id)
    for decision, status in ((made, "treated"), (again, "planned")):
        with platform.unit_of_work(system("test")) as uow:
            remove_decision(uow, decision.id, Approve(version=decision.version, reason="Niet zo besloten."))
        with platform.read(system("test")) as uow:
            assert uow.session.get_one(PlanningItem, moment.id).status == status, "to come again once nothing was decided at it"


@on_one
def test_everybody_who_had_a_say_is_told(platform: Platform) -> None:
    dossier, body = a_dossier(platform), a_body(platform)
    with platform.unit_of_work(system("test")) as uow:
        table = make_project(uow)
        uow.session.add(ParticipationLink(id=uuid7(), dossier_id=dossier.id, subject_id=table.id, at=uow.now))
    made = _record(platform, body_id=body.organization_id, dossier_id=dossier.id)
    (event,) = _told(platform)
    assert (event["thing_id"], event["dossier_id"]) == (str(made.id), str(dossier.id))
    assert {ref["id"] for ref in event["about"]} == {str(made.id), str(dossier.id), str(table.id), str(body.organization_id)}


@on_one
@pytest.mark.parametrize("hidden", ["decision", "dossier", "draft"])
def test_nothing_confidential_is_told(platform: Platform, hidden: str) -> None:
    dossier = a_dossier(platform, title="Grondaankoop", confidential=hidden == "dossier")
    values = {"confidential": hidden == "decision", "publish": hidden != "draft"}
    made = _record(platform, body_id=a_body(platform).organization_id, dossier_id=dossier.id, **values)
    told = _told(platform)
    if hidden == "dossier":
        assert [event["dossier_id"] for event in told] == [None]
        assert str(dossier.id) not in str(told)
    else:
        assert told == []
    with platform.read(system("test")) as uow:
        public = uow.session.execute(select(Change.id).where(Change.subject_id == made.id, Change.public)).all()
        assert bool(public) == (hidden == "dossier")


@on_one
def test_a_public_decision_is_never_edited(platform: Platform) -> None:
    made = _record(platform, body_id=a_body(platform).organization_id)
    values = {name: value for name, value in decision_values(made).items() if name in ChangeDecision.__slots__}
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        change_decision(uow, made.id, ChangeDecision(**{**values, "title": "Toch niet"}))
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Decision, made.id).title == "Het wordt een fietsstraat"


@on_one
def test_a_draft_is_edited_then_public_once(platform: Platform, actor_as: Any) -> None:
    moment = a_moment(platform)
    body = a_body(platform)
    made = _record(platform, body_id=body.organization_id, planning_item_id=moment.id, publish=False)
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(PlanningItem, moment.id).status == "planned"
    values = {name: value for name, value in decision_values(made).items() if name in ChangeDecision.__slots__}
    with platform.unit_of_work(system("test")) as uow:
        draft = change_decision(uow, made.id, ChangeDecision(**{**values, "title": "Een fietsstraat"}))
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        publish_decision(uow, made.id, Approve(version=made.version))
    with pytest.raises(NotAllowed), platform.unit_of_work(actor_as("facilitator")) as uow:
        publish_decision(uow, made.id, Approve(version=draft.version))
    with platform.unit_of_work(system("test")) as uow:
        public = publish_decision(uow, made.id, Approve(version=draft.version))
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        publish_decision(uow, made.id, Approve(version=public.version))
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(PlanningItem, moment.id).status == "treated"
    assert len(_told(platform)) == 1


def test_decisions_replace_each_other_in_one_chain(platform: Platform) -> None:
    first = _record(platform, body_id=a_body(platform).organization_id, dossier_id=a_dossier(platform).id)
    again = RecordDecision(title="Toch een woonerf", result="amended", decided_on=DAY)
    with platform.unit_of_work(system("test")) as uow:
        second = replace_decision(uow, first.id, again)
    assert (second.replaces_id, second.body_id, second.dossier_id) == (first.id, first.body_id, first.dossier_id)
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        replace_decision(uow, first.id, again)
    with platform.unit_of_work(system("test")) as uow:
        third = replace_decision(uow, second.id, again)
    with pytest.raises(Conflict), platform.unit_of_work(system("test")) as uow:
        remove_decision(uow, second.id, Approve(version=uow.session.get_one(Decision, second.id).version, reason="Fout"))
    with platform.unit_of_work(system("test")) as uow:
        remove_decision(uow, third.id, Approve(version=third.version, reason="Fout"))
    with platform.read(system("test")) as uow:
        assert (replaced_by(uow, first.id), replaced_by(uow, second.id)) == (second.id, None)
        sentences = select(Change.sentence).where(Change.subject_id == first.id, Change.public)
        assert "Dit besluit is vervangen door een nieuw besluit." in uow.session.execute(sentences).scalars().all()


@on_one
def test_a_draft_is_not_replaced(platform: Platform) -> None:
    draft = _record(platform, body_id=a_body(platform).organization_id, publish=False)
    with pytest.raises(Invalid), platform.unit_of_work(system("test")) as uow:
        replace_decision(uow, draft.id, RecordDecision(title="Anders", result="adopted", decided_on=DAY))


@on_one
def test_who_decides_for_one_body_does_not_for_another(platform: Platform, actor_as: Any) -> None:
    council, committee = a_body(platform), a_body(platform, "committee")
    clerk = actor_as("decision_maker", council.organization_id)
    assert _record(platform, clerk, body_id=council.organization_id).state == "published"
    with pytest.raises(NotAllowed):
        _record(platform, clerk, body_id=committee.organization_id)
    with pytest.raises(NotAllowed):
        _record(platform, actor_as("facilitator", council.organization_id), body_id=council.organization_id)


@on_one
def test_what_a_decision_names_fits_together(platform: Platform) -> None:
    meeting = a_meeting(platform)
    first, second = points_of(platform, meeting)
    other = a_body(platform, "college")
    decided = a_decision(platform)
    document = a_document(platform)
    with platform.unit_of_work(system("test")) as uow:
        treatment = treat_document(uow, first.id, TreatDocument(document_id=document.id))
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("body_id", {}),
        ("body_id", {"body_id": decided.id}),
        ("body_id", {"agenda_item_id": first.id, "body_id": other.organization_id}),
        ("agenda_item_id", {"agenda_item_id": decided.id}),
        ("dossier_id", {"dossier_id": decided.id, "body_id": other.organization_id}),
        ("planning_item_id", {"planning_item_id": decided.id, "body_id": other.organization_id}),
        ("treatment_id", {"treatment_id": treatment.id, "agenda_item_id": second.id}),
    ]
    for field, values in wrong:
        with pytest.raises(Invalid) as problem:
            _record(platform, **values)
        assert list(problem.value.errors) == [field]
