"""Why a case went where it went, in plain words: for everybody who may see where it is."""

from __future__ import annotations

import uuid
from typing import Any

from samen_core.api import Text, UnitOfWork, _, current_language
from samen_oog_oor.labels import TYPE_LABELS
from samen_oog_oor.models import Route
from samen_oog_oor.queries.routing import Desk, OrganizationView, organizations_by_id


def explanation(uow: UnitOfWork, desk: Desk, route: Route, type: str) -> str:
    """The explanation in the language of now, as one text. What somebody typed or answered is never in it."""
    return " ".join(str(line) for line in words_of(uow, desk, route, type))


def words_of(uow: UnitOfWork, desk: Desk, route: Route, type: str) -> list[Text | str]:
    """The explanation as sentences; the last may be what the city itself wrote, in Dutch."""
    found = {**desk.organizations}
    missing = {id for id in (route.organization_id, route.from_organization_id) if id is not None and id not in found}
    found |= organizations_by_id(uow, missing)
    to, sender = _name(found, route.organization_id), _name(found, route.from_organization_id)
    lines: list[Text | str] = []
    if route.why == "wrong_desk":
        lines.append(_("{organization} gaat hier niet over.", organization=sender))
    if to is None:
        lines.append(_("Een medewerker zoekt uit wie dit oppakt."))
        return lines
    if route.why == "hand":
        return [_("Een medewerker stuurde dit naar {organization}.", organization=to)]
    lines.append(_("Dit ging naar {organization}.", organization=to))
    because = route.because
    how = because.get("decided", route.why)
    category = _category(desk, because.get("category_id"))
    if how == "rule":
        lines += _reasons(desk, because, type, category)
    elif how == "category" and category:
        lines.append(_("Deze organisatie gaat over “{category}”.", category=category))
    elif how == "city":
        lines.append(_("Voor dit onderwerp is geen andere organisatie aangewezen."))
    if because.get("own"):
        lines.append(str(because["own"]))
    return lines


def _reasons(desk: Desk, because: dict[str, Any], type: str, category: str | None) -> list[Text]:
    reasons = because.get("reasons", ())
    area = desk.areas.get(uuid.UUID(because["area_id"])) if because.get("area_id") else None
    lines: list[Text] = []
    if "categories" in reasons and category:
        lines.append(_("Het gaat over “{category}”.", category=category))
    if "areas" in reasons and area is not None:
        lines.append(_("Het is in {area}.", area=area.name))
    if "types" in reasons and type in TYPE_LABELS:
        lines.append(_("De soort melding telde mee: {type}.", type=TYPE_LABELS[type]))
    if "answers" in reasons:
        lines.append(_("De antwoorden op de vragen telden mee."))
    if "words" in reasons:
        lines.append(_("Er staan woorden in de melding die daarbij horen."))
    if "time" in reasons:
        lines.append(_("De dag of het tijdstip telde mee."))
    return lines


def _name(found: dict[uuid.UUID, OrganizationView], id: uuid.UUID | None) -> str | None:
    row = found.get(id) if id is not None else None
    return row.name if row is not None else None


def _category(desk: Desk, id: str | None) -> str | None:
    row = desk.categories.by_id.get(uuid.UUID(id)) if id else None
    return row.called(current_language()) if row is not None else None
