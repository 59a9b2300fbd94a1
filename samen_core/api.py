"""What building blocks may import from the platform, the city database among them."""

from __future__ import annotations

from samen_core.accounts.lookup import account_by_email
from samen_core.accounts.services.sessions import stop_acting_for
from samen_core.actor import Actor, Grant, anonymous, system
from samen_core.blocks.hookspecs import hookimpl
from samen_core.capacities import Capacity, capacities, require_capacity
from samen_core.db.base import Base, Code, JSONType, UTCDateTime, uuid7
from samen_core.db.changes import Change, difference
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, SamenError, TooMany, Unavailable
from samen_core.events.signals import ACCOUNT_CONFIRMED, ACCOUNT_ERASED, SignalReceiver
from samen_core.events.types import Delivered, Event, EventHandler
from samen_core.forms import FormSchema, Moment, Place, PlaceValue, Question, WholeNumber, load, parse
from samen_core.i18n import CITY_TIME_ZONE, Text, _, format_date, format_day, format_moment, format_month, format_number, format_time, n_
from samen_core.jobs import Job
from samen_core.logbook import LogLine, latest_lines
from samen_core.pagination import Count, Order, Page, PageRequest, SortKey, count_up_to, fetch_page, table_column
from samen_core.permissions import LOGGED_IN, MANAGE, PUBLIC, STAFF, Permission
from samen_core.privacy import declaration, not_personal, personal
from samen_core.search.documents import SearchDocument, SearchSource, markdown_text
from samen_core.search.words import parse_query
from samen_core.settings import Setting
from samen_core.subjects import Subject, SubjectCard, SubjectData, SubjectRef, SubjectType, cards, register, update_card
from samen_core.web.navigation import NavigationItem, Task

__all__ = [
    "ACCOUNT_CONFIRMED",
    "ACCOUNT_ERASED",
    "CITY_TIME_ZONE",
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
    "Count",
    "Delivered",
    "Event",
    "EventHandler",
    "FormSchema",
    "Gone",
    "Grant",
    "Invalid",
    "JSONType",
    "Job",
    "LogLine",
    "Moment",
    "NavigationItem",
    "NotAllowed",
    "NotFound",
    "Order",
    "Page",
    "PageRequest",
    "Permission",
    "Place",
    "PlaceValue",
    "Question",
    "SamenError",
    "SearchDocument",
    "SearchSource",
    "Setting",
    "SignalReceiver",
    "SortKey",
    "Subject",
    "SubjectCard",
    "SubjectData",
    "SubjectRef",
    "SubjectType",
    "Task",
    "Text",
    "TooMany",
    "UTCDateTime",
    "Unavailable",
    "UnitOfWork",
    "WholeNumber",
    "_",
    "account_by_email",
    "anonymous",
    "capacities",
    "cards",
    "count_up_to",
    "declaration",
    "difference",
    "fetch_page",
    "format_date",
    "format_day",
    "format_moment",
    "format_month",
    "format_number",
    "format_time",
    "hookimpl",
    "latest_lines",
    "load",
    "markdown_text",
    "n_",
    "not_personal",
    "parse",
    "parse_query",
    "personal",
    "register",
    "require_capacity",
    "stop_acting_for",
    "system",
    "table_column",
    "update_card",
    "uuid7",
]
