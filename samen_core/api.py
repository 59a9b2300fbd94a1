"""What building blocks may import from the platform, the city database among them."""

from __future__ import annotations

from samen_core.actor import Actor, Grant, anonymous, system
from samen_core.blocks.hookspecs import hookimpl
from samen_core.capacities import Capacity, capacities, require_capacity
from samen_core.db.base import Base, Code, JSONType, UTCDateTime, uuid7
from samen_core.db.changes import Change, difference
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, SamenError, TooMany, Unavailable
from samen_core.events.signals import ACCOUNT_CONFIRMED, ACCOUNT_ERASED, SignalReceiver
from samen_core.events.types import Delivered, Event, EventHandler
from samen_core.i18n import Text, _, n_
from samen_core.jobs import Job
from samen_core.permissions import LOGGED_IN, MANAGE, PUBLIC, STAFF, Permission
from samen_core.privacy import not_personal, personal
from samen_core.settings import Setting
from samen_core.subjects import Subject, SubjectCard, SubjectData, SubjectRef, SubjectType, cards, register, update_card

__all__ = [
    "ACCOUNT_CONFIRMED",
    "ACCOUNT_ERASED",
    "LOGGED_IN",
    "MANAGE",
    "PUBLIC",
    "STAFF",
    "Actor",
    "Base",
    "Capacity",
    "Change",
    "Code",
    "Conflict",
    "Delivered",
    "Event",
    "EventHandler",
    "Gone",
    "Grant",
    "Invalid",
    "JSONType",
    "Job",
    "NotAllowed",
    "NotFound",
    "Permission",
    "SamenError",
    "Setting",
    "SignalReceiver",
    "Subject",
    "SubjectCard",
    "SubjectData",
    "SubjectRef",
    "SubjectType",
    "Text",
    "TooMany",
    "UTCDateTime",
    "Unavailable",
    "UnitOfWork",
    "_",
    "anonymous",
    "capacities",
    "cards",
    "difference",
    "hookimpl",
    "n_",
    "not_personal",
    "personal",
    "register",
    "require_capacity",
    "system",
    "update_card",
    "uuid7",
]
