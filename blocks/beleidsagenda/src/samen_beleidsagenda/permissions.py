"""Who may do what. A grant on a body (its organisation), on a dossier or on the organisation that does the work counts as a scope."""

from __future__ import annotations

from samen_core.api import Permission, _

_STAFF = frozenset({"facilitator", "decision_maker", "manager"})
_CLERK = frozenset({"decision_maker", "manager"})

WRITE = Permission("beleidsagenda.write", _("dossiers en planning invoeren en bijwerken"), roles=_STAFF)
"""Policy officers: dossiers, goals, planned moments, documents."""

APPROVE = Permission("beleidsagenda.approve", _("dossiers en planning openbaar maken"), roles=_CLERK)
"""Whoever makes public what was entered."""

RECORD = Permission("beleidsagenda.record", _("vergaderingen, moties en toezeggingen vastleggen"), roles=_STAFF)
"""The clerk's office (griffie) of a body: agendas, results, motions, commitments, questions."""

DECIDE = Permission("beleidsagenda.decide", _("besluiten en afdoening vastleggen"), roles=_CLERK)
"""Whoever writes down what a body decided: decisions, votes, that a promise is settled."""

SEE_CONFIDENTIAL = Permission("beleidsagenda.see_confidential", _("vertrouwelijke stukken en punten zien"), roles=_CLERK)
IMPORT = Permission("beleidsagenda.import", _("vergaderingen en planning inlezen"), roles=_CLERK)
DEFINE = Permission("beleidsagenda.define", _("organen, thema's en doelen van de beleidsagenda inrichten"), roles=frozenset({"manager"}))
FOLLOW = Permission("beleidsagenda.follow", _("onderwerpen van de beleidsagenda volgen"), audience="logged_in")

PERMISSIONS = (WRITE, APPROVE, RECORD, DECIDE, SEE_CONFIDENTIAL, IMPORT, DEFINE, FOLLOW)
