"""Patterns: much of the same close together in a season becomes something to see, and with one click a question for the city.

A cluster that is found again is the same pattern: it shares cases with it, or lies in the same place. Only cases of which everybody may
know the place count, so a pattern never tells of what is confidential or only counted.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select

from citycontent.api import Area
from samen_core.api import CITY_TIME_ZONE, Conflict, Invalid, NotFound, SubjectRef, Text, UnitOfWork, _, register, update_card, uuid7
from samen_oog_oor.clusters import Cluster, Spot, clusters, metres_between
from samen_oog_oor.events import PatternProposed
from samen_oog_oor.models import Case, Pattern, PatternCase
from samen_oog_oor.permissions import TRIAGE
from samen_oog_oor.queries.categories import CategoryView, category_tree
from samen_oog_oor.queries.public import PLACED, POINT, day_start
from samen_oog_oor.schemas.patterns import DismissPattern, ProposePattern
from samen_oog_oor.services.kinds import CASE, PATTERN, pattern_card
from samen_oog_oor.settings import PATTERN_CASES, PROPOSE_FROM, number
from samen_oog_oor.working_days import today

WINDOW = timedelta(days=120)
"""A season: how far back cases count."""
REACH = 120
"""Metres within which cases are close together."""
MOST = 5_000
"""Cases of one category that are looked at: the newest."""
PORTIONS = 24
"""The categories are looked at in as many portions, one an hour, so that each has its turn once a day."""
SHARED = 3
"""Of the cases of the smaller, one in so many must be the same for a cluster to be a known pattern."""
RUNNING = ("found", "proposed", "asked", "dismissed", "over")
MOST_REFERENCES = 200
_C = Case.__table__.c
_PC: Any = PatternCase.__table__


@dataclass(frozen=True, slots=True)
class _Seen:
    """A case as a cluster needs it."""

    id: uuid.UUID
    lat: float
    lon: float
    area_id: uuid.UUID | None
    reported_at: datetime


def find_next(uow: UnitOfWork) -> int:
    """Job: look at the categories whose turn it is this hour; how many patterns were seen."""
    ids = sorted(category_tree(uow).by_id)
    turn = uow.now.hour % PORTIONS
    return find_patterns(uow, [id for index, id in enumerate(ids) if index % PORTIONS == turn])


def find_patterns(uow: UnitOfWork, category_ids: Iterable[uuid.UUID] | None = None) -> int:
    """Look for patterns in these categories, in all when None; how many were seen. Two statements a category, and what changes."""
    tree = category_tree(uow)
    wanted = list(tree.by_id) if category_ids is None else list(category_ids)
    return sum(_of_category(uow, tree.by_id[id]) for id in wanted if id in tree.by_id)


def propose(uow: UnitOfWork, id: uuid.UUID, command: ProposePattern) -> Pattern:
    """Propose a pattern as a question for the city, with its cases; the reporters of these hear it.

    Raises NotFound, NotAllowed, Conflict when it changed, and Invalid when it was proposed already or nothing is left of it.
    """
    pattern = _to_decide_on(uow, id, command.version)
    if pattern.state in ("proposed", "asked"):
        raise Invalid(_("Dit patroon is al voorgelegd."))
    if not command.question.strip():
        raise Invalid({"question": [_("Schrijf de vraag die u voorlegt.")]})
    return _propose(uow, pattern, command.question.strip())


def dismiss(uow: UnitOfWork, id: uuid.UUID, command: DismissPattern) -> Pattern:
    """Leave a pattern, with the reason. Raises like :func:`propose`."""
    pattern = _to_decide_on(uow, id, command.version)
    if pattern.state in ("proposed", "asked"):
        raise Invalid(_("Dit patroon is al voorgelegd."))
    if not command.reason.strip():
        raise Invalid({"reason": [_("Schrijf hier waarom, in gewone woorden.")]})
    pattern.state, pattern.reason = "dismissed", command.reason.strip()
    _keep(uow, pattern, "dismissed", _("Het patroon wordt geen vraag."), reason=pattern.reason)
    return pattern


def end_patterns(uow: UnitOfWork, category_id: uuid.UUID) -> None:
    """Nobody may know any more of the cases of this category, nor how many there are in one place: its patterns are over."""
    shown = select(Pattern).where(Pattern.category_id == category_id, Pattern.state.in_(("found", "proposed", "asked")))
    for pattern in uow.session.execute(shown.order_by(Pattern.id)).scalars().all():
        pattern.state = "over"
        _keep(uow, pattern, "over", _("Dit patroon is niet meer openbaar."))


def first_question(title: str) -> str:
    """What a question about a pattern could say, to begin with."""
    return f"Wat kunnen we samen doen aan: {title[:1].lower()}{title[1:]}?"


def _to_decide_on(uow: UnitOfWork, id: uuid.UUID, version: int | None) -> Pattern:
    pattern = uow.session.get(Pattern, id, with_for_update=True, populate_existing=True)
    if pattern is None:
        raise NotFound
    TRIAGE.require(uow.actor, pattern.id, scopes=tuple(scope for scope in (pattern.area_id,) if scope))
    if version is not None and pattern.version != version:
        raise Conflict(current={"question": pattern.question, "reason": pattern.reason}, version=pattern.version)
    return pattern


def _propose(uow: UnitOfWork, pattern: Pattern, question: str) -> Pattern:
    cases = select(_C.id).join(_PC, _PC.c.case_id == _C.id).where(_PC.c.pattern_id == pattern.id, PLACED)
    ids = list(uow.session.execute(cases.order_by(_C.reported_at.desc(), _C.id).limit(MOST_REFERENCES)).scalars())
    if not ids:
        raise Invalid(_("Van dit patroon is geen zaak meer over die iedereen mag kennen."))
    pattern.state, pattern.question, pattern.proposed_at, pattern.reason = "proposed", question, uow.now, ""
    _keep(uow, pattern, "proposed", _("Het patroon is voorgelegd als vraag: {question}", question=question))
    about = [SubjectRef(PATTERN, pattern.id), *(SubjectRef(CASE, id) for id in ids)]
    if pattern.area_id is not None:
        about.append(SubjectRef("area", pattern.area_id))
    uow.publish(PatternProposed(pattern_id=pattern.id, title=pattern.title, question=question, about=tuple(about)))
    return pattern


def _keep(uow: UnitOfWork, pattern: Pattern, what: str, sentence: Text, *, reason: str = "") -> None:
    uow.session.flush()
    update_card(uow, SubjectRef(PATTERN, pattern.id), pattern_card(pattern))
    public = pattern.state in ("proposed", "asked")
    uow.record(f"oog_oor.pattern.{what}", pattern.id, after={"state": pattern.state}, reason=reason, public=public, sentence=sentence)


def _of_category(uow: UnitOfWork, category: CategoryView) -> int:
    since = today(uow) - WINDOW
    columns = (_C.id, *POINT, _C.area_id, _C.reported_at)
    placed = (
        PLACED,
        _C.category_id == category.id,
        _C.reported_at >= day_start(since),
        _C.public_lat.is_not(None),
        _C.public_lon.is_not(None),
    )
    # What is good or merely a thought needs no question; what was withdrawn was nothing.
    counted = (_C.type.not_in(("compliment", "idea")), _C.state != "withdrawn")
    rows = uow.session.execute(select(*columns).where(*placed, *counted).order_by(_C.reported_at.desc(), _C.id).limit(MOST)).all()
    seen = {row.id: _Seen(*row) for row in rows}
    known = _known(uow, category.id, since)
    least = max(2, number(uow, PATTERN_CASES))
    found = clusters([Spot(case.id, case.lat, case.lon) for case in seen.values()], REACH, least)
    taken: set[uuid.UUID] = set()
    for cluster in found:
        pattern = _same(cluster, known, taken)
        cases = [seen[id] for id in cluster.ids]
        if pattern is None:
            pattern = _new(uow, category, cluster, cases)
        else:
            _seen_again(uow, pattern, cluster, cases, known[pattern.id][1])
        taken.add(pattern.id)
        _propose_by_rule(uow, pattern)
    for pattern, _cases in known.values():
        if pattern.id not in taken and pattern.state == "found":
            pattern.state = "over"
            _keep(uow, pattern, "over", _("Er komt hier niet meer zo veel van hetzelfde binnen."))
    uow.session.flush()
    return len(found)


def _known(uow: UnitOfWork, category_id: uuid.UUID, since: date) -> dict[uuid.UUID, tuple[Pattern, set[uuid.UUID]]]:
    """The patterns of a category with their cases. Two statements.

    What was decided about those of a former season says nothing of this one: the same in the same place is then a new pattern.
    """
    runs = or_(Pattern.state.in_(("found", "over")), Pattern.last_on >= since)
    of_category = select(Pattern).where(Pattern.category_id == category_id, Pattern.state.in_(RUNNING), runs)
    patterns = uow.session.execute(of_category).scalars().all()
    cases: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    if patterns:
        rows = select(PatternCase.pattern_id, PatternCase.case_id).where(PatternCase.pattern_id.in_([pattern.id for pattern in patterns]))
        for pattern_id, case_id in uow.session.execute(rows):
            cases[pattern_id].add(case_id)
    return {pattern.id: (pattern, cases[pattern.id]) for pattern in patterns}


def _same(cluster: Cluster, known: dict[uuid.UUID, tuple[Pattern, set[uuid.UUID]]], taken: set[uuid.UUID]) -> Pattern | None:
    """The pattern that this cluster is: that with which it shares most cases, else one whose middle lies in it."""
    ids = set(cluster.ids)
    free = [(pattern, cases) for pattern, cases in known.values() if pattern.id not in taken]
    shares = [(len(ids & cases), pattern) for pattern, cases in free if len(ids & cases) * SHARED >= min(len(ids), len(cases)) > 0]
    if shares:
        return max(shares, key=lambda item: (item[0], item[1].id))[1]
    near = [(metres_between(cluster.lat, cluster.lon, pattern.lat, pattern.lon), pattern) for pattern, _cases in free]
    inside = [(distance, pattern) for distance, pattern in near if distance <= max(REACH, cluster.radius) / 2]
    return min(inside, key=lambda item: (item[0], item[1].id))[1] if inside else None


def _new(uow: UnitOfWork, category: CategoryView, cluster: Cluster, cases: Sequence[_Seen]) -> Pattern:
    area_id = _area(cases)
    pattern = Pattern(
        id=uuid7(), category_id=category.id, area_id=area_id, title=_title(uow, category, area_id), question="", state="found"
    )
    _measure(uow, pattern, cluster, cases)
    register(uow, SubjectRef(PATTERN, pattern.id), pattern_card(pattern))
    uow.session.add(pattern)
    uow.session.flush()
    _tie(uow, pattern, cluster.ids)
    return pattern


def _seen_again(uow: UnitOfWork, pattern: Pattern, cluster: Cluster, cases: Sequence[_Seen], former: set[uuid.UUID]) -> None:
    """The pattern as it is now. What was put to the city keeps the cases that it was put with."""
    if pattern.state == "over":
        pattern.state = "found"
        _keep(uow, pattern, "back", _("Er komt hier weer veel van hetzelfde binnen."))
    _measure(uow, pattern, cluster, cases)
    if pattern.state == "found" and (gone := former - set(cluster.ids)):
        uow.session.execute(delete(_PC).where(_PC.c.pattern_id == pattern.id, _PC.c.case_id.in_(sorted(gone))))
    _tie(uow, pattern, [id for id in cluster.ids if id not in former])


def _measure(uow: UnitOfWork, pattern: Pattern, cluster: Cluster, cases: Sequence[_Seen]) -> None:
    pattern.lat, pattern.lon, pattern.radius, pattern.weight = cluster.lat, cluster.lon, cluster.radius, len(cluster.ids)
    days = [_day(case) for case in cases]
    pattern.first_on, pattern.last_on, pattern.seen_at = min(days), max(days), uow.now


def _tie(uow: UnitOfWork, pattern: Pattern, ids: Sequence[uuid.UUID]) -> None:
    if ids:
        uow.session.execute(insert(PatternCase), [{"pattern_id": pattern.id, "case_id": id} for id in ids])


def _propose_by_rule(uow: UnitOfWork, pattern: Pattern) -> None:
    least = number(uow, PROPOSE_FROM)
    if least and pattern.state == "found" and pattern.weight >= least:
        _propose(uow, pattern, first_question(pattern.title)[:160])


def _area(cases: Sequence[_Seen]) -> uuid.UUID | None:
    """Where most of them are."""
    numbers: dict[uuid.UUID, int] = defaultdict(int)
    for case in cases:
        if case.area_id is not None:
            numbers[case.area_id] += 1
    return max(numbers, key=lambda area_id: (numbers[area_id], area_id)) if numbers else None


def _title(uow: UnitOfWork, category: CategoryView, area_id: uuid.UUID | None) -> str:
    area = uow.session.get(Area, area_id) if area_id is not None else None
    return f"{category.name} in {area.name}"[:160] if area is not None else category.name[:160]


def _day(case: _Seen) -> date:
    return case.reported_at.astimezone(CITY_TIME_ZONE).date()
