"""Commands about plans, as services take them; the schemas of their forms are beside them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePlan:
    """Begin a plan. It belongs to the project of the city ``project_id``; without one a project of the same name is made."""

    title: str
    summary: str = ""
    project_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    area_id: uuid.UUID | None = None
    theme_id: uuid.UUID | None = None
    form: str = "participation"
    level: str = "consult"
    about: str = ""
    fixed: str = ""
    open: str = ""
    came_from_id: uuid.UUID | None = None
    question_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePlan:
    """Replace what a plan says in some of its fields (``values`` by name, see PLAN_FIELDS); ``version`` is the one that was read."""

    version: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVersion:
    """Do something with the plan that was read at ``version``: publish or finish it."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPlan:
    """Take a plan back. Everybody may read the ``reason``."""

    version: int
    reason: str
