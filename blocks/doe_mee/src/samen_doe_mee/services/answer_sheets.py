"""Answers as a spreadsheet: out with everything that waits, in again with what colleagues wrote; looked at before anything happens.

A file holds no addresses, and names only as everybody sees them. Each row says how its contribution stood when the file was made: when
somebody answered or changed it since, the row is refused. All rows of a file are answered, or none; what is not sent can be undone.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from samen_core.api import Conflict, Gone, Grid, Invalid, NotFound, Text, UnitOfWork, _, is_error, read_grid, uuid7
from samen_doe_mee.models import AnswerImport
from samen_doe_mee.queries.answering import WorkFilter, batch_after, due_day, work_by_id
from samen_doe_mee.schemas.answering import LONGEST
from samen_doe_mee.services.answering import answering_at
from samen_doe_mee.services.lateness import city_day
from samen_inbreng.api import (
    CHANNEL_LABELS,
    OUTCOME_LABELS,
    Answer,
    Outcome,
    WriteAnswer,
    outcomes_of,
    pending_of,
    said,
    withdraw_answer,
    write_answer,
)

BATCH = 500
MOST_BYTES = 10_000_000
LONGEST_IN = LONGEST + 2
"""One character more than an answer may have and the mark before a formula, so that a longer one is refused, not cut."""
CODE, MARK, OUTCOME, REASON = "code", "stand", "uitkomst", "antwoord"
COLUMNS = (
    *(CODE, MARK, "plan", "onderwerp", "deel", "nummer", "ontvangen", "naam", "namens", "manier", "steun", "bijdrage"),
    *("wie", "antwoord voor", OUTCOME, REASON),
)
"""The heads of the file, in order: Dutch whoever makes it, since the file comes back."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that can be answered: ``before`` is the answer that it has now, as (outcome, reason)."""

    line: int
    contribution_id: uuid.UUID
    subject_id: uuid.UUID
    number: int
    title: str
    outcome: str
    reason: str
    before: tuple[str, str] | None
    mark: str


def sheet_rows(uow: UnitOfWork, filter: WorkFilter) -> Iterator[tuple[Any, ...]]:
    """The rows of a file, read in batches so that memory does not grow. Three statements per 500."""
    last = None
    while rows := batch_after(uow, filter, last, BATCH):
        ids = [row.id for row in rows]
        outcomes, waiting = outcomes_of(uow, ids), pending_of(uow, ids)
        for row in rows:
            yield _line(uow, row, waiting.get(row.id) or outcomes.get(row.id))
        if len(rows) < BATCH:
            return
        last = rows[-1]


def read_answers(uow: UnitOfWork, name: str, content: bytes) -> AnswerImport:
    """Keep what a file says, and all that is wrong with it by line; nothing is answered. Raises Invalid for another kind of file."""
    if len(content) > MOST_BYTES:
        raise Invalid({"file": [_("Dit bestand is te groot: het mag hoogstens {n} MB zijn.", n=MOST_BYTES // 1_000_000)]})
    grid = read_grid(content, longest=LONGEST_IN)
    head, columns = _head(grid)
    rows, problems = _read(uow, grid, head, columns)
    made = AnswerImport(id=uuid7(), account_id=uow.actor.account_id, name=name.strip()[-120:] or "bestand", state="read", at=uow.now)
    made.rows = [_stored(row) for row in rows]
    made.problems = [
        {"line": line, "id": text.id, "params": {key: str(value) for key, value in text.params.items()}} for line, text in problems
    ]
    made.answers = []
    uow.session.add(made)
    uow.session.flush()
    uow.record("doe_mee.answers.read", after={"import": made.id, "rows": len(rows), "problems": len(problems)})
    return made


def find_import(uow: UnitOfWork, id: uuid.UUID, *, lock: bool = False) -> AnswerImport:
    """A file that the actor read in. Raises NotFound, also for that of a colleague."""
    found = uow.session.get(AnswerImport, id, with_for_update=lock or None, populate_existing=lock)
    if found is None or (found.account_id != uow.actor.account_id and not uow.actor.is_system):
        raise NotFound
    return found


def apply_answers(uow: UnitOfWork, id: uuid.UUID, version: int) -> AnswerImport:
    """Write the answers of a file, all or none. Raises NotFound, Gone when it was done, Conflict, and Invalid while a line is wrong.

    What changed since the file was looked at is found again: then it is told, by line, and nothing happens.
    """
    found = find_import(uow, id, lock=True)
    if found.state != "read":
        raise Gone(_("Deze antwoorden zijn al ingelezen."))
    if found.version != version:
        raise Conflict(_("Dit is intussen veranderd. Bekijk het nog eens."), version=found.version)
    if found.problems:
        raise Invalid({"": [_("Verbeter eerst de regels die niet kloppen, en lees het bestand opnieuw in.")]})
    rows = [_loaded(row) for row in found.rows]
    if changed := _changed(uow, rows):
        raise Invalid({"": changed})
    groups: dict[tuple[uuid.UUID, str, str], list[uuid.UUID]] = defaultdict(list)
    for row in rows:
        groups[row.subject_id, row.outcome, row.reason].append(row.contribution_id)
    answers = []
    for (subject_id, outcome, reason), ids in groups.items():
        with answering_at(uow, subject_id):
            command = WriteAnswer(outcome=outcome, reason=reason, contribution_ids=tuple(ids), replace=True)
            answers.append(write_answer(uow, subject_id, command).answer.id)
    found.state, found.done_at, found.answers = "done", uow.now, [str(answer) for answer in answers]
    uow.session.flush()
    uow.record("doe_mee.answers.imported", after={"import": found.id, "answers": len(answers), "contributions": len(rows)})
    return found


def undo_answers(uow: UnitOfWork, id: uuid.UUID, version: int) -> tuple[int, int]:
    """Take back the answers of a file that were not sent yet: how many, and how many were sent already and stay.

    Raises NotFound, Gone and Conflict.
    """
    found = find_import(uow, id, lock=True)
    if found.state != "done":
        raise Gone(_("Er is niets om ongedaan te maken."))
    if found.version != version:
        raise Conflict(_("Dit is intussen veranderd. Bekijk het nog eens."), version=found.version)
    back = kept = 0
    for text in found.answers:
        answer = uow.session.get(Answer, uuid.UUID(text))
        if answer is None or answer.withdrawn_at is not None:
            continue
        if answer.send_at <= uow.now:
            kept += 1
            continue
        with answering_at(uow, answer.subject_id):
            withdraw_answer(uow, answer.id)
        back += 1
    if not kept:
        found.state = "undone"
    found.undone_at = uow.now
    uow.session.flush()
    uow.record("doe_mee.answers.undone", after={"import": found.id, "withdrawn": back, "sent": kept})
    return back, kept


def problem_text(stored: Mapping[str, Any]) -> Text:
    """What is wrong with a line, as it was found."""
    return Text(stored["id"], dict(stored["params"]))


def import_rows(found: AnswerImport) -> list[ReadRow]:
    """What a file that was read would do, a row each."""
    return [_loaded(row) for row in found.rows]


def mark_of(row: Any, answer: Outcome | None) -> str:
    """How a contribution stands: another mark when its words or its answer changed."""
    text = f"{said(row.form, row.text, row.answers)}\n{answer.answer_id if answer else ''}"
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _line(uow: UnitOfWork, row: Any, answer: Outcome | None) -> tuple[Any, ...]:
    part = row.paragraph or (f"alinea {row.paragraph_position + 1}" if row.paragraph_position is not None else "")
    with uow.platform.translations.use("nl"):
        channel = str(CHANNEL_LABELS[row.channel])
        outcome = str(OUTCOME_LABELS[answer.outcome]) if answer else ""
    due = due_day(uow, row)
    return (
        *(row.id.hex, mark_of(row, answer), row.plan_title or "", row.title or "", part, row.number, city_day(row.at).isoformat()),
        *(row.author_name, row.organization or "", channel, row.supports, said(row.form, row.text, row.answers)),
        *(row.owner_name or "", due.isoformat() if due else "", outcome, answer.reason if answer else ""),
    )


def _head(grid: Grid) -> tuple[int, dict[str, int]]:
    """The line of the heads, and where the columns are that count. Raises Invalid when one lacks."""
    needed = (CODE, MARK, OUTCOME, REASON)
    best: set[str] = set()
    for at, cells in enumerate(grid.rows[:20]):
        found = {cell.strip().lower(): place for place, cell in enumerate(cells) if cell.strip()}
        if all(name in found for name in needed):
            return at, {name: found[name] for name in needed}
        best = max(best, set(found) & set(needed), key=len)
    missing = ", ".join(f"“{name}”" for name in needed if name not in best)
    raise Invalid({"file": [_("Deze kolommen ontbreken: {names}. Begin met het bestand dat u hier ophaalt.", names=missing)]})


def _read(uow: UnitOfWork, grid: Grid, head: int, columns: Mapping[str, int]) -> tuple[list[ReadRow], list[tuple[int, Text]]]:
    cells = [(line, _cells(row, columns)) for line, row in enumerate(grid.rows[head + 1 :], head + 2) if any(row)]
    wanted = [(line, found) for line, found in cells if found[OUTCOME] or found[REASON]]
    ids = {id for _line, found in wanted if (id := _code(found[CODE])) is not None}
    known = {row.id: row for row in _in_batches(uow, sorted(ids))}
    answers, waiting = _answers(uow, sorted(known)), pending_of(uow, sorted(known))
    with uow.platform.translations.use("nl"):
        codes = {str(label).lower(): code for code, label in OUTCOME_LABELS.items()} | {code: code for code in OUTCOME_LABELS}
    rows: list[ReadRow] = []
    problems: list[tuple[int, Text]] = []
    seen: dict[uuid.UUID, int] = {}
    for line, found in wanted:
        id = _code(found[CODE])
        row = known.get(id) if id is not None else None
        if row is None:
            problems.append((line, _("De code is onbekend, of u mag deze bijdrage niet beantwoorden.")))
            continue
        before = answers.get(row.id)
        outcome = codes.get(found[OUTCOME].lower(), "")
        if before and (before.outcome, before.reason) == (outcome, found[REASON]):
            continue
        wrong = _wrong(found, outcome, mark_of(row, before), seen.get(row.id))
        seen.setdefault(row.id, line)
        if row.id in waiting:
            wrong.append(_("Er staat al een antwoord klaar om te versturen. Trek dat eerst in."))
        if wrong:
            problems += [(line, text) for text in wrong]
            continue
        old = (before.outcome, before.reason) if before else None
        rows.append(ReadRow(line, row.id, row.subject_id, row.number, row.title or "", outcome, found[REASON], old, found[MARK]))
    return rows, problems


def _wrong(found: Mapping[str, str], outcome: str, mark: str, earlier: int | None) -> list[Text]:
    wrong: list[Text] = []
    if earlier is not None:
        wrong.append(_("Deze bijdrage staat ook op regel {line}.", line=earlier))
    if not outcome:
        known = ", ".join(str(label) for label in OUTCOME_LABELS.values())
        wrong.append(_("De uitkomst “{text}” bestaat niet. Kies uit: {known}.", text=found[OUTCOME][:60], known=known))
    if not found[REASON]:
        wrong.append(_("Het antwoord is leeg."))
    elif is_error(found[REASON]):
        wrong.append(_("Het antwoord is een formule die niet klopt."))
    elif len(found[REASON]) > LONGEST:
        wrong.append(_("Het antwoord is langer dan {n} tekens.", n=LONGEST))
    if found[MARK] != mark:
        wrong.append(_("De bijdrage is intussen veranderd of beantwoord. Haal het bestand opnieuw op."))
    return wrong


def _cells(row: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {name: _unmarked(row[at].strip()) if at < len(row) else "" for name, at in columns.items()}


def _unmarked(cell: str) -> str:
    """The cell without the mark that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _code(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _in_batches(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> Iterator[Any]:
    for start in range(0, len(ids), BATCH):
        yield from work_by_id(uow, ids[start : start + BATCH])


def _answers(uow: UnitOfWork, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Outcome]:
    found: dict[uuid.UUID, Outcome] = {}
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        found |= outcomes_of(uow, part) | pending_of(uow, part)
    return found


def _changed(uow: UnitOfWork, rows: Sequence[ReadRow]) -> list[Text]:
    """The lines of which the contribution changed since the file was read."""
    ids = sorted(row.contribution_id for row in rows)
    known = {row.id: row for row in _in_batches(uow, ids)}
    answers = _answers(uow, ids)
    wrong = []
    for row in rows:
        now = known.get(row.contribution_id)
        if now is None or mark_of(now, answers.get(row.contribution_id)) != row.mark:
            wrong.append(_("Regel {line}: de bijdrage is intussen veranderd, beantwoord of weg.", line=row.line))
    return wrong


def _stored(row: ReadRow) -> dict[str, Any]:
    return {
        "line": row.line,
        "id": str(row.contribution_id),
        "subject": str(row.subject_id),
        "number": row.number,
        "title": row.title,
        "outcome": row.outcome,
        "reason": row.reason,
        "before": list(row.before) if row.before else None,
        "mark": row.mark,
    }


def _loaded(row: Mapping[str, Any]) -> ReadRow:
    before = (row["before"][0], row["before"][1]) if row["before"] else None
    return ReadRow(
        row["line"],
        uuid.UUID(row["id"]),
        uuid.UUID(row["subject"]),
        row["number"],
        row["title"],
        row["outcome"],
        row["reason"],
        before,
        row["mark"],
    )
