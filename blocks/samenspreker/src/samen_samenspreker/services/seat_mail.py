"""The mails about seats. Each goes to one person and shows no address of another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from citycontent.api import Organization
from samen_core.api import ACCOUNT_ADDRESSES, Text, UnitOfWork, _, managed_mail, page_address, queue_mail
from samen_samenspreker import managed_texts
from samen_samenspreker.labels import ROLE_LABELS
from samen_samenspreker.models import Question, Seat
from samen_samenspreker.paths import INVITATION, table
from samen_samenspreker.texts import Day


def offered(uow: UnitOfWork, question: Question, seat: Seat, token: str, until: datetime, *, reminder: bool = False) -> None:
    """To who is asked for a seat."""
    values = {
        "greeting": _("Beste {name},", name=seat.holder_name) if seat.holder_name else _("Hallo,"),
        "title": question.title,
        "seat": _whose(uow, seat),
        "asked": (_("Dit wordt van u gevraagd:"), seat.responsibility) if seat.responsibility else "",
        "link": _address(uow, token, seat.language),
        "day": Day(until.date()),
    }
    key = managed_texts.SEAT_AGAIN if reminder else managed_texts.SEAT
    queue_mail(uow, managed_mail(uow, key, seat.email, seat.language, values))


def alternate_asked(uow: UnitOfWork, question: Question, seat: Seat, token: str, until: datetime) -> None:
    """To who is asked to sit in. The address was typed by a participant, so no words of that participant go with it."""
    values = {"title": question.title, "link": _address(uow, token, seat.language), "day": Day(until.date())}
    queue_mail(uow, managed_mail(uow, managed_texts.ALTERNATE, seat.alternate_email, seat.language, values))


def alternate_answered(uow: UnitOfWork, question: Question, seat: Seat, *, accepted: bool) -> None:
    """To the holder: what the alternate said."""
    accounts = ACCOUNT_ADDRESSES.c
    holder = uow.session.execute(select(accounts.email, accounts.language).where(accounts.id == seat.account_id)).one_or_none()
    if holder is None or not seat.wants_mail:
        return
    said = _("Wie u vroeg als vervanger, heeft ja gezegd.") if accepted else _("Wie u vroeg als vervanger, heeft nee gezegd.")
    link = page_address(uow.platform, table(question.slug, f"tafel/stoel/{seat.id}"), holder.language)
    values = {"answer": said, "title": question.title, "link": link}
    queue_mail(uow, managed_mail(uow, managed_texts.ALTERNATE_ANSWER, holder.email, holder.language, values))


def _whose(uow: UnitOfWork, seat: Seat) -> Text:
    role = ROLE_LABELS[seat.role]
    name = seat.title
    if seat.organization_id is not None:
        name = uow.session.execute(select(Organization.name).where(Organization.id == seat.organization_id)).scalar_one()
    if name:
        return _("Uw stoel is voor: {seat}. Uw rol: {role}.", seat=name, role=role)
    return _("Uw rol: {role}.", role=role)


def _address(uow: UnitOfWork, token: str, language: str) -> str:
    return page_address(uow.platform, f"{INVITATION}/{token}", language)
