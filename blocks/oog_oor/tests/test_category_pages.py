"""The pages on which a manager sets up categories, and the categories over REST."""

from __future__ import annotations

from typing import Any

import pytest

from samen_core.api import Platform, system
from samen_core.testing.callers import Caller, make_token
from samen_core.testing.visitors import SAME_SITE, send_form
from samen_oog_oor.models import Category
from samen_oog_oor.permissions import DEFINE, SEE_CONFIDENTIAL
from samen_oog_oor.queries.categories import category_tree
from samen_oog_oor.queries.suggest import MEASURED
from samen_oog_oor.services.answers import form_of
from samen_oog_oor.services.categories import seed_categories
from samen_oog_oor.testing import a_case, a_category

THERE = "/oog-en-oor/werk/categorieen"
API = "/api/v1/oog-oor/categories"
pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)


@pytest.fixture
def manager(as_role: Any) -> Any:
    return as_role("manager")


def stored(platform: Platform, code: str) -> Category:
    with platform.read(system("test")) as uow:
        return uow.session.query(Category).filter_by(code=code).one()


def test_from_nothing_to_the_delivered_categories(platform: Platform, manager: Any) -> None:
    page = manager.get(THERE)
    assert "Er is nog niets te melden" in page.text
    assert send_form(manager, f"{THERE}/meegeleverd", page=THERE).status_code == 303
    page = manager.get(THERE).text
    assert "Zwerfafval op straat" in page
    assert page.index("Zwerfafval op straat") < page.index("Gat of hobbel in weg")
    assert f"van {MEASURED[0]} zinnen die wij schreven om dit te meten, was het eerste voorstel {MEASURED[1]} keer goed" in page
    assert (
        "Losse of scheve stoeptegel" in manager.get(f"{THERE}?zin=stoeptegels liggen los").text.partition("Dit wordt voorgesteld")[2][:600]
    )
    assert "Niets lijkt hier genoeg op" in manager.get(f"{THERE}?zin=qqqq").text
    english = manager.get(f"/en{THERE}").text
    assert "Litter in the street" in english


def test_only_a_manager_sets_up(platform: Platform, as_role: Any, client: Any) -> None:
    category = a_category(platform, "Lampen", code="lampen")
    assert client.get(THERE).status_code in (302, 303, 401, 403)
    other = as_role("facilitator")
    for path in (THERE, f"{THERE}/nieuw", f"{THERE}/lampen", f"{THERE}/lampen/bewerken", f"{THERE}/lampen/vraag"):
        assert other.get(path).status_code == 403, path
    assert other.post(f"{THERE}/lampen/verplaatsen", headers=SAME_SITE).status_code == 403
    assert stored(platform, "lampen").version == category.version


def test_make_and_change_a_category(platform: Platform, manager: Any) -> None:
    assert send_form(manager, f"{THERE}/nieuw", name="Verlichting", icon="lightbulb").status_code == 303
    main = stored(platform, "verlichting")
    form = {"parent_id": str(main.id), "name": "Lamp kapot", "term_days": "3", "radius": "25", "publication": "full", "stop": ""}
    assert manager.get(f"{THERE}/nieuw?onder=verlichting").status_code == 200
    assert manager.get(f"{THERE}/nieuw?onder=zwembad").status_code == 404
    wrong = send_form(manager, f"{THERE}/nieuw?onder=verlichting", **{**form, "term_days": "0", "stop": "emergency"})
    assert wrong.status_code == 400
    assert "Lamp kapot" in wrong.text
    assert send_form(manager, f"{THERE}/nieuw?onder=verlichting", **form).status_code == 303
    lamp = stored(platform, "lamp-kapot")
    assert (lamp.icon, lamp.term_days, lamp.radius) == ("lightbulb", 3, 25)
    form["version"] = str(lamp.version)
    assert send_form(manager, f"{THERE}/lamp-kapot/bewerken", **{**form, "name": "Lamp stuk"}).status_code == 303
    late = send_form(manager, f"{THERE}/lamp-kapot/bewerken", **{**form, "name": "Lamp uit"})
    assert late.status_code == 409
    assert "Lamp stuk" in late.text
    assert "Lamp uit" in late.text
    changed = {"name": "Licht", "icon": "eye", "version": str(main.version)}
    assert send_form(manager, f"{THERE}/verlichting/bewerken", **changed).status_code == 303
    assert stored(platform, "lamp-kapot").icon == "eye"


def test_a_stop_is_shown_as_a_reporter_sees_it(platform: Platform, manager: Any) -> None:
    a_category(
        platform, "Brand", code="brand", stop="emergency", stop_text="Bel nu 112.", stop_phone="0900-8844", stop_url="https://112.example"
    )
    page = manager.get(f"{THERE}/brand").text
    assert "Bel nu 112." in page
    assert 'href="tel:09008844"' in page
    assert "112.example" in page


def test_order_with_buttons(platform: Platform, manager: Any) -> None:
    main = a_category(platform, "Hoofd", code="hoofd", main=True)
    for name in ("een", "twee"):
        a_category(platform, name, code=name, parent=main)
    assert send_form(manager, f"{THERE}/twee/verplaatsen", page=THERE, richting="omhoog").status_code == 303
    with platform.read(system("test")) as uow:
        assert [row.code for row in category_tree(uow).subs(main.id)] == ["twee", "een"]
    send_form(manager, f"{THERE}/twee/verplaatsen", page=THERE, richting="omlaag")
    with platform.read(system("test")) as uow:
        assert [row.code for row in category_tree(uow).subs(main.id)] == ["een", "twee"]


def test_switch_off_with_a_reason_and_on_again(platform: Platform, manager: Any) -> None:
    category = a_category(platform, "Lampen", code="lampen")
    a_case(platform, category)
    form = {"version": str(category.version)}
    assert send_form(manager, f"{THERE}/lampen/uitzetten", **form).status_code == 400
    assert send_form(manager, f"{THERE}/lampen/uitzetten", **{**form, "reason": "Doet de provincie."}).status_code == 303
    off = stored(platform, "lampen")
    assert not off.active
    assert "Doet de provincie." in manager.get(f"{THERE}/lampen").text
    refused = send_form(manager, f"{THERE}/lampen/weghalen", version=str(off.version), reason="Weg")
    assert refused.status_code == 400
    assert "al gebruikt" in refused.text
    assert send_form(manager, f"{THERE}/lampen/aanzetten", page=f"{THERE}/lampen").status_code == 303
    assert stored(platform, "lampen").active
    fresh = a_category(platform, "Vergissing", code="vergissing")
    assert send_form(manager, f"{THERE}/vergissing/weghalen", version=str(fresh.version), reason="").status_code == 303
    assert manager.get(f"{THERE}/vergissing").status_code == 404


def test_edit_questions(platform: Platform, manager: Any) -> None:
    category = a_category(platform, "Lampen", code="lampen")
    there = f"{THERE}/lampen/vraag"

    def version() -> str:
        return str(stored(platform, "lampen").version)

    wrong = send_form(manager, there, label="Welke kleur?", kind="one_choice", options="Rood", version=version())
    assert wrong.status_code == 400
    assert "minstens twee" in wrong.text
    form = {"label": "Welke kleur?", "kind": "one_choice", "options": "Rood\ngeel = Geel licht", "required": "true"}
    assert send_form(manager, there, **{**form, "version": version()}).status_code == 303
    assert send_form(manager, there, label="Hoeveel?", kind="number", minimum="1", version=version()).status_code == 303
    questions = form_of(stored(platform, "lampen")).questions
    assert [(one.name, one.kind) for one in questions] == [("welke_kleur", "one_choice"), ("hoeveel", "number")]
    assert [value for value, _label in questions[0].options] == ["rood", "geel"]
    page = manager.get(f"{THERE}/lampen").text
    assert "Zo ziet de melder het" in page
    assert "Geel licht" in page
    assert "Rood" in manager.get(f"{there}/welke_kleur").text
    send_form(manager, f"{there}/hoeveel/verplaatsen", page=f"{THERE}/lampen", richting="omhoog")
    assert [one.name for one in form_of(stored(platform, "lampen")).questions] == ["hoeveel", "welke_kleur"]
    # Another answer to choose keeps the question; one that goes makes it a new one.
    send_form(manager, f"{there}/welke_kleur", **{**form, "options": "rood = Rood\ngeel = Geel\nwit = Wit", "version": version()})
    assert [one.name for one in form_of(stored(platform, "lampen")).questions] == ["hoeveel", "welke_kleur"]
    send_form(manager, f"{there}/welke_kleur", **{**form, "options": "rood = Rood\nwit = Wit", "version": version()})
    assert [one.name for one in form_of(stored(platform, "lampen")).questions] == ["hoeveel", "welke_kleur_2"]
    late = send_form(manager, f"{there}/hoeveel", label="Hoeveel stuks?", kind="number", version=str(category.version))
    assert late.status_code == 409
    assert send_form(manager, f"{there}/hoeveel/weghalen", version=version(), reason="").status_code == 303
    left = stored(platform, "lampen")
    assert [one.name for one in form_of(left).questions] == ["welke_kleur_2"]
    assert {one["name"] for one in left.form["former"]} == {"hoeveel", "welke_kleur"}
    assert manager.get(f"{there}/hoeveel").status_code == 404


def test_rest_gives_the_tree_once(platform: Platform, app: Any, client: Any, actor_as: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        seed_categories(uow)
    a_category(platform, "Geheim", code="geheim", confidential=True)
    off = a_category(platform, "Uit", code="uit", active=False)
    answer = client.get(API)
    codes = [row["code"] for row in answer.json]
    assert codes[:2] == ["afval", "zwerfafval"]
    assert not {"geheim", "uit"} & set(codes)
    lamp = next(row for row in answer.json if row["code"] == "lantaarnpaal")
    assert lamp["questions"][0]["options"][0] == {"value": "one", "label": "Eén"}
    again = client.get(API, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert {"geheim", "uit"} <= {
        row["code"] for row in Caller(app, make_token(platform, actor_as("manager"), DEFINE.name, SEE_CONFIDENTIAL.name))("GET", API).json
    }
    weak = client.get(API, headers={"If-None-Match": f"W/{answer.headers['ETag']}"})
    assert weak.status_code == 304
    known, unknown = (client.get(API, headers={"If-Match": tag}) for tag in (answer.headers["ETag"], '"x"'))
    assert (known.status_code, known.data, unknown.status_code) == (200, answer.data, 412)
    one = client.get(f"{API}/{lamp['id']}")
    assert one.json == lamp
    assert client.get(f"{API}/{off.id}").status_code == 404
    with platform.unit_of_work(system("test")) as uow:
        row = uow.session.query(Category).filter_by(code="lantaarnpaal").one()
        row.name, row.changed_at = "Lamp", uow.now
    after = client.get(API, headers={"If-None-Match": answer.headers["ETag"]})
    assert (after.status_code, "Lamp" in [row["name"] for row in after.json]) == (200, True)


def test_rest_suggests(platform: Platform, client: Any) -> None:
    with platform.unit_of_work(system("test")) as uow:
        seed_categories(uow)
    found = client.get("/api/v1/oog-oor/category-suggestions?text=de glasbak zit vol").json
    assert found[0]["code"] == "container-vol"
    assert len(found) <= 3
    assert client.get("/api/v1/oog-oor/category-suggestions").status_code == 400


def test_the_list_is_folded_and_opens_where_one_was(platform: Platform, manager: Any) -> None:
    waste = a_category(platform, "Afval", code="afval", main=True)
    a_category(platform, "Straat", code="straat", main=True)
    for name, words in (("Zwerfvuil", "blikjes"), ("Container vol", "")):
        a_category(platform, name, code=name.split()[0].lower(), parent=waste, words=words)
    page = manager.get(THERE).text
    assert 'id="afval">' in page
    assert "2 categorieën" in page
    moved = send_form(manager, f"{THERE}/container/verplaatsen", page=THERE, richting="omhoog")
    assert moved.headers["Location"].endswith(f"{THERE}?hoofd=afval#container")
    page = manager.get(f"{THERE}?hoofd=afval").text
    assert 'id="afval" open>' in page
    assert 'id="straat">' in page


@pytest.mark.parametrize(
    ("sought", "found"),
    [("BLIKJES", ["Zwerfvuil"]), ("afval", ["Zwerfvuil", "Container vol"]), ("container vol", ["Container vol"]), ("zwembad", [])],
)
def test_categories_are_found_by_name_code_and_other_words(platform: Platform, manager: Any, sought: str, found: list[str]) -> None:
    waste = a_category(platform, "Afval", code="afval", main=True)
    a_category(platform, "Zwerfvuil", code="zwerfvuil", parent=waste, words="blikjes")
    a_category(platform, "Container vol", code="container", parent=waste)
    a_category(platform, "Straat", code="straat", main=True)
    page = manager.get(f"{THERE}?q={sought}").text
    assert [name for name in ("Zwerfvuil", "Container vol", "Straat") if f">{name}</a>" in page] == found
    assert ("Geen categorie gevonden" in page) == (not found)
    assert f'value="{sought}"' in page


def test_all_mistakes_in_the_settings_are_told_at_once(manager: Any) -> None:
    there = "/beheer/instellingen/oog-oor"
    wrong = {"oog_oor-free_days": "Carnaval", "oog_oor-silence_days": "-1", "oog_oor-number_letters": "12"}
    answer = send_form(manager, there, **wrong)
    assert answer.status_code == 400
    for said in ("“Carnaval” is geen datum", "van 1 tot en met 120", "alleen de letters A tot en met Z"):
        assert said in answer.text, said
