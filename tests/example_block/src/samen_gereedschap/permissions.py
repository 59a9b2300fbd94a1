"""Who may do what. A grant on an organisation holds for its tools, one on a project for its tool list."""

from __future__ import annotations

from samen_core.api import Permission, _

_STAFF = frozenset({"facilitator", "manager"})

BORROW = Permission("gereedschap.borrow", _("gereedschap lenen"), audience="logged_in")
LEND = Permission("gereedschap.lend", _("gereedschap uitlenen"), roles=_STAFF)
PLAN = Permission("gereedschap.plan", _("de gereedschapslijst van een project bijhouden"), roles=_STAFF)

PERMISSIONS = (BORROW, LEND, PLAN)
