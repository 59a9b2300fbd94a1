"""External: what came out on other channels, with the source; nothing is sent here."""

from __future__ import annotations

from typing import Any

from flask.typing import ResponseReturnValue

from samen_core.api import Gone, UnitOfWork, _
from samen_core.web.api import Received, receive_files
from samen_doe_mee.schemas.polls import CastVoteSchema
from samen_doe_mee.services.activities import Placed
from samen_doe_mee.services.external import external_results
from samen_doe_mee.web.activity_types.shape import Refused, TypePage
from samen_doe_mee.web.external_parts import external_views, links_to_results


def show(uow: UnitOfWork, placed: Placed, _refused: Refused | None) -> dict[str, Any]:
    """The results, oldest first."""
    return {"externals": external_views(external_results(uow, placed.activity.id))}


def receive(uow: UnitOfWork, _placed: Placed) -> Received:
    """There is nothing to receive."""
    return receive_files(uow, CastVoteSchema)


def send(_uow: UnitOfWork, _placed: Placed, _received: Received) -> ResponseReturnValue:
    """Refuse: one takes part on the other channel."""
    raise Gone(_("Aan deze activiteit doet u op een andere plek mee."))


PAGE = TypePage(
    code="external", template="doe_mee/activity_external.html", show=show, receive=receive, send=send, desk_links=links_to_results
)
