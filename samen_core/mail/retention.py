"""What the mail queue does not keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, update

from samen_core.db.unit_of_work import UnitOfWork
from samen_core.i18n import _
from samen_core.mail.models import QueuedMail
from samen_core.mail.queue import EMPTY
from samen_core.privacy.retention import RetentionRule, count_due, let_go

SENDING_PERIOD = timedelta(days=7)
"""How long an unsent mail keeps its address and text."""

ROW_PERIOD = timedelta(days=30)
_MAIL: Any = QueuedMail.__table__


def _unsent(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_MAIL.c.state == "queued", _MAIL.c.at < uow.now - SENDING_PERIOD)


def _old(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_MAIL.c.state != "queued", _MAIL.c.at < uow.now - ROW_PERIOD)


def _give_up(uow: UnitOfWork, limit: int) -> int:
    return let_go(uow, update(_MAIL).values(state="expired", **EMPTY), _unsent(uow), limit)


RULES = (
    RetentionRule(
        "core.unsent_mail",
        _("Mail die niet te bezorgen is: adres en tekst"),
        _("zeven dagen na het klaarzetten"),
        due=lambda uow: count_due(uow, _MAIL.c.at, _unsent(uow)),
        apply=_give_up,
        terms=(SENDING_PERIOD,),
    ),
    RetentionRule(
        "core.mail",
        _("Dat er een mail is gestuurd, zonder adres en tekst"),
        _("30 dagen na het klaarzetten"),
        due=lambda uow: count_due(uow, _MAIL.c.at, _old(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_MAIL), _old(uow), limit),
        terms=(ROW_PERIOD,),
    ),
)
"""The rules of the mail queue."""
