"""The pages of meetings over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.api import system, uuid7
from samen_core.app import SamenFlask
from samen_core.platform import Platform
from samen_core.testing.platforms import PASSWORD, Clock
from samen_samenspreker.models import Question
from samen_samenspreker.schemas.meetings import PlanMeeting
from samen_samenspreker.services.meetings import plan_meeting
from samen_samenspreker.testing import a_seat, an_accepted_question

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def question(platform: Platform) -> Question:
    return an_accepted_question(platform)


@pytest.fixture
def staff(app: SamenFlask, platform: Platform, question: Question) -> FlaskClient:
    """A browser of who facilitates this table only."""
    with platform.unit_of_work(system("test")) as uow:
        account = create_account(uow, CreateAccount("begeleider@samen.example", "Kim", PASSWORD))
        grant_role(uow, GrantRole(account_id=account.id, role="facilitator", scope=question.id, reason="test"))
    return log_in(app.test_client())


def log_in(client: FlaskClient) -> FlaskClient:
    """Log in, or once more after days in which the session ended."""
    client.post("/inloggen", data={"email": "begeleider@samen.example", "password": PASSWORD}, headers=SAME_SITE)
    return client


def post(client: FlaskClient, page: str, **values: Any) -> Any:
    """Send a form with what stands hidden in it."""
    hidden = dict(re.findall(r'name="(csrf_token|version)" value="([^"]+)"', client.get(page).text))
    return client.post(page, data={**hidden, **values}, headers=SAME_SITE)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0])).split())


def test_planning_holding_and_reporting_a_meeting(
    staff: FlaskClient, client: FlaskClient, platform: Platform, question: Question, clock: Clock
) -> None:
    seats = [a_seat(platform, question, title=f"Stoel {number}") for number in (1, 2)]
    base = f"/samenspreker/{question.slug}/tafel/bijeenkomsten"
    assert "Er is nu geen bijeenkomst gepland" in text_of(client.get(base).text)
    with platform.read(system("test")) as uow:
        start = uow.now + timedelta(days=3)
    when = {"start_date": start.strftime("%Y-%m-%dT19:30"), "end_date": start.strftime("%Y-%m-%dT21:30")}
    answer = post(staff, f"{base}/nieuw", name="Tafelgesprek", location="Buurthuis", agenda="1. **Welkom**", **when)
    assert answer.status_code == 303, text_of(answer.text)
    page = answer.headers["Location"]
    text = text_of(client.get(page).text)
    for words in ("Tafelgesprek", "Buurthuis", "Welkom", "19.30 tot 21.30 uur", question.title):
        assert words in text
    event = re.search(r'href="(/agenda/[^"]+)"', client.get(page).text.partition("Wanneer en waar")[2])
    assert event
    html = client.get(event[1]).text
    assert "Bijeenkomst van een tafel" in html
    assert page in html
    assert page in client.get(f"/samenspreker/{question.slug}/tafel").text

    assert post(staff, f"{page}/verslag", report="Te vroeg").status_code == 400
    clock.forward(days=4)
    log_in(staff)
    assert "Er is nog geen verslag" in text_of(client.get(page).text)
    kept = {f"seat.{seats[0].id.hex}": "present", f"seat.{seats[1].id.hex}": "absent"}
    assert post(staff, f"{page}/aanwezigheid", **kept).status_code == 303
    answer = post(staff, f"{page}/verslag", report="Wij kozen voor *rustig* verkeer.", visitors="12")
    assert answer.status_code == 303
    text = text_of(client.get(page).text)
    for words in (
        "Bezette stoelen: 1 van 2.",
        "Er waren 12 bezoekers.",
        "Stoel 1 : aanwezig",
        "Stoel 2 : afwezig",
        "Wij kozen voor rustig",
    ):
        assert words in text
    assert "12 bezoekers" in text_of(client.get(base).text)


@pytest.fixture
def meeting(platform: Platform, question: Question) -> str:
    """The page of a meeting in a week."""
    with platform.unit_of_work(system("test")) as uow:
        made = plan_meeting(uow, question.id, PlanMeeting(name="Tafelgesprek", start_date=uow.now + timedelta(days=7)))
    return f"/samenspreker/{question.slug}/tafel/bijeenkomsten/{made.event_id}"


def test_wrong_input(staff: FlaskClient, platform: Platform, question: Question, meeting: str, clock: Clock) -> None:
    a_seat(platform, question)
    new = f"/samenspreker/{question.slug}/tafel/bijeenkomsten/nieuw"
    wrong = {"name": "", "start_date": "morgen", "end_date": "", "online_url": "niet://goed", "round_id": str(uuid7())}
    answer = post(staff, new, **wrong, agenda="Blijft staan")
    assert answer.status_code == 400
    assert {"f-name", "f-start_date", "f-online_url"} <= set(re.findall(r'href="#(f-\w+)"', answer.text))
    assert "Blijft staan" in answer.text
    moments = {"start_date": "2030-05-01T20:00", "end_date": "2030-05-01T19:00"}
    assert 'href="#f-end_date"' in post(staff, new, name="Gesprek", **moments).text
    assert staff.get(f"/samenspreker/{question.slug}/tafel/bijeenkomsten/{uuid7()}").status_code == 404
    clock.forward(days=8)
    log_in(staff)
    answer = post(staff, f"{meeting}/aanwezigheid", **{f"seat.{uuid7().hex}": "present"})
    assert answer.status_code == 400
    assert post(staff, f"{meeting}/aanwezigheid", **{"seat.zzz": "present", f"seat.{'z' * 32}": "present"}).status_code == 303
    assert post(staff, f"{meeting}/verslag", report="", visitors="-1").status_code == 400


def test_a_wrong_presence_is_refused(staff: FlaskClient, platform: Platform, question: Question, meeting: str, clock: Clock) -> None:
    seat = a_seat(platform, question, title="Bewoner")
    clock.forward(days=8)
    log_in(staff)
    answer = post(staff, f"{meeting}/aanwezigheid", **{f"seat.{seat.id.hex}": "misschien"})
    assert answer.status_code == 400
    page = staff.get(f"{meeting}/aanwezigheid").text
    old = dict(re.findall(r'name="(csrf_token|version)" value="([^"]+)"', page))
    assert post(staff, f"{meeting}/aanwezigheid", **{f"seat.{seat.id.hex}": "present"}).status_code == 303
    answer = staff.post(f"{meeting}/aanwezigheid", data={**old, f"seat.{seat.id.hex}": "absent"}, headers=SAME_SITE)
    assert answer.status_code == 409
    assert "Nu opgeslagen: Aanwezig" in answer.text
    assert re.search(r'value="absent" checked', answer.text), "what was chosen stays"


def test_changing_and_calling_off(staff: FlaskClient, client: FlaskClient, meeting: str) -> None:
    page = staff.get(f"{meeting}/bewerken").text
    old = dict(re.findall(r'name="(csrf_token|version)" value="([^"]+)"', page))
    moment = {"name": "Tafelgesprek", "start_date": "2030-05-01T20:00"}
    assert post(staff, f"{meeting}/bewerken", **moment, location="Bibliotheek").status_code == 303
    assert "Bibliotheek" in client.get(meeting).text
    answer = staff.post(f"{meeting}/bewerken", data={**old, **moment, "location": "Raadhuis"}, headers=SAME_SITE)
    assert answer.status_code == 409
    assert {"Raadhuis", "Bibliotheek"} <= set(re.findall("Raadhuis|Bibliotheek", answer.text))
    assert post(staff, f"{meeting}/afgelasten", reason="De zaal is dicht.").status_code == 303
    assert "Deze bijeenkomst gaat niet door." in client.get(meeting).text
    assert post(staff, f"{meeting}/afgelasten", reason="Nog eens").status_code == 400


def test_others_cannot(client: FlaskClient, app: SamenFlask, platform: Platform, meeting: str) -> None:
    with platform.unit_of_work(system("test")) as uow:
        create_account(uow, CreateAccount("bewoner@samen.example", "Sam", PASSWORD))
    resident = app.test_client()
    resident.post("/inloggen", data={"email": "bewoner@samen.example", "password": PASSWORD}, headers=SAME_SITE)
    for act in ("bewerken", "afgelasten", "aanwezigheid", "verslag"):
        assert client.get(f"{meeting}/{act}").status_code == 303
        assert client.post(f"{meeting}/{act}", headers=SAME_SITE).status_code == 403
        assert resident.get(f"{meeting}/{act}").status_code == 403
    assert "Bewerken" not in resident.get(meeting).text


def test_another_event_has_no_table(client: FlaskClient, question: Question, meeting: str, platform: Platform) -> None:
    from citycontent.api import CreateEvent, create_event

    with platform.unit_of_work(system("test")) as uow:
        event = create_event(uow, CreateEvent(name="Buurtfeest", start_date=uow.now + timedelta(days=2)))
    assert "Bijeenkomst van een tafel" not in client.get(f"/agenda/{event.slug}").text
    assert client.get(f"/samenspreker/{question.slug}/tafel/bijeenkomsten/{event.id}").status_code == 404


@pytest.mark.usefixtures("meeting")
def test_a_meeting_belongs_to_one_table(client: FlaskClient, platform: Platform, meeting: str) -> None:
    other = an_accepted_question(platform, title="Waar komt de markt?")
    id = meeting.rpartition("/")[2]
    assert client.get(f"/samenspreker/{other.slug}/tafel/bijeenkomsten/{id}").status_code == 404


def test_staff_of_another_table_cannot(platform: Platform, app: SamenFlask, meeting: str, staff: FlaskClient) -> None:
    other: Callable[..., Any] = an_accepted_question
    elsewhere = other(platform, title="Waar komt de markt?")
    assert staff.get(f"/samenspreker/{elsewhere.slug}/tafel/bijeenkomsten/nieuw").status_code == 403
