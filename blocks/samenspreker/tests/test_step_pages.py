"""The pages of steps, checks, actions, the table and the facilitator: who sees what, wrong input, and what a page costs."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import event, update

from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.grants import grant_role
from samen_core.api import system, uuid7
from samen_core.testing.platforms import PASSWORD
from samen_inbreng.testing import a_contribution, an_activity
from samen_samenspreker.models import STEPS, Action, Gate, Question, Seat
from samen_samenspreker.schemas.actions import AddAction
from samen_samenspreker.services.actions import add_action
from samen_samenspreker.services.common import get_question
from samen_samenspreker.testing import (
    a_published_decision,
    a_question,
    a_seat,
    a_table,
    an_accepted_question,
    an_option,
    in_step,
)

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def as_role(app, platform):
    """``as_role("facilitator", scope)``: a browser that is logged in with a new account, whose id is ``account_id``."""

    def make(role="", scope=None):
        email = f"iemand-{uuid7().hex}@samen.example"
        with platform.unit_of_work(system("test")) as uow:
            account = create_account(uow, CreateAccount(email, "Sam Bakker", PASSWORD))
            if role:
                grant_role(uow, GrantRole(account_id=account.id, role=role, scope=scope, reason="test"))
        client = app.test_client()
        client.account_id = account.id
        assert client.post("/inloggen", data={"email": email, "password": PASSWORD}, headers=SAME_SITE).status_code == 303
        return client

    return make


def text_of(html):
    main = html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def page(client, question, part="", status=200):
    answer = client.get(f"/samenspreker/{question.slug}{part}")
    assert answer.status_code == status, answer.text
    return answer.text


def post(client, path, **values):
    """Send a form as its page would: with the token and the hidden values that stand in it."""
    html = client.get(path).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)"(?: id="[^"]*")? value="([^"]*)"', html))
    return client.post(path, data={**{name: unescape(value) for name, value in hidden.items()}, **values}, headers=SAME_SITE)


def an_action(platform, question, organization, **values):
    with platform.unit_of_work(system("test")) as uow:
        command = AddAction(**{"title": "Drempels leggen", "organization_id": organization.id, "due_on": date(2030, 6, 1), **values})
        return add_action(uow, question.id, command)


def stored(platform, question):
    with platform.read(system("test")) as uow:
        return get_question(uow, question.id)


@contextmanager
def statements(platform):
    """The statements that are sent while the block runs; the clock by which settings are read again stands still."""
    seen, moment = [], platform.monotonic()
    platform.monotonic = lambda: moment

    def note(_connection, _cursor, statement, *_rest):
        if statement != "BEGIN":
            seen.append(statement)

    event.listen(platform.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(platform.engine, "before_cursor_execute", note)


# Steps


def test_everybody_sees_what_is_missing_with_the_way_to_mend_it(client, platform):
    question = an_accepted_question(platform)
    html = page(client, question, "/stap")
    text = text_of(html)
    assert "Stap 1 van 5: Op de agenda" in text
    assert "Er ontbreken nog" in text
    for part in ("bewerken", "procesvoorstel", "tafel"):
        assert f'href="/samenspreker/{question.slug}/{part}"' in html
    assert "Ga naar stap" not in text, "no button for who may not move"


def test_a_question_that_is_no_table_has_no_steps(client, platform):
    question = a_question(platform)
    for part in ("/stap", "/uitvoering"):
        page(client, question, part, status=404)
    assert client.get("/samenspreker/bestaat-niet/stap").status_code == 404


def test_a_facilitator_takes_a_step_after_being_asked(platform, as_role, organization):
    question = a_table(platform, step="execute")
    action = an_action(platform, question, organization)
    client = as_role("facilitator", question.id)
    assert "Er ontbreekt nog 1 ding" in text_of(page(client, question, "/stap"))
    path = f"/samenspreker/{question.slug}/stap/evaluatie"
    assert "Rond de actie “Drempels leggen” af" in text_of(client.get(path).text)
    refused = client.post(path, data={"csrf_token": "", "to_step": "evaluate", "version": 1}, headers=SAME_SITE)
    assert refused.status_code == 403, "without its token"
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Action).where(Action.id == action.id).values(state="done"))
    assert "Alles is er." in text_of(page(client, question, "/stap"))
    answer = post(client, path)
    assert answer.status_code == 303, answer.text
    assert stored(platform, question).step == "evaluate"
    text = text_of(page(client, question, "/stap"))
    assert "De vraag is nu in stap “Evaluatie”." in text
    assert "Van “Uitvoering” naar “Evaluatie”" in text


def test_a_refused_move_names_everything(platform, as_role):
    question = a_table(platform, step="evaluate")
    client = as_role("facilitator")
    html = client.get(f"/samenspreker/{question.slug}/stap").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    data = {"csrf_token": token, "to_step": "closed", "version": stored(platform, question).version}
    answer = client.post(f"/samenspreker/{question.slug}/stap/afronden", data=data, headers=SAME_SITE)
    assert answer.status_code == 400
    text = text_of(answer.text)
    assert "Schrijf de evaluatie" in text
    assert "Maak het eindverslag" in text
    assert stored(platform, question).step == "evaluate"


def test_back_keeps_what_was_typed_and_needs_a_reason(platform, as_role):
    question = a_table(platform, step="evaluate")
    client = as_role("facilitator")
    path = f"/samenspreker/{question.slug}/stap/oplossing"
    answer = post(client, path, reason="nee")
    assert answer.status_code == 400
    assert "Schrijf waarom de vraag teruggaat" in text_of(answer.text)
    assert ">\nnee</textarea>" in answer.text
    assert post(client, path, reason="De drempels zijn te hoog voor de bus.").status_code == 303
    assert (stored(platform, question).step, stored(platform, question).cycle) == ("solve", 2)
    text = text_of(page(client, question, "/stap"))
    assert "Terug van “Evaluatie” naar “Oplossing zoeken” (keer 2)" in text
    assert "De drempels zijn te hoog voor de bus." in text


def test_who_was_too_late_hears_it(platform, as_role):
    question = a_table(platform, step="evaluate")
    client = as_role("facilitator")
    path = f"/samenspreker/{question.slug}/stap/oplossing"
    html = client.get(path).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)[1]
    data = {"csrf_token": token, "to_step": "solve", "version": "99", "reason": "De drempels zijn te hoog."}
    answer = client.post(path, data=data, headers=SAME_SITE)
    assert answer.status_code == 409
    assert "Iemand anders heeft dit intussen gewijzigd" in text_of(answer.text)
    in_step(platform, question, "closed")
    assert client.get(path).status_code == 303


def test_others_may_not_move(platform, client, as_role):
    question = a_table(platform, step="decide")
    path = f"/samenspreker/{question.slug}/stap/oplossing"
    assert client.get(path).status_code in (303, 401, 403)
    for visitor in (as_role(), as_role("facilitator")):
        assert "U hebt geen rechten om deze stap te zetten." in text_of(visitor.get(path).text)
        assert "Ga terug naar stap" not in text_of(page(visitor, question, "/stap"))
    decides = as_role("decision_maker", question.id)
    assert "Ga terug naar stap “Oplossing zoeken”" in text_of(page(decides, question, "/stap"))


def test_a_check_of_the_city_is_ticked_with_a_document(platform, as_role):
    question = a_table(platform, step="solve")
    gate = Gate(id=uuid7(), step="solve", title="De wijkmanager las mee", role="facilitator", position=1, needs_document=True)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.add(gate)
    path = f"/samenspreker/{question.slug}/stap/controles/{gate.id}"
    assert "Vink af" not in text_of(page(as_role(), question, "/stap"))
    client = as_role("facilitator", question.id)
    assert "Vink af" in text_of(page(client, question, "/stap"))
    answer = post(client, path, note="Akkoord op 3 mei.")
    assert answer.status_code == 400
    assert "Voeg het document van deze controle toe." in text_of(answer.text)
    assert "Akkoord op 3 mei." in answer.text
    from io import BytesIO

    answer = post(client, path, note="Akkoord op 3 mei.", document=(BytesIO(b"Akkoord."), "akkoord.txt"))
    assert answer.status_code == 303, text_of(answer.text)
    html = page(client, question, "/stap")
    assert "akkoord.txt" in html
    assert "Akkoord op 3 mei." in html
    assert post(client, path, reason="Verkeerd document.").status_code == 303
    assert "Nog niet gedaan." in text_of(page(client, question, "/stap"))
    assert client.get(f"/samenspreker/{question.slug}/stap/controles/{uuid7()}").status_code == 404


def test_a_question_follows_from_an_evaluation(platform, as_role):
    question = a_table(platform, step="evaluate")
    client = as_role("facilitator")
    path = f"/samenspreker/{question.slug}/stap/vervolg"
    assert path in page(client, question, "/stap")
    wrong = post(client, path, title="", description="", kind="problem")
    assert wrong.status_code == 400
    answer = post(client, path, title="Waar parkeren we nu?", description="Er is minder plek.", kind="problem")
    assert answer.status_code == 303, text_of(answer.text)
    assert "Waar parkeren we nu?" in client.get(answer.location).text


# Actions


def test_an_empty_list_says_what_comes(client, platform, as_role):
    question = a_table(platform, step="execute")
    assert "Er staan nog geen acties" in text_of(page(client, question, "/uitvoering"))
    assert "/uitvoering/nieuw" not in page(client, question, "/uitvoering")
    assert "/uitvoering/nieuw" in page(as_role("facilitator"), question, "/uitvoering")


def test_an_action_from_the_first_form_to_the_last_news(platform, client, as_role, organization, clock):
    question = a_table(platform, step="execute")
    staff = as_role("facilitator")
    path = f"/samenspreker/{question.slug}/uitvoering"
    wrong = post(staff, f"{path}/nieuw", title="", organization_id="Bestaat niet", due_on="", weight="0")
    assert wrong.status_code == 400
    text = text_of(wrong.text)
    assert "Wij kennen geen organisatie" in text
    assert 'value="Bestaat niet"' in wrong.text
    today = clock().date()
    good = {"title": "Drempels leggen", "organization_id": organization.name, "due_on": str(today + timedelta(days=9)), "budget": "12000"}
    made = post(staff, f"{path}/nieuw", **good, weight="1", description="", starts_on="")
    assert made.status_code == 303, text_of(made.text)
    part = post(staff, f"{made.location}/onderdeel", **{**good, "title": "Stenen bestellen"}, weight="3", description="", starts_on="")
    assert part.status_code == 303, text_of(part.text)
    clock.forward(days=21)
    staff = as_role("facilitator")
    text = text_of(page(client, question, "/uitvoering"))
    assert "12 dagen te laat. Er is nog geen reden gegeven." in text
    assert "€ 12.000" in text
    assert "Klaar: 0 van 1 actie" in text
    moved = {"state": "in_progress", "progress": "40", "due_on": str(today + timedelta(days=60))}
    refused = post(staff, f"{part.location}/nieuws", **moved, text="")
    assert refused.status_code == 400
    assert "Schrijf waarom de datum verschuift." in text_of(refused.text)
    assert post(staff, f"{part.location}/nieuws", **moved, text="De stenen komen later.").status_code == 303
    text = text_of(client.get(part.location).text)
    assert "De stenen komen later." in text
    assert "Eerst beloofd voor" in text
    assert "Onderdeel van: Drempels leggen" in text
    assert "40% klaar" in text
    same = {"state": "planned", "progress": "0", "due_on": str(today + timedelta(days=9))}
    assert post(staff, f"{made.location}/nieuws", **same, text="De aannemer is ziek.").status_code == 303
    assert "12 dagen te laat: De aannemer is ziek." in text_of(page(client, question, "/uitvoering"))
    edited = post(staff, f"{made.location}/bewerken", **{**good, "title": "Drempels"}, weight="2", description="Tien stuks.", starts_on="")
    assert edited.status_code == 303, text_of(edited.text)
    assert "Tien stuks." in client.get(made.location).text


def test_actions_of_another_table_are_not_here(platform, client, as_role, organization):
    question, other = a_table(platform, step="execute"), a_table(platform, step="execute", title="Waar komt het buurthuis?")
    action = an_action(platform, question, organization)
    assert client.get(f"/samenspreker/{other.slug}/uitvoering/{action.id}").status_code == 404
    assert as_role("facilitator").get(f"/samenspreker/{other.slug}/uitvoering/{action.id}/nieuws").status_code == 404
    assert as_role().get(f"/samenspreker/{question.slug}/uitvoering/{action.id}/nieuws").status_code == 403
    assert as_role().get(f"/samenspreker/{question.slug}/uitvoering/nieuw").status_code == 403


# The table


def card_of(html):
    spotlight = html.partition('<section class="samen-spotlight">')[2].partition("</section>")[0]
    return unescape(re.search(r'<a [^>]*href="([^"]+)"[^>]*>([^<]+)</a>', spotlight)[1])


def test_the_card_says_what_this_reader_can_do_now(platform, client, as_role):
    question = a_table(platform, step="solve")
    base = f"/samenspreker/{question.slug}"
    assert card_of(page(client, question)) == f"{base}/opties"
    activity = an_activity(platform, question.id)
    assert card_of(page(client, question)) == f"/inbreng/{activity.slug}"
    assert card_of(page(as_role("facilitator", question.id), question)) == f"{base}/rondes"
    in_step(platform, question, "decide")
    assert card_of(page(as_role("decision_maker"), question)) == f"{base}/besluit"
    seated = as_role()
    a_seat(platform, question, role="decision_maker", account_id=seated.account_id)
    assert card_of(page(seated, question)) == f"{base}/besluit"


@pytest.mark.parametrize(
    ("step", "part"),
    [("agenda", "#steun"), ("decide", "opties"), ("execute", "uitvoering"), ("evaluate", "evaluatie"), ("closed", "eindverslag")],
)
def test_the_card_when_nothing_is_open(platform, client, step, part):
    question = a_table(platform, step=step)
    expected = part if part.startswith("#") else f"/samenspreker/{question.slug}/{part}"
    assert card_of(page(client, question)) == expected


def test_the_table_in_five_sentences(platform, client, organization):
    question = a_table(platform, step="execute", why_now="Er is geld. Dat is zeldzaam.")
    a_published_decision(platform, question, decided_by="het college")
    an_action(platform, question, organization)
    html = page(client, question)
    summary = html.partition('id="samenvatting"')[2].partition("</section>")[0]
    lines = [unescape(re.sub("<[^>]+>", "", line)) for line in re.findall(r"<p[^>]*>(.*?)</p>", summary)]
    assert lines[:2] == ["Auto's rijden er te hard, ook langs de school.", "Er is geld."]
    assert lines[2].startswith("Niveau “Adviseren”: ")
    assert "in stap 4 van 5: Uitvoering" in lines[3]
    assert lines[4] == "Klaar: 0 van 1 actie."
    assert "Niet over de parkeertarieven." in html
    assert "Memo aan de gemeenteraad" in html


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("language", ["", "/en"])
def test_a_table_costs_the_same_with_much_on_it(platform, app, as_role, step, language, organization):
    question = a_table(platform, step="solve")
    earlier = an_accepted_question(platform, title="Eerder")
    with platform.unit_of_work(system("test")) as uow:
        stored = uow.session.get(Question, question.id)
        stored.on_behalf_of_id, stored.follows_id = organization.id, earlier.id
    an_option(platform, question)
    in_step(platform, question, step)
    numbers = []
    for _round in range(2):
        path = f"{language}/samenspreker/{question.slug}"
        app.test_client().get(path)
        with statements(platform) as seen:
            assert app.test_client().get(path).status_code == 200
        numbers.append(len(seen))
        for _number in range(3):
            a_seat(platform, question, organization_id=organization.id, sector="civil_society")
            a_contribution(platform, an_activity(platform, question.id))
            in_step(platform, question, "solve")
            an_option(platform, question)
            in_step(platform, question, "execute")
            an_action(platform, question, organization)
            in_step(platform, question, step)
    assert numbers[0] == numbers[1] <= 10, "\n".join(seen)
    client = as_role("facilitator")
    client.get(path)
    with statements(platform) as seen:
        assert client.get(path).status_code == 200
    assert len(seen) <= 18, "\n".join(seen)


def test_other_pages_cost_the_same_with_much_on_them(platform, as_role, organization):
    question = a_table(platform, step="execute")
    an_action(platform, question, organization)
    client = as_role("facilitator")
    paths = (f"/samenspreker/{question.slug}/uitvoering", f"/samenspreker/{question.slug}/stap", "/samenspreker/begeleiding", "/")
    numbers = []
    for _round in range(2):
        counted = []
        for path in paths:
            client.get(path)
            with statements(platform) as seen:
                assert client.get(path).status_code == 200
            counted.append(len(seen))
        numbers.append(counted)
        for number in range(3):
            action = an_action(platform, question, organization)
            an_action(platform, question, organization, parent_id=action.id)
            an_action(platform, a_table(platform, step="execute", title=f"Vraag {number}"), organization)
    assert numbers[0] == numbers[1]
    assert max(numbers[0]) <= 16


# The facilitator


def test_the_table_says_what_its_facilitator_does_next(platform, as_role, client):
    question = a_table(platform, step="solve", level="")
    path = f"/samenspreker/{question.slug}"
    staff = as_role("facilitator")
    html = unescape(staff.get(path).text)
    assert re.search(r"zijn nog \d dingen nodig", text_of(html))
    assert re.search(rf'<a class="nl-link" href="{path}/rondes">Houd een ronde', html)
    assert f'href="{path}/stap">Bekijk wat er nodig is' in html
    assert "Houd een ronde" not in text_of(client.get(path).text)


def test_the_table_offers_the_next_step_once_everything_is_there(platform, as_role, organization):
    question = a_table(platform, step="execute")
    action = an_action(platform, question, organization)
    client = as_role("facilitator")
    assert "Rond de actie “Drempels leggen” af" in text_of(page(client, question))
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Action).where(Action.id == action.id).values(state="done"))
    html = page(client, question)
    assert "Alles is er voor de volgende stap: “Evaluatie”." in text_of(html)
    assert f'href="/samenspreker/{question.slug}/stap/evaluatie">Ga naar stap “Evaluatie”' in unescape(html)


def test_the_table_keeps_the_whole_question_to_read(platform, client):
    question = a_table(
        platform, step="solve", description="Het is er donker. Drie lantaarns zijn stuk.", why_now="Nu. In januari gaat de hal open."
    )
    text = text_of(page(client, question))
    assert "Drie lantaarns zijn stuk." in text
    assert "In januari gaat de hal open." in text


def test_the_final_report_has_a_tab_from_the_decision_on(platform, client):
    question = a_table(platform, step="solve")
    path = f"/samenspreker/{question.slug}"
    tab = f'href="{path}/eindverslag"'
    assert tab not in client.get(path).text
    in_step(platform, question, "execute")
    for page in (path, f"{path}/eindverslag"):
        assert tab in client.get(page).text
    assert re.search(rf'href="{path}/eindverslag" aria-current="page"', client.get(f"{path}/eindverslag").text)


def test_the_desk_shows_what_blocks_each_table(platform, as_role, client):
    mine, other = a_table(platform, step="solve"), a_table(platform, step="decide", title="Waar komt het buurthuis?")
    a_question(platform, title="Wanneer komt de bus?")
    assert client.get("/samenspreker/begeleiding").status_code in (303, 401, 403)
    assert as_role().get("/samenspreker/begeleiding").status_code == 403
    own = as_role("facilitator", mine.id)
    text = text_of(own.get("/samenspreker/begeleiding").text)
    assert mine.title in text
    assert other.title not in text
    assert "Houd een ronde" in text
    assert "Wanneer komt de bus?" not in text, "who facilitates one table does not judge"
    city = as_role("facilitator")
    text = text_of(city.get("/samenspreker/begeleiding").text)
    assert mine.title in text
    assert other.title in text
    assert "Wanneer komt de bus?" in text
    a_seat(platform, mine, role="facilitator", account_id=city.account_id)
    assert other.title in text_of(city.get("/samenspreker/begeleiding").text), "a table without a facilitator is everybody's"
    a_seat(platform, other, role="facilitator", account_id=as_role("facilitator").account_id)
    text = text_of(city.get("/samenspreker/begeleiding").text)
    assert other.title not in text
    assert other.title in text_of(city.get("/samenspreker/begeleiding?alle=ja").text)


def test_the_desk_has_pages(platform, as_role):
    for number in range(21):
        a_table(platform, step="solve", level="", title=f"Vraag nummer {number}")
    client = as_role("facilitator")
    html = client.get("/samenspreker/begeleiding").text
    following = unescape(re.search(r'rel="next" href="([^"]+)"', html)[1])
    assert "Vraag nummer 20" in client.get(following).text
    assert client.get("/samenspreker/begeleiding?cursor=onzin").status_code == 400


def test_a_table_without_a_facilitator_is_no_mistake(platform, as_role):
    client = as_role("facilitator", uuid_of_nothing(platform))
    assert "U begeleidt nog geen tafel" in text_of(client.get("/samenspreker/begeleiding").text)


def uuid_of_nothing(platform):
    """A question that is not on the table."""
    return a_question(platform, title="Nog niet gelezen").id


# On pages of others


def test_what_waits_for_me_is_on_the_home_page(platform, as_role, clock):
    seated = as_role()
    question = a_table(platform, step="solve")
    assert "Wat wacht op mij" not in seated.get("/").text
    a_seat(platform, question, account_id=seated.account_id)
    an_option(platform, question)
    assert "1 oplossing wacht op uw mening" in text_of(seated.get("/").text)
    in_step(platform, question, "decide")
    decides = as_role("decision_maker")
    text = text_of(decides.get("/").text)
    assert "1 tafel wacht op uw besluit" in text
    second = a_table(platform, step="decide", title="Waar komt het buurthuis?")
    assert 'href="/samenspreker?stap=decide"' in decides.get("/").text, "more than one: to the list"
    in_step(platform, second, "execute")
    a_published_decision(platform, question)
    assert "wacht op uw besluit" not in text_of(decides.get("/").text)
    a_question(platform)
    assert "1 vraag wacht op een besluit" in text_of(as_role("manager").get("/").text)


def test_late_actions_and_offered_seats_wait_for_who_speaks_for_the_organization(platform, member_of, clock):
    from samen_samenspreker.services.tasks import tasks

    actor, owner = member_of("Wegenbouw BV", "business")
    question = a_table(platform, step="execute")
    an_action(platform, question, owner, due_on=clock().date() + timedelta(days=1))
    a_seat(platform, question, organization_id=owner.id, state="offered", sector="business")
    with platform.read(actor) as uow:
        assert [(str(task.title), task.path.rpartition("/")[2]) for task in tasks(uow)] == [("1 stoel aan tafel is u aangeboden", "tafel")]
    clock.forward(days=3)
    with platform.read(actor) as uow, statements(platform) as seen:
        assert "1 actie van uw organisatie is te laat" in [str(task.title) for task in tasks(uow)]
        assert len(seen) == 1


def test_tables_stand_on_the_pages_of_their_place_and_project(platform, client, project):
    question = a_table(platform, project_id=project.id)
    answer = client.get(f"/projecten/{project.slug}")
    assert answer.status_code == 200
    assert question.title in text_of(answer.text)
    decided = a_table(platform, step="execute", title="Waar komt het buurthuis?")
    a_published_decision(platform, decided)
    text = text_of(client.get("/").text)
    assert "Waar komt het buurthuis?" in text
    assert "Besloten" in text


def test_the_account_page_shows_how_one_takes_part(platform, as_role):
    client = as_role()
    assert "U doet nog niet mee aan een vraag" in text_of(client.get("/account").text)
    question = a_table(platform)
    a_seat(platform, question, account_id=client.account_id)
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(Question).where(Question.id == question.id).values(account_id=client.account_id))
        uow.session.execute(update(Seat).values(alternate_id=None))
    text = text_of(client.get("/account").text)
    assert question.title in text
    assert "u stelde deze vraag" in text
    assert "u zit aan tafel" in text


def test_the_logbook_is_in_the_language_of_the_reader(platform, client, as_role):
    question = a_table(platform, step="evaluate")
    staff = as_role("facilitator")
    assert post(staff, f"/samenspreker/{question.slug}/stap/oplossing", reason="De drempels zijn te hoog.").status_code == 303
    assert "De vraag ging terug van stap “Evaluatie” naar “Oplossing zoeken”. Keer 2 begint." in client.get(f"/logboek/{question.id}").text
    assert "ging terug" not in text_of(client.get(f"/en/logboek/{question.id}").text).replace("Logboek", "")


def test_of_entries_of_the_menu_below_each_other_only_the_deepest_is_marked(as_role):
    menu = as_role("facilitator").get("/samenspreker/begeleiding").text.split("<main")[0]
    assert re.findall(r'nav-list__link" href="([^"]*)" aria-current', menu) == ["/samenspreker/begeleiding"]
