"""A questionnaire of a plan: filling it in, keeping it for later, on paper, and what becomes public."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from samen_core.api import Form, Platform, Question, anonymous, form_to_json, system
from samen_core.app import create_app
from samen_core.testing.visitors import SAME_SITE, Forms
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, HalfFilled
from samen_doe_mee.services.activity_types import type_of
from samen_doe_mee.services.retention import RULES
from samen_doe_mee.testing_activities import an_activity

FORM = form_to_json(
    Form(
        (
            Question("komt", "one_choice", "Hoe vaak komt u er?", required=True, options=(("vaak", "Vaak"), ("soms", "Soms"))),
            Question("mist", "long_text", "Wat mist u?"),
        )
    )
)


def a_questionnaire(platform: Platform) -> Activity:
    return an_activity(platform, type="questionnaire", title="Het park in cijfers", options={"form": FORM})


def filled(client: FlaskClient, path: str, **values: str) -> MultiDict[str, str]:
    pairs = [pair for pair in Forms(client.get(path).text).pairs(path) if pair[0] not in values]
    return MultiDict([*pairs, *((name.replace("_", "-") if name == "doe_dit" else name, value) for name, value in values.items())])


def test_it_is_filled_in_and_counts_are_public_only_after_five_and_closing(platform: Platform, client: FlaskClient, clock: Any) -> None:
    activity = a_questionnaire(platform)
    path = paths.activity(activity.slug)
    for number in range(5):
        form = filled(client, path, komt="vaak", mist=f"Een bank {number}")
        clock.forward(seconds=10)
        assert client.post(path, data=form, headers=SAME_SITE).status_code == 303
    again = client.post(path, data=form, headers=SAME_SITE)
    assert again.status_code == 409
    with platform.read(anonymous("test")) as uow:
        stored = uow.session.get_one(Activity, activity.id)
        assert stored.taken_part == 5
        assert list(type_of("questionnaire").open_data(uow, stored)) == []
    clock.forward(days=12)
    with platform.read(anonymous("test")) as uow:
        rows = list(type_of("questionnaire").open_data(uow, uow.session.get_one(Activity, activity.id)))
        assert {"question": "Hoe vaak komt u er?", "answer": "Vaak", "number": 5, "share": 100, "average": None} in rows
        assert "Een bank" not in str(rows)
    assert "100" in client.get(path).text


def test_half_filled_in_is_kept_sealed_and_found_again_with_the_code(platform: Platform, client: FlaskClient, clock: Any) -> None:
    activity = a_questionnaire(platform)
    path = paths.activity(activity.slug)
    kept = client.post(path, data=filled(client, path, mist="Een heel lange gedachte", doe_dit="later"), headers=SAME_SITE)
    assert kept.status_code == 303
    later = client.get(kept.headers["Location"]).text
    code = re.search(r'inbreng-code"[^>]*>([^<]+)<', later)
    assert code
    assert "Een heel lange gedachte" in client.get(path).text
    with platform.read(anonymous("test")) as uow:
        row = uow.session.execute(select(HalfFilled)).scalar_one()
        assert "gedachte" not in row.answers
        assert code[1] not in row.who
    other = create_app(platform).test_client()
    assert "Een heel lange gedachte" not in other.get(path).text
    assert "niets bewaard" in other.post(f"{path}/verder", data={"code": "AAAA-BBBB-CCCC"}, headers=SAME_SITE).text
    assert other.post(f"{path}/verder", data={"code": code[1].lower()}, headers=SAME_SITE).status_code == 303
    form = filled(other, path, komt="soms")
    assert form["mist"] == "Een heel lange gedachte"
    clock.forward(seconds=10)
    assert other.post(path, data=form, headers=SAME_SITE).status_code == 303
    with platform.read(anonymous("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(HalfFilled)).scalar_one() == 0


def test_what_was_kept_goes_after_two_weeks(platform: Platform, client: FlaskClient, clock: Any) -> None:
    activity = a_questionnaire(platform)
    path = paths.activity(activity.slug)
    client.post(path, data=filled(client, path, mist="Later verder", doe_dit="later"), headers=SAME_SITE)
    rule = next(rule for rule in RULES if rule.name == "doe_mee.half_filled")
    with platform.unit_of_work(system("test")) as uow:
        assert rule.due(uow).number == 0
    clock.forward(days=15)
    with platform.unit_of_work(system("test")) as uow:
        assert rule.apply(uow, 10) == 1


def test_paper_is_printed_and_entered_once(
    platform: Platform, as_role: Callable[..., FlaskClient], client: FlaskClient, clock: Any
) -> None:
    activity = a_questionnaire(platform)
    assert "Hoe vaak komt u er?" in client.get(paths.activity(activity.slug, "papier")).text
    staff, enter = as_role("facilitator"), paths.desk_activity(activity.slug, "lijst-invoeren")
    values = {"komt": "soms", "hoe-binnen": "letter", "van-wie": "citizens"}
    pairs = [pair for pair in Forms(staff.get(enter).text).pairs(enter) if pair[0] not in values]
    form = MultiDict([*pairs, *values.items()])
    clock.forward(seconds=10)
    for _time in range(2):
        answer = staff.post(enter, data=form, headers=SAME_SITE)
        assert answer.status_code == 303, answer.text
    with platform.read(anonymous("test")) as uow:
        assert uow.session.get_one(Activity, activity.id).taken_part == 1
    assert client.get(enter).status_code in (302, 303, 401, 403)
