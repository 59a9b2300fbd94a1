"""Open data of an activity: a line per contribution, option or answer, without anybody's name; sent line by line."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Response
from flask.typing import ResponseReturnValue

from samen_core.api import NotFound, UnitOfWork, anonymous
from samen_core.web.api import current_platform, current_uow
from samen_doe_mee import paths
from samen_doe_mee.models import Activity
from samen_doe_mee.services.activities import visible_activity
from samen_doe_mee.services.activity_types import ActivityType, type_of
from samen_doe_mee.web.common import pages
from samen_inbreng.web.api import csv_response

ADDRESS = f"{paths.ACTIVITIES}/<slug>/open-data"


@pages.route(f"{ADDRESS}.csv", public=True)
def activity_csv(slug: str) -> ResponseReturnValue:
    """As a table."""
    activity = _public(slug)
    return csv_response(f"doe-mee-{slug}", lambda uow: _lines(uow, activity.id))


@pages.route(f"{ADDRESS}.json", public=True)
def activity_json(slug: str) -> ResponseReturnValue:
    """As a JSON list."""
    activity = _public(slug)
    platform, id = current_platform(), activity.id

    def write() -> Iterator[str]:
        # A unit of work of its own: the one of the request ends before the file is sent.
        with platform.read(anonymous()) as uow:
            stored = uow.session.get_one(Activity, id)
            start = "["
            for row in type_of(stored.type).open_data(uow, stored):
                yield start + json.dumps(dict(row), ensure_ascii=False, default=str)
                start = ",\n"
            yield "[]" if start == "[" else "]"

    return Response(
        write(), content_type="application/json", headers={"Content-Disposition": f'attachment; filename="doe-mee-{slug}.json"'}
    )


def _public(slug: str) -> Activity:
    """Only of what everybody may see: the same file for who works at the plan. Raises NotFound."""
    placed = visible_activity(current_uow(), slug)
    if not placed.public:
        raise NotFound
    return placed.activity


def _lines(uow: UnitOfWork, id: uuid.UUID) -> Iterator[Sequence[Any]]:
    with uow.acting(anonymous()):
        activity = uow.session.get_one(Activity, id)
        kind: ActivityType = type_of(activity.type)
        yield list(kind.columns)
        for row in kind.open_data(uow, activity):
            yield ["" if row.get(name) is None else row[name] for name in kind.columns]
