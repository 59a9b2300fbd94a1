"""Proposing an idea, changing it while nobody else supports it, taking it back."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from citycontent.api import Theme
from samen_core.api import (
    Conflict,
    File,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    Text,
    UnitOfWork,
    _,
    attach_files,
    check_files,
    clean_code,
    code_of,
    current_language,
    delete_file,
    free_slug,
    keyed_hash,
    new_code,
    register,
    require_capacity,
    stored_files,
    uuid7,
)
from samen_doe_mee.events.ideas import IdeaPublished, IdeaUpdated, IdeaWithdrawn
from samen_doe_mee.models import ENDED_STATUSES, Idea, Voice
from samen_doe_mee.permissions import PROPOSE
from samen_doe_mee.schemas.ideas import Challenge, EditIdea, IdeaText, ProposeIdea, WithdrawIdea, challenge_errors
from samen_doe_mee.services import idea_receipts
from samen_doe_mee.services.idea_common import (
    add_step,
    check_version,
    code_hash,
    handling_values,
    idea_ref,
    keep_card,
    lock_for_authors,
    locked_idea,
    log,
    may_see,
    require_author,
    today,
)
from samen_doe_mee.services.idea_places import Located, locate
from samen_doe_mee.services.idea_talk import open_talk
from samen_doe_mee.services.kinds import idea_card
from samen_doe_mee.services.support import give_own_voice
from samen_doe_mee.settings import CHALLENGE_WEEKS, IDEA_DAYS, IDEAS_PER_PERSON, SUPPORTS_NEEDED, number, open_ideas

Errors = dict[str, list[Text]]
RESERVED = frozenset({"nieuw", "verstuurd", "mijn-code", "lijkt-op", "kaart"})
"""Page names that no idea may have for its own."""
_FORM = "doe_mee receipt of form"
_TWICE_WITHIN = timedelta(hours=1)
"""Who is logged in and sends the same words again within this time means the same idea."""
TOO_LATE: Text = _("Anderen steunen uw idee al, of de gemeente werkt eraan. Daarom verandert de tekst niet meer. Schrijf een nieuwtje.")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A new idea, and the code by which somebody without account comes back to it; "" for who is logged in."""

    idea: Idea
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Checked:
    """What somebody sent, found to be in order."""

    place: Located
    challenge: dict[str, Any] | None


def propose_idea(uow: UnitOfWork, command: ProposeIdea, *, nonce: str = "") -> Proposed:
    """Propose an idea: for oneself, for the organisation that one acts for, or without account where the city allows that.

    It is there for everybody at once, unless the city wants strangers to confirm it by mail first. ``nonce`` is a random text of the HTML
    form: the same form sent twice is one idea. Raises NotAllowed, and Invalid with everything that is wrong.
    """
    PROPOSE.require(uow.actor)
    sector = require_capacity(uow, uow.actor.on_behalf_of).sector or "citizens" if uow.actor.on_behalf_of else "citizens"
    checked = _check(uow, command, _who_errors(uow, command))
    # From here on one after the other: the number, and how many ideas somebody has, hold until the end.
    lock_for_authors(uow, "propose")
    earlier, code = _sent_before(uow, command, nonce)
    if earlier is not None:
        return Proposed(earlier, code)
    _require_room(uow, command.email)
    waits = uow.actor.account_id is None and not uow.actor.is_system and open_ideas(uow) == "mail"
    idea = _new_idea(uow, command, checked, sector=sector, code=code)
    idea.state = "unconfirmed" if waits else "published"
    register(uow, idea_ref(idea), idea_card(idea))
    uow.session.add(idea)
    uow.session.flush()
    if command.pictures:
        attach_files(uow, command.pictures, idea.id, "pictures", public=not waits, pictures=True)
    if waits:
        uow.record("doe_mee.idea.waits", idea.id, after={"number": idea.number})
    else:
        publish(uow, idea)
    if idea.email:
        idea_receipts.ask_confirmation(uow, idea, waits=waits)
    return Proposed(idea, code)


def require_account(uow: UnitOfWork) -> None:
    """Raise NotAllowed for who has no account where the city wants one."""
    if uow.actor.account_id is None and not uow.actor.is_system and open_ideas(uow) == "account":
        raise NotAllowed(_("Log in om een idee in te dienen."), log_in=True)


def publish(uow: UnitOfWork, idea: Idea) -> None:
    """Let everybody see it: from now on the term runs, and its author's own account supports it."""
    days = number(uow, IDEA_DAYS)
    idea.state, idea.published_at = "published", uow.now
    idea.needed, idea.ends_on = number(uow, SUPPORTS_NEEDED), today(uow) + timedelta(days=days)
    if idea.kind == "challenge":
        idea.decide_by = today(uow) + timedelta(weeks=number(uow, CHALLENGE_WEEKS))
    keep_card(uow, idea)
    add_step(uow, idea, "received")
    log(uow, IdeaPublished, idea, _("Er is een idee ingediend."), after={"number": idea.number, "kind": idea.kind, "sector": idea.sector})
    open_talk(uow, idea)
    give_own_voice(uow, idea)


def confirm_idea(uow: UnitOfWork, id: uuid.UUID, token: str) -> Idea:
    """Note that the address of an idea belongs to who proposed it, and publish it when it waited for that. Raises Gone."""
    idea = idea_receipts.to_confirm(uow, id, token, lock=True)
    if idea.email_confirmed_at is None:
        idea.email_confirmed_at = uow.now
        uow.session.flush()
        uow.record("doe_mee.idea.address_confirmed", idea.id)
    if idea.state == "unconfirmed":
        lock_for_authors(uow, "propose")
        _require_room(uow, idea.email)
        for file in stored_files(uow, [idea.id])[idea.id]:
            uow.session.get_one(File, file.id).public = True
        publish(uow, idea)
    return idea


def edit_idea(uow: UnitOfWork, id: uuid.UUID, command: EditIdea, *, code: str = "") -> Idea:
    """Change what one's idea says, until somebody else supports it or it got another status; ``code`` is that of its receipt.

    Raises NotFound, NotAllowed, Gone when it is too late, Conflict with the values of now, and Invalid with everything that is wrong.
    """
    idea = _own_locked(uow, id, code or command.code)
    if not can_edit(uow, idea):
        raise Gone(TOO_LATE)
    if idea.version != command.version:
        raise Conflict(current=text_values(uow, idea), version=idea.version)
    checked = _check(uow, command, {}, idea)
    _assign(idea, command, checked)
    if idea.kind == "challenge" and idea.decide_by is None and idea.published_at is not None:
        idea.decide_by = today(uow) + timedelta(weeks=number(uow, CHALLENGE_WEEKS))
    elif idea.kind != "challenge":
        idea.decide_by = None
    idea.edited_at = uow.now
    uow.session.flush()
    kept = {value.id for value in command.pictures}
    for file in stored_files(uow, [idea.id])[idea.id]:
        if file.id not in kept:
            delete_file(uow, file.id)
    if command.pictures:
        attach_files(uow, command.pictures, idea.id, "pictures", public=idea.state == "published", pictures=True)
    keep_card(uow, idea)
    log(uow, IdeaUpdated, idea, _("De indiener heeft het idee aangepast."))
    return idea


def withdraw_idea(uow: UnitOfWork, id: uuid.UUID, command: WithdrawIdea, *, code: str = "") -> Idea:
    """Take one's idea back. Its page then says so and nothing else; who it was is forgotten. A second time changes nothing.

    Raises NotFound, NotAllowed, Gone for one that ended or became part of another, and Conflict.
    """
    idea = _own_locked(uow, id, code or command.code)
    if idea.state == "withdrawn":
        return idea
    if not can_withdraw(idea):
        raise Gone(_("Dit idee kan niet meer worden ingetrokken: het is afgerond, verborgen of samengevoegd."))
    check_version(idea, command.version)
    was = idea.state
    idea.state, idea.ended_at = "withdrawn", uow.now
    idea.author_name, idea.email, idea.email_confirmed_at = "", "", None
    add_step(uow, idea, "withdrawn", command.reason)
    keep_card(uow, idea)
    log(uow, IdeaWithdrawn, idea, _("De indiener heeft het idee ingetrokken."), before={"state": was}, after={"state": "withdrawn"})
    return idea


def _own_locked(uow: UnitOfWork, id: uuid.UUID, code: str) -> Idea:
    idea = locked_idea(uow, id)
    if not may_see(uow, idea, code):
        raise NotFound
    require_author(uow, idea, code)
    return idea


def can_edit(uow: UnitOfWork, idea: Idea) -> bool:
    """Whether its author may still change what it says: nobody else supports it, and nothing was decided. At most one statement."""
    if idea.state not in ("published", "unconfirmed") or idea.status != "received":
        return False
    others = [Voice.idea_id == idea.id, Voice.confirmed_at.is_not(None)]
    if idea.account_id is not None:
        others.append(or_(Voice.account_id.is_(None), Voice.account_id != idea.account_id))
    return uow.session.execute(select(Voice.id).where(*others).limit(1)).first() is None


def can_withdraw(idea: Idea) -> bool:
    """Whether its author may take it back."""
    return idea.state in ("published", "unconfirmed") and idea.status not in ENDED_STATUSES


def text_values(uow: UnitOfWork, idea: Idea) -> dict[str, Any]:
    """What the form with which an author changes it shows."""
    files = stored_files(uow, [idea.id])[idea.id]
    where = "city" if idea.whole_city else "place" if idea.place or idea.lat is not None else "area"
    return {
        "kind": idea.kind,
        "title": idea.title,
        "text": idea.text,
        "theme_id": idea.theme_id,
        "where": where,
        "place": {"text": idea.place, "postcode": "", "house_number": "", "lat": idea.lat, "lon": idea.lon} if where == "place" else None,
        "area_id": idea.area_id,
        "challenge": idea.challenge,
        "pictures": [{"id": str(file.id), "alt": file.alt} for file in files if file.kind == "picture"],
        "version": idea.version,
    }


def running_ideas(uow: UnitOfWork, who: ColumnElement[bool]) -> int:
    """How many ideas of somebody run: published or to be confirmed, not ended, not expired. One statement."""
    expired = and_(Idea.reached_at.is_(None), Idea.ends_on < today(uow))
    runs = (Idea.state.in_(("published", "unconfirmed")), Idea.status.not_in(ENDED_STATUSES), ~func.coalesce(expired, False))
    return uow.session.execute(select(func.count()).select_from(Idea).where(who, *runs)).scalar_one()


def _require_room(uow: UnitOfWork, email: str) -> None:
    """Raise Invalid when somebody has as many running ideas as the city allows; whoever left no address is counted by the page."""
    if uow.actor.is_system:
        return
    if uow.actor.account_id is not None:
        who: ColumnElement[bool] = Idea.account_id == uow.actor.account_id
    elif email:
        who = and_(func.lower(Idea.email) == email.lower(), Idea.state == "published")
    else:
        return
    most = number(uow, IDEAS_PER_PERSON)
    if running_ideas(uow, who) >= most:
        raise Invalid(_("U hebt al {n} lopende ideeën. Meer kan niet tegelijk. Wacht tot er een klaar is, of trek er een in.", n=most))


def _who_errors(uow: UnitOfWork, command: ProposeIdea) -> Errors:
    if uow.actor.account_id is not None or uow.actor.is_system:
        return {"email": [_("Uw mail gaat naar het e-mailadres van uw account. Laat dit veld leeg.")]} if command.email else {}
    require_account(uow)
    if open_ideas(uow) == "mail" and not command.email:
        return {"email": [_("Vul uw e-mailadres in. U krijgt een mail om uw idee te bevestigen.")]}
    return {}


def _check(uow: UnitOfWork, command: IdeaText, errors: Errors, idea: Idea | None = None) -> _Checked:
    errors = dict(errors)
    located = Located()
    try:
        located = _located(uow, command, idea)
    except Invalid as error:
        errors |= error.errors
    if command.theme_id is not None and (idea is None or command.theme_id != idea.theme_id):
        theme = uow.session.get(Theme, command.theme_id)
        if theme is None or theme.state != "active":
            errors["theme_id"] = [_("Dit thema bestaat niet (meer).")]
    if command.kind == "challenge":
        errors |= {f"challenge.{name}": texts for name, texts in challenge_errors(command.challenge).items()}
    if command.pictures:
        try:
            check_files(uow, command.pictures, "pictures", owner=idea.id if idea else None, pictures=True)
        except Invalid as error:
            errors |= error.errors
    if errors:
        raise Invalid(errors)
    challenge = asdict(command.challenge or Challenge()) if command.kind == "challenge" else None
    return _Checked(located, challenge)


def _located(uow: UnitOfWork, command: IdeaText, idea: Idea | None) -> Located:
    """Where it is; a place that its author did not touch stays as it is."""
    place = command.place
    if idea is not None and command.where == "place" and place is not None and not place.postcode:
        same = (place.text, place.lat, place.lon) == (idea.place, idea.lat, idea.lon)
        if same:
            return Located(False, idea.place, idea.lat, idea.lon, idea.area_id)
    return locate(uow, command.where, place, command.area_id)


def _sent_before(uow: UnitOfWork, command: ProposeIdea, nonce: str) -> tuple[Idea | None, str]:
    """The idea that this form made when it was sent earlier, and the code of its receipt ("" for who is logged in)."""
    mine = uow.actor.account_id
    if mine is not None or uow.actor.is_system:
        if not nonce or mine is None:
            return None, ""
        same = (Idea.account_id == mine, Idea.created_at > uow.now - _TWICE_WITHIN, Idea.title == command.title, Idea.text == command.text)
        return uow.session.scalars(select(Idea).where(*same).limit(1)).first(), ""
    if not nonce:
        return None, new_code()
    code = code_of(keyed_hash(uow.platform, _FORM, nonce))
    found = uow.session.scalars(select(Idea).where(Idea.key_hash == code_hash(uow, code))).first()
    if found is not None and (found.title, found.text) != (command.title, command.text):
        return None, new_code()
    return found, code


def _new_idea(uow: UnitOfWork, command: ProposeIdea, checked: _Checked, *, sector: str, code: str) -> Idea:
    last = uow.session.execute(select(func.max(Idea.number))).scalar_one()
    own = uow.actor.account_id is not None
    idea = Idea(
        id=uuid7(),
        number=(last or 0) + 1,
        slug=free_slug(uow, Idea.slug, command.title, "idee", RESERVED),
        status="received",
        account_id=uow.actor.account_id,
        author_name="" if command.anonymous else command.name or (uow.actor.label if own else ""),
        email="" if own else command.email,
        wants_mail=command.wants_mail,
        language=current_language(),
        key_hash=code_hash(uow, code) if code else None,
        on_behalf_of_id=uow.actor.on_behalf_of,
        sector=sector,
        status_text="",
        supports=0,
        open_supports=0,
        all_supports=0,
        created_at=uow.now,
    )
    _assign(idea, command, checked)
    return idea


def _assign(idea: Idea, command: IdeaText, checked: _Checked) -> None:
    place = checked.place
    idea.kind, idea.title, idea.text, idea.theme_id = command.kind, command.title, command.text, command.theme_id
    idea.whole_city, idea.place, idea.lat, idea.lon, idea.area_id = place.whole_city, place.place, place.lat, place.lon, place.area_id
    idea.challenge = checked.challenge


def idea_by_code(uow: UnitOfWork, code: str) -> Idea:
    """The idea of a receipt code, however it is typed. Raises Invalid (field ``code``) for a code that belongs to none."""
    found = None
    if clean_code(code[:40]):
        found = uow.session.execute(select(Idea).where(Idea.key_hash == code_hash(uow, code))).scalar_one_or_none()
    if found is None:
        raise Invalid({"code": [_("Wij kennen deze code niet. Controleer de letters en cijfers.")]})
    return found


def claim_idea(uow: UnitOfWork, code: str) -> Idea:
    """Tie the idea of a receipt code to the account of the actor; the code then stops working. Raises Invalid and NotAllowed."""
    if uow.actor.account_id is None:
        raise NotAllowed(log_in=True)
    idea = locked_idea(uow, idea_by_code(uow, code).id)
    if idea.key_hash != code_hash(uow, code):
        raise Conflict(current=handling_values(idea), version=idea.version)
    idea.account_id, idea.key_hash, idea.email, idea.email_confirmed_at = uow.actor.account_id, None, "", None
    uow.session.flush()
    uow.record("doe_mee.idea.claimed", idea.id)
    return idea
