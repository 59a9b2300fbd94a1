"""The form of the votes on a motion or a decision, made for a phone: one tap per group, and only who differed one by one."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from citycontent.api import Organization
from samen_beleidsagenda import paths
from samen_beleidsagenda.labels import VOTE_LABELS
from samen_beleidsagenda.models import Decision, Motion, Vote
from samen_beleidsagenda.permissions import DECIDE
from samen_beleidsagenda.queries import promise_choices as choices
from samen_beleidsagenda.schemas.votes import MOST_SEATS, GroupNumbers, PersonVote, RecordVotes
from samen_beleidsagenda.services.common import get_thing, require_write
from samen_beleidsagenda.services.kinds import kind_of
from samen_beleidsagenda.services.votes import COLUMNS, group_result, group_totals, record_votes
from samen_beleidsagenda.web.common import LABEL, pages
from samen_beleidsagenda.web.promises import TITLE as PROMISES
from samen_core.api import Conflict, Invalid, Text, UnitOfWork, _, fold, n_, without_bad
from samen_core.web.api import crumbs, current_uow, go, page_url, render_status, say

ALONE = uuid.UUID(int=0)
"""Stands for having no group, in the names of the fields."""
ALONE_LABEL = _("Zonder fractie")
TITLE = _("Stemmen vastleggen")


@dataclass(slots=True)
class Member:
    """Somebody in a group; ``value`` is how this person voted, empty for as the group did."""

    id: uuid.UUID
    name: str
    value: str = ""


@dataclass(slots=True)
class GroupForm:
    """The fields of one group: how all of it voted, who differed, or only the numbers (as typed, by vote)."""

    id: uuid.UUID
    name: Text | str
    members: list[Member] = field(default_factory=list)
    whole: str = ""
    numbers: dict[str, str] = field(default_factory=dict)
    error: Text | None = None

    @property
    def differs(self) -> bool:
        """Whether its details stand open."""
        return any(member.value for member in self.members) or bool(self.numbers) or self.error is not None


@pages.route(f"{paths.PROMISES}/moties/<uuid:id>/stemmen", permission=DECIDE, methods=["GET", "POST"])
def motion_votes(id: uuid.UUID) -> ResponseReturnValue:
    """Write down the votes on a motion."""
    uow = current_uow()
    motion = get_thing(uow, Motion, id)
    return _votes(uow, motion, Motion, motion.submitted_on, (PROMISES, paths.PROMISES))


@pages.route(f"{paths.DECISIONS}/<uuid:id>/stemmen", permission=DECIDE, methods=["GET", "POST"])
def decision_votes(id: uuid.UUID) -> ResponseReturnValue:
    """Write down the votes on a decision."""
    uow = current_uow()
    decision = get_thing(uow, Decision, id)
    return _votes(uow, decision, Decision, decision.decided_on, (_("Besluiten"), paths.DECISIONS))


def _votes(uow: UnitOfWork, thing: Any, model: type[Motion] | type[Decision], day: date, crumb: tuple[Text, str]) -> ResponseReturnValue:
    require_write(uow, thing, DECIDE)
    there, title, version = kind_of(thing).path(thing), thing.title, thing.version
    id, body_id = thing.id, thing.body_id
    groups = _groups(uow, id, body_id, day)
    problem: Text | None = None
    status = 200
    if request.method == "POST":
        _fill(groups, request.form)
        try:
            record_votes(uow, model, id, _command(groups, request.form.get("version", 0, type=int)))
        except Conflict:
            uow.rollback()
            status, problem = 409, _("Iemand anders heeft dit intussen gewijzigd. Kijk uw keuzes na en bewaar opnieuw.")
        except Invalid as error:
            uow.rollback()
            texts = [text for found in error.errors.values() for text in found]
            status, problem = 400, texts[0] if texts else _("Niet alles is goed ingevuld.")
        else:
            say(_("De stemmen zijn vastgelegd. Bevestig nu de uitkomst.") if model is Motion else _("De stemmen zijn vastgelegd."))
            return go(f"{there}/uitkomst" if model is Motion and thing.status == "submitted" else there)
        version = get_thing(uow, model, id).version
    return render_status(
        status,
        "beleidsagenda/votes.html",
        title=TITLE,
        about=title,
        groups=groups,
        labels=tuple(VOTE_LABELS.items()),
        version=version,
        problem=problem,
        action=page_url(f"{there}/stemmen"),
        cancel_url=page_url(there),
        most=MOST_SEATS,
        breadcrumbs=crumbs((LABEL, paths.HOME), crumb, (title, there), (TITLE, None)),
    )


def _groups(uow: UnitOfWork, subject_id: uuid.UUID, body_id: uuid.UUID, day: date) -> list[GroupForm]:
    """The groups of a body with who sat in them that day, as they voted; of a committee without members, those of the council."""
    rows = choices.voters(uow, body_id, day)
    below = choices.groups(uow, body_id)
    council = choices.council_id(uow) if not rows and not below else None
    if council is not None:
        rows, below = choices.voters(uow, council, day), choices.groups(uow, council)
    found: dict[uuid.UUID, GroupForm] = {}
    for row in rows:
        group = found.setdefault(row.group_id or ALONE, GroupForm(row.group_id or ALONE, row.group_name or ALONE_LABEL))
        group.members.append(Member(row.person_id, row.name))
    for other in below:
        found.setdefault(other.id, GroupForm(other.id, other.name))
    _show_stored(uow, subject_id, found)
    alone = found.pop(ALONE, None)
    return [*sorted(found.values(), key=lambda group: fold(str(group.name))), *([alone] if alone is not None else [])]


def _show_stored(uow: UnitOfWork, subject_id: uuid.UUID, found: dict[uuid.UUID, GroupForm]) -> None:
    """Fill in the votes that were written down before, also of groups that are no longer there."""
    stored = group_totals(uow, subject_id)
    gone = [id for id in stored if id not in found]
    if gone:
        for row in uow.session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(gone))):
            found[row.id] = GroupForm(row.id, row.name)
    votes = {
        row.person_id: row.value for row in uow.session.execute(select(Vote.person_id, Vote.value).where(Vote.subject_id == subject_id))
    }
    for id, group in found.items():
        known = [member for member in group.members if member.id in votes]
        for member in known:
            member.value = votes[member.id]
        totals = stored.get(id)
        if totals is None or known:
            _fold(group)
        elif len(group.members) != totals.everybody or group_result(totals) in ("divided", None):
            group.numbers = {vote: str(getattr(totals, COLUMNS[vote])) for vote in VOTE_LABELS}
        else:
            group.whole = "for" if totals.votes_for else "against"


def _fold(group: GroupForm) -> None:
    """Say what most of a group did once, so that only who differed stands apart."""
    values = [member.value for member in group.members]
    if group.id == ALONE or not values or "" in values:
        return
    group.whole = max(VOTE_LABELS, key=values.count)
    for member in group.members:
        member.value = "" if member.value == group.whole else member.value


def _fill(groups: list[GroupForm], form: Mapping[str, str]) -> None:
    """Put what was sent in the fields, so that nothing is lost."""
    for group in groups:
        group.whole = _known(form.get(f"heel-{group.id}", ""))
        typed = {vote: without_bad(form.get(f"{vote}-{group.id}", "").strip())[:6] for vote in VOTE_LABELS}
        group.numbers = typed if any(value not in ("", "0") for value in typed.values()) else {}
        for member in group.members:
            member.value = _known(form.get(f"lid-{member.id}", ""))


def _known(value: str) -> str:
    return value if value in VOTE_LABELS else ""


def _command(groups: list[GroupForm], version: int) -> RecordVotes:
    """What the form asks. Raises Invalid, with the problem of each group beside it."""
    persons: list[PersonVote] = []
    numbers: list[GroupNumbers] = []
    for group in groups:
        if group.numbers:
            numbers.append(_numbers_of(group))
            continue
        votes = {member.id: member.value or group.whole for member in group.members}
        missing = sum(not value for value in votes.values())
        if missing == len(votes):
            if group.whole and not group.members:
                group.error = _("Vul in om hoeveel stemmen het gaat.")
            continue
        if missing and group.id != ALONE:
            group.error = n_("Van {n} lid weten wij nog niet wat het stemde.", "Van {n} leden weten wij nog niet wat ze stemden.", missing)
        of = None if group.id == ALONE else group.id
        persons += [PersonVote(person_id=id, value=value, group_id=of) for id, value in votes.items() if value]
    if any(group.error for group in groups):
        raise Invalid(_("Bij een of meer fracties klopt er iets nog niet. Het staat bij de fractie."))
    return RecordVotes(version=version, persons=tuple(persons), groups=tuple(numbers))


def _numbers_of(group: GroupForm) -> GroupNumbers:
    found: dict[str, int] = {}
    for vote, text in group.numbers.items():
        number = int(text) if text.isascii() and text.isdigit() else 0 if not text else -1
        if not 0 <= number <= MOST_SEATS:
            group.error = _("Vul hele getallen van 0 tot en met {most} in.", most=MOST_SEATS)
        found[COLUMNS[vote]] = number
    if group.whole or any(member.value for member in group.members):
        group.error = group.error or _("Kies: of aantallen, of per lid. Maak het andere leeg.")
    return GroupNumbers(group_id=group.id, **found)
