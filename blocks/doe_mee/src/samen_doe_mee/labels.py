"""What stored codes are called, for people."""

from __future__ import annotations

from samen_core.api import _

IDEA_KIND_LABELS = {"idea": _("Idee"), "challenge": _("Uitdaging")}
IDEA_STATUS_LABELS = {
    "received": _("Ontvangen"),
    "in_conversation": _("In gesprek"),
    "supported": _("Gemeente steunt dit"),
    "carried_out": _("Inwoners voeren het uit"),
    "passed_on": _("Naar een tafel"),
    "not_possible": _("Kan niet"),
}
PLAN_STATE_LABELS = {"draft": _("Concept"), "published": _("Openbaar"), "finished": _("Afgerond"), "withdrawn": _("Ingetrokken")}
PLAN_FORM_LABELS = {"participation": _("Participatie"), "inspraak": _("Formele inspraak")}
LEVEL_LABELS = {
    "inform": _("Informeren"),
    "consult": _("Raadplegen"),
    "advise": _("Adviseren"),
    "coproduce": _("Coproduceren"),
    "codecide": _("Meebeslissen"),
}
PLAN_ROLE_LABELS = {"lead": _("Trekker"), "editor": _("Redacteur"), "answerer": _("Beantwoorder"), "reader": _("Meelezer")}
