"""Staff say what a case is really about, or where it is; then the rules decide again who gets it."""

from __future__ import annotations

import uuid
from typing import Any

from samen_core.api import Invalid, Text, UnitOfWork, _, uuid7
from samen_oog_oor.events import CaseUpdated
from samen_oog_oor.models import Case, Note
from samen_oog_oor.models.base import OPEN, PUBLICATION, TITLE_LENGTH
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.queries.categories import CategoryView, category_tree
from samen_oog_oor.queries.routing import routing_desk
from samen_oog_oor.schemas.receiving import SignalPlace
from samen_oog_oor.schemas.relocating import Relocate
from samen_oog_oor.services.common import case_to_work_at, keep_case, log, tell
from samen_oog_oor.services.deadlines import change_term
from samen_oog_oor.services.forwarding import WAITING, plan
from samen_oog_oor.services.places import Located, locate, set_place
from samen_oog_oor.services.routing import reroute_case, who_by_rules
from samen_oog_oor.services.updates import tell_reporters

_RUNNING = OPEN - {"reopening_requested"}
"""A case that is opened again gets a new day then."""


def relocate_values(case: Case) -> dict[str, Any]:
    """What the form shows of a case."""
    return {"category_id": case.category_id, "area_id": None, "reroute": True, "version": case.version}


def relocate(uow: UnitOfWork, id: uuid.UUID, command: Relocate) -> Case:
    """Change the category or the place of a case.

    A title that says category and place says the new ones. Its level becomes that of the new category; one that staff chose stays, unless
    the new category shows less. In a category for professionals the case becomes confidential, and stays so; in one that goes to another
    server it goes there. The promised day is that of the term of the new category, counted from when it came in (or was opened again);
    when that is another day, its reporters hear it. Who has it changes only where the rules now say something else than before: what
    staff decided by hand stays. Raises NotFound, NotAllowed, Conflict, and Invalid for what is not there.
    """
    case = case_to_work_at(uow, id, command.version, TRIAGE, relocate_values)
    tree = category_tree(uow)
    former, wanted = tree.by_id[case.category_id], tree.by_id.get(command.category_id)
    errors: dict[str, list[Text]] = {}
    if wanted is None or wanted.parent_id is None or not wanted.active:
        errors["category_id"] = [_("Kies een categorie waarin gemeld kan worden.")]
    place = _place(uow, command, errors)
    if errors or wanted is None:
        raise Invalid(errors)
    before = {"category_id": case.category_id, "area_id": case.area_id}
    was_for = who_by_rules(uow, case)
    had_title = first_title(uow, former, case.area_id)
    if place is not None:
        set_place(case, place, place.address)
    if wanted.id != former.id:
        _take_category(uow, case, former, wanted)
    if case.title == had_title:
        case.title = first_title(uow, wanted, case.area_id)
    if command.reason.strip():
        uow.session.add(Note(id=uuid7(), case_id=case.id, at=uow.now, text=command.reason.strip(), account_id=uow.actor.account_id))
    promised = wanted.id != former.id and case.state in _RUNNING and change_term(uow, case, former.term_days, wanted.term_days)
    keep_case(uow, case)
    after = {"category_id": case.category_id, "area_id": case.area_id}
    if after != before or place is not None:
        log(uow, "relocated", case, _("De categorie of de plek is verbeterd."), before=before, after=after)
        tell(uow, CaseUpdated, case)
    if command.reroute:
        reroute_case(uow, case, unless=(was_for,))
        keep_case(uow, case)
    if promised:
        tell_reporters(uow, case, _other_term(case, wanted), public=False)
    return case


def _other_term(case: Case, category: CategoryView) -> Text:
    """Why the day changed; the mail says which it is. A mail names nothing of what is confidential."""
    if case.confidential:
        return _("Wij hebben uw melding bij een ander onderwerp gezet. Daarvoor geldt een andere termijn.")
    return _("Wij hebben uw melding bij een ander onderwerp gezet: {category}. Daarvoor geldt een andere termijn.", category=category.name)


def _place(uow: UnitOfWork, command: Relocate, errors: dict[str, list[Text]]) -> Located | None:
    if not command.has_place:
        return None
    try:
        return locate(
            uow,
            SignalPlace(
                lat=command.lat,
                lon=command.lon,
                postcode=command.postcode,
                house_number=command.house_number,
                area_id=command.area_id,
            ),
        )
    except Invalid as error:
        for name, texts in error.errors.items():
            errors.setdefault("postcode" if name == "place" else name.removeprefix("place."), []).extend(texts)
        return None


def _take_category(uow: UnitOfWork, case: Case, former: CategoryView, wanted: CategoryView) -> None:
    case.category_id = wanted.id
    case.confidential = case.confidential or wanted.confidential
    level = wanted.publication
    held = case.hidden_from or case.publication
    if held != former.publication:
        level = min(held, level, key=PUBLICATION.index)
    if case.hidden_from is not None:
        case.hidden_from = level
    else:
        case.publication = level
    if not case.confidential:
        plan(uow, case, WAITING)


def first_title(uow: UnitOfWork, category: CategoryView, area_id: uuid.UUID | None) -> str:
    """How a case is called before somebody gives it another title: its category and where it is."""
    area = routing_desk(uow).areas.get(area_id)
    return (f"{category.name}, {area.name}" if area is not None else category.name)[:TITLE_LENGTH]
