"""A signal as a program sends it: the same as the form of the website, in one go."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from citycontent.api import Line, Prose
from samen_core.api import FileReference, FormSchema
from samen_oog_oor.models.base import TITLE_LENGTH, TYPES
from samen_oog_oor.models.signal import TEXT_LENGTH
from samen_oog_oor.schemas.receiving import KEY_LENGTH, Contact, ReceiveSignal, SignalPlace


class SignalPlaceSchema(FormSchema):
    """Where it is: a point, an address, words or an area."""

    lat = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-90, 90))
    lon = fields.Float(load_default=None, allow_none=True, validate=validate.Range(-180, 180))
    address = Line(load_default="", validate=validate.Length(max=TITLE_LENGTH), metadata={"description": "In words; only staff read it."})
    address_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=40))
    postcode = Line(load_default="", validate=validate.Length(max=10))
    house_number = Line(load_default="", validate=validate.Length(max=12))
    area_id = fields.UUID(load_default=None, allow_none=True)

    @post_load
    def _command(self, data: dict[str, Any], **_kwargs: Any) -> SignalPlace:
        return SignalPlace(**data)


class SignalContactSchema(FormSchema):
    """How to reach the reporter: sealed, and let go of some time after the case was closed."""

    name = Line(load_default="", validate=validate.Length(max=TITLE_LENGTH))
    email = fields.Email(load_default="")
    phone = Line(load_default="", validate=validate.Length(max=40))
    share = fields.Boolean(load_default=False, metadata={"description": "Those who do the work may have it too."})
    wants_mail = fields.Boolean(load_default=True)

    @post_load
    def _command(self, data: dict[str, Any], **_kwargs: Any) -> Contact:
        return Contact(**data)


class ReceiveSignalSchema(FormSchema):
    """A signal."""

    category_id = fields.UUID(required=True)
    text = Prose(required=True, validate=[validate.Length(1), validate.Length(max=TEXT_LENGTH)])
    type = fields.String(load_default="problem", validate=validate.OneOf(TYPES))
    answers = fields.Dict(
        keys=fields.String(), load_default=dict, metadata={"description": "To the questions of the category, by their names."}
    )
    place = fields.Nested(SignalPlaceSchema, load_default=None, allow_none=True)
    contact = fields.Nested(SignalContactSchema, load_default=None, allow_none=True)
    channel = fields.String(
        load_default="rest",
        validate=validate.OneOf(("rest", "staff", "meeting")),
        metadata={"description": "`staff` and `meeting` are for staff who write down what somebody said."},
    )
    case_id = fields.UUID(load_default=None, allow_none=True, metadata={"description": "The case to join, from `/near`."})
    idempotency_key = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(8, KEY_LENGTH),
        metadata={"description": "Made at random by the sender: what is sent twice with it counts once."},
    )
    files = FileReference(maximum=3, pictures=True, load_default=list)
    confidential = fields.Boolean(load_default=False, metadata={"description": "Only for professionals."})

    @post_load
    def _command(self, data: dict[str, Any], **_kwargs: Any) -> ReceiveSignal:
        return ReceiveSignal(**{**data, "files": tuple(data["files"] or ())})
