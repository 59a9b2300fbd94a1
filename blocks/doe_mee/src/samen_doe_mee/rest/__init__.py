"""The REST resources."""

from __future__ import annotations

from samen_doe_mee.rest import ideas, plan_parts, plans, rounds
from samen_doe_mee.rest.common import rest

__all__ = ["ideas", "plan_parts", "plans", "rest", "rounds"]
