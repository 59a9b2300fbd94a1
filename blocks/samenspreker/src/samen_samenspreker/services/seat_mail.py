"""The mails about seats. Each goes to one person and shows no address of another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from citycontent.api import Organization
from samen_core.api import ACCOUNT_ADDRESSES, Message, Text, UnitOfWork, _, page_address, queue_mail
from samen_samenspreker.labels import ROLE_LABELS
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.paths import INVITATION, table
from samen_samenspreker.texts import Day

_LINK = _("Op deze pagina leest u wat het inhoudt. Daar zegt u ook ja of nee:")
_NO_ACCOUNT = _("Nee zeggen kan zonder account. Zegt u ja, dan maakt u een account met dit e-mailadres, of u logt in.")


def offered(uow: UnitOfWork, question: Question, seat: Seat, token: str, until: datetime, *, reminder: bool = False) -> None:
    """To who is asked for a seat."""
    subject = _("Herinnering: wilt u een stoel aan tafel?") if reminder else _("Wilt u een stoel aan tafel?")
    greeting = _("Beste {name},", name=seat.holder_name) if seat.holder_name else _("Hallo,")
    body: list[Text | str] = [
        greeting,
        _("{city} nodigt u uit om mee te praten over deze vraag:", city=uow.platform.config.city.name),
        f"“{question.title}”",
        *_whose(uow, seat),
    ]
    if seat.responsibility:
        body += [_("Dit wordt van u gevraagd:"), seat.responsibility]
    body += [_LINK, _address(uow, token, seat.language), _valid(until), _NO_ACCOUNT, uow.platform.config.city.name]
    queue_mail(uow, Message(seat.email, subject, tuple(body), seat.language))


def alternate_asked(uow: UnitOfWork, question: Question, seat: Seat, token: str, until: datetime) -> None:
    """To who is asked to sit in. The address was typed by a participant, so no words of that participant go with it."""
    language = seat.language
    body = (
        _("Hallo,"),
        _("Iemand die meepraat over deze vraag van de stad wil u als vervanger:"),
        f"“{question.title}”",
        _("Een vervanger gaat naar een bijeenkomst als de ander niet kan."),
        _LINK,
        _address(uow, token, language),
        _valid(until),
        _NO_ACCOUNT,
        uow.platform.config.city.name,
    )
    queue_mail(uow, Message(seat.alternate_email, _("Wilt u iemand aan tafel vervangen?"), body, language))


def alternate_answered(uow: UnitOfWork, question: Question, seat: Seat, *, accepted: bool) -> None:
    """To the holder: what the alternate said."""
    accounts = ACCOUNT_ADDRESSES.c
    holder = uow.session.execute(select(accounts.email, accounts.language).where(accounts.id == seat.account_id)).one_or_none()
    if holder is None or not seat.wants_mail:
        return
    said = _("Wie u vroeg als vervanger, heeft ja gezegd.") if accepted else _("Wie u vroeg als vervanger, heeft nee gezegd.")
    body = (
        said,
        _("Het gaat om uw stoel aan tafel bij deze vraag: “{title}”.", title=question.title),
        _("Uw stoel vindt u hier:"),
        page_address(uow.platform, table(question.slug, f"tafel/stoel/{seat.id}"), holder.language),
    )
    queue_mail(uow, Message(holder.email, _("Antwoord van uw vervanger aan tafel"), body, holder.language))


def _whose(uow: UnitOfWork, seat: Seat) -> list[Text | str]:
    role = ROLE_LABELS[seat.role]
    name = seat.title
    if seat.organization_id is not None:
        name = uow.session.execute(select(Organization.name).where(Organization.id == seat.organization_id)).scalar_one()
    if name:
        return [_("Uw stoel is voor: {seat}. Uw rol: {role}.", seat=name, role=role)]
    return [_("Uw rol: {role}.", role=role)]


def _valid(until: datetime) -> Text:
    return _("De link werkt tot en met {day}, en één keer.", day=Day(until.date()))


def _address(uow: UnitOfWork, token: str, language: str) -> str:
    return page_address(uow.platform, f"{INVITATION}/{token}", language)
