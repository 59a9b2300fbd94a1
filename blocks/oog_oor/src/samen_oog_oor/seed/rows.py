"""The rows of the plans, written in bulk as the services would have made them: without mails and without events of a year ago."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert

from samen_core.api import (
    CITY_TIME_ZONE,
    Base,
    Form,
    Question,
    Subject,
    SubjectData,
    SubjectRef,
    UnitOfWork,
    _,
    account_by_email,
    form_to_json,
    new_code,
    register,
    seal,
    uuid7,
)
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models import (
    Case,
    CaseTask,
    Inquiry,
    Note,
    Number,
    Pattern,
    PatternCase,
    Reporter,
    Route,
    Signal,
    Support,
    Update,
    Verdict,
    Viewing,
)
from samen_oog_oor.models.base import CLOSED, TITLE_LENGTH, WAITING
from samen_oog_oor.queries.routing import routing_desk
from samen_oog_oor.seed.desk import LETTERS
from samen_oog_oor.seed.plans import Plan, Step
from samen_oog_oor.seed.world import World
from samen_oog_oor.services.common import log
from samen_oog_oor.services.contact import PURPOSE, email_hash
from samen_oog_oor.services.deadlines import city_day, days_off, promised_day, working_days_between
from samen_oog_oor.services.inquiries import inquiry_key
from samen_oog_oor.services.kinds import CASE, PATTERN, SIGNAL, case_card, case_ref, is_public, pattern_card, signal_card
from samen_oog_oor.services.receipt_keys import key_hash, receipt_key
from samen_oog_oor.services.route_words import explanation
from samen_oog_oor.services.routing import decide, make_facts
from samen_oog_oor.settings import CONTACT_DAYS, number

RESIDENT = "resident@samen.example"
OWN_SIGNALS = 6
"""So many signals are of the resident who can log in."""
CHANNELS = ("web", "web", "web", "web", "web", "open311", "staff", "meeting")
_PHONE = "06123456"


class Rows:
    """Collects the rows of every table, and writes them at once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.uow = world.uow
        self.rows: dict[type[Base], list[dict[str, Any]]] = {}
        self.cards: list[tuple[str, uuid.UUID, SubjectData]] = []
        self.cases: dict[uuid.UUID, Case] = {}
        self.numbers: Counter[int] = Counter()
        self.free = days_off(self.uow)
        self.desk = routing_desk(self.uow)
        self.keeps = self.uow.now - timedelta(days=number(self.uow, CONTACT_DAYS))
        self.resident = account_by_email(self.uow, RESIDENT)
        self.own = 0

    def add(self, plan: Plan) -> None:
        """One case with all that stands on it."""
        case = self._case(plan)
        self.cases[case.id] = case
        self._route(case, plan)
        for step in plan.steps:
            self._step(case, step)
        self._end(case, plan)
        self._signals(case, plan)
        self._of_staff(case, plan)
        self.cards.append((CASE, case.id, case_card(case)))
        self._log(case, plan)

    def _case(self, plan: Plan) -> Case:
        area, year = self.world.areas[plan.area_code], plan.reported_at.astimezone(CITY_TIME_ZONE).year
        self.numbers[year] += 1
        looked = plan.state != "new"
        return Case(
            id=plan.id,
            number=f"{LETTERS}-{year}-{self.numbers[year]:06}",
            type=plan.story.get("type", "problem"),
            category_id=plan.category.id,
            title=f"{plan.category.name}, {area.name}"[:TITLE_LENGTH],
            public_text=plan.story["clear"] if looked and plan.is_public else "",
            state="new",
            answer="",
            priority="normal",
            publication=plan.category.publication,
            confidential=plan.confidential,
            lat=plan.lat,
            lon=plan.lon,
            address="",
            address_id="",
            public_place="",
            public_lat=plan.lat,
            public_lon=plan.lon,
            area_id=area.id,
            signals=len(plan.signals),
            supports=0,
            reported_at=plan.reported_at,
            changed_at=plan.reported_at,
            promised_on=promised_day(city_day(plan.reported_at), plan.category.term_days, self.free),
            term_days=plan.category.term_days,
            waited_days=0,
            late_told=0,
        )

    def _route(self, case: Case, plan: Plan) -> None:
        """Where the rules of now would have sent it, in the words that they have for it."""
        facts = make_facts(self.desk, case, {}, plan.story["texts"][0])
        decision = decide(self.desk, facts, self.world.today)
        case.organization_id = decision.organization_id
        rule = decision.rule
        if rule is not None and rule.priority is not None:
            case.priority = rule.priority
        route = Route(
            id=uuid7(),
            case_id=case.id,
            at=plan.reported_at,
            why=decision.why,
            rule_id=rule.id if rule else None,
            organization_id=decision.organization_id,
            because={
                "reasons": ["categories"] if rule else [],
                "decided": decision.why,
                "category_id": str(case.category_id),
                "area_id": str(case.area_id),
                "own": rule.explanation if rule else "",
            },
        )
        with self.uow.platform.translations.use("nl"):
            route.explanation = explanation(self.uow, self.desk, route, case.type)
        self._put(Route, _row(route))

    def _step(self, case: Case, step: Step) -> None:
        before, case.state, case.changed_at = case.state, step.state, step.at
        if step.state in WAITING:
            case.came_from, case.waiting_since = before, step.at
        elif step.state == "planned":
            case.planned_on = promised_day(city_day(step.at), self.world.chance.randint(3, 9), self.free)
        elif step.state == "reopening_requested":
            case.ended_as = before
        elif before == "reopening_requested":
            case.ended_as, case.closed_at, case.close_days, case.resolution, case.answer = None, None, None, None, ""
            case.promised_on = promised_day(city_day(step.at), 5, self.free)
        if step.state in CLOSED:
            case.closed_at, case.resolution, case.answer = step.at, step.resolution, step.text
            case.close_days = self._took(case, step.at)
        if step.text or step.state not in ("triaged", "reopening_requested"):
            told = {"case_id": case.id, "at": step.at, "state": step.state, "text": step.text, "public": not case.confidential}
            self._put(Update, told)
            case.told_at = step.at
        if step.text and case.answered_at is None:
            case.answered_at, case.answer_days = step.at, self._took(case, step.at)

    def _took(self, case: Case, at: datetime) -> int:
        return working_days_between(city_day(case.reported_at), city_day(at), self.free)

    def _end(self, case: Case, plan: Plan) -> None:
        """What hangs on where it is now: a question that waits for an answer, and who sees the same."""
        chance = self.world.chance
        last = plan.last
        if last is not None and last.state in WAITING:
            asked = {
                **self._asked(),
                "version": 1,
                "case_id": case.id,
                "to": "reporter" if last.state == "awaiting_reporter" else "third_party",
                "text": last.text,
                "asked_at": last.at,
                "due_at": max(last.at + timedelta(days=14), self.uow.now + timedelta(days=3)),
            }
            self._put(Inquiry, asked)
        elif plan.is_public and last is not None and last.state not in CLOSED and chance.random() < 0.25:
            self._answered(case, last)
        if not plan.confidential and chance.random() < 0.4:
            case.supports = chance.randint(1, 9)
            for _nth in range(case.supports):
                self._put(Support, {"case_id": case.id, "who": uuid.UUID(int=chance.getrandbits(128)).hex * 2, "at": case.changed_at})

    def _answered(self, case: Case, last: Step) -> None:
        """A reporter was asked something before, and answered."""
        question = Question("q1", "long_text", _("Uw antwoord"), required=True, maximum=4_000)
        asked, answered = (case.reported_at + (last.at - case.reported_at) * part for part in (0.4, 0.7))
        row = {
            **self._asked(),
            "version": 1,
            "case_id": case.id,
            "to": "reporter",
            "text": self.world.desk["ask"],
            "form": form_to_json(Form((question,))),
            "answers": {"q1": self.world.chance.choice(self.world.desk["answers"])},
            "asked_at": asked,
            "due_at": asked + timedelta(days=14),
            "answered_at": answered,
            "closed_at": answered,
        }
        self._put(Inquiry, row)

    def _asked(self) -> dict[str, Any]:
        """The id of a question, and the hash of the key in its link: that of the page on which it is answered."""
        id = uuid7()
        return {"id": id, "key_hash": key_hash(self.uow.platform, inquiry_key(self.uow.platform, id))}

    def _signals(self, case: Case, plan: Plan) -> None:
        for nth, (at, text) in enumerate(plan.signals):
            id = uuid7()
            plan.first_signal_id = plan.first_signal_id or id
            mine = self._is_own(plan, nth)
            signal = Signal(
                id=id,
                version=1,
                case_id=case.id,
                first_case_id=case.id,
                code=new_code(),
                key_hash=key_hash(self.uow.platform, receipt_key(self.uow.platform, id)),
                channel="staff" if plan.confidential else self.world.chance.choice(CHANNELS),
                type=case.type,
                text=text,
                public_text=plan.story["clear"] if case.public_text else "",
                answers={},
                lat=case.lat,
                lon=case.lon,
                address="",
                area_id=case.area_id,
                at=at,
                confirmed_at=at,
                withdrawn_at=case.closed_at if case.state == "withdrawn" else None,
                account_id=self.resident if mine else None,
            )
            self._put(Signal, _row(signal))
            self.cards.append((SIGNAL, id, signal_card(signal, case, plan.category)))
            reached = mine or self._reporter(case, signal)
            if reached and case.closed_at is not None and case.state in (*CLOSED, "reopening_requested"):
                self._verdict(case, signal, first=nth == 0)

    def _is_own(self, plan: Plan, nth: int) -> bool:
        wanted = self.resident is not None and nth == 0 and plan.is_public and self.own < OWN_SIGNALS
        mine = wanted and plan.reported_at > self.keeps and self.world.chance.random() < 0.15
        self.own += mine
        return mine

    def _reporter(self, case: Case, signal: Signal) -> bool:
        """Most left a way to reach them; of what was closed too long ago that is gone already."""
        if case.confidential or self.world.chance.random() < 0.35:
            return False
        if case.closed_at is None or case.closed_at > self.keeps:
            secret = self.uow.platform.config.secret_key
            email = f"melder-{signal.code[:4].lower()}@samen.example"
            phone = f"{_PHONE}{self.world.chance.randint(10, 99)}" if self.world.chance.random() < 0.2 else ""
            sealed = {
                "signal_id": signal.id,
                "email": seal(secret, PURPOSE, email, signal.at),
                "email_hash": email_hash(self.uow, email),
                "phone": seal(secret, PURPOSE, phone, signal.at) if phone else "",
            }
            self._put(Reporter, sealed, id=False)
        return True

    def _verdict(self, case: Case, signal: Signal, *, first: bool) -> None:
        chance, asks = self.world.chance, first and case.state == "reopening_requested"
        if case.closed_at is None or (not asks and chance.random() < 0.5):
            return
        content = not asks and chance.random() < (0.85 if case.state == "resolved" else 0.35)
        said = {
            "case_id": case.id,
            "signal_id": signal.id,
            "closed_at": case.closed_at,
            "content": content,
            "reason": chance.choice(self.world.desk["content" if content else "not_content"]),
            "asks_reopening": asks,
            "at": min(case.closed_at + timedelta(days=chance.randint(1, 6)), self.uow.now),
        }
        self._put(Verdict, said)

    def _of_staff(self, case: Case, plan: Plan) -> None:
        """Notes, parts of the work, and who looked at what is confidential."""
        chance, desk = self.world.chance, self.world.desk
        if plan.steps and chance.random() < 0.15:
            self._put(Note, {"case_id": case.id, "at": plan.steps[0].at, "text": chance.choice(desk["notes"])})
        if plan.confidential and plan.steps:
            self._put(Viewing, {"case_id": case.id, "what": "confidential", "at": plan.steps[-1].at})
        elif plan.state in ("in_progress", "planned") and chance.random() < 0.4:
            for position, title in enumerate(desk["tasks"][: chance.randint(2, 4)]):
                done = position == 0
                task = {
                    "version": 1,
                    "case_id": case.id,
                    "position": position,
                    "title": title,
                    "state": "done" if done else "open",
                    "organization_id": case.organization_id,
                    "done_at": plan.steps[-1].at if done else None,
                }
                self._put(CaseTask, task)

    def _log(self, case: Case, plan: Plan) -> None:
        with self.uow.at(case.reported_at):
            log(
                self.uow, "opened", case, _("Er kwam een melding binnen: zaak {number}.", number=case.number), after={"number": case.number}
            )
        before = "new"
        for step in plan.steps:
            with self.uow.at(step.at):
                said = _("De zaak is nu: {state}.", state=STATE_LABELS[step.state])
                log(self.uow, "moved", case, said, before={"state": before}, after={"state": step.state}, reason=step.text)
            before = step.state

    def _put(self, table: type[Base], row: dict[str, Any], *, id: bool = True) -> None:
        self.rows.setdefault(table, []).append({"id": uuid7(), **row} if id else row)

    def write(self) -> None:
        """Write everything; what everybody may read is entered in the search index afterwards."""
        enter_cards(self.uow, self.cards)
        session = self.uow.session
        session.execute(insert(Case), [{**_row(case), "version": len(self.cases)} for case in self.cases.values()])
        # Signals before what refers to them.
        tables: list[type[Base]] = [Signal, *(table for table in self.rows if table is not Signal)]
        for table in tables:
            for row_set in _alike(self.rows.get(table, ())):
                session.execute(insert(table), row_set)
        session.add_all(Number(year=year, last=last) for year, last in self.numbers.items())
        session.flush()
        for case in self.cases.values():
            if is_public(case):
                self.uow.subject_changed(case_ref(case))

    def tie_patterns(self, plans: list[Plan]) -> None:
        """The patterns that the city found in these cases."""
        for at, data in enumerate(self.world.desk["pattern"]):
            cases = [self.cases[plan.id] for plan in plans if plan.pattern == at]
            days = [city_day(case.reported_at) for case in cases]
            first = cases[0]
            pattern = Pattern(
                id=uuid7(),
                category_id=first.category_id,
                area_id=first.area_id,
                title=data["title"],
                question=data["question"],
                state=data["state"],
                lat=first.lat or 0.0,
                lon=first.lon or 0.0,
                radius=data["within"] * 2,
                weight=len(cases),
                first_on=min(days),
                last_on=max(days),
                seen_at=self.uow.now,
                proposed_at=self.uow.now - timedelta(days=2) if data["state"] == "proposed" else None,
            )
            register(self.uow, SubjectRef(PATTERN, pattern.id), pattern_card(pattern))
            self.uow.session.add(pattern)
            self.uow.session.flush()
            self.uow.session.add_all(PatternCase(pattern_id=pattern.id, case_id=case.id) for case in cases)
        self.uow.session.flush()


def enter_cards(uow: UnitOfWork, cards: Iterable[tuple[str, uuid.UUID, SubjectData]]) -> None:
    """Enter many new things in the register with one statement, without telling the search index: their type, id and card."""
    rows = [
        {
            "id": id,
            "type": type,
            "owner": "oog_oor",
            "title": card.title,
            "summary": card.summary,
            "url": card.url,
            "area_ref": card.area_ref,
            "state": card.state,
            "public": card.public,
            "updated_at": uow.now,
        }
        for type, id, card in cards
    ]
    if rows:
        uow.session.execute(insert(Subject), rows)


def _row(thing: Base) -> dict[str, Any]:
    """The columns of an object that was not added to the session."""
    return {column.key: value for column in thing.__table__.columns if (value := thing.__dict__.get(column.key)) is not None}


def _alike(rows: Iterable[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows with the same columns together, as a bulk insert wants them."""
    found: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(tuple(sorted(row)), []).append(row)
    return list(found.values())
