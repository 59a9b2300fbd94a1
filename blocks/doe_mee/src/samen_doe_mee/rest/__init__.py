"""The REST resources."""

from __future__ import annotations

from samen_doe_mee.rest import answers, figures, ideas, overview, plan_parts, plans, ready_texts, results, rounds
from samen_doe_mee.rest.common import rest

__all__ = ["answers", "figures", "ideas", "overview", "plan_parts", "plans", "ready_texts", "rest", "results", "rounds"]
