"""A signal comes in: checked, put on a case that is there or a new one, numbered, routed, and confirmed to who sent it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from samen_core.api import (
    Conflict,
    Invalid,
    NotAllowed,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    attach_files,
    check_files,
    enter_row,
    keyed_hash,
    new_code,
    new_row,
    register_all,
    uuid7,
    write_row,
)
from samen_oog_oor.events import CaseOpened, SignalReceived
from samen_oog_oor.models import Case, Route, Signal
from samen_oog_oor.models.base import CHANNELS, CLOSED, TITLE_LENGTH, TYPES
from samen_oog_oor.models.signal import TEXT_LENGTH
from samen_oog_oor.permissions import HANDLE, REPORT, SEE_CONFIDENTIAL
from samen_oog_oor.queries.categories import CategoryTree, CategoryView
from samen_oog_oor.queries.ground import COLUMNS, Ground, asked, ground_of, kept_ground, look, seen
from samen_oog_oor.schemas.receiving import KEY_LENGTH, Contact, ReceiveSignal
from samen_oog_oor.services.answers import check_answers
from samen_oog_oor.services.common import log, may_work, tell
from samen_oog_oor.services.contact import seal_contact
from samen_oog_oor.services.deadlines import city_day, days_off, promised_day
from samen_oog_oor.services.kinds import SIGNAL, case_card, case_ref, on_map, signal_card
from samen_oog_oor.services.numbers import give_back, next_number, numbering, take_number
from samen_oog_oor.services.places import NO_PLACE, Located, locate, set_place
from samen_oog_oor.services.receipt_keys import key_hash, receipt_key
from samen_oog_oor.services.receipt_mails import ask_confirmation, send_receipt
from samen_oog_oor.services.routing import find_way

BY_STAFF = frozenset({"staff", "meeting"})
"""Channels in which staff writes down what somebody else said."""
PLACELESS = frozenset({"compliment", "idea"})
"""Types that need no place."""
MOST_FILES = 3
_CASE = cast("Table", Case.__table__)
_NUMBER_AND_LOOK = numbering(*COLUMNS)
Errors = dict[str, list[Text]]


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a signal. ``code`` stands on the receipt, ``key`` in links; ``again``: it had come in before."""

    signal: Signal
    case: Case
    code: str
    key: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Checked:
    """A command of which everything was found and is in order."""

    category: CategoryView
    place: Located
    answers: dict[str, Any]
    joined: Case | None
    ground: Ground
    number: str = ""
    """Of the case that it makes; empty for one that it joins."""


def receive_signal(uow: UnitOfWork, command: ReceiveSignal) -> Received:
    """Take in a signal. The same idempotency key by the same actor gives what it gave the first time.

    In a category that has to be confirmed by mail, a signal without account counts once that was done (``services/confirming.py``); until
    then its case is confidential. Who joins a case that was closed or is gone meanwhile, gets a new one: nothing is lost.
    Raises NotAllowed, Invalid with everything that is wrong, Conflict for a key that came with something else, and IntegrityError when the
    same key comes in twice in one moment: use :func:`receive_once` where nothing else happens in the transaction.
    """
    REPORT.require(uow.actor)
    _check_channel(uow, command)
    once = _once(uow, command)
    checked = _begin(uow, command, once)
    if isinstance(checked, Received):
        return checked
    waits = _must_confirm(uow, checked.category, command)
    opened = checked.joined is None
    case = checked.joined or _new_case(uow, command, checked, waits=waits)
    id = uuid7()
    key = receipt_key(uow.platform, id)
    signal = _new_signal(uow, command, checked, case, id=id, key=key, once=once, waits=waits)
    _store(uow, case, signal, checked, opened=opened)
    if not opened and not waits:
        count_in(uow, case, signal)
    contact = command.contact or Contact()
    seal_contact(uow, signal.id, contact)
    if command.files:
        described = [replace(file, alt=file.alt or _alt(checked.category)) for file in command.files]
        attach_files(uow, described, signal.id, "files", public=False, pictures=True)
    if waits:
        uow.record("oog_oor.signal.waits", case.id, after={"number": case.number, "channel": command.channel})
        ask_confirmation(uow, contact.email, key)
    elif contact.email:
        send_receipt(uow, contact.email, case, signal.code, key, promise=checked.category.promise)
    return Received(signal, case, signal.code, key)


def receive_once(uow: UnitOfWork, command: ReceiveSignal) -> Received:
    """:func:`receive_signal` in a transaction in which nothing else happened: also when the same key comes in twice in one moment."""
    try:
        return receive_signal(uow, command)
    except IntegrityError:
        if not command.idempotency_key:
            raise
        uow.rollback()
        return receive_signal(uow, command)


def _check_channel(uow: UnitOfWork, command: ReceiveSignal) -> None:
    if command.channel not in CHANNELS:
        raise Invalid({"channel": [_("Kies hoe de melding binnenkwam.")]})
    if command.channel in BY_STAFF and not HANDLE.somewhere(uow.actor):
        raise NotAllowed(_("U hebt hiervoor geen rechten: {right}.", right=HANDLE.label), log_in=uow.actor.is_anonymous)
    if command.confidential and not may_confide(uow):
        raise NotAllowed(_("U hebt hiervoor geen rechten: {right}.", right=SEE_CONFIDENTIAL.label), log_in=uow.actor.is_anonymous)


def may_confide(uow: UnitOfWork) -> bool:
    """Whether the actor may send what only professionals see, and choose the categories for that."""
    return SEE_CONFIDENTIAL.somewhere(uow.actor) or HANDLE.somewhere(uow.actor)


def _once(uow: UnitOfWork, command: ReceiveSignal) -> str | None:
    """What is stored of the idempotency key: with who sent it, so that nobody gets another's answer by guessing a key."""
    if not command.idempotency_key:
        return None
    if len(command.idempotency_key) > KEY_LENGTH:
        raise Invalid({"idempotency_key": [_("Deze sleutel is te lang: hoogstens {max} tekens.", max=KEY_LENGTH)]})
    return keyed_hash(uow.platform, "oog_oor.once", f"{uow.actor.account_id or ''} {command.idempotency_key}")


def _begin(uow: UnitOfWork, command: ReceiveSignal, once: str | None) -> _Checked | Received:
    """Check a command, and take a number when it makes a case; or what its key gave before.

    It is first held against what this process keeps of categories, rules and areas, before the transaction holds up any other. Whether that
    is all as it was, and the key new, shows in the statement that takes the number; only when not, it is held against what stands now.
    """
    ground = kept_ground(uow) if command.case_id is None else None
    if ground is not None:
        try:
            checked = _check(uow, command, ground)
        except Invalid:
            pass
        else:
            values = asked(uow, once)
            number, row = take_number(uow, _NUMBER_AND_LOOK, values)
            found = seen(values, row)
            if found.earlier is None and found.stamp == ground.stamp:
                return replace(checked, number=number)
            give_back(uow)
    found = look(uow, once)
    if found.earlier is not None:
        return _again(uow, command, found.earlier)
    checked = _check(uow, command, ground_of(uow, found))
    return checked if checked.joined is not None else replace(checked, number=next_number(uow))


def _again(uow: UnitOfWork, command: ReceiveSignal, id: uuid.UUID) -> Received:
    signal = uow.session.get_one(Signal, id)
    case = uow.session.get_one(Case, signal.case_id)
    if (signal.text, signal.type) != (_written(command), command.type):
        raise Conflict(_("Met deze sleutel kwam al een andere melding binnen."))
    return Received(signal, case, signal.code, receipt_key(uow.platform, signal.id), again=True)


def _check(uow: UnitOfWork, command: ReceiveSignal, ground: Ground) -> _Checked:
    errors: Errors = _wrong_texts(command)
    tree = ground.desk.categories
    category = tree.by_id.get(command.category_id)
    joins = command.case_id is not None
    wrong = stops(uow, tree, category)
    answers: dict[str, Any] = {}
    if wrong is not None or category is None:
        errors["category_id"] = [wrong or _NO_CATEGORY]
    else:
        try:
            answers = check_answers(category, command.answers, joins=joins) if command.answers or not command.unasked else {}
        except Invalid as error:
            errors |= error.errors
        if _unreachable(uow, category, command):
            errors["contact.email"] = [_("Vul een e-mailadres in: bij deze soort melding vragen wij u om een bevestiging.")]
    joined = _joined(uow, command.case_id, errors) if command.case_id is not None else None
    place = _place(uow, command, joined, errors, ground.areas)
    if command.files and not errors.get("files"):
        _check_files(uow, command, errors)
    if errors or category is None:
        raise Invalid(errors)
    return _Checked(category, place, answers, joined, ground)


def stops(uow: UnitOfWork, tree: CategoryTree, category: CategoryView | None) -> Text | None:
    """Why nothing can be reported in this category; None when it can."""
    if category is None or not tree.is_offered(category, confidential=may_confide(uow)):
        return _NO_CATEGORY
    if category.stop == "emergency":
        return _("Bel hiervoor meteen: dit kan niet wachten op een melding. {where}", where=category.stop_text)
    if category.stop:
        return _("Dit lossen anderen op. {where}", where=category.stop_text)
    return None


def _wrong_texts(command: ReceiveSignal) -> Errors:
    errors: Errors = {}
    if not command.text.strip():
        errors["text"] = [_("Schrijf op wat u ziet of hoort.")]
    elif len(command.text) > TEXT_LENGTH:
        errors["text"] = [_("Schrijf hoogstens {max} tekens.", max=TEXT_LENGTH)]
    if command.type not in TYPES:
        errors["type"] = [_("Kies wat voor melding het is.")]
    return errors


def _place(uow: UnitOfWork, command: ReceiveSignal, joined: Case | None, errors: Errors, areas: str) -> Located:
    if command.place is None:
        if joined is not None:
            return Located(joined.public_lat, joined.public_lon, area_id=joined.area_id)
        if command.type not in PLACELESS:
            errors["place"] = [NO_PLACE]
        return Located()
    try:
        return locate(uow, command.place, areas)
    except Invalid as error:
        errors |= error.errors
        return Located()


def _check_files(uow: UnitOfWork, command: ReceiveSignal, errors: Errors) -> None:
    if len(command.files) > MOST_FILES:
        errors["files"] = [_("Kies hoogstens {max} foto’s.", max=MOST_FILES)]
        return
    try:
        check_files(uow, [replace(file, alt=file.alt or "-") for file in command.files], "files", pictures=True)
    except Invalid as error:
        errors |= error.errors


def _joined(uow: UnitOfWork, id: uuid.UUID, errors: Errors) -> Case | None:
    """The case to join: the one that it was merged into, and None (a new one) when it is closed meanwhile.

    Held until the signal is there: a merge or a closing in the same moment waits, and then finds the signal.
    """
    case = _held(uow, id)
    for _step in range(5):
        if case is None or case.merged_into_id is None:
            break
        case = _held(uow, case.merged_into_id)
    if case is None or not (on_map(case) or may_work(uow, case)):
        errors["case_id"] = [_("Deze zaak bestaat niet (meer). Verstuur uw melding zonder aan te sluiten.")]
        return None
    return None if case.state in CLOSED else case


def _held(uow: UnitOfWork, id: uuid.UUID) -> Case | None:
    return uow.session.get(Case, id, with_for_update={"read": True, "key_share": True}, populate_existing=True)


def _must_confirm(uow: UnitOfWork, category: CategoryView, command: ReceiveSignal) -> bool:
    return category.confirm_by_mail and uow.actor.account_id is None and command.channel not in BY_STAFF and not uow.actor.is_system


def _unreachable(uow: UnitOfWork, category: CategoryView, command: ReceiveSignal) -> bool:
    return _must_confirm(uow, category, command) and not (command.contact and command.contact.email)


def _new_case(uow: UnitOfWork, command: ReceiveSignal, checked: _Checked, *, waits: bool) -> Case:
    """A case with a number. What everybody may read of it is the category and the buurt: a reporter's words were not looked at yet."""
    category, place = checked.category, checked.place
    title = f"{category.name}, {place.area_name}" if place.area_name else category.name
    case = new_row(
        Case,
        id=uuid7(),
        number=checked.number,
        type=command.type,
        category_id=category.id,
        title=title[:TITLE_LENGTH],
        public_text="",
        state="new",
        publication=category.publication,
        confidential=waits or command.confidential or category.confidential,
        signals=0,
        supports=0,
        reported_at=uow.now,
        changed_at=uow.now,
        promised_on=first_promise(uow, category),
        term_days=category.term_days,
    )
    set_place(case, place, place.words or place.address if command.channel in BY_STAFF else place.address)
    return case


def _new_signal(
    uow: UnitOfWork, command: ReceiveSignal, checked: _Checked, case: Case, *, id: uuid.UUID, key: str, once: str | None, waits: bool
) -> Signal:
    place = checked.place
    return new_row(
        Signal,
        id=id,
        case_id=case.id,
        first_case_id=case.id,
        code=new_code(),
        key_hash=key_hash(uow.platform, key),
        idempotency_key=once,
        channel=command.channel,
        type=command.type,
        text=_written(command),
        public_text="",
        answers=checked.answers,
        lat=place.lat,
        lon=place.lon,
        address=place.words or place.address,
        area_id=place.area_id,
        at=uow.now,
        confirmed_at=None if waits else uow.now,
        account_id=None if command.channel in BY_STAFF else uow.actor.account_id,
    )


def _written(command: ReceiveSignal) -> str:
    return "\n\n".join(part for part in (command.text.strip(), command.link) if part)


def _store(uow: UnitOfWork, case: Case, signal: Signal, checked: _Checked, *, opened: bool) -> None:
    """Write a signal, and its case when it is a new one; as few statements as can be, since many may report at once."""
    things = {SubjectRef(SIGNAL, signal.id): signal_card(signal, case, checked.category)}
    route: Route | None = None
    if opened and signal.confirmed_at is not None:
        case.signals = 1
        tell_opened(uow, case, signal.channel)
        route = find_way(uow, case, checked.ground.desk, signal=signal)
        tell(uow, SignalReceived, case, SubjectRef(SIGNAL, signal.id))
    if opened:
        register_all(uow, {case_ref(case): case_card(case), **things})
        enter_row(uow, case)
    else:
        register_all(uow, things)
    enter_row(uow, signal)
    if route is not None:
        write_row(uow, route)


def tell_opened(uow: UnitOfWork, case: Case, channel: str) -> None:
    """Log and tell that a first signal made a case."""
    sentence = _("Er kwam een melding binnen: zaak {number}.", number=case.number)
    log(uow, "opened", case, sentence, after={"number": case.number, "channel": channel})
    tell(uow, CaseOpened, case)


def count_in(uow: UnitOfWork, case: Case, signal: Signal, *, opened: bool = False) -> None:
    """Count a signal that came on a case. The version of the case stays: who writes an answer need not look again because of a number."""
    moved = update(_CASE).where(_CASE.c.id == case.id).values(signals=_CASE.c.signals + 1, changed_at=uow.now)
    number = uow.session.connection().execute(moved.returning(_CASE.c.signals)).scalar_one()
    set_committed_value(case, "signals", number)
    set_committed_value(case, "changed_at", uow.now)
    if not opened:
        log(uow, "joined", case, _("Er kwam een melding bij."), after={"number": case.number, "channel": signal.channel})
    tell(uow, SignalReceived, case, SubjectRef(SIGNAL, signal.id))


def first_promise(uow: UnitOfWork, category: CategoryView) -> date:
    """The day that somebody who reports now is promised."""
    return promised_day(city_day(uow.now), category.term_days, days_off(uow))


def _alt(category: CategoryView) -> str:
    return f"Foto bij een melding over {category.name[:1].lower()}{category.name[1:]}"


_NO_CATEGORY: Text = _("Kies waar uw melding over gaat.")
