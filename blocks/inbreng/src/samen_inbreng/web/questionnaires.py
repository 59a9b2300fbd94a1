"""Questionnaires: filling one in, the result, an empty one on paper, entering those that came back, and the open answers for staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import list_page
from samen_core.api import (
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    Page,
    Text,
    UnitOfWork,
    _,
    anonymous,
    cards,
    form_from_json,
    form_schema,
    n_,
    parse,
)
from samen_core.web.api import (
    BoundForm,
    Received,
    crumbs,
    current_uow,
    go,
    limit_visitor,
    page_url,
    receive_files,
    render,
    render_status,
    say,
)
from samen_inbreng import paths
from samen_inbreng.labels import CHANNEL_LABELS
from samen_inbreng.models import Activity
from samen_inbreng.permissions import ANSWER, ENTER
from samen_inbreng.queries.questionnaires import all_responses, responses
from samen_inbreng.said import in_words
from samen_inbreng.schemas.questionnaires import GiveResponse, HowItCame, HowItCameSchema
from samen_inbreng.services.activities import activity_state
from samen_inbreng.services.common import allows, find_activity, page_elsewhere, require
from samen_inbreng.services.guard import check_mark, new_mark
from samen_inbreng.services.questionnaires import (
    COUNTED,
    enter_response,
    give_response,
    has_responded,
    require_enough,
    require_open_to,
    results,
    too_few,
)
from samen_inbreng.terms import until
from samen_inbreng.web.common import pages
from samen_inbreng.web.report import csv_response
from samen_inbreng.web.too_late import too_late_page

FILL = f"{paths.HOME}/<slug>/invullen"
RESULT = f"{paths.HOME}/<slug>/uitslag"
PAPER = f"{paths.HOME}/<slug>/papier"
ENTRY = f"{paths.HOME}/<slug>/lijst-invoeren"
OPEN = f"{paths.HOME}/<slug>/open-antwoorden"
MARK, TRAP = "formulier-merk", "website-adres"
"""The mark of the form and the field that people do not see; with a hyphen, so that no question has the same name."""

MOST, HOUR = 30, 60 * 60
"""How many questionnaires may come from one address in an hour: a library fills in more than one."""

HOW = {
    "channel": "hoe-binnen",
    "sector": "van-wie",
    "received_on": "op-datum",
    **{name: name for name in ("hoe-binnen", "van-wie", "op-datum")},
}
"""The names in the form of how a questionnaire on paper came in."""


@pages.route(FILL, public=True, cache=False)
def questionnaire(slug: str) -> ResponseReturnValue:
    """The form to fill in."""
    uow = current_uow()
    activity = _questionnaire(uow, slug)
    if page := page_elsewhere(uow, activity):
        return go(page)
    return _fill(uow, activity, BoundForm(_schema(activity)))


@pages.route(FILL, public=True, cache=False, methods=["POST"])
def questionnaire_send(slug: str) -> ResponseReturnValue:
    """Send a filled-in questionnaire, or see it as it was filled in with everything that is wrong."""
    limit_visitor("inbreng_response", MOST, HOUR)
    uow = current_uow()
    activity = _questionnaire(uow, slug)
    if page := page_elsewhere(uow, activity):
        return go(page)
    received = _received(uow, activity)
    nonce, wrong = check_mark(uow, activity.id, request.form.get(MARK, ""), request.form.get(TRAP, ""))
    try:
        require_open_to(uow, activity)
        answers = _answers(activity, received)
        if wrong is not None:
            raise Invalid(wrong)
        give_response(uow, activity.id, GiveResponse(answers=answers), nonce=nonce)
    except Invalid as error:
        uow.rollback()
        return _fill(uow, _questionnaire(uow, slug), _bound(activity, received, error), 400)
    except Gone as error:
        uow.rollback()
        return too_late_page(_questionnaire(uow, slug), error.message, _bound(activity, received, None).fields)
    except Conflict as error:
        uow.rollback()
        return _fill(uow, _questionnaire(uow, slug), _bound(activity, received, None), error.status, error.message)
    say(_("Bedankt voor het invullen. Uw antwoorden zijn binnen."))
    # In the address and not in the session: nothing is kept of who filled in what.
    return go(f"{paths.activity(slug, 'uitslag')}?ingevuld=ja")


@pages.route(RESULT, public=True)
def questionnaire_result(slug: str) -> ResponseReturnValue:
    """The counted answers."""
    uow = current_uow()
    activity = _questionnaire(uow, slug)
    if page := page_elsewhere(uow, activity):
        return go(page)
    staff = allows(uow, ANSWER, activity)
    just_filled = bool(request.args.get("ingevuld"))
    about = cards(uow, [activity.subject_id]).get(activity.subject_id) if just_filled else None
    return render(
        "inbreng/result.html",
        activity=activity,
        result=results(uow, activity),
        staff=staff,
        enters=allows(uow, ENTER, activity),
        is_open=activity_state(activity, uow.now) == "open",
        just_filled=just_filled,
        back=(about.title, page_url(about.url)) if about else None,
        urls=_urls(slug),
        breadcrumbs=_trail(activity, (_("Uitslag"), None)),
    )


@pages.route(f"{RESULT}.csv", permission=ANSWER)
def questionnaire_csv(slug: str) -> ResponseReturnValue:
    """Every filled-in questionnaire, a line each, for staff."""
    uow = current_uow()
    activity = _questionnaire(uow, slug)
    require(uow, ANSWER, activity)
    require_enough(uow, activity)
    return csv_response(f"vragenlijst-{slug}", lambda reading: _csv_lines(reading, activity))


@pages.route(PAPER, public=True)
def questionnaire_paper(slug: str) -> ResponseReturnValue:
    """An empty questionnaire to print."""
    uow = current_uow()
    activity = _questionnaire(uow, slug)
    if page := page_elsewhere(uow, activity):
        return go(page)
    form = form_from_json(activity.form)
    bound = BoundForm(form_schema(form))
    kinds = {question.name: question.kind for question in form.questions}
    return render(
        "inbreng/paper.html",
        activity=activity,
        until=until,
        fields=[(field, kinds[field.name]) for field in bound.fields],
        fill_url=current_uow().platform.config.web.base_url.rstrip("/") + page_url(paths.activity(slug, "invullen")),
        breadcrumbs=_trail(activity, (_("Op papier"), None)),
    )


@pages.route(ENTRY, permission=ENTER, methods=["GET", "POST"])
def questionnaire_entry(slug: str) -> ResponseReturnValue:
    """Enter a questionnaire that came back on paper."""
    uow = current_uow()
    activity = _questionnaire(uow, slug)
    require(uow, ENTER, activity)
    if page := page_elsewhere(uow, activity):
        return go(page)
    if request.method == "GET":
        return _entry(uow, activity, BoundForm(_schema(activity)), BoundForm(HowItCameSchema))
    received = _received(uow, activity)
    nonce, problem = check_mark(uow, activity.id, request.form.get(MARK, ""), "")
    errors: dict[str, list[Text]] = {"": [problem]} if problem is not None else {}
    try:
        how: HowItCame | None = parse(HowItCameSchema, request.form)
    except Invalid as error:
        how, errors = None, {**errors, **error.errors}
    try:
        answers = _answers(activity, received)
        if how is not None and problem is None:
            enter_response(uow, activity.id, answers, how, nonce=nonce)
    except Conflict:
        uow.rollback()  # the same form came before, and is stored: the answer is the same
    except Invalid as error:
        errors |= error.errors
    if errors:
        uow.rollback()
        about = {HOW.get(key, key): texts for key, texts in errors.items() if HOW.get(key, key) in HOW.values()}
        wrong = Invalid({key: texts for key, texts in errors.items() if HOW.get(key, key) not in about})
        return _entry(uow, activity, _bound(activity, received, wrong), BoundForm(HowItCameSchema, data=request.form, errors=about), 400)
    say(_("De vragenlijst is ingevoerd. Vul de volgende in, of ga terug naar de uitslag."))
    return go(paths.activity(slug, "lijst-invoeren"))


@pages.route(OPEN, permission=ANSWER)
def questionnaire_open(slug: str) -> ResponseReturnValue:
    """The filled-in questionnaires with their open answers, for staff."""
    uow = current_uow()
    activity = _questionnaire(uow, slug)
    require(uow, ANSWER, activity)
    where = list_page(paths.activity(slug, "open-antwoorden"))
    why = too_few(uow, activity)
    page = responses(uow, activity.id, where.request(50)) if why is None else Page([], None, None)
    questions = [question for question in activity.form["questions"] if question["kind"] not in COUNTED]
    return render(
        "inbreng/open_answers.html",
        activity=activity,
        questions=questions,
        why=why,
        lines=[(row, [_files_or_words(question, row.answers.get(question["name"])) for question in questions]) for row in page.items],
        sectors=SECTOR_LABELS,
        channels=CHANNEL_LABELS,
        urls=_urls(slug),
        dense=True,
        breadcrumbs=_trail(activity, (_("Uitslag"), paths.activity(slug, "uitslag")), (_("Open antwoorden"), None)),
        **where.pager(page),
    )


def _questionnaire(uow: UnitOfWork, slug: str) -> Activity:
    activity = find_activity(uow, slug)
    if activity.kind != "questionnaire":
        raise NotFound
    return activity


def _schema(activity: Activity) -> Any:
    return form_schema(form_from_json(activity.form))


def _received(uow: UnitOfWork, activity: Activity) -> Received:
    """The form with its files, which are stored as nobody's: they may not tell who answered."""
    with uow.acting(anonymous(uow.actor.origin)):
        return receive_files(uow, _schema(activity))


def _answers(activity: Activity, received: Received) -> dict[str, Any]:
    """The answers as plain values; what does not fit its question is found by the service. Raises Invalid for files that failed."""
    schema = _schema(activity)()
    values = received.parse(schema)
    return {name: value for name, value in schema.dump(values).items() if value not in (None, "", [])}


def _bound(activity: Activity, received: Received, error: Invalid | None) -> BoundForm:
    errors = {key.removeprefix("answers."): texts for key, texts in error.errors.items()} if error else None
    return BoundForm(_schema(activity), data=received.form, errors=errors, files=received.files)


def _fill(uow: UnitOfWork, activity: Activity, form: BoundForm, status: int = 200, problem: Text | None = None) -> ResponseReturnValue:
    state = activity_state(activity, uow.now)
    if problem is None and has_responded(uow, activity):
        problem = _("U hebt deze vragenlijst al ingevuld. Dank u wel.")
    needs_account = activity.access != "everyone" and uow.actor.is_anonymous
    if needs_account and request.method == "POST":
        raise NotAllowed(log_in=True)
    return render_status(
        status,
        "inbreng/fill.html",
        activity=activity,
        form=form,
        state=state,
        problem=problem,
        needs_account=needs_account,
        until=until,
        minutes=max(1, round(len(activity.form["questions"]) / 4)),
        urls=_urls(activity.slug),
        mark=_mark(uow, activity, status),
        mark_name=MARK,
        trap_name=TRAP,
        breadcrumbs=_trail(activity, (_("Invullen"), None)),
    )


def _mark(uow: UnitOfWork, activity: Activity, status: int) -> str:
    """The mark of the form: the one that was sent when the form comes back, as long as it is good."""
    sent = request.form.get(MARK, "") if status != 200 else ""
    return sent if sent and check_mark(uow, activity.id, sent, "")[0] else new_mark(uow, activity.id)


def _entry(uow: UnitOfWork, activity: Activity, form: BoundForm, how: BoundForm, status: int = 200) -> ResponseReturnValue:
    return render_status(
        status,
        "inbreng/paper_entry.html",
        activity=activity,
        form=form,
        how=how,
        mark=_mark(uow, activity, status),
        mark_name=MARK,
        urls=_urls(activity.slug),
        breadcrumbs=_trail(activity, (_("Lijst van papier invoeren"), None)),
    )


def _urls(slug: str) -> dict[str, str]:
    return {
        "activity": page_url(paths.activity(slug)),
        "fill": page_url(paths.activity(slug, "invullen")),
        "result": page_url(paths.activity(slug, "uitslag")),
        "csv": page_url(paths.activity(slug, "uitslag.csv")),
        "paper": page_url(paths.activity(slug, "papier")),
        "entry": page_url(paths.activity(slug, "lijst-invoeren")),
        "open": page_url(paths.activity(slug, "open-antwoorden")),
        "login": f"{page_url('/inloggen')}?volgende={page_url(paths.activity(slug, 'invullen'))}",
    }


def _trail(activity: Activity, *more: tuple[Text | str, str | None]) -> list[tuple[Text | str, str | None]]:
    return crumbs((_("Inbreng"), paths.HOME), (activity.title, paths.activity(activity.slug)), *more)


def _files_or_words(question: dict[str, Any], value: Any) -> str | Text:
    if question["kind"] == "file" and value:
        return n_("{n} bestand", "{n} bestanden", len(value) if isinstance(value, list) else 1)
    return in_words(question, value)


def _csv_lines(uow: UnitOfWork, activity: Activity) -> Iterator[Sequence[Any]]:
    questions = activity.form["questions"]
    yield [str(_("Dag")), str(_("Sector")), str(_("Hoe kwam het binnen?")), *(question["label"] for question in questions)]
    for row in all_responses(uow, activity.id):
        answers = [_files_or_words(question, row.answers.get(question["name"])) for question in questions]
        yield [row.on.isoformat(), SECTOR_LABELS[row.sector], CHANNEL_LABELS[row.channel], *answers]
