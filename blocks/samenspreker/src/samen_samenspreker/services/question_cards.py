"""What the register of subjects knows of a question, and what is checked about the things that it refers to."""

from __future__ import annotations

import uuid

from sqlalchemy import select

from samen_core.api import Invalid, Subject, SubjectData, SubjectRef, Text, UnitOfWork, _, update_card
from samen_samenspreker.models import Question
from samen_samenspreker.paths import table
from samen_samenspreker.services.common import TYPE, is_public

SUMMARY = 200
_ABSENT = {
    "area_id": ("area", _("Dit gebied bestaat niet.")),
    "theme_id": ("theme", _("Dit thema bestaat niet of is verwijderd.")),
    "project_id": ("project", _("Dit project bestaat niet of is verwijderd.")),
    "follows_id": (TYPE, _("Deze vraag bestaat niet.")),
}


def card(question: Question) -> SubjectData:
    """The register row of a question: public once it was judged, gone when it was withdrawn, and after a merge it leads on."""
    return SubjectData(
        title=question.title,
        url=table(question.slug),
        summary=summary(question.description),
        area_ref=question.area_id,
        state="merged" if question.state == "merged" else "deleted" if question.state == "withdrawn" else "active",
        public=is_public(question),
        successor_id=question.merged_into_id,
    )


def keep_card(uow: UnitOfWork, question: Question) -> None:
    """Bring the register up to date with the question."""
    update_card(uow, SubjectRef(TYPE, question.id), card(question))


def summary(text: str) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= SUMMARY else line[:SUMMARY].rpartition(" ")[0] + " …"


def check_references(uow: UnitOfWork, wanted: dict[str, uuid.UUID | None], known: dict[str, uuid.UUID | None] | None = None) -> None:
    """Raise Invalid for every thing referred to that does not exist; what was ``known`` already may stay. At most one statement."""
    asked = {name: id for name, id in wanted.items() if id is not None and (known or {}).get(name) != id}
    if not asked:
        return
    statement = select(Subject.id, Subject.type).where(Subject.id.in_(set(asked.values())), Subject.state == "active")
    found = {row.id: row.type for row in uow.session.execute(statement)}
    errors: dict[str, list[Text]] = {name: [_ABSENT[name][1]] for name, id in asked.items() if found.get(id) != _ABSENT[name][0]}
    if errors:
        raise Invalid(errors)
