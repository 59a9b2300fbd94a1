"""The pages as visitors and staff use them: short, kept as typed when something is wrong, and only for who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.datastructures import MultiDict

from citycontent.models import Organization, Project
from samen_core.api import Actor, system
from samen_core.mail import QueuedMail
from samen_core.platform import Platform
from samen_core.testing.visitors import Forms
from samen_inbreng.models import Activity, Contribution
from samen_inbreng.schemas.contribution import EnterContribution
from samen_inbreng.services.entry import import_contributions
from samen_inbreng.testing import FORM, a_contribution, an_activity

SAME_SITE = {"Sec-Fetch-Site": "same-origin"}
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
pytestmark = SQLITE
As = Callable[..., Actor]


def page_of(activity: Activity, part: str = "") -> str:
    return f"/inbreng/{activity.slug}" + (f"/{part}" if part else "")


def text_of(html: str) -> str:
    body = "<main" + html.partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def send(client: FlaskClient, path: str, *, action: str = "", button: tuple[str, str] | None = None, **values: Any) -> Any:
    """Open a page, change these values in its form, and send it as a browser does."""
    action = action or path.partition("?")[0]
    pairs = [pair for pair in Forms(client.get(path).text).pairs(action) if pair[0] not in values]
    for name, value in values.items():
        pairs += [(name, item) for item in (value if isinstance(value, list) else [value])]
    return client.post(action, data=MultiDict([*pairs, *([button] if button else [])]), headers=SAME_SITE)


def count(platform: Platform) -> int:
    with platform.engine.connect() as connection:
        return len(connection.execute(select(Contribution.id)).all())


def test_a_visitor_contributes_and_follows_it_with_the_code(platform: Platform, project: Project, client: FlaskClient, clock: Any) -> None:
    activity = an_activity(platform, project.id, form=FORM)
    page = client.get(page_of(activity))
    assert "Nog 5 dagen" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    pairs = [pair for pair in Forms(page.text).pairs(page_of(activity)) if pair[0] != "text"]
    typed = MultiDict([*pairs, ("text", "Meer <b>bomen</b>"), ("q_wensen", "boom"), ("q_wensen", "bank"), ("name", "Fatima")])
    fast = client.post(page_of(activity), data=typed, headers=SAME_SITE)
    assert fast.status_code == 400
    assert "Dat ging erg snel" in fast.text
    assert "Meer &lt;b&gt;bomen&lt;/b&gt;</textarea>" in fast.text
    clock.forward(seconds=10)
    sent = client.post(page_of(activity), data=typed, headers=SAME_SITE)
    again = client.post(page_of(activity), data=typed, headers=SAME_SITE)
    assert (sent.status_code, again.status_code) == (303, 303)
    assert count(platform) == 1, "the same form sent twice is one contribution"
    thanks = client.get(sent.headers["Location"]).text
    code = re.search(r'inbreng-code"[^>]*>([^<]+)<', thanks)
    assert code
    assert code[1] not in client.get(sent.headers["Location"]).text, "the code is shown once"
    shown = client.get(page_of(activity)).text
    assert "Meer &lt;b&gt;bomen&lt;/b&gt;" in shown
    assert "Wat mist u? Een boom, Een bank" in text_of(shown)
    mine = client.post("/inbreng/volgen", data={"code": code[1].lower().replace("-", " ")}, headers=SAME_SITE)
    assert mine.status_code == 200
    assert "Wacht op antwoord" in mine.text
    path = page_of(activity, "bijdragen/1")
    opened = client.post(f"{path}/aanpassen", data={"code": code[1], "open": "ja"}, headers=SAME_SITE)
    fields = MultiDict(Forms(opened.text).pairs(f"{path}/aanpassen"))
    fields.setlist("text", ["Meer bomen en schaduw"])
    assert client.post(f"{path}/aanpassen", data=fields, headers=SAME_SITE).status_code == 303
    assert "Meer bomen en schaduw" in client.get(path).text
    asked = client.post(f"{path}/intrekken", data={"code": code[1], "open": "ja"}, headers=SAME_SITE)
    assert "voorgoed" in asked.text
    done = client.post(f"{path}/intrekken", data=MultiDict(Forms(asked.text).pairs(f"{path}/intrekken")), headers=SAME_SITE)
    assert done.status_code == 303
    assert "Wie deze bijdrage schreef, heeft de bijdrage ingetrokken" in client.get(path).text


def test_everything_that_is_wrong_is_told_at_once_and_what_was_typed_stays(
    platform: Platform, project: Project, client: FlaskClient, clock: Any
) -> None:
    activity = an_activity(platform, project.id, form=FORM, access="named")
    pairs = Forms(client.get(page_of(activity)).text).pairs(page_of(activity))
    clock.forward(seconds=10)
    typed = MultiDict(
        [*[p for p in pairs if p[0] not in ("email", "name", "website")], ("email", "geen adres"), ("q_gebruik", "nooit"), ("website", "x")]
    )
    answer = client.post(page_of(activity), data=typed, headers=SAME_SITE)
    assert answer.status_code == 400
    said = text_of(answer.text)
    for part in ("Uw reactie: Vul dit in", "Uw naam: Vul dit in", "Uw e-mailadres:", "Hoe vaak komt u er? ", "verborgen veld"):
        assert part in said, part
    assert 'value="geen adres"' in answer.text
    assert count(platform) == 0


@pytest.mark.parametrize("mark", ["", "onzin", "1.2.3", "9999999999.abc.def"])
def test_a_made_up_mark_asks_to_send_again(platform: Platform, project: Project, client: FlaskClient, mark: str) -> None:
    activity = an_activity(platform, project.id)
    answer = client.post(page_of(activity), data={"text": "Bewaard?", "formulier": mark}, headers=SAME_SITE)
    assert answer.status_code == 400
    assert "Bewaard?" in answer.text
    assert "verstuur hem nog een keer" in answer.text


def test_what_one_may_not_do(platform: Platform, project: Project, client: FlaskClient, as_role: Callable[..., FlaskClient]) -> None:
    activity = an_activity(platform, project.id)
    a_contribution(platform, activity)
    one = page_of(activity, "bijdragen/1")
    resident = as_role("resident")
    for path in (
        page_of(activity, "bewerken"),
        page_of(activity, "sluiten"),
        page_of(activity, "invoeren"),
        f"{one}/verbergen",
        "/inbreng/nieuw",
    ):
        assert client.get(path).status_code == 303, path
        assert resident.get(path).status_code == 403, path
    for path in (f"{one}/aanpassen", f"{one}/intrekken"):
        assert client.get(path).status_code == 403, path
        assert resident.get(path).status_code == 403, path
    assert client.post(f"{one}/steun", headers=SAME_SITE).status_code in (303, 403)
    for path in (page_of(activity, "bijdragen/99"), page_of(activity, "bijdragen/99999999999"), "/inbreng/bestaat-niet"):
        assert client.get(path).status_code == 404, path
    assert client.get("/inbreng/bevestigen/onzin").status_code == 410
    assert client.get("/inbreng/geen-mail/" + "0" * 32 + ".x").status_code == 410
    other = as_role("facilitator", activity.id)
    assert other.get(page_of(activity, "bewerken")).status_code == 200


@pytest.mark.parametrize("query", ["sector=x", "kanaal=x", "gebied=x", "thema=x", "uitkomst=x", "volgorde=x", "cursor=x", "sector=%00"])
def test_a_filter_that_does_not_exist(platform: Platform, project: Project, client: FlaskClient, query: str) -> None:
    activity = an_activity(platform, project.id)
    a_contribution(platform, activity)
    assert client.get(f"{page_of(activity)}?{query}").status_code == 400
    assert client.get("/inbreng?staat=x").status_code == 400
    assert client.get("/inbreng?onderwerp=x").status_code == 400


def test_supporting_and_replying(platform: Platform, project: Project, as_role: Callable[..., FlaskClient], clock: Any) -> None:
    activity = an_activity(platform, project.id)
    a_contribution(platform, activity)
    one = page_of(activity, "bijdragen/1")
    resident = as_role("resident")
    assert send(resident, one, action=f"{one}/steun").status_code == 303
    assert "1 keer gesteund" in resident.get(one).text
    assert send(resident, one, action=f"{one}/steun").status_code == 303
    assert "1 keer gesteund" not in resident.get(one).text
    wrong = send(resident, one, text="")
    assert wrong.status_code == 400
    assert send(resident, one, text="Eens!").status_code == 303
    page = resident.get(one).text
    assert "Eens!" in page
    assert "Test resident" in page
    mine = resident.get("/inbreng/mijn").text
    assert activity.title in mine


def test_a_moderator_hides_on_the_page(
    platform: Platform, project: Project, client: FlaskClient, as_role: Callable[..., FlaskClient]
) -> None:
    activity = an_activity(platform, project.id)
    a_contribution(platform, activity, "Een scheldwoord")
    one = page_of(activity, "bijdragen/1")
    moderator = as_role("moderator")
    assert send(moderator, f"{one}/verbergen", code="insult").status_code == 400
    assert send(moderator, f"{one}/verbergen", code="insult", reason="Dit kwetst iemand.").status_code == 303
    visitor = client.get(one).text
    assert "Een scheldwoord" not in visitor
    assert "Dit kwetst iemand" not in visitor
    assert "Belediging of bedreiging" in visitor
    assert "Een scheldwoord" in moderator.get(one).text
    (line,) = client.get(f"/api/v1/inbreng/contributions?activityId={activity.id}").get_json()
    assert (line["state"], line["text"]) == ("hidden", "")
    listed = client.get(page_of(activity)).text
    assert "Belediging of bedreiging" in listed
    assert "Een scheldwoord" not in listed
    assert send(moderator, f"{one}/tonen", reason="Toch niet.").status_code == 303
    assert "Een scheldwoord" in client.get(one).text


def test_staff_asks_something_with_questions_and_loses_nothing(
    platform: Platform, project: Project, as_role: Callable[..., FlaskClient], client: FlaskClient
) -> None:
    staff = as_role("facilitator", project.id)
    path = f"/inbreng/nieuw?onderwerp={project.id}"
    pairs = MultiDict(Forms(staff.get(path).text).pairs("/inbreng/nieuw"))
    pairs.setlist("title", ["Wat mist u in de straat?"])

    def press(button: str, **values: str) -> Any:
        for name, value in values.items():
            pairs.setlist(name, [value])
        answer = staff.post("/inbreng/nieuw", data=MultiDict([*pairs.items(multi=True), ("doe", button)]), headers=SAME_SITE)
        if answer.status_code < 300 or answer.status_code >= 400:
            fresh = MultiDict(Forms(answer.text).pairs("/inbreng/nieuw"))
            pairs.clear()
            pairs.update(fresh)
        return answer

    press("add-one_choice")
    press("add-short_text", **{"v-0-label": "Hoe vaak?", "v-0-a-0-label": "Elke dag"})
    assert pairs["title"] == "Wat mist u in de straat?"
    press("up-1", **{"v-1-label": "En wat nog meer?"})
    assert (pairs["v-0-label"], pairs["v-1-label"]) == ("En wat nog meer?", "Hoe vaak?")
    refused = press("bewaar", closes_at="2020-01-01T10:00")
    assert refused.status_code == 400
    said = text_of(refused.text)
    assert "De einddatum ligt voor de begindatum" in said
    assert "Vraag 2: Geef minstens twee antwoorden" in said
    assert pairs["v-1-a-0-label"] == "Elke dag"
    press("add-date", closes_at="", **{"v-1-a-1-label": "Nooit"})
    press("remove-2")
    done = press("bewaar")
    assert done.status_code == 303, text_of(done.text)
    page = client.get(done.headers["Location"]).text
    assert "Hoe vaak?" in page
    assert "Wat mist u in de straat?" in client.get(f"/projecten/{project.slug}").text
    assert "Wat mist u in de straat?" in client.get("/").text
    assert send(staff, done.headers["Location"] + "/sluiten").status_code == 303
    assert "U kunt nu niet reageren" in client.get(done.headers["Location"]).text


def test_two_editors_of_one_activity(platform: Platform, project: Project, as_role: Callable[..., FlaskClient]) -> None:
    activity = an_activity(platform, project.id)
    path = page_of(activity, "bewerken")
    one, two = as_role("manager"), as_role("manager")
    pairs = MultiDict(Forms(two.get(path).text).pairs(path))
    assert send(one, path, title="Nieuwe titel").status_code == 303
    pairs.setlist("title", ["Mijn titel"])
    answer = two.post(path, data=pairs, headers=SAME_SITE)
    assert answer.status_code == 409
    assert "Nieuwe titel" in answer.text
    assert "Mijn titel" in answer.text


def test_the_desk_enters_several_in_a_row(
    platform: Platform, project: Project, organization: Organization, as_role: Callable[..., FlaskClient]
) -> None:
    activity = an_activity(platform, project.id, form=FORM)
    staff = as_role("facilitator")
    path = page_of(activity, "invoeren")
    wrong = send(staff, path, text="", organization_id="Bestaat niet", received_on="2099-01-01", button=("volgende", "ja"))
    assert wrong.status_code == 400
    assert "Wij kennen geen organisatie" in wrong.text
    done = send(
        staff,
        path,
        text="Van een brief",
        channel="letter",
        source="Brief 12",
        q_cijfer="4",
        organization_id=organization.name,
        button=("volgende", "ja"),
    )
    assert done.status_code == 303
    assert done.headers["Location"] == path
    form = dict(Forms(staff.get(path).text).pairs(path))
    assert (form["channel"], form["source"]) == ("letter", "Brief 12")
    assert form["text"] == ""
    last = send(staff, path, text="Nog een brief")
    assert last.headers["Location"] == page_of(activity, "bijdragen/2")
    page = staff.get(page_of(activity, "bijdragen/1")).text
    assert organization.name in page
    assert "Brief 12" not in page, "the source is for staff"


def test_a_double_click_at_the_desk_enters_once(platform: Platform, project: Project, as_role: Callable[..., FlaskClient]) -> None:
    activity = an_activity(platform, project.id, form=FORM)
    staff, path = as_role("facilitator"), page_of(activity, "invoeren")
    pairs = MultiDict([pair for pair in Forms(staff.get(path).text).pairs(path) if pair[0] != "text"])
    body = MultiDict([*pairs.items(multi=True), ("text", "Van een brief")])
    sent = [staff.post(path, data=body, headers=SAME_SITE) for _click in range(2)]
    assert [answer.headers["Location"] for answer in sent] == [page_of(activity, "bijdragen/1")] * 2
    assert count(platform) == 1
    other = MultiDict([*pairs.items(multi=True), ("text", "Nog een brief")])
    assert staff.post(path, data=other, headers=SAME_SITE).headers["Location"] == page_of(activity, "bijdragen/2"), "back, and other words"
    body["formulier"] = "nep"
    wrong = staff.post(path, data=body, headers=SAME_SITE)
    assert (wrong.status_code, "Van een brief" in wrong.text, count(platform)) == (400, True, 2)


def test_a_page_costs_the_same_of_a_thousand_and_of_three_thousand(platform: Platform, project: Project, client: FlaskClient) -> None:
    activity = an_activity(platform, project.id)
    with platform.read(system("test")) as uow:
        today = (uow.now - timedelta(days=1)).date()

    def fill(batches: int) -> None:
        for _batch in range(batches):
            items = [EnterContribution(text=f"Idee {n}", channel="letter", received_on=today) for n in range(500)]
            with platform.unit_of_work(system("test")) as uow:
                import_contributions(uow, activity.id, items)

    def cost(path: str) -> int:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.append(statement)

        event.listen(platform.engine, "before_cursor_execute", note)
        try:
            assert client.get(path).status_code == 200
        finally:
            event.remove(platform.engine, "before_cursor_execute", note)
        return len([statement for statement in sent if statement != "BEGIN"])

    paths = [
        page_of(activity),
        f"{page_of(activity)}?volgorde=gesteund",
        "/inbreng",
        f"/api/v1/inbreng/activities/{activity.id}/contributions",
    ]
    fill(2)
    for path in paths:
        cost(path)
    before = [cost(path) for path in paths]
    fill(4)
    after = [cost(path) for path in paths]
    assert before == after
    assert max(after) <= 12, dict(zip(paths, after, strict=True))


def test_giving_one_by_the_form_costs_at_most_ten_statements(platform: Platform, project: Project, client: FlaskClient, clock: Any) -> None:
    path = page_of(an_activity(platform, project.id))

    def give(text: str) -> list[str]:
        pairs = [pair for pair in Forms(client.get(path).text).pairs(path) if pair[0] != "text"]
        clock.forward(seconds=10)
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            sent.append(statement)

        event.listen(platform.engine, "before_cursor_execute", note)
        try:
            assert client.post(path, data=MultiDict([*pairs, ("text", text)]), headers=SAME_SITE).status_code == 303
        finally:
            event.remove(platform.engine, "before_cursor_execute", note)
        return [statement for statement in sent if not statement.startswith("BEGIN")]

    give("Eerst")
    sent = give("Dan")
    assert len(sent) <= 10, "\n".join(sent)


def test_links_in_mail_act_by_their_button(platform: Platform, project: Project, client: FlaskClient) -> None:
    activity = an_activity(platform, project.id)
    a_contribution(platform, activity, email="jan@samen.example", wants_mail=True)
    with platform.engine.connect() as connection:
        body = connection.execute(select(QueuedMail.body)).scalar_one()
    link = re.search(r"(/inbreng/bevestigen/\S+)", body)
    assert link
    assert "Bevestig mijn e-mailadres" in client.get(link[1]).text
    with platform.engine.connect() as connection:
        assert connection.execute(select(Contribution.email_confirmed_at)).scalar() is None
    assert client.post(link[1], headers=SAME_SITE).status_code == 200
    with platform.engine.connect() as connection:
        assert connection.execute(select(Contribution.email_confirmed_at)).scalar() is not None


def test_trying_codes_is_limited(platform: Platform, app: Any, client: FlaskClient) -> None:
    from dataclasses import replace

    config = platform.config
    object.__setattr__(platform, "config", replace(config, limits=replace(config.limits, enabled=True)))
    answers = [client.post("/inbreng/volgen", data={"code": "0000-0000-0000"}, headers=SAME_SITE).status_code for _try in range(11)]
    assert answers == [400] * 10 + [429]


def test_trying_codes_on_the_pages_of_ones_own_is_limited_too(platform: Platform, project: Project, client: FlaskClient) -> None:
    from dataclasses import replace

    activity = an_activity(platform, project.id)
    given = a_contribution(platform, activity)
    config = platform.config
    object.__setattr__(platform, "config", replace(config, limits=replace(config.limits, enabled=True)))
    own, guess = page_of(activity, f"bijdragen/{given.contribution.number}"), {"code": "0000-0000-0000", "open": "1"}
    tried = [client.post(f"{own}/intrekken", data=guess, headers=SAME_SITE).status_code for _try in range(6)]
    tried += [client.post(f"{own}/aanpassen", data=guess, headers=SAME_SITE).status_code for _try in range(4)]
    assert tried == [403] * 10
    right = {"code": given.receipt_code, "open": "1"}
    assert [client.post(f"{own}/{page}", data=right, headers=SAME_SITE).status_code for page in ("aanpassen", "intrekken")] == [429] * 2
    assert client.post("/inbreng/volgen", data=right, headers=SAME_SITE).status_code == 429


def test_trying_codes_over_rest_is_limited_too(platform: Platform, project: Project, client: FlaskClient) -> None:
    from dataclasses import replace

    made = a_contribution(platform, an_activity(platform, project.id)).contribution
    config = platform.config
    object.__setattr__(platform, "config", replace(config, limits=replace(config.limits, enabled=True)))
    one, guess = f"/api/v1/inbreng/contributions/{made.id}", {"version": made.version, "code": "0000-0000-0000"}
    tried = [client.post(f"{one}/withdraw", json=guess).status_code for _try in range(6)]
    tried += [client.put(one, json={"text": "Anders", **guess}).status_code for _try in range(5)]
    assert tried == [403] * 10 + [429]


def test_strangers_cannot_fill_an_inbox(platform: Platform, project: Project, client: FlaskClient) -> None:
    from dataclasses import replace

    activity = an_activity(platform, project.id)
    config = platform.config
    object.__setattr__(platform, "config", replace(config, limits=replace(config.limits, enabled=True)))
    asked = {"text": "Meer bomen.", "email": "jan@samen.example", "wants_mail": True}
    address = f"/api/v1/inbreng/activities/{activity.id}/contributions"
    assert [client.post(address, json=asked).status_code for _try in range(11)] == [201] * 10 + [429]
    form = {"text": "Meer bomen.", "email": "Jan@samen.example", "wants_mail": "true"}
    assert client.post(f"/inbreng/{activity.slug}", data=form, headers=SAME_SITE).status_code == 429


def test_one_finds_back_what_one_said(as_role: Callable[..., FlaskClient], client: FlaskClient) -> None:
    assert '"/inbreng/volgen"' in client.get("/inbreng").text
    logged_in = as_role("resident")
    assert '"/inbreng/mijn"' in logged_in.get("/inbreng").text
    assert '"/inbreng/mijn"' in logged_in.get("/account").text


@pytest.mark.parametrize("text", ["Een lange gedachte.", "x" * 6000], ids=["right", "wrong too"])
def test_who_sends_after_the_term_gets_the_text_back(
    platform: Platform, project: Project, client: FlaskClient, clock: Any, text: str
) -> None:
    activity = an_activity(platform, project.id)
    page = page_of(activity)
    pairs = [pair for pair in Forms(client.get(page).text).pairs(page) if pair[0] != "text"]
    clock.forward(days=6)
    answer = client.post(page, data=MultiDict([*pairs, ("text", text)]), headers=SAME_SITE)
    assert answer.status_code == 410
    assert "de termijn is voorbij" in text_of(answer.text)
    assert text in text_of(answer.text)
    assert count(platform) == 0


def test_what_was_filled_in_wrongly_is_all_that_is_told(platform: Platform, project: Project, client: FlaskClient) -> None:
    activity = an_activity(platform, project.id)
    wrong = send(client, page_of(activity), text="", **{"place.postcode": "9999", "place.house_number": "x", "place.lat": "99"})
    assert wrong.status_code == 400
    said = text_of(wrong.text)
    for message in ("Vul dit in.", "Vul een postcode in", "Vul een huisnummer in", "Dit punt ligt niet op de kaart."):
        assert message in said
    assert "Dat ging erg snel" not in said, "that is told only when nothing else stands in the way"


def test_who_asked_for_mail_is_told_to_look_for_it(platform: Platform, project: Project, client: FlaskClient, clock: Any) -> None:
    activity = an_activity(platform, project.id)
    for asked, words in (({"wants_mail": "true", "email": "bea@voorbeeld.example"}, True), ({}, False)):
        pairs = [pair for pair in Forms(client.get(page_of(activity)).text).pairs(page_of(activity)) if pair[0] not in ("text", *asked)]
        clock.forward(seconds=10)
        sent = client.post(page_of(activity), data=MultiDict([*pairs, ("text", "Bomen"), *asked.items()]), headers=SAME_SITE)
        assert ("Klik op de link daarin" in client.get(sent.headers["Location"]).text) is words


def test_the_only_reply_is_not_announced_as_a_conversation(platform: Platform, project: Project, client: FlaskClient) -> None:
    activity = an_activity(platform, project.id)
    first = a_contribution(platform, activity)
    a_contribution(platform, activity, text="Eens", parent_id=first.contribution.id)
    assert "Het hele gesprek" not in client.get(page_of(activity, "bijdragen/2")).text
    a_contribution(platform, activity, text="Ook eens", parent_id=first.contribution.id)
    assert "Het hele gesprek" in client.get(page_of(activity, "bijdragen/2")).text


def test_who_logs_in_from_an_english_page_stays_in_english(platform: Platform, project: Project, client: FlaskClient) -> None:
    open_to_all, counted = an_activity(platform, project.id), an_activity(platform, project.id, title="Kies", access="logged_in")
    a_contribution(platform, open_to_all)
    page = f"/en{page_of(open_to_all, 'bijdragen/1')}"
    assert f'href="/en/inloggen?volgende={page}"' in client.get(page).text
    page = f"/en{page_of(counted)}"
    assert f'href="/en/inloggen?volgende={page}"' in client.get(page).text
    assert "Geef uw mening" in text_of(client.get(page_of(counted)).text)
