"""Coming to a meeting: registering, confirming by mail, the waiting list, changing, and staying away after all.

All that counts places locks the meeting first: places are exact, also when many register at one moment.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from samen_core.api import (
    Conflict,
    Gone,
    Invalid,
    NotFound,
    Platform,
    Text,
    UnitOfWork,
    _,
    current_language,
    hit,
    keyed_hash,
    n_,
    seal,
    uuid7,
    who_hash,
)
from samen_doe_mee.models import Registration
from samen_doe_mee.permissions import TAKE_PART
from samen_doe_mee.schemas.registrations import ChangeRegistration, Register
from samen_doe_mee.services.meeting_common import Held, get_meeting, locked_meeting, recount, visible_meeting
from samen_doe_mee.services.meeting_mails import mail_registration
from samen_doe_mee.services.registration_keys import key_hash, registration_key
from samen_doe_mee.services.taking_part import CONTACT_PURPOSE

MAILS, HOUR = 10, 3_600
"""So many mails may strangers have sent to one address in an hour: nobody fills the mailbox of another."""
LONGEST_KEY = 80
COMING = ("registered", "waiting")


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a registration, with its key; the key is only for who proved to be the one."""

    registration: Registration
    held: Held
    key: str


def limit_mail(platform: Platform, email: str) -> None:
    """Count one more mail to an address. Raises TooMany. Before anything was read or written, as all that counts."""
    if email.strip() and platform.config.limits.enabled:
        hit(platform, "doe_mee.registration_mail", who_hash(platform, email.strip().lower()), MAILS, HOUR)


def register(uow: UnitOfWork, meeting_id: uuid.UUID, command: Register) -> Registered:
    """Register for a meeting: with an account at once, else it counts when the link in the mail is followed.

    The same again changes nothing, except for an account, which then comes with this many people; and the mail goes out again.
    Raises NotFound, Gone when one cannot (any more), and Invalid.
    """
    TAKE_PART.require(uow.actor)
    visible_meeting(uow, meeting_id)
    held = locked_meeting(uow, meeting_id)
    _require_open(uow, held)
    _check(uow, held, command)
    account_id = uow.actor.account_id
    email = command.email.strip()
    who = _who_hash(uow, meeting_id, f"account {account_id}") if account_id else mail_registrant(uow, meeting_id, email)
    mine = uow.session.execute(
        select(Registration).where(Registration.meeting_id == meeting_id, Registration.who == who)
    ).scalar_one_or_none()
    if mine is not None and mine.state in COMING:
        if account_id is not None:
            _adapt(uow, held, mine, command)
        mail_registration(uow, held, mine)
        return _registered(uow, held, mine)
    if mine is None:
        mine = Registration(id=uuid7(), meeting_id=meeting_id, who=who)
        mine.code_hash = key_hash(uow.platform, registration_key(uow.platform, mine.id))
        uow.session.add(mine)
    _fill(uow, mine, command)
    if account_id is not None:
        _let_in(uow, held, mine)
    else:
        mine.state = "unconfirmed"
    uow.session.flush()
    mail_registration(uow, held, mine)
    return _registered(uow, held, mine)


def confirm(uow: UnitOfWork, key: str) -> Registered:
    """The link in the mail was followed: the registration counts, or stands on the waiting list. The same again changes nothing.

    Raises NotFound, and Gone when the meeting has begun or does not go on.
    """
    held, mine = _own_locked(uow, key)
    if mine.state != "unconfirmed":
        return _registered(uow, held, mine)
    _require_to_come(uow, held)
    _let_in(uow, held, mine)
    mail_registration(uow, held, mine)
    return _registered(uow, held, mine)


def change(uow: UnitOfWork, key: str, command: ChangeRegistration) -> Registered:
    """Come with more or fewer people, or say what is needed. Raises NotFound, Gone, Conflict, and Invalid without room for more."""
    held, mine = _own_locked(uow, key)
    if mine.state not in COMING:
        raise Gone(_("Deze aanmelding geldt niet (meer)."))
    _require_to_come(uow, held)
    if mine.version != command.version:
        raise Conflict(current=registration_values(mine), version=mine.version)
    _adapt(uow, held, mine, command)
    return _registered(uow, held, mine)


def cancel(uow: UnitOfWork, key: str) -> Registered:
    """Stay away after all: whose it was is let go of at once, and who waits may come. The same again changes nothing.

    Raises NotFound, and Gone when the meeting has begun: then nothing is left to free.
    """
    held, mine = _own_locked(uow, key)
    if mine.state == "cancelled":
        return _registered(uow, held, mine)
    if held.event.start_date <= uow.now:
        raise Gone(_("De bijeenkomst is al begonnen of geweest. Afmelden hoeft niet meer."))
    forget(uow, mine)
    recount(uow, held)
    uow.record("doe_mee.registration.cancelled", held.plan.id, after={"meeting": held.meeting.id})
    move_up(uow, held)
    return _registered(uow, held, mine)


def forget(uow: UnitOfWork, mine: Registration) -> None:
    """Leave of a registration only that there was one."""
    mine.state, mine.account_id, mine.name, mine.email, mine.needs = "cancelled", None, "", "", ""
    mine.wants_report = False
    mine.who = _who_hash(uow, mine.meeting_id, f"nobody {mine.id}")


def move_up(uow: UnitOfWork, held: Held) -> int:
    """Let in who waits, in the order in which they came, as far as there is room; they get mail. Gives how many.

    Who comes with more people than there is room for keeps waiting, and does not keep smaller ones behind them waiting.
    """
    if held.is_off or held.event.start_date <= uow.now:
        return 0
    waits = select(Registration).where(Registration.meeting_id == held.meeting.id, Registration.state == "waiting")
    moved = 0
    for mine in uow.session.execute(waits.order_by(Registration.confirmed_at, Registration.id)).scalars().all():
        if held.free is not None and not held.free:
            break
        if held.free is None or mine.people <= held.free:
            mine.state = "registered"
            recount(uow, held)
            mail_registration(uow, held, mine, moved_up=True)
            moved += 1
    return moved


def own_registration(uow: UnitOfWork, key: str) -> Registered:
    """The registration at this key, also one that was cancelled. Raises NotFound."""
    mine = _by_key(uow, key)
    return _registered(uow, get_meeting(uow, mine.meeting_id), mine)


def registration_of_account(uow: UnitOfWork, meeting_id: uuid.UUID) -> Registration | None:
    """The registration of the actor's account for a meeting. One statement; none without an account."""
    if uow.actor.account_id is None:
        return None
    mine = select(Registration).where(
        Registration.meeting_id == meeting_id, Registration.account_id == uow.actor.account_id, Registration.state != "cancelled"
    )
    return uow.session.execute(mine.limit(1)).scalar_one_or_none()


def registration_values(mine: Registration) -> dict[str, object]:
    """What the form that changes it shows."""
    return {"people": mine.people, "needs": mine.needs, "wants_report": mine.wants_report, "version": mine.version}


def _let_in(uow: UnitOfWork, held: Held, mine: Registration) -> None:
    """Give places when there are, else a place on the waiting list."""
    mine.confirmed_at = uow.now
    fits = held.free is None or mine.people <= held.free
    mine.state = "registered" if fits else "waiting"
    recount(uow, held)
    uow.record("doe_mee.registration.made", held.plan.id, after={"meeting": held.meeting.id, "state": mine.state, "people": mine.people})


def _adapt(uow: UnitOfWork, held: Held, mine: Registration, command: Register | ChangeRegistration) -> None:
    more = command.people - mine.people
    if held.meeting.places is not None and command.people > held.meeting.places:
        raise Invalid({"people": [_too_many(held.meeting.places)]})
    if mine.state == "registered" and held.free is not None and more > held.free:
        raise Invalid({"people": [_no_room(held.free)]})
    mine.people, mine.needs, mine.wants_report = command.people, command.needs, command.wants_report
    recount(uow, held)
    move_up(uow, held)


def _fill(uow: UnitOfWork, mine: Registration, command: Register) -> None:
    actor = uow.actor
    mine.account_id = actor.account_id
    mine.name = command.name.strip() or actor.label
    email = "" if actor.account_id is not None else command.email.strip()
    mine.email = seal(uow.platform.config.secret_key, CONTACT_PURPOSE, email, uow.now) if email else ""
    mine.people, mine.needs, mine.wants_report = command.people, command.needs, command.wants_report
    mine.language, mine.at, mine.confirmed_at = current_language(), uow.now, None


def _check(uow: UnitOfWork, held: Held, command: Register) -> None:
    errors: dict[str, list[Text]] = {}
    if uow.actor.account_id is None:
        if not command.name.strip():
            errors["name"] = [_("Vul uw naam in. Die staat alleen op de lijst bij de deur.")]
        if not command.email.strip():
            errors["email"] = [_("Vul uw e-mailadres in. U krijgt een mail om uw aanmelding te bevestigen.")]
    if held.meeting.places is not None and command.people > held.meeting.places:
        errors["people"] = [_too_many(held.meeting.places)]
    if errors:
        raise Invalid(errors)


def _too_many(places: int) -> Text:
    return n_("Er is in totaal {n} plaats.", "Er zijn in totaal {n} plaatsen.", places)


def _no_room(free: int) -> Text:
    if not free:
        return _("Er is geen plaats meer vrij. De plaatsen die u hebt, houdt u.")
    return n_(
        "Er is nog {n} plaats vrij. Wat u hebt, houdt u.",
        "Er zijn nog {n} plaatsen vrij. Wat u hebt, houdt u.",
        free,
    )


def _require_open(uow: UnitOfWork, held: Held) -> None:
    if (why := held.closed_because(uow.now)) is not None:
        raise Gone(why)


def _require_to_come(uow: UnitOfWork, held: Held) -> None:
    if held.is_off:
        raise Gone(_("Deze bijeenkomst gaat niet door."))
    if held.event.start_date <= uow.now:
        raise Gone(_("Deze bijeenkomst is al begonnen of geweest."))


def mail_registrant(uow: UnitOfWork, meeting_id: uuid.UUID, email: str) -> str:
    """The hash by which who registered without account is known at one meeting (``Registration.who``)."""
    return _who_hash(uow, meeting_id, f"mail {email.strip().lower()}")


def _who_hash(uow: UnitOfWork, meeting_id: uuid.UUID, who: str) -> str:
    return keyed_hash(uow.platform, "doe_mee.registered", f"{meeting_id}:{who}")


def _by_key(uow: UnitOfWork, key: str) -> Registration:
    found = None
    if len(key) <= LONGEST_KEY:
        statement = select(Registration).where(Registration.code_hash == key_hash(uow.platform, key))
        found = uow.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound(_("Deze link werkt niet (meer). Meld u opnieuw aan bij de bijeenkomst."))
    return found


def _own_locked(uow: UnitOfWork, key: str) -> tuple[Held, Registration]:
    mine = _by_key(uow, key)
    held = locked_meeting(uow, mine.meeting_id)
    uow.session.refresh(mine)
    return held, mine


def _registered(uow: UnitOfWork, held: Held, mine: Registration) -> Registered:
    uow.session.flush()
    return Registered(mine, held, registration_key(uow.platform, mine.id))
