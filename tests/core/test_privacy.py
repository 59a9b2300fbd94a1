"""What follows from declarations of personal data, also for blocks whose code is gone: the register, own data, erasure and terms."""

from __future__ import annotations

import csv
import io
import json
import uuid
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Column, DateTime, MetaData, String, Table, Text, Uuid, event, insert, select, update

from samen_core.accounts.models import User
from samen_core.accounts.schemas import GrantRole
from samen_core.accounts.services.grants import grant_role
from samen_core.accounts.services.privacy import erase_account, erasure_preview, export_account, export_json
from samen_core.actor import Actor, system
from samen_core.db.base import UTCDateTime, uuid7
from samen_core.files import store_upload
from samen_core.i18n import Text as Said
from samen_core.platform import Platform
from samen_core.privacy import PersonalField
from samen_core.privacy.redaction import GONE, redacted, redactor
from samen_core.privacy.register import register_of_processing
from samen_core.privacy.retention import Due, RetentionRule, preview, proof, run
from samen_core.subjects import Subject, SubjectData, SubjectRef, register
from samen_core.testing.privacy import keep_to_terms
from samen_core.texts.services import ChangeText, change_text
from tests.core.accounts.journeys import EMAIL, log_in, make_account

ActorAs = Callable[..., Actor]
GONE_TABLE = "gone__note"
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture
def note(platform: Platform) -> Table:
    """A table of a block that is no longer there, with what its declarations left in the database."""
    table = Table(
        GONE_TABLE,
        MetaData(),
        Column("id", Uuid(), primary_key=True),
        Column("account_id", Uuid()),
        Column("name", String(100), nullable=False),
        Column("email", String(254), nullable=False),
        Column("words", Text, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("kind", String(20)),
    )
    table.create(platform.write_engine)
    table.c.at.type = UTCDateTime()
    common: dict[str, Any] = {"table_name": GONE_TABLE, "owner": "gone", "thing": "Briefje", "of": "account_id", "basis": "consent"}
    common |= {"purpose": "een briefje tonen", "export": True, "people": "participant", "receivers": ["public"], "rule": ""}
    common |= {"retention": "tot 30 dagen na het schrijven", "keep_reason": "", "address": False, "identifies": False, "keep_when": None}
    expires = {"days": 30, "since": "at", "action": "blank"}
    rows = [
        {**common, "column_name": "name", "label": "naam", "erase": "blank", "identifies": True, "expires": expires, "keep_when": None},
        {
            **common,
            "column_name": "email",
            "label": "e-mailadres",
            "erase": "blank",
            "address": True,
            "expires": expires,
            "keep_when": None,
        },
        {
            **common,
            "column_name": "words",
            "label": "tekst",
            "erase": "keep",
            "keep_reason": "hoort erbij",
            "expires": None,
            "keep_when": None,
        },
    ]
    with platform.write_engine.begin() as connection:
        connection.execute(insert(PersonalField), rows)
    return table


def write(platform: Platform, note: Table, **values: Any) -> uuid.UUID:
    row = {"id": uuid7(), "account_id": None, "name": "", "email": "", "words": "", "at": platform.clock(), **values}
    with platform.write_engine.begin() as connection:
        connection.execute(insert(note).values(row))
    return uuid.UUID(str(row["id"]))


def read(platform: Platform, note: Table, id: uuid.UUID) -> Any:
    with platform.engine.connect() as connection:
        return connection.execute(select(note).where(note.c.id == id)).one()


class TestOfABlockThatIsGone:
    def test_own_data_holds_it(self, platform: Platform, note: Table, actor_as: ActorAs) -> None:
        somebody, other = actor_as("resident"), actor_as("resident")
        write(platform, note, account_id=somebody.account_id, name="Noor", words="Dag.")
        for actor, expected in ((somebody, ["Noor"]), (other, [])):
            with platform.read(actor) as uow:
                data = export_json(uow, actor.account_id)["data"]
            assert [
                record["values"]["name"] for things in data if things["table"] == GONE_TABLE for record in things["records"]
            ] == expected

    def test_it_is_erased_as_it_was_declared(self, platform: Platform, note: Table, client: FlaskClient) -> None:
        account_id = make_account(platform)
        somebody = Actor(kind="account", account_id=account_id, label="", origin="test")
        own = write(platform, note, account_id=account_id, name="Noor Visser", words="Vraag naar noor visser op 06 12345678.")
        without_account = write(platform, note, email=EMAIL.upper(), name="Noor V.", words="Dag.")
        of_another = write(platform, note, account_id=uuid7(), email=EMAIL, name="Ans", words="Noor Visser")
        with platform.unit_of_work(somebody) as uow:
            planned = [fate for fate in erasure_preview(uow, account_id) if fate.owner == "gone"]
            assert [(fate.action, fate.number, fate.labels) for fate in planned] == [
                ("blank", 2, ("naam", "e-mailadres")),
                ("keep", 2, ("tekst",)),
            ]
            assert [fate for fate in erase_account(uow, account_id) if fate.owner == "gone"] == planned
        row = read(platform, note, own)
        assert (row.name, row.words) == ("", f"Vraag naar {GONE} op {GONE}.")
        assert (read(platform, note, without_account).email, read(platform, note, without_account).name) == ("", "")
        assert read(platform, note, of_another).name == "Ans"

    def test_what_stays_for_its_kind_stays_and_nothing_else(self, platform: Platform, note: Table) -> None:
        account_id = make_account(platform)
        kinds = {"official": "Noor", None: "", "private": ""}
        written = {kind: write(platform, note, account_id=account_id, name="Noor", kind=kind) for kind in kinds}
        with platform.write_engine.begin() as connection:
            stays = update(PersonalField).where(PersonalField.table_name == GONE_TABLE, PersonalField.column_name == "name")
            connection.execute(stays.values(keep_when=["kind", "official"], keep_reason="hoort bij het ambt"))
        with platform.unit_of_work(Actor(kind="account", account_id=account_id, label="", origin="test")) as uow:
            done = [(fate.action, fate.number) for fate in erase_account(uow, account_id) if fate.owner == "gone"]
        assert done == [("blank", 2), ("keep", 2), ("keep", 1)]
        assert {kind: read(platform, note, id).name for kind, id in written.items()} == kinds

    def test_an_address_that_is_not_proved_gives_nothing(self, platform: Platform, note: Table) -> None:
        account_id = make_account(platform)
        with platform.write_engine.begin() as connection:
            connection.execute(update(User).values(confirmed_at=None))
        write(platform, note, email=EMAIL, name="Noor", words="Dag.")
        with platform.read(system("test")) as uow:
            assert [things.table for things in export_account(uow, account_id) if things.owner == "gone"] == []

    def test_its_terms_run_on(self, platform: Platform, note: Table, clock: Any) -> None:
        old = write(platform, note, name="Noor", email="noor@samen.example", words="Dag.")
        clock.forward(days=20)
        new = write(platform, note, name="Ans")
        clock.forward(days=11)
        with platform.read(system("test")) as uow:
            (due,) = [item for item in preview(uow) if item.owner == "gone"]
            assert due.due is not None
            assert (due.due.number, str(due.rule.explanation)) == (1, "tot 30 dagen na het schrijven")
            assert due.due.oldest == read(platform, note, old).at
        assert keep_to_terms(platform) == {"gone.note.email": 1}
        assert keep_to_terms(platform) == {}
        assert (read(platform, note, old).name, read(platform, note, new).name) == ("", "Ans")

    def test_the_register_says_that_it_is_not_installed(self, platform: Platform, note: Table, client: FlaskClient) -> None:
        with platform.read(system("test")) as uow:
            (found,) = [item for item in register_of_processing(uow) if item.owner == "gone"]
        assert not found.installed
        assert [str(label) for label in found.fields] == ["e-mailadres (Briefje)", "naam (Briefje)", "tekst (Briefje)"]
        page = client.get("/privacy/verwerkingen")
        assert "bouwsteen niet geïnstalleerd" in page.text
        assert "blijft, want: hoort erbij" in page.text


def test_the_register_is_a_page_data_and_a_table(platform: Platform, client: FlaskClient) -> None:
    page = client.get("/privacy/verwerkingen")
    assert "inloggen en berichten sturen" in page.text
    assert "/privacy/verwerkingen" in client.get("/privacy").text
    data = client.get("/privacy/verwerkingen.json").get_json()
    assert data["controller"]["name"] == platform.config.city.name
    (login,) = [item for item in data["processings"] if item["purpose"] == "inloggen en berichten sturen"]
    assert login["fields"] == ["e-mailadres (Account)"]
    assert login["receivers"] == ["medewerkers die eraan werken", "de mailserver van de gemeente"]
    rows = list(csv.reader(io.StringIO(client.get("/privacy/verwerkingen.csv").text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == len(data["processings"]) + 1
    assert data["transfers_outside_eu"] == rows[1][-1] == "Nee. De gegevens blijven op de servers van de gemeente."
    with platform.unit_of_work(system("test")) as uow:
        change_text(uow, ChangeText("core.transfers", "nl", "", "Ja: onze mail gaat door de Verenigde Staten & terug.", 0))
    elsewhere = "Ja: onze mail gaat door de Verenigde Staten & terug."
    assert elsewhere.replace("&", "&amp;") in client.get("/privacy/verwerkingen").text
    assert client.get("/privacy/verwerkingen.json").get_json()["transfers_outside_eu"] == elsewhere
    assert elsewhere in client.get("/privacy/verwerkingen.csv").text
    assert "logging in and sending messages" in client.get("/en/privacy/verwerkingen").text.lower()


def test_own_data_as_page_file_and_everything(platform: Platform, client: FlaskClient) -> None:
    account_id = make_account(platform, name="Noor & Co")
    somebody = Actor(kind="account", account_id=account_id, label="", origin="test")
    with platform.unit_of_work(somebody) as uow:
        store_upload(uow, io.BytesIO(PDF), "mijn brief.pdf")
    log_in(client)
    page = client.get("/account/gegevens").text
    assert "Noor &amp; Co" in page
    assert "core__" not in page, "people do not know our tables"
    alone = client.get("/account/gegevens.html")
    assert "attachment" in alone.headers["Content-Disposition"]
    assert "<link" not in alone.text
    assert "mijn brief.pdf" in alone.text
    with zipfile.ZipFile(io.BytesIO(client.get("/account/gegevens.zip").data)) as archive:
        assert {"mijn-gegevens.json", "mijn-gegevens.html"} < set(archive.namelist())
        (file,) = json.loads(archive.read("mijn-gegevens.json"))["files"]
        assert (file["name"], archive.read(file["path"])) == ("mijn brief.pdf", PDF)


def test_a_file_of_a_thing_that_is_gone_and_a_lost_one_leave_the_rest_in_the_download(platform: Platform, client: FlaskClient) -> None:
    account_id = make_account(platform)
    somebody = Actor(kind="account", account_id=account_id, label="", origin="test")
    ref = SubjectRef("project", uuid7())
    with platform.unit_of_work(somebody) as uow:
        register(uow, ref, SubjectData("Speelplaats", "/x"))
        _kept, lost = (store_upload(uow, io.BytesIO(PDF), name, owner=ref.id) for name in ("brief.pdf", "kwijt.pdf"))
        uow.session.execute(update(Subject).where(Subject.id == ref.id).values(state="deleted"))
    platform.files.delete(lost.id.hex)
    log_in(client)
    answer = client.get("/account/gegevens.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {file["name"]: file["path"] for file in json.loads(archive.read("mijn-gegevens.json"))["files"]}
        assert archive.read(files["brief.pdf"]) == PDF
    assert files["kwijt.pdf"] is None


def test_the_page_shows_the_newest_and_the_file_everything(platform: Platform, note: Table, client: FlaskClient) -> None:
    account_id = make_account(platform)
    for number in range(25):
        write(platform, note, account_id=account_id, name=f"Naam {number:02}")
    log_in(client)
    page = client.get("/account/gegevens").text
    assert "Naam 24" in page
    assert "Naam 00" not in page
    assert "En nog 5." in page
    assert "Naam 00" in client.get("/account/gegevens.html").text


def test_managers_see_what_goes_and_the_proof(platform: Platform, note: Table, app: Any, actor_as: ActorAs, clock: Any) -> None:
    write(platform, note, name="Noor")
    clock.forward(days=31)
    client = app.test_client()
    boss = make_account(platform, "baas@samen.example")
    with platform.unit_of_work(system("test")) as uow:
        grant_role(uow, GrantRole(account_id=boss, role="manager", reason="test"))
    log_in(client, "baas@samen.example")
    page = client.get("/beheer/bewaartermijnen").text
    assert "Briefje: e-mailadres, naam" in page
    assert "Er ging niets weg" in page
    keep_to_terms(platform)
    assert "Wat er de laatste twee weken wegging" in client.get("/beheer/bewaartermijnen").text
    rows = list(csv.DictReader(io.StringIO(client.get("/beheer/bewaartermijnen.csv").text.lstrip("\ufeff")), delimiter=";"))
    assert [(row["Aantal weg"], row["Keren uitgevoerd"]) for row in rows if row["Regel"] == "gone.note.email"] == [("1", "1")]
    assert app.test_client().get("/beheer/bewaartermijnen").status_code == 303


def test_a_rule_that_fails_does_not_stop_the_others(platform: Platform, note: Table, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> Any:
        raise RuntimeError("kapot")

    broken = RetentionRule("core.broken", Said("Kapot"), Said("nooit"), fail, fail)
    monkeypatch.setattr("samen_core.core_block.core_retention", lambda: [broken])
    write(platform, note, name="Noor")
    clock.forward(days=31)
    with platform.read(system("test")) as uow:
        assert {item.rule.name: item.due and item.due.number for item in preview(uow) if item.owner in ("core", "gone")}[
            "core.broken"
        ] is None
    with platform.unit_of_work(system("test")) as uow:
        ran = {found.rule: found.number for found in run(uow)}
    assert (ran["core.broken"], ran["gone.note.email"]) == (None, 1)


def test_much_goes_in_portions_and_is_proved_once_a_day(platform: Platform, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    left, portions = [1200], []

    def apply(_uow: Any, limit: int) -> int:
        portions.append(min(limit, left[0]))
        left[0] -= portions[-1]
        return portions[-1]

    rule = RetentionRule("core.much", Said("Veel"), Said("kort"), lambda _uow: Due(left[0]), apply)
    monkeypatch.setattr("samen_core.core_block.core_retention", lambda: [rule])
    assert keep_to_terms(platform)["core.much"] == 1200
    assert portions == [500, 500, 200]
    keep_to_terms(platform)
    with platform.read(system("test")) as uow:
        (row,) = [row for row in proof(uow) if row.rule == "core.much"]
        assert (row.runs, row.number) == (2, 1200)
        assert proof(uow, platform.clock().date() + timedelta(days=1)) == []


@pytest.mark.parametrize("db_url", ["postgresql"], indirect=True)
def test_what_is_changed_while_a_rule_runs_is_not_let_go_of(platform: Platform, note: Table, clock: Any) -> None:
    """Somebody confirms an address, and another writes a note anew, after the rule looked them up and before they go."""
    account_id, noted = make_account(platform), write(platform, note, name="Noor")
    with platform.unit_of_work(system("test")) as uow:
        uow.session.execute(update(User).where(User.id == account_id).values(confirmed_at=None))
    clock.forward(days=31)

    changes: dict[str, Any] = {
        "DELETE FROM core__user ": update(User).where(User.id == account_id).values(confirmed_at=platform.clock()),
        "UPDATE gone__note ": update(note).values(at=platform.clock()),
    }

    def meanwhile(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        for start in [start for start in changes if statement.startswith(start)]:
            change = changes.pop(start)
            with platform.engine.begin() as other:
                other.execute(change)

    event.listen(platform.write_engine, "before_cursor_execute", meanwhile)
    went = keep_to_terms(platform)
    event.remove(platform.write_engine, "before_cursor_execute", meanwhile)
    assert not changes, "both were changed in between"
    assert not {"core.unconfirmed", "gone.note.email"} & set(went)
    assert read(platform, note, noted).name == "Noor"
    with platform.read(system("test")) as uow:
        assert uow.session.get(User, account_id) is not None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ik ben noor visser.", f"Ik ben {GONE}."),
        ("Bel 06-12345678 of +31 79 346 8000", f"Bel {GONE} of {GONE}"),
        ("Mail n.visser+x@post.example!", f"Mail {GONE}!"),
        ("Ik woon op 2712 AB 14.", f"Ik woon op {GONE}."),
        ("In 2026 kwamen er 1234 bomen bij.", "In 2026 kwamen er 1234 bomen bij."),
        ("Het kost 0,50 of 100000 euro.", "Het kost 0,50 of 100000 euro."),
    ],
)
def test_what_leads_to_somebody_is_taken_out_of_a_text(text: str, expected: str) -> None:
    assert redacted({"a": [text]}, redactor({"Noor  Visser", "An"})) == {"a": [expected]}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Jan", "Groetjes, Jan. JAN is mijn naam, januari mijn maand.", f"Groetjes, {GONE}. {GONE} is mijn naam, januari mijn maand."),
        ("jan", "Ik ben Jan, en dan jan.", f"Ik ben {GONE}, en dan jan."),
        ("An", "An was aan zet, zei an. Anna ook.", f"{GONE} was aan zet, zei an. Anna ook."),
        ("Jan de Boer", "Ik, Jan, zoon van Boer senior, help een boer.", f"Ik, {GONE}, zoon van {GONE} senior, help een boer."),
        ("Jan De Boer", "De boom staat scheef. Van wie is die? Jan's vraag.", f"De boom staat scheef. Van wie is die? {GONE}'s vraag."),
        ("Bo Van 't Hof", "Bo's hof, Bos en Jan-Bo.", f"{GONE}'s hof, Bos en Jan-Bo."),
        ("Anne-Marie Öz", "Anne-Marie, Marie en Öz schreven.", f"{GONE}, Marie en {GONE} schreven."),
        ("O'Brien (Pat)", "Pat of O'Brien", f"{GONE} of {GONE}"),
        ("J. Vos", "J. liep; Vos ook, net als een vos.", f"J. liep; {GONE} ook, net als een vos."),
        ("Dorpsstraat 12", "De Dorpsstraat is lang.", "De Dorpsstraat is lang."),
        ("X", "X en Y", "X en Y"),
        ("de", "De stad en de wijk", "De stad en de wijk"),
        ("Een Bewoner", "Een boom viel om. Ik, Bewoner.", f"Een boom viel om. Ik, {GONE}."),
        ("jan@post.example", "Jan schreef.", "Jan schreef."),
    ],
)
def test_a_short_name_and_a_part_of_a_name_go_as_whole_words(name: str, text: str, expected: str) -> None:
    assert redacted(text, redactor({name})) == expected
