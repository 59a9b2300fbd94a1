"""What the city database does not keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, update

from citycontent.models import Person
from samen_core.api import RetentionRule, UnitOfWork, _, count_due, let_go

TERM = timedelta(days=365)
_PERSON: Any = Person.__table__
_CONTACT = ("email", "phone", "homepage")


def _left(uow: UnitOfWork) -> ColumnElement[bool]:
    known = or_(*(_PERSON.c[name] != "" for name in _CONTACT))
    return and_(_PERSON.c.state == "deleted", _PERSON.c.updated_at < uow.now - TERM, known)


def _forget_contact(uow: UnitOfWork, limit: int) -> int:
    nothing = {**dict.fromkeys(_CONTACT, ""), "links": [], "version": _PERSON.c.version + 1}
    return let_go(uow, update(_PERSON).values(nothing), _left(uow), limit)


RULES = (
    RetentionRule(
        "citycontent.contact",
        _("Contactgegevens van personen die zijn weggehaald"),
        _("een jaar nadat iemand is weggehaald"),
        due=lambda uow: count_due(uow, _PERSON.c.updated_at, _left(uow)),
        apply=_forget_contact,
        terms=(TERM,),
    ),
)
