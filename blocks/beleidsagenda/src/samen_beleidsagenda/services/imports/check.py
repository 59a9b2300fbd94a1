"""The dry run: compare a plan with what is here and keep what each row would do. Nothing else is written."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sqlalchemy import delete, exists, insert, select

from samen_beleidsagenda.models import COMING_STATUSES, Document, ImportList, ImportRow, ImportRun, PlanningItem, Source
from samen_beleidsagenda.models.base import Citable
from samen_beleidsagenda.schemas.import_mapping import TableMapping, mapping_from
from samen_beleidsagenda.schemas.import_plan import PLAN_KINDS, Plan, Planned, Problem
from samen_beleidsagenda.services.common import may_see, today
from samen_beleidsagenda.services.imports.adapters import ADAPTERS
from samen_beleidsagenda.services.imports.compare import Verdict, changed_here, compare, digest, outcome_of
from samen_beleidsagenda.services.imports.lists import require_import
from samen_beleidsagenda.services.imports.work import MISSING, Adapter, Now, Work, plain_params
from samen_core.api import Text, UnitOfWork, _, uuid7

Item = TypeVar("Item")
PORTION = 500
"""How many keys or ids go in one statement."""
GLOBAL_SCHEMES = ("notubiz",)
"""Systems whose ids are their own everywhere, so that two lists that bring the same meeting bring it once."""

GONE_HERE = _("Dit is hier weggehaald. In het bestand staat het nog.")
GONE_THERE = _("Dit staat niet meer in het bestand.")
GONE_BUT_CHANGED = _("Dit staat niet meer in het bestand, maar is hier intussen veranderd.")
STAYS = _("Dit staat niet meer in de lijst. Het blijft hier staan.")
FOUND = _("Dit is hier al. Het wordt hieraan gekoppeld en verandert niet.")
HIDDEN = _("Dit is hier vertrouwelijk. U mag het niet zien, dus ook niet wijzigen.")
NO_PERIOD = _("Er staat nog geen periode bij, dus er is nog niets te plannen.")
PERIOD_GONE = _("In het bestand staat geen periode meer. Hier blijft de oude staan.")
BOTH_CHANGED = _("Dit is daar en hier veranderd. Kies wat er moet staan.")


@dataclass(slots=True)
class Seen:
    """A row of the report while it is made."""

    thing: Planned
    outcome: str
    message: Text | None = None
    verdict: Verdict = field(default_factory=Verdict)
    now: Now | None = None


def scheme_of(of: ImportList) -> str:
    """Under which scheme the things of a list are known."""
    return of.format if of.format in GLOBAL_SCHEMES else f"{of.format}/{of.id}"


def start_run(uow: UnitOfWork, of: ImportList, file_name: str, content: str) -> ImportRun:
    """Keep a table whose columns are still to be chosen; what waited for the list goes. Raises NotAllowed."""
    require_import(uow, of)
    forget_runs(uow, of)
    run = ImportRun(id=uuid7(), list_id=of.id, state="mapping", file_name=file_name[:200], content=content, at=uow.now)
    run.rows, run.done, run.counts, run.message = 0, 0, {}, ""
    uow.session.add(run)
    uow.session.flush()
    return run


def check_plan(uow: UnitOfWork, of: ImportList, plan: Plan, file_name: str, run: ImportRun | None = None) -> ImportRun:
    """Keep what a plan would change as a new run of the list, or in ``run``; earlier rows of the list that were not applied go.

    Raises NotAllowed. The number of statements follows the number of things by portions of 500.
    """
    require_import(uow, of)
    things = with_order(sorted(plan.things, key=lambda thing: PLAN_KINDS.index(thing.kind)))
    gone = look_gone(uow, of, {thing.key for thing in things}, plan.whole)
    seen = [*_problems(plan.problems), *look(uow, of, things), *gone]
    if run is None:
        run = start_run(uow, of, file_name, "")
    else:
        forget_runs(uow, of, but=run.id)
    counts = Counter(item.outcome for item in seen)
    run.state, run.rows, run.done, run.message, run.counts = "checked", len(seen), 0, "", dict(counts)
    uow.session.flush()
    rows = [_row(run.id, number, item, uow) for number, item in enumerate(seen, 1)]
    for portion in portions(rows):
        uow.session.execute(insert(ImportRow), portion)
    uow.record("beleidsagenda.import.checked", None, after={"list": of.id, "run": run.id, **run.counts})
    return run


def forget_runs(uow: UnitOfWork, of: ImportList, *, but: uuid.UUID | None = None) -> None:
    """Let go of the rows of runs of a list that will never be applied. Two statements."""
    waiting = select(ImportRun.id).where(ImportRun.list_id == of.id, ImportRun.state.in_(("mapping", "checked", "failed")))
    # What went wrong halfway did something, that can be taken back.
    waiting = waiting.where(~exists().where(ImportRow.run_id == ImportRun.id, ImportRow.undo == "open"))
    ids = uow.session.execute(waiting).scalars().all()
    uow.session.execute(delete(ImportRow).where(ImportRow.run_id.in_(ids)).execution_options(synchronize_session=False))
    others = [id for id in ids if id != but]
    uow.session.execute(delete(ImportRun).where(ImportRun.id.in_(others)).execution_options(synchronize_session=False))


def look(uow: UnitOfWork, of: ImportList, things: Sequence[Planned]) -> Iterator[Seen]:
    """What each of these things, in the order in which they are made, would do here."""
    work = Work(uow, of.name)
    sources = sources_of(uow, scheme_of(of), [key for thing in things for key in (thing.key, *refs_of(thing))])
    fill(work, sources)
    good: set[str] = set()
    for kind in PLAN_KINDS:
        of_kind = [thing for thing in things if thing.kind == kind]
        adapter = ADAPTERS[kind]
        nows = here(work, adapter, of_kind, sources) if of_kind else {}
        for thing in of_kind:
            item = _judge(work, thing, sources.get(thing.key), nows.get(thing.key), good)
            if item.outcome not in ("problem", "note"):
                good.add(thing.key)
            yield item


def with_order(things: Sequence[Planned]) -> list[Planned]:
    """The things, with each meeting the order of its points."""
    order: dict[str, list[tuple[Any, str]]] = {}
    ranks = {thing.key: at for at, thing in enumerate(things)}
    place = {thing.key: (thing.values["position"], ranks[thing.key]) for thing in things if thing.kind == "agenda_item"}
    for thing in things:
        if thing.kind == "agenda_item" and not thing.gone:
            outer = thing.values["item_parent"]
            rank = (place.get(outer, place[thing.key]), outer != "", place[thing.key])
            order.setdefault(thing.values["meeting"], []).append((rank, thing.key))
    told = {key: [point for _rank, point in sorted(points)] for key, points in order.items()}
    return [
        replace(thing, values={**thing.values, "order": told[thing.key]}) if thing.kind == "meeting" and thing.key in told else thing
        for thing in things
    ]


def sources_of(uow: UnitOfWork, scheme: str, keys: Iterable[str]) -> dict[str, Source]:
    """The sources of these keys."""
    found: dict[str, Source] = {}
    for portion in portions([key for key in dict.fromkeys(keys) if key]):
        statement = select(Source).where(Source.scheme == scheme, Source.key.in_(portion))
        found |= {source.key: source for source in uow.session.execute(statement).scalars()}
    return found


def id_of(source: Source) -> uuid.UUID:
    """What is here: the thing in the register, or the row that belongs to one."""
    own = (source.fields or {}).get("_id")
    return uuid.UUID(own) if own else source.subject_id


def fill(work: Work, sources: dict[str, Source]) -> None:
    """Let the work know what is here."""
    for key, source in sources.items():
        work.ids[key] = id_of(source)
        work.keys[id_of(source)] = key


def here(work: Work, adapter: Adapter, things: Sequence[Planned], sources: dict[str, Source]) -> dict[str, Now]:
    """What is here of these things of one kind, by key; things that were never imported are looked for by what they are."""
    ids = {thing.key: id_of(sources[thing.key]) for thing in things if thing.key in sources}
    unknown = [thing for thing in things if thing.key not in sources]
    if adapter.kind == "meeting":
        _know_points(work, ids.values())
    for portion in portions(unknown) if adapter.find else ():
        ids |= adapter.find(work, portion)  # type: ignore[misc]
    found: dict[uuid.UUID, Now] = {}
    for some in portions(list(dict.fromkeys(ids.values()))):
        found |= adapter.now(work, some)
    for key, id in ids.items():
        work.ids.setdefault(key, id)
    return {key: found[id] for key, id in ids.items() if id in found}


def _know_points(work: Work, meetings: Iterable[uuid.UUID]) -> None:
    """Let the work know the keys of every imported point of these meetings, also of those that the file no longer has."""
    wanted = [work.keys[id] for id in meetings if id in work.keys]
    for portion in portions(wanted):
        statement = select(Source).where(Source.parent_key.in_(portion), Source.key.startswith("agenda_item:"))
        fill(work, {source.key: source for source in work.uow.session.execute(statement).scalars()})


def resolved(work: Work, adapter: Adapter, thing: Planned) -> Planned:
    """The thing with ids for the keys that it refers to, as far as they are known, so that it can be compared."""
    if not adapter.refs:
        return thing
    told = {name: str(work.ids.get(thing.values[name], thing.values[name])) for name in adapter.refs if thing.values.get(name)}
    return replace(thing, values={**thing.values, **told})


def refs_of(thing: Planned) -> list[str]:
    """The keys that a thing refers to."""
    names = ("meeting", "item_parent", "agenda_item", "document", "dossier", "person", "organization", "parent")
    return [thing.values[name] for name in names if thing.values.get(name)]


def _judge(work: Work, thing: Planned, source: Source | None, now: Now | None, good: set[str]) -> Seen:
    adapter = ADAPTERS[thing.kind]
    if now is not None and _hidden(work, now):
        return Seen(thing, "problem", HIDDEN)
    if thing.gone:
        return Seen(thing, "removed" if now and adapter.remove and not _over(now) else "same", GONE_THERE if now else None, now=now)
    if any(key not in work.ids and key not in good for key in refs_of(thing)):
        return Seen(thing, "problem", MISSING)
    if refusal := _refusal(work, adapter, thing, now):
        return Seen(thing, *refusal, now=now)
    if source is None:
        return Seen(thing, "same", FOUND, now=now) if now else Seen(thing, "new")
    told = resolved(work, adapter, thing)
    if now is None:
        same = source.digest == digest(dict(told.values))
        return Seen(thing, "same" if same else "conflict", GONE_HERE)
    verdict = compare(told.values, adapter.compared, source.fields or {}, now.values)
    outcome = outcome_of(verdict, told.values)
    message = BOTH_CHANGED if verdict.clash else None
    if thing.kind == "moment" and not thing.values.get("period"):
        message = PERIOD_GONE
    return Seen(thing, outcome, message, verdict, now)


def _refusal(work: Work, adapter: Adapter, thing: Planned, now: Now | None) -> tuple[str, Text] | None:
    """Why a thing cannot be taken over, as far as that is known beforehand."""
    body = thing.values.get("body") if adapter.scope else None
    if thing.kind == "meeting" and not body:
        word = thing.values.get("body_word") or thing.title
        return "problem", _("Wij weten niet van welk orgaan deze vergadering is. Zeg bij de woorden welk orgaan “{word}” is.", word=word)
    if thing.kind == "moment" and now is None and not thing.values.get("period"):
        return "note", NO_PERIOD
    if body and not adapter.permission.allows(work.uow.actor, scopes=(uuid.UUID(body),)):
        return "problem", _("U hebt hiervoor geen rechten: {right}.", right=adapter.permission.label)
    return None


def _hidden(work: Work, now: Now) -> bool:
    """Whether the actor may not know of what is here, so that the report must not tell of it."""
    return isinstance(now.thing, Citable) and not may_see(work.uow, now.thing)


def _over(now: Now) -> bool:
    """A planned moment that is done or lapsed cannot lapse again, nor a meeting that is called off."""
    if isinstance(now.thing, PlanningItem):
        return now.thing.status not in COMING_STATUSES
    return bool(now.values.get("cancelled"))


def look_gone(uow: UnitOfWork, of: ImportList, coming: Container[str], whole: Iterable[str]) -> Iterator[Seen]:
    """What was imported as a part of what the file tells all of, and that it no longer has; parts before what they are part of."""
    statement = select(Source).where(Source.scheme == scheme_of(of))
    missing: list[Source] = []
    for portion in portions(sorted(whole)):
        rows = uow.session.execute(statement.where(Source.parent_key.in_(portion)).order_by(Source.key)).scalars()
        missing += [source for source in rows if source.key not in coming]
    yield from judge_gone(uow, of, missing)


def judge_gone(uow: UnitOfWork, of: ImportList, missing: Sequence[Source]) -> Iterator[Seen]:
    """What becomes of what these sources brought, now that it is no longer there."""
    work, mapping = Work(uow, of.name), mapping_from(of.mapping or {})
    fill(work, {source.key: source for source in missing})
    by_kind: dict[str, list[Source]] = {}
    for source in missing:
        by_kind.setdefault(source.key.partition(":")[0], []).append(source)
    for kind in reversed(PLAN_KINDS):
        adapter, sources = ADAPTERS[kind], by_kind.get(kind, [])
        if not sources or adapter.remove is None:
            continue
        nows: dict[uuid.UUID, Now] = {}
        for portion in portions([id_of(source) for source in sources]):
            nows |= adapter.now(work, portion)
        pairs = [(source, nows[id_of(source)]) for source in sources if id_of(source) in nows]
        seen = [pair for pair in pairs if not _hidden(work, pair[1])]
        for source, now in sorted(seen, key=lambda pair: not pair[1].values.get("item_parent")):
            thing = Planned(kind=kind, key=source.key, title=_title(now, work), parent=source.parent_key, gone=True)
            yield _judge_gone(work, mapping, thing, source, now)


def _judge_gone(work: Work, mapping: TableMapping, thing: Planned, source: Source, now: Now) -> Seen:
    if thing.kind == "moment":
        if _over(now) or now.thing.end_date < today(work.uow):
            return Seen(thing, "same", now=now)
        if mapping.gone != "drop":
            return Seen(thing, "note", STAYS, now=now)
    if changed_here(ADAPTERS[thing.kind].compared, source.fields or {}, now.values):
        return Seen(thing, "conflict", GONE_BUT_CHANGED, now=now)
    return Seen(thing, "removed", GONE_THERE, now=now)


def _title(now: Now, work: Work) -> str:
    title = now.values.get("title") or now.values.get("name") or getattr(now.thing, "title", "")
    if title:
        return str(title)
    document = getattr(now.thing, "document_id", None)
    found = work.uow.session.get(Document, document) if document else None
    return found.title if found else ""


def _problems(problems: Iterable[Problem]) -> Iterator[Seen]:
    for problem in problems:
        thing = Planned(kind="", key="", title=problem.title, line=problem.line)
        yield Seen(thing, "note" if problem.only_note else "problem", problem.message)


def _row(run_id: uuid.UUID, number: int, item: Seen, uow: UnitOfWork) -> dict[str, Any]:
    thing, now = item.thing, item.now
    names = sorted(item.verdict.take | item.verdict.clash)
    changes = {name: [now.values.get(name) if now else None, thing.values.get(name), name in item.verdict.clash] for name in names}
    return {
        "run_id": run_id,
        "number": number,
        "kind": thing.kind,
        "key": thing.key,
        "parent_key": thing.parent,
        "line": thing.line,
        "title": thing.title[:200],
        "outcome": item.outcome,
        "subject_id": now.id if now and not ADAPTERS[thing.kind].subject else None,
        "changes": changes,
        "values": {"gone": True} if thing.gone else dict(thing.values),
        "message": item.message.id if item.message else "",
        "params": plain_params(item.message) if item.message else {},
        "choice": "",
        "done": False,
        "undo": "",
        "effect": {},
        "at": uow.now,
    }


def portions(items: Sequence[Item]) -> Iterator[list[Item]]:
    """The items in portions that fit in one statement."""
    for start in range(0, len(items), PORTION):
        yield list(items[start : start + PORTION])
