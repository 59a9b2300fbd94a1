"""The kinds of citable things: what each is called in the register, where its page is, and what its card says."""

from __future__ import annotations

from samen_core.api import SubjectData
from samen_doe_mee import paths
from samen_doe_mee.models import Activity, Idea, Plan, Round

IDEA, IDEA_NEWS = "doe_mee_idea", "doe_mee_idea_news"
PLAN, ROUND, ACTIVITY = "doe_mee_plan", "doe_mee_round", "doe_mee_activity"
PLAN_NEWS, PLAN_DOCUMENT = "doe_mee_plan_news", "doe_mee_plan_document"
"""Their types in the register."""


def idea_card(idea: Idea) -> SubjectData:
    """What the register says of an idea: everybody may see one that is published, or was before it became part of another."""
    public = idea.state in ("published", "merged")
    return SubjectData(
        idea.title,
        paths.idea(idea.slug),
        summary=idea.text[:500],
        area_ref=idea.area_id,
        state="merged" if idea.state == "merged" else "active",
        public=public,
        successor_id=idea.merged_into_id if idea.state == "merged" else None,
    )


def plan_card(plan: Plan) -> SubjectData:
    """What the register says of a plan: everybody may see one that was published."""
    public = plan.state in ("published", "finished")
    return SubjectData(plan.title, paths.plan(plan.slug), summary=plan.summary[:500], area_ref=plan.area_id, public=public)


def round_card(round_: Round, plan: Plan) -> SubjectData:
    """What the register says of a round: as public as its plan."""
    return SubjectData(round_.title, f"{paths.plan(plan.slug)}#{round_.slug}", area_ref=plan.area_id, public=plan_card(plan).public)


def activity_card(activity: Activity, plan: Plan) -> SubjectData:
    """What the register says of an activity: as public as its plan."""
    public = plan_card(plan).public and activity.removed_at is None
    return SubjectData(activity.title, paths.activity(activity.slug), summary=activity.intro[:500], area_ref=plan.area_id, public=public)
