"""One act on several cases: shown first, done one by one, told for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from samen_core.api import Actor, Invalid, Platform, system
from samen_core.testing.visitors import SAME_SITE, Forms, text_of
from samen_oog_oor import paths, testing
from samen_oog_oor.models import Case
from samen_oog_oor.schemas.work import MOST_AT_ONCE, ManyCases, SetPriority
from samen_oog_oor.services.bulk import do_many
from samen_oog_oor.services.desk import set_priority

if TYPE_CHECKING:
    from flask.testing import FlaskClient

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
ASK, DO = f"{paths.DESK}/samen", f"{paths.DESK}/samen/doen"


def cases(platform: Platform, number: int, **values: object) -> list[Case]:
    with platform.unit_of_work(system("test")) as uow:
        category = testing.a_category(uow)
        return [testing.a_case(uow, category, title=f"Lamp {step}", **values) for step in range(number)]


def found(platform: Platform, column: str) -> list[object]:
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(getattr(Case, column)).order_by(Case.title)).scalars())


def test_what_one_case_cannot_do_takes_nothing_back_of_the_others(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    first, second, third = cases(platform, 3)
    officer = actor_as("facilitator")
    chosen = tuple((case.id, case.version) for case in (first, second, third))
    with platform.unit_of_work(officer) as uow:
        set_priority(uow, second.id, SetPriority(priority="low", version=second.version))
    outcomes = do_many(platform, officer, ManyCases(act="urgentie", cases=(*chosen, chosen[0]), priority="high", text="Storm"))
    assert [outcome.problem is None for outcome in outcomes] == [True, False, True]
    assert [outcome.number for outcome in outcomes] == [first.number, second.number, third.number]
    assert found(platform, "priority") == ["high", "low", "high"]


def test_cases_are_closed_with_a_text_of_their_own(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    first, second = cases(platform, 2, state="in_progress")
    chosen = tuple((case.id, case.version) for case in (first, second))
    command = ManyCases(act="verder", cases=chosen, state="resolved", resolution="repaired", text="Zaak {nummer} is klaar.")
    assert all(outcome.problem is None for outcome in do_many(platform, actor_as("facilitator"), command))
    assert found(platform, "answer") == [f"Zaak {case.number} is klaar." for case in (first, second)]
    again = do_many(platform, actor_as("facilitator"), command)
    assert all(outcome.problem is not None for outcome in again), "nothing is closed twice"


def test_somebody_else_s_cases_are_not_there(platform: Platform, actor_as: Callable[..., Actor]) -> None:
    (case,) = cases(platform, 1)
    with platform.unit_of_work(system("test")) as uow:
        team = testing.an_organization(uow)
    officer = actor_as("facilitator", team.id)
    outcomes = do_many(platform, officer, ManyCases(act="neem", cases=((case.id, case.version),)))
    assert outcomes[0].problem is not None
    assert outcomes[0].title == ""
    for wrong in (
        ManyCases(act="x", cases=()),
        ManyCases(act="neem", cases=()),
        ManyCases(act="neem", cases=((case.id, 1),) * (MOST_AT_ONCE + 1)),
    ):
        with pytest.raises(Invalid):
            do_many(platform, officer, wrong)


def _send(client: FlaskClient, path: str, html: str, **values: object) -> object:
    pairs = [(name, value) for name, value in Forms(html).pairs(path) if name not in values]
    for name, value in values.items():
        pairs += [(name, item) for item in (value if isinstance(value, list) else [value])]
    return client.post(path, data=MultiDict(pairs), headers=SAME_SITE)


@SQLITE
def test_an_officer_sees_first_what_happens_and_then_what_happened(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    first, second = cases(platform, 2, state="in_progress")
    desk = as_role("facilitator")
    ticked = [f"{case.id.hex}:{case.version}" for case in (first, second)]
    listed = desk.get(paths.DESK).text
    asked = _send(desk, ASK, listed, zaak=ticked, handeling="verder")
    assert asked.status_code == 200
    assert "Lamp 0" in asked.text
    assert "Lamp 1" in asked.text
    filled = {"state": "resolved", "resolution": "repaired", "text": "Zaak {nummer} is klaar."}
    shown = _send(desk, DO, asked.text, **filled)
    assert shown.status_code == 200
    assert f"Zaak {first.number} is klaar." in shown.text
    assert found(platform, "state") == ["in_progress", "in_progress"], "a look changes nothing"
    done = _send(desk, DO, shown.text)
    assert "Gelukt bij 2 zaken" in text_of(done.text)
    assert found(platform, "state") == ["resolved", "resolved"]


@SQLITE
def test_what_is_missing_is_said(platform: Platform, as_role: Callable[..., FlaskClient]) -> None:
    (case,) = cases(platform, 1)
    desk = as_role("facilitator")
    listed = desk.get(paths.DESK).text
    nothing = _send(desk, ASK, listed, handeling="neem")
    assert nothing.status_code == 400
    assert "Kies eerst een of meer zaken" in nothing.text
    ticked = f"{case.id.hex}:{case.version}"
    asked = _send(desk, ASK, listed, zaak=[ticked], handeling="organisatie")
    assert _send(desk, DO, asked.text).status_code == 400
    assert _send(desk, ASK, listed, zaak=["x"], handeling="neem").status_code == 400
    assert _send(desk, ASK, listed, zaak=[ticked], handeling="x").status_code == 400
    moving = _send(desk, ASK, listed, zaak=[ticked], handeling="verder").text
    unsaid = _send(desk, DO, moving, state="resolved")
    assert unsaid.status_code == 400
    assert [label in unsaid.text for label in ("Kies hoe het is afgelopen.", "Schrijf wat er is gedaan")] == [True, True]
    unfilled = _send(desk, DO, moving, state="referred", resolution="no_competence", text="Zaak {nummre} is niet van ons.")
    assert unfilled.status_code == 400
    assert "{nummre}” kan niet ingevuld worden" in unfilled.text
    taken = _send(desk, DO, _send(desk, ASK, listed, zaak=[ticked], handeling="neem").text)
    assert "Gelukt bij 1 zaak" in text_of(taken.text)


@SQLITE
def test_texts_of_a_category_are_there_when_all_are_of_it(platform: Platform, as_role: Callable[[str], FlaskClient]) -> None:
    """Of the category itself and of what it is in; with one of another category only those for every one are left."""
    with platform.unit_of_work(system("test")) as uow:
        main = testing.a_category(uow, "Licht", main=True)
        lamp, mast = (testing.a_category(uow, name, parent=main) for name in ("Lamp", "Mast"))
        other = testing.a_case(uow)
        chosen = {name: testing.a_case(uow, category) for name, category in (("lamp", lamp), ("mast", mast))}
        for name, category in (("Voor alles", None), ("Voor licht", main), ("Voor lampen", lamp)):
            testing.a_ready_text(uow, name=name, category_id=category.id if category else None)
    desk = as_role("facilitator")
    listed, offered = desk.get(paths.DESK).text, []
    for together in ([chosen["lamp"]], [chosen["lamp"], chosen["mast"]], [chosen["lamp"], other]):
        ticked = [f"{case.id.hex}:{case.version}" for case in together]
        page = text_of(_send(desk, ASK, listed, zaak=ticked, handeling="verder").text)
        offered.append([name for name in ("Voor alles", "Voor licht", "Voor lampen") if name in page])
    assert offered == [["Voor alles", "Voor licht", "Voor lampen"], ["Voor alles", "Voor licht"], ["Voor alles"]]
