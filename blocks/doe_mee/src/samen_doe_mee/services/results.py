"""The result text of an activity: published when it is over, corrected in public, never taken away."""

from __future__ import annotations

import uuid
from typing import Any

from samen_core.api import Conflict, Gone, Invalid, SubjectRef, UnitOfWork, _
from samen_doe_mee.events.activities import ResultPublished
from samen_doe_mee.models import Activity
from samen_doe_mee.permissions import ANSWER
from samen_doe_mee.queries.answering import ANSWERERS
from samen_doe_mee.schemas.results import PublishResult
from samen_doe_mee.services.activities import activity_state, locked_activity
from samen_doe_mee.services.kinds import ACTIVITY
from samen_doe_mee.services.plans import is_public, plan_refs, require_work


def publish_result(uow: UnitOfWork, activity_id: uuid.UUID, command: PublishResult) -> Activity:
    """Tell everybody what came out of an activity, or correct it: the logbook of the plan says that it was.

    Raises NotFound, Gone, NotAllowed, Conflict with the text of now, and Invalid while people can still take part.
    """
    placed = locked_activity(uow, activity_id)
    activity, plan = placed.activity, placed.plan
    require_work(uow, plan, *ANSWERERS, permission=ANSWER)
    if plan.state == "withdrawn" or not is_public(plan):
        raise Gone(_("Dit plan is niet (meer) openbaar. Een uitslag heeft dan geen zin."))
    if activity.version != command.version:
        raise Conflict(current=result_values(activity), version=activity.version)
    if activity_state(activity, uow.now) != "closed":
        raise Invalid({"result": [_("Mensen kunnen hier nog meedoen. Schrijf de uitslag als de activiteit voorbij is.")]})
    if activity.result == command.result:
        return activity
    corrected = activity.result_at is not None
    activity.result = command.result
    if corrected:
        activity.result_changed_at = uow.now
        sentence = _("De uitslag van “{title}” is aangepast.", title=activity.title)
    else:
        activity.result_at = uow.now
        sentence = _("De uitslag van “{title}” is bekend.", title=activity.title)
    uow.session.flush()
    what = "result_corrected" if corrected else "result_published"
    uow.record(
        f"doe_mee.activity.{what}", plan.id, after={"activity": activity.id, "version": activity.version}, public=True, sentence=sentence
    )
    about = plan_refs(plan, SubjectRef(ACTIVITY, activity.id))
    uow.publish(ResultPublished(plan_id=plan.id, activity_id=activity.id, kind=activity.type, about=about))
    return activity


def result_values(activity: Activity) -> dict[str, Any]:
    """What the form of the result text shows."""
    return {"result": activity.result, "version": activity.version}
