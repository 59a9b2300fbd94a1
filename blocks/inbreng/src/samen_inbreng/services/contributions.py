"""Contributions: giving one, as oneself, by name only or anonymous, or as a reply.

A contribution locks its activity only against closing, so that thousands may come at once. Its number comes from the tally, in the same
transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from samen_core.api import (
    CITY_TIME_ZONE,
    Gone,
    Invalid,
    NotAllowed,
    PlaceValue,
    SubjectCard,
    SubjectData,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    current_language,
    enter_row,
    new_code,
    new_row,
    register,
    require_capacity,
    uuid7,
)
from samen_inbreng import paths
from samen_inbreng.events import ContributionGiven
from samen_inbreng.models import MAX_DEPTH, Activity, Contribution
from samen_inbreng.permissions import CONTRIBUTE
from samen_inbreng.schemas.contribution import NO_ADDRESS, Contribute
from samen_inbreng.services import mails
from samen_inbreng.services.activities import activity_state
from samen_inbreng.services.answering import Checked, check_answers, tie_files
from samen_inbreng.services.common import CONTRIBUTION, get_activity_to_join, get_contribution, tell_contribution
from samen_inbreng.services.contribution_lines import contributing_sentence
from samen_inbreng.services.places import area_of
from samen_inbreng.services.receipt_codes import code_hash, code_of_form
from samen_inbreng.services.tally import NUMBER, counted, shift

Errors = dict[str, list[Text]]
GIVEN = ContributionGiven.type
CONTRIBUTED = "inbreng.contributed_online"
"""The signal that somebody contributed over the web, sent with ``contribution`` and the IP ``address`` that it came from.

It is sent in the transaction that stores it: a block that must be able to trace what was said on its things keeps a hash of that for a
while. Here it is stored nowhere."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was contributed. ``receipt_code`` is for its sender only, and known only now; empty for who is logged in."""

    contribution: Contribution
    receipt_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a contribution comes from, besides what its sender filled in."""

    sector: str = "citizens"
    channel: str = "online"
    on_behalf_of_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None
    received_on: Any = None
    entered_by_id: uuid.UUID | None = None
    source: str = ""
    external_ref: str | None = None
    code: str = ""


def contribute(uow: UnitOfWork, activity_id: uuid.UUID, command: Contribute, *, nonce: str = "", again: bool = True) -> Given:
    """Say something in an open activity; with ``parent_id`` it is a reply.

    ``nonce`` is the random mark of the HTML form: the same form sent twice, with the same words, is one contribution.
    Without ``again`` that form is taken to be a new one, which saves a statement; was it sent before, then it raises IntegrityError.
    Raises NotFound, NotAllowed, Gone (closed, or the parent was taken away) and Invalid with everything that is wrong.
    """
    CONTRIBUTE.require(uow.actor)
    activity = get_activity_to_join(uow, activity_id)
    require_open(uow, activity)
    parent = locked_parent(uow, activity, command.parent_id) if command.parent_id else None
    if parent is not None and not activity.allows_replies:
        raise Invalid(_("Op deze bijdragen kunt u niet reageren."))
    checked, area_id, errors = check_contribution(uow, activity, command)
    errors |= _who(uow, activity, command)
    if errors:
        raise Invalid(errors)
    code = code_of_form(uow, nonce) if nonce else new_code()
    if nonce and again:
        earlier, code = sent_before(uow, activity, command, checked, code)
        if earlier is not None:
            return Given(earlier, "" if earlier.account_id else code)
    origin = Origin(account_id=uow.actor.account_id, code=code)
    if uow.actor.on_behalf_of is not None:
        capacity = require_capacity(uow, uow.actor.on_behalf_of)
        origin = Origin(
            account_id=uow.actor.account_id, code=code, sector=capacity.sector or "citizens", on_behalf_of_id=capacity.subject_id
        )
    contribution = new_contribution(uow, activity, command, checked, area_id, origin=origin)
    write_contribution(uow, activity, contribution, parent)
    tie_files(uow, checked, contribution.id)
    if contribution.wants_mail and contribution.account_id is None:
        mails.ask_confirmation(uow, contribution)
    return Given(contribution, "" if contribution.account_id else code)


def check_contribution(
    uow: UnitOfWork,
    activity: Activity,
    command: Contribute,
    owner: uuid.UUID | None = None,
    known: Mapping[uuid.UUID, SubjectCard] | None = None,
) -> tuple[Checked, uuid.UUID | None, Errors]:
    """The checked answers and the area of what was filled in, and all that is wrong with it."""
    errors: Errors = {}
    if command.parent_id is not None or getattr(command, "parent_ref", None):
        checked, wrong = Checked({}, {}, None), Errors()
        if not command.text:
            errors["text"] = [_("Vul uw reactie in.")]
    else:
        checked, wrong = check_answers(uow, activity.form, command.answers, owner)
        if not command.text and (activity.asks_text or not (checked.stored or wrong)):
            errors["text" if activity.asks_text else ""] = [_("Vul uw reactie in.")]
    area_id, wrong_area = area_of(uow, command.area_id, command.place, checked.place, known=known)
    return checked, area_id, {**errors, **wrong, **wrong_area}


def new_contribution(
    uow: UnitOfWork, activity: Activity, command: Contribute, checked: Checked, area_id: uuid.UUID | None, *, origin: Origin
) -> Contribution:
    """A contribution that was checked, not written yet and without its number."""
    names = ("sector", "channel", "on_behalf_of_id", "account_id", "entered_by_id", "source", "external_ref")
    return new_row(
        Contribution,
        id=uuid7(),
        activity_id=activity.id,
        subject_id=activity.subject_id,
        state="published",
        depth=0,
        text=command.text,
        answers=checked.stored,
        place=stored_place(command.place),
        area_id=area_id,
        author_name=command.name,
        email="" if origin.account_id else command.email,
        wants_mail=command.wants_mail,
        language=current_language(),
        at=uow.now,
        received_on=origin.received_on or uow.now.astimezone(CITY_TIME_ZONE).date(),
        receipt_hash=code_hash(uow, origin.code) if origin.code else None,
        supports=0,
        replies=0,
        **{name: getattr(origin, name) for name in names},
    )


def put_under(contribution: Contribution, parent: Contribution) -> None:
    """Make a new contribution a reply."""
    contribution.parent_id, contribution.root_id = parent.id, parent.root_id or parent.id
    contribution.depth = parent.depth + 1


def write_contribution(uow: UnitOfWork, activity: Activity, contribution: Contribution, parent: Contribution | None = None) -> None:
    """Store a new contribution: its number, the counters, the register, its row, the log and the event."""
    if parent is not None:
        put_under(contribution, parent)
        count_replies(uow, parent, 1)
    numbers = shift(uow, activity.id, {NUMBER: 1, **counted(contribution, 1)})
    contribution.number = numbers[NUMBER]
    register(uow, SubjectRef(CONTRIBUTION, contribution.id), contribution_card(activity, contribution))
    enter_row(uow, contribution)
    facts = {"activity": activity.id, "number": contribution.number, "channel": contribution.channel, "sector": contribution.sector}
    uow.record(GIVEN, contribution.id, after=facts, public=True, sentence=contributing_sentence(GIVEN, facts) or "")
    tell_contribution(uow, ContributionGiven, contribution)


def contribution_card(activity: Activity, contribution: Contribution) -> SubjectData:
    """The register row of a contribution: without its words or author, which are not for everybody's memory."""
    return SubjectData(
        f"Bijdrage {contribution.number} aan: {activity.title}"[:300],
        paths.contribution(activity.slug, contribution.number),
        area_ref=contribution.area_id,
        state="deleted" if contribution.state == "withdrawn" else "active",
        public=contribution.state != "hidden",
    )


def locked_parent(uow: UnitOfWork, activity: Activity, parent_id: uuid.UUID) -> Contribution:
    """The contribution that is replied to, its thread locked. Raises NotFound, Gone, and Invalid when the thread is too deep."""
    parent = locked_in_thread(uow, parent_id)
    if parent.activity_id != activity.id:
        raise Invalid(_("Deze bijdrage hoort bij een andere vraag."))
    if parent.state != "published":
        raise Gone(_("Deze bijdrage is er niet meer. U kunt er niet op reageren."))
    if parent.depth >= MAX_DEPTH:
        raise Invalid(_("Dit gesprek wordt te diep. Reageer op een eerdere bijdrage."))
    return parent


def locked_in_thread(uow: UnitOfWork, id: uuid.UUID) -> Contribution:
    """A contribution, after locking the one that its thread starts with, so that acts in one thread come one after the other."""
    contribution = get_contribution(uow, id)
    if contribution.root_id is not None:
        get_contribution(uow, contribution.root_id, lock=True)
    return get_contribution(uow, id, lock=True)


def count_replies(uow: UnitOfWork, parent: Contribution, number: int) -> None:
    """Add to the number of published replies under a contribution and under everything that it is under itself."""
    above = {parent.id, parent.parent_id, parent.root_id} - {None}
    statement = update(Contribution).where(Contribution.id.in_(above)).values(replies=Contribution.replies + number)
    uow.session.execute(statement.execution_options(synchronize_session=False))


def stored_place(place: PlaceValue | None) -> dict[str, Any] | None:
    """A place as it is stored: only what is known of it."""
    if place is None:
        return None
    names = ("text", "postcode", "house_number", "lat", "lon")
    return {name: value for name in names if (value := getattr(place, name)) not in ("", None)} or None


def is_open(activity: Activity, now: datetime) -> bool:
    """Whether people may contribute now."""
    return activity_state(activity, now) == "open"


def require_open(uow: UnitOfWork, activity: Activity) -> None:
    """Raise Gone when the term of the activity is over, Invalid when it has not begun or is a questionnaire."""
    if activity.kind != "reactions":
        raise Invalid(_("Dit is een vragenlijst. Vul de vragenlijst in."))
    state = activity_state(activity, uow.now)
    if state == "planned":
        raise Invalid(_("U kunt nog niet meedoen. Kijk op de pagina wanneer dat wel kan."))
    if state == "closed":
        raise Gone(_("U kunt niet meer meedoen: de termijn is voorbij."))


def _who(uow: UnitOfWork, activity: Activity, command: Contribute) -> Errors:
    if uow.actor.account_id is not None or uow.actor.is_system:
        return {}
    if activity.access == "logged_in":
        raise NotAllowed(_("Log in om mee te doen."), log_in=True)
    errors: Errors = {}
    if activity.access == "named":
        if not command.name:
            errors["name"] = [_("Vul uw naam in.")]
        if not command.email:
            errors["email"] = [_("Vul uw e-mailadres in.")]
    elif command.wants_mail and not command.email:
        errors["email"] = [NO_ADDRESS]
    return errors


def sent_before(uow: UnitOfWork, activity: Activity, command: Contribute, checked: Checked, code: str) -> tuple[Contribution | None, str]:
    """What the form of this code gave when it was sent earlier with the same words, and the code to use: a new one for other words."""
    earlier = uow.session.execute(select(Contribution).where(Contribution.receipt_hash == code_hash(uow, code))).scalar_one_or_none()
    if earlier is None or (earlier.text, earlier.answers, earlier.activity_id) == (command.text, checked.stored, activity.id):
        return earlier, code
    return None, new_code()
