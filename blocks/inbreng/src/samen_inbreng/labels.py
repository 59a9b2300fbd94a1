"""How stored codes are called."""

from __future__ import annotations

from samen_core.api import Text, _

KIND_LABELS: dict[str, Text] = {"reactions": _("Reacties"), "questionnaire": _("Vragenlijst")}
ACCESS_LABELS: dict[str, Text] = {
    "everyone": _("Iedereen, ook zonder naam"),
    "named": _("Wie een naam en e-mailadres geeft"),
    "logged_in": _("Wie is ingelogd"),
}
CHANNEL_LABELS: dict[str, Text] = {
    "online": _("Online"),
    "meeting": _("Bijeenkomst"),
    "phone": _("Telefoon"),
    "letter": _("Brief"),
    "email": _("E-mail"),
    "survey": _("Enquête"),
    "social": _("Sociale media"),
}
CHANNEL_ICONS = {
    "online": "monitor",
    "meeting": "users",
    "phone": "phone",
    "letter": "file-text",
    "email": "mail",
    "survey": "clipboard-list",
    "social": "share-2",
}
OUTCOME_LABELS: dict[str, Text] = {
    "adopted": _("Overgenomen"),
    "partly": _("Deels overgenomen"),
    "not_adopted": _("Niet overgenomen"),
    "passed_on": _("Doorgegeven"),
    "answered": _("Beantwoord"),
}
OUTCOME_BADGES = {"adopted": "success", "partly": "info", "not_adopted": "neutral", "passed_on": "info", "answered": "info"}
