"""The pages of questions, as visitors use them."""

from __future__ import annotations

import re
from html import unescape

import pytest
from sqlalchemy import select

from samen_core.api import system
from samen_core.mail.models import QueuedMail
from samen_samenspreker.models import Gate, Question
from samen_samenspreker.services.common import get_question
from samen_samenspreker.testing import TITLE, a_question, an_accepted_question, in_step

FORM = {"kind": "problem", "title": TITLE, "description": "Auto's rijden er te hard."}


def text_of(html: str) -> str:
    body = "<main" + html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def read(client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return text_of(answer.text)


def post(client, path: str, from_path: str = "", **values):
    """Send a form with the token of the page that it is on."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(from_path or path).text)
    data = {**values, **({"csrf_token": token[1]} if token else {})}
    return client.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})


def stored(platform, title: str = TITLE) -> Question:
    with platform.read(system("test")) as uow:
        return uow.session.execute(select(Question).where(Question.title == title)).scalar_one()


def test_the_overview_says_what_will_come_and_lets_one_ask(client, platform):
    assert "Er zijn nog geen vragen" in read(client, "/samenspreker")
    an_accepted_question(platform)
    found = read(client, "/samenspreker")
    assert "Nu meedoen" in found
    assert "1 vraag" in found
    assert TITLE in found
    assert "Niets past bij wat u zoekt" in read(client, "/samenspreker?q=zwembad")
    assert read(client, "/samenspreker?stap=ergens", 400)
    assert read(client, "/samenspreker?cursor=nergens", 400)
    assert read(client, "/en/samenspreker?doen=steunen")


def test_the_home_page_offers_to_put_a_question(client, platform):
    for prefix in ("", "/en"):
        assert f'href="{prefix}/samenspreker/nieuw"' in client.get(f"{prefix}/").text, "also when nothing is open"
    an_accepted_question(platform)
    assert 'href="/samenspreker/nieuw"' in client.get("/").text


def test_a_question_is_asked_without_account_in_two_steps(client, platform):
    checked = post(client, "/samenspreker/nieuw", **FORM, name="Ans", stap="controleren")
    assert checked.status_code == 200
    assert "Klopt dit zo?" in text_of(checked.text)
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(Question.id)).first() is None
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', checked.text))
    assert unescape(hidden["description"]) == FORM["description"]
    back = post(client, "/samenspreker/nieuw", **FORM, stap="terug")
    assert f'value="{TITLE}"' in back.text
    sent = post(client, "/samenspreker/nieuw", **FORM, name="Ans", stap="versturen", formulier=hidden["formulier"])
    assert sent.status_code == 303
    twice = post(client, "/samenspreker/nieuw", **FORM, name="Ans", stap="versturen", formulier=hidden["formulier"])
    code = code_in(client.get(sent.location).text)
    assert code
    assert stored(platform).author_name == "Ans", "sent twice, it is one question"
    assert code not in sent.location
    assert not code_in(client.get(twice.location).text), "the code is shown once"
    read(client, f"/samenspreker/{stored(platform).slug}", 404)


def code_in(html: str) -> str:
    found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text_of(html))
    return found[0] if found else ""


def test_the_code_can_be_mailed_to_an_address_that_is_not_kept(client, platform):
    code = code_in(client.get(post(client, "/samenspreker/nieuw", **FORM, stap="versturen").location).text)
    mail = "/samenspreker/nieuw/verstuurd/mail"
    wrong = post(client, mail, "/samenspreker/nieuw", code=code, email="geen adres")
    assert (wrong.status_code, code_in(wrong.text)) == (400, code)
    assert post(client, mail, "/samenspreker/nieuw", code="0000-0000-0000", email="ans@samen.example").status_code == 400
    assert post(client, mail, "/samenspreker/nieuw", code=code, email="ans@samen.example").location.endswith("/samenspreker/volgen")
    with platform.read(system("test")) as uow:
        mailed = uow.session.execute(select(QueuedMail.recipient, QueuedMail.body)).one()
    assert (mailed.recipient, code in mailed.body) == ("ans@samen.example", True)
    assert stored(platform).email == ""


def test_who_is_logged_in_and_clicks_twice_asks_one_question(platform, as_role):
    resident = as_role("resident")
    checked = post(resident, "/samenspreker/nieuw", **FORM, stap="controleren").text
    nonce = re.search(r'name="formulier" value="([^"]+)"', checked)[1]
    first, second = (post(resident, "/samenspreker/nieuw", **FORM, stap="versturen", formulier=nonce) for _time in range(2))
    assert first.location == second.location == f"/samenspreker/{stored(platform).slug}"


def test_mistakes_come_back_all_at_once_with_what_was_typed(client):
    answer = post(client, "/samenspreker/nieuw", kind="probleem", title="", description="", email="geen adres", stap="controleren")
    assert answer.status_code == 400
    text = text_of(answer.text)
    assert "Dit moet nog anders" in text
    assert len(re.findall(r'<a class="nl-link" href="#f-', answer.text)) >= 4
    assert 'value="geen adres"' in answer.text
    too_long = post(client, "/samenspreker/nieuw", **{**FORM, "title": "x" * 200}, stap="versturen")
    assert too_long.status_code == 400
    assert post(client, "/samenspreker/nieuw", **FORM, postcode="9999 ZZ", house_number="1", stap="controleren").status_code == 400
    assert post(client, "/samenspreker/nieuw", steun="geen-nummer").status_code in (400, 403)


def test_what_looks_alike_is_shown_before_sending(client, platform, outbox, as_role):
    question = an_accepted_question(platform)
    outbox.drain()
    resident = as_role("resident")
    form = {**FORM, "title": "De Dorpsstraat is onveilig voor fietsers"}
    answer = post(resident, "/samenspreker/nieuw", **form, stap="controleren")
    text = text_of(answer.text)
    assert "Lijkt uw vraag op een van deze?" in text
    assert TITLE in text
    assert "Mijn vraag is anders: verstuur hem" in text
    supported = post(resident, "/samenspreker/nieuw", **form, steun=str(question.id))
    assert supported.location.endswith(f"/samenspreker/{question.slug}")
    with platform.read(system("test")) as uow:
        assert get_question(uow, question.id).supports == 1
        assert uow.session.execute(select(Question.id)).all() == [(question.id,)]
    anonymous = post(client, "/samenspreker/nieuw", **form, stap="controleren")
    assert "Steunen kan met een account" in text_of(anonymous.text)
    assert 'name="steun"' not in anonymous.text


def test_a_resident_follows_changes_and_takes_back_a_question(platform, as_role, client):
    resident = as_role("resident")
    sent = post(resident, "/samenspreker/nieuw", **FORM, stap="versturen")
    path = f"/samenspreker/{stored(platform).slug}"
    assert sent.location.endswith(path)
    assert "Uw vraag is ontvangen" in read(resident, path)
    assert "Mijn vragen" in read(resident, "/samenspreker")
    read(client, path, 404)
    changed = post(resident, f"{path}/bewerken", **{**FORM, "title": "Een veilige straat"}, version="1")
    assert changed.location.endswith(path)
    again = post(resident, f"{path}/bewerken", **{**FORM, "title": "Nog anders"}, version="1")
    assert again.status_code == 409
    assert "Een veilige straat" in again.text
    assert post(resident, f"{path}/bewerken", **{**FORM, "title": ""}, version="2").status_code == 400
    read(as_role("resident"), f"{path}/bewerken", 404)
    assert post(resident, f"{path}/terugtrekken", version="2").status_code == 303
    assert "Deze vraag is teruggetrokken" in read(resident, path)


def test_a_code_shows_changes_and_takes_back(client, platform, as_role):
    code = code_in(client.get(post(client, "/samenspreker/nieuw", **FORM, stap="versturen").location).text)
    follow = "/samenspreker/volgen"
    assert post(client, follow, code="0000-0000-0000").status_code == 400
    assert post(client, follow, code="").status_code == 400
    assert TITLE in text_of(post(client, follow, code=code.lower()).text)
    form = post(client, f"{follow}/wijzigen", follow, code=code)
    assert form.status_code == 200
    assert f'value="{code}"' in form.text
    wrong = post(client, f"{follow}/wijzigen", follow, code=code, **{**FORM, "title": ""}, version="1")
    assert (wrong.status_code, f'value="{code}"' in wrong.text) == (400, True)
    done = post(client, f"{follow}/wijzigen", follow, code=code, **{**FORM, "title": "Een veilige straat"}, version="1")
    assert "De vraag is gewijzigd." in text_of(done.text)
    resident = as_role("resident")
    claimed = post(resident, f"{follow}/account", follow, code=code)
    assert claimed.location.endswith(f"/samenspreker/{stored(platform, 'Een veilige straat').slug}")
    assert post(client, follow, code=code).status_code == 400


def test_an_address_is_confirmed_by_a_button_not_by_opening_the_link(client, platform):
    post(client, "/samenspreker/nieuw", **FORM, email="ans@samen.example", wants_mail="true", stap="versturen")
    with platform.read(system("test")) as uow:
        body = uow.session.execute(select(QueuedMail.body)).scalar_one()
    path = re.search(r"(/samenspreker/mail/ja/\S+)", body)[1]
    assert "Ja, stuur mij mail" in read(client, path)
    assert stored(platform).email_confirmed_at is None
    assert client.post(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert stored(platform).email_confirmed_at is not None
    stop = path.replace("/ja/", "/stop/")
    assert client.post(stop).status_code == 200
    assert stored(platform).email == ""
    read(client, path, 410)
    read(client, "/samenspreker/mail/ja/geen-nummer/xyz", 410)


def test_a_finished_question_is_not_changed(platform, as_role):
    path = f"/samenspreker/{in_step(platform, an_accepted_question(platform), 'closed').slug}"
    staff = as_role("facilitator")
    assert f'href="{path}/bewerken"' not in staff.get(path).text
    assert "Deze vraag is afgerond. De tekst verandert niet meer." in read(staff, f"{path}/bewerken", 410)


def test_staff_judges_from_the_queue(platform, as_role, client):
    a_question(platform, name="Ans")
    slug = stored(platform).slug
    staff = as_role("facilitator")
    assert TITLE in read(staff, "/samenspreker/te-beoordelen")
    assert client.get("/samenspreker/te-beoordelen").status_code == 303
    read(as_role("resident"), "/samenspreker/te-beoordelen", 403)
    judge = f"/samenspreker/{slug}/beoordelen"
    assert "Komt deze vraag op de agenda?" in read(staff, judge)
    nothing = post(staff, judge, version="1")
    assert nothing.status_code == 400
    assert len(re.findall(r'<a class="nl-link" href="#f-', nothing.text)) == 2
    refused = post(staff, judge, decision="refuse", reason="Hier gaat de provincie over.", version="1")
    assert refused.location.endswith(f"/samenspreker/{slug}")
    page = read(client, f"/samenspreker/{slug}")
    assert "Deze vraag is niet aangenomen" in page
    assert "Hier gaat de provincie over." in page
    assert post(staff, judge, "/samenspreker/te-beoordelen", decision="accept", reason="Toch.", version="1").status_code == 303
    assert stored(platform).state == "refused"
    assert "Alles is beoordeeld" in read(staff, "/samenspreker/te-beoordelen")


def test_a_judgment_of_an_older_text_is_a_conflict(platform, as_role):
    question = a_question(platform)
    answer = post(as_role("facilitator"), f"/samenspreker/{question.slug}/beoordelen", decision="accept", reason="Ja.", version="9")
    assert answer.status_code == 409
    assert ">Ja.</textarea>" in answer.text.replace("\n", "")


def test_staff_merges_and_takes_that_back(platform, as_role, client):
    one, into = an_accepted_question(platform, title="Fietsers in de Dorpsstraat"), an_accepted_question(platform)
    staff = as_role("facilitator")
    path = f"/samenspreker/{one.slug}"
    assert post(staff, f"{path}/samenvoegen", version=str(one.version)).status_code == 400
    merged = post(staff, f"{path}/samenvoegen", into_id=str(into.id), reason="Gaat over hetzelfde.", version=str(one.version))
    assert merged.location.endswith(f"/samenspreker/{into.slug}")
    assert client.get(path).location.endswith(f"/samenspreker/{into.slug}#samengevoegd")
    assert "Deze vraag is samengevoegd" in read(client, f"{path}/samengevoegd")
    assert "Haal de vragen weer uit elkaar" not in read(client, f"{path}/samengevoegd")
    assert "Haal de vragen weer uit elkaar" in read(staff, f"{path}/samengevoegd")
    version = str(stored(platform, one.title).version)
    assert post(staff, f"{path}/losmaken", reason="Toch anders.", version=version).status_code == 303
    assert stored(platform, one.title).state == "accepted"
    assert client.get(f"{path}/samengevoegd").status_code == 302


def test_support_with_a_button_and_after_logging_in(platform, as_role, client):
    question = an_accepted_question(platform)
    path = f"/samenspreker/{question.slug}"
    asked = client.get(f"{path}/steun")
    assert (asked.status_code, "inloggen" in asked.location) == (303, True)
    resident = as_role("resident")
    assert "nog 25 nodig" in read(resident, f"{path}/steun")
    assert post(resident, f"{path}/steun").location.endswith(path)
    assert "nog 24 nodig" in read(resident, f"{path}/steun")
    assert post(resident, f"{path}/steun-intrekken", f"{path}/steun").location.endswith(path)
    assert stored(platform).supports == 0


def test_the_process_is_explained_and_set_up(platform, as_role, client):
    assert "Oplossing zoeken" in read(client, "/samenspreker/proces")
    assert "The five steps" in read(client, "/en/samenspreker/proces")
    set_up = "/samenspreker/proces/inrichten"
    read(as_role("facilitator"), set_up, 403)
    manager = as_role("manager")
    assert "Geen eigen controles." in read(manager, set_up)
    assert post(manager, f"{set_up}/nieuw", step="nergens", title="").status_code == 400
    values = {"step": "agenda", "title": "De wijkmanager las mee", "role": "facilitator", "active": "true"}
    assert post(manager, f"{set_up}/nieuw", **values).location.endswith(set_up)
    assert post(manager, f"{set_up}/nieuw", **{**values, "title": "De raad is gebeld"}).status_code == 303
    assert "De wijkmanager las mee (Procesbegeleider)" in read(client, "/samenspreker/proces")
    with platform.read(system("test")) as uow:
        first, second = uow.session.execute(select(Gate).order_by(Gate.position)).scalars()
    moved = post(manager, f"{set_up}/{second.id}/plaats", set_up, earlier="true", version="1")
    assert moved.location.endswith(set_up)
    text = read(manager, set_up)
    assert text.index("De raad is gebeld") < text.index("De wijkmanager las mee")
    assert post(manager, f"{set_up}/{first.id}/plaats", set_up, earlier="true", version="1").status_code == 303
    version = str(first.version + 1)
    assert post(manager, f"{set_up}/{first.id}", **{**values, "title": "Anders"}, version=version).status_code == 303
    assert post(manager, f"{set_up}/{first.id}", **{**values, "title": "Nog anders"}, version=version).status_code == 409
    read(manager, f"{set_up}/{second.id}".replace(str(second.id), "00000000-0000-7000-8000-000000000000"), 404)


@pytest.mark.parametrize("what", ["ja", "stop"])
def test_a_link_that_is_made_up_is_told_to_be_so(client, platform, what):
    question = a_question(platform, email="ans@samen.example", wants_mail=True)
    for token in ("onzin", "%C3%A9%E2%82%AC"):
        path = f"/samenspreker/mail/{what}/{question.id.hex}/{token}"
        assert "Deze link werkt niet" in read(client, path, 410)
        assert client.post(path, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 410


def test_mail_without_an_address_is_said_where_the_address_is_typed(client):
    answer = post(client, "/samenspreker/nieuw", **FORM, wants_mail="true", email="", stap="controleren")
    assert answer.status_code == 400
    assert "Vul uw e-mailadres in, of haal het vinkje bij de mail weg." in text_of(answer.text)


class TestMailToStrangers:
    @pytest.fixture
    def samen_config(self):
        return {"blocks": ["citycontent", "inbreng", "samenspreker"], "limits": {"enabled": True, "posts_per_minute": 1000}}

    def test_nobody_gets_more_than_a_few_mails_an_hour_from_questions_of_others(self, client):
        asked = {**FORM, "email": "Slachtoffer@samen.example", "wants_mail": True}
        by_page = [post(client, "/samenspreker/nieuw", **asked, stap="versturen").status_code for _try in range(3)]
        by_rest = [client.post("/api/v1/samenspreker/questions", json=asked).status_code for _try in range(3)]
        assert (by_page, by_rest) == ([303] * 3, [201, 201, 429])
        assert client.post("/api/v1/samenspreker/questions", json={**FORM, "email": ""}).status_code == 201
        assert post(client, "/samenspreker/nieuw", **asked, stap="versturen").status_code == 429
        assert post(client, "/samenspreker/nieuw", **asked, stap="").status_code == 200, "only what is sent leads to a mail"


@pytest.mark.parametrize("lost", ["session", "token"])
def test_what_somebody_wrote_is_given_back_when_the_session_or_the_form_is_lost(platform, as_role, lost):
    resident = as_role("resident")
    post(resident, "/samenspreker/nieuw", **FORM, stap="versturen")
    path = f"/samenspreker/{stored(platform).slug}/bewerken"
    if lost == "session":
        for cookie in list(resident._cookies.values()):
            resident.delete_cookie(cookie.key, domain=cookie.domain, path=cookie.path)
    headers = {"Sec-Fetch-Site": "same-origin", "Referer": f"http://localhost{path}"}
    typed = {"description": "Dit wil ik\nniet kwijt.", "kind": "problem", "password": "een geheim woord", "csrf_token": "oud"}
    answer = resident.post(path, data=typed, headers=headers)
    assert answer.status_code == 403
    said = text_of(answer.text)
    assert "Dit wil ik niet kwijt." in said
    assert "een geheim woord" not in said
    if lost == "session":
        assert "Log in om verder te gaan" in said
        assert f'href="/inloggen?volgende={path}"' in answer.text
    else:
        assert "Uw formulier is niet verstuurd" in said
        assert f'href="{path}"' in answer.text
    foreign = resident.post(path, data=typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert "niet kwijt" not in foreign.text, "another site cannot put its words on a page of ours"
