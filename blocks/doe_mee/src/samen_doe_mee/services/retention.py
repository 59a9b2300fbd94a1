"""Letting go of who proposed, supported and took part: the terms.

When a term starts: for an idea when it ended, and for one that nobody ended a year after its last step or its last day; for a plan when it
was finished, and for one that nobody finished a year after its last round; for a meeting when it was over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from citycontent.api import Event
from samen_core.api import CITY_TIME_ZONE, Due, RetentionRule, UnitOfWork, _, count_due, let_go
from samen_doe_mee.models import Activity as PlanActivity
from samen_doe_mee.models import CoInitiator, HalfFilled, Idea, IdeaNews, Plan, PollVote, Registration, TookPart, Trace, Voice
from samen_doe_mee.settings import KEEP_CONTACT_DAYS, KEEP_IDEA_DAYS, KEEP_PLAN_DAYS, KEEP_REGISTRATION_DAYS, TRACE_DAYS, number

UNCONFIRMED = timedelta(days=14)
"""So long something waits to be confirmed by mail: the address may be that of somebody who knows nothing of it."""
INVITED = timedelta(days=30)
HALF_FILLED = timedelta(days=14)
WITHOUT_END = timedelta(days=365)
"""Where nobody says that an idea or plan ended, the terms run from a year after the last that happened to it."""
_I: Any = Idea.__table__
_N: Any = IdeaNews.__table__
_C: Any = CoInitiator.__table__
_V: Any = Voice.__table__
_T: Any = TookPart.__table__
_P: Any = PollVote.__table__
_R: Any = Registration.__table__
_O: Any = Trace.__table__
_H: Any = HalfFilled.__table__


def _ended_ideas(uow: UnitOfWork, key: str) -> ColumnElement[bool]:
    before = uow.now - timedelta(days=number(uow, key))
    quiet = before - WITHOUT_END
    last = func.coalesce(_I.c.status_at, _I.c.published_at, _I.c.created_at)
    run_out = or_(_I.c.ends_on.is_(None), _I.c.ends_on < quiet.astimezone(CITY_TIME_ZONE).date())
    return or_(_I.c.ended_at < before, and_(_I.c.ended_at.is_(None), last < quiet, run_out))


def _ideas_over(uow: UnitOfWork, key: str) -> Any:
    return select(_I.c.id).where(_ended_ideas(uow, key))


def _plans_over(uow: UnitOfWork, key: str) -> Any:
    before = uow.now - timedelta(days=number(uow, key))
    unfinished = and_(Plan.finished_at.is_(None), func.coalesce(Plan.closes_at, Plan.created_at) < before - WITHOUT_END)
    return select(Plan.id).where(or_(Plan.finished_at < before, unfinished))


def _named_ideas(uow: UnitOfWork) -> ColumnElement[bool]:
    named = or_(_I.c.author_name != "", _I.c.account_id.is_not(None), _I.c.key_hash.is_not(None))
    return and_(_ended_ideas(uow, KEEP_IDEA_DAYS), named)


def _news(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_N.c.account_id.is_not(None), _N.c.idea_id.in_(_ideas_over(uow, KEEP_IDEA_DAYS)))


def _team(uow: UnitOfWork) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _C.c.idea_id.in_(_ideas_over(uow, KEEP_IDEA_DAYS))
    return found


def _due_ideas(uow: UnitOfWork) -> Due:
    return _together(
        count_due(uow, _I.c.created_at, _named_ideas(uow)),
        count_due(uow, _N.c.at, _news(uow)),
        count_due(uow, _C.c.invited_at, _team(uow)),
    )


def _forget_ideas(uow: UnitOfWork, limit: int) -> int:
    """Who proposed it, who wrote its news, who carried it; what it says stays."""
    nothing = {"author_name": "", "account_id": None, "key_hash": None, "version": _I.c.version + 1}
    gone = let_go(uow, update(_I).values(nothing), _named_ideas(uow), limit)
    gone += let_go(uow, update(_N).values(account_id=None, version=_N.c.version + 1), _news(uow), limit)
    return gone + let_go(uow, delete(_C), _team(uow), limit)


def _idea_mails(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_I.c.email != "", _ended_ideas(uow, KEEP_CONTACT_DAYS))


def _voice_mails(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_V.c.email != "", _V.c.idea_id.in_(_ideas_over(uow, KEEP_CONTACT_DAYS)))


def _result_mails(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_T.c.email != "", _T.c.plan_id.in_(_plans_over(uow, KEEP_CONTACT_DAYS)))


def _due_contact(uow: UnitOfWork) -> Due:
    return _together(
        count_due(uow, _I.c.created_at, _idea_mails(uow)),
        count_due(uow, _V.c.at, _voice_mails(uow)),
        count_due(uow, _T.c.at, _result_mails(uow)),
    )


def _forget_contact(uow: UnitOfWork, limit: int) -> int:
    gone = let_go(uow, update(_I).values(email="", version=_I.c.version + 1), _idea_mails(uow), limit)
    gone += let_go(uow, update(_V).values(email="", wants_news=False), _voice_mails(uow), limit)
    return gone + let_go(uow, update(_T).values(email="", email_hash="", wants_result=False), _result_mails(uow), limit)


def _unconfirmed_voices(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_V.c.confirmed_at.is_(None), _V.c.at < uow.now - UNCONFIRMED)


def _unconfirmed_registrations(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_R.c.state == "unconfirmed", _R.c.at < uow.now - UNCONFIRMED)


def _unconfirmed_ideas(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_I.c.state == "unconfirmed", _I.c.created_at < uow.now - UNCONFIRMED, _I.c.text != "")


def _due_unconfirmed(uow: UnitOfWork) -> Due:
    return _together(
        count_due(uow, _V.c.at, _unconfirmed_voices(uow)),
        count_due(uow, _R.c.at, _unconfirmed_registrations(uow)),
        count_due(uow, _I.c.created_at, _unconfirmed_ideas(uow)),
    )


def _forget_unconfirmed(uow: UnitOfWork, limit: int) -> int:
    """All of what never counted."""
    from samen_doe_mee.services.idea_forgetting import forget_idea

    gone = let_go(uow, delete(_V), _unconfirmed_voices(uow), limit)
    gone += let_go(uow, delete(_R), _unconfirmed_registrations(uow), limit)
    found = uow.session.execute(select(Idea).where(_unconfirmed_ideas(uow)).order_by(Idea.id).limit(limit)).scalars().all()
    for idea in found:
        forget_idea(uow, idea)
    return gone + len(found)


def _invitations(uow: UnitOfWork) -> ColumnElement[bool]:
    return and_(_C.c.accepted_at.is_(None), _C.c.invited_at < uow.now - INVITED)


def _voices(uow: UnitOfWork) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _V.c.idea_id.in_(_ideas_over(uow, KEEP_IDEA_DAYS))
    return found


def _taking_part(uow: UnitOfWork) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _T.c.plan_id.in_(_plans_over(uow, KEEP_PLAN_DAYS))
    return found


def _votes(uow: UnitOfWork) -> ColumnElement[bool]:
    over = select(PlanActivity.id).where(PlanActivity.plan_id.in_(_plans_over(uow, KEEP_PLAN_DAYS)))
    found: ColumnElement[bool] = _P.c.activity_id.in_(over)
    return found


def _half_filled(uow: UnitOfWork) -> ColumnElement[bool]:
    closed = select(PlanActivity.id).where(PlanActivity.closes_at <= uow.now)
    return or_(_H.c.saved_at < uow.now - HALF_FILLED, _H.c.activity_id.in_(closed))


def _registrations(uow: UnitOfWork) -> ColumnElement[bool]:
    before = uow.now - timedelta(days=number(uow, KEEP_REGISTRATION_DAYS))
    found: ColumnElement[bool] = _R.c.meeting_id.in_(select(Event.id).where(func.coalesce(Event.end_date, Event.start_date) < before))
    return found


def _traces(uow: UnitOfWork) -> ColumnElement[bool]:
    found: ColumnElement[bool] = _O.c.at < uow.now - timedelta(days=number(uow, TRACE_DAYS))
    return found


def _together(*due: Due) -> Due:
    moments: list[datetime] = [found.oldest for found in due if found.oldest is not None]
    return Due(sum(found.number for found in due), min(moments, default=None))


_AFTER_IDEA = _("twee jaar (of wat de gemeente instelde) na het einde van het idee; eindigt het niet: een jaar langer")
_AFTER_PLAN = _("twee jaar (of wat de gemeente instelde) na het einde van het plan; eindigt het niet: een jaar langer")
_YEARS = (timedelta(days=730), timedelta(days=730) + WITHOUT_END)

RULES = (
    RetentionRule(
        "doe_mee.ideas",
        _("Wie een idee indiende, er nieuws over schreef of het mee droeg"),
        _AFTER_IDEA,
        due=_due_ideas,
        apply=_forget_ideas,
        terms=_YEARS,
    ),
    RetentionRule(
        "doe_mee.contact",
        _("E-mailadressen bij ideeën en plannen"),
        _("180 dagen (of wat de gemeente instelde) na het einde van het idee of plan; eindigt het niet: een jaar langer"),
        due=_due_contact,
        apply=_forget_contact,
        terms=(timedelta(days=180), timedelta(days=180) + WITHOUT_END),
    ),
    RetentionRule(
        "doe_mee.unconfirmed",
        _("Wat niemand bevestigde"),
        _("14 dagen nadat wij om een bevestiging vroegen"),
        due=_due_unconfirmed,
        apply=_forget_unconfirmed,
        terms=(UNCONFIRMED,),
    ),
    RetentionRule(
        "doe_mee.invitations",
        _("Uitnodigingen om een idee mee te dragen"),
        _("30 dagen nadat iemand werd uitgenodigd"),
        due=lambda uow: count_due(uow, _C.c.invited_at, _invitations(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_C), _invitations(uow), limit),
        terms=(INVITED,),
    ),
    RetentionRule(
        "doe_mee.voices",
        _("Wie een idee steunt"),
        _AFTER_IDEA,
        due=lambda uow: count_due(uow, _V.c.at, _voices(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_V), _voices(uow), limit),
        terms=_YEARS,
    ),
    RetentionRule(
        "doe_mee.taking_part",
        _("Wie meedeed aan een plan"),
        _AFTER_PLAN,
        due=lambda uow: count_due(uow, _T.c.at, _taking_part(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_T), _taking_part(uow), limit),
        terms=_YEARS,
    ),
    RetentionRule(
        "doe_mee.half_filled",
        _("Half ingevulde vragenlijsten"),
        _("14 dagen na het bewaren, of als de vragenlijst sluit"),
        due=lambda uow: count_due(uow, _H.c.saved_at, _half_filled(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_H), _half_filled(uow), limit),
        terms=(HALF_FILLED,),
    ),
    RetentionRule(
        "doe_mee.votes",
        _("Wie stemde in een peiling"),
        _AFTER_PLAN,
        due=lambda uow: count_due(uow, _P.c.at, _votes(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_P), _votes(uow), limit),
        terms=_YEARS,
    ),
    RetentionRule(
        "doe_mee.registrations",
        _("Wie zich aanmeldde voor een bijeenkomst"),
        _("90 dagen (of wat de gemeente instelde) na de bijeenkomst"),
        due=lambda uow: count_due(uow, _R.c.at, _registrations(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_R), _registrations(uow), limit),
        terms=(timedelta(days=90),),
    ),
    RetentionRule(
        "doe_mee.traces",
        _("Waar vandaan kwam wat zonder account is gestuurd"),
        _("30 dagen (of wat de gemeente instelde) na het insturen"),
        due=lambda uow: count_due(uow, _O.c.at, _traces(uow)),
        apply=lambda uow, limit: let_go(uow, delete(_O), _traces(uow), limit),
        terms=(timedelta(days=30),),
    ),
)
"""The rules. How many supported, voted and came stays."""
