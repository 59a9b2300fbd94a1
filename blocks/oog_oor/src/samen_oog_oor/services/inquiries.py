"""Questions about a case: to reporters, and to somebody without an account. An answer, or none in time, brings the case back.

The link in a mail works once and until its last day, for this one case. Its key is worked out from the question each time, so that a
reminder carries the same one and no table holds it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from samen_core.api import (
    CITY_TIME_ZONE,
    Form,
    Gone,
    Invalid,
    NotFound,
    Platform,
    Question,
    Text,
    UnitOfWork,
    _,
    attach_files,
    form_from_json,
    form_to_json,
    format_day,
    keyed_hash,
    managed_mail,
    page_address,
    queue_mail,
    seal,
    uuid7,
)
from samen_oog_oor import paths
from samen_oog_oor.managed_texts import inquiries as texts
from samen_oog_oor.models import Case, Inquiry, Signal
from samen_oog_oor.models.base import CLOSED, targets
from samen_oog_oor.schemas.inquiries import AskReporter, AskThirdParty
from samen_oog_oor.services.common import case_to_work_at, keep_case, lock_case, log
from samen_oog_oor.services.contact import PURPOSE, MailAddress, mail_addresses, unsealed
from samen_oog_oor.services.deadlines import city_day
from samen_oog_oor.services.receipt_keys import key_hash
from samen_oog_oor.services.states import enter_state, go_back
from samen_oog_oor.services.updates import what_of

LANGUAGE = "nl"
PHOTOS = "photos"
MOST_PHOTOS = 3
BATCH = 200
MOST_ASKED = 50
"""To more reporters at once a question is no question: the case goes on with the first answer."""
_ANSWER = _("Uw antwoord")
_WAITS = {"reporter": "awaiting_reporter", "third_party": "awaiting_third_party"}


def inquiry_key(platform: Platform, id: uuid.UUID) -> str:
    """The key in the link of a question: 160 bits that only this installation can make. The page is ``paths.inquiry(key)``."""
    return keyed_hash(platform, "oog_oor.inquiry", id.hex)[:40]


def ask_reporter(uow: UnitOfWork, case_id: uuid.UUID, command: AskReporter) -> list[Inquiry]:
    """Ask the reporters of a case something; it waits until the first answer. Raises NotFound, NotAllowed, Conflict, and Invalid when
    nobody of them can be reached."""
    case = case_to_work_at(uow, case_id, command.version)
    _check_open(case)
    signals = list(uow.session.execute(select(Signal.id).where(Signal.case_id == case.id).order_by(Signal.at, Signal.id)).scalars())
    wanted = [id for id in signals if not command.signal_ids or id in command.signal_ids]
    if len(wanted) > MOST_ASKED:
        raise Invalid({"signal_ids": [_("Vraag hoogstens {most} melders tegelijk iets. Dit zijn er {n}.", n=len(wanted), most=MOST_ASKED)]})
    addresses = mail_addresses(uow, wanted)
    if not addresses:
        raise Invalid({"signal_ids": [_("Geen van deze melders heeft een e-mailadres achtergelaten. Vragen kan dus niet.")]})
    made = []
    for address in addresses:
        inquiry = _new(uow, case, "reporter", command.text, command.questions, photos=command.photos, days=command.days)
        inquiry.signal_id = address.signal_id
        uow.session.add(inquiry)
        _send_to_reporter(uow, case, inquiry, address)
        made.append(inquiry)
    log(uow, "asked", case, _("Er is een vraag gesteld aan wie dit meldde."))
    _wait(uow, case, "awaiting_reporter")
    return made


def ask_third_party(uow: UnitOfWork, case_id: uuid.UUID, command: AskThirdParty) -> Inquiry:
    """Ask somebody without an account something; the case waits for the answer. Raises NotFound, NotAllowed and Conflict.

    They see the title and place of the case and what is asked, nothing of a reporter.
    """
    case = case_to_work_at(uow, case_id, command.version)
    _check_open(case)
    inquiry = _new(uow, case, "third_party", command.text, command.questions, photos=command.photos, days=command.days)
    inquiry.organization_id = command.organization_id
    inquiry.email = seal(uow.platform.config.secret_key, PURPOSE, command.email, uow.now)
    uow.session.add(inquiry)
    _send_to_third_party(uow, case, inquiry, command.email)
    log(uow, "asked_third_party", case, _("Er is een vraag gesteld aan iemand anders."))
    _wait(uow, case, "awaiting_third_party")
    return inquiry


def find_inquiry(uow: UnitOfWork, key: str) -> Inquiry:
    """The question at this key. Raises NotFound, and Gone when it was answered, taken back or is too late."""
    hashed = key_hash(uow.platform, key)
    inquiry = uow.session.execute(select(Inquiry).where(Inquiry.key_hash == hashed)).scalar_one_or_none()
    if inquiry is None:
        raise NotFound
    _check_answerable(uow, inquiry)
    return inquiry


def answer(uow: UnitOfWork, inquiry_id: uuid.UUID, values: Mapping[str, Any]) -> Inquiry:
    """Keep the answer to a question; ``values`` are those of ``form_schema(form_of_inquiry(inquiry))``. The case goes on where it was.

    The caller came with the key of the link, or is the reporter of the signal. Raises NotFound, Gone and Invalid.
    """
    case, inquiry = _both(uow, inquiry_id)
    _check_answerable(uow, inquiry)
    given = {name: value for name, value in values.items() if name != PHOTOS}
    if not any(str(value).strip() for value in given.values() if value is not None):
        raise Invalid({next(iter(given), ""): [_("Schrijf een antwoord.")]})
    photos = values.get(PHOTOS) or ()
    if photos:
        files = attach_files(uow, photos, _owner_of_files(uow, inquiry), PHOTOS, public=False, pictures=True)
        given[PHOTOS] = [str(file.id) for file in files]
    inquiry.answers = given
    inquiry.answered_at = inquiry.closed_at = uow.now
    uow.session.flush()
    sentence = (
        _("Wie dit meldde heeft de vraag beantwoord.") if inquiry.to == "reporter" else _("De vraag aan iemand anders is beantwoord.")
    )
    _go_on(uow, case, inquiry, "answered", sentence)
    return inquiry


def take_back(uow: UnitOfWork, case_id: uuid.UUID, inquiry_id: uuid.UUID) -> Case:
    """End a question that nobody answered yet: its link stops working. Raises NotFound, NotAllowed, and Gone when it ended already."""
    case = case_to_work_at(uow, case_id)
    inquiry = uow.session.get(Inquiry, inquiry_id, populate_existing=True)
    if inquiry is None or inquiry.case_id != case.id:
        raise NotFound
    _check_answerable(uow, inquiry)
    inquiry.closed_at = uow.now
    uow.session.flush()
    _go_on(uow, case, inquiry, "question_taken_back", _("Een vraag is teruggenomen."))
    return case


def remind(uow: UnitOfWork) -> None:
    """Ask again what is half-way its term, and end what is too late; for the job that runs every hour."""
    late = select(Inquiry.id).where(Inquiry.closed_at.is_(None), Inquiry.due_at <= uow.now).order_by(Inquiry.due_at, Inquiry.id)
    for id in uow.session.execute(late.limit(BATCH)).scalars().all():
        case, inquiry = _both(uow, id)
        if inquiry.closed_at is None:
            inquiry.closed_at = uow.now
            uow.session.flush()
            _go_on(uow, case, inquiry, "not_answered", _("Er kwam geen antwoord op de vraag."))
    asked = select(Inquiry).where(Inquiry.closed_at.is_(None), Inquiry.reminded_at.is_(None), Inquiry.due_at > uow.now)
    for inquiry in uow.session.execute(asked.order_by(Inquiry.due_at, Inquiry.id)).scalars().all():
        if uow.now >= inquiry.asked_at + (inquiry.due_at - inquiry.asked_at) / 2:
            inquiry.reminded_at = uow.now
            _send_again(uow, inquiry)


def form_of_inquiry(inquiry: Inquiry) -> Form:
    """The questions; one that asks nothing by itself is answered in one's own words."""
    if not inquiry.form.get("questions"):
        return Form((_question(1, _ANSWER),))
    return form_from_json(inquiry.form)


def usual_alt(who: str, number: str) -> str:
    """The description of a picture that came to a case without one; whoever makes the picture public writes a better one."""
    return f"Foto van {who} bij zaak {number}"


def where_to_go(case: Case) -> str:
    """Where a case is, for who has to find it: the address, or the point that was set on the map. Empty when neither is known."""
    if case.address:
        return case.address
    return f"{case.lat:.5f}, {case.lon:.5f}" if case.lat is not None and case.lon is not None else ""


def open_inquiries_of(uow: UnitOfWork, signal_id: uuid.UUID) -> Sequence[Inquiry]:
    """The questions that the reporter of a signal can answer now: for the page of their own signal. One statement."""
    mine = (Inquiry.signal_id == signal_id, Inquiry.closed_at.is_(None), Inquiry.due_at > uow.now)
    return uow.session.execute(select(Inquiry).where(*mine).order_by(Inquiry.asked_at, Inquiry.id)).scalars().all()


def _new(uow: UnitOfWork, case: Case, to: str, text: str, questions: Sequence[str], *, photos: bool, days: int) -> Inquiry:
    asked: list[Text | str] = list(questions) or [_ANSWER]
    made = [_question(number, label) for number, label in enumerate(asked, 1)]
    if photos:
        made.append(Question(PHOTOS, "file", _("Foto's"), _("Liefst zonder gezichten en kentekens."), pictures=True, maximum=MOST_PHOTOS))
    id = uuid7()
    return Inquiry(
        id=id,
        case_id=case.id,
        to=to,
        key_hash=key_hash(uow.platform, inquiry_key(uow.platform, id)),
        text=text,
        form=form_to_json(Form(tuple(made))),
        asked_at=uow.now,
        due_at=_end_of(city_day(uow.now) + timedelta(days=days)),
    )


def _end_of(day: date) -> datetime:
    """The last moment at which somebody can answer: the day that the mail names counts whole."""
    return datetime.combine(day, time(23, 59, 59), CITY_TIME_ZONE)


def _question(number: int, label: Text | str) -> Question:
    return Question(f"q{number}", "long_text", label, required=True, maximum=4_000)


def _check_open(case: Case) -> None:
    if case.state in CLOSED or case.merged_into_id is not None:
        raise Invalid(_("Deze zaak is afgesloten. Heropen de zaak eerst."))


def _check_answerable(uow: UnitOfWork, inquiry: Inquiry) -> None:
    if inquiry.answered_at is not None:
        raise Gone(_("Deze vraag is al beantwoord. Dank u wel."))
    if inquiry.closed_at is not None or inquiry.due_at <= uow.now:
        raise Gone(_("Op deze vraag kunt u niet meer antwoorden."))


def _both(uow: UnitOfWork, id: uuid.UUID) -> tuple[Case, Inquiry]:
    """A question and its case, the case locked first, as merging and closing do. Raises NotFound."""
    case_id = uow.session.execute(select(Inquiry.case_id).where(Inquiry.id == id)).scalar_one_or_none()
    if case_id is None:
        raise NotFound
    case = lock_case(uow, case_id)
    return case, uow.session.get_one(Inquiry, id, populate_existing=True)


def _owner_of_files(uow: UnitOfWork, inquiry: Inquiry) -> uuid.UUID:
    """The signal that pictures come to: who may not see it, may not see them."""
    first = select(Signal.id).where(Signal.case_id == inquiry.case_id).order_by(Signal.at, Signal.id).limit(1)
    return inquiry.signal_id or uow.session.execute(first).scalar_one_or_none() or inquiry.case_id


def _wait(uow: UnitOfWork, case: Case, state: str) -> None:
    """From here on the clock stands still; a case that waits already, or that was asked to open again, stays where it is."""
    uow.session.flush()
    if state in targets(case.state, case.came_from, case.ended_as):
        enter_state(uow, case, state)
    else:
        keep_case(uow, case)


def _go_on(uow: UnitOfWork, case: Case, inquiry: Inquiry, what: str, sentence: Text) -> None:
    """Bring the case back when it waits for this; an answer to a case that went on already is kept and moves nothing.

    After an answer of one reporter nothing waits for the others; otherwise it waits while another question is open.
    """
    if case.state == _WAITS[inquiry.to]:
        other = select(Inquiry.id).where(Inquiry.case_id == case.id, Inquiry.to == inquiry.to, Inquiry.closed_at.is_(None))
        if inquiry.answered_at is not None or uow.session.execute(other.limit(1)).first() is None:
            go_back(uow, case.id, sentence)
            return
    log(uow, what, case, sentence)
    keep_case(uow, case)


def _send_again(uow: UnitOfWork, inquiry: Inquiry) -> None:
    case = uow.session.get_one(Case, inquiry.case_id)
    if inquiry.to == "third_party":
        if email := unsealed(uow, inquiry.email):
            _send_to_third_party(uow, case, inquiry, email, again=True)
    elif inquiry.signal_id is not None:
        for address in mail_addresses(uow, [inquiry.signal_id]):
            _send_to_reporter(uow, case, inquiry, address, again=True)


def _send_to_reporter(uow: UnitOfWork, case: Case, inquiry: Inquiry, address: MailAddress, *, again: bool = False) -> None:
    values = {**_mail_values(uow, case, inquiry, address.language, again=again), "what": what_of(uow, case, address.language)}
    queue_mail(uow, managed_mail(uow, texts.REPORTER, address.email, address.language, values))


def _send_to_third_party(uow: UnitOfWork, case: Case, inquiry: Inquiry, email: str, *, again: bool = False) -> None:
    values = _mail_values(uow, case, inquiry, LANGUAGE, again=again)
    more = {"title": case.title, "place": where_to_go(case) or _("nog niet bekend")}
    queue_mail(uow, managed_mail(uow, texts.THIRD_PARTY, email, LANGUAGE, {**values, **more}))


def _mail_values(uow: UnitOfWork, case: Case, inquiry: Inquiry, language: str, *, again: bool) -> dict[str, Any]:
    asked = [str(question.label) for question in form_of_inquiry(inquiry).questions if question.name != PHOTOS]
    if asked == [_ANSWER.id]:
        asked = []
    with uow.platform.translations.use(language):
        day = format_day(city_day(inquiry.due_at))
    return {
        "number": case.number,
        "text": inquiry.text,
        "questions": tuple(asked),
        "day": day,
        "again": _("Dit is een herinnering.") if again else "",
        "link": page_address(uow.platform, paths.inquiry(inquiry_key(uow.platform, inquiry.id)), language),
    }
