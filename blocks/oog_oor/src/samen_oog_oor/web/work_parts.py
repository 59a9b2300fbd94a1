"""What stands on the page of a case for staff, part by part: signals, questions, tasks, what was merged, and where it was sent on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from samen_core.api import StoredFile, Text, UnitOfWork, _, format_date, format_moment
from samen_core.web.api import page_url
from samen_oog_oor import paths
from samen_oog_oor.labels import CHANNEL_LABELS, CONTACT_REASONS, TYPE_LABELS
from samen_oog_oor.models import Case
from samen_oog_oor.permissions import DEFINE, SEE_CONTACT
from samen_oog_oor.queries import work_case as queries
from samen_oog_oor.queries.categories import CategoryTree
from samen_oog_oor.queries.work import AnyRow
from samen_oog_oor.services.answers import answer_lines
from samen_oog_oor.services.common import scopes_of
from samen_oog_oor.services.forwarding import FAILED, KEPT, WAITING
from samen_oog_oor.services.inquiries import PHOTOS, form_of_inquiry
from samen_oog_oor.services.originals import desk_pictures
from samen_oog_oor.services.receipt_keys import short_code
from samen_oog_oor.services.servers import forwards_of
from samen_oog_oor.web.connections import STATE_WORDS, problem_words

TASK_BADGES = {"open": "info", "done": "success", "dropped": "neutral"}
TASK_LABELS: dict[str, Text] = {"open": _("Open"), "done": _("Klaar"), "dropped": _("Vervallen")}
ASKED_LABELS: dict[str, Text] = {"reporter": _("Aan de melder"), "third_party": _("Aan iemand anders")}


WHAT: dict[str, Text] = {
    "contact": _("contactgegevens"),
    "picture": _("het origineel van een foto"),
    "confidential": _("een vertrouwelijke zaak"),
}


@dataclass(frozen=True, slots=True)
class SignalView:
    """One signal as staff see it; ``unseen`` pictures are there, but not for the actor."""

    id: str
    code: str
    at: str
    text: str
    type: Text
    channel: Text
    address: str
    answers: list[tuple[Text | str, str]]
    pictures: list[StoredFile]
    unseen: int
    contact_url: str | None
    has_contact: bool
    withdrawn: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class InquiryView:
    """A question and what came back."""

    id: str
    to: Text
    who: str
    text: str
    asked: str
    due: str
    state: Text
    kind: str
    answers: list[tuple[Text | str, str]]
    photo_ids: frozenset[str]
    back_url: str | None
    pictures: list[StoredFile] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ForwardView:
    """Where a case was sent on to and how that went; ``again_url`` is for who may try once more."""

    server: str
    state: Text
    kind: str
    number: str
    when: Text
    problem: Text | str
    failed: bool
    again_url: str | None


def signal_views(uow: UnitOfWork, case: Case, rows: Sequence[AnyRow], tree: CategoryTree) -> list[SignalView]:
    """Signals with their pictures and answers. Two statements; who sees originals is written down."""
    files = desk_pictures(uow, case, [row.id for row in rows])
    category = tree.by_id.get(case.category_id)
    may_reach = SEE_CONTACT.allows(uow.actor, case.id, scopes=scopes_of(case))
    return [
        SignalView(
            id=row.id.hex,
            code=short_code(row.code),
            at=format_moment(row.at),
            text=row.text,
            type=TYPE_LABELS[row.type],
            channel=CHANNEL_LABELS[row.channel],
            address=row.address if row.address != case.address else "",
            answers=[(label, ", ".join(map(str, values))) for label, values in answer_lines(category, row.answers)] if category else [],
            pictures=files[row.id].shown,
            unseen=files[row.id].unseen,
            contact_url=page_url(paths.work(case.number, f"contact/{row.id}")) if may_reach and row.has_contact else None,
            has_contact=bool(row.has_contact),
            withdrawn=row.withdrawn_at is not None,
            confirmed=row.confirmed_at is not None,
        )
        for row in rows
    ]


def inquiry_views(uow: UnitOfWork, case: Case, signals: Sequence[SignalView]) -> list[InquiryView]:
    """Questions and what came back. The pictures of an answer move to it from the signal that they are kept with."""
    found = _inquiries(uow, case)
    for asked in found:
        for signal in signals if asked.photo_ids else ():
            asked.pictures.extend(file for file in signal.pictures if str(file.id) in asked.photo_ids)
            signal.pictures[:] = [file for file in signal.pictures if str(file.id) not in asked.photo_ids]
    return found


def _inquiries(uow: UnitOfWork, case: Case) -> list[InquiryView]:
    found = []
    for row in queries.inquiries_of(uow, case.id):
        is_open = row.closed_at is None and row.due_at > uow.now
        state, kind = (
            (_("Beantwoord"), "success") if row.answered_at else (_("Open"), "info") if is_open else (_("Geen antwoord"), "warning")
        )
        labels = {question.name: question.label for question in form_of_inquiry(row).questions if question.name != PHOTOS}
        given = row.answers or {}
        found.append(
            InquiryView(
                id=row.id.hex,
                to=ASKED_LABELS[row.to],
                who=row.organization_name or "",
                text=row.text,
                asked=format_moment(row.asked_at),
                due=format_date(row.due_at - timedelta(seconds=1)),
                state=state,
                kind=kind,
                answers=[(labels.get(name, name), str(value)) for name, value in given.items() if name in labels and value],
                photo_ids=frozenset(map(str, given.get(PHOTOS) or ())),
                back_url=page_url(paths.work(case.number, f"vraag/{row.id}/terug")) if is_open else None,
            )
        )
    return found


def task_lines(uow: UnitOfWork, case: Case) -> list[dict[str, Any]]:
    """The tasks, as the template shows them."""
    return [
        {
            "title": row.title,
            "note": row.note,
            "state": TASK_LABELS[row.state],
            "kind": TASK_BADGES[row.state],
            "who": ", ".join(filter(None, (row.organization_name, row.name))),
            "url": page_url(paths.work(case.number, f"taak/{row.id}")),
        }
        for row in queries.tasks_of(uow, case.id)
    ]


def merged_lines(uow: UnitOfWork, case: Case) -> list[tuple[str, str, str]]:
    """The cases that became part of this one: number, title and the address that makes it undone."""
    return [
        (row.number, row.title, page_url(paths.work(case.number, f"samengevoegd/{row.id}/los")))
        for row in queries.merged_into(uow, case.id)
    ]


def forward_views(uow: UnitOfWork, case: Case) -> list[ForwardView]:
    """Where the case was sent on to, without where it had to stay. One statement."""
    may = DEFINE.allows(uow.actor)
    return [_forward_view(case, row, server, may) for row, server in forwards_of(uow, case.id) if row.state != KEPT]


def _forward_view(case: Case, row: Any, server: str, may: bool) -> ForwardView:
    state, kind = STATE_WORDS[row.state]
    when = _("Nog niet geprobeerd.")
    if row.sent_at is not None:
        when = _("Verstuurd op {moment}.", moment=format_moment(row.sent_at))
    elif row.tries and row.state == WAITING and row.next_at is not None:
        when = _("{n} keer geprobeerd. Opnieuw op {moment}.", n=row.tries, moment=format_moment(row.next_at))
    elif row.tries:
        when = _("{n} keer geprobeerd.", n=row.tries)
    failed = row.state == FAILED
    return ForwardView(
        server=server,
        state=state,
        kind=kind,
        number=row.external_id,
        when=when,
        problem=problem_words(row.problem),
        failed=failed,
        again_url=page_url(paths.work(case.number, f"doorgestuurd/{row.id}/opnieuw")) if failed and may else None,
    )


def viewing_lines(uow: UnitOfWork, case: Case) -> list[tuple[str, str, Text, Text | str]]:
    """Who of the staff lately saw what is confidential, and why: for who may see it too."""
    if not SEE_CONTACT.allows(uow.actor, case.id, scopes=scopes_of(case)):
        return []
    rows = queries.viewings_of(uow, case.id)
    return [
        (format_moment(row.at), row.name or "", WHAT[row.what], CONTACT_REASONS.get(row.reason, "")) for row in rows if row.what in WHAT
    ]


def forward_of(uow: UnitOfWork, case: Case, id: uuid.UUID) -> bool:
    """Whether this is where the case was sent on to."""
    return any(row.id == id for row, _server in forwards_of(uow, case.id))
