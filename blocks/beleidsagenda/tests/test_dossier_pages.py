"""The pages of dossiers: what a visitor reads, and how a policy officer enters one and an approver makes it public."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from citycontent.api import CreateTheme, create_theme
from samen_beleidsagenda import testing
from samen_beleidsagenda.models import AgendaItem, Dossier, ParticipationLink
from samen_beleidsagenda.queries.timeline import timeline
from samen_beleidsagenda.readability import hints, read
from samen_beleidsagenda.services.common import today
from samen_core.api import Platform, anonymous, system, uuid7
from samen_core.testing.visitors import SAME_SITE, Forms, send_form, text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
LIST = "/beleidsagenda/dossiers"
PAGE = f"{LIST}/een-veilige-dorpsstraat"


def test_the_list_is_searched_and_filtered(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        theme = create_theme(uow, CreateTheme(name="Verkeer"))
        street = testing.a_dossier(uow, themes=[theme.id], phase="opinion")
        testing.a_dossier(uow, title="Meer bomen", phase="completed")
        testing.a_dossier(uow, title="Een plan in concept", state="draft")
        testing.a_moment(uow, street, slips=1)
    page = text_of(client.get(LIST).text)
    assert "2 dossiers" in page
    assert "concept" not in page.casefold()
    for query, found in (
        ("q=bomen", "Meer bomen"),
        ("fase=opinion", street.title),
        ("thema=verkeer", street.title),
        ("licht=attention", street.title),
    ):
        page = text_of(client.get(f"{LIST}?{query}").text)
        assert "1 dossier " in page, query
        assert found in page
    assert "1 dossier " in text_of(client.get(f"{LIST}?licht=done").text)
    assert client.get(f"{LIST}?fase=nergens").status_code == 400
    assert "Let op" in text_of(client.get(LIST).text)


@SQLITE
def test_a_dossier_tells_where_it_stands_and_what_is_to_come(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        council = testing.a_body(uow)
        post = testing.a_post(uow, "Wethouder verkeer")
        dossier = testing.a_dossier(uow, phase="opinion", holder_id=post.id)
        first = testing.a_moment(uow, dossier, body_id=council.organization_id, status="postponed", slip_reason="Er was te weinig tijd.")
        later = first.start_date.replace(year=first.start_date.year + 1)
        testing.a_moment(uow, dossier, body_id=council.organization_id, start=later, previous_id=first.id, slips=1, title="De raad besluit")
        testing.a_moment(uow, dossier, kind="participation", title="Avond in de buurt", has_say=True, say_how="Kom naar het buurthuis.")
        testing.a_moment(uow, dossier, title="Geheim overleg", confidential=True)
        testing.a_moment(uow, dossier, kind="discussion", title="Overleg vooraf", start=today(uow))
        testing.a_dossier(uow, title="Het oude plein", phase="completed")
        testing.a_document(uow, dossier, title="Startnotitie fietsstraat")
        testing.a_commitment(uow, council, dossier_id=dossier.id, title="Een brief voor de zomer")
    page = text_of(client.get(PAGE).text)
    for words in (
        "Oordeelsvorming",
        "hier zijn we nu",
        "Gemeenteraad",
        "1 keer doorgeschoven",
        "Er was te weinig tijd.",
        "U kunt hierover meepraten",
        "Kom naar het buurthuis.",
        "Wethouder verkeer",
        "Startnotitie fietsstraat",
        "Een brief voor de zomer",
        "Deze toezegging moet zijn nagekomen",
        "Adviseren",
    ):
        assert words in page, words
    assert "Geheim" not in page
    assert page.index("Vandaag") < page.index("De raad besluit")
    assert "niet meepraten. Dat kan op een ander moment, tot en met" in page.partition("Overleg vooraf")[2][:120]
    assert "niet meepraten. Eerder wel: tot en met" in page[page.index("De raad besluit") :]
    assert "Er staat niets meer gepland." in text_of(client.get(f"{LIST}/het-oude-plein").text)
    assert client.get(f"/en{PAGE}").status_code == 200


@SQLITE
def test_a_dossier_and_its_line_take_as_many_statements_whatever_is_on_it(platform: Platform, client: FlaskClient) -> None:
    sent: list[str] = []
    event.listen(platform.engine, "before_cursor_execute", lambda _c, _cursor, text, *_rest: sent.append(text))
    with platform.unit_of_work(system("test")) as uow:
        testing.make_many(uow, 6)
    numbers = []
    with platform.read(anonymous()) as reader:
        for title in ("Dossier met 6 van alles", "Straat 6-0 veilig"):
            dossier = reader.session.execute(select(Dossier).where(Dossier.title == title)).scalar_one()
            sent.clear()
            line = timeline(reader, dossier)
            numbers.append((len(sent), len(line.past) + len(line.coming) > 20))
    assert [number for number, _long in numbers] == [numbers[0][0]] * 2
    assert [long for _number, long in numbers] == [True, False]
    path = f"{LIST}/dossier-met-6-van-alles"
    with platform.unit_of_work(system("test")) as uow:
        full = uow.session.execute(select(Dossier).where(Dossier.slug == path.rpartition("/")[2])).scalar_one()
        point = uow.session.execute(select(AgendaItem.id).where(AgendaItem.dossier_id == full.id)).scalars().first()
        uow.session.add(ParticipationLink(id=uuid7(), dossier_id=full.id, subject_id=point, at=uow.now))
    client.get(path)
    sent.clear()
    assert client.get(path).status_code == 200
    # The bar of docs/performance.md for a page of one thing; without samenspraak on it there are two fewer.
    assert sum(line.startswith(("SELECT", "WITH")) for line in sent) == 10


@SQLITE
def test_a_policy_officer_enters_a_dossier_and_an_approver_makes_it_public(platform: Platform, client: FlaskClient, as_role: Visit) -> None:
    officer, clerk = as_role("facilitator"), as_role("decision_maker")
    assert client.get(f"{LIST}/nieuw").status_code == 303
    wrong = send_form(officer, f"{LIST}/nieuw", title="", summary="Wij doen dit teneinde de straat te verbeteren.", phase="exploration")
    assert wrong.status_code == 400
    assert "teneinde" in text_of(wrong.text)
    assert "Schrijf bijvoorbeeld “om”" in text_of(wrong.text)
    values = {"title": "Een veilige Dorpsstraat", "summary": "De straat wordt veilig.", "phase": "exploration"}
    looked = send_form(officer, f"{LIST}/nieuw", bekijken="true", **values)
    assert looked.status_code == 200
    assert "Deze tekst leest makkelijk." in text_of(looked.text)
    assert 'value="Een veilige Dorpsstraat"' in looked.text
    assert client.get(PAGE).status_code == 404
    made = send_form(officer, f"{LIST}/nieuw", **values)
    assert made.headers["Location"] == PAGE
    page = text_of(officer.get(PAGE).text)
    assert "Dit is een concept." in page
    assert "Voorleggen voor akkoord" in page
    assert "Openbaar maken" not in page
    with platform.read(system("test")) as reader:
        id = reader.session.execute(select(Dossier.id)).scalar_one()
    act = f"/beleidsagenda/werk/akkoord/dossier/{id}"
    assert send_form(officer, f"{act}/voorleggen").headers["Location"] == PAGE
    assert officer.get(f"{act}/openbaar").status_code == 403, "what one may not do is not asked"
    assert "Openbaar maken" in text_of(clerk.get(PAGE).text)
    assert send_form(clerk, f"{act}/teruggeven", reason="").status_code == 400
    with platform.unit_of_work(system("test")) as uow:
        testing.a_moment(uow, uow.session.get_one(Dossier, id), title="Nog een concept", state="draft")
    assert send_form(clerk, f"{act}/openbaar").headers["Location"] == PAGE
    assert "1 moment van dit dossier is nog niet openbaar." in text_of(clerk.get(PAGE).text)
    assert client.get(PAGE).status_code == 200
    back = send_form(officer, f"{PAGE}/fase", phase="on_hold", reason="")
    assert back.status_code == 400
    late = send_form(officer, f"{PAGE}/fase", phase="on_hold", reason="Er is geen geld.", version="1")
    assert late.status_code == 409
    assert "Er is geen geld." in late.text
    late = send_form(officer, f"{PAGE}/bewerken", title="Een andere titel", version="1")
    assert late.status_code == 409
    assert "Nu opgeslagen door iemand anders" in late.text
    assert send_form(officer, f"{PAGE}/fase", phase="on_hold", reason="Er is geen geld.").status_code == 303
    assert send_form(officer, f"{PAGE}/niveau", level="none", reason="De wet regelt dit.").status_code == 303
    page = text_of(client.get(PAGE).text)
    for words in (
        "Aangehouden",
        "Er is geen geld.",
        "Geen samenspraak",
        "De wet regelt dit.",
        "Het dossier ging van Verkenning naar Aangehouden.",
    ):
        assert words in page, words
    assert send_form(clerk, f"{act}/weghalen", reason="").status_code == 400
    assert send_form(clerk, f"{act}/weghalen", reason="Dubbel.").headers["Location"] == LIST
    assert client.get(PAGE).status_code == 410


@SQLITE
def test_the_hint_while_writing_is_for_who_writes(client: FlaskClient, as_role: Visit) -> None:
    officer = as_role("facilitator")
    token = dict(Forms(officer.get(f"{LIST}/nieuw").text).pairs(f"{LIST}/nieuw"))["csrf_token"]
    sent = {"csrf_token": token, "text": "Derhalve zullen wij dit thans implementeren."}
    told = officer.post("/beleidsagenda/werk/leesbaarheid", data=sent, headers=SAME_SITE)
    assert told.status_code == 200
    assert "“thans” is een woord van kantoor" in told.text
    assert "<html" not in told.text
    assert client.post("/beleidsagenda/werk/leesbaarheid", data={"text": "x"}).status_code in (303, 403)


def test_how_a_text_reads() -> None:
    plain = "De straat wordt veilig. U kunt straks beter fietsen. De gemeente begint in mei."
    assert hints(read(plain)) == []
    assert hints(read("")) == []
    long = " ".join(["woord"] * 21) + ". Kort."
    assert read(long).long_sentences == (" ".join(["woord"] * 21) + ".",)
    assert read("Dit gaat om verkeersveiligheidsmaatregelen en de e-mailadressenlijst.").long_words == ("verkeersveiligheidsmaatregelen",)
    assert read("Wij doen dit met betrekking tot de straat, Teneinde hij veilig is.").office_words == (
        ("met betrekking tot", "over"),
        ("teneinde", "om"),
    )
    assert read("Kijk op https://www.verkeersveiligheidsmaatregelen.example/implementeren voor meer.").long_words == ()
    assert read("indienen en tevredenheid").office_words == ()
