"""What GeoReport v2 answers (open311.md §2.3 to §2.7): services, definitions, requests and messages, no more than everybody may know."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from samen_core.api import UnitOfWork
from samen_oog_oor.georeport import Asked, write_day_end, write_moment, write_stored
from samen_oog_oor.labels import STATE_LABELS
from samen_oog_oor.models.base import CLOSED
from samen_oog_oor.queries import open311
from samen_oog_oor.queries.categories import CategoryTree, CategoryView
from samen_oog_oor.services.answers import answers_to_open311, open311_attributes

MOST_UPDATES = 1_000
_CLOSED_LISTS = ("one_choice", "several_choices", "scale", "number", "date", "yes_no")
"""Kinds of questions whose answers nobody types in their own words."""
STATUSES = {
    "new": "OPEN",
    "triaged": "FOR_TRIAGE",
    "assigned": "INVESTIGATING",
    "in_progress": "IN_PROGRESS",
    "planned": "ACTION_SCHEDULED",
    "awaiting_reporter": "INVESTIGATING",
    "awaiting_third_party": "INVESTIGATING",
    "resolved": "FIXED",
    "not_resolved": "NO_FURTHER_ACTION",
    "referred": "NOT_COUNCILS_RESPONSIBILITY",
    "withdrawn": "CANCELLED",
    "reopening_requested": "REOPEN",
}
"""Our states as the update extension names them."""


def services(tree: CategoryTree, language: str = "nl") -> list[dict[str, Any]]:
    """The categories that take signals from outside, as the elements of ``services``."""
    return [_service(main, category, language) for main, subs in tree.offered() for category in subs if not category.stop]


def service(tree: CategoryTree, code: str) -> CategoryView | None:
    """The category with this code, when it takes signals from outside."""
    category = tree.by_code.get(code)
    return category if category is not None and tree.is_offered(category) and not category.stop else None


def definition(category: CategoryView) -> dict[str, Any]:
    """The extra questions of a service."""
    attributes = [
        {**one, **{name: str(one[name]) if one[name] is not None else None for name in ("description", "datatype_description")}}
        for one in open311_attributes(category)
    ]
    for one in attributes:
        one["values"] = [{"key": value["key"], "name": str(value["name"])} for value in one["values"]]
    return {"service_code": category.code, "attributes": attributes}


def last_change(tree: CategoryTree) -> datetime | None:
    """When services or definitions changed last."""
    return max((category.changed_at for category in tree.by_id.values()), default=None)


def requests(uow: UnitOfWork, asked: Asked, language: str = "nl") -> list[dict[str, Any]]:
    """The requests that were asked for, newest first, as the elements of ``service_requests``. At most two statements, and two more with
    extensions.
    """
    tree, rows = open311.request_rows(uow, asked)
    if not rows:
        return []
    kinds = _kinds(tree, language)
    files = uow.platform.config.web.base_url.rstrip("/") + "/files/"
    labels = {state: str(label) for state, label in STATE_LABELS.items()}
    found = [_request(row, kinds, labels, files) for row in rows]
    if asked.extensions:
        _extend(uow, rows, found, kinds)
    return found


def updates(uow: UnitOfWork, asked: open311.UpdatesAsked) -> list[dict[str, Any]]:
    """What was told to everybody, as the elements of ``service_request_updates``. One statement."""
    return [
        {
            "update_id": str(row.id),
            "service_request_id": row.number,
            "status": STATUSES[row.state],
            "updated_datetime": write_moment(row.at),
            "description": row.text or None,
            "media_url": None,
        }
        for row in open311.update_rows(uow, asked, MOST_UPDATES)
    ]


def _service(main: CategoryView, category: CategoryView, language: str) -> dict[str, Any]:
    return {
        "service_code": category.code,
        "service_name": category.called(language),
        "description": category.description or None,
        "metadata": bool(category.questions.questions),
        "type": "batch" if category.confirm_by_mail else "realtime",
        "keywords": ",".join(word.replace(",", " ") for word in category.synonyms) or None,
        "group": main.called(language),
    }


class _Kind(NamedTuple):
    """A category as every request of it shows it."""

    category: CategoryView
    name: str
    code: str
    promise: str | None


_Kinds = Mapping[Any, _Kind]


def _kinds(tree: CategoryTree, language: str) -> _Kinds:
    """Every category by its key, and by the digits of that."""
    kept: dict[str, _Kinds] = tree.made.setdefault("open311", {})
    if language not in kept:
        kinds = [_Kind(one, one.called(language), one.code, one.promise or None) for one in tree.by_id.values()]
        kept[language] = {key: kind for kind in kinds for key in (kind.category.id, kind.category.id.hex)}
    return kept[language]


def _request(row: Any, kinds: _Kinds, labels: Mapping[str, str], files: str) -> dict[str, Any]:
    # Taken by their place: by their names costs more than all the rest.
    number, state, answer, category, text, publication, reported_at, changed_at, promised_on, place, address_id, postcode, *others = row
    lat, long, agency, before, picture, *_counts = others
    if publication != "full":
        answer = text = place = address_id = ""
        postcode = before = picture = None
    _category, name, code, promise = kinds[category]
    closed = state in CLOSED
    said = answer if closed else before.get("status_notes") if before and state == "new" else ""
    return {
        "service_request_id": number,
        "status": "closed" if closed else "open",
        "status_notes": said or labels[state],
        "service_name": name,
        "service_code": code,
        "description": text[:4_000] or None,
        "agency_responsible": agency,
        "service_notice": promise,
        "requested_datetime": write_stored(reported_at),
        "updated_datetime": write_stored(changed_at),
        "expected_datetime": write_day_end(promised_on) if promised_on else None,
        "address": place or None,
        "address_id": address_id or None,
        "zipcode": postcode,
        "lat": lat,
        "long": long,
        "media_url": f"{files}{picture}" if picture else before.get("media_url") if before else None,
    }


def _extend(uow: UnitOfWork, rows: Sequence[Any], found: list[dict[str, Any]], kinds: _Kinds) -> None:
    """Put answers, messages and what else is known on each request that has a page of its own; the others get them empty."""
    ids = [uuid.UUID(str(row.key)) for row in rows]
    full = [id for id, row in zip(ids, rows, strict=True) if row.publication == "full"]
    answers, notes = open311.first_answers(uow, full), _notes(uow, full)
    for row, id, request in zip(rows, ids, found, strict=True):
        category = kinds[row.category].category
        shown = {question.name for question in category.questions.questions if question.kind in _CLOSED_LISTS}
        given = answers_to_open311(category, {name: value for name, value in answers.get(id, {}).items() if name in shown})
        request["attributes"] = {name: values[0] if len(values) == 1 else values for name, values in given.items()}
        request["notes"] = notes.get(id, [])
        request["extended_attributes"] = {"state": row.state, "signals": row.signals, "supports": row.supports}
        if row.taken_over and row.publication == "full":
            _add_before(request, row.taken_over)


def _add_before(request: dict[str, Any], before: Mapping[str, Any]) -> None:
    """Let a request that was taken over have what it had where it came from, before what was told of it here."""
    for name in ("attributes", "extended_attributes"):
        request[name] = {**before.get(name, {}), **request[name]}
    request["notes"] = [*before.get("notes", []), *(note for note in request["notes"] if note["datetime"] > before["until"])]


def _notes(uow: UnitOfWork, ids: list[Any]) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in open311.note_rows(uow, ids):
        note = {
            "datetime": write_moment(row.at),
            "summary": str(STATE_LABELS[row.state]),
            "description": row.text or None,
            "type": "closed" if row.state in CLOSED else row.state,
        }
        found.setdefault(row.case_id, []).append(note)
    return found
