"""What every rule of an activity does: find it, check who acts, tell."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select

from samen_core.api import Gone, NotFound, Permission, SubjectRef, UnitOfWork, cards
from samen_inbreng import paths
from samen_inbreng.events import ActivityEvent, ContributionEvent
from samen_inbreng.models import Activity, Contribution

ACTIVITY = "activity"
CONTRIBUTION = "contribution"
_JOINED = "inbreng.joined"


def find_activity(uow: UnitOfWork, slug: str) -> Activity:
    """The activity at an address. Raises NotFound, also when it goes with a thing that the actor may not see."""
    found = uow.session.execute(select(Activity).where(Activity.slug == slug)).scalar_one_or_none()
    if found is None or not (found.listed or cards(uow, [found.subject_id])):
        raise NotFound
    return found


def page_elsewhere(uow: UnitOfWork, row: Any) -> str:
    """The page of another block on which people take part in an activity (or a row of one); "" for our own, also while that is away."""
    return str(row.page) if row.page and uow.platform.block_states.is_active(row.page_of) else ""


def page_to_join(uow: UnitOfWork, row: Any) -> str:
    """The path of the page on which people take part in an activity (or a row of one)."""
    return page_elsewhere(uow, row) or paths.activity(row.slug)


def get_activity(uow: UnitOfWork, id: uuid.UUID) -> Activity:
    """The activity with this id. Raises NotFound."""
    found = uow.session.get(Activity, id)
    if found is None:
        raise NotFound
    return found


def find_activity_to_join(uow: UnitOfWork, slug: str) -> Activity:
    """The activity at an address, as :func:`get_activity_to_join` gives it. Raises NotFound."""
    return _joined(uow, Activity.slug == slug)


def get_activity_to_join(uow: UnitOfWork, id: uuid.UUID) -> Activity:
    """The activity as it is and stays until this transaction ends: who closes it waits, others who take part do not. Raises NotFound.

    Otherwise something could still come in after a round was closed because everything in it was answered. Once per transaction: what it
    joined already is not read again.
    """
    if uow.session.info.get(_JOINED) == (uow.session.get_transaction(), id):
        return get_activity(uow, id)
    return _joined(uow, Activity.id == id)


def read_to_join(uow: UnitOfWork, statement: Select[Any], values: Mapping[str, Any] | None = None) -> Row[Any] | None:
    """The row of a statement whose last entity is an activity, which is joined as :func:`get_activity_to_join` does; None without a row.

    For another block, that reads in the same statement what it knows of its own about the activity; ``values`` are for the names in it.
    """
    row = uow.session.execute(_joining(statement), values).one_or_none()
    if row is not None:
        uow.session.info[_JOINED] = (uow.session.get_transaction(), row[-1].id)
    return row


@lru_cache(maxsize=64)
def _joining(statement: Select[Any]) -> Select[Any]:
    return statement.with_for_update(read=True, of=Activity).execution_options(populate_existing=True)


def _joined(uow: UnitOfWork, condition: ColumnElement[bool]) -> Activity:
    statement = select(Activity).where(condition).with_for_update(read=True).execution_options(populate_existing=True)
    found = uow.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    uow.session.info[_JOINED] = (uow.session.get_transaction(), found.id)
    return found


def get_contribution(uow: UnitOfWork, id: uuid.UUID, *, lock: bool = False) -> Contribution:
    """The contribution with this id, whatever its state. Raises NotFound."""
    statement = select(Contribution).where(Contribution.id == id)
    if lock:
        statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = uow.session.execute(statement).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def require_published(contribution: Contribution) -> None:
    """Raise Gone for a contribution that was withdrawn or hidden."""
    if contribution.state != "published":
        raise Gone


def require(uow: UnitOfWork, permission: Permission, activity: Activity) -> None:
    """Raise NotAllowed unless the actor has the permission on the activity, on its subject, or in the whole city."""
    permission.require(uow.actor, activity.id, scopes=(activity.subject_id,))


def allows(uow: UnitOfWork, permission: Permission, activity: Activity) -> bool:
    """Whether the actor has the permission on the activity, on its subject, or in the whole city."""
    return permission.allows(uow.actor, activity.id, scopes=(activity.subject_id,))


def tell_activity(uow: UnitOfWork, event: type[ActivityEvent], activity: Activity) -> None:
    """Publish an event of an activity."""
    about = (SubjectRef(ACTIVITY, activity.id), *_area(activity.area_id))
    uow.publish(event(activity_id=activity.id, subject_id=activity.subject_id, about=about))


def tell_contribution(uow: UnitOfWork, event: type[ContributionEvent], contribution: Contribution) -> None:
    """Publish an event of a contribution."""
    about = (
        SubjectRef(CONTRIBUTION, contribution.id),
        SubjectRef(ACTIVITY, contribution.activity_id),
        *_area(contribution.area_id),
    )
    ids = {"contribution_id": contribution.id, "activity_id": contribution.activity_id, "subject_id": contribution.subject_id}
    uow.publish(event(about=about, **ids))


def _area(area_id: uuid.UUID | None) -> tuple[SubjectRef, ...]:
    return (SubjectRef("area", area_id),) if area_id else ()
