"""Entering what others said: one by one at the desk, or up to 500 at once from another system."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select, update

from citycontent.api import Organization
from samen_core.api import (
    CITY_TIME_ZONE,
    Invalid,
    SubjectCard,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    cards,
    new_code,
    register,
)
from samen_inbreng.events import ContributionGiven
from samen_inbreng.models import MAX_DEPTH, Activity, Contribution
from samen_inbreng.permissions import ENTER
from samen_inbreng.schemas.contribution import NO_ADDRESS, EnterContribution
from samen_inbreng.services import mails
from samen_inbreng.services.answering import tie_files
from samen_inbreng.services.common import CONTRIBUTION, get_activity, require, tell_contribution
from samen_inbreng.services.contribution_lines import IMPORTED, contributing_sentence
from samen_inbreng.services.contributions import (
    Errors,
    Given,
    Origin,
    check_contribution,
    contribution_card,
    locked_parent,
    new_contribution,
    put_under,
    sent_before,
    write_contribution,
)
from samen_inbreng.services.receipt_codes import code_of_form
from samen_inbreng.services.tally import NUMBER, counted, shift

Cards = Mapping[uuid.UUID, SubjectCard]
Sectors = Mapping[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read for all items of an import at once: the cards of what they name, and the sectors of organisations among that."""

    cards: Cards
    sectors: Sectors


def enter_contribution(uow: UnitOfWork, activity_id: uuid.UUID, command: EnterContribution, *, nonce: str = "") -> Given:
    """Enter what somebody said by phone, letter or in a meeting; also after the activity closed, for what was on its way.

    The code of the receipt is for the sender. ``nonce`` is the random mark of the HTML form: the same form sent twice, with the same
    words, is one contribution; sent twice in one moment, the second raises IntegrityError.
    Raises NotFound, NotAllowed, Gone (the parent) and Invalid with everything that is wrong.
    """
    activity = _for_entry(uow, activity_id)
    known = _by_refs(uow, [command])
    parent_id = command.parent_id
    if command.parent_ref and command.parent_ref in known:
        parent_id = known[command.parent_ref].id
    parent = locked_parent(uow, activity, parent_id) if parent_id else None
    found, sectors = cards(uow, _references([command])), _sectors(uow, [command])
    checked, area_id, errors = check_contribution(uow, activity, command, known=found)
    errors |= _entry_errors(uow, command, found)
    if command.external_ref and command.external_ref in known:
        errors["external_ref"] = [_("Deze bijdrage is al ingevoerd.")]
    if command.parent_ref and parent is None:
        errors["parent_ref"] = [_NO_PARENT]
    if errors:
        raise Invalid(errors)
    earlier, code = sent_before(uow, activity, command, checked, code_of_form(uow, nonce)) if nonce else (None, new_code())
    if earlier is not None:
        return Given(earlier, code)
    contribution = new_contribution(uow, activity, command, checked, area_id, origin=_origin(uow, command, sectors, code))
    write_contribution(uow, activity, contribution, parent)
    tie_files(uow, checked, contribution.id)
    if contribution.wants_mail:
        mails.ask_confirmation(uow, contribution)
    return Given(contribution, code)


@dataclass(slots=True)
class Imported:
    """What became of one item: its contribution, known before or new, or what is wrong with it."""

    contribution: Contribution | None = None
    is_new: bool = False
    errors: Errors = field(default_factory=dict)


def import_contributions(uow: UnitOfWork, activity_id: uuid.UUID, commands: Sequence[EnterContribution | Invalid]) -> list[Imported]:
    """Enter many at once, in order; one that is wrong does not stop the others, an Invalid among them is answered as it is.

    An item whose ``external_ref`` is known already stays as it is, so that an import may be repeated. ``parent_ref`` names an item of
    this import or an earlier one; a reply that would lie too deep goes under the deepest that may have replies, so that none is lost.
    Raises NotFound and NotAllowed.
    """
    activity = _for_entry(uow, activity_id)
    asked = [command for command in commands if isinstance(command, EnterContribution)]
    known = _by_refs(uow, asked)
    parents = _locked(uow, [command.parent_id for command in asked] + [item.id for item in known.values()])
    read = _Read(cards(uow, _references(asked)), _sectors(uow, asked))
    results = [
        Imported(errors=command.errors)
        if isinstance(command, Invalid)
        else _import_one(uow, activity, command, known, parents=parents, read=read)
        for command in commands
    ]
    _store_all(uow, activity, [item.contribution for item in results if item.is_new and item.contribution is not None], parents)
    return results


def _import_one(
    uow: UnitOfWork,
    activity: Activity,
    command: EnterContribution,
    known: dict[str, Contribution],
    *,
    parents: dict[uuid.UUID, Contribution],
    read: _Read,
) -> Imported:
    if command.external_ref and (earlier := known.get(command.external_ref)) is not None:
        return Imported(earlier) if earlier.activity_id == activity.id else Imported(errors={"external_ref": [_ELSEWHERE]})
    checked, area_id, errors = check_contribution(uow, activity, command, known=read.cards)
    errors |= _entry_errors(uow, command, read.cards)
    if checked.files:
        errors["answers"] = [_("Een bestand kunt u alleen bij één bijdrage tegelijk meesturen.")]
    parent = known.get(command.parent_ref) if command.parent_ref else parents.get(command.parent_id) if command.parent_id else None
    if (command.parent_ref or command.parent_id) and (parent is None or parent.activity_id != activity.id):
        errors["parent_ref" if command.parent_ref else "parent_id"] = [_NO_PARENT]
    if errors:
        return Imported(errors=errors)
    made = new_contribution(uow, activity, command, checked, area_id, origin=_origin(uow, command, read.sectors))
    if parent is not None:
        while parent.depth >= MAX_DEPTH and parent.parent_id is not None:
            parent = parents[parent.parent_id]
        put_under(made, parent)
    parents[made.id] = made
    if command.external_ref:
        known[command.external_ref] = made
    return Imported(made, is_new=True)


def _store_all(uow: UnitOfWork, activity: Activity, made: list[Contribution], known: dict[uuid.UUID, Contribution]) -> None:
    if not made:
        return
    added: Counter[uuid.UUID] = Counter()
    tally: Counter[tuple[str, str]] = Counter({NUMBER: len(made)})
    for item in made:
        tally.update(counted(item, 1))
        above = item.parent_id
        while above is not None:
            added[above] += 1
            above = known[above].parent_id
    new_ids = {item.id for item in made}
    for id, number in sorted(added.items()):
        if id in new_ids:
            known[id].replies = number
        else:
            grown = update(Contribution).where(Contribution.id == id).values(replies=Contribution.replies + number)
            uow.session.execute(grown.execution_options(synchronize_session=False))
    last = shift(uow, activity.id, tally)[NUMBER]
    for number, item in enumerate(made, last - len(made) + 1):
        item.number = number
        register(uow, SubjectRef(CONTRIBUTION, item.id), contribution_card(activity, item))
        tell_contribution(uow, ContributionGiven, item)
        if item.wants_mail:
            mails.ask_confirmation(uow, item)
    uow.session.add_all(made)
    uow.session.flush()
    facts = {"number": len(made), "last": last}
    uow.record(IMPORTED, activity.id, after=facts, public=True, sentence=contributing_sentence(IMPORTED, facts) or "")


def _for_entry(uow: UnitOfWork, activity_id: uuid.UUID) -> Activity:
    activity = get_activity(uow, activity_id)
    require(uow, ENTER, activity)
    if activity.kind != "reactions":
        raise Invalid(_("Dit is een vragenlijst. Voer het antwoord in bij de vragenlijst."))
    return activity


def _entry_errors(uow: UnitOfWork, command: EnterContribution, found: Cards) -> Errors:
    errors: Errors = {}
    if command.received_on > uow.now.astimezone(CITY_TIME_ZONE).date():
        errors["received_on"] = [_("Deze dag moet nog komen.")]
    if command.wants_mail and not command.email:
        errors["email"] = [NO_ADDRESS]
    if command.organization_id is not None:
        organization = found.get(command.organization_id)
        if organization is None or organization.type != "organization" or organization.state != "active":
            errors["organization_id"] = [_("Deze organisatie bestaat niet.")]
    return errors


def _origin(uow: UnitOfWork, command: EnterContribution, sectors: Sectors, code: str = "") -> Origin:
    """Where it comes from; what an organisation says is of its sector, whatever was chosen."""
    return Origin(
        sector=sectors.get(command.organization_id, command.sector) if command.organization_id else command.sector,
        channel=command.channel,
        on_behalf_of_id=command.organization_id,
        received_on=command.received_on,
        entered_by_id=uow.actor.account_id,
        source=command.source,
        external_ref=command.external_ref,
        code=code,
    )


def _references(commands: Sequence[EnterContribution]) -> list[uuid.UUID]:
    return [id for command in commands for id in (command.organization_id, command.area_id) if id is not None]


def _sectors(uow: UnitOfWork, commands: Sequence[EnterContribution]) -> Sectors:
    """The sector of each organisation that something is entered for. One statement, none without any."""
    ids = {command.organization_id for command in commands if command.organization_id is not None}
    if not ids:
        return {}
    rows = uow.session.execute(select(Organization.id, Organization.sector).where(Organization.id.in_(sorted(ids))))
    return {row.id: row.sector for row in rows}


def _by_refs(uow: UnitOfWork, commands: Sequence[EnterContribution]) -> dict[str, Contribution]:
    """The contributions that came in before under these numbers of another system."""
    refs = {ref for command in commands for ref in (command.external_ref, command.parent_ref) if ref}
    if not refs:
        return {}
    rows = uow.session.execute(select(Contribution).where(Contribution.external_ref.in_(sorted(refs)))).scalars()
    return {str(row.external_ref): row for row in rows}


def _locked(uow: UnitOfWork, ids: Sequence[uuid.UUID | None]) -> dict[uuid.UUID, Contribution]:
    """These contributions and all that they are under, the first of each thread locked, in one order."""
    wanted = sorted({id for id in ids if id is not None})
    if not wanted:
        return {}
    rows = list(uow.session.execute(select(Contribution).where(Contribution.id.in_(wanted))).scalars())
    roots = sorted({row.root_id or row.id for row in rows})
    thread = select(Contribution).where(or_(Contribution.id.in_(roots), Contribution.root_id.in_(roots)))
    locked = thread.order_by(Contribution.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    return {row.id: row for row in uow.session.execute(locked).scalars()}


_ELSEWHERE: Text = _("Deze bijdrage is al ingevoerd bij een andere vraag om inbreng.")
_NO_PARENT: Text = _("De bijdrage waarop dit een reactie is, bestaat niet bij deze vraag.")
