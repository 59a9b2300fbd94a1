"""Importing a list by the pages: choosing columns, the report, choices, taking over; and hostile files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from samen_beleidsagenda.models import Dossier, ImportRun, PlanningItem
from samen_beleidsagenda.testing import a_body
from samen_core.api import Platform, system, uuid7
from samen_core.testing.visitors import SAME_SITE, Forms, send_form, text_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Visit = Callable[..., "FlaskClient"]
HOME = "/beleidsagenda/werk/inlezen"
HEAD = ("Nr", "Onderwerp", "Portefeuillehouder", "Soort", "Datum commissie", "Datum raad", "Toelichting", "Behandelend ambtenaar")
ROWS = (
    ("1", "Woonvisie", "Wethouder verkeer", "Besluit", "week 14 2027", "Q2 2027", "Waar komen woningen?", "P. Jansen"),
    ("2", "Parkeerbeleid", "Weth. Onbekend", "kaderstellend", "", "jun-27", "", "A. de Vries"),
    ("3", "Nota sport", "", "Ter kennisname", "", "n.t.b.", "", ""),
    ("4", "Cultuur", "", "Besluit", "", "ooit", "", ""),
)

SQLITE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
"""What another database cannot change is tried on one."""


def a_sheet(rows: Any = ROWS, head: Any = HEAD) -> bytes:
    """A spreadsheet with a title above its table."""
    book = Workbook()
    page = book.active
    page.append(["Lange termijnagenda van de raad"])
    page.append([])
    for row in (head, *rows):
        page.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.fixture
def bodies(platform: Platform) -> None:
    """A committee and the council."""
    with platform.unit_of_work(system("test")) as uow:
        a_body(uow, "committee", "Commissie")
        a_body(uow, "council", "Raad")


def a_list_page(client: FlaskClient, **values: Any) -> str:
    """A new list made by its form; the path of its page."""
    answer = send_form(client, f"{HOME}/nieuw", **{"name": "Termijnagenda", "format": "table", "gone": "keep", **values})
    assert answer.status_code == 303, text_of(answer.text)
    return str(answer.headers["Location"])


def send(client: FlaskClient, page: str, content: bytes, name: str = "lta.xlsx") -> Any:
    """Send a file for a list."""
    return send_form(client, page, file=(io.BytesIO(content), name))


@pytest.mark.usefixtures("bodies")
def test_a_list_from_file_to_agenda(platform: Platform, as_role: Visit) -> None:
    manager = as_role("manager")
    page = a_list_page(manager)
    answer = send(manager, page, a_sheet(), "/home/jansen/lta\x00 2027.xlsx")
    columns = answer.headers["Location"]
    assert columns.endswith("/kolommen")
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(ImportRun.file_name)).scalar_one() == "lta 2027.xlsx"
    shown = manager.get(columns).text
    assert "Weth. Onbekend" in shown
    with platform.read(system("test")) as uow:
        found = {row.name: str(row.id) for row in uow.session.execute(_bodies())}
    fields = {"veld-0": "key", "veld-1": "title", "veld-2": "holder", "veld-3": "kind", "veld-4": "period", "orgaan-4": found["Commissie"]}
    fields |= {"veld-5": "period", "orgaan-5": found["Raad"], "veld-6": "text", "kop": "3"}
    proposal = [f'<option value="{field}" selected>' for field in ("key", "title", "holder", "kind", "period", "text")]
    assert all(option in shown for option in proposal)
    answer = send_form(manager, columns, **fields)
    report = answer.headers["Location"]
    text = text_of(manager.get(report).text)
    assert "Nieuw (7)" in text
    assert "“ooit” in kolom “Datum raad” is geen periode" in text
    assert "Er staat nog geen periode bij" in text
    assert "Wanneer: week 14 van 2027, vanaf 5 april 2027 Orgaan: Commissie" in text
    assert _count(platform, PlanningItem) == 0
    send_form(manager, f"{report}/overnemen", page=report)
    with platform.read(system("test")) as uow:
        moments = [
            (item.title, item.start_date.isoformat(), item.precision, item.kind, item.state)
            for item in uow.session.execute(select(PlanningItem).order_by(PlanningItem.start_date)).scalars()
        ]
    assert moments == [
        ("Woonvisie", "2027-04-01", "quarter", "decision", "draft"),
        ("Woonvisie", "2027-04-05", "week", "decision", "draft"),
        ("Parkeerbeleid", "2027-06-01", "month", "decision", "draft"),
    ]
    assert "P. Jansen" not in manager.get(report).text
    assert "Al overgenomen" in text_of(manager.get(page).text)
    csv = manager.get(f"{report}/verslag.csv")
    assert csv.mimetype == "text/csv"
    assert "Woonvisie" in csv.get_data(as_text=True)
    # What it did is taken back, but for what somebody changed since, which is named on the page and in the report.
    assert f'href="{report}/terugdraaien"' in manager.get(report).text
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(select(PlanningItem).where(PlanningItem.title == "Parkeerbeleid")).scalars().one().text = "Hier bedacht"
    text = text_of(manager.get(f"{report}/terugdraaien").text)
    assert "5 van de 7 rijen draaien wij terug." in text
    assert "Dossier Parkeerbeleid : Hier hangt iets aan dat blijft." in text
    assert "Gepland moment Parkeerbeleid : Dit is na het inlezen veranderd." in text
    assert _count(platform, PlanningItem) == 3
    send_form(manager, f"{report}/terugdraaien", page=f"{report}/terugdraaien")
    text = text_of(manager.get(report).text)
    assert "5 van 7 rijen zijn teruggedraaid. Bij wat is gebleven, staat waarom." in text
    assert "Gebleven (2)" in text
    assert "Woonvisie" not in text_of(manager.get(f"{report}?uitkomst=kept").text)
    assert f'href="{report}/terugdraaien"' not in manager.get(report).text
    with platform.read(system("test")) as uow:
        assert uow.session.execute(select(PlanningItem.title).where(PlanningItem.state != "deleted")).scalars().all() == ["Parkeerbeleid"]


def _bodies() -> Any:
    from citycontent.api import Organization

    return select(Organization.id, Organization.name)


def _count(platform: Platform, model: Any) -> int:
    with platform.read(system("test")) as uow:
        return len(uow.session.execute(select(model.id)).all())


def a_bomb() -> bytes:
    """An archive that says it is a spreadsheet and unpacks to more than is allowed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 61_000_000)
    return target.getvalue()


HOSTILE: list[tuple[str, str, bytes]] = [
    ("table", "a.xlsx", b"PK\x03\x04 geen archief"),
    ("table", "a.csv", b"\x00\x01\x02"),
    ("table", "a.csv", b"\n\n\n"),
    ("table", "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("table", "a.csv", ("onderwerp;wanneer\n" + 'x;"' + "y" * 200_000).encode()),
    ("notubiz", "a.json", b"[" * 100_000),
    ("notubiz", "a.json", b'{"id": NaN}'),
    ("notubiz", "a.json", b'{"id": ' + b"9" * 5000 + b"}"),
    ("notubiz", "a.json", b"\xff\xfe"),
    ("notubiz", "a.json", b"\x1f\x8bkapot"),
    ("notubiz", "a.json", b"null"),
    ("ori", "a.json", b'[1, "x", {"results": {"results": []}}]'),
    ("popolo", "a.json", b'{"persons": {"name": 3}}'),
]


@SQLITE
def test_hostile_files_are_refused_with_a_reason(as_role: Visit) -> None:
    manager = as_role("manager")
    paths = {kind: a_list_page(manager, name=kind, format=kind) for kind in ("table", "notubiz", "ori", "popolo")}
    for kind, name, content in [*HOSTILE, ("table", "bom.xlsx", a_bomb())]:
        answer = send(manager, paths[kind], content, name)
        assert answer.status_code == 400, (kind, content[:40], answer.status_code)
        assert "Dit bestand is niet ingelezen" in answer.text, (kind, content[:40])


@SQLITE
@pytest.mark.usefixtures("bodies")
def test_hostile_values_become_problems(as_role: Visit) -> None:
    manager = as_role("manager")
    page = a_list_page(manager, name="n", format="notubiz")
    odd = [None, True, [], {}, "x" * 5000, -1, 1e300, "\u202e\x00\ud83d"]
    meetings = [
        {"id": at, "plannings": value, "agenda_items": [{"id": at, "type_data": value, "documents": value}], "attributes": value}
        for at, value in enumerate(odd)
    ]
    answer = send(manager, page, json.dumps(meetings).encode(), "odd.json")
    assert answer.status_code in (303, 400)


@SQLITE
def test_only_who_may_import_comes_in(client: FlaskClient, as_role: Visit) -> None:
    assert client.get(HOME).status_code in (302, 303, 401, 403)
    assert as_role("resident").get(HOME).status_code == 403
    assert "Er zijn nog geen lijsten" in as_role("manager").get(HOME).text


@SQLITE
@pytest.mark.usefixtures("bodies")
def test_a_list_is_checked_and_keeps_what_was_typed(as_role: Visit, platform: Platform) -> None:
    manager = as_role("manager")
    answer = send_form(manager, f"{HOME}/nieuw", name="", format="table", gone="keep", year="12")
    assert answer.status_code == 400
    page = a_list_page(manager)
    again = send_form(manager, f"{HOME}/nieuw", name="Termijnagenda", format="table", gone="keep")
    assert again.status_code == 400
    assert "Er is al een lijst met deze naam" in again.text
    columns = send(manager, page, a_sheet()).headers["Location"]
    wrong = send_form(manager, columns, kop="3", **{"veld-1": "", "perioden": "voorjaar is lente"})
    assert wrong.status_code == 400
    text = text_of(wrong.text)
    assert "Kies welke kolom “Onderwerp” is." in text
    assert "“voorjaar is lente” begrijpen wij niet" in text
    stale = send_form(
        manager, columns, kop="3", version="99", **{"veld-1": "title", "veld-4": "period", "perioden": "voorjaar 2027 = Q2 2027"}
    )
    assert stale.status_code == 409
    assert "Kijk uw keuzes na en bewaar opnieuw" in text_of(stale.text)
    assert "voorjaar 2027 = Q2 2027" in stale.text
    token = dict(Forms(stale.text).pairs(columns))["csrf_token"]
    words = {"version": "99", "woord-body-0": "Forum Samenleving", "betekenis-body-0": str(uuid7()), "csrf_token": token}
    kept = manager.post(f"{page}/woorden", data=words, headers=SAME_SITE)
    assert kept.status_code == 409
    assert "forum samenleving" in kept.text
    assert _count(platform, Dossier) == 0
