"""What a hostile reader tries: addresses, other people's messages, originals, and what is only counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from citycontent.api import AddressBookEntry
from citycontent.testing import make_area
from samen_core.api import Platform, anonymous, system
from samen_oog_oor import paths
from samen_oog_oor.models import Case
from samen_oog_oor.queries.search import case_documents
from samen_oog_oor.schemas.publishing import Publish
from samen_oog_oor.schemas.receiving import ReceiveSignal, SignalPlace
from samen_oog_oor.services.publishing import publish
from samen_oog_oor.services.receiving import Received, receive_once
from samen_oog_oor.testing import a_case, a_category, a_signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

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
        assert "2712" not in str(case_documents(uow, [case.id]))


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
    from samen_oog_oor.testing import an_inquiry

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
