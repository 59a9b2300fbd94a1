"""Somebody who did everything one can do is erased: afterwards no table, file, search row, outbox row or log line leads to them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import Connection, inspect, text

from citycontent.models import Project
from citycontent.schemas import CreateMembership, CreatePerson, LinkAccount
from citycontent.services.memberships import create_membership
from citycontent.services.persons import create_person, link_account
from samen_core.accounts.schemas import CreateToken
from samen_core.accounts.services.accounts import CreateAccount, create_account
from samen_core.accounts.services.log_in import ask_link
from samen_core.accounts.services.privacy import erase_account, erasure_preview, erasure_receipt
from samen_core.accounts.services.tokens import create_token
from samen_core.actor import Actor, anonymous, system
from samen_core.api import Form, PlaceValue, Question, store_upload
from samen_core.db.changes import verify
from samen_core.platform import Platform
from samen_core.testing.platforms import PASSWORD, Clock, Outbox
from samen_core.testing.privacy import privacy_round_trip
from samen_inbreng.schemas.answers import WriteAnswer
from samen_inbreng.schemas.contribution import HideContribution
from samen_inbreng.schemas.questionnaires import GiveResponse
from samen_inbreng.services.answers import write_answer
from samen_inbreng.services.moderating import hide_contribution
from samen_inbreng.services.questionnaires import give_response
from samen_inbreng.services.support import support
from samen_inbreng.testing import a_contribution, an_activity, an_entry
from samen_samenspreker.schemas.options import SupportOption
from samen_samenspreker.schemas.seats import TakeSeat
from samen_samenspreker.services.invitations import accept
from samen_samenspreker.services.question_support import support as support_question
from samen_samenspreker.services.support import support_option
from samen_samenspreker.testing import a_final_report, a_published_decision, a_question, a_seat, a_table, an_offer, an_option

NAME, EMAIL, PHONE, STREET, POSTCODE = (
    "Zwaantje Quispelbloem",
    "zwaantje.q@quispel.example",
    "06-48151623",
    "Kwispelgaarde 42",
    "2716 QZ",
)
TRACES = ("zwaantje", "quispel", "48151623", "kwispelgaarde", "2716 qz")
TELLING = f"Ik ben {NAME}, mail {EMAIL} of bel {PHONE}. Ik woon op {STREET}, {POSTCODE}."
PDF = b"%PDF-1.4\n% of " + NAME.encode() + b"\n%%EOF\n"
FORM = Form((Question("waar", "place", "Waar woont u?"), Question("mail", "short_text", "Hoe bereiken wij u?")))
HOME = PlaceValue(text=STREET, postcode=POSTCODE, house_number="42")
SURVEY = Form((Question("cijfer", "scale", "Welk cijfer geeft u?", minimum=1, maximum=5),))

both_kinds = pytest.mark.parametrize("db_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
"""PostgreSQL, for which everything is done once more, when there is time."""


@pytest.fixture
def samen_config() -> dict[str, Any]:
    return {"blocks": ["citycontent", "inbreng", "samenspreker", "gereedschap"]}


@pytest.fixture
def somebody(platform: Platform) -> Actor:
    with platform.unit_of_work(system("test")) as uow:
        account = create_account(uow, CreateAccount(EMAIL, NAME, PASSWORD))
    return Actor(kind="account", account_id=account.id, label=NAME, origin="test")


def tells_all(platform: Platform, somebody: Actor, project: Project, clock: Clock) -> None:
    """Everything in which one gives a name, an address or a number."""
    person = CreatePerson(given_name="Zwaantje", family_name="Quispelbloem", email=EMAIL, phone=PHONE, biography=TELLING)
    with platform.unit_of_work(system("test")) as uow:
        known = create_person(uow, person)
        create_membership(uow, CreateMembership(person_id=known.id, organization_id=project.lead_organization_id, role="lid"))
        link_account(uow, known.id, LinkAccount(email=EMAIL))
    _contributes(platform, somebody, project)
    _sits_at_a_table(platform, somebody, clock)
    with platform.unit_of_work(somebody) as uow:
        create_token(uow, CreateToken(f"Telefoon van {NAME}", ("core.use_account",), 30))
        store_upload(uow, io.BytesIO(PDF), f"los van {NAME}.pdf")


def _contributes(platform: Platform, somebody: Actor, project: Project) -> None:
    activity = an_activity(platform, project.id, form=FORM)
    answers = {"waar": {"text": STREET, "postcode": POSTCODE, "house_number": "42"}, "mail": EMAIL}
    said = {"name": NAME, "place": HOME, "answers": answers}
    with_account = a_contribution(platform, activity, TELLING, somebody, wants_mail=True, **said).contribution
    without = a_contribution(platform, activity, TELLING, email=EMAIL, wants_mail=True, **said).contribution
    an_entry(platform, activity, TELLING, email=EMAIL.upper(), source=f"Brief van {NAME}", **said)
    survey = an_activity(platform, project.id, kind="questionnaire", form=SURVEY)
    with platform.unit_of_work(somebody) as uow:
        store_upload(uow, io.BytesIO(PDF), f"brief van {NAME}.pdf", owner=with_account.id)
        support(uow, without.id)
        give_response(uow, survey.id, GiveResponse(answers={"cijfer": 3}))
    with platform.unit_of_work(system("test")) as uow:
        hide_contribution(uow, with_account.id, HideContribution(code="personal_data", reason=TELLING, version=with_account.version))


def _sits_at_a_table(platform: Platform, somebody: Actor, clock: Clock) -> None:
    asked = a_question(platform, somebody, description=TELLING, why_now=TELLING, name=NAME, wants_mail=True)
    a_question(platform, anonymous("test"), description=TELLING, name=NAME, email=EMAIL, wants_mail=True)
    table = a_table(platform, title="Waar komt de markt?")
    option = an_option(platform, table)
    seat, _token = an_offer(platform, table, EMAIL)
    with platform.unit_of_work(somebody) as uow:
        support_question(uow, table.id)
        accept(uow, seat.id, TakeSeat(name=NAME))
        support_option(uow, option.id, SupportOption(option_version=1, position="against", reason=TELLING, seat_id=seat.id))
    other = a_table(platform, title="Waar komt de kermis?", step="evaluate")
    a_seat(platform, other, account_id=somebody.account_id, holder_name=NAME)
    a_seat(platform, other, alternate_id=somebody.account_id, alternate_name=NAME, holder_name="Iemand anders")
    _is_answered(platform, somebody, other, clock)
    a_published_decision(platform, other)
    a_final_report(platform, other)
    open_table = a_table(platform, title="Waar komt het park?")
    an_offer(platform, open_table, EMAIL)
    assert asked.id


def _is_answered(platform: Platform, somebody: Actor, question: Any, clock: Clock) -> None:
    """A contribution that stands in a final report, and in its PDF."""
    given = a_contribution(platform, an_activity(platform, question.id), TELLING, somebody, name=NAME).contribution
    clock.forward(days=10)
    with platform.unit_of_work(system("test")) as uow:
        write_answer(uow, question.id, WriteAnswer(outcome="partly", reason="Dat kan deels.", contribution_ids=(given.id,)))
    clock.forward(minutes=11)


def cells(connection: Connection) -> Iterator[tuple[str, str]]:
    """Every cell of every table, the index and the system tables of migrations included."""
    for table in inspect(connection).get_table_names():
        for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
            for column, value in row.items():
                told = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
                yield f"{table}.{column}", told if isinstance(told, str) else json.dumps(told, default=str, ensure_ascii=False)


def readable(content: bytes) -> str:
    """The text of a file; of a PDF also what is packed in it."""
    pages = PdfReader(io.BytesIO(content)).pages if content.startswith(b"%PDF") and b"/Catalog" in content else []
    return content.decode("latin-1") + "".join(page.extract_text() for page in pages)


def traces(platform: Platform) -> set[str]:
    """Where something that leads to the person stands."""
    with platform.engine.connect() as connection:
        found = {place for place, value in cells(connection) if any(trace in value.lower() for trace in TRACES)}
    for key in platform.files.every_key():
        with platform.files.open(key) as stream:
            content = readable(stream.read()).lower()
        if any(trace in content for trace in TRACES):
            found.add(f"file {key}")
    return found


@both_kinds
def test_nothing_is_left_of_who_did_everything(
    platform: Platform,
    somebody: Actor,
    project: Project,
    outbox: Outbox,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Memos hold nothing of people, and take their time.
    monkeypatch.setattr("samen_samenspreker.services.document_files.make_memo", lambda _uow, _event: None)
    tells_all(platform, somebody, project, clock)
    outbox.drain()
    with platform.unit_of_work(anonymous("test")) as uow:
        ask_link(uow, EMAIL)
    before = traces(platform)
    assert {"core__user.email", "core__mail.recipient", "core__file.name", "inbreng__contribution.text"} <= before
    assert {"samenspreker__seat.holder_name", "samenspreker__option_support.reason", "citycontent__person.phone"} <= before
    assert any(place.startswith("core__search") for place in before)
    assert any(place.startswith("file ") for place in before)

    with platform.read(somebody) as uow:
        preview = erasure_preview(uow, somebody.account_id)
    caplog.clear()
    with caplog.at_level(logging.DEBUG), platform.unit_of_work(somebody) as uow:
        done = erase_account(uow, somebody.account_id)
    assert traces(platform) <= {place for place in before if place.startswith("file ")}, "at the commit only contents may wait"
    outbox.drain()
    assert traces(platform) == set()
    assert [line for line in caplog.messages if any(trace in line.lower() for trace in TRACES)] == []
    assert preview == done
    with platform.read(system("test")) as uow:
        assert erasure_receipt(uow, somebody.account_id) == done
    with platform.read(system("test")) as uow:
        assert verify(uow.session)[1] is None


@both_kinds
def test_what_every_block_declares_comes_true(platform: Platform) -> None:
    assert [problem for block in ("core", *platform.registry.names()) for problem in privacy_round_trip(platform, block)] == []
