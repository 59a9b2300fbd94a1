"""How stored codes are called, and which badge they get."""

from __future__ import annotations

from samen_core.api import Text, _

TYPE_LABELS: dict[str, Text] = {
    "problem": _("Probleem"),
    "observation": _("Waarneming"),
    "compliment": _("Compliment"),
    "idea": _("Idee"),
    "safety_concern": _("Zorg over veiligheid"),
}
STATE_LABELS: dict[str, Text] = {
    "new": _("Nieuw"),
    "triaged": _("Bekeken"),
    "assigned": _("Toegewezen"),
    "in_progress": _("In behandeling"),
    "planned": _("Ingepland"),
    "awaiting_reporter": _("Wacht op de melder"),
    "awaiting_third_party": _("Wacht op een ander"),
    "resolved": _("Opgelost"),
    "not_resolved": _("Niet opgelost"),
    "referred": _("Doorverwezen"),
    "withdrawn": _("Ingetrokken"),
    "reopening_requested": _("Heropening gevraagd"),
}
STATE_MEANING: dict[str, Text] = {
    "new": _("Uw melding is binnen. Iemand gaat ernaar kijken."),
    "triaged": _("Iemand heeft uw melding gelezen en zoekt uit wie dit oppakt."),
    "assigned": _("Uw melding ligt bij wie hiervoor verantwoordelijk is."),
    "in_progress": _("Er wordt aan gewerkt."),
    "planned": _("Er is een dag afgesproken waarop het werk gebeurt."),
    "awaiting_reporter": _("Er is een vraag aan u gesteld. Met uw antwoord gaat het verder."),
    "awaiting_third_party": _("Iemand anders moet eerst iets doen."),
    "resolved": _("Het is opgelost."),
    "not_resolved": _("Het is niet opgelost. In het antwoord staat waarom."),
    "referred": _("Iemand anders gaat hierover. In het antwoord staat wie."),
    "withdrawn": _("De melding is ingetrokken."),
    "reopening_requested": _("Er is gevraagd om er weer naar te kijken."),
}
STATE_BADGES = {
    "new": "info",
    "triaged": "info",
    "assigned": "info",
    "in_progress": "info",
    "planned": "info",
    "awaiting_reporter": "warning",
    "awaiting_third_party": "warning",
    "resolved": "success",
    "not_resolved": "neutral",
    "referred": "neutral",
    "withdrawn": "neutral",
    "reopening_requested": "warning",
}
RESOLUTION_LABELS: dict[str, Text] = {
    "repaired": _("Hersteld"),
    "already_resolved": _("Was al opgelost"),
    "no_action_policy": _("Geen actie: zo is het beleid"),
    "no_authority": _("Wij gaan hier niet over"),
    "merged": _("Samengevoegd met een andere melding"),
    "not_found": _("Niet gevonden"),
}
PRIORITY_LABELS: dict[str, Text] = {"low": _("Laag"), "normal": _("Gewoon"), "high": _("Hoog")}
PUBLICATION_LABELS: dict[str, Text] = {
    "count": _("Alleen een aantal per buurt"),
    "point": _("Een punt op de kaart, zonder tekst"),
    "full": _("Een eigen pagina"),
}
CHANNEL_LABELS: dict[str, Text] = {
    "web": _("Website"),
    "staff": _("Medewerker"),
    "rest": _("Koppeling"),
    "open311": _("Open311"),
    "meeting": _("Gesprek in de wijk"),
    "demo": _("Voorbeeld"),
}
PROBLEM_LABELS: dict[str, Text] = {
    "organization_gone": _("De organisatie is er niet meer."),
    "assignee_gone": _("De collega uit deze regel behandelt geen meldingen meer."),
    "category_gone": _("Een categorie uit deze regel is er niet meer of staat uit."),
    "area_gone": _("Een gebied uit deze regel is er niet meer."),
}
"""Why a rule switched itself off."""
CONDITION_LABELS: dict[str, Text] = {
    "categories": _("Categorie"),
    "areas": _("Gebied"),
    "types": _("Soort melding"),
    "answers": _("Antwoorden"),
    "words": _("Woorden"),
    "time": _("Dag en tijd"),
}
WEEKDAY_LABELS: dict[int, Text] = {
    1: _("maandag"),
    2: _("dinsdag"),
    3: _("woensdag"),
    4: _("donderdag"),
    5: _("vrijdag"),
    6: _("zaterdag"),
    7: _("zondag"),
}
STOP_LABELS: dict[str, Text] = {
    "": _("Nee: een melding komt bij ons binnen"),
    "emergency": _("Ja: bij spoed moet iemand meteen bellen"),
    "not_ours": _("Ja: een andere organisatie gaat hierover"),
}
"""Whether a category stops a signal."""
STOP_BADGES: dict[str, Text] = {"emergency": _("Bellen"), "not_ours": _("Niet van ons")}
QUESTION_LABELS: dict[str, Text] = {
    "short_text": _("Een korte tekst"),
    "long_text": _("Een lange tekst"),
    "one_choice": _("Eén antwoord uit een lijst"),
    "several_choices": _("Een of meer antwoorden uit een lijst"),
    "scale": _("Een cijfer op een schaal"),
    "number": _("Een getal"),
    "date": _("Een dag"),
    "yes_no": _("Ja of nee"),
}
"""The kinds of extra questions."""
ICON_LABELS: dict[str, Text] = {
    "map-pin": _("Speld op de kaart"),
    "trash-2": _("Prullenbak"),
    "route": _("Weg"),
    "lightbulb": _("Lamp"),
    "trees": _("Bomen"),
    "leaf": _("Blad"),
    "bike": _("Fiets"),
    "dumbbell": _("Sport"),
    "layers": _("Lagen"),
    "megaphone": _("Megafoon"),
    "shield": _("Schild"),
    "construction": _("Bouwhek"),
    "users": _("Mensen"),
    "building-2": _("Gebouw"),
    "house": _("Huis"),
    "heart": _("Hart"),
    "school": _("School"),
    "store": _("Winkel"),
    "ear": _("Oor"),
    "eye": _("Oog"),
}
"""The pictures that a category can have."""
CONTACT_REASONS: dict[str, Text] = {
    "ask": _("Bellen of mailen over deze melding"),
    "visit": _("Een afspraak maken op de plek"),
    "own_data": _("De melder vraagt om gegevens te bekijken of te wijzigen"),
    "safety": _("Er is mogelijk iemand in gevaar"),
}
"""Why somebody of the staff opens contact details."""
