"""The pages of the process proposal, the evaluation and the final report, as people use them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from samen_core.api import anonymous, system
from samen_inbreng.api import Contribution, WriteAnswer, contribute, write_answer
from samen_inbreng.schemas.contribution import Contribute
from samen_inbreng.testing import an_activity
from samen_samenspreker.models import FinalReport, Proposal
from samen_samenspreker.queries.evaluations import evaluation_of_cycle
from samen_samenspreker.queries.proposals import proposal_versions, published_proposal
from samen_samenspreker.testing import (
    EVALUATION_VALUES,
    PROPOSAL_VALUES,
    REPORT_TEXTS,
    a_final_report,
    a_published_decision,
    a_published_evaluation,
    a_published_proposal,
    a_table,
    an_accepted_question,
    in_step,
)
from tests.citycontent.web.conftest import form_values, links, post, read, send, text_of

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
FORM_PARTS = {
    "onderwerp": ("subject", "not_about", "leeway"),
    "doelen": ("goals",),
    "schaal": ("scale", "scale_note"),
    "deelnemers": ("participants",),
    "niveau": ("level", "level_reason"),
    "aanpak": ("approach", "methods_online", "methods_offline", "planning", "communication", "costs"),
}


def filled(*names):
    """What a person types for these fields of a proposal."""
    values = {}
    for name in names:
        value = PROPOSAL_VALUES[name]
        values |= {f"{name}__{key}": text for key, text in value.items()} if isinstance(value, dict) else {name: value}
    return values


def press(client, path, action, **values):
    """Press the button that sends the form with this action on a page."""
    pairs = form_values(client.get(path).text, action)
    return post(client, action, [*pairs, *values.items()])


@SQLITE
def test_a_proposal_is_written_in_six_steps_checked_and_published(platform, as_role):
    question = an_accepted_question(platform, sectors=("citizens", "business"))
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/procesvoorstel"
    assert "Er is nog geen procesvoorstel" in read(staff, part)
    assert press(staff, part, f"{part}/begin").location == f"{part}/bewerken/onderwerp"
    said = read(staff, f"{part}/bewerken/doelen")
    assert "Stap 2 van 6" in said
    assert "Voorbeeld" in said
    for slug, names in FORM_PARTS.items():
        answer = send(staff, f"{part}/bewerken/{slug}", **filled(*names))
        assert answer.status_code == 303, text_of(answer.text)
    assert answer.location == f"{part}/controleren", "after the last step everything is checked"
    said = read(staff, f"{part}/controleren")
    assert "Alles is ingevuld" in said
    assert PROPOSAL_VALUES["goals"]["collect_ideas"] in said
    with platform.read(anonymous()) as uow:
        assert published_proposal(uow, question.id) is None
    assert press(staff, f"{part}/controleren", f"{part}/controleren").location == part
    nobody = staff.application.test_client()
    said = read(nobody, part)
    for text in ("Adviseren", "Een bezoek aan elke winkel.", "De raad geeft het geld.", "Niet over de parkeertarieven."):
        assert text in said
    assert "De gemeenteraad is nog niet geïnformeerd over versie 1." in said
    memo = read(nobody, f"{part}/raadsmemo")
    assert "de gemeenteraad" in memo
    assert "Noteer de datum" not in memo


@SQLITE
def test_a_draft_can_be_left_and_publishing_tells_what_misses(platform, as_role):
    question = an_accepted_question(platform)
    staff, part = as_role("facilitator", question.id), f"/samenspreker/{question.slug}/procesvoorstel"
    press(staff, part, f"{part}/begin")
    answer = send(staff, f"{part}/bewerken/onderwerp", subject="De straat", later="1")
    assert answer.location == part
    assert "Versie 1 is in de maak" in read(staff, part)
    said = staff.get(f"{part}/controleren").text
    assert "Er ontbreken nog 11 dingen" in text_of(said)
    assert f"{part}/bewerken/aanpak" in links(said)
    assert "Publiceer het procesvoorstel" not in text_of(said)
    with platform.read(system("test")) as uow:
        version = proposal_versions(uow, question.id)[0].version
    token = dict(form_values(staff.get(f"{part}/bewerken/onderwerp").text, f"{part}/bewerken/onderwerp"))["csrf_token"]
    answer = post(staff, f"{part}/controleren", [("csrf_token", token), ("version", str(version))])
    assert answer.status_code == 400
    assert "Schrijf waar het niet over gaat." in text_of(answer.text)
    assert "in de maak" not in read(staff.application.test_client(), part), "others do not see the draft"


@SQLITE
def test_two_writers_see_both_texts(platform, as_role):
    question = an_accepted_question(platform)
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/procesvoorstel"
    press(staff, part, f"{part}/begin")
    path = f"{part}/bewerken/doelen"
    seen = form_values(staff.get(path).text, path)
    assert send(as_role("manager"), path, goals__cohesion="Van de ander").status_code == 303
    mine = [(name, "Van mij" if name == "goals.cohesion" else value) for name, value in seen]
    answer = post(staff, path, mine)
    assert answer.status_code == 409
    said = text_of(answer.text)
    assert "Nu opgeslagen door iemand anders: Van de ander" in said
    assert "Van mij" in said
    assert post(staff, path, form_values(answer.text, path)).status_code == 303, "sending again overwrites knowingly"
    with platform.read(system("test")) as uow:
        assert proposal_versions(uow, question.id)[0].goals == {"cohesion": "Van mij"}


@SQLITE
def test_wrong_input_keeps_what_was_typed(platform, as_role):
    question = an_accepted_question(platform)
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/procesvoorstel"
    press(staff, part, f"{part}/begin")
    path = f"{part}/bewerken/niveau"
    answer = send(staff, path, level="alles", level_reason="Omdat het kan")
    assert answer.status_code == 400
    assert dict(form_values(answer.text, path))["level_reason"] == "Omdat het kan"
    answer = send(staff, f"{part}/bewerken/onderwerp", subject="x" * 20_001)
    assert answer.status_code == 400
    assert "Waar gaat het over? " in text_of(answer.text)
    assert staff.get(f"{part}/bewerken/iets").status_code == 404
    assert staff.get(f"{part}/verschillen?van=1&tot=x").status_code == 404
    assert staff.get(f"{part}/versies/1").status_code == 404


@SQLITE
def test_only_who_facilitates_sees_the_forms(platform, client, as_role):
    question = a_table(platform, step="evaluate")
    table = f"/samenspreker/{question.slug}"
    resident = as_role("resident")
    for path in (
        "procesvoorstel/controleren",
        "evaluatie/bewerken",
        "evaluatie/vragenlijst",
        "eindverslag/bewerken",
        "eindverslag/controleren",
    ):
        assert resident.get(f"{table}/{path}").status_code == 403
        assert client.get(f"{table}/{path}").location.startswith("/inloggen")
    for path in ("procesvoorstel", "evaluatie", "eindverslag"):
        assert "Voor begeleiders" not in read(client, f"{table}/{path}")


@SQLITE
def test_versions_are_compared_and_the_council_is_told(platform, as_role):
    question = an_accepted_question(platform)
    a_published_proposal(platform, question)
    a_published_proposal(platform, question, costs="€ 6.000 en 200 uur.")
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/procesvoorstel"
    html = staff.get(part).text
    assert f"{part}/verschillen?van=1&tot=2" in links(html)
    html = staff.get(f"{part}/verschillen?van=1&tot=2").text
    assert "<del>120</del>" in html
    assert "<ins>200</ins>" in html
    assert "Dit is een oudere versie." in read(staff, f"{part}/versies/1")

    memo = f"{part}/raadsmemo"
    later = (platform.clock() + timedelta(days=3)).date().isoformat()
    answer = press(staff, memo, f"{part}/raad", on=later)
    assert answer.status_code == 400
    assert "Deze datum moet nog komen." in text_of(answer.text)
    answer = press(staff, memo, f"{part}/raad", on=platform.clock().date().isoformat())
    assert answer.location == part
    assert "Genoteerd dat de raad is geïnformeerd." in read(staff, part)


@SQLITE
def test_less_influence_is_published_with_a_reason_in_the_logbook(platform, as_role):
    question = a_table(platform, level="coproduce")
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/procesvoorstel"
    press(staff, part, f"{part}/begin")
    assert send(staff, f"{part}/bewerken/niveau", level="consult").status_code == 303
    check = f"{part}/controleren"
    said = read(staff, check)
    assert "In versie 1 was het “Coproduceren”, nu wordt het “Raadplegen”." in said
    answer = press(staff, check, check, reason="Nou ja")
    assert answer.status_code == 400
    assert "Schrijf waarom de deelnemers minder invloed krijgen dan was afgesproken." in text_of(answer.text)
    assert "Nou ja" in answer.text
    assert press(staff, check, check, reason="De raad wil zelf over het geld beslissen.").location == part
    assert "Reden: De raad wil zelf over het geld beslissen." in read(staff.application.test_client(), f"/samenspreker/{question.slug}")


@SQLITE
def test_an_evaluation_is_written_and_published(platform, as_role):
    question = a_table(platform, step="evaluate")
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/evaluatie"
    values = {f"goals__{code}__{name}": text for code, told in EVALUATION_VALUES["goals"].items() for name, text in told.items()}
    assert send(staff, f"{part}/bewerken", **values, later="1").location == part
    said = read(staff, f"{part}/controleren")
    assert "Er ontbreken nog 3 dingen" in said
    texts = {name: EVALUATION_VALUES[name] for name in ("result", "process", "lessons")}
    assert send(staff, f"{part}/bewerken", **texts).location == f"{part}/controleren"
    assert press(staff, f"{part}/controleren", f"{part}/controleren").location == part
    said = read(staff.application.test_client(), part)
    for text in ("Deels gehaald", "Vraag jongeren op school", "Gepubliceerd op"):
        assert text in said
    assert staff.get(f"{part}/controleren").status_code == 404


@SQLITE
def test_a_survey_is_opened_with_the_questions_that_are_left(platform, as_role):
    question = a_table(platform, step="evaluate")
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/evaluatie"
    answer = send(staff, f"{part}/vragenlijst", closes_on=platform.clock().date().isoformat(), question_again="")
    assert answer.status_code == 400
    assert "Kies een dag na vandaag." in text_of(answer.text)
    assert dict(form_values(answer.text, f"{part}/vragenlijst"))["question_again"] == ""
    assert send(staff, f"{part}/vragenlijst", question_again="").location == part
    said = read(staff.application.test_client(), part)
    assert "Vul de vragenlijst in" in said
    assert "0 keer ingevuld." in said
    with platform.read(anonymous()) as uow:
        assert evaluation_of_cycle(uow, question.id, 1).survey_id is not None


@pytest.fixture
def answered_table(platform, clock):
    """A table in step 5 with sixty answered contributions, a decision and an evaluation."""
    question = a_table(platform, step="evaluate")
    activity = an_activity(platform, question.id)
    with platform.unit_of_work(anonymous()) as uow:
        ids = [contribute(uow, activity.id, Contribute(text=f"Bijdrage <{n}>", name="Jan Jansen")).contribution.id for n in range(60)]
    clock.forward(days=10)
    with platform.unit_of_work(system("test")) as uow:
        write_answer(uow, question.id, WriteAnswer(outcome="adopted", reason="Dat doen wij.", contribution_ids=tuple(ids)))
    clock.forward(minutes=11)
    a_published_decision(platform, question)
    a_published_evaluation(platform, question)
    return question, ids


@SQLITE
def test_a_report_is_checked_frozen_and_read(platform, answered_table, as_role):
    question, ids = answered_table
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/eindverslag"
    said = read(staff, f"{part}/controleren")
    assert "Er ontbreken nog 6 dingen" in said
    values = {f"deviations__{letter}__{name}": text for letter, told in REPORT_TEXTS.items() for name, text in told.items()}
    assert send(staff, f"{part}/bewerken", **{**values, "deviations__C__deviation": "Ook de wijk ernaast deed mee."}).status_code == 303
    assert press(staff, f"{part}/controleren", f"{part}/controleren").location == f"{part}/1"
    nobody = staff.application.test_client()
    html = nobody.get(part).text
    said = text_of(html)
    for text in (
        "Ook de wijk ernaast deed mee.",
        "60 bijdragen staan in dit verslag.",
        "Wij nemen het advies van de tafel over.",
        "Bijdrage <0>",
    ):
        assert text in said
    assert "Jan Jansen" not in html
    assert "Bijdrage <50>" not in said, "a page of part B holds fifty"
    (following,) = [link for link in links(html) if "cursor=" in link]
    assert "Bijdrage <50>" in read(nobody, following)
    everything = read(nobody, f"{part}/1?alles=ja")
    assert all(f"Bijdrage <{n}>" in everything for n in range(60))
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get(Contribution, ids[3]).state = "withdrawn"
    everything = read(nobody, f"{part}/1?alles=ja")
    assert "Bijdrage <3>" not in everything
    assert "Wie deze bijdrage gaf, heeft die later ingetrokken" in everything
    for path in (f"{part}/2", f"{part}/1?thema=9"):
        assert nobody.get(path).status_code == 404
    assert nobody.get(f"{part}/1?cursor=x").status_code == 400
    assert nobody.get(f"{part}/1?thema=x").status_code == 200


@SQLITE
def test_an_incomplete_report_is_refused_and_a_changed_one_shown_again(platform, as_role):
    question = a_table(platform, step="evaluate")
    staff, part = as_role("facilitator"), f"/samenspreker/{question.slug}/eindverslag"
    send(staff, f"{part}/bewerken", deviations__A__went="Goed")
    token = dict(form_values(staff.get(f"{part}/bewerken").text, f"{part}/bewerken"))["csrf_token"]
    answer = post(staff, f"{part}/controleren", [("csrf_token", token), ("version", "1")])
    assert answer.status_code == 400
    assert "Er is nog geen gepubliceerd besluit." in text_of(answer.text)
    answer = post(staff, f"{part}/controleren", [("csrf_token", token), ("version", "7")])
    assert answer.status_code == 409
    assert "Iemand anders heeft het verslag intussen gewijzigd." in text_of(answer.text)
    seen = form_values(staff.get(f"{part}/bewerken").text, f"{part}/bewerken")
    send(as_role("manager"), f"{part}/bewerken", deviations__B__went="Van de ander")
    answer = post(staff, f"{part}/bewerken", [(name, "Van mij" if name == "deviations.B.went" else value) for name, value in seen])
    assert answer.status_code == 409
    assert "Nu opgeslagen door iemand anders: Van de ander" in text_of(answer.text)


@SQLITE
def test_the_worker_makes_the_pdfs_and_makes_one_again_when_a_contribution_goes(platform, answered_table, outbox, client):
    from samen_core.api import can_make_pdf
    from samen_inbreng.schemas.contribution import HideContribution
    from samen_inbreng.services.moderating import hide_contribution

    question, ids = answered_table
    report = a_final_report(platform, question)
    outbox.drain()
    with platform.read(anonymous()) as uow:
        memo = uow.session.get(Proposal, published_proposal(uow, question.id).id).memo_file_id
        first = uow.session.get(FinalReport, report.id).file_id
    assert (memo is not None, first is not None) == (can_make_pdf(), can_make_pdf())
    if not can_make_pdf():
        pytest.skip("this machine cannot make PDFs")
    assert client.get(f"/files/{first}").data.startswith(b"%PDF-")
    assert client.get(f"/files/{memo}").data.startswith(b"%PDF-")
    with platform.unit_of_work(system("test")) as uow:
        version = uow.session.get(Contribution, ids[0]).version
        hide_contribution(uow, ids[0], HideContribution(code="insult", reason="Scheldwoorden", version=version))
    outbox.drain()
    with platform.read(anonymous()) as uow:
        second = uow.session.get(FinalReport, report.id).file_id
    assert second not in (None, first)
    assert client.get(f"/files/{first}").status_code == 410


@SQLITE
def test_the_pages_in_english(platform, answered_table, client):
    question, _ids = answered_table
    a_final_report(platform, in_step(platform, question, "closed"))
    for path in ("procesvoorstel", "procesvoorstel/raadsmemo", "evaluatie", "eindverslag"):
        answer = client.get(f"/en/samenspreker/{question.slug}/{path}")
        assert answer.status_code == 200
        assert 'lang="nl"' in answer.text, "what the city wrote says that it is Dutch"
