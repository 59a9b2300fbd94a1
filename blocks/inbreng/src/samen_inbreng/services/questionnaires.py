"""Questionnaires: filled in once per account or by anybody, counted at once, and kept apart from who answered.

A response has a random id, a day and no account. That somebody answered is only a keyed hash, made for that questionnaire. The log says
that somebody filled it in, without who, and once a day the rows are laid anew in random order (services/apart.py). Who is logged in
cannot be tied to what they said, then also not by us.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from samen_core.api import (
    CITY_TIME_ZONE,
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    anonymous,
    keyed_hash,
    require_capacity,
)
from samen_inbreng.events import ResponseGiven
from samen_inbreng.models import Activity, AnswerCount, Respondent, Response
from samen_inbreng.permissions import ANSWER, CONTRIBUTE, ENTER
from samen_inbreng.queries.questionnaires import TOTAL, answer_counts
from samen_inbreng.schemas.questionnaires import GiveResponse, HowItCame
from samen_inbreng.services.activities import activity_state
from samen_inbreng.services.answering import check_answers, tie_files
from samen_inbreng.services.common import ACTIVITY, allows, get_activity, require

FEWEST = 5
"""With fewer answers nothing is shown per answer: it could tell what one person said."""

COUNTED = ("one_choice", "several_choices", "scale", "yes_no", "number")
"""The kinds of questions whose answers are counted one by one; of the others only that they were answered."""

MEASURED = ("scale", "number")
GIVEN_VALUE = "*"
"""The value under which it is counted that a question was answered at all."""

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """How often one answer was given; ``share`` in percent of those who answered the question."""

    value: str
    label: str
    number: int
    share: int


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What was answered to one question.

    ``bars`` is empty for open questions and numbers, and with fewer than :data:`FEWEST` answers, when ``too_few`` says so. ``average`` is
    of a scale or number.
    """

    name: str
    label: str
    kind: str
    answered: int
    too_few: bool
    bars: tuple[Bar, ...]
    average: float | None


@dataclass(frozen=True, slots=True)
class Results:
    """The counted answers to a questionnaire; ``questions`` is empty as long as they may not be seen, and ``why`` says why."""

    total: int
    questions: tuple[QuestionResult, ...]
    why: Text | None


def give_response(uow: UnitOfWork, activity_id: uuid.UUID, command: GiveResponse, *, nonce: str = "") -> Response:
    """Fill in a questionnaire that is open.

    An account fills it in once. ``nonce`` is the random mark of the HTML form: without account the same form counts once.
    Raises NotFound, NotAllowed (log in first), Gone (closed), Conflict (filled in already) and Invalid with everything that is wrong, by
    ``answers.<question>``.
    """
    activity = _questionnaire(uow, activity_id)
    CONTRIBUTE.require(uow.actor)
    require_open_to(uow, activity)
    sector = "citizens"
    if uow.actor.on_behalf_of is not None:
        sector = require_capacity(uow, uow.actor.on_behalf_of).sector or sector
    if has_responded(uow, activity):
        raise Conflict(_DONE)
    who = str(uow.actor.account_id or nonce)
    if who:
        _note_once(uow, activity, who, _DONE)
    return _store(uow, activity, command.answers, HowItCame(channel="online", sector=sector))


def enter_response(uow: UnitOfWork, activity_id: uuid.UUID, answers: Mapping[str, Any], how: HowItCame, *, nonce: str = "") -> Response:
    """Enter a questionnaire that came on paper, also after the closing date.

    ``nonce`` is the random mark of the HTML form: the same form sent twice, with the same answers, counts once.
    Raises NotFound, NotAllowed, Conflict (this form came before) and Invalid.
    """
    activity = _questionnaire(uow, activity_id)
    require(uow, ENTER, activity)
    today = uow.now.astimezone(CITY_TIME_ZONE).date()
    if how.on is not None and how.on > today:
        raise Invalid({"received_on": [_("Deze dag moet nog komen.")]})
    if activity_state(activity, uow.now) == "planned":
        raise Invalid(_("Deze vragenlijst is nog niet open."))
    if nonce:
        said = json.dumps([answers, how.channel, how.sector, how.on], sort_keys=True, default=str)
        _note_once(uow, activity, f"{nonce}:{said}", _ENTERED)
    return _store(uow, activity, answers, how)


def _note_once(uow: UnitOfWork, activity: Activity, who: str, done: Text) -> None:
    """Keep that this one responded. At once, so that the same form sent twice at the same moment counts once. Raises Conflict."""
    try:
        with uow.session.begin_nested():
            uow.session.execute(insert(Respondent).values(activity_id=activity.id, key=_key(uow, activity.id, who)))
    except IntegrityError:
        raise Conflict(done) from None


def has_responded(uow: UnitOfWork, activity: Activity) -> bool:
    """Whether the account of the actor filled in this questionnaire; one statement, none for who is not logged in."""
    if uow.actor.account_id is None:
        return False
    done = exists().where(Respondent.activity_id == activity.id, Respondent.key == _key(uow, activity.id, str(uow.actor.account_id)))
    return bool(uow.session.execute(select(done)).scalar_one())


def results(uow: UnitOfWork, activity: Activity) -> Results:
    """The counted answers. One statement.

    The public sees them when the questionnaire is closed: while it runs, the change that one more response makes would tell what was in it.
    Who answers contributions sees them at once. Nobody sees them with fewer than :data:`FEWEST` responses.
    """
    counts = answer_counts(uow, activity.id)
    total = counts.get(TOTAL, {}).get(GIVEN_VALUE, 0)
    if not allows(uow, ANSWER, activity) and activity_state(activity, uow.now) != "closed":
        return Results(total, (), _("De uitslag staat hier zodra de vragenlijst gesloten is."))
    if total < FEWEST:
        return Results(total, (), _FEW)
    return Results(total, tuple(_result(question, counts.get(question["name"], {})) for question in activity.form["questions"]), None)


def too_few(uow: UnitOfWork, activity: Activity) -> Text | None:
    """Why the filled-in questionnaires themselves may not be seen, also not by staff; None when they may. One statement."""
    total = answer_counts(uow, activity.id).get(TOTAL, {}).get(GIVEN_VALUE, 0)
    return _FEW_ROWS if total < FEWEST else None


def require_enough(uow: UnitOfWork, activity: Activity) -> None:
    """Raise NotAllowed as long as one could read in the filled-in questionnaires what one person answered."""
    if why := too_few(uow, activity):
        raise NotAllowed(why)


def _questionnaire(uow: UnitOfWork, id: uuid.UUID) -> Activity:
    activity = get_activity(uow, id)
    if activity.kind != "questionnaire":
        raise NotFound
    return activity


def require_open_to(uow: UnitOfWork, activity: Activity) -> None:
    """Raise Gone when the questionnaire is closed, Invalid when it is not open yet, and NotAllowed for who must log in first."""
    state = activity_state(activity, uow.now)
    if state == "planned":
        raise Invalid(_("Deze vragenlijst is nog niet open."))
    if state == "closed":
        raise Gone(_("Deze vragenlijst is gesloten. U kunt hem niet meer invullen."))
    # Answers are kept apart from who gives them, so "by name" can only mean: known to us, by logging in.
    if activity.access != "everyone" and uow.actor.account_id is None and not uow.actor.is_system:
        raise NotAllowed(_("Log in om deze vragenlijst in te vullen. Uw antwoorden bewaren wij los van uw account."), log_in=True)


def _store(uow: UnitOfWork, activity: Activity, answers: Mapping[str, Any], how: HowItCame) -> Response:
    # As nobody, so that neither a file nor the log tells whose answers these are.
    with uow.acting(anonymous(uow.actor.origin)):
        checked, errors = check_answers(uow, activity.form, answers)
        if not errors and not checked.stored:
            errors[""] = [_("U hebt nog niets ingevuld.")]
        if errors:
            raise Invalid(errors)
        response = Response(
            id=uuid.uuid4(),
            activity_id=activity.id,
            answers=checked.stored,
            sector=how.sector,
            channel=how.channel,
            on=how.on or uow.now.astimezone(CITY_TIME_ZONE).date(),
        )
        uow.session.add(response)
        uow.session.flush()
        if checked.files:
            tie_files(uow, checked, activity.id, public=False)
        _count(uow, activity, checked.stored)
        uow.record(ResponseGiven.type, activity.id, after={"channel": how.channel})
    about = (SubjectRef(ACTIVITY, activity.id),)
    uow.publish(ResponseGiven(activity_id=activity.id, subject_id=activity.subject_id, about=about))
    return response


def counted_values(form: Mapping[str, Any], answers: Mapping[str, Any]) -> Counter[tuple[str, str]]:
    """The counters that one response raises, as (question, value)."""
    found: Counter[tuple[str, str]] = Counter({(TOTAL, GIVEN_VALUE): 1})
    for question in form["questions"]:
        value = answers.get(question["name"])
        if value in (None, "", []):
            continue
        found[question["name"], GIVEN_VALUE] += 1
        if question["kind"] in COUNTED:
            for item in value if isinstance(value, list) else [value]:
                found[question["name"], _code(item)] += 1
    return found


def _code(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)[:_LONGEST]


def _statement(dialect: Any) -> Any:
    made = dialect(AnswerCount)
    keys = [AnswerCount.activity_id, AnswerCount.question, AnswerCount.value]
    return made.on_conflict_do_update(index_elements=keys, set_={"number": AnswerCount.number + made.excluded.number})


_COUNT: dict[str, Any] = {"postgresql": _statement(postgresql.insert), "sqlite": _statement(sqlite.insert)}


def _count(uow: UnitOfWork, activity: Activity, answers: Mapping[str, Any]) -> None:
    """Raise the counters, always in the same order, so that two responses never wait for each other in a circle."""
    rows = [
        {"activity_id": activity.id, "question": question, "value": value, "number": number}
        for (question, value), number in sorted(counted_values(activity.form, answers).items())
    ]
    connection = uow.session.connection()
    connection.execute(_COUNT[connection.dialect.name], rows)


def _key(uow: UnitOfWork, activity_id: uuid.UUID, who: str) -> str:
    return keyed_hash(uow.platform, "inbreng respondent", f"{activity_id}:{who}")


def _result(question: Mapping[str, Any], counts: Mapping[str, int]) -> QuestionResult:
    answered, kind = counts.get(GIVEN_VALUE, 0), question["kind"]
    too_few = answered < FEWEST
    bars: tuple[Bar, ...] = ()
    average = None
    if kind in COUNTED and not too_few:
        if kind != "number":
            bars = tuple(
                Bar(value, label, counts.get(value, 0), round(100 * counts.get(value, 0) / answered)) for value, label in _steps(question)
            )
        if kind in MEASURED:
            average = sum(int(value) * number for value, number in counts.items() if value != GIVEN_VALUE) / answered
    return QuestionResult(question["name"], question["label"], kind, answered, too_few, bars, average)


def _steps(question: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The possible answers with their labels."""
    labels = {option["value"]: option["label"] for option in question.get("options", ())}
    if question["kind"] == "yes_no":
        return [("true", str(_("Ja"))), ("false", str(_("Nee")))]
    if question["kind"] != "scale":
        return list(labels.items())
    low, high = question.get("minimum"), question.get("maximum")
    steps = range(1 if low is None else low, (5 if high is None else high) + 1)
    return [(str(step), f"{step}: {labels[str(step)]}" if str(step) in labels else str(step)) for step in steps]


_DONE = _("U hebt deze vragenlijst al ingevuld. Dank u wel.")
_ENTERED = _("Deze lijst is al ingevoerd.")
_FEW_ROWS = _(
    "De vragenlijst is nog geen vijf keer ingevuld. De antwoorden ziet u pas daarna. Zo kan niemand zien wat één persoon antwoordde."
)
_FEW = _("Er zijn nog te weinig antwoorden om een uitslag te laten zien. Zo kan niemand zien wat één persoon antwoordde.")
