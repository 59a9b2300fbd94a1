"""Changing the texts of a city: every change is a version that stays, so that nothing is ever lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import Row, bindparam, event, func, insert, select
from sqlalchemy.exc import IntegrityError

from samen_core.accounts.lookup import ACCOUNT_ADDRESSES
from samen_core.accounts.models import User
from samen_core.errors import Conflict, Invalid, NotFound
from samen_core.i18n import Text, _
from samen_core.mail.queue import MAX_SUBJECT, Message, queue
from samen_core.pagination import Order, Page, PageRequest, SortKey, fetch_page
from samen_core.permissions import MANAGE
from samen_core.texts.declared import ManagedText, Wording, languages, wrong_placeholders
from samen_core.texts.filling import example_values, fill_mail
from samen_core.texts.models import TextVersion

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork

MAX_LINE, MAX_BODY = 300, 8000
_T = TextVersion.__table__.c
_LAST = select(_T.key, _T.language, func.max(_T.version).label("version")).group_by(_T.key, _T.language).subquery("last")
_CURRENT: Any = select(_T.key, _T.language, _T.version, _T.subject, _T.body, _T.at).join(
    _LAST, (_LAST.c.key == _T.key) & (_LAST.c.language == _T.language) & (_LAST.c.version == _T.version)
)
_ONE: Any = (
    select(_T.version, _T.subject, _T.body, _T.at)
    .where(_T.key == bindparam("key"), _T.language == bindparam("language"))
    .order_by(_T.version.desc())
    .limit(1)
)
_HISTORY: Any = (
    select(_T.version, _T.subject, _T.body, _T.at, User.display_name, _T.changed_by_id)
    .select_from(TextVersion.__table__.outerjoin(User.__table__, User.__table__.c.id == _T.changed_by_id))
    .where(_T.key == bindparam("text_key"), _T.language == bindparam("text_language"))
)
_NEWEST = Order("version", SortKey(_T.version, descending=True))


@dataclass(frozen=True, slots=True)
class ChangeText:
    """Other words for a text, from who saw ``version`` of it (0: never changed)."""

    key: str
    language: str
    subject: str
    body: str
    version: int


@dataclass(frozen=True, slots=True)
class TextNow:
    """A text as it is now: its version (0: never changed), its words, and since when the city says it in its own."""

    text: ManagedText
    language: str
    version: int
    wording: Wording
    default: Wording
    changed_at: datetime | None

    @property
    def is_default(self) -> bool:
        """Whether the default counts."""
        return self.changed_at is None


def text_now(uow: UnitOfWork, key: str, language: str) -> TextNow:
    """A text in one language, past the memory of this process. Raises NotAllowed, and NotFound for a text or language that is not there."""
    MANAGE.require(uow.actor)
    text = _declared(uow, key, language)
    default = text.default(uow.platform.translations, language)
    row = uow.session.execute(_ONE, {"key": key, "language": language}).one_or_none()
    if row is None or row.body is None:
        return TextNow(text, language, row.version if row else 0, default, default, None)
    return TextNow(text, language, row.version, Wording(row.subject, row.body), default, row.at)


def stored_texts(uow: UnitOfWork) -> Sequence[Row[Any]]:
    """Every text that the city has in its own words: key, language, version, subject, body, at. One statement. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    rows: Sequence[Row[Any]] = uow.session.execute(_CURRENT.where(_T.body.is_not(None)).order_by(_T.key, _T.language)).all()
    return rows


def history(uow: UnitOfWork, key: str, language: str, request: PageRequest) -> Page[Row[Any]]:
    """The versions of a text, newest first, each with who made it. Raises NotAllowed and NotFound."""
    MANAGE.require(uow.actor)
    _declared(uow, key, language)
    return fetch_page(uow.session, _HISTORY, _NEWEST, request, {"text_key": key, "text_language": language}, keep=True)


def version_before(uow: UnitOfWork, now: TextNow, version: int) -> Wording:
    """The words that counted before a version. Raises NotAllowed."""
    MANAGE.require(uow.actor)
    row = uow.session.get(TextVersion, (now.text.key, now.language, version - 1))
    return now.default if row is None or row.body is None else Wording(row.subject, row.body)


def check_wording(text: ManagedText, wording: Wording) -> None:
    """Raise Invalid with everything that is wrong with these words (fields ``subject`` and ``body``)."""
    errors: dict[str, list[Text]] = {}
    unknown, missing, in_subject = wrong_placeholders(text, wording)
    known = ", ".join(f"{{{name}}}" for name in text.by_name)
    errors["body"] = [_("Hier kunnen wij niets invullen: {name}. Wel kan: {known}.", name=f"{{{name}}}", known=known) for name in unknown]
    errors["body"] += [_("Dit moet in de tekst blijven staan: {name}.", name=f"{{{name}}}") for name in missing]
    most = MAX_LINE if text.line else MAX_BODY
    if len(wording.body) > most:
        errors["body"] += [_("Dit is te lang: gebruik hoogstens {max} tekens.", max=most)]
    if not wording.body and text.body:
        errors["body"] = [_("Vul een tekst in, of zet de standaardtekst terug.")]
    if text.subject is not None:
        if not wording.subject:
            errors["subject"] = [_("Vul een onderwerp in.")]
        elif in_subject or "@" in wording.subject or len(wording.subject) > MAX_SUBJECT:
            errors["subject"] = [
                _(
                    "Zet in het onderwerp geen gegevens van de ontvanger en geen mailadres: anderen kunnen het zien. Alleen {city} mag.",
                    city="{city}",
                )
            ]
    if errors := {name: texts for name, texts in errors.items() if texts}:
        raise Invalid(errors)


def change_text(uow: UnitOfWork, command: ChangeText) -> TextNow:
    """Say a text in other words; words that are those of the default put the default back.

    Raises NotAllowed, NotFound, Invalid with all errors at once, and Conflict with the words now when somebody else was first.
    """
    now = text_now(uow, command.key, command.language)
    wording = tidy_wording(now.text, command.subject, command.body)
    check_wording(now.text, wording)
    if now.version != command.version:
        _refuse(now)
    if wording != now.wording:
        _store(uow, now, None if wording == now.default else wording)
    return text_now(uow, command.key, command.language)


def put_back(uow: UnitOfWork, key: str, language: str, number: int, version: int) -> TextNow:
    """Make version ``number`` count again (0: the default), as a new version.

    Raises NotAllowed, NotFound, Conflict, and Invalid for words that can no longer be filled in.
    """
    now = text_now(uow, key, language)
    if now.version != version:
        raise Conflict(_("Iemand anders heeft deze tekst intussen gewijzigd. Kijk eerst wat er nu staat."), version=now.version)
    row = uow.session.get(TextVersion, (key, language, number)) if number else None
    if number and row is None:
        raise NotFound(_("Deze versie bestaat niet."))
    wording = Wording(row.subject, row.body) if row and row.body is not None else None
    if wording:
        check_wording(now.text, wording)
    if (wording or now.default) != now.wording:
        _store(uow, now, wording)
    return text_now(uow, key, language)


def send_test(uow: UnitOfWork, now: TextNow, wording: Wording) -> str:
    """Mail these words with example values to the manager's own address, which is returned.

    Raises NotAllowed, Invalid, and NotFound for who has no address.
    """
    MANAGE.require(uow.actor)
    check_wording(now.text, wording)
    account = ACCOUNT_ADDRESSES.c
    address = uow.session.execute(select(account.email).where(account.id == uow.actor.account_id)).scalar_one_or_none()
    if not address:
        raise NotFound(_("Uw account heeft geen e-mailadres."))
    subject, body = fill_mail(uow.platform, now.text, wording, now.language, example_values(now.text))
    with uow.platform.translations.use(now.language):
        marked = str(_("Test: {subject}", subject=subject))[:MAX_SUBJECT]
    queue(uow, Message(address, marked, body, now.language))
    uow.record("core.text.tested", after={"key": now.text.key, "language": now.language})
    return str(address)


def tidy_wording(text: ManagedText, subject: str, body: str) -> Wording:
    """Words as they are stored: without white space around them and, where there is but one line, in it."""
    return Wording(_one_line(subject), _tidy(body, line=text.line))


def _declared(uow: UnitOfWork, key: str, language: str) -> ManagedText:
    text = uow.platform.texts.declared.get(key)
    if text is None or language not in languages(uow.platform.config.city.languages):
        raise NotFound(_("Deze tekst bestaat niet."))
    return text


def _store(uow: UnitOfWork, now: TextNow, wording: Wording | None) -> None:
    """Add a version: ``None`` is the default. Raises Conflict when another did so at the same moment."""
    key, language, version = now.text.key, now.language, now.version + 1
    row = {"subject": wording.subject if wording else "", "body": wording.body if wording else None}
    values = {"key": key, "language": language, "version": version, **row, "at": uow.now, "changed_by_id": uow.actor.account_id}
    try:
        with uow.session.begin_nested():
            uow.session.execute(insert(TextVersion).values(values))
    except IntegrityError:
        _refuse(text_now(uow, key, language))
    told = {"key": key, "language": language, "version": version}
    before = {"subject": now.wording.subject, "body": now.wording.body}
    uow.record("core.text.changed", before=before, after={**told, **row})
    event.listen(uow.session, "after_commit", lambda _session: uow.platform.texts.forget(), once=True)


def _refuse(now: TextNow) -> NoReturn:
    raise Conflict(current={"subject": now.wording.subject, "body": now.wording.body}, version=now.version)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tidy(text: str, *, line: bool) -> str:
    if line:
        return _one_line(text)
    return "\n".join(part.rstrip() for part in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip()
