"""What the register says of news and documents of plans."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import SubjectData, SubjectRef, UnitOfWork, update_card
from samen_doe_mee import paths
from samen_doe_mee.models import Plan, PlanDocument, PlanNews
from samen_doe_mee.services.kinds import PLAN_DOCUMENT, PLAN_NEWS, plan_card
from samen_doe_mee.services.plans import may_work


def news_card(news: PlanNews, plan: Plan) -> SubjectData:
    """What the register says of news: as public as its plan, until it is taken back."""
    public = plan_card(plan).public and news.state == "published"
    state = "active" if news.state == "published" else "deleted"
    url = f"{paths.plan(plan.slug)}#nieuws-{news.id}"
    return SubjectData(news.title, url, summary=news.text[:500], area_ref=plan.area_id, public=public, state=state)  # type: ignore[arg-type]


def document_card(document: PlanDocument, plan: Plan) -> SubjectData:
    """What the register says of a document: as public as its plan, until it is taken away."""
    there = document.removed_at is None
    url = f"{paths.plan(plan.slug)}#documenten"
    public = plan_card(plan).public and there
    return SubjectData(document.title, url, area_ref=plan.area_id, public=public, state="active" if there else "deleted")


def keep_part_cards(uow: UnitOfWork, plan: Plan) -> None:
    """Bring the cards of the news and documents of a plan up to date; their files are as public."""
    for news in uow.session.execute(select(PlanNews).where(PlanNews.plan_id == plan.id)).scalars():
        update_card(uow, SubjectRef(PLAN_NEWS, news.id), news_card(news, plan))
    for document in uow.session.execute(select(PlanDocument).where(PlanDocument.plan_id == plan.id)).scalars():
        update_card(uow, SubjectRef(PLAN_DOCUMENT, document.id), document_card(document, plan))


def sees_plan(uow: UnitOfWork, id: uuid.UUID) -> bool:
    """Whether the actor works at a plan that is not public."""
    plan = uow.session.get(Plan, id)
    return plan is not None and may_work(uow, plan)


def sees_document(uow: UnitOfWork, id: uuid.UUID) -> bool:
    """Whether the actor may open the file of a document that is not public: who works at its plan."""
    document = uow.session.get(PlanDocument, id)
    return document is not None and document.removed_at is None and sees_plan(uow, document.plan_id)
