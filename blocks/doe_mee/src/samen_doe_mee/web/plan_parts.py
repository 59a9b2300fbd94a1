"""Plans, their rounds and activities as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from citycontent.api import SECTOR_LABELS
from citycontent.web.api import Atlas
from samen_core.api import Text, UnitOfWork, _, format_day, n_
from samen_core.web.api import Card, Row, page_url
from samen_doe_mee import paths
from samen_doe_mee.labels import (
    GOAL_LABELS,
    LEVEL_LABELS,
    LEVEL_MEANINGS,
    PLAN_FORM_LABELS,
    PLAN_STATE_LABELS,
    ROUND_STATE_LABELS,
    SCALE_LABELS,
)
from samen_doe_mee.models import Activity, Plan, Round
from samen_doe_mee.plan_steps import FIELD_LABELS, STEPS
from samen_doe_mee.services.activities import activity_state
from samen_doe_mee.services.activity_types import BY_CODE
from samen_doe_mee.services.lateness import city_day, late_words, round_days_late
from samen_doe_mee.services.rounds import round_state
from samen_doe_mee.web.overview_parts import days_left, place_of, short, takes
from samen_inbreng.api import last_moment

STANDING_LABELS: dict[str, Text] = {"running": _("Loopt nu"), "coming": _("Komt nog"), "over": _("Afgerond")}
STANDING_KINDS = {"running": "success", "coming": "info", "over": "neutral"}
ROUND_KINDS = {"planned": "info", "open": "success", "waiting": "warning", "closed": "neutral"}
STATE_KINDS = {"draft": "info", "published": "success", "finished": "neutral", "withdrawn": "danger"}
Label = Text | str


def standing(plan: Any, now: datetime) -> str:
    """Whether a plan (or a row of one) that is published ``running``, ``coming`` or ``over``."""
    if plan.state == "finished" or (plan.closes_at is not None and plan.closes_at <= now):
        return "over"
    return "coming" if plan.opens_at is not None and plan.opens_at > now else "running"


def state_badge(plan: Any, now: datetime) -> tuple[Text, str]:
    """How a plan stands, in one word."""
    if plan.state != "published":
        return PLAN_STATE_LABELS[plan.state], STATE_KINDS[plan.state]
    found = standing(plan, now)
    return STANDING_LABELS[found], STANDING_KINDS[found]


def period_words(opens_at: datetime, closes_at: datetime) -> Text:
    """From when until when, in days."""
    return _("{first} tot en met {last}", first=format_day(opens_at), last=format_day(last_moment(closes_at)))


def plan_row(uow: UnitOfWork, book: Atlas, row: Any) -> Row:
    """A plan in the public list."""
    found = standing(row, uow.now)
    facts: list[tuple[str, Label]] = []
    if found == "running" and row.closes_at is not None:
        facts.append(("calendar-clock", days_left(row.closes_at, uow.now)))
    elif found == "coming" and row.opens_at is not None:
        facts.append(("calendar-clock", _("vanaf {day}", day=format_day(row.opens_at))))
    elif row.closes_at is not None:
        facts.append(("calendar-clock", _("tot en met {day}", day=format_day(last_moment(row.closes_at)))))
    facts.append(("map-pin", place_of(book, row.area_id, whole_city=True)))
    facts.append(("handshake", LEVEL_LABELS[row.level]))
    badges: tuple[tuple[Label, str], ...] = ((STANDING_LABELS[found], STANDING_KINDS[found]),)
    if row.form == "inspraak":
        badges = (*badges, (PLAN_FORM_LABELS["inspraak"], "info"))
    return Row(row.title, page_url(paths.plan(row.slug)), short(row.summary), badges, meta=tuple(facts))


def desk_row(uow: UnitOfWork, book: Atlas, row: Any) -> Row:
    """A plan in the list of the desk."""
    facts: list[tuple[str, Label]] = [("map-pin", place_of(book, row.area_id, whole_city=True))]
    if row.opens_at is not None and row.closes_at is not None:
        facts.append(("calendar-days", period_words(row.opens_at, row.closes_at)))
    return Row(row.title, page_url(paths.desk_plan(row.slug)), short(row.summary), (state_badge(row, uow.now),), meta=tuple(facts))


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round on the timeline: how it stands in words, when, how late its result is, and its activities as cards."""

    round: Round
    state: str
    words: Label
    kind: str
    period: Label
    left: Label
    late: Text | None
    cards: tuple[Card, ...]
    people: int


def round_views(uow: UnitOfWork, rounds: Sequence[Round], activities: Sequence[Activity]) -> list[RoundView]:
    """The rounds of a plan in order, each with its activities."""
    found = []
    for round_ in rounds:
        state = round_state(round_, uow.now)
        mine = [activity for activity in activities if activity.round_id == round_.id]
        late = round_days_late(round_, uow.now)
        left: Label = ""
        if state == "open":
            left = days_left(round_.closes_at, uow.now)
        elif state == "waiting":
            left = _("Uiterlijk {day} leest u hier wat ermee gebeurt.", day=format_day(round_.result_by))
        found.append(
            RoundView(
                round_,
                state,
                ROUND_STATE_LABELS[state],
                ROUND_KINDS[state],
                period_words(round_.opens_at, round_.closes_at),
                left,
                late_words(late) if late else None,
                tuple(activity_card(uow, activity) for activity in mine),
                sum(activity.taken_part for activity in mine),
            )
        )
    return found


def activity_card(uow: UnitOfWork, activity: Any) -> Card:
    """An activity of a plan as a card."""
    state = activity_state(activity, uow.now)
    kind = BY_CODE.get(activity.type)
    label: Label = kind.label if kind else ""
    url = page_url(paths.activity(activity.slug))
    if state == "open" and not _online(activity):
        # Nobody takes part here: how long one still may, and how long that takes, is of another place.
        return Card(activity.title, url, short(activity.intro) or label, status=label, status_kind="info")
    if state == "open":
        date: Label = _("{left}, {takes}", left=str(days_left(activity.closes_at, uow.now)).capitalize(), takes=takes(activity.minutes))
        return Card(activity.title, url, short(activity.intro) or label, date, label, "warm")
    if state == "coming":
        return Card(activity.title, url, short(activity.intro) or label, _("Vanaf {day}", day=format_day(activity.opens_at)), label, "info")
    told = _("Lees wat ermee is gedaan.") if activity.result_at else _took_part(activity.taken_part)
    return Card(activity.title, url, told, _("Gesloten op {day}", day=format_day(last_moment(activity.closes_at))), label, "neutral")


def _took_part(number: int) -> Text:
    return n_("{n} mens deed mee.", "{n} mensen deden mee.", number) if number else _("Niemand deed mee.")


@dataclass(frozen=True, slots=True)
class Now:
    """What somebody can do now at a plan: the one warm card."""

    title: Label
    text: Label
    url: str | None = None
    label: Label = ""


def what_now(uow: UnitOfWork, plan: Plan, rounds: Sequence[Round], activities: Sequence[Activity]) -> Now:
    """What can be done now: the open activity that asks least and closes first, else what comes, else what is told."""
    open_ = [activity for activity in activities if activity_state(activity, uow.now) == "open" and _online(activity)]
    if open_ and plan.state == "published":
        best = min(open_, key=lambda activity: (activity.closes_at, activity.minutes, activity.position))
        kind = BY_CODE[best.type]
        text = _("{left}. Meedoen {takes}.", left=str(days_left(best.closes_at, uow.now)).capitalize(), takes=takes(best.minutes))
        return Now(best.title, text, page_url(paths.activity(best.slug)), kind.verb)
    coming = [activity for activity in activities if activity_state(activity, uow.now) == "coming"]
    if coming and plan.state != "finished":
        first = min(coming, key=lambda activity: activity.opens_at)
        return Now(_("Nog even geduld"), _("Vanaf {day} kunt u meedoen: {title}", day=format_day(first.opens_at), title=first.title))
    closed = [round_ for round_ in rounds if round_.closed_at is not None]
    if closed:
        url = f"{page_url(paths.plan(plan.slug))}#{closed[-1].slug}"
        return Now(
            _("Wat is ermee gedaan?"), _("Er kan nu niet worden gereageerd. Lees wat de inbreng opleverde."), url, _("Lees het resultaat")
        )
    if any(round_state(round_, uow.now) == "waiting" for round_ in rounds):
        return Now(_("Meedoen kan nu niet meer"), _("De inbreng wordt verwerkt. U leest hier wat ermee gebeurt."))
    return Now(_("Er is nu niets te doen"), _("Volg het plan, dan hoort u het als u weer kunt meedoen."))


def _online(activity: Activity) -> bool:
    kind = BY_CODE.get(activity.type)
    return kind is not None and kind.takes_part_online


@dataclass(frozen=True, slots=True)
class ProposalPart:
    """A part A to F of the process proposal: its letter and name, with what it says as pairs of a name and texts."""

    letter: str
    title: Text
    texts: tuple[tuple[Label, Label], ...]


def proposal_parts(book: Atlas, plan: Plan) -> list[ProposalPart]:
    """The process proposal of a plan in words, without what is empty."""
    found = []
    for step in STEPS:
        if not step.letter or not step.fields:
            continue
        texts: list[tuple[Label, Label]] = []
        for name in step.fields:
            texts += _in_words(book, plan, name)
        if texts:
            found.append(ProposalPart(step.letter, step.title, tuple(texts)))
    return found


def place_words(plan: Plan) -> str:
    """The place of a plan as it was written, with its address; "" when it is only a point, which the map shows."""
    place = plan.proposal.get("place") or {}
    address = " ".join(place[name] for name in ("postcode", "house_number") if place.get(name))
    return ", ".join(part for part in (place.get("text", ""), address) if part)


def _in_words(book: Atlas, plan: Plan, name: str) -> list[tuple[Label, Label]]:
    labels = {"goals": GOAL_LABELS, "participants": SECTOR_LABELS}.get(name)
    if labels is not None:
        texts = plan.proposal.get(name, {})
        return [(label, texts[code]) for code, label in labels.items() if texts.get(code)]
    if name == "area_id":
        area = book.tree.get(plan.area_id) if plan.area_id else None
        return [(_("Wijk of buurt"), area.name)] if area else []
    if name == "place":
        words = place_words(plan)
        return [(FIELD_LABELS[name], words)] if words else []
    if name not in FIELD_LABELS:
        return []
    value = getattr(plan, name) if hasattr(plan, name) else plan.proposal.get(name, "")
    if name == "level":
        return [(FIELD_LABELS[name], _("{level}. {meaning}", level=LEVEL_LABELS[value], meaning=LEVEL_MEANINGS[value]))]
    coded = {"form": PLAN_FORM_LABELS, "scale": SCALE_LABELS}.get(name)
    shown = coded.get(value, "") if coded else value
    return [(FIELD_LABELS[name], shown)] if shown else []


def last_day(moment: datetime) -> Any:
    """The last day of a term."""
    return city_day(last_moment(moment))
