"""Who may do what."""

from __future__ import annotations

from samen_core.api import Permission, _

THANK = Permission("example.thank", _("een organisatie bedanken"), audience="logged_in")
HIDE = Permission("example.hide", _("bedankjes verbergen"), roles=frozenset({"moderator"}))
