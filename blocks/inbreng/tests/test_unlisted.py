"""What goes with a page of another block: in no list, in no search, and gone with its thing; what was sent can be traced."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import update

from citycontent.models import Project
from samen_core.api import NotAllowed, PageRequest, SignalReceiver, Subject, anonymous, system
from samen_core.platform import Platform
from samen_core.testing.platforms import Clock
from samen_core.testing.visitors import SAME_SITE
from samen_inbreng.api import (
    CONTRIBUTED,
    Activity,
    CloseActivity,
    activity_path,
    close_activity,
    contribution_path,
    finish_subject,
    reopen_activity,
)
from samen_inbreng.queries.activities import ActivityFilter, list_activities
from samen_inbreng.queries.documents import activity_documents, contribution_documents
from samen_inbreng.testing import a_contribution, an_activity

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def test_what_is_not_listed_goes_with_its_thing(platform: Platform, project: Project, client: Any) -> None:
    listed = an_activity(platform, project.id)
    other = an_activity(platform, project.id, page=f"/projecten/{project.slug}", listed=False)
    a_contribution(platform, other)
    with platform.read(anonymous()) as uow:
        assert [row.id for row in list_activities(uow, ActivityFilter(), PageRequest()).items] == [listed.id]
        assert len(list_activities(uow, ActivityFilter(subject_id=project.id), PageRequest()).items) == 2
        assert [document.subject_id for document in activity_documents(uow, [listed.id, other.id])] == [listed.id]
    assert client.get(activity_path(other.slug)).headers["Location"] == f"/projecten/{project.slug}"
    said = contribution_path(other.slug, 1)
    assert client.get(said).status_code == 200
    one, every = "/api/v1/inbreng/contributions/{}", f"/api/v1/inbreng/activities/{other.id}/contributions"
    (id,) = [item["id"] for item in client.get(every).json]
    assert client.get(one.format(id)).status_code == 200
    with platform.read(anonymous()) as uow:
        assert contribution_documents(uow, [uuid.UUID(id)]) == [], "it is not found by itself"
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Subject).where(Subject.id == project.id).values(public=False))
    assert client.get(said).status_code == 404
    assert client.get(one.format(id)).status_code == 404
    assert client.get(every).json == client.get("/api/v1/inbreng/contributions").json == []


def test_without_the_block_of_its_page_it_has_its_own(platform: Platform, project: Project, client: Any) -> None:
    activity = an_activity(platform, project.id, page=f"/projecten/{project.slug}")
    here = activity_path(activity.slug)
    assert client.get(here).headers["Location"] == f"/projecten/{project.slug}"
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Activity).where(Activity.id == activity.id).values(page_of="verdwenen"))
    assert client.get(here).status_code == 200
    assert f'href="{here}"' in client.get("/inbreng").text
    assert client.get(f"/api/v1/inbreng/activities/{activity.id}").json["url"].endswith(here)


def test_what_is_sent_over_the_web_can_be_traced(platform: Platform, project: Project, client: Any, clock: Clock) -> None:
    activity, seen = an_activity(platform, project.id), []
    platform.signals.connect(
        SignalReceiver(CONTRIBUTED, lambda _uow, **values: seen.append((values["contribution"].number, values["address"])))
    )
    mark = re.search(r'name="formulier" value="([^"]+)"', client.get(activity_path(activity.slug)).text)
    assert mark
    clock.forward(seconds=10)
    sent = {"text": "Meer bomen.", "formulier": mark[1], "website": ""}
    assert client.post(activity_path(activity.slug), data=sent, headers=SAME_SITE).status_code == 303
    assert seen == [(1, "127.0.0.1")]


def test_what_was_closed_early_opens_again(platform: Platform, project: Project) -> None:
    activity = an_activity(platform, project.id)
    with platform.unit_of_work(system("test")) as uow:
        close_activity(uow, activity.id, CloseActivity(version=activity.version))
        finish_subject(uow, project.id)
    with platform.unit_of_work(anonymous()) as uow, pytest.raises(NotAllowed):
        reopen_activity(uow, activity.id)
    with platform.unit_of_work(system("test")) as uow:
        reopen_activity(uow, activity.id)
    with platform.read(anonymous()) as uow:
        again = uow.session.get_one(Activity, activity.id)
        assert (again.closed_at, again.finished_at) == (None, None)
    a_contribution(platform, activity)
