"""Poll: choose one or several answers. Kind, answers and when the outcome shows are fixed once it opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from samen_core.api import Invalid, Text, UnitOfWork, _, uuid7
from samen_doe_mee.models import Activity, Plan, PollOption
from samen_doe_mee.schemas.polls import FEWEST, PollSettingsSchema
from samen_doe_mee.services.activity_types.shape import ActivityType
from samen_doe_mee.services.poll_outcome import COLUMNS, data_rows, outcome, poll_options

FIXED: Text = _(
    "Dit verandert niet meer: de peiling is open. Wie al stemde, koos uit wat er toen stond en wist wanneer de uitslag zou komen."
)
SEEN: Text = _("Deze peiling gaat niet opnieuw open: de uitslag is al te zien. Maak een nieuwe peiling.")
SETTINGS = ("choices", "kind", "minimum", "maximum", "show_results")


def keep_options(uow: UnitOfWork, activity: Activity, _made: bool) -> None:
    """Keep the options as the settings name them. An option keeps its id while its words stay."""
    known = {option.text: option for option in poll_options(uow, activity.id)}
    wanted: list[str] = list(activity.options.get("choices", ()))
    gone = [option.id for text, option in known.items() if text not in wanted]
    if gone:
        uow.session.execute(delete(PollOption).where(PollOption.id.in_(gone), PollOption.votes == 0))
    for position, text in enumerate(wanted):
        if text not in known:
            uow.session.add(PollOption(id=uuid7(), activity_id=activity.id, position=position, text=text, votes=0))
        elif known[text].position != position:
            known[text].position = position
    uow.session.flush()


def guard(uow: UnitOfWork, activity: Activity, new: Mapping[str, Any]) -> None:
    """Refuse other answers, another kind or another moment of showing once it opened, and opening again once the outcome was seen."""
    if not _opened(uow, activity):
        return
    errors: dict[str, list[Text]] = {}
    if "options" in new:
        before, after = _settled(activity.options), _settled(new["options"])
        errors = {name: [FIXED] for name in SETTINGS if before[name] != after[name]}
    hidden_till_end = activity.options.get("show_results") == "after_close"
    if hidden_till_end and activity.closes_at <= uow.now and new.get("closes_at", activity.closes_at) > uow.now:
        errors["closes_at"] = [SEEN]
    if errors:
        raise Invalid(errors)


def no_end(_uow: UnitOfWork, _activity: Activity) -> None:
    """Nothing has to end with it: whether one may vote follows from its dates."""


def lacking(_uow: UnitOfWork, activity: Activity) -> list[Text]:
    """Answers to choose from."""
    if len(activity.options.get("choices", ())) >= FEWEST:
        return []
    return [_("De peiling “{title}” heeft nog geen antwoorden om uit te kiezen.", title=activity.title)]


def values(_uow: UnitOfWork, activity: Activity) -> dict[str, Any]:
    """What its form shows."""
    return {**activity.options, "choices": "\n".join(activity.options.get("choices", ()))}


def _opened(uow: UnitOfWork, activity: Activity) -> bool:
    if activity.taken_part or uow.session.execute(_VOTED.where(PollOption.activity_id == activity.id)).first() is not None:
        return True
    plan = uow.session.get_one(Plan, activity.plan_id)
    return plan.state in ("published", "finished") and activity.opens_at <= uow.now


def _settled(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(options[name]) if name == "choices" and name in options else options.get(name) for name in SETTINGS}


_VOTED = select(PollOption.id).where(PollOption.votes > 0).limit(1)

TYPE = ActivityType(
    code="poll",
    label=_("Peiling"),
    help=_("Mensen kiezen uit een paar antwoorden. Dat kost minder dan een minuut, ook zonder account."),
    icon="vote",
    verb=_("Stem"),
    minutes=1,
    options=PollSettingsSchema,
    prepare=keep_options,
    closing=no_end,
    outcome=outcome,
    lacking=lacking,
    open_data=data_rows,
    columns=COLUMNS,
    values=values,
    guard=guard,
)
