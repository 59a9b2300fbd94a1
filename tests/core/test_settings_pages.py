"""The pages of the settings: per block, to search, put back, and see who changed what; also of blocks that are paused or absent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from samen_gereedschap.settings import DAYS_AHEAD, MAX_DAYS
from sqlalchemy import event, insert, update

from samen_core.accounts.models import User
from samen_core.actor import system
from samen_core.blocks.schemas import PauseBlock
from samen_core.blocks.services import pause_block
from samen_core.pagination import PageRequest
from samen_core.platform import Platform
from samen_core.settings import SettingValue, change_settings, setting_changes
from samen_core.testing.visitors import send_form, text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

INDEX = "/beheer/instellingen"
PAGE = f"{INDEX}/gereedschap"
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def manager(as_role: Callable[..., FlaskClient]) -> FlaskClient:
    """A manager who is logged in."""
    return as_role("manager")


@SQLITE
def test_the_index_lists_blocks_finds_by_word_and_tells_what_is_kept(platform: Platform, manager: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        change_settings(uow, {DAYS_AHEAD: 200})
        uow.session.execute(insert(SettingValue).values(key="stemronde.quorum", value=50, updated_at=uow.now))
        assert change_settings(uow, {}) is None
    seen = text_of(manager.get(INDEX).text)
    assert "waarvan 1 aangepast" in seen
    assert "stemronde: stemronde.quorum" in seen
    label = platform.settings.declared[DAYS_AHEAD].question.label
    word = str(label).split()[-1].strip("?")
    found = manager.get(f"{INDEX}?q={word}").text
    assert f'href="{PAGE}#instelling-gereedschap-{DAYS_AHEAD.partition(".")[2]}"' in found
    assert "Geen instelling gevonden" in manager.get(f"{INDEX}?q=xyzzy").text
    assert manager.get(f"{INDEX}/absent").status_code == 404


@SQLITE
def test_a_setting_goes_back_to_its_default_and_the_history_tells_who(platform: Platform, manager: FlaskClient) -> None:
    assert send_form(manager, PAGE, **{f"gereedschap-{DAYS_AHEAD.partition('.')[2]}": "200"}).status_code == 303
    page = manager.get(PAGE).text
    assert "Zet terug naar de standaard: 120" in text_of(page)
    # What is put back need not be right, and what else was typed is stored.
    days = f"gereedschap-{DAYS_AHEAD.partition('.')[2]}"
    answer = send_form(manager, PAGE, **{days: "onzin", "standaard": DAYS_AHEAD, f"gereedschap-{MAX_DAYS.partition('.')[2]}": "veel"})
    assert answer.status_code == 400
    assert 'name="standaard" value="gereedschap.days_ahead" checked' in answer.text
    assert 'value="veel"' in answer.text
    assert send_form(manager, PAGE, **{days: "onzin", "standaard": DAYS_AHEAD}).status_code == 303
    assert platform.setting(DAYS_AHEAD) == 120
    history = text_of(manager.get(f"{PAGE}/geschiedenis").text)
    assert history.count("Test manager") == 2
    assert "120 200" in history
    assert "200 120" in history
    with platform.write_engine.begin() as connection:
        connection.execute(update(User).values(display_name=""))
    assert "een account dat er niet meer is" in text_of(manager.get(f"{PAGE}/geschiedenis").text)


@SQLITE
def test_settings_of_a_paused_block_can_be_changed(platform: Platform, manager: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        pause_block(uow, PauseBlock("gereedschap", "onderhoud"))
    assert "op pauze" in text_of(manager.get(INDEX).text)
    assert "Deze bouwsteen staat op pauze" in text_of(manager.get(PAGE).text)
    assert send_form(manager, PAGE, **{f"gereedschap-{DAYS_AHEAD.partition('.')[2]}": "200"}).status_code == 303
    assert platform.setting(DAYS_AHEAD) == 200


def test_the_history_is_paged_and_reads_only_the_settings_of_its_block(platform: Platform) -> None:
    """One statement, by the index of these rows, however long the log is."""
    for number in range(5):
        with platform.unit_of_work(system("test")) as uow:
            change_settings(uow, {DAYS_AHEAD: 200 + number})
    statements: list[tuple[str, object]] = []

    @event.listens_for(platform.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_more: object) -> None:
        statements.append((statement, parameters))

    with platform.read(system("test")) as uow:
        first = setting_changes(uow, "gereedschap", PageRequest(limit=3))
        assert [row.after[DAYS_AHEAD] for row in first.items] == [204, 203, 202]
        assert len([sql for sql, _parameters in statements if sql.startswith("SELECT")]) == 1
        rest = setting_changes(uow, "gereedschap", PageRequest(limit=3, cursor=first.next or ""))
        assert [row.after[DAYS_AHEAD] for row in rest.items] == [201, 200]
        assert setting_changes(uow, "gereed", PageRequest()).items == []
        if platform.engine.dialect.name == "sqlite":
            sql, parameters = statements[-1]
            plan = uow.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
            assert any("ix_core__change_settings" in str(row) for row in plan)
