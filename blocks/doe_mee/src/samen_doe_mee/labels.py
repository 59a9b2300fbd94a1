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
IDEA_STATE_LABELS = {
    "published": _("Op de website"),
    "unconfirmed": _("Nog niet bevestigd"),
    "hidden": _("Verborgen"),
    "withdrawn": _("Ingetrokken"),
    "merged": _("Samengevoegd"),
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
LEVEL_MEANINGS = {
    "inform": _("U krijgt uitleg en antwoord op uw vragen. U beslist niet mee."),
    "consult": _("Uw mening telt mee. Wie beslist, mag ervan afwijken en legt dan uit waarom."),
    "advise": _("Wie beslist, volgt het advies van de deelnemers. Afwijken mag alleen met goede redenen."),
    "coproduce": _("Deelnemers en gemeente maken het plan samen. Wie beslist, houdt zich daaraan."),
    "codecide": _("Deelnemers beslissen mee. Het besluit wijkt niet af van wat zij kozen."),
}
"""What people may expect at a level of influence."""
GOAL_LABELS = {
    "transfer_knowledge": _("Kennis overdragen"),
    "widen_support": _("Draagvlak vergroten"),
    "raise_quality": _("Kwaliteit verhogen"),
    "collect_ideas": _("Ideeën en informatie ophalen"),
    "organize_dissent": _("Tegenspraak organiseren"),
    "self_reliance": _("Zelfredzaamheid stimuleren"),
    "cohesion": _("Samenhang in de buurt versterken"),
}
SCALE_LABELS = {"city": _("Hele stad"), "wijk": _("Wijk"), "buurt": _("Buurt"), "street": _("Straat of project")}
ROUND_STATE_LABELS = {"planned": _("Komt nog"), "open": _("Loopt nu"), "waiting": _("Wacht op resultaat"), "closed": _("Afgesloten")}
