"""The agenda by theme, area, portfolio holder and body, and how a manager sets it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from citycontent.api import CreateTheme, PartialDate, create_theme
from citycontent.testing import make_area, make_organization
from samen_beleidsagenda import testing
from samen_beleidsagenda.models import Body, Goal, ThemeHolder
from samen_beleidsagenda.schemas.structure import NameHolder
from samen_beleidsagenda.services import themes
from samen_beleidsagenda.services.entries import keep_entries_of_dossier
from samen_core.api import Platform, system
from samen_core.testing.visitors import send_form, text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
HOME, DESK = "/beleidsagenda", "/beleidsagenda/werk"


@SQLITE
def test_what_is_on_the_agenda_is_found_by_theme_area_holder_and_body(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        theme, area = create_theme(uow, CreateTheme(name="Verkeer")), make_area(uow, classification="wijk")
        council = testing.a_body(uow)
        post = testing.a_post(uow, "Wethouder verkeer")
        themes.name_holder(uow, theme.id, NameHolder(post_id=post.id, start_date=PartialDate("2020")))
        dossier = testing.a_dossier(uow, themes=[theme.id], areas=[area.id], holder_id=post.id)
        testing.a_moment(uow, dossier, body_id=council.organization_id, title="De raad besluit over de straat")
        testing.a_dossier(uow, themes=[theme.id], areas=[area.id], holder_id=post.id, title="Vertrouwelijke grond", confidential=True)
        testing.a_dossier(uow, themes=[theme.id], areas=[area.id], holder_id=post.id, title="Nog een concept", state="draft")
        testing.a_goal(uow, theme.id)
        testing.a_goal(uow, theme.id, title="Een doel in concept", state="draft")
        keep_entries_of_dossier(uow, dossier)
        slug, id = area.slug, post.id
    overviews = {
        f"{HOME}/themas": "1 lopend dossier",
        f"{HOME}/gebieden": area.name,
        f"{HOME}/portefeuilles": "Wethouder verkeer",
        f"{HOME}/organen": "Gemeenteraad",
    }
    for path, words in overviews.items():
        assert words in text_of(client.get(path).text), path
    for path in (f"{HOME}/themas/verkeer", f"{HOME}/gebieden/{slug}", f"{HOME}/portefeuilles/{id}"):
        page = text_of(client.get(path).text)
        assert "Een veilige Dorpsstraat" in page, path
        assert "De raad besluit over de straat" in page, path
        assert "Vertrouwelijke grond" not in page
        assert "oncept" not in page
    assert "De raad besluit over de straat" in text_of(client.get(f"{HOME}/organen/gemeenteraad").text)
    assert "Minder ongelukken" in text_of(client.get(f"{HOME}/themas/verkeer").text)
    assert client.get(f"{HOME}/themas/niets").status_code == 404
    assert client.get(f"/en{HOME}/themas/verkeer").status_code == 200


@SQLITE
def test_a_manager_sets_up_the_agenda(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        theme_id = create_theme(uow, CreateTheme(name="Verkeer")).id
        college = make_organization(uow, "College", "government")
    manager, officer, clerk = as_role("manager"), as_role("facilitator"), as_role("decision_maker")
    assert officer.get(f"{DESK}/organen").status_code == 403
    assert "Er zijn nog geen organen" in text_of(manager.get(f"{DESK}/organen").text)
    made = send_form(manager, f"{DESK}/organen/nieuw", organization_id="College", kind="college", position="2")
    assert made.headers["Location"] == f"{DESK}/organen"
    again = send_form(manager, f"{DESK}/organen/nieuw", organization_id="College", kind="college")
    assert "Deze organisatie is al een orgaan." in again.text
    assert send_form(manager, f"{DESK}/organen/college", position="3").status_code == 303
    with platform.unit_of_work(system("test")) as uow:
        post = testing.a_post(uow, "Wethouder verkeer", uow.session.get_one(Body, college.id))
    desk = f"{DESK}/themas/verkeer"
    assert send_form(manager, f"{desk}/bewerken", task_field="2.1", position="1").status_code == 303
    named = send_form(manager, f"{desk}/portefeuillehouder", post_id=str(post.id), start_date="2022", end_date="")
    assert named.status_code == 303, text_of(named.text)
    assert "Wethouder verkeer" in text_of(client.get(f"{HOME}/themas/verkeer").text)
    with platform.read(system("test")) as reader:
        holding = reader.session.execute(select(ThemeHolder.id)).scalar_one()
    assert send_form(manager, f"{DESK}/portefeuilles/{holding}", end_date="2021").status_code == 400
    assert send_form(manager, f"{DESK}/portefeuilles/{holding}", end_date="5-2023").status_code == 303
    assert "van 2022 tot en met mei 2023" in text_of(manager.get(desk).text)
    goal = send_form(officer, f"{HOME}/themas/verkeer/doel", title="Minder ongelukken")
    path = goal.headers["Location"]
    assert client.get(path).status_code == 404
    with platform.read(system("test")) as reader:
        id = reader.session.execute(select(Goal.id)).scalar_one()
    assert send_form(clerk, f"{DESK}/akkoord/goal/{id}/openbaar").headers["Location"] == path
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Goal, id).indicator_id = theme_id
    assert send_form(officer, f"{path}/bewerken", progress="behind").status_code == 303
    with platform.read(system("test")) as reader:
        assert reader.session.get_one(Goal, id).indicator_id == theme_id
    assert "Loopt achter" in text_of(client.get(path).text)
    assert send_form(manager, f"{DESK}/organen/college/weghalen", reason="Vergissing").status_code == 303
    assert "Er zijn nog geen organen" in text_of(client.get(f"{HOME}/organen").text)
