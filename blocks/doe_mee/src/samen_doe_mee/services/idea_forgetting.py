"""Letting go of an idea that never counted, or of all of it that is personal."""

from __future__ import annotations

from sqlalchemy import delete

from samen_core.api import SubjectRef, UnitOfWork, erase_file, index_now, stored_files, update_card
from samen_doe_mee.models import Idea, Voice
from samen_doe_mee.services.kinds import IDEA, idea_card


def forget_idea(uow: UnitOfWork, idea: Idea) -> None:
    """Blank an idea that its author never confirmed: words, place, address, pictures. Its number stays given out."""
    uow.session.execute(delete(Voice).where(Voice.idea_id == idea.id).execution_options(synchronize_session=False))
    idea.title, idea.text, idea.place, idea.author_name, idea.email = "", "", "", "", ""
    idea.challenge = idea.lat = idea.lon = idea.account_id = idea.key_hash = None
    idea.state, idea.ended_at = "withdrawn", uow.now
    for file in stored_files(uow, [idea.id])[idea.id]:
        erase_file(uow, file.id)
    uow.session.flush()
    update_card(uow, SubjectRef(IDEA, idea.id), idea_card(idea))
    index_now(uow, IDEA, [idea.id])
