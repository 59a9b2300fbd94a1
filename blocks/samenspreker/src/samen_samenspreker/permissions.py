"""Who may do what with questions. A grant on a question holds for its table; a seat gives rights by itself (services/seats.py)."""

from __future__ import annotations

from samen_core.api import Permission, _

_FACILITATOR = frozenset({"facilitator", "manager"})

ASK = Permission("samenspreker.ask", _("een vraag aan de stad stellen"), audience="everyone")
SUPPORT_QUESTION = Permission("samenspreker.support_question", _("een vraag of oplossing steunen"), audience="logged_in")
JUDGE = Permission("samenspreker.judge", _("vragen aannemen, afwijzen en samenvoegen"), roles=_FACILITATOR)
TAKE_SEAT = Permission("samenspreker.take_seat", _("een stoel aan tafel innemen"), audience="logged_in")
FACILITATE = Permission("samenspreker.facilitate", _("een tafel begeleiden"), roles=_FACILITATOR)
MOVE = Permission("samenspreker.move", _("een vraag naar een andere stap brengen, of een controle afvinken"), audience="logged_in")
"""Needed besides the right to make the very move, which a role or a seat gives (services/gates.py)."""

UPDATE_ACTION = Permission("samenspreker.update_action", _("vertellen hoe het met een actie gaat"), audience="logged_in")
"""Needed besides facilitating the table, or acting for the organisation that does the action."""

MAKE_OPTION = Permission("samenspreker.make_option", _("oplossingen maken en beoordelen"), audience="logged_in")
"""Needed besides a seat at the table that is more than looking on, or facilitating the table."""

WRITE_DECISION = Permission("samenspreker.write_decision", _("aan het concept van een besluit schrijven"), audience="logged_in")
"""Needed besides facilitating the table, the right to decide, or the seat of decision maker."""

DECIDE = Permission("samenspreker.decide", _("een besluit vastleggen"), roles=frozenset({"decision_maker", "manager"}))
SEE_UNPUBLISHED = Permission(
    "samenspreker.see_unpublished", _("vragen zien die nog niet openbaar zijn"), roles=frozenset({"facilitator", "moderator", "manager"})
)
DEFINE_PROCESS = Permission("samenspreker.define_process", _("het proces van de stad inrichten"), roles=frozenset({"manager"}))

PERMISSIONS = (
    ASK,
    SUPPORT_QUESTION,
    JUDGE,
    TAKE_SEAT,
    FACILITATE,
    MOVE,
    UPDATE_ACTION,
    MAKE_OPTION,
    WRITE_DECISION,
    DECIDE,
    SEE_UNPUBLISHED,
    DEFINE_PROCESS,
)
