"""What happened."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import ClassVar

from samen_core.api import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolEvent(Event):
    """Something happened to a tool of this organisation."""

    tool_id: uuid.UUID
    organization_id: uuid.UUID


class ToolOffered(ToolEvent):
    """A tool can be borrowed from now on."""

    type: ClassVar[str] = "gereedschap.tool.offered"


class ToolWithdrawn(ToolEvent):
    """A tool is not lent out any longer."""

    type: ClassVar[str] = "gereedschap.tool.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanEvent(ToolEvent):
    """Something happened to a loan."""

    loan_id: uuid.UUID


class LoanRequested(LoanEvent):
    """Somebody asked for a tool."""

    type: ClassVar[str] = "gereedschap.loan.requested"


class LoanAgreed(LoanEvent):
    """The organisation will lend the tool."""

    type: ClassVar[str] = "gereedschap.loan.agreed"


class LoanRefused(LoanEvent):
    """The organisation will not lend the tool."""

    type: ClassVar[str] = "gereedschap.loan.refused"


class LoanCancelled(LoanEvent):
    """Who asked needs the tool no longer."""

    type: ClassVar[str] = "gereedschap.loan.cancelled"


class LoanLapsed(LoanEvent):
    """Its last day passed, and nobody dealt with it or can any longer."""

    type: ClassVar[str] = "gereedschap.loan.lapsed"


class LoanLent(LoanEvent):
    """The tool was handed over."""

    type: ClassVar[str] = "gereedschap.loan.lent"


class LoanReturned(LoanEvent):
    """The tool is back."""

    type: ClassVar[str] = "gereedschap.loan.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOpened(Event):
    """One may borrow tools for a project."""

    type: ClassVar[str] = "gereedschap.project.opened"

    project_id: uuid.UUID


EVENTS: tuple[type[Event], ...] = (
    ToolOffered,
    ToolWithdrawn,
    LoanRequested,
    LoanAgreed,
    LoanRefused,
    LoanCancelled,
    LoanLapsed,
    LoanLent,
    LoanReturned,
    ProjectOpened,
)
