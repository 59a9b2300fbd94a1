"""The desk: list, map, board, views, and the page of a case."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from citycontent.testing import make_area
from samen_core.api import Actor, NotAllowed, NotFound, Platform, format_day, system, uuid7
from samen_core.events.worker import Worker
from samen_core.testing.visitors import SAME_SITE, Forms, send_form, text_of
from samen_oog_oor import paths, testing
from samen_oog_oor.models import Case, Forward, Inquiry, Note, ReadyText, SavedView, Server, Viewing
from samen_oog_oor.services.desk import remove_view
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.working_days import today

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


def titles(html: str) -> list[str]:
    return re.findall(r'samen-rows__title"><a[^>]*>([^<]+)', html)


def test_the_desk_is_for_who_works_at_cases(client: FlaskClient, as_role: Visit) -> None:
    for path in (paths.DESK, paths.BOARD, f"{paths.DESK}/kaart", f"{paths.DESK}/zaken.csv"):
        assert client.get(path).status_code in (302, 303, 403), path
        assert as_role("resident").get(path).status_code == 403, path


def test_an_organization_sees_its_own_cases_and_nothing_confidential(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        team = testing.an_organization(uow, "Groenbeheer")
        category = testing.a_category(uow)
        mine = testing.a_case(uow, category, title="Van ons", organization_id=team.id)
        other = testing.a_case(uow, category, title="Van een ander")
        secret = testing.a_case(uow, category, title="Heel geheim", organization_id=team.id, confidential=True)
        testing.a_signal(uow, secret, text="Geheime woorden")
        ids = mine.number, other.number, secret.number
    desk = as_role("facilitator", team.id)
    assert titles(desk.get(paths.DESK).text) == ["Van ons"]
    for path in (f"{paths.DESK}/kaart", paths.BOARD, f"{paths.DESK}?q=Geheime", f"{paths.DESK}/zaken.csv", f"{paths.DESK}/zaken.geojson"):
        said = desk.get(path).text
        assert not [secret for secret in ("Heel geheim", ids[2], "Van een ander") if secret in said], path
    assert [desk.get(paths.work(number)).status_code for number in ids] == [200, 403, 404]
    boss = as_role("manager")
    assert "Heel geheim" in boss.get(paths.DESK).text
    assert boss.get(paths.work(secret.number)).status_code == 200
    boss.get(paths.work(secret.number))
    with platform.read(system("test")) as uow:
        rows = uow.session.execute(select(Viewing).where(Viewing.case_id == secret.id)).scalars().all()
        assert [row.what for row in rows] == ["confidential"], "opened twice within an hour is written down once"


def test_a_view_is_kept_used_shared_and_taken_away(platform: Platform, as_role: Visit) -> None:
    mine, other = as_role("facilitator"), as_role("facilitator")
    answer = send_form(
        mine,
        f"{paths.DESK}/weergaven",
        page=f"{paths.DESK}/weergaven?filters=staat%3Dwacht%26q%3Dlamp%26cursor%3Dx",
        name="Wachtend",
        shared="true",
    )
    assert answer.status_code == 303
    assert answer.location.endswith("?staat=wacht&q=lamp")
    assert "Wachtend" in other.get(paths.DESK).text
    with platform.read(system("test")) as uow:
        view = uow.session.execute(select(SavedView)).scalar_one()
    gone = f"{paths.DESK}/weergaven/{view.id}/weg"
    assert as_role("decision_maker").post(gone, headers=SAME_SITE).status_code == 403
    assert mine.post(gone, data=_token(mine), headers=SAME_SITE).status_code == 303
    assert "Wachtend" not in other.get(paths.DESK).text


def test_a_colleague_takes_only_shared_views_away_and_not_without_the_right(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    owner, colleague = actor_as("facilitator"), actor_as("facilitator")
    assert owner.account_id is not None
    with platform.unit_of_work(system("test")) as uow:
        own = testing.a_view(uow, owner.account_id, name="Van mij")
        shared = testing.a_view(uow, owner.account_id, name="Van ons", shared=True)
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        remove_view(uow, shared.id)
    with platform.unit_of_work(colleague) as uow:
        remove_view(uow, shared.id)
        with pytest.raises(NotFound):
            remove_view(uow, own.id)


def _token(client: FlaskClient, path: str = paths.DESK) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).text)
    return {"csrf_token": found[1]} if found else {}


def test_the_map_draws_cases_together_and_leads_closer(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        area = make_area(uow, "Buurt Een", "buurt")
        category = testing.a_category(uow)
        for step in range(6):
            testing.a_case(uow, category, title=f"Lamp {step}", lat=area.lat + 0.00011 + step * 0.00001, lon=area.lon + 0.0001)
        testing.a_case(uow, category, title="Zonder plek", lat=None, lon=None)
    html = as_role("facilitator").get(f"{paths.DESK}/kaart").text
    assert ">6</text>" in html, "six at one place are one circle"
    assert "1 zaak is de plek niet bekend" in text_of(html)
    assert "vak=" in html


def test_the_board_offers_only_moves_that_are_allowed(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow, title="Lamp stuk")
    desk = as_role("facilitator")
    assert "Geen zaak past bij wat u zoekt" in desk.get(f"{paths.BOARD}?q=vliegtuig").text
    html = desk.get(paths.BOARD).text
    card = html[html.index("Lamp stuk") :].partition("</li>")[0]
    assert 'value="in_progress"' in card
    assert 'value="planned"' not in card
    assert 'value="reopening_requested"' not in card
    move = desk.get(f"{paths.BOARD}/verplaats?zaak={case.number}&naar=resolved")
    assert move.location.endswith(f"{paths.work(case.number, 'verder')}?naar=resolved")
    assert desk.get(f"{paths.BOARD}/verplaats?zaak={case.number}&naar=awaiting_reporter").location.endswith("/vraag")
    assert desk.get(f"{paths.BOARD}/verplaats?zaak={case.number}&naar=x").status_code == 400


def test_the_page_of_a_case_tells_everything_but_who_reported(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow, title="Lamp stuk")
        signal = testing.a_signal(uow, case, email="noor@example.org", name="Noor Jansen")
        testing.a_note(uow, case, "Gebeld met de aannemer.")
        testing.an_update(uow, case, "Wij kijken ernaar.")
        testing.a_task(uow, case, "Lamp vervangen")
    desk = as_role("facilitator")
    html = desk.get(paths.work(case.number)).text
    said = text_of(html)
    for text in (testing.TEXT, "Gebeld met de aannemer.", "Wij kijken ernaar.", "Lamp vervangen", signal.code[:4], "Neem in behandeling"):
        assert text in said, text
    assert "noor@example.org" not in html
    assert "Noor Jansen" not in html
    assert signal.code not in html, "with the code one comes where the contact details stand"
    contact = paths.work(case.number, f"contact/{signal.id}")
    assert "noor@example.org" not in desk.get(contact).text, "first it is asked what for"
    wrong = send_form(desk, contact)
    assert (wrong.status_code, "noor@example.org" in wrong.text) == (400, False)
    shown = send_form(desk, contact, reason="visit")
    assert "noor@example.org" in shown.text
    assert "Noor Jansen" in shown.text
    with platform.read(system("test")) as uow:
        assert [(row.what, row.reason) for row in uow.session.execute(select(Viewing)).scalars()] == [("contact", "visit")]
    assert "Test facilitator, contactgegevens (Een afspraak maken op de plek)" in text_of(desk.get(paths.work(case.number)).text)


def test_a_case_is_assigned_noted_and_made_urgent(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow)
    desk = as_role("facilitator")
    assert send_form(desk, paths.work(case.number, "behandelaar")).status_code == 303, "oneself is filled in"
    assert send_form(desk, paths.work(case.number, "urgentie"), priority="high", reason="School in de buurt").status_code == 303
    assert send_form(desk, paths.work(case.number, "notitie"), text="Even gebeld.").status_code == 303
    nobody_asked = desk.get(paths.work(case.number, "heropening"))
    assert (nobody_asked.status_code, nobody_asked.location) == (303, paths.work(case.number))
    assert "Niemand vroeg om deze zaak weer te openen" in desk.get(paths.work(case.number)).text
    said = text_of(desk.get(paths.work(case.number)).text)
    assert "Behandelaar Test facilitator" in said
    assert "Urgentie: Hoog" in said
    assert "Even gebeld." in said
    assert titles(desk.get(f"{paths.DESK}?behandelaar=ik").text) == [case.title]
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(func.count()).select_from(Note)).scalar_one() == 1


def test_who_is_second_is_told(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow)
    desk = as_role("facilitator")
    stale = {**_token(desk), "version": str(case.version), "priority": "low"}
    assert send_form(desk, paths.work(case.number, "urgentie"), priority="high").status_code == 303
    answer = desk.post(paths.work(case.number, "urgentie"), data=stale, headers=SAME_SITE)
    assert answer.status_code == 409
    assert "Iemand anders heeft dit intussen gewijzigd" in answer.text
    with platform.read(system("test")) as uow:
        stale["version"] = str(uow.session.get_one(Case, case.id).version)
    closing = {**stale, "state": "resolved", "resolution": "repaired", "text": "Klaar.", "gezien": "Klaar."}
    further = paths.work(case.number, "verder")
    assert desk.post(further, data=closing, headers=SAME_SITE).status_code == 303
    second = desk.post(further, data=closing, headers=SAME_SITE)
    assert second.status_code == 409, "not only that the step cannot be made: why not"
    assert "Klaar.</textarea>" in second.text


def test_a_case_is_closed_after_a_look_at_what_the_reporter_reads(platform: Platform, as_role: Visit, outbox: object) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow, state="in_progress", public_place="de Markt")
        testing.a_signal(uow, case)
        ready = testing.a_ready_text(uow, name="Vervangen", text="De lamp bij {plek} ({nummer}) is vervangen.")
    desk, path = as_role("facilitator"), paths.work(case.number, "verder")
    html = desk.get(f"{path}?naar=resolved").text
    assert "Vervangen" in html
    start = f"{path}?naar=resolved&tekst={ready.id}"
    assert f"De lamp bij de Markt ({case.number}) is vervangen." in desk.get(start).text
    look = send_form(desk, path, page=start)
    assert look.status_code == 200
    assert "Zo leest elke melder het" in look.text
    with platform.read(system("test")) as uow:
        assert uow.session.get_one(Case, case.id).state == "in_progress", "a look changes nothing"
    for where in (path, paths.work(case.number, "bericht")):
        wrong = send_form(desk, where, page=start if where == path else where, text="Zaak {nummre} is klaar.")
        assert wrong.status_code == 400
        assert "{nummre}” kan niet ingevuld worden" in wrong.text
        assert "Zaak {nummre} is klaar.</textarea>" in wrong.text, "what was typed stays"
    for part, more in (("vraag", {}), ("derde", {"email": "aannemer@example.org"})):
        where = paths.work(case.number, part)
        wrong = send_form(desk, where, text="Zaak {nummre}", questions="Is {plek} goed?\nEn {plaats}?", **more)
        assert wrong.status_code == 400
        for place in ("{nummre}", "{plaats}"):
            assert f"{place}” kan niet ingevuld worden" in wrong.text, (part, place)
        assert "Zaak {nummre}</textarea>" in wrong.text
        assert send_form(desk, where, text="Dit is {nummer}.", questions="Is {plek} goed?", **more).status_code == 303
    with platform.unit_of_work(system("test")) as uow:
        asked = uow.session.execute(select(Inquiry)).scalars().all()
        assert [one.text for one in asked] == [f"Dit is {case.number}."] * 2
        assert [one.form["questions"][0]["label"] for one in asked] == ["Is de Markt goed?"] * 2
        uow.session.get_one(Case, case.id).state = "in_progress"
    typed = send_form(desk, path, page=start, text="De lamp bij {plek} ({nummer}) is vervangen.")
    text = f"De lamp bij de Markt ({case.number}) is vervangen."
    assert typed.text.count(text) == 2, "shown, and remembered as seen"
    assert send_form(desk, path, page=start, gezien=text).status_code == 303
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Case, case.id)
        assert (found.state, found.resolution, found.answer) == ("resolved", "repaired", text)
    empty = send_form(desk, path, page=f"{path}?naar=in_progress", text="")
    assert empty.status_code == 400
    assert "Schrijf waarom" in empty.text


def test_ready_texts_are_written_by_who_divides_the_work(platform: Platform, as_role: Visit) -> None:
    desk = as_role("facilitator")
    new = f"{paths.TEXTS}/nieuw"
    wrong = send_form(desk, new, name="Klaar", state="resolved", text="Zaak {nummre} is klaar.")
    assert wrong.status_code == 400
    assert "kan niet ingevuld worden" in wrong.text
    assert send_form(desk, new, name="Klaar", state="resolved", text="Zaak {nummer} is klaar.").status_code == 303
    with platform.read(system("test")) as uow:
        text = uow.session.execute(select(ReadyText)).scalar_one()
    assert "Klaar" in text_of(desk.get(paths.TEXTS).text)
    assert send_form(desk, f"{paths.TEXTS}/{text.id}", name="Helemaal klaar").status_code == 303
    assert send_form(desk, f"{paths.TEXTS}/{text.id}/weg").status_code == 303
    assert "Hier komen de teksten" in desk.get(paths.TEXTS).text


def test_exports_hold_no_words_of_reporters(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow, title="=Lamp stuk")
        testing.a_signal(uow, case, text="Mijn buurman Piet deed het")
    desk = as_role("facilitator")
    table, layer = desk.get(f"{paths.DESK}/zaken.csv"), desk.get(f"{paths.DESK}/zaken.geojson")
    assert case.number in table.text
    assert "'=Lamp stuk" in table.text, "no cell is a formula"
    assert layer.json["features"][0]["properties"]["number"] == case.number
    assert layer.json["features"][0]["geometry"]["coordinates"] == [case.lon, case.lat]
    for said in (table.text, layer.text):
        assert "Piet" not in said
        assert testing.EMAIL not in said
    assert "zaken.csv?staat=alles" in desk.get(f"{paths.DESK}?staat=alles").text, "a file holds what the list shows"


def test_tasks_wait_on_the_desk(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        testing.a_case(uow)
        testing.a_case(uow, state="reopening_requested", ended_as="resolved")
    said = text_of(as_role("facilitator").get("/").text)
    assert "1 nieuwe zaak heeft nog niemand" in said
    assert "Bij 1 zaak is heropening gevraagd" in said


def test_a_case_on_paper_holds_no_contact_details(platform: Platform, as_role: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    pressed: list[str] = []
    monkeypatch.setattr("samen_oog_oor.web.work_export.make_pdf", lambda _platform, html: pressed.append(html) or b"%PDF-1.7")
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow, title="Lamp stuk")
        testing.a_signal(uow, case, name="Noor Jansen")
        testing.a_signal(uow, case, text="Auto 12-ABC-3 staat er al weken. Bel mij op 06-12345678.")
        testing.a_note(uow, case, "Gebeld met de aannemer.")
        testing.a_note(uow, case, "Melder mailt vanaf noor.jansen@example.org.")
        testing.an_inquiry(uow, case)
    answer = as_role("facilitator").get(paths.work(case.number, "zaak.pdf"))
    assert answer.data.startswith(b"%PDF-")
    assert "attachment" in answer.headers["Content-Disposition"]
    as_role("facilitator").get(f"/en{paths.work(case.number, 'zaak.pdf')}")
    html, english = pressed
    assert ("What was reported" in english, "Wat er gemeld is" in english) == (True, False), "one language on one paper"
    assert all(text in html for text in ("Lamp stuk", testing.TEXT, "Gebeld met de aannemer.", "12-ABC-3"))
    assert not [secret for secret in ("Noor Jansen", testing.EMAIL, "12345678", "noor.jansen@") if secret in html]


def test_a_case_to_merge_with_is_found_by_its_words(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        category = testing.a_category(uow)
        case = testing.a_case(uow, category, title="Lamp uit", lat=52.05)
        other = testing.a_case(uow, category, title="Hele straat donker", lat=52.07)
        testing.a_case(uow, category, title="Straat was donker", state="resolved")
        testing.a_case(uow, category, title="Donkere gang in een woning", confidential=True)
    Worker(platform).drain()
    desk, path = as_role("facilitator"), paths.work(case.number, "samenvoegen")
    said = text_of(desk.get(f"{path}?zoek=donker").text)
    assert "Hele straat donker" in said
    assert "Straat was donker" not in said, "what is closed takes nothing in"
    assert "Donkere gang" not in said
    assert "Geen open zaak past bij" in text_of(desk.get(f"{path}?zoek=xyzzy").text)
    wrong = send_form(desk, path, into="2026-0")
    assert (wrong.status_code, "2026-0" in wrong.text) == (400, True)
    merged = send_form(desk, path, page=f"{path}?bij={other.number}")
    assert merged.location.endswith(paths.work(other.number)), "one goes on where the work is"


def test_where_a_case_was_sent_on_to_stands_on_its_page(platform: Platform, as_role: Visit) -> None:
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow)
        for at, (state, more) in enumerate(
            {
                "acknowledged": {"external_id": "77", "sent_at": uow.now},
                "failed": {"problem": "403 api_key ontbreekt", "tries": 20},
                "kept": {},
            }.items()
        ):
            address = f"https://server{at}.example/v2"
            server = Server(
                id=uuid7(), name=f"Server {at}", base_url=address, organization_id=testing.an_organization(uow, f"Buur {at}").id
            )
            uow.session.add(server)
            uow.session.flush()
            uow.session.add(Forward(id=uuid7(), case_id=case.id, server_id=server.id, state=state, **more))
    page = paths.work(case.number)
    said = text_of(as_role("facilitator").get(page).text)
    for words in ("Server 0 (nummer daar: 77). Verstuurd op", "20 keer geprobeerd.", "De server antwoordde: 403 api_key ontbreekt"):
        assert words in said
    assert "Een beheerder kan het opnieuw proberen." in said
    assert "Server 2" not in said
    manager = as_role("manager")
    with platform.read(system("test")) as uow:
        rows = {row.state: row.id for row in uow.session.execute(select(Forward)).scalars()}
    assert send_form(manager, f"{page}/doorgestuurd/{rows['failed']}/opnieuw", page=page).status_code == 303
    assert "Nog niet geprobeerd." in text_of(manager.get(page).text)
    again = manager.post(f"{page}/doorgestuurd/{rows['acknowledged']}/opnieuw", data=_token(manager), headers=SAME_SITE)
    assert again.status_code == 409
    other = testing.a_case(platform)
    strange = f"{paths.work(other.number)}/doorgestuurd/{rows['failed']}/opnieuw"
    assert manager.post(strange, data=_token(manager), headers=SAME_SITE).status_code == 404


def test_the_day_of_an_officer(platform: Platform, as_role: Visit, client: FlaskClient) -> None:
    """The same in a browser: tests/browser/test_oog_oor_desk.py."""
    with platform.unit_of_work(system("test")) as uow:
        case = testing.a_case(uow, title="Lamp stuk", state="assigned")
        own = paths.receipt(receipt_key(platform, testing.a_signal(uow, case).id))
        tomorrow = today(uow) + timedelta(days=1)
    desk, page, further = as_role("facilitator"), paths.work(case.number), paths.work(case.number, "verder")
    assert send_form(desk, f"{page}/neem", page=page).status_code == 303
    assert titles(desk.get(f"{paths.DESK}?behandelaar=ik").text) == ["Lamp stuk"]
    assert send_form(desk, f"{page}/vraag", text="Welke lamp is het?").status_code == 303
    asked = re.search(r'href="(/oog-en-oor/vraag/\w+)"', client.get(own).text)
    assert asked is not None
    assert send_form(client, asked[1], q1="De lamp naast het bankje.").status_code == 200
    said = text_of(desk.get(page).text)
    assert "De lamp naast het bankje." in said
    assert "Plan het werk in" in said, "it goes on where it was"
    for state, typed, text, more in (
        ("planned", "Op {gepland} komt de monteur.", f"Op {format_day(tomorrow)} komt", {"planned_on": tomorrow.isoformat()}),
        ("resolved", "De lamp brandt weer.", "De lamp brandt weer.", {}),
    ):
        # In English too: what reporters get is Dutch.
        shown = send_form(desk, f"/en{further}", page=f"/en{further}?naar={state}", text=typed, **more)
        sent = desk.post(f"/en{further}", data=MultiDict(Forms(shown.text).pairs(f"/en{further}")), headers=SAME_SITE)
        assert sent.status_code == 303
        assert text in text_of(client.get(own).text)
    assert "Bent u tevreden?" in text_of(client.get(own).text)
