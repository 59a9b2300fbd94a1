"""Taking over what the report told: small files at once and whole, long ones in portions by the worker.

Every portion is one transaction and looks again at what is here, so that what changed since the report is not overwritten. A row that a
rule refuses takes its portion back, is written down with the reason, and the portion is done again without it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select, update

from samen_beleidsagenda.models import ImportList, ImportRow, ImportRun, Source
from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.schemas.import_mapping import mapping_from
from samen_beleidsagenda.schemas.import_plan import Planned
from samen_beleidsagenda.services.common import check_version
from samen_beleidsagenda.services.imports.adapters import ADAPTERS
from samen_beleidsagenda.services.imports.check import (
    Seen,
    fill,
    judge_gone,
    look,
    refs_of,
    resolved,
    scheme_of,
    sources_of,
)
from samen_beleidsagenda.services.imports.compare import ORDER, digest, digests
from samen_beleidsagenda.services.imports.effects import Effect, keep_stamps, source_values, what_stood
from samen_beleidsagenda.services.imports.lists import get_list
from samen_beleidsagenda.services.imports.meetings import finish_meeting
from samen_beleidsagenda.services.imports.work import Work, plain_params
from samen_core.api import Invalid, NotFound, SamenError, Text, UnitOfWork, _

QUIET = ("same", "problem", "note")
"""Rows that do nothing."""
AT_ONCE = 300
"""So many rows that do something are taken over while somebody waits, in one transaction."""
PORTION = 100
MOST_REFUSALS = 25
"""With more refused rows in one portion something else is wrong: then nothing of it is taken over."""

INTERRUPTED = _("Dit is hier veranderd nadat het verslag was gemaakt. Lees het bestand opnieuw in.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Apply:
    """Take over the run that was at ``version``; ``choices`` are by number of the row what was chosen against the usual."""

    version: int
    choices: Mapping[int, str]


def get_run(uow: UnitOfWork, id: uuid.UUID) -> ImportRun:
    """A run of a list that the actor may import. Raises NotFound and NotAllowed."""
    found = uow.session.get(ImportRun, id)
    if found is None:
        raise NotFound
    get_list(uow, found.list_id)
    return found


def choose(uow: UnitOfWork, run: ImportRun, choices: Mapping[int, str]) -> None:
    """Keep what somebody chose for rows of a run."""
    for number, choice in choices.items():
        where = (ImportRow.run_id == run.id, ImportRow.number == number, ImportRow.done.is_(False))
        uow.session.execute(update(ImportRow).where(*where).values(choice=choice))


def apply_run(uow: UnitOfWork, id: uuid.UUID, command: Apply) -> ImportRun:
    """Take over a file that was checked: at once and whole when it is small, else the worker does it.

    Raises NotFound, NotAllowed, Conflict, and Invalid when it was applied already or too much is refused.
    """
    run = get_run(uow, id)
    check_version(run, command.version)
    if run.state != "checked":
        raise Invalid(_("Dit bestand is al overgenomen of wordt nu overgenomen."))
    of = get_list(uow, run.list_id)
    if mapping_from(of.mapping or {}).publish:
        APPROVE.require(uow.actor, scopes=(of.body_id,) if of.body_id else ())
    choose(uow, run, command.choices)
    uow.record("beleidsagenda.import.applied", None, after={"list": of.id, "run": id, **run.counts})
    busy = select(func.count()).select_from(ImportRow).where(ImportRow.run_id == id, ImportRow.outcome.not_in(QUIET))
    if uow.session.execute(busy).scalar_one() > AT_ONCE:
        run.state = "applying"
        uow.session.flush()
    else:
        # A refused row takes the transaction back, and these choices should stay.
        uow.commit()
        _apply_rows(uow, id, _undone(uow, id), last=True)
    return uow.session.get_one(ImportRun, id, populate_existing=True)


def continue_runs(uow: UnitOfWork) -> None:
    """Go on with every run that waits for the worker, a portion per transaction; the job of imports."""
    waiting = select(ImportRun.id).where(ImportRun.state == "applying").order_by(ImportRun.at)
    for id in uow.session.execute(waiting).scalars().all():
        carry_on(uow, id)


def carry_on(uow: UnitOfWork, id: uuid.UUID) -> None:
    """Go on with a run that is being taken over to its end, a portion per transaction; who does so at the same time waits its turn."""
    locked = select(ImportRun.state).where(ImportRun.id == id).with_for_update()
    while uow.session.execute(locked).scalar_one_or_none() == "applying":
        rows = _undone(uow, id, PORTION)
        try:
            _apply_rows(uow, id, rows, last=len(rows) < PORTION)
        except SamenError as error:
            uow.rollback()
            _end(uow, id, "failed", reason_of(error))
        uow.commit()


def _undone(uow: UnitOfWork, id: uuid.UUID, limit: int | None = None) -> Sequence[Row[Any]]:
    statement = select(ImportRow.__table__).where(ImportRow.run_id == id, ImportRow.done.is_(False)).order_by(ImportRow.number)
    return uow.session.execute(statement.limit(limit)).all()


def _apply_rows(uow: UnitOfWork, id: uuid.UUID, rows: Sequence[Row[Any]], *, last: bool) -> None:
    """Take over these rows in one transaction. Raises Invalid when too many are refused; then nothing is."""
    refused: dict[int, Text] = {}
    while True:
        doing = _Doing(0)
        try:
            told, effects = _do(uow, id, [row for row in rows if row.number not in refused], doing, last=last)
            break
        except SamenError as error:
            uow.rollback()
            if doing.number == 0:
                raise
            refused[doing.number] = reason_of(error)
            if len(refused) > MOST_REFUSALS:
                raise Invalid(_("Te veel rijen worden geweigerd. De eerste reden: {reason}", reason=next(iter(refused.values())))) from None
    for number, message in refused.items():
        told[number] = ("problem", message)
    for row in rows:
        values: dict[str, Any] = {"done": True}
        if row.number in told:
            outcome, message = told[row.number]
            values |= {"outcome": outcome, "message": message.id, "params": plain_params(message)}
        if row.number in effects:
            values |= {"effect": effects[row.number], "undo": "open"}
        uow.session.execute(update(ImportRow).where(ImportRow.run_id == id, ImportRow.number == row.number).values(**values))
    if last:
        _end(uow, id, "applied")
    else:
        uow.session.execute(update(ImportRun).where(ImportRun.id == id).values(done=ImportRun.done + len(rows)))


@dataclass(slots=True)
class _Doing:
    """The row at hand, for when a rule refuses it; 0 before the first."""

    number: int


def reason_of(error: SamenError) -> Text:
    """Why a rule refused, in one sentence."""
    if isinstance(error, Invalid):
        return next((text for texts in error.errors.values() for text in texts), error.message)
    return error.message


def _do(
    uow: UnitOfWork, id: uuid.UUID, rows: Sequence[Row[Any]], doing: _Doing, *, last: bool
) -> tuple[dict[int, tuple[str, Text]], dict[int, Effect]]:
    """Do the rows one by one; by number the outcome of those that are not done, because it is not what the report said, and what was
    done.
    """
    run = uow.session.get_one(ImportRun, id, populate_existing=True, with_for_update=True)
    of = uow.session.get_one(ImportList, run.list_id)
    work = Work(uow, of.name, publish=mapping_from(of.mapping or {}).publish)
    things = {row.number: _planned(row) for row in rows if row.kind}
    sources = sources_of(uow, scheme_of(of), [key for thing in things.values() for key in (thing.key, thing.parent, *refs_of(thing))])
    fill(work, sources)
    seen = _seen_now(uow, of, things, sources)
    work.ids |= {item.thing.key: item.now.id for item in seen.values() if item.now}
    told: dict[int, tuple[str, Text]] = {}
    effects: dict[int, Effect] = {}
    for row in rows:
        item = seen.get(row.number)
        if item is None or row.outcome in ("problem", "note"):
            continue
        doing.number = row.number
        if item.outcome != row.outcome:
            told[row.number] = (item.outcome, item.message if item.outcome == "problem" and item.message else INTERRUPTED)
            continue
        take = row.choice == "take" or (row.choice != "keep" and row.outcome != "conflict")
        if effect := _carry_out(work, scheme_of(of), item, sources.get(item.thing.key), take=take):
            effects[row.number] = effect
    doing.number = 0
    if last:
        told |= _finish_meetings(work, scheme_of(of), id)
    of.imported_at = uow.now
    uow.session.flush()
    return told, effects


def _planned(row: Row[Any]) -> Planned:
    gone = bool(row.values.get("gone")) and len(row.values) == 1
    return Planned(
        kind=row.kind, key=row.key, title=row.title, values={} if gone else row.values, parent=row.parent_key, line=row.line, gone=gone
    )


def _seen_now(uow: UnitOfWork, of: ImportList, things: Mapping[int, Planned], sources: Mapping[str, Source]) -> dict[int, Seen]:
    """What each row would do now."""
    numbers = {thing.key: number for number, thing in things.items()}
    there = [thing for thing in things.values() if not thing.gone]
    gone = [sources[thing.key] for thing in things.values() if thing.gone and thing.key in sources]
    return {numbers[item.thing.key]: item for item in (*look(uow, of, there), *judge_gone(uow, of, gone))}


def _carry_out(work: Work, scheme: str, item: Seen, source: Source | None, *, take: bool) -> Effect | None:
    """Do what a row says, and remember what was imported; gives what was done, to take it back."""
    adapter, thing = ADAPTERS[item.thing.kind], item.thing
    known = source_values(source)
    if thing.gone:
        return _carry_away(work, item, source) if take else None
    if item.now is None:
        if not take or (item.outcome == "same" and source is not None):
            return None
        before = what_stood(work, thing, None)
        id = adapter.add(work, thing)
        effect = Effect(act="changed" if before else "made", id=str(id), before=before, source=known)
    else:
        if source is not None and item.outcome == "same":
            return None
        id = item.now.id
        effect = Effect(act="known", id=str(id), before={}, source=known)
        names = item.verdict.take | item.verdict.clash if take else item.verdict.take if item.outcome == "conflict" else frozenset()
        if source is not None and names and adapter.change is not None:
            before = what_stood(work, thing, item.now, names)
            id = adapter.change(work, item.now, thing, names)
            effect = Effect(act="changed", id=str(id), before=before, source=known)
    work.uow.session.flush()
    work.ids[thing.key] = id
    _remember(work, scheme, resolved(work, adapter, thing), source, id)
    return effect


def _carry_away(work: Work, item: Seen, source: Source | None) -> Effect | None:
    """Take away what is no longer in the file, as its kind goes. Should it come back, it is new."""
    adapter = ADAPTERS[item.thing.kind]
    if item.now is None or adapter.remove is None or item.outcome == "same":
        return None
    effect = Effect(act="removed", id=str(item.now.id), before=what_stood(work, item.thing, item.now), source=source_values(source))
    adapter.remove(work, item.now)
    work.uow.session.flush()
    if source is not None:
        work.uow.session.delete(source)
    return effect


def _remember(work: Work, scheme: str, thing: Planned, source: Source | None, id: uuid.UUID) -> None:
    adapter = ADAPTERS[thing.kind]
    # What the file leaves out now is still what was imported once.
    kept: dict[str, Any] = {**(source.fields if source else {}), **digests(thing.values, adapter.compared)}
    subject = id
    if adapter.subject:
        subject, kept["_id"] = work.id(thing.values[adapter.subject]), str(id)
    values = {"parent_key": thing.parent, "subject_id": subject, "digest": digest(dict(thing.values)), "fields": kept, "at": work.uow.now}
    if source is None:
        work.uow.session.add(Source(scheme=scheme, key=thing.key, **values))
    else:
        for name, value in values.items():
            setattr(source, name, value)
    work.uow.session.flush()


def _finish_meetings(work: Work, scheme: str, id: uuid.UUID) -> dict[int, tuple[str, Text]]:
    """Order and publish the agendas that the run changed, once all their points are there; by number of the row what a rule refused."""
    statement = select(ImportRow).where(ImportRow.run_id == id, ImportRow.kind == "meeting", ImportRow.outcome.not_in(("problem", "note")))
    told: dict[int, tuple[str, Text]] = {}
    for row in work.uow.session.execute(statement).scalars().all():
        added = select(ImportRow.number).where(ImportRow.run_id == id, ImportRow.parent_key == row.key, ImportRow.outcome == "new").limit(1)
        new = row.outcome == "new" or work.uow.session.execute(added).first() is not None
        order = row.values.get(ORDER, [])
        if not new and (ORDER not in row.changes or row.choice == "keep"):
            continue
        fill(work, sources_of(work.uow, scheme, [row.key, *order]))
        if row.key not in work.ids:
            continue
        work.reorder[row.key] = order
        try:
            finish_meeting(work, row.key, publish=work.publish)
        except SamenError as error:
            told[row.number] = ("problem", reason_of(error))
    return told


def _end(uow: UnitOfWork, id: uuid.UUID, state: str, message: Text | None = None) -> None:
    run = uow.session.get_one(ImportRun, id, populate_existing=True)
    tally = select(ImportRow.outcome, func.count().label("number")).where(ImportRow.run_id == id).group_by(ImportRow.outcome)
    run.counts = {row.outcome: row.number for row in uow.session.execute(tally)}
    run.state, run.content = state, ""
    keep_stamps(uow, uow.session.get_one(ImportList, run.list_id), id)
    with uow.platform.translations.use("nl"):
        run.message = str(message or "")
    if state == "applied":
        run.done, run.applied_at = run.rows, uow.now
    uow.session.flush()
