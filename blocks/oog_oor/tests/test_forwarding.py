"""Cases go on to another Open311 server and its messages come back: between two servers of ours, over HTTP."""

from __future__ import annotations

import io
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from sqlalchemy import select

from citycontent.api import CreateOrganization, Organization, create_organization
from samen_core.api import Conflict, Invalid, NotAllowed, NotReached, Platform, store_upload, system
from samen_core.events.worker import Worker
from samen_core.platform import Parts
from samen_core.testing.settings import make_config
from samen_oog_oor.models import Case, Category, Forward, Reporter, Server, Signal, Update
from samen_oog_oor.schemas.merging import MergeCase, UnmergeCase
from samen_oog_oor.schemas.moving import MoveCase
from samen_oog_oor.schemas.open311 import MakeKey, MapCategory, SaveServer
from samen_oog_oor.schemas.publishing import ShowPicture
from samen_oog_oor.schemas.receiving import Contact, ReceiveSignal, SignalPlace
from samen_oog_oor.schemas.relocating import Relocate
from samen_oog_oor.services import forwarding, open311_client, open311_lists
from samen_oog_oor.services.confirming import confirm_signal
from samen_oog_oor.services.forwarding import FAILED, MOST_TRIES, fields_of, forward_due
from samen_oog_oor.services.keys import make_key
from samen_oog_oor.services.merging import merge_case, unmerge_case
from samen_oog_oor.services.moving import move_case
from samen_oog_oor.services.publishing import show_picture
from samen_oog_oor.services.receipt_keys import receipt_key
from samen_oog_oor.services.receiving import receive_signal
from samen_oog_oor.services.relocating import relocate
from samen_oog_oor.services.servers import (
    create_server,
    forwards,
    forwards_of,
    get_server,
    map_category,
    mapping,
    servers,
    try_again,
    unmap_category,
    update_server,
)
from samen_oog_oor.testing import LAT, LON, a_case, a_category, a_signal, an_update

if TYPE_CHECKING:
    from samen_core.testing.platforms import Clock

ONCE = pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
"""The rules that no database makes different."""
Serve = Callable[[Platform], str]
VALUES: dict[str, Any] = {"blocks": ["citycontent", "oog_oor"], "web": {"webhook_networks": ["127.0.0.0/8"]}}
TEXT = "De lamp is stuk. Bel mij op 06-12345678."
FORM = {
    "questions": [
        {
            "name": "kleur",
            "kind": "several_choices",
            "label": "Welke kleur?",
            "required": True,
            "options": [{"value": "r", "label": "Rood"}, {"value": "b", "label": "Blauw"}],
        },
        {"name": "sinds", "kind": "date", "label": "Sinds wanneer?", "required": False},
    ]
}


@pytest.fixture
def samen_config() -> dict[str, Any]:
    """Loopback may be called."""
    return VALUES


@pytest.fixture(scope="session")
def empty_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a city without anything, to copy."""
    from samen_core.db import migrate

    path = tmp_path_factory.mktemp("empty") / "samen.db"
    made = Platform(make_config(path.parent, f"sqlite:///{path}", **VALUES))
    migrate.upgrade(made)
    made.close()
    return path


@pytest.fixture
def other(tmp_path: Path, clock: Clock, empty_city: Path) -> Iterator[Platform]:
    """A second city, with the same clock."""
    folder = tmp_path / "ander"
    folder.mkdir()
    shutil.copyfile(empty_city, folder / "samen.db")
    made = Platform(make_config(folder, f"sqlite:///{folder / 'samen.db'}", **VALUES), Parts(clock=clock))
    yield made
    made.close()


@pytest.fixture
def pair(platform: Platform, other: Platform, serve: Serve, actor_as: Any) -> dict[str, Any]:
    """Here category ``licht`` goes to ``lamp`` there; there ``lamp`` goes to ``licht`` here."""
    here, there = a_category(platform, "Licht", code="licht", form=FORM), a_category(other, "Lamp", code="lamp", form=FORM)
    connect(platform, here, f"{serve(other)}/open311/v2", "lamp", key_of(other))
    connect(other, there, f"{serve(platform)}/open311/v2", "licht", key_of(platform))
    return {"here": here, "there": there}


def key_of(platform: Platform) -> str:
    """A key of a new account."""
    from samen_core.accounts.services.accounts import CreateAccount, create_account
    from samen_core.api import Actor

    with platform.unit_of_work(system("test")) as uow:
        email, password = f"{uuid.uuid4().hex[:8]}@samen.example", "een lange zin die niemand raadt"
        account = create_account(uow, CreateAccount(email=email, display_name="Koppeling", password=password))
    with platform.unit_of_work(Actor("account", account.id, origin="test")) as uow:
        return make_key(uow, MakeKey(name="Andere gemeente")).secret


def connect(platform: Platform, category: Category, url: str, code: str, key: str = "") -> Server:
    """Let the cases of a category go to a server."""
    with platform.unit_of_work(system("test")) as uow:
        organization = create_organization(uow, CreateOrganization(name="De buren", sector="government"))
        command = SaveServer(name="Buren", url=url, organization_id=organization.id, key=key)
        server = create_server(uow, command)
        map_category(uow, server.id, MapCategory(category_id=category.id, service_code=code))
    return server


def report(platform: Platform, category: Category, **values: Any) -> Case:
    """A case from a resident, and what follows from it."""
    with platform.unit_of_work(system("test")) as uow:
        command = ReceiveSignal(
            **{
                "category_id": category.id,
                "text": TEXT,
                "answers": {"kleur": ["r", "b"], "sinds": "2026-05-01"},
                "place": SignalPlace(lat=LAT, lon=LON),
                "contact": Contact(name="Noor de Wit", email="noor@example.org", share=True),
                **values,
            }
        )
        case = receive_signal(uow, command).case
    Worker(platform).drain()
    return case


def run(platform: Platform) -> None:
    """Do the job, as the worker does."""
    with platform.unit_of_work(system("worker")) as uow:
        forward_due(uow)
    Worker(platform).drain()


def the(platform: Platform, model: type[Any], *where: Any) -> Any:
    """The one row of a table."""
    with platform.read(system("test")) as uow:
        return uow.session.execute(select(model).where(*where)).scalar_one()


def all_of(platform: Platform, model: type[Any]) -> list[Any]:
    """The rows of a table."""
    with platform.read(system("test")) as uow:
        return list(uow.session.execute(select(model).order_by(model.id)).scalars())


# ---------------------------------------------------------------- between two servers


def test_a_case_goes_on_once_and_comes_back_closed(platform: Platform, other: Platform, pair: dict[str, Any], clock: Clock) -> None:
    case = report(platform, pair["here"])
    run(platform)
    run(platform)
    sent, there = the(platform, Forward), the(other, Case)
    assert (sent.state, sent.external_id, sent.token) == ("acknowledged", there.number, "")
    signal = the(other, Signal)
    assert case.number in signal.text
    assert "De lamp is stuk." in signal.text
    assert "12345678" not in signal.text
    assert signal.answers == {"kleur": ["r", "b"], "sinds": "2026-05-01"}
    assert (there.lat, there.lon) == (LAT, LON)
    assert the(other, Reporter).email
    # What came from here does not go back here.
    Worker(other).drain()
    run(other)
    assert the(other, Forward).state == "kept"
    assert len(all_of(platform, Case)) == 1
    clock.forward(minutes=5)
    with other.unit_of_work(system("test")) as uow:
        move_case(uow, there.id, MoveCase(state="in_progress", text="Wij zijn onderweg."))
    clock.forward(minutes=5)
    run(platform)
    run(platform)
    assert the(platform, Case).state == "in_progress"
    with other.unit_of_work(system("test")) as uow:
        move_case(uow, there.id, MoveCase(state="resolved", resolution="repaired", text="De lamp is vervangen."))
    clock.forward(minutes=5)
    run(platform)
    closed = the(platform, Case)
    assert (closed.state, closed.resolution, closed.answer) == ("resolved", "repaired", "De lamp is vervangen.")
    told = [(item.text, item.source) for item in all_of(platform, Update) if item.source]
    assert told == [("Wij zijn onderweg.", "Buren"), ("De lamp is vervangen.", "Buren")]
    assert the(platform, Forward).state == "closed"
    assert the(platform, Server).problem == ""


@ONCE
def test_who_did_not_agree_is_not_passed_on(platform: Platform, other: Platform, pair: dict[str, Any]) -> None:
    report(platform, pair["here"], contact=Contact(name="Noor", email="noor@example.org", share=False))
    run(platform)
    assert len(all_of(other, Signal)) == 1
    with other.read(system("test")) as uow:
        assert uow.session.execute(select(Reporter)).first() is None


@ONCE
def test_what_is_confidential_stays(platform: Platform, other: Platform, pair: dict[str, Any]) -> None:
    report(platform, pair["here"], confidential=True)
    run(platform)
    assert all_of(platform, Forward) == all_of(other, Case) == []
    later = report(platform, pair["here"])
    with platform.unit_of_work(system("test")) as uow:
        uow.session.get_one(Case, later.id).confidential = True
    run(platform)
    assert all_of(other, Case) == [], "also what became so before it went"
    assert the(platform, Forward).state == "kept"


@ONCE
def test_what_is_closed_or_part_of_another_goes_once_it_stands_open_again(platform: Platform) -> None:
    category = a_category(platform, "Licht", code="licht")
    whole = report(platform, category, answers={})
    connect(platform, category, "http://127.0.0.1:1/open311/v2", "lamp")
    with platform.unit_of_work(system("test")) as uow:
        part = receive_signal(uow, ReceiveSignal(category_id=category.id, text="Donker.", place=SignalPlace(lat=LAT, lon=LON))).case
        merge_case(uow, part.id, MergeCase(into=whole.number))
    Worker(platform).drain()
    run(platform)
    assert the(platform, Forward).state == "held", "of the whole it was not asked: it was there before"
    with platform.unit_of_work(system("test")) as uow:
        unmerge_case(uow, part.id, UnmergeCase())
    Worker(platform).drain()
    assert (the(platform, Forward).state, the(platform, Forward).case_id) == ("waiting", part.id)
    with platform.unit_of_work(system("test")) as uow:
        move_case(uow, part.id, MoveCase(state="resolved", resolution="repaired", text="Hij brandt."))
    run(platform)
    assert the(platform, Forward).state == "held"
    with platform.unit_of_work(system("test")) as uow:
        move_case(uow, part.id, MoveCase(state="in_progress", text="Toch niet."))
    Worker(platform).drain()
    run(platform)
    assert (the(platform, Forward).state, the(platform, Forward).problem) == ("waiting", "ConnectionRefusedError"), "it was tried"


@ONCE
def test_what_turns_out_to_be_of_another_category_goes_where_that_goes(platform: Platform) -> None:
    category, other = a_category(platform, "Licht", code="licht"), a_category(platform, "Gras", code="gras")
    connect(platform, category, "http://127.0.0.1:1/open311/v2", "lamp")
    case = report(platform, other, answers={})
    assert all_of(platform, Forward) == []
    with platform.unit_of_work(system("test")) as uow:
        relocate(uow, case.id, Relocate(category_id=category.id, version=case.version))
    Worker(platform).drain()
    assert the(platform, Forward).state == "waiting"


@ONCE
def test_a_token_becomes_an_id_later(platform: Platform, other: Platform, pair: dict[str, Any], clock: Clock) -> None:
    with other.unit_of_work(system("test")) as uow:
        category = uow.session.get_one(Category, pair["there"].id)
        category.confirm_by_mail, category.changed_at = True, uow.now
    report(platform, pair["here"])
    run(platform)
    sent = the(platform, Forward)
    assert sent.state == "sent"
    assert sent.token
    clock.forward(hours=1)
    run(platform)
    assert (the(platform, Forward).external_id, the(platform, Forward).problem) == ("", "NoIdYet")
    signal = the(other, Signal)
    with other.unit_of_work(system("test")) as uow:
        confirm_signal(uow, receipt_key(other, signal.id))
    clock.forward(hours=12)
    run(platform)
    assert (the(platform, Forward).state, the(platform, Forward).external_id) == ("acknowledged", the(other, Case).number)


@ONCE
def test_an_answer_that_was_lost_doubles_nothing(
    platform: Platform, other: Platform, pair: dict[str, Any], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = open311_client.call_outside

    def lose(*arguments: Any, **options: Any) -> Any:
        real(*arguments, **options)
        raise NotReached("TimeoutError")

    monkeypatch.setattr(open311_client, "call_outside", lose)
    report(platform, pair["here"])
    run(platform)
    waiting = the(platform, Forward)
    assert (waiting.state, waiting.tries, waiting.problem) == ("waiting", 1, "TimeoutError")
    monkeypatch.undo()
    run(platform)
    assert the(platform, Forward).state == "waiting"
    clock.forward(minutes=3)
    run(platform)
    assert the(platform, Forward).external_id == the(other, Case).number


@ONCE
def test_a_picture_goes_along_where_everybody_sees_it(platform: Platform) -> None:
    category = a_category(platform, "Licht", code="licht")
    server = connect(platform, category, "https://buren.example/v2", "lamp")
    stream = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(stream, "PNG")
    stream.seek(0)
    with platform.unit_of_work(system("test")) as uow:
        case = a_case(uow, category)
        original = store_upload(uow, stream, "foto.png", alt="Een lamp", owner=a_signal(uow, case).id, public=False)
        show_picture(uow, case.id, original.id, ShowPicture(alt="Een lamp", version=case.version))
        assert "media_url" in dict(fields_of(uow, case, server) or [])
        case.publication = "point"
        assert "media_url" not in dict(fields_of(uow, case, server) or [])


# ---------------------------------------------------------------- when it does not work


@ONCE
def test_a_server_that_is_away_is_tried_ever_later_and_given_up_in_the_end(platform: Platform, clock: Clock) -> None:
    connect(platform, category := a_category(platform, "Licht", code="licht"), "http://127.0.0.1:1/open311/v2", "lamp")
    report(platform, category, answers={})
    waits = []
    for _number in range(MOST_TRIES):
        run(platform)
        row = the(platform, Forward)
        waits.append(row.next_at - platform.clock() if row.next_at else None)
        clock.forward(hours=7)
    assert (row.state, row.tries, row.problem) == (FAILED, MOST_TRIES, "ConnectionRefusedError")
    known = [wait for wait in waits if wait is not None]
    assert timedelta(minutes=1) < known[0] < known[1] < known[2] <= known[-1] <= timedelta(hours=6)
    with platform.unit_of_work(system("test")) as uow:
        try_again(uow, row.id)
        with pytest.raises(Conflict):
            try_again(uow, row.id)
    assert the(platform, Forward).state == "waiting"


@ONCE
def test_what_a_server_refuses_is_kept_with_its_reason(platform: Platform, other: Platform, serve: Serve, clock: Clock) -> None:
    category = a_category(platform, "Licht", code="licht")
    a_category(other, "Lamp", code="lamp")
    server = connect(platform, category, f"{serve(other)}/open311/v2", "lamp", "oog_fout")
    case = report(platform, category, answers={})
    run(platform)
    row = the(platform, Forward)
    assert (row.state, row.problem) == (FAILED, "403 api_key ontbreekt of is onjuist")
    with platform.read(system("test")) as uow:
        assert [(found.state, number) for found, number in forwards(uow, get_server(uow, server.id))] == [(FAILED, case.number)]
        assert [(found.state, name) for found, name in forwards_of(uow, case.id)] == [(FAILED, "Buren")]


@ONCE
def test_a_server_without_messages_says_closed_and_staff_decide(
    platform: Platform, other: Platform, pair: dict[str, Any], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(platform, pair["here"])
    run(platform)
    there = the(other, Case)
    with other.unit_of_work(system("test")) as uow:
        move_case(uow, there.id, MoveCase(state="not_resolved", resolution="no_action_policy", text="Dit doen wij niet."))
    monkeypatch.setattr(open311_client.Remote, "updates", lambda *_arguments: None)
    clock.forward(minutes=5)
    run(platform)
    run(platform)
    told = [item for item in all_of(platform, Update) if item.source]
    assert [item.text for item in told] == ["Dit doen wij niet."]
    assert the(platform, Case).state not in ("resolved", "not_resolved")
    assert the(platform, Forward).state == "closed"


@ONCE
def test_more_messages_than_one_answer_holds_all_come_in(
    platform: Platform, other: Platform, pair: dict[str, Any], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open311_lists, "MOST_UPDATES", 2)
    monkeypatch.setattr(forwarding, "MOST_TOLD", 2)
    report(platform, pair["here"])
    run(platform)
    there = the(other, Case)
    for number in range(5):
        clock.forward(minutes=1)
        an_update(other, there, f"Bericht {number}.")
    for _turn in range(5):
        run(platform)
    assert [item.text for item in all_of(platform, Update) if item.source] == [f"Bericht {number}." for number in range(5)]


# ---------------------------------------------------------------- setting it up


def test_servers_are_for_who_sets_up_connections(platform: Platform, actor_as: Any, organization: Organization) -> None:
    command = SaveServer(name="Buren", url="https://buren.example/open311/v2/", organization_id=organization.id, key="geheim")
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotAllowed):
        create_server(uow, command)
    with platform.unit_of_work(actor_as("manager")) as uow:
        server = create_server(uow, command)
        assert server.base_url == "https://buren.example/open311/v2"
        assert "geheim" not in server.key
        assert [line.server.name for line in servers(uow)] == ["Buren"]
        for wrong in ({"name": "Buren"}, {"url": "http://10.0.0.1/"}, {"url": "https://x.example/?a"}, {"organization_id": uuid.uuid4()}):
            with pytest.raises(Invalid):
                values = {"name": "Ander", "url": "https://x.example/", "organization_id": organization.id}
                create_server(uow, SaveServer(**{**values, **wrong}))  # type: ignore[arg-type]
        kept = server.key
        told = an_update(uow, a_case(uow), source="Buren", source_id="7")
        renamed = SaveServer(name="Nieuw", url=command.url, organization_id=organization.id, version=server.version)
        update_server(uow, server.id, renamed)
        assert server.key == kept
        uow.session.refresh(told)
        assert told.source == "Nieuw", "what comes in twice is known by its name of now"
        with pytest.raises(Conflict):
            update_server(uow, server.id, renamed)


def test_categories_are_mapped_and_taken_off_again(platform: Platform) -> None:
    category = a_category(platform, "Licht", code="licht")
    secret = a_category(platform, "Geheim", code="geheim", confidential=True)
    server = connect(platform, category, "https://buren.example/v2", "lamp")
    with platform.unit_of_work(system("test")) as uow:
        assert [(view.code, code) for view, code in mapping(uow, server)] == [("licht", "lamp")]
        map_category(uow, server.id, MapCategory(category_id=category.id, service_code="lantaarn"))
        assert [code for _view, code in mapping(uow, server)] == ["lantaarn"]
        for id in (secret.id, category.parent_id, uuid.uuid4()):
            with pytest.raises(Invalid):
                map_category(uow, server.id, MapCategory(category_id=id, service_code="x"))  # type: ignore[arg-type]
        unmap_category(uow, server.id, category.id)
        assert mapping(uow, server) == []
