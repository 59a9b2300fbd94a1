"""Options of a table: all of them beside each other, one with its versions and support, and saying what one thinks of it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from citycontent.api import SECTOR_LABELS
from samen_core.api import LOGGED_IN, Conflict, Invalid, NotFound, Text, UnitOfWork, _, markdown_text, parse
from samen_core.web.api import BoundForm, current_uow, go, page_url, say
from samen_samenspreker.labels import POSITION_LABELS
from samen_samenspreker.models import Criterion, Option, OptionSupport, Question, Seat
from samen_samenspreker.paths import HOME, table
from samen_samenspreker.permissions import DECIDE, FACILITATE
from samen_samenspreker.queries.options import criteria_of, judgements_of, option_by_number, options_of, versions_of
from samen_samenspreker.queries.support import SPEAKING, own_support, reasons_of_others, seats_on, support_of
from samen_samenspreker.schemas.options import SCORES, SupportOptionSchema, TakeBackSupportSchema
from samen_samenspreker.services.common import my_seats
from samen_samenspreker.services.options import may_make, option_path
from samen_samenspreker.services.question_cards import summary
from samen_samenspreker.services.support import is_open, support_option, take_back_support
from samen_samenspreker.web.frame import on_table, pages, table_page
from samen_samenspreker.web.support_view import SupportView, views_of

PATH = f"{HOME}/<slug>/opties"
ONE = f"{PATH}/<int:number>"
TITLE = _("Oplossingen")
POSITIONS = tuple(POSITION_LABELS.items())


@dataclass(frozen=True, slots=True)
class OptionView:
    """An option in the list, with its support; ``mine`` is what the actor said of it, in words."""

    row: Any
    summary: str
    url: str
    support: tuple[SupportView, SupportView]
    mine: Text | None


@dataclass(frozen=True, slots=True)
class SeatView:
    """What a seat said of an option."""

    name: str
    sector: tuple[str, Text]
    position: Text | None
    reason: str
    older: int | None
    """The version that it spoke of, when that is not the newest."""


@dataclass(frozen=True, slots=True)
class Own:
    """The card in which the actor says what it thinks. ``seats`` are (id, name) of those it speaks for; none: for oneself."""

    is_open: bool
    may_speak: bool
    seats: Sequence[tuple[uuid.UUID, Text | str]]
    said: Sequence[tuple[Text | str, Text, int, bool]]
    """What was said already: for whom ("" for oneself), what, of which version, and whether that is an older one."""
    form: BoundForm | None
    stale: bool


@pages.route(PATH, public=True)
def option_list(slug: str) -> ResponseReturnValue:
    """The options beside each other: support per sector, and how each does on the criteria."""
    uow = current_uow()
    question = on_table(uow, slug)
    rows = options_of(uow, question.id)
    active = [row for row in rows if row.state == "active"]
    support = support_of(uow, [row.id for row in active])
    criteria = criteria_of(uow, question.id)
    mine = own_support(uow, [row.id for row in active], [seat.id for seat in my_seats(uow, question.id)])
    views = [_option_view(question, row, views_of(support[row.id]), _mine(mine.get(row.id, {}))) for row in active]
    unsaid = next((view for view in views if view.mine is None), None)
    makes = question.step == "solve" and may_make(uow, question)
    return table_page(
        uow,
        question,
        "opties",
        "samenspreker/options.html",
        title=TITLE,
        options=views,
        positions=POSITIONS,
        criteria=criteria,
        cells=_cells(active, criteria, judgements_of(uow, [row.id for row in active]) if criteria else {}),
        withdrawn=[(row, page_url(option_path(question, row.position))) for row in rows if row.state != "active"],
        speak=unsaid if unsaid and is_open(uow, question) else None,
        path=page_url(table(slug, "opties")),
        makes=makes,
    )


def _option_view(question: Question, row: Any, support: tuple[SupportView, SupportView], mine: Text | None) -> OptionView:
    return OptionView(row, summary(markdown_text(row.text)), page_url(option_path(question, row.position)), support, mine)


def _mine(said: Mapping[uuid.UUID | None, OptionSupport]) -> Text | None:
    return POSITION_LABELS[next(iter(said.values())).position] if said else None


def _cells(
    rows: Sequence[Any], criteria: Sequence[Criterion], judgements: Mapping[uuid.UUID, Mapping[uuid.UUID, Any]]
) -> list[tuple[Any, list[tuple[Text | None, str]]]]:
    """The table of options and criteria: per option the score in words and its explanation."""
    found = []
    for row in rows:
        own = judgements.get(row.id, {})
        found.append((row, [score_of(own.get(criterion.id)) for criterion in criteria]))
    return found


def score_of(judgement: Any | None) -> tuple[Text | None, str]:
    """A judgement in words, None where nobody judged yet, and its explanation."""
    if judgement is None:
        return None, ""
    return (SCORES[str(judgement.score)] if judgement.score else None), judgement.text


@pages.route(ONE, public=True)
def option_page(slug: str, number: int) -> ResponseReturnValue:
    """One option."""
    uow = current_uow()
    return _page(uow, *option_at(uow, slug, number))


@pages.route(f"{ONE}/mening", permission=LOGGED_IN, methods=["POST"])
def option_speak(slug: str, number: int) -> ResponseReturnValue:
    """Say what one thinks of an option."""
    uow = current_uow()
    question, option = option_at(uow, slug, number)
    try:
        support_option(uow, option.id, parse(SupportOptionSchema, request.form))
    except (Invalid, Conflict) as error:
        uow.rollback()
        return _page(uow, question, option, error)
    say(_("Wat u vindt, telt mee. Zolang er geen besluit is, kunt u het veranderen of terugnemen."))
    return go(f"{option_path(question, number)}#mening")


@pages.route(f"{ONE}/mening/terugnemen", permission=LOGGED_IN, methods=["POST"])
def option_take_back(slug: str, number: int) -> ResponseReturnValue:
    """Take back what one said."""
    uow = current_uow()
    question, option = option_at(uow, slug, number)
    try:
        take_back_support(uow, option.id, parse(TakeBackSupportSchema, request.form))
    except Invalid as error:
        uow.rollback()
        return _page(uow, question, option, error)
    say(_("Wat u vond, is teruggenomen en telt niet meer mee."))
    return go(f"{option_path(question, number)}#mening")


def option_at(uow: UnitOfWork, slug: str, number: int) -> tuple[Question, Option]:
    """The option at an address with its table. Raises NotFound."""
    question = on_table(uow, slug)
    option = option_by_number(uow, question.id, number)
    if option is None:
        raise NotFound
    return question, option


def _page(uow: UnitOfWork, question: Question, option: Option, error: Invalid | Conflict | None = None) -> ResponseReturnValue:
    versions = versions_of(uow, option.id)
    active = option.state == "active"
    seats = my_seats(uow, question.id)
    rows = seats_on(uow, question.id, [option.id])
    own = _own(uow, question, option, seats, names={row.seat_id: _seat_name(row) for row in rows}, error=error) if active else None
    criteria = criteria_of(uow, question.id)
    judgements = judgements_of(uow, [option.id])[option.id] if criteria else {}
    at_table = bool(seats) or FACILITATE.allows(uow.actor, question.id) or DECIDE.allows(uow.actor, question.id)
    makes = active and question.step == "solve" and may_make(uow, question)
    return table_page(
        uow,
        question,
        "opties",
        "samenspreker/option.html",
        title=option.title,
        above=[(TITLE, table(question.slug, "opties"))],
        status=error.status if error else 200,
        option=option,
        version=versions[0],
        versions=versions,
        support=views_of(support_of(uow, [option.id])[option.id]),
        positions=POSITIONS,
        seats=[_seat_view(row, option) for row in rows],
        reasons=[(SECTOR_LABELS[row.sector], row.reason) for row in reasons_of_others(uow, option.id)] if at_table else [],
        criteria=[(criterion.title, *score_of(judgements.get(criterion.id))) for criterion in criteria],
        own=own,
        newer=isinstance(error, Conflict),
        path=page_url(option_path(question, option.position)),
        makes=makes,
        may_withdraw=own is not None and own.is_open and FACILITATE.allows(uow.actor, question.id),
    )


def _own(
    uow: UnitOfWork,
    question: Question,
    option: Option,
    seats: Sequence[Seat],
    *,
    names: Mapping[uuid.UUID, str],
    error: Invalid | Conflict | None,
) -> Own:
    speaking = [(seat.id, names.get(seat.id) or seat.title or SECTOR_LABELS[seat.sector]) for seat in seats if seat.role in SPEAKING]
    said = own_support(uow, [option.id], [id for id, _name in speaking]).get(option.id, {})
    if seats:
        said = {id: one for id, one in said.items() if id is not None}
    opened = is_open(uow, question)
    may_speak = not uow.actor.is_anonymous and (bool(speaking) or not seats)
    first = next(iter(said.values()), None)
    return Own(
        is_open=opened,
        may_speak=may_speak,
        seats=speaking,
        said=[_said(one, dict(speaking), option) for one in said.values()],
        form=_form(option, speaking, first, error) if opened and may_speak else None,
        stale=any(one.option_version < option.current for one in said.values()),
    )


def _said(one: OptionSupport, names: Mapping[uuid.UUID, Text | str], option: Option) -> tuple[Text | str, Text, int, bool]:
    name = names.get(one.seat_id, "") if one.seat_id else ""
    return name, POSITION_LABELS[one.position], one.option_version, one.option_version < option.current


def _form(
    option: Option, seats: Sequence[tuple[uuid.UUID, Text | str]], first: OptionSupport | None, error: Invalid | Conflict | None
) -> BoundForm:
    values: dict[str, Any] = {"option_version": option.current}
    if first is not None:
        values |= {"position": first.position, "reason": first.reason, "seat_id": first.seat_id}
    if error is None:
        return BoundForm(SupportOptionSchema, data=values, options={"seat_id": seats})
    # What was typed stays, but it is now about the version that the page shows.
    typed = request.form.copy()
    typed["option_version"] = str(option.current)
    errors = error.errors if isinstance(error, Invalid) else None
    return BoundForm(SupportOptionSchema, data=typed, errors=errors, options={"seat_id": seats})


def _seat_name(row: Any) -> str:
    """How a seat is called: the organisation, with its holder when a person agreed to be named, or the person."""
    person = row.person or row.holder_name
    if row.organization:
        return f"{row.organization} ({person})" if person else str(row.organization)
    return person or str(row.title)


def _seat_view(row: Any, option: Option) -> SeatView:
    older = row.option_version if row.option_version is not None and row.option_version < option.current else None
    return SeatView(
        name=_seat_name(row),
        sector=(row.sector, SECTOR_LABELS[row.sector]),
        position=POSITION_LABELS[row.position] if row.position else None,
        reason=row.reason or "",
        older=older,
    )
