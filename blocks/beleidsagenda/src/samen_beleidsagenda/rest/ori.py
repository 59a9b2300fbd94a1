"""Open Raadsinformatie under ``/ori/v2``: a read-only copy of meetings, points of agendas and papers for who mirrors councils.

Dutch codes and names are those of the standard (see :mod:`samen_beleidsagenda.exchange.ori`); errors are as everywhere in the API.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from marshmallow import fields, validate

from samen_beleidsagenda import paths
from samen_beleidsagenda.exchange.ori import MEETING_TYPES, PAPER_TYPES, STATUSES, OriWriter
from samen_beleidsagenda.queries import ori as queries
from samen_beleidsagenda.rest.common import base_url
from samen_beleidsagenda.rest.ori_answers import (
    AgendapuntenSchema,
    AgendapuntSchema,
    InformatieobjectenSchema,
    InformatieobjectSchema,
    VergaderingenSchema,
    VergaderingSchema,
)
from samen_core.api import Gone, Moment, NotFound, Page, PageRequest, _
from samen_core.rest.api import PageArgumentsSchema, RestBlueprint, current_platform, current_uow, reply

DESCRIPTION = """\
Meetings, points of agendas and papers of the council in the names and codes of Open Raadsinformatie 2.0 (VNG), read-only and for everybody.

A list is in the order in which things changed. With `gewijzigdSinds` it also holds what was taken away since, with nothing but its id.
"""
ori = RestBlueprint("ori", __name__, DESCRIPTION, prefix=paths.ORI, version="2.0.0")
GONE = _("Dit is weggehaald. Het adres blijft bestaan.")
_STATUS_OF = {code: status for status, code in STATUSES.items()}
_TYPE_OF = {code: type for type, code in MEETING_TYPES.items()}


class OriArgumentsSchema(PageArgumentsSchema):
    """What every list of the standard takes."""

    since = Moment(data_key="gewijzigdSinds", load_default=None)
    municipality = fields.String(data_key="gemeentecode", load_default="", validate=validate.Length(max=6))


class MeetingsArgumentsSchema(OriArgumentsSchema):
    """Which meetings."""

    name = fields.String(data_key="naam", load_default="", validate=validate.Length(max=200))
    status = fields.String(load_default=None, validate=validate.OneOf(list(_STATUS_OF)))
    type = fields.String(data_key="vergaderingstype", load_default=None, validate=validate.OneOf(list(_TYPE_OF)))
    day = fields.Date(data_key="vergaderdatum", load_default=None)


class PointsArgumentsSchema(OriArgumentsSchema):
    """Which points of agendas."""

    meeting_id = fields.UUID(data_key="vergaderingsIdentificatie", load_default=None)
    parent_id = fields.UUID(data_key="bovenliggendAgendapuntIdentificatie", load_default=None)
    text = fields.String(data_key="agendapuntOmschrijving", load_default="", validate=validate.Length(max=200))


class PapersArgumentsSchema(OriArgumentsSchema):
    """Which papers."""

    meeting_id = fields.UUID(data_key="vergaderingsIdentificatie", load_default=None)
    point_id = fields.UUID(data_key="agendapuntIdentificatie", load_default=None)
    title = fields.String(data_key="titel", load_default="", validate=validate.Length(max=200))
    text = fields.String(data_key="omschrijving", load_default="", validate=validate.Length(max=200))
    language = fields.String(data_key="taal", load_default="", validate=validate.Length(max=20))
    day = fields.Date(data_key="datumIngediend", load_default=None)
    type = fields.String(data_key="informatieobjecttype", load_default=None, validate=validate.OneOf(sorted(set(PAPER_TYPES.values()))))


@ori.route("/vergaderingen", public=True)
@ori.arguments(MeetingsArgumentsSchema, location="query")
@ori.response(200, VergaderingenSchema)
def list_vergaderingen(arguments: dict[str, Any]) -> Response:
    """Meetings, in the order in which they changed."""
    if _is_elsewhere(arguments):
        return _reply(Page(()), arguments["page"], ())
    uow = current_uow()
    status = arguments["status"]
    filter = queries.MeetingFilter(
        since=arguments["since"],
        name=arguments["name"],
        status=_STATUS_OF[status] if status else None,
        type=_TYPE_OF[arguments["type"]] if arguments["type"] else None,
        day=arguments["day"],
    )
    page = queries.meetings(uow, filter, arguments["page"])
    points = queries.points_of_meetings(uow, [row.event_id for row in page.items])
    writer = _writer()
    return _reply(page, arguments["page"], (writer.meeting(row, points.get(row.event_id, []), uow.now) for row in page.items))


@ori.route("/vergaderingen/<uuid:id>", public=True)
@ori.response(200, VergaderingSchema)
def get_vergadering(id: uuid.UUID) -> Response:
    """One meeting."""
    uow = current_uow()
    row = _living(queries.meeting(uow, id))
    return reply(_writer().meeting(row, queries.points_of_meetings(uow, [id]).get(id, []), uow.now))


@ori.route("/agendapunten", public=True)
@ori.arguments(PointsArgumentsSchema, location="query")
@ori.response(200, AgendapuntenSchema)
def list_agendapunten(arguments: dict[str, Any]) -> Response:
    """Points of agendas, in the order in which they changed."""
    if _is_elsewhere(arguments):
        return _reply(Page(()), arguments["page"], ())
    uow = current_uow()
    names = ("since", "meeting_id", "parent_id", "text")
    page = queries.points(uow, queries.PointFilter(**{name: arguments[name] for name in names}), arguments["page"])
    links, writer = queries.links_of_points(uow, [row.id for row in page.items]), _writer()
    return _reply(page, arguments["page"], (writer.point(row, links) for row in page.items))


@ori.route("/agendapunten/<uuid:id>", public=True)
@ori.response(200, AgendapuntSchema)
def get_agendapunt(id: uuid.UUID) -> Response:
    """One point of an agenda."""
    uow = current_uow()
    row = _living(queries.point(uow, id))
    return reply(_writer().point(row, queries.links_of_points(uow, [id])))


@ori.route("/informatieobjecten", public=True)
@ori.arguments(PapersArgumentsSchema, location="query")
@ori.response(200, InformatieobjectenSchema)
def list_informatieobjecten(arguments: dict[str, Any]) -> Response:
    """Papers, in the order in which they changed."""
    if _is_elsewhere(arguments):
        return _reply(Page(()), arguments["page"], ())
    uow = current_uow()
    names = ("since", "meeting_id", "point_id", "title", "text", "language", "day")
    asked = arguments["type"]
    types = tuple(key for key, code in PAPER_TYPES.items() if code == asked) if asked else None
    page = queries.papers(uow, queries.PaperFilter(**{name: arguments[name] for name in names}, types=types), arguments["page"])
    links, writer = queries.links_of_papers(uow, page.items), _writer()
    return _reply(page, arguments["page"], (writer.paper(row, links) for row in page.items))


@ori.route("/informatieobjecten/<uuid:id>", public=True)
@ori.response(200, InformatieobjectSchema)
def get_informatieobject(id: uuid.UUID) -> Response:
    """One paper."""
    uow = current_uow()
    row = _living(queries.paper(uow, id))
    return reply(_writer().paper(row, queries.links_of_papers(uow, [row])))


def _writer() -> OriWriter:
    config = current_platform().config
    return OriWriter(base_url(), config.city.code, config.city.name)


def _is_elsewhere(arguments: dict[str, Any]) -> bool:
    """Whether things of another municipality are asked for: "0637", "GM0637" and "gm0637" are the same one."""
    asked = arguments["municipality"].upper().removeprefix("GM")
    return bool(asked) and asked != current_platform().config.city.code.removeprefix("GM")


def _living(row: Any) -> Any:
    if row is None:
        raise NotFound
    if row.gone:
        raise Gone(GONE)
    return row


def _reply(page: Page[Any], asked: PageRequest, results: Iterable[Any]) -> Response:
    return reply({"next": _link(asked, page.next), "previous": _link(asked, page.previous), "results": list(results)})


def _link(asked: PageRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in ("cursor", "limit")]
    query = urlencode([*kept, ("limit", str(asked.limit)), ("cursor", cursor)])
    return f"{base_url()}{request.path}?{query}"
