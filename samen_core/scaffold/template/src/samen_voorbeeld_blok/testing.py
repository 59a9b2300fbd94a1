"""Short ways to make what a test, a demonstration or a conformance check needs."""

from __future__ import annotations

from typing import Any

from citycontent.api import Project
from samen_core.api import Platform, UnitOfWork, system
from sqlalchemy import select

from samen_voorbeeld_blok import paths
from samen_voorbeeld_blok.models import Proposal
from samen_voorbeeld_blok.schemas import MakeProposal
from samen_voorbeeld_blok.services import make_proposal

SOME = (
    ("Een bankje bij de vijver", "Dan kunnen mensen die slecht lopen er even zitten. Er is plek genoeg naast de treurwilg."),
    ("Een ruilkast voor boeken", "In de hal van het buurthuis. Ik wil hem zelf wel bijhouden, samen met twee buren."),
    ("Licht op het fietspad", "Tussen de school en de sporthal is het in de winter te donker. Kinderen fietsen er nu omheen."),
)


def a_proposal(uow: UnitOfWork, **values: Any) -> Proposal:
    """A proposal, in the transaction of ``uow`` and made by its actor; ``values`` are those of ``MakeProposal``."""
    title, text = SOME[0]
    return make_proposal(uow, MakeProposal(**{"title": title, "text": text, **values}))


def make_many(uow: UnitOfWork, number: int) -> None:
    """So many proposals; the conformance check counts with them what a list costs."""
    for index in range(number):
        a_proposal(uow, title=f"Voorstel {index + 1}")


def pages(platform: Platform) -> list[tuple[str, str]]:
    """The pages of the demonstration that no link leads to, each with the role of who opens it: nothing is hidden there."""
    with platform.read(system("test")) as uow:
        id = uow.session.execute(select(Proposal.id).limit(1)).scalar_one()
    return [("manager", paths.proposal(id, "tonen"))]


def seed(uow: UnitOfWork) -> None:
    """The proposals of the demonstration city: the first belongs to a project, if there is one."""
    project_id = uow.session.execute(select(Project.id).order_by(Project.id).limit(1)).scalar()
    for index, (title, text) in enumerate(SOME):
        a_proposal(uow, title=title, text=text, project_id=None if index else project_id)
