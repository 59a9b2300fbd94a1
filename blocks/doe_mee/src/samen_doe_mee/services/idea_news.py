"""News about an idea by who proposed it and who carry it: for everybody, and by mail to who wants that, at most once in three days."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import func, select, update

from samen_core.api import (
    MODERATE,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    SubjectData,
    SubjectRef,
    UnitOfWork,
    _,
    hide,
    register,
    show_again,
    update_card,
    uuid7,
)
from samen_doe_mee import paths
from samen_doe_mee.events.ideas import IdeaMailsDue, IdeaUpdated
from samen_doe_mee.models import CoInitiator, Idea, IdeaNews
from samen_doe_mee.schemas.idea_team import WriteIdeaNews
from samen_doe_mee.services.idea_common import is_author, locked_idea, log, may_see, scopes_of
from samen_doe_mee.services.kinds import IDEA_NEWS

BETWEEN = timedelta(days=3)
"""So long at least lies between two mails with news of one idea."""
MOST_A_DAY = 5


def carries(uow: UnitOfWork, idea: Idea, code: str = "") -> bool:
    """Whether the actor proposed the idea or carries it too. At most one statement."""
    if is_author(uow, idea, code):
        return True
    if uow.actor.account_id is None:
        return False
    mine = select(CoInitiator.id).where(CoInitiator.idea_id == idea.id, CoInitiator.account_id == uow.actor.account_id)
    return uow.session.execute(mine.limit(1)).first() is not None


def tell_news(uow: UnitOfWork, idea_id: uuid.UUID, command: WriteIdeaNews, *, code: str = "") -> IdeaNews:
    """Tell news about an idea; ``code`` is the receipt of an author without account.

    Raises NotFound, NotAllowed, Gone for an idea that is not there for everybody, and Invalid (nothing said, or too often in a day).
    """
    idea = locked_idea(uow, idea_id)
    if not may_see(uow, idea, code):
        raise NotFound
    if not carries(uow, idea, code):
        raise NotAllowed(_("Nieuws schrijft wie het idee indiende of mee draagt."), log_in=uow.actor.is_anonymous)
    if idea.state != "published":
        raise Gone(_("Dit idee staat niet op de website. U kunt er geen nieuws over schrijven."))
    if not command.text.strip():
        raise Invalid({"text": [_("Schrijf wat u wilt vertellen.")]})
    today = select(func.count()).select_from(IdeaNews).where(IdeaNews.idea_id == idea.id, IdeaNews.at > uow.now - timedelta(days=1))
    if uow.session.execute(today).scalar_one() >= MOST_A_DAY:
        raise Invalid({"text": [_("U schreef vandaag al {n} keer nieuws. Morgen kan het weer.", n=MOST_A_DAY)]})
    news = IdeaNews(id=uuid7(), idea_id=idea.id, text=command.text.strip(), account_id=uow.actor.account_id, state="published", at=uow.now)
    register(uow, SubjectRef(IDEA_NEWS, news.id), news_card(idea, news))
    uow.session.add(news)
    uow.session.flush()
    log(uow, IdeaUpdated, idea, _("Er is nieuws over het idee."), after={"news": news.id})
    if idea.news_mailed_at is None or idea.news_mailed_at <= uow.now - BETWEEN:
        _mail(uow, idea)
    return news


def withdraw_news(uow: UnitOfWork, news_id: uuid.UUID, *, code: str = "") -> Idea:
    """Take news back: who wrote it may, and who proposed the idea, whatever became of that. A second time changes nothing."""
    news = uow.session.get(IdeaNews, news_id, with_for_update=True)
    idea = uow.session.get(Idea, news.idea_id) if news is not None else None
    if news is None or idea is None:
        raise NotFound
    wrote = news.account_id is not None and news.account_id == uow.actor.account_id
    if not wrote and not is_author(uow, idea, code):
        raise NotAllowed(_("Dit kan alleen wie het schreef."), log_in=uow.actor.is_anonymous)
    if news.state == "published":
        news.state = "withdrawn"
        _keep(uow, idea, news)
        log(uow, IdeaUpdated, idea, _("Nieuws over het idee is weggehaald."), after={"news": news.id})
    return idea


def hide_news(uow: UnitOfWork, news_id: uuid.UUID, code: str, reason: str) -> Idea:
    """Take news out of sight, for a reason of the moderator. Raises NotFound, NotAllowed, and Invalid for what is not there any more."""
    idea, news = _to_moderate(uow, news_id)
    if news.state != "published":
        raise Invalid(_("Dit nieuws is al weg."))
    hide(uow, SubjectRef(IDEA_NEWS, news.id), reason, code, scopes=(idea.id, *scopes_of(idea)))
    news.state = "hidden"
    _keep(uow, idea, news)
    log(uow, IdeaUpdated, idea, _("Nieuws over het idee is verborgen."), after={"news": news.id})
    return idea


def show_news(uow: UnitOfWork, news_id: uuid.UUID, reason: str) -> Idea:
    """Show hidden news again, for a reason. Raises NotFound, NotAllowed, and Invalid for what is not hidden."""
    idea, news = _to_moderate(uow, news_id)
    if news.state != "hidden":
        raise Invalid(_("Dit nieuws is niet verborgen."))
    show_again(uow, SubjectRef(IDEA_NEWS, news.id), reason, scopes=(idea.id, *scopes_of(idea)))
    news.state = "published"
    _keep(uow, idea, news)
    log(uow, IdeaUpdated, idea, _("Nieuws over het idee staat er weer."), after={"news": news.id})
    return idea


def _to_moderate(uow: UnitOfWork, news_id: uuid.UUID) -> tuple[Idea, IdeaNews]:
    news = uow.session.get(IdeaNews, news_id, with_for_update=True)
    idea = uow.session.get(Idea, news.idea_id) if news is not None else None
    if news is None or idea is None:
        raise NotFound
    MODERATE.require(uow.actor, news.id, scopes=(idea.id, *scopes_of(idea)))
    return idea, news


def send_waiting(uow: UnitOfWork, limit: int = 200) -> int:
    """Job: mail the news that waited because there was a mail less than three days before; of how many ideas."""
    table = Idea.__table__.c
    newer = select(IdeaNews.id).where(IdeaNews.idea_id == table.id, IdeaNews.state == "published", IdeaNews.at > table.news_mailed_at)
    due = select(Idea).where(table.state == "published", table.news_mailed_at <= uow.now - BETWEEN, newer.exists())
    found = uow.session.execute(due.order_by(Idea.id).limit(limit)).scalars().all()
    for idea in found:
        _mail(uow, idea)
    return len(found)


def _mail(uow: UnitOfWork, idea: Idea) -> None:
    since = idea.news_mailed_at.isoformat() if idea.news_mailed_at is not None else ""
    uow.publish(IdeaMailsDue(idea_id=idea.id, since=since, until=uow.now.isoformat()))
    table = Idea.__table__.c
    uow.session.execute(update(Idea).where(table.id == idea.id).values(news_mailed_at=uow.now).execution_options(synchronize_session=False))
    uow.session.expire(idea, ["news_mailed_at"])


def _keep(uow: UnitOfWork, idea: Idea, news: IdeaNews) -> None:
    uow.session.flush()
    update_card(uow, SubjectRef(IDEA_NEWS, news.id), news_card(idea, news))


def news_card(idea: Idea, news: IdeaNews) -> SubjectData:
    """What the register says of news: without its words, which are not for everybody's memory."""
    public = news.state != "hidden" and idea.state == "published"
    return SubjectData(
        f"Nieuws over: {idea.title}"[:300],
        paths.idea(idea.slug) + "#nieuws",
        state="deleted" if news.state == "withdrawn" else "active",
        public=public,
    )
