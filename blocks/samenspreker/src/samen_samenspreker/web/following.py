"""For who asked without account: following, changing and taking back with the code, and the links in mails.

The code never stands in an address: every page behind it is the answer to a form that carries it.
"""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from citycontent.web.api import FormSpec, area_choices, atlas, send, show, theme_choices
from samen_core.api import LOGGED_IN, Invalid, UnitOfWork, _, hit, parse, who_hash
from samen_core.web.api import BoundForm, crumbs, current_platform, current_uow, go, page_url, render_status, say
from samen_inbreng.api import FOLLOW_PATH
from samen_samenspreker.labels import STATE_BADGES, STATE_LABELS
from samen_samenspreker.models import Question
from samen_samenspreker.paths import FOLLOW, HOME, MAIL, table
from samen_samenspreker.schemas.following import FollowQuestion, FollowQuestionSchema
from samen_samenspreker.schemas.questions import UpdateQuestionSchema, WithdrawQuestionSchema
from samen_samenspreker.services.common import is_public
from samen_samenspreker.services.questions import update, values, withdraw
from samen_samenspreker.services.receipts import by_code, claim, confirm_address, knows_contribution, stop_mail, to_confirm
from samen_samenspreker.web.frame import LABEL, pages

TITLE = _("Volgen met uw code")
TRIES = 10
"""Codes that one visitor may try in a quarter of an hour: a code of 60 bits is then never guessed."""

QUARTER = 900
EDIT = FormSpec(UpdateQuestionSchema)


@pages.route(FOLLOW, public=True)
def follow_page() -> ResponseReturnValue:
    """Where the code is typed."""
    return _code_page(BoundForm(FollowQuestionSchema))


@pages.route(FOLLOW, public=True, methods=["POST"])
def follow() -> ResponseReturnValue:
    """The question behind a code; the code of a contribution goes to the page that knows it."""
    uow = current_uow()
    question = _behind_code(uow)
    if not isinstance(question, Question) and knows_contribution(uow, request.form.get("code", "")[:40]):
        # 307: the browser sends the same form there, so that the code stays out of the address.
        return redirect(page_url(FOLLOW_PATH), 307)
    return question if not isinstance(question, Question) else _followed(uow, question)


@pages.route(f"{FOLLOW}/wijzigen", public=True, methods=["POST"])
def follow_edit() -> ResponseReturnValue:
    """Change the question behind a code: the form first, then what was filled in."""
    uow = current_uow()
    question = _behind_code(uow)
    if not isinstance(question, Question):
        return question
    id, code, stored = question.id, request.form["code"], values(question)
    book = atlas(uow)
    options = {"area_id": area_choices(book), "theme_id": theme_choices(book)}

    def write(command: Any) -> Question:
        return update(uow, id, command, code=code)

    answer = send(uow, EDIT, write, options, stored) if "version" in request.form else show(uow, EDIT, stored, options)
    if isinstance(answer, Question):
        return _followed(uow, answer, said=_("De vraag is gewijzigd."))
    return render_status(
        answer.status,
        "samenspreker/follow_edit.html",
        title=_("Vraag wijzigen"),
        form=answer.form,
        code=code,
        action=page_url(f"{FOLLOW}/wijzigen"),
        cancel_url=page_url(FOLLOW),
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, FOLLOW), (_("Wijzigen"), None)),
    )


@pages.route(f"{FOLLOW}/terugtrekken", public=True, methods=["POST"])
def follow_withdraw() -> ResponseReturnValue:
    """Take the question behind a code back; its page asked already."""
    uow = current_uow()
    question = _behind_code(uow)
    if not isinstance(question, Question):
        return question
    withdraw(uow, question.id, parse(WithdrawQuestionSchema, request.form), code=request.form["code"])
    say(_("Uw vraag is teruggetrokken."))
    return go(HOME)


@pages.route(f"{FOLLOW}/account", permission=LOGGED_IN, methods=["POST"])
def follow_claim() -> ResponseReturnValue:
    """Tie the question behind a code to one's account."""
    uow = current_uow()
    question = _behind_code(uow)
    if not isinstance(question, Question):
        return question
    claim(uow, request.form["code"])
    say(_("De vraag hoort nu bij uw account. De code hebt u niet meer nodig."))
    return go(table(question.slug))


@pages.route(f"{MAIL}/<any(ja,stop):what>/<hex>/<token>", public=True, cache=False)
def mail_link(what: str, hex: str, token: str) -> ResponseReturnValue:
    """Behind a link in a mail. It changes nothing yet: mail scanners open links, only the button acts."""
    question = to_confirm(current_uow(), _id(hex), token)
    return _mail_page(what, question, page_url(f"{MAIL}/{what}/{hex}/{token}"))


@pages.route(f"{MAIL}/<any(ja,stop):what>/<hex>/<token>", public=True, methods=["POST"])
def mail_act(what: str, hex: str, token: str) -> ResponseReturnValue:
    """Confirm the address, or stop the mail (also by the button of a mail program, RFC 8058)."""
    uow = current_uow()
    act = confirm_address if what == "ja" else stop_mail
    return _mail_page(what, act(uow, _id(hex), token), "")


def limit_codes() -> None:
    """Count a code that this visitor tries. Raises TooMany."""
    platform = current_platform()
    if platform.config.limits.enabled:
        hit(platform, "samenspreker.code", who_hash(platform, request.remote_addr or ""), TRIES, QUARTER)


def _behind_code(uow: UnitOfWork) -> Question | ResponseReturnValue:
    """The question of the code in the form, or the page that asks for it again."""
    limit_codes()
    try:
        command: FollowQuestion = parse(FollowQuestionSchema, request.form)
        return by_code(uow, command.code)
    except Invalid as error:
        return _code_page(BoundForm(FollowQuestionSchema, data=request.form, errors=error.errors), 400)


def _code_page(form: BoundForm, status: int = 200) -> ResponseReturnValue:
    return render_status(
        status,
        "samenspreker/follow.html",
        title=TITLE,
        form=form,
        action=page_url(FOLLOW),
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


def _followed(uow: UnitOfWork, question: Question, said: object = "") -> ResponseReturnValue:
    return render_status(
        200,
        "samenspreker/followed.html",
        title=TITLE,
        question=question,
        said=said,
        badge=(STATE_LABELS[question.state], STATE_BADGES[question.state]),
        code=request.form["code"],
        page=page_url(table(question.slug)) if is_public(question) else "",
        waits=question.state == "submitted",
        edit_action=page_url(f"{FOLLOW}/wijzigen"),
        withdraw_action=page_url(f"{FOLLOW}/terugtrekken"),
        claim_action=page_url(f"{FOLLOW}/account") if uow.actor.account_id else "",
        breadcrumbs=crumbs((LABEL, HOME), (TITLE, None)),
    )


def _mail_page(what: str, question: Question, action: str) -> ResponseReturnValue:
    return render_status(
        200,
        "samenspreker/mail_link.html",
        title=_("Mail over uw vraag") if what == "ja" else _("Geen mail meer over uw vraag"),
        question=question,
        what=what,
        action=action,
        breadcrumbs=crumbs((LABEL, HOME), (_("Mail"), None)),
    )


def _id(hex: str) -> uuid.UUID:
    try:
        return uuid.UUID(hex=hex)
    except ValueError:
        return uuid.UUID(int=0)
