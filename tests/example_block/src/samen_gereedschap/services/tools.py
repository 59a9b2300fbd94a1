"""Tools: offering, changing, taking them out of the list."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import select

from samen_core.api import (
    Conflict,
    Delivered,
    Gone,
    Invalid,
    SubjectData,
    SubjectRef,
    Text,
    UnitOfWork,
    _,
    cards,
    fold,
    free_slug,
    n_,
    register,
    update_card,
    uuid7,
)
from samen_gereedschap import paths
from samen_gereedschap.events import ToolEvent, ToolOffered, ToolWithdrawn
from samen_gereedschap.labels import KIND_LABELS
from samen_gereedschap.models import Tool
from samen_gereedschap.queries.loans import open_number_of_tool
from samen_gereedschap.schemas import MoveLoan, OfferTool, UpdateTool
from samen_gereedschap.services.common import get_tool, locked_tool, require_lender

TYPE = "tool"
CHANGED = "gereedschap.tool.changed"
SENTENCES: dict[str, Text] = {
    ToolOffered.type: _("Nieuw te leen: {tool}."),
    ToolWithdrawn.type: _("Niet meer te leen: {tool}."),
}
"""What the public logbook of the organisation says."""

_FIELDS = ("name", "kind", "description", "pickup", "deposit", "max_days")


def offer_tool(uow: UnitOfWork, command: OfferTool) -> Tool:
    """Lend out a tool of an organisation. Raises NotAllowed, and Invalid when there is no such organisation."""
    organization = cards(uow, [command.organization_id]).get(command.organization_id)
    if organization is None or organization.type != "organization" or organization.state != "active":
        raise Invalid({"organization_id": [_("Deze organisatie bestaat niet (meer).")]})
    require_lender(uow, organization.id)
    tool = Tool(id=uuid7(), organization_id=organization.id, state="offered", created_at=uow.now)
    _fill(tool, command)
    tool.slug = free_slug(uow, Tool.slug, tool.name, "gereedschap", paths.RESERVED)
    register(uow, SubjectRef(TYPE, tool.id), _card(tool))
    uow.session.add(tool)
    _log(uow, ToolOffered, tool)
    uow.session.flush()
    return tool


def update_tool(uow: UnitOfWork, id: uuid.UUID, command: UpdateTool) -> Tool:
    """Replace what is known of a tool. Raises NotFound, Gone, NotAllowed, and Conflict with the values of now."""
    tool = _mine(uow, id, command.version)
    _fill(tool, command)
    if uow.record_change(CHANGED, tool, tool.id):
        update_card(uow, SubjectRef(TYPE, tool.id), _card(tool))
    uow.session.flush()
    return tool


def withdraw_tool(uow: UnitOfWork, id: uuid.UUID, command: MoveLoan) -> Tool:
    """Take a tool out of the list. Raises NotFound, Gone, NotAllowed, Conflict, and Invalid while somebody asks for it or has it."""
    tool = _mine(uow, id, command.version)
    number = open_number_of_tool(uow, id)
    if number:
        raise Invalid(
            n_(
                "Er loopt nog {n} aanvraag of lening. Handel die eerst af.",
                "Er lopen nog {n} aanvragen en leningen. Handel die eerst af.",
                number,
            )
        )
    _withdraw(uow, tool)
    return tool


def withdraw_all(uow: UnitOfWork, event: Delivered) -> None:
    """Handler: take the tools of an organisation that is gone out of the list; what is lent out still comes back."""
    organization_id = uuid.UUID(event.payload["id"])
    ids = uow.session.execute(select(Tool.id).where(Tool.organization_id == organization_id, Tool.state == "offered").order_by(Tool.id))
    for id in ids.scalars().all():
        _withdraw(uow, locked_tool(uow, id))


def get_offered(uow: UnitOfWork, id: uuid.UUID) -> Tool:
    """A tool that is lent out. Raises NotFound, and Gone when it is not any longer."""
    tool = get_tool(uow, id)
    if tool.state != "offered":
        raise Gone
    return tool


def tool_values(tool: Tool) -> dict[str, Any]:
    """The values of a tool as its form shows them."""
    return {"version": tool.version, **{name: getattr(tool, name) for name in _FIELDS}}


def linked_data(uow: UnitOfWork, id: uuid.UUID) -> dict[str, Any]:
    """A tool as a product of schema.org. Raises NotFound."""
    tool = get_tool(uow, id)
    base = uow.platform.config.web.base_url.rstrip("/")
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": f"{base}/id/{TYPE}/{tool.id}",
        "name": tool.name,
        "description": tool.description,
        "category": str(KIND_LABELS[tool.kind]),
        "offers": {
            "@type": "Offer",
            "businessFunction": "http://purl.org/goodrelations/v1#LeaseOut",
            "availability": f"https://schema.org/{'InStock' if tool.state == 'offered' else 'Discontinued'}",
            "offeredBy": {"@id": f"{base}/id/organization/{tool.organization_id}"},
        },
    }


def about(tool: Tool, *more: SubjectRef) -> tuple[SubjectRef, ...]:
    """What an event of a tool is about."""
    return SubjectRef(TYPE, tool.id), SubjectRef("organization", tool.organization_id), *more


def rendered_line(action: str, after: dict[str, Any]) -> Text | None:
    """The sentence of a log row of ours in the language of the reader; None for another one."""
    return _(SENTENCES[action].id, tool=after["name"]) if action in SENTENCES and "name" in after else None


def _mine(uow: UnitOfWork, id: uuid.UUID, version: int) -> Tool:
    tool = locked_tool(uow, id)
    require_lender(uow, tool.organization_id)
    if tool.state != "offered":
        raise Gone
    if tool.version != version:
        raise Conflict(current=tool_values(tool), version=tool.version)
    return tool


def _fill(tool: Tool, command: OfferTool | UpdateTool) -> None:
    for name in _FIELDS:
        setattr(tool, name, getattr(command, name))
    tool.sort_name = fold(command.name)


def _withdraw(uow: UnitOfWork, tool: Tool) -> None:
    tool.state = "withdrawn"
    update_card(uow, SubjectRef(TYPE, tool.id), _card(tool))
    _log(uow, ToolWithdrawn, tool)
    uow.session.flush()


def _card(tool: Tool) -> SubjectData:
    public = tool.state == "offered"
    return SubjectData(tool.name, paths.tool(tool.slug), KIND_LABELS[tool.kind].id, state="active" if public else "deleted", public=public)


def _log(uow: UnitOfWork, event: type[ToolEvent], tool: Tool) -> None:
    sentence = _(SENTENCES[event.type].id, tool=tool.name)
    uow.record(event.type, tool.organization_id, after={"tool": tool.id, "name": tool.name}, public=True, sentence=sentence)
    uow.publish(event(tool_id=tool.id, organization_id=tool.organization_id, about=about(tool)))
