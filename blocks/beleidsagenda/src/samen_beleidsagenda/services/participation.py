"""Tying what people have their say at to a dossier, and saying what was done with it."""

from __future__ import annotations

import re
import uuid
from typing import Any

from sqlalchemy import select

from samen_beleidsagenda.events import ParticipationLinked
from samen_beleidsagenda.models import Dossier, ParticipationLink
from samen_beleidsagenda.schemas.participation import ChangeParticipation, LinkParticipation, Unlink
from samen_beleidsagenda.services.common import check_version, get_thing, is_public, locked_thing, log, refs, require_reason, require_write
from samen_beleidsagenda.services.entries import keep_last_says
from samen_beleidsagenda.services.kinds import BY_NAME
from samen_beleidsagenda.services.participation_events import tell_past
from samen_core.api import Invalid, NotFound, Subject, SubjectRef, UnitOfWork, _, cards, uuid7

NEVER = frozenset({"area", "theme", "organization", "person", "post", "membership", "address", *BY_NAME})
"""What nobody has a say at: the areas and themes of a dossier are its own fields, and things of the agenda belong to it already."""

LINKED = _("Er is samenspraak aan dit dossier gekoppeld: “{title}”.")
CHANGED = _("De uitleg bij samenspraak is gewijzigd: “{title}”.")
TOLD = _("De gemeente legt uit wat zij deed met samenspraak: “{title}”.")
UNLINKED = _("De koppeling met samenspraak is weggehaald: “{title}”.")
_SITE = re.compile(r"^https?://[^/]*", re.IGNORECASE)
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)


def link(uow: UnitOfWork, dossier_id: uuid.UUID, command: LinkParticipation) -> ParticipationLink:
    """Tie a public thing to a dossier, and keep what happened there so far. Raises NotFound, NotAllowed and Invalid."""
    dossier = _to_write(uow, dossier_id)
    row = _thing(uow, command.thing)
    known = select(ParticipationLink.id).where(ParticipationLink.dossier_id == dossier_id, ParticipationLink.subject_id == row.id)
    if uow.session.execute(known).first() is not None:
        raise Invalid({"thing": [_("Dit is al aan het dossier gekoppeld.")]})
    made = ParticipationLink(id=uuid7(), dossier_id=dossier_id, subject_id=row.id, asked=command.asked, done=command.done, at=uow.now)
    uow.session.add(made)
    uow.session.flush()
    tell_past(uow, row.id)
    keep_last_says(uow, [dossier_id])
    sentence = _(LINKED.id, title=row.title)
    log(uow, "beleidsagenda.participation.linked", dossier, sentence, after={"subject": row.id, "title": row.title})
    if is_public(uow, dossier):
        about = refs(uow, dossier, SubjectRef(row.type, row.id))
        uow.publish(ParticipationLinked(thing_id=row.id, dossier_id=dossier.id, about=about))
    return made


def tell_done(uow: UnitOfWork, id: uuid.UUID, command: ChangeParticipation) -> ParticipationLink:
    """Say what is asked at a linked thing and what was done with it. Raises NotFound, NotAllowed and Conflict."""
    found, dossier = _locked(uow, id)
    check_version(found, command.version, link_values(found))
    before: dict[str, object] = {"asked": found.asked, "done": found.done}
    after: dict[str, object] = {"asked": command.asked, "done": command.done}
    if before == after:
        return found
    found.asked, found.done = command.asked, command.done
    uow.session.flush()
    told = TOLD if command.done and command.done != before["done"] else CHANGED
    sentence = _(told.id, title=_title(uow, found.subject_id))
    log(uow, "beleidsagenda.participation.changed", dossier, sentence, before=before, after={"subject": found.subject_id, **after})
    return found


def unlink(uow: UnitOfWork, id: uuid.UUID, command: Unlink) -> None:
    """Untie a thing from a dossier, with the reason when everybody could see it. Raises NotFound, NotAllowed, Conflict and Invalid."""
    found, dossier = _locked(uow, id)
    check_version(found, command.version, link_values(found))
    reason = require_reason(command.reason) if is_public(uow, dossier) else command.reason
    before: dict[str, object] = {"subject": found.subject_id, "asked": found.asked, "done": found.done}
    sentence = _(UNLINKED.id, title=_title(uow, found.subject_id))
    uow.session.delete(found)
    uow.session.flush()
    keep_last_says(uow, [dossier.id])
    log(uow, "beleidsagenda.participation.unlinked", dossier, sentence, before=before, reason=reason)


def get_link(uow: UnitOfWork, id: uuid.UUID) -> tuple[ParticipationLink, Dossier]:
    """A link that the actor may change, and its dossier. Raises NotFound and NotAllowed."""
    found = uow.session.get(ParticipationLink, id)
    if found is None:
        raise NotFound
    dossier = get_thing(uow, Dossier, found.dossier_id)
    require_write(uow, dossier)
    return found, dossier


def link_values(found: ParticipationLink) -> dict[str, Any]:
    """What the form of a link shows."""
    return {"version": found.version, "asked": found.asked, "done": found.done}


def _to_write(uow: UnitOfWork, dossier_id: uuid.UUID) -> Dossier:
    dossier = locked_thing(uow, Dossier, dossier_id)
    require_write(uow, dossier)
    return dossier


def _locked(uow: UnitOfWork, id: uuid.UUID) -> tuple[ParticipationLink, Dossier]:
    found = uow.session.get(ParticipationLink, id)
    if found is None:
        raise NotFound
    dossier = _to_write(uow, found.dossier_id)
    uow.session.refresh(found)
    return found, dossier


def _title(uow: UnitOfWork, subject_id: uuid.UUID) -> str:
    card = cards(uow, [subject_id]).get(subject_id)
    return card.title if card else ""


def _thing(uow: UnitOfWork, text: str) -> Any:
    """The row in the register that a text means: an id, a lasting address, or the address of a page. Raises Invalid."""
    path = _SITE.sub("", text).partition("?")[0].partition("#")[0].rstrip("/")
    statement = select(Subject.id, Subject.type, Subject.title, Subject.url, Subject.public, Subject.state)
    if ids := _UUID.findall(path):
        rows = uow.session.execute(statement.where(Subject.id.in_([uuid.UUID(id) for id in ids[-1:]]))).all()
    else:
        rows = []
    rows = rows or uow.session.execute(statement.where(Subject.url.in_(_paths(uow, path)), Subject.state == "active")).all()
    found = max(rows, key=lambda row: len(row.url), default=None)
    if found is None or not found.public or found.state != "active":
        raise Invalid({"thing": [_("Wij vinden hier niets dat iedereen kan zien. Plak het webadres van een pagina van deze website.")]})
    if found.type in NEVER:
        raise Invalid(
            {"thing": [_("Hier kunnen inwoners niet meepraten. Kies een vraag aan de stad, een bijeenkomst of een vragenlijst.")]}
        )
    return found


def _paths(uow: UnitOfWork, path: str) -> list[str]:
    """The path and those above it, without the language before it: a part of a table is the table."""
    parts = [part for part in path.split("/") if part]
    if parts and parts[0] in uow.platform.config.city.languages:
        parts = parts[1:]
    return ["/" + "/".join(parts[:length]) for length in range(len(parts), 0, -1)]
