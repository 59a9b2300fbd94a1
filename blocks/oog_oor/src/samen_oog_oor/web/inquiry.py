"""The page on which somebody answers a question about a case, at the key of a link that works once. No account is needed."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.web.api import atlas, small_map
from samen_core.api import Invalid, NotFound, UnitOfWork, _, form_schema, format_date
from samen_core.web.api import BoundForm, current_uow, limit_visitor, page_url, receive_files, render, render_status
from samen_oog_oor import paths
from samen_oog_oor.models import Case, Inquiry
from samen_oog_oor.services.inquiries import PHOTOS, answer, find_inquiry, form_of_inquiry, usual_alt, where_to_go
from samen_oog_oor.web.common import SMALL_MAP, pages, told_sizes
from samen_oog_oor.working_days import city_day, today

LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and about what: as far as the link goes."""

    number: str
    title: str
    place: str
    text: str
    due: str
    from_reporter: bool


@pages.route(f"{paths.INQUIRY}/<key>", public=True, cache=False, methods=["GET", "POST"])
def inquiry(key: str) -> ResponseReturnValue:
    """The question, or the answer to it. A key that does not work tells nothing about any case."""
    limit_visitor("oog_oor.inquiry", 60, 600)
    uow = current_uow()
    if len(key) > LONGEST_KEY:
        raise NotFound
    found = find_inquiry(uow, key)
    schema = form_schema(form_of_inquiry(found))
    if request.method == "GET":
        return _show(uow, found, BoundForm(schema(), data={}), 200, key)
    received = receive_files(uow, schema, usual_alt=_usual_alt(uow, found))
    try:
        values = received.parse(schema)
        answer(uow, found.id, values)
    except Invalid as error:
        uow.rollback()
        return _show(
            uow, find_inquiry(uow, key), BoundForm(schema(), data=received.form, errors=error.errors, files=received.files), 400, key
        )
    return render("oog_oor/inquiry_done.html", from_reporter=found.to == "reporter", home_link=page_url(paths.HOME))


def _usual_alt(uow: UnitOfWork, found: Inquiry) -> str:
    who = "de melder" if found.to == "reporter" else "de uitvoerder"
    return usual_alt(who, uow.session.get_one(Case, found.case_id).number)


def _place(found: Inquiry, case: Case) -> str:
    """A reporter reads of a case what everybody may: the address may be that of another reporter. Who does the work has to find it."""
    return case.public_place if found.to == "reporter" else where_to_go(case)


def _map(uow: UnitOfWork, found: Inquiry, case: Case) -> str:
    if found.to == "reporter" or case.lat is None or case.lon is None:
        return ""
    return small_map(atlas(uow), [(case.lat, case.lon)], _("Waar het is"), SMALL_MAP)


def _show(uow: UnitOfWork, found: Inquiry, form: BoundForm, status: int, key: str) -> ResponseReturnValue:
    case = uow.session.get_one(Case, found.case_id)
    days = (city_day(found.due_at) - today(uow)).days
    return render_status(
        status,
        "oog_oor/inquiry.html",
        asked=Asked(case.number, case.title, _place(found, case), found.text, format_date(found.due_at), found.to == "reporter"),
        map=_map(uow, found, case),
        days=max(0, days),
        form=told_sizes(uow, form),
        has_photos=any(question.name == PHOTOS for question in form_of_inquiry(found).questions),
        action=page_url(paths.inquiry(key)),
        submit=_("Verstuur uw antwoord"),
    )
