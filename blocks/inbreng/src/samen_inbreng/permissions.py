"""Who may do what with activities and contributions. A grant on the subject of an activity holds for the activity."""

from __future__ import annotations

from samen_core.api import Permission, _

_STAFF = frozenset({"facilitator", "manager"})

MANAGE_ACTIVITY = Permission("inbreng.manage_activity", _("activiteiten maken en sluiten"), roles=_STAFF)
CONTRIBUTE = Permission("inbreng.contribute", _("een bijdrage geven"), audience="everyone")
SUPPORT = Permission("inbreng.support", _("een bijdrage steunen"), audience="logged_in")
CLAIM = Permission("inbreng.claim", _("een eigen bijdrage aan het account koppelen"), audience="logged_in")
ENTER = Permission("inbreng.enter", _("bijdragen van anderen invoeren"), roles=_STAFF)
ANSWER = Permission("inbreng.answer", _("bijdragen indelen en beantwoorden"), roles=_STAFF)
MODERATE = Permission("inbreng.moderate", _("bijdragen verbergen"), roles=frozenset({"moderator", "manager"}))

PERMISSIONS = (MANAGE_ACTIVITY, CONTRIBUTE, SUPPORT, CLAIM, ENTER, ANSWER, MODERATE)
