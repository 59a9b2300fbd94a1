"""The short ways by which tests make things give things that everybody may see, and many of them at once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from samen_beleidsagenda.models import Commitment, CouncilQuestion, Decision, Document, Dossier, Motion, PlanningItem
from samen_beleidsagenda.services.common import get_thing
from samen_beleidsagenda.testing import (
    a_commitment,
    a_decision,
    a_document,
    a_dossier,
    a_meeting,
    a_moment,
    a_motion,
    a_post,
    a_question,
    make_many,
    points_of,
)
from samen_core.actor import anonymous, system

MAKERS = {
    Dossier: a_dossier,
    PlanningItem: a_moment,
    Document: a_document,
    Decision: a_decision,
    Motion: a_motion,
    Commitment: a_commitment,
    CouncilQuestion: a_question,
}


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_everybody_sees_what_is_made(platform, model):
    made = MAKERS[model](platform)
    with platform.read(anonymous()) as uow:
        assert get_thing(uow, model, made.id).title == made.title


def test_a_meeting_has_its_points(platform):
    meeting = a_meeting(platform, points=("Opening", "Rondvraag"))
    assert [(point.number, point.title) for point in points_of(platform, meeting)] == [("1", "Opening"), ("2", "Rondvraag")]


def test_a_post_has_a_body(platform):
    assert a_post(platform).organization_id


def test_many(platform):
    with platform.unit_of_work(system("test")) as uow:
        make_many(uow, 2)
        assert uow.session.execute(select(func.count()).select_from(Dossier)).scalar_one() == 3
        assert uow.session.execute(select(func.count()).select_from(PlanningItem)).scalar_one() == 4
