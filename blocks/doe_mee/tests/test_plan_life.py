"""The life of a plan at its services and over REST: publishing, changing, withdrawing, finishing, copying; its parts and colleagues."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from samen_core.api import Conflict, Gone, Invalid, NotAllowed, NotFound, Platform, Subject, anonymous
from samen_core.events.outbox import OutboxEvent
from samen_core.testing.callers import make_token
from samen_doe_mee.models import Colleague, Plan, PlanNews
from samen_doe_mee.schemas.activities import CreateActivity
from samen_doe_mee.schemas.plan_parts import AddColleague, AddDocument, DuplicatePlan, UpdateNews, WriteNews
from samen_doe_mee.schemas.plans import CreatePlan, PlanVersion, UpdatePlan, WithdrawPlan
from samen_doe_mee.schemas.rounds import CreateRound
from samen_doe_mee.services.activities import activities_of_rounds, create_activity
from samen_doe_mee.services.colleagues import add_colleague, remove_colleague
from samen_doe_mee.services.plan_copies import duplicate_plan
from samen_doe_mee.services.plan_documents import add_document, documents_of, move_document
from samen_doe_mee.services.plan_news import news_of, update_news, withdraw_news, write_news
from samen_doe_mee.services.plan_publishing import finish_plan, lacking, publish_plan, withdraw_plan
from samen_doe_mee.services.plan_texts import update_plan
from samen_doe_mee.services.plans import create_plan, visible_plan
from samen_doe_mee.services.rounds import create_round, rounds_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

WHOLE: dict[str, Any] = {
    "summary": "Kort",
    "about": "Waarover",
    "fixed": "Vast",
    "open": "Open",
    "decided_by": "Het college",
    "goals": {"collect_ideas": "Daarom"},
    "scale": "city",
    "participants": {"citizens": "Iedereen"},
    "approach": "Zo",
    "methods_online": "Reacties",
    "contact_email": "team@gemeente.example",
}


def whole_plan(uow: Any, title: str = "Het plein", level: str = "advise") -> Plan:
    """A draft from which nothing lacks."""
    plan = create_plan(uow, CreatePlan(title=title, level=level))
    update_plan(uow, plan.id, UpdatePlan(version=plan.version, values=WHOLE))
    made = create_round(uow, plan.id, CreateRound(title="Ophalen", opens_at=uow.now, closes_at=uow.now + timedelta(days=21)))
    create_activity(uow, made.id, CreateActivity(type="reactions", title="Wat wilt u hier?"))
    return plan


def told(platform: Platform) -> list[str]:
    """The types of the events that were told, in order."""
    with platform.unit_of_work(anonymous()) as uow:
        return [
            row for row in uow.session.execute(select(OutboxEvent.type).order_by(OutboxEvent.id)).scalars() if row.startswith("doe_mee.")
        ]


def test_all_that_lacks_is_told_at_once_and_nothing_before_it_is_published(platform: Platform, actor_as: Any) -> None:
    lead = actor_as("facilitator")
    with platform.unit_of_work(lead) as uow:
        plan = create_plan(uow, CreatePlan(title="Leeg", form="inspraak"))
        names = {lack.field for lack in lacking(uow, plan)}
        assert {"summary", "about", "fixed", "open", "goals", "scale", "participants", "objection_text", "contact_email", "rondes"} <= names
        with pytest.raises(Invalid) as error:
            publish_plan(uow, plan.id, PlanVersion(version=plan.version))
        assert len(error.value.errors[""]) == len(lacking(uow, plan))
        plan = whole_plan(uow)
        assert lacking(uow, plan) == []
    assert told(platform) == []
    with platform.unit_of_work(lead) as uow:
        publish_plan(uow, plan.id, PlanVersion(version=plan.version))
    assert told(platform)[:2] == ["doe_mee.plan.published", "doe_mee.activity.added"]
    with platform.unit_of_work(anonymous()) as uow:
        assert visible_plan(uow, plan.slug).state == "published"
        ids = [plan.id, *(found.id for found in rounds_of(uow, plan.id)), *(found.id for found in activities_of_rounds(uow, plan.id))]
        assert set(uow.session.execute(select(Subject.public).where(Subject.id.in_(ids))).scalars()) == {True}


def test_a_published_plan_stays_whole_and_gives_no_less_influence_in_silence(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        plan = whole_plan(uow)
        publish_plan(uow, plan.id, PlanVersion(version=plan.version))
        uow.session.flush()
        with pytest.raises(Invalid) as error:
            update_plan(uow, plan.id, UpdatePlan(version=plan.version, values={"fixed": "", "level": "inform"}))
        assert set(error.value.errors) == {"fixed", "level_reason"}
        uow.rollback()
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        plan = whole_plan(uow, "Het park")
        publish_plan(uow, plan.id, PlanVersion(version=plan.version))
        uow.session.flush()
        update_plan(uow, plan.id, UpdatePlan(version=plan.version, values={"level": "consult", "level_reason": "Het geld is op."}))
        assert plan.level == "consult"
        with pytest.raises(Conflict):
            update_plan(uow, plan.id, UpdatePlan(version=1, values={"summary": "Te laat"}))
        with pytest.raises(Invalid):
            finish_plan(uow, plan.id, PlanVersion(version=plan.version))


def test_who_opens_a_withdrawn_plan_reads_why(platform: Platform, actor_as: Any, client: FlaskClient) -> None:
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        plan = whole_plan(uow)
        publish_plan(uow, plan.id, PlanVersion(version=plan.version))
        uow.session.flush()
        with pytest.raises(Invalid):
            withdraw_plan(uow, plan.id, WithdrawPlan(version=plan.version, reason=" "))
        withdraw_plan(uow, plan.id, WithdrawPlan(version=plan.version, reason="Er is geen geld meer."))
        with pytest.raises(Gone):
            write_news(uow, plan.id, WriteNews(title="Nog iets"))
    assert told(platform)[-1] == "doe_mee.plan.withdrawn"
    page = client.get(f"/doe-mee/plannen/{plan.slug}")
    assert page.status_code == 410
    assert "Er is geen geld meer." in page.text
    assert "Waarover" not in page.text
    body = client.get(f"/api/v1/doe-mee/plans/{plan.id}").json
    assert (body["withdrawn_reason"], body["about"], body["contact"]) == ("Er is geen geld meer.", "", {})
    assert plan.slug not in client.get("/doe-mee/plannen").text


def test_a_copy_has_texts_rounds_and_activities_and_nobody_of_before(platform: Platform, actor_as: Any) -> None:
    lead, other = actor_as("facilitator"), actor_as("facilitator")
    with platform.unit_of_work(lead) as uow:
        plan = whole_plan(uow)
        write_news(uow, plan.id, WriteNews(title="Oud nieuws"))
    with platform.unit_of_work(other) as uow:
        starts = (uow.now + timedelta(days=100)).date()
        copy = duplicate_plan(uow, plan.id, DuplicatePlan(title="Het plein, deel twee", starts_on=starts))
        assert (copy.about, copy.proposal, copy.project_id, copy.state) == (plan.about, plan.proposal, plan.project_id, "draft")
        (found,) = rounds_of(uow, copy.id)
        assert abs((found.opens_at.date() - starts).days) <= 1
        (activity,) = activities_of_rounds(uow, copy.id)
        assert (activity.title, activity.taken_part) == ("Wat wilt u hier?", 0)
        rows = uow.session.execute(select(Colleague.account_id).where(Colleague.plan_id == copy.id)).scalars().all()
        assert rows == [other.account_id]
        assert not uow.session.execute(select(PlanNews.id).where(PlanNews.plan_id == copy.id)).first()


def test_one_lead_stays_and_roles_are_kept_to(platform: Platform, actor_as: Any) -> None:
    lead, colleague = actor_as("facilitator"), actor_as("resident")
    with platform.unit_of_work(lead) as uow:
        plan = whole_plan(uow)
        mine = uow.session.execute(select(Colleague).where(Colleague.plan_id == plan.id)).scalar_one()
        with pytest.raises(Invalid):
            remove_colleague(uow, mine.id)
        made = add_colleague(uow, plan.id, AddColleague(account_id=colleague.account_id, role="editor"))
    with platform.unit_of_work(colleague) as uow:
        write_news(uow, plan.id, WriteNews(title="Van een redacteur"))
        with pytest.raises(NotAllowed):
            publish_plan(uow, plan.id, PlanVersion(version=plan.version))
        with pytest.raises(NotAllowed):
            add_colleague(uow, plan.id, AddColleague(account_id=lead.account_id, role="reader"))
        remove_colleague(uow, made.id)
    with platform.unit_of_work(colleague) as uow, pytest.raises(NotFound):
        visible_plan(uow, plan.slug)


def test_news_is_told_once_published_and_documents_keep_their_order(platform: Platform, actor_as: Any) -> None:
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        plan = whole_plan(uow)
        early = write_news(uow, plan.id, WriteNews(title="Vroeg"))
    assert told(platform) == []
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        publish_plan(uow, plan.id, PlanVersion(version=uow.session.get_one(Plan, plan.id).version))
        update_news(uow, early.id, UpdateNews(title="Vroeger", version=early.version))
    assert told(platform).count("doe_mee.plan.updated") == 1
    with platform.unit_of_work(actor_as("facilitator")) as uow:
        found = uow.session.get_one(Plan, plan.id)
        withdraw_news(uow, early.id, uow.session.get_one(PlanNews, early.id).version)
        assert news_of(uow, found) == []
        with pytest.raises(Invalid):
            add_document(uow, plan.id, AddDocument(title="Niets"))
        one, two = (add_document(uow, plan.id, AddDocument(title=title, url=f"https://a.example/{title}")) for title in ("een", "twee"))
        move_document(uow, two.id, up=True)
        assert [view.document.id for view in documents_of(uow, found)] == [two.id, one.id]


def test_a_plan_is_made_over_rest(platform: Platform, actor_as: Any, client: FlaskClient) -> None:
    lead = actor_as("facilitator")
    headers = {"Authorization": f"Bearer {make_token(platform, lead, 'doe_mee.plan')}"}
    api = "/api/v1/doe-mee"
    made = client.post(f"{api}/plans", json={"title": "Over de lijn"}, headers=headers)
    assert made.status_code == 201, made.text
    id, version = made.json["id"], made.json["version"]
    assert client.get(f"{api}/plans/{id}").status_code == 404
    assert client.post(f"{api}/plans", json={"title": "Van niemand"}).status_code in (401, 403)
    lacks = client.get(f"{api}/plans/{id}/lacking", headers=headers).json
    assert {lack["field"] for lack in lacks} >= {"about", "rondes"}
    saved = client.put(f"{api}/plans/{id}", json={"title": "Over de lijn", **WHOLE, "version": version}, headers=headers)
    assert saved.status_code == 200, saved.text
    stale = client.put(f"{api}/plans/{id}", json={"title": "Te laat", **WHOLE, "version": version}, headers=headers)
    assert stale.status_code == 409
    with platform.unit_of_work(lead) as uow:
        period = {"opens_at": uow.now.isoformat(), "closes_at": (uow.now + timedelta(days=9)).isoformat()}
    added = client.post(f"{api}/plans/{id}/rounds", json={"title": "Ronde", **period}, headers=headers)
    assert added.status_code == 201, added.text
    with platform.unit_of_work(lead) as uow:
        create_activity(uow, rounds_of(uow, visible_plan(uow, "over-de-lijn").id)[0].id, CreateActivity(type="reactions", title="Zeg het"))
        now = visible_plan(uow, "over-de-lijn").version
    assert client.post(f"{api}/plans/{id}/publish", json={"version": now}).status_code in (401, 403, 404)
    published = client.post(f"{api}/plans/{id}/publish", json={"version": now}, headers=headers)
    assert published.status_code == 200, published.text
    assert [row["title"] for row in client.get(f"{api}/plans").json] == ["Over de lijn"]
    assert client.get(f"{api}/plans/{id}/rounds").json[0]["state"] == "open"
    assert client.get(f"{api}/plans/{id}/colleagues").status_code in (401, 403)
    assert client.get(f"{api}/blueprints", headers=headers).json[0]["version"] == 0
