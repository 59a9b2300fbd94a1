"""The rules: making a proposal, hiding it and showing it again."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from citycontent.api import Project
from samen_core.api import Actor, Conflict, Invalid, NotAllowed, NotFound, Platform, anonymous, cards
from samen_core.testing.platforms import Outbox

from samen_voorbeeld_blok.schemas import HideProposal, MakeProposal, ShowProposal
from samen_voorbeeld_blok.services import get_proposal, hide_proposal, make_proposal, show_proposal
from samen_voorbeeld_blok.testing import a_proposal

As = Callable[..., Actor]


def test_a_proposal_is_registered_told_and_confirmed(platform: Platform, outbox: Outbox, actor_as: As, project: Project) -> None:
    with platform.unit_of_work(actor_as("resident")) as uow:
        made = a_proposal(uow, project_id=project.id)
    assert outbox.events("voorbeeld_blok.proposal.made")[0]["proposal_id"] == str(made.id)
    assert [mail.subject for mail in outbox.mails()] == ["Uw voorstel staat op de website"]
    with platform.read(anonymous()) as uow:
        assert cards(uow, [made.id])[made.id].title == made.title


def test_who_may_propose_and_about_what(platform: Platform, actor_as: As) -> None:
    with pytest.raises(NotAllowed), platform.unit_of_work(anonymous()) as uow:
        make_proposal(uow, MakeProposal(title="Een bankje", text="Om te zitten."))
    with pytest.raises(Invalid) as refused, platform.unit_of_work(actor_as("resident")) as uow:
        make_proposal(uow, MakeProposal(title="Een bankje", text="Om te zitten.", project_id=uuid.uuid4()))
    assert list(refused.value.errors) == ["project_id"]


def test_a_moderator_hides_and_shows_again(platform: Platform, outbox: Outbox, actor_as: As) -> None:
    resident, moderator = actor_as("resident"), actor_as("moderator")
    with platform.unit_of_work(resident) as uow:
        made = a_proposal(uow)
    with pytest.raises(NotAllowed), platform.unit_of_work(resident) as uow:
        hide_proposal(uow, made.id, HideProposal(code="advertising", reason="Dit is reclame.", version=1))
    with pytest.raises(Conflict), platform.unit_of_work(moderator) as uow:
        hide_proposal(uow, made.id, HideProposal(code="advertising", reason="Dit is reclame.", version=7))
    with platform.unit_of_work(moderator) as uow:
        hide_proposal(uow, made.id, HideProposal(code="advertising", reason="Dit is reclame.", version=1))
    with pytest.raises(NotFound), platform.read(anonymous()) as uow:
        get_proposal(uow, made.id)
    with platform.unit_of_work(moderator) as uow:
        show_proposal(uow, made.id, ShowProposal(reason="Toch geen reclame.", version=2))
    with platform.read(anonymous()) as uow:
        assert get_proposal(uow, made.id).title == made.title
    assert {"Uw voorstel is verborgen", "Uw voorstel staat er weer"} <= {mail.subject for mail in outbox.mails()}
