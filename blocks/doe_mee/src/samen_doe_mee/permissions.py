"""Who may do what. A grant on the organisation, area or project of a plan or idea counts as a scope."""

from __future__ import annotations

from samen_core.api import Permission, _

_DESK = frozenset({"facilitator", "moderator", "manager"})

PROPOSE = Permission("doe_mee.propose", _("een idee indienen"), audience="everyone")
SUPPORT = Permission("doe_mee.support", _("een idee steunen"), audience="everyone")
TAKE_PART = Permission("doe_mee.take_part", _("meedoen aan plannen"), audience="everyone")
HANDLE_IDEAS = Permission("doe_mee.handle_ideas", _("ideeën behandelen"), roles=_DESK)
"""Give a status with its text, name an owner, pass on, merge, hide."""

PLAN = Permission("doe_mee.plan", _("plannen maken en openbaar maken"), roles=_DESK)
"""Make plans with rounds and activities. Who has no city role may still be a colleague at one plan."""

ANSWER = Permission("doe_mee.answer", _("inbreng op plannen beantwoorden"), roles=_DESK)
DEFINE = Permission("doe_mee.define", _("blauwdrukken en teksten van Doe Mee inrichten"), roles=frozenset({"manager"}))

PERMISSIONS = (PROPOSE, SUPPORT, TAKE_PART, HANDLE_IDEAS, PLAN, ANSWER, DEFINE)
