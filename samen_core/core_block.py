"""What core itself declares, in the same shapes as the hooks give."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from samen_core.events.types import EventHandler, SubjectChanged
from samen_core.jobs import Job
from samen_core.subjects import SubjectType

if TYPE_CHECKING:
    from samen_core.db.unit_of_work import UnitOfWork
    from samen_core.events.types import Delivered
    from samen_core.privacy.retention import RetentionRule
    from samen_core.settings import Setting
    from samen_core.texts.declared import ManagedText


def _index(uow: UnitOfWork, event: Delivered) -> None:
    from samen_core.search import index_subject

    index_subject(uow, event)


def _send_mail(uow: UnitOfWork, event: Delivered) -> None:
    from samen_core.mail import deliver

    deliver(uow, event)


def _remove_content(uow: UnitOfWork, event: Delivered) -> None:
    from samen_core.files.services import remove_content

    remove_content(uow, event)


def _keep_to_terms(uow: UnitOfWork) -> None:
    from samen_core.privacy.retention import run

    run(uow)


def _clean_queues(uow: UnitOfWork) -> None:
    from samen_core.events.outbox import clean_outbox
    from samen_core.limits import clean_windows

    clean_outbox(uow)
    clean_windows(uow)


def _clean_files(uow: UnitOfWork) -> None:
    from samen_core.files import sweep_files

    sweep_files(uow)


CORE_SUBJECT_TYPES: tuple[SubjectType, ...] = ()
CORE_HANDLERS = (
    EventHandler("core.search", _index, (SubjectChanged.type,)),
    EventHandler("core.mail", _send_mail, ("core.mail.queued",), outside_effect=True),
    EventHandler("core.files", _remove_content, ("core.file.erased",), outside_effect=True),
)
CORE_JOBS = (
    Job("core.retention", timedelta(hours=1), _keep_to_terms),
    Job("core.queues", timedelta(hours=1), _clean_queues),
    Job("core.files", timedelta(days=1), _clean_files),
)


def core_texts() -> list[ManagedText]:
    """The texts of the platform itself that a city may change: of its pages and of its mails."""
    from samen_core.accounts.mail_texts import MAIL_TEXTS
    from samen_core.texts.core import PAGE_TEXTS

    return [*PAGE_TEXTS, *MAIL_TEXTS]


def core_settings() -> list[Setting]:
    """The settings of the platform itself."""
    return []


def core_retention() -> list[RetentionRule]:
    """The terms of core, besides those that columns declare."""
    from samen_core.accounts.retention import RULES as ACCOUNTS
    from samen_core.files.retention import RULES as FILES
    from samen_core.mail.retention import RULES as MAIL

    return [*ACCOUNTS, *MAIL, *FILES]
