"""What building blocks may import from the platform, the city database among them."""

from __future__ import annotations

from samen_core.accounts.keys import keyed_hash, new_token, token_hash
from samen_core.accounts.links import page as page_address
from samen_core.accounts.lookup import (
    ACCOUNT_ADDRESSES,
    ACCOUNT_NAMES,
    StaffMail,
    account_actor,
    account_by_email,
    colleagues,
    role_holders,
    staff_to_mail,
)
from samen_core.accounts.queries import subject_named
from samen_core.accounts.schemas import Register as RegisterAccount
from samen_core.accounts.services.crowd import demo_crowd
from samen_core.accounts.services.registration import register as register_account
from samen_core.accounts.services.sessions import stop_acting_for
from samen_core.actor import Actor, Grant, anonymous, system
from samen_core.blocks.health import Health
from samen_core.blocks.hookspecs import hookimpl
from samen_core.capacities import Capacity, capacities, require_capacity
from samen_core.characters import without_bad
from samen_core.codes import clean_code, code_of, new_code
from samen_core.db.base import Base, Code, JSONType, UTCDateTime, index_where, uuid7
from samen_core.db.changes import Change, difference
from samen_core.db.entering import enter_row, new_row, write_row
from samen_core.db.prepared import Prepared, PreparedInsert
from samen_core.db.stamps import looked_up, stamp
from samen_core.db.unit_of_work import UnitOfWork
from samen_core.documents.pdf import PdfUnavailable, can_make_pdf, make_pdf, make_pdf_of_parts
from samen_core.documents.services import make_document, render_document
from samen_core.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, SamenError, TooMany, Unavailable
from samen_core.events.signals import ACCOUNT_CONFIRMED, ACCOUNT_ERASED, SignalReceiver
from samen_core.events.types import Delivered, Event, EventHandler
from samen_core.files import File, StoredFile, attach_files, check_files, delete_file, erase_file, store_file, store_upload, stored_files
from samen_core.forms import (
    FileReference,
    FileValue,
    Form,
    FormSchema,
    Moment,
    Place,
    PlaceValue,
    Question,
    QuestionError,
    WholeNumber,
    form_from_json,
    form_schema,
    form_to_json,
    load,
    parse,
)
from samen_core.i18n import (
    CITY_TIME_ZONE,
    Text,
    _,
    current_language,
    format_date,
    format_day,
    format_moment,
    format_month,
    format_number,
    format_time,
    n_,
)
from samen_core.jobs import Job
from samen_core.limits import hit, who_hash
from samen_core.logbook import LogLine, latest_lines
from samen_core.mail.queue import Message
from samen_core.mail.queue import queue as queue_mail
from samen_core.moderation import HIDING_LABELS, HiddenReason, explanation, hidden_reasons, hide, show_again
from samen_core.outside import NotReached, call_outside, check_outside_address
from samen_core.pagination import Count, Order, Page, PageRequest, SortKey, count_up_to, fetch_page, table_column
from samen_core.permissions import LOGGED_IN, MANAGE, MODERATE, PUBLIC, STAFF, Permission
from samen_core.platform import Platform
from samen_core.privacy import Expiry, declaration, not_personal, personal, thing
from samen_core.privacy.retention import Due, RetentionRule, count_due, let_go
from samen_core.sealing import seal, unseal
from samen_core.search.documents import SearchDocument, SearchSource, markdown_text
from samen_core.search.services import having_words, index_now
from samen_core.search.words import parse_query, similar_query
from samen_core.settings import Setting, change_settings
from samen_core.slugs import SLUG_LENGTH, fold, free_slug, slugify
from samen_core.spreadsheets import MAX_ROWS as MAX_SPREADSHEET_ROWS
from samen_core.spreadsheets import Grid, is_error, read_grid
from samen_core.subjects import Subject, SubjectCard, SubjectData, SubjectRef, SubjectType, cards, register, register_all, update_card
from samen_core.texts import ManagedText, Placeholder, managed_mail
from samen_core.web.navigation import NavigationItem, Task

__all__ = [
    "ACCOUNT_ADDRESSES",
    "ACCOUNT_CONFIRMED",
    "ACCOUNT_ERASED",
    "ACCOUNT_NAMES",
    "CITY_TIME_ZONE",
    "HIDING_LABELS",
    "LOGGED_IN",
    "MANAGE",
    "MAX_SPREADSHEET_ROWS",
    "MODERATE",
    "PUBLIC",
    "SLUG_LENGTH",
    "STAFF",
    "Actor",
    "Base",
    "Capacity",
    "Change",
    "Code",
    "Conflict",
    "Count",
    "Delivered",
    "Due",
    "Event",
    "EventHandler",
    "Expiry",
    "File",
    "FileReference",
    "FileValue",
    "Form",
    "FormSchema",
    "Gone",
    "Grant",
    "Grid",
    "Health",
    "HiddenReason",
    "Invalid",
    "JSONType",
    "Job",
    "LogLine",
    "ManagedText",
    "Message",
    "Moment",
    "NavigationItem",
    "NotAllowed",
    "NotFound",
    "NotReached",
    "Order",
    "Page",
    "PageRequest",
    "PdfUnavailable",
    "Permission",
    "Place",
    "PlaceValue",
    "Placeholder",
    "Platform",
    "Prepared",
    "PreparedInsert",
    "Question",
    "QuestionError",
    "RegisterAccount",
    "RetentionRule",
    "SamenError",
    "SearchDocument",
    "SearchSource",
    "Setting",
    "SignalReceiver",
    "SortKey",
    "StaffMail",
    "StoredFile",
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
    "account_actor",
    "account_by_email",
    "anonymous",
    "attach_files",
    "call_outside",
    "can_make_pdf",
    "capacities",
    "cards",
    "change_settings",
    "check_files",
    "check_outside_address",
    "clean_code",
    "code_of",
    "colleagues",
    "count_due",
    "count_up_to",
    "current_language",
    "declaration",
    "delete_file",
    "demo_crowd",
    "difference",
    "enter_row",
    "erase_file",
    "explanation",
    "fetch_page",
    "fold",
    "form_from_json",
    "form_schema",
    "form_to_json",
    "format_date",
    "format_day",
    "format_moment",
    "format_month",
    "format_number",
    "format_time",
    "free_slug",
    "having_words",
    "hidden_reasons",
    "hide",
    "hit",
    "hookimpl",
    "index_now",
    "index_where",
    "is_error",
    "keyed_hash",
    "latest_lines",
    "let_go",
    "load",
    "looked_up",
    "make_document",
    "make_pdf",
    "make_pdf_of_parts",
    "managed_mail",
    "markdown_text",
    "n_",
    "new_code",
    "new_row",
    "new_token",
    "not_personal",
    "page_address",
    "parse",
    "parse_query",
    "personal",
    "queue_mail",
    "read_grid",
    "register",
    "register_account",
    "register_all",
    "render_document",
    "require_capacity",
    "role_holders",
    "seal",
    "show_again",
    "similar_query",
    "slugify",
    "staff_to_mail",
    "stamp",
    "stop_acting_for",
    "store_file",
    "store_upload",
    "stored_files",
    "subject_named",
    "system",
    "table_column",
    "thing",
    "token_hash",
    "unseal",
    "update_card",
    "uuid7",
    "who_hash",
    "without_bad",
    "write_row",
]
