"""The steps by which a thing becomes public over REST, the same for every kind."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Response
from marshmallow import Schema

from samen_beleidsagenda.permissions import APPROVE
from samen_beleidsagenda.rest.common import rest
from samen_beleidsagenda.schemas.approval import Approve, ApproveSchema, ApproveWithReasonSchema
from samen_beleidsagenda.services import approval
from samen_beleidsagenda.services.kinds import BY_MODEL
from samen_core.api import UnitOfWork
from samen_core.rest.api import current_uow, no_content, required_version

Write = Callable[[UnitOfWork, uuid.UUID, Approve], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """How things of one kind become public: ``path`` is that of their list, ``represent`` gives the answer with one of them."""

    noun: str
    path: str
    model: type[Any]
    answer: type[Schema]
    represent: Callable[[Any], Response]
    publish: Write
    remove: Write | None = None


def add_approvals(steps: Approvals) -> None:
    """Give a kind of thing ``/submission``, ``/publication``, ``/return`` and ``/removal``, and DELETE for what was never public."""
    kind, word = BY_MODEL[steps.model], steps.noun.split()[-1]
    model, one = steps.model, f"{steps.path}/<uuid:id>"
    take_away: Write = steps.remove or (lambda uow, thing_id, command: approval.remove(uow, model, thing_id, command))

    def submit(command: Approve, id: uuid.UUID) -> Response:
        return steps.represent(approval.submit(current_uow(), model, id, command))

    def publish(command: Approve, id: uuid.UUID) -> Response:
        return steps.represent(steps.publish(current_uow(), id, command))

    def hand_back(command: Approve, id: uuid.UUID) -> Response:
        return steps.represent(approval.hand_back(current_uow(), model, id, command))

    def remove(command: Approve, id: uuid.UUID) -> Response:
        take_away(current_uow(), id, command)
        return no_content()

    def delete(id: uuid.UUID) -> Response:
        take_away(current_uow(), id, Approve(version=required_version()))
        return no_content()

    submit.__name__, submit.__doc__ = f"submit_{word}", f"Hand {steps.noun} in for approval."
    publish.__name__, publish.__doc__ = f"publish_{word}", f"Make {steps.noun} public."
    hand_back.__name__, hand_back.__doc__ = f"hand_back_{word}", f"Give {steps.noun} that waits for approval back, with the reason."
    remove.__name__, remove.__doc__ = f"remove_{word}", f"Take {steps.noun} away that was public, with the reason. Its id stays known."
    delete.__name__, delete.__doc__ = f"delete_{word}", f"Take {steps.noun} away that was never public."
    for view, part, schema, permission in (
        (submit, "submission", ApproveSchema, kind.write),
        (publish, "publication", ApproveSchema, APPROVE),
        (hand_back, "return", ApproveWithReasonSchema, APPROVE),
    ):
        answered = rest.arguments(schema)(rest.response(200, steps.answer)(view))
        rest.route(f"{one}/{part}", methods=["POST"], permission=permission)(answered)
    gone = rest.arguments(ApproveWithReasonSchema)(rest.response(204)(remove))
    rest.route(f"{one}/removal", methods=["POST"], permission=APPROVE)(gone)
    rest.route(one, methods=["DELETE"], permission=kind.write)(rest.response(204)(delete))
