"""Process proposals: written in parts, published once, compared; the council told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from samen_core.api import Change, Conflict, Gone, Invalid, NotAllowed, NotFound, anonymous
from samen_samenspreker.models import Proposal
from samen_samenspreker.queries.proposals import published_proposal
from samen_samenspreker.schemas.proposals import InformCouncil, PublishProposal, SaveProposal
from samen_samenspreker.services.common import get_question
from samen_samenspreker.services.proposals import (
    differences,
    get_proposal,
    inform_council,
    informed_on,
    missing_in,
    publish_proposal,
    save_proposal,
    start_proposal,
)
from samen_samenspreker.testing import PROPOSAL_VALUES, a_published_proposal, an_accepted_question


@pytest.fixture
def question(platform):
    return an_accepted_question(platform, sectors=("citizens", "business"))


@pytest.fixture
def facilitator(actor_as):
    return actor_as("facilitator")


def started(platform, actor, question):
    with platform.unit_of_work(actor) as uow:
        return start_proposal(uow, question.id)


def saved(platform, actor, proposal, **values):
    with platform.unit_of_work(actor) as uow:
        return save_proposal(uow, proposal.id, SaveProposal(version=proposal.version, values=values))


def test_a_draft_is_written_in_parts_and_published_when_nothing_misses(platform, facilitator, question, outbox):
    draft = started(platform, facilitator, question)
    assert (draft.number, draft.published_at, draft.goals) == (1, None, {})
    with platform.read(facilitator) as uow:
        fields = [lack.field for lack in missing_in(question, get_proposal(uow, draft.id))]
    assert fields == [
        "subject", "not_about", "leeway", "goals", "scale", "participants", "level", "approach", "methods_online", "planning",
        "communication", "costs",
    ]  # fmt: skip
    with pytest.raises(Invalid) as refused, platform.unit_of_work(facilitator) as uow:
        publish_proposal(uow, draft.id, PublishProposal(version=draft.version))
    assert set(refused.value.errors) == set(fields)

    for name, value in PROPOSAL_VALUES.items():
        draft = saved(platform, facilitator, draft, **{name: value})
    with platform.unit_of_work(facilitator) as uow:
        publish_proposal(uow, draft.id, PublishProposal(version=draft.version))
    with platform.read(anonymous()) as uow:
        shown = published_proposal(uow, question.id)
        assert shown is not None
        assert {name: getattr(shown, name) for name in PROPOSAL_VALUES} == PROPOSAL_VALUES
        lines = uow.session.execute(select(Change.action, Change.public, Change.sentence).order_by(Change.seq)).all()
    assert lines[-1] == ("samenspreker.proposal.published", True, "Versie 1 van het procesvoorstel is gepubliceerd.")
    assert {line.public for line in lines if line.action == "samenspreker.proposal.saved"} == {False}
    (told,) = outbox.events("samenspreker.proposal.published")
    assert told["thing_id"] == str(draft.id)


def test_every_concerned_sector_must_be_asked(platform, facilitator, question):
    draft = saved(platform, facilitator, started(platform, facilitator, question), participants={"citizens": "Een brief"})
    assert [str(lack.text) for lack in missing_in(question, draft) if lack.field == "participants"] == [
        "Schrijf wie u vraagt in de sector Bedrijfsleven."
    ]


def test_a_published_version_never_changes_and_the_next_starts_as_its_copy(platform, facilitator, question):
    first = a_published_proposal(platform, question)
    with pytest.raises(Invalid), platform.unit_of_work(facilitator) as uow:
        save_proposal(uow, first.id, SaveProposal(version=first.version, values={"costs": "Meer"}))
    with pytest.raises(Invalid), platform.unit_of_work(facilitator) as uow:
        publish_proposal(uow, first.id, PublishProposal(version=first.version))
    second = started(platform, facilitator, question)
    assert (second.number, second.costs, second.goals, second.published_at) == (2, first.costs, first.goals, None)
    assert started(platform, facilitator, question).id == second.id, "there is one draft"
    second = saved(platform, facilitator, second, costs="€ 9.000", goals={**first.goals, "cohesion": "Buren leren elkaar kennen."})
    with platform.read(anonymous()) as uow:
        assert published_proposal(uow, question.id).number == 1, "until it is published the first one holds"
        with pytest.raises(NotFound):
            get_proposal(uow, second.id)
    with platform.unit_of_work(facilitator) as uow:
        publish_proposal(uow, second.id, PublishProposal(version=second.version))
        found = differences(uow.session.get(Proposal, first.id), uow.session.get(Proposal, second.id))
    assert [(change.field, change.key, change.after) for change in found] == [
        ("goals", "cohesion", "Buren leren elkaar kennen."),
        ("costs", "", "€ 9.000"),
    ]


def test_who_saves_on_an_older_text_gets_both(platform, facilitator, actor_as, question):
    draft = started(platform, facilitator, question)
    saved(platform, actor_as("manager"), draft, subject="Van de ander", costs="Van de ander")
    with pytest.raises(Conflict) as clash:
        saved(platform, facilitator, draft, subject="Van mij")
    assert clash.value.current == {"subject": "Van de ander"}
    assert clash.value.version == draft.version + 1


def test_saving_what_is_there_already_changes_nothing(platform, facilitator, question):
    draft = saved(platform, facilitator, started(platform, facilitator, question), costs="Niets")
    assert saved(platform, facilitator, draft, costs="Niets").version == draft.version


@pytest.mark.parametrize("role", ["resident", "decision_maker", "moderator"])
def test_only_who_facilitates_writes(platform, actor_as, question, facilitator, role):
    draft = started(platform, facilitator, question)
    other = actor_as(role)
    acts = (
        lambda uow: start_proposal(uow, question.id),
        lambda uow: save_proposal(uow, draft.id, SaveProposal(version=1, values={"costs": "x"})),
        lambda uow: publish_proposal(uow, draft.id, PublishProposal(version=1)),
        lambda uow: inform_council(uow, question.id, InformCouncil(on=date(2026, 1, 1), version=question.version)),
    )
    for act in acts:
        with pytest.raises((NotAllowed, NotFound)), platform.unit_of_work(other) as uow:
            act(uow)


def test_a_grant_on_one_table_is_enough(platform, actor_as, question, organization):
    assert started(platform, actor_as("facilitator", question.id), question).number == 1
    with pytest.raises(NotAllowed):
        started(platform, actor_as("facilitator", organization.id), question)


def test_not_for_a_question_that_is_no_table(platform, facilitator, question):
    with platform.unit_of_work(facilitator) as uow:
        stored = uow.session.get(type(question), question.id)
        stored.step = "decide"
    with pytest.raises(Invalid):
        started(platform, facilitator, question)
    with platform.unit_of_work(facilitator) as uow:
        stored = uow.session.get(type(question), question.id)
        stored.step, stored.state = "agenda", "refused"
    with pytest.raises(Gone):
        started(platform, facilitator, question)


def test_the_council_is_informed_on_a_day(platform, facilitator, question, clock, outbox):
    today = platform.clock().date()
    with pytest.raises(Invalid) as refused, platform.unit_of_work(facilitator) as uow:
        inform_council(uow, question.id, InformCouncil(on=today + timedelta(days=3), version=question.version))
    assert set(refused.value.errors) == {"", "on"}, "both at once: nothing published, and a day to come"
    a_published_proposal(platform, question)
    clock.forward(days=3)
    today = platform.clock().date()
    with pytest.raises(Invalid) as refused, platform.unit_of_work(facilitator) as uow:
        inform_council(uow, question.id, InformCouncil(on=today - timedelta(days=4), version=question.version))
    assert set(refused.value.errors) == {"on"}, "a day before publication"
    with platform.unit_of_work(facilitator) as uow:
        told = inform_council(uow, question.id, InformCouncil(on=today - timedelta(days=2), version=question.version))
    assert informed_on(told) == today - timedelta(days=2)
    assert len(outbox.events("samenspreker.council.informed")) == 1
    with pytest.raises(Conflict), platform.unit_of_work(facilitator) as uow:
        inform_council(uow, question.id, InformCouncil(on=today, version=question.version))


def test_a_new_version_asks_that_the_council_is_told_again(platform, facilitator, question):
    a_published_proposal(platform, question)
    today = platform.clock().date()
    with platform.unit_of_work(facilitator) as uow:
        assert informed_on(inform_council(uow, question.id, InformCouncil(on=today, version=question.version))) == today
    a_published_proposal(platform, question, costs="€ 8.000")
    with platform.unit_of_work(facilitator) as uow:
        found = get_question(uow, question.id)
        assert informed_on(found) is None, "the memo on version 1 says nothing of version 2, also on the same day"
        assert informed_on(inform_council(uow, question.id, InformCouncil(on=today, version=found.version))) == today


def test_less_influence_needs_a_reason_that_everybody_reads(platform, facilitator, question):
    a_published_proposal(platform, question, level="coproduce")
    with platform.unit_of_work(facilitator) as uow:
        draft = start_proposal(uow, question.id)
        save_proposal(uow, draft.id, SaveProposal(version=draft.version, values={"level": "consult"}))
    for reason in ("", "Nou ja"):
        with pytest.raises(Invalid) as refused, platform.unit_of_work(facilitator) as uow:
            publish_proposal(uow, draft.id, PublishProposal(version=draft.version, reason=reason))
        assert set(refused.value.errors) == {"reason"}
    why = "De raad wil zelf over het geld beslissen."
    with platform.unit_of_work(facilitator) as uow:
        publish_proposal(uow, draft.id, PublishProposal(version=draft.version, reason=why))
    with platform.read(anonymous()) as uow:
        rows = uow.session.execute(select(Change).where(Change.action == "samenspreker.proposal.published").order_by(Change.id)).scalars()
        assert [(row.public, row.reason) for row in rows] == [(True, ""), (True, why)]


def test_more_or_as_much_influence_needs_none(platform, question):
    for level in ("consult", "consult", "coproduce"):
        a_published_proposal(platform, question, level=level)
    with platform.read(anonymous()) as uow:
        assert published_proposal(uow, question.id).number == 3
