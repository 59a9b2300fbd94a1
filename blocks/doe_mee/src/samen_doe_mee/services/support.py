"""Support for an idea: one voice each, of an account, of a mail address that was confirmed, or of a device with a receipt code.

That it is one voice is kept by the unique key of the table; the counters are added to by the database. So a thousand people may press the
button at once, in as many processes. What accounts and others say is counted apart; together they count for the number that is needed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from samen_core.api import ACCOUNT_ADDRESSES, Gone, Invalid, NotAllowed, NotFound, Text, UnitOfWork, _, current_language, seal, uuid7
from samen_doe_mee.events.ideas import IdeaSupported
from samen_doe_mee.models import ENDED_STATUSES, Idea, Voice
from samen_doe_mee.permissions import SUPPORT
from samen_doe_mee.schemas.support import GiveVoice
from samen_doe_mee.services.counting import add_voices, recount
from samen_doe_mee.services.idea_common import is_open, may_see, tell, term_of, today
from samen_doe_mee.services.idea_mails import ask_confirmation
from samen_doe_mee.services.idea_merging import doubles_of
from samen_doe_mee.services.reaching import reach
from samen_doe_mee.services.retention import UNCONFIRMED
from samen_doe_mee.services.taking_part import CONTACT_PURPOSE, unsealed_email
from samen_doe_mee.services.voice_keys import account_who, device_who, key_hash, known_as, mail_who, voice_key
from samen_doe_mee.settings import OPEN_SUPPORT

State = Literal["counted", "again", "mailed"]
_NOT_THERE = _("Deze link werkt niet (meer).")


def _insert(insert: Any) -> Any:
    return insert(Voice).on_conflict_do_nothing(index_elements=["idea_id", "who"]).returning(Voice.id)


_ADD: dict[str, Any] = {"postgresql": _insert(postgresql.insert), "sqlite": _insert(sqlite.insert)}


@dataclass(frozen=True, slots=True)
class Given:
    """What became of a voice: ``counted``, ``again`` (it was given before), or ``mailed`` (it counts once the mail is confirmed).

    ``code`` is the receipt code of who gave it without account and without mail, for them alone.
    """

    state: State
    voice_id: uuid.UUID | None = None
    code: str = ""


def give_voice(uow: UnitOfWork, idea_id: uuid.UUID, command: GiveVoice, *, device: str = "") -> Given:
    """Support an idea, once. ``device`` is the receipt code that the browser keeps, or a new one.

    Raises NotFound, NotAllowed, Gone (withdrawn, merged, ended or too late) and Invalid (no code and no address).
    """
    SUPPORT.require(uow.actor)
    idea = uow.session.get(Idea, idea_id)
    if idea is None or not may_see(uow, idea):
        raise NotFound
    require_open(uow, idea)
    if uow.actor.account_id is not None:
        return _of_account(uow, idea, command, device)
    if not open_support(uow):
        raise NotAllowed(_("Log in om een idee te steunen."), log_in=True)
    if device and supports(uow, idea_id, device):
        return Given("again")
    if command.email:
        return _by_mail(uow, idea, command)
    if not device_who(uow, device):
        raise Invalid({"email": [_("Vul uw e-mailadres in. Dan krijgt u een mail om uw steun te bevestigen.")]})
    id = _write(uow, idea, device_who(uow, device), "code", confirmed=True)
    if id is None:
        return Given("again", code=device)
    _counted(uow, idea, accounts=0, others=1)
    return Given("counted", id, device)


def give_own_voice(uow: UnitOfWork, idea: Idea) -> None:
    """Let the account that proposes an idea support it, when it is published: who comes with something is for it."""
    if uow.actor.account_id is None or uow.actor.account_id != idea.account_id:
        return
    if _write(uow, idea, account_who(uow, uow.actor.account_id), "account", confirmed=True) is not None:
        _counted(uow, idea, accounts=1, others=0)


def confirm_voice(uow: UnitOfWork, key: str) -> Given:
    """Let the voice count that was given with a mail address, at the key of the link in that mail. The same again changes nothing.

    When the address is of an account it becomes the voice of that account; one that this gave already stays the only one.
    Raises Gone for an unknown key, after 14 days, and for an idea that can no longer be supported.
    """
    voice = voice_at(uow, key, lock=True)
    if voice.confirmed_at is not None:
        return Given("again", voice.id)
    idea = uow.session.get_one(Idea, voice.idea_id)
    require_open(uow, idea)
    email = unsealed_email(uow, voice.email)
    account_id = _account_of(uow, email)
    if not voice.wants_news:
        voice.email = ""
    if account_id is not None and not become_account(uow, voice, account_id):
        return Given("again")
    voice.confirmed_at = uow.now
    uow.session.flush()
    of_account = voice.way == "account"
    _counted(uow, idea, accounts=int(of_account), others=int(not of_account))
    return Given("counted", voice.id)


def take_back(uow: UnitOfWork, idea_id: uuid.UUID, *, device: str = "", key: str = "") -> bool:
    """Take one's voice back: of the account, of the receipt code, or at the key of a mail; whether there was one. Raises NotFound."""
    if uow.session.get(Idea, idea_id) is None:
        raise NotFound
    mine: ColumnElement[bool] = Voice.who.in_(known_as(uow, device))
    if key:
        mine = Voice.code_hash == key_hash(uow.platform, key)
    gone = delete(Voice).where(Voice.idea_id == idea_id, mine).returning(Voice.who, Voice.way, Voice.confirmed_at)
    rows = uow.session.execute(gone.execution_options(synchronize_session="fetch")).all()
    if rows:
        _take_back_from_doubles(uow, idea_id, {row.who for row in rows})
    counted = [row.way == "account" for row in rows if row.confirmed_at is not None]
    if counted:
        add_voices(uow, idea_id, -sum(counted), -(len(counted) - sum(counted)))
        _told(uow, uow.session.get_one(Idea, idea_id))
    return bool(rows)


def _take_back_from_doubles(uow: UnitOfWork, idea_id: uuid.UUID, whos: set[str]) -> None:
    """Take back what the same people gave to the doubles of an idea: otherwise they support it again as soon as those are on their own."""
    doubles = doubles_of(uow, idea_id)
    if not doubles:
        return
    left = delete(Voice).where(Voice.idea_id.in_(doubles), Voice.who.in_(whos)).returning(Voice.idea_id)
    for double in sorted(set(uow.session.execute(left.execution_options(synchronize_session="fetch")).scalars())):
        recount(uow, double)


def supports(uow: UnitOfWork, idea_id: uuid.UUID, device: str = "") -> bool:
    """Whether the actor, or this device, supports it already. One statement; none for who can be neither."""
    return idea_id in supported_by(uow, [idea_id], device)


def supported_by(uow: UnitOfWork, idea_ids: Sequence[uuid.UUID], device: str = "") -> set[uuid.UUID]:
    """Which of these ideas the actor or this device supports. One statement; none for who can be neither."""
    who = known_as(uow, device)
    if not who or not idea_ids:
        return set()
    mine = select(Voice.idea_id).where(Voice.idea_id.in_(list(idea_ids)), Voice.who.in_(who), Voice.confirmed_at.is_not(None))
    return set(uow.session.execute(mine).scalars())


def own_ways(uow: UnitOfWork, idea_id: uuid.UUID, device: str = "") -> set[str]:
    """In which of ``SUPPORT_WAYS`` the actor or this device supports it. One statement; none for who can be neither."""
    who = known_as(uow, device)
    if not who:
        return set()
    mine = select(Voice.way).where(Voice.idea_id == idea_id, Voice.who.in_(who), Voice.confirmed_at.is_not(None))
    return set(uow.session.execute(mine).scalars())


def hear_news(uow: UnitOfWork, voice_id: uuid.UUID, *, wants: bool) -> None:
    """Get mail about an idea that one supports, or no longer: then the address goes too. The caller proved whose voice it is."""
    voice = uow.session.get(Voice, voice_id, with_for_update=True)
    if voice is None:
        raise NotFound
    voice.wants_news = wants
    if not wants:
        voice.email = ""
    uow.session.flush()


def voice_at(uow: UnitOfWork, key: str, *, lock: bool = False) -> Voice:
    """The voice at the key of a link in a mail. Raises Gone for an unknown one, and one that nobody confirmed in time."""
    statement = select(Voice).where(Voice.code_hash == key_hash(uow.platform, key[:80]))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    voice = uow.session.execute(statement).scalar_one_or_none()
    if voice is None or (voice.confirmed_at is None and voice.at < uow.now - UNCONFIRMED):
        raise Gone(_NOT_THERE)
    return voice


def open_support(uow: UnitOfWork) -> bool:
    """Whether the city lets people support without an account."""
    return bool(uow.platform.setting(OPEN_SUPPORT))


def require_open(uow: UnitOfWork, idea: Idea) -> None:
    """Raise Gone with the reason when an idea cannot be supported now."""
    if not is_open(idea, today(uow)):
        raise Gone(why_not(uow, idea))


def why_not(uow: UnitOfWork, idea: Idea) -> Text:
    """Why an idea cannot be supported now."""
    if idea.state == "merged":
        return _("Dit idee is samengevoegd met een ander idee. Steun dat idee.")
    if idea.state != "published":
        return _("Dit idee is er niet meer. U kunt het niet steunen.")
    if term_of(idea, today(uow)) == "expired":
        return _("De tijd om dit idee te steunen is voorbij.")
    if idea.status in ENDED_STATUSES:
        return _("Over dit idee is besloten. U kunt het niet meer steunen.")
    return _("U kunt dit idee nu niet steunen.")


def become_account(uow: UnitOfWork, voice: Voice, account_id: uuid.UUID) -> bool:
    """Make a voice that of an account; False when that account has one for this idea already. No counter changes.

    Then the voice is gone, unless it came along from a double: there it is the voice of the account once that is on its own again.
    """
    values = {"who": account_who(uow, account_id), "account_id": account_id, "way": "account", "email": ""}
    if _changed(uow, voice, values):
        return True
    home = {**values, "idea_id": voice.came_from_id, "came_from_id": None, "confirmed_at": voice.confirmed_at or uow.now}
    if voice.came_from_id is None or not _changed(uow, voice, home):
        uow.session.delete(voice)
        uow.session.flush()
    return False


def _changed(uow: UnitOfWork, voice: Voice, values: dict[str, Any]) -> bool:
    """Whether these values could be given to a voice: there is one of everybody for each idea."""
    change = update(Voice).where(Voice.id == voice.id).values(values).execution_options(synchronize_session="fetch")
    try:
        with uow.session.begin_nested():
            uow.session.execute(change)
    except IntegrityError:
        uow.session.expire(voice)
        return False
    return True


def _of_account(uow: UnitOfWork, idea: Idea, command: GiveVoice, device: str) -> Given:
    account_id = uow.actor.account_id
    if account_id is None:
        raise NotAllowed(log_in=True)
    claimed = _claim_here(uow, idea, account_id, device)
    id = None if claimed else _write(uow, idea, account_who(uow, account_id), "account", confirmed=True, wants_news=command.wants_news)
    if id is not None:
        _counted(uow, idea, accounts=1, others=0)
        return Given("counted", id)
    if command.wants_news:
        mine = update(Voice).where(Voice.idea_id == idea.id, Voice.who == account_who(uow, account_id))
        uow.session.execute(mine.values(wants_news=True).execution_options(synchronize_session="fetch"))
    return Given("counted" if claimed else "again")


def _claim_here(uow: UnitOfWork, idea: Idea, account_id: uuid.UUID, device: str) -> bool:
    """Make what this device or the address of the account said before the voice of the account: one person is one voice."""
    known = [device_who(uow, device)] if device else []
    address = select(ACCOUNT_ADDRESSES.c.email).where(ACCOUNT_ADDRESSES.c.id == account_id)
    if email := uow.session.execute(address).scalar_one_or_none():
        known.append(mail_who(uow, email))
    before = select(Voice).where(Voice.idea_id == idea.id, Voice.who.in_(known)).with_for_update()
    changed = False
    for voice in uow.session.execute(before).scalars().all():
        was_counted = voice.confirmed_at is not None
        became = become_account(uow, voice, account_id)
        if became:
            voice.confirmed_at = voice.confirmed_at or uow.now
            uow.session.flush()
        if became or was_counted:
            add_voices(uow, idea.id, int(became), -int(was_counted))
        changed = changed or became
    if changed:
        _told(uow, idea)
        reach(uow, idea)
    return changed


def _by_mail(uow: UnitOfWork, idea: Idea, command: GiveVoice) -> Given:
    """Keep the voice and mail the link; of an address that supports it already the link leads to where that can be taken back."""
    who = mail_who(uow, command.email)
    _write(uow, idea, who, "mail", confirmed=False, email=command.email, wants_news=command.wants_news)
    voice = uow.session.execute(select(Voice).where(Voice.idea_id == idea.id, Voice.who == who)).scalar_one()
    if voice.confirmed_at is None:
        # Asked again: the days to confirm begin anew.
        voice.at, voice.wants_news = uow.now, command.wants_news
        uow.session.flush()
    ask_confirmation(uow, idea, voice, command.email)
    return Given("mailed", voice.id)


def _write(
    uow: UnitOfWork, idea: Idea, who: str, way: str, *, confirmed: bool, email: str = "", wants_news: bool = False
) -> uuid.UUID | None:
    """Store a voice; None when there is one of the same already."""
    id = uuid7()
    row = {
        "id": id,
        "idea_id": idea.id,
        "way": way,
        "who": who,
        "account_id": uow.actor.account_id if way == "account" else None,
        "email": seal(uow.platform.config.secret_key, CONTACT_PURPOSE, email, uow.now) if email else "",
        "wants_news": wants_news,
        "language": current_language(),
        "code_hash": key_hash(uow.platform, voice_key(uow.platform, id)),
        "at": uow.now,
        "confirmed_at": uow.now if confirmed else None,
    }
    connection = uow.session.connection()
    return id if connection.execute(_ADD[connection.dialect.name], row).first() is not None else None


def _counted(uow: UnitOfWork, idea: Idea, *, accounts: int, others: int) -> None:
    """Count a new voice, tell of it, and see whether it was the last that was needed. Raises Gone when the idea ended just before."""
    if not add_voices(uow, idea.id, accounts, others, if_open=True):
        uow.session.refresh(idea)
        raise Gone(why_not(uow, idea))
    _told(uow, idea)
    reach(uow, idea)


def _told(uow: UnitOfWork, idea: Idea) -> None:
    # Who it was is nobody's business, but kept pages must notice.
    uow.record(IdeaSupported.type, idea.id, after={"supports": idea.supports, "open_supports": idea.open_supports})
    tell(uow, IdeaSupported, idea)


def _account_of(uow: UnitOfWork, email: str) -> uuid.UUID | None:
    """The account that proved this address; for counting alone, nobody is told whether there is one."""
    if not email:
        return None
    known = select(ACCOUNT_ADDRESSES.c.id).where(ACCOUNT_ADDRESSES.c.email == email.strip().lower())
    return uow.session.execute(known).scalar_one_or_none()
