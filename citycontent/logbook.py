"""What the public logbook says about changes to the city's data. Never a name or value of a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from samen_core.api import Text, _

SENTENCES: dict[str, Text] = {
    "citycontent.organization.created": _("Deze organisatie is toegevoegd."),
    "citycontent.organization.deleted": _("Deze organisatie is verwijderd."),
    "citycontent.person.created": _("Deze persoon is toegevoegd."),
    "citycontent.person.deleted": _("Deze persoon is verwijderd."),
    "citycontent.post.created": _("Deze functie is toegevoegd."),
    "citycontent.post.deleted": _("Deze functie is verwijderd."),
    "citycontent.membership.created": _("Dit lidmaatschap is toegevoegd."),
    "citycontent.membership.deleted": _("Dit lidmaatschap is verwijderd."),
    "citycontent.project.created": _("Dit project is toegevoegd."),
    "citycontent.project.deleted": _("Dit project is verwijderd."),
    "citycontent.event.created": _("Dit staat nu in de agenda."),
    "citycontent.event.cancelled": _("Dit gaat niet door."),
    "citycontent.event.moved": _("Dit heeft een ander moment gekregen of is uitgesteld."),
    "citycontent.event.deleted": _("Dit is uit de agenda gehaald."),
    "citycontent.theme.created": _("Dit thema is toegevoegd."),
    "citycontent.theme.deleted": _("Dit thema is verwijderd."),
}

FIELDS: dict[str, Text] = {
    "name": _("naam"),
    "sector": _("sector"),
    "classification": _("soort"),
    "abstract": _("korte beschrijving"),
    "summary": _("korte beschrijving"),
    "description": _("beschrijving"),
    "picture_id": _("foto"),
    "picture_alt": _("foto"),
    "biography": _("beschrijving"),
    "parent_id": _("plaats in een groter geheel"),
    "area_id": _("gebied"),
    "area_ids": _("gebied"),
    "address_id": _("adres"),
    "location": _("plek"),
    "theme_ids": _("thema's"),
    "email": _("contactgegevens"),
    "phone": _("contactgegevens"),
    "homepage": _("website"),
    "links": _("links"),
    "identifiers": _("nummers in registers"),
    "sources": _("bronnen"),
    "status": _("status"),
    "start_date": _("begin"),
    "end_date": _("einde"),
    "budget": _("budget"),
    "lead_organization_id": _("trekker"),
    "partner_organization_ids": _("deelnemers"),
    "organization_id": _("organisator"),
    "project_id": _("project"),
    "capacity": _("aantal plaatsen"),
    "accessibility": _("toegankelijkheid"),
    "registration_url": _("aanmelding"),
    "portfolio": _("portefeuille"),
    "role": _("rol"),
    "visibility": _("zichtbaarheid"),
}
"""What the fields are called in a sentence; a field that is not here is called "andere gegevens"."""

OTHER_FIELDS = _("andere gegevens")
UNSEEN = frozenset({"slug", "sort_name", "sequence", "previous_start_date"})
"""Fields that follow from others."""


def sentence(action: str, after: Mapping[str, Any] | None) -> Text | None:
    """The sentence for a log row of this block, to be rendered in the reader's language; None for a row of another kind."""
    if found := SENTENCES.get(action):
        return found
    if not (action.startswith("citycontent.") and action.endswith(".updated")):
        return None
    names = [FIELDS.get(name, OTHER_FIELDS) for name in after or {} if name not in UNSEEN]
    return _("Gewijzigd: {fields}.", fields=Listing(dict.fromkeys(names)))


class Listing:
    """Several texts with commas between them, rendered only when read."""

    def __init__(self, texts: Mapping[Text, None]) -> None:
        self.texts = tuple(texts)

    def __str__(self) -> str:
        return ", ".join(str(text) for text in self.texts)
