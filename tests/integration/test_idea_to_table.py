"""An idea of residents becomes a question at the table or a project, and the idea says what became of it: two blocks, their events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.api import Project
from samen_core.actor import Actor, system
from samen_core.api import Conflict, Invalid, NotAllowed
from samen_core.platform import Platform
from samen_doe_mee import paths
from samen_doe_mee.models import Idea, IdeaStep
from samen_doe_mee.schemas.idea_trail import MakeProject, PassOn
from samen_doe_mee.services.idea_trail import make_project, pass_on
from samen_doe_mee.testing_support import an_idea
from samen_samenspreker.models import Question
from samen_samenspreker.schemas.questions import JudgeQuestion
from samen_samenspreker.services.judging import accept, refuse

QUESTION = "Hoe maken we de vijver een plek voor iedereen?"
WHY = "Dit is groter dan een bankje. Daarom praten wij er samen over."
ActorAs = Callable[..., Actor]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Both blocks, and what they need."""
    return {"blocks": ["citycontent", "inbreng", "samenspreker", "doe_mee"]}


def pass_it_on(platform: Platform, actor: Actor, idea: Idea) -> None:
    with platform.unit_of_work(actor) as uow:
        version = uow.session.get_one(Idea, idea.id).version
        pass_on(uow, idea.id, PassOn(question=QUESTION, text=WHY, version=version))


@pytest.mark.parametrize(
    ("judge", "said", "status"), [(accept, "ligt nu op tafel", "passed_on"), (refuse, "niet aangenomen", "in_conversation")]
)
def test_an_idea_goes_to_the_table_and_hears_what_became_of_it(
    platform: Platform, outbox: Any, actor_as: ActorAs, client: Any, judge: Any, said: str, status: str
) -> None:
    author, moderator = actor_as("resident"), actor_as("moderator")
    idea = an_idea(platform, account_id=author.account_id)
    pass_it_on(platform, moderator, idea)
    outbox.drain()
    with platform.unit_of_work(actor_as("manager")) as uow:
        question = uow.session.execute(select(Question)).scalar_one()
        assert (question.title, question.state, question.account_id) == (QUESTION, "submitted", None)
        assert paths.idea(idea.slug) in question.description
        assert uow.session.get_one(Idea, idea.id).went_to_id == question.id
        judge(uow, question.id, JudgeQuestion(reason="Dat hebben wij besproken.", version=question.version))
        address = question.slug
    outbox.drain()
    body = client.get(paths.idea(idea.slug)).get_data(as_text=True)
    assert said in body
    assert address in body
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Idea, idea.id).status == status
        steps = uow.session.execute(select(IdeaStep.kind).order_by(IdeaStep.at, IdeaStep.id)).scalars().all()
        assert steps == ["status", "went_to", "went_to"]
    mails = [mail.text for mail in outbox.mails() if mail.subject == "Nieuws over uw idee"]
    assert len(mails) == 3
    assert said in mails[-1]


def test_who_may_not_pass_on_and_what_went_on_already(platform: Platform, outbox: Any, actor_as: ActorAs) -> None:
    idea, moderator = an_idea(platform), actor_as("moderator")
    with pytest.raises(NotAllowed):
        pass_it_on(platform, actor_as("resident"), idea)
    with platform.unit_of_work(moderator) as uow, pytest.raises(Conflict):
        pass_on(uow, idea.id, PassOn(question=QUESTION, text=WHY, version=99))
    with platform.unit_of_work(moderator) as uow, pytest.raises(Invalid):
        pass_on(uow, idea.id, PassOn(question="  ", text=WHY, version=idea.version))
    pass_it_on(platform, moderator, idea)
    with pytest.raises(Invalid):
        pass_it_on(platform, moderator, idea)
    outbox.drain()
    with platform.read(system("test")) as uow:
        assert len(uow.session.execute(select(Question)).scalars().all()) == 1


def test_an_idea_becomes_a_project(platform: Platform, outbox: Any, actor_as: ActorAs, client: Any, project: Project) -> None:
    new, tied, facilitator = an_idea(platform), an_idea(platform, "Een glijbaan"), actor_as("facilitator")
    with platform.unit_of_work(facilitator) as uow:
        made = make_project(uow, new.id, MakeProject(name="Bankjes bij de vijver", text=WHY, version=new.version))
        found = uow.session.get_one(Project, made.project_id)
        assert found.name == "Bankjes bij de vijver"
        assert paths.idea(new.slug) in found.description
        make_project(uow, tied.id, MakeProject(project_id=project.id, text=WHY, version=tied.version))
    with platform.unit_of_work(facilitator) as uow, pytest.raises(Invalid):
        version = uow.session.get_one(Idea, tied.id).version
        make_project(uow, tied.id, MakeProject(project_id=project.id, text=WHY, version=version))
    body = client.get(paths.idea(tied.slug)).get_data(as_text=True)
    assert project.name in body
    assert len(outbox.events("doe_mee.idea.became_project")) == 2
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Idea, tied.id).status == "supported"
