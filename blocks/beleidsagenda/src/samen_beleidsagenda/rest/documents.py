"""Papers over REST."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from samen_beleidsagenda import paths
from samen_beleidsagenda.models import DOCUMENT_TYPES, STATES, Document, DocumentVersion
from samen_beleidsagenda.permissions import APPROVE, WRITE
from samen_beleidsagenda.queries.documents import DocumentFilter, dossiers_of_document, list_documents
from samen_beleidsagenda.rest.approval import Approvals, add_approvals
from samen_beleidsagenda.rest.common import API, base_url, rest
from samen_beleidsagenda.schemas.approval import Approve, ApproveWithReasonSchema
from samen_beleidsagenda.schemas.documents import (
    AddVersion,
    AddVersionSchema,
    ChangeDocument,
    ChangeDocumentSchema,
    EnterDocument,
    EnterDocumentSchema,
)
from samen_beleidsagenda.services import documents
from samen_beleidsagenda.services.common import get_thing
from samen_beleidsagenda.woo import WOO_CATEGORIES
from samen_core.rest.api import MomentField, PageArgumentsSchema, current_uow, no_content, reply, reply_page

FACTS = (
    "id",
    "version",
    "type",
    "title",
    "reference",
    "date",
    "summary",
    "woo_category",
    "language",
    "licence",
    "page_url",
    "state",
    "confidential",
    "published_at",
    "changed_at",
)


class DocumentArgumentsSchema(PageArgumentsSchema):
    """Which papers."""

    q = fields.String(load_default="", validate=validate.Length(max=200), metadata={"description": "Words of the title or the text."})
    type = fields.String(load_default=None, validate=validate.OneOf(DOCUMENT_TYPES))
    woo_category = fields.String(data_key="wooCategory", load_default=None, validate=validate.OneOf(tuple(WOO_CATEGORIES)))
    dossier_id = fields.UUID(data_key="dossierId", load_default=None)
    order = fields.String(load_default="newest", validate=validate.OneOf(["newest", "oldest"]))


class DocumentVersionSchema(Schema):
    """A version of a paper."""

    number = fields.Integer(required=True)
    url = fields.String(required=True, metadata={"description": "Where the file is: here, or elsewhere."})
    file_id = fields.UUID(required=True, allow_none=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, allow_none=True, metadata={"description": "In bytes."})
    sha256 = fields.String(required=True)
    note = fields.String(required=True, metadata={"description": "What changed."})
    at = MomentField(required=True)


class DocumentSchema(Schema):
    """A paper in a list."""

    id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    uri = fields.String(required=True)
    url = fields.String(required=True)
    type = fields.String(required=True, validate=validate.OneOf(DOCUMENT_TYPES))
    title = fields.String(required=True)
    reference = fields.String(required=True)
    date = fields.Date(required=True)
    summary = fields.String(required=True)
    woo_category = fields.String(required=True, metadata={"description": "A code of the TOOI list of Woo categories."})
    language = fields.String(required=True)
    licence = fields.String(required=True)
    page_url = fields.String(required=True, metadata={"description": "Its page on the website where it comes from."})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confidential = fields.Boolean(required=True)
    published_at = MomentField(required=True, allow_none=True)
    changed_at = MomentField(required=True)


class OneDocumentSchema(DocumentSchema):
    """A paper with its dossiers and its versions, newest first."""

    dossier_ids = fields.List(fields.UUID(), required=True)
    versions = fields.List(fields.Nested(DocumentVersionSchema), required=True)


def _represent(source: Any) -> dict[str, Any]:
    base = base_url()
    uri = f"{base}/id/document/{source.id}"
    return {**{name: getattr(source, name) for name in FACTS}, "uri": uri, "url": base + paths.document(source.id)}


def _version(version: DocumentVersion) -> dict[str, Any]:
    base = base_url()
    facts = {name: getattr(version, name) for name in ("number", "file_id", "name", "media_type", "size", "sha256", "note", "at")}
    return {**facts, "url": f"{base}/files/{version.file_id}" if version.file_id else version.url}


def _answer(document: Document, status: int = 200) -> Response:
    uow = current_uow()
    uow.session.flush()
    body = {
        **_represent(document),
        "dossier_ids": [row.id for row in dossiers_of_document(uow, document.id)],
        "versions": [_version(version) for version in documents.versions_of(uow, [document.id]).get(document.id, ())],
    }
    return reply(body, status, version=document.version, location=f"{API}/documents/{document.id}" if status == 201 else "")


@rest.route("/documents", public=True)
@rest.arguments(DocumentArgumentsSchema, location="query")
@rest.listing(DocumentSchema)
def list_public_documents(arguments: dict[str, Any]) -> Response:
    """Public papers, newest first unless asked otherwise."""
    names = ("type", "woo_category", "dossier_id")
    chosen = DocumentFilter(text=arguments["q"], **{name: arguments[name] for name in names})
    page = list_documents(current_uow(), chosen, arguments["page"], order=arguments["order"], with_count=False)
    return reply_page(page, [_represent(row) for row in page.items], arguments["page"])


@rest.route("/documents/<uuid:id>", public=True)
@rest.response(200, OneDocumentSchema)
def one_document(id: uuid.UUID) -> Response:
    """One paper with its versions."""
    return _answer(get_thing(current_uow(), Document, id))


@rest.route("/documents", methods=["POST"], permission=WRITE)
@rest.arguments(EnterDocumentSchema)
@rest.response(201, OneDocumentSchema)
def create_document(command: EnterDocument) -> Response:
    """Enter a paper as a draft, with its first version at an address."""
    return _answer(documents.enter_document(current_uow(), command), 201)


@rest.route("/documents/<uuid:id>", methods=["PUT"], permission=WRITE)
@rest.arguments(ChangeDocumentSchema)
@rest.response(200, OneDocumentSchema)
def replace_document(command: ChangeDocument, id: uuid.UUID) -> Response:
    """Replace what is known of a paper; its versions stay."""
    return _answer(documents.change_document(current_uow(), id, command))


@rest.route("/documents/<uuid:id>/versions", methods=["POST"], permission=WRITE)
@rest.arguments(AddVersionSchema)
@rest.response(201, OneDocumentSchema)
def create_version(command: AddVersion, id: uuid.UUID) -> Response:
    """Add a newer version; of a public paper it is public at once."""
    uow = current_uow()
    documents.add_version(uow, id, command)
    return _answer(get_thing(uow, Document, id), 201)


@rest.route("/documents/<uuid:id>/versions/<int:number>/removal", methods=["POST"], permission=APPROVE)
@rest.arguments(ApproveWithReasonSchema)
@rest.response(204)
def remove_version(command: Approve, id: uuid.UUID, number: int) -> Response:
    """Take a version away that should not be there, with its file and the reason."""
    documents.withdraw_version(current_uow(), id, number, command)
    return no_content()


add_approvals(
    Approvals(
        noun="a document",
        path="/documents",
        model=Document,
        answer=OneDocumentSchema,
        represent=_answer,
        publish=documents.publish_document,
    )
)
