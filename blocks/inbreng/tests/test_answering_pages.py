"""The pages and the API of answering and questionnaires: what they show, who may, and what happens to wrong input."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, update

from citycontent.models import Organization, Project
from samen_core.accounts.schemas import CreateToken
from samen_core.accounts.services.tokens import create_token
from samen_core.api import Actor, Form, Question, system
from samen_core.app import SamenFlask
from samen_core.jobs import run_due_jobs
from samen_core.platform import Platform
from samen_core.subjects import Subject
from samen_core.testing.platforms import Clock
from samen_inbreng.api import AddTheme, ChooseContributions, WriteAnswer, add_theme, put_in_theme, write_answer
from samen_inbreng.schemas.contribution import HideContribution
from samen_inbreng.services.moderating import hide_contribution
from samen_inbreng.testing import FORM, a_contribution, an_activity

As = Callable[..., Actor]
Browser = Callable[..., FlaskClient]
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
SAME = {"Sec-Fetch-Site": "same-origin"}


def send(client: FlaskClient, path: str, page: str = "", **values: Any) -> Any:
    """Send a form of the page (``path`` itself when not said), with its token and version of the form."""
    html = client.get(page or path).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', html)
    mark = re.search(r'name="formulier-merk" value="([^"]+)"', html)
    data = {"csrf_token": token[1] if token else "", **({"formulier-merk": mark[1]} if mark else {}), **values}
    return client.post(path, data=data, headers=SAME)


def base(project: Project) -> str:
    return f"/inbreng/onderwerp/{project.id}"


def ideas(platform: Platform, project: Project, number: int) -> list[uuid.UUID]:
    activity = an_activity(platform, project.id)
    return [a_contribution(platform, activity, f"Idee {place} <b>vet</b>").contribution.id for place in range(number)]


def test_from_the_desk_to_the_report(platform: Platform, project: Project, as_role: Browser, client: FlaskClient, clock: Clock) -> None:
    ids = ideas(platform, project, 3)
    staff = as_role("facilitator", project.id)
    assert "3 bijdragen wachten op een antwoord" in staff.get("/").text
    assert "Groene Markt" in staff.get("/inbreng/beantwoorden").text
    desk = staff.get(f"{base(project)}/beantwoorden").text
    assert "3 bijdragen" in desk
    assert "&lt;b&gt;" in desk
    nothing = send(staff, f"{base(project)}/beantwoorden", doe="antwoord")
    assert (nothing.status_code, "Kies eerst een of meer bijdragen." in nothing.text) == (400, True)
    assert send(staff, f"{base(project)}/themas", title="Groen").status_code == 303
    double = send(staff, f"{base(project)}/themas", title="groen", summary="Bewaar mij")
    assert (double.status_code, "Er is al een thema met deze naam." in double.text, "Bewaar mij" in double.text) == (400, True, True)
    without = send(staff, f"{base(project)}/beantwoorden", doe="thema", bijdrage=[str(ids[0])])
    assert (without.status_code, f'value="{ids[0]}"' in without.text, "checked" in without.text) == (400, True, True)
    theme = re.search(r'<option value="([0-9a-f-]{36})">Groen', staff.get(f"{base(project)}/beantwoorden").text)[1]  # type: ignore[index]
    put = send(staff, f"{base(project)}/beantwoorden", **{"doe": "thema", "naar-thema": theme, "bijdrage": [str(ids[0]), str(ids[1])]})
    assert put.status_code == 303
    assert "2 bijdragen" in staff.get(f"{base(project)}/themas").text
    chosen = send(staff, f"{base(project)}/beantwoorden", doe="antwoord", bijdrage=[str(id) for id in ids[:2]])
    form = chosen.headers["Location"].removeprefix("http://localhost")
    assert "Voor 2 bijdragen" in staff.get(form).text
    wrong = send(staff, form, outcome="weet niet", reason="", doe="bewaar")
    assert wrong.status_code == 400
    assert wrong.text.count("samen-field--invalid") == 2
    preview = send(staff, form, outcome="adopted", reason="Wij <i>doen</i> het.", doe="voorbeeld")
    assert preview.status_code == 200
    assert "Zo lezen mensen uw antwoord" in preview.text
    assert "&lt;i&gt;doen" in preview.text
    assert "3 bijdragen" in staff.get(f"{base(project)}/beantwoorden").text
    assert send(staff, form, outcome="adopted", reason="Wij doen het.", doe="bewaar").headers["Location"].endswith("/klaar")
    queue = staff.get(f"{base(project)}/klaar").text
    assert "Trek in, dat kan nog 10 minuten" in queue
    assert "Wij doen het." not in client.get(f"{base(project)}/verslag").text
    withdraw = re.search(r'action="([^"]+/intrekken)"', queue)[1]  # type: ignore[index]
    assert send(staff, withdraw, f"{base(project)}/klaar").status_code == 303
    assert "3 bijdragen" in staff.get(f"{base(project)}/beantwoorden").text
    send(staff, form, outcome="adopted", reason="Wij doen het.", doe="bewaar")
    clock.forward(minutes=11)
    run_due_jobs(platform, uuid.uuid4())
    report = client.get(f"{base(project)}/verslag").text
    assert report.count("Wij doen het.") == 2
    assert report.index("Groen</h3>") < report.index("Zonder thema</h3>")
    assert "3 van 3 bijdragen kwamen van inwoners" in report
    assert "Wij doen het." in client.get("/").text
    assert "Wij doen het." in client.get("/inbreng/antwoorden").text
    assert "Adopted" in client.get(f"/en{base(project)}/verslag").text
    late = send(staff, withdraw, f"{base(project)}/klaar")
    assert late.status_code == 409


def test_the_desk_of_a_thing_shows_nothing_of_others_nor_what_is_hidden(
    platform: Platform, project: Project, organization: Organization, as_role: Browser
) -> None:
    own, hidden = ideas(platform, project, 2)
    other = a_contribution(platform, an_activity(platform, organization.id), "Geheim van een ander").contribution.id
    with platform.unit_of_work(system("test")) as uow:
        hide_contribution(uow, other, HideContribution(code="insult", reason="Schelden.", version=1))
        hide_contribution(uow, hidden, HideContribution(code="insult", reason="Schelden.", version=1))
    staff = as_role("facilitator", project.id)
    page = staff.get(f"{base(project)}/antwoord?bijdrage={own}&bijdrage={hidden}&bijdrage={other}")
    assert ("Idee 0" in page.text, "Idee 1" in page.text, "Geheim" in page.text) == (True, False, False)
    assert staff.get(f"{base(project)}/antwoord?bijdrage={other}").status_code == 200


def test_a_theme_is_made_on_the_desk_with_the_selection_kept(platform: Platform, project: Project, as_role: Browser) -> None:
    ids = [str(id) for id in ideas(platform, project, 3)]
    staff, desk = as_role("facilitator", project.id), f"{base(project)}/beantwoorden"
    first = staff.get(desk).text
    assert 'name="nieuw-thema"' in first
    assert 'name="naar-thema"' not in first, "there is nothing to choose from yet"

    def act(doe: str, *chosen: str, **values: str) -> Any:
        return send(
            staff, desk, **{"doe": doe, "bijdrage": list(chosen), **{name.replace("_", "-"): text for name, text in values.items()}}
        )

    for wrong in (act("thema", ids[0]), act("thema", ids[0], nieuw_thema="x" * 200), act("thema", nieuw_thema="Groen")):
        assert wrong.status_code == 400
    assert 'value="Groen"' in wrong.text
    assert "Maak een thema" in act("thema", ids[0]).text
    assert "Er zijn nog geen thema" in staff.get(f"{base(project)}/themas").text, "nothing half done stays"
    made = act("", ids[0], ids[1], nieuw_thema="Groen")
    assert made.status_code == 303
    said = staff.get(desk).text
    assert "2 bijdragen staan nu in het thema." in said
    theme = re.search(r'<option value="([0-9a-f-]{36})">Groen', said)[1]  # type: ignore[index]
    double = act("thema", ids[2], nieuw_thema="groen")
    assert (double.status_code, "Er is al een thema met deze naam." in double.text) == (400, True)
    assert re.search(rf'value="{ids[2]}"[^>]* checked', double.text)
    both = act("thema", ids[2], nieuw_thema="Water", naar_thema=theme)
    assert (both.status_code, 'value="Water"' in both.text, f'value="{theme}" selected' in both.text) == (400, True, True)
    assert act("alles", nieuw_thema="Alles bij elkaar").status_code == 303
    assert act("uit", ids[0], nieuw_thema="Weg").status_code == 400
    assert act("", ids[0]).headers["Location"].partition("?")[0].endswith("/antwoord")
    themes = staff.get(f"{base(project)}/themas").text
    assert "2 bijdragen" in themes
    assert "3 bijdragen" in themes
    assert "Water" not in themes


def test_what_was_said_outlives_the_thing_it_was_about(platform: Platform, project: Project, client: FlaskClient) -> None:
    """The block of a thing may be purged: its card then only has a title, and the report goes on under it, without a link."""
    ideas(platform, project, 1)
    with platform.write_engine.begin() as connection:
        connection.execute(update(Subject).where(Subject.id == project.id).values(state="gone", summary=""))
    page = client.get(f"{base(project)}/verslag")
    assert page.status_code == 200
    assert "Groene Markt" in page.text
    assert 'href="/projecten/groene-markt"' not in page.text
    assert "Idee 0" in page.text


def test_residents_see_no_desk_and_wrong_addresses_are_no_failure(
    platform: Platform, project: Project, as_role: Browser, client: FlaskClient
) -> None:
    ids = ideas(platform, project, 1)
    resident = as_role("resident")
    for part in ("beantwoorden", "klaar", "themas", f"antwoord?bijdrage={ids[0]}"):
        assert resident.get(f"{base(project)}/{part}").status_code == 403
        assert client.get(f"{base(project)}/{part}").status_code in (302, 303, 403)
    staff = as_role("manager")
    assert client.get(f"/inbreng/onderwerp/{uuid.uuid4()}/verslag").status_code == 404
    for query in ("thema=x", "sector=x", "kanaal=x", "uitkomst=x", "gebied=x", "cursor=x", f"thema={uuid.uuid4()}"):
        assert client.get(f"{base(project)}/verslag?{query}").status_code == 400
    for query in ("stand=x", "thema=x", "sector=x", "kanaal=x", "activiteit=x", "cursor=x"):
        assert staff.get(f"{base(project)}/beantwoorden?{query}").status_code == 400
    assert staff.get(f"{base(project)}/antwoord?bijdrage=x").status_code == 404
    assert staff.get(f"{base(project)}/antwoord?thema={uuid.uuid4()}").status_code == 404
    assert staff.get(f"{base(project)}/antwoord").status_code == 303
    elsewhere = send(staff, f"{base(project)}/antwoord?bijdrage={uuid.uuid4()}", outcome="adopted", reason="x", doe="bewaar")
    assert elsewhere.status_code == 400
    assert send(staff, f"{base(project)}/themas/{uuid.uuid4()}/weghalen", f"{base(project)}/themas").status_code == 404


def test_the_file_for_a_spreadsheet_holds_no_formula(platform: Platform, project: Project, client: FlaskClient) -> None:
    activity = an_activity(platform, project.id)
    a_contribution(platform, activity, '=1+1; "x"\nregel twee', name="@SUM(A1)")
    lines = client.get(f"{base(project)}/verslag.csv").get_data().decode("utf-8-sig")
    assert lines.splitlines()[0].startswith("Activiteit;Nummer;Datum;Bijdrage")
    assert '"\'=1+1; ""x""\nregel twee"' in lines
    assert ";'@SUM(A1);" in lines


def test_a_page_costs_the_same_for_2_and_for_40(platform: Platform, project: Project, as_role: Browser, client: FlaskClient) -> None:
    staff, used = as_role("manager"), []
    staff.get(f"{base(project)}/verslag")
    statements: list[str] = []
    event.listen(platform.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    for number in (2, 38):
        ids = ideas(platform, project, number)
        with platform.unit_of_work(system("test")) as uow:
            theme = add_theme(uow, project.id, AddTheme(title=f"Thema {number}"))
            put_in_theme(uow, theme.id, ChooseContributions(contribution_ids=tuple(ids)))
            write_answer(uow, project.id, WriteAnswer(outcome="adopted", reason="x", contribution_ids=(ids[0],)))
        statements.clear()
        for path in ("verslag", "beantwoorden?stand=all", "klaar", "themas"):
            assert staff.get(f"{base(project)}/{path}").status_code == 200
        used.append(len(statements))
    assert used[0] == used[1]
    assert used[0] < 40


def test_a_questionnaire_from_filling_in_to_the_results(
    platform: Platform, project: Project, as_role: Browser, client: FlaskClient, clock: Clock
) -> None:
    activity = an_activity(platform, project.id, title="Vragenlijst", kind="questionnaire", form=FORM)
    path = f"/inbreng/{activity.slug}"
    assert f"{path}/invullen" in client.get(path).text
    page = client.get(f"{path}/invullen").text
    mark = re.search(r'name="formulier-merk" value="([^"]+)"', page)[1]  # type: ignore[index]
    clock.forward(seconds=30)
    wrong = client.post(f"{path}/invullen", data={"formulier-merk": mark, "cijfer": "9", "gebruik": "soms"}, headers=SAME)
    assert wrong.status_code == 400
    assert re.search(r'value="soms" checked', wrong.text)
    assert client.post(f"{path}/invullen", data={"formulier-merk": mark}, headers=SAME).status_code == 400
    assert client.post(f"{path}/invullen", data={"cijfer": "3"}, headers=SAME).status_code == 400
    filled = client.post(f"{path}/invullen", data={"formulier-merk": mark, "cijfer": "3", "wensen": ["bank", "boom"]}, headers=SAME)
    assert (filled.status_code, filled.headers["Location"]) == (303, f"{path}/uitslag?ingevuld=ja")
    thanked = client.get(filled.headers["Location"]).text
    assert f"Verder naar “{project.name}”" in unescape(thanked)
    assert f'href="{path}/invullen"' not in thanked, "one fills it in once"
    assert f'href="{path}/invullen"' in client.get(f"{path}/uitslag").text
    again = client.post(f"{path}/invullen", data={"formulier-merk": mark, "cijfer": "3"}, headers=SAME)
    assert again.status_code == 409
    staff = as_role("facilitator", project.id)
    entered = send(staff, f"{path}/lijst-invoeren", **{"hoe-binnen": "meeting", "van-wie": "business", "cijfer": "5"})
    assert entered.status_code == 303
    mistakes = send(staff, f"{path}/lijst-invoeren", **{"hoe-binnen": "duif", "op-datum": "2199-01-01", "cijfer": "9"})
    assert (mistakes.status_code, mistakes.text.count("samen-field--invalid")) == (400, 2)
    future = send(staff, f"{path}/lijst-invoeren", **{"hoe-binnen": "letter", "op-datum": "2199-01-01", "cijfer": "4"})
    assert (future.status_code, "Deze dag moet nog komen." in future.text) == (400, True)
    for _number in range(4):
        send(staff, f"{path}/lijst-invoeren", cijfer="4")
    assert "Gemiddeld" in staff.get(f"{path}/uitslag").text
    assert "Gemiddeld" not in client.get(f"{path}/uitslag").text
    assert client.get(f"{path}/papier").status_code == 200
    assert client.get(f"{path}/open-antwoorden").status_code in (302, 303, 403)
    assert client.get(f"{path}/uitslag.csv").status_code in (302, 303, 403)
    assert "Bedrijfsleven;Bijeenkomst" in staff.get(f"{path}/uitslag.csv").get_data().decode()
    clock.forward(days=10)
    assert "Gemiddeld: 4" in client.get(f"{path}/uitslag").text
    assert "gesloten" in client.get(f"{path}/invullen").text
    reactions = an_activity(platform, project.id)
    for part in ("invullen", "uitslag", "papier"):
        assert client.get(f"/inbreng/{reactions.slug}/{part}").status_code == 404


def test_the_same_paper_list_sent_twice_counts_once(platform: Platform, project: Project, as_role: Browser) -> None:
    activity = an_activity(platform, project.id, title="Vragenlijst", kind="questionnaire", form=FORM)
    path, staff = f"/inbreng/{activity.slug}", as_role("facilitator", project.id)
    page = staff.get(f"{path}/lijst-invoeren").text
    hidden = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrf_token", "formulier-merk")}  # type: ignore[index]
    body = {**hidden, "hoe-binnen": "letter", "van-wie": "business", "cijfer": "5"}
    sent = [staff.post(f"{path}/lijst-invoeren", data=body, headers=SAME) for _click in range(2)]
    assert [(answer.status_code, answer.headers["Location"]) for answer in sent] == [(303, f"{path}/lijst-invoeren")] * 2
    assert "1 keer ingevuld" in staff.get(f"{path}/uitslag").text
    staff.post(f"{path}/lijst-invoeren", data={**body, "cijfer": "4"}, headers=SAME)
    assert "2 keer ingevuld" in staff.get(f"{path}/uitslag").text, "back, and other answers"
    wrong = staff.post(f"{path}/lijst-invoeren", data={**body, "formulier-merk": "nep"}, headers=SAME)
    assert (wrong.status_code, "2 keer ingevuld" in staff.get(f"{path}/uitslag").text) == (400, True)


def test_fewer_than_five_filled_in_are_shown_to_nobody(
    app: SamenFlask, platform: Platform, project: Project, as_role: Browser, actor_as: As
) -> None:
    questions = Form((*FORM.questions, Question("open", "long_text", "Wat nog meer?")))
    activity = an_activity(platform, project.id, title="Vragenlijst", kind="questionnaire", form=questions)
    path, staff = f"/inbreng/{activity.slug}", as_role("facilitator", project.id)
    api = Api(app, platform, actor_as("facilitator", project.id), "inbreng.answer")
    for number in range(4):
        send(staff, f"{path}/lijst-invoeren", cijfer="4", open=f"Ik ben nummer {number}.")
    why = "De vragenlijst is nog geen vijf keer ingevuld."
    opened, csv = staff.get(f"{path}/open-antwoorden"), staff.get(f"{path}/uitslag.csv")
    assert (opened.status_code, why in opened.text, "Ik ben nummer" in opened.text) == (200, True, False)
    assert (csv.status_code, why in csv.text, "Ik ben nummer" in csv.text) == (403, True, False)
    assert why in api("GET", f"/activities/{activity.id}/responses", 403)["detail"]
    assert f"{path}/uitslag.csv" not in staff.get(f"{path}/uitslag").text
    send(staff, f"{path}/lijst-invoeren", cijfer="4", open="Ik ben nummer 4.")
    assert f"{path}/uitslag.csv" in staff.get(f"{path}/uitslag").text
    assert staff.get(f"{path}/open-antwoorden").text.count("Ik ben nummer") == 5
    assert staff.get(f"{path}/uitslag.csv").get_data(as_text=True).count("Ik ben nummer") == 5
    assert len(api("GET", f"/activities/{activity.id}/responses", 200)) == 5


class Api:
    """A caller of the API with a token of an actor, or without."""

    def __init__(self, app: SamenFlask, platform: Platform, actor: Actor | None = None, *scopes: str) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {}
        if actor is not None:
            with platform.unit_of_work(actor) as uow:
                self.headers = {"Authorization": f"Bearer {create_token(uow, CreateToken(name='Test', scopes=scopes, days=30)).secret}"}

    def __call__(self, method: str, path: str, status: int, body: Any = None, **headers: str) -> Any:
        answer = self.client.open(f"/api/v1/inbreng{path}", method=method, json=body, headers={**self.headers, **headers})
        assert answer.status_code == status, answer.text
        if status >= 400:
            assert answer.content_type == "application/problem+json"
        return answer.get_json() if answer.get_data() else None


def test_all_of_it_over_rest(app: SamenFlask, platform: Platform, project: Project, actor_as: As, clock: Clock) -> None:
    ids = [str(id) for id in ideas(platform, project, 3)]
    staff = Api(app, platform, actor_as("facilitator", project.id), "inbreng.answer", "inbreng.enter")
    nobody, subject = Api(app, platform), f"/subjects/{project.id}"
    nobody("POST", f"{subject}/themes", 401, {"title": "Groen"})
    theme = staff("POST", f"{subject}/themes", 201, {"title": "Groen"})
    other = staff("POST", f"{subject}/themes", 201, {"title": "Parkeren", "summary": "Waar?"})
    staff("POST", f"{subject}/themes", 400, {"title": ""})
    assert staff("POST", f"/themes/{theme['id']}/contributions", 200, {"contribution_ids": ids[:2]}) == {"number": 2}
    staff("POST", f"/themes/{theme['id']}/contributions", 400, {"contribution_ids": [str(uuid.uuid4())]})
    assert [row["title"] for row in staff("PUT", f"/contributions/{ids[2]}/themes", 200, {"theme_ids": [other["id"]]})] == ["Parkeren"]
    staff("PUT", f"{subject}/themes/order", 200, {"theme_ids": [other["id"], theme["id"]]})
    assert [(row["title"], row["contributions"]) for row in nobody("GET", f"{subject}/themes", 200)] == [("Parkeren", 1), ("Groen", 2)]
    version = nobody("GET", f"/themes/{theme['id']}", 200)["version"]
    changed = staff("PUT", f"/themes/{theme['id']}", 200, {"title": "Bomen", "version": version})
    assert staff("PUT", f"/themes/{theme['id']}", 409, {"title": "Struiken", "version": version})["version"] == changed["version"]
    staff("DELETE", f"/themes/{theme['id']}", 400, **{"If-Match": f'"{changed["version"]}-x"'})
    answer = staff("POST", f"{subject}/answers", 201, {"outcome": "partly", "reason": "Deels.", "contribution_ids": ids[:1]})
    assert (answer["state"], answer["contribution_ids"]) == ("pending", ids[:1])
    nobody("GET", f"/answers/{answer['id']}", 404)
    nobody("GET", f"{subject}/answers?state=pending", 401)
    assert [row["id"] for row in staff("GET", f"{subject}/answers?state=pending", 200)] == [answer["id"]]
    staff("POST", f"{subject}/answers", 400, {"outcome": "x", "reason": "", "contribution_ids": ids, "theme_id": theme["id"]})
    assert staff("POST", f"/answers/{answer['id']}/withdraw", 200)["state"] == "withdrawn"
    staff("POST", f"/answers/{answer['id']}/withdraw", 409)
    staff("POST", f"{subject}/answers", 201, {"outcome": "adopted", "reason": "Ja.", "theme_id": theme["id"]})
    clock.forward(minutes=11)
    assert nobody("GET", f"{subject}/counts", 200)["outcome"] == {"adopted": 2}
    assert nobody("GET", f"{subject}/counts", 200)["unanswered"] == 1
    report = nobody("GET", f"{subject}/report?limit=2", 200)
    assert [(row["outcome"], row["themes"][0]["title"]) for row in report] == [(None, "Parkeren"), ("adopted", "Bomen")]
    assert [row["id"] for row in nobody("GET", f"{subject}/report?outcome=none", 200)] == ids[2:]
    nobody("GET", f"{subject}/report?outcome=x", 400)
    into = staff("POST", f"/themes/{theme['id']}/merge", 200, {"into_id": other["id"], "version": changed["version"]})
    assert into["contributions"] == 3
    nobody("GET", f"/themes/{theme['id']}", 404)
    nobody("GET", f"/subjects/{uuid.uuid4()}/report", 404)


def test_questionnaires_over_rest(app: SamenFlask, platform: Platform, project: Project, actor_as: As, clock: Clock) -> None:
    activity = an_activity(platform, project.id, title="Vragenlijst", kind="questionnaire", form=FORM)
    nobody, path = Api(app, platform), f"/activities/{activity.id}"
    staff = Api(app, platform, actor_as("facilitator", project.id), "inbreng.answer", "inbreng.enter")
    resident = Api(app, platform, actor_as("resident"), "inbreng.support")
    resident("POST", f"{path}/responses", 201, {"answers": {"cijfer": 4}})
    resident("POST", f"{path}/responses", 409, {"answers": {"cijfer": 4}})
    wrong = nobody("POST", f"{path}/responses", 400, {"answers": {"cijfer": 44, "gebruik": "nooit"}})
    assert sorted(error["pointer"] for error in wrong["errors"]) == ["#/answers/cijfer", "#/answers/gebruik"]
    for _number in range(4):
        nobody("POST", f"{path}/responses", 201, {"answers": {"cijfer": 2, "gebruik": "soms"}})
    staff("POST", f"{path}/responses/enter", 201, {"answers": {"cijfer": 1}, "channel": "phone", "sector": "business"})
    nobody("POST", f"{path}/responses/enter", 401, {"answers": {"cijfer": 1}})
    assert len(staff("GET", f"{path}/responses?limit=4", 200)) == 4
    nobody("GET", f"{path}/responses", 401)
    assert nobody("GET", f"{path}/results", 200)["questions"] == []
    assert {question["name"]: question["answered"] for question in staff("GET", f"{path}/results", 200)["questions"]} == {
        "gebruik": 4,
        "wensen": 0,
        "cijfer": 6,
    }
    clock.forward(days=10)
    nobody("POST", f"{path}/responses", 410, {"answers": {"cijfer": 2}})
    found = {question["name"]: question for question in nobody("GET", f"{path}/results", 200)["questions"]}
    assert (found["gebruik"]["too_few"], found["cijfer"]["average"]) == (True, pytest.approx(13 / 6))
    nobody("GET", f"/activities/{an_activity(platform, project.id).id}/results", 404)
