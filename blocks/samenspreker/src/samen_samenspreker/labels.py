"""How stored codes are called. Names of steps and levels are settings of the city (definitions.py)."""

from __future__ import annotations

from samen_core.api import Text, _

KIND_LABELS: dict[str, Text] = {"problem": _("Probleem"), "opportunity": _("Kans")}
STATE_LABELS: dict[str, Text] = {
    "submitted": _("Ingediend"),
    "accepted": _("Aangenomen"),
    "refused": _("Afgewezen"),
    "merged": _("Samengevoegd"),
    "withdrawn": _("Ingetrokken"),
}
STATE_BADGES = {"submitted": "neutral", "accepted": "info", "refused": "neutral", "merged": "neutral", "withdrawn": "neutral"}
ROLE_LABELS: dict[str, Text] = {
    "initiator": _("Initiatiefnemer"),
    "facilitator": _("Procesbegeleider"),
    "participant": _("Deelnemer"),
    "expert": _("Deskundige"),
    "decision_maker": _("Beslisser"),
    "observer": _("Toehoorder"),
}
SEAT_STATE_LABELS: dict[str, Text] = {
    "open": _("Nog niet gevraagd"),
    "offered": _("Gevraagd"),
    "accepted": _("Zit aan tafel"),
    "declined": _("Wil niet"),
    "ended": _("Is gestopt"),
}
PRESENCE_LABELS: dict[str, Text] = {"present": _("Aanwezig"), "alternate": _("Vervanger aanwezig"), "absent": _("Afwezig")}
GOAL_LABELS: dict[str, Text] = {
    "transfer_knowledge": _("Kennis overdragen"),
    "widen_support": _("Draagvlak vergroten"),
    "raise_quality": _("Kwaliteit verhogen"),
    "collect_ideas": _("Ideeën en informatie ophalen"),
    "organize_dissent": _("Tegenspraak organiseren"),
    "self_reliance": _("Zelfredzaamheid stimuleren"),
    "cohesion": _("Samenhang in de buurt versterken"),
}
SCALE_LABELS: dict[str, Text] = {"city": _("Stad"), "wijk": _("Wijk"), "buurt": _("Buurt"), "street": _("Straat of project")}
ROUND_KIND_LABELS: dict[str, Text] = {
    "explore": _("Verkennen"),
    "ideas": _("Ideeën ophalen"),
    "elaborate": _("Uitwerken"),
    "test": _("Toetsen"),
}
JOIN_LABELS: dict[str, Text] = {"reactions": _("Geef uw mening"), "questionnaire": _("Vul de vragenlijst in")}
"""The button to an activity, by its kind."""

POSITION_LABELS: dict[str, Text] = {"for": _("Voor"), "can_live_with": _("Kan ermee leven"), "against": _("Tegen")}
DECISION_LABELS: dict[str, Text] = {"draft": _("Concept"), "published": _("Gepubliceerd"), "superseded": _("Vervangen")}
ACTION_STATE_LABELS: dict[str, Text] = {
    "planned": _("Gepland"),
    "in_progress": _("Bezig"),
    "done": _("Klaar"),
    "dropped": _("Gaat niet door"),
}
ACTION_BADGES = {"planned": "neutral", "in_progress": "info", "done": "success", "dropped": "neutral"}
GOAL_REACHED_LABELS: dict[str, Text] = {"yes": _("Gehaald"), "partly": _("Deels gehaald"), "no": _("Niet gehaald")}
