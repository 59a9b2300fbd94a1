"""News about plans."""

from __future__ import annotations

import uuid

from sqlalchemy import bindparam, select

from samen_core.api import Conflict, Gone, Invalid, NotFound, SubjectRef, UnitOfWork, _, register, update_card, uuid7
from samen_doe_mee.events.plans import PlanUpdated
from samen_doe_mee.models import Plan, PlanNews
from samen_doe_mee.schemas.plan_parts import UpdateNews, WriteNews
from samen_doe_mee.services.kinds import PLAN_NEWS
from samen_doe_mee.services.plan_cards import news_card
from samen_doe_mee.services.plans import EDITORS, is_public, plan_to_work_at, tell_plan

_ALL = (
    select(PlanNews)
    .where(PlanNews.plan_id == bindparam("plan_id"))
    .order_by(PlanNews.at.desc(), PlanNews.id.desc())
    .limit(bindparam("most"))
)
_PUBLISHED = _ALL.where(PlanNews.state == "published")


def write_news(uow: UnitOfWork, plan_id: uuid.UUID, command: WriteNews) -> PlanNews:
    """Tell something about a plan. Raises NotFound, NotAllowed, and Gone for one that was withdrawn."""
    plan = plan_to_work_at(uow, plan_id, *EDITORS)
    if plan.state == "withdrawn":
        raise Gone(_("Dit plan is ingetrokken."))
    news = PlanNews(id=uuid7(), plan_id=plan.id, title=command.title, text=command.text, state="published", at=uow.now)
    register(uow, SubjectRef(PLAN_NEWS, news.id), news_card(news, plan))
    uow.session.add(news)
    uow.session.flush()
    _tell(uow, plan, news, "news_written")
    return news


def update_news(uow: UnitOfWork, id: uuid.UUID, command: UpdateNews) -> PlanNews:
    """Change news. Raises NotFound, NotAllowed, Gone, Conflict with the values of now."""
    plan, news = _locked(uow, id, command.version)
    news.title, news.text = command.title, command.text
    if uow.record_change("doe_mee.plan.news_changed", news, plan.id):
        uow.session.flush()
        update_card(uow, SubjectRef(PLAN_NEWS, id), news_card(news, plan))
        tell_plan(uow, PlanUpdated, plan, SubjectRef(PLAN_NEWS, id))
    return news


def withdraw_news(uow: UnitOfWork, id: uuid.UUID, version: int) -> PlanNews:
    """Take news back: nobody outside sees it any more. Raises NotFound, NotAllowed, Gone, Conflict."""
    plan, news = _locked(uow, id, version)
    if news.state != "published":
        raise Invalid(_("Dit bericht is al ingetrokken."))
    news.state = "withdrawn"
    uow.session.flush()
    update_card(uow, SubjectRef(PLAN_NEWS, id), news_card(news, plan))
    uow.record("doe_mee.plan.news_withdrawn", plan.id, after={"news": id})
    return news


def restore_news(uow: UnitOfWork, id: uuid.UUID, version: int) -> PlanNews:
    """Let everybody see news again that was taken back. Raises NotFound, NotAllowed, Gone, Conflict."""
    plan, news = _locked(uow, id, version)
    news.state = "published"
    uow.session.flush()
    update_card(uow, SubjectRef(PLAN_NEWS, id), news_card(news, plan))
    uow.record("doe_mee.plan.news_restored", plan.id, after={"news": id})
    return news


def news_of(uow: UnitOfWork, plan: Plan, *, all: bool = False, most: int = 50) -> list[PlanNews]:
    """The news about a plan, newest first; with ``all`` also what was taken back, for who works at it. One statement."""
    return list(uow.session.execute(_ALL if all else _PUBLISHED, {"plan_id": plan.id, "most": most}).scalars())


def get_news(uow: UnitOfWork, id: uuid.UUID) -> PlanNews:
    """News by its id. Raises NotFound."""
    news = uow.session.get(PlanNews, id)
    if news is None:
        raise NotFound
    return news


def _locked(uow: UnitOfWork, id: uuid.UUID, version: int) -> tuple[Plan, PlanNews]:
    news = get_news(uow, id)
    plan = plan_to_work_at(uow, news.plan_id, *EDITORS)
    if plan.state == "withdrawn":
        raise Gone(_("Dit plan is ingetrokken."))
    uow.session.refresh(news)
    if news.version != version:
        raise Conflict(current={"title": news.title, "text": news.text}, version=news.version)
    return plan, news


def _tell(uow: UnitOfWork, plan: Plan, news: PlanNews, what: str) -> None:
    sentence = _("Nieuws: {title}", title=news.title)
    uow.record(f"doe_mee.plan.{what}", plan.id, after={"news": news.id}, public=is_public(plan), sentence=sentence)
    tell_plan(uow, PlanUpdated, plan, SubjectRef(PLAN_NEWS, news.id))
