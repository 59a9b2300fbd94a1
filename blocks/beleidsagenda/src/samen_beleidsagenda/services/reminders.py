"""Reminding the staff of a portfolio holder of what is late: one mail per holder, about each thing at most once a day."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from citycontent.api import Organization, Post
from samen_beleidsagenda import managed_texts
from samen_beleidsagenda.models import PostContact, Reminder
from samen_beleidsagenda.permissions import RECORD
from samen_beleidsagenda.queries.promises import AnyRow, late_things
from samen_beleidsagenda.schemas.follow_up import KeepContact
from samen_beleidsagenda.services.kinds import BY_NAME
from samen_core.api import Conflict, Invalid, NotFound, Text, UnitOfWork, _, format_date, managed_mail, page_address, queue_mail, uuid7

AGAIN = timedelta(days=1)
"""How long a reminder lasts: within it the same thing is not mailed about again."""
LANGUAGE = "nl"
_REMINDED = _("De medewerkers van de portefeuillehouder zijn herinnerd.")
KIND_LABELS: dict[str, Text] = {"commitment": _("Toezegging"), "motion": _("Motie"), "council_question": _("Raadsvraag")}
_SECRET: dict[str, Text] = {
    "commitment": _("Een vertrouwelijke toezegging"),
    "motion": _("Een vertrouwelijke motie"),
    "council_question": _("Een vertrouwelijke vraag"),
}


def was_just_reminded(now: datetime, reminded_at: datetime | None) -> bool:
    """Whether it is too soon for another reminder."""
    return reminded_at is not None and reminded_at > now - AGAIN


def remind(uow: UnitOfWork, post_id: uuid.UUID) -> int:
    """Mail the staff of a post about everything that is late and that they were not reminded of within a day. Gives how many things.

    What is confidential is named without its words: a mailbox may be read by many. Raises NotFound for a post of which nothing is late that
    the actor keeps, and Invalid without an address or when everything was just reminded of.
    """
    # Whoever presses the button at the same moment waits here, and then finds that it was done.
    post = uow.session.execute(select(Post).where(Post.id == post_id).with_for_update()).scalar_one_or_none()
    late = [row for row in late_things(uow) if row.holder_id == post_id]
    if post is None or not late:
        raise NotFound
    due = [row for row in late if not was_just_reminded(uow.now, row.reminded_at)]
    if not due:
        raise Invalid(_("Deze medewerkers zijn vandaag al herinnerd. Probeer het morgen opnieuw."))
    address = addresses(uow, [post_id]).get(post_id)
    if not address:
        raise Invalid(_("Van {holder} is geen e-mailadres bekend. Vul het eerst in.", holder=post.label))
    values = {"holder": post.label, "items": _paragraphs(uow, due)}
    queue_mail(uow, managed_mail(uow, managed_texts.REMINDER, address, LANGUAGE, values))
    for row in due:
        uow.session.add(Reminder(id=uuid7(), subject_id=row.id, post_id=post_id, at=uow.now))
        uow.record(f"beleidsagenda.{row.type}.reminded", row.id, sentence=_REMINDED)
    return len(due)


def _paragraphs(uow: UnitOfWork, rows: Sequence[AnyRow]) -> tuple[str, ...]:
    """What is late, each thing followed by the address of its page."""
    found = []
    with uow.platform.translations.use(LANGUAGE):
        for row in rows:
            kind = BY_NAME[row.type]
            what = _SECRET[row.type] if row.confidential else _("{kind}: {title}", kind=KIND_LABELS[row.type], title=row.title)
            found.append(str(_("{what}. Klaar voor: {day}.", what=what, day=format_date(row.due_date))))
            found.append(page_address(uow.platform, kind.path(row), LANGUAGE))
    return tuple(found)


def addresses(uow: UnitOfWork, post_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Where mail to the staff of these posts goes: the mailbox of the post, else that of its organisation. One statement."""
    wanted = list(post_ids)
    statement = (
        select(Post.id, PostContact.email.label("own"), Organization.email)
        .join(Organization, Organization.id == Post.organization_id)
        .outerjoin(PostContact, PostContact.post_id == Post.id)
        .where(Post.id.in_(wanted))
    )
    return {row.id: found for row in uow.session.execute(statement) if (found := row.own or row.email)} if wanted else {}


def keep_contact(uow: UnitOfWork, post_id: uuid.UUID, command: KeepContact) -> None:
    """Keep the mailbox of the staff of a post; an empty one takes it away. Raises NotFound, NotAllowed and Conflict."""
    post = uow.session.get(Post, post_id)
    if post is None or post.state != "active":
        raise NotFound
    RECORD.require(uow.actor, post_id, scopes=(post.organization_id,))
    contact = uow.session.get(PostContact, post_id, with_for_update=True)
    version = contact.version if contact is not None else 0
    if version != command.version:
        raise Conflict(current={"email": contact.email if contact is not None else ""}, version=version)
    if contact is None and command.email:
        uow.session.add(PostContact(post_id=post_id, email=command.email))
    elif contact is not None and command.email:
        contact.email = command.email
    elif contact is not None:
        uow.session.delete(contact)
    uow.session.flush()
    uow.record("beleidsagenda.post_contact.kept", post_id)


def contact_values(uow: UnitOfWork, post_id: uuid.UUID) -> dict[str, Any]:
    """The post's own mailbox and its version, for its form. Raises NotFound for a post that is not there."""
    post = uow.session.get(Post, post_id)
    if post is None or post.state != "active":
        raise NotFound
    contact = uow.session.get(PostContact, post_id)
    return {"label": post.label, "email": contact.email if contact else "", "version": contact.version if contact else 0}
