"""Activities of a round: making, changing, ordering, opening and closing them, and who took part."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from samen_core.api import (
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    Platform,
    anonymous,
    system,
)
from samen_doe_mee.models import Activity, Plan, TookPart
from samen_doe_mee.schemas.activities import ActOnActivity, CreateActivity, MoveActivity, UpdateActivity
from samen_doe_mee.services import activities, taking_part
from samen_doe_mee.testing_activities import STAFF, a_round, an_activity
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import activity_state as talk_state


def test_an_activity_of_a_public_plan_collects_at_inbreng_and_stays_the_same_as_it(platform: Platform) -> None:
    made = an_activity(platform, a_round(platform))
    with platform.unit_of_work(STAFF) as uow:
        talk = uow.session.get_one(Talk, made.talk_id)
        assert (talk.title, talk.page, talk.subject_id) == (made.title, f"/doe-mee/meedoen/{made.slug}", made.id)
        assert talk_state(talk, uow.now) == activities.activity_state(made, uow.now) == "open"
        command = UpdateActivity(title="Wat wilt u in het park?", anonymous=False, version=made.version)
        activities.update_activity(uow, made.id, command)
        assert (talk.title, talk.access) == ("Wat wilt u in het park?", "logged_in")
        with pytest.raises(Conflict) as refused:
            activities.update_activity(uow, made.id, replace(command, title="Te laat"))
        assert refused.value.current["title"] == "Wat wilt u in het park?"


def test_a_draft_has_nothing_at_inbreng_until_everybody_may_read_it(platform: Platform) -> None:
    made = an_activity(platform, a_round(platform, public=False))
    assert made.talk_id is None
    with platform.read(anonymous("test")) as uow, pytest.raises(NotFound):
        activities.visible_activity(uow, made.slug)
    with platform.unit_of_work(system("test")) as uow:
        plan = uow.session.get_one(Plan, made.plan_id)
        plan.state, plan.published_at = "published", uow.now
        activities.plan_became_public(uow, plan)
    with platform.read(anonymous("test")) as uow:
        assert activities.visible_activity(uow, made.slug).activity.talk_id is not None


def test_what_cannot_be_is_refused_with_everything_that_is_wrong(platform: Platform) -> None:
    round_id = a_round(platform)
    with platform.unit_of_work(STAFF) as uow:
        late = uow.now + timedelta(days=30)
        with pytest.raises(Invalid) as refused:
            activities.create_activity(
                uow, round_id, CreateActivity(type="reactions", title="Te lang", closes_at=late, options={"asks_text": "misschien"})
            )
        assert set(refused.value.errors) == {"closes_at", "asks_text"}
        with pytest.raises(Invalid):
            activities.create_activity(uow, round_id, CreateActivity(type="onbekend", title="Wat?"))
    with platform.unit_of_work(anonymous("test")) as uow, pytest.raises(NotAllowed):
        activities.create_activity(uow, round_id, CreateActivity(type="reactions", title="Van niemand"))


def test_what_somebody_took_part_in_is_closed_and_not_taken_away(platform: Platform) -> None:
    round_id = a_round(platform)
    empty, used = an_activity(platform, round_id), an_activity(platform, round_id)
    with platform.unit_of_work(anonymous("test")) as uow:
        assert taking_part.took_part(uow, used, who="device a", email="ik@voorbeeld.nl", wants_result=True)
    with platform.unit_of_work(STAFF) as uow:
        assert activities.remove_activity(uow, empty.id, ActOnActivity(version=empty.version))
        assert not activities.remove_activity(uow, used.id, ActOnActivity(version=used.version))
    with platform.read(anonymous("test")) as uow:
        assert activities.activity_state(activities.visible_activity(uow, used.slug).activity, uow.now) == "closed"
        row = uow.session.execute(select(TookPart)).scalar_one()
        assert "voorbeeld" not in row.email
        assert taking_part.unsealed_email(uow, row.email) == "ik@voorbeeld.nl"
        with pytest.raises(Gone):
            activities.visible_activity(uow, empty.slug)


def test_closing_opening_and_moving(platform: Platform) -> None:
    round_id = a_round(platform)
    first, second = an_activity(platform, round_id, title="Eerst"), an_activity(platform, round_id, title="Dan")
    with platform.unit_of_work(STAFF) as uow:
        activities.move_activity(uow, second.id, MoveActivity(to="up"))
        assert [one.title for one in activities.activities_of_rounds(uow, first.plan_id)] == ["Dan", "Eerst"]
        closed = activities.close_now(uow, first.id, ActOnActivity(version=activities.locked_activity(uow, first.id).activity.version))
        assert activities.activity_state(closed, uow.now) == "closed"
        opened = activities.open_now(uow, first.id, ActOnActivity(version=closed.version))
        assert activities.activity_state(opened, uow.now) == "open"
        assert talk_state(uow.session.get_one(Talk, opened.talk_id), uow.now) == "open"


def test_the_same_person_counts_once_however_many_come_at_once(platform: Platform) -> None:
    made = an_activity(platform, a_round(platform))
    new: list[bool] = []

    def come(who: str) -> None:
        with platform.unit_of_work(anonymous("test")) as uow:
            new.append(taking_part.took_part(uow, made, who=who))

    threads = [threading.Thread(target=come, args=(f"device {number % 4}",)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with platform.read(anonymous("test")) as uow:
        assert new.count(True) == 4
        assert uow.session.execute(select(func.count()).select_from(TookPart)).scalar_one() == 4
        assert uow.session.get_one(Activity, made.id).taken_part == 4
