"""The pages of meetings: registering by mail, changing, staying away; the list for the door and the report."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from samen_core.api import Platform, system
from samen_core.testing.statements import sent_statements
from samen_core.testing.visitors import SAME_SITE, send_form, text_of
from samen_doe_mee import paths
from samen_doe_mee.models import Meeting, Plan, Registration
from samen_doe_mee.schemas.registrations import Register
from samen_doe_mee.services import registrations
from samen_doe_mee.testing_polls import a_meeting, a_poll

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.status_code
    return text_of(answer.text)


def link_in(mails: list[Any]) -> str:
    found = re.search(r"https?://[^/\s]+(/\S*aanmelding/\S+)", mails[-1].text if hasattr(mails[-1], "text") else mails[-1].body)
    assert found
    return found[1]


def test_a_visitor_registers_by_mail_changes_it_and_stays_away(platform: Platform, client: FlaskClient, outbox: Any) -> None:
    id = a_meeting(platform, places=3)
    path = paths.meeting(id)
    assert "Er zijn nog 3 plaatsen." in page(client, path)
    wrong = send_form(client, f"{path}/aanmelden", page=path, people="12", needs="Een rolstoelplek")
    assert wrong.status_code == 400
    assert "Vul uw naam in" in text_of(wrong.text) or "hoogstens" in text_of(wrong.text)
    assert "Een rolstoelplek" in wrong.text
    done = send_form(client, f"{path}/aanmelden", page=path, name="Jip", email="jip@voorbeeld.nl", people="2")
    assert done.status_code == 303
    assert "Bijna klaar." in page(client, path)
    own = link_in(outbox.mails())
    assert "U hebt uw aanmelding nog niet bevestigd." in page(client, own)
    with platform.read(system("test")) as uow:
        # Looking is not confirming: mail programs open links.
        assert uow.session.get_one(Meeting, id).taken == 0
    client.post(f"{own}/bevestigen", headers=SAME_SITE)
    shown = client.get(own)
    assert "U staat op de lijst." in text_of(shown.text)
    assert shown.headers["X-Robots-Tag"] == "noindex"
    assert "no-store" in shown.headers["Cache-Control"]
    assert send_form(client, f"{own}/wijzigen", page=own, people="4").status_code == 400
    assert send_form(client, f"{own}/wijzigen", page=own, people="3").status_code == 303
    assert "Alle plaatsen zijn bezet." in page(client, path)
    client.post(f"{own}/afmelden", headers=SAME_SITE)
    assert "U bent afgemeld." in page(client, own)
    assert "Er zijn nog 3 plaatsen." in page(client, path)
    assert client.get(f"{paths.REGISTRATION}/{'x' * 40}").status_code == 404
    assert client.get(paths.meeting(uuid.uuid4())).status_code == 404
    assert client.get(f"/en{path}").status_code == 200


def test_an_account_is_on_the_list_at_once(platform: Platform, as_role: Visit) -> None:
    id = a_meeting(platform)
    client = as_role("resident")
    path = paths.meeting(id)
    assert send_form(client, f"{path}/aanmelden", page=path, people="2").status_code == 303
    assert "U staat op de lijst." in page(client, path)
    assert client.get(paths.desk_meeting(id)).status_code == 403


def test_staff_plan_change_tick_and_report(platform: Platform, as_role: Visit, client: FlaskClient, clock: Any) -> None:
    poll = a_poll(platform)
    with platform.read(system("test")) as uow:
        plan = uow.session.get_one(Plan, poll.plan_id)
        start = (uow.now + timedelta(days=3)).strftime("%Y-%m-%dT19:30")
    staff = as_role("facilitator")
    here = paths.desk_plan(plan.slug, "bijeenkomsten")
    assert "Er is nog geen bijeenkomst" in page(staff, here)
    wrong = send_form(staff, f"{here}/nieuw", name="", start_date=start)
    assert wrong.status_code == 400
    made = send_form(staff, f"{here}/nieuw", name="Wijkavond", start_date=start, location="De Ster", places="20")
    assert made.status_code == 303
    desk = made.headers["Location"]
    assert "0 van 20 bezet" in page(staff, desk)
    assert "Wijkavond" in page(client, paths.plan(plan.slug))
    assert send_form(staff, f"{desk}/wijzigen", name="Wijkavond park", places="30").status_code == 303
    assert "Wijkavond park" in page(staff, here)
    id = uuid.UUID(desk.rpartition("/")[2])
    with platform.unit_of_work(system("test")) as uow:
        for number in range(3):
            mine = registrations.register(uow, id, Register(name=f"Gast {number}", email=f"g{number}@voorbeeld.nl", people=2))
            registrations.confirm(uow, mine.key)
    shown = page(staff, f"{desk}/aanwezigen")
    assert "Gast 1" in shown
    assert "6 mensen op de lijst" in shown
    clock.shift = timedelta(days=4)
    with platform.read(system("test")) as uow:
        ids = [str(row) for row in uow.session.execute(select(Registration.id)).scalars()]
    staff = as_role("facilitator")
    assert send_form(staff, f"{desk}/aanwezigen", came=ids[:2], walk_ins="3").status_code == 303
    assert "Verslag volgt" in page(client, paths.meeting(id))
    report = staff.get(f"{desk}/verslag")
    assert 'value="7"' in report.text
    assert send_form(staff, f"{desk}/verslag", report="", organizations="").status_code == 400
    assert send_form(staff, f"{desk}/verslag", report="Wij praatten.", organizations="geen").status_code == 303
    shown = page(client, paths.meeting(id))
    assert "Er kwamen 7 mensen." in shown
    assert "Wij praatten." in shown
    assert "Gast" not in shown


def test_staff_enter_results_from_elsewhere(platform: Platform, as_role: Visit, client: FlaskClient) -> None:
    poll = a_poll(platform, show_results="now")
    here = paths.desk_activity(poll.slug, "uitslagen")
    staff = as_role("facilitator")
    assert "Er is nog niets ingevoerd" in page(staff, here)
    values: dict[str, Any] = {"channel": "social", "held_on": "2020-03-01", "people": "40", "source": "Facebook"}
    wrong = send_form(staff, f"{here}/nieuw", **values, counts="Ja: 41")
    assert wrong.status_code == 400
    assert "Ja: 41" in wrong.text
    assert send_form(staff, f"{here}/nieuw", **values, counts="Ja: 30\nNee: 10").status_code == 303
    assert "40 mensen deden mee." in page(client, paths.activity(poll.slug))
    edit = re.search(rf'href="({here}/[0-9a-f-]+)"', staff.get(here).text)
    assert edit
    assert send_form(staff, edit[1], people="42").status_code == 303
    assert send_form(staff, f"{edit[1]}/weg", reason="Dubbel").status_code == 303
    assert "Er is nog niets ingevoerd" in page(staff, here)
    assert as_role("resident").get(here).status_code == 403


def test_a_page_costs_the_same_with_many_registrations(platform: Platform, as_role: Visit, client: FlaskClient, monkeypatch: Any) -> None:
    now = platform.monotonic()
    monkeypatch.setattr(platform, "monotonic", lambda: now)
    id = a_meeting(platform)
    staff = as_role("facilitator")

    def costs() -> list[int]:
        found = []
        for visitor, path in ((client, paths.meeting(id)), (staff, paths.desk_meeting(id)), (staff, paths.desk_meeting(id, "aanwezigen"))):
            visitor.get(path)
            with sent_statements(platform) as sent:
                assert visitor.get(path).status_code == 200
            found.append(len(sent))
        return found

    few = costs()
    with platform.unit_of_work(system("test")) as uow:
        for number in range(12):
            mine = registrations.register(uow, id, Register(name=f"Gast {number}", email=f"g{number}@voorbeeld.nl"))
            registrations.confirm(uow, mine.key)
    assert costs() == few
    assert max(few) <= 16
