"""Settings of blocks: declared, checked, stored, logged."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from samen_gereedschap.settings import DAYS_AHEAD, MAX_DAYS
from sqlalchemy import insert, select

from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.grants import grant_role
from samen_core.actor import Actor, anonymous, system
from samen_core.app import SamenFlask
from samen_core.errors import Invalid, NotAllowed
from samen_core.forms import Question
from samen_core.i18n import _
from samen_core.platform import Platform
from samen_core.settings import Setting, Settings, SettingValue, change_settings
from samen_core.web.blueprint import CACHE
from tests.core.accounts.journeys import log_in, make_account
from tests.core.samples import log_rows

if TYPE_CHECKING:
    from flask.testing import FlaskClient


def change(platform: Platform, values: dict[str, Any], actor: Actor | None = None) -> None:
    """Change settings in a transaction of their own."""
    with platform.unit_of_work(actor or system("test")) as uow:
        change_settings(uow, values)


def stored(platform: Platform) -> dict[str, Any]:
    """What is stored."""
    with platform.engine.connect() as connection:
        return {row.key: row.value for row in connection.execute(select(SettingValue.key, SettingValue.value))}


def test_a_setting_has_its_default_until_it_is_changed(platform: Platform) -> None:
    assert platform.setting(DAYS_AHEAD) == 120
    change(platform, {DAYS_AHEAD: 200})
    assert platform.setting(DAYS_AHEAD) == 200
    assert platform.setting(MAX_DAYS) == 14
    assert stored(platform) == {DAYS_AHEAD: 200}


def test_back_to_the_default_is_not_stored(platform: Platform) -> None:
    change(platform, {DAYS_AHEAD: 200})
    change(platform, {DAYS_AHEAD: 120})
    assert stored(platform) == {}
    assert platform.setting(DAYS_AHEAD) == 120


def test_a_change_is_logged_and_nothing_else_is(platform: Platform) -> None:
    change(platform, {DAYS_AHEAD: 200, MAX_DAYS: 14})
    change(platform, {DAYS_AHEAD: 200})
    assert [(row.action, row.before, row.after) for row in log_rows(platform)] == [
        ("core.setting.changed", {DAYS_AHEAD: 120}, {DAYS_AHEAD: 200})
    ]


def test_all_mistakes_at_once_and_nothing_stored(platform: Platform) -> None:
    with pytest.raises(Invalid) as raised:
        change(platform, {DAYS_AHEAD: 5, MAX_DAYS: "veel", "gereedschap.absent": 1, "core.absent": 2})
    assert set(raised.value.errors) == {DAYS_AHEAD, MAX_DAYS, "gereedschap.absent", "core.absent"}
    assert all(str(text) for texts in raised.value.errors.values() for text in texts)
    assert stored(platform) == {}


def test_only_the_manager_changes_settings(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    for actor in (anonymous(), actor_as("resident"), actor_as("moderator")):
        with pytest.raises(NotAllowed):
            change(platform, {DAYS_AHEAD: 200}, actor)
    change(platform, {DAYS_AHEAD: 200}, actor_as("manager"))
    assert stored(platform) == {DAYS_AHEAD: 200}


def test_an_unknown_setting_is_a_mistake_of_the_program(platform: Platform) -> None:
    with pytest.raises(KeyError):
        platform.setting("gereedschap.absent")


def test_another_process_sees_a_change_within_two_seconds(platform: Platform) -> None:
    now = [1000.0]
    platform.monotonic = lambda: now[0]
    other = Settings(platform.settings.declared.values())
    assert other.get(platform, DAYS_AHEAD) == 120
    change(platform, {DAYS_AHEAD: 200})
    now[0] += Settings.MAX_AGE + 0.1
    assert other.get(platform, DAYS_AHEAD) == 200


def test_a_change_that_is_rolled_back_is_forgotten(platform: Platform) -> None:
    with pytest.raises(ZeroDivisionError), platform.unit_of_work(system("test")) as uow:
        change_settings(uow, {DAYS_AHEAD: 200})
        _zero = 1 // 0
    assert platform.setting(DAYS_AHEAD) == 120


def test_a_reader_during_the_change_does_not_keep_the_old_value(platform: Platform) -> None:
    """A request between the change and its commit reads the old value; the one after the commit must not."""
    with platform.unit_of_work(system("test")) as uow:
        change_settings(uow, {DAYS_AHEAD: 200})
        assert platform.setting(DAYS_AHEAD) == 120
    assert platform.setting(DAYS_AHEAD) == 200


@pytest.mark.parametrize(
    ("kind", "value", "options"),
    [
        ("short_text", "Stadhuis", ()),
        ("yes_no", True, ()),
        ("date", date(2026, 12, 3), ()),
        ("one_choice", "b", (("a", "A"), ("b", "B"))),
        ("several_choices", ["a", "b"], (("a", "A"), ("b", "B"))),
        ("place", {"text": "Markt 10", "lat": 52.06, "lon": 4.49}, ()),
        ("number", None, ()),
    ],
)
def test_a_value_of_every_kind_is_read_as_it_was_given(platform: Platform, kind: Any, value: Any, options: Any) -> None:
    question = Question("it", kind, _("Wat?"), options=options)
    default = 3 if kind == "number" else None
    platform.settings = Settings([Setting("gereedschap.it", question, default, _("Groep"))])
    plain = value.isoformat() if isinstance(value, date) else value
    given = question.to_field().deserialize(plain)
    change(platform, {"gereedschap.it": plain})
    assert platform.setting("gereedschap.it") == given
    change(platform, {"gereedschap.it": platform.settings.declared["gereedschap.it"].to_plain(given)})
    assert len(log_rows(platform)) == 1


def test_a_stored_value_that_no_longer_fits_gives_the_default(platform: Platform) -> None:
    """A newer version of a block may ask less, or something else."""
    with platform.unit_of_work(system("test")) as uow:
        for key, value in ((DAYS_AHEAD, 100_000), ("absent.setting", "x")):
            uow.session.execute(insert(SettingValue).values(key=key, value=value, updated_at=uow.now))
    assert platform.setting(DAYS_AHEAD) == 120


def test_a_page_under_a_new_validator_has_the_new_settings(platform: Platform, app: SamenFlask) -> None:
    """Another process changed a setting: the log tells this one before its two seconds are over."""
    client = app.test_client()
    seen: list[object] = []

    def page() -> str:
        seen.append(platform.setting(DAYS_AHEAD))
        return "page"

    setattr(page, CACHE, True)
    app.view_functions[app.url_map.bind("").match("/")[0]] = page
    first = client.get("/").headers["ETag"]
    other = Platform(platform.config)
    change(other, {DAYS_AHEAD: 200})
    other.close()
    second = client.get("/").headers["ETag"]
    assert first != second
    assert seen == [120, 200]


def test_settings_that_were_read_before_a_change_do_not_count_after_it(platform: Platform) -> None:
    """One thread reads while another learns of a change."""
    settings = platform.settings
    usable = settings._usable

    def slow(*given: Any) -> Any:
        settings._usable = usable  # type: ignore[method-assign]
        rows = list(usable(*given))
        change(platform, {DAYS_AHEAD: 200})
        return rows

    settings._usable = slow  # type: ignore[method-assign]
    assert platform.setting(DAYS_AHEAD) == 120
    assert platform.setting(DAYS_AHEAD) == 200


@pytest.fixture
def manager(platform: Platform, app: SamenFlask) -> FlaskClient:
    """A manager who is logged in."""
    account_id = make_account(platform, "wim@samen.example")
    with platform.unit_of_work(system("test")) as uow:
        grant_role(uow, GrantRole(account_id, "manager", reason="test"))
    client = app.test_client()
    log_in(client, "wim@samen.example")
    return client


INDEX = "/beheer/instellingen"
PAGE = f"{INDEX}/gereedschap"


def opened(client: FlaskClient) -> dict[str, str]:
    """The form as the browser would send it without a change."""
    page = client.get(PAGE).text
    found = {name: html.unescape(value) for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)}
    assert json.loads(found["shown"])[DAYS_AHEAD] == int(found["gereedschap-days_ahead"])
    return found


def test_two_managers_who_change_different_settings_keep_both(platform: Platform, manager: FlaskClient) -> None:
    form = opened(manager)
    change(platform, {MAX_DAYS: 60})
    assert manager.post(PAGE, data={**form, "gereedschap-days_ahead": "200"}).status_code == 303
    assert stored(platform) == {DAYS_AHEAD: 200, MAX_DAYS: 60}


def test_two_managers_who_change_the_same_setting_see_both_values(platform: Platform, manager: FlaskClient) -> None:
    form = {**opened(manager), "gereedschap-days_ahead": "200"}
    change(platform, {DAYS_AHEAD: 321})
    answer = manager.post(PAGE, data=form)
    assert answer.status_code == 409
    assert 'value="200"' in answer.text
    assert "321" in re.sub(r'name="shown" value="[^"]*"', "", answer.text)
    assert stored(platform) == {DAYS_AHEAD: 321}
    again = html.unescape(re.findall(r'name="shown" value="([^"]*)"', answer.text)[0])
    assert manager.post(PAGE, data={**form, "shown": again}).status_code == 303
    assert stored(platform) == {DAYS_AHEAD: 200}


@pytest.mark.parametrize("shown", ["", "[]", "{", "[" * 100_000])
def test_a_broken_form_of_settings_is_a_mistake_of_the_sender(platform: Platform, manager: FlaskClient, shown: str) -> None:
    assert manager.post(PAGE, data={**opened(manager), "gereedschap-days_ahead": "200", "shown": shown}).status_code == 400
    assert stored(platform) == {}
