"""The page of a table: where the question stands, what one can do now, who is at the table, and what came out so far."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.typing import ResponseReturnValue

from citycontent.web.api import atlas
from samen_core.api import PageRequest, Text, UnitOfWork, _, format_date, format_moment, latest_lines, n_
from samen_core.web.api import Row, page_url
from samen_inbreng.api import OUTCOME_BADGES, OUTCOME_LABELS, activity_path, answers_on
from samen_samenspreker.labels import JOIN_LABELS
from samen_samenspreker.models import STEPS, Proposal, Question
from samen_samenspreker.paths import table
from samen_samenspreker.permissions import DECIDE, FACILITATE
from samen_samenspreker.queries.proposals import published_proposal
from samen_samenspreker.queries.seats import seats_of
from samen_samenspreker.queries.table import Shelf, activities_here, shelf_of
from samen_samenspreker.services.common import today
from samen_samenspreker.settings import LEVEL_MEANINGS, level_name, step_name
from samen_samenspreker.web.frame import table_page
from samen_samenspreker.web.options_summary import options_summary
from samen_samenspreker.web.question_parts import days_left, question_view
from samen_samenspreker.web.round_table import table_figure
from samen_samenspreker.web.steps import next_move

MOST_ANSWERS = 3
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Now:
    """The one thing that this reader can best do now: a card with one button."""

    title: Text
    text: Text | str
    url: str
    label: Text
    todo: tuple[tuple[Text, str], ...] = ()
    """What has to be done first, each with the address where."""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer that was given: its outcome, and the reason."""

    outcome: tuple[Text, str]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that the page was made of, for the card and the summary."""

    question: Question
    proposal: Proposal | None
    seats: Sequence[Any]
    activities: Sequence[Any]
    shelf: Shelf
    open_activity: Any
    my_roles: frozenset[str]


def table_overview(uow: UnitOfWork, question: Question) -> ResponseReturnValue:
    """The page of a question that is on the table. At most ten statements, whatever is on it."""
    scene = _scene(uow, question)
    lines, more = latest_lines(uow, question.id)
    answers = answers_on(uow, question.id, PageRequest(limit=MOST_ANSWERS)).items
    return table_page(
        uow,
        question,
        "",
        "samenspreker/table.html",
        now=round_words(uow, scene),
        facts=_facts(uow, scene),
        card=what_now(uow, scene),
        figure=table_figure(uow, question, scene.seats),
        summary=summary(uow, scene),
        proposal=scene.proposal,
        options=options_summary(uow, question, scene.shelf.options) if question.step != "agenda" else "",
        answers=[AnswerView((OUTCOME_LABELS[row.outcome], OUTCOME_BADGES[row.outcome]), row.reason, row.send_at) for row in answers],
        given=_given(scene),
        contributions_url=page_url(table(question.slug, "inbreng")),
        meetings=[_meeting(row) for row in scene.shelf.meetings],
        documents=_documents(scene),
        view=question_view(uow, question, ((row.title, row.text, row.slug) for row in scene.shelf.merged), scene.shelf.named),
        log=lines,
        more_log=more,
    )


def _scene(uow: UnitOfWork, question: Question) -> Scene:
    seats = seats_of(uow, question.id)
    activities = activities_here(uow, question.id)
    account_id = uow.actor.account_id
    mine = frozenset(
        seat.role for seat in seats if account_id and seat.state == "accepted" and account_id in (seat.account_id, seat.alternate_id)
    )
    return Scene(
        question=question,
        proposal=published_proposal(uow, question.id),
        seats=seats,
        activities=activities,
        shelf=shelf_of(uow, question.id),
        open_activity=next((row for row in activities if _is_open(row, uow.now)), None),
        my_roles=mine,
    )


def _is_open(row: Any, now: datetime) -> bool:
    ends = min((moment for moment in (row.closes_at, row.closed_at) if moment is not None), default=None)
    return ends is None or ends > now


def _given(scene: Scene) -> int:
    return int(scene.activities[0].given) if scene.activities else 0


def _taken(scene: Scene) -> int:
    return sum(seat.state == "accepted" for seat in scene.seats)


def round_words(uow: UnitOfWork, scene: Scene) -> Text | None:
    """Where the current step stands: "ronde 2 van 3, nog 9 dagen"; None when there is nothing to add."""
    if scene.question.step != "solve":
        return None
    row = scene.shelf.open_round(today(uow))
    if row is None:
        return None
    number = scene.shelf.rounds.index(row) + 1
    days = (row.ends - today(uow)).days
    left = n_("nog {n} dag", "nog {n} dagen", days) if days > 0 else _("bijna klaar")
    return _("ronde {number} van {all}, {left}", number=number, all=len(scene.shelf.rounds), left=left)


def _facts(uow: UnitOfWork, scene: Scene) -> list[tuple[str, Text | str]]:
    """The line under the title: place, level, seats."""
    found: list[tuple[str, Text | str]] = []
    area = atlas(uow).tree.get(scene.question.area_id)
    if area:
        found.append(("map-pin", area.name))
    if scene.proposal:
        found.append(("scale", _("niveau: {level}", level=level_name(uow, scene.proposal.level))))
    taken = _taken(scene)
    found.append(("users-round", n_("{n} stoel bezet", "{n} stoelen bezet", taken) if taken else _("nog niemand aan tafel")))
    return found


def what_now(uow: UnitOfWork, scene: Scene) -> Now:
    """The card: first what one's role asks, then what is open, then what there is to read in this step. SQL only for who facilitates."""
    question, slug = scene.question, scene.question.slug
    decided = scene.shelf.decision is not None and scene.shelf.decision.number == question.cycle
    decides = DECIDE.allows(uow.actor, question.id) or "decision_maker" in scene.my_roles
    if question.step == "decide" and decides and not decided:
        text = _("De tafel is klaar. Weeg de oplossingen en de inbreng, en leg vast wat u besluit.")
        return Now(_("Het besluit wacht op u"), text, page_url(table(slug, "besluit")), _("Schrijf het besluit"))
    if FACILITATE.allows(uow.actor, question.id) and question.step != "closed":
        move = next_move(uow, question)
        return Now(_("U begeleidt deze tafel"), move.text, move.url, move.label, move.todo)
    row = scene.open_activity
    if row is not None:
        return Now(_("Wat kunt u nu doen?"), _open_words(uow, row), page_url(activity_path(row.slug)), JOIN_LABELS[row.kind])
    if scene.shelf.meetings:
        event = scene.shelf.meetings[0]
        text = _("{title}, {when}.", title=event.title, when=format_moment(event.at))
        return Now(_("Wat kunt u nu doen?"), text, page_url(f"/agenda/{event.slug}"), _("Kom naar de bijeenkomst"))
    return _to_read(scene)


def _open_words(uow: UnitOfWork, row: Any) -> Text:
    """That an activity is open, until when and how long taking part takes."""
    left = days_left(uow, row.closes_at) if row.closes_at else None
    if row.kind == "questionnaire":
        if left is None:
            return _("“{title}” is open. Invullen duurt een paar minuten.", title=row.title)
        return _("“{title}” is open: {left}. Invullen duurt een paar minuten.", title=row.title, left=left)
    if left is None:
        return _("“{title}” is open. Meedoen duurt 1 minuut.", title=row.title)
    return _("“{title}” is open: {left}. Meedoen duurt 1 minuut.", title=row.title, left=left)


def _to_read(scene: Scene) -> Now:
    """What there is to read or support when nothing is open."""
    slug = scene.question.slug
    ways: dict[str, tuple[Text, str, Text]] = {
        "agenda": (_("Vindt u deze vraag belangrijk? Uw steun telt mee."), "#steun", _("Steun deze vraag")),
        "solve": (
            _("Er is nu geen ronde open. Lees welke oplossingen er liggen en laat weten wat u ervan vindt."),
            "opties",
            _("Bekijk de oplossingen"),
        ),
        "decide": (_("Lees uit welke oplossingen wordt gekozen, en wat de tafel ervan vindt."), "opties", _("Bekijk de oplossingen")),
        "execute": (_("Volg wie wat doet, wanneer het klaar is en waarom iets later wordt."), "uitvoering", _("Volg de uitvoering")),
        "evaluate": (_("De tafel kijkt terug. Lees wat er is bereikt en hoe het ging."), "evaluatie", _("Lees de evaluatie")),
        "closed": (
            _("Deze vraag is afgerond. Lees hoe het ging en wat er met alle inbreng is gedaan."),
            "eindverslag",
            _("Lees het eindverslag"),
        ),
    }
    text, part, label = ways[scene.question.step]
    return Now(_("Wat kunt u nu doen?"), text, part if part.startswith("#") else page_url(table(slug, part)), label)


def summary(uow: UnitOfWork, scene: Scene) -> list[Text | str]:
    """The question in at most five sentences; what is no Text is what the city wrote."""
    question, shelf = scene.question, scene.shelf
    found: list[Text | str] = [first_sentence(question.description) or question.title]
    if question.why_now:
        found.append(first_sentence(question.why_now))
    if scene.proposal:
        level = scene.proposal.level
        found.append(_("Niveau “{level}”: {meaning}", level=level_name(uow, level), meaning=LEVEL_MEANINGS[level]))
    if question.step == "closed":
        found.append(_("De vraag is afgerond op {day}.", day=format_date(question.step_since)))
    else:
        number = STEPS.index(question.step) + 1
        day = format_date(question.step_since)
        found.append(
            _("De vraag is sinds {day} in stap {number} van 5: {name}.", day=day, number=number, name=step_name(uow, question.step))
        )
    outcome = _outcome(shelf, question.step)
    if outcome is None and (given := _given(scene)):
        outcome = n_("Er is tot nu toe {n} bijdrage gegeven.", "Er zijn tot nu toe {n} bijdragen gegeven.", given)
    return [*found, outcome][:5] if outcome else found


def _outcome(shelf: Shelf, step: str) -> Text | None:
    """What came out so far, in one sentence."""
    if step in ("execute", "evaluate") and shelf.actions:
        total, done = sum(shelf.actions.values()), shelf.actions.get("done", 0)
        return n_("Klaar: {done} van {n} actie.", "Klaar: {done} van de {n} acties.", total, done=done)
    if shelf.decision is not None and step != "solve":
        who = shelf.decision.text[:1].upper() + shelf.decision.text[1:]
        if shelf.decision.title:
            return _("{who} koos voor “{title}”.", who=who, title=shelf.decision.title)
        return _("{who} nam een besluit op {day}.", who=who, day=format_date(shelf.decision.ends))
    return None


def first_sentence(text: str, longest: int = 240) -> str:
    """The first sentence of a text, without the signs of Markdown at its start."""
    line = " ".join(text.split()).lstrip("#*->_ ")
    sentence = _SENTENCE.split(line, maxsplit=1)[0]
    return sentence if len(sentence) <= longest else sentence[:longest].rpartition(" ")[0] + " …"


def _meeting(row: Any) -> Row:
    meta = (("calendar-days", format_moment(row.at)), *((("map-pin", row.text),) if row.text else ()))
    return Row(row.title, page_url(f"/agenda/{row.slug}"), meta=meta)


def _documents(scene: Scene) -> list[tuple[str, Text | str, str]]:
    """What there is to read, as (icon, name, address)."""
    slug, shelf = scene.question.slug, scene.shelf
    found: list[tuple[str, Text | str, str]] = []
    if shelf.report is not None:
        found.append(("scroll-text", _("Eindverslag"), page_url(table(slug, "eindverslag"))))
    if shelf.decision is not None:
        day = format_date(shelf.decision.ends or shelf.decision.at)
        found.append(("gavel", _("Besluit van {day}", day=day), page_url(table(slug, "besluit"))))
    if scene.proposal is not None:
        found.append(("file-text", _("Procesvoorstel"), page_url(table(slug, "procesvoorstel"))))
        found.append(("landmark", _("Memo aan de gemeenteraad"), page_url(table(slug, "procesvoorstel/raadsmemo"))))
    found += [("paperclip", row.title, file_url(row.id)) for row in shelf.files]
    return found


def file_url(id: uuid.UUID) -> str:
    """The address of a file, the same in every language."""
    return f"/files/{id}"
