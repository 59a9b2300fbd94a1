"""The REST resources: ``/api/v1/gereedschap/tools`` and ``/api/v1/gereedschap/loans``."""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_core.api import NotFound
from samen_core.rest.api import MomentField, PageArgumentsSchema, RestBlueprint, RowWriter, current_uow, reply, reply_page
from samen_gereedschap.models import KINDS, LOAN_STATES
from samen_gereedschap.permissions import BORROW
from samen_gereedschap.queries.loans import loans_of
from samen_gereedschap.queries.tools import ToolFilter, list_tools
from samen_gereedschap.schemas import RequestLoan, RequestLoanSchema
from samen_gereedschap.services.loans import get_loan, request_loan
from samen_gereedschap.services.projects import get_list
from samen_gereedschap.services.tools import get_offered

API = "/api/v1/gereedschap"
rest = RestBlueprint("gereedschap", __name__, description="Borrowing tools from organisations in the city.")


class ToolArgumentsSchema(PageArgumentsSchema):
    """The filters of the list of tools."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the name."})
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    organization_id = fields.UUID(load_default=None)
    free_from = fields.Date(load_default=None, metadata={"description": "Free from this day on, to `free_to` (the same day without)."})
    free_to = fields.Date(load_default=None)


class ToolSchema(Schema):
    """A tool that an organisation lends out."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    slug = fields.String(required=True, metadata={"description": "The page is `/gereedschap/{slug}`."})
    organization_id = fields.UUID(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    description = fields.String(required=True)
    pickup = fields.String(required=True, metadata={"description": "Where and when to fetch it and bring it back."})
    deposit = fields.Integer(required=True, metadata={"description": "In whole euros."})
    max_days = fields.Integer(required=True, allow_none=True, metadata={"description": "Null: as many as the city allows."})
    created_at = MomentField(required=True)


class LoanSchema(Schema):
    """A loan of one's own."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    tool_id = fields.UUID(required=True)
    project_id = fields.UUID(required=True, allow_none=True)
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    state = fields.String(required=True, validate=validate.OneOf(LOAN_STATES))
    requested_at = MomentField(required=True)
    lent_at = MomentField(required=True, allow_none=True)
    closed_at = MomentField(
        required=True, allow_none=True, metadata={"description": "When it came back, was refused or cancelled, or lapsed."}
    )
    reminded_at = MomentField(required=True, allow_none=True)


class NeedSchema(Schema):
    """How many tools of a kind a project needs."""

    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    number = fields.Integer(required=True)


class ToolListSchema(Schema):
    """The tool list of a project."""

    project_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    open = fields.Boolean(required=True, metadata={"description": "Whether one may borrow for the project now."})
    note = fields.String(required=True)
    updated_at = MomentField(required=True)
    needs = fields.List(fields.Nested(NeedSchema), required=True)


_TOOL = ToolSchema()
_LOAN = LoanSchema()
_LIST = ToolListSchema()
_TOOLS = RowWriter(ToolSchema, *_TOOL.fields)
_LOANS = RowWriter(LoanSchema, *_LOAN.fields)


@rest.route("/tools", public=True)
@rest.arguments(ToolArgumentsSchema, location="query")
@rest.listing(ToolSchema)
def list_offered(arguments: dict[str, Any]) -> Response:
    """Tools that are lent out, by name."""
    first, last = arguments["free_from"], arguments["free_to"]
    chosen = ToolFilter(
        text=arguments["q"],
        kind=arguments["kind"],
        organization_id=arguments["organization_id"],
        first_day=first or last,
        last_day=last or first,
    )
    page = list_tools(current_uow(), chosen, arguments["page"], with_count=False)
    return reply_page(page, _TOOLS.write(page.items), arguments["page"])


@rest.route("/tools/<uuid:id>", public=True)
@rest.response(200, ToolSchema)
def one_tool(id: uuid.UUID) -> Response:
    """One tool."""
    found = get_offered(current_uow(), id)
    return reply(_TOOL.dump(found), version=found.version)


@rest.route("/tools/<uuid:id>/loans", methods=["POST"], permission=BORROW)
@rest.arguments(RequestLoanSchema)
@rest.response(201, LoanSchema)
def create_loan(command: RequestLoan, id: uuid.UUID) -> Response:
    """Ask for a tool; nobody else gets it on those days."""
    made = request_loan(current_uow(), id, command)
    return reply(_LOAN.dump(made), 201, version=made.version, location=f"{API}/loans/{made.id}")


@rest.route("/loans", permission=BORROW)
@rest.arguments(PageArgumentsSchema, location="query")
@rest.listing(LoanSchema)
def list_own_loans(arguments: dict[str, Any]) -> Response:
    """One's own loans, newest first."""
    uow = current_uow()
    if uow.actor.account_id is None:
        raise NotFound
    page = loans_of(uow, uow.actor.account_id, arguments["page"])
    return reply_page(page, _LOANS.write(page.items), arguments["page"])


@rest.route("/loans/<uuid:id>", permission=BORROW)
@rest.response(200, LoanSchema)
def one_loan(id: uuid.UUID) -> Response:
    """One loan, for who asked for it and who lends it."""
    loan, _tool = get_loan(current_uow(), id)
    return reply(_LOAN.dump(loan), version=loan.version)


@rest.route("/projects/<uuid:id>", public=True)
@rest.response(200, ToolListSchema)
def one_project(id: uuid.UUID) -> Response:
    """The tool list of a project."""
    found = get_list(current_uow(), id)
    if not found.version:
        raise NotFound
    needs = [{"kind": kind, "number": number} for kind, number in found.needs.items()]
    return reply(_LIST.dump({**asdict(found), "needs": needs}), version=found.version)
