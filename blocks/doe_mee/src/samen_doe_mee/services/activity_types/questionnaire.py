"""A questionnaire: only the counted answers are public."""

from __future__ import annotations

from collections.abc import Iterator

from samen_core.api import FormSchema, Text, UnitOfWork, _, anonymous
from samen_doe_mee.models import Activity
from samen_doe_mee.services.activity_types.shape import ActivityType, Outcome, Part, Row
from samen_doe_mee.services.half_filled import forget_all_halves
from samen_doe_mee.services.talk_types import values_of_options
from samen_doe_mee.services.talks import close_talk, keep_talk, questions, talk_of
from samen_inbreng.api import NO_QUESTIONS, FormField, questionnaire_results


class QuestionnaireOptions(FormSchema):
    """The questions."""

    form = FormField(load_default=lambda: NO_QUESTIONS, metadata={"label": _("Vragen"), "widget": "questions"})


def prepare(uow: UnitOfWork, activity: Activity, _made: bool) -> None:
    """Keep the questionnaire of inbreng the same as ours."""
    keep_talk(uow, activity, kind="questionnaire", form=questions(activity))


def closing(uow: UnitOfWork, activity: Activity) -> None:
    """Close it, and let go of what was half filled in."""
    close_talk(uow, activity)
    forget_all_halves(uow, activity)


def outcome(uow: UnitOfWork, activity: Activity) -> Outcome:
    """The counted answers, once everybody may see them."""
    talk = talk_of(uow, activity)
    if talk is None:
        return Outcome(0)
    found = questionnaire_results(uow, talk)
    parts = tuple(
        Part(f"{question.label} {bar.label}", bar.number, bar.share / 100) for question in found.questions for bar in question.bars
    )
    return Outcome(max(found.total, activity.taken_part), parts, _("keer ingevuld"), found.why)


def lacking(_uow: UnitOfWork, activity: Activity) -> list[Text]:
    """Questions."""
    if questions(activity).questions:
        return []
    return [_("De vragenlijst “{title}” heeft nog geen vragen.", title=activity.title)]


def open_data(uow: UnitOfWork, activity: Activity) -> Iterator[Row]:
    """A line per answer that was counted; never what one person filled in, and nothing before everybody may see it."""
    talk = talk_of(uow, activity)
    if talk is None:
        return
    with uow.acting(anonymous(uow.actor.origin)):
        found = questionnaire_results(uow, talk)
    for question in found.questions:
        if question.average is not None:
            yield {"question": question.label, "answer": "", "number": question.answered, "share": None, "average": question.average}
        for bar in question.bars:
            yield {"question": question.label, "answer": bar.label, "number": bar.number, "share": bar.share, "average": None}


TYPE = ActivityType(
    code="questionnaire",
    label=_("Vragenlijst"),
    help=_("Mensen beantwoorden vragen, ook op papier. Alleen de getelde antwoorden zijn openbaar."),
    icon="list-checks",
    verb=_("Vul de vragenlijst in"),
    minutes=5,
    options=QuestionnaireOptions,
    prepare=prepare,
    closing=closing,
    outcome=outcome,
    lacking=lacking,
    open_data=open_data,
    columns=("question", "answer", "number", "share", "average"),
    values=values_of_options,
)
