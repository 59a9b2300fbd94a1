"""Putting a question, in two steps: writing it, then seeing which ones look like it; and changing it or taking it back."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

from flask import request, session
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from citycontent.api import FindNeighbourhoodSchema, find_neighbourhood
from citycontent.web.api import Atlas, FormPage, FormSpec, Section, area_choices, atlas, form_page, theme_choices
from samen_core.api import LOGGED_IN, Invalid, Text, UnitOfWork, _, cards, clean_code, parse
from samen_core.web.api import BoundForm, crumbs, current_platform, current_uow, go, page_url, render, render_status, say
from samen_samenspreker.paths import FOLLOW, HOME, NEW, table
from samen_samenspreker.permissions import JUDGE
from samen_samenspreker.queries.similar import similar_questions
from samen_samenspreker.queries.supports import supported_by_me
from samen_samenspreker.schemas.following import MailReceiptSchema
from samen_samenspreker.schemas.questions import AskQuestion, AskQuestionSchema, UpdateQuestionSchema, WithdrawQuestionSchema
from samen_samenspreker.services.asker_mail import count_mail, mail_receipt
from samen_samenspreker.services.common import find_question
from samen_samenspreker.services.question_support import support
from samen_samenspreker.services.questions import Asked, ask, check_mail, require_running, update, values, withdraw
from samen_samenspreker.web.following import limit_codes
from samen_samenspreker.web.frame import LABEL, pages
from samen_samenspreker.web.question_parts import supports_in_words

TITLE = _("Stel een vraag aan de stad")
RECEIPT = f"{NEW}/verstuurd"
SENT, NONCE = "samenspreker_sent", "formulier"
"""In the session, for one page: the code and whether an address is to be confirmed. In the form: what makes known that it is sent twice."""

TEXT = ("kind", "title", "description", "why_now", "theme_id", "sectors")
PLACE = ("area_id", "postcode", "house_number")
WHO_WITHOUT_ACCOUNT = ("name", "wants_mail", "email")
WHO_WITH_ACCOUNT = ("anonymous", "wants_mail")
STAFF = ("sector", "name", "email", "reason")
SECTIONS = (Section(_("Uw vraag"), ("kind", "title", "description", "why_now", "area_id", "theme_id", "sectors")),)


class _WebSchema(AskQuestionSchema):
    """The form of the page: beside the area one may fill in an address, of which nothing is kept."""

    postcode = FindNeighbourhoodSchema._declared_fields["postcode"]
    house_number = FindNeighbourhoodSchema._declared_fields["house_number"]


@pages.route(NEW, public=True, cache=False)
def ask_page() -> ResponseReturnValue:
    """Step 1: the form."""
    uow = current_uow()
    return _form(uow, BoundForm(_schema(), options=_options(atlas(uow))))


@pages.route(NEW, public=True, methods=["POST"])
def ask_send() -> ResponseReturnValue:
    """From step 1 to step 2 and back, and sending. What was typed goes along in the page itself: nothing is stored before it is sent."""
    step = request.form.get("stap", "")
    if step == "versturen" and request.form.get("wants_mail"):
        count_mail(current_platform(), request.form.get("email", ""))
    uow = current_uow()
    if step == "terug":
        return _form(uow, BoundForm(_schema(), data=request.form, options=_options(atlas(uow))))
    if chosen := request.form.get("steun", ""):
        return _support_instead(uow, chosen)
    try:
        data = _with_area(uow)
        command: AskQuestion = parse(AskQuestionSchema, data)
        if step != "versturen":
            check_mail(uow, command)
            return _check_page(uow, command, data)
        asked = _ask_once(uow, command)
    except Invalid as error:
        uow.rollback()
        form = BoundForm(_schema(), data=request.form, errors=error.errors, options=_options(atlas(uow)))
        return _form(uow, form, 400)
    if asked.receipt_code:
        session[SENT] = [asked.receipt_code, bool(command.email)]
        return go(RECEIPT)
    done = _("De vraag staat op de agenda.") if command.reason else _("Uw vraag is verstuurd. Iemand van de gemeente leest hem.")
    say(done)
    return go(table(asked.question.slug))


@pages.route(RECEIPT, public=True, cache=False)
def receipt_page() -> ResponseReturnValue:
    """After sending without account: the code, once, and what happens next."""
    code, mailed = session.pop(SENT, None) or ("", False)
    return show_receipt(BoundForm(MailReceiptSchema, data={"code": code}), code, mailed=mailed)


@pages.route(f"{RECEIPT}/mail", public=True, methods=["POST"])
def receipt_mail() -> ResponseReturnValue:
    """Mail the code to who just asked."""
    limit_codes()
    count_mail(current_platform(), request.form.get("email", ""))
    uow = current_uow()
    code = clean_code(request.form.get("code", "")[:40]) or ""
    try:
        mail_receipt(uow, code, parse(MailReceiptSchema, request.form).email)
    except Invalid as error:
        uow.rollback()
        if "code" in error.errors:
            raise
        return show_receipt(BoundForm(MailReceiptSchema, data=request.form, errors=error.errors), code, status=400)
    say(_("De code is onderweg naar uw e-mailadres."))
    return go(FOLLOW)


def show_receipt(form: BoundForm, code: str, *, mailed: bool = False, status: int = 200) -> ResponseReturnValue:
    """The page with the code (or without, when it was shown before) and the form that mails it."""
    return render_status(
        status,
        "samenspreker/receipt.html",
        title=_("Uw vraag is verstuurd"),
        code=code,
        form=form,
        mailed=mailed,
        mail_action=page_url(f"{RECEIPT}/mail"),
        follow_url=page_url(FOLLOW),
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


@pages.route(f"{HOME}/<slug>/bewerken", permission=LOGGED_IN, methods=["GET", "POST"])
def question_edit(slug: str) -> ResponseReturnValue:
    """Change the text of a question."""
    uow = current_uow()
    question = find_question(uow, slug)
    require_running(question)
    path, id = table(slug), question.id
    page = FormPage(
        title=_("Vraag wijzigen"),
        submit=_("Bewaar de vraag"),
        done=_("De vraag is gewijzigd."),
        path=f"{path}/bewerken",
        back=path,
        trail=((LABEL, HOME), (question.title, path), (_("Wijzigen"), None)),
    )

    def write(command: Any) -> str:
        return table(update(uow, id, command).slug)

    spec = FormSpec(UpdateQuestionSchema)
    return form_page(uow, page, spec, SECTIONS, write, values=values(question), options=_options(atlas(uow)))


@pages.route(f"{HOME}/<slug>/terugtrekken", permission=LOGGED_IN, methods=["GET", "POST"])
def question_withdraw(slug: str) -> ResponseReturnValue:
    """Take a question back, after asking."""
    uow = current_uow()
    question = find_question(uow, slug)
    path, id = table(slug), question.id
    page = FormPage(
        title=_("Vraag terugtrekken"),
        lead=_(
            "Niemand beoordeelt uw vraag dan nog, en wij halen uw naam en e-mailadres weg. U kunt later altijd een nieuwe vraag stellen."
        ),
        submit=_("Trek mijn vraag terug"),
        done=_("Uw vraag is teruggetrokken."),
        path=f"{path}/terugtrekken",
        back=path,
        trail=((LABEL, HOME), (question.title, path), (_("Terugtrekken"), None)),
    )

    def write(command: Any) -> str:
        withdraw(uow, id, command)
        return HOME

    return form_page(uow, page, FormSpec(WithdrawQuestionSchema), (), write, values={"version": question.version})


def _schema() -> Any:
    made = _WebSchema()
    for name in ("postcode", "house_number"):
        made.load_fields[name].required = False
    made.load_fields["area_id"].metadata = {**made.load_fields["area_id"].metadata, "help": _AREA_HELP}
    made.load_fields["sector"].metadata = {**made.load_fields["sector"].metadata, "help": _STAFF_HELP}
    return made


_AREA_HELP = _("Weet u niet hoe uw buurt heet? Vul dan hieronder uw postcode in.")
_STAFF_HELP = _("Alleen als u een vraag van een ander invoert, bijvoorbeeld van de telefoon of een bijeenkomst.")


def _options(book: Atlas) -> dict[str, list[tuple[str, Text | str]]]:
    return {"area_id": area_choices(book), "theme_id": theme_choices(book)}


def _form(uow: UnitOfWork, form: BoundForm, status: int = 200) -> ResponseReturnValue:
    actor = uow.actor
    organization = cards(uow, [actor.on_behalf_of]).get(actor.on_behalf_of) if actor.on_behalf_of else None
    staff = JUDGE.allows(actor)
    who = WHO_WITHOUT_ACCOUNT if actor.is_anonymous else () if organization else WHO_WITH_ACCOUNT
    return render_status(
        status,
        "samenspreker/ask.html",
        title=TITLE,
        form=form,
        action=page_url(NEW),
        text=[form[name] for name in TEXT],
        place=[form[name] for name in PLACE],
        who=[form[name] for name in who],
        staff=[form[name] for name in STAFF] if staff else [],
        organization=organization.title if organization else "",
        cancel_url=page_url(HOME),
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


def _with_area(uow: UnitOfWork) -> MultiDict[str, str]:
    """The form with the area of the address, when one was filled in and no area was chosen. Raises Invalid."""
    data: MultiDict[str, str] = MultiDict(request.form)
    if data.get("area_id") or not (data.get("postcode", "").strip() or data.get("house_number", "").strip()):
        return data
    found = find_neighbourhood(uow, parse(FindNeighbourhoodSchema, data), atlas(uow).tree)
    if not found.exact and len(found.choices) > 1:
        names = ", ".join(area.name for area in found.choices[:4])
        raise Invalid(
            {"area_id": [_("Dit adres kennen wij niet precies. Kies hierboven zelf uw buurt, bijvoorbeeld {names}.", names=names)]}
        )
    data["area_id"] = str(found.area.id)
    return data


def _check_page(uow: UnitOfWork, command: AskQuestion, data: MultiDict[str, str]) -> ResponseReturnValue:
    """Step 2: what looks like it, and what will be sent."""
    found = similar_questions(uow, command.title, command.description, area_id=command.area_id, theme_id=command.theme_id)
    mine = supported_by_me(uow, [row.id for row in found])
    book = atlas(uow)
    area, theme = book.tree.get(command.area_id), book.themes.get(command.theme_id) if command.theme_id else None
    sent = [
        (name, value) for name, value in data.items(multi=True) if name not in ("stap", "csrf_token", "postcode", "house_number", NONCE)
    ]
    return render(
        "samenspreker/ask_check.html",
        title=_("Lijkt uw vraag op een van deze?") if found else _("Klopt dit zo?"),
        similar=[(row, page_url(table(row.slug)), supports_in_words(row.supports), row.id in mine, row.step != "closed") for row in found],
        command=command,
        area=area.name if area else "",
        theme=theme.name if theme else "",
        sent=[*sent, (NONCE, secrets.token_urlsafe(16))],
        action=page_url(NEW),
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


def _ask_once(uow: UnitOfWork, command: AskQuestion) -> Asked:
    """Put the question, also when the same form is sent twice in the same moment."""
    nonce = request.form.get(NONCE, "")[:64]
    try:
        return ask(uow, command, nonce=nonce)
    except IntegrityError:
        uow.rollback()
        return ask(uow, command, nonce=nonce)


def _support_instead(uow: UnitOfWork, chosen: str) -> ResponseReturnValue:
    try:
        question = support(uow, uuid.UUID(chosen))
    except ValueError:
        raise Invalid(_("Deze vraag bestaat niet.")) from None
    say(_("Dank u. U steunt deze vraag nu. Uw eigen vraag hebben wij niet verstuurd."))
    return go(table(question.slug))
