"""Requests that come in over GeoReport v2, and the tokens of those that wait for their reporter (open311.md §2.5, §2.6)."""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, validate
from sqlalchemy import select

from samen_core.api import FileValue, Invalid, NotFound, Platform, Text, UnitOfWork, _, anonymous, format_date, keyed_hash, without_bad
from samen_oog_oor.georeport import read_link, read_number
from samen_oog_oor.models import Case, Signal
from samen_oog_oor.models.base import TITLE_LENGTH
from samen_oog_oor.models.signal import TEXT_LENGTH
from samen_oog_oor.queries.categories import CategoryView, category_tree
from samen_oog_oor.schemas.receiving import Contact, ReceiveSignal, SignalPlace
from samen_oog_oor.services.answers import answers_from_open311
from samen_oog_oor.services.forwarding import FORWARDED, keep_here
from samen_oog_oor.services.keys import KeyUse, note_use
from samen_oog_oor.services.open311_lists import service
from samen_oog_oor.services.receiving import Received, receive_signal

Fields = Mapping[str, Sequence[str]]
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,80})\](?:\[\d{0,3}\])?")
_TOKEN = re.compile(r"([0-9a-f]{32})([0-9a-f]{16})")
_ONCE = 47
"""So many characters of an Idempotency-Key stand beside the key of the sender."""
_NAMES = {"category_id": "service_code", "text": "description", "place": "lat", "contact.email": "email", "files": "media", "lon": "long"}
_LIMITS = {
    "description": TEXT_LENGTH,
    "address_string": TITLE_LENGTH,
    "email": 254,
    "first_name": 80,
    "last_name": 80,
    "phone": 40,
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody sent: the fields of the form by name, pictures that were stored, and the Idempotency-Key."""

    fields: Fields
    files: tuple[FileValue, ...] = ()
    once: str = ""

    def one(self, name: str) -> str:
        """The last value of a field, without spaces around it; empty when it is not there."""
        given = self.fields.get(name) or [""]
        return given[-1].strip()


def receive_request(uow: UnitOfWork, key: KeyUse, sent: Sent) -> dict[str, Any]:
    """Take in a request that came with this key; what is answered.

    Raises NotFound for an unknown service, and Invalid with everything that is wrong by the names of the standard.
    """
    note_use(uow, key.id)
    category = _category(uow, sent)
    command = _command(category, sent, key)
    try:
        with uow.acting(anonymous("rest")):
            received = receive_signal(uow, command)
    except Invalid as error:
        raise Invalid({_name(name): texts for name, texts in error.errors.items()}) from None
    if not received.again:
        uow.record("oog_oor.signal.over_open311", received.case.id, after={"key": str(key.id)})
        if sent.once.startswith(FORWARDED):
            keep_here(uow, received.case)
    return _answer(uow.platform, category, received)


def request_of_token(uow: UnitOfWork, token: str) -> dict[str, Any]:
    """What became of a request that waited. Raises NotFound for an unknown token, and while its reporter did not confirm it."""
    found = _TOKEN.fullmatch(token)
    if found is None or not hmac.compare_digest(token_of(uow.platform, uuid.UUID(found[1])), token):
        raise NotFound(_("Dit token is onbekend."))
    statement = select(Case.number, Case.confidential, Signal.confirmed_at).join(Signal, Signal.case_id == Case.id)
    row = uow.session.execute(statement.where(Signal.id == uuid.UUID(found[1]))).one_or_none()
    if row is not None and row.confirmed_at is None:
        raise NotFound(_("Deze melding wacht nog: de melder heeft de mail nog niet bevestigd. Probeer het later opnieuw."))
    if row is None or row.confidential:
        raise NotFound(_("Dit token is onbekend."))
    return {"service_request_id": row.number, "token": token}


def token_of(platform: Platform, signal_id: uuid.UUID) -> str:
    """The token of a signal, which only this installation can make."""
    return signal_id.hex + keyed_hash(platform, "oog_oor.token", signal_id.hex)[:16]


def _category(uow: UnitOfWork, sent: Sent) -> CategoryView:
    code = sent.one("service_code")
    if not code:
        raise Invalid({"service_code": [_("service_code ontbreekt.")]})
    category = service(category_tree(uow), code)
    if category is None:
        raise NotFound(_("service_code {code} is onbekend.", code=code[:80]))
    return category


def _command(category: CategoryView, sent: Sent, key: KeyUse) -> ReceiveSignal:
    errors = _wrong_texts(sent)
    place: SignalPlace | None = None
    try:
        place = _place(sent)
    except Invalid as error:
        errors |= error.errors
    if errors:
        raise Invalid(errors)
    return ReceiveSignal(
        category_id=category.id,
        text=sent.one("description") or category.name,
        link=sent.one("media_url"),
        answers=answers_from_open311(category, _attributes(sent.fields)),
        place=place,
        contact=Contact(
            name=" ".join(part for part in (sent.one("first_name"), sent.one("last_name")) if part),
            email=sent.one("email"),
            phone=sent.one("phone"),
        ),
        channel="open311",
        files=sent.files,
        idempotency_key=_once(key, sent.once),
    )


def _wrong_texts(sent: Sent) -> dict[str, list[Text]]:
    errors: dict[str, list[Text]] = {}
    for name, values in sent.fields.items():
        if any(without_bad(value) != value for value in (name, *values)):
            errors[without_bad(name[:80], "?")] = [_("Hierin staan tekens die niet kunnen.")]
    for name, most in _LIMITS.items():
        if len(sent.one(name)) > most:
            errors[name] = [_("Schrijf hoogstens {max} tekens.", max=most)]
    try:
        if sent.one("email"):
            validate.Email()(sent.one("email"))
    except ValidationError:
        errors["email"] = [_("Dit is geen e-mailadres.")]
    try:
        if sent.one("media_url"):
            read_link(sent.one("media_url"), "media_url")
    except Invalid as error:
        errors |= error.errors
    return errors


def _place(sent: Sent) -> SignalPlace:
    """Where it is. Raises Invalid without a place, and for half a point."""
    lat, long = sent.one("lat"), sent.one("long")
    if bool(lat) != bool(long):
        raise Invalid({"long" if lat else "lat": [_("Stuur lat en long samen.")]})
    if not (lat or sent.one("address_string") or sent.one("address_id")):
        raise Invalid({"lat": [_("Stuur lat en long mee, of address_string, of address_id.")]})
    return SignalPlace(
        lat=read_number(lat, "lat", -90, 90) if lat else None,
        lon=read_number(long, "long", -180, 180) if long else None,
        address=sent.one("address_string"),
        address_id=sent.one("address_id") or None,
    )


def _attributes(fields: Fields) -> dict[str, list[str]]:
    """The values of ``attribute[CODE]``, ``attribute[CODE][]`` and repeated ones, by code."""
    found: dict[str, list[str]] = {}
    for name, values in fields.items():
        if match := _ATTRIBUTE.fullmatch(name):
            found.setdefault(match[1], []).extend(values)
    return found


def _once(key: KeyUse, once: str) -> str | None:
    """What is sent again with the same Idempotency-Key and key counts once."""
    if not once:
        return None
    return f"{key.id.hex}:{once if len(once) <= _ONCE else hashlib.sha256(once.encode()).hexdigest()[:_ONCE]}"


def _name(name: str) -> str:
    return f"attribute[{name.split('.')[1]}]" if name.startswith("answers.") else _NAMES.get(name, name)


def _answer(platform: Platform, category: CategoryView, received: Received) -> dict[str, Any]:
    if received.signal.confirmed_at is None:
        notice = _("Wie dit meldde, kreeg een mail. De melding telt zodra die is bevestigd.")
        return {"token": token_of(platform, received.signal.id), "service_notice": str(notice), "account_id": None}
    promised = received.case.promised_on
    notice = _("Uiterlijk {day} is er bericht.", day=format_date(promised)) if promised else _("De melding is binnen.")
    return {"service_request_id": received.case.number, "service_notice": category.promise or str(notice), "account_id": None}
