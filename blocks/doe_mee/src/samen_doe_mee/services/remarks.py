"""Reacting to a paragraph of a text."""

from __future__ import annotations

import uuid

from samen_core.api import Gone, Invalid, NotFound, UnitOfWork
from samen_doe_mee.models import Paragraph
from samen_doe_mee.services.activities import visible_activity_by_id
from samen_doe_mee.services.paragraphs import NOT_IN_TEXT, remark
from samen_doe_mee.services.talks import NOT_PUBLIC, talk_to_join
from samen_inbreng.api import Activity as Talk
from samen_inbreng.api import Contribute, Given, contribute


def say_about(uow: UnitOfWork, paragraph_id: uuid.UUID, command: Contribute) -> tuple[Talk, Given]:
    """Contribute something about a paragraph; where it came in at inbreng, and what was given.

    Raises NotFound, NotAllowed, Gone (the paragraph left the text, or the term is over) and Invalid.
    """
    paragraph = uow.session.get(Paragraph, paragraph_id)
    if paragraph is None:
        raise NotFound
    activity = visible_activity_by_id(uow, paragraph.activity_id).activity
    if paragraph.removed_at is not None:
        raise Gone(NOT_IN_TEXT)
    talk = talk_to_join(uow, activity)
    if talk is None:
        raise Invalid(NOT_PUBLIC)
    given = contribute(uow, talk.id, command)
    remark(uow, paragraph, given.contribution.id)
    return talk, given
