"""The desk of an activity: making one of a kind, its questions, changing it, opening and closing, entering for somebody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from samen_core.accounts.models import User
from samen_core.api import Platform, anonymous, system, uuid7
from samen_core.testing.visitors import Forms, text_of
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, Colleague
from samen_doe_mee.services.activity_types import ACTIVITY_TYPES
from samen_doe_mee.testing_activities import a_round, an_activity
from samen_doe_mee.web.activity_forms import activity_form
from samen_doe_mee.web.activity_types import BY_CODE
from samen_inbreng.api import Contribution

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
NEW = f"{paths.DESK}/activiteiten/nieuw"
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def filled(client: FlaskClient, path: str, action: str, **values: Any) -> MultiDict[str, str]:
    pairs = [pair for pair in Forms(client.get(path).text).pairs(action) if pair[0] not in values]
    return MultiDict([*pairs, *values.items()])


def stored(platform: Platform, slug: str) -> Activity:
    with platform.read(anonymous("test")) as uow:
        return uow.session.execute(select(Activity).where(Activity.slug == slug)).scalar_one()


def test_every_type_has_its_page_and_a_form_made_of_its_schema(platform: Platform) -> None:
    assert set(BY_CODE) == {kind.code for kind in ACTIVITY_TYPES}
    with platform.read(anonymous("test")) as uow:
        for kind in ACTIVITY_TYPES:
            made = activity_form(uow, kind)
            assert {item.name for item in made.common} >= {"title", "opens_at", "closes_at"}


def test_staff_makes_an_activity_with_a_question_and_changes_it(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    round_id = a_round(platform)
    staff = as_role("facilitator")
    assert "soort=reactions" in staff.get(f"{NEW}?ronde={round_id}").text
    address = f"{NEW}?ronde={round_id}&soort=reactions"
    added = staff.post(address, data=filled(staff, address, NEW, title="Wat mist u?", doe="add-short_text"), headers=SAME_SITE)
    assert added.status_code == 200
    assert 'value="Wat mist u?"' in added.text
    pairs = [pair for pair in Forms(added.text).pairs(NEW) if pair[0] not in ("v-0-label", "doe")]
    empty = staff.post(address, data=MultiDict([*pairs, ("v-0-label", ""), ("doe", "bewaar")]), headers=SAME_SITE)
    assert empty.status_code == 400
    assert "Vraag 1" in empty.text
    made = staff.post(address, data=MultiDict([*pairs, ("v-0-label", "Hoe oud bent u?"), ("doe", "bewaar")]), headers=SAME_SITE)
    assert made.status_code == 303, text_of(made.text)
    assert made.headers["Location"].endswith(paths.desk_activity("wat-mist-u"))
    assert "Hoe oud bent u?" in staff.get(paths.activity("wat-mist-u")).text
    edit = paths.desk_activity("wat-mist-u", "bewerken")
    form = filled(staff, edit, edit, title="Wat mist u nog?", doe="bewaar")
    assert staff.post(edit, data=form, headers=SAME_SITE).status_code == 303
    form["title"] = "Te laat"
    late = staff.post(edit, data=form, headers=SAME_SITE)
    assert late.status_code == 409
    assert "Wat mist u nog?" in late.text
    assert 'value="Te laat"' in late.text


def test_staff_closes_opens_and_takes_away(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    activity = an_activity(platform)
    staff, here = as_role("facilitator"), paths.desk_activity(activity.slug)
    for part, words in (("sluiten", "Gesloten"), ("openen", "Open")):
        sent = staff.post(f"{here}/{part}", data=filled(staff, here, f"{here}/{part}"), headers=SAME_SITE)
        assert sent.status_code == 303
        assert words in staff.get(here).text
    gone = staff.post(f"{here}/weghalen", data=filled(staff, f"{here}/weghalen", f"{here}/weghalen"), headers=SAME_SITE)
    assert gone.status_code == 303
    assert staff.get(paths.activity(activity.slug)).status_code == 410


def test_a_colleague_without_a_role_in_the_city_enters_a_letter_and_a_stranger_does_not(
    platform: Platform, as_role: Callable[..., FlaskClient], outbox: Any, clock: Any
) -> None:
    activity = an_activity(platform)
    colleague = as_role("resident")
    enter = paths.desk_activity(activity.slug, "invoeren")
    assert colleague.get(enter).status_code == 403
    with platform.unit_of_work(system("test")) as uow:
        id = uow.session.execute(select(User.id).where(User.email.like("resident-%"))).scalar_one()
        uow.session.add(Colleague(id=uuid7(), plan_id=activity.plan_id, account_id=id, role="answerer", added_at=uow.now))
    form = filled(colleague, enter, enter, text="Per brief: meer licht.", channel="letter", received_on="2026-01-02")
    clock.forward(seconds=10)
    sent = colleague.post(enter, data=form, headers=SAME_SITE)
    assert sent.status_code == 303, sent.text
    with platform.read(anonymous("test")) as uow:
        made = uow.session.execute(select(Contribution)).scalar_one()
        assert (made.channel, made.entered_by_id) == ("letter", id)
    outbox.drain()
    assert stored(platform, activity.slug).taken_part == 1
