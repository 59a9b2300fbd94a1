"""A questionnaire: filling it in, going on later, an empty one on paper, and the counted answers."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from samen_core.api import Invalid, NotFound, UnitOfWork, _, anonymous, clean_code, form_from_json, form_schema, new_code
from samen_core.web.api import BoundForm, Received, current_platform, current_uow, go, limit_visitor, page_url, receive_files, render, say
from samen_doe_mee import paths
from samen_doe_mee.services.activities import Placed, activity_state, visible_activity
from samen_doe_mee.services.half_filled import forget_half, half_of, keep_half
from samen_doe_mee.services.retention import HALF_FILLED
from samen_doe_mee.services.taking_part import took_part
from samen_doe_mee.services.talks import talk_of
from samen_doe_mee.web.activity_frame import frame
from samen_doe_mee.web.activity_types.shape import Refused, TypePage
from samen_doe_mee.web.common import pages
from samen_doe_mee.web.desk_links import links_of_questionnaire
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import GiveResponse, give_response, questionnaire_results, until
from samen_inbreng.web.api import check_mark, new_mark

ADDRESS = f"{paths.ACTIVITIES}/<slug>"
MARK, TRAP, BUTTON, RESULT = "formulier-merk", "website-adres", "doe-dit", "horen-wat"
"""Names with a hyphen, so that no question has the same."""
COOKIE = "samen_later"
TRIES, WINDOW = 20, 60 * 60


def show_questionnaire(uow: UnitOfWork, placed: Placed, refused: Refused | None) -> dict[str, Any]:
    """The form, with what was kept of it before; the counted answers."""
    activity = placed.activity
    talk = talk_of(uow, activity)
    open_now = talk is not None and activity_state(activity, uow.now) == "open"
    may = open_now and (activity.anonymous or uow.actor.account_id is not None)
    kept = half_of(uow, activity, _code()) if may and refused is None else None
    return {
        "form": _bound(uow, placed, refused, kept) if may and talk is not None else None,
        "kept": kept is not None,
        "mark": new_mark(uow, talk.id) if talk is not None else "",
        "names": {"mark": MARK, "trap": TRAP, "button": BUTTON, "result": RESULT},
        "logged_in": uow.actor.account_id is not None,
        "results": questionnaire_results(uow, talk) if talk is not None else None,
        "paper_url": page_url(paths.activity(activity.slug, "papier")),
        "later_url": page_url(paths.activity(activity.slug, "verder")),
    }


def receive_questionnaire(uow: UnitOfWork, placed: Placed) -> Received:
    """The form as it was sent; its files are stored as nobody's: they may not tell who answered."""
    with uow.acting(anonymous(uow.actor.origin)):
        return receive_files(uow, form_schema(form_from_json(_talk(uow, placed).form)))


def send_questionnaire(uow: UnitOfWork, placed: Placed, received: Received) -> ResponseReturnValue:
    """Send it, or keep it for later."""
    activity, talk = placed.activity, _talk(uow, placed)
    if request.form.get(BUTTON) == "later":
        return _keep(uow, placed, received)
    nonce, wrong = check_mark(uow, talk.id, request.form.get(MARK, ""), request.form.get(TRAP, ""))
    schema = form_schema(form_from_json(talk.form))()
    answers = {name: value for name, value in schema.dump(received.parse(schema)).items() if value not in (None, "", [])}
    if wrong is not None:
        raise Invalid(wrong)
    give_response(uow, talk.id, GiveResponse(answers=answers), nonce=nonce)
    account_id = uow.actor.account_id
    who = f"account {account_id}" if account_id else f"form {nonce}"
    took_part(uow, activity, who=who, account_id=account_id, wants_result=bool(account_id and request.form.get(RESULT)))
    forget_half(uow, activity, _code())
    say(_("Bedankt voor het invullen. Uw antwoorden zijn binnen."))
    answer = go(f"{paths.activity(activity.slug)}#stand")
    answer.delete_cookie(COOKIE, path=page_url(paths.activity(activity.slug)))
    return answer


@pages.route(f"{ADDRESS}/verder", public=True, cache=False, methods=["GET", "POST"])
def go_on_later(slug: str) -> ResponseReturnValue:
    """What was kept, and the code to go on with; or go on with a code on another device."""
    if request.method == "POST":
        limit_visitor("doe_mee.later", TRIES, WINDOW)
    uow = current_uow()
    placed = visible_activity(uow, slug)
    problem = None
    if request.method == "POST":
        code = clean_code(request.form.get("code", "")[:64]) or ""
        if code and half_of(uow, placed.activity, code) is not None:
            answer = go(paths.activity(slug))
            _remember(answer, slug, code)
            return answer
        problem = _("Bij deze code is niets bewaard. Controleer de code. Na twee weken is het weg.")
    return render(
        "doe_mee/activity_later.html",
        **frame(uow, placed),
        code=_code() if half_of(uow, placed.activity, _code()) is not None else "",
        has_account=uow.actor.account_id is not None,
        problem=problem,
        days=HALF_FILLED.days,
        action=page_url(paths.activity(slug, "verder")),
        breadcrumbs=[],
    )


@pages.route(f"{ADDRESS}/papier", public=True)
def questionnaire_paper(slug: str) -> ResponseReturnValue:
    """An empty questionnaire to print."""
    uow = current_uow()
    placed = visible_activity(uow, slug)
    stored = placed.activity.options.get("form")
    if placed.activity.type != PAGE.code or not stored:
        raise NotFound
    form = form_from_json(stored)
    kinds = {question.name: question.kind for question in form.questions}
    return render(
        "inbreng/paper.html",
        activity=placed.activity,
        until=until,
        fields=[(field, kinds[field.name]) for field in BoundForm(form_schema(form)).fields],
        fill_url=uow.platform.config.web.base_url.rstrip("/") + page_url(paths.activity(slug)),
        breadcrumbs=[],
    )


def _keep(uow: UnitOfWork, placed: Placed, received: Received) -> ResponseReturnValue:
    names = {question.name for question in form_from_json(_talk(uow, placed).form).questions}
    typed = {
        name: values for name, values in received.form.lists() if name.partition(".")[0] in names and any(value.strip() for value in values)
    }
    if not typed:
        raise Invalid(_("U hebt nog niets ingevuld om te bewaren."))
    code = "" if uow.actor.account_id is not None else _code() or new_code()
    keep_half(uow, placed.activity, typed, code)
    answer = go(paths.activity(placed.activity.slug, "verder"))
    if code:
        _remember(answer, placed.activity.slug, code)
    return answer


def _bound(uow: UnitOfWork, placed: Placed, refused: Refused | None, kept: dict[str, list[str]] | None) -> BoundForm:
    schema = form_schema(form_from_json(_talk(uow, placed).form))
    if refused is not None:
        errors = {name.removeprefix("answers."): texts for name, texts in refused.errors.items()}
        return BoundForm(schema, data=refused.received.form, errors=errors, files=refused.received.files)
    if kept is not None:
        return BoundForm(schema, data=MultiDict([(name, value) for name, values in kept.items() for value in values]))
    return BoundForm(schema)


def _talk(uow: UnitOfWork, placed: Placed) -> Talk:
    talk = talk_of(uow, placed.activity)
    if talk is None:
        raise Invalid(_("Dit plan is nog niet openbaar. Zolang kan niemand meedoen."))
    return talk


def _code() -> str:
    return clean_code(request.cookies.get(COOKIE, "")[:64]) or ""


def _remember(answer: Any, slug: str, code: str) -> None:
    """Let this browser find it again, on the pages of this questionnaire only."""
    secure = current_platform().config.web.base_url.startswith("https:")
    path = page_url(paths.activity(slug))
    answer.set_cookie(COOKIE, code, max_age=HALF_FILLED, path=path, secure=secure, httponly=True, samesite="Lax")


PAGE = TypePage(
    code="questionnaire",
    template="doe_mee/activity_questionnaire.html",
    show=show_questionnaire,
    receive=receive_questionnaire,
    send=send_questionnaire,
    desk_links=links_of_questionnaire,
)
