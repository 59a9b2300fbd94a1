"""Short ways to make what a test needs.

``where`` is a platform (what is made is committed by then) or a unit of work (it is made in its transaction). ``values`` are columns. What
is made stands there as if its services had made it, without their mails, rules and events.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import func, insert, select

from citycontent.api import CreateOrganization, Organization, create_organization
from samen_core.api import (
    Base,
    Platform,
    SubjectRef,
    UnitOfWork,
    new_code,
    new_token,
    register,
    seal,
    system,
    uuid7,
)
from samen_oog_oor.models import (
    Case,
    CaseTask,
    Category,
    Inquiry,
    Note,
    Pattern,
    PatternCase,
    ReadyText,
    Reporter,
    Route,
    Rule,
    SavedView,
    Signal,
    Support,
    Update,
    Verdict,
    Viewing,
)
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.schemas.receiving import Contact
from samen_oog_oor.seed.rows import enter_cards
from samen_oog_oor.services.contact import PURPOSE, email_hash, seal_contact
from samen_oog_oor.services.kinds import CASE, PATTERN, SIGNAL, case_card, pattern_card, signal_card
from samen_oog_oor.services.receipt_keys import key_hash, receipt_key
from samen_oog_oor.testing_pages import pages  # noqa: F401 - the check of pages asks for it here

Where = Platform | UnitOfWork
LAT, LON = 52.0571, 4.4931
"""A place in the city."""
TEXT = "De lamp bij het bankje brandt niet."
EMAIL = "noor@example.org"


@contextmanager
def writing(where: Where) -> Iterator[UnitOfWork]:
    """The unit of work itself, or one of the system that is committed afterwards."""
    if isinstance(where, UnitOfWork):
        yield where
        where.session.flush()
    else:
        with where.unit_of_work(system("test")) as uow:
            yield uow


def an_organization(where: Where, name: str = "Team Openbare Ruimte") -> Organization:
    """An organisation of the city that cases can go to."""
    with writing(where) as uow:
        return create_organization(uow, CreateOrganization(name=name, sector="government"))


def a_category(where: Where, name: str = "Straatverlichting", *, parent: Category | None = None, **values: Any) -> Category:
    """A category that takes signals, with a page for every case of it; its main one is made when ``parent`` is not given.

    ``main=True`` makes one of the first level.
    """
    with writing(where) as uow:
        main = values.pop("main", False)
        above = None if main else parent or a_category(uow, f"Hoofdgroep van {name}", main=True)
        position = uow.session.execute(select(func.count()).select_from(Category)).scalar_one()
        columns = {"code": f"c{uuid.uuid4().hex[:12]}", "publication": "full", "term_days": 5, **values}
        category = Category(
            **{
                "id": uuid7(),
                "parent_id": above.id if above else None,
                "position": position,
                "name": name,
                "changed_at": uow.now,
                **columns,
            }
        )
        uow.session.add(category)
        return category


def a_case(where: Where, category: Category | None = None, **values: Any) -> Case:
    """A new case at the middle of the city, public as its category is; without signals: :func:`a_signal` brings one.

    A closed ``state`` gets a resolution, an answer and the moment of closing.
    """
    with writing(where) as uow:
        of = category or a_category(uow)
        id = uuid7()
        columns = {
            "number": a_number(uow),
            "title": f"{of.name} bij de Markt",
            "public_text": "",
            "signals": 0,
            "publication": of.publication,
            "confidential": of.confidential,
            "organization_id": of.organization_id,
            "lat": LAT,
            "lon": LON,
            "address": "Markt 10",
            "public_lat": values.get("lat", LAT),
            "public_lon": values.get("lon", LON),
            "reported_at": uow.now,
            "changed_at": uow.now,
            **values,
        }
        if columns.get("state", "new") in CLOSED:
            ended = {"resolution": "repaired", "answer": "De lamp is vervangen.", "closed_at": columns["reported_at"]}
            columns = {**ended, **columns}
        case = Case(id=id, category_id=of.id, **columns)
        uow.session.add(case)
        register(uow, SubjectRef(CASE, id), case_card(case))
        uow.session.flush()
        return case


_numbers = count(uuid.uuid4().int % 50_000_000)


def a_number(uow: UnitOfWork) -> str:
    """A number for a case that the counter of numbers never gives out, and that nobody made before."""
    return f"{uow.now.year}-{900_000_000 + next(_numbers)}"


def a_signal(where: Where, case: Case | None = None, *, email: str = EMAIL, key: str = "", **values: Any) -> Signal:
    """A signal on a case (a new one without it), from a reporter whose address is sealed; with an empty ``email`` nobody can be reached.

    ``key`` is that of the link in its mails, where that is not to be :func:`samen_oog_oor.services.receipt_keys.receipt_key`.
    """
    with writing(where) as uow:
        of = uow.session.get_one(Case, (case or a_case(uow)).id)
        category = uow.session.get_one(Category, of.category_id)
        id = uuid7()
        contact = Contact(name=values.pop("name", "Noor"), email=email, phone=values.pop("phone", ""))
        columns = {
            "first_case_id": of.id,
            "code": new_code(),
            "key_hash": key_hash(uow.platform, key or receipt_key(uow.platform, id)),
            "channel": "web",
            "type": of.type,
            "text": TEXT,
            "lat": of.lat,
            "lon": of.lon,
            "address": of.address,
            "area_id": of.area_id,
            "at": uow.now,
            "confirmed_at": uow.now,
            **values,
        }
        signal = Signal(id=id, case_id=of.id, **columns)
        uow.session.add(signal)
        register(uow, SubjectRef(SIGNAL, signal.id), signal_card(signal, of, category))
        of.signals += 1
        uow.session.flush()
        if email:
            seal_contact(uow, signal.id, contact)
        return signal


def a_rule(where: Where, organization: Organization | None = None, **values: Any) -> Rule:
    """A rule for every case, after those that are there."""
    with writing(where) as uow:
        to = organization or an_organization(uow)
        position = uow.session.execute(select(func.count()).select_from(Rule)).scalar_one()
        columns = {"position": position, "name": "Alles naar het team", "conditions": {}, "changed_at": uow.now, **values}
        rule = Rule(id=uuid7(), organization_id=to.id, **columns)
        uow.session.add(rule)
        return rule


def an_update(where: Where, case: Case, text: str = "Wij kijken ernaar.", **values: Any) -> Update:
    """Something that was told of a case to everybody."""
    with writing(where) as uow:
        update = Update(**{"id": uuid7(), "case_id": case.id, "at": uow.now, "state": case.state, "text": text, **values})
        uow.session.add(update)
        return update


def a_note(where: Where, case: Case, text: str = "Gebeld met de aannemer.", **values: Any) -> Note:
    """A note of staff."""
    with writing(where) as uow:
        note = Note(**{"id": uuid7(), "case_id": case.id, "at": uow.now, "text": text, **values})
        uow.session.add(note)
        return note


def a_task(where: Where, case: Case, title: str = "Lamp vervangen", **values: Any) -> CaseTask:
    """A part of the work on a case."""
    with writing(where) as uow:
        task = CaseTask(**{"id": uuid7(), "case_id": case.id, "title": title, **values})
        uow.session.add(task)
        return task


def an_inquiry(where: Where, case: Case, *, key: str = "", **values: Any) -> Inquiry:
    """A question to a third party that can be answered for a week, at this key."""
    with writing(where) as uow:
        columns = {
            "to": "third_party",
            "key_hash": key_hash(uow.platform, key or new_token()),
            "text": "Wanneer komt u?",
            "asked_at": uow.now,
            "due_at": uow.now + timedelta(days=7),
            **values,
        }
        inquiry = Inquiry(id=uuid7(), case_id=case.id, **columns)
        uow.session.add(inquiry)
        return inquiry


def a_verdict(where: Where, signal: Signal, content: bool = True, **values: Any) -> Verdict:
    """What a reporter thinks of how a case was closed."""
    with writing(where) as uow:
        columns = {"closed_at": uow.now, "reason": "" if content else "Het is nog steeds donker.", "at": uow.now, **values}
        verdict = Verdict(id=uuid7(), case_id=signal.case_id, signal_id=signal.id, content=content, **columns)
        uow.session.add(verdict)
        return verdict


def a_pattern(where: Where, *cases: Case, **values: Any) -> Pattern:
    """A pattern of these cases (a new one without them)."""
    with writing(where) as uow:
        of = cases or (a_case(uow),)
        columns = {
            "category_id": of[0].category_id,
            "area_id": of[0].area_id,
            "title": "Veel over verlichting bij de Markt",
            "question": "Hoe houden we de Markt licht?",
            "lat": LAT,
            "lon": LON,
            "radius": 150,
            "weight": len(of),
            "first_on": of[0].reported_at.date(),
            "last_on": of[-1].reported_at.date(),
            "seen_at": uow.now,
            **values,
        }
        pattern = Pattern(id=uuid7(), **{"state": "found", **columns})
        uow.session.add(pattern)
        register(uow, SubjectRef(PATTERN, pattern.id), pattern_card(pattern))
        uow.session.flush()
        uow.session.add_all(PatternCase(pattern_id=pattern.id, case_id=case.id) for case in of)
        return pattern


def a_ready_text(where: Where, state: str = "resolved", **values: Any) -> ReadyText:
    """A text to start an answer from."""
    with writing(where) as uow:
        text = ReadyText(**{"id": uuid7(), "state": state, "name": "Hersteld", "text": "Het is hersteld. Dank voor uw melding.", **values})
        uow.session.add(text)
        return text


def a_view(where: Where, account_id: uuid.UUID, **values: Any) -> SavedView:
    """A choice of filters that an account kept."""
    with writing(where) as uow:
        view = SavedView(**{"id": uuid7(), "account_id": account_id, "name": "Mijn wijk", "query": "staat=new", **values})
        uow.session.add(view)
        return view


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many more cases with a signal and a message each, rules, ready texts and patterns; one case gets as many of all that stands on it.

    By bulk inserts: ten thousand take some seconds.
    """
    category = a_category(uow, f"Verlichting {uuid.uuid4().hex[:6]}")
    full = a_case(uow, category, title=f"Zaak met {number} van alles")
    make_cases(uow, category, number)
    rows: dict[type[Base], list[dict[str, Any]]] = {}
    for at in range(number):
        for table, row in _all_that_stands_on(uow, full, at):
            rows.setdefault(table, []).append({"id": uuid7(), **row})
    for table, found in rows.items():
        uow.session.execute(insert(table), found)
    _insert_signals(uow, category, [full] * number)
    full.signals = full.supports = number
    organization = an_organization(uow, f"Organisatie {full.number}")
    for at in range(number):
        a_rule(uow, organization, name=f"Regel {at}", conditions={"words": f"woord{at}"})
        a_pattern(uow, full, title=f"Patroon {at} van {full.number}", state="proposed", proposed_at=uow.now)
        a_ready_text(uow, name=f"Tekst {at}")
    uow.session.flush()


def make_cases(uow: UnitOfWork, category: Category, number: int, **values: Any) -> list[Case]:
    """So many cases of a category with a signal, its reporter and a message each, by bulk inserts; one a minute back in time.

    They are not in the session; ``values`` are columns of every case.
    """
    made = [_many_case(uow, category, at, values) for at in range(number)]
    enter_cards(uow, [(CASE, case.id, case_card(case)) for case in made])
    uow.session.execute(insert(Case), [_row(case) for case in made])
    _insert_signals(uow, category, made)
    told = [{"id": uuid7(), "case_id": case.id, "at": case.reported_at, "state": case.state, "text": "Wij kijken ernaar."} for case in made]
    uow.session.execute(insert(Update), told)
    return made


def add_signals(uow: UnitOfWork, category: Category, case: Case, number: int) -> None:
    """So many more signals on a case, each with its reporter, by bulk inserts."""
    _insert_signals(uow, category, [case] * number)
    case.signals += number
    uow.session.flush()


def _many_case(uow: UnitOfWork, category: Category, at: int, values: dict[str, Any]) -> Case:
    moment = uow.now - timedelta(minutes=at)
    columns = {
        "title": f"{category.name}, plek {at}",
        "state": "new",
        "priority": "normal",
        "type": "problem",
        "public_text": "",
        "answer": "",
        "publication": category.publication,
        "confidential": category.confidential,
        "organization_id": category.organization_id,
        "lat": LAT + (at % 100) * 0.0002,
        "lon": LON + (at // 100 % 100) * 0.0003,
        "address": f"Markt {at + 1}",
        "address_id": "",
        "public_place": "",
        "public_lat": values.get("lat", LAT + (at % 100) * 0.0002),
        "public_lon": values.get("lon", LON + (at // 100 % 100) * 0.0003),
        "signals": 1,
        "supports": 0,
        "waited_days": 0,
        "late_told": 0,
        "version": 1,
        "reported_at": moment,
        "changed_at": moment,
        "promised_on": (moment + timedelta(days=7)).date(),
        **values,
    }
    return Case(id=uuid7(), number=a_number(uow), category_id=category.id, **columns)


def _insert_signals(uow: UnitOfWork, category: Category, of: list[Case]) -> None:
    made = [
        Signal(
            id=(id := uuid7()),
            version=1,
            case_id=case.id,
            first_case_id=case.id,
            code=new_code(),
            key_hash=key_hash(uow.platform, receipt_key(uow.platform, id)),
            channel="web",
            type="problem",
            text=TEXT,
            public_text="",
            answers={},
            lat=case.lat,
            lon=case.lon,
            address=case.address,
            area_id=case.area_id,
            at=case.reported_at,
            confirmed_at=case.reported_at,
        )
        for case in of
    ]
    if not made:
        return
    enter_cards(uow, [(SIGNAL, signal.id, signal_card(signal, case, category)) for signal, case in zip(made, of, strict=True)])
    uow.session.execute(insert(Signal), [_row(signal) for signal in made])
    secret, hashed = uow.platform.config.secret_key, email_hash(uow, EMAIL)
    contact = {"name": seal(secret, PURPOSE, "Noor", uow.now), "email": seal(secret, PURPOSE, EMAIL, uow.now), "email_hash": hashed}
    uow.session.execute(insert(Reporter), [{**contact, "signal_id": signal.id} for signal in made])


def _all_that_stands_on(uow: UnitOfWork, case: Case, at: int) -> Iterator[tuple[type[Base], dict[str, Any]]]:
    on = {"case_id": case.id}
    moment = uow.now - timedelta(minutes=at)
    yield Update, {**on, "at": moment, "state": "new", "text": f"Bericht {at}", "public": True}
    yield Note, {**on, "at": moment, "text": f"Notitie {at}"}
    yield CaseTask, {**on, "version": 1, "position": at, "title": f"Taak {at}"}
    yield Support, {**on, "who": uuid.uuid4().hex, "at": moment}
    yield Viewing, {**on, "what": "contact", "at": moment}
    yield Route, {**on, "at": moment, "why": "hand", "explanation": f"Omdat {at}"}
    yield (
        Inquiry,
        {
            **on,
            "version": 1,
            "to": "third_party",
            "key_hash": key_hash(uow.platform, new_token()),
            "text": f"Vraag {at}",
            "asked_at": moment,
            "due_at": moment + timedelta(days=7),
        },
    )


def _row(thing: Base) -> dict[str, Any]:
    """The columns of an object that was not added to the session."""
    return {column.key: value for column in thing.__table__.columns if (value := thing.__dict__.get(column.key)) is not None}
