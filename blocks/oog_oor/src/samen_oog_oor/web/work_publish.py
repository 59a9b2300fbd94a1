"""What everybody sees of a case, for staff: texts, pictures with black boxes, a preview first; and hiding a whole case."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import prose_field
from citycontent.web.api import FormPage, FormSpec, Section, form_page, send, show
from samen_core.api import MODERATE, NotFound, Text, UnitOfWork, _, format_date
from samen_core.web.api import BoundForm, crumbs, current_uow, go, page_url, render_status, say
from samen_oog_oor import paths
from samen_oog_oor.labels import PUBLICATION_LABELS
from samen_oog_oor.models import Case, Signal
from samen_oog_oor.models.signal import TEXT_LENGTH
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.schemas.publishing import Box, Hide, HideSchema, Publish, PublishSchema, ShowAgain, ShowAgainSchema, ShowPictureSchema
from samen_oog_oor.services.common import find_case, scopes_of
from samen_oog_oor.services.private_words import without_private
from samen_oog_oor.services.publishing import (
    Picture,
    Shown,
    hidden_reason,
    hide_case,
    pictures_of,
    preview,
    publish,
    publish_values,
    show_case_again,
    show_picture,
    signals_of,
    take_back_picture,
    usual_level,
    view_pictures,
)
from samen_oog_oor.services.viewings import note_viewing
from samen_oog_oor.web.common import DESK, LABEL, pages

ONE = f"{paths.DESK}/zaken/<number>"
PART = "openbaar"
PICTURE = f"{ONE}/{PART}/foto/<uuid:id>"
TITLE = _("Wat iedereen ziet")
SIGNAL = "signal-"
MOST_SIGNALS = 20
"""Of so many signals a text can be cleared on the page; the first observations say what it is about."""


@pages.route(f"{ONE}/{PART}", permission=TRIAGE, methods=["GET", "POST"])
def case_publish(number: str) -> ResponseReturnValue:
    """Clear texts and set the level, with a preview of what everybody will see."""
    uow = current_uow()
    case = _case(uow, number, TRIAGE)
    signals = signals_of(uow, case)[:MOST_SIGNALS]
    spec = FormSpec(_schema(signals))
    values = publish_values(case, signals)
    if request.method == "GET":
        if "voorstel" in request.args:
            values |= {f"{SIGNAL}{one.id}": one.public_text or without_private(one.text) for one in signals}
        return _page(uow, case, signals, show(uow, spec, values).form, preview(uow, case))
    if "preview" in request.form:
        found: Any = send(uow, spec, lambda command: preview(uow, case, command), stored=values)
        if isinstance(found, Shown):
            form = BoundForm(spec.make(values), data=request.form, version=request.form.get("version", type=int))
            return _page(uow, case, signals, form, found, planned=True)
    else:
        found = send(uow, spec, lambda command: _publish(uow, case, command), stored=values)
        if isinstance(found, str):
            say(_("Zo is het vanaf nu te zien."))
            return go(found)
    case = _case(uow, number, TRIAGE)
    return _page(uow, case, signals_of(uow, case)[:MOST_SIGNALS], found.form, preview(uow, case), status=found.status)


def _publish(uow: UnitOfWork, case: Case, command: Publish) -> str:
    publish(uow, case.id, command)
    return paths.work(case.number, PART)


def _schema(signals: Sequence[Signal]) -> type[PublishSchema]:
    """The schema with a text for each signal; what the reporter wrote stands with it, for staff."""

    def collect(**values: Any) -> Publish:
        texts = {uuid.UUID(name.removeprefix(SIGNAL)): values.pop(name) for name in list(values) if name.startswith(SIGNAL)}
        return Publish(**{**values, "signals": texts})

    fields: dict[str, Any] = {
        f"{SIGNAL}{signal.id}": prose_field(
            _("Melding van {day}", day=format_date(signal.at)), _("Geschreven is: {text}", text=signal.text), TEXT_LENGTH, 3
        )
        for signal in signals
    }
    return type("PublishPageSchema", (PublishSchema,), {"command": staticmethod(collect), **fields})


def _page(
    uow: UnitOfWork, case: Case, signals: Sequence[Signal], form: BoundForm, shown: Shown, *, status: int = 200, planned: bool = False
) -> ResponseReturnValue:
    hidden = hidden_reason(uow, case)
    moderates = MODERATE.allows(uow.actor, case.id, scopes=scopes_of(case))
    here = paths.work(case.number, PART)
    return render_status(
        status,
        "oog_oor/work_publish.html",
        title=TITLE,
        case=case,
        form=form,
        texts=[form[f"{SIGNAL}{signal.id}"] for signal in signals],
        shown=shown,
        planned=planned,
        levels=PUBLICATION_LABELS,
        usual=PUBLICATION_LABELS[usual_level(uow, case)],
        pictures=[(picture, page_url(f"{here}/foto/{picture.original.id}")) for picture in pictures_of(uow, case)],
        hidden=hidden,
        hide_url=page_url(f"{here}/verbergen") if moderates and hidden is None else "",
        again_url=page_url(f"{here}/weer-laten-zien") if moderates and hidden is not None else "",
        action=page_url(here),
        proposal_url=page_url(f"{here}?voorstel=1"),
        back_url=page_url(paths.work(case.number)),
        public_url=page_url(paths.case(case.number)),
        breadcrumbs=crumbs(*_trail(case), (TITLE, None)),
    )


@pages.route(PICTURE, permission=TRIAGE, methods=["GET", "POST"])
def case_picture(number: str, id: uuid.UUID) -> ResponseReturnValue:
    """Draw black boxes on a copy of a picture and show that to everybody. Looking at the original is written down."""
    uow = current_uow()
    case = _case(uow, number, TRIAGE)
    picture = _picture(uow, case, id)
    values = {"version": case.version, "alt": picture.original.alt, "boxes": picture.shown.boxes if picture.shown else ()}
    spec = FormSpec(ShowPictureSchema)
    back = paths.work(number, PART)
    if request.method == "GET":
        return _picture_page(case, picture, None, 200)
    if "look" in request.form:
        view_pictures(uow, case)
        return _picture_page(case, picture, show(uow, spec, values).form, 200)
    if "away" in request.form:
        take_back_picture(uow, case.id, id, request.form.get("version", type=int) or 0)
        say(_("De foto is niet meer te zien."))
        return go(back)
    if "preview" in request.form:
        drawn: Any = send(uow, spec, lambda command: command.boxes, stored=values)
        if not hasattr(drawn, "form"):
            form = BoundForm(spec.make(values), data=request.form, version=request.form.get("version", type=int))
            return _picture_page(case, picture, form, 200, drawn)
        return _picture_page(case, picture, drawn.form, drawn.status)
    found: Any = send(uow, spec, lambda command: show_picture(uow, case.id, id, command), stored=values)
    if hasattr(found, "form"):
        case = _case(uow, number, TRIAGE)
        return _picture_page(case, _picture(uow, case, id), found.form, found.status)
    say(_("De foto is te zien, met de vakken erin. Het origineel is bewaard."))
    return go(back)


def _picture_page(
    case: Case, picture: Picture, form: BoundForm | None, status: int, boxes: Sequence[Box] | None = None
) -> ResponseReturnValue:
    here = paths.work(case.number, PART)
    title = _("Foto openbaar maken")
    return render_status(
        status,
        "oog_oor/work_picture.html",
        title=title,
        case=case,
        picture=picture,
        form=form,
        boxes=boxes if boxes is not None else picture.shown.boxes if picture.shown else (),
        previewed=boxes is not None,
        action=page_url(f"{here}/foto/{picture.original.id}"),
        back_url=page_url(here),
        breadcrumbs=crumbs(*_trail(case), (TITLE, here), (title, None)),
    )


def _picture(uow: UnitOfWork, case: Case, id: uuid.UUID) -> Picture:
    found = next((picture for picture in pictures_of(uow, case) if picture.original.id == id), None)
    if found is None:
        raise NotFound
    return found


@pages.route(f"{ONE}/{PART}/verbergen", permission=MODERATE, methods=["GET", "POST"])
def case_hide(number: str) -> ResponseReturnValue:
    """Take a whole case out of sight."""
    uow = current_uow()
    case = _case(uow, number, MODERATE)
    lead = _("Niemand ziet de zaak dan nog, behalve wie eraan werkt. Wie het meldde krijgt uw uitleg.")
    page = _form(case, _("Verberg de zaak"), _("De zaak is verborgen."), "verbergen", lead)

    def write(command: Hide) -> str:
        hide_case(uow, case.id, command)
        return paths.work(number, PART)

    return form_page(uow, page, FormSpec(HideSchema), (Section(_("Waarom?"), ("code", "reason")),), write, values={"version": case.version})


@pages.route(f"{ONE}/{PART}/weer-laten-zien", permission=MODERATE, methods=["GET", "POST"])
def case_show_again(number: str) -> ResponseReturnValue:
    """Let everybody see it again."""
    uow = current_uow()
    case = _case(uow, number, MODERATE)
    title = _("Laat de zaak weer zien")
    page = _form(case, title, _("De zaak is weer te zien, zoals daarvoor."), "weer-laten-zien")

    def write(command: ShowAgain) -> str:
        show_case_again(uow, case.id, command)
        return paths.work(number, PART)

    return form_page(uow, page, FormSpec(ShowAgainSchema), (Section(_("Waarom?"), ("reason",)),), write, values={"version": case.version})


def _case(uow: UnitOfWork, number: str, permission: Any) -> Case:
    case = find_case(uow, number)
    permission.require(uow.actor, case.id, scopes=scopes_of(case))
    if case.confidential:
        note_viewing(uow, case.id, "confidential")
    return case


def _trail(case: Case) -> tuple[tuple[Text | str, str | None], ...]:
    return (LABEL, paths.HOME), (DESK, paths.DESK), (case.number, paths.work(case.number))


def _form(case: Case, title: Text, done: Text, part: str, lead: Text | str = "") -> FormPage:
    here = paths.work(case.number, PART)
    trail = (*_trail(case), (TITLE, here), (title, None))
    return FormPage(title=title, submit=title, done=done, path=f"{here}/{part}", back=here, trail=trail, lead=lead)
