"""Settings of blocks: declared, checked, stored, logged."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from samen_example.settings import AUTHOR_DAYS, MAX_LENGTH
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
    assert platform.setting(MAX_LENGTH) == 280
    change(platform, {MAX_LENGTH: 500})
    assert platform.setting(MAX_LENGTH) == 500
    assert platform.setting(AUTHOR_DAYS) == 30
    assert stored(platform) == {MAX_LENGTH: 500}


def test_back_to_the_default_is_not_stored(platform: Platform) -> None:
    change(platform, {MAX_LENGTH: 500})
    change(platform, {MAX_LENGTH: 280})
    assert stored(platform) == {}
    assert platform.setting(MAX_LENGTH) == 280


def test_a_change_is_logged_and_nothing_else_is(platform: Platform) -> None:
    change(platform, {MAX_LENGTH: 500, AUTHOR_DAYS: 30})
    change(platform, {MAX_LENGTH: 500})
    assert [(row.action, row.before, row.after) for row in log_rows(platform)] == [
        ("core.setting.changed", {MAX_LENGTH: 280}, {MAX_LENGTH: 500})
    ]


def test_all_mistakes_at_once_and_nothing_stored(platform: Platform) -> None:
    with pytest.raises(Invalid) as raised:
        change(platform, {MAX_LENGTH: 5, AUTHOR_DAYS: "veel", "example.absent": 1, "core.absent": 2})
    assert set(raised.value.errors) == {MAX_LENGTH, AUTHOR_DAYS, "example.absent", "core.absent"}
    assert all(str(text) for texts in raised.value.errors.values() for text in texts)
    assert stored(platform) == {}


def test_only_the_manager_changes_settings(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    for actor in (anonymous(), actor_as("resident"), actor_as("moderator")):
        with pytest.raises(NotAllowed):
            change(platform, {MAX_LENGTH: 500}, actor)
    change(platform, {MAX_LENGTH: 500}, actor_as("manager"))
    assert stored(platform) == {MAX_LENGTH: 500}


def test_an_unknown_setting_is_a_mistake_of_the_program(platform: Platform) -> None:
    with pytest.raises(KeyError):
        platform.setting("example.absent")


def test_another_process_sees_a_change_within_two_seconds(platform: Platform) -> None:
    now = [1000.0]
    platform.monotonic = lambda: now[0]
    other = Settings(platform.settings.declared.values())
    assert other.get(platform, MAX_LENGTH) == 280
    change(platform, {MAX_LENGTH: 500})
    now[0] += Settings.MAX_AGE + 0.1
    assert other.get(platform, MAX_LENGTH) == 500


def test_a_change_that_is_rolled_back_is_forgotten(platform: Platform) -> None:
    with pytest.raises(ZeroDivisionError), platform.unit_of_work(system("test")) as uow:
        change_settings(uow, {MAX_LENGTH: 500})
        _zero = 1 // 0
    assert platform.setting(MAX_LENGTH) == 280


def test_a_reader_during_the_change_does_not_keep_the_old_value(platform: Platform) -> None:
    """A request between the change and its commit reads the old value; the one after the commit must not."""
    with platform.unit_of_work(system("test")) as uow:
        change_settings(uow, {MAX_LENGTH: 500})
        assert platform.setting(MAX_LENGTH) == 280
    assert platform.setting(MAX_LENGTH) == 500


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
    platform.settings = Settings([Setting("example.it", question, default, _("Groep"))])
    plain = value.isoformat() if isinstance(value, date) else value
    given = question.to_field().deserialize(plain)
    change(platform, {"example.it": plain})
    assert platform.setting("example.it") == given
    change(platform, {"example.it": platform.settings.declared["example.it"].to_plain(given)})
    assert len(log_rows(platform)) == 1


def test_a_stored_value_that_no_longer_fits_gives_the_default(platform: Platform) -> None:
    """A newer version of a block may ask less, or something else."""
    with platform.unit_of_work(system("test")) as uow:
        for key, value in ((MAX_LENGTH, 100_000), ("absent.setting", "x")):
            uow.session.execute(insert(SettingValue).values(key=key, value=value, updated_at=uow.now))
    assert platform.setting(MAX_LENGTH) == 280


def test_a_page_under_a_new_validator_has_the_new_settings(platform: Platform, app: SamenFlask) -> None:
    """Another process changed a setting: the log tells this one before its two seconds are over."""
    client = app.test_client()
    seen: list[object] = []

    def page() -> str:
        seen.append(platform.setting(MAX_LENGTH))
        return "page"

    setattr(page, CACHE, True)
    app.view_functions[app.url_map.bind("").match("/")[0]] = page
    first = client.get("/").headers["ETag"]
    other = Platform(platform.config)
    change(other, {MAX_LENGTH: 500})
    other.close()
    second = client.get("/").headers["ETag"]
    assert first != second
    assert seen == [280, 500]


def test_settings_that_were_read_before_a_change_do_not_count_after_it(platform: Platform) -> None:
    """One thread reads while another learns of a change."""
    settings = platform.settings
    usable = settings._usable

    def slow(*given: Any) -> Any:
        settings._usable = usable  # type: ignore[method-assign]
        rows = list(usable(*given))
        change(platform, {MAX_LENGTH: 500})
        return rows

    settings._usable = slow  # type: ignore[method-assign]
    assert platform.setting(MAX_LENGTH) == 280
    assert platform.setting(MAX_LENGTH) == 500


@pytest.fixture
def manager(platform: Platform, app: SamenFlask) -> FlaskClient:
    """A manager who is logged in."""
    account_id = make_account(platform, "wim@samen.example")
    with platform.unit_of_work(system("test")) as uow:
        grant_role(uow, GrantRole(account_id, "manager", reason="test"))
    client = app.test_client()
    log_in(client, "wim@samen.example")
    return client


PAGE = "/beheer/instellingen"


def opened(client: FlaskClient) -> dict[str, str]:
    """The form as the browser would send it without a change."""
    page = client.get(PAGE).text
    found = {name: html.unescape(value) for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)}
    assert json.loads(found["shown"])[MAX_LENGTH] == int(found["example-max_length"])
    return found


def test_two_managers_who_change_different_settings_keep_both(platform: Platform, manager: FlaskClient) -> None:
    form = opened(manager)
    change(platform, {AUTHOR_DAYS: 60})
    assert manager.post(PAGE, data={**form, "example-max_length": "500"}).status_code == 303
    assert stored(platform) == {MAX_LENGTH: 500, AUTHOR_DAYS: 60}


def test_two_managers_who_change_the_same_setting_see_both_values(platform: Platform, manager: FlaskClient) -> None:
    form = {**opened(manager), "example-max_length": "500"}
    change(platform, {MAX_LENGTH: 321})
    answer = manager.post(PAGE, data=form)
    assert answer.status_code == 409
    assert 'value="500"' in answer.text
    assert "321" in answer.text.partition('name="shown"')[0]
    assert stored(platform) == {MAX_LENGTH: 321}
    again = html.unescape(re.findall(r'name="shown" value="([^"]*)"', answer.text)[0])
    assert manager.post(PAGE, data={**form, "shown": again}).status_code == 303
    assert stored(platform) == {MAX_LENGTH: 500}


@pytest.mark.parametrize("shown", ["", "[]", "{", "[" * 100_000])
def test_a_broken_form_of_settings_is_a_mistake_of_the_sender(platform: Platform, manager: FlaskClient, shown: str) -> None:
    assert manager.post(PAGE, data={**opened(manager), "example-max_length": "500", "shown": shown}).status_code == 400
    assert stored(platform) == {}
