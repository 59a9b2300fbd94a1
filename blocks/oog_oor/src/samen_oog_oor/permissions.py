"""Who may do what. A grant on the organisation that a case is of, or on its area, counts as a scope."""

from __future__ import annotations

from samen_core.api import Permission, _

_DESK = frozenset({"facilitator", "moderator", "manager"})

REPORT = Permission("oog_oor.report", _("melden wat u ziet of hoort"), audience="everyone")
HANDLE = Permission("oog_oor.handle", _("meldingen behandelen"), roles=_DESK)
"""Work at cases: read what was reported, move, assign, ask, close."""

TRIAGE = Permission("oog_oor.triage", _("meldingen verdelen, samenvoegen en openbaar maken"), roles=_DESK)
"""Move cases between organisations and categories, merge, lower or raise what everybody sees, hide parts of texts and pictures."""

SEE_CONTACT = Permission("oog_oor.see_contact", _("contactgegevens van melders zien"), roles=_DESK)
SEE_ORIGINALS = Permission("oog_oor.see_originals", _("foto's zien zoals melders ze stuurden"), roles=_DESK)
"""Faces and number plates may be on them: who may not, gets the copy with black boxes."""

SEE_CONFIDENTIAL = Permission(
    "oog_oor.see_confidential", _("vertrouwelijke meldingen van professionals zien"), roles=frozenset({"decision_maker", "manager"})
)
DEFINE = Permission("oog_oor.define", _("categorieën, regels, teksten en koppelingen inrichten"), roles=frozenset({"manager"}))
CONNECT = Permission("oog_oor.connect", _("een sleutel maken voor Open311"), audience="logged_in")

PERMISSIONS = (REPORT, HANDLE, TRIAGE, SEE_CONTACT, SEE_ORIGINALS, SEE_CONFIDENTIAL, DEFINE, CONNECT)
