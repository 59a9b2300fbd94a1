"""The line of a dossier: what belongs together is one step, and who may not see something does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from samen_beleidsagenda import testing
from samen_beleidsagenda.models import Dossier
from samen_beleidsagenda.queries.steps import Step
from samen_beleidsagenda.queries.timeline import timeline
from samen_beleidsagenda.services.common import today
from samen_core.api import Actor, Platform, UnitOfWork, anonymous

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def steps(uow: UnitOfWork, dossier: Dossier, *kinds: str) -> list[Step]:
    line = timeline(uow, dossier)
    return [step for step in (*line.past, *line.coming) if not kinds or step.kind in kinds]


@SQLITE
def test_a_chain_of_postponements_is_one_step_with_every_period_it_had(uow: UnitOfWork) -> None:
    dossier = testing.a_dossier(uow)
    day = today(uow).replace(day=1)
    starts = [(day + timedelta(days=32 * at)).replace(day=1) for at in (1, 3, 5)]
    before = None
    for at, start in enumerate(starts):
        last = at == len(starts) - 1
        before = testing.a_moment(
            uow,
            dossier,
            start=start,
            previous_id=before.id if before else None,
            slips=at,
            status="planned" if last else "postponed",
            slip_reason="" if last else f"Reden {at}",
        )
    (step,) = steps(uow, dossier, "moment")
    assert step.period.start == starts[2]
    assert [(slip.period.start, slip.reason) for slip in step.slips] == [(starts[0], "Reden 0"), (starts[1], "Reden 1")]
    assert step.coming
    assert timeline(uow, dossier).next_moment == step


def test_a_moment_on_an_agenda_has_the_day_of_the_meeting_and_a_decision_takes_its_place(uow: UnitOfWork) -> None:
    dossier, council = testing.a_dossier(uow), testing.a_body(uow)
    meeting = testing.a_meeting(uow, council, start=uow.now + timedelta(days=40))
    point = testing.points_of(uow, meeting)[1]
    point.dossier_id = dossier.id
    moment = testing.a_moment(uow, dossier, body_id=council.organization_id, status="scheduled", agenda_item_id=point.id)
    uow.session.flush()
    (step,) = steps(uow, dossier, "moment", "point")
    assert (step.kind, step.period.precision, step.coming, step.body) == ("moment", "day", True, "Gemeenteraad")
    moment.status = "treated"
    testing.a_decision(uow, council, dossier_id=dossier.id, planning_item_id=moment.id, agenda_item_id=point.id)
    (step,) = steps(uow, dossier, "moment", "point", "decision")
    assert (step.kind, step.coming, step.day) == ("decision", False, today(uow))


@SQLITE
def test_a_point_of_an_agenda_without_a_moment_is_a_step(uow: UnitOfWork) -> None:
    dossier = testing.a_dossier(uow)
    meeting = testing.a_meeting(uow)
    testing.points_of(uow, meeting)[1].dossier_id = dossier.id
    uow.session.flush()
    (step,) = steps(uow, dossier, "moment", "point")
    assert (step.kind, step.coming) == ("point", True)


@SQLITE
def test_an_open_moment_whose_period_is_over_is_late_and_stays_in_the_past(uow: UnitOfWork) -> None:
    dossier = testing.a_dossier(uow)
    testing.a_moment(uow, dossier, start=today(uow) - timedelta(days=70), has_say=True)
    testing.a_moment(uow, dossier, start=today(uow) + timedelta(days=70), status="lapsed", slip_reason="Niet nodig.")
    line = timeline(uow, dossier)
    assert line.coming == ()
    late, dropped = (step for step in line.past if step.kind == "moment")
    assert (late.late, late.has_say) == (True, False)
    assert (dropped.day, dropped.text, dropped.late) == (today(uow), "Niet nodig.", False)


@SQLITE
def test_promises_that_are_open_stand_on_the_line_where_they_are_due(uow: UnitOfWork) -> None:
    dossier, council = testing.a_dossier(uow), testing.a_body(uow)
    day = today(uow)
    testing.a_commitment(uow, council, dossier_id=dossier.id, due_date=day - timedelta(days=1))
    testing.a_commitment(uow, council, dossier_id=dossier.id, due_date=day, follow_up="in_progress")
    testing.a_commitment(uow, council, dossier_id=dossier.id, due_date=day + timedelta(days=9), follow_up="settled")
    testing.a_motion(uow, council, dossier_id=dossier.id, status="rejected", due_date=day)
    testing.a_question(uow, dossier_id=dossier.id)
    testing.a_question(uow, dossier_id=dossier.id, answered_on=day, answer="Volgende week.")
    due = steps(uow, dossier, "due")
    assert [(step.day, step.coming, step.late) for step in due] == [
        (day - timedelta(days=1), False, True),
        (day, True, False),
        (day + timedelta(days=30), True, False),
    ]


@SQLITE
def test_drafts_are_for_who_writes_and_what_is_confidential_for_who_may_see_it(
    platform: Platform, uow: UnitOfWork, actor_as: Callable[..., Actor]
) -> None:
    dossier = testing.a_dossier(uow)
    testing.a_moment(uow, dossier, title="Openbaar")
    testing.a_moment(uow, dossier, title="Concept", state="draft")
    testing.a_moment(uow, dossier, title="Geheim", confidential=True)
    testing.a_moment(uow, dossier, title="Weg", state="deleted")
    testing.a_document(uow, dossier, title="Geheim stuk", confidential=True)
    uow.commit()
    seen = {
        "nobody": {"Openbaar"},
        "resident": {"Openbaar"},
        "facilitator": {"Openbaar", "Concept"},
        "decision_maker": {"Openbaar", "Concept", "Geheim", "Geheim stuk"},
    }
    for role, titles in seen.items():
        with platform.read(anonymous() if role == "nobody" else actor_as(role)) as reader:
            found = steps(reader, reader.session.get_one(Dossier, dossier.id), "moment", "document")
            assert {str(step.title) for step in found} == titles, role
