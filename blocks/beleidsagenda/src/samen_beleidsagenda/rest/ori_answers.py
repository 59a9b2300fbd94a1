"""What the ORI addresses answer, for their description: the names of the standard, as :mod:`samen_beleidsagenda.exchange.ori` writes them.

Only what is ``required`` is there of a thing that was taken away; of others what is not known is left out.
"""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from samen_beleidsagenda.exchange.ori import ADDED, CHANGED, MEETING_TYPES, MOTION_TYPES, PAPER_TYPES, QUESTION_TYPES, REMOVED, STATUSES


def _text(key: str, longest: int | None = None) -> fields.String:
    return fields.String(data_key=key, validate=[validate.Length(max=longest)] if longest else [])


def _code(key: str, codes: Any) -> fields.String:
    return fields.String(data_key=key, validate=validate.OneOf(sorted(set(codes))))


def _uri(key: str) -> fields.String:
    return fields.String(data_key=key, metadata={"format": "uri"})


def _uris(key: str) -> fields.List[Any]:
    return fields.List(fields.String(metadata={"format": "uri"}), data_key=key)


def _day(key: str) -> fields.Date:
    return fields.Date(data_key=key)


def _moment(key: str) -> fields.AwareDateTime:
    return fields.AwareDateTime(data_key=key)


def _yes(key: str) -> fields.Boolean:
    return fields.Boolean(data_key=key)


class ReferenceSchema(Schema):
    """A thing that another points to."""

    id = fields.UUID(required=True)
    url = fields.String(required=True, metadata={"format": "uri"})


def _reference(key: str) -> fields.Nested:
    return fields.Nested(ReferenceSchema, data_key=key)


class MunicipalitySchema(Schema):
    """A municipality, with the code of CBS."""

    code = _text("gemeentecode")
    name = _text("gemeentenaam")


class TooiSchema(Schema):
    """A municipality, with the code of TOOI."""

    code = _text("gemeente")


class GremiumSchema(Schema):
    """A body."""

    id = _text("gremiumidentificatie", 10)
    name = _text("gremiumnaam", 100)


class RelatedPaperSchema(Schema):
    """The paper that another is about."""

    paper = _reference("informatieobject")
    role = _code("rol", ("voorstel", "vraag"))


class OriThingSchema(Schema):
    """What everything has."""

    id = fields.UUID(required=True)
    url = fields.String(required=True, metadata={"format": "uri"})
    change = fields.String(data_key="wijziging", required=True, validate=validate.OneOf([ADDED, CHANGED, REMOVED]))
    changed_on = fields.Date(data_key="wijzigingsdatum", required=True)
    municipality = fields.Nested(MunicipalitySchema, data_key="gemeente")
    organization = fields.Nested(TooiSchema, data_key="organisatie")
    woo_category = _text("wooInformatiecategorie")
    page = _uri("webpaginaLink")


class VergaderingSchema(OriThingSchema):
    """A meeting."""

    name = _text("naam", 100)
    type = _code("vergaderingstype", MEETING_TYPES.values())
    status = _code("status", STATUSES.values())
    planned_day = _day("geplandeVergaderdatum")
    day = _day("vergaderdatum")
    planned_start = _moment("geplandeAanvangVergadering")
    planned_end = _moment("geplandeEindeVergadering")
    place = _text("locatie", 100)
    text = _text("vergadertoelichting")
    body = fields.Nested(GremiumSchema, data_key="georganiseerdDoorGremium")
    points = _uris("agendapunten")
    minutes = _reference("informatieobject")


class AgendapuntSchema(OriThingSchema):
    """A point of an agenda."""

    meeting = _reference("vergadering")
    parent = _reference("hoofdagendapunt")
    below = _uris("subagendapunten")
    title = _text("agendapuntTitel", 100)
    text = _text("agendapuntOmschrijving")
    position = _text("agendapuntvolgnummer", 3)
    planned_position = _text("geplandAgendapuntvolgnummer", 10)
    number = _text("agendapuntKenmerk", 20)
    planned_start = _moment("geplandeStarttijd")
    planned_end = _moment("geplandeEindtijd")
    start = _moment("starttijd")
    end = _moment("eindtijd")
    hammer_item = _yes("indicatieHamerstuk")
    treated = _yes("indicatorBehandeld")
    closed = _yes("indicatorBesloten")
    papers = _uris("informatieobjecten")


class InformatieobjectSchema(OriThingSchema):
    """A document, motion, amendment, commitment or question."""

    title = _text("titel")
    text = _text("omschrijving")
    type = _code("informatieobjecttype", PAPER_TYPES.values())
    motion_type = _code("motietype", MOTION_TYPES.values())
    question_type = _code("vraagtype", QUESTION_TYPES.values())
    submitted_on = _day("datumIngediend")
    made_on = _day("creatiedatum")
    language = _text("taal")
    edition = _text("versie")
    format = _text("formaat")
    link = _uri("link")
    points = fields.List(fields.Nested(ReferenceSchema), data_key="agendapunten")
    meetings = fields.List(fields.Nested(ReferenceSchema), data_key="vergaderingen")
    minutes_of = _uri("genotuleerdeVergadering")
    related = fields.Nested(RelatedPaperSchema, data_key="gerelateerdInformatieobject")


class OriPageSchema(Schema):
    """A page of a list: follow ``next`` to the end."""

    next = fields.String(required=True, allow_none=True, metadata={"format": "uri"})
    previous = fields.String(required=True, allow_none=True, metadata={"format": "uri"})


class VergaderingenSchema(OriPageSchema):
    """Meetings."""

    results = fields.List(fields.Nested(VergaderingSchema), required=True)


class AgendapuntenSchema(OriPageSchema):
    """Points of agendas."""

    results = fields.List(fields.Nested(AgendapuntSchema), required=True)


class InformatieobjectenSchema(OriPageSchema):
    """Papers."""

    results = fields.List(fields.Nested(InformatieobjectSchema), required=True)
