"""Seats: putting them at the table, changing them, ending them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from citycontent.models import Organization
from citycontent.schemas import CreatePerson
from citycontent.services.persons import create_person
from samen_core.api import Conflict, Gone, Invalid, NotAllowed, NotFound, system, uuid7
from samen_core.db.changes import Change
from samen_core.platform import Platform
from samen_samenspreker.models import OptionSupport, Question, Seat
from samen_samenspreker.queries.seats import participants, seats_of
from samen_samenspreker.schemas.seats import AddSeat, EndSeat, UpdateOwnSeat, UpdateSeat
from samen_samenspreker.services.seats import add_seat, end_seat, update_own_seat, update_seat
from samen_samenspreker.testing import a_question, a_seat, a_table, an_accepted_question, an_option, in_step
from samen_samenspreker.web.seat_views import balance, taken_words, warnings

FREE = {"title": "Bewoner van de Dorpsstraat", "sector": "citizens", "role": "participant"}


def made(platform: Platform, question: Question, **values: Any) -> Seat:
    with platform.unit_of_work(system("test")) as uow:
        return add_seat(uow, question.id, AddSeat(**{**FREE, **values}))


def public_lines(platform: Platform, question: Question) -> list[Change]:
    with platform.read(system("test")) as uow:
        return list(
            uow.session.execute(select(Change).where(Change.subject_id == question.id, Change.public).order_by(Change.seq)).scalars()
        )


def test_a_seat_of_an_organization_has_its_sector(platform: Platform, organization: Organization) -> None:
    question = an_accepted_question(platform)
    seat = made(platform, question, organization_id=organization.id, title="", sector="business", responsibility="Denk mee.")
    assert (seat.sector, seat.state, seat.role, seat.responsibility) == ("civil_society", "open", "participant", "Denk mee.")
    with platform.read(system("test")) as uow:
        (row,) = seats_of(uow, question.id)
        assert (row.organization_name, row.organization_slug) == ("Buurthuis De Ster", organization.slug)
        assert participants(uow, question.id) == []


def test_adding_a_seat_is_told_without_names(platform: Platform, organization: Organization) -> None:
    question = an_accepted_question(platform)
    made(platform, question, organization_id=organization.id, title="")
    made(platform, question)
    sentences = [change.sentence for change in public_lines(platform, question)][-2:]
    assert sentences == [
        "Er is een stoel bij aan tafel, voor Buurthuis De Ster.",
        "Er is een stoel bij aan tafel, voor Bewoner van de Dorpsstraat.",
    ]


def test_everything_that_is_wrong_is_said_at_once(platform: Platform) -> None:
    question = an_accepted_question(platform)
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid) as error:
        add_seat(uow, question.id, AddSeat(role="participant"))
    assert set(error.value.errors) == {"title", "sector"}
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid) as error:
        add_seat(uow, question.id, AddSeat(role="participant", organization_id=uuid7(), person_id=uuid7()))
    assert set(error.value.errors) == {"organization_id", "person_id"}


def test_a_private_person_gets_a_seat_without_name(platform: Platform) -> None:
    question = an_accepted_question(platform)
    with platform.unit_of_work(system("test")) as uow:
        person = create_person(uow, CreatePerson(given_name="Noor", family_name="Bakker", visibility="private"))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid) as error:
        add_seat(uow, question.id, AddSeat(role="expert", person_id=person.id, sector="citizens"))
    assert set(error.value.errors) == {"person_id"}


def test_only_who_facilitates_this_table_adds_a_seat(platform: Platform, actor_as: Callable[..., Any]) -> None:
    question, other = an_accepted_question(platform), an_accepted_question(platform, title="Waar komt de speeltuin?")
    for actor in (actor_as("resident"), actor_as("facilitator", other.id), actor_as("moderator")):
        with platform.unit_of_work(actor) as uow, pytest.raises(NotAllowed):
            add_seat(uow, question.id, AddSeat(**FREE))
    with platform.unit_of_work(actor_as("facilitator", question.id)) as uow:
        assert add_seat(uow, question.id, AddSeat(**FREE)).state == "open"


def test_no_seat_without_a_running_table(platform: Platform) -> None:
    submitted = a_question(platform)
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Gone):
        add_seat(uow, submitted.id, AddSeat(**FREE))
    closed = in_step(platform, an_accepted_question(platform), "closed")
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        add_seat(uow, closed.id, AddSeat(**FREE))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(NotFound):
        add_seat(uow, uuid7(), AddSeat(**FREE))


def test_a_change_of_somebody_else_is_noticed(platform: Platform) -> None:
    question = an_accepted_question(platform)
    seat = made(platform, question)
    with platform.unit_of_work(system("test")) as uow:
        changed = update_seat(uow, seat.id, UpdateSeat(**{**FREE, "role": "expert"}, version=seat.version))
        assert changed.role == "expert"
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Conflict) as error:
        update_seat(uow, seat.id, UpdateSeat(**FREE, version=seat.version))
    assert error.value.current["role"] == "expert"


def test_of_a_taken_seat_only_role_and_task_change(platform: Platform, organization: Organization) -> None:
    question = an_accepted_question(platform)
    seat = a_seat(platform, question, title=FREE["title"])
    with platform.unit_of_work(system("test")) as uow:
        update_seat(uow, seat.id, UpdateSeat(**{**FREE, "responsibility": "Vertel het door."}, version=seat.version))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        update_seat(uow, seat.id, UpdateSeat(role="participant", organization_id=organization.id, version=seat.version + 1))
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        update_seat(uow, seat.id, UpdateSeat(**{**FREE, "sector": "business", "version": seat.version + 1}))


def test_a_seat_that_spoke_keeps_its_role(platform: Platform) -> None:
    question = a_table(platform)
    seat, option = a_seat(platform, question, title=FREE["title"]), an_option(platform, question)
    observer = {**FREE, "role": "observer"}
    with platform.unit_of_work(system("test")) as uow:
        given = OptionSupport(id=uuid7(), option_id=option.id, option_version=1, seat_id=seat.id, sector="citizens", at=uow.now)
        given.position, given.reason = "against", "Te duur."
        uow.session.add(given)
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid) as error:
        update_seat(uow, seat.id, UpdateSeat(**observer, version=seat.version))
    assert list(error.value.errors) == ["role"]
    with platform.unit_of_work(system("test")) as uow:
        update_seat(uow, seat.id, UpdateSeat(**{**FREE, "responsibility": "Vertel het door."}, version=seat.version))
    silent = a_seat(platform, question, title=FREE["title"])
    with platform.unit_of_work(system("test")) as uow:
        assert update_seat(uow, silent.id, UpdateSeat(**observer, version=silent.version)).role == "observer"


def test_who_ends_a_seat_says_why_and_its_names_go(platform: Platform, actor_as: Callable[..., Any]) -> None:
    question, holder = an_accepted_question(platform), actor_as("resident")
    seat = a_seat(platform, question, account_id=holder.account_id, alternate_name="Jansen", title="Bewoner")
    with platform.unit_of_work(actor_as("resident")) as uow, pytest.raises(NotAllowed):
        end_seat(uow, seat.id, EndSeat(reason="Weg ermee", version=seat.version))
    with platform.unit_of_work(holder) as uow:
        ended = end_seat(uow, seat.id, EndSeat(reason="Ik verhuis.", version=seat.version))
        assert (ended.state, ended.holder_name, ended.alternate_name, ended.reason) == ("ended", "", "", "Ik verhuis.")
    line = public_lines(platform, question)[-1]
    assert (line.sentence, line.reason) == ("Niet meer aan tafel: Bewoner.", "Ik verhuis.")
    with platform.unit_of_work(system("test")) as uow, pytest.raises(Invalid):
        end_seat(uow, seat.id, EndSeat(reason="Nog eens", version=ended.version))


def test_the_holder_chooses_the_name_and_mail(platform: Platform, actor_as: Callable[..., Any]) -> None:
    question, holder = an_accepted_question(platform), actor_as("resident")
    seat = a_seat(platform, question, account_id=holder.account_id)
    with platform.unit_of_work(holder) as uow:
        update_own_seat(uow, seat.id, UpdateOwnSeat(name="Sam", wants_mail=False, version=seat.version))
    with platform.unit_of_work(actor_as("facilitator")) as uow, pytest.raises(NotAllowed):
        update_own_seat(uow, seat.id, UpdateOwnSeat(name="Pim", version=seat.version + 1))
    with platform.read(system("test")) as uow:
        found = uow.session.get_one(Seat, seat.id)
        assert (found.holder_name, found.wants_mail) == ("Sam", False)


def test_balance_and_warnings_in_words(platform: Platform) -> None:
    question = an_accepted_question(platform, sectors=("business", "citizens", "government"))
    for sector in ("business", "business", "citizens"):
        a_seat(platform, question, sector=sector)
    made(platform, question, sector="government")
    a_seat(platform, question, sector="government", state="declined")
    with platform.read(system("test")) as uow:
        rows = seats_of(uow, question.id)
    assert [str(sentence) for _code, _label, sentence in balance(rows)] == [
        "1 van de 4 stoelen is van de overheid.",
        "2 van de 4 stoelen zijn van ondernemers.",
        "Nog geen stoel.",
        "1 van de 4 stoelen is van inwoners.",
    ]
    assert str(taken_words(rows)) == "3 van de 4 stoelen zijn bezet."
    assert [str(warning) for warning in warnings(question, rows)] == ["Sector “Overheid” heeft een stoel, maar niemand zei nog ja."]
    with_none = an_accepted_question(platform, title="Waar komt de markt?", sectors=("business",))
    assert [str(warning) for warning in warnings(with_none, [])] == [
        "Sector “Bedrijfsleven” hoort bij deze vraag, maar heeft nog geen stoel."
    ]
    assert balance([]) == []
