"""What a hostile reader tries: addresses, other people's messages, originals, and what is only counted."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from sqlalchemy import select

from citycontent.api import AddressBookEntry
from citycontent.testing import make_area
from samen_core.api import FileValue, NotFound, Platform, Subject, anonymous, store_upload, stored_files, system
from samen_core.files.services import open_file
from samen_core.testing.callers import Caller, make_token
from samen_core.testing.visitors import text_of
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Category, Viewing
from samen_oog_oor.permissions import HANDLE
from samen_oog_oor.queries.search import case_documents
from samen_oog_oor.schemas.categories import SaveCategory
from samen_oog_oor.schemas.own_signals import AddToSignal
from samen_oog_oor.schemas.publishing import Publish, ShowPicture
from samen_oog_oor.schemas.receiving import ReceiveSignal, SignalPlace
from samen_oog_oor.services.categories import update_category
from samen_oog_oor.services.originals import desk_pictures
from samen_oog_oor.services.own_signals import add_to_signal
from samen_oog_oor.services.publishing import publish, show_picture
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.services.receiving import Received, receive_once
from samen_oog_oor.services.routing import route_case
from samen_oog_oor.testing import a_case, a_category, a_pattern, a_rule, a_signal, a_verdict, an_inquiry, an_organization, an_update

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from samen_core.app import SamenFlask
    from samen_core.testing.platforms import Clock

pytestmark = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
HOME, AT_HOME = "2712 AB 12a", SignalPlace(postcode="2712 AB", house_number="12a")
LAT, LON = 52.00634, 4.40561


@pytest.fixture
def at_home(platform: Platform) -> Callable[..., Received]:
    """Somebody reports a thing at an address, which may be their own; ``values`` are columns of the category."""

    def report(**values: Any) -> Received:
        with platform.unit_of_work(system("test")) as uow:
            if uow.session.get(AddressBookEntry, ("2712AB", 12)) is None:
                buurt = make_area(uow, "Buurt Een", "buurt")
                uow.session.add(AddressBookEntry(postcode="2712AB", house_number=12, area_id=buurt.id, lat=LAT, lon=LON))
            category = a_category(uow, **values)
        with platform.unit_of_work(anonymous("web")) as uow:
            return receive_once(uow, ReceiveSignal(category_id=category.id, text="De lamp brandt niet.", place=AT_HOME))

    return report


@pytest.mark.parametrize("level", ["full", "point"])
def test_no_page_tells_at_which_house_something_was_reported(
    platform: Platform, client: FlaskClient, at_home: Callable[..., Received], level: str
) -> None:
    case = at_home(publication=level).case
    assert case.address == HOME
    near = f"?categoryId={case.category_id}&lat={LAT}&lon={LON}"
    for path in (
        *(paths.CASES, paths.MAP, paths.HOME, f"{paths.CASES}?q=2712", f"{paths.FIGURES}/zaken.csv", f"{paths.FIGURES}/zaken.json"),
        *(f"{paths.FEEDS}/zaken.atom", f"{paths.OPEN311}/requests.json?extensions=true", f"{paths.OPEN311}/requests.xml"),
        *("/api/v1/oog-oor/cases", f"/api/v1/oog-oor/near{near}"),
        *((paths.case(case.number), f"/api/v1/oog-oor/cases/{case.id}") if level == "full" else ()),
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        for secret in ("2712 AB", "2712AB", "52.0063", "4.4056"):
            assert secret not in answer.text, (path, secret)
    found = client.get(f"{paths.OPEN311}/requests.json").get_json()[0]
    assert (found["lat"], found["long"], found["address"], found["address_id"]) == (52.006, 4.406, None, None)
    close = f"{LON - 0.0001},{LAT - 0.0001},{LON + 0.0001},{LAT + 0.0001}"
    assert client.get(f"{paths.OPEN311}/requests.json?bbox={close}").get_json() == []
    assert client.get(f"{paths.OPEN311}/requests.json?lat={LAT}&long={LON}&radius=10").get_json() == []
    assert client.get(f"/api/v1/oog-oor/near{near}").get_json()[0]["metres"] > 10
    with platform.read(system("test")) as uow:
        (document,) = case_documents(uow, [case.id])
        assert "2712" in document.apart
        assert "2712" not in str(replace(document, apart="")), "only the desk searches what stands apart"


def test_who_joins_a_case_gets_no_more_of_its_place(platform: Platform, client: FlaskClient, at_home: Callable[..., Received]) -> None:
    case = at_home().case
    with platform.unit_of_work(anonymous("rest")) as uow:
        joined = receive_once(uow, ReceiveSignal(category_id=case.category_id, text="Ik ook.", case_id=case.id))
    found = client.get(f"/api/v1/oog-oor/receipts/{joined.key}").get_json()
    assert (found["lat"], found["lon"], found["address"]) == (52.006, 4.406, "")


def test_a_point_that_was_chosen_is_shown_as_it_is(platform: Platform, client: FlaskClient, at_home: Callable[..., Received]) -> None:
    category_id = at_home().case.category_id
    with platform.unit_of_work(anonymous("web")) as uow:
        place = SignalPlace(lat=LAT, lon=LON, postcode="2712 AB", house_number="12")
        receive_once(uow, ReceiveSignal(category_id=category_id, text="Hier.", place=place))
    found = client.get(f"{paths.OPEN311}/requests.json").get_json()[0]
    assert (found["lat"], found["long"], found["address"]) == (LAT, LON, None)


def test_staff_clear_the_place_and_take_that_back(
    platform: Platform, client: FlaskClient, at_home: Callable[..., Received], actor_as: Callable[..., Any]
) -> None:
    case = at_home().case

    def clear(place: str) -> dict[str, Any]:
        with platform.unit_of_work(actor_as("facilitator")) as uow:
            now = uow.session.get_one(Case, case.id)
            publish(uow, case.id, Publish(publication="full", title=now.title, version=now.version, place=place, sure=True))
        found: dict[str, Any] = client.get(f"{paths.OPEN311}/requests.json").get_json()[0]
        return found

    named = clear("Bij het station")
    assert (named["address"], named["lat"]) == ("Bij het station", 52.006)
    assert "Bij het station" in client.get(paths.case(case.number)).text
    whole = clear(HOME)
    assert (whole["address"], whole["lat"]) == (HOME, LAT)
    assert clear("")["lat"] == 52.006


def test_a_question_to_a_reporter_does_not_tell_where_another_lives(platform: Platform, client: FlaskClient) -> None:
    case = a_case(platform, address="Markt 10")
    signal = a_signal(platform, case)
    an_inquiry(platform, case, key="voor-melder", to="reporter", signal_id=signal.id)
    an_inquiry(platform, case, key="voor-aannemer")
    assert "Markt 10" not in client.get(paths.inquiry("voor-melder")).text
    assert "Markt 10" in client.get(paths.inquiry("voor-aannemer")).text


def test_why_staff_show_something_else_is_not_in_the_public_history(
    platform: Platform, client: FlaskClient, actor_as: Callable[..., Any]
) -> None:
    case = a_case(platform, a_category(platform, publication="point"))
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        publish(uow, case.id, Publish(publication="full", title="Lamp", version=case.version, reason="De melder woont hier alleen"))
    page = client.get(f"/logboek/{case.id}")
    assert page.status_code == 200
    assert "is bijgewerkt" in page.text
    assert "woont hier" not in page.text


def a_png() -> io.BytesIO:
    """A picture as a reporter sends it."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(stream, "PNG")
    stream.seek(0)
    return stream


def a_picture(where: Platform, owner: uuid.UUID, *, public: bool = False) -> uuid.UUID:
    """A picture as it is stored."""
    stream = a_png()
    with where.unit_of_work(system("test")) as uow:
        return store_upload(uow, stream, "straat.png", alt="Een straat", owner=owner, public=public, pictures=True).id


def viewings(platform: Platform, case: Case) -> list[str]:
    """What was written down about who looked."""
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(Viewing.what).where(Viewing.case_id == case.id).order_by(Viewing.at)).scalars())


def test_what_is_confidential_cannot_be_had_by_its_lasting_address(
    platform: Platform, as_role: Callable[..., FlaskClient], client: FlaskClient
) -> None:
    case = a_case(platform, confidential=True)
    signal = a_signal(platform, case)
    addresses = (f"/id/oog_oor_case/{case.id}", f"/id/oog_oor_signal/{signal.id}", f"/files/{a_picture(platform, signal.id)}")
    officer, professional = as_role("facilitator"), as_role("decision_maker")
    for path in addresses:
        assert officer.get(path).status_code == 404, path
        assert client.get(path).status_code == 404, path
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Case, case.id).confidential = False
    assert officer.get(addresses[2]).status_code == 200
    assert professional.get(addresses[2]).status_code == 404


def test_who_sees_an_original_is_written_down_and_who_may_not_gets_the_copy(
    platform: Platform, as_role: Callable[..., FlaskClient], actor_as: Callable[..., Any]
) -> None:
    case = a_case(platform)
    signal = a_signal(platform, case)
    original = a_picture(platform, signal.id)
    officer = as_role("facilitator")
    for page in (paths.work(case.number), paths.work(case.number, "meldingen")):
        assert f"/files/{original}" in officer.get(page).text
    assert viewings(platform, case) == ["picture"]
    assert as_role("resident").get(f"/files/{original}").status_code == 404
    limited = replace(actor_as("facilitator"), scopes=frozenset({HANDLE.name}))
    with platform.read(limited) as uow:
        found = desk_pictures(uow, uow.session.get_one(Case, case.id), [signal.id])[signal.id]
        assert (found.shown, found.unseen) == ([], 1)
        with pytest.raises(NotFound):
            open_file(uow, original)
    with platform.unit_of_work(actor_as("moderator")) as uow:
        copy = show_picture(uow, case.id, original, ShowPicture(alt="Een straat", version=uow.session.get_one(Case, case.id).version))
    with platform.read(limited) as uow:
        found = desk_pictures(uow, uow.session.get_one(Case, case.id), [signal.id])[signal.id]
        assert ([file.id for file in found.shown], found.unseen) == ([copy.id], 0)
    assert viewings(platform, case) == ["picture"]


@pytest.mark.parametrize("part", ["", "meldingen", "openbaar", "verder"])
def test_who_reads_what_is_confidential_is_written_down_on_every_page(
    platform: Platform, as_role: Callable[..., FlaskClient], part: str
) -> None:
    case = a_case(platform, confidential=True)
    a_signal(platform, case)
    assert as_role("manager").get(paths.work(case.number, part)).status_code == 200
    assert viewings(platform, case) == ["confidential"]


def test_a_table_with_what_is_confidential_is_written_down(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    secret, other = a_case(platform, confidential=True), a_case(platform)
    for name in ("zaken.csv", "zaken.geojson"):
        assert secret.number in as_role("manager").get(f"{paths.DESK}/{name}").text
        assert secret.number not in as_role("facilitator").get(f"{paths.DESK}/{name}").text
    assert viewings(platform, secret) == ["confidential", "confidential"]
    assert viewings(platform, other) == []


def test_a_reporter_sees_their_own_pictures_with_the_link_alone(platform: Platform, client: FlaskClient) -> None:
    case = a_case(platform)
    mine, theirs = a_signal(platform, case), a_signal(platform, case)
    own, other = a_picture(platform, mine.id), a_picture(platform, theirs.id)
    brought = a_picture(platform, mine.id)
    an_inquiry(platform, case, answers={"q1": "Gedaan", "photos": [str(brought)]}, answered_at=case.reported_at)
    key = receipt_key(platform, mine.id)
    page = client.get(paths.receipt(key))
    address = paths.receipt(key, f"foto/{own}")
    assert address in page.text
    assert str(brought) not in page.text
    shown = client.get(address)
    assert (shown.status_code, shown.content_type, shown.headers["Cache-Control"]) == (200, "image/png", "private, no-store")
    for id in (other, brought):
        assert client.get(paths.receipt(key, f"foto/{id}")).status_code == 404
    assert client.get(f"/files/{own}").status_code == 404
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert client.get(paths.receipt("0" * 40, f"foto/{own}")).status_code == 404


def test_who_joins_a_case_reads_nothing_that_others_were_told_before(platform: Platform, client: FlaskClient, clock: Clock) -> None:
    case = a_case(platform, a_category(platform, publication="point"))
    first = a_signal(platform, case)
    an_update(platform, case, "Alleen voor u, mevrouw Jansen.", public=False)
    an_update(platform, case, "Wij kijken ernaar.")
    clock.forward(hours=1)
    with platform.unit_of_work(anonymous("web")) as uow:
        joined = receive_once(uow, ReceiveSignal(category_id=case.category_id, text="Ik ook.", case_id=case.id))
    an_update(platform, case, "Voor u allebei.", public=False)
    for key, sees in ((receipt_key(platform, first.id), True), (joined.key, False)):
        for text in (client.get(paths.receipt(key)).text, client.get(f"/api/v1/oog-oor/receipts/{key}").text):
            assert ("Jansen" in text) is sees
            assert "Wij kijken ernaar." in text
            assert "Voor u allebei." in text


def test_of_what_is_only_counted_no_single_case_can_be_told(platform: Platform, client: FlaskClient) -> None:
    with platform.unit_of_work(system("test")) as uow:
        few, many = make_area(uow, "Buurt Weinig", "buurt"), make_area(uow, "Buurt Veel", "buurt")
        quiet, shown = a_category(uow, "Ruzie thuis", code="ruzie", publication="count"), a_category(uow, "Lamp", code="lamp")
        for area, number in ((few, 1), (many, 5)):
            for _nth in range(number):
                case = a_case(uow, quiet, area_id=area.id)
                a_verdict(uow, a_signal(uow, case, area_id=area.id), content=False)
        a_signal(uow, a_case(uow, shown, area_id=few.id), area_id=few.id)
    text = client.get(f"{paths.MAP}?categorie=ruzie").text
    assert "Buurt Veel: 5 zaken" in text
    assert "Buurt Weinig: 0 zaken" in text
    assert "Buurt Weinig: 2 zaken" in client.get(paths.MAP).text
    assert "Buurt Weinig: 1 zaak" in client.get(f"{paths.MAP}?categorie=lamp").text
    assert "Buurt Weinig: 1 in dertig dagen" not in client.get(f"{paths.PATTERNS}?categorie=ruzie").text
    api = "/api/v1/oog-oor/statistics"
    rows = client.get(f"{api}/signals").get_json()
    rows = rows["items"] if isinstance(rows, dict) else rows
    assert {(row["category"], row["area_id"], row["signals"]) for row in rows} == {("ruzie", None, 6), ("lamp", str(few.id), 1)}
    judged = client.get(f"{api}/verdicts").get_json()
    assert {(row["area_id"], row["not_content"]) for row in judged} == {(None, 6)}
    silent = client.get(f"{paths.FIGURES}/gebieden.json").get_json()[0]["silent_since"]
    assert len(silent) == len("2026-01-01")


def test_a_feed_does_not_say_that_something_confidential_happened(platform: Platform, client: FlaskClient, clock: Clock) -> None:
    a_case(platform, title="Lamp")
    before = client.get(f"{paths.FEEDS}/zaken.atom").headers["Last-Modified"]
    clock.forward(hours=2)
    a_case(platform, confidential=True)
    assert client.get(f"{paths.FEEDS}/zaken.atom").headers["Last-Modified"] == before


def test_why_a_case_is_where_it_is_names_no_rule_to_outsiders(platform: Platform, client: FlaskClient) -> None:
    case, team = a_case(platform), an_organization(platform)
    rule = a_rule(platform, team, name="Zaken van wethouder Jansen")
    with platform.unit_of_work(system("test")) as uow:
        route_case(uow, uow.session.get_one(Case, case.id))
    found = client.get(f"/api/v1/oog-oor/cases/{case.id}/routes").get_json()
    assert found[0]["organization_id"] == str(rule.organization_id)
    assert found[0]["rule_id"] is None
    for path in (f"/api/v1/oog-oor/cases/{case.id}/routes", paths.case(case.number), f"/logboek/{case.id}"):
        assert "Jansen" not in client.get(path).text, path


def test_open311_tells_nothing_that_was_answered_with_a_signal_that_does_not_count(platform: Platform, client: FlaskClient) -> None:
    options = [{"value": "ja", "label": "Ja"}, {"value": "nee", "label": "Nee"}]
    questions = [{"name": "woont", "kind": "one_choice", "label": "Woont u hier?", "required": False, "options": options}]
    case = a_case(platform, a_category(platform, form={"questions": questions}))
    a_signal(platform, case, answers={"woont": "ja"}, withdrawn_at=case.reported_at)
    a_signal(platform, case, answers={"woont": "ja"}, confirmed_at=None)
    found = client.get(f"{paths.OPEN311}/requests.json?extensions=true").get_json()[0]
    assert found["attributes"] == {}


def test_the_privacy_page_says_what_a_browser_keeps(client: FlaskClient) -> None:
    text = text_of(client.get("/privacy").text)
    assert "180 dagen" in text
    assert "Wat u zonder internet schreef" in text
    assert "tot 730 dagen na het afsluiten" in text
    assert "adres bewaren wij niet" not in text


def test_the_code_of_a_receipt_is_for_its_reporter_alone(
    platform: Platform, app: SamenFlask, as_role: Callable[..., FlaskClient], actor_as: Callable[..., Any]
) -> None:
    case = a_case(platform)
    signal = a_signal(platform, case, email="")
    with platform.unit_of_work(anonymous("web")) as uow:
        stored = store_upload(uow, a_png(), "a.png", decorative=True, pictures=True, public=False)
        add_to_signal(uow, signal.id, AddToSignal(files=(FileValue(stored.id),)))
    with platform.read(system("test")) as uow:
        assert signal.code not in stored_files(uow, [signal.id])[signal.id][0].alt
    with platform.unit_of_work(anonymous("web")) as uow:
        made = receive_once(uow, ReceiveSignal(category_id=case.category_id, text="Ook hier.", place=SignalPlace(lat=LAT, lon=LON)))
        assert made.code not in uow.session.get_one(Subject, made.signal.id).title
    officer = Caller(app, make_token(platform, actor_as("facilitator"), HANDLE.name))
    listed = officer("GET", f"/api/v1/oog-oor/cases/{case.id}/signals")
    assert listed.status_code == 200
    assert signal.code not in listed.text
    assert signal.code not in officer("GET", f"/api/v1/oog-oor/signals/{signal.id}").text
    assert signal.code not in as_role("facilitator").get(paths.work(case.number)).text


def test_a_category_that_becomes_confidential_takes_its_cases_along(
    platform: Platform, client: FlaskClient, actor_as: Callable[..., Any]
) -> None:
    category = a_category(platform, code="zorg")
    case, other = a_case(platform, category), a_case(platform)
    pattern = a_pattern(platform, case, state="proposed", question="Wat kunnen we samen doen?")
    assert client.get(paths.pattern(pattern.id)).status_code == 200
    with platform.unit_of_work(actor_as("manager")) as uow:
        now = uow.session.get_one(Category, category.id)
        names = ("name", "parent_id", "code", "publication", "version")
        update_category(uow, now.id, SaveCategory(**{name: getattr(now, name) for name in names}, confidential=True))
    assert client.get(paths.case(case.number)).status_code == 404
    assert client.get(paths.case(other.number)).status_code == 200
    assert case.number not in client.get(f"{paths.OPEN311}/requests.json").text
    assert client.get(paths.pattern(pattern.id)).status_code == 404
    assert str(pattern.id) not in client.get("/api/v1/oog-oor/patterns").text
    with platform.read(system("test")) as uow:
        assert not uow.session.get_one(Subject, case.id).public
        assert not uow.session.get_one(Subject, pattern.id).public
