"""Where a case went and why, for staff: wrong desk, and giving it to another organisation."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormPage, FormSpec, Named, Section, form_page
from samen_core.api import Text, UnitOfWork, _, current_language
from samen_core.web.api import current_uow, go, say
from samen_oog_oor import paths
from samen_oog_oor.models import Case
from samen_oog_oor.permissions import HANDLE, TRIAGE
from samen_oog_oor.queries.routing import routing_desk
from samen_oog_oor.schemas.relocating import Relocate, RelocateSchema
from samen_oog_oor.schemas.routing import HandOver, HandOverSchema, SendBack, SendBackSchema
from samen_oog_oor.services.common import find_case, may_work, scopes_of
from samen_oog_oor.services.relocating import relocate, relocate_values
from samen_oog_oor.services.routing import hand_over, send_back
from samen_oog_oor.services.updates import in_dutch
from samen_oog_oor.services.viewings import note_viewing
from samen_oog_oor.web.common import DESK, LABEL, pages

ONE = f"{paths.DESK}/zaken/<number>"
SEND_BACK = "verkeerd-bureau/meteen"
_WRONG_DESK = _("Verkeerd bureau: dit hoort niet bij ons.")


@pages.route(f"{ONE}/verkeerd-bureau", permission=HANDLE, methods=["GET", "POST"])
def case_send_back(number: str) -> ResponseReturnValue:
    """Say that a case is at the wrong desk."""
    uow = current_uow()
    case = _case(uow, number, HANDLE)
    page = _page(case, _("Dit hoort niet bij ons"), _("Stuur de zaak terug"), _("De zaak is doorgestuurd."), "verkeerd-bureau")

    def write(command: SendBack) -> str:
        send_back(uow, case.id, command)
        return paths.work(number) if may_work(uow, case) else paths.DESK

    section = Section(_("Waarom en waarheen?"), ("reason", "to"))
    return form_page(uow, page, FormSpec(SendBackSchema), (section,), write, values={"to": "triage", "version": case.version})


@pages.route(f"{ONE}/{SEND_BACK}", permission=HANDLE, methods=["POST"])
def case_send_back_at_once(number: str) -> ResponseReturnValue:
    """Say that a case is at the wrong desk, in one tap: back to whoever divides them, with a reason that says just that."""
    uow = current_uow()
    case = _case(uow, number, HANDLE)
    version = request.form.get("version", case.version, int)
    send_back(uow, case.id, SendBack(reason=in_dutch(uow, _WRONG_DESK), version=version))
    say(_("De zaak is terug bij wie de meldingen verdeelt."))
    return go(paths.work(number) if may_work(uow, case) else paths.DESK)


@pages.route(f"{ONE}/overdragen", permission=TRIAGE, methods=["GET", "POST"])
def case_hand_over(number: str) -> ResponseReturnValue:
    """Give a case to another organisation."""
    uow = current_uow()
    case = _case(uow, number, TRIAGE)
    page = _page(case, _("Aan een andere organisatie geven"), _("Geef de zaak door"), _("De zaak is doorgegeven."), "overdragen")

    def write(command: HandOver) -> str:
        hand_over(uow, case.id, command)
        return paths.work(number) if may_work(uow, case) else paths.DESK

    spec = FormSpec(HandOverSchema, {"organization_id": Named("organization")})
    return form_page(uow, page, spec, (Section(_("Naar wie?"), ("organization_id", "reason")),), write, values={"version": case.version})


@pages.route(f"{ONE}/categorie-en-plek", permission=TRIAGE, methods=["GET", "POST"])
def case_relocate(number: str) -> ResponseReturnValue:
    """Say what a case is really about, or where it is."""
    uow = current_uow()
    case = _case(uow, number, TRIAGE)
    page = _page(case, _("Categorie en plek verbeteren"), _("Bewaar de wijzigingen"), _("De zaak is bijgewerkt."), "categorie-en-plek")
    desk = routing_desk(uow)
    language = current_language()
    categories = [
        (row.id, f"{main.called(language)}: {row.called(language)}")
        for main in desk.categories.main
        for row in desk.categories.subs(main)
        if (row.active and main.active) or row.id == case.category_id
    ]
    options = {"category_id": categories, "area_id": [(row.id, row.name) for row in desk.areas.of("buurt")]}

    def write(command: Relocate) -> str:
        relocate(uow, case.id, command)
        return paths.work(number) if may_work(uow, case) else paths.DESK

    sections = (
        Section(_("Waar gaat het over?"), ("category_id",)),
        Section(_("Is het ergens anders?"), ("postcode", "house_number", "area_id", "lat", "lon"), folded=True),
        Section(_("Wie krijgt het?"), ("reroute", "reason")),
    )
    return form_page(uow, page, FormSpec(RelocateSchema), sections, write, values=relocate_values(case), options=options)


def _case(uow: UnitOfWork, number: str, permission: Any) -> Case:
    case = find_case(uow, number)
    permission.require(uow.actor, case.id, scopes=scopes_of(case))
    if case.confidential:
        note_viewing(uow, case.id, "confidential")
    return case


def _page(case: Case, title: Text, submit: Text, done: Text, part: str) -> FormPage:
    return FormPage(
        title=title,
        submit=submit,
        done=done,
        path=paths.work(case.number, part),
        back=paths.work(case.number),
        trail=((LABEL, paths.HOME), (DESK, paths.DESK), (case.number, paths.work(case.number)), (title, None)),
        lead=case.title,
    )
